"""The tile of the overview: one number with its sentence, one picture or a few lines, one link."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import IconLabel, StatusLine, Text
from ui.widgets.surface import Ground, Surface


class Tile(Surface):
    """A card that answers one question. A click anywhere on it opens the list behind it.

    Signals:
        opened: the tile or its link was pressed.
    """

    opened = Signal()

    def __init__(self, theme: Theme, icon: str, title: str, *, link: str, parent: QWidget | None = None) -> None:
        super().__init__(Ground.CARD, parent)
        self._theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self._period = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._number = Text("", TextStyle.NUMBER)
        self._sentence = Text("", TextStyle.BODY, Role.TEXT2, wrap=True)
        self.link = Button(theme, link, kind=Kind.LINK)
        self.link.clicked.connect(self.opened)
        self._lines: list[StatusLine] = []
        self._build(icon, title)

    def set_period(self, period: str) -> None:
        """Say what time the tile covers."""
        self._period.setText(period)

    def set_answer(self, number: str, sentence: str) -> None:
        """Show the one number, and the sentence it belongs to."""
        self._number.setText(number)
        self._number.setVisible(bool(number))
        self._sentence.setText(sentence)
        self.setAccessibleDescription(f"{number} {sentence}".strip())

    def set_lines(self, lines: list[tuple[Status, str]]) -> None:
        """Show up to three lines below the number."""
        while len(self._lines) < len(lines):
            line = StatusLine(self._theme)
            self._lines.append(line)
            self.body.addWidget(line)
        for line, content in zip(self._lines, lines, strict=False):
            line.set_status(*content)
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(lines))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _build(self, icon: str, title: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(IconLabel(self._theme, icon, Role.TEXT2, IconSize.SMALL))
        head.addWidget(Text(title, TextStyle.STRONG), 1)
        head.addWidget(self._period)
        answer = QHBoxLayout()
        answer.setSpacing(Space.S)
        answer.addWidget(self._number, 0, Qt.AlignmentFlag.AlignBaseline)
        answer.addWidget(self._sentence, 1, Qt.AlignmentFlag.AlignBaseline)
        self._number.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.S)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.CARD_X, Space.CARD_Y, Space.CARD_X, Space.CARD_Y)
        column.setSpacing(Space.S)
        column.addLayout(head)
        column.addLayout(answer)
        column.addLayout(self.body)
        column.addStretch(1)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
