"""A page of the wizard as a person meets it, without the wizard: what it emits is kept, edits are checked at once."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.flows.draft import SetUpDraft
from app.flows.step import Check, Context
from ui.widgets.picker import Picker
from ui.wizard.page import WizardPage

W = TypeVar("W", bound=QWidget)


class OpenedPage:
    """Drives `page` by object names. `draft` is what the wizard would hold now."""

    def __init__(self, page: WizardPage, check: Check, draft: SetUpDraft, context: Context) -> None:
        self.root = page
        self._check = check
        self.draft = draft
        self.context = context
        self.edits = 0
        self.requests: list[object] = []
        page.draft_edited.connect(self._take)
        page.requested.connect(self.requests.append)
        page.resize(1300, 780)
        self.load()

    def load(self) -> None:
        self.root.load(self.draft, self.context)
        self.check()

    def check(self, *, insist: bool = False) -> None:
        self.root.show_issues(self._check(self.draft, self.context), insist=insist)

    def find(self, kind: type[W], name: str) -> W:
        found = self.root.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, qtbot: QtBot, name: str) -> None:
        qtbot.mouseClick(self.find(QAbstractButton, name), Qt.MouseButton.LeftButton)

    def type(self, qtbot: QtBot, name: str, text: str) -> None:
        """Paste the text over what is there, as a person does who has it from somewhere."""
        edit = self.find(QLineEdit, name)
        edit.setFocus()
        edit.selectAll()
        if not text:
            qtbot.keyClick(edit, Qt.Key.Key_Delete)
            return
        QGuiApplication.clipboard().setText(text)
        edit.paste()

    def pick(self, name: str, text: str) -> None:
        """Pick the option that says `text`."""
        picker = self.find(Picker, name)
        picker.setCurrentIndex([option.text for option in picker.options].index(text))
        picker.activated.emit(picker.currentIndex())

    def _take(self, draft: SetUpDraft) -> None:
        self.edits += 1
        self.draft = draft
        self.check()
