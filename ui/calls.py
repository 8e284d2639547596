"""The one way to run a service call from a widget: keyed, cancellable, tied to the widget's life.

A call under a key cancels the older one with that key. Only the newest result arrives, only while its widget is alive.
Waiting shows in `busy`, an `AppError` becomes a failure in place or a notice with its remedies, anything else is a bug:
logged with its traceback and offered for copying. Stopping a wait never stops what Azure has already begun. A call that
meets the end of the sign-in waits until somebody has signed in again, and is made once more.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from time import monotonic
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.errors import AppError, Remedy, SignInRequired
from app.runtime.progress import Progress, Report
from ui.busy import BusySurface, Failure, Waiting
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.theme.tokens import Motion, Status
from ui.veil import Veil

T = TypeVar("T")

_log = logging.getLogger(__name__)

Remedies = Mapping[Remedy, tuple[str, Callable[[AppError], object]]]
"""What the window can offer beside an error: a button's label and what it does."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When a wait is shown, when it is told, and how often its progress may change, in seconds."""

    veil_s: float = Motion.VEIL_DELAY / 1000
    words_s: float = Motion.VEIL_WORDS_DELAY / 1000
    progress_s: float = 0.1
    tick_s: float = 1.0


class Calls:
    """The calls of one widget. Make one per widget and keep it as long as the widget.

    `remedies` are offered where an error names them; Retry and Copy details need none.
    """

    def __init__(
        self,
        owner: QObject,
        notices: NoticeHub,
        *,
        remedies: Remedies = MappingProxyType({}),
        pace: Pace = Pace(),
    ) -> None:
        self._owner = owner
        self._scope = owner.objectName() or type(owner).__name__
        self._notices = notices
        self._remedies = remedies
        self._pace = pace
        self._running: dict[str, _Call[Any]] = {}
        self._is_closed = False
        owner.destroyed.connect(self.cancel_all)

    def run(
        self,
        key: str,
        factory: Callable[[], Awaitable[T]],
        *,
        doing: str,
        on_result: Callable[[T], object],
        busy: QWidget | None = None,
        on_error: Callable[[AppError], object] | None = None,
        repeats: bool = True,
    ) -> None:
        """Await what `factory` makes and hand the result to `on_result`, on this thread.

        `doing` says what is being done, as a present participle; it is shown after two seconds. With `on_error` the
        caller shows an `AppError` itself and no notice is posted. Without `repeats` it is not made once more after
        signing in again: for what changes something by more than one request.
        """
        run = partial(self.run_with_progress, key, lambda report: factory(), doing=doing, on_result=on_result)
        run(busy=busy, on_error=on_error, repeats=repeats)

    def run_with_progress(
        self,
        key: str,
        factory: Callable[[Report], Awaitable[T]],
        *,
        doing: str,
        on_result: Callable[[T], object],
        busy: QWidget | None = None,
        on_error: Callable[[AppError], object] | None = None,
        on_progress: Callable[[Progress], object] | None = None,
        repeats: bool = True,
    ) -> None:
        """The same for a call that reports how far it is; `busy` and `on_progress` hear of it at a bearable rate.

        Once the program's loop has ended nothing is begun any more: timers of a window that is not gone yet may ask.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._is_closed:
            return
        self.cancel(key)

        def again() -> None:
            if isValid(self._owner):
                run = partial(self.run_with_progress, key, factory, doing=doing, on_result=on_result)
                run(busy=busy, on_error=on_error, on_progress=on_progress, repeats=repeats)

        surface = _surface(busy)
        wait = _Wait(doing, surface, on_progress, self._pace, lambda: self.cancel(key))
        call = _Call(key, factory, doing, on_result, on_error, again, surface, wait, repeats)
        self._running[key] = call
        call.task = loop.create_task(self._carry_out(call), name=f"{self._scope}.{key}")

    def is_running(self, key: str) -> bool:
        return key in self._running

    def cancel(self, key: str) -> None:
        """Stop waiting for a call; silent, and the old content stays."""
        call = self._running.pop(key, None)
        if call is not None:
            call.wait.end()
            if call.task is not None:
                call.task.cancel()

    def cancel_all(self) -> None:
        for key in list(self._running):
            self.cancel(key)

    def close(self) -> None:
        """Cancel all, and begin none any more: what the calls lead to is being closed, and the widget may still ask."""
        self._is_closed = True
        self.cancel_all()

    def _is_current(self, call: _Call[Any]) -> bool:
        return self._running.get(call.key) is call and isValid(self._owner)

    async def _carry_out(self, call: _Call[Any]) -> None:
        call.wait.begin()
        try:
            result = await self._ask(call)
        except asyncio.CancelledError:
            self._leave(call)
            raise
        except AppError as error:
            if self._leave(call):
                self._tell(call, partial(self._show_error, call, error))
        except Exception as error:
            if self._leave(call):
                self._show_bug(call, error)
            else:
                _log.exception("A call that nobody waits for any more failed: %s", call.doing)
        else:
            if self._leave(call):
                self._notices.withdraw(self._notice_key(call))
                self._tell(call, partial(call.on_result, result))

    async def _ask(self, call: _Call[T]) -> T:
        renewal = self._notices.renewal
        if renewal is None or not call.repeats:
            return await call.factory(call.wait.report)

        async def once() -> T:
            try:
                return await call.factory(call.wait.report)
            except SignInRequired:
                if renewal.is_attended:
                    call.wait.report(Progress(_tr("Waits for you to sign in")))
                raise

        return await renewal.go_on(once)

    def _leave(self, call: _Call[Any]) -> bool:
        """Take the call off the list; True if somebody still wants to hear of it."""
        wanted = self._is_current(call)
        if self._running.get(call.key) is call:
            del self._running[call.key]
        call.wait.end()
        return wanted

    def _tell(self, call: _Call[Any], receiver: Callable[[], object]) -> None:
        """Hand something over; what the receiver does wrong is a bug of ours, never a fault of the service."""
        try:
            receiver()
        except Exception as error:
            self._show_bug(call, error)

    def _show_error(self, call: _Call[Any], error: AppError) -> None:
        if call.on_error is not None:
            call.on_error(error)
            return
        self._show_failure(call, Failure(error.title, error.advice, self._actions(call, error)))

    def _show_failure(self, call: _Call[Any], failure: Failure) -> None:
        """In the frame of what is waiting if it has nothing else to show, else as a notice."""
        if call.surface is not None and isValid(call.surface) and call.surface.show_failure(failure):
            return
        key = self._notice_key(call)
        self._notices.post(Notice(key, Status.CRITICAL, failure.title, failure.text, failure.actions))

    def _actions(self, call: _Call[Any], error: AppError) -> tuple[NoticeAction, ...]:
        actions = []
        if error.retryable:
            actions.append(NoticeAction(_tr("Try again"), call.again))
        for remedy in error.remedies:
            if remedy is Remedy.RETRY and not error.retryable:
                actions.append(NoticeAction(_tr("Try again"), call.again))
            elif remedy in self._remedies:
                label, run = self._remedies[remedy]
                actions.append(NoticeAction(label, partial(run, error)))
            elif remedy in self._notices.remedies:
                actions.append(self._notices.remedies[remedy])
        details = _details(error)
        if details:
            actions.append(NoticeAction(_tr("Copy details"), partial(_copy, details)))
        return tuple(actions)

    def _show_bug(self, call: _Call[Any], error: Exception) -> None:
        _log.error("Unexpected failure while %s", call.doing, exc_info=error)
        report = "".join(traceback.format_exception(error))
        title = _tr("Something went wrong")
        text = _tr("This is a fault of the program. The log has the details; nothing else was stopped.")
        self._show_failure(call, Failure(title, text, (NoticeAction(_tr("Copy details"), partial(_copy, report)),)))

    def _notice_key(self, call: _Call[Any]) -> str:
        return f"{self._scope}.{call.key}"


class _Wait:
    """How one wait shows: nothing at first, then a veil, then words, then figures at a bearable rate."""

    def __init__(
        self,
        doing: str,
        surface: BusySurface | None,
        on_progress: Callable[[Progress], object] | None,
        pace: Pace,
        stop: Callable[[], object],
    ) -> None:
        self._surface = surface
        self._on_progress = on_progress
        self._pace = pace
        self._stop = stop
        self._progress = Progress(doing)
        self._started = 0.0
        self._told = 0.0
        self._has_words = False
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def begin(self) -> None:
        self._started = monotonic()
        if self._surface is not None:
            self._after("veil", self._pace.veil_s, self._surface.show_veil)
            self._after("words", self._pace.words_s, self._show_words)

    def report(self, progress: Progress) -> None:
        """Take a figure from the service; the newest is told at the next beat."""
        self._progress = progress
        if "progress" not in self._timers:
            due = self._told + self._pace.progress_s - monotonic()
            self._after("progress", max(due, 0.0), self._tell_progress)

    def end(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        if self._surface is not None and isValid(self._surface):
            self._surface.clear_busy()
        self._surface = None
        self._on_progress = None

    def _after(self, name: str, delay_s: float, run: Callable[[], object]) -> None:
        def due() -> None:
            del self._timers[name]
            run()

        self._timers[name] = asyncio.get_running_loop().call_later(delay_s, due)

    def _tell_progress(self) -> None:
        self._told = monotonic()
        if self._on_progress is not None:
            self._on_progress(self._progress)
        if self._has_words:
            self._tell()

    def _show_words(self) -> None:
        """The clock beside the words goes on by itself."""
        self._has_words = True
        self._tell()
        self._after("words", self._pace.tick_s, self._show_words)

    def _tell(self) -> None:
        if self._surface is not None and isValid(self._surface):
            now = self._progress
            elapsed = monotonic() - self._started
            self._surface.show_waiting(Waiting(now.text, elapsed, self._stop, now.done, now.total))


@dataclass(slots=True, eq=False)
class _Call(Generic[T]):
    """One run: what was asked for, by whom it is awaited, and how its wait shows."""

    key: str
    factory: Callable[[Report], Awaitable[T]]
    doing: str
    on_result: Callable[[T], object]
    on_error: Callable[[AppError], object] | None
    again: Callable[[], None]
    surface: BusySurface | None
    wait: _Wait
    repeats: bool
    task: asyncio.Task[None] | None = None


def _surface(busy: QWidget | None) -> BusySurface | None:
    """A widget that cannot show by itself that it waits gets a veil."""
    if busy is None or isinstance(busy, BusySurface):
        return busy
    return Veil(busy)


def _details(error: AppError) -> str:
    lines = [error.title, error.advice, error.code, error.correlation_id, error.details]
    return "\n".join(line for line in lines if line) if error.details or error.correlation_id else ""


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Calls", text)
