"""Where the recorded Azure traffic is, and its exchanges.

The recordings are not part of this repository; tests that need them are skipped, visibly, where they are missing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.session_files import Exchange, parse_session

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER_VARIABLE = "SITE_RECOVERY_DESK_SHARED"


def shared_folder() -> Path | None:
    """The folder beside the checkout (or named by the variable) that holds the recordings; None where there is none."""
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else REPOSITORY.parent / "shared"
    return folder if (folder / "wire" / "recordings").is_dir() else None


def wire_folder() -> Path:
    folder = shared_folder()
    assert folder is not None, "guard the test with needs_recordings"
    return folder / "wire"


needs_recordings = pytest.mark.skipif(
    shared_folder() is None,
    reason=f"the recorded traffic is not at hand: no ../shared/wire/recordings, and {FOLDER_VARIABLE} names none",
)


@cache
def read_session(name: str) -> tuple[Exchange, ...]:
    """All exchanges of one file, named by its path below the recordings folder."""
    return parse_session(name, (wire_folder() / "recordings" / name).read_bytes())


def all_exchanges() -> Iterator[Exchange]:
    """Every exchange of every recording, file by file in name order."""
    root = wire_folder() / "recordings"
    for path in sorted((*root.rglob("*.json"), *root.rglob("*.yaml"))):
        yield from read_session(path.relative_to(root).as_posix())


def read_derived(name: str) -> Any:
    """One of the tables that were computed from the recordings, such as `jobs.json`."""
    return json.loads((wire_folder() / "derived" / name).read_bytes())
