"""Step 2, the source: a Hyper-V site, and the hosts that are registered in it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.fabric import Fabric
from app.domain.issue import Issue, blocking
from app.domain.practice import PracticeState
from app.errors import AppError
from app.flows.draft import SetUpDraft, SiteChoice
from app.flows.hosts import silent_hosts, silent_text
from app.flows.places import site_of, vault_id_of
from app.flows.step import Context
from app.services.runs import RunSnapshot
from ui.busy import Failure
from ui.notices import Notice, NoticeAction
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle, Width
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, Kind
from ui.widgets.callout import Refusal, Way
from ui.widgets.card import Card
from ui.widgets.focus_ring import lead_focus
from ui.widgets.form_field import FormField
from ui.widgets.labels import StatusLine, Text
from ui.widgets.picker import Option, Picker
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.framed_page import FramedPage, fit_card
from ui.wizard.pages.site_sheet import SiteSheet
from ui.wizard.pages.source_hosts import HostRow, host_columns, host_rows
from ui.wizard.pages.waiting_host import WaitingHost
from ui.wizard.requests import CreateSite, ReadAgain, RegisterHost, Request, ShowPrerequisites


class SourcePage(FramedPage):
    """The site is picked or created; hosts register by themselves and appear."""

    step_id = "source"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._practice: PracticeState | None = None
        self._sheet: SiteSheet | None = None
        self._creating: CreateSite | None = None
        self._read_silence: tuple[str, ...] = ()
        self._banner: Banner | None = None
        self._wrong_field = ""
        self._sites = Picker(theme, placeholder=self.tr("Choose a Hyper-V site"))
        self._sites.setObjectName("source-site")
        self._site = FormField(theme, self.tr("Hyper-V s&ite"), self._sites)
        self._new = ReasonedButton(theme, self.tr("New si&te…"), icon="create")
        self._new.setObjectName("source-new-site")
        self._table: TableView[HostRow] = TableView(
            theme,
            RecordTableModel(host_columns(), lambda row: row.host.id.key),
            name="source-hosts",
            empty=Message("hosts", ""),
            framed=False,
        )
        self._table.grid.setAccessibleName(self.tr("Hosts"))
        self._issue = StatusLine(theme, Status.CRITICAL, tinted=True)
        self._issue.setObjectName("source-issue")
        self._issue.hide()
        self._waiting = WaitingHost(theme)
        self._banner_place = QVBoxLayout()
        self._build()
        self._sites.picked.connect(self._on_sites_picked)
        self._new.activated.connect(self._on_new_activated)
        self._waiting.register_requested.connect(self._on_register_requested)

    # The wizard's side

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        is_read = context.estate.is_of(vault_id_of(draft.vault))
        site = site_of(draft, context.estate)
        self._sites.set_options([self._option(each, context) for each in context.estate.fabrics] if is_read else [])
        self._sites.set_current(site.id.key if site is not None else None)
        self._table.set_empty(self._empty(site))
        rows = host_rows(site, context) if site is not None else []
        if is_read:
            self._table.clear_stale()
            self._table.set_records(rows)
        assert self._card.head is not None
        self._card.head.set_detail(self.tr("{} registered").format(len(rows)) if rows else "")
        self.frame.header.set_freshness(self.tr("Updated {}").format(f"{context.now.astimezone():%H:%M:%S}"))
        self._show_silence(site, context)
        self._show_waiting()
        if self._sheet is not None:
            self._sheet.load(draft, context)

    def show_practice(self, state: PracticeState | None) -> None:
        self._practice = state
        self._show_waiting()

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        stops = blocking(issues)
        self._wrong_field = stops[0].field if stops else ""
        of_site = next((issue for issue in stops if issue.field == "site.name"), None)
        of_hosts = next((issue for issue in stops if issue.field == "site.hosts"), None)
        self._site.set_issue(of_site.text if of_site is not None else None)
        self._issue.setVisible(of_hosts is not None and insist)
        if of_hosts is not None:
            self._issue.set_status(Status.CRITICAL, of_hosts.text)
        if insist:
            self._site.reveal()

    def first_focus(self) -> QWidget:
        if self._sheet is not None:
            return self._sheet.first_focus()
        if self._wrong_field == "site.hosts" and self._waiting.isVisibleTo(self) and self._waiting.can_register:
            return self._waiting.register
        if self._wrong_field and not self._sites.options:
            return self._new
        return self._sites

    def writing_buttons(self) -> tuple[ReasonedButton, ...]:
        return (self._new,)

    def started(self, request: Request) -> None:
        match request:
            case CreateSite(draft):
                self._creating = request
                reason = self.tr("{} is being created.").format(draft.site.name)
                way = Way(self.tr("Show how far it is"), lambda: self._open_sheet(request))
                self._new.refuse(Refusal(self.tr("A new site has to wait"), reason, (way,)))
                if self._sheet is not None:
                    self._sheet.show_busy()
            case RegisterHost():
                self._waiting.set_busy(is_busy=True)
            case ReadAgain():
                self._table.show_veil()

    def progressed(self, request: Request, progress: object) -> None:
        if self._sheet is not None and isinstance(progress, RunSnapshot):
            self._sheet.show_run(progress)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        match request:
            case CreateSite():
                self._finish_site(request, outcome)
            case RegisterHost():
                self._waiting.set_busy(is_busy=False)
                self._waiting.show_failure(outcome if isinstance(outcome, AppError) else None)
                if not isinstance(outcome, AppError):
                    lead_focus(self._table.grid)
            case ReadAgain():
                self._table.clear_busy()
                if isinstance(outcome, AppError):
                    self._show_unread(outcome)

    def _finish_site(self, request: CreateSite, outcome: object | AppError) -> None:
        self._creating = None
        self._new.allow()
        if not isinstance(outcome, AppError):
            self._close_sheet()
            lead_focus(self._sites)
            return
        self._open_sheet(request)
        if self._sheet is not None:
            self._sheet.show_failure(outcome)

    def _show_unread(self, error: AppError) -> None:
        again = NoticeAction(self.tr("Try again"), self._read_again)
        if not self._table.show_failure(Failure(error.title, error.advice, (again,))):
            self._table.show_stale(error.title, self._read_again)

    # What is shown

    def _build(self) -> None:
        refresh = Button(self.theme, self.tr("Re&fresh"), icon="refresh")
        refresh.setObjectName("source-refresh")
        refresh.clicked.connect(self._read_again)
        self.frame.header.add_button(refresh)
        self._site.setFixedWidth(Width.READING)
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        top.addWidget(self._site, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(_below_label(self._new))
        top.setAlignment(Qt.AlignmentFlag.AlignTop)
        top.addStretch(1)
        needs = Button(self.theme, self.tr("What &hosts need"), icon="prerequisites", kind=Kind.LINK)
        needs.setObjectName("source-prerequisites")
        needs.clicked.connect(lambda: self.requested.emit(ShowPrerequisites()))
        self._card = Card(self.tr("Hosts"), flush=True)
        assert self._card.head is not None
        self._card.head.add_control(needs)
        self._card.body.addWidget(self._table, 1)
        self._card.body.addWidget(self._waiting)
        body = self.frame.body
        body.addLayout(self._banner_place)
        body.addLayout(top)
        body.addWidget(self._issue)
        body.addWidget(self._card, 1)
        body.addStretch()

    def _option(self, fabric: Fabric, context: Context) -> Option:
        estate = context.estate
        if not fabric.is_hyper_v_site:
            return Option(fabric.id.key, fabric.friendly_name, reason=self.tr("not a Hyper-V site"))
        hosts, machines = len(estate.hosts(fabric)), len(estate.protectable_at(fabric))
        one_host, many_hosts = self.tr("1 host"), self.tr("{} hosts").format(hosts)
        one, many = self.tr("1 machine"), self.tr("{} machines").format(f"{machines:,}")
        words = ", ".join((one_host if hosts == 1 else many_hosts, one if machines == 1 else many))
        return Option(fabric.id.key, fabric.friendly_name, words, icon="site")

    def _empty(self, site: Fabric | None) -> Message:
        if site is None:
            return Message(
                "site",
                self.tr("No Hyper-V site is chosen"),
                self.tr("A site holds the hosts that stand together. Choose one above, or create it."),
                (Step(self.tr("New site…"), self._on_new_activated, "create"),),
            )
        text = self.tr(
            "Install the Site Recovery Provider on each Hyper-V host and register it with this site. Its machines "
            "appear by themselves."
        )
        return Message("hosts", self.tr("No host is registered in {} yet").format(site.friendly_name), text)

    def _show_silence(self, site: Fabric | None, context: Context) -> None:
        """A banner for hosts that Azure does not hear of, until it was read or they are heard of again."""
        silent = silent_hosts(context.estate.hosts(site), context) if site is not None else ()
        names = tuple(host.friendly_name for host in silent)
        if not names:
            self._read_silence = ()
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
        if not names or names == self._read_silence:
            return
        what, _, remedy = silent_text(silent[0], context).partition(". ")
        title = what if len(names) == 1 else self.tr("{} hosts are silent").format(len(names))
        text = remedy if len(names) == 1 else f"{', '.join(names)}. {remedy}"
        again = NoticeAction(self.tr("Look again"), self._read_again)
        self._banner = Banner(self.theme, Notice("source-silent", Status.WARNING, title, text, (again,)))
        self._banner.closed.connect(lambda: self._on_banner_closed(names))
        self._banner_place.addWidget(self._banner)

    def _show_waiting(self) -> None:
        self._say_who_waits()
        fit_card(self._card, self._table, self._waiting)

    def _say_who_waits(self) -> None:
        context = self._context
        site = site_of(self._draft, context.estate) if context is not None else None
        if context is None or site is None:
            self._waiting.hide()
            return
        has_hosts = bool(context.estate.hosts(site))
        if self._practice is not None:
            hosts = self._practice.waiting_hosts
            self._waiting.setVisible(bool(hosts))
            if hosts:
                self._waiting.show_practice(hosts[0].name, hosts[0].machine_count, is_first=not has_hosts)
            return
        self._waiting.setVisible(not has_hosts)
        self._waiting.show_azure(context.rules.monitoring.host_registration_max_min)

    # What the user does

    def _read_again(self) -> None:
        self.requested.emit(ReadAgain())

    def _on_banner_closed(self, names: tuple[str, ...]) -> None:
        self._read_silence = names
        if self._banner is not None:
            self._banner.hide()

    def _on_sites_picked(self, key: str) -> None:
        assert self._context is not None
        site = next(each for each in self._context.estate.fabrics if each.id.key == key)
        self._draft = replace(self._draft, site=SiteChoice(site.friendly_name))
        self.draft_edited.emit(self._draft)
        self.load(self._draft, self._context)

    def _on_register_requested(self) -> None:
        self.requested.emit(RegisterHost(self._draft.site.name))

    def _on_new_activated(self) -> None:
        self._open_sheet(None)
        if self._sheet is not None:
            self._sheet.first_focus().setFocus()

    def _open_sheet(self, request: CreateSite | None) -> None:
        """Open the sheet anew, or with the name of `request`, unless it is open."""
        if self._sheet is not None or self._context is None:
            return
        sheet = SiteSheet(
            self.theme,
            self.tr("New Hyper-V site"),
            self.tr("Created at once, since hosts can register only in a site that is there."),
            self.tr("&Create site"),
        )
        sheet.load(self._draft, self._context)
        if request is not None:
            sheet.show_request(request)
        sheet.create_requested.connect(self.requested)
        sheet.cancelled.connect(self._close_sheet)
        self._sheet = sheet
        self.room.open_sheet(sheet)
        if self._creating is not None:
            sheet.show_busy()

    def _close_sheet(self) -> None:
        self._sheet = None
        self.room.close_sheet()


def _below_label(button: QWidget) -> QVBoxLayout:
    """`button` in one line with the control of a form field, whose label stands above it."""
    column = QVBoxLayout()
    column.setSpacing(Space.XS)
    column.addWidget(Text(" ", TextStyle.LABEL))
    column.addWidget(button)
    return column
