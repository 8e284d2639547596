"""From a draft and what Azure has to the list of actions: only what is absent, in the order in which it must happen.

A container mapping and the machines need ids that Azure makes when a site is created. A draft that still has to create
its site therefore yields the actions up to the policy; planned again with the site there, it yields the rest.
"""

from __future__ import annotations

from app.domain.arm_id import fabric_id
from app.domain.estate import Estate
from app.domain.policy_rules import PolicyFigures
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
from app.flows.planning_policy import association, creation
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
    figures = PolicyFigures(choice.copy_frequency_s, choice.retention_h, choice.app_consistent_frequency_h)
    return [creation(vault_id_of(draft.vault), choice.name, figures, rules, start_at=choice.start_at, needs=needs)]


def _mapping_actions(draft: SetUpDraft, estate: Estate, rules: Rules, needs: tuple[str, ...]) -> list[Action]:
    site = site_of(draft, estate)
    container = container_of(site, estate) if site else None
    if site is None or container is None or not draft.policy.name:
        return []
    policy = policy_id_of(draft, estate)
    if estate.mapping(policy, container) is not None:
        return []
    return [association(policy, draft.policy.name, site, container, estate, rules, needs=needs)]
