"""One open connection in the window: makes its views, routes between them, and closes them.

Views do not know each other: they say what they want by signal, and it is done here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.arm_id import ArmId
from app.domain.prerequisites import Table
from app.errors import Remedy
from app.flows.draft import SetUpDraft
from app.flows.draft_file import list_drafts, new_draft_path
from app.flows.places import vault_id_of
from app.live.services import Services
from app.paths import user_name
from app.services.checklist import FILE_NAME, Checklist
from app.services.runs import RunSnapshot
from ui.asking import Asking
from ui.calls import Calls
from ui.interrupted_runs import InterruptedRuns
from ui.notices import Notice, NoticeAction
from ui.read_only import read_only_refusal, watch_access
from ui.rights_questions import rights_questions
from ui.shell.pace_button import PaceButton, PaceControl
from ui.shell.room import Room
from ui.sign_in.expiry import SignInWatch
from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Status
from ui.vault_views import OVERVIEW, VaultViews
from ui.views.connection_check.view import ConnectionCheckView, OpenCheck
from ui.views.limits.left_out import tell_left_out
from ui.views.limits.view import LimitsView
from ui.views.practice.view import PracticeView
from ui.views.prerequisites.view import PrerequisitesView
from ui.views.rights.view import Question, RightsView
from ui.window_memory import WindowMemory
from ui.wizard.draft_store import DraftStore
from ui.wizard.limits_watch import LimitsWatch
from ui.wizard.rights_watch import RightsWatch
from ui.wizard.window import SetUpWizard

SET_UP, PRACTICE, PREREQUISITES, RIGHTS, CONNECTION = "set_up", "practice", "prerequisites", "rights", "connection"
LIMITS = "limits"
_CLOCK_EVERY_MS = 1_000


@dataclass(frozen=True, slots=True)
class ConnectionDoor:
    """What checks the line of a connection, and the cloud that it leads to."""

    open: OpenCheck
    cloud: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is to go on with.

    Attributes:
        is_running: the draft was left at its run, which its page goes on with by itself.
        interrupted: other runs that were cut off.
    """

    vault: ArmId | None
    draft: Path | None
    is_running: bool
    interrupted: tuple[RunSnapshot, ...]


