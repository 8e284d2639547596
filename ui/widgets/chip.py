"""The status chip: an icon and one to three words. Quiet unless something is wanted of the reader."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, Status, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting

_SIDE = Space.CHIP_OVERHANG + 1


def chip_width(theme: Theme, word: str, *, filled: bool) -> int:
    """How wide the chip of `word` is."""
    text = theme.width_of(word, TextStyle.LABEL)
    return IconSize.CHIP + Space.XS + text + (2 * _SIDE if filled else 0)


def paint_chip(
    painter: QPainter,
    theme: Theme,
    rect: QRect,
    status: Status,
    word: str,
    *,
    icon: str | None = None,
    highlighted: bool = False,
) -> None:
    """Draw a chip at the left of `rect`, in the middle of its height.

    A filled chip starts 6 px left of `rect`, so that the icons of a column stay in one line. `highlighted` is for
    selected rows in high contrast, where everything takes the colour of highlighted text.
    """
    filled = status.wants_action
    tint = theme.colors.statuses[status]
    color = theme.color(Role.HIGHLIGHTED) if highlighted else theme.status_color(status)
    word_color = color if filled or highlighted else theme.color(Role.TEXT)
    top = rect.top() + (rect.height() - Height.CHIP) // 2
    left = rect.left()
    if filled:
        box = QRect(left - _SIDE, top, chip_width(theme, word, filled=True), Height.CHIP)
        if not highlighted:
            fill_box(painter, box, tint.ground, Radius.CONTROL)
        outline_box(painter, box, color if highlighted else tint.border, Radius.CONTROL)
    middle = rect.top() + rect.height() / 2
    theme.paint_icon(
        painter,
        QRectF(left, middle - IconSize.CHIP / 2, IconSize.CHIP, IconSize.CHIP),
        icon or status_icon(status),
        color,
    )
    painter.setFont(theme.font(TextStyle.LABEL))
    painter.setPen(word_color)
    text = QRect(left + IconSize.CHIP + Space.XS, rect.top(), rect.right() - left, rect.height())
    painter.drawText(text, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), word)


class Chip(QWidget):
    """A chip that stands by itself. The word is the reason where there is one, not the category."""

    def __init__(
        self, theme: Theme, status: Status, word: str, *, icon: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._status = status
        self._word = word
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word)

    @property
    def word(self) -> str:
        """What it says."""
        return self._word

    @property
    def status(self) -> Status:
        """What it wants."""
        return self._status

    def set_status(self, status: Status, word: str, *, icon: str | None = None) -> None:
        """Say something else."""
        self._status, self._word, self._icon = status, word, icon
        self.setAccessibleName(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._theme, self._word, filled=self._status.wants_action), Height.CHIP)

    def paintEvent(self, event: QPaintEvent) -> None:
        left = _SIDE if self._status.wants_action else 0
        with painting(self) as painter:
            paint_chip(
                painter, self._theme, self.rect().adjusted(left, 0, 0, 0), self._status, self._word, icon=self._icon
            )


def in_column(chip: Chip, width: int) -> QWidget:
    """The chip at the left of a place of that width, where the words of quiet chips and of others begin alike."""
    place = QWidget()
    place.setFixedSize(width, Height.CHIP)
    room = QHBoxLayout(place)
    room.setContentsMargins(0 if chip.status.wants_action else _SIDE, 0, 0, 0)
    room.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
    return place
