"""Versions are compared as numbers, and the support window is counted in rollups."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.releases import Age, read_version
from app.rules import load_rules

RELEASES = load_rules().releases


@pytest.mark.parametrize(
    ("version", "age"),
    [
        ("5.24.0902.11", Age.NEWEST),
        ("5.24.902.11", Age.NEWEST),
        ("5.25.1.0", Age.NEWEST),
        ("5.24.0814.2", Age.SUPPORTED),
        ("5.24.0117.5", Age.SUPPORTED),
        ("5.24.0117.4", Age.OLD),
        ("5.1.2700.1", Age.OLD),
        ("", Age.UNKNOWN),
        ("latest", Age.UNKNOWN),
        ("5", Age.UNKNOWN),
        ("5.24.-1.0", Age.UNKNOWN),
    ],
)
def test_a_provider_is_judged_by_its_place_in_the_list(version: str, age: Age) -> None:
    assert RELEASES.provider_age(version) is age


def test_agents_have_a_list_of_their_own() -> None:
    assert RELEASES.agent_age("2.0.9917.0") is Age.SUPPORTED
    assert RELEASES.agent_age("2.0.9263.0") is Age.OLD


def test_the_list_is_newest_first() -> None:
    rollups = [release.rollup for release in RELEASES.releases]
    assert rollups == sorted(rollups, reverse=True)
    assert len(rollups) >= RELEASES.supported_rollups


@given(st.text(alphabet="0123456789.x ", max_size=20))
def test_whatever_is_read_as_a_version_can_be_compared(text: str) -> None:
    found = read_version(text)
    assert found is None or found >= (0,)
