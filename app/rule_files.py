"""Files of limits and figures that the user keeps in place of the program's own, one for each table.

Everything here is file I/O: call it in a thread while a loop runs.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.paths import make_private_folder
from app.rules import LIMITS, own_text
from app.runtime.whole_file import write_whole

if TYPE_CHECKING:
    from app.rule_check import CheckedFile

_log = logging.getLogger(__name__)
SUFFIX = ".toml"


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept files by their tables: those that can be used, and why the others cannot."""

    used: dict[str, CheckedFile] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)


class RuleFiles:
    """The folder of kept files. A file that has become bad stays where it is and is left out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, table: str) -> Path:
        return self.folder / f"{table}{SUFFIX}"

    def read(self) -> Kept:
        """Read and judge what is kept. Without any, nothing of the checker is loaded."""
        kept = Kept()
        for table in LIMITS:
            path = self.path(table)
            try:
                if not path.exists():
                    continue
                kept.used[table] = check(table, path)
            except (OSError, ValueError) as error:
                kept.ignored[table] = reason_of(error)
                _log.warning("%s is left out: %s", path, kept.ignored[table])
        return kept

    def keep(self, checked: CheckedFile) -> None:
        """Put a file that was judged in the place of the program's own.

        Raises:
            OSError: it cannot be written; what was kept before still is.
        """
        make_private_folder(self.folder)
        write_whole(self.path(checked.table), checked.data)

    def restore(self, table: str) -> None:
        """Go back to the program's own. Raises OSError where the kept file cannot be removed."""
        self.path(table).unlink(missing_ok=True)


def check(table: str, path: Path) -> CheckedFile:
    """Read and judge a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it cannot be used.
    """
    from app.rule_check import MAX_BYTES, check_file

    with path.open("rb") as stream:
        return check_file(table, stream.read(MAX_BYTES + 1))


def save_own(table: str, path: Path) -> None:
    """Write the program's own file of a table to `path`. Raises OSError where that cannot be."""
    write_whole(path, own_text(table).encode())


def reason_of(error: Exception) -> str:
    """Why a file cannot be read or used, in one or two sentences."""
    problems = getattr(error, "problems", None)
    if problems:
        more = len(problems) - 1
        rest = f" And {'one more problem' if more == 1 else f'{more} more problems'}." if more else ""
        return f"{problems[0]}{rest}"
    return f"It can’t be read: {getattr(error, 'strerror', None) or error}."
