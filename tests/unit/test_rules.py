"""The rule tables: complete, typed, dated, and different where documents of different times disagree."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from importlib import resources
from typing import Any

import pytest

from app.domain.rules import PROFILES, NameKind, Source
from app.flows.action import ActionKind
from app.rules import LIMITS, load_rules

FILES = sorted(
    file.name for file in resources.files("resources").joinpath("rules").iterdir() if file.name.endswith(".toml")
)


def table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("resources").joinpath("rules", name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_loads(profile: str) -> None:
    assert load_rules(profile).profile == profile


def test_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="no rules profile '2031-01'"):
        load_rules("2031-01")


@pytest.mark.parametrize("name", FILES)
def test_every_table_names_its_document_and_date(name: str) -> None:
    content = table(name)
    sources = [content["source"], *(p["source"] for p in content.get("profiles", {}).values() if "source" in p)]
    for source in sources:
        assert source["document"]
        assert date.fromisoformat(source["as_of"]).year >= 2017


@pytest.mark.parametrize("name", FILES)
def test_no_table_holds_a_key_that_nobody_reads(name: str) -> None:
    """A misspelt key would otherwise silently change nothing."""
    content = table(name)
    rules = getattr(load_rules(), name.removesuffix(".toml"))
    allowed = {*(each.name for each in fields(rules)), "profiles", "columns", "rows", "documents"}
    assert set(content) <= allowed
    for profile in content.get("profiles", {}).values():
        assert set(profile) <= allowed


def rules_in(table: dict[str, Any], above: str = "") -> Iterator[str]:
    """The dotted names of what a file says; rows and lists are one rule each."""
    for name, value in table.items():
        if name in ("source", "sources", "documents", "profiles", "columns"):
            continue
        path = f"{above}{name}"
        if isinstance(value, dict):
            yield from rules_in(value, f"{path}.")
        else:
            yield path


def named(rule: str, sources: dict[str, str]) -> bool:
    return any(rule == name or rule.startswith(f"{name}.") for name in sources)


@pytest.mark.parametrize("name", LIMITS)
def test_every_rule_names_its_document_and_date(name: str) -> None:
    """A profile’s own values too: they must not pass for what another document says."""
    content = table(f"{name}.toml")
    sources, documents = content["sources"], content["documents"]
    rules = [name if each == "rows" else each for each in rules_in(content)]
    assert [each for each in rules if not named(each, sources)] == []
    used = set(sources.values())
    for profile, own in content.get("profiles", {}).items():
        assert [each for each in rules_in(own) if not named(each, own.get("sources", {}))] == [], profile
        used |= set(own.get("sources", {}).values())
    assert used == set(documents)
    assert all(document["document"] and date.fromisoformat(document["as_of"]) for document in documents.values())


@pytest.mark.parametrize(("profile", "latest"), [("seed-2017", "2018-12-31"), ("2026-05", "2026-08-31")])
@pytest.mark.parametrize("name", LIMITS)
def test_no_profile_says_what_only_later_documents_did(name: str, profile: str, latest: str) -> None:
    """What it says by itself; where the documents of its time were silent it takes what later ones say."""
    content = table(f"{name}.toml")
    own = (
        content["sources"] if profile == "2026-05" else content.get("profiles", {}).get(profile, {}).get("sources", {})
    )
    assert [rule for rule, key in own.items() if content["documents"][key]["as_of"] > latest] == []


def test_a_rule_tells_its_source() -> None:
    seed, now, later = (load_rules(profile) for profile in PROFILES)
    rule = "machines.os_disk_max_gib.2"
    assert [rules.source_of(rule).month for rules in (seed, now, later)] == [
        "January 2017",
        "May 2026",
        "September 2026",
    ]
    assert now.source_of("storage.premium_min_copy_frequency_s").as_of == "2024-12-27"
    assert now.source_of("names.kinds.machine.maximum") == now.source_of("names.kinds.machine")
    assert now.source_of("machines.nonsense") == now.machines.source
    with pytest.raises(KeyError):
        now.source_of("nonsense.rule")


@pytest.mark.parametrize("name", FILES)
def test_profiles_named_in_tables_exist(name: str) -> None:
    assert set(table(name).get("profiles", {})) <= set(PROFILES)


def test_profiles_differ_where_the_documents_do() -> None:
    seed, now, later = (load_rules(profile) for profile in PROFILES)
    assert seed.machines.os_disk_max_gib["1"] == 1023
    assert now.machines.os_disk_max_gib == {"1": 2048, "2": 4096}
    assert later.machines.os_disk_max_gib == {"1": 2048, "2": 4095}
    assert (now.machines.data_disks_max, later.machines.data_disks_max) == (16, 63)
    assert 900 in seed.policy.copy_frequencies_s
    assert 900 not in now.policy.copy_frequencies_s


@pytest.mark.parametrize(("as_of", "month"), [("2026-05-05", "May 2026"), ("2017-12-31", "December 2017")])
def test_a_source_tells_its_month(as_of: str, month: str) -> None:
    assert Source("x", as_of).month == month


def test_every_name_kind_has_a_rule_with_readable_characters() -> None:
    rules = load_rules().names.kinds
    assert set(rules) == set(NameKind)
    for rule in rules.values():
        for characters in (rule.allowed, rule.first, rule.last):
            re.compile(f"[{characters}]" if characters else "")
        assert bool(rule.first) == bool(rule.first_words)
        assert bool(rule.last) == bool(rule.last_words)


def test_every_action_has_a_usual_time() -> None:
    rules = load_rules()
    assert {kind for kind in ActionKind if rules.usual_s(kind.value) is None} == set()


def test_regions_are_found_by_either_spelling() -> None:
    rules = load_rules()
    assert rules.region_name("westeurope") == "West Europe"
    assert rules.region("West Europe") is rules.region("WESTEUROPE")
    assert rules.region_name("moonbase1") == "moonbase1"


def test_region_pairs_name_regions_of_the_list() -> None:
    rules = load_rules()
    lonely = [
        r.name for r in rules.regions.regions if r.pair and rules.region(r.pair) is None and r.pair != "swedensouth"
    ]
    assert lonely == []


def test_sizes_are_found_whatever_their_case() -> None:
    size = load_rules().size("standard_d2as_V6")
    assert size is not None
    assert size.generations == (2,)


@pytest.mark.parametrize(("copy_s", "warning_s", "critical_s"), [(30, 900, 1800), (300, 900, 1800), (900, 2100, 2100)])
def test_rpo_thresholds_follow_the_copy_frequency(copy_s: int, warning_s: int, critical_s: int) -> None:
    monitoring = load_rules().monitoring
    assert (monitoring.rpo_warning_s(copy_s), monitoring.rpo_critical_s(copy_s)) == (warning_s, critical_s)
