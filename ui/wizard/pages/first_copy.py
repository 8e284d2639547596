"""When the first copy begins: at once, or at a time within the next 24 hours, held against the site's quiet hours."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.first_copy import next_moment, quiet_hours, read_time
from app.domain.issue import Issue
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle, Width
from ui.widgets.buttons import Button, Kind
from ui.widgets.choice import RadioButton
from ui.widgets.form_field import TextField
from ui.widgets.labels import StatusLine, Text
from ui.wizard.pages.figures_form import status_of


class FirstCopyField(QWidget):
    """Two radio buttons, a time for the second, and below them the quiet hours, folded away.

    Signals:
        start_edited: the user changed it; carries the ISO moment, empty for at once, None while the time is none.
        quiet_edited: carries both times of day as typed.
    """

    start_edited = Signal(object)
    quiet_edited = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now: datetime | None = None
        self._start_at: str | None = ""
        """The moment that is shown; None where what is typed is given up."""
        self._at_once = RadioButton(theme, self.tr("At &once"))
        self._at_once.setObjectName("settings-start-now")
        self._at_time = RadioButton(theme, self.tr("At a &time within the next 24 hours"))
        self._at_time.setObjectName("settings-start-later")
        self._time = TextField(theme, self.tr("Time, on this computer’s c&lock"), placeholder="22:00")
        self._time.edit.setObjectName("settings-start-time")
        self._time.setFixedWidth(Width.READING)
        self._warning = StatusLine(theme, Status.WARNING, style=TextStyle.CAPTION, tinted=True)
        self._warning.setObjectName("settings-start-warning")
        self._warning.hide()
        self._suggest = Button(theme, "", icon="in_time", kind=Kind.LINK, small=True)
        self._suggest.setObjectName("settings-start-quiet")
        self._suggest.hide()
        self._fold = Button(theme, self.tr("&Quiet hours of the site"), icon="next", kind=Kind.LINK, small=True)
        self._fold.setObjectName("settings-quiet")
        self._given = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._from = TextField(theme, self.tr("From"), placeholder="22:00")
        self._from.edit.setObjectName("settings-quiet-from")
        self._to = TextField(theme, self.tr("To"), placeholder="06:00")
        self._to.edit.setObjectName("settings-quiet-to")
        self._quiet = QWidget()
        self._quiet.hide()
        self._build()
        self._time.value_edited.connect(self._on_edited)
        self._suggest.clicked.connect(self._on_suggest_clicked)
        self._fold.clicked.connect(lambda: self._show_quiet(is_open=self._quiet.isHidden()))
        for field in (self._from, self._to):
            field.value_edited.connect(self._on_quiet_edited)

    @property
    def sentence(self) -> str:
        """What to type instead."""
        return self.tr("Write a time such as 22:00; the first copy starts when it is next that late.")

    @property
    def message(self) -> str:
        """What stands below the time, or below the choice where no time is asked for."""
        return self._time.message or ("" if self._warning.isHidden() else self._warning.text)

    @property
    def quiet_messages(self) -> tuple[str, str]:
        """What stands below the two times of the quiet hours."""
        return self._from.message, self._to.message

    def load(self, start_at: str, quiet_from: str, quiet_to: str, now: datetime) -> None:
        """Show a moment and the quiet hours; what is being typed stays if it says the same."""
        self._now = now
        self._from.set_text(quiet_from)
        self._to.set_text(quiet_to)
        self._show_given()
        if start_at == self._start_at and (self._at_once.isChecked() or self._at_time.isChecked()):
            return
        self._start_at = start_at
        moment = _read_moment(start_at)
        self._at_time.setChecked(bool(start_at))
        self._at_once.setChecked(not start_at)
        self._time.setVisible(bool(start_at))
        if moment is None:
            self._time.set_text("")
            self._time.forget()
        else:
            self._time.set_text(f"{moment.astimezone():%H:%M}")
            self._tell(moment)
        self._show_given()

    def forget(self) -> None:
        """Give up a time that is none: what is loaded next is shown in its place."""
        self._start_at = None

    def show_issues(self, start: Issue | None, begin: Issue | None, end: Issue | None, *, insist: bool) -> None:
        """Say what is wrong with the time, and with either end of the quiet hours."""
        is_later = self._at_time.isChecked()
        self._time.set_issue(start.text if start is not None and is_later else None, status_of(start))
        self._warning.setVisible(start is not None and not is_later)
        if start is not None:
            self._warning.set_status(status_of(start), start.text)
        for field, issue in ((self._from, begin), (self._to, end)):
            field.set_issue(issue.text if issue is not None else None)
        if insist:
            for field in (self._time, self._from, self._to):
                field.reveal()
            if begin is not None or end is not None:
                self._show_quiet(is_open=True)

    def first_focus(self) -> QWidget:
        return self._time.edit if self._at_time.isChecked() else self._at_once

    def quiet_focus(self) -> QWidget:
        """The first wrong end of the quiet hours."""
        return self._from.edit if self._from.has_issue else self._to.edit

    def _build(self) -> None:
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(Text(self.tr("First copy starts"), TextStyle.LABEL))
        for button in (self._at_once, self._at_time):
            group.addButton(button)
            column.addWidget(button)
            button.clicked.connect(self._on_way_clicked)
        row = QHBoxLayout()  # in it the field's words wrap to its own width, not to the column's
        row.addWidget(self._time)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._warning)
        column.addWidget(self._suggest, 0, Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        head.addWidget(self._fold)
        head.addWidget(self._given)
        head.addStretch(1)
        column.addLayout(head)
        inner = QVBoxLayout(self._quiet)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.XS)
        times = QHBoxLayout()
        times.setSpacing(Space.M)
        for field in (self._from, self._to):
            field.setFixedWidth(Width.PICKER)
            times.addWidget(field, 0, Qt.AlignmentFlag.AlignTop)
        times.addStretch(1)
        inner.addLayout(times)
        words = self.tr("When the line is free, every day. They are for advice and warnings here; nothing is sent.")
        inner.addWidget(Text(words, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        column.addWidget(self._quiet)

    def _show_quiet(self, *, is_open: bool) -> None:
        self._quiet.setVisible(is_open)
        self._fold.set_icon("unfold" if is_open else "next")
        self._show_given()

    def _show_given(self) -> None:
        """The hours in a few words while they are folded away, and the suggestion that follows from them."""
        quiet = quiet_hours(self._from.text, self._to.text)
        words = self.tr("{0:%H:%M} to {1:%H:%M}").format(quiet.begin, quiet.end) if quiet is not None else ""
        self._given.setText("" if not self._quiet.isHidden() else words or self.tr("not given"))
        typed = read_time(self._time.text) if self._at_time.isChecked() else None
        self._suggest.setVisible(quiet is not None and typed != quiet.begin)
        if quiet is not None:
            self._suggest.setText(self.tr("Start when the quiet hours begin, {:%H:%M}").format(quiet.begin))

    def _on_suggest_clicked(self) -> None:
        quiet = quiet_hours(self._from.text, self._to.text)
        if quiet is not None:
            self._at_time.setChecked(True)
            self._time.set_text(f"{quiet.begin:%H:%M}")
            self._on_edited()
            self._time.edit.setFocus()

    def _on_quiet_edited(self) -> None:
        self._show_given()
        self.quiet_edited.emit(self._from.text, self._to.text)

    def _on_way_clicked(self) -> None:
        if not self._time.text:
            self._time.forget()  # nobody has typed anything yet
        self._on_edited()

    def _on_edited(self) -> None:
        is_later = self._at_time.isChecked()
        self._time.setVisible(is_later)
        self._show_given()
        if not is_later:
            self._start_at = ""
            self.start_edited.emit("")
            return
        typed = read_time(self._time.text)
        if typed is None or self._now is None:
            self._time.set_issue(self.sentence)
            self._time.set_hint("")
            self.start_edited.emit(None)
            return
        moment = next_moment(typed, self._now)
        self._start_at = moment.isoformat(timespec="minutes")
        self._tell(moment)
        self.start_edited.emit(self._start_at)

    def _tell(self, moment: datetime) -> None:
        self._time.set_hint(self.tr("{} here").format(f"{moment.astimezone():%a %d %b, %H:%M}"))


def _read_moment(start_at: str) -> datetime | None:
    try:
        return datetime.fromisoformat(start_at) if start_at else None
    except ValueError:
        return None
