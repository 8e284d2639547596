"""Tables of records, and how they outlive the process.

A state file is an SQLite database with one row per record. Whole-file writes (temporary file, fsync, replace) were not
chosen: with 10,000 protected items each accepted write would rewrite tens of megabytes, while here it costs the rows
it changed, in one transaction, in about a millisecond. The log is written ahead and not forced to the disk at each
commit: the process may be killed at any moment and finds everything back; a power cut may cost the last moments, never
the file. Time stands still while nothing runs: a restored world goes on at the moment of its last write.

Records of a generated estate are not stored until they change: a table can hold a number in place of a record and make
the record from it when asked. So a record that was read must be `put` back after a change; changing it alone does
nothing that lasts.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

R = TypeVar("R", bound=msgspec.Struct)

_LISTS_KEPT = 16


class Table(Generic[R]):
    """Records of one kind by key, in order of arrival.

    Attributes:
        version: another one after each change.
        changed: keys of records to be saved, those that are new in the order in which they came.
        removed: keys of records that were removed since the last saving; some may have come again.
        renditions: what readers made of records, by key; a change of the record ends it.
    """

    def __init__(self, kind: str, record_type: type[R]) -> None:
        self.kind = kind
        self.version = 0
        self.renditions: dict[str, Any] = {}
        self.changed: dict[str, None] = {}  # a set that keeps the order, and with it the order of arrival
        self.removed: set[str] = set()
        self._rows: dict[str, R | int] = {}
        self._make: Callable[[int], R] | None = None
        self._listed: dict[str, Sequence[str]] = {}
        self._decoder = msgspec.json.Decoder(record_type)

    def generate(self, keys: Iterator[str], make: Callable[[int], R]) -> None:
        """Hold records that `make` builds from their ordinal, unsaved until one changes."""
        self._make = make
        self._rows = {key: ordinal for ordinal, key in enumerate(keys)}
        self._listed.clear()

    def get(self, key: str) -> R | None:
        row = self._rows.get(key)
        if isinstance(row, int):
            return self._made(row)
        return row

    def __getitem__(self, key: str) -> R:
        record = self.get(key)
        if record is None:
            raise KeyError(key)
        return record

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: str, record: R) -> None:
        if key not in self._rows:
            self._listed.clear()
            self.changed.pop(key, None)  # it takes its place behind all that are there
        self._rows[key] = record
        self._note_change(key)

    def remove(self, key: str) -> None:
        if self._rows.pop(key, None) is not None:
            self._listed.clear()
            self.removed.add(key)
            self._note_change(key)

    def note_saved(self) -> None:
        """Everything is in the file by now."""
        self.changed.clear()
        self.removed.clear()

    def _note_change(self, key: str) -> None:
        self.changed[key] = None
        self.version += 1
        self.renditions.pop(key, None)

    def keys(self, prefix: str = "") -> Sequence[str]:
        """The keys that begin with `prefix`, in order of arrival, as they are now."""
        found = self._listed.get(prefix)
        if found is None:
            found = tuple(key for key in self._rows if key.startswith(prefix))
            # A page of 500 must not cost a look at all of a large vault.
            if len(self._listed) >= _LISTS_KEPT:
                self._listed.clear()
            self._listed[prefix] = found
        return found

    def records(self, prefix: str = "") -> Iterator[R]:
        """The records whose keys begin with `prefix`; those removed while reading are left out."""
        for key in self.keys(prefix):
            record = self.get(key)
            if record is not None:
                yield record

    def restore(self, key: str, body: bytes | None) -> None:
        """Take a saved row over; no body means that a generated record was removed."""
        self._listed.clear()
        self.renditions.pop(key, None)
        if body is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = self._decoder.decode(body)

    def saved_form(self, key: str) -> bytes | None:
        row = self._rows.get(key)
        return None if row is None or isinstance(row, int) else msgspec.json.encode(row)

    def is_generated(self) -> bool:
        """Whether removals must be remembered, because the record would be generated anew."""
        return self._make is not None

    def _made(self, ordinal: int) -> R:
        assert self._make is not None, "a table holds ordinals only after generate()"
        return self._make(ordinal)


class StateFile:
    """The rows of all tables in one SQLite file.

    Raises:
        ValueError: the file is there and is no such file.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The in-process vault is opened and closed in threads and used on the loop, where a late request may still come
        # while it is being closed: SQLite crashes when a connection is closed under a statement.
        self._lock = threading.Lock()
        self._is_open = True
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, body BLOB, PRIMARY KEY (kind, key))"
            )
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise ValueError(f"{path} is not a state file of a practice vault") from error

    def load(self) -> list[tuple[str, str, bytes | None]]:
        """Every row as (kind, key, body), in order of arrival."""
        return self._connection.execute("SELECT kind, key, body FROM record ORDER BY rowid").fetchall()

    def save(self, tables: dict[str, Table[Any]]) -> None:
        """Write what changed since the last time, all or nothing; nothing more once it is closed."""
        with self._lock:
            if self._is_open:
                self._write(tables)

    def _write(self, tables: dict[str, Table[Any]]) -> None:
        rows: list[tuple[str, str, bytes | None]] = []
        gone: list[tuple[str, str]] = []
        for table in tables.values():
            gone += ((table.kind, key) for key in table.removed)
            for key in table.changed:
                body = table.saved_form(key)
                if body is not None or table.is_generated():
                    rows.append((table.kind, key, body))
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            # An update keeps the row's place, and what was removed and came again loses its own, so that the order of
            # arrival survives.
            self._connection.executemany("DELETE FROM record WHERE kind = ? AND key = ?", gone)
            self._connection.executemany(
                "INSERT INTO record VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body", rows
            )
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        for table in tables.values():
            table.note_saved()

    def close(self) -> None:
        with self._lock:
            self._is_open = False
        self._connection.close()
