"""What came of taking in files of the readiness script."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken in.

    Attributes:
        place: the line or the part of the file that is to blame; empty where it is the file as a whole.
        reason: a sentence.
    """

    file_name: str
    reason: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that was taken in.

    Attributes:
        hosts: the names of its hosts that are kept now.
        older: those of which a newer report was there already; that one stays.
        notes: what was left out or put right, in sentences.
    """

    file_name: str
    hosts: tuple[str, ...]
    older: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of importing some files."""

    taken: tuple[TakenFile, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
