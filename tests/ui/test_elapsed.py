"""Spans of time to the second."""

import pytest

from ui.elapsed import elapsed_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0, "0 s"),
        (0.3, "under 1 s"),
        (11.4, "11 s"),
        (60, "1 min"),
        (299, "4 min 59 s"),
        (12_000, "3 h 20 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_span_is_told_to_the_second(seconds: float | None, text: str) -> None:
    assert elapsed_text(seconds) == text
