"""What a replication policy may say."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from app.domain.issue import Issue, Severity
from app.domain.naming_rules import check_name
from app.domain.rules import NameKind, Rules


def check_policy(
    *,
    name: str,
    copy_frequency_s: int,
    retention_h: int,
    app_consistent_frequency_h: int,
    start_at: str,
    now: datetime,
    rules: Rules,
    names_in_use: Collection[str] = (),
) -> tuple[Issue, ...]:
    """Issues by field name. `names_in_use` are the policies of the vault, in lower case."""
    limits = rules.policy
    issues: list[Issue] = []

    problem = check_name(NameKind.POLICY, name, rules)
    if problem is None and name.lower() in names_in_use:
        problem = "A policy of this name exists with other figures. Choose it from the list, or type another name."
    if problem:
        issues.append(Issue("name", problem, short="Policy name" if name else "Policy name is missing"))

    if copy_frequency_s not in limits.copy_frequencies_s:
        choices = " or ".join(copy_frequency_text(seconds) for seconds in limits.copy_frequencies_s)
        text = f"Azure copies every {choices}; {copy_frequency_text(copy_frequency_s)} is not offered."
        issues.append(Issue("copy_frequency_s", text, short="Copy frequency is not offered"))

    has_retention = limits.retention_min_h <= retention_h <= limits.retention_max_h
    if not has_retention:
        text = f"Keep recovery points for {limits.retention_min_h} to {limits.retention_max_h} hours."
        issues.append(Issue("retention_h", text, short="Retention is out of range"))

    issue = _check_app_consistent(app_consistent_frequency_h, retention_h if has_retention else None, rules)
    if issue:
        issues.append(issue)

    problem = _check_start(start_at, now, limits.start_within_h)
    if problem:
        issues.append(Issue("start_at", problem, short="Start of the first copy"))
    return tuple(issues)


def copy_frequency_text(seconds: int) -> str:
    """`30 s` or `5 min`."""
    return f"{seconds} s" if seconds % 60 else f"{seconds // 60} min"


def _hours(number: int) -> str:
    return "1 hour" if number == 1 else f"{number} hours"


def _check_app_consistent(frequency_h: int, retention_h: int | None, rules: Rules) -> Issue | None:
    """With `retention_h` None, not known, only the frequency itself is judged."""
    limits = rules.policy
    field = "app_consistent_frequency_h"
    short = "Application-consistent points"
    if not limits.app_consistent_min_h <= frequency_h <= limits.app_consistent_max_h:
        none = " 0 takes none." if limits.app_consistent_min_h == 0 else ""
        text = f"Take one every {limits.app_consistent_min_h} to {limits.app_consistent_max_h} hours.{none}"
        return Issue(field, text, short=short)
    if frequency_h == 0 or retention_h is None:
        return None
    if retention_h == 0:
        text = "With a retention of 0 hours only the latest point is kept: set this to 0, or keep points longer."
        return Issue(field, text, short=short)
    if frequency_h >= retention_h:
        most = f"at most {retention_h - 1}" if retention_h > 1 else "0"
        text = (
            f"One every {_hours(frequency_h)} never fits into {_hours(retention_h)} of retention. "
            f"Use {most}, or keep points longer."
        )
        return Issue(field, text, short=short)
    if frequency_h == 1:
        text = "Hourly application-consistent points slow busy machines. Take them less often for databases under load."
        return Issue(field, text, Severity.INFO)
    return None


def _check_start(start_at: str, now: datetime, within_h: int) -> str:
    if not start_at:
        return ""
    try:
        start = datetime.fromisoformat(start_at)
    except ValueError:
        return "Write a time such as 2026-11-23T22:00+01:00, or leave it empty to start at once."
    if start.tzinfo is None:
        return "Add the time zone, such as +01:00, or leave it empty to start at once."
    if start <= now:
        return "This time has passed. Choose a later one, or leave it empty to start at once."
    if start - now > timedelta(hours=within_h):
        return f"Choose a time within the next {within_h} hours, or leave it empty to start at once."
    return ""
