"""Prerequisites: what has to be there before machines can replicate, and how far this vault is with it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain.arm_id import ArmId
from app.domain.prerequisite_checks import AzureSide, Finding, judge_azure_side
from app.domain.prerequisites import Check, Table
from app.errors import AppError
from app.live.services import Services
from app.services.azure_side import read_azure_side
from app.services.checklist import Checklist, Marks
from app.services.prerequisite_report import (
    TABLE_TITLES,
    PrerequisiteReport,
    as_csv,
    as_html,
    as_markdown,
    save_text,
)
from ui.asking import Asking
from ui.calls import Calls
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.set_aside import tell_set_aside
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.views.prerequisites.addresses import AddressPage
from ui.views.prerequisites.table_page import TablePage
from ui.when import clock_text
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.menu import Menu
from ui.widgets.page import Page
from ui.widgets.tabs import Tabs

_log = logging.getLogger(__name__)

_ADDRESSES = len(Table)
_NOT_SAVED = "prerequisites.not-saved"


class PrerequisitesView(QWidget):
    """The Azure side is looked at each time the page is opened; what is on premises is ticked by people."""

    def __init__(
        self,
        theme: Theme,
        services: Services,
        checklist: Checklist,
        notices: NoticeHub,
        asking: Asking,
        *,
        vault: Callable[[], ArmId | None],
        user: str,
    ) -> None:
        """`vault` tells which vault it is about, None while there is none; `user` is who ticks."""
        super().__init__()
        self.setObjectName("page-prerequisites")
        self._theme = theme
        self._services = services
        self._rules = services.rules.prerequisites
        self._checklist = checklist
        self._notices = notices
        self._asking = asking
        self._vault = vault
        self._user = user
        self._calls = Calls(self, notices)
        self._marks: Marks | None = None
        self._findings: Mapping[Check, Finding] = {}
        self._read_for: ArmId | None = None
        self.page = Page(
            self.tr("Prerequisites"),
            self.tr("What has to be there before machines can replicate: today, and in the article of 2017."),
        )
        self.answer = Text("", TextStyle.PANEL_TITLE, wrap=True)
        self.answer.setObjectName("prerequisites-answer")
        self.tabs = Tabs(theme)
        self.tabs.setObjectName("prerequisites-tabs")
        self.tabs.setAccessibleName(self.tr("Tables of prerequisites"))
        self.tables = {
            Table.AZURE: self._table(Table.AZURE, self.tr("The program looks at these by itself, where it can.")),
            Table.HOSTS: self._table(
                Table.HOSTS, self.tr("On every Hyper-V host and every cluster node. Tick what you have seen to.")
            ),
            Table.MACHINES: self._table(
                Table.MACHINES, self.tr("On the machines that are to be protected. Tick what you have seen to.")
            ),
        }
        self.addresses = AddressPage(theme, self._rules)
        self._stack = QStackedWidget()
        self.export = Button(theme, self.tr("&Export"), icon="export", caret=True)
        self.print = Button(theme, self.tr("&Print…"), icon="print")
        self.read_again = Button(theme, self.tr("Re&fresh"), icon="refresh")
        self._build()
        self._connect()
        self._show_state()

    def refresh(self) -> None:
        """Read the marks, and look at Azure anew."""
        vault = self._vault()
        if vault != self._read_for:
            self._findings, self._marks, self._read_for = {}, None, vault
        self._calls.run(
            "marks",
            lambda: self._checklist.load(vault),
            doing=self.tr("Reading the checklist"),
            on_result=self._show_marks,
        )
        self._calls.run(
            "azure",
            lambda: read_azure_side(self._services.inventory, self._services.subscription, vault),
            doing=self.tr("Looking at what Azure has"),
            on_result=self._show_side,
            on_error=self._show_failure,
        )

    def show_table(self, table: Table) -> None:
        """Open one of the tables."""
        self.tabs.setCurrentIndex(list(Table).index(table))

    def regions(self) -> Sequence[QWidget]:
        """What F6 goes through."""
        return self.page.header, self.tabs, self._stack

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    async def aclose(self) -> None:
        """Keep notes that were typed a moment ago; a disk that refuses costs them."""
        self._calls.cancel_all()
        for row in (row for page in self.tables.values() for row in page.rows.values()):
            note = row.take_note()
            if note is None:
                continue
            try:
                await self._checklist.annotate(self._read_for, row.line.id, note)
            except AppError:
                _log.warning("The note on %s cannot be kept", row.line.id, exc_info=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    # Building

    def _table(self, table: Table, hint: str) -> TablePage:
        return TablePage(self._theme, self._rules, table, hint)

    def _build(self) -> None:
        for name, button in (("export", self.export), ("print", self.print), ("refresh", self.read_again)):
            button.setObjectName(f"prerequisites-{name}")
            self.page.header.add_button(button)
        for page in (*self.tables.values(), self.addresses):
            self._stack.addWidget(page)
            self.tabs.addTab("")
        self.tabs.setTabText(_ADDRESSES, self.tr("Addresses"))
        head = QVBoxLayout()
        head.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
        head.setSpacing(Space.S)
        head.addWidget(self.answer)
        head.addWidget(self.tabs)
        self.page.body.setContentsMargins(0, 0, 0, 0)
        self.page.body.addLayout(head)
        self.page.body.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def _connect(self) -> None:
        for keys, button, act in (
            (QKeySequence("Ctrl+E"), self.export, self._on_export_clicked),
            (QKeySequence(QKeySequence.StandardKey.Print), self.print, self._on_print_clicked),
        ):
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
            button.setToolTip(keys.toString(QKeySequence.SequenceFormat.NativeText))
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.read_again.clicked.connect(self.refresh)
        self.export.clicked.connect(self._on_export_clicked)
        self.print.clicked.connect(self._on_print_clicked)
        for page in self.tables.values():
            page.ticked.connect(self._on_ticked)
            page.noted.connect(self._on_noted)
            page.retry_requested.connect(self.refresh)

    # Showing

    @property
    def report(self) -> PrerequisiteReport:
        """What stands on the page now."""
        place = self._read_for.name if self._read_for is not None else self.tr("No vault yet")
        now = self._services.clock.now()
        return PrerequisiteReport(place, now, self._rules, self._marks or {}, self._findings, self.addresses.cloud)

    def _show_marks(self, marks: Marks) -> None:
        self._marks = marks
        tell_set_aside(self._notices, self.tr("the checklist"), self._checklist.asides)
        now = self._services.clock.now()
        for page in self.tables.values():
            page.show_marks(marks, now)
        self._show_state()

    def _show_side(self, side: AzureSide) -> None:
        self._findings = judge_azure_side(side, self._services.limits.rules)
        self.tables[Table.AZURE].show_findings(self._findings)
        self.page.header.set_freshness(self.tr("Updated {}").format(clock_text(self._services.clock.now())))
        self._show_state()

    def _show_failure(self, error: AppError) -> None:
        self.tables[Table.AZURE].show_failure(error)
        self._show_state()

    def _show_state(self) -> None:
        """The answer, and how far each table is."""
        report = self.report
        open_lines = {table: count - done for table, (done, count) in ((t, report.counts(t)) for t in Table)}
        for number, table in enumerate(Table):
            done, count = report.counts(table)
            known = "–" if table is Table.AZURE and not self._findings else str(done)
            self.tabs.setTabText(number, self.tr("{0} {1}/{2}").format(self.tr(TABLE_TITLES[table]), known, count))
        if self._marks is None or (not self._findings and self._calls.is_running("azure")):
            self.answer.setText(self.tr("Looking at what is there"))
            return
        unread = "" if self._findings else self.tr("Azure could not be read.")
        if unread:
            open_lines[Table.AZURE] = 0  # nobody knows
        total = sum(open_lines.values())
        if not total:
            self.answer.setText(unread or self.tr("Everything is in order."))
            return
        places = (
            self.tr("{} in Azure").format(open_lines[Table.AZURE]),
            self.tr("{} at the hosts").format(open_lines[Table.HOSTS]),
            self.tr("{} at the machines").format(open_lines[Table.MACHINES]),
        )
        told = ", ".join(text for text, table in zip(places, Table, strict=True) if open_lines[table])
        points = self.tr("1 point is open: {}.") if total == 1 else self.tr("{} points are open: {{}}.").format(total)
        self.answer.setText(f"{unread} {points.format(told)}".strip())

    # Doing

    def _on_ticked(self, line: str, is_done: bool) -> None:
        vault, now = self._read_for, self._services.clock.now()
        self._keep(
            f"tick.{line}",
            lambda: self._checklist.tick(vault, line, is_done=is_done, by=self._user, at=now),
            lambda: self._on_ticked(line, is_done),
        )

    def _on_noted(self, line: str, note: str) -> None:
        vault = self._read_for
        self._keep(
            f"note.{line}",
            lambda: self._checklist.annotate(vault, line, note),
            lambda: self._on_noted(line, note),
        )

    def _keep(self, key: str, change: Callable[[], Awaitable[Marks]], again: Callable[[], None]) -> None:
        self._calls.cancel("marks")  # what it would show is older than this
        self._calls.run(
            key,
            change,
            doing=self.tr("Saving the checklist"),
            on_result=self._on_kept,
            on_error=lambda error: self._show_not_kept(error, again),
        )

    def _on_kept(self, marks: Marks) -> None:
        self._notices.withdraw(_NOT_SAVED)
        self._show_marks(marks)

    def _show_not_kept(self, error: AppError, again: Callable[[], None]) -> None:
        """Show again what is kept: a tick that would be gone tomorrow must not stand there."""
        action = NoticeAction(self.tr("Try again"), again)
        self._notices.post(Notice(_NOT_SAVED, Status.CRITICAL, error.title, error.advice, (action,)))
        if self._marks is not None:
            self._show_marks(self._marks)

    def _on_export_clicked(self) -> None:
        menu = self.build_export_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.export.mapToGlobal(QPoint(0, self.export.height())))

    def build_export_menu(self) -> QMenu:
        """The kinds of files; whoever asks shows it and throws it away."""
        menu = Menu(self._theme, self.export)
        menu.setObjectName("prerequisites-export-menu")
        kinds = (
            (self.tr("Spreadsheet (CSV)…"), "csv", as_csv),
            (self.tr("Page to print (HTML)…"), "html", as_html),
            (self.tr("Text for a wiki (Markdown)…"), "md", as_markdown),
        )
        for title, ending, make in kinds:
            action = QAction(title, menu)
            action.triggered.connect(partial(self._export, title.rstrip("…"), ending, make))
            menu.addAction(action)
        return menu

    def _export(self, title: str, ending: str, make: Callable[[PrerequisiteReport], str], *_: object) -> None:
        report = self.report

        async def save() -> Path | None:
            path = await self._asking.save_file(title, f"prerequisites.{ending}", f"{title} (*.{ending})")
            if path is not None:
                await save_text(path, make(report))
            return path

        self._calls.run("export", save, doing=self.tr("Saving the file"), on_result=self._tell_exported)

    def _tell_exported(self, path: Path | None) -> None:
        if path is not None:
            title = self.tr("{} is saved").format(path.name)
            self._notices.post(Notice("prerequisites.exported", Status.OK, title, str(path.parent)))

    def _on_print_clicked(self) -> None:
        from ui.printing import print_page  # a library of its own, for the few who print

        print_page(self, self.tr("Prerequisites"), as_html(self.report))
