"""What the service's error codes mean, in our words: cause and remedy by code. The entries are data of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """One meaning.

    Attributes:
        also: further codes that mean the same.
        operation: what clears it away, as Azure names it in allowedOperations; empty when nothing here does.
    """

    code: str
    title: str
    cause: str
    remedy: str
    also: tuple[str, ...] = ()
    operation: str = ""


def by_code(entries: Iterable[ErrorEntry]) -> Mapping[str, ErrorEntry]:
    """The entries by each of their codes, in lower case."""
    return {code.lower(): entry for entry in entries for code in (entry.code, *entry.also)}
