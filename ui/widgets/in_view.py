"""Brings what the program leads to into view, with what is said of it."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from ui.theme.tokens import Space
from ui.widgets.card import Card
from ui.widgets.form_field import FormField


def bring_into_view(widget: QWidget) -> None:
    """Scroll so that the field or card around `widget` is seen, as its message stands below; once that has its place.

    Of a card that is too high for the page, `widget` alone.
    """
    QTimer.singleShot(0, widget, partial(_scroll_to, widget))


def _scroll_to(widget: QWidget) -> None:
    if not isValid(widget):
        return
    area = next((each for each in _above(widget) if isinstance(each, QScrollArea)), None)
    if area is None:
        return
    around = next((each for each in _above(widget) if isinstance(each, Card | FormField)), widget)
    fits = area.isAncestorOf(around) and around.height() <= area.viewport().height()
    area.ensureWidgetVisible(around if fits else widget, 0, Space.M)


def _above(widget: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()
