"""The header's button for the practice clock: how fast it runs, changed or stopped from wherever one is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.practice import PracticeState
from app.services.practice_control import PracticeControl
from ui.calls import Calls
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.widgets.buttons import Button, Kind
from ui.widgets.menu import Menu

_PACES = (1, 10, 60, 600, 3600)


class PaceButton(Button):
    """Shows the pace; its menu changes it. Practice vault only."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", icon="stale", kind=Kind.QUIET, caret=True, parent=parent)
        self.setObjectName("practice-pace")
        self.setToolTip(self.tr("Speed of the practice clock"))
        self._paces = Menu(theme, self)
        self._paces.setObjectName("practice-pace-menu")
        self.clicked.connect(lambda: self._paces.popup(self.mapToGlobal(self.rect().bottomLeft())))

    @property
    def paces(self) -> QMenu:
        """The menu."""
        return self._paces

    def show_pace(self, speed: float) -> None:
        """Show `speed` in vault seconds per real second; 0 is paused."""
        text = self.tr("Paused") if speed == 0 else self.tr("{:,g}×").format(speed)
        if self.text() != text:
            self.setText(text)
            self.setAccessibleName(self.tr("Practice clock: {}").format(text))


class PaceControl(QObject):
    """Connects the button with the practice vault."""

    def __init__(self, button: PaceButton, control: PracticeControl, notices: NoticeHub) -> None:
        super().__init__(button)
        self.setObjectName("practice_pace")
        self._button = button
        self._control = control
        self._calls = Calls(self, notices)
        menu = button.paces
        for number, pace in enumerate(_PACES, 1):
            action = QAction(self.tr("&{0}  {1:,} times").format(number, pace), menu)
            action.triggered.connect(partial(self._set_speed, float(pace)))
            menu.addAction(action)
        menu.addSeparator()
        pause = QAction(self.tr("&Pause"), menu)
        pause.triggered.connect(self._pause)
        menu.addAction(pause)

    def _set_speed(self, speed: float) -> None:
        self._change(lambda: self._control.set_speed(speed))

    def _pause(self) -> None:
        self._change(self._control.pause)

    def _change(self, change: Callable[[], Awaitable[PracticeState]]) -> None:
        self._calls.run("pace", change, doing=self.tr("Changing the practice clock"), on_result=self._show)

    def _show(self, state: PracticeState) -> None:
        self._button.show_pace(0.0 if state.is_paused else state.speed)
