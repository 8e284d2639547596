"""Sizes of disks, of memory and of stored data, in words."""

from __future__ import annotations

BYTES_PER_MIB = 1024 * 1024
MIB_PER_GIB = 1024

_STEP = 1024
_SMALLER, _LARGEST = ("KiB", "MiB", "GiB"), "TiB"
_WHOLE_FROM = 100


def size_text(mib: float) -> str:
    """`127 GiB`, `2.4 TiB`, `2 TiB`: in the unit that it is at least one of, with a tenth below 100 where there is one.

    Less than a KiB is told as that, and nothing as `0 GiB`.
    """
    if not mib:
        return "0 GiB"
    number = mib * _STEP
    if number < 1:
        return "less than 1 KiB"
    for unit in _SMALLER:
        if round(number) < _STEP:  # else it would be told as 1,024 of them
            return f"{_short(number)} {unit}"
        number /= _STEP
    return f"{_short(number)} {_LARGEST}"


def gib_text(gib: float) -> str:
    return size_text(gib * MIB_PER_GIB)


def bytes_text(count: float) -> str:
    return size_text(count / BYTES_PER_MIB)


def told_apart(size_mib: int, limit_gib: int) -> tuple[str, str]:
    """A size and the limit that it is beyond, in words that differ: `2.3 TiB`, `2 TiB`; `4,096 GiB`, `4,095 GiB`."""
    limit = f"{limit_gib:,} GiB"
    size = size_text(size_mib)
    if size != gib_text(limit_gib):
        return size, limit if limit_gib % MIB_PER_GIB else gib_text(limit_gib)
    gib = size_mib / MIB_PER_GIB
    size = f"{_tenths(gib)} GiB"
    return size if size != limit else f"{gib:,.3f} GiB", limit


def _tenths(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")


def _short(number: float) -> str:
    return _tenths(number) if number < _WHOLE_FROM else f"{number:,.0f}"
