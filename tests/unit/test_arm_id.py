"""Ids name the same thing whatever their case, however they are compared."""

from __future__ import annotations

import pytest

from app.domain.arm_id import ArmId


@pytest.mark.parametrize("other", ["/subscriptions/s/resourceGroups/G", "/Subscriptions/S/resourcegroups/g/"])
def test_ids_of_one_thing_are_equal_and_not_unequal(other: str) -> None:
    one, two = ArmId("/subscriptions/s/resourceGroups/g"), ArmId(other)
    assert (one == two, one != two) == (True, False)
    assert len({one, two}) == 1


@pytest.mark.parametrize(
    "other", [ArmId("/subscriptions/s/resourceGroups/h"), "/subscriptions/s/resourceGroups/g", None]
)
def test_ids_of_two_things_are_unequal(other: object) -> None:
    one = ArmId("/subscriptions/s/resourceGroups/g")
    assert (one == other, one != other) == (False, True)
