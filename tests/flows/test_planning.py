"""From draft and estate to actions: only what is absent, in order, with the bodies that Azure takes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.domain.arm_id import mapping_id, policy_id, storage_account_id, virtual_network_id
from app.domain.azure import ResourceGroup, ResourceProvider
from app.domain.estate import Estate
from app.flows.action import Action, ActionGroup, ActionKind
from app.flows.draft import NetworkChoice, NewSubnet, SetUpDraft, SiteChoice, StorageChoice, VaultChoice
from app.flows.planning import actions_for, actions_for_site
from app.flows.planning_policy import mapping_name
from app.flows.planning_vault import actions_for_vault
from app.rules import load_rules
from tests.support.estates import (
    CONTAINER_ID,
    GROUP,
    SITE_ID,
    SUBSCRIPTION,
    VAULT_ID,
    choice,
    contoso,
    empty,
    mapping,
    network,
    policy,
    protectable,
    protected,
    ready_draft,
    storage,
)

RULES = load_rules()


def planned(draft: SetUpDraft | None = None, estate: Estate | None = None) -> tuple[Action, ...]:
    return actions_for(ready_draft() if draft is None else draft, contoso() if estate is None else estate, RULES)


def kinds(actions: tuple[Action, ...]) -> list[str]:
    return [action.kind.value for action in actions]


def only(actions: tuple[Action, ...], kind: ActionKind) -> Action:
    (action,) = [action for action in actions if action.kind is kind]
    return action


def from_nothing() -> SetUpDraft:
    """Everything is to be created, in an empty subscription."""
    draft = ready_draft()
    return replace(
        draft,
        vault=VaultChoice(
            SUBSCRIPTION, GROUP, "asr-contoso-weu", "westeurope", create=True, create_resource_group=True
        ),
        site=SiteChoice("Contoso-HQ", create=True),
        target=replace(
            draft.target,
            resource_group="rg-machines",
            create_resource_group=True,
            storage=StorageChoice(name="contosonew", create=True),
            network=NetworkChoice("", "vnet-new", "snet-core", "10.60.0.0/16", "10.60.0.0/24", create=True),
        ),
    )


def test_only_what_is_absent_is_listed_domain_controllers_first() -> None:
    assert [action.label for action in planned()] == [
        "Create policy HQ-5min",
        "Use HQ-5min at Contoso-HQ",
        "Replicate DC01",
        "Replicate WEB-01",
        "Replicate SQL-PROD-01",
    ]


def test_nothing_to_do_when_all_exists() -> None:
    estate = contoso(policies=(policy(),), mappings=(mapping(policy()),))
    replicating = tuple(protected(item) for item in estate.protectable_items)
    assert planned(estate=replace(estate, protected_items=replicating)) == ()


def test_a_machine_enabled_under_another_name_is_not_enabled_again() -> None:
    estate = contoso()
    web = protectable(estate, "WEB-01")
    labels = [action.label for action in planned(estate=replace(estate, protected_items=(protected(web, name="vm2"),)))]
    assert "Replicate WEB-01" not in labels
    assert "Replicate DC01" in labels


def test_a_machine_that_azure_calls_protected_is_not_enabled_again() -> None:
    items = tuple(replace(item, protection_status="Protected") for item in contoso().protectable_items)
    assert kinds(planned(estate=contoso(protectable_items=items))) == ["create_policy", "associate_policy"]


def test_an_existing_policy_is_only_put_to_use() -> None:
    draft = replace(ready_draft(), policy=replace(ready_draft().policy, create=False))
    actions = planned(draft, contoso(policies=(policy(),)))
    assert kinds(actions)[:2] == ["associate_policy", "enable_protection"]


def test_everything_from_an_empty_subscription_up_to_the_policy() -> None:
    actions = planned(from_nothing(), empty())
    assert [(action.kind.value, action.subject) for action in actions] == [
        ("create_resource_group", GROUP),
        ("create_resource_group", "rg-machines"),
        ("create_storage_account", "contosonew"),
        ("create_virtual_network", "vnet-new"),
        ("create_vault", "asr-contoso-weu"),
        ("create_site", "Contoso-HQ"),
        ("create_policy", "HQ-5min"),
    ]


def test_one_group_for_vault_and_machines_is_created_once() -> None:
    draft = from_nothing()
    draft = replace(draft, target=replace(draft.target, resource_group=GROUP.upper()))
    assert kinds(planned(draft, empty())).count("create_resource_group") == 1


def test_needs_point_backwards_to_listed_actions() -> None:
    for actions in (planned(), planned(from_nothing(), empty())):
        seen: set[str] = set()
        for action in actions:
            assert set(action.needs) <= seen
            seen.add(action.id)


def test_machines_wait_for_the_policy_to_be_in_use() -> None:
    actions = planned()
    in_use = only(actions, ActionKind.ASSOCIATE_POLICY)
    machines = [action for action in actions if action.kind is ActionKind.ENABLE_PROTECTION]
    assert all(in_use.id in action.needs for action in machines)
    assert not any(action.id in other.needs for action in machines for other in machines)


def test_groups_come_in_running_order() -> None:
    actions = planned(from_nothing(), replace(contoso(), resource_groups=(), vaults=(), vault=None))
    groups = [action.group for action in actions]
    assert groups == sorted(groups, key=list(ActionGroup).index)


def test_planning_twice_gives_the_same_ids() -> None:
    assert [action.id for action in planned()] == [action.id for action in planned()]


def test_what_is_different_has_another_id() -> None:
    draft = ready_draft()
    web = protectable(contoso(), "WEB-01")
    first = planned(replace(draft, machines=(choice(web),)))[-1]
    second = planned(replace(draft, machines=(choice(web, azure_name="WEB-01b"),)))[-1]
    assert first.target == second.target
    assert first.id != second.id


def test_every_action_has_texts_and_a_usual_time_and_a_json_body() -> None:
    for action in (*planned(), *planned(from_nothing(), empty())):
        assert action.label
        assert action.after
        assert action.before
        assert action.usual_s
        assert json.loads(json.dumps(action.body)) == action.body


def test_the_body_of_a_resource_group() -> None:
    action = planned(from_nothing(), empty())[0]
    assert action.target.text == f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"
    assert action.body == {"location": "westeurope"}


def test_the_body_of_a_vault() -> None:
    action = only(planned(from_nothing(), empty()), ActionKind.CREATE_VAULT)
    assert action.target == VAULT_ID
    assert action.body == {
        "location": "westeurope",
        "sku": {"name": "RS0", "tier": "Standard"},
        "properties": {"publicNetworkAccess": "Enabled"},
    }


@pytest.mark.parametrize(
    ("redundancy", "sku"), [("GRS", "Standard_GRS"), ("LRS", "Standard_LRS"), ("RAGRS", "Standard_RAGRS")]
)
def test_the_body_of_a_storage_account(redundancy: str, sku: str) -> None:
    draft = from_nothing()
    draft = replace(
        draft, target=replace(draft.target, storage=StorageChoice("", "contosonew", redundancy, create=True))
    )
    action = only(planned(draft, empty()), ActionKind.CREATE_STORAGE_ACCOUNT)
    assert action.target == storage_account_id(SUBSCRIPTION, "rg-machines", "contosonew")
    assert action.after == f"contosonew, {redundancy}, General-purpose v2, West Europe"
    assert action.body == {
        "location": "westeurope",
        "kind": "StorageV2",
        "sku": {"name": sku},
        "properties": {
            "accessTier": "Hot",
            "allowBlobPublicAccess": False,
            "minimumTlsVersion": "TLS1_2",
            "supportsHttpsTrafficOnly": True,
        },
    }


def test_an_account_of_version_1_is_sent_without_an_access_tier_and_tags_without_empty_rows() -> None:
    tags = (("owner", "ann"), ("", ""))
    choice = StorageChoice("", "contosonew", "LRS", create=True, kind="Storage", tags=tags)
    draft = from_nothing()
    action = only(
        planned(replace(draft, target=replace(draft.target, storage=choice)), empty()),
        ActionKind.CREATE_STORAGE_ACCOUNT,
    )
    assert action.body is not None
    assert action.body["kind"] == "Storage"
    assert action.body["tags"] == {"owner": "ann"}
    assert "accessTier" not in action.body["properties"]
    assert action.after == "contosonew, LRS, General-purpose v1, West Europe, tag owner = ann"


def test_the_body_of_a_network() -> None:
    action = only(planned(from_nothing(), empty()), ActionKind.CREATE_VIRTUAL_NETWORK)
    assert action.target == virtual_network_id(SUBSCRIPTION, "rg-machines", "vnet-new")
    assert action.body == {
        "location": "westeurope",
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.60.0.0/16"]},
            "subnets": [{"name": "snet-core", "properties": {"addressPrefix": "10.60.0.0/24"}}],
        },
    }


@pytest.mark.parametrize(
    ("subnets", "servers", "tags", "words"),
    [
        ((), (), (), "10.60.0.0/16, snet-core 10.60.0.0/24"),
        ((), ("10.60.0.4", " "), (("", ""),), "10.60.0.0/16, snet-core 10.60.0.0/24, DNS 10.60.0.4"),
        (
            tuple(NewSubnet(f"s{number}", f"10.60.{number}.0/24") for number in range(1, 40)),
            (),
            (("a", "b"),),
            "10.60.0.0/16, snet-core 10.60.0.0/24, s1 10.60.1.0/24, s2 10.60.2.0/24, 37 more subnets, tag a = b",
        ),
    ],
)
def test_a_network_is_told_in_one_line(
    subnets: tuple[NewSubnet, ...], servers: tuple[str, ...], tags: tuple[tuple[str, str], ...], words: str
) -> None:
    draft = from_nothing()
    network = replace(draft.target.network, more_subnets=subnets, dns_servers=servers, tags=tags)
    draft = replace(draft, target=replace(draft.target, network=network))
    action = only(planned(draft, empty()), ActionKind.CREATE_VIRTUAL_NETWORK)
    assert action.after == words
    assert action.body is not None
    assert len(action.body["properties"]["subnets"]) == 1 + len(subnets)


def test_the_body_of_a_site_is_empty() -> None:
    action = only(planned(from_nothing(), empty()), ActionKind.CREATE_SITE)
    assert (action.target, action.body) == (SITE_ID, {})


def test_the_body_of_a_policy() -> None:
    action = only(planned(), ActionKind.CREATE_POLICY)
    assert action.target == policy_id(VAULT_ID, "HQ-5min")
    assert action.after == "5 min, keep 12 h, app 4 h"
    assert action.body == {
        "providerSpecificInput": {
            "instanceType": "HyperVReplicaAzure",
            "recoveryPointHistoryDuration": 12,
            "applicationConsistentSnapshotFrequencyInHours": 4,
            "replicationInterval": 300,
        }
    }


def test_a_later_first_copy_is_told_as_time_of_day_in_utc() -> None:
    draft = replace(ready_draft(), policy=replace(ready_draft().policy, start_at="2026-11-23T22:30:00+01:00"))
    body = only(planned(draft), ActionKind.CREATE_POLICY).body
    assert body is not None
    assert body["providerSpecificInput"]["onlineReplicationStartTime"] == "21:30:00"


def test_the_body_of_an_association() -> None:
    action = only(planned(), ActionKind.ASSOCIATE_POLICY)
    assert action.target == mapping_id(CONTAINER_ID, "HQ-5min-Contoso-HQ")
    assert (action.before, action.after) == ("no policy", "HQ-5min")
    assert action.body == {
        "policyId": policy_id(VAULT_ID, "HQ-5min").text,
        "targetProtectionContainerId": "Microsoft Azure",
        "providerSpecificInput": {"instanceType": "HyperVReplicaAzure"},
    }


def test_an_association_names_the_policies_in_use_and_takes_no_ones_name() -> None:
    other = policy("HQ5min")
    estate = contoso(policies=(other,), mappings=(mapping(other, "HQ-5min-Contoso-HQ"),))
    action = only(planned(estate=estate), ActionKind.ASSOCIATE_POLICY)
    assert (action.before, action.after) == ("HQ5min", "HQ5min and HQ-5min")
    assert action.target.name == "HQ-5min-Contoso-HQ-2"


def test_a_container_not_listed_yet_is_known_by_its_sites_identifier() -> None:
    actions = planned(estate=contoso(containers=()))
    assert only(actions, ActionKind.ASSOCIATE_POLICY).target.text.startswith(CONTAINER_ID.text)


def test_the_body_of_enabling_protection() -> None:
    item = protectable(contoso(), "SQL-PROD-01")
    machine = choice(
        item,
        azure_name="SQL-1",
        disk_ids=(item.disks[0].vhd_id, item.disks[2].vhd_id),
        size="Standard_D8s_v5",
        subnet="snet-web",
    )
    action = only(planned(replace(ready_draft(), machines=(machine,))), ActionKind.ENABLE_PROTECTION)
    assert action.target == CONTAINER_ID.child("replicationProtectedItems", item.name)
    assert (action.group, action.before) == (ActionGroup.MACHINES, "not protected")
    assert action.after == "as SQL-1, D8s_v5, snet-web, 2 of 3 disks"
    assert action.body == {
        "policyId": policy_id(VAULT_ID, "HQ-5min").text,
        "protectableItemId": item.id.text,
        "providerSpecificDetails": {
            "instanceType": "HyperVReplicaAzure",
            "hvHostVmId": item.name,
            "vmName": "SQL-PROD-01",
            "osType": "Windows",
            "vhdId": item.disks[0].vhd_id,
            "disksToInclude": [item.disks[0].vhd_id, item.disks[2].vhd_id],
            "targetStorageAccountId": storage().id.text,
            "targetAzureNetworkId": network().id.text,
            "targetAzureSubnetId": "snet-web",
            "targetAzureVmName": "SQL-1",
            "targetVmSize": "Standard_D8s_v5",
            "targetAzureV2ResourceGroupId": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}",
            "useManagedDisks": "true",
            "enableRdpOnTargetOption": "Never",
        },
    }


def test_without_choices_the_networks_subnet_is_taken_and_azure_picks_the_size() -> None:
    action = planned()[-1]
    assert action.body is not None
    details = action.body["providerSpecificDetails"]
    assert details["targetAzureSubnetId"] == "snet-core"
    assert "targetVmSize" not in details
    assert action.after == "size by Azure, snet-core"


def test_the_vault_page_creates_group_and_vault_alone() -> None:
    actions = actions_for_vault(from_nothing(), empty(), RULES)
    assert kinds(actions) == ["create_resource_group", "create_vault"]
    assert actions[1].needs == (actions[0].id,)
    group = ResourceGroup(storage().id.up_to("resourceGroups"), GROUP, "westeurope")
    assert kinds(actions_for_vault(from_nothing(), replace(empty(), resource_groups=(group,)), RULES)) == [
        "create_vault"
    ]
    assert actions_for_vault(from_nothing(), contoso(), RULES) == ()


def test_providers_that_are_not_registered_come_first_and_hold_up_the_rest() -> None:
    states = (("Microsoft.RecoveryServices", "NotRegistered"), ("Microsoft.Storage", "Registered"))
    providers = tuple(ResourceProvider(name, state) for name, state in states)
    actions = actions_for_vault(from_nothing(), replace(empty(), resource_providers=providers), RULES)
    assert kinds(actions) == [ActionKind.REGISTER_PROVIDER, ActionKind.CREATE_RESOURCE_GROUP, ActionKind.CREATE_VAULT]
    assert (actions[0].subject, actions[0].before) == ("Microsoft.RecoveryServices", "not registered")
    assert actions[0].target.text.endswith("/providers/Microsoft.RecoveryServices")
    assert actions[0].id in actions[2].needs
    whole = actions_for(from_nothing(), replace(empty(), resource_providers=providers), RULES)
    assert whole[0].id == actions[0].id
    assert all(whole[0].id in action.needs for action in whole if action.kind is ActionKind.CREATE_STORAGE_ACCOUNT)


def test_redundancy_and_tags_go_into_the_vaults_body() -> None:
    draft = from_nothing()
    chosen = replace(draft.vault, redundancy="ZoneRedundant", tags=((" owner ", "me"), ("", "")))
    vault = actions_for_vault(replace(draft, vault=chosen), empty(), RULES)[-1]
    assert vault.body is not None
    assert vault.body["properties"]["redundancySettings"] == {"standardTierStorageRedundancy": "ZoneRedundant"}
    assert vault.body["tags"] == {"owner": "me"}
    assert "Zone-redundant (ZRS), tag owner = me" in vault.after
    plain = actions_for_vault(draft, empty(), RULES)[-1]
    assert plain.body is not None
    assert "tags" not in plain.body
    assert "redundancySettings" not in plain.body["properties"]


def test_the_source_page_creates_the_site_alone() -> None:
    draft = replace(ready_draft(), site=SiteChoice("Contoso-BR", create=True))
    assert [action.target.name for action in actions_for_site(draft, contoso(), RULES)] == ["Contoso-BR"]
    assert actions_for_site(replace(draft, site=SiteChoice("contoso-hq", create=True)), contoso(), RULES) == ()


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (("APP-01", "DC01"), "DC01"),
        (("APP-01", "HQ-DC-2"), "HQ-DC-2"),
        (("APP-01", "srvdc1"), "srvdc1"),
        (("ABCD01", "ADDS1"), "ADDS1"),
        (("DCOM-APP", "WEB"), "DCOM-APP"),
    ],
)
def test_domain_controllers_are_guessed_from_their_names(names: tuple[str, str], first: str) -> None:
    items = contoso().protectable_items[:2]
    machines = tuple(choice(item, name=name) for item, name in zip(items, names, strict=True))
    actions = planned(replace(ready_draft(), machines=machines))
    assert next(action.subject for action in actions if action.kind is ActionKind.ENABLE_PROTECTION) == first


@pytest.mark.parametrize(
    ("policy_text", "site", "name"),
    [("HQ-5min", "Contoso-HQ", "HQ-5min-Contoso-HQ"), ("Täglich 5", "Köln_Süd", "Tglich5-KlnSd")],
)
def test_a_mapping_is_named_after_policy_and_site(policy_text: str, site: str, name: str) -> None:
    assert mapping_name(policy_text, site) == name


def test_what_is_created_lies_in_the_vaults_own_region() -> None:
    draft = ready_draft()
    storage_choice = StorageChoice(name="contosonew", create=True)
    draft = replace(
        draft,
        vault=replace(draft.vault, location=""),
        target=replace(draft.target, storage=storage_choice),
    )
    body = only(planned(draft), ActionKind.CREATE_STORAGE_ACCOUNT).body
    assert body is not None
    assert body["location"] == "westeurope"


def test_a_draft_of_another_vault_borrows_nothing_from_this_one() -> None:
    draft = ready_draft()
    actions = planned(replace(draft, vault=replace(draft.vault, name="asr-other")))
    assert kinds(actions) == ["create_policy"]
    assert actions[0].target.vault_name == "asr-other"


def test_an_unfinished_draft_plans_what_it_can() -> None:
    assert planned(SetUpDraft(), empty()) == ()
