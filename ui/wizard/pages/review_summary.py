"""The column beside the review: what it comes to, what to agree to, what can't be undone, and the answers with Edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space, Status, TextStyle, Width
from ui.widgets.buttons import Button, Kind
from ui.widgets.choice import CheckBox
from ui.widgets.labels import StatusLine, Text
from ui.widgets.side_summary import SideSummary

_BESIDE, _BELOW = 2, 6
"""Figures side by side: in the narrow column beside the list, and in the low strip below it."""
_ANY = (1 << 24) - 1
"""Qt's QWIDGETSIZE_MAX, which PySide6 does not hand out: no limit."""
_STACKED_HEIGHT = 6 * Height.ROW + Space.S


@dataclass(frozen=True, slots=True)
class Answer:
    """A step with what was answered there."""

    step_id: str
    title: str
    lines: tuple[str, ...]


class ReviewSummary(SideSummary):
    """What has been agreed to is kept by its sentence: another sentence has to be agreed to anew.

    Signals:
        agreed_changed: a box was ticked or cleared.
        step_requested: Edit was pressed; the step's id.
    """

    agreed_changed = Signal()
    step_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._wanted: tuple[str, ...] | None = None
        self._agreed: set[str] = set()
        self.boxes: list[CheckBox] = []
        self._figures = self.add_section(self.tr("In short"))
        self._agreements = self.add_section(self.tr("Agree to before running"))
        self._fixed = self.add_section(self.tr("Can’t be undone"))
        self._answers = self.add_section(self.tr("Your answers"))
        self._shown_answers: tuple[Answer, ...] | None = None
        self._shown_figures: tuple[Sequence[tuple[str, str]], str] = ((), "")
        self._columns = _BESIDE

    @property
    def open_agreements(self) -> tuple[str, ...]:
        """What has not been agreed to yet."""
        return tuple(text for text in self._wanted or () if text not in self._agreed)

    @property
    def is_stacked(self) -> bool:
        """It stands below the list."""
        return self._columns == _BELOW

    def first_open_box(self) -> CheckBox | None:
        """The first box not ticked, scrolled into view."""
        box = next((box for box in self.boxes if not box.isChecked()), None)
        if box is not None:
            self.findChild(QScrollArea).ensureWidgetVisible(box)
        return box

    def set_stacked(self, is_stacked: bool) -> None:
        """Stand below the list with little height, or beside it."""
        columns = _BELOW if is_stacked else _BESIDE
        if columns == self._columns:
            return
        self._columns = columns
        self.setMinimumSize(0, 0)
        self.setMaximumSize(_ANY, _ANY)
        if is_stacked:
            self.setFixedHeight(_STACKED_HEIGHT)
        else:
            self.setFixedWidth(Width.SIDE_SUMMARY)
        self.show_figures(*self._shown_figures)

    def show_figures(self, figures: Sequence[tuple[str, str]], note: str) -> None:
        """Label and value, a few beside each other, and how sure they are."""
        self._shown_figures = (figures, note)
        _clear(self._figures)
        grid = QGridLayout()
        grid.setVerticalSpacing(Space.S)
        grid.setHorizontalSpacing(Space.L)
        for place, (label, value) in enumerate(figures):
            cell = QVBoxLayout()
            cell.setSpacing(0)
            cell.addWidget(Text(label, TextStyle.CAPTION, Role.TEXT2))
            cell.addWidget(Text(value, TextStyle.SECTION))
            grid.addLayout(cell, place // self._columns, place % self._columns, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place % self._columns, 1)
        self._figures.addLayout(grid)
        if note:
            self._figures.addWidget(Text(note, TextStyle.CAPTION, Role.TEXT2, wrap=True))

    def show_agreements(self, sentences: tuple[str, ...]) -> None:
        if sentences == self._wanted:
            return
        self._wanted = sentences
        self._agreed &= set(sentences)
        _clear(self._agreements)
        self.boxes = []
        for number, sentence in enumerate(sentences):
            box = CheckBox(self._theme, sentence)
            box.setObjectName(f"review-agree-{number}")
            box.setChecked(sentence in self._agreed)
            box.toggled.connect(lambda checked, sentence=sentence: self._on_box_toggled(sentence, checked))
            self._agreements.addWidget(box)
            self.boxes.append(box)
        if not sentences:
            self._agreements.addWidget(StatusLine(self._theme, Status.OK, self.tr("Nothing: there is no warning.")))

    def show_fixed(self, text: str) -> None:
        """What can't be changed afterwards; empty if all can."""
        _clear(self._fixed)
        status = Status.WARNING if text else Status.OK
        self._fixed.addWidget(StatusLine(self._theme, status, text or self.tr("Everything here can be changed later.")))

    def show_answers(self, answers: tuple[Answer, ...]) -> None:
        if answers == self._shown_answers:
            return
        self._shown_answers = answers
        _clear(self._answers)
        for answer in answers:
            self._answers.addLayout(self._build_answer(answer))

    def _build_answer(self, answer: Answer) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(answer.title))
        for line in answer.lines:
            words.addWidget(Text(line, TextStyle.CAPTION, Role.TEXT2))
        edit = Button(self._theme, self.tr("Edit"), kind=Kind.LINK)
        edit.setObjectName(f"review-edit-{answer.step_id}")
        edit.setAccessibleName(self.tr("Edit {step}").format(step=answer.title))
        edit.clicked.connect(lambda _checked: self.step_requested.emit(answer.step_id))
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addLayout(words, 1)
        row.addWidget(edit, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _on_box_toggled(self, sentence: str, checked: bool) -> None:
        (self._agreed.add if checked else self._agreed.discard)(sentence)
        self.agreed_changed.emit()


def _clear(section: QVBoxLayout) -> None:
    """Take everything out of a section but its title."""
    while section.count() > 1:
        _discard(section.takeAt(1))


def _discard(item: object) -> None:
    layout = item.layout() if hasattr(item, "layout") else None
    widget = item.widget() if hasattr(item, "widget") else None
    if isinstance(layout, QLayout):
        while layout.count():
            _discard(layout.takeAt(0))
    if widget is not None:
        widget.hide()
        widget.deleteLater()
