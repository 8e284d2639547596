"""Ages and moments as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ui.when import moment_text, short_moment_text, span_text

NOW = datetime(2026, 8, 27, 9, 42).astimezone()


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=119), "119 s"),
        (timedelta(minutes=14), "14 min"),
        (timedelta(hours=5, minutes=12), "5.2 h"),
        (timedelta(days=31, hours=7), "31 d"),
        (timedelta(days=1_412), "1,412 d"),
    ],
)
def test_span_is_short_and_has_its_unit(span: timedelta, text: str) -> None:
    assert span_text(span) == text


def test_moment_names_the_day_when_it_is_another() -> None:
    assert moment_text(NOW.replace(hour=8, minute=3), NOW) == "08:03"
    assert moment_text(NOW - timedelta(days=1), NOW) == "26 Aug, 09:42"
    assert moment_text(NOW.replace(year=2025), NOW) == "27 Aug 2025, 09:42"


def test_short_moment_is_the_time_or_the_day() -> None:
    assert short_moment_text(NOW, NOW) == "09:42"
    assert short_moment_text(NOW - timedelta(days=1), NOW) == "26 Aug"
    assert short_moment_text(NOW.replace(year=2025), NOW) == "Aug 2025"
