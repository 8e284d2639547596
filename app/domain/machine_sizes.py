"""Which Azure machine sizes a protected machine fits into."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.azure import ComputeSize
from app.domain.rules import Rules


def check_size(
    name: str, *, data_disks: int, generation: int, offered: Iterable[ComputeSize], rules: Rules
) -> str | None:
    """The sentence to show at the size; None when it fits. An empty name lets Azure choose.

    `offered` are the sizes of the target region as Azure lists them; while they were not read the region is not judged.
    """
    if not name:
        return None
    sizes = {size.name.lower(): size for size in offered}
    size = sizes.get(name.lower())
    if sizes and size is None:
        return f"{name} is not offered in the target region. Choose another size, or leave it to Azure."
    known = rules.size(name)
    most = size.max_data_disks if size else known.max_data_disks if known else None
    if most is not None and data_disks > most:
        return f"{name} takes {most} data disks; {data_disks} are chosen. Take a larger size, or leave disks out."
    if known and generation and generation not in known.generations:
        return f"{name} can’t start a generation {generation} machine. Choose another size, or leave it to Azure."
    return None


def fitting_sizes(
    offered: Iterable[ComputeSize], *, data_disks: int, generation: int, rules: Rules
) -> tuple[ComputeSize, ...]:
    """The sizes that take the machine, the smallest first."""
    fitting = (
        size
        for size in offered
        if check_size(size.name, data_disks=data_disks, generation=generation, offered=(size,), rules=rules) is None
    )
    return tuple(sorted(fitting, key=lambda size: (size.cores, size.memory_mib, size.name)))
