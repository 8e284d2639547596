"""Brings what the program leads to into view, with what is said of it."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QWidget
from shiboken6 import isValid

from ui.theme.tokens import Height, Space
from ui.widgets.card import Card
from ui.widgets.form_field import FormField


def bring_into_view(widget: QWidget) -> None:
    """Scroll so that the field or card around `widget` is seen, as its message stands below; once that has its place.

    Of a card that is too high for the page, `widget` and what stands right above and below it; its end first. Of a
    table in such a card its current row, and the words down to the end of the card if both have room.
    """
    QTimer.singleShot(0, widget, partial(_scroll_to, widget))


def _scroll_to(widget: QWidget) -> None:
    if not isValid(widget):
        return
    area = next((each for each in _above(widget) if isinstance(each, QScrollArea)), None)
    if area is None:
        return
    around = next((each for each in _above(widget) if isinstance(each, Card | FormField)), widget)
    inner, room = area.widget(), area.viewport().height()
    if isinstance(widget, QAbstractItemView):
        widget.scrollTo(widget.currentIndex())
    if not inner.isAncestorOf(around) or around.height() + 2 * Space.M > room:
        top = widget.mapTo(inner, QPoint(0, 0)).y() - Height.CARD_HEAD
        bottom = widget.mapTo(inner, QPoint(0, widget.height())).y() + 2 * Height.ROW
        if isinstance(widget, QAbstractItemView):
            row = widget.visualRect(widget.currentIndex())
            end = around.mapTo(inner, QPoint(0, around.height())).y() + Space.M
            if widget.viewport().mapTo(inner, row.topLeft()).y() - Space.M >= end - room:
                bottom = end
    else:
        top = around.mapTo(inner, QPoint(0, 0)).y() - Space.M
        bottom = top + around.height() + 2 * Space.M
    bar = area.verticalScrollBar()
    if bottom - top > room or bottom > bar.value() + room:
        bar.setValue(bottom - room)
    elif top < bar.value():
        bar.setValue(top)


def _above(widget: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()
