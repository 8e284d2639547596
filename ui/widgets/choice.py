"""Choices: check boxes and radio buttons whose words may wrap, and cards to choose one of.

The detail of one that can’t be chosen says why, so that it stays as easy to read as any other.
"""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, TextStyle, Width
from ui.widgets.painting import fill_box, outline_box, painting

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextShowMnemonic)


def paint_check_box(
    painter: QPainter, theme: Theme, rect: QRect, state: Qt.CheckState, *, enabled: bool = True
) -> None:
    """Draw a check box of 16 px in the middle of `rect`, for forms and for the delegates of tables."""
    box = QRect(QPoint(0, 0), QSize(Height.CHECK, Height.CHECK))
    box.moveCenter(rect.center())
    colors = theme.colors
    if state is Qt.CheckState.Unchecked or not enabled:
        fill_box(painter, box, colors.control if enabled else colors.well, Radius.CONTROL)
        outline_box(painter, box, colors.control_strong if enabled else colors.border, Radius.CONTROL)
    else:
        fill_box(painter, box, colors.accent, Radius.CONTROL)
    if state is not Qt.CheckState.Unchecked:
        mark = "check" if state is Qt.CheckState.Checked else "partly"
        theme.paint_icon(painter, box.adjusted(2, 2, -2, -2), mark, Role.ON_ACCENT if enabled else Role.TEXT3)


def paint_radio_mark(painter: QPainter, theme: Theme, rect: QRect, *, checked: bool, enabled: bool = True) -> None:
    """Draw a radio button's ring of 16 px in the middle of `rect`."""
    ring = QRect(QPoint(0, 0), QSize(Height.CHECK, Height.CHECK))
    ring.moveCenter(rect.center())
    colors = theme.colors
    radius = Height.CHECK / 2
    if checked and enabled:
        fill_box(painter, ring, colors.accent, radius)
        fill_box(painter, ring.adjusted(5, 5, -5, -5), colors.on_accent, radius)
        if colors.high_contrast:  # a chosen card has the colour of the ring
            outline_box(painter, ring, colors.on_accent, radius)
        return
    fill_box(painter, ring, colors.control if enabled else colors.well, radius)
    outline_box(painter, ring, colors.control_strong if enabled else colors.border, radius)
    if checked:
        fill_box(painter, ring.adjusted(5, 5, -5, -5), colors.text3, radius)


