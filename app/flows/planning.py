"""From a draft and what Azure has to the list of actions: only what is absent, in the order in which it must happen.

A container mapping and the machines need ids that Azure makes when a site is created. A draft that still has to create
its site therefore yields the actions up to the policy; planned again with the site there, it yields the rest.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from app.domain.arm_id import fabric_id, mapping_id, policy_id
from app.domain.estate import Estate
from app.domain.policy_rules import copy_frequency_text
from app.domain.protection import AZURE_CONTAINER, REPLICATION_PROVIDER
from app.domain.rules import Rules
from app.flows.action import Action, ActionKind
from app.flows.draft import SetUpDraft
from app.flows.places import (
    container_of,
    existing_policy_id,
    policy_id_of,
    site_of,
    vault_id_of,
)
from app.flows.planning_machines import machine_actions
from app.flows.planning_network import network_actions
from app.flows.planning_storage import storage_actions
from app.flows.planning_vault import group_actions, ids_of, planned, registrations_for, vault_actions


def actions_for(draft: SetUpDraft, estate: Estate, rules: Rules) -> tuple[Action, ...]:
    """What the run would send; empty when Azure has everything already.

    The draft is expected to pass its checks: choices that were not made yet are left out.
    """
    registrations = registrations_for(draft, estate, rules)
    groups = group_actions(draft, estate, rules)
    first = ids_of(registrations) + ids_of(groups)
    target = _target_actions(draft, estate, rules, first)
    vault = vault_actions(draft, estate, rules, first)
    site = _site_actions(draft, estate, rules, ids_of(vault))
    policy = _policy_actions(draft, estate, rules, ids_of(vault))
    mapping = _mapping_actions(draft, estate, rules, ids_of(site) + ids_of(policy))
    needed = first + ids_of(target) + ids_of(policy) + ids_of(mapping)
    return (
        *registrations,
        *groups,
        *target,
        *vault,
        *site,
        *policy,
        *mapping,
        *machine_actions(draft, estate, rules, needed),
    )


def actions_for_site(draft: SetUpDraft, estate: Estate, rules: Rules) -> tuple[Action, ...]:
    """The Hyper-V site alone, for the source page: hosts can register only in a site that is there."""
    return tuple(_site_actions(draft, estate, rules, ()))


def mapping_name(policy: str, site: str) -> str:
    """The name under which a policy is put to use at a site."""
    return re.sub(r"[^A-Za-z0-9-]", "", f"{policy}-{site}")


def _target_actions(draft: SetUpDraft, estate: Estate, rules: Rules, needs: tuple[str, ...]) -> list[Action]:
    return [*storage_actions(draft, estate, rules, needs), *network_actions(draft, estate, rules, needs)]


def _site_actions(draft: SetUpDraft, estate: Estate, rules: Rules, needs: tuple[str, ...]) -> list[Action]:
    name = draft.site.name
    if not draft.site.create or not name or site_of(draft, estate) is not None:
        return []
    target = fabric_id(vault_id_of(draft.vault), name)
    return [
        planned(
            ActionKind.CREATE_SITE,
            target,
            {},
            rules,
            label="Create Hyper-V site",
            subject=name,
            after=name,
            needs=needs,
        )
    ]


def _policy_actions(draft: SetUpDraft, estate: Estate, rules: Rules, needs: tuple[str, ...]) -> list[Action]:
    choice = draft.policy
    if not choice.create or not choice.name or existing_policy_id(draft, estate) is not None:
        return []
    settings: dict[str, Any] = {
        "instanceType": REPLICATION_PROVIDER,
        "recoveryPointHistoryDuration": choice.retention_h,
        "applicationConsistentSnapshotFrequencyInHours": choice.app_consistent_frequency_h,
        "replicationInterval": choice.copy_frequency_s,
    }
    start = _time_of_day(choice.start_at)
    if start:
        settings["onlineReplicationStartTime"] = start
    app = f"app {choice.app_consistent_frequency_h} h" if choice.app_consistent_frequency_h else "no app points"
    return [
        planned(
            ActionKind.CREATE_POLICY,
            policy_id(vault_id_of(draft.vault), choice.name),
            {"providerSpecificInput": settings},
            rules,
            label=f"Create policy {choice.name}",
            subject=choice.name,
            after=f"{copy_frequency_text(choice.copy_frequency_s)}, keep {choice.retention_h} h, {app}",
            needs=needs,
        )
    ]


def _time_of_day(start_at: str) -> str:
    """Azure takes the first copy's start as a time of day, UTC, within the day after the job."""
    if not start_at:
        return ""
    return datetime.fromisoformat(start_at).astimezone(UTC).strftime("%H:%M:%S")


def _mapping_actions(draft: SetUpDraft, estate: Estate, rules: Rules, needs: tuple[str, ...]) -> list[Action]:
    site = site_of(draft, estate)
    container = container_of(site, estate) if site else None
    if site is None or container is None or not draft.policy.name:
        return []
    policy = policy_id_of(draft, estate)
    if estate.mapping(policy, container) is not None:
        return []
    in_use = [mapping for mapping in estate.mappings if mapping.container_id == container]
    name = _free_name(mapping_name(draft.policy.name, site.friendly_name), {mapping.name.lower() for mapping in in_use})
    policies = sorted({mapping.policy_friendly_name for mapping in in_use})
    body = {
        "policyId": policy.text,
        "targetProtectionContainerId": AZURE_CONTAINER,
        "providerSpecificInput": {"instanceType": REPLICATION_PROVIDER},
    }
    return [
        planned(
            ActionKind.ASSOCIATE_POLICY,
            mapping_id(container, name),
            body,
            rules,
            label=f"Use {draft.policy.name} at {site.friendly_name}",
            subject=draft.policy.name,
            before=" and ".join(policies) or "no policy",
            after=" and ".join([*policies, draft.policy.name]),
            needs=needs,
        )
    ]


def _free_name(name: str, taken: set[str]) -> str:
    free = name
    number = 2
    while free.lower() in taken:
        free = f"{name}-{number}"
        number += 1
    return free
