"""When the first copy begins: at once, or at a time of the day within the next 24 hours."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.issue import Issue
from ui.theme.theme import Theme
from ui.theme.tokens import Space, TextStyle, Width
from ui.widgets.choice import RadioButton
from ui.widgets.form_field import TextField
from ui.widgets.labels import Text

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class FirstCopyField(QWidget):
    """Two radio buttons, and a time for the second.

    Signals:
        start_edited: the user changed it; carries the ISO moment, empty for at once, None while the time is none.
    """

    start_edited = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now: datetime | None = None
        self._start_at = ""
        self._at_once = RadioButton(theme, self.tr("At &once"))
        self._at_once.setObjectName("settings-start-now")
        self._at_time = RadioButton(theme, self.tr("At a &time, outside busy hours"))
        self._at_time.setObjectName("settings-start-later")
        self._time = TextField(theme, self.tr("Time, on this computer’s c&lock"), placeholder="22:00")
        self._time.edit.setObjectName("settings-start-time")
        self._time.setFixedWidth(Width.READING)
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(Text(self.tr("First copy starts"), TextStyle.LABEL))
        for button in (self._at_once, self._at_time):
            group.addButton(button)
            column.addWidget(button)
            button.clicked.connect(self._on_edited)
        row = QHBoxLayout()  # in it the field's words wrap to its own width, not to the column's
        row.addWidget(self._time)
        row.addStretch(1)
        column.addLayout(row)
        self._time.value_edited.connect(self._on_edited)

    @property
    def sentence(self) -> str:
        """What to type instead."""
        return self.tr("Write a time such as 22:00; the first copy starts when it is next that late.")

    @property
    def message(self) -> str:
        """What stands below the time."""
        return self._time.message

    def load(self, start_at: str, now: datetime) -> None:
        """Show a moment; what is being typed stays if it says the same."""
        self._now = now
        if start_at == self._start_at and (self._at_once.isChecked() or self._at_time.isChecked()):
            return
        self._start_at = start_at
        moment = _read_moment(start_at)
        self._at_time.setChecked(bool(start_at))
        self._at_once.setChecked(not start_at)
        self._time.setVisible(bool(start_at))
        if moment is not None:
            self._time.set_text(f"{moment.astimezone():%H:%M}")
            self._tell(moment)

    def show_issue(self, issue: Issue | None, *, insist: bool) -> None:
        """Say what is wrong with the time."""
        self._time.set_issue(issue.text if issue is not None else None)
        if insist:
            self._time.reveal()

    def first_focus(self) -> QWidget:
        return self._time.edit if self._at_time.isChecked() else self._at_once

    def _on_edited(self) -> None:
        is_later = self._at_time.isChecked()
        self._time.setVisible(is_later)
        if not is_later:
            self._start_at = ""
            self.start_edited.emit("")
            return
        moment = next_moment(self._time.text, self._now) if self._now is not None else None
        if moment is None:
            self._time.set_issue(self.sentence)
            self._time.set_hint("")
            self.start_edited.emit(None)
            return
        self._start_at = moment.isoformat(timespec="minutes")
        self._tell(moment)
        self.start_edited.emit(self._start_at)

    def _tell(self, moment: datetime) -> None:
        self._time.set_hint(self.tr("{} here").format(f"{moment.astimezone():%a %d %b, %H:%M}"))


def next_moment(text: str, now: datetime) -> datetime | None:
    """When it is next `text` o’clock on this computer's clock after `now`; None for a text that is no time."""
    found = _TIME.fullmatch(text.strip(" "))
    if found is None:
        return None
    today = now.astimezone().replace(tzinfo=None, second=0, microsecond=0)
    wanted = today.replace(hour=int(found[1]), minute=int(found[2]))
    if wanted.astimezone() <= now:
        wanted += timedelta(days=1)
    return wanted.astimezone()


def _read_moment(start_at: str) -> datetime | None:
    try:
        return datetime.fromisoformat(start_at) if start_at else None
    except ValueError:
        return None
