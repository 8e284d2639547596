"""The page where machines are chosen, with machines that may be and some that may not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.protection import OsType, Presence, ProtectableItem
from app.flows.checks_replication import check_enable
from app.flows.draft import SetUpDraft
from tests.support import estates
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.wizard.pages.enable import EnablePage
from ui.wizard.pages.enable_rows import MachineRow

Show = Callable[[QWidget], Awaitable[None]]
WEB = estates.machine("WEB-01")
SQL = estates.machine("SQL-PROD-01", os_gib=127, data_gib=(500, 200))
SPACE = estates.machine("WEB 05")
UNKNOWN = estates.machine("APPLIANCE", os_type=OsType.UNKNOWN)
TOO_LARGE = estates.machine("APP-PAYROLL", os_gib=2400)
SHARED = replace(estates.machine("CLU-SQL-A"), has_shared_vhd=Presence.PRESENT)
DONE = replace(estates.machine("PRINT01"), protection_status="Protected")
ITEMS = (WEB, SQL, SPACE, UNKNOWN, TOO_LARGE, SHARED, DONE)


class Opened:
    """The page with what it emitted; edits are loaded back as the wizard does."""

    def __init__(self, theme: Theme, items: tuple[ProtectableItem, ...], chosen: tuple[ProtectableItem, ...]) -> None:
        self.context = estates.context(estates.contoso(protectable_items=items))
        self.before = replace(estates.ready_draft(), machines=tuple(estates.choice(item) for item in chosen))
        self.draft = self.before
        self.page = EnablePage(theme)
        self.requests: list[object] = []
        self.edits = 0
        self.page.draft_edited.connect(self.take)
        self.page.requested.connect(self.requests.append)
        self.page.resize(1100, 780)
        self.page.load(self.draft, self.context)

    def take(self, draft: SetUpDraft) -> None:
        self.edits += 1
        self.draft = draft
        self.check(insist=False)

    def check(self, *, insist: bool) -> None:
        self.page.show_issues(check_enable(self.draft, self.context), insist=insist)

    def row(self, item: ProtectableItem) -> MachineRow:
        row = self.page.table.model.record(item.name)
        assert row is not None
        return row

    def go_to(self, item: ProtectableItem, column: str = "machine") -> None:
        self.page.table.grid.make_current(item.name, column)

    def cell(self, item: ProtectableItem, column: str) -> str:
        model = self.page.table.model
        row = model.row_of(item.name)
        assert row is not None
        return str(model.index(row, model.section_of(column)).data())

    def chosen_names(self) -> list[str]:
        return [choice.name for choice in self.draft.machines]

    async def type_name(self, qtbot: QtBot, item: ProtectableItem, text: str) -> None:
        """F2, the text, Enter, as a person does."""
        self.go_to(item, "azure_name")
        grid = self.page.table.grid
        qtbot.keyClick(grid, Qt.Key.Key_F2)
        editor = QApplication.focusWidget()
        assert isinstance(editor, QLineEdit)
        editor.setText(text)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        await until(lambda: grid.state() is not grid.State.EditingState, what="the editor to close")

    def button(self, name: str) -> QWidget:
        found = self.page.findChild(QWidget, name)
        assert found is not None, name
        return found

    def press(self, qtbot: QtBot, name: str) -> None:
        qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)


Open = Callable[..., Awaitable[Opened]]
