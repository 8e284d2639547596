"""The first actions of a set-up: providers to register, resource groups and the vault; and what all planning shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.arm_id import ArmId, resource_group_id, subscription_id
from app.domain.azure import ResourceProvider
from app.domain.estate import Estate
from app.domain.rules import Rules
from app.domain.vault_rules import given_tags, tags_text
from app.flows.action import Action, ActionGroup, ActionKind
from app.flows.draft import SetUpDraft
from app.flows.places import location_of, vault_id_of

_ABSENT = "absent"


def actions_for_vault(draft: SetUpDraft, estate: Estate, rules: Rules) -> tuple[Action, ...]:
    """What a vault takes alone, before the rest of a set-up is known: its providers, its resource group, and itself."""
    group = _new_group(draft.vault.subscription, draft.vault.resource_group, draft.vault.location, rules)
    is_needed = draft.vault.create_resource_group and not estate.group(
        draft.vault.subscription, draft.vault.resource_group
    )
    groups = [group] if is_needed else []
    registrations = registrations_for(draft, estate, rules)
    vault = vault_actions(draft, estate, rules, ids_of(registrations) + ids_of(groups))
    return (*registrations, *groups, *vault) if vault else ()


def registrations_for(draft: SetUpDraft, estate: Estate, rules: Rules) -> list[Action]:
    """The providers that the subscriptions of vault and target have not registered, as far as that was read."""
    found: list[Action] = []
    if estate.has_read(draft.vault.subscription):
        found += _registrations(draft.vault.subscription, estate.resource_providers, rules)
    if estate.has_read_target(draft.target.subscription):
        found += _registrations(draft.target.subscription, estate.target_providers, rules)
    return found


def _registrations(subscription: str, providers: Iterable[ResourceProvider], rules: Rules) -> list[Action]:
    return [
        planned(
            ActionKind.REGISTER_PROVIDER,
            subscription_id(subscription).child("providers", provider.namespace),
            None,
            rules,
            label="Register",
            subject=provider.namespace,
            before="being registered" if provider.state.lower() == "registering" else "not registered",
            after=f"{provider.namespace} registered",
            group=ActionGroup.SUBSCRIPTION,
        )
        for provider in providers
        if not provider.is_registered
    ]


def group_actions(draft: SetUpDraft, estate: Estate, rules: Rules) -> list[Action]:
    wanted: dict[ArmId, tuple[str, str]] = {}
    vault, target = draft.vault, draft.target
    location = location_of(draft, estate)
    if vault.create_resource_group and vault.resource_group:
        wanted[resource_group_id(vault.subscription, vault.resource_group)] = (vault.subscription, vault.resource_group)
    if target.create_resource_group and target.resource_group:
        wanted.setdefault(
            resource_group_id(target.subscription, target.resource_group), (target.subscription, target.resource_group)
        )
    return [
        _new_group(subscription, name, location, rules)
        for subscription, name in wanted.values()
        if estate.group(subscription, name) is None
    ]


def _new_group(subscription: str, name: str, location: str, rules: Rules) -> Action:
    return planned(
        ActionKind.CREATE_RESOURCE_GROUP,
        resource_group_id(subscription, name),
        {"location": location},
        rules,
        label="Create resource group",
        subject=name,
        after=f"{name}, {rules.region_name(location)}",
        group=ActionGroup.RESOURCE_GROUP,
    )


def vault_actions(draft: SetUpDraft, estate: Estate, rules: Rules, needs: tuple[str, ...]) -> list[Action]:
    choice = draft.vault
    vault = vault_id_of(choice)
    if not choice.create or not choice.name or estate.vault_at(vault) is not None:
        return []
    properties: dict[str, Any] = {"publicNetworkAccess": "Enabled"}
    if choice.redundancy:
        properties["redundancySettings"] = {"standardTierStorageRedundancy": choice.redundancy}
    body: dict[str, Any] = {
        "location": choice.location,
        "sku": {"name": "RS0", "tier": "Standard"},
        "properties": properties,
    }
    tags = given_tags(choice.tags)
    if tags:
        body["tags"] = dict(tags)
    stored = rules.redundancy_name(choice.redundancy)
    return [
        planned(
            ActionKind.CREATE_VAULT,
            vault,
            body,
            rules,
            label="Create vault",
            subject=choice.name,
            after=", ".join(filter(None, (choice.name, rules.region_name(choice.location), stored, tags_text(tags)))),
            needs=needs,
        )
    ]


# What all planning shares


def ids_of(actions: Iterable[Action]) -> tuple[str, ...]:
    return tuple(action.id for action in actions)


def planned(
    kind: ActionKind,
    target: ArmId,
    body: Mapping[str, Any] | None,
    rules: Rules,
    *,
    label: str,
    subject: str,
    after: str,
    before: str = _ABSENT,
    group: ActionGroup = ActionGroup.VAULT,
    needs: tuple[str, ...] = (),
    verb: str = "",
    occasion: str = "",
    expects: Mapping[str, Any] | None = None,
) -> Action:
    """An action with its usual time."""
    return Action(
        kind=kind,
        target=target,
        body=body,
        label=label,
        subject=subject,
        after=after,
        before=before,
        group=group,
        usual_s=rules.usual_s(kind.value),
        needs=needs,
        verb=verb,
        occasion=occasion,
        expects=expects,
    )
