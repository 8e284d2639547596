"""Rows of tags are counted anew when one goes, so that a screen reader never reads the same number twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.theme import Theme
from ui.widgets.tag_rows import TagRows

Show = Callable[[QWidget], Awaitable[None]]


async def test_what_is_wrong_is_red_at_its_own_field(theme: Theme, shown: Show) -> None:
    rows = TagRows(theme)
    await shown(rows)
    rows.set_tags((("owner", "v" * 300), ("own<er", "ann")))
    rows.set_problems({"tags[0].value": "This value is too long.", "tags[1].name": "No < in a name.", "name": "Other"})
    rows.reveal()
    wrong = {edit.objectName(): edit.accessibleDescription() for edit in rows.findChildren(QLineEdit)}
    assert wrong == {
        "tag-name-0": "",
        "tag-value-0": "This value is too long.",
        "tag-name-1": "No < in a name.",
        "tag-value-1": "",
    }
    assert rows.first_wrong is not None
    assert rows.first_wrong.objectName() == "tag-value-0"


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
