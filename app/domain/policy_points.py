"""What a replication policy keeps, and what can be gone back to from a moment in the past.

Reckoned for the worst moment: just before the next copy. Points are about an hour apart in Azure; here they stand on
whole hours, which is our picture of it and not a promise of the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from app.domain.policy_rules import PolicyFigures

_MINUTES = 60
_FINE_MINUTES = 15
_COARSE_STEP = 10


@dataclass(frozen=True, slots=True)
class KeptPoint:
    """A point that can be gone back to. `minutes` ago it was the state of the machine."""

    minutes: float
    is_consistent: bool = False


@dataclass(frozen=True, slots=True)
class WayBack:
    """What is left after damage was done some minutes ago and is noticed now.

    Attributes:
        point: the newest one from before the damage; None where none is kept.
        lost_minutes: work from before the damage that goes with it.
        consistent: the newest application-consistent one from before it; None where none is kept.
    """

    damaged_minutes: float
    point: KeptPoint | None
    lost_minutes: float
    consistent: KeptPoint | None


def copy_minutes(figures: PolicyFigures) -> float:
    return max(figures.copy_frequency_s, 0) / _MINUTES


def consistent_points(figures: PolicyFigures) -> int:
    """How many of the points kept are application-consistent."""
    every = figures.app_consistent_frequency_h
    return figures.retention_h // every if every > 0 and figures.retention_h > 0 else 0


def kept_points(figures: PolicyFigures) -> tuple[KeptPoint, ...]:
    """The points, newest first: the last copy, and one for each hour of retention."""
    every = figures.app_consistent_frequency_h
    hourly = (
        KeptPoint(hour * _MINUTES, is_consistent=every > 0 and hour % every == 0)
        for hour in range(1, figures.retention_h + 1)
    )
    return tuple(sorted((KeptPoint(copy_minutes(figures)), *hourly), key=lambda point: point.minutes))


def way_back(figures: PolicyFigures, minutes: float) -> WayBack:
    """What damage done `minutes` ago leaves. At 0 it is a disaster of this moment: the last copy decides."""
    points = kept_points(figures)
    before = tuple(point for point in points if point.minutes >= minutes)
    point = next(iter(before), None)
    consistent = next((each for each in before if each.is_consistent), None)
    return WayBack(minutes, point, point.minutes - minutes if point is not None else 0.0, consistent)


def span_minutes(figures: PolicyFigures) -> float:
    """How far back a picture of it goes: the oldest point, and an hour where only the latest is kept."""
    return max(figures.retention_h, 1) * _MINUTES


def moments(figures: PolicyFigures) -> tuple[int, ...]:
    """The minutes at which a marker can stand: each of the last quarter of an hour, further back every ten."""
    return tuple(chain(range(_FINE_MINUTES), range(20, round(span_minutes(figures)) + 1, _COARSE_STEP)))
