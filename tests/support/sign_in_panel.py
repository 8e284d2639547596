"""The panel to sign in as a person meets it: ways are clicked, fields typed into, buttons pressed, all by name."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.ports.sign_in import SignedIn, SignIn, SignInMethod
from tests.support.waiting import until
from ui.notices import NoticeHub
from ui.sign_in.panel import SignInPanel
from ui.theme.theme import Theme
from ui.widgets.form_field import FormField
from ui.widgets.picker import Picker

W = TypeVar("W", bound=QWidget)


class FilePicker:
    """Stands in for the system's dialog: hands out the file that it was given."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self.titles: list[str] = []

    async def open_file(self, title: str, kinds: str = "") -> Path | None:
        self.titles.append(title)
        return self.file


class PanelBench:
    """Attributes:
    opened: the pages that the panel had opened.
    signed_in: what it told.
    """

    def __init__(self, theme: Theme, port: SignIn, *, within_s: dict[SignInMethod, int] | None = None) -> None:
        self.port = port
        self.window = QWidget()
        self.window.resize(900, 800)
        self.notices = NoticeHub()
        self.files = FilePicker()
        self.opened: list[str] = []
        self.signed_in: list[SignedIn] = []
        self.time = 0.0

        async def open_sign_in() -> SignIn:
            return port

        self.panel = SignInPanel(
            theme,
            open_sign_in,
            self.notices,
            self.files,  # type: ignore[arg-type]
            open_page=self.opened.append,
            within_s=within_s,
        )
        self.panel.signed_in.connect(self.signed_in.append)
        column = QVBoxLayout(self.window)
        column.addWidget(self.panel)

    async def is_prepared(self) -> None:
        """Wait until it knows this computer. A task must not be left between a fixture and its test: nobody runs it."""
        await until(lambda: self.kept and "Looking" not in self.kept)

    async def leave(self) -> None:
        """Close it, and wait until nobody signs in any more."""
        self.panel.cancel()
        await asyncio.sleep(0)
        self.panel._calls.cancel_all()
        await no_one_signs_in()

    def find(self, kind: type[W], name: str) -> W:
        found = self.panel.findChild(kind, name)
        assert found is not None, name
        return found

    def choose(self, method: SignInMethod) -> None:
        self.press(f"sign-in-way-{method.value}")
        assert self.panel.form.method is method

    def name_cloud(self, address: str, ca: Path | None = None) -> None:
        self.pick_cloud("other")
        self.type("sign-in-address", address)
        self.type("sign-in-ca", "" if ca is None else str(ca))

    def pick_cloud(self, key: str) -> None:
        picker = self.find(Picker, "sign-in-cloud")
        picker.setCurrentIndex([option.key for option in picker.options].index(key))
        picker.activated.emit(picker.currentIndex())

    def type(self, name: str, text: str) -> None:
        edit = self.find(QLineEdit, name)
        assert edit.isVisible(), name
        edit.setFocus()
        edit.selectAll()
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        QTest.keyClicks(edit, text)

    def press(self, name: str) -> None:
        button = self.find(QAbstractButton, name)
        assert button.isVisible(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def sign_in(self) -> None:
        self.press("sign-in-go")

    async def is_signed_in(self) -> SignedIn:
        await until(lambda: self.signed_in or self.refusal or self.field_messages, within_s=30, what="an answer")
        assert self.signed_in, (self.refusal, self.field_messages)
        return self.signed_in[-1]

    async def is_refused(self) -> None:
        await until(
            lambda: not self.panel.is_busy and (self.refusal or self.field_messages), within_s=30, what="a refusal"
        )
        assert self.signed_in == []

    @property
    def kept(self) -> str:
        """What it says about keeping the sign-in."""
        return self.find(QAbstractButton, "sign-in-keep").accessibleDescription()

    @property
    def refusal(self) -> str:
        return self.panel.refusal.text

    @property
    def field_messages(self) -> dict[str, str]:
        """What stands in red, by the label of the field."""
        fields = [field for field in self.panel.findChildren(FormField) if field.isVisible() and field.has_issue]
        return {field.control.accessibleName(): field.message for field in fields if field.message}

    @property
    def words(self) -> list[str]:
        """Everything that any part of the panel holds as text, hidden or not, and what it tells a screen reader."""
        told: list[str] = []
        for part in [self.panel, *self.panel.findChildren(QWidget)]:
            told += [part.accessibleName(), part.accessibleDescription(), part.toolTip(), part.objectName()]
            if isinstance(part, QLabel | QAbstractButton):
                told.append(part.text())
            if isinstance(part, QLineEdit):
                part.undo()  # what could be brought back counts as held
                told.append(part.text())
                part.redo()
            if isinstance(part, QPlainTextEdit):
                told.append(part.toPlainText())
        return told

    def shows(self, name: str) -> bool:
        return self.find(QWidget, name).isVisible()

    def text(self, name: str) -> str:
        return self.find(QLabel, name).text()


async def no_one_signs_in() -> None:
    """Wait for the threads of sign-ins that were given up."""
    waiting = [thread for thread in threading.enumerate() if thread.name.startswith("sign-in")]
    for thread in waiting:
        await until(lambda thread=thread: not thread.is_alive(), within_s=30, what="a sign-in to be given up")  # type: ignore[misc]
