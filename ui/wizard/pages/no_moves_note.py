"""A line that says what must not be moved once machines replicate; it opens to reasons and ways out.

Where it has happened already, that stands above it, with what comes of it and what to do.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.no_move_rules import NoMove
from app.domain.rules import Rules
from app.flows.no_moves import MovedTarget, moved_targets, no_moves, source_text
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import StatusLine, Text

_MOVED_SHOWN = 3


class NoMovesNote(QWidget):
    """Folded when it is made; what is unfolded stays so."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("no-moves")
        self._theme = theme
        self._rules: Rules | None = None
        self._moved: tuple[MovedTarget, ...] = ()
        self._moved_lines = QVBoxLayout()
        self._moved_lines.setSpacing(Space.S)
        self._line = StatusLine(
            theme,
            Status.INFO,
            self.tr("Network, storage account and vault stay in their group and subscription once machines replicate."),
            style=TextStyle.CAPTION,
        )
        self._line.setObjectName("no-moves-line")
        self.head = Button(theme, self.tr("W&hy, and what to do instead"), icon="next", kind=Kind.LINK)
        self.head.setObjectName("no-moves-head")
        self.head.clicked.connect(lambda: self.set_open(not self.is_open))
        self._list = QWidget()
        self._list.setObjectName("no-moves-list")
        self._entries = QVBoxLayout(self._list)
        self._entries.setContentsMargins(Space.XXL, 0, 0, Space.S)
        self._entries.setSpacing(Space.XS)
        self._list.hide()
        self._build()

    @property
    def is_open(self) -> bool:
        return not self._list.isHidden()

    @property
    def moved_text(self) -> str:
        """What is said to have been moved already; empty where nothing was."""
        lines = (self._moved_lines.itemAt(place).widget() for place in range(self._moved_lines.count()))
        return " ".join(line.text for line in lines if isinstance(line, StatusLine))

    def load(self, context: Context) -> None:
        """Say it by these rules, and look whether it has happened."""
        self._rules = context.rules
        moved = context.remembered.get(__name__)
        if moved is None:
            moved = context.remembered[__name__] = moved_targets(context.estate)
        if moved != self._moved:
            self._moved = moved
            self._show_moved()

    def set_open(self, is_open: bool) -> None:
        """Fold or unfold the reasons."""
        if is_open and self._rules is not None and not self._entries.count():
            for entry in no_moves(self._rules):
                self._add_entry(entry)
            self._entries.addSpacing(Space.S)
            source = self.tr("Source: {}.").format(source_text(self._rules))
            self._entries.addWidget(Text(source, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        self._list.setVisible(is_open)
        self.head.set_icon("unfold" if is_open else "next")

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self._line, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.head, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addLayout(self._moved_lines)
        column.addLayout(line)
        column.addWidget(self._list)

    def _add_entry(self, entry: NoMove) -> None:
        if self._entries.count():
            self._entries.addSpacing(Space.S)
        self._entries.addWidget(Text(entry.what, TextStyle.STRONG, wrap=True))
        instead = self.tr("Instead: {}").format(entry.instead)
        words = Text(f"{entry.why} {instead}", TextStyle.BODY, Role.TEXT2, wrap=True)
        self._entries.addWidget(words)

    def _show_moved(self) -> None:
        while self._moved_lines.count():
            widget = self._moved_lines.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for moved in self._moved[:_MOVED_SHOWN]:
            text = f"{moved.text} {moved.remedy}"
            self._moved_lines.addWidget(StatusLine(self._theme, Status.CRITICAL, text))
        more = len(self._moved) - _MOVED_SHOWN
        if more > 0:
            text = self.tr("{} more are not where they were.").format(more)
            self._moved_lines.addWidget(StatusLine(self._theme, Status.CRITICAL, text))
