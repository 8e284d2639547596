"""Comparing what Azure has with what was wanted: what differs is named, what Azure does not tell is let pass."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.flows.action import Action, ActionKind
from app.flows.failover import COMMIT, OPERATIONS, FailoverChoices, FailoverPoints, failover_actions
from app.flows.planning import actions_for
from app.rules import load_rules
from app.services.action_text import read_action, write_action
from app.services.patience import silence_text
from app.services.read_back import Standing, read_back
from tests.services.test_failover_flow import machine
from tests.services.test_from_nothing import carry_out, new_draft
from tests.support.practice import contoso_draft, open_practice


def changed(action: Action, path: Sequence[str | int], value: object) -> Action:
    """The same action with another value in its body."""
    body: Any = copy.deepcopy(dict(action.body or {}))
    place = body
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return replace(action, body=body)


GROUND = [
    (ActionKind.CREATE_RESOURCE_GROUP, ["location"], "northeurope", "Region is westeurope, wanted northeurope"),
    (ActionKind.CREATE_VAULT, ["location"], "North Europe", "Region is westeurope, wanted northeurope"),
    (ActionKind.CREATE_VAULT, ["tags"], {"owner": "me"}, "The tag owner is missing"),
    (ActionKind.CREATE_STORAGE_ACCOUNT, ["sku", "name"], "Standard_LRS", "Redundancy is GRS, wanted LRS"),
    (ActionKind.CREATE_STORAGE_ACCOUNT, ["sku", "name"], "Premium_GRS", "Performance is Standard, wanted Premium"),
    (ActionKind.CREATE_STORAGE_ACCOUNT, ["kind"], "BlobStorage", "Kind is StorageV2, wanted BlobStorage"),
    (ActionKind.CREATE_STORAGE_ACCOUNT, ["tags"], {"owner": "me"}, "The tag owner is missing"),
    (
        ActionKind.CREATE_STORAGE_ACCOUNT,
        ["properties", "accessTier"],
        "Cool",
        "Access tier is Hot, wanted Cool",
    ),
    (
        ActionKind.CREATE_VIRTUAL_NETWORK,
        ["properties", "subnets", 0, "name"],
        "apps",
        "There is no subnet apps",
    ),
    (
        ActionKind.CREATE_POLICY,
        ["providerSpecificInput", "recoveryPointHistoryDuration"],
        12,
        "Hours of recovery points is 2, wanted 12",
    ),
]


async def test_what_differs_is_named() -> None:
    async with open_practice("empty") as practice:
        ground = await carry_out(practice, new_draft(practice.simulator.subscription_id))
        by_kind = {action.action.kind: action.action for action in ground.actions}
        for kind, path, value, difference in GROUND:
            same = await read_back(by_kind[kind], practice.gateways)
            other = await read_back(changed(by_kind[kind], path, value), practice.gateways)
            assert same.standing is Standing.AS_WANTED
            assert other.standing is Standing.DIFFERENT
            assert other.difference.lower() == difference.lower()


MACHINE = [
    (["policyId"], "/subscriptions/s/replicationPolicies/other", "policy is contoso-5-min, wanted other"),
    (["providerSpecificDetails", "targetAzureVmName"], "DC01-new", "name in Azure is DC01, wanted DC01-new"),
    (["providerSpecificDetails", "targetAzureNetworkId"], "/x/other", "wanted other"),
]


async def test_a_machine_protected_otherwise_is_named() -> None:
    async with open_practice() as practice:
        estate = await practice.estate()
        actions = actions_for(contoso_draft(estate, "DC01"), estate, load_rules())
        runner = practice.use.runner
        assert (await runner.carry_out(await runner.plan("Set up", actions))).is_done
        *_, mapping, enable = actions
        assert (await read_back(enable, practice.gateways)).standing is Standing.AS_WANTED
        elsewhere = changed(enable, ["providerSpecificDetails", "targetAzureNetworkId"], "/x/other")
        assert (await read_back(elsewhere, practice.gateways)).standing is Standing.AS_WANTED  # not told so early
        while (await practice.gateways.site_recovery.get_protected_item(enable.target)).last_recovery_point is None:
            practice.simulator.clock.advance(600)
        for path, value, difference in MACHINE:
            reading = await read_back(changed(enable, path, value), practice.gateways)
            assert reading.standing is Standing.DIFFERENT
            assert difference in reading.difference
        reading = await read_back(changed(mapping, ["policyId"], "/x/other"), practice.gateways)
        assert reading.difference == "policy is contoso-5-min, wanted other"
        untold = await read_back(changed(enable, ["providerSpecificDetails"], {}), practice.gateways)
        assert untold.standing is Standing.AS_WANTED


async def test_what_is_not_there_is_absent() -> None:
    async with open_practice() as practice:
        estate = await practice.estate()
        for action in actions_for(contoso_draft(estate, "DC01"), estate, load_rules()):
            assert (await read_back(action, practice.gateways)).standing is Standing.ABSENT


async def test_an_action_survives_as_text() -> None:
    async with open_practice() as practice:
        estate = await practice.estate()
        actions = list(actions_for(contoso_draft(estate, "DC01", "WEB 05"), estate, load_rules()))
    for operation in OPERATIONS:
        actions += failover_actions(operation, [machine("Käse 🧀")], FailoverChoices(), FailoverPoints(), occasion="o")
    assert [read_action(write_action(action)) for action in actions] == actions
    assert [read_action(write_action(action)).id for action in actions] == [action.id for action in actions]
    assert actions[-1].kind is COMMIT.action_kind


@pytest.mark.parametrize(
    ("silence", "text"),
    [
        (timedelta(0), ""),
        (timedelta(seconds=45), "No answer from Azure for 45 s; the work there goes on"),
        (timedelta(minutes=2, seconds=10), "No answer from Azure for 2 min; the work there goes on"),
    ],
)
def test_silence_is_told_in_words(silence: timedelta, text: str) -> None:
    assert silence_text(silence) == text
