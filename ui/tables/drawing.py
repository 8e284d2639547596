"""The painted parts of a cell: check box, status, small bar, small curve. Each draws into the rectangle it is given."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ui.tables.column import Align
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, Stroke, TextStyle
from ui.widgets.painting import fill_box, outline_box

_FLAGS = {align: int(align.value | Qt.TextFlag.TextSingleLine) for align in Align}
_GROUND_SHARE = 0.16
"""How much of a curve's colour the area below it takes."""


def draw_check(
    painter: QPainter,
    box: QRect,
    theme: Theme,
    state: Qt.CheckState,
    *,
    enabled: bool = True,
    highlighted: bool = False,
) -> None:
    """A check box of 16 in the middle of `box`; one that refuses is drawn faint.

    `highlighted` is for selected rows in high contrast: an outline in the colour of highlighted text.
    """
    colors = theme.colors
    side = Height.CHECK
    square = QRectF(box.center().x() - side // 2 + 1, box.center().y() - side // 2 + 1, side, side)
    is_set = state is not Qt.CheckState.Unchecked
    if highlighted:
        edge, ground, ink = colors.selection_text, colors.selection, Role.HIGHLIGHTED
    elif not enabled:
        edge = colors.text3 if colors.high_contrast else colors.control_border
        ground, ink = colors.well, Role.TEXT3
    elif is_set:
        edge, ground, ink = colors.accent, colors.accent, Role.ON_ACCENT
    else:
        edge, ground, ink = colors.control_strong, colors.control, Role.TEXT
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill_box(painter, square, ground, Radius.CONTROL)
    outline_box(painter, square, edge, Radius.CONTROL)
    painter.restore()
    if is_set:
        mark = "check" if state is Qt.CheckState.Checked else "partly"
        theme.paint_icon(painter, square.adjusted(Radius.BAR, Radius.BAR, -Radius.BAR, -Radius.BAR), mark, ink)


def draw_word(
    painter: QPainter, cell: QRect, theme: Theme, icon: str, word: str, icon_ink: QColor, ink: QColor
) -> None:
    """A status without a fill: icon and word."""
    place = QRectF(cell.left(), cell.center().y() - IconSize.CHIP // 2 + 1, IconSize.CHIP, IconSize.CHIP)
    theme.paint_icon(painter, place, icon, icon_ink)
    draw_text(painter, cell.adjusted(IconSize.CHIP + Space.XS, 0, 0, 0), theme, word, TextStyle.LABEL, ink)


def draw_text(
    painter: QPainter,
    cell: QRect,
    theme: Theme,
    text: str,
    style: TextStyle,
    ink: QColor,
    align: Align = Align.LEFT,
) -> None:
    """One line of plain text, shortened at its end if it must be."""
    painter.setFont(theme.font(style))
    painter.setPen(ink)
    painter.drawText(cell, _FLAGS[align], theme.shortened(text, style, cell.width()))


def draw_bar(painter: QPainter, area: QRect, theme: Theme, fraction: float, ink: QColor) -> None:
    """A progress bar over the width of `area`."""
    top = area.center().y() - Height.PROGRESS // 2 + 1
    track = QRectF(area.left(), top, area.width(), Height.PROGRESS)
    done = QRectF(track)
    done.setWidth(track.width() * min(max(fraction, 0.0), 1.0))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill_box(painter, track, theme.colors.track, Radius.BAR)
    if theme.colors.high_contrast:
        outline_box(painter, track, ink, Radius.BAR)
    fill_box(painter, done, ink, Radius.BAR)
    painter.restore()


def draw_curve(painter: QPainter, area: QRect, series: Sequence[float], ink: QColor) -> None:
    """A curve over its own faint area, from 0 or its lowest value to its highest."""
    if len(series) < 2:
        return
    lowest, highest = min(0.0, *series), max(series)
    span = (highest - lowest) or 1.0
    step = area.width() / (len(series) - 1)
    points = [
        QPointF(area.left() + place * step, area.bottom() - (value - lowest) / span * (area.height() - Stroke.CURVE))
        for place, value in enumerate(series)
    ]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QColor(ink)
    ground.setAlphaF(_GROUND_SHARE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    corners = [QPointF(area.left(), area.bottom()), *points, QPointF(area.left() + area.width(), area.bottom())]
    painter.drawPolygon(QPolygonF(corners))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, Stroke.CURVE))
    painter.drawPolyline(QPolygonF(points))
    painter.restore()


def draw_ring(painter: QPainter, area: QRect, theme: Theme) -> None:
    """The focus ring inside `area`: dark outside, light within, so that it is seen on every ground."""
    colors = theme.colors
    outer = QRectF(area).adjusted(1, 1, -1, -1)
    inner = outer.adjusted(Stroke.FOCUS, Stroke.FOCUS, -Stroke.FOCUS, -Stroke.FOCUS)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline_box(painter, outer, colors.focus, Radius.BAR, Stroke.FOCUS)
    outline_box(painter, inner, colors.focus_inner, Radius.BAR)
    painter.restore()
