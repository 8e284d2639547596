"""An address range as a bar: which subnets fill it, where, and what is free. The same stands in words beside it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from app.domain.network_plan import Stretch, filled
from ui.theme.theme import Theme
from ui.theme.tokens import ChartSize, Height, Radius, Role, Space, Status, Stroke, TextStyle
from ui.widgets.labels import Text
from ui.widgets.painting import fill_box, ink_of, outline_box, painting


class AddressSpaceBars(QWidget):
    """One bar for each range of a network."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self.bars: list[AddressSpaceBar] = []

    def show_ranges(self, ranges: Sequence[IPv4Network], subnets: Sequence[tuple[str, str]]) -> None:
        """Show these, with the subnets by name and range; the first is the default one."""
        while len(self.bars) > len(ranges):
            bar = self.bars.pop()
            bar.hide()
            bar.deleteLater()
        while len(self.bars) < len(ranges):
            bar = AddressSpaceBar(self._theme)
            self.bars.append(bar)
            self._column.addWidget(bar)
        for bar, range_ in zip(self.bars, ranges, strict=True):
            bar.show_range(range_, subnets)
        self.setVisible(bool(ranges))


class AddressSpaceBar(QWidget):
    """The range and how much of it is free, and below them the bar."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._range = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._free = Text("", TextStyle.CAPTION, Role.TEXT2)
        self.picture = _Picture(theme)
        line = QHBoxLayout()
        line.addWidget(self._range)
        line.addStretch(1)
        line.addWidget(self._free)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(line)
        column.addWidget(self.picture)

    @property
    def free_text(self) -> str:
        return self._free.text()

    def show_range(self, range_: IPv4Network, subnets: Sequence[tuple[str, str]]) -> None:
        stretches = filled(range_, subnets)
        free = sum(each.size for each in stretches if not each.name)
        self._range.setText(str(range_))
        self._free.setText(self.tr("{} of {} addresses free").format(f"{free:,}", f"{range_.num_addresses:,}"))
        default = subnets[0][0] if subnets else ""
        self.picture.show_stretches(stretches, default)
        self.picture.setAccessibleName(self.tr("Address space {}").format(range_))


class _Picture(QWidget):
    """Subnets are filled boxes with their names where there is room, the default one in the accent; free is empty."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._stretches: tuple[Stretch, ...] = ()
        self._default = ""
        self.setFixedHeight(Height.CHIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stretches(self, stretches: tuple[Stretch, ...], default: str) -> None:
        self._stretches, self._default = stretches, default
        self.setAccessibleDescription("; ".join(map(self.words_of, stretches)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(ChartSize.WIDTH, Height.CHIP)

    def words_of(self, stretch: Stretch) -> str:
        """One part in words, for tooltips and screen readers."""
        name = stretch.name or self.tr("free")
        return self.tr("{name}: {range}, {count} addresses").format(
            name=name, range=stretch.words, count=f"{stretch.size:,}"
        )

    def boxes(self) -> list[tuple[Stretch, QRectF]]:
        """Where each part is drawn: to scale, but wide enough to be seen."""
        stretches = self._stretches
        if not stretches:
            return []
        least = min(float(ChartSize.LEAST_SEGMENT), self.width() / (2 * len(stretches)))
        room = self.width() - least * len(stretches)
        total = sum(each.size for each in stretches)
        left, found = 0.0, []
        for each in stretches:
            width = least + room * each.size / total
            found.append((each, QRectF(left, 0, width, self.height())))
            left += width
        return found

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            at = event.pos().x()
            words = next((self.words_of(each) for each, box in self.boxes() if box.left() <= at < box.right()), "")
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        with painting(self) as painter:
            fill_box(painter, self.rect(), colors.track, Radius.CONTROL)
            for stretch, box in self.boxes():
                if stretch.name:
                    self._paint_subnet(painter, stretch, box)
            outline_box(painter, self.rect(), colors.text if colors.high_contrast else colors.border, Radius.CONTROL)

    def _paint_subnet(self, painter: QPainter, stretch: Stretch, box: QRectF) -> None:
        colors = self._theme.colors
        gap = min(float(Stroke.SEGMENT_GAP), box.width() / 4)
        inner = box.adjusted(0, 0, -gap, 0)
        is_default = stretch.name == self._default
        if colors.high_contrast:
            fill, ink = (colors.text, colors.card) if is_default else (colors.card, colors.text)
            fill_box(painter, inner, fill, Radius.BAR)
            outline_box(painter, inner, colors.text, Radius.BAR)
        elif is_default:
            fill, ink = colors.accent, colors.on_accent
            fill_box(painter, inner, fill, Radius.BAR)
        else:
            of_status = colors.statuses[Status.INFO]
            fill, ink = of_status.ground, of_status.text
            fill_box(painter, inner, fill, Radius.BAR)
            outline_box(painter, inner, of_status.fill, Radius.BAR)
        words = inner.adjusted(Space.XS, 0, -Space.XS, 0)
        if self._theme.width_of(stretch.name, TextStyle.AXIS) <= words.width():
            painter.setFont(self._theme.font(TextStyle.AXIS))
            painter.setPen(ink_of(ink))
            painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), stretch.name)
