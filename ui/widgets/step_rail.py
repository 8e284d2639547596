"""The step rail of the wizard: where one is, what is done, what needs work and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, Status, Stroke, TextStyle, Width
from ui.widgets.labels import IconLabel, Text
from ui.widgets.page import scrolling
from ui.widgets.painting import fill_box, outline_box, painting
from ui.widgets.progress_line import ProgressBar
from ui.widgets.surface import lie_on_chrome


class StepState(Enum):
    """How a step stands. The one that is open is told apart by `StepRail.set_current`."""

    DONE = "done"
    NEEDS_WORK = "needs work"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class RailStep:
    """One step. `number` is `None` for those outside the six; `icon` stands in its ring then.

    `lines` are at most two of about 30 characters; where work is needed they are the reason.
    """

    id: str
    title: str
    state: StepState = StepState.LATER
    number: int | None = None
    icon: str = "review"
    lines: tuple[str, ...] = ()
    is_open_to: bool = True


class StepItem(QAbstractButton):
    """One step in the rail; pressing it goes there, if one may go there yet."""

    _LEFT = Space.L
    _RING_TOP = 9
    _LINE_HEIGHT = 18

    def __init__(self, theme: Theme, step: RailStep, *, is_last: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._step = step
        self._is_last = is_last
        self._is_current = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_step(step)

    def set_step(self, step: RailStep) -> None:
        """Show how the step stands now."""
        self._step = step
        self.setObjectName(f"step_{step.id}")
        self.setText(step.title)
        self.setAccessibleName(step.title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if step.is_open_to else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if step.is_open_to else Qt.CursorShape.ArrowCursor)
        self._tell()
        self.updateGeometry()
        self.update()

    def set_current(self, is_current: bool) -> None:
        """Mark it as the open one."""
        self._is_current = is_current
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        lines = len(self._step.lines[:2])
        if not lines:
            return QSize(Width.STEP_RAIL - Space.L, Height.ROW + Space.S)
        return QSize(Width.STEP_RAIL - Space.L, Height.ROW + Space.XS + lines * self._LINE_HEIGHT + Space.XS)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        ring = QRect(self._LEFT, self._RING_TOP, Height.STEP_RING, Height.STEP_RING)
        with painting(self) as painter:
            if self._is_current:
                fill_box(painter, self.rect(), colors.card, Radius.CONTROL)
                if colors.high_contrast:
                    outline_box(painter, self.rect(), colors.border, Radius.CONTROL)
                bar = QRectF(0, Space.S, Stroke.ACCENT_BAR, self.height() - 2 * Space.S)
                fill_box(painter, bar, colors.accent, Radius.BAR)
            elif self._step.is_open_to and self.underMouse():
                fill_box(painter, self.rect(), colors.press, Radius.CONTROL)
            if not self._is_last:
                painter.setPen(QPen(QColor(colors.control_border), Stroke.HAIRLINE))
                middle = ring.center().x() + 0.5
                painter.drawLine(QPointF(middle, ring.bottom() + 6), QPointF(middle, self.height() + 2))
            self._paint_ring(painter, ring)
            self._paint_words(painter, ring)

    def _paint_ring(self, painter: QPainter, ring: QRect) -> None:
        colors = self._theme.colors
        if self._is_current:
            fill_box(painter, ring, colors.accent, Height.STEP_RING / 2)
            self._paint_mark(painter, ring, QColor(colors.on_accent))
        elif self._step.state is StepState.DONE:
            self._theme.paint_icon(painter, ring.adjusted(-1, -1, 1, 1), "ok", Role.OK)
        elif self._step.state is StepState.NEEDS_WORK:
            self._theme.paint_icon(painter, ring.adjusted(-1, -1, 1, 1), "warning", Role.WARNING)
        else:
            outline_box(painter, ring, colors.control_strong, Height.STEP_RING / 2, 1.5)
            self._paint_mark(painter, ring, QColor(colors.text2))

    def _paint_mark(self, painter: QPainter, ring: QRect, color: QColor) -> None:
        if self._step.number is None:
            self._theme.paint_icon(painter, ring.adjusted(4, 4, -4, -4), self._step.icon, color)
            return
        font = self._theme.font(TextStyle.TABLE_HEAD)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), str(self._step.number))

    def _paint_words(self, painter: QPainter, ring: QRect) -> None:
        left = ring.right() + 1 + Space.M
        later = self._step.state is StepState.LATER and not self._is_current
        painter.setFont(self._theme.font(TextStyle.BODY if later else TextStyle.STRONG))
        painter.setPen(self._theme.color(Role.TEXT2 if later else Role.TEXT))
        place = QRect(left, ring.top(), self.width() - left - Space.XS, ring.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self._step.title)
        needs_work = self._step.state is StepState.NEEDS_WORK
        painter.setPen(self._theme.status_color(Status.WARNING) if needs_work else self._theme.color(Role.TEXT2))
        font = self._theme.font(TextStyle.CAPTION)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        top = ring.bottom() + 3
        for line in self._step.lines[:2]:
            place = QRect(left, top, self.width() - left - Space.XS, self._LINE_HEIGHT)
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), text)
            top += self._LINE_HEIGHT

    def _tell(self) -> None:
        words = {
            StepState.DONE: self.tr("done"),
            StepState.NEEDS_WORK: self.tr("needs work"),
            StepState.LATER: self.tr("not done yet"),
        }
        state = self.tr("open now") if self._is_current else words[self._step.state]
        self.setAccessibleDescription(", ".join([state, *self._step.lines]))


class StepRail(QFrame):
    """Title and draft, progress, the steps, and at the bottom when the draft was saved.

    Signals:
        step_chosen: a step was pressed that may be opened; carries its id.
    """

    step_chosen = Signal(str)

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items: dict[str, StepItem] = {}
        self._current = ""
        lie_on_chrome(self)
        self.setFixedWidth(Width.STEP_RAIL)
        self._name = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._bar = ProgressBar(theme)
        self._progress = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._saved = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._saved_icon = IconLabel(theme, "save", Role.TEXT2, IconSize.SMALL)
        self._steps = QVBoxLayout()
        self._sight_timer = QTimer(self)
        self._sight_timer.setSingleShot(True)
        self._sight_timer.setInterval(0)  # once the steps have their new heights
        self._sight_timer.timeout.connect(self._show_current)
        self._build(title)

    def set_name(self, name: str) -> None:
        """Show the name of the draft."""
        self._name.setText(name)

    def set_progress(self, done: int, total: int) -> None:
        """Show how many of the numbered steps are done."""
        self._bar.set_fraction(done / total if total else 0.0)
        self._progress.setText(self.tr("{0} of {1} steps done").format(done, total))

    def set_saved(self, text: str) -> None:
        """Say when the draft was saved; empty hides the line."""
        self._saved.setText(text)
        self._saved_icon.setVisible(bool(text))

    def set_steps(self, steps: Sequence[RailStep]) -> None:
        """Show these steps. Those that stay keep their widget, so that the focus stays too."""
        if [step.id for step in steps] != list(self._items):
            for item in self._items.values():
                self._steps.removeWidget(item)
                item.deleteLater()
            self._items = {}
            for place, step in enumerate(steps):
                item = StepItem(self._theme, step, is_last=place == len(steps) - 1)
                item.clicked.connect(lambda _=False, id_=step.id: self._on_item_clicked(id_))
                self._steps.insertWidget(place, item)
                self._items[step.id] = item
        for step in steps:
            self._items[step.id].set_step(step)
        self.set_current(self._current)

    def set_current(self, step_id: str) -> None:
        """Mark the open step, and have it in sight."""
        is_another = step_id != self._current
        self._current = step_id
        for id_, item in self._items.items():
            item.set_current(id_ == step_id)
        if is_another:
            self._sight_timer.start()

    def item(self, step_id: str) -> StepItem:
        """The widget of one step."""
        return self._items[step_id]

    def _show_current(self) -> None:
        item = self._items.get(self._current)
        if item is not None:
            self._area.ensureWidgetVisible(item, 0, Space.S)

    def _on_item_clicked(self, step_id: str) -> None:
        if self._items[step_id].focusPolicy() is not Qt.FocusPolicy.NoFocus:
            self.step_chosen.emit(step_id)

    def _build(self, title: str) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(Space.XL, Space.L, Space.XL, Space.M)
        head.setSpacing(Space.XS)
        head.addWidget(Text(title, TextStyle.PANEL_TITLE))
        head.addWidget(self._name)
        head.addSpacing(Space.XS)
        head.addWidget(self._bar)
        head.addWidget(self._progress)
        self._steps.setContentsMargins(Space.S, 0, Space.S, Space.S)
        self._steps.setSpacing(Space.XS)
        self._steps.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.XL, Space.S, Space.XL, Space.M)
        foot.setSpacing(Space.S)
        foot.addWidget(self._saved_icon)
        foot.addWidget(self._saved, 1)
        self._saved_icon.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        self._area = scrolling(self._steps)
        column.addWidget(self._area, 1)
        column.addLayout(foot)
