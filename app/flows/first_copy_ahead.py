"""What lies ahead of a policy within the next day: the first copy, and the site's quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.flows.draft import PolicyChoice

HORIZON = timedelta(hours=24)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietSpan:
    """From when to when it is quiet, within the horizon."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Ahead:
    """Times are local ones.

    Attributes:
        start: when the first copy begins; None where it does not wait.
        copy_hours: how long it takes; None where that is not known.
    """

    now: datetime
    start: datetime | None = None
    copy_hours: float | None = None
    quiet: tuple[QuietSpan, ...] = ()
    quiet_from: str = ""
    quiet_to: str = ""

    @property
    def is_empty(self) -> bool:
        return self.start is None and not self.quiet

    @property
    def end(self) -> datetime | None:
        """When the first copy is through."""
        if self.start is None or self.copy_hours is None:
            return None
        return self.start + timedelta(hours=self.copy_hours)

    @property
    def starts_quietly(self) -> bool | None:
        """None where there are no quiet hours, or nothing starts."""
        start = self.start
        if start is None or not self.quiet:
            return None
        return any(span.start <= start < span.end for span in self.quiet)

    @property
    def ends_quietly(self) -> bool | None:
        """Whether the whole copy lies in quiet hours; None where that cannot be said."""
        start, end = self.start, self.end
        if start is None or end is None or not self.quiet:
            return None
        return any(span.start <= start and end <= span.end for span in self.quiet)


def ahead_of(policy: PolicyChoice, now: datetime, copy_hours: float | None = None) -> Ahead:
    """What of the policy's times lies in the next 24 hours. A time that is none, or has passed, is left out."""
    here = now.astimezone()
    start = _moment(policy.start_at)
    if start is not None and not here < start <= here + HORIZON:
        start = None
    begins, ends = _clock(policy.quiet_from), _clock(policy.quiet_to)
    hours = copy_hours if start is not None else None
    if begins is None or ends is None or begins == ends:
        return Ahead(here, start, hours)
    return Ahead(here, start, hours, _quiet(here, begins, ends), f"{begins:%H:%M}", f"{ends:%H:%M}")


def _quiet(now: datetime, begins: time, ends: time) -> tuple[QuietSpan, ...]:
    last = now + HORIZON
    found = []
    for day in (-1, 0, 1):
        date = (now + day * _DAY).date()
        start = datetime.combine(date, begins).astimezone()
        until = datetime.combine(date + _DAY if ends < begins else date, ends).astimezone()
        span = QuietSpan(max(start, now), min(until, last))
        if span.start < span.end:
            found.append(span)
    return tuple(found)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone() if moment.tzinfo is not None else None


def _clock(text: str) -> time | None:
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        return None
    return clock if clock.tzinfo is None else None
