"""Grounds and lines: what cards, panels, wells and dividers are drawn as."""

from enum import Enum

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QWidget

from ui.theme import palette as places
from ui.theme.theme import Theme
from ui.theme.tokens import Radius, Status, Stroke
from ui.widgets.painting import fill_box, outline_box, painting


class Ground(Enum):
    """What a surface lies on: where its colour and its line are in the palette, and whether it is a box."""

    CARD = (places.CARD, places.BORDER)
    RAISED = (places.RAISED, places.BORDER)
    WELL = (places.WELL, places.DIVIDER)
    DOCKED = (places.RAISED, None)
    """Stands at the right edge of a page: a line at its left, no box."""


class Surface(QFrame):
    """A frame on a ground. Leave 1 px for its line in the margins of the layout."""

    def __init__(self, ground: Ground | None, parent: QWidget | None = None) -> None:
        """Without a ground it is a plain frame that shows what lies below."""
        super().__init__(parent)
        self._ground = ground

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._ground is None:
            return
        palette = self.palette()
        fill, line = self._ground.value
        with painting(self) as painter:
            if line is None:
                painter.fillRect(self.rect(), palette.color(fill))
                painter.fillRect(QRect(0, 0, Stroke.HAIRLINE, self.height()), palette.color(places.BORDER))
                return
            fill_box(painter, self.rect(), palette.color(fill), Radius.CARD)
            outline_box(painter, self.rect(), self.line_color(palette.color(line)), Radius.CARD)

    def line_color(self, usual: QColor) -> QColor:
        """The colour of its line; a card that is about what is wrong has another than usual."""
        return usual


class TintedBox(QFrame):
    """A box in the tint of a status: a banner, a verdict, the door to the practice vault."""

    def __init__(self, theme: Theme, status: Status, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._status = status

    def set_status(self, status: Status) -> None:
        """Wear another tint."""
        self._status = status
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tint = self._theme.colors.statuses[self._status]
        with painting(self) as painter:
            fill_box(painter, self.rect(), tint.ground, Radius.CARD)
            outline_box(painter, self.rect(), tint.border, Radius.CARD)


def lie_on_chrome(widget: QWidget) -> None:
    """Give a part of the frame around the pages its ground."""
    _fill(widget, places.CHROME)


def lie_on_content(widget: QWidget) -> None:
    """Give a page the ground of the pages, where it does not stand in the content frame."""
    _fill(widget, places.CONTENT)


def horizontal_line(*, on_raised: bool = False) -> QWidget:
    """A divider across. In sheets and panels (`on_raised`) it is as strong as the border, or it would not be seen."""
    line = QWidget()
    line.setFixedHeight(Stroke.HAIRLINE)
    _fill(line, places.BORDER if on_raised else places.DIVIDER)
    return line


def vertical_line() -> QWidget:
    """A divider from top to bottom."""
    line = QWidget()
    line.setFixedWidth(Stroke.HAIRLINE)
    _fill(line, places.DIVIDER)
    return line


def _fill(widget: QWidget, place: QPalette.ColorRole) -> None:
    widget.setBackgroundRole(place)
    widget.setAutoFillBackground(True)
