"""Rows of tags are counted anew when one goes, so that a screen reader never reads the same number twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.theme import Theme
from ui.widgets.tag_rows import TagRows

Show = Callable[[QWidget], Awaitable[None]]


async def test_rows_after_one_that_went_are_counted_anew(theme: Theme, shown: Show, qtbot: QtBot) -> None:
    rows = TagRows(theme)
    await shown(rows)
    rows.set_tags((("a", "1"), ("b", "2"), ("c", "3")))
    remove = rows.findChild(QAbstractButton, "tag-remove-0")
    assert remove is not None
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(rows.add_button, Qt.MouseButton.LeftButton)
    names = [
        edit for edit in rows.findChildren(QLineEdit) if edit.isVisible() and edit.objectName().startswith("tag-n")
    ]
    assert [edit.accessibleName() for edit in names] == ["Name of tag 1", "Name of tag 2", "Name of tag 3"]
    assert [edit.text() for edit in names] == ["b", "c", ""]
