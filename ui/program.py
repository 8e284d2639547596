"""The program behind the window: opens connections and closes everything in order. Loaded while the window shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from app.connection import ConnectionSpec, PracticeSpec, read_connection
from app.errors import AppError
from app.paths import user_paths
from app.runtime.loading import load
from app.runtime.progress import Report
from app.scenarios import title_of
from ui.asking import Asking
from ui.calls import Calls
from ui.collector import Collector
from ui.first_frame import FirstFrame
from ui.heartbeat import Heartbeat
from ui.interrupts import Interrupts
from ui.notices import Notice, NoticeAction
from ui.options import Options
from ui.set_aside import tell_set_aside
from ui.theme.tokens import Status
from ui.views.welcome.set_ups import UnfinishedSetUp
from ui.window_memory import WindowMemory

if TYPE_CHECKING:
    from app.live.services import Services
    from app.saved_connections import SavedConnection
    from ui.connections.keeper import ConnectionKeeper
    from ui.desk import Desk
    from ui.shell.room import Room

    class Connect(Protocol):
        """Opens a connection; with `looks_only` nothing can be changed through it until that is allowed."""

        async def __call__(self, spec: ConnectionSpec, report: Report, *, looks_only: bool = False) -> Services: ...


PRACTICE_SPEED = 60.0
_INTERRUPTED = 128
"""With the signal's number added: the exit status by which a shell knows of an interrupt."""

