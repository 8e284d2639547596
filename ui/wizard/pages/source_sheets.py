"""The sheets of the source page: they come and go, and what they asked for goes on without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.practice import PracticeState
from app.errors import AppError
from app.flows.draft import SetUpDraft
from app.flows.host_actions import removal_of_host, removal_of_site
from app.flows.host_scripts import CleanUpKind
from app.flows.places import vault_id_of
from app.flows.step import Context
from app.services.runs import RunSnapshot
from ui.theme.theme import Theme
from ui.widgets.callout import Refusal
from ui.widgets.made_ahead import MadeAhead
from ui.wizard.known_rights import MAKE_KEY, KnownRights
from ui.wizard.pages.add_server.part import Ground, Part
from ui.wizard.pages.add_server.sheet import AddServerSheet
from ui.wizard.pages.removal_sheet import RemovalSheet, RemovalWay
from ui.wizard.pages.site_sheet import SiteSheet
from ui.wizard.requests import CarryOut, CreateSite, Request

if TYPE_CHECKING:
    from ui.wizard.pages.source import SourcePage


class SourceSheets:
    """Opens them for `page`, and hands them what comes back."""

    def __init__(self, theme: Theme, page: SourcePage) -> None:
        self._theme = theme
        self._page = page
        self._ground: Ground | None = None
        self._creating: CreateSite | None = None
        self.docked: SiteSheet | None = None
        self._sites = MadeAhead(page, self._make_site)
        self._adding: AddServerSheet | None = None
        self._removing: RemovalSheet | None = None

    def load(self, draft: SetUpDraft, context: Context, practice: PracticeState | None) -> None:
        """Show what stands in those that are open."""
        self._ground = Ground(draft, context, practice)
        if self.docked is not None:
            self.docked.load(draft, context)
        elif self._page.isVisible():
            self._sites.get_ready()
        if self._adding is not None:
            self._adding.load(self._ground)

    def started(self, request: Request) -> None:
        if isinstance(request, CreateSite):
            self._creating = request
            if self.docked is not None:
                self.docked.show_busy()
        if self._adding is not None:
            self._adding.started(request)

    def progressed(self, request: Request, progress: object) -> None:
        if isinstance(progress, RunSnapshot):
            if isinstance(request, CreateSite) and self.docked is not None:
                self.docked.show_run(progress)
            if isinstance(request, CarryOut) and self._removing is not None and self._removing.is_running:
                self._removing.show_run(progress)
        if self._adding is not None:
            self._adding.progressed(request, progress)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if isinstance(request, CreateSite):
            self._end_creation(request, outcome)
        if isinstance(request, CarryOut) and self._removing is not None and self._removing.is_running:
            if isinstance(outcome, AppError):
                self._removing.show_failure(outcome)
            else:
                self._removing.show_done()
        if self._adding is not None:
            self._adding.finished(request, outcome)

    # A new site

    def open_site(self, request: CreateSite | None) -> None:
        """Open the sheet anew, or with the name of `request`, unless it is open."""
        ground = self._ground
        if self.docked is not None or ground is None:
            return
        sheet = self._sites.take()
        sheet.load(ground.draft, ground.context)
        if request is not None:
            sheet.show_request(request)
        sheet.create_requested.connect(self._page.requested)
        sheet.cancelled.connect(self._close_site)
        self.docked = sheet
        self._page.room.open_sheet(sheet)
        if self._creating is not None:
            sheet.show_busy()
        else:
            sheet.first_focus().setFocus()

    def _make_site(self) -> SiteSheet:
        tr = self._page.tr
        return SiteSheet(
            self._theme,
            tr("New Hyper-V site"),
            tr("Created at once, since hosts can register only in a site that is there."),
            tr("&Create site"),
        )

    def _end_creation(self, request: CreateSite, outcome: object | AppError) -> None:
        self._creating = None
        if not isinstance(outcome, AppError):
            self._close_site()
            return
        self.open_site(request)
        if self.docked is not None:
            self.docked.show_failure(outcome)

    def _close_site(self) -> None:
        self.docked = None
        self._page.room.close_sheet()

    def refusal(self, rights: KnownRights, purpose: str, action: str = "") -> Refusal | None:
        """Why Azure would refuse it in the vault of the draft."""
        ground = self._ground
        return rights.refusal(vault_id_of(ground.draft.vault), purpose, action) if ground is not None else None

    # Adding and removing hosts

    def open_add_server(self, part: str = "") -> None:
        """Open the way from "not installed" to "registered", where it was left, or at a part of it."""
        ground = self._ground
        if ground is None or ground.site is None:
            return
        sheet = AddServerSheet(self._theme, ground, part=part)
        sheet.draft_edited.connect(self._page.take)
        sheet.requested.connect(self._page.requested)
        sheet.closed.connect(self._on_add_server_closed)
        sheet.part_made.connect(self._on_part_made)
        self._adding = sheet
        self._page.sheet_opened.emit(sheet)

    def _on_part_made(self, part: Part) -> None:
        for button in part.writing_buttons():
            self._page.guard(button, lambda rights: self.refusal(rights, *MAKE_KEY))

    def _on_add_server_closed(self) -> None:
        self._adding = None

    def open_host_removal(self, host: RecoveryServicesProvider) -> None:
        """Ask how a host shall be removed."""
        ground = self._ground
        if ground is None:
            return
        tr = self._page.tr
        estate, rules = ground.context.estate, ground.context.rules
        ways = (
            RemovalWay(
                removal_of_host(host, estate, rules, is_gone=False),
                tr("Remove it in order"),
                tr("The host is told, and cleans up what concerns Azure."),
                CleanUpKind.REMOVED,
                purpose="remove_host",
            ),
            RemovalWay(
                removal_of_host(host, estate, rules, is_gone=True),
                tr("It is gone for good: let Azure forget it"),
                tr("Nobody asks the host. What it holds stays on it."),
                CleanUpKind.PURGED,
                purpose="forget_host",
            ),
        )
        title = tr("Remove {}").format(host.friendly_name)
        purpose = tr("Azure stops watching this host. The machines on it go on running.")
        if not host.is_connected:
            ways = (ways[1], ways[0])
        sheet = self._open_removal(title, purpose, ways, f"remove {host.id.key}")
        name = host.friendly_name
        sheet.clean_up_requested.connect(lambda kind: self._page.save_clean_up_script(kind, name))

    def open_site_removal(self, site: Fabric) -> None:
        """Ask whether a site shall be removed."""
        ground = self._ground
        if ground is None:
            return
        tr = self._page.tr
        removal = removal_of_site(site, ground.context.estate, ground.context.rules)
        title = tr("Remove the site {}").format(site.friendly_name)
        purpose = tr("In Azure’s order: policies, hosts, then the site. Machines that replicate are not touched.")
        self._open_removal(title, purpose, (RemovalWay(removal, purpose="remove_site"),), f"remove {site.id.key}")

    def _open_removal(self, title: str, purpose: str, ways: tuple[RemovalWay, ...], key: str) -> RemovalSheet:
        sheet = RemovalSheet(self._theme, title, purpose, ways, key=key)
        self._page.guard(sheet.submit_button, lambda rights: self.refusal(rights, sheet.purpose))
        sheet.requested.connect(self._page.requested)
        sheet.closed.connect(self._on_removal_closed)
        self._removing = sheet
        self._page.sheet_opened.emit(sheet)
        return sheet

    def _on_removal_closed(self) -> None:
        self._removing = None
