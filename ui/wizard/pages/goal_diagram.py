"""The parts of the whole, drawn: site, hosts with Provider and agent, the way over 443, and what is in Azure."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Radius, Role, Space, Stroke, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting

_HEAD = 26
_PART = 44
_ARROW = 6
_LINE = 18


class GoalDiagram(QWidget):
    """Left the site, right Azure, between them the only connection that is needed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._site = (
            ("hosts", self.tr("Hyper-V hosts"), self.tr("Site Recovery Provider and Recovery Services agent on each")),
            ("machine", self.tr("Machines"), self.tr("Nothing is installed in them")),
        )
        self._azure = (
            ("vault", self.tr("Recovery Services vault"), self.tr("Settings, jobs, recovery points")),
            ("storage", self.tr("Storage account"), self.tr("Replicated disks and changes")),
            ("network", self.tr("Virtual network"), self.tr("Machines join it after a failover")),
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            self.tr(
                "A Hyper-V site with its hosts sends changes over HTTPS, port 443, to a vault, a storage account and a "
                "virtual network in Azure. Provider and agent are installed on each host, nothing in the machines."
            )
        )

    def sizeHint(self) -> QSize:
        rows = max(len(self._site), len(self._azure))
        return QSize(10 * _PART, _HEAD + rows * (_PART + Space.S) + Space.S)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        middle = max(self.width() // 6, 120)
        side = (self.width() - middle) // 2
        left = QRect(0, 0, side, self.height())
        right = QRect(self.width() - side, 0, side, self.height())
        with painting(self) as painter:
            self._paint_place(painter, left, "site", self.tr("Your site"), self._site)
            self._paint_place(painter, right, "production", self.tr("Azure, the vault’s region"), self._azure)
            self._paint_way(painter, left.right() + Space.S, right.left() - Space.S)

    def _paint_place(
        self, painter: QPainter, room: QRect, icon: str, name: str, parts: tuple[tuple[str, str, str], ...]
    ) -> None:
        colors = self._theme.colors
        fill_box(painter, room, colors.well, Radius.CARD)
        outline_box(painter, room, colors.divider, Radius.CARD)
        head = QRect(room.left() + Space.M, room.top(), room.width() - 2 * Space.M, _HEAD)
        self._paint_line(painter, head, icon, name, TextStyle.LABEL)
        top = room.top() + _HEAD
        height = (room.height() - _HEAD - Space.S * len(parts)) // len(parts)
        for part in parts:
            box = QRect(room.left() + Space.S, top, room.width() - 2 * Space.S, height)
            self._paint_part(painter, box, *part)
            top += height + Space.S

    def _paint_part(self, painter: QPainter, box: QRect, icon: str, name: str, detail: str) -> None:
        colors = self._theme.colors
        fill_box(painter, box, colors.card, Radius.CONTROL)
        outline_box(painter, box, colors.border, Radius.CONTROL)
        inner = box.adjusted(Space.M, 0, -Space.S, 0)
        self._theme.paint_icon(painter, QRect(inner.left(), box.top(), IconSize.NAV, box.height()), icon, Role.TEXT2)
        inner.setLeft(inner.left() + IconSize.NAV + Space.M)
        middle = box.center().y() + 1
        upper = QRect(inner.left(), middle - _LINE, inner.width(), _LINE)
        lower = QRect(inner.left(), middle, inner.width(), _LINE)
        self._paint_text(painter, upper, name, TextStyle.STRONG, Role.TEXT)
        self._paint_text(painter, lower, detail, TextStyle.CAPTION, Role.TEXT2)

    def _paint_line(self, painter: QPainter, room: QRect, icon: str, text: str, style: TextStyle) -> None:
        place = QRect(room.left(), room.top(), IconSize.SMALL, room.height())
        self._theme.paint_icon(painter, place, icon, Role.TEXT2)
        self._paint_text(painter, room.adjusted(IconSize.SMALL + Space.S, 0, 0, 0), text, style, Role.TEXT2)

    def _paint_text(self, painter: QPainter, room: QRect, text: str, style: TextStyle, role: Role) -> None:
        painter.setFont(self._theme.font(style))
        painter.setPen(self._theme.color(role))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_way(self, painter: QPainter, left: int, right: int) -> None:
        """One arrow: connections are opened from the site alone."""
        accent = QColor(self._theme.colors.accent)
        height = self.height() / 2
        painter.setPen(QPen(accent, Stroke.FOCUS))
        painter.drawLine(QPointF(left, height), QPointF(right - _ARROW, height))
        painter.setBrush(accent)
        painter.setPen(Qt.PenStyle.NoPen)
        tip = QPointF(right, height)
        painter.drawPolygon(
            QPolygonF([tip, tip + QPointF(-1.5 * _ARROW, -_ARROW), tip + QPointF(-1.5 * _ARROW, _ARROW)])
        )
        centred = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        room = QRectF(left, 0, right - left, height - Space.XS)
        painter.setFont(self._theme.font(TextStyle.LABEL))
        painter.setPen(self._theme.color(Role.TEXT))
        painter.drawText(room, centred, self.tr("HTTPS 443"))
        room = QRectF(left, height + Space.S, right - left, height - Space.S)
        painter.setFont(self._theme.font(TextStyle.CAPTION))
        painter.setPen(self._theme.color(Role.TEXT2))
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(room, flags, self.tr("outbound only"))
