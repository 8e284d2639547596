"""What a widget is told while a call it asked for is under way; `ui.calls` speaks, tables and veils listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ui.notices import NoticeAction


@dataclass(frozen=True, slots=True)
class Waiting:
    """How far a call is. `total` None means the end is not known; `stop` ends the waiting, not what was started."""

    text: str
    elapsed_s: float
    stop: Callable[[], object]
    done: int = 0
    total: int | None = None

    @property
    def fraction(self) -> float | None:
        return min(self.done / self.total, 1.0) if self.total else None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call came to nothing, as title, what to do, and buttons."""

    title: str
    text: str
    actions: tuple[NoticeAction, ...] = ()


@runtime_checkable
class BusySurface(Protocol):
    """A widget that shows in its own frame that it waits. None of these may take the keyboard focus away."""

    def show_veil(self) -> None:
        """The wait is long enough to be seen."""

    def show_waiting(self, waiting: Waiting) -> None:
        """The wait is long enough to be told; called again as it goes on."""

    def clear_busy(self) -> None:
        """The wait is over, whatever came of it."""

    def show_failure(self, failure: Failure) -> bool:
        """Show a failure in place; False leaves it to a notice, because there is older content to keep."""
