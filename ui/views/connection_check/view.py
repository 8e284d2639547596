"""Connection check: whether this computer reaches Azure, what stands in between, and the settings that help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.clouds import DEFAULT_CLOUD
from app.errors import AppError
from app.services.connection_check import CheckResult, ConnectionCheck, Finding
from app.services.connection_report import network_text, way_words
from app.services.prerequisite_report import save_text
from ui.asking import Asking
from ui.calls import Calls
from ui.notices import NoticeHub
from ui.set_aside import tell_set_aside
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle
from ui.turns import Turns
from ui.views.connection_check.address_row import STRETCHES, AddressRow
from ui.views.connection_check.answer_card import AnswerCard
from ui.views.connection_check.cloud_choice import CloudChoice
from ui.views.connection_check.network_text import NetworkText
from ui.views.connection_check.settings_sheet import NetworkSheet
from ui.when import clock_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.focus_ring import focus_by_keyboard, lead_focus
from ui.widgets.labels import Text
from ui.widgets.line_grid import columns, divided
from ui.widgets.page import Page
from ui.widgets.sheet_room import SheetRoom

OpenCheck = Callable[[], Awaitable[ConnectionCheck]]


class ConnectionCheckView(QWidget):
    """Nothing is tried before somebody presses Run: opening the page sends nothing."""

    def __init__(
        self,
        theme: Theme,
        open_check: OpenCheck,
        notices: NoticeHub,
        asking: Asking,
        *,
        cloud: str = DEFAULT_CLOUD,
        blob_endpoints: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """
        Args:
            open_check: loads what the check needs; asked once, when the page is first shown.
            cloud: the name of a known cloud, or the address of another one.
            blob_endpoints: the storage accounts that are known by now.
        """
        super().__init__()
        self.setObjectName("page-connection-check")
        self._theme = theme
        self._open_check = open_check
        self._notices = notices
        self._asking = asking
        self._blob_endpoints = blob_endpoints
        self._calls = Calls(self, notices)
        self._turns = Turns(self)
        self._opening = Turns(self)
        self._made: NetworkSheet | None = None
        self._check: ConnectionCheck | None = None
        self._result: CheckResult | None = None
        self._is_running = False
        self.rows: dict[str, AddressRow] = {}
        purpose = self.tr("Whether this computer reaches Azure, and what stands in between")
        self.page = Page(self.tr("Connection check"), purpose, scrolls=True)
        self.settings_button = Button(theme, self.tr("&Network settings…"), icon="settings")
        self.run_button = Button(theme, self.tr("&Run the check"), icon="start", kind=Kind.PRIMARY)
        self.choice = CloudChoice(theme, cloud)
        self.answer = AnswerCard(theme)
        self.text = NetworkText(theme)
        self._message = EmptyState(theme, "network", self.tr("Preparing the connection check"))
        self._message.setObjectName("connection-message")
        self._content = QWidget()
        self._lines = QVBoxLayout()
        self.room = SheetRoom(self.page)
        self._build()
        self._connect()

    @property
    def result(self) -> CheckResult | None:
        """What stands on the page."""
        return self._result

    @property
    def is_running(self) -> bool:
        return self._is_running

    @property
    def sheet(self) -> NetworkSheet | None:
        """The network settings, while they are open."""
        sheet = self.room.sheet
        return sheet if isinstance(sheet, NetworkSheet) else None

    def refresh(self) -> None:
        """Run the check, as F5 does."""
        if self._check is not None and not self._is_running:
            self.run()

    def run(self) -> None:
        """Try everything anew."""
        check, cloud = self._check, self.choice.cloud
        if check is None:
            return
        if cloud is None:
            self.choice.reveal()
            return
        self._is_running = True
        self._show_running()
        self._calls.run_with_progress(
            "run",
            lambda report: check.run(cloud, self._blob_endpoints(), show=self._show_passing, report=report),
            doing=self.tr("Trying the addresses"),
            on_result=self._show_result,
            on_error=self._show_error,
            on_progress=self.answer.show_progress,
        )

    def cancel(self) -> None:
        """Stop trying; what was found stays."""
        self._calls.cancel("run")
        self._is_running = False
        if self._result is not None:
            self._show(self._result)

    def open_settings(self) -> None:
        """Dock the network settings beside the page, in the next turns of the loop: they have many fields."""
        if self._check is not None and self.sheet is None and not self._opening.is_busy:
            self._opening.begin(self._make_sheet, self._dock_sheet)

    def regions(self) -> Sequence[QWidget]:
        """What F6 goes through."""
        return self.page.header, self._content

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._check is None:
            self._prepare()

    # Building

    def _build(self) -> None:
        for name, button in (("settings", self.settings_button), ("run", self.run_button)):
            button.setObjectName(f"connection-{name}-button")
            self.page.header.add_button(button)
            button.setEnabled(False)
        card = self._card = Card(self.tr("Addresses"), flush=True)
        card.body.addWidget(self._build_heads())
        card.body.addLayout(self._lines)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        for part in (self.choice, self.answer, card, self.text):
            column.addWidget(part)
        column.addStretch(1)
        self._content.hide()
        self.page.body.addWidget(self._message, 1)
        self.page.body.addWidget(self._content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.room)

    def _build_heads(self) -> QWidget:
        heads = QWidget()
        grid = columns(heads, STRETCHES)
        grid.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.S)
        for column, title in enumerate(
            (self.tr("For"), self.tr("Address, and the way to it"), self.tr("What happened"))
        ):
            grid.addWidget(Text(title, TextStyle.TABLE_HEAD, Role.TEXT2, wrap=True), 0, column)
        return heads

    def _connect(self) -> None:
        self.run_button.clicked.connect(self._on_run_clicked)
        self.settings_button.clicked.connect(self.open_settings)
        self.choice.changed.connect(self._show_plan)
        self.text.save_requested.connect(self._on_save_requested)
        keys = QShortcut(QKeySequence("Ctrl+E"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self._on_save_requested)

    # Preparing

    def _prepare(self) -> None:
        self._calls.run(
            "prepare",
            self._open_check,
            doing=self.tr("Preparing the connection check"),
            on_result=self._take_check,
            on_error=self._show_not_prepared,
            busy=self._message,
        )

    def _take_check(self, check: ConnectionCheck) -> None:
        self._check = check
        self._message.hide()
        self._content.show()
        self.settings_button.setEnabled(True)
        self.run_button.setEnabled(True)
        tell_set_aside(self._notices, self.tr("the network settings"), check.network.asides)
        self._show_way()
        self._show_plan()
        self._take_focus()

    def _take_focus(self) -> None:
        """Put the keyboard on the button to run it, unless somebody has gone elsewhere meanwhile."""
        focused = QApplication.focusWidget()
        if self.isVisible() and (focused is None or focused is self.window() or not focused.isVisible()):
            lead_focus(self.run_button)

    def _show_not_prepared(self, error: AppError) -> None:
        self._message.set_words("critical", error.title, error.advice, role=Role.CRITICAL)
        self._message.clear_buttons()
        again = Button(self._theme, self.tr("Try again"), icon="refresh")
        again.setObjectName("connection-try-again")
        again.clicked.connect(self._prepare)
        self._message.add_button(again)

    # Showing

    def _show_plan(self) -> None:
        """What would be tried; an earlier result was of another cloud."""
        self._calls.cancel("run")
        self._is_running = False
        cloud, check = self.choice.cloud, self._check
        self._result = None
        self.answer.set_checked("")
        if check is not None and cloud is not None:
            self._show(check.planned(cloud, self._blob_endpoints()))
        elif check is not None:
            self._show_idle()
            self._turns.begin(self._clear_lines)
            self.answer.show_nothing()
            self._card.hide()
            self.text.hide()

    def _show_running(self) -> None:
        self.run_button.setText(self.tr("Sto&p"))
        self.run_button.set_icon("stop")
        self.run_button.set_kind(Kind.SECONDARY)
        self.answer.show_running()
        self.answer.set_checked("")

    def _show_passing(self, result: CheckResult) -> None:
        self._result = result
        self._show_findings(result.findings)

    def _show_result(self, result: CheckResult) -> None:
        self._is_running = False
        if result.at is not None:
            self.answer.set_checked(self.tr("Checked {}.").format(clock_text(result.at)))
        self._show(result)

    def _show_error(self, error: AppError) -> None:
        self._is_running = False
        self._show_idle()
        if self._result is not None:
            self._show_findings(self._result.findings)
        self.answer.show_error(error)

    def _show(self, result: CheckResult) -> None:
        self._result = result
        self._show_idle()
        self._card.show()
        self.text.show()
        self._show_findings(result.findings)
        self.answer.show_result(result)
        check = self._check
        assert check is not None, "there is a result"
        self.text.set_text(network_text(result, check.rules, check.network.settings, check.computer))

    def _show_idle(self) -> None:
        has_run = self._result is not None and self._result.at is not None
        self.run_button.setText(self.tr("&Run again") if has_run else self.tr("&Run the check"))
        self.run_button.set_icon("start")
        self.run_button.set_kind(Kind.PRIMARY)

    def _show_way(self) -> None:
        check = self._check
        assert check is not None, "the settings are shown once they are known"
        self.answer.set_way(way_words(check.network.settings), check.network.password_place)

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        if [finding.address for finding in findings] == [row.finding.address for row in self.rows.values()]:
            for finding in findings:
                self.rows[finding.address.id].show_finding(finding, is_running=self._is_running)
            return
        rows: dict[str, AddressRow] = {}
        self._turns.begin(
            self._clear_lines,
            *(partial(self._add_row, finding, rows) for finding in findings),
            lambda: self._finish(rows),
        )

    def _clear_lines(self) -> None:
        self.rows = {}
        while self._lines.count():
            widget = self._lines.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add_row(self, finding: Finding, rows: dict[str, AddressRow]) -> None:
        row = rows[finding.address.id] = AddressRow(self._theme, finding)
        row.show_finding(finding, is_running=self._is_running)
        self._lines.addWidget(divided(row))

    def _finish(self, rows: dict[str, AddressRow]) -> None:
        """More may have been found meanwhile."""
        self.rows = rows
        if self._result is not None:
            self._show_findings(self._result.findings)

    # Doing

    def _on_run_clicked(self) -> None:
        if self._is_running:
            self.cancel()
        else:
            self.run()

    def _make_sheet(self) -> None:
        assert self._check is not None, "asked before"
        sheet = self._made = NetworkSheet(self._theme, self._check.network, self._notices, self._pick_ca, parent=self)
        sheet.hide()
        sheet.saved.connect(self._on_settings_saved)
        sheet.cancelled.connect(self.room.close_sheet)

    def _dock_sheet(self) -> None:
        sheet, self._made = self._made, None
        if sheet is not None:
            self.room.open_sheet(sheet)
            focus_by_keyboard(sheet.first_focus())

    def _on_settings_saved(self) -> None:
        self.room.close_sheet()
        self._show_way()
        self.run()

    async def _pick_ca(self) -> Path | None:
        kinds = self.tr("Certificates (*.pem *.crt *.cer *.der);;All files (*)")
        return await self._asking.open_file(self.tr("Choose the CA’s certificate"), kinds)

    def _on_save_requested(self) -> None:
        async def save() -> Path | None:
            kinds = self.tr("Text (*.txt)")
            path = await self._asking.save_file(self.tr("Save the text"), "connection-check.txt", kinds)
            if path is not None:
                await save_text(path, self.text.text)
            return path

        def tell(path: Path | None) -> None:
            if path is not None:
                self.text.show_saved(path.name)

        self._calls.run("save", save, doing=self.tr("Saving the text"), on_result=tell)
