"""The first copy of a policy's machines: within a day, and better within the quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from app.domain.first_copy import QuietHours, check_first_copy, quiet_hours, read_time
from app.domain.issue import Severity
from app.rules import load_rules

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
NIGHT, NOON = QuietHours(time(22), time(6)), QuietHours(time(12), time(14))


def told(start_at: str = "", begin: str = "", end: str = "", now: datetime = NOW) -> list[tuple[str, Severity]]:
    return [(each.field, each.severity) for each in check_first_copy(start_at, begin, end, now, load_rules())]


@pytest.mark.parametrize(
    ("hours", "moment", "holds"),
    [
        (NIGHT, time(21, 59), False),
        (NIGHT, time(22), True),
        (NIGHT, time(0), True),
        (NIGHT, time(5, 59), True),
        (NIGHT, time(6), False),
        (NOON, time(11, 59), False),
        (NOON, time(12), True),
        (NOON, time(14), False),
    ],
)
def test_quiet_hours_begin_and_end_on_the_minute_and_may_run_over_midnight(
    hours: QuietHours, moment: time, holds: bool
) -> None:
    assert hours.hold(moment) is holds


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("22:00", time(22)),
        (" 7:05 ", time(7, 5)),
        ("0:00", time(0)),
        ("24:00", None),
        ("22:60", None),
        ("22", None),
        ("", None),
        ("22:0\n0", None),
        ("٢٢:٠٠", None),
    ],
)
def test_a_time_of_day_is_hours_and_minutes(text: str, read: time | None) -> None:
    assert read_time(text) == read


@pytest.mark.parametrize(
    ("start_at", "begin", "end", "expected"),
    [
        ("2026-11-23T22:00+00:00", "22:00", "06:00", []),
        ("2026-11-24T05:59+00:00", "22:00", "06:00", []),
        ("2026-11-23T21:59+00:00", "22:00", "06:00", [("start_at", Severity.WARNING)]),
        ("2026-11-24T06:00+00:00", "22:00", "06:00", [("start_at", Severity.WARNING)]),
        ("2026-11-23T22:00+05:00", "22:00", "06:00", []),  # the hour where the site is
        ("2026-11-23T22:00+00:00", "", "", []),
        ("", "22:00", "06:00", [("start_at", Severity.WARNING)]),  # at once is now
        ("", "09:00", "10:00", []),
        ("", "", "", []),
        ("2026-11-25T22:00+00:00", "22:00", "06:00", [("start_at", Severity.ERROR)]),
        ("", "22:00", "", [("quiet_to", Severity.ERROR)]),
        ("", "", "06:00", [("quiet_from", Severity.ERROR)]),
        ("", "late", "early", [("quiet_from", Severity.ERROR), ("quiet_to", Severity.ERROR)]),
        ("", "22:00", "22:00", [("quiet_to", Severity.ERROR)]),
    ],
)
def test_a_start_outside_the_quiet_hours_is_a_warning(
    start_at: str, begin: str, end: str, expected: list[tuple[str, Severity]]
) -> None:
    assert told(start_at, begin, end) == expected


def test_the_warning_says_when_it_would_be_quiet() -> None:
    (issue,) = check_first_copy("", "22:00", "06:00", NOW, load_rules())
    assert issue.text == (
        "At once, now 09:42, the first copy takes the line outside the quiet hours, 22:00 to 06:00. "
        "Start it at 22:00, or see that the line can carry it."
    )


def test_hours_that_are_none_are_no_hours() -> None:
    assert quiet_hours("22:00", "06:00") == NIGHT
    assert [quiet_hours(*each) for each in (("", ""), ("22:00", ""), ("x", "y"), ("22:00", "22:00"))] == [None] * 4
