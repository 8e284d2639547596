"""The parts of a protection goal, drawn: where the machines run, where they will run, and the only way between."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.flows.draft import GoalChoice
from app.flows.goal_picture import GoalPicture, Part, Place, picture_of
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Radius, Role, Space, Stroke, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting

_PART = 44
_ARROW = 6
_MIDDLE_LEAST = 112
_WRAP = int(Qt.TextFlag.TextWordWrap)


class GoalDiagram(QWidget):
    """Places that nobody has named yet have a dashed edge; what this program does not set up has it all over."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = picture_of(GoalChoice())
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_picture(self._picture)

    @property
    def picture(self) -> GoalPicture:
        """What is drawn."""
        return self._picture

    def show_picture(self, picture: GoalPicture) -> None:
        """Draw another goal."""
        self._picture = picture
        self.setAccessibleName(picture.words)
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        side = self._side_of(width)
        return max(self._height_of(place, side) for place in (self._picture.source, self._picture.target))

    def sizeHint(self) -> QSize:
        width = max(self.width(), 12 * _PART)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * _PART, 3 * _PART)

    def paintEvent(self, event: QPaintEvent) -> None:
        side = self._side_of(self.width())
        left = QRect(0, 0, side, self.height())
        right = QRect(self.width() - side, 0, side, self.height())
        with painting(self) as painter:
            self._paint_place(painter, left, self._picture.source)
            self._paint_place(painter, right, self._picture.target)
            self._paint_way(painter, left.right() + Space.S, right.left() - Space.S)

    def _side_of(self, width: int) -> int:
        words = (
            self._theme.width_of(self._picture.way, TextStyle.LABEL),
            self._theme.width_of(self._picture.way_detail, TextStyle.CAPTION),
        )
        middle = max(width // 6, _MIDDLE_LEAST, *(room + 2 * Space.L for room in words))
        return max((width - middle) // 2, 1)

    def _height_of(self, place: Place, side: int) -> int:
        parts = sum(self._part_height(part, side) + Space.S for part in place.parts)
        return self._head_height(place, side) + parts

    def _head_height(self, place: Place, side: int) -> int:
        room = side - 2 * Space.M - IconSize.SMALL - Space.S
        return self._theme.height_of(place.name, TextStyle.LABEL, room) + 2 * Space.S

    def _part_height(self, part: Part, side: int) -> int:
        room = self._part_room(side)
        words = self._theme.height_of(part.name, TextStyle.STRONG, room)
        detail = self._theme.height_of(part.detail, TextStyle.CAPTION, room)
        return max(_PART, words + detail + 2 * Space.S - 2)

    def _part_room(self, side: int) -> int:
        return side - 2 * Space.S - Space.M - IconSize.NAV - Space.M - Space.S

    def _paint_place(self, painter: QPainter, room: QRect, place: Place) -> None:
        colors = self._theme.colors
        fill_box(painter, room, colors.well, Radius.CARD)
        is_open = not place.is_answered or not self._picture.is_served
        self._outline(painter, room, Radius.CARD, is_open)
        top = room.top() + self._head_height(place, room.width())
        icon = QRect(room.left() + Space.M, room.top(), IconSize.SMALL, top - room.top())
        self._theme.paint_icon(painter, icon, place.icon, Role.TEXT2)
        name = QRect(icon.right() + Space.S, room.top(), room.right() - Space.M - icon.right() - Space.S, icon.height())
        self._paint_text(painter, name, place.name, TextStyle.LABEL, Role.TEXT2, centred=True)
        spare = (room.height() - self._height_of(place, room.width())) // len(place.parts)
        for part in place.parts:
            height = self._part_height(part, room.width()) + spare
            self._paint_part(painter, QRect(room.left() + Space.S, top, room.width() - 2 * Space.S, height), part)
            top += height + Space.S

    def _paint_part(self, painter: QPainter, box: QRect, part: Part) -> None:
        fill_box(painter, box, self._theme.colors.card, Radius.CONTROL)
        self._outline(painter, box, Radius.CONTROL, not self._picture.is_served)
        icon = QRect(box.left() + Space.M, box.top(), IconSize.NAV, box.height())
        self._theme.paint_icon(painter, icon, part.icon, Role.TEXT2)
        left = icon.right() + Space.M
        room = box.right() - Space.S - left + 1
        words = self._theme.height_of(part.name, TextStyle.STRONG, room)
        detail = self._theme.height_of(part.detail, TextStyle.CAPTION, room)
        top = box.top() + (box.height() - words - detail) // 2
        self._paint_text(painter, QRect(left, top, room, words), part.name, TextStyle.STRONG, Role.TEXT)
        lower = QRect(left, top + words, room, detail)
        self._paint_text(painter, lower, part.detail, TextStyle.CAPTION, Role.TEXT2)

    def _outline(self, painter: QPainter, box: QRect, radius: int, is_dashed: bool) -> None:
        colors = self._theme.colors
        if not is_dashed:
            outline_box(painter, box, colors.border, radius)
            return
        pen = QPen(QColor(colors.control_border), Stroke.HAIRLINE, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _paint_text(
        self, painter: QPainter, room: QRect, text: str, style: TextStyle, role: Role, *, centred: bool = False
    ) -> None:
        painter.setFont(self._theme.font(style))
        painter.setPen(self._theme.color(role))
        painter.drawText(
            room, _WRAP | int(Qt.AlignmentFlag.AlignVCenter if centred else Qt.AlignmentFlag.AlignTop), text
        )

    def _paint_way(self, painter: QPainter, left: int, right: int) -> None:
        """One arrow: connections are opened from the source alone."""
        picture = self._picture
        color = QColor(self._theme.colors.accent if picture.is_served else self._theme.colors.text2)
        height = self.height() / 2
        style = Qt.PenStyle.SolidLine if picture.is_served else Qt.PenStyle.DashLine
        painter.setPen(QPen(color, Stroke.FOCUS, style))
        painter.drawLine(QPointF(left, height), QPointF(right - _ARROW, height))
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        tip = QPointF(right, height)
        painter.drawPolygon(
            QPolygonF([tip, tip + QPointF(-1.5 * _ARROW, -_ARROW), tip + QPointF(-1.5 * _ARROW, _ARROW)])
        )
        above = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        below = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        painter.setFont(self._theme.font(TextStyle.LABEL))
        painter.setPen(self._theme.color(Role.TEXT))
        painter.drawText(QRectF(left, 0, right - left, height - Space.XS), above, picture.way)
        painter.setFont(self._theme.font(TextStyle.CAPTION))
        painter.setPen(self._theme.color(Role.TEXT2))
        painter.drawText(QRectF(left, height + Space.S, right - left, height - Space.S), below, picture.way_detail)
