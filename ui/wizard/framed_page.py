"""A wizard page with the usual frame: header with title and purpose, banners, body, and room for a docked sheet."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Space, Stroke, TextStyle
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.page import Page
from ui.widgets.sheet_room import SheetRoom
from ui.wizard.page import WizardPage

_EMPTY = 9 * Height.ROW
"""Room for the message that stands where no rows are."""

_LINES = 3 * Stroke.HAIRLINE
"""A card's frame, and the line below its head."""


class FramedPage(WizardPage):
    """Fill `frame.body`; open sheets in `room`."""

    def __init__(self, theme: Theme, *, scrolls: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        step = self.step
        self.frame = Page(step.title, step.purpose, scrolls=scrolls)
        self.room = SheetRoom(self.frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.room)

    def set_banners(self, banners: QWidget) -> None:
        """Stand the window's banners below the header."""
        self.frame.set_banners(banners)


def fit_card(card: Card, table: TableView[Any], below: QWidget | None = None) -> None:
    """Let `card` be as high as its table's rows and what stands below them, and no higher; a long table scrolls."""
    rows = table.model.rowCount()  # heads of groups are rows too
    needed = Height.CARD_HEAD + (table.height_of_rows(rows) if rows else Height.ROW + _EMPTY)
    if below is not None and below.isVisibleTo(card):
        needed += _height_at(below, card.width())
    card.setMaximumHeight(needed + _LINES)


def _height_at(widget: QWidget, width: int) -> int:
    """Text that wraps wants more room than it takes at its width."""
    return widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()


class RefitCard(Card):
    """A card that is fitted again when its width changes: what stands below its table wraps then.

    Signals:
        width_changed: it is wider or narrower now.
    """

    width_changed = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.width_changed.emit()


def below_label(button: QWidget) -> QVBoxLayout:
    """`button` in one line with the control of a form field, whose label stands above it."""
    column = QVBoxLayout()
    column.setSpacing(Space.XS)
    column.addWidget(Text(" ", TextStyle.LABEL))
    column.addWidget(button)
    column.addStretch(1)
    return column
