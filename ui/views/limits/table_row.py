"""One table of limits or figures: where it comes from, whose file is used, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.limits import RuleTable
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.views.limits.words import contents_of, title_of
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import StatusLine, Text
from ui.widgets.line_grid import columns

STRETCHES = (11, 15, 7)
_MOST_PROBLEMS = 5


class TableRow(QWidget):
    """The row of one table.

    Signals:
        replace_requested: a file shall stand in for it.
        restore_requested: the program's own shall be used again.
        copy_requested: the program's own shall be saved, to begin with.
    """

    replace_requested = Signal()
    restore_requested = Signal()
    copy_requested = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        title = title_of(name)
        self.setObjectName(f"limits-{name}")
        self.setAccessibleName(title)
        self.source = Text("", wrap=True)
        self.state = StatusLine(theme, Status.NEUTRAL, style=TextStyle.CAPTION)
        self.problem = StatusLine(theme, Status.CRITICAL, tinted=True)
        self.problem.setObjectName(f"limits-problem-{name}")
        self.problem.hide()
        self.replace = self._link(theme, "replace", self.tr("Replace with a file…"), title)
        self.restore = self._link(theme, "restore", self.tr("Use the built-in one"), title)
        self.copy = self._link(theme, "copy", self.tr("Save a copy…"), title)
        self.copy.setToolTip(self.tr("The built-in file, to begin with"))
        self._build(title)
        self.replace.clicked.connect(self.replace_requested)
        self.restore.clicked.connect(self.restore_requested)
        self.copy.clicked.connect(self.copy_requested)

    def show_table(self, table: RuleTable) -> None:
        """Show the table as it is in force."""
        self.source.setText(self.tr("{0}, {1}").format(table.source.document, table.source.as_of))
        if table.ignored:
            left_out = self.tr("Your file is left out, the built-in one is used. {}").format(table.ignored)
            self.state.set_status(Status.WARNING, left_out)
        elif table.is_own:
            self.state.set_status(Status.INFO, self.tr("Your file is used: {}").format(table.file))
        else:
            self.state.set_status(Status.NEUTRAL, self.tr("Built-in"))
        self.restore.setVisible(table.is_own or bool(table.ignored))
        self.setAccessibleDescription(f"{self.source.text()} {self.state.text}")

    def show_problem(self, title: str, problems: tuple[str, ...]) -> None:
        """Say why a file was refused; nothing takes that away."""
        shown = list(problems[:_MOST_PROBLEMS])
        if len(problems) > _MOST_PROBLEMS:
            shown.append(self.tr("And {} more.").format(len(problems) - _MOST_PROBLEMS))
        self.problem.set_status(Status.CRITICAL, "\n".join([f"{title}:", *shown]))
        self.problem.setVisible(bool(title))

    def _link(self, theme: Theme, what: str, text: str, title: str) -> Button:
        button = Button(theme, text, kind=Kind.LINK)
        button.setObjectName(f"limits-{what}-{self.name}")
        button.setAccessibleName(self.tr("{0}: {1}").format(title, text))
        return button

    def _build(self, title: str) -> None:
        grid = columns(self, STRETCHES)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(title, TextStyle.STRONG, wrap=True))
        words.addWidget(Text(contents_of(self.name), TextStyle.CAPTION, Role.TEXT2, wrap=True))
        words.addStretch(1)
        told = QVBoxLayout()
        told.setSpacing(Space.XS)
        told.addWidget(self.source)
        told.addWidget(self.state)
        told.addStretch(1)
        acts = QVBoxLayout()
        acts.setSpacing(0)
        for button in (self.replace, self.restore, self.copy):
            acts.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        acts.addStretch(1)
        for column, part in enumerate((words, told, acts)):
            grid.addLayout(part, 0, column)
        grid.addWidget(self.problem, 1, 0, 1, len(STRETCHES))
