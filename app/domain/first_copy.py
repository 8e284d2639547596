"""When the first copy of a policy's machines may begin: within a day, and better within the site's quiet hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.domain.issue import Issue, Severity
from app.domain.rules import Rules

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A time of every day, which may run over midnight."""

    begin: time
    end: time

    def hold(self, moment: time) -> bool:
        if self.begin < self.end:
            return self.begin <= moment < self.end
        return moment >= self.begin or moment < self.end

    def __str__(self) -> str:
        return f"{self.begin:%H:%M} to {self.end:%H:%M}"


def read_time(text: str) -> time | None:
    """A time of day such as `22:00`; None for a text that is none."""
    found = _TIME.fullmatch(text.strip(" "))
    return time(int(found[1]), int(found[2])) if found is not None else None


def quiet_hours(begin: str, end: str) -> QuietHours | None:
    """None where they were not given, or are none."""
    first, last = read_time(begin), read_time(end)
    return QuietHours(first, last) if first is not None and last is not None and first != last else None


def next_moment(moment: time, now: datetime) -> datetime:
    """When it is next that late after `now`, on this computer's clock."""
    today = now.astimezone().replace(tzinfo=None, second=0, microsecond=0)
    wanted = today.replace(hour=moment.hour, minute=moment.minute)
    if wanted.astimezone() <= now:
        wanted += timedelta(days=1)
    return wanted.astimezone()


def check_first_copy(start_at: str, quiet_from: str, quiet_to: str, now: datetime, rules: Rules) -> tuple[Issue, ...]:
    """Issues by field name. The local time of a start is what its own offset says; of `now`, its own zone."""
    issues = _check_quiet(quiet_from, quiet_to)
    problem = _check_start(start_at, now, rules.policy.start_within_h)
    if problem:
        return (*issues, Issue("start_at", problem, short="Start of the first copy"))
    quiet = quiet_hours(quiet_from, quiet_to)
    start = datetime.fromisoformat(start_at) if start_at else now
    if quiet is None or quiet.hold(start.time()):
        return tuple(issues)
    when = f"At {start:%H:%M}" if start_at else f"At once, now {start:%H:%M},"
    text = (
        f"{when} the first copy takes the line outside the quiet hours, {quiet}. "
        f"Start it at {quiet.begin:%H:%M}, or see that the line can carry it."
    )
    return (*issues, Issue("start_at", text, Severity.WARNING, short="First copy outside quiet hours"))


def _check_quiet(begin: str, end: str) -> list[Issue]:
    if not begin.strip() and not end.strip():
        return []
    issues = []
    for field, text, example in (("quiet_from", begin, "22:00"), ("quiet_to", end, "06:00")):
        if read_time(text) is None:
            problem = f"Write a time such as {example}, or leave both times empty."
            issues.append(Issue(field, problem, short="Quiet hours"))
    if not issues and read_time(begin) == read_time(end):
        problem = "Quiet hours begin and end at different times. Leave both empty where there are none."
        issues.append(Issue("quiet_to", problem, short="Quiet hours"))
    return issues


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
