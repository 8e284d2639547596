"""Alt with a letter inside a sheet: what lies below it in the same window must not hear it."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from ui.widgets.focus_ring import focus_by_keyboard

_MNEMONIC = re.compile(r"&([^&\s])")


class MnemonicKeys(QObject):
    """Looks for the letter in `sheet` alone, from now until `end`.

    Qt asks the whole window: a letter that is also given below the sheet would be ambiguous and only move the focus,
    and one that is given below alone would press a button there.
    """

    def __init__(self, sheet: QWidget) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._keys_of = sheet.window().windowHandle()
        if self._keys_of is not None:  # one that was never shown gets no keys
            self._keys_of.installEventFilter(self)

    def end(self) -> None:
        """Leave the letters to the window again."""
        if self._keys_of is not None:
            self._keys_of.removeEventFilter(self)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.modifiers() != Qt.KeyboardModifier.AltModifier:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        letter = _letter(event)
        if event.type() is not QEvent.Type.KeyPress or not letter:
            return False
        target = self._target(letter)
        if target is not None:
            focus_by_keyboard(target, Qt.FocusReason.ShortcutFocusReason)
            if isinstance(target, QAbstractButton):
                target.click()
        return True

    def _target(self, letter: str) -> QWidget | None:
        """The button with this letter, or what the label with it belongs to."""
        for widget in self._sheet.findChildren(QWidget):
            if not isinstance(widget, QAbstractButton | QLabel) or not widget.isVisible():
                continue
            target = widget.buddy() if isinstance(widget, QLabel) else widget
            if target is not None and target.isEnabled() and mnemonic_of(widget) == letter:
                return target
        return None


def mnemonic_of(widget: QAbstractButton | QLabel) -> str:
    """The letter that goes with Alt, lower-case; empty where there is none."""
    found = _MNEMONIC.search(widget.text().replace("&&", ""))
    return found[1].lower() if found else ""


def _letter(event: QKeyEvent) -> str:
    key = event.key()
    return chr(key).lower() if Qt.Key.Key_0 <= key <= Qt.Key.Key_Z else ""
