"""Questions to the user that a coroutine can await: confirmations and file pickers.

Everything opens with `open()` and answers through a future. A blocking `exec()` would break every other task of the
one loop.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.turns import Turns
from ui.widgets.form_field import TextField
from ui.widgets.labels import StatusLine, Text, breakable
from ui.widgets.modal_sheet import ModalSheet


class SheetHost(Protocol):
    """What opens modal sheets: the main window."""

    def open_sheet(self, sheet: ModalSheet) -> None:
        """Open `sheet`; it is deleted once it is closed."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide. `yes` is a verb, never "OK"; `effects` are told one below the other, gravest first."""

    title: str
    text: str
    yes: str
    effects: tuple[tuple[Status, str], ...] = ()


class NameConfirmation(TextField):
    """Type the name of the thing to go on; upper and lower case are the same, as they are in Azure."""

    matched_changed = Signal(bool)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent=parent)
        self._name = name
        self.set_label(self.tr("Type {} to go on").format(breakable(name.replace("&", "&&"))), may_wrap=True)
        self.edit.setObjectName("confirm_name")
        self._was_matched = False
        self.value_edited.connect(self._on_value_edited)

    @property
    def is_matched(self) -> bool:
        """True once the name stands there."""
        return self.text.strip().casefold() == self._name.casefold()

    def _on_value_edited(self) -> None:
        self.set_issue(None if self.is_matched else self.tr("Type {}.").format(self._name))
        if self.is_matched is not self._was_matched:
            self._was_matched = self.is_matched
            self.matched_changed.emit(self.is_matched)


class QuestionSheet(ModalSheet):
    """A question as a sheet, with what will happen and, where it is grave, the name to be typed."""

    def __init__(
        self, theme: Theme, question: Question, name: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, question.title, submit=question.yes, parent=parent)
        self.setObjectName("question")
        self.body.addWidget(Text(question.text, wrap=True))
        for status, text in question.effects:
            self.body.addWidget(StatusLine(theme, status, text))
        self._confirmation: NameConfirmation | None = None
        if name is not None:
            self._confirmation = NameConfirmation(theme, name)
            self.body.addWidget(self._confirmation)
        self.body.addStretch(1)
        self.is_agreed = False
        self.submitted.connect(self._on_submitted)

    def _on_submitted(self) -> None:
        if self._confirmation is not None and not self._confirmation.is_matched:
            self._confirmation.set_issue(self.tr("This has to be the name, as it stands above."))
            self._confirmation.reveal()
            self._confirmation.edit.setFocus()
            return
        self.is_agreed = True
        self.close_sheet()


class Asking:
    """Asks in one window. A cancelled task takes its question off the screen."""

    def __init__(self, theme: Theme, host: SheetHost, window: QWidget) -> None:
        self._theme = theme
        self._host = host
        self._window = window
        self._turns = Turns(window)
        self._made: list[ModalSheet] = []

    def open_sheet(self, sheet: ModalSheet) -> None:
        """Open a sheet of somebody else's, which asks for more than a question does.

        Making it was enough for this turn of the loop, so it opens in another.
        """
        self._made.append(sheet)
        self._turns.begin(*[self._open_made] * len(self._made))

    def _open_made(self) -> None:
        self._host.open_sheet(self._made.pop(0))

    async def confirm(self, question: Question) -> bool:
        """True if the user pressed the verb; Cancel, Esc and the cross are no."""
        return await self._ask(QuestionSheet(self._theme, question))

    async def confirm_by_name(self, question: Question, name: str) -> bool:
        """The same for what cannot be undone: the verb works only once `name` was typed."""
        return await self._ask(QuestionSheet(self._theme, question, name))

    async def open_file(self, title: str, kinds: str = "") -> Path | None:
        """Pick a file to read; `kinds` as Qt writes them, such as "Drafts (*.json)"."""
        dialog = QFileDialog(self._window, title, "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return await self._pick(dialog)

    async def open_files(self, title: str, kinds: str = "") -> tuple[Path, ...]:
        """Pick some files to read; none when the question was closed."""
        dialog = QFileDialog(self._window, title, "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        return await self._pick_all(dialog)

    async def open_folder(self, title: str) -> Path | None:
        """Pick a folder to write into."""
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return await self._pick(dialog)

    async def save_file(self, title: str, suggested: str, kinds: str = "") -> Path | None:
        """Pick where to write; the system asks by itself before a file is replaced."""
        dialog = QFileDialog(self._window, title, "", kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.selectFile(suggested)
        return await self._pick(dialog)

    async def _ask(self, sheet: QuestionSheet) -> bool:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def settle() -> None:
            if not answer.done():
                answer.set_result(sheet.is_agreed)

        sheet.closed.connect(settle)
        self._host.open_sheet(sheet)
        try:
            return await answer
        except asyncio.CancelledError:
            sheet.close_sheet()
            raise

    async def _pick(self, dialog: QFileDialog) -> Path | None:
        return next(iter(await self._pick_all(dialog)), None)

    async def _pick_all(self, dialog: QFileDialog) -> tuple[Path, ...]:
        answer: asyncio.Future[tuple[Path, ...]] = asyncio.get_running_loop().create_future()

        def settle(result: int) -> None:
            if not answer.done():
                answer.set_result(tuple(map(Path, dialog.selectedFiles())) if result else ())

        dialog.finished.connect(settle)
        dialog.open()
        try:
            return await answer
        finally:
            dialog.close()
            dialog.deleteLater()
