"""One prerequisite: what is needed and why, today and in 2017, and how it stands here."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.prerequisite_checks import Finding, Outcome
from app.domain.prerequisites import Prerequisite
from app.services.checklist import LONGEST_NOTE, Mark
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space, Status, TextStyle
from ui.when import moment_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.choice import CheckBox
from ui.widgets.labels import StatusLine, Text
from ui.widgets.line_edit import LineEdit
from ui.widgets.line_grid import columns

STRETCHES = (10, 12, 8)
_STATUSES = {
    Outcome.OK: Status.OK,
    Outcome.CARE: Status.WARNING,
    Outcome.MISSING: Status.CRITICAL,
    Outcome.UNKNOWN: Status.NEUTRAL,
}
_TYPING_ENDS_MS = 800
_BELOW_BOX = Height.CHECK + Space.CELL


class LineRow(QWidget):
    """A line that is looked at in Azure shows what was found; any other is ticked. Both can have a note.

    Signals:
        ticked: the tick was set or taken away.
        noted: the note says something else now.
    """

    ticked = Signal(bool)
    noted = Signal(str)

    def __init__(self, theme: Theme, line: Prerequisite, source: str, parent: QWidget | None = None) -> None:
        """`source` names the document of today's words, with its month."""
        super().__init__(parent)
        self._theme = theme
        self.line = line
        self._kept_note = ""
        self.setObjectName(f"prerequisite-{line.id}")
        self.setAccessibleName(line.need)
        self.box: CheckBox | None = None
        self.state = StatusLine(theme, Status.NEUTRAL, style=TextStyle.CAPTION)
        self.note = LineEdit(theme, placeholder=self.tr("Note"))
        self.note.setObjectName(f"prerequisite-note-{line.id}")
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setAccessibleName(self.tr("Note on {}").format(line.need))
        self.note.hide()
        self.add_note = Button(theme, self.tr("Add a note"), kind=Kind.LINK)
        self.add_note.setObjectName(f"prerequisite-add-note-{line.id}")
        self.add_note.setAccessibleName(self.tr("Add a note on {}").format(line.need))
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_ENDS_MS)
        self._build(source)
        self._typing.timeout.connect(self._keep_note)
        self.note.textEdited.connect(self._on_note_text_edited)
        self.note.editingFinished.connect(self._on_note_editing_finished)
        self.add_note.clicked.connect(self._on_add_note_clicked)

    def take_note(self) -> str | None:
        """A note that was typed and not told yet, for whoever keeps it now; None if there is none."""
        self._typing.stop()
        text = self.note.text().strip()
        if text == self._kept_note:
            return None
        self._kept_note = text
        return text

    def show_mark(self, mark: Mark, now: datetime) -> None:
        """Show tick and note; what is being typed stays."""
        if self.box is not None:
            if self.box.isChecked() != mark.is_done:
                self.box.blockSignals(True)  # it is no press of the user
                self.box.setChecked(mark.is_done)
                self.box.blockSignals(False)
            self._show_tick(mark, now)
        if not self._typing.isActive():
            self._kept_note = mark.note
            if self.note.text() != mark.note:
                self.note.setText(mark.note)
        self._show_note(is_open=bool(self.note.text()) or self.note.hasFocus())

    def show_finding(self, finding: Finding) -> None:
        """Show what was found in Azure."""
        text = f"{finding.word}: {finding.text} {finding.remedy}".strip()
        self.state.set_status(_STATUSES[finding.outcome], text)
        self.setAccessibleDescription(text)

    def _build(self, source: str) -> None:
        line = self.line
        grid = columns(self, STRETCHES)
        grid.addWidget(self._build_need(), 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        today = Text(line.today, wrap=True)
        today.setToolTip(source)
        today.setAccessibleDescription(self.tr("Source: {}").format(source))
        grid.addWidget(today, 0, 1, Qt.AlignmentFlag.AlignTop)
        before = Text(line.in_2017 or self.tr("The same"), TextStyle.BODY, Role.TEXT2, wrap=True)
        grid.addWidget(before, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._build_state(), 1, 1, 1, 2, Qt.AlignmentFlag.AlignTop)

    def _build_need(self) -> QWidget:
        line = self.line
        if line.check is None:
            self.box = CheckBox(self._theme, line.need, line.why)
            self.box.setObjectName(f"prerequisite-tick-{line.id}")
            self.box.setAccessibleDescription(f"{line.today} {line.why}")
            self.box.toggled.connect(self.ticked)
            return self.box
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS // 2)
        column.addWidget(Text(line.need, TextStyle.STRONG, wrap=True))
        column.addWidget(Text(line.why, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        return words

    def _build_state(self) -> QWidget:
        below = QWidget()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(self.state, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.add_note, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(row)
        column.addWidget(self.note)
        return below

    def _show_tick(self, mark: Mark, now: datetime) -> None:
        if not mark.is_done:
            self.state.set_status(Status.NEUTRAL, self.tr("Open"))
            return
        when = moment_text(mark.at, now) if mark.at is not None else ""
        if mark.by and when:
            text = self.tr("Done: {0}, {1}").format(mark.by, when)
        else:
            text = self.tr("Done: {}").format(mark.by or when) if mark.by or when else self.tr("Done")
        self.state.set_status(Status.OK, text)

    def _show_note(self, *, is_open: bool) -> None:
        self.note.setVisible(is_open)
        self.add_note.setVisible(not is_open)

    def _on_add_note_clicked(self) -> None:
        self._show_note(is_open=True)
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_note_text_edited(self, _text: str) -> None:
        self._typing.start()

    def _on_note_editing_finished(self) -> None:
        self._keep_note()
        if not self.note.hasFocus():
            self._show_note(is_open=bool(self.note.text()))

    def _keep_note(self) -> None:
        self._typing.stop()
        text = self.note.text().strip()
        if text != self._kept_note:
            self._kept_note = text
            self.noted.emit(text)


class LineHeads(QWidget):
    """What stands over the columns."""

    def __init__(self, stretches: tuple[int, ...] = STRETCHES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = columns(self, stretches)
        grid.setContentsMargins(Space.CARD_X, Space.S, Space.CARD_X, Space.S)
        for column, title in enumerate((self.tr("Needed, and why"), self.tr("Today"), self.tr("In 2017"))):
            grid.addWidget(Text(title, TextStyle.TABLE_HEAD, Role.TEXT2), 0, column)
