"""What is wrong with an answer, and how well a thing suits: the two results of every rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    """Stops the step."""
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is worst."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Issue:
    """One point about one answer.

    Attributes:
        field: dotted draft path such as `target.storage.name` or `machines.{machine id}.azure_name`; a whole section
            (`machines`) when no single field is to blame.
        text: what is wrong and what would be right, in one or two sentences.
        short: the same in about 50 characters, for the step rail; empty takes `text`.
    """

    field: str
    text: str
    severity: Severity = Severity.ERROR
    short: str = ""

    @property
    def is_blocking(self) -> bool:
        return self.severity is Severity.ERROR


def within(section: str, issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """The same issues with their fields below `section`."""
    return tuple(replace(issue, field=f"{section}.{issue.field}" if issue.field else section) for issue in issues)


def worst_first(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=lambda issue: issue.severity.rank))


def blocking(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(issue for issue in issues if issue.is_blocking)


class Suitability(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BLOCKED = "blocked"

    @property
    def rank(self) -> int:
        """0 suits best."""
        return list(Suitability).index(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a machine, storage account or network suits.

    Attributes:
        word: the reason in one to three words, for a chip ("OS disk too large").
        reason: one sentence; empty when there is nothing to explain.
        remedy: what to do about it; empty when nothing can or need be done.
    """

    status: Suitability
    word: str
    reason: str = ""
    remedy: str = ""

    @property
    def is_usable(self) -> bool:
        return self.status is not Suitability.BLOCKED


def least_suitable(verdicts: Iterable[Verdict], otherwise: Verdict) -> Verdict:
    """The verdict that decides; of equal ones the first, and `otherwise` when there is none."""
    return max(verdicts, key=lambda verdict: verdict.status.rank, default=otherwise)
