"""What a table of support limits is made of: a rule, a thing on one side of it, and the verdict of each profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.issue import Issue, Severity, Verdict
from app.domain.machine_sizes import check_size
from app.domain.naming_rules import check_name
from app.domain.policy_rules import check_policy
from app.domain.rules import NameKind, Rules
from app.domain.storage_rules import StorageUse, judge_storage
from tests.support import estates

FINE, CARE, NO = "ok", "warning", "blocked"
"""The three verdicts, as `Suitability` has them."""

Judge = Callable[[Rules], str]
Expected = tuple[str, str, str]
"""In the order of the profiles: January 2017, May 2026, September 2026."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row.

    Attributes:
        rule: its section and a short name, such as `6 redundancy`.
        thing: what is judged, in words.
    """

    rule: str
    thing: str
    judge: Judge
    expected: Expected


def always(verdict: str) -> Expected:
    """The same in every profile."""
    return (verdict, verdict, verdict)


def of_verdict(judge: Callable[[Rules], Verdict]) -> Judge:
    return lambda rules: judge(rules).status.value


def of_problem(judge: Callable[[Rules], str | None]) -> Judge:
    return lambda rules: NO if judge(rules) else FINE


def of_issues(judge: Callable[[Rules], Sequence[Issue]]) -> Judge:
    """The worst; what is only told is fine."""

    def verdict(rules: Rules) -> str:
        severities = {issue.severity for issue in judge(rules)}
        return NO if Severity.ERROR in severities else CARE if Severity.WARNING in severities else FINE

    return verdict


def account(every_s: int = 300, use: StorageUse = StorageUse.DATA, **changes: object) -> Judge:
    """Whether an account of the vault's region can take replicated data, copied so often, or change logs."""
    thing = estates.storage(**changes)  # type: ignore[arg-type]
    return of_verdict(lambda rules: judge_storage(thing, estates.LOCATION, every_s, rules, use))


def named(kind: NameKind, name: str) -> Judge:
    return of_problem(lambda rules: check_name(kind, name, rules))


def sized(size: str, *, data_disks: int = 0, generation: int = 1) -> Judge:
    def judge(rules: Rules) -> str | None:
        return check_size(size, data_disks=data_disks, generation=generation, offered=(), rules=rules)

    return of_problem(judge)


def policy(every_s: int = 300, keep_h: int = 24, app_h: int = 4, start_in: timedelta | None = None) -> Judge:
    """A new policy with these figures, whose first copy starts at once or later."""

    def judge(rules: Rules) -> Sequence[Issue]:
        start_at = (estates.NOW + start_in).isoformat() if start_in is not None else ""
        return check_policy(
            name="HQ",
            copy_frequency_s=every_s,
            retention_h=keep_h,
            app_consistent_frequency_h=app_h,
            start_at=start_at,
            now=estates.NOW,
            rules=rules,
        )

    return of_issues(judge)
