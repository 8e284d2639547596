"""What a new storage account can be made as, as a table and as checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.source import Dated, day_text


@dataclass(frozen=True, slots=True)
class AccountKind:
    """A kind of account.

    Attributes:
        id: as Azure writes it.
        words: what it means for replication.
        closed_on: the day since which Azure makes no more of it; empty where it does.
        retired_on: the day on which Azure turns those that are left into another kind.
    """

    id: str
    name: str
    words: str
    closed_on: str = ""
    retired_on: str = ""

    def is_made(self, now: datetime) -> bool:
        """Whether Azure makes new ones."""
        return not self.closed_on or now.date().isoformat() < self.closed_on

    def is_retired(self, now: datetime) -> bool:
        """Whether Azure turns those that are left into another kind already."""
        return bool(self.retired_on) and now.date().isoformat() >= self.retired_on


@dataclass(frozen=True, slots=True)
class AccountRedundancy:
    """`needs_pair`: it keeps a copy in the region's pair, so the region must have one."""

    id: str
    name: str
    needs_pair: bool


@dataclass(frozen=True, slots=True)
class NewStorageRules(Dated):
    """What to propose first stands first."""

    minimum_tls: str
    kinds: tuple[AccountKind, ...]
    redundancies: tuple[AccountRedundancy, ...]

    def kind(self, wanted: str) -> AccountKind | None:
        return next((each for each in self.kinds if each.id == wanted), None)

    def redundancy(self, wanted: str) -> AccountRedundancy | None:
        return next((each for each in self.redundancies if each.id == wanted), None)


def kind_problem(kind: str, now: datetime, rules: NewStorageRules) -> str:
    """Why no new account can be of the kind; empty when one can."""
    found = rules.kind(kind)
    made = " or ".join(each.name for each in rules.kinds if each.is_made(now))
    if found is None:
        return f"Choose {made}."
    if found.is_made(now):
        return ""
    return f"Azure makes no {found.name} account since {day_text(found.closed_on)}. Choose {made}."


def kind_note(kind: AccountKind, now: datetime) -> str:
    """What is to be known of the kind’s end; empty where none is announced."""
    parts = []
    if not kind.is_made(now):
        parts.append(f"Azure makes no new ones since {day_text(kind.closed_on)}.")
    elif kind.closed_on:
        parts.append(f"Azure makes new ones until {day_text(kind.closed_on)}.")
    if kind.retired_on:
        parts.append(f"Microsoft retires it on {day_text(kind.retired_on)} and turns what is left into v2.")
    return " ".join(parts)
