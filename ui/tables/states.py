"""What a table shows where its rows would be: nothing there, still reading, failed, or filtered to nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.busy import Waiting
from ui.tables.column import Align
from ui.tables.header import Header
from ui.tables.record_model import RecordTableModel
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, Stroke, TextStyle, Width
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import IconLabel, Text
from ui.widgets.painting import fill_box, painting
from ui.widgets.progress_line import ProgressBar

_BAR_SHARES = (0.78, 0.58, 0.86, 0.54, 0.70)
"""Lengths of the grey bars, as shares of their column, so that they look like words and not like a wall."""


@dataclass(frozen=True, slots=True)
class Step:
    """A button of a message."""

    label: str
    run: Callable[[], object]
    icon: str | None = None
    kind: Kind = Kind.SECONDARY


@dataclass(frozen=True, slots=True)
class Message:
    """What is so, in one sentence, why, and the next steps; at most one of them is primary."""

    icon: str
    title: str
    text: str = ""
    steps: tuple[Step, ...] = ()
    role: Role = Role.TEXT3


class Pane(QFrame):
    """Covers the body of a table, so that the head above it stays."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFrameShape(QFrame.Shape.NoFrame)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            fill_box(painter, self.rect(), self._theme.colors.card)


class MessagePane(Pane):
    """A message in the middle of the body."""

    def __init__(self, theme: Theme, message: Message, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.message = message
        self.setObjectName("table_message")
        icon = IconLabel(theme, message.icon, message.role, IconSize.EMPTY)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        column.setSpacing(Space.XS)
        column.addStretch(1)
        column.addWidget(icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(Space.XS)
        column.addLayout(_centred(Text(message.title, TextStyle.SECTION, wrap=True)))
        if message.text:
            column.addLayout(_centred(Text(message.text, TextStyle.BODY, Role.TEXT2, wrap=True)))
        column.addSpacing(Space.S)
        column.addLayout(self._build_steps(message))
        column.addStretch(1)

    def _build_steps(self, message: Message) -> QVBoxLayout:
        """Buttons side by side, links below them."""
        lines = QVBoxLayout()
        lines.setSpacing(Space.M)
        buttons = [self._build_step(step) for step in message.steps if step.kind is not Kind.LINK]
        links = [self._build_step(step) for step in message.steps if step.kind is Kind.LINK]
        for line in (buttons, links):
            row = QHBoxLayout()
            row.setSpacing(Space.S)
            row.addStretch(1)
            for button in line:
                row.addWidget(button)
            row.addStretch(1)
            lines.addLayout(row)
        return lines

    def _build_step(self, step: Step) -> Button:
        button = Button(self._theme, step.label, icon=step.icon, kind=step.kind)
        button.clicked.connect(lambda _checked: step.run())
        return button


class LoadingPane(Pane):
    """Grey bars where the rows will be; later what is being read, how far it is, and a way to stop waiting."""

    def __init__(self, theme: Theme, header: Header, model: RecordTableModel[Any], parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setObjectName("table_loading")
        self._header = header
        self._records = model
        self.words = WaitingWords(theme, self)
        self.words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        column.addStretch(1)
        column.addWidget(self.words)

    def show_waiting(self, waiting: Waiting) -> None:
        self.words.show_waiting(waiting)
        self.words.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        room = (self.words.y() if self.words.isVisible() else self.height()) - Height.ROW
        with painting(self) as painter:
            for row in range(len(_BAR_SHARES)):
                bottom = (row + 1) * Height.ROW
                if bottom > room:
                    break
                painter.setOpacity(1 - row / len(_BAR_SHARES) / 1.5)
                self._paint_row(painter, row)

    def _paint_row(self, painter: QPainter, row: int) -> None:
        colors = self._theme.colors
        top = row * Height.ROW
        line = QRect(0, top + Height.ROW - Stroke.HAIRLINE, self.width(), Stroke.HAIRLINE)
        painter.fillRect(line, QColor(colors.divider))
        for place, section in enumerate(range(self._records.first_section, self._records.columnCount())):
            if self._header.isSectionHidden(section):
                continue
            column = self._records.column_at(section)
            room = self._header.sectionSize(section) - 2 * Space.CELL
            width = int(room * _BAR_SHARES[(row + 2 * place) % len(_BAR_SHARES)])
            left = self._header.sectionViewportPosition(section) + Space.CELL
            if column is not None and column.align is Align.RIGHT:
                left += room - width
            bar = QRect(left, top + (Height.ROW - Space.S) // 2, width, Space.S)
            fill_box(painter, bar, colors.divider if colors.high_contrast else colors.track, Radius.CONTROL)


class WaitingWords(QWidget):
    """A bar if the end is known, what is being read, the time it has taken, and Stop waiting."""

    def __init__(self, theme: Theme, parent: QWidget, *, is_line: bool = False) -> None:
        """As a line the button stands at the right, else below the words."""
        super().__init__(parent)
        self._waiting: Waiting | None = None
        self._bar = ProgressBar(theme)
        self._text = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._elapsed = Text("", TextStyle.CAPTION, Role.TEXT2)
        self.stop = Button(theme, self.tr("Stop waiting"), small=True)
        self.stop.setObjectName("stop_waiting")
        self.stop.clicked.connect(self._on_stop_clicked)
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self._text, 1)
        line.addWidget(self._elapsed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self._bar)
        column.addLayout(line)
        if is_line:
            line.addWidget(self.stop)
        else:
            column.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def text(self) -> str:
        return self._text.text()

    def show_waiting(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._bar.setVisible(waiting.fraction is not None)
        self._bar.set_fraction(waiting.fraction or 0)
        self._text.setText(waiting_text(waiting))
        self._elapsed.setText(f"{waiting.elapsed_s:.0f} s")

    def _on_stop_clicked(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()


def waiting_text(waiting: Waiting) -> str:
    """What is being read and how much of it, such as "Reading replicated items: 3,600 of about 10,000"."""
    if waiting.total:
        count = QCoreApplication.translate("WaitingWords", "{done} of about {total}")
        return f"{waiting.text}: {count.format(done=f'{waiting.done:,}', total=f'{waiting.total:,}')}"
    return f"{waiting.text}: {waiting.done:,}" if waiting.done else waiting.text


def _centred(label: Text) -> QHBoxLayout:
    """`label` in the middle, as wide as reads well, narrower where there is less room."""
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
    label.setMaximumWidth(Width.READING)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(label, Width.READING)
    row.addStretch(1)
    return row
