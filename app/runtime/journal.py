"""The journal: every write to Azure is here, on disk, before it is sent.

Azure's POSTs are not idempotent, and an answer can be lost with the line or with this process. So each action's
client request id is chosen and stored first; whatever happens then, the journal says what to look for. SQLite with a
write-ahead log and `synchronous = FULL` was chosen over a text file because it survives a torn write and updates one
row in place; all of it runs on one thread of its own, so that a slow disk never holds the loop.

The journal does not know what an action is: `spec` is the whole action as text, enough to carry it out from here
alone.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class ActionState(StrEnum):
    """How far an action is. Each state is written before the next step begins."""

    PLANNED = "planned"
    SENT = "sent"
    """The request may or may not have reached Azure."""
    ACCEPTED = "accepted"
    """Azure has answered that it took the request, or a job of ours was found."""
    ENDED = "ended"
    """Azure says the work is over; the result has not been read back."""
    CONFIRMED = "confirmed"
    SKIPPED = "skipped"
    """Azure already had what was wanted; nothing was sent."""
    FAILED = "failed"

    @property
    def is_done(self) -> bool:
        return self in (ActionState.CONFIRMED, ActionState.SKIPPED)

    @property
    def is_in_flight(self) -> bool:
        return self in (ActionState.SENT, ActionState.ACCEPTED, ActionState.ENDED)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A list of actions that somebody decided to carry out; `key` names what it came from, such as a draft."""

    id: str
    title: str
    key: str
    created: datetime
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """One action of one run. Times are the vault's, since Azure's jobs are searched by them."""

    run_id: str
    position: int
    action_id: str
    spec: str
    body_hash: str
    state: ActionState = ActionState.PLANNED
    problem: str = ""
    client_request_id: str = ""
    status_url: str = ""
    result_url: str = ""
    job_id: str = ""
    sends: int = 0
    """How often the request has gone out under this client request id."""
    started: datetime | None = None
    sent: datetime | None = None
    accepted: datetime | None = None
    ended: datetime | None = None
    settled: datetime | None = None


_VERSION = 1
_MODE_TRIES = 20
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, key TEXT NOT NULL, created TEXT NOT NULL, is_closed INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS actions (
    run_id TEXT NOT NULL REFERENCES runs (id), position INTEGER NOT NULL, action_id TEXT NOT NULL, spec TEXT NOT NULL,
    body_hash TEXT NOT NULL, state TEXT NOT NULL, problem TEXT NOT NULL, client_request_id TEXT NOT NULL,
    status_url TEXT NOT NULL, result_url TEXT NOT NULL, job_id TEXT NOT NULL, sends INTEGER NOT NULL,
    started TEXT, sent TEXT, accepted TEXT, ended TEXT, settled TEXT,
    PRIMARY KEY (run_id, action_id)
);
CREATE INDEX IF NOT EXISTS actions_by_id ON actions (action_id);
"""
_INSERT = "INSERT INTO actions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_UPDATE = """
UPDATE actions SET state = ?, problem = ?, client_request_id = ?, status_url = ?, result_url = ?, job_id = ?, sends = ?,
    started = ?, sent = ?, accepted = ?, ended = ?, settled = ?
