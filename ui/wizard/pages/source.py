"""Step 2, the source: a Hyper-V site, and the hosts that are registered in it or expected there."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Self
from uuid import uuid4

from PySide6.QtWidgets import QWidget

from app.domain.fabric import Fabric
from app.domain.issue import Issue, blocking
from app.domain.practice import PracticeState
from app.errors import AppError
from app.flows.draft import SetUpDraft, SiteChoice
from app.flows.host_actions import refresh_of
from app.flows.host_scripts import CleanUpKind, clean_up_script
from app.flows.host_scripts.readiness import readiness_script
from app.flows.hosts import host_warnings
from app.flows.places import site_of, vault_id_of
from app.flows.step import Context
from app.runtime.write_access import WriteAccess
from ui.busy import Failure
from ui.notices import NoticeAction
from ui.tables.states import Message, Step
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.buttons import Button
from ui.widgets.callout import Refusal, Way
from ui.widgets.focus_ring import lead_focus
from ui.widgets.labels import StatusLine
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.framed_page import FramedPage, RefitCard, fit_card
from ui.wizard.known_rights import KnownRights
from ui.wizard.page import all_at_once
from ui.wizard.pages.source_hosts import HostRow, host_rows, site_option
from ui.wizard.pages.source_parts import SourceParts
from ui.wizard.pages.source_sheets import SourceSheets
from ui.wizard.requests import (
    CarryOut,
    CreateSite,
    ImportReadiness,
    ReadAgain,
    RegisterHost,
    Request,
    SaveScripts,
    ShowPrerequisites,
    WriteReadiness,
)

_ALL_THE_ROOM = 100
"""The head's own stretch leaves it to the bar."""

_LEAST_CARD = 420
"""Px of the card of hosts that stay when the page has to scroll."""

REFRESH = "refresh hosts"
"""What a refresh is known by while it is under way."""


