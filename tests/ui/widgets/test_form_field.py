"""The first red of a form field waits; everything after it is said at each key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.buttons import Button
from ui.widgets.focus_ring import lead_focus
from ui.widgets.form_field import TextField

ADVICE = "Use 3 to 24 lower-case letters and digits."


def check(text: str) -> str | None:
    return None if text.isalnum() and text == text.lower() and len(text) >= 3 else ADVICE


class Form(QWidget):
    """Two fields."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.name = TextField(theme, "Name", check=check, hint="Of the storage account")
        self.other = TextField(theme, "Other")
        layout = QVBoxLayout(self)
        layout.addWidget(self.name)
        layout.addWidget(self.other)


async def test_red_waits_until_the_field_is_left(theme, shown, qtbot) -> None:
    form = Form(theme)
    await shown(form)
    form.name.setFocus()
    qtbot.keyClicks(form.name.edit, "A")
    assert form.name.has_issue
    assert form.name.message == ""
    qtbot.keyClick(form.name.edit, Qt.Key.Key_Tab)
    assert form.other.edit.hasFocus()
    assert form.name.message == ADVICE
    assert form.name.edit.property("state") == "invalid"


async def test_red_shows_when_next_is_pressed(theme, shown) -> None:
    form = Form(theme)
    form.name.set_text("A")
    await shown(form)
    form.name.reveal()
    assert form.name.message == ADVICE


async def test_red_once_shown_goes_at_the_key_that_mends_it(theme, shown, qtbot) -> None:
    form = Form(theme)
    await shown(form)
    form.name.setFocus()
    qtbot.keyClicks(form.name.edit, "ab")
    qtbot.keyClick(form.name.edit, Qt.Key.Key_Tab)
    assert form.name.message == ADVICE
    form.name.setFocus()
    qtbot.keyClicks(form.name.edit, "c")
    assert form.name.message == ""
    assert form.name.edit.property("state") == ""


def test_fact_worth_knowing_shows_at_once(theme, qtbot) -> None:
    form = Form(theme)
    qtbot.addWidget(form)
    form.name.set_issue("Free. 3 to 24 lower-case letters and digits.", Status.OK)
    assert form.name.message.startswith("Free.")
    assert not form.name.has_issue


def test_screen_reader_hears_label_and_message(theme, qtbot) -> None:
    form = Form(theme)
    qtbot.addWidget(form)
    assert form.name.edit.accessibleName() == "Name"
    assert form.name.edit.accessibleDescription() == "Of the storage account"
    form.name.set_issue(ADVICE)
    form.name.reveal()
    assert form.name.edit.accessibleDescription() == ADVICE


def test_filling_the_field_is_no_edit(theme, qtbot) -> None:
    form = Form(theme)
    qtbot.addWidget(form)
    edits = []
    form.name.value_edited.connect(edits.append)
    form.name.set_text("contoso")
    assert edits == []


async def test_tab_does_not_leap_to_a_field_whose_control_was_moved_in_the_order(theme, shown, qtbot) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    first, last, field = Button(theme, "First"), Button(theme, "Last"), TextField(theme, "Name")
    for widget in (first, last, field):  # made last, as pages of the set-up are
        layout.addWidget(widget)
    await shown(window)
    QWidget.setTabOrder(first, field.edit)
    QWidget.setTabOrder(field.edit, last)
    last.setFocus()
    for stop in (first, field.edit, last):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert window.focusWidget() is stop


async def test_focus_given_to_a_field_goes_to_its_control(theme, shown) -> None:
    form = Form(theme)
    await shown(form)
    lead_focus(form.other)
    assert form.other.edit.hasFocus()
