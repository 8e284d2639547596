"""Sizes in words, and one rounding for all of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.sizes import bytes_text, gib_text, size_text, told_apart


@pytest.mark.parametrize(
    ("mib", "text"),
    [
        (0, "0 GiB"),
        (0.0001, "less than 1 KiB"),
        (0.25, "256 KiB"),
        (512, "512 MiB"),
        (1023.4, "1,023 MiB"),
        (1023.6, "1 GiB"),
        (1024, "1 GiB"),
        (1536, "1.5 GiB"),
        (99.94 * 1024, "99.9 GiB"),
        (99.96 * 1024, "100 GiB"),
        (127.4 * 1024, "127 GiB"),
        (130_048, "127 GiB"),
        (2_516_582, "2.4 TiB"),
        (2**21, "2 TiB"),
        (1500 * 2**20, "1,500 TiB"),
    ],
)
def test_sizes_are_short(mib: float, text: str) -> None:
    assert size_text(mib) == text


def test_gib_and_bytes_are_told_alike() -> None:
    assert gib_text(1.5) == bytes_text(3 * 2**29) == size_text(1536) == "1.5 GiB"


@given(st.floats(2**-10, 2**40))
def test_what_is_told_is_off_by_a_twentieth_at_most(mib: float) -> None:
    """Of the largest unit there may be more."""
    told = re.fullmatch(r"([\d,.]+) (KiB|MiB|GiB|TiB)", size_text(mib))
    assert told is not None
    number, unit = float(told[1].replace(",", "")), told[2]
    assert 1 <= number < 1024 or unit == "TiB"
    factor = {"KiB": 2**-10, "MiB": 1, "GiB": 2**10, "TiB": 2**20}[unit]
    assert number * factor == pytest.approx(mib, rel=0.05)


@pytest.mark.parametrize(
    ("size_mib", "limit_gib", "texts"),
    [
        (2_516_582, 2048, ("2.4 TiB", "2 TiB")),
        (8 * 2**20, 4095, ("8 TiB", "4,095 GiB")),
        (4096 * 1024, 4095, ("4,096 GiB", "4,095 GiB")),
        (2058 * 1024, 2048, ("2,058 GiB", "2,048 GiB")),
        (2048 * 1024 + 1, 2048, ("2,048.001 GiB", "2,048 GiB")),
        (512, 1, ("512 MiB", "1 GiB")),
        (1023, 1, ("1,023 MiB", "1 GiB")),
    ],
)
def test_a_size_and_its_limit_are_told_apart(size_mib: int, limit_gib: int, texts: tuple[str, str]) -> None:
    assert told_apart(size_mib, limit_gib) == texts


@given(st.integers(1, 2**26), st.integers(1, 2**16))
def test_no_size_reads_as_the_limit_that_it_is_beyond(size_mib: int, limit_gib: int) -> None:
    assume(size_mib != limit_gib * 1024)
    size, limit = told_apart(size_mib, limit_gib)
    assert size != limit
