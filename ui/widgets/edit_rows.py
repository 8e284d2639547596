"""Rows of one or more fields each, with messages of their own, an offer, and a way to take the row out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, IconButton, Kind
from ui.widgets.labels import StatusLine, Text
from ui.widgets.line_edit import LineEdit
from ui.widgets.painting import set_look

Values = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class EditColumn:
    """One field of each row. `name` is its object's, `label` stands above the first row, `spoken` has `{}` for the
    number of the row.
    """

    name: str
    label: str
    spoken: str
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Something to know of a row. What is critical is of one column, and waits until the row was left."""

    status: Status
    text: str
    column: int = 0


class EditRows(QWidget):
    """Head with what the rows are and a button for one more; then the rows.

    Signals:
        edited: other words stand in the rows; carries all of them, empty ones too.
        row_added: a row was asked for; the receiver may fill it. Carries its place.
        offer_taken: what a row offers shall stand in it; carries its place.
    """

    edited = Signal(object)
    row_added = Signal(int)
    offer_taken = Signal(int)

    def __init__(
        self,
        theme: Theme,
        name: str,
        title: str,
        columns: Sequence[EditColumn],
        *,
        add: str,
        remove: str,
        optional: bool = False,
        fixed: int = 0,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`name` begins the object names; the first `fixed` rows stay; `add` and `remove` say what the buttons do."""
        super().__init__(parent)
        self._theme = theme
        self._columns = tuple(columns)
        self._name, self._remove, self._fixed = name, remove, fixed
        self._rows: list[_Row] = []
        self.add_button = Button(theme, add, icon="create", small=True)
        self.add_button.setObjectName(f"{name}-add")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.S)
        self._labels = QHBoxLayout()
        self._hint = Text(hint, TextStyle.CAPTION, Role.TEXT2, wrap=True)
        if not hint:  # showing it before it has a parent would open a window of its own
            self._hint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(self._build_head(title, optional))
        column.addLayout(self._labels)
        column.addLayout(self._lines)
        column.addWidget(self._hint)
        self.set_rows(((""),) * len(self._columns) for _ in range(fixed))
        self._label_columns()
        self.add_button.clicked.connect(self._on_add_clicked)

    @property
    def rows(self) -> Values:
        """All rows as they stand."""
        return tuple(tuple(edit.text() for edit in row.edits) for row in self._rows)

    def set_rows(self, rows: object) -> None:
        """Show these; what is typed is not touched where it is the same."""
        wanted: list[tuple[str, ...]] = [tuple(row) for row in rows]  # type: ignore[attr-defined]
        while len(self._rows) > len(wanted):
            self._drop(self._rows[-1])
        while len(self._rows) < len(wanted):
            self._append()
        for row, texts in zip(self._rows, wanted, strict=True):
            for edit, text in zip(row.edits, texts, strict=True):
                if edit.text() != text:
                    edit.setText(text)

    def tell(self, place: int, told: Sequence[Told], offer: str = "") -> None:
        """Say this of a row, and offer what could stand in it instead; empty offers nothing."""
        self._rows[place].tell(told, offer)

    def messages_of(self, place: int, column: int | None = None) -> str:
        """What is shown below a row now; with `column`, of that field."""
        return self._rows[place].shown(column)

    def reveal(self) -> None:
        """Show the red of every row now."""
        for row in self._rows:
            row.reveal()

    def field_of(self, place: int, column: int = 0) -> QWidget:
        """Where the row is typed into."""
        return self._rows[place].edits[column] if place < len(self._rows) else self.add_button

    def _build_head(self, title: str, optional: bool) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(title, TextStyle.LABEL))
        head.addWidget(Text(self.tr("optional") if optional else "", TextStyle.CAPTION, Role.TEXT2))
        head.addStretch(1)
        head.addWidget(self.add_button)
        return head

    def _label_columns(self) -> None:
        """Names above the columns, where there is more than one to tell apart; Alt letters lead to the first row."""
        if len(self._columns) < 2 or not self._rows:
            return
        self._labels.setSpacing(Space.S)
        for place, column in enumerate(self._columns):
            label = Text(column.label, TextStyle.CAPTION, Role.TEXT2)
            label.setBuddy(self._rows[0].edits[place])
            self._labels.addWidget(label, 1)
        self._labels.addSpacing(self._rows[0].remove.sizeHint().width())

    def _append(self) -> _Row:
        place = len(self._rows)
        row = _Row(self._theme, self._columns, self._name, place, self._remove if place >= self._fixed else "")
        before: QWidget = self._rows[-1].last_stop if self._rows else self.add_button
        self._rows.append(row)
        self._lines.addWidget(row)
        if row.parentWidget() is not None:  # else it would open a window of its own, which takes the keyboard
            row.show()  # a layout shows it in a later turn, too late for the focus
        for stop in row.stops:
            QWidget.setTabOrder(before, stop)
            before = stop
        for edit in row.edits:
            edit.textEdited.connect(lambda _text: self.edited.emit(self.rows))
        row.offer.clicked.connect(lambda: self.offer_taken.emit(self._rows.index(row)))
        row.remove.clicked.connect(lambda: self._on_remove_clicked(row))
        return row

    def _drop(self, row: _Row) -> None:
        self._rows.remove(row)
        row.hide()
        row.deleteLater()

    def _on_add_clicked(self) -> None:
        row = self._append()
        row.edits[0].setFocus()
        self.row_added.emit(len(self._rows) - 1)
        self.edited.emit(self.rows)

    def _on_remove_clicked(self, row: _Row) -> None:
        place = self._rows.index(row)
        self._drop(row)
        for number, each in enumerate(self._rows):
            each.number(number, self._name)
        self.field_of(place).setFocus()
        self.edited.emit(self.rows)


class _Row(QWidget):
    def __init__(self, theme: Theme, columns: Sequence[EditColumn], name: str, place: int, remove: str) -> None:
        super().__init__()
        self._theme = theme
        self._columns = columns
        self._told: tuple[Told, ...] = ()
        self._is_revealed = False
        self.edits = tuple(LineEdit(theme, placeholder=column.placeholder) for column in columns)
        self.remove = IconButton(theme, "close", remove, small=True)
        self.offer = Button(theme, "", kind=Kind.LINK, small=True)
        self.offer.hide()
        self._messages: list[StatusLine] = []
        self._below = QVBoxLayout()
        self._below.setSpacing(Space.XS)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        for edit in self.edits:
            line.addWidget(edit, 1)
            edit.editingFinished.connect(self.reveal)
        line.addWidget(self.remove)
        if not remove:
            policy = self.remove.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            self.remove.setSizePolicy(policy)
            self.remove.setEnabled(False)
            self.remove.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(line)
        column.addLayout(self._below)
        column.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignLeft)
        self.number(place, name)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        return (*self.edits, *((self.remove,) if self.remove.isEnabled() else ()), self.offer)

    @property
    def last_stop(self) -> QWidget:
        return self.offer

    def number(self, place: int, name: str) -> None:
        """Be the row of that place, by its object names and for a screen reader."""
        suffix = f"-{place}" if place else ""
        for edit, column in zip(self.edits, self._columns, strict=True):
            edit.setObjectName(f"{column.name}{suffix}")
            edit.setAccessibleName(column.spoken.format(place + 1))
        self.remove.setObjectName(f"{name}-remove{suffix}")
        self.offer.setObjectName(f"{name}-offer{suffix}")

    def tell(self, told: Sequence[Told], offer: str) -> None:
        self._told = tuple(told)
        self.offer.setText(offer)
        self.offer.setVisible(bool(offer))
        self._show()

    def reveal(self) -> None:
        self._is_revealed = True
        self._show()

    def shown(self, column: int | None) -> str:
        return " ".join(each.text for each in self._visible if column in (None, each.column))

    @property
    def _visible(self) -> tuple[Told, ...]:
        return tuple(each for each in self._told if each.status is not Status.CRITICAL or self._is_revealed)

    def _show(self) -> None:
        visible = self._visible
        while len(self._messages) < len(visible):
            message = StatusLine(self._theme, style=TextStyle.CAPTION, tinted=True)
            self._messages.append(message)
            self._below.addWidget(message)
        for message, told in zip(self._messages, visible, strict=False):
            message.set_status(told.status, told.text)
        for place, message in enumerate(self._messages):
            message.setVisible(place < len(visible))
        for column, edit in enumerate(self.edits):
            of_it = [each for each in visible if each.column == column]
            is_red = any(each.status is Status.CRITICAL for each in of_it)
            set_look(edit, "state", "invalid" if is_red else "")
            edit.setAccessibleDescription(" ".join(each.text for each in of_it))
