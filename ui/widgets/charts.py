"""Small pictures that carry information: health bar and ring with their legend. All tell the same as text."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import ChartSize, Height, IconSize, Radius, Role, Space, Status, Stroke, TextStyle
from ui.widgets.labels import IconLabel, Text
from ui.widgets.painting import fill_box, outline_box, painting

_DEGREE = 16  # Qt counts angles in sixteenths
_TOP = 90 * _DEGREE


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a whole: its status, how many, and the word for them."""

    status: Status
    count: int
    word: str


def segments_text(segments: Sequence[Segment]) -> str:
    """The same in words, for screen readers."""
    return ", ".join(f"{segment.count} {segment.word}" for segment in segments if segment.count)


class HealthBar(QWidget):
    """A bar in parts, 2 px apart. The order of the parts is the caller's; parts of none are left out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._segments: tuple[Segment, ...] = ()
        self.setFixedHeight(Height.HEALTH_BAR)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_segments(self, segments: Sequence[Segment]) -> None:
        """Show these parts."""
        self._segments = tuple(segment for segment in segments if segment.count > 0)
        self.setAccessibleName(segments_text(self._segments))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        with painting(self) as painter:
            if not self._segments:
                fill_box(painter, self.rect(), colors.track, Radius.BAR)
                return
            gaps = Stroke.SEGMENT_GAP * (len(self._segments) - 1)
            room = self.width() - gaps - ChartSize.LEAST_SEGMENT * len(self._segments)
            total = sum(segment.count for segment in self._segments)
            left = 0.0
            for segment in self._segments:
                width = ChartSize.LEAST_SEGMENT + room * segment.count / total
                box = QRectF(left, 0, width, self.height())
                if colors.high_contrast:
                    outline_box(painter, box, colors.text, Radius.BAR)
                    if segment.status is Status.OK:
                        fill_box(painter, box, colors.text, Radius.BAR)
                else:
                    fill_box(painter, box, colors.statuses[segment.status].fill, Radius.BAR)
                left += width + Stroke.SEGMENT_GAP


class Donut(QWidget):
    """A ring in parts around one number."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._segments: tuple[Segment, ...] = ()
        self._caption = ""
        self.setFixedSize(QSize(ChartSize.DONUT, ChartSize.DONUT))

    def set_segments(self, segments: Sequence[Segment], caption: str) -> None:
        """Show these parts around their sum, with `caption` below it."""
        self._segments = tuple(segment for segment in segments if segment.count > 0)
        self._caption = caption
        self.setAccessibleName(segments_text(self._segments))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        total = sum(segment.count for segment in self._segments)
        inset = ChartSize.RING / 2 + 1
        ring = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        with painting(self) as painter:
            pen = QPen(QColor(colors.track), ChartSize.RING, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
            if not self._segments:
                painter.setPen(pen)
                painter.drawEllipse(ring)
            start = float(_TOP)
            gap = 2.5 * _DEGREE if len(self._segments) > 1 else 0.0
            for segment in self._segments:
                span = 360 * _DEGREE * segment.count / total
                pen.setColor(QColor(colors.statuses[segment.status].fill))
                pen.setWidth(ChartSize.RING if not colors.high_contrast or segment.status is Status.OK else 2)
                painter.setPen(pen)
                painter.drawArc(ring, round(start - gap / 2), -round(max(span - gap, _DEGREE)))
                start -= span
            self._paint_number(painter, ring, str(total))

    def _paint_number(self, painter: QPainter, ring: QRectF, number: str) -> None:
        middle = ring.center().y()
        centre = int(Qt.AlignmentFlag.AlignHCenter)
        rows = (
            (number, TextStyle.ANSWER, Role.TEXT, int(Qt.AlignmentFlag.AlignBottom), ring.top(), middle + Space.XS),
            (
                self._caption,
                TextStyle.CAPTION,
                Role.TEXT2,
                int(Qt.AlignmentFlag.AlignTop),
                middle + Space.XS,
                ring.bottom(),
            ),
        )
        for words, style, role, edge, top, bottom in rows:
            painter.setFont(self._theme.font(style))
            painter.setPen(self._theme.color(role))
            painter.drawText(QRectF(ring.left(), top, ring.width(), bottom - top), centre | edge, words)


class Legend(QWidget):
    """Icon, number and word of each part: in a row below a bar, or in a column beside a ring."""

    def __init__(self, theme: Theme, *, column: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_column = column
        self._holder: QWidget | None = None
        self._outer = QHBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)

    def set_segments(self, segments: Sequence[Segment]) -> None:
        """Show these parts, those of none included in a column and left out of a row."""
        if self._holder is not None:
            self._outer.removeWidget(self._holder)
            self._holder.deleteLater()
        self._holder = QWidget()
        shown = [s for s in segments if s.count or self._is_column]
        if self._is_column:
            self._build_column(self._holder, shown)
        else:
            self._build_row(self._holder, shown)
        self._outer.addWidget(self._holder)

    def _icon(self, segment: Segment) -> IconLabel:
        return IconLabel(self._theme, status_icon(segment.status), Role(segment.status.value), IconSize.CHIP)

    def _build_column(self, holder: QWidget, segments: Sequence[Segment]) -> None:
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.XS)
        for row, segment in enumerate(segments):
            grid.addWidget(self._icon(segment), row, 0)
            grid.addWidget(Text(str(segment.count), TextStyle.STRONG), row, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Text(segment.word), row, 2)
        grid.setColumnStretch(2, 1)

    def _build_row(self, holder: QWidget, segments: Sequence[Segment]) -> None:
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        for segment in segments:
            row.addWidget(self._icon(segment))
            row.addWidget(Text(f"{segment.count} {segment.word}"))
            row.addSpacing(Space.M)
        row.addStretch(1)
