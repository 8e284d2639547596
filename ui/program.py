"""The program behind the window: opens connections and closes everything in order. Loaded while the window shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from app.connection import AzureSpec, ConnectionSpec, PracticeSpec, read_connection
from app.errors import AppError, SignInRefused, SignInRequired
from app.paths import user_paths
from app.runtime.loading import load
from app.runtime.progress import Report
from app.scenarios import title_of
from ui.calls import Calls
from ui.collector import Collector
from ui.first_frame import FirstFrame
from ui.heartbeat import Heartbeat
from ui.interrupts import INTERRUPTED, Interrupts
from ui.notices import Notice, NoticeAction
from ui.options import Options
from ui.set_aside import tell_set_aside
from ui.theme.tokens import Status
from ui.views.welcome.set_ups import UnfinishedSetUp
from ui.window_memory import WindowMemory

if TYPE_CHECKING:
    from app.live.services import Services
    from app.saved_connections import SavedConnection
    from ui.desk import ConnectionDoor, Desk
    from ui.doors import Doors
    from ui.home import Home
    from ui.shell.room import Room

PRACTICE_SPEED = 60.0

_BEHIND_THE_WELCOME = (
    "app.saved_connections",
    "ui.connections.keeper",
    "ui.connections.connecting",
    "app.flows.draft_file",
    "ui.unfinished",
    "ui.home",
    "app.live.services",
    "app.services.vault_catalogue",
    "app.services.connection_check",
    "app.bootstrap.connections",
    "app.bootstrap",
    "ui.tables.table_view",
    "ui.wizard.all_pages",
    "ui.wizard.window",
    "ui.failover.sheet",
    "ui.vault_views",
    "ui.views.prerequisites.view",
    "ui.desk",
)
"""In this order, so that each is a piece of its own; the welcome page has time for it."""


def run(app: QApplication, program: Program) -> int:
    """Run the program on the one loop that it has from now on; returns the exit status."""
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(_run(program))


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
        return INTERRUPTED + came[0]
    finally:
        interrupts.stop()


@dataclass(slots=True)
class _Open:
    """A connection that is open, or being closed."""

    desk: Desk
    room: Room
    is_leaving: bool = False


class Program(QObject):
    """The window with the connections that are open in it, side by side."""

    def __init__(self, frame: FirstFrame, options: Options, doors: Doors) -> None:
        """Take over the window that is on screen; `doors` open whatever talks to Azure."""
        super().__init__()
        self._options = options
        self._doors = doors
        self._wished = frame.hand_over()
        self.theme, self.window, self.welcome = frame.theme, frame.window, frame.welcome
        self.setObjectName("program")
        self._asides = frame.asides
        self._memory = WindowMemory(user_paths().window_state_file)
        self._notices = self.window.home.notices
        self._calls = Calls(self, self._notices)
        self._open: dict[str, _Open] = {}
        self._home: Home | None = None
        self._closing = asyncio.Event()
        self.welcome.practice_requested.connect(lambda scenario: self._begin(_practice(scenario)))
        self.welcome.set_up_requested.connect(lambda set_up: self._with_home("set-up", lambda home: home.go_on(set_up)))
        self.welcome.connect_requested.connect(lambda: self._with_home("connect", lambda home: home.connecting.show()))
        self.welcome.check_requested.connect(lambda: self._with_home("check", lambda home: home.check()))
        self.welcome.draft_requested.connect(lambda: self._with_home("draft", lambda home: home.choose_draft()))
        self.welcome.draft_dropped.connect(lambda file: self._with_home("drop", lambda home: home.open_draft(file)))
        self.window.close_requested.connect(self._closing.set)
        self.window.room_shown.connect(self._on_room_shown)

    @property
    def desk(self) -> Desk | None:
        """The connection whose room is open."""
        return next((each.desk for each in self._open.values() if each.room is self.window.room), None)

    @property
    def home(self) -> Home | None:
        """What the first page leads to, once it is loaded."""
        return self._home

    async def run(self) -> int:
        """Open what was asked for, and wait until the window is to close."""
        Collector(self).start()
        tell_set_aside(self._notices, self.tr("your settings"), self._asides)
        tell_set_aside(self._notices, self.tr("the window’s layout"), self._memory.asides)
        heartbeat = Heartbeat(self)
        if self._options.tour is not None:
            heartbeat.start()
        spec = self._asked_for()
        if spec is not None:
            self._begin(spec)
        else:
            self._show_welcome()
            if self._wished is not None and not self._options.opens_at_once:
                self._wished()
        try:
            if self._options.tour is not None:
                from ui.tour import Tour

                return await Tour(self.window, self._options.tour, heartbeat).run()
            await self._closing.wait()
            return 0
        finally:
            await self._shut_down()

    def _asked_for(self) -> ConnectionSpec | None:
        """What the command line opens.

        A connection file that cannot be used is told on the welcome page.
        """
        options = self._options
        if options.connection is not None:
            try:
                return read_connection(options.connection)
            except AppError as error:
                self.welcome.set_busy("")
                self._say_failed(error)
                return None
        if options.tour is not None:
            return _practice(options.practice or "empty", options.count, keeps_state=False)
        if options.practice is not None:
            return _practice(options.practice, options.count)
        return None

    def _begin(
        self, spec: ConnectionSpec, set_up: UnfinishedSetUp | None = None, saved: SavedConnection | None = None
    ) -> None:
        """Open a connection in a room of its own; one that is open already is shown."""
        there = self._open.get(spec.key)
        if there is not None:
            self.window.show_room(there.room)
            return
        scenario = spec.scenario if isinstance(spec, PracticeSpec) else spec.arm
        self.welcome.set_busy(scenario)

        def take(services: Services) -> None:
            self.welcome.set_busy("")
            self._notices.withdraw("open")
            self._add(spec, services, set_up, saved)

        def again() -> None:
            self._begin(spec, set_up, saved)

        def refuse(error: AppError) -> None:
            self.welcome.set_busy("")
            if isinstance(error, SignInRequired | SignInRefused) and isinstance(spec, AzureSpec):
                self._home_now().ask_to_sign_in(spec, saved, error, again)
            else:
                self._say_failed(error, again)

        looks_only = saved is not None and saved.opens_read_only
        self._calls.run_with_progress(
            "open",
            lambda report: self._connect_loaded(spec, report, looks_only=looks_only),
            doing=self.tr("Opening the connection"),
            on_result=take,
            on_error=refuse,
        )

    def _add(
        self,
        spec: ConnectionSpec,
        services: Services,
        set_up: UnfinishedSetUp | None,
        saved: SavedConnection | None,
    ) -> None:
        from ui.connections.colours import CHOSEN, colour_of
        from ui.desk import Desk

        if saved is not None:
            self._home_now().keeper.mark_opened(saved)
        room = self.window.add_room()
        desk = Desk(
            room,
            self.theme,
            services,
            title=saved.name if saved is not None else self._title_of(spec),
            colour=colour_of(saved) if saved is not None else CHOSEN[0],
            account=saved.account if saved is not None else "",
            check=self._check_of(spec),
            place=_place_of(spec),
            memory=self._memory,
            draft=set_up.path if set_up else None,
            keeps_drafts=self._options.tour is None,
        )
        self._open[spec.key] = _Open(desk, room)
        desk.left.connect(lambda: self._leave(spec.key))
        room.close_requested.connect(lambda: self._leave(spec.key))
        desk.open()
        self.window.show_room(room)

    def _check_of(self, spec: ConnectionSpec) -> ConnectionDoor | None:
        from ui.desk import ConnectionDoor

        if not isinstance(spec, AzureSpec):
            return None
        return ConnectionDoor(lambda: self._doors.connection_check(spec.ca), spec.cloud)

    async def _connect_loaded(self, spec: ConnectionSpec, report: Report, *, looks_only: bool) -> Services:
        await load(_BEHIND_THE_WELCOME)
        return await self._doors.connection(spec, report, looks_only=looks_only)

    def _say_failed(self, error: AppError, again: Callable[[], None] | None = None) -> None:
        actions = [NoticeAction(self.tr("Try again"), again)] if again is not None and error.retryable else []
        actions += [self._notices.remedies[remedy] for remedy in error.remedies if remedy in self._notices.remedies]
        text = " ".join(part for part in (error.advice, error.details) if part)
        self._notices.post(Notice("open", Status.CRITICAL, error.title, text, tuple(actions)))

    def _on_set_up_requested(self, set_up: UnfinishedSetUp) -> None:
        self._begin(_practice(set_up.scenario), set_up)

    def _on_connection_requested(self, connection: SavedConnection, set_up: UnfinishedSetUp | None) -> None:
        self._begin(connection.spec, set_up, connection)

    def _title_of(self, spec: ConnectionSpec) -> str:
        if isinstance(spec, PracticeSpec):
            return self.tr("Practice vault")
        return urlsplit(spec.arm).netloc

    def _leave(self, key: str) -> None:
        """Close a connection and take its room away, so that it can be opened anew."""
        leaving = self._open.get(key)
        if leaving is None or leaving.is_leaving:
            return
        leaving.is_leaving = True

        def take_out(_: None) -> None:
            del self._open[key]
            self.window.remove_room(leaving.room)

        self._calls.run(
            f"leave {key}", leaving.desk.aclose, doing=self.tr("Closing the connection"), on_result=take_out
        )

    def _on_room_shown(self, room: Room) -> None:
        if room is self.window.home:
            self._show_welcome()

    def _show_welcome(self) -> None:
        self.window.home.show_view("welcome")
        self._with_home("kept", lambda home: home.read())

    def _with_home(self, key: str, act: Callable[[Home], object]) -> None:
        """Do something that takes more than the first page has loaded."""
        self._calls.run(
            key, _load_behind, doing=self.tr("Preparing the program"), on_result=lambda _: act(self._home_now())
        )

    def _home_now(self) -> Home:
        if self._home is None:
            from ui.home import Home

            self._home = Home(self.theme, self.window, self.welcome, self._doors)
            self._home.connection_requested.connect(self._on_connection_requested)
            self._home.practice_requested.connect(self._on_set_up_requested)
        return self._home

    async def _shut_down(self) -> None:
        """Views first, then what they stand on; what was sent goes on in Azure and stands in the journal."""
        self._calls.cancel_all()
        if self._home is not None:
            await self._home.aclose()
        for each in self._open.values():
            await each.desk.aclose()
        await self._doors.aclose()
        self._memory.write()
        self.window.allow_close()
        self.window.close()


async def _load_behind() -> None:
    await load(_BEHIND_THE_WELCOME)


def _place_of(spec: ConnectionSpec) -> str:
    """What the welcome page calls the estate of a practice vault; the vault of a connection, if it has one."""
    return title_of(spec.scenario) if isinstance(spec, PracticeSpec) else spec.vault


def _practice(scenario: str, count: int | None = None, *, keeps_state: bool = True) -> PracticeSpec:
    """A practice vault whose clock runs fast enough that one need not wait half an hour for a first copy."""
    return PracticeSpec(scenario, count, keeps_state=keeps_state, speed=PRACTICE_SPEED)
