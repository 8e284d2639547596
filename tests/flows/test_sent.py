"""What an action sends, in words: every value of every request of a set-up is there to be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.domain.policy_rules import PolicyFigures
from app.flows.action import Action, ActionKind
from app.flows.draft import NetworkChoice, NewSubnet, ReplicaKind, SetUpDraft, StorageChoice, VaultChoice
from app.flows.planning import actions_for
from app.flows.policy_actions import change_of
from app.flows.policy_use import policy_uses
from app.flows.sent import named_values, sent_lines, sent_text
from app.rules import load_rules
from tests.support.estates import (
    GROUP,
    LOCATION,
    SUBSCRIPTION,
    VAULT_ID,
    context,
    contoso,
    empty,
    mapping,
    policy,
    ready_draft,
)

RULES = load_rules()
TAGS = (("cost-centre", "4711"), ("owner", "Recovery team"))


def draft_of_all_kinds() -> SetUpDraft:
    draft = ready_draft()
    network = NetworkChoice(
        name="vnet-new",
        subnet="snet-core",
        subnet_prefix="10.61.0.0/24",
        address_space="10.61.0.0/16, 10.62.0.0/16",
        create=True,
        more_subnets=(NewSubnet("snet-web", "10.61.4.0/23"),),
        dns_servers=("10.61.0.10", "10.61.0.11"),
        tags=TAGS,
    )
    target = replace(
        draft.target,
        storage=StorageChoice(name="contosonew01", create=True, redundancy="LRS", tags=TAGS),
        network=network,
    )
    policy = replace(draft.policy, start_at="2026-11-23T22:30:00+01:00")
    return replace(draft, target=target, policy=policy)


def to_managed_disks(draft: SetUpDraft) -> SetUpDraft:
    logs = StorageChoice(name="contosologs01", create=True, redundancy="LRS")
    return replace(draft, target=replace(draft.target, replica=ReplicaKind.MANAGED_DISK, logs=logs))


def everything() -> list[Action]:
    draft = draft_of_all_kinds()
    vault = VaultChoice(
        SUBSCRIPTION,
        GROUP,
        "asr-new",
        LOCATION,
        create=True,
        create_resource_group=True,
        redundancy="ZoneRedundant",
        tags=TAGS,
    )
    used = policy()
    estate = replace(contoso(), policies=(used,), mappings=(mapping(used),))
    (use,) = policy_uses(context(estate)).values()
    change = change_of(use, replace(PolicyFigures.of(used), retention_h=7), RULES)
    return [
        *actions_for(draft, contoso(), RULES),
        *actions_for(to_managed_disks(draft), contoso(), RULES),
        *actions_for(replace(draft, vault=vault), empty(), RULES),
        *change.actions,
    ]


def values(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        for inner in body.values():
            yield from values(inner)
    elif isinstance(body, list | tuple):
        for inner in body:
            yield from values(inner)
    else:
        yield (
            {True: "yes", False: "no", "": "empty"}.get(body, str(body)) if isinstance(body, bool | str) else str(body)
        )


@pytest.mark.parametrize("action", everything(), ids=lambda action: action.label)
def test_every_value_of_a_request_can_be_read(action: Action) -> None:
    lines = sent_lines(action)
    assert lines[-1] == ("Written to", action.target.text)
    told = ", ".join(value for _, value in lines[:-1])
    for value in values(action.body or {}):
        assert value in told
    azures = [name for name, _ in lines if "." in name or name[0].islower()]
    assert azures == [], "each has a word of ours"


def test_the_kinds_of_a_whole_set_up_are_among_them() -> None:
    assert {action.kind for action in everything()} >= {
        ActionKind.CREATE_RESOURCE_GROUP,
        ActionKind.CREATE_VAULT,
        ActionKind.CREATE_STORAGE_ACCOUNT,
        ActionKind.CREATE_VIRTUAL_NETWORK,
        ActionKind.CREATE_POLICY,
        ActionKind.ASSOCIATE_POLICY,
        ActionKind.ENABLE_PROTECTION,
        ActionKind.CHANGE_POLICY,
    }


def test_a_new_network_is_spelled_out() -> None:
    action = next(each for each in everything() if each.kind is ActionKind.CREATE_VIRTUAL_NETWORK)
    assert sent_text(action).splitlines()[:-1] == [
        "Tag cost-centre: 4711",
        "Tag owner: Recovery team",
        "Region: westeurope",
        "Address space: 10.61.0.0/16, 10.62.0.0/16",
        "Subnet: snet-core, 10.61.0.0/24",
        "Subnet: snet-web, 10.61.4.0/23",
        "DNS servers: 10.61.0.10, 10.61.0.11",
    ]


def test_values_of_one_name_are_lines_of_one_value() -> None:
    action = next(each for each in everything() if each.kind is ActionKind.CREATE_VIRTUAL_NETWORK)
    assert named_values(action.body or {}) == (
        ("Region", "westeurope"),
        ("Address space", "10.61.0.0/16, 10.62.0.0/16"),
        ("Subnet", "snet-core, 10.61.0.0/24\nsnet-web, 10.61.4.0/23"),
        ("DNS servers", "10.61.0.10, 10.61.0.11"),
        ("Tags", "cost-centre: 4711\nowner: Recovery team"),
    )


def test_what_has_no_word_is_shown_by_azures_name() -> None:
    action = next(each for each in everything() if each.kind is ActionKind.CREATE_STORAGE_ACCOUNT)
    unknown = replace(action, body={"properties": {"encryption": {"keySource": "Microsoft.Storage", "keys": []}}})
    assert sent_lines(unknown)[:-1] == (("encryption.keySource", "Microsoft.Storage"), ("encryption.keys", "none"))


def test_what_has_no_word_inside_a_list_is_shown_by_azures_name_too() -> None:
    action = next(each for each in everything() if each.kind is ActionKind.CREATE_VIRTUAL_NETWORK)
    subnet = {"name": "web", "properties": {"addressPrefix": "10.0.0.0/24", "defaultOutboundAccess": False}}
    unknown = replace(action, body={"properties": {"subnets": [subnet], "encryption": {}}})
    assert sent_lines(unknown)[:-1] == (
        ("Subnet", "web, 10.0.0.0/24, defaultOutboundAccess no"),
        ("encryption", "none"),
    )


def test_where_a_post_goes_names_what_is_asked_for() -> None:
    action = Action(ActionKind.REMOVE_HOST, VAULT_ID, None, "Remove", "HV-01", "gone", verb="remove")
    assert sent_lines(action) == (("Written to", f"{VAULT_ID.text}, remove"),)
