"""What a set-up and a vault are about, in terms of rights: at which scopes, and what is still to be made."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.arm_id import ArmId, resource_group_id, subscription_id
from app.domain.estate import Estate
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.rights import Place, PurposeKind, RightsSubject, When
from app.flows.draft import SetUpDraft
from app.flows.places import (
    container_of,
    existing_policy_id,
    location_of,
    network_id,
    policy_id_of,
    site_of,
    vault_id_of,
)
from app.flows.replica import accounts_of


def subject_of_draft(draft: SetUpDraft, estate: Estate) -> RightsSubject:
    """The steps of a set-up. Places that are not chosen yet have no scope, so nothing is asked about them."""
    vault, target = draft.vault, draft.target
    scopes: dict[Place, tuple[ArmId, ...]] = {}
    absent: set[ArmId] = set()
    facts: set[When] = set()
    if vault.subscription:
        scopes[Place.SUBSCRIPTION] = (subscription_id(vault.subscription),)
        if vault.resource_group:
            group = resource_group_id(vault.subscription, vault.resource_group)
            scopes[Place.VAULT_GROUP] = (group,)
            if vault.name:
                scopes[Place.VAULT] = (vault_id_of(vault),)
                is_there = estate.vault_at(vault_id_of(vault)) is not None
                facts.add(When.OLD_VAULT if is_there else When.NEW_VAULT)
            if estate.has_read(vault.subscription) and estate.group(vault.subscription, vault.resource_group) is None:
                absent.add(group)
                facts.add(When.NEW_VAULT_GROUP)
    if target.subscription and target.resource_group:
        group = resource_group_id(target.subscription, target.resource_group)
        scopes[Place.TARGET_SUBSCRIPTION] = (subscription_id(target.subscription),)
        scopes[Place.TARGET_GROUP] = (group,)
        is_absent = estate.knows_groups_of(target.subscription) and (
            estate.group(target.subscription, target.resource_group) is None
        )
        facts.add(When.NEW_TARGET_GROUP if is_absent and group not in absent else When.OLD_TARGET_GROUP)
        if is_absent:
            absent.add(group)
    facts |= _chosen(draft, estate, scopes)
    facts |= _in_vault(draft, estate)
    return RightsSubject(
        frozenset({PurposeKind.STEP}), scopes, frozenset(facts), frozenset(absent), location_of(draft, estate)
    )


def _chosen(draft: SetUpDraft, estate: Estate, scopes: dict[Place, tuple[ArmId, ...]]) -> set[When]:
    """Storage accounts and network, which are there or will be made."""
    facts: set[When] = set()
    accounts, network = accounts_of(draft, estate), network_id(draft)
    there = tuple(account for account in accounts if estate.storage_account(account.text))
    if accounts:
        scopes[Place.STORAGE] = there or accounts
        facts |= {When.OLD_STORAGE} if there else set()
        facts |= {When.NEW_STORAGE} if len(there) < len(accounts) else set()
    if network is not None:
        scopes[Place.NETWORK] = (network,)
        facts.add(When.OLD_NETWORK if estate.network(network.text) else When.NEW_NETWORK)
    return facts


def _in_vault(draft: SetUpDraft, estate: Estate) -> set[When]:
    facts: set[When] = set()
    site = site_of(draft, estate)
    if draft.site.create and site is None:
        facts.add(When.NEW_SITE)
    policy = existing_policy_id(draft, estate)
    if draft.policy.create and policy is None:
        facts.add(When.NEW_POLICY)
    container = container_of(site, estate) if site else None
    if container is None or policy is None or estate.mapping(policy_id_of(draft, estate), container) is None:
        facts.add(When.NEW_MAPPING)
    return facts


def subject_of_vault(vault: ArmId, items: Iterable[ReplicationProtectedItem]) -> RightsSubject:
    """The operations on machines that replicate, wherever they fail over to."""
    groups: dict[ArmId, None] = {}
    networks: dict[ArmId, None] = {}
    for text, network in {(item.target_resource_group_id, item.target_network_id) for item in items}:
        if text:
            groups[ArmId(text)] = None
        if network:
            networks[ArmId(network)] = None
    scopes = {
        Place.VAULT: (vault,),
        Place.TARGET_GROUP: tuple(sorted(groups, key=lambda scope: scope.key)),
        Place.NETWORK: tuple(sorted(networks, key=lambda scope: scope.key)),
    }
    return RightsSubject(frozenset({PurposeKind.OPERATION}), scopes, frozenset({When.OLD_VAULT}))