class _Words:
    """Words and a line of detail beside a mark, both wrapped to the width at hand."""

    def __init__(
        self, theme: Theme, button: QAbstractButton, detail: str, *, left: int, style: TextStyle = TextStyle.BODY
    ) -> None:
        self._theme = theme
        self._button = button
        self._left = left
        self._style = style
        self.detail = detail
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        button.setSizePolicy(policy)
        button.setAccessibleDescription(detail)

    def places(self, width: int) -> tuple[QRect, QRect]:
        """Where words and detail go if the whole is `width` wide."""
        room = max(width - self._left, 1)
        height = max(self._theme.height_of(self._button.text(), self._style, room), Height.CHECK + 2)
        words = QRect(self._left, 0, room, height)
        if not self.detail:
            return words, QRect(words.left(), words.bottom() + 1, words.width(), 0)
        height = self._theme.height_of(self.detail, TextStyle.CAPTION, room)
        return words, QRect(words.left(), words.bottom() + 3, words.width(), height)

    def height_for(self, width: int) -> int:
        """How high the whole is then."""
        return self.places(width)[1].bottom() + 1

    def natural_size(self) -> QSize:
        """As wide as the longer line, within what reads well."""
        widest = self._theme.width_of(self._button.text(), self._style)
        if self.detail:
            widest = max(widest, self._theme.width_of(self.detail, TextStyle.CAPTION))
        width = min(widest + 2, Width.READING) + self._left
        return QSize(width, self.height_for(width))

    def paint(self, painter: QPainter, width: int, *, words_role: Role, detail_role: Role) -> None:
        """Draw both at the painter's origin."""
        words, detail = self.places(width)
        painter.setFont(self._theme.font(self._style))
        painter.setPen(self._theme.color(words_role))
        painter.drawText(words, _WRAP | int(Qt.AlignmentFlag.AlignVCenter), self._button.text())
        if self.detail:
            painter.setFont(self._theme.font(TextStyle.CAPTION))
            painter.setPen(self._theme.color(detail_role))
            painter.drawText(detail, _WRAP, self.detail)

    def mark_place(self) -> QRect:
        """Where the mark goes: in the middle of the first line."""
        line = max(self._theme.metrics(self._style).height(), Height.CHECK + 2)
        return QRect(0, (line - Height.CHECK) // 2, Height.CHECK, Height.CHECK)


class CheckBox(QCheckBox):
    """A check box whose words may be a whole sentence to agree to."""

    def __init__(self, theme: Theme, text: str, detail: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._words = _Words(theme, self, detail, left=Height.CHECK + Space.CELL)

    def set_detail(self, detail: str) -> None:
        """Change the line below the words."""
        self._words.detail = detail
        self.setAccessibleDescription(detail)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self._words.natural_size()

    def minimumSizeHint(self) -> QSize:
        return QSize(Height.CHECK, Height.CHECK + 2)

    def heightForWidth(self, width: int) -> int:
        return self._words.height_for(width)

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        enabled = self.isEnabled()
        with painting(self) as painter:
            paint_check_box(painter, self._theme, self._words.mark_place(), self.checkState(), enabled=enabled)
            self._words.paint(
                painter,
                self.width(),
                words_role=Role.TEXT if enabled else Role.TEXT3,
                detail_role=Role.TEXT2,
            )


class RadioButton(QRadioButton):
    """A radio button with a line of detail below its words."""

    def __init__(self, theme: Theme, text: str, detail: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._words = _Words(theme, self, detail, left=Height.CHECK + Space.CELL)

    def set_detail(self, detail: str) -> None:
        """Change the line below the words."""
        self._words.detail = detail
        self.setAccessibleDescription(detail)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self._words.natural_size()

    def minimumSizeHint(self) -> QSize:
        return QSize(Height.CHECK, Height.CHECK + 2)

    def heightForWidth(self, width: int) -> int:
        return self._words.height_for(width)

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        enabled = self.isEnabled()
        with painting(self) as painter:
            paint_radio_mark(painter, self._theme, self._words.mark_place(), checked=self.isChecked(), enabled=enabled)
            self._words.paint(
                painter,
                self.width(),
                words_role=Role.TEXT if enabled else Role.TEXT3,
                detail_role=Role.TEXT2,
            )


class ChoiceCard(QRadioButton):
    """One of a few large answers: icon, words, detail, and a ring that says which is chosen."""

    _PAD_X = Space.CARD_X
    _PAD_Y = Space.M

    def __init__(self, theme: Theme, icon: str, text: str, detail: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._concept = icon
        self._words = _Words(theme, self, detail, left=IconSize.CARD + Space.M, style=TextStyle.STRONG)

    def sizeHint(self) -> QSize:
        size = self._words.natural_size()
        return QSize(size.width() + self._beside(), size.height() + 2 * self._PAD_Y)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._beside() + IconSize.CARD, Height.CARD_HEAD)

    def heightForWidth(self, width: int) -> int:
        return self._words.height_for(width - self._beside()) + 2 * self._PAD_Y

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        chosen, enabled = self.isChecked(), self.isEnabled()
        ground = colors.selection if chosen else colors.hover if self.underMouse() and enabled else colors.card
        with painting(self) as painter:
            fill_box(painter, self.rect(), ground, Radius.CARD)
            outline_box(painter, self.rect(), colors.accent if chosen else colors.border, Radius.CARD)
            ring = QRect(self.width() - self._PAD_X - Height.CHECK, self._PAD_Y, Height.CHECK, Height.CHECK + 2)
            paint_radio_mark(painter, self._theme, ring, checked=chosen, enabled=enabled)
            painter.translate(self._PAD_X, self._PAD_Y)
            words = Role.HIGHLIGHTED if chosen else Role.TEXT if enabled else Role.TEXT3
            place = QRect(0, 0, IconSize.CARD, IconSize.CARD)
            icon = Role.ACCENT if chosen and not colors.high_contrast else words
            self._theme.paint_icon(painter, place, self._concept, icon)
            detail = words if chosen and colors.high_contrast else Role.TEXT2
            self._words.paint(painter, self.width() - self._beside(), words_role=words, detail_role=detail)

    def _beside(self) -> int:
        return 2 * self._PAD_X + Height.CHECK + Space.M
