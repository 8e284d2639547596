"""Times in words."""

import pytest

from ui.durations import duration_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0, "0 s"),
        (25.4, "25 s"),
        (60, "1 min"),
        (90, "90 s"),
        (150, "2 min"),
        (5_940, "99 min"),
        (18_720, "5.2 h"),
        (7_200, "2 h"),
        (237_600, "66 h"),
        (345_600, "4 days"),
    ],
)
def test_a_time_is_told_in_the_unit_that_fits(seconds: float | None, text: str) -> None:
    assert duration_text(seconds) == text
