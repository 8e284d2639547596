"""Who may read a file: on Windows by its access list, which a new file otherwise takes over from its folder."""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

Run = Callable[[Sequence[str]], str]
"""Runs a program and returns what it printed; raises OSError or subprocess.SubprocessError."""

_WITHIN_S = 20.0
_NO_WINDOW = 0x08000000


class PosixFileRights:
    """Implements app.ports.registration.FileRights."""

    def keep_to_user(self, path: str) -> None:
        Path(path).chmod(0o600)


class WindowsFileRights:
    """Implements app.ports.registration.FileRights with Windows' own programs, by ids: names differ by language."""

    def __init__(self, run: Run | None = None) -> None:
        self._run = run or _run

    def keep_to_user(self, path: str) -> None:
        folder = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"
        try:
            user = self._user(folder / "whoami.exe")
            self._run([str(folder / "icacls.exe"), path, "/inheritance:r", "/grant:r", f"*{user}:F", "/q"])
        except (subprocess.SubprocessError, ValueError) as error:
            raise PermissionError(f"{path} cannot be kept to its user") from error

    def _user(self, whoami: Path) -> str:
        rows = [row for row in csv.reader(self._run([str(whoami), "/user", "/fo", "csv", "/nh"]).splitlines()) if row]
        if len(rows) != 1 or not rows[0][-1].startswith("S-1-"):
            raise ValueError("whoami does not tell who runs this program")
        return rows[0][-1]


def file_rights() -> PosixFileRights | WindowsFileRights:
    return WindowsFileRights() if os.name == "nt" else PosixFileRights()


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(
        list(command),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_WITHIN_S,
        check=True,
        creationflags=_NO_WINDOW if os.name == "nt" else 0,
    )
    return done.stdout
