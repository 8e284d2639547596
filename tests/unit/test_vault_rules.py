"""How a new vault may be stored and tagged, and which vaults Hyper-V hosts may use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.azure import Subscription
from app.domain.vault import Vault
from app.domain.vault_contents import Scenario, VaultContents, scenario_of
from app.domain.vault_rules import (
    given_tags,
    proposed_redundancy,
    redundancies_at,
    redundancy_problem,
    tag_problems,
)
from app.flows.vault_suitability import vault_refusal
from app.rules import load_rules
from tests.support import estates

RULES = load_rules()
VAULT = Vault(estates.VAULT_ID, "asr-contoso-weu", "westeurope")
SUBSCRIPTION = Subscription(estates.SUBSCRIPTION, "Contoso DR")


@pytest.mark.parametrize(
    ("location", "offered", "proposed"),
    [
        ("westeurope", {"GeoRedundant", "ZoneRedundant", "LocallyRedundant"}, "GeoRedundant"),
        ("West Europe", {"GeoRedundant", "ZoneRedundant", "LocallyRedundant"}, "GeoRedundant"),
        ("ukwest", {"GeoRedundant", "LocallyRedundant"}, "GeoRedundant"),
        ("italynorth", {"ZoneRedundant", "LocallyRedundant"}, "ZoneRedundant"),
        ("newregion", {"GeoRedundant", "ZoneRedundant", "LocallyRedundant"}, "GeoRedundant"),
    ],
)
def test_a_region_offers_what_it_has_zones_and_a_pair_for(location: str, offered: set[str], proposed: str) -> None:
    assert {each.redundancy.id for each in redundancies_at(location, RULES) if not each.reason} == offered
    assert proposed_redundancy(location, RULES) == proposed


def test_a_redundancy_that_is_not_offered_says_what_would_be_right() -> None:
    told = redundancy_problem("GeoRedundant", "italynorth", RULES)
    assert told.startswith("Italy North has no paired region. Choose Zone-redundant (ZRS) or Locally redundant (LRS)")
    assert redundancy_problem("", "italynorth", RULES) == ""
    assert redundancy_problem("GeoRedundant", "", RULES) == ""


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("owner", "me", ""),
        ("owner", "", ""),
        ("", "", ""),
        ("", "me", "Type a name for this value, or clear it."),
        ("a/b", "", "“/” can’t stand in a name"),
        ("Azure-team", "", "Azure keeps names that begin with azure"),
        ("n" * 512, "v" * 256, ""),
        ("n" * 513, "", "This name has 513 characters"),
        ("name", "v" * 257, "This value has 257 characters"),
        ("in\u200bvisible", "", "invisible character"),
    ],
)
def test_a_tag_is_held_to_azures_limits(name: str, value: str, told: str) -> None:
    problems = tag_problems([(name, value)], RULES)
    assert list(problems) == (
        [] if not told else ["tags[0].value" if told.startswith("This value") else "tags[0].name"]
    )
    assert all(told in problem for problem in problems.values())


def test_a_name_counts_once_whatever_its_case() -> None:
    problems = tag_problems([("Owner", "a"), ("other", "b"), ("owner", "c")], RULES)
    assert list(problems) == ["tags[2].name"]


def test_fifty_tags_and_no_more() -> None:
    fifty = [(f"tag{number}", "") for number in range(50)]
    assert tag_problems([*fifty, ("", "")], RULES) == {}
    assert "at most 50" in tag_problems([*fifty, ("one-more", "")], RULES)["tags[50].name"]


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=60))
def test_tags_without_problems_can_be_sent(tags: list[tuple[str, str]]) -> None:
    if not tag_problems(tags, RULES):
        sent = given_tags(tags)
        assert len({name.lower() for name, _ in sent}) == len(sent) <= 50
        assert all(name for name, _ in sent)


@pytest.mark.parametrize(
    ("kind", "scenario"),
    [
        ("HyperVSite", Scenario.HYPER_V),
        ("VMM", Scenario.VMM),
        ("VMware", Scenario.VMWARE),
        ("InMageRcm", Scenario.VMWARE),
        ("VMwareV2", Scenario.VMWARE),
        ("Azure", Scenario.AZURE),
        ("Something", Scenario.OTHER),
    ],
)
def test_the_kind_of_a_fabric_is_the_scenario(kind: str, scenario: Scenario) -> None:
    assert scenario_of(kind) is scenario


@pytest.mark.parametrize(
    "contents",
    [
        None,
        VaultContents(),
        VaultContents(backups=12),
        VaultContents((Scenario.HYPER_V,), 5, 1),
        VaultContents((Scenario.AZURE, Scenario.HYPER_V), 5, 1),
    ],
)
def test_a_vault_that_hyper_v_may_use_is_not_refused(contents: VaultContents | None) -> None:
    assert vault_refusal(VAULT, SUBSCRIPTION, contents, RULES) is None


@pytest.mark.parametrize("scenario", [each for each in Scenario if each is not Scenario.HYPER_V])
def test_another_scenario_is_refused_with_what_would_be_right(scenario: Scenario) -> None:
    refusal = vault_refusal(VAULT, SUBSCRIPTION, VaultContents((scenario,), 3, 1), RULES)
    assert refusal is not None
    assert "portal" in refusal.instead
    assert "create one" in refusal.instead


def test_region_subscription_and_an_unfinished_vault_are_refused() -> None:
    refused = RULES.regions.refused_targets[0]
    told = [
        vault_refusal(replace(VAULT, location=refused), SUBSCRIPTION, None, RULES),
        vault_refusal(VAULT, replace(SUBSCRIPTION, state="Disabled"), None, RULES),
        vault_refusal(replace(VAULT, provisioning_state="Provisioning"), SUBSCRIPTION, None, RULES),
    ]
    assert [each.short for each in told if each] == ["Region not possible", "Subscription disabled", "Not ready"]
