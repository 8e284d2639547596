"""The readiness files that were taken in, kept for one connection: for each host the newest.

Each host has a file of its own beside the connection's journal. One that cannot be used is set aside and told; one of a
later version of the program stays as it is.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app.domain.host_report import HostReport, HostReports
from app.domain.readiness_file import Imported, RefusedFile, TakenFile
from app.errors import AppError
from app.paths import make_private_folder
from app.runtime.progress import Progress, Report, silent
from app.services.readiness_lines import hosts_of, lines_of
from app.services.readiness_process import read_file

FOLDER_NAME = "readiness"
_VERSION = 1
_HEAD = b'{"kind":"site-recovery-desk/host-report","version":%d}\n'
_SUFFIX = ".jsonl"

_log = logging.getLogger(__name__)


class ReadinessReports:
    """One per connection. A `folder` of None keeps everything in memory, for a practice vault that is forgotten too."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._hosts: dict[str, HostReport] = {}
        self._all = HostReports()
        self._lock = asyncio.Lock()

    async def load(self) -> HostReports:
        """Read what is kept; what other programs kept meanwhile comes with it."""
        if self._folder is not None:
            async with self._lock:
                kept = await asyncio.to_thread(_read_all, self._folder)
                self._know({_key(host): host for host in kept})
        return self._all

    def all(self) -> HostReports:
        """What is known now, by name. The same value as long as nothing changes."""
        return self._all

    async def import_files(self, paths: Sequence[Path], report: Report = silent) -> Imported:
        """Take in some files, each for itself: a bad one costs itself only.

        Raises:
            AppError: what was read cannot be kept.
        """
        taken: list[TakenFile] = []
        refused: list[RefusedFile] = []
        for place, path in enumerate(paths):
            report(Progress(f"Reading {path.name}", place, len(paths)))
            found = await read_file(path)
            if isinstance(found, RefusedFile):
                refused.append(found)
            else:
                taken.append(await self._take(path.name, found))
        return Imported(tuple(taken), tuple(refused))

    async def forget(self, host: str) -> None:
        """Remove what is kept of a host, by its name.

        Raises:
            AppError: its file cannot be deleted.
        """
        async with self._lock:
            known = self.all().host(host)
            if known is None:
                return
            if self._folder is not None:
                path = self._folder / _file_name(known)
                try:
                    await asyncio.to_thread(path.unlink, missing_ok=True)
                except OSError as error:
                    raise _not_kept(self._folder, error) from error
            self._know({key: host for key, host in self._hosts.items() if key != _key(known)})

    def _know(self, hosts: dict[str, HostReport]) -> None:
        self._hosts = hosts
        self._all = HostReports(tuple(sorted(hosts.values(), key=lambda host: host.name.casefold())))

    async def _take(self, file_name: str, found: Iterable[HostReport]) -> TakenFile:
        kept: list[HostReport] = []
        older: list[str] = []
        notes: tuple[str, ...] = ()
        async with self._lock:
            for host in found:
                host, notes = replace(host, file_name=file_name), host.notes
                known = self._hosts.get(_key(host))
                if known is not None and not _replaces(host, known):
                    older.append(host.name)
                    continue
                # A measurement of a week outlives a report without one.
                has_measured = known is not None and known.churn is not None and host.churn is None
                kept.append(replace(host, churn=known.churn) if known is not None and has_measured else host)
            if self._folder is not None:
                try:
                    await asyncio.to_thread(_write_all, self._folder, kept)
                except OSError as error:
                    raise _not_kept(self._folder, error) from error
            self._know(self._hosts | {_key(host): host for host in kept})
        return TakenFile(file_name, tuple(host.name for host in kept), tuple(older), notes)


def _replaces(host: HostReport, known: HostReport) -> bool:
    """Whether it is newer; and what could not be reached says nothing against what could."""
    if known.is_reached and not host.is_reached:
        return False
    if host.is_reached and not known.is_reached:
        return True
    return host.taken_at >= known.taken_at


def _key(host: HostReport) -> str:
    return (host.fqdn or host.name).casefold()


def _file_name(host: HostReport) -> str:
    return f"{hashlib.sha256(_key(host).encode()).hexdigest()[:24]}{_SUFFIX}"


def _read_all(folder: Path) -> list[HostReport]:
    found = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            found += _read(path)
        except (OSError, ValueError) as error:
            _log.warning("%s cannot be used and is left out: %s", path.name, type(error).__name__)
            with suppress(OSError):
                path.rename(path.with_suffix(".damaged"))
    return found


def _read(path: Path) -> list[HostReport]:
    """Nothing of a file that a later version of the program wrote. Raises ValueError for a damaged one."""
    with path.open("rb") as stream:
        head = stream.readline(200)
        if head == _HEAD % _VERSION:
            return hosts_of(stream)
    if head.startswith(_HEAD.partition(b"%")[0]):
        _log.warning("%s was written by a later version of the program; it is left as it is", path.name)
        return []
    raise ValueError("no report of ours")


def _write_all(folder: Path, hosts: Iterable[HostReport]) -> None:
    make_private_folder(folder)
    for left in folder.glob(".draft-*"):  # by a program that was killed just then
        left.unlink(missing_ok=True)
    for host in hosts:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".draft-")
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(_HEAD % _VERSION)
                for line in lines_of(host):
                    stream.write(line + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(folder / _file_name(host))
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _not_kept(folder: Path, error: OSError) -> AppError:
    reason = (error.strerror or "unknown").lower()
    return AppError(
        "ReadinessNotKept",
        f"The readiness reports can’t be changed: {reason}.",
        f"Make room, or give this program the right to write to {folder}.",
        retryable=True,
    )
