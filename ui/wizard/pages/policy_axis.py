"""Where a moment stands on the line of a policy, and which labels have room below it.

The last quarter of an hour is drawn larger than the rest: what one copy loses would be a hair's breadth else. Knows
figures and widths alone, and draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

FINE_MINUTES = 15.0
_HOUR = 60.0
_FINE_SHARE, _FINE_LEAST, _FINE_MOST = 0.24, 84.0, 190.0
_LABEL_GAP = 6.0
_LABEL_LEAST = 20.0
_HOUR_STEPS = (1, 2, 3, 4, 6, 8, 12, 24)


@dataclass(frozen=True, slots=True)
class Axis:
    """Oldest at `left`, now at `right`; `span` is the age of the left end in minutes."""

    left: float
    right: float
    span: float

    @property
    def border(self) -> float:
        """Where the enlarged part begins."""
        return self.right - min(max((self.right - self.left) * _FINE_SHARE, _FINE_LEAST), _FINE_MOST)

    def x(self, minutes: float) -> float:
        if minutes <= FINE_MINUTES:
            return self.right - (self.right - self.border) * minutes / FINE_MINUTES
        rest = max(self.span - FINE_MINUTES, 1.0)
        return self.border - (self.border - self.left) * (minutes - FINE_MINUTES) / rest

    def nearest(self, x: float, moments: Iterable[int]) -> int:
        """Of these moments the one that stands nearest to `x`."""
        return min(moments, key=lambda minutes: abs(self.x(minutes) - x))


@dataclass(frozen=True, slots=True)
class Label:
    """Words below the line, from `left` on; they belong to `at`."""

    text: str
    at: float
    left: float
    width: float

    def meets(self, other: Label) -> bool:
        return self.left < other.left + other.width + _LABEL_GAP and other.left < self.left + self.width + _LABEL_GAP


Wide = Callable[[str], float]
Words = Callable[[float], str]


def axis_labels(axis: Axis, copy_minutes: float, wide: Wide, words: Words, now: str) -> tuple[Label, ...]:
    """Now, the oldest point, the edge of the enlarged part, then as many hours and the last copy as have room."""
    first = [(0.0, now), (axis.span, words(axis.span)), (FINE_MINUTES, words(FINE_MINUTES))]
    taken: list[Label] = []
    for minutes, text in first:
        _add(taken, [_label(axis, minutes, text, wide)])
    for step in _HOUR_STEPS:
        hours = range(step, round(axis.span / _HOUR), step)
        if len(hours) * _LABEL_LEAST > axis.border - axis.left:
            continue
        if _add(taken, [_label(axis, hour * _HOUR, words(hour * _HOUR), wide) for hour in hours]):
            break
    if 0 < copy_minutes < FINE_MINUTES:
        _add(taken, [_label(axis, copy_minutes, words(copy_minutes), wide)])
    return tuple(sorted(taken, key=lambda label: label.left))


def clock_labels(places: Sequence[tuple[float, str]], left: float, right: float, wide: Wide) -> tuple[Label, ...]:
    """Labels at these places, weightiest first; one that would meet another is left out."""
    taken: list[Label] = []
    for x, text in places:
        _add(taken, [_within(x, text, wide(text), left, right)])
    return tuple(sorted(taken, key=lambda label: label.left))


def _label(axis: Axis, minutes: float, text: str, wide: Wide) -> Label:
    return _within(axis.x(minutes), text, wide(text), axis.left, axis.right)


def _within(x: float, text: str, width: float, left: float, right: float) -> Label:
    return Label(text, x, min(max(x - width / 2, left), max(right - width, left)), width)


def _add(taken: list[Label], new: list[Label]) -> bool:
    """Take all of them, or none where one would meet another."""
    pairs = [(one, other) for place, one in enumerate(new) for other in (*taken, *new[:place])]
    if any(one.meets(other) for one, other in pairs):
        return False
    taken += new
    return True
