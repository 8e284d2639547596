"""The composition root: one QApplication, one loop, one window; opens connections and closes everything in order.

What the first frame does not show is imported after it, and nothing of `azure.*` until a connection opens.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from app.config import ThemeChoice, load_settings, save_settings
from app.connection import ConnectionSpec, PracticeSpec, read_connection
from app.errors import AppError
from app.logs import start_logging, stop_logging
from app.paths import HOME_VARIABLE, user_paths
from app.runtime.loading import load
from app.runtime.progress import Report
from app.scenarios import scenarios
from ui.calls import Calls
from ui.collector import Collector
from ui.heartbeat import Heartbeat
from ui.interrupts import Interrupts
from ui.notices import Notice, NoticeAction
from ui.options import Options, read_options
from ui.qt_messages import log_qt_messages
from ui.shell.appearance import AppearanceButton
from ui.shell.main_window import MainWindow
from ui.theme.theme import Appearance, Theme
from ui.theme.tokens import Status
from ui.views.welcome import UnfinishedSetUp, WelcomeView
from ui.window_memory import WindowMemory

if TYPE_CHECKING:
    from app.live.services import Services
    from ui.desk import Desk

PRACTICE_SPEED = 60.0
_INTERRUPTED = 128
"""With the signal's number added: the exit status by which a shell knows of an interrupt."""

_AFTER_FIRST_FRAME = (
    "app.flows.draft_file",
    "ui.unfinished",
    "app.live.services",
    "app.bootstrap",
    "ui.tables.table_view",
    "ui.wizard.all_pages",
    "ui.wizard.window",
    "ui.failover.sheet",
    "ui.vault_views",
    "ui.desk",
)
"""In this order, so that each is a piece of its own; the welcome page has time for it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program until its window is closed; the exit status is 0 unless a tour failed or an interrupt came."""
    options = read_options(arguments)
    if options.tour is not None and not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([sys.argv[0]])
    app.setApplicationName("Site Recovery Desk")
    app.setQuitOnLastWindowClosed(False)
    paths = user_paths()
    try:
        log = start_logging(paths.log_file)
    except OSError as error:
        sys.exit(
            f"{paths.logs} can’t be written: {error.strerror}. "
            f"Give yourself the right to write there, or name another folder in {HOME_VARIABLE}."
        )
    log_qt_messages()
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            return runner.run(_run(Program(app, options)))
    finally:
        stop_logging(log)


async def _run(program: Program) -> int:
    """Run it; an interrupt ends it as closing its window does."""
    running = asyncio.current_task()
    came: list[int] = []

    def end(number: int) -> None:
        came.append(number)
        if running is not None:
            running.cancel()

    interrupts = Interrupts(program, end)
    try:
        return await program.run()
    except asyncio.CancelledError:
        if not came:
            raise
        return _INTERRUPTED + came[0]
    finally:
        interrupts.stop()


