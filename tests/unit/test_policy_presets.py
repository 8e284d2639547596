"""Presets: what is built in is valid under its limits and says where it comes from; names that can't be."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.policy_presets import PolicyPreset, matching, name_problem, offered, why_problem
from app.domain.policy_rules import PolicyFigures
from app.domain.rules import PROFILES
from app.policy_data import built_in_presets
from app.rules import load_rules

OWN = PolicyPreset("Databases", 300, 12, 2)


@pytest.mark.parametrize("profile", PROFILES)
def test_all_four_are_offered_under_each_profile_and_keep_to_its_limits(profile: str) -> None:
    rules = load_rules(profile)
    found = offered(built_in_presets(), rules)
    assert [preset.id for preset in found] == ["article", "low-loss", "low-cost", "domain-controllers"]
    assert not any(preset.problem(rules) for preset in found)
    assert len({preset.key for preset in found}) == len(found)


@pytest.mark.parametrize("preset", built_in_presets(), ids=lambda preset: f"{preset.id}-{preset.profiles}")
def test_each_says_why_and_where_it_comes_from(preset: PolicyPreset) -> None:
    assert preset.source is not None
    assert date.fromisoformat(preset.source.as_of) < date(2026, 12, 1)
    assert preset.source.document
    assert preset.why.endswith(".")
    assert not why_problem(preset.why)
    assert not name_problem(preset.name)
    assert set(preset.profiles) <= set(PROFILES)
    assert not preset.is_own


@pytest.mark.parametrize(
    ("id", "profile", "figures"),
    [
        ("article", "2026-05", (300, 2, 1)),
        ("low-loss", "2026-05", (30, 24, 2)),
        ("low-cost", "2026-05", (300, 2, 0)),
        ("low-cost", "seed-2017", (900, 3, 2)),
        ("domain-controllers", "2026-09", (300, 4, 1)),
    ],
)
def test_figures(id: str, profile: str, figures: tuple[int, int, int]) -> None:
    found = next(preset for preset in offered(built_in_presets(), load_rules(profile)) if preset.id == id)
    assert found.figures == PolicyFigures(*figures)


def test_one_that_breaks_the_limits_of_a_newer_rule_file_is_not_offered() -> None:
    wrong = PolicyPreset("x", 300, 999, 0, source=built_in_presets()[0].source, id="x")
    assert offered((wrong,), load_rules("2026-05")) == ()


@pytest.mark.parametrize(
    ("figures", "profile", "words"),
    [
        ((900, 12, 2), "2026-05", "15 min"),
        ((900, 12, 2), "seed-2017", ""),
        ((300, 12, 0), "seed-2017", ""),
        ((300, 24, 13), "seed-2017", "1 to 12 hours"),
        ((300, 12, 0), "2026-05", ""),
        ((300, 2, 2), "2026-05", "never fits"),
        ((300, 25, 0), "2026-05", "0 to 24 hours"),
    ],
)
def test_own_ones_say_why_they_cannot_be_used(figures: tuple[int, int, int], profile: str, words: str) -> None:
    problem = PolicyPreset("Mine", *figures).problem(load_rules(profile))
    assert words in problem
    assert bool(problem) is bool(words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("File servers", ""),
        ("Ünïcode 数据库", ""),
        ("<b>&amp;</b>", ""),  # plain text to us
        ("", "Give the preset a name"),
        ("  ", "Give the preset a name"),
        ("x" * 60, ""),
        ("x" * 61, "at most 60"),
        (" a", "space"),
        ("a ", "space"),
        ("a\nb", "can be seen"),
        ("a\x00b", "can be seen"),
        ("a\u202eb", "can be seen"),
        ("a\u200bb", "can be seen"),
        ("a\ud800", "can be seen"),
        ("DATABASES", "has this name already"),
    ],
)
def test_names(name: str, words: str) -> None:
    problem = name_problem(name, (OWN,))
    assert words in problem
    assert bool(problem) is bool(words)


def test_the_preset_of_some_figures() -> None:
    twin = PolicyPreset("Twin", 300, 12, 2)
    assert matching((OWN, twin), OWN.figures) is OWN
    assert matching((OWN, twin), OWN.figures, picked=twin.key) is twin
    assert matching((OWN, twin), OWN.figures, picked="built-in article") is OWN
    assert matching((OWN, twin), PolicyFigures(300, 12, 3)) is None
