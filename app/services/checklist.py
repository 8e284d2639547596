"""Which prerequisites somebody has seen to: ticks with who and when, and notes, for each vault of a connection.

Ticks that were made before there was a vault belong to the set-up, and go over to the first vault that is opened. The
file is shared by all programs that work with the connection, a read-only one too: each change reads what the others
wrote and touches its own line alone.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.arm_id import ArmId
from app.errors import AppError
from app.runtime.kept_file import Aside, Content, FileKind, KeptFile

FILE_NAME = "prerequisites.json"
KIND = FileKind("site-recovery-desk/prerequisites")
SET_UP = "set-up"
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one line. `by` and `at` belong to the tick, and are told only while it stands."""

    is_done: bool = False
    by: str = ""
    at: datetime | None = None
    note: str = ""


Marks = Mapping[str, Mark]
"""By the id of the line; a line without a mark is not there."""


class Checklist:
    """One per connection. A `path` of None keeps everything in memory, for a practice vault that is forgotten too."""

    def __init__(self, path: Path | None) -> None:
        self._file = KeptFile(path, KIND) if path is not None else None
        self._content: Content = {}
        self._lock = threading.Lock()
        self._asked = 0
        self._kept: dict[tuple[str, ...], int] = {}

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What could not be used, and was set aside."""
        return tuple(self._file.asides) if self._file is not None else ()

    async def load(self, vault: ArmId | None) -> Marks:
        """The marks for this vault, or for the set-up while there is none.

        Raises:
            AppError: the marks of the set-up cannot be handed over.
        """
        content = await asyncio.to_thread(self._read)
        place = _place(vault)
        if vault is not None and SET_UP in content and place not in content:
            content = await self._change(lambda before: _handed_over(before, place))
        return _marks(content, place)

    async def tick(self, vault: ArmId | None, line: str, *, is_done: bool, by: str, at: datetime) -> Marks:
        """Tick a line or take its tick away; returns the marks as they are by now.

        Raises:
            AppError: it cannot be written.
        """
        change = {"done": is_done, "by": by if is_done else "", "at": at.isoformat() if is_done else ""}
        return await self._mark(vault, line, change)

    async def annotate(self, vault: ArmId | None, line: str, note: str) -> Marks:
        """Keep a note at a line, or none.

        Raises:
            AppError: it cannot be written.
        """
        return await self._mark(vault, line, {"note": note.strip()[:LONGEST_NOTE]})

    async def _mark(self, vault: ArmId | None, line: str, change: Mapping[str, Any]) -> Marks:
        """Unless a later change of the same was kept already: one that is not waited for still ends in its thread."""
        place = _place(vault)
        self._asked += 1
        number, what = self._asked, (place, line, *change)

        def marked(before: Content) -> Content:
            if self._kept.get(what, 0) > number:
                return before
            self._kept[what] = number
            marks = _table(before, place)
            old = marks.get(line)
            return before | {place: marks | {line: (old if isinstance(old, dict) else {}) | dict(change)}}

        return _marks(await self._change(marked), place)

    def _read(self) -> Content:
        return self._file.read() if self._file is not None else self._content

    async def _change(self, change: Callable[[Content], Content]) -> Content:
        return await asyncio.to_thread(self._change_now, change)

    def _change_now(self, change: Callable[[Content], Content]) -> Content:
        with self._lock:
            if self._file is None:
                self._content = change(self._content)
                return self._content
            try:
                return self._file.change(change)
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or "the file cannot be written"
                raise AppError(
                    "ChecklistNotSaved",
                    f"The checklist can’t be saved: {reason}.",
                    f"Make room or give this program the right to write to {self._file.path.parent}.",
                    retryable=True,
                ) from error


def _place(vault: ArmId | None) -> str:
    return vault.key if vault is not None else SET_UP


def _handed_over(before: Content, place: str) -> Content:
    after = dict(before)
    if place not in after and SET_UP in after:
        after[place] = after.pop(SET_UP)
    return after


def _table(content: Content, place: str) -> dict[str, Any]:
    table = content.get(place)
    return table if isinstance(table, dict) else {}


def _marks(content: Content, place: str) -> Marks:
    """A mark that makes no sense costs itself only; it stays in the file."""
    return {line: mark for line, raw in _table(content, place).items() if (mark := _mark(raw)) is not None}


def _mark(raw: object) -> Mark | None:
    if not isinstance(raw, dict):
        return None
    by, note = raw.get("by", ""), raw.get("note", "")
    if not isinstance(by, str) or not isinstance(note, str):
        return None
    return Mark(raw.get("done") is True, by, _moment(raw.get("at")), note)


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