class Desk(QObject):
    """The views of one connection.

    Signals:
        left: the user wants back to the welcome page.
    """

    left = Signal()

    def __init__(
        self,
        room: Room,
        theme: Theme,
        services: Services,
        *,
        title: str,
        colour: Connection = Connection.TEAL,
        account: str = "",
        check: ConnectionDoor | None = None,
        place: str = "",
        memory: WindowMemory,
        draft: Path | None = None,
        keeps_drafts: bool = True,
    ) -> None:
        """`place` stands beside the title until there is a vault; `draft` is a file to go on with at once.

        `account` is who was signed in; `check` tries whether the connection's cloud is reached, where it has one.
        Without `keeps_drafts` nothing of the set-up is written to disk.
        """
        super().__init__(room)
        self.setObjectName("desk")
        self._room = room
        self._theme = theme
        self._services = services
        self._title = title
        self._colour = Connection.PRACTICE if services.practice is not None else colour
        self._account = account
        self._check = check
        self._place = place
        self._memory = memory
        self._draft = draft
        self._keeps_drafts = keeps_drafts
        self._calls = Calls(self, room.notices)
        self._asking = Asking(theme, room, room)
        self._interrupted = InterruptedRuns(services.runner, self._calls, room.notices, self)
        self._interrupted.ended.connect(self._on_interrupted_ended)
        self._wizard: SetUpWizard | None = None
        self._rights_watch: RightsWatch | None = None
        self._views: VaultViews | None = None
        self._prerequisites: PrerequisitesView | None = None
        self._pace: PaceButton | None = None
        self._sign_in_watch: SignInWatch | None = None
        self._clock_timer = QTimer(self)
        self._clock_timer.setInterval(_CLOCK_EVERY_MS)
        self._clock_timer.timeout.connect(self._show_clock)
        self._overview_timer = QTimer(self)
        self._overview_timer.setSingleShot(True)
        self._overview_timer.timeout.connect(lambda: self._room.show_view(OVERVIEW))

    @property
    def wizard(self) -> SetUpWizard | None:
        """The set-up; None as long as nobody went there."""
        return self._wizard

    @property
    def views(self) -> VaultViews | None:
        """The dashboard; None as long as there is no vault."""
        return self._views

    @property
    def _vault(self) -> ArmId | None:
        """The vault that is shown; None as long as there is none."""
        return self._views.vault if self._views is not None else None

    def open(self) -> None:
        """Look for a vault, a draft and runs that were interrupted, and show what fits."""
        self._show_connection(self._place)
        if self._services.practice is not None:
            title = self.tr("Practice controls")
            self._room.add_view(PRACTICE, title, "practice", self._make_practice, section="bottom")
            self._pace = PaceButton(self._theme)
            PaceControl(self._pace, self._services.practice, self._room.notices)
            self._room.add_control(self._pace)
        self._room.view_shown.connect(self._on_view_shown)
        self._room.unlock_requested.connect(self._on_unlock_requested)
        watch_access(self, self._services.access, self._on_access_changed)
        self._watch_sign_in()
        self._clock_timer.start()
        self._calls.run("open", self._find, doing=self.tr("Looking for a vault"), on_result=self._begin)

    async def aclose(self) -> None:
        """Close what is open. What was sent goes on in Azure and stands in the journal."""
        self._clock_timer.stop()
        self._overview_timer.stop()
        self._calls.cancel_all()
        if self._sign_in_watch is not None:
            self._sign_in_watch.close()
        if self._wizard is not None:
            await self._wizard.aclose()
        if self._views is not None:
            await self._views.aclose()
        if self._prerequisites is not None:
            await self._prerequisites.aclose()
        await self._services.aclose()

    # What is found at the start

    async def _find(self) -> _Found:
        services = self._services
        vault = services.home_vault
        if vault is None:
            vaults = await services.inventory.vaults(services.subscription)
            vault = vaults[0].id if vaults else None
        drafts = await asyncio.to_thread(list_drafts, services.folder) if self._keeps_drafts else ()
        wanted = [entry for entry in drafts if self._draft in (None, entry.path) and not entry.problem]
        draft = wanted[0].path if wanted else self._draft
        own = None
        if wanted and wanted[0].is_at_run:
            own = await services.runner.unfinished_of(DraftStore(draft).key)
        unfinished = () if services.access.is_held_elsewhere else await services.runner.unfinished()
        interrupted = tuple(run for run in unfinished if own is None or run.id != own.id)
        return _Found(vault, draft, own is not None, interrupted)

    def _begin(self, found: _Found) -> None:
        opens_draft = self._draft is not None
        self._draft = found.draft
        if found.vault is not None:
            self.use_vault(found.vault)
        title = self.tr("Prerequisites")
        self._room.add_view(PREREQUISITES, title, "prerequisites", self._make_prerequisites, section="bottom")
        self._room.add_view(RIGHTS, self.tr("Rights"), "rights", lambda: self._rights, section="bottom")
        limits = partial(LimitsView, self._theme, self._services.limits, self._room.notices, self._asking)
        self._room.add_view(LIMITS, self.tr("Limits and figures"), "settings", limits, section="bottom")
        if self._check is not None:
            title = self.tr("Connection")
            self._room.add_view(CONNECTION, title, "network", self._make_check, section="bottom")
            check = NoticeAction(self.tr("Check the connection"), lambda: self._room.show_view(CONNECTION))
            self._room.notices.remedies[Remedy.CHECK_CONNECTION] = check
        self._room.add_view(SET_UP, self.tr("Set up"), "set_up", self._make_set_up, section="bottom", full=True)
        if found.vault is None or opens_draft or found.is_running:
            self._room.show_view(SET_UP)
        else:
            self._show_overview()
        self._interrupted.tell(found.interrupted)
        tell_left_out(self._services.limits, self._room.notices, lambda: self._room.show_view(LIMITS))

    def use_vault(self, vault: ArmId) -> None:
        """Show this vault's dashboard from now on."""
        self._show_connection(vault.name)
        if self._views is not None:
            return
        self._views = VaultViews(self._room, self._theme, self._services, vault, self._memory)
        self._views.set_up_requested.connect(lambda: self._room.show_view(SET_UP))
        self._views.replicate_requested.connect(self._on_replicate_requested)

    def _make_practice(self) -> PracticeView:
        view = PracticeView(self._theme, self._services, self._room.notices)
        view.host_registered.connect(self._on_host_registered)
        view.place_requested.connect(self._room.show_view)
        return view

    def _make_check(self) -> ConnectionCheckView:
        assert self._check is not None
        return ConnectionCheckView(
            self._theme,
            self._check.open,
            self._room.notices,
            self._asking,
            cloud=self._check.cloud,
            blob_endpoints=self._blob_endpoints,
        )

    def _blob_endpoints(self) -> tuple[str, ...]:
        """Of the storage accounts that the set-up has read."""
        if self._wizard is None or not self._wizard.controller.is_open:
            return ()
        accounts = self._wizard.controller.flow.context.estate.storage_accounts
        return tuple(each.blob_endpoint for each in accounts if each.blob_endpoint)

    def _make_prerequisites(self) -> PrerequisitesView:
        services, notices = self._services, self._room.notices
        path = services.folder / FILE_NAME if self._keeps_drafts else None
        view = PrerequisitesView(
            self._theme, services, Checklist(path), notices, self._asking, vault=lambda: self._vault, user=user_name()
        )
        self._prerequisites = view
        return view

    def _make_set_up(self) -> SetUpWizard:
        services = self._services
        path = self._draft
        if path is None and self._keeps_drafts:
            path = new_draft_path(services.folder, SetUpDraft().name)
        store = DraftStore(path, is_read_only=services.access.is_held_elsewhere)
        wizard = SetUpWizard(self._theme, services, store, self._room.notices, self._asking)
        wizard.closed.connect(self._on_set_up_closed)
        wizard.overview_requested.connect(self._on_overview_requested)
        wizard.place_requested.connect(self._on_place_requested)
        self._wizard = wizard
        self._rights_watch = RightsWatch(wizard.controller, self._room.notices, wizard)
        self._rights_watch.rights_requested.connect(self._on_rights_requested)
        LimitsWatch(wizard.controller, services.limits, wizard)
        return wizard

    @cached_property
    def _rights(self) -> RightsView:
        def ask() -> Awaitable[tuple[Question, ...]]:
            return rights_questions(self._wizard.controller if self._wizard is not None else None, self._views)

        return RightsView(self._theme, self._services, self._room.notices, ask)

    # Where things lead

    def _on_set_up_closed(self) -> None:
        if self._views is None:
            self.left.emit()
        else:
            self._room.show_view(OVERVIEW)

    def _on_overview_requested(self) -> None:
        if self._wizard is None:
            return
        vault = vault_id_of(self._wizard.controller.flow.draft.vault)
        self.use_vault(vault)
        if self._views is not None:
            self._views.refresh()
        self._show_overview()

    def _on_place_requested(self, view_id: str) -> None:
        view = self._room.view(view_id)
        if isinstance(view, PrerequisitesView):
            view.show_table(Table.HOSTS)
        self._room.show_view(view_id)

    def _on_rights_requested(self, purpose_id: str) -> None:
        self._rights.open_purpose(purpose_id)
        self._room.show_view(RIGHTS)

    def _show_overview(self) -> None:
        """Make it in this turn of the loop and show it in the next: both at once hold the loop too long."""
        self._room.view(OVERVIEW)
        self._overview_timer.start()

    def _on_replicate_requested(self) -> None:
        wizard = self._room.view(SET_UP)
        if isinstance(wizard, SetUpWizard):
            wizard.controller.jump("enable")
        self._room.show_view(SET_UP)

    def _on_interrupted_ended(self) -> None:
        if self._views is not None:
            self._views.refresh()

    def _on_host_registered(self) -> None:
        if self._wizard is not None:
            self._wizard.refresh()
        if self._views is not None:
            self._views.refresh()

    # The frame

    def _on_view_shown(self, view_id: str) -> None:
        if view_id == SET_UP and self._wizard is not None:
            self._wizard.refresh()
        elif self._rights_watch is not None:
            self._rights_watch.rest()

    def _watch_sign_in(self) -> None:
        sign_in = self._services.sign_in
        if sign_in is None:
            return
        self._sign_in_watch = SignInWatch(
            self._theme, self._room, self._room.notices, sign_in, name=self._title, account=self._account, parent=self
        )
        self._sign_in_watch.renewed.connect(self._on_signed_in_again)

    def _on_signed_in_again(self) -> None:
        """What was read before may be old."""
        if self._views is not None:
            self._views.refresh()
        if self._wizard is not None:
            self._wizard.refresh()

    def _on_unlock_requested(self) -> None:
        access = self._services.access
        access.unlock()
        refusal = read_only_refusal(access)
        if refusal is not None:
            self._room.notices.post(Notice("read-only", Status.INFO, refusal.title, refusal.reason))

    def _on_access_changed(self) -> None:
        self._show_connection(self._place)

    def _show_connection(self, place: str) -> None:
        self._place = place
        access = self._services.access
        self._room.set_sign(self._title, place, self._colour, read_only=access.is_read_only)
        about = []
        if self._services.practice is not None:
            about.append(self.tr("Practice vault: nothing here is real and nothing costs money"))
        if access.is_held_elsewhere:
            about.append(self.tr("Read-only: another window works with this connection"))
        elif access.is_read_only:
            about.append(self.tr("Read-only: the lock beside the name allows changes"))
        self._room.set_status(" · ".join(about))
        self._show_clock()

    def _show_clock(self) -> None:
        clock = self._services.clock
        now = clock.now().astimezone()
        if self._services.practice is None:
            self._room.set_clock(f"{now:%d %b, %H:%M}")
            return
        if self._pace is not None:
            self._pace.show_pace(clock.speed)
        pace = self.tr("paused") if clock.speed == 0 else self.tr("at {:,g} times speed").format(clock.speed)
        self._room.set_clock(self.tr("Practice clock {0} {1}").format(f"{now:%d %b, %H:%M}", pace))
