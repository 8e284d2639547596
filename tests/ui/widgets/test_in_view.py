"""A page that refuses to go on scrolls to what is wrong, with the words below it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QListWidget, QScrollArea, QVBoxLayout, QWidget

from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.widgets.card import Card
from ui.widgets.form_field import TextField
from ui.widgets.in_view import bring_into_view
from ui.widgets.page import scrolling

Show = Callable[[QWidget], Awaitable[None]]


class Form(QWidget):
    """A field, and a card with another one and words below it, far down a page."""

    def __init__(self, theme: Theme, card_height: int = 200) -> None:
        super().__init__()
        body = QVBoxLayout()
        high = QWidget()
        high.setFixedHeight(900)
        self.field = TextField(theme, "Name")
        self.card = Card("Accounts")
        self.card.setFixedHeight(card_height)
        self.inside = QWidget()
        self.card.body.addWidget(self.inside)
        for part in (high, self.field, self.card):
            body.addWidget(part)
        self.area: QScrollArea = scrolling(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area)
        self.resize(400, 300)

    def shows(self, widget: QWidget) -> bool:
        top = widget.mapTo(self.area.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + widget.height() <= self.area.viewport().height()


async def test_a_field_is_seen_with_the_words_that_appear_below_it(theme: Theme, shown: Show) -> None:
    form = Form(theme)
    await shown(form)
    form.field.set_issue("Use small letters. " * 12)
    form.field.reveal()
    bring_into_view(form.field.edit)
    await until(lambda: form.shows(form.field), what="the field in view")


async def test_of_a_card_all_is_seen_that_it_says(theme: Theme, shown: Show) -> None:
    form = Form(theme)
    await shown(form)
    bring_into_view(form.inside)
    await until(lambda: form.shows(form.card), what="the card in view")


async def test_of_a_card_that_is_too_high_the_part_is_seen(theme: Theme, shown: Show) -> None:
    form = Form(theme, card_height=800)
    form.inside.setFixedHeight(40)
    await shown(form)
    bring_into_view(form.inside)
    await until(lambda: form.shows(form.inside), what="the part in view")


async def test_what_does_not_scroll_is_left_alone(theme: Theme, shown: Show) -> None:
    field = TextField(theme, "Name")
    await shown(field)
    bring_into_view(field.edit)


async def test_of_a_part_that_is_too_high_the_end_is_seen_with_the_words_below(theme: Theme, shown: Show) -> None:
    form = Form(theme, card_height=800)
    form.inside.setFixedHeight(600)
    await shown(form)
    bring_into_view(form.inside)
    bar = form.area.verticalScrollBar()
    end = form.inside.mapTo(form.area.widget(), QPoint(0, form.inside.height())).y()
    await until(lambda: bar.value() + form.area.viewport().height() > end, what="the end in view")


async def test_of_a_table_in_a_card_that_is_too_high_the_current_row_is_seen_with_the_words_below(
    theme: Theme, shown: Show
) -> None:
    form = Form(theme, card_height=500)
    rows, words = QListWidget(), QLabel("What is wrong with it\n" * 6)
    rows.addItems([f"Row {number}" for number in range(80)])
    rows.setFixedHeight(300)
    form.card.body.addWidget(rows)
    form.card.body.addWidget(words)
    await shown(form)
    rows.setCurrentRow(60)
    rows.scrollToTop()
    bring_into_view(rows)
    await until(lambda: form.shows(words), what="the words in view")
    row = rows.visualRect(rows.currentIndex())
    assert rows.viewport().rect().contains(row)
    assert rows.viewport().mapTo(form.area.viewport(), row.topLeft()).y() >= 0
