"""Saves what the user asked to have as a file: scripts, calendar entries. Nothing secret: keys have their own way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.runtime.whole_file import write_whole
from app.services.file_problems import cannot_write


def save_one(path: Path, data: bytes) -> None:
    """Write one file. Blocks: call it in a thread while a loop runs.

    Raises:
        InvalidInput: it cannot be written there; says why.
    """
    try:
        write_whole(path, data)
    except OSError as error:
        raise cannot_write(path.name, path, error) from error


def save_all(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write several files into `folder`, by their names; what was written stays when a later one fails.

    Raises:
        InvalidInput: one cannot be written; says which and why.
    """
    paths = []
    for name, data in files.items():
        save_one(folder / name, data)
        paths.append(folder / name)
    return tuple(paths)
