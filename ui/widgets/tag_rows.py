"""Tags as rows of name and value, each with its own message and a way to take it out."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import StatusLine, Text
from ui.widgets.line_edit import LineEdit
from ui.widgets.painting import set_look

Tags = tuple[tuple[str, str], ...]


class TagRows(QWidget):
    """A form's part. There is no row until one is asked for.

    Signals:
        edited: other words stand in the rows; carries all of them as pairs, empty ones too.
    """

    edited = Signal(object)

    def __init__(self, theme: Theme, hint: str = "", parent: QWidget | None = None) -> None:
        """`hint` says what they are good for; without one, what they are good for on a vault."""
        super().__init__(parent)
        self._theme = theme
        self._rows: list[_TagRow] = []
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(self.tr("Tags"), TextStyle.LABEL))
        head.addWidget(Text(self.tr("optional"), TextStyle.CAPTION, Role.TEXT2))
        head.addStretch(1)
        self.add_button = Button(theme, self.tr("&Add a tag"), icon="create", small=True)
        self.add_button.setObjectName("tag-add")
        head.addWidget(self.add_button)
        self._column = QVBoxLayout()
        self._column.setSpacing(Space.S)
        self._hint = Text(
            hint or self.tr("For costs and owners. A name and a value; anybody who sees the vault reads them."),
            TextStyle.CAPTION,
            Role.TEXT2,
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(head)
        column.addLayout(self._column)
        column.addWidget(self._hint)
        self.add_button.clicked.connect(self._on_add_clicked)

    @property
    def tags(self) -> Tags:
        """All rows as they stand."""
        return tuple((row.name.text(), row.value.text()) for row in self._rows)

    def set_tags(self, tags: Tags) -> None:
        """Show these; what is typed is not touched where it is the same."""
        if tags == self.tags:
            return
        while len(self._rows) > len(tags):
            self._drop(self._rows[-1])
        while len(self._rows) < len(tags):
            self._add()
        for row, (name, value) in zip(self._rows, tags, strict=True):
            row.name.setText(name)
            row.value.setText(value)

    def set_hint(self, hint: str) -> None:
        """Say something else about who reads them."""
        self._hint.setText(hint)

    def set_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, by field: `tags[0].name`, `tags[0].value`. What is of another field is not ours."""
        for place, row in enumerate(self._rows):
            row.set_problems(problems.get(f"tags[{place}].name", ""), problems.get(f"tags[{place}].value", ""))

    @property
    def first_wrong(self) -> QWidget | None:
        """The first field that is wrong, whether that is shown yet or not."""
        return next((edit for row in self._rows for edit, problem in row.problems if problem), None)

    def reveal(self) -> None:
        """Show the red of every row now."""
        for row in self._rows:
            row.reveal()

    def _add(self) -> _TagRow:
        row = _TagRow(self._theme, len(self._rows))
        self._rows.append(row)
        self._column.addWidget(row)
        if row.parentWidget() is not None:  # else it would open a window of its own, which takes the keyboard
            row.show()  # a layout shows it in a later turn, too late for the focus
        for edit in (row.name, row.value):
            edit.textEdited.connect(lambda _text: self.edited.emit(self.tags))
        row.remove.clicked.connect(lambda: self._on_remove_clicked(row))
        return row

    def _drop(self, row: _TagRow) -> None:
        self._rows.remove(row)
        row.hide()
        row.deleteLater()

    def _on_add_clicked(self) -> None:
        self._add().name.setFocus()
        self.edited.emit(self.tags)

    def _on_remove_clicked(self, row: _TagRow) -> None:
        place = self._rows.index(row)
        self._drop(row)
        for number, each in enumerate(self._rows):
            each.number(number)
        (self._rows[place].name if place < len(self._rows) else self.add_button).setFocus()
        self.edited.emit(self.tags)


class _TagRow(QWidget):
    def __init__(self, theme: Theme, place: int) -> None:
        super().__init__()
        self._of_name = self._of_value = ""
        self._is_revealed = False
        self.name = LineEdit(theme, placeholder=self.tr("Name"))
        self.value = LineEdit(theme, placeholder=self.tr("Value"))
        self.remove = IconButton(theme, "close", self.tr("Take this tag out"), small=True)
        self._message = StatusLine(theme, style=TextStyle.CAPTION, tinted=True)
        self._message.hide()
        self.number(place)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self.name, 1)
        line.addWidget(self.value, 1)
        line.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(line)
        column.addWidget(self._message)
        for edit in (self.name, self.value):
            edit.editingFinished.connect(self.reveal)

    def number(self, place: int) -> None:
        """Be the row of that place, by its object names and for a screen reader."""
        self.name.setObjectName(f"tag-name-{place}")
        self.name.setAccessibleName(self.tr("Name of tag {}").format(place + 1))
        self.value.setObjectName(f"tag-value-{place}")
        self.value.setAccessibleName(self.tr("Value of tag {}").format(place + 1))
        self.remove.setObjectName(f"tag-remove-{place}")
        self._message.setObjectName(f"tag-problem-{place}")

    @property
    def problems(self) -> tuple[tuple[LineEdit, str], ...]:
        """Each field with what is wrong with it."""
        return (self.name, self._of_name), (self.value, self._of_value)

    def set_problems(self, of_name: str, of_value: str) -> None:
        self._of_name, self._of_value = of_name, of_value
        self._show()

    def reveal(self) -> None:
        self._is_revealed = True
        self._show()

    def _show(self) -> None:
        shown = [(edit, problem if self._is_revealed else "") for edit, problem in self.problems]
        for edit, problem in shown:
            set_look(edit, "state", "invalid" if problem else "")
            edit.setAccessibleDescription(problem)
        told = " ".join(problem for _, problem in shown if problem)
        self._message.setVisible(bool(told))
        if told:
            self._message.set_status(Status.CRITICAL, told)
