"""Reads a readiness file in a process of its own (`readiness_child`), so that nothing in it can hold up the window."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from app.domain.host_report import HostReport
from app.domain.readiness_file import RefusedFile
from app.services.readiness_lines import hosts_of
from app.services.readiness_text import limits

_CHILD = Path(__file__).with_name("readiness_child.py")
_SYSTEM_VARIABLES = ("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP")
_REFUSED = b'{"refused"'
_TAKES_TOO_LONG = "Reading it takes more than it is worth. Ask for a fresh one from the host."
_BREAKS = "It can’t be read: reading it ended unexpectedly. Ask for a fresh one from the host."


async def read_file(path: Path, *, within_s: float | None = None) -> list[HostReport] | RefusedFile:
    """The hosts of a file, or why it is refused. Cancelling it ends the process."""
    reading = _Reading(path, within_s)
    try:
        return await asyncio.to_thread(reading.run)
    except asyncio.CancelledError:
        reading.stop()
        raise


class _Reading:
    def __init__(self, path: Path, within_s: float | None) -> None:
        self._path = path
        self._within_s = within_s
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def run(self) -> list[HostReport] | RefusedFile:
        name = self._path.name
        within = self._within_s if self._within_s is not None else limits().max_seconds
        try:
            process = self._start()
        except OSError as error:
            return RefusedFile(name, f"It can’t be read: {(error.strerror or 'unknown').lower()}.")
        with process:
            self._process = process
            timer = threading.Timer(within, self.stop)
            timer.start()
            try:
                if self._is_stopped:
                    process.kill()
                hosts = self._hear(process)
            finally:
                timer.cancel()
                process.kill()
        if self._is_stopped:
            return RefusedFile(name, _TAKES_TOO_LONG)
        return hosts

    def stop(self) -> None:
        """End it; from any thread."""
        self._is_stopped = True
        if self._process is not None:
            self._process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _SYSTEM_VARIABLES if name in os.environ},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def _hear(self, process: subprocess.Popen[bytes]) -> list[HostReport] | RefusedFile:
        assert process.stdin is not None
        assert process.stdout is not None
        name = self._path.name
        try:
            process.stdin.write(str(self._path.absolute()).encode())
            process.stdin.close()
            first = process.stdout.readline()
            if first.startswith(_REFUSED):
                told = json.loads(first)
                return RefusedFile(name, str(told["refused"]), str(told["place"]))
            hosts = hosts_of([first, *process.stdout]) if first else []
        except (OSError, ValueError):
            return RefusedFile(name, _BREAKS)
        return hosts if hosts and process.wait() == 0 else RefusedFile(name, _BREAKS)
