"""What a policy keeps, and what damage at any moment leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.policy_points import consistent_points, kept_points, moments, span_minutes, way_back
from app.domain.policy_rules import PolicyFigures

FIGURES = st.builds(PolicyFigures, st.sampled_from((30, 300, 900)), st.integers(0, 24), st.integers(0, 12))


@pytest.mark.parametrize(
    ("figures", "ages", "consistent"),
    [
        (PolicyFigures(300, 0, 0), [5], []),
        (PolicyFigures(30, 1, 0), [0.5, 60], []),
        (PolicyFigures(300, 4, 1), [5, 60, 120, 180, 240], [60, 120, 180, 240]),
        (PolicyFigures(300, 5, 2), [5, 60, 120, 180, 240, 300], [120, 240]),
        (PolicyFigures(900, 2, 3), [15, 60, 120], []),
        (PolicyFigures(-1, -3, -2), [0], []),
    ],
)
def test_points_kept(figures: PolicyFigures, ages: list[float], consistent: list[float]) -> None:
    points = kept_points(figures)
    assert [point.minutes for point in points] == ages
    assert [point.minutes for point in points if point.is_consistent] == consistent
    assert consistent_points(figures) == len(consistent)


@pytest.mark.parametrize(
    ("minutes", "point", "lost", "consistent"),
    [
        (0, 5, 5, 120),  # a disaster of this moment: the last copy
        (3, 5, 2, 120),
        (5, 5, 0, 120),
        (6, 60, 54, 120),  # the last copy has the damage in it
        (60, 60, 0, 120),
        (70, 120, 50, 120),
        (130, 180, 50, 240),
        (241, 300, 59, None),
        (300, 300, 0, None),
        (301, None, 0, None),
    ],
)
def test_way_back_by_age_of_damage(minutes: int, point: float | None, lost: float, consistent: float | None) -> None:
    back = way_back(PolicyFigures(300, 5, 2), minutes)
    assert (back.point.minutes if back.point else None) == point
    assert back.lost_minutes == lost
    assert (back.consistent.minutes if back.consistent else None) == consistent


@given(FIGURES)
def test_no_moment_that_a_marker_can_stand_at_loses_more_than_an_hour(figures: PolicyFigures) -> None:
    found = moments(figures)
    assert found[0] == 0
    assert found[-1] == span_minutes(figures)
    assert list(found) == sorted(set(found))
    backs = [way_back(figures, minutes) for minutes in found]
    assert all(back.lost_minutes <= 60 for back in backs)
    assert all(back.point is not None for back in backs) is (figures.retention_h > 0)