class Program(QObject):
    """The window with at most one connection open in it."""

    def __init__(self, app: QApplication, options: Options) -> None:
        super().__init__()
        self._options = options
        self._settings = load_settings(user_paths().settings_file)
        self.theme = Theme(app, Appearance(self._settings.theme), motion=False if options.tour else None)
        self.window = MainWindow(self.theme)
        self.setObjectName("program")
        self._memory = WindowMemory(user_paths().window_state_file)
        self._calls = Calls(self, self.window.notices)
        self._desk: Desk | None = None
        self._closing = asyncio.Event()
        self.welcome = WelcomeView(self.theme, scenarios())
        self.window.add_view("welcome", "", "practice", self.welcome, section=None, full=True)
        appearance = AppearanceButton(self.theme)
        appearance.chosen.connect(self._on_appearance_chosen)
        self.window.header.add_control(appearance)
        self.welcome.practice_requested.connect(lambda scenario: self._open(_practice(scenario)))
        self.welcome.set_up_requested.connect(self._on_set_up_requested)
        self.window.close_requested.connect(self._closing.set)

    @property
    def desk(self) -> Desk | None:
        """The connection that is open."""
        return self._desk

    async def run(self) -> int:
        """Show the window, open what was asked for, and wait until the window is to close."""
        await self._show_first_frame()
        Collector(self).start()
        heartbeat = Heartbeat(self)
        if self._options.tour is not None:
            heartbeat.start()
        spec = self._asked_for()
        if spec is None:
            self.welcome.first_focus().setFocus()
            self._show_welcome()
        else:
            self._open(spec)
        try:
            if self._options.tour is not None:
                from ui.tour import Tour

                return await Tour(self.window, self._options.tour, heartbeat).run()
            await self._closing.wait()
            return 0
        finally:
            await self._shut_down()

    async def _show_first_frame(self) -> None:
        self.window.show_view("welcome")
        painted = asyncio.Event()
        watcher = _FirstPaint(self.window, painted)
        self.window.show()
        await painted.wait()
        watcher.stop()

    def _asked_for(self) -> ConnectionSpec | None:
        """What the command line opens; a connection file that cannot be used is told on the welcome page."""
        options = self._options
        if options.connection is not None:
            try:
                return read_connection(options.connection)
            except AppError as error:
                self._say_failed(error)
                return None
        if options.tour is not None:
            return _practice(options.practice or "empty", options.count, keeps_state=False)
        return _practice(options.practice, options.count) if options.practice else None

    def _open(self, spec: ConnectionSpec, set_up: UnfinishedSetUp | None = None) -> None:
        if self._desk is not None:
            return
        scenario = spec.scenario if isinstance(spec, PracticeSpec) else spec.arm
        self.welcome.set_busy(scenario)

        def take(services: Services) -> None:
            from ui.desk import Desk

            self.welcome.set_busy("")
            self.window.notices.withdraw("open")
            self._desk = Desk(
                self.window,
                self.theme,
                services,
                title=self._title_of(spec),
                place=_scenario_word(spec),
                memory=self._memory,
                draft=set_up.path if set_up else None,
                keeps_drafts=self._options.tour is None,
            )
            self._desk.left.connect(self._on_desk_left)
            self._desk.open()

        def refuse(error: AppError) -> None:
            self.welcome.set_busy("")
            self._say_failed(error, lambda: self._open(spec, set_up))

        self._calls.run_with_progress(
            "open",
            lambda report: _connect(spec, report),
            doing=self.tr("Opening the connection"),
            on_result=take,
            on_error=refuse,
        )

    def _say_failed(self, error: AppError, again: Callable[[], None] | None = None) -> None:
        retry = (NoticeAction(self.tr("Try again"), again),) if again is not None and error.retryable else ()
        text = " ".join(part for part in (error.advice, error.details) if part)
        self.window.notices.post(Notice("open", Status.CRITICAL, error.title, text, retry))

    def _on_set_up_requested(self, set_up: UnfinishedSetUp) -> None:
        self._open(_practice(set_up.scenario), set_up)

    def _on_appearance_chosen(self, appearance: Appearance) -> None:
        self.theme.set_appearance(appearance)
        self._settings = replace(self._settings, theme=ThemeChoice(appearance))
        save_settings(user_paths().settings_file, self._settings)

    def _title_of(self, spec: ConnectionSpec) -> str:
        if isinstance(spec, PracticeSpec):
            return self.tr("Practice vault")
        return urlsplit(spec.arm).netloc

    def _on_desk_left(self) -> None:
        """Back to the welcome page; the connection is closed, so that another can be opened."""
        desk, self._desk = self._desk, None
        if desk is None:
            return

        def show_welcome(_: None) -> None:
            self._show_welcome()
            desk.take_out()

        self._calls.run("leave", desk.aclose, doing=self.tr("Closing the connection"), on_result=show_welcome)

    def _show_welcome(self) -> None:
        self.window.show_view("welcome")
        self._calls.run(
            "unfinished",
            _find_unfinished,
            doing=self.tr("Looking for unfinished set-ups"),
            on_result=self.welcome.set_unfinished,
        )

    async def _shut_down(self) -> None:
        """Views first, then what they stand on; what was sent goes on in Azure and stands in the journal."""
        self._calls.cancel_all()
        if self._desk is not None:
            await self._desk.aclose()
        self._memory.write()
        self.window.allow_close()
        self.window.close()


async def _connect(spec: ConnectionSpec, report: Report) -> Services:
    await load(_AFTER_FIRST_FRAME)
    from app.bootstrap import open_connection

    return await open_connection(spec, report=report)


async def _find_unfinished() -> tuple[UnfinishedSetUp, ...]:
    await load(_AFTER_FIRST_FRAME)
    from ui.unfinished import find_unfinished

    return await find_unfinished()


def _scenario_word(spec: ConnectionSpec) -> str:
    """What the welcome page calls the estate of a practice vault; empty for a connection."""
    if not isinstance(spec, PracticeSpec):
        return ""
    return next((each.title for each in scenarios() if each.key == spec.scenario), spec.scenario)


def _practice(scenario: str, count: int | None = None, *, keeps_state: bool = True) -> PracticeSpec:
    """A practice vault whose clock runs fast enough that one need not wait half an hour for a first copy."""
    return PracticeSpec(scenario, count, keeps_state=keeps_state, speed=PRACTICE_SPEED)


class _FirstPaint(QObject):
    """Tells when the window was painted for the first time."""

    def __init__(self, window: QWidget, painted: asyncio.Event) -> None:
        super().__init__()
        self._window = window
        self._painted = painted
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._painted.set()
        return False

    def stop(self) -> None:
        self._window.removeEventFilter(self)


def _has_display() -> bool:
    """Whether Qt can open a window; on Windows and macOS it always can."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