_BEHIND_THE_WELCOME = (
    "app.saved_connections",
    "ui.connections.keeper",
    "app.flows.draft_file",
    "ui.unfinished",
    "app.live.services",
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
        return _INTERRUPTED + came[0]
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

    def __init__(self, frame: FirstFrame, options: Options, connect: Connect) -> None:
        """Take over the window that is on screen; `connect` opens a connection."""
        super().__init__()
        self._options = options
        self._connect = connect
        self._wished = frame.hand_over()
        self.theme, self.window, self.welcome = frame.theme, frame.window, frame.welcome
        self.setObjectName("program")
        self._asides = frame.asides
        self._memory = WindowMemory(user_paths().window_state_file)
        self._notices = self.window.home.notices
        self._calls = Calls(self, self._notices)
        self._open: dict[str, _Open] = {}
        self._asking = Asking(self.theme, self.window.home, self.window)
        self._keeper: ConnectionKeeper | None = None
        self._closing = asyncio.Event()
        self.welcome.practice_requested.connect(lambda scenario: self._begin(_practice(scenario)))
        self.welcome.set_up_requested.connect(self._on_set_up_requested)
        self.welcome.draft_requested.connect(self._on_draft_requested)
        self.welcome.draft_dropped.connect(self._open_draft)
        self.window.close_requested.connect(self._closing.set)
        self.window.room_shown.connect(self._on_room_shown)

    @property
    def desk(self) -> Desk | None:
        """The connection whose room is open."""
        return next((each.desk for each in self._open.values() if each.room is self.window.room), None)

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

        def refuse(error: AppError) -> None:
            self.welcome.set_busy("")
            self._say_failed(error, lambda: self._begin(spec, set_up, saved))

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

        if saved is not None and self._keeper is not None:
            self._keeper.mark_opened(saved)
        room = self.window.add_room()
        desk = Desk(
            room,
            self.theme,
            services,
            title=saved.name if saved is not None else self._title_of(spec),
            colour=colour_of(saved) if saved is not None else CHOSEN[0],
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

    async def _connect_loaded(self, spec: ConnectionSpec, report: Report, *, looks_only: bool) -> Services:
        await load(_BEHIND_THE_WELCOME)
        return await self._connect(spec, report, looks_only=looks_only)

    def _say_failed(self, error: AppError, again: Callable[[], None] | None = None) -> None:
        retry = (NoticeAction(self.tr("Try again"), again),) if again is not None and error.retryable else ()
        text = " ".join(part for part in (error.advice, error.details) if part)
        self._notices.post(Notice("open", Status.CRITICAL, error.title, text, retry))

    def _on_set_up_requested(self, set_up: UnfinishedSetUp) -> None:
        saved = self._keeper.of_id(set_up.connection) if self._keeper is not None else None
        if saved is not None:
            self._begin(saved.spec, set_up, saved)
        elif set_up.scenario:
            self._begin(_practice(set_up.scenario), set_up)

    def _on_draft_requested(self) -> None:
        title, kinds = self.tr("Open a saved set-up"), self.tr("Set-ups (*.json)")
        self._calls.run(
            "choose",
            lambda: self._asking.open_file(title, kinds),
            doing=title,
            on_result=lambda file: self._open_draft(file) if file is not None else None,
        )

    def _open_draft(self, file: Path) -> None:
        self._calls.run(
            "draft",
            lambda: _place_draft(file),
            doing=self.tr("Reading the set-up"),
            on_result=self._on_draft_placed,
        )

    def _on_draft_placed(self, set_up: UnfinishedSetUp) -> None:
        if set_up.connection or set_up.scenario:
            self._on_set_up_requested(set_up)
            return
        practise = set_up._replace(scenario=self.welcome.practice_scenario)
        title = self.tr("No connection of yours reaches the subscription of “{}”").format(set_up.name)
        text = self.tr("Connect to Azure with an account that does, or go on with it in the practice vault.")
        actions = (
            NoticeAction(self.tr("Connect to Azure…"), self.welcome.connect_requested.emit),
            NoticeAction(self.tr("Open in the practice vault"), lambda: self._on_set_up_requested(practise)),
        )
        self._notices.post(Notice("draft", Status.INFO, title, text, actions))

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
        self._calls.run("kept", _load_behind, doing=self.tr("Reading what is kept"), on_result=self._show_kept)

    def _show_kept(self, _: None) -> None:
        """The connections and the set-ups that were begun."""
        from ui.unfinished import find_unfinished

        if self._keeper is None:
            self._keeper = self._new_keeper()
        self._keeper.read()
        self._calls.run(
            "unfinished",
            find_unfinished,
            doing=self.tr("Looking for unfinished set-ups"),
            on_result=self.welcome.set_unfinished,
        )

    def _new_keeper(self) -> ConnectionKeeper:
        from app.saved_connections import SavedConnections
        from ui.connections.keeper import ConnectionKeeper

        saved = SavedConnections(user_paths().connections_file)
        keeper = ConnectionKeeper(self.theme, self.window.home, self.welcome, saved)
        keeper.open_requested.connect(lambda connection: self._begin(connection.spec, saved=connection))
        keeper.changed.connect(lambda _: tell_set_aside(self._notices, self.tr("your connections"), keeper.asides))
        return keeper

    async def _shut_down(self) -> None:
        """Views first, then what they stand on; what was sent goes on in Azure and stands in the journal."""
        self._calls.cancel_all()
        if self._keeper is not None:
            self._keeper.close()
        for each in self._open.values():
            await each.desk.aclose()
        self._memory.write()
        self.window.allow_close()
        self.window.close()


async def _load_behind() -> None:
    await load(_BEHIND_THE_WELCOME)


async def _place_draft(file: Path) -> UnfinishedSetUp:
    await load(_BEHIND_THE_WELCOME)
    from ui.unfinished import place_of_draft

    return await place_of_draft(file)


def _place_of(spec: ConnectionSpec) -> str:
    """What the welcome page calls the estate of a practice vault; the vault of a connection, if it has one."""
    return title_of(spec.scenario) if isinstance(spec, PracticeSpec) else spec.vault


def _practice(scenario: str, count: int | None = None, *, keeps_state: bool = True) -> PracticeSpec:
    """A practice vault whose clock runs fast enough that one need not wait half an hour for a first copy."""
    return PracticeSpec(scenario, count, keeps_state=keeps_state, speed=PRACTICE_SPEED)