class SourcePage(FramedPage):
    """The site is picked or created; hosts register by themselves and appear."""

    step_id = "source"

    def __init__(self, theme: Theme, parts: SourceParts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, scrolls=True, parent=parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._practice: PracticeState | None = None
        self._wrong_field = ""
        self._top, self._table, self._bar, self._news, self._waiting, self._reports = parts or all_at_once(
            SourceParts.in_turns(theme)
        )
        self._sites, self._site, self._key = self._top.sites, self._top.site, self._top.key
        self._new, self._remove_site = self._top.new, self._top.remove
        self._issue = StatusLine(theme, Status.CRITICAL, tinted=True)
        self._issue.setObjectName("source-issue")
        self._issue.hide()
        self._practise = Button(theme, self.tr("Let practice hosts tell…"), icon="practice", small=True)
        self._practise.setObjectName("source-practise-readiness")
        self._practise.hide()
        self._save_check = Button(theme, self.tr("Save the script…"), icon="save", small=True)
        self._save_check.setObjectName("source-save-check")
        self._sheets = SourceSheets(theme, self)
        self._build()
        self._connect()

    # The wizard's side

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        parts = yield from SourceParts.in_turns(theme)
        return cls(theme, parts)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        is_read = context.estate.is_of(vault_id_of(draft.vault))
        site = self._chosen
        self._sites.set_options([site_option(each, context) for each in context.estate.fabrics] if is_read else [])
        self._sites.set_current(site.id.key if site is not None else None)
        self._table.set_empty(self._empty(site))
        rows = host_rows(site, draft.hosts, context) if site is not None else []
        if is_read:
            self._table.clear_stale()
            self._table.set_records(rows)
        self._show_counts(rows)
        self._table.set_column_idle("node_of", not any(row.node_of for row in rows))
        self.frame.header.set_freshness(self.tr("Updated {}").format(f"{context.now.astimezone():%H:%M:%S}"))
        self._news.show_warnings(host_warnings(draft.hosts, site, context) if site is not None else ())
        self._show_waiting()
        self._show_selection()
        self._show_site_removal(site)
        self._show_key(site, context)
        self._reports.load(context)
        self._sheets.load(draft, context, self._practice)

    def show_practice(self, state: PracticeState | None) -> None:
        self._practice = state
        self._practise.setVisible(state is not None)
        self._show_waiting()
        if self._context is not None:
            self._sheets.load(self._draft, self._context, state)

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
        docked = self._sheets.docked
        if docked is not None:
            return docked.first_focus()
        if self._wrong_field == "site.hosts":
            can_register = self._waiting.isVisibleTo(self) and self._waiting.can_register
            return self._waiting.register if can_register else self._bar.add
        if self._wrong_field and not self._sites.options:
            return self._new
        return self._sites

    def writing_buttons(self) -> tuple[ReasonedButton, ...]:
        return (self._new, self._remove_site, self._bar.remove)

    def use(self, access: WriteAccess, rights: KnownRights) -> None:
        super().use(access, rights)
        self.guard(self._bar.refresh, lambda rights: self._sheets.refusal(rights, "refresh_host"))

    def started(self, request: Request) -> None:
        match request:
            case CreateSite(draft):
                reason = self.tr("{} is being created.").format(draft.site.name)
                way = Way(self.tr("Show how far it is"), lambda: self._sheets.open_site(request))
                self._new.refuse(Refusal(self.tr("A new site has to wait"), reason, (way,)))
            case CarryOut(key) if key == REFRESH:
                names = [action.subject for action in request.actions]
                self._bar.show_refreshing(names)
                self._show_selection()
                doing = self.tr("{} report their machines") if len(names) > 1 else self.tr("{} reports its machines")
                self._issue.set_status(Status.INFO, doing.format(", ".join(names)), icon="running")
                self._issue.show()
            case RegisterHost():
                self._waiting.set_busy(is_busy=True)
            case ReadAgain():
                self._table.show_veil()
        self._reports.started(request)
        self._sheets.started(request)

    def progressed(self, request: Request, progress: object) -> None:
        self._reports.progressed(request, progress)
        self._sheets.progressed(request, progress)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        match request:
            case CreateSite():
                self._new.allow()
                if not isinstance(outcome, AppError):
                    lead_focus(self._sites)
            case CarryOut(key) if key == REFRESH:
                self._bar.show_refreshing(())
                self._show_selection()
                self._show_failure(outcome)
            case RegisterHost():
                self._waiting.set_busy(is_busy=False)
                self._waiting.show_failure(outcome if isinstance(outcome, AppError) else None)
                if not isinstance(outcome, AppError):
                    lead_focus(self._table.grid)
            case WriteReadiness() if isinstance(outcome, Path):
                self.requested.emit(ImportReadiness((outcome,)))
            case WriteReadiness():
                self._show_failure(outcome)
            case ReadAgain():
                self._table.clear_busy()
                if isinstance(outcome, AppError):
                    self._show_unread(outcome)
        self._reports.finished(request, outcome)
        self._sheets.finished(request, outcome)

    def _show_unread(self, error: AppError) -> None:
        again = NoticeAction(self.tr("Try again"), self._read_again)
        if not self._table.show_failure(Failure(error.title, error.advice, (again,))):
            self._table.show_stale(error.title, self._read_again)
        self._fit()

    def _show_failure(self, outcome: object) -> None:
        """What came of a refresh, where it failed; the line goes with the next press."""
        is_bad = isinstance(outcome, AppError)
        self._issue.setVisible(is_bad)
        if isinstance(outcome, AppError):
            self._issue.set_status(Status.CRITICAL, outcome.sentence)

    # What is shown

    @property
    def _chosen(self) -> Fabric | None:
        return site_of(self._draft, self._context.estate) if self._context is not None else None

    def _build(self) -> None:
        refresh = Button(self.theme, self.tr("Re&fresh"), icon="refresh")
        refresh.setObjectName("source-refresh")
        refresh.clicked.connect(self._read_again)
        self.frame.header.add_button(refresh)
        self._card = RefitCard(self.tr("Hosts"), flush=True)
        self._card.width_changed.connect(self._fit)
        assert self._card.head is not None
        self._card.head.row.addWidget(self._bar, _ALL_THE_ROOM)
        self._card.body.addWidget(self._table, 1)
        self._card.body.addWidget(self._waiting)
        body = self.frame.body
        body.addWidget(self._news)
        body.addWidget(self._top)
        body.addWidget(self._issue)
        body.addWidget(self._card, 1)
        assert self._reports.head is not None
        self._reports.head.add_control(self._practise)
        self._reports.head.add_control(self._save_check)
        self._reports.take_drops_on(self)
        body.addWidget(self._reports)
        body.addStretch()

    def _connect(self) -> None:
        self._sites.picked.connect(self._on_sites_picked)
        self._new.activated.connect(lambda: self._sheets.open_site(None))
        self._remove_site.activated.connect(self._on_remove_site_activated)
        self._table.selection_changed.connect(self._show_selection)
        self._key.open_requested.connect(lambda: self._sheets.open_add_server("key"))
        self._bar.add_requested.connect(self._sheets.open_add_server)
        self._bar.refresh_requested.connect(self._on_refresh_requested)
        self._bar.remove_requested.connect(self._on_remove_requested)
        self._bar.needs_requested.connect(lambda: self.requested.emit(ShowPrerequisites()))
        self._news.look_requested.connect(self._read_again)
        self._news.check_script_requested.connect(self._on_check_script_requested)
        self._save_check.clicked.connect(self._on_check_script_requested)
        self._practise.clicked.connect(lambda: self.requested.emit(WriteReadiness()))
        self._reports.requested.connect(self.requested)
        self._waiting.register_requested.connect(self._on_register_requested)

    def _show_counts(self, rows: list[HostRow]) -> None:
        assert self._card.head is not None
        registered = sum(row.host is not None for row in rows)
        words = [self.tr("{} registered").format(registered)] if registered else []
        if len(rows) > registered:
            words.append(self.tr("{} expected").format(len(rows) - registered))
        self._card.head.set_detail(", ".join(words))

    def _empty(self, site: Fabric | None) -> Message:
        if site is None:
            return Message(
                "site",
                self.tr("No Hyper-V site is chosen"),
                self.tr("A site holds the hosts that stand together. Choose one above, or create it."),
                (Step(self.tr("New site…"), lambda: self._sheets.open_site(None), "create"),),
            )
        text = self.tr(
            "Install the Site Recovery Provider on each Hyper-V host and register it with this site. Its machines "
            "appear by themselves."
        )
        add = Step(self.tr("Add a server…"), self._sheets.open_add_server, "create")
        return Message("hosts", self.tr("No host is registered in {} yet").format(site.friendly_name), text, (add,))

    def _show_selection(self) -> None:
        self._bar.show_selection(self._table.selected_records, has_site=self._chosen is not None)

    def _show_site_removal(self, site: Fabric | None) -> None:
        if site is None:
            title, text = self.tr("No site is chosen"), self.tr("Choose the Hyper-V site that shall be removed.")
            self._remove_site.refuse(Refusal(title, text))
        else:
            self._remove_site.allow()

    def _show_key(self, site: Fabric | None, context: Context) -> None:
        key = context.key_of(site) if site is not None else None
        self._key.setVisible(site is not None)
        self._key.show_key(key.valid_until if key is not None else None, context.now)

    def _show_waiting(self) -> None:
        context, site = self._context, self._chosen
        self._waiting.setVisible(
            context is not None
            and site is not None
            and self._waiting.load(self._draft.hosts, site, context, self._practice)
        )
        self._fit()

    def _fit(self) -> None:
        fit_card(self._card, self._table, self._waiting)
        self._card.setMinimumHeight(min(self._card.maximumHeight(), _LEAST_CARD))

    # What the user does

    def take(self, draft: SetUpDraft) -> None:
        """Have answers that were given in a sheet."""
        assert self._context is not None
        self._draft = draft
        self.draft_edited.emit(draft)
        self.load(draft, self._context)

    def _read_again(self) -> None:
        self.requested.emit(ReadAgain())

    def _on_sites_picked(self, key: str) -> None:
        assert self._context is not None
        site = next(each for each in self._context.estate.fabrics if each.id.key == key)
        hosts = replace(self._draft.hosts, asked_at="")
        self.take(replace(self._draft, site=SiteChoice(site.friendly_name), hosts=hosts))

    def _on_register_requested(self) -> None:
        self.requested.emit(RegisterHost(self._draft.site.name))

    def save_clean_up_script(self, kind: CleanUpKind, host: str) -> None:
        """Offer the script that clears a host of what ties it to a vault."""
        assert self._context is not None
        script = clean_up_script(kind, host, self._context.rules.hosts)
        self.requested.emit(SaveScripts((script,)))

    def _on_check_script_requested(self) -> None:
        if self._context is not None:
            self.requested.emit(SaveScripts((readiness_script(self._context.rules.hosts),)))

    def _on_refresh_requested(self) -> None:
        hosts = [row.host for row in self._table.selected_records if row.host is not None]
        if self._context is not None and hosts:
            actions = refresh_of(hosts, self._context.rules, occasion=uuid4().hex)
            names = ", ".join(host.friendly_name for host in hosts)
            self.requested.emit(CarryOut(REFRESH, self.tr("Refresh {}").format(names), actions))

    def _on_remove_requested(self) -> None:
        hosts = [row.host for row in self._table.selected_records if row.host is not None]
        if len(hosts) == 1:
            self._sheets.open_host_removal(hosts[0])

    def _on_remove_site_activated(self) -> None:
        site = self._chosen
        if site is not None:
            self._sheets.open_site_removal(site)
