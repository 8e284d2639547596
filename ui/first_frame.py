"""The first frame: the window with its welcome page, shown by Qt alone while the program behind it still loads.

A user waits for whatever is imported or made here. So there is no asyncio yet and no log, and neither is anything of
the window that the welcome page does not show.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.config import SettingsFile, ThemeChoice
from app.paths import UserPaths
from app.runtime.kept_file import Aside
from app.scenarios import scenarios
from ui.interrupts import Interrupts
from ui.shell.appearance import AppearanceButton
from ui.shell.main_window import MainWindow
from ui.theme.theme import Appearance, Theme
from ui.views.welcome.view import WelcomeView

_log = logging.getLogger(__name__)


class FirstFrame(QObject):
    """The window, its theme and the welcome page.

    What a user asks for before there is somebody to do it is kept, until `hand_over`.

    Attributes:
        interrupt: the signal's number, when one came before `hand_over`; it closes the window.
    """

    def __init__(self, app: QApplication, paths: UserPaths, *, motion: bool | None = None) -> None:
        """`motion` stands in for what the system says."""
        super().__init__()
        self._settings = SettingsFile(paths.settings_file)
        self._wish: Callable[[], None] | None = None
        self._is_closed = False
        self.interrupt = 0
        self._interrupts = Interrupts(self, self._on_interrupt)
        self.theme = Theme(app, Appearance(self._settings.load().theme), motion=motion)
        self.window = MainWindow(self.theme)
        self.welcome = WelcomeView(self.theme, scenarios(), has_connections=paths.connections_file.exists())
        self.window.home.add_view("welcome", "", "practice", self.welcome, section=None, full=True)
        appearance = AppearanceButton(self.theme)
        appearance.chosen.connect(self._on_appearance_chosen)
        self.window.header.add_control(appearance)
        self.window.home.show_view("welcome")
        self._listening = (
            (self.welcome.practice_requested, self._on_practice_requested),
            (self.welcome.connect_requested, self._on_connect_requested),
            (self.welcome.check_requested, self._on_check_requested),
            (self.welcome.draft_requested, self._on_draft_requested),
        )
        for signal, slot in self._listening:
            signal.connect(slot)
        self.window.close_requested.connect(self._on_close_requested)
        self.welcome.first_focus().setFocus()

    @property
    def asides(self) -> tuple[Aside, ...]:
        """Files of settings that could not be used."""
        return self._settings.asides

    def show_and_load(self, modules: Sequence[str]) -> bool:
        """Show it, and import `modules` once it is painted; False if the window was closed meanwhile.

        They are imported one in each turn of Qt's loop, so that the window answers all the time.
        """
        loading = _Loading(self.window, modules)
        self.window.close_requested.connect(loading.stop)
        self.window.show()
        loading.run()
        if self._is_closed:
            self._interrupts.stop()
            self.window.allow_close()
            self.window.close()
        return not self._is_closed

    def hand_over(self) -> Callable[[], None] | None:
        """Somebody answers from now on, interrupts too; returns what asks once more for what was asked for before."""
        for signal, slot in self._listening:
            signal.disconnect(slot)
        self.window.close_requested.disconnect(self._on_close_requested)
        self._interrupts.stop()
        return self._wish

    def _on_practice_requested(self, scenario: str) -> None:
        self._wish = partial(self.welcome.practice_requested.emit, scenario)
        self.welcome.set_busy(scenario)

    def _on_connect_requested(self) -> None:
        self._wish = self.welcome.connect_requested.emit

    def _on_check_requested(self) -> None:
        self._wish = self.welcome.check_requested.emit

    def _on_draft_requested(self) -> None:
        self._wish = self.welcome.draft_requested.emit

    def _on_close_requested(self) -> None:
        self._is_closed = True

    def _on_interrupt(self, number: int) -> None:
        self.interrupt = number
        self.window.close_requested.emit()

    def _on_appearance_chosen(self, appearance: Appearance) -> None:
        self.theme.set_appearance(appearance)
        try:
            self._settings.change(theme=ThemeChoice(appearance))
        except OSError:
            _log.warning("The choice of theme cannot be saved", exc_info=True)


class _Loading(QObject):
    """A loop of Qt's own that waits for the first paint, imports, and ends. No other runs yet, or it would nest."""

    def __init__(self, window: QObject, modules: Sequence[str]) -> None:
        super().__init__()
        self._window = window
        self._waiting = list(modules)
        self._loop = QEventLoop()
        self._failure: BaseException | None = None
        window.installEventFilter(self)

    def run(self) -> None:
        self._loop.exec()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        self._waiting.clear()
        self._loop.quit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self._load_next)
        return False

    def _load_next(self) -> None:
        if not self._waiting:
            self._loop.quit()
            return
        try:
            import_module(self._waiting.pop(0))
        except BaseException as failure:  # an interrupt too: a slot raises nothing to whoever runs the loop
            self._failure = failure
            self._loop.quit()
            return
        QTimer.singleShot(0, self._load_next)
