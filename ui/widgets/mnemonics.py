"""Alt letters within one part of a window, for sheets: Qt offers each letter to the whole window at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from ui.widgets.focus_ring import focus_by_keyboard

_SPECIAL = 0x01000000
"""Keys from here on write no character, such as F4."""


def is_alt_letter(event: QEvent) -> bool:
    """Whether Alt is held with a key that writes a character; Alt with the space bar is the system's."""
    if not isinstance(event, QKeyEvent):
        return False
    is_letter = Qt.Key.Key_Space < event.key() < _SPECIAL
    return is_letter and event.modifiers() == Qt.KeyboardModifier.AltModifier


def follow_alt_letter(root: QWidget, event: QKeyEvent) -> None:
    """Press the button, or go to the field, that shows this letter within `root`; the first one where two do."""
    wanted = QKeySequence(event.keyCombination())
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root) or not widget.isEnabled():
            continue
        if isinstance(widget, QAbstractButton) and QKeySequence.mnemonic(widget.text()) == wanted:
            focus_by_keyboard(widget, Qt.FocusReason.ShortcutFocusReason)
            widget.click()
            return
        if isinstance(widget, QLabel) and QKeySequence.mnemonic(widget.text()) == wanted:
            buddy = widget.buddy()
            if buddy is not None:
                focus_by_keyboard(buddy, Qt.FocusReason.ShortcutFocusReason)
                return
