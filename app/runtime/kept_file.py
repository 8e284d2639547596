"""Small JSON files that outlive the program: settings, layouts, a checklist.

Each says of what kind and version it is. Whoever changes one holds its lock, reads what is there now, changes only what
it means to change, and replaces the file in one step: two programs side by side keep both changes, and a crash leaves
the old file or the new one. A file that cannot be read is never written over: it is renamed, and `asides` tells.

Everything here is file I/O, of a few milliseconds. Nothing heavy is imported before it is needed: the window's first
frame waits for its settings.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from app.runtime.replacing import put_in_place

Content = dict[str, Any]
Migration = Callable[[Content], Content]

_log = logging.getLogger(__name__)

_MAX_BYTES = 8 * 1024 * 1024
_WAIT_S = 2.0


class Reason(StrEnum):
    """Why a file was set aside."""

    DAMAGED = "damaged"
    FOREIGN = "foreign"
    """It is of another kind, or of another program."""
    NEWER = "newer"
    """A later version of the program wrote it."""


class Aside(NamedTuple):
    """A file that could not be used. `kept_as` None: it could not be renamed either, and stays as it is."""

    file: Path
    reason: Reason
    kept_as: Path | None


def _no_head(document: Content) -> Content | None:
    return None


class FileKind(NamedTuple):
    """What a file's head says, and how older files become newer ones.

    Attributes:
        migrations: from version 1 to 2, from 2 to 3, and so on; the program's own version follows.
        headless: the content of version 1 in a file from before there were heads; None if it is no such file.
    """

    name: str
    migrations: tuple[Migration, ...] = ()
    headless: Callable[[Content], Content | None] = _no_head

    @property
    def version(self) -> int:
        return len(self.migrations) + 1


class _UnusableError(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class KeptFile:
    """One file. Its functions may be called from any thread."""

    def __init__(self, path: Path, kind: FileKind) -> None:
        self.path = path
        self._kind = kind
        self.asides: list[Aside] = []
        """What was set aside since this was made, oldest first."""

    def read(self) -> Content:
        """What the file holds, in the newest version; nothing where there is no file, or none that can be used."""
        try:
            return self._load()
        except FileNotFoundError:
            return {}
        except OSError:
            _log.warning("%s cannot be read; it stays as it is", self.path, exc_info=True)
            return {}
        except _UnusableError as error:
            return self._read_after(error)

    def change(self, change: Callable[[Content], Content]) -> Content:
        """Write what `change` makes of the content, and return it. Nothing is written if it makes no difference.

        Raises:
            OSError: it cannot be read or written, or another program does not let go of it; the old file is there.
            ValueError: the new content holds what JSON cannot.
        """
        with self._locked():
            before = self._load_or_set_aside()
            after = change(dict(before))
            if after != before:
                self._write(after)
        return after

    def _read_after(self, error: _UnusableError) -> Content:
        """Read once more under the lock: another program may have put it right meanwhile."""
        try:
            with self._locked():
                return self._load_or_set_aside()
        except OSError:
            _log.warning("%s (%s) cannot be set aside", self.path, error.reason, exc_info=True)
            self.asides.append(Aside(self.path, error.reason, None))
            return {}

    def _locked(self) -> _Lock:
        return _Lock(self.path.with_name(f"{self.path.name}.lock"))

    def _load_or_set_aside(self) -> Content:
        try:
            return self._load()
        except FileNotFoundError:
            return {}
        except _UnusableError as error:
            kept_as = self._free_name(error.reason)
            self.path.rename(kept_as)
            _log.warning("%s is %s; it is kept as %s", self.path, error.reason, kept_as.name)
            self.asides.append(Aside(self.path, error.reason, kept_as))
            return {}

    def _free_name(self, reason: Reason) -> Path:
        name, number = f"{self.path.stem}.{reason}", 1
        while True:
            path = self.path.with_name(f"{name}{f'-{number}' if number > 1 else ''}{self.path.suffix}")
            if not path.exists():
                return path
            number += 1

    def _load(self) -> Content:
        import json

        with self.path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise _UnusableError(Reason.FOREIGN)
        try:
            document = json.loads(data.decode("utf-8-sig"))  # with the mark that some editors put before it
        except (ValueError, RecursionError) as error:
            raise _UnusableError(Reason.DAMAGED) from error
        if not isinstance(document, dict):
            raise _UnusableError(Reason.FOREIGN)
        return self._newest(document)

    def _newest(self, document: Content) -> Content:
        version, content = self._opened(document)
        try:
            for migrate in self._kind.migrations[version - 1 :]:
                content = migrate(content)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise _UnusableError(Reason.DAMAGED) from error
        return content

    def _opened(self, document: Content) -> tuple[int, Content]:
        if "kind" not in document:
            content = self._kind.headless(document)
            if content is None:
                raise _UnusableError(Reason.FOREIGN)
            return 1, content
        version, content = document.get("version"), document.get("content")
        if document["kind"] != self._kind.name:
            raise _UnusableError(Reason.FOREIGN)
        if type(version) is not int or version < 1:
            raise _UnusableError(Reason.DAMAGED)
        if version > self._kind.version:
            raise _UnusableError(Reason.NEWER)
        if not isinstance(content, dict):
            raise _UnusableError(Reason.DAMAGED)
        return version, content

    def _write(self, content: Content) -> None:
        import json
        import os
        import tempfile

        for left in self.path.parent.glob(f".{self.path.name}-*"):  # by a program that was killed just then
            left.unlink(missing_ok=True)
        document = {"kind": self._kind.name, "version": self._kind.version, "content": content}
        text = json.dumps(document, indent=2, allow_nan=False) + "\n"
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            put_in_place(draft, self.path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


class _Lock:
    """Held from when it is made until the end of its `with`; who waits longer than a moment for it is told."""

    def __init__(self, path: Path) -> None:
        import sqlite3

        from app.runtime.connection_lock import ConnectionLock

        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock = ConnectionLock.take(path, wait_s=_WAIT_S)
        except sqlite3.Error as error:
            raise OSError(f"{path} cannot be made: {error}") from error
        if lock is None:
            raise TimeoutError(f"another program holds {path}")
        self._lock = lock

    def __enter__(self) -> None:
        """It is held already."""

    def __exit__(self, *_: object) -> None:
        self._lock.release()
