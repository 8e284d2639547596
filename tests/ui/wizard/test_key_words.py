"""A key's time in words: it counts down, warns in its last day, and is called expired from its end on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ui.theme.tokens import Status
from ui.wizard.pages.key_words import key_status, key_text, time_left

NOW = datetime(2026, 8, 26, 9, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "status", "words"),
    [
        (timedelta(days=5), Status.OK, "5 d 0 h left"),
        (timedelta(days=4, hours=22), Status.OK, "4 d 22 h left"),
        (timedelta(hours=24), Status.OK, "1 d 0 h left"),
        (timedelta(hours=3, minutes=5), Status.WARNING, "3 h 05 min left"),
        (timedelta(minutes=59), Status.WARNING, "59 min left"),
        (timedelta(seconds=1), Status.WARNING, "0 min left"),
        (timedelta(0), Status.CRITICAL, ""),
        (-timedelta(days=2), Status.CRITICAL, ""),
    ],
)
def test_the_time_that_is_left(left: timedelta, status: Status, words: str) -> None:
    assert key_status(NOW + left, NOW) is status
    assert time_left(NOW + left, NOW) == words


def test_a_key_that_is_over_is_called_expired() -> None:
    assert key_text(NOW, NOW).startswith("Expired on ")
    assert key_text(NOW + timedelta(seconds=1), NOW).startswith("Valid until ")