WHERE run_id = ? AND action_id = ?
"""


class JournalTooNew(Exception):
    """The file was written by a later version of the program; this one must not touch it."""


class Journal:
    """Runs and their actions. Every method returns when the change is on disk."""

    def __init__(self, worker: ThreadPoolExecutor, connection: sqlite3.Connection) -> None:
        self._worker = worker
        self._connection = connection

    @classmethod
    async def open(cls, path: Path | None) -> Journal:
        """Open or create the file; None keeps everything in memory.

        Raises:
            JournalTooNew: a later version wrote it.
            sqlite3.DatabaseError: it is damaged. It is left as it is: what it knows may still be needed.
        """
        worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        try:
            connection = await asyncio.get_running_loop().run_in_executor(worker, _connect, path)
        except BaseException:
            worker.shutdown(wait=False)
            raise
        return cls(worker, connection)

    async def add_run(self, run: RunRecord, actions: Iterable[ActionRecord]) -> None:
        """Store a run with all its actions, or nothing of it."""
        rows = [_row(action) for action in actions]

        def add(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute(
                    "INSERT INTO runs VALUES (?, ?, ?, ?, ?)",
                    (run.id, run.title, run.key, run.created.isoformat(), int(run.is_closed)),
                )
                connection.executemany(_INSERT, rows)

        await self._call(add)

    async def write(self, *actions: ActionRecord) -> None:
        """Replace what the journal says about these actions, all or none."""
        rows = [(*_row(action)[5:], action.run_id, action.action_id) for action in actions]

        def update(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany(_UPDATE, rows)

        await self._call(update)

    async def close_run(self, run_id: str) -> None:
        """Mark a run as nothing more to be done about."""

        def close(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute("UPDATE runs SET is_closed = 1 WHERE id = ?", (run_id,))

        await self._call(close)

    async def runs(self, *, only_open: bool = False) -> tuple[RunRecord, ...]:
        """Newest first."""
        query = "SELECT * FROM runs WHERE is_closed <= ? ORDER BY rowid DESC"

        def read(connection: sqlite3.Connection) -> tuple[RunRecord, ...]:
            rows = connection.execute(query, (0 if only_open else 1,)).fetchall()
            return tuple(
                RunRecord(row[0], row[1], row[2], datetime.fromisoformat(row[3]), bool(row[4])) for row in rows
            )

        return await self._call(read)

    async def actions(self, run_id: str) -> tuple[ActionRecord, ...]:
        """The actions of a run, in running order."""

        def read(connection: sqlite3.Connection) -> tuple[ActionRecord, ...]:
            rows = connection.execute("SELECT * FROM actions WHERE run_id = ? ORDER BY position", (run_id,)).fetchall()
            return tuple(_record(row) for row in rows)

        return await self._call(read)

    async def in_flight_elsewhere(self, action_id: str, run_id: str) -> ActionRecord | None:
        """The same action of another run, if that run left it between sending and reading back."""
        query = """
        SELECT * FROM actions WHERE action_id = ? AND run_id <> ? AND state IN ('sent', 'accepted', 'ended')
        ORDER BY sent DESC LIMIT 1
        """

        def read(connection: sqlite3.Connection) -> ActionRecord | None:
            row = connection.execute(query, (action_id, run_id)).fetchone()
            return None if row is None else _record(row)

        return await self._call(read)

    async def aclose(self) -> None:
        """Finish what is queued, then close the file."""
        await self._call(sqlite3.Connection.close)
        self._worker.shutdown(wait=False)

    async def _call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        # Shielded: a caller that is cancelled stops waiting, but what it wanted written is written.
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._worker, work, self._connection))


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(":memory:" if path is None else path, check_same_thread=False)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise JournalTooNew(f"{path} has version {version}; this program knows {_VERSION}")
        if version == 0:  # another program may be creating it at this very moment
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Change the file's mode. Of two programs that do it together, SQLite refuses one at once."""
    for tries_left in reversed(range(_MODE_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if not tries_left:
                raise
            connection.executescript("BEGIN IMMEDIATE; ROLLBACK;")  # this one waits for its turn
        else:
            return


def _row(action: ActionRecord) -> tuple[Any, ...]:
    return (
        action.run_id,
        action.position,
        action.action_id,
        action.spec,
        action.body_hash,
        action.state.value,
        action.problem,
        action.client_request_id,
        action.status_url,
        action.result_url,
        action.job_id,
        action.sends,
        *(_text(time) for time in (action.started, action.sent, action.accepted, action.ended, action.settled)),
    )


def _record(row: Sequence[Any]) -> ActionRecord:
    started, sent, accepted, ended, settled = (_time(text) for text in row[12:17])
    return ActionRecord(
        run_id=row[0],
        position=row[1],
        action_id=row[2],
        spec=row[3],
        body_hash=row[4],
        state=ActionState(row[5]),
        problem=row[6],
        client_request_id=row[7],
        status_url=row[8],
        result_url=row[9],
        job_id=row[10],
        sends=row[11],
        started=started,
        sent=sent,
        accepted=accepted,
        ended=ended,
        settled=settled,
    )


def _text(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
