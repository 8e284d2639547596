"""Single values as Azure writes them, read with a wide mind.

The service writes numbers as strings and strings as numbers, leaves keys out or sets them to null, and has two dates
for "never". What cannot be read as what it should be is absent, not an error.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from sys import intern

import msgspec

from app.domain.health import Health, HealthError
from app.domain.job import JobState
from app.domain.protection import OsType

Text = str | int | float | bool | None
Number = int | float | str | None


def text(value: Text) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)


def shared(value: Text) -> str:
    """A text that many items have in common, kept once for all of them: half of what ten thousand items weigh."""
    return intern(value) if type(value) is str else text(value)


def whole(value: Number) -> int | None:
    """A whole number; None when there is none."""
    if value is None or value == "":
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return None


def moment(value: Text) -> datetime | None:
    """A time in UTC; None for the dates 0001 and 1753, which mean never."""
    if not isinstance(value, str) or value < "1900":
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


read_health = cache(Health.read)
read_job_state = cache(JobState.read)
read_os_type = cache(OsType.read)
"""Lists hold thousands of items with a handful of words between them."""


class HealthErrorRecord(msgspec.Struct, rename="camel", gc=False):
    error_code: Text = None
    error_message: Text = None
    summary_message: Text = None
    error_level: Text = None
    error_source: Text = None
    possible_causes: Text = None
    recommended_action: Text = None
    creation_time_utc: Text = None


def health_errors(records: list[HealthErrorRecord] | None) -> tuple[HealthError, ...]:
    if not records:
        return ()
    return tuple(
        HealthError(
            code=text(record.error_code),
            message=text(record.error_message) or text(record.summary_message),
            level=text(record.error_level),
            possible_causes=text(record.possible_causes),
            recommended_action=text(record.recommended_action),
            created=moment(record.creation_time_utc),
            source=text(record.error_source),
        )
        for record in records
    )
