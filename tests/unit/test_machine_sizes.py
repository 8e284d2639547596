"""Azure sizes: disks, generation, region."""

from __future__ import annotations

import pytest

from app.domain.azure import ComputeSize
from app.domain.machine_sizes import check_size, fitting_sizes
from app.rules import load_rules

RULES = load_rules()
OFFERED = (
    ComputeSize("Standard_D8s_v5", 8, 32768, 16),
    ComputeSize("Standard_D2s_v5", 2, 8192, 4),
    ComputeSize("Standard_D2as_v6", 2, 8192, 4),
    ComputeSize("Standard_Z1", 1, 1024, 2),
)


def checked(
    name: str, *, data_disks: int = 1, generation: int = 1, offered: tuple[ComputeSize, ...] = OFFERED
) -> str | None:
    return check_size(name, data_disks=data_disks, generation=generation, offered=offered, rules=RULES)


@pytest.mark.parametrize(
    ("name", "disks"), [("", 99), ("Standard_D2s_v5", 4), ("standard_d8S_v5", 16), ("Standard_Z1", 2)]
)
def test_sizes_that_fit(name: str, disks: int) -> None:
    assert checked(name, data_disks=disks) is None


def test_too_many_disks_for_the_size() -> None:
    assert checked("Standard_D2s_v5", data_disks=5) == (
        "Standard_D2s_v5 takes 4 data disks; 5 are chosen. Take a larger size, or leave disks out."
    )


def test_a_size_of_the_list_is_judged_before_the_region_was_read() -> None:
    assert checked("Standard_D2s_v5", data_disks=5, offered=()) is not None
    assert checked("Standard_Q9", data_disks=99, offered=()) is None


def test_a_size_that_the_region_lacks() -> None:
    assert "is not offered in the target region" in (checked("Standard_M128s") or "")


@pytest.mark.parametrize(("generation", "fits"), [(1, False), (2, True), (0, True)])
def test_new_sizes_start_generation_2_only(generation: int, fits: bool) -> None:
    assert (checked("Standard_D2as_v6", generation=generation) is None) is fits


def test_fitting_sizes_come_smallest_first() -> None:
    names = [size.name for size in fitting_sizes(OFFERED, data_disks=3, generation=1, rules=RULES)]
    assert names == ["Standard_D2s_v5", "Standard_D8s_v5"]
