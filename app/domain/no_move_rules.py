"""What must not be moved or changed once machines replicate, as dated entries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.source import Source


class Fixed(StrEnum):
    """What stays where it is."""

    NETWORK = "network"
    STORAGE = "storage"
    VAULT = "vault"
    MACHINES = "machines"
    ACCOUNT_CHANGE = "account_change"


@dataclass(frozen=True, slots=True)
class NoMove:
    """One thing that is not to be done.

    Attributes:
        what: as a head; `short` is a sentence for where somebody might try.
        instead: what to do when it has to be done all the same.
    """

    id: Fixed
    what: str
    short: str
    why: str
    instead: str


@dataclass(frozen=True, slots=True)
class NoMoveRules:
    source: Source
    entries: tuple[NoMove, ...]

    def entry(self, fixed: Fixed) -> NoMove:
        return next(each for each in self.entries if each.id is fixed)
