"""What lies ahead of a policy: the first copy and the quiet hours, on the computer's own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.flows.draft import PolicyChoice
from app.flows.first_copy_ahead import ahead_of

NOW = datetime(2026, 11, 23, 14, 0).astimezone()


def at(day: int, clock: str) -> str:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute).astimezone().isoformat()


@pytest.mark.parametrize(
    ("begins", "ends", "spans"),
    [
        ("22:00", "06:00", [("22:00", "06:00")]),
        ("12:00", "16:00", [("14:00", "16:00"), ("12:00", "14:00")]),  # it is quiet now, and tomorrow again
        ("20:00", "21:00", [("20:00", "21:00")]),
        ("13:00", "13:30", [("13:00", "13:30")]),
        ("", "06:00", []),
        ("22:00", "", []),
        ("22:00", "22:00", []),
        ("late", "25:00", []),
    ],
)
def test_quiet_hours_within_a_day(begins: str, ends: str, spans: list[tuple[str, str]]) -> None:
    ahead = ahead_of(PolicyChoice(quiet_from=begins, quiet_to=ends), NOW)
    assert [(f"{span.start:%H:%M}", f"{span.end:%H:%M}") for span in ahead.quiet] == spans
    assert all(NOW <= span.start < span.end <= NOW + timedelta(hours=24) for span in ahead.quiet)


@pytest.mark.parametrize(
    ("start", "is_shown"),
    [
        (at(23, "22:00"), True),
        (at(24, "14:00"), True),
        (at(24, "14:01"), False),
        (at(23, "14:00"), False),
        (at(23, "09:00"), False),
        ("", False),
        ("2026-11-23T22:00", False),
        ("soon", False),
    ],
)
def test_start_that_lies_ahead(start: str, *, is_shown: bool) -> None:
    ahead = ahead_of(PolicyChoice(start_at=start), NOW, 2.0)
    assert (ahead.start is not None) is is_shown
    assert (ahead.end is not None) is is_shown
    assert ahead.is_empty is not is_shown


@pytest.mark.parametrize(
    ("start", "hours", "starts", "ends"),
    [
        ("22:00", 8.0, True, True),
        ("22:00", 8.1, True, False),
        ("21:59", 1.0, False, False),
        ("23:00", None, True, None),
    ],
)
def test_first_copy_against_quiet_hours(start: str, hours: float | None, *, starts: bool, ends: bool | None) -> None:
    ahead = ahead_of(PolicyChoice(start_at=at(23, start), quiet_from="22:00", quiet_to="06:00"), NOW, hours)
    assert (ahead.starts_quietly, ahead.ends_quietly) == (starts, ends)


def test_without_quiet_hours_nothing_is_said_of_them() -> None:
    ahead = ahead_of(PolicyChoice(start_at=at(23, "22:00")), NOW, 1.0)
    assert (ahead.starts_quietly, ahead.ends_quietly) == (None, None)
