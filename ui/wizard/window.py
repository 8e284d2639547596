"""The wizard's frame: step rail, the page of the step that is open, footer. Knows the flow and nothing of Azure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.issue import Issue, Severity, worst_first
from app.flows.draft import SetUpDraft
from app.flows.step import StepStatus
from app.live.services import Services
from ui.asking import Asking
from ui.calls import Calls
from ui.notices import Notice, NoticeHub
from ui.read_only import read_only_refusal, watch_access
from ui.shell.content_frame import ContentFrame
from ui.shell.room import TakesBanners
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.turns import Turns
from ui.widgets.callout import Refusal
from ui.widgets.focus_ring import lead_focus
from ui.widgets.step_rail import RailStep, StepRail, StepState
from ui.wizard.ahead import Ahead
from ui.wizard.all_pages import Pages
from ui.wizard.controller import SetUpController
from ui.wizard.draft_store import DraftStore
from ui.wizard.errands import Errands
from ui.wizard.footer import WizardFooter
from ui.wizard.page import WizardPage
from ui.wizard.pages.run import RunPage

_SETTLE_MS = 50
_FOOTER_LENGTH = 100
_SENT_BACK = "wizard.sent-back"
_MEANWHILE = "wizard.meanwhile"
_STATES = {StepStatus.DONE: StepState.DONE, StepStatus.NEEDS_WORK: StepState.NEEDS_WORK}
_RAIL_ICONS = {"vault": "vault", "review": "review"}
_NO_STOPS = (Qt.FocusPolicy.NoFocus, Qt.FocusPolicy.ClickFocus)


class SetUpWizard(QWidget):
    """One set-up, from its draft to its run.

    Signals:
        closed: the draft is saved and the user wants to leave; a run goes on.
        overview_requested: the run is over and its result is to be looked at.
        place_requested: a view outside the set-up shall open; carries its id.
    """

    closed = Signal()
    overview_requested = Signal()
    place_requested = Signal(str)

    def __init__(
        self,
        theme: Theme,
        services: Services,
        store: DraftStore,
        notices: NoticeHub,
        asking: Asking,
        *,
        draft: SetUpDraft | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`draft` is what a set-up without a file begins with; None begins with what the connection suggests."""
        super().__init__(parent)
        self.setObjectName("wizard")
        self._theme = theme
        self._notices = notices
        self._asking = asking
        self._draft = draft
        self._insists = False
        self._banners: QWidget | None = None
        self._calls = Calls(self, notices)
        self._controller = SetUpController(services, store, self._calls, self)
        self._errands = Errands(self._controller, notices, asking, self)
        self._rail = StepRail(theme, self.tr("Set up replication"))
        self._stack = QStackedWidget()
        self._pages = Pages(theme, self._stack)
        self._footer = WizardFooter(theme)
        self._settle_timer = QTimer(self)
        self._settle_timer.setSingleShot(True)
        self._settle_timer.setInterval(_SETTLE_MS)
        self._turns = Turns(self)
        self._ahead = Ahead(self._pages, self._stack, self._next_step_id, self._fill)
        self._build()
        self._connect()
        self._stack.setEnabled(False)
        self._show_place()
        self._show_statuses()
        self._controller.open(self._stack, draft)

    @property
    def controller(self) -> SetUpController:
        """What stands behind the pages."""
        return self._controller

    @property
    def page(self) -> WizardPage:
        """The page of the step that is open."""
        return self._pages.page(self._controller.flow.position.id)

    def refresh(self) -> None:
        """Read anew what Azure has, as F5 does; a set-up that could not be opened is opened now."""
        if self._controller.is_open:
            self._controller.read_again()
        elif not self._calls.is_running("open"):
            self._controller.open(self._stack, self._draft)

    def regions(self) -> Sequence[QWidget]:
        """What F6 goes through; there is no page before the set-up is open."""
        return (self._rail, self.page, self._footer) if self._controller.is_open else (self._rail, self._footer)

    def set_banners(self, banners: QWidget) -> None:
        """Stand the banners below the header of whichever page is open."""
        self._banners = banners
        self._place_banners()

    async def aclose(self) -> None:
        """Write what is not written yet, before the wizard is thrown away. A run goes on.

        Raises:
            AppError: the draft cannot be written.
        """
        await self._controller.flush()
        self._controller.leave()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._controller.set_watched(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._controller.set_watched(False)

    def _build(self) -> None:
        frame = ContentFrame(self._theme)
        self._banner_place = QVBoxLayout()
        self._banner_place.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
        frame.body.addLayout(self._banner_place)
        frame.body.addWidget(self._stack, 1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(frame, 1)
        right.addWidget(self._footer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addLayout(right, 1)

    def _connect(self) -> None:
        watch_access(self, self._controller.services.access, self._show_footer)
        controller, footer = self._controller, self._footer
        page_of = self._pages.page
        self._pages.made.connect(self._on_page_made)
        controller.opened.connect(self._on_opened)
        controller.moved.connect(self._on_moved)
        controller.refreshed.connect(self._load_page)
        controller.checked.connect(self._on_checked)
        controller.refused.connect(self._on_refused)
        controller.sent_back.connect(self._on_sent_back)
        controller.saved.connect(self._on_saved)
        controller.told_meanwhile.connect(self._on_told_meanwhile)
        self._errands.place_requested.connect(self.place_requested)
        self._errands.started.connect(lambda id_, request: page_of(id_).started(request))
        self._errands.progressed.connect(lambda id_, request, how: page_of(id_).progressed(request, how))
        self._errands.ended.connect(lambda id_, request, outcome: page_of(id_).finished(request, outcome))
        self._rail.step_chosen.connect(controller.jump)
        self._settle_timer.timeout.connect(self._show_statuses)
        footer.close_requested.connect(self._on_close_requested)
        footer.back_requested.connect(controller.back)
        footer.next_requested.connect(self._on_next_requested)
        footer.run_requested.connect(self._on_run_requested)
        self._add_key("Alt+Left", controller.back)
        self._add_key("Alt+Right", self._on_next_key)
        self._add_key(QKeySequence.StandardKey.Save, controller.save)

    def _on_page_made(self, page: WizardPage) -> None:
        controller = self._controller
        page.draft_edited.connect(controller.edit)
        page.own_issues_changed.connect(self._settle_timer.start)
        page.requested.connect(lambda request, id_=page.step_id: self._errands.carry_out(id_, request))
        page.sheet_opened.connect(self._asking.open_sheet)
        page.use(controller.services.access, controller.rights)
        if isinstance(page, RunPage):
            page.use_clock(controller.services.clock.now)
            page.retry_requested.connect(controller.retry_run)
            page.overview_requested.connect(self.overview_requested)
            controller.run_changed.connect(page.show_run)
            if controller.run is not None:
                page.show_run(controller.run)

    def _add_key(self, keys: str | QKeySequence.StandardKey, run: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(run)

    # What the controller says

    def _on_opened(self) -> None:
        self._stack.setEnabled(True)
        self._show_step()
        self._focus_page()

    def _on_moved(self) -> None:
        self._insists = False
        self._notices.withdraw(_SENT_BACK)
        self._show_step()
        self._focus_page()

    def _show_step(self) -> None:
        """Have the page of the step that is open, rail and footer: the next press counts. The Tab order follows."""
        self._stack.setCurrentWidget(self.page)
        self._place_banners()
        self._load_page()
        self._show_place()
        self._show_statuses()
        self._turns.begin(self._order_stops, self._ahead.begin_soon)

    def _next_step_id(self) -> str:
        ids = [*(step.id for step in self._controller.flow.steps), ""]
        return ids[ids.index(self._controller.flow.position.id) + 1]

    def _order_stops(self) -> None:
        """Tab goes from the rail through the page to the footer; pages are made last, and would come after both."""
        regions: list[list[QWidget]] = [[], [], []]
        places = (self._rail, self.page, self._footer)
        widget = self.nextInFocusChain()
        while widget is not self:
            if widget.focusPolicy() not in _NO_STOPS:
                stop = next((place for place, region in enumerate(places) if region.isAncestorOf(widget)), None)
                if stop is not None:
                    regions[stop].append(widget)
            widget = widget.nextInFocusChain()
        for before, after in pairwise([stop for region in regions for stop in region]):
            QWidget.setTabOrder(before, after)

    def _show_place(self) -> None:
        """Have the footer's buttons mean the step that is open, before another press can come."""
        flow = self._controller.flow
        ids = [step.id for step in flow.steps]
        here = ids.index(flow.position.id)
        follows = ids[here + 1] if here + 1 < len(ids) else ""
        self._footer.show_step(flow.position.id, is_first=here == 0, leads_to_review=follows == "review")

    def _load_page(self) -> None:
        for part in self._fill(self.page):
            part()

    def _fill(self, page: WizardPage) -> tuple[Callable[[], object], ...]:
        """What makes a page show the draft and what is known, in parts that may be done in turns."""
        controller, flow = self._controller, self._controller.flow
        return (
            lambda: page.load(flow.draft, flow.context),
            lambda: page.show_practice(controller.practice),
            lambda: page.show_limits(flow.draft, flow.context),
            lambda: page.show_issues(flow.issues(page.step_id), insist=self._insists and page is self.page),
        )

    def _show_issues(self) -> None:
        self.page.show_issues(self._controller.flow.issues(self.page.step_id), insist=self._insists)

    def _on_checked(self) -> None:
        """Issues stand at their fields at once; rail and footer follow when typing pauses."""
        self._show_issues()
        self._settle_timer.start()

    def _on_refused(self) -> None:
        self._insists = True
        self._show_issues()
        self._show_statuses()
        self._focus_page()

    def _focus_page(self) -> None:
        if self.isVisible():
            lead_focus(self.page.first_focus(), into_view=self._insists)

    def _on_sent_back(self, steps: tuple[str, ...], cleared: tuple[str, ...]) -> None:
        flow = self._controller.flow
        titles = [flow.step(step_id).title for step_id in steps]
        one, many = self.tr("{} has to be checked again"), self.tr("{} have to be checked again")
        title = (one if len(titles) == 1 else many).format(_listed(titles, self.tr("and")))
        text = self.tr("Cleared, because an earlier answer changed: {}.").format(_listed(cleared, self.tr("and")))
        self._notices.post(Notice(_SENT_BACK, Status.INFO, title, text))

    def _on_saved(self, moment: datetime) -> None:
        self._rail.set_saved(self.tr("Draft saved at {}").format(f"{moment.astimezone():%H:%M}"))

    def _on_told_meanwhile(self, left_at: datetime, news: tuple[str, ...]) -> None:
        title = self.tr("Since {} something has happened").format(f"{left_at.astimezone():%d %b, %H:%M}")
        self._notices.post(Notice(_MEANWHILE, Status.INFO, title, " ".join(news)))

    def _on_next_key(self) -> None:
        if self._footer.takes_next:
            self._on_next_requested()

    def _on_next_requested(self) -> None:
        if self.page.own_issues():
            self._on_refused()
        else:
            self._controller.next()

    def _on_run_requested(self) -> None:
        if self.page.own_issues():
            self._on_refused()
        else:
            self._controller.start_run()

    def _on_close_requested(self) -> None:
        doing = self.tr("Saving the draft")
        self._calls.run("close", self._controller.flush, doing=doing, on_result=lambda _: self.closed.emit())

    # Rail and footer

    def _show_statuses(self) -> None:
        flow = self._controller.flow
        states = {step.id: flow.status(step.id) for step in flow.rail}
        self._rail.set_name(flow.draft.name)
        progress = flow.progress
        self._rail.set_progress(progress.done, progress.total)
        self._rail.set_steps(
            [
                RailStep(
                    step.id,
                    step.title,
                    _STATES.get(states[step.id].status, StepState.LATER),
                    step.number,
                    _RAIL_ICONS.get(step.id, "review"),
                    states[step.id].lines,
                    is_open_to=flow.can_jump(step.id),
                )
                for step in flow.rail
            ]
        )
        position = flow.position
        self._rail.set_current(position.id if position.is_on_rail else "review")
        self._show_footer()

    def _show_footer(self) -> None:
        flow = self._controller.flow
        if flow.position.id == "review":
            actions = flow.actions
            self._footer.show_actions(len(actions), self._refusal(bool(actions)))
        issues: tuple[Issue, ...] = ()
        if self._controller.is_open:
            issues = worst_first((*self.page.own_issues(), *flow.issues(flow.position.id)))
        stops = [issue for issue in issues if issue.is_blocking]
        warnings = [issue for issue in issues if issue.severity is Severity.WARNING]
        if stops:
            status = Status.CRITICAL if self._insists else Status.NEUTRAL
            text = stops[0].text
            is_long = len(text) > _FOOTER_LENGTH and bool(stops[0].short)
            self._footer.set_worst(status, f"{stops[0].short}." if is_long else text)
        elif warnings:
            count = len(warnings)
            one, many = self.tr("1 warning."), self.tr("{} warnings.").format(count)
            text = f"{one if count == 1 else many} {self.tr('Nothing stops you from going on.')}"
            self._footer.set_worst(Status.WARNING, text)
        else:
            self._footer.set_worst(None)

    def _refusal(self, has_actions: bool) -> Refusal | None:
        refusal = read_only_refusal(self._controller.services.access)
        if refusal is not None:
            return refusal
        if not has_actions:
            reason = self.tr("Azure has everything that this set-up asks for.")
            return Refusal(self.tr("There is nothing to run"), reason)
        return None

    def _place_banners(self) -> None:
        if self._banners is None:
            return
        if self._controller.is_open and isinstance(self.page, TakesBanners):
            self.page.set_banners(self._banners)
        else:
            self._banner_place.addWidget(self._banners)


def _listed(words: Sequence[str], last: str) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
