"""What a changed answer sends back: each step clears only what cannot hold any more, and says what that was."""

from __future__ import annotations

from dataclasses import replace

from app.domain.arm_id import key
from app.domain.regions import same_location
from app.flows.draft import (
    NetworkChoice,
    PolicyChoice,
    SetUpDraft,
    SiteChoice,
    StorageChoice,
    TargetChoice,
)
from app.flows.places import vault_id_of
from app.flows.planning_network import subnets_of
from app.flows.step import Context


def adapt_source(before: SetUpDraft, after: SetUpDraft, context: Context) -> tuple[SetUpDraft, tuple[str, ...]]:
    """A site belongs to its vault; one that is still to be created can be created in another."""
    if _is_same_vault(before, after) or after.site.create or not after.site.name:
        return after, ()
    return replace(after, site=SiteChoice()), ("the Hyper-V site",)


def adapt_target(before: SetUpDraft, after: SetUpDraft, context: Context) -> tuple[SetUpDraft, tuple[str, ...]]:
    """The target's subscription follows the vault's as long as nobody chose another; regions must be one.

    A target without a group begins with the vault's, which is there as soon as the vault is.
    """
    target = after.target
    cleared: list[str] = []
    if target.subscription.lower() == before.vault.subscription.lower() != after.vault.subscription.lower():
        if target.resource_group:
            cleared.append("the target resource group")
        moved = in_subscription(target, after.vault.subscription)
        cleared += [word for name, word in _PARTS.items() if getattr(moved, name) != getattr(target, name)]
        target = moved
    elif not target.resource_group and not target.create_resource_group and not _is_same_vault(before, after):
        target = replace(target, resource_group="" if after.vault.create else after.vault.resource_group)
    target = _without_other_region(target, before, after, context, cleared)
    return replace(after, target=target), tuple(cleared)


_PARTS = {"storage": "the storage account", "logs": "the account for change logs", "network": "the network"}


def in_subscription(target: TargetChoice, subscription: str) -> TargetChoice:
    """The target in another subscription: what is chosen of the old one is not there; what is to be made can be."""
    kept = TargetChoice(subscription=subscription, replica=target.replica, disk_type=target.disk_type)
    to_be_made = {name: getattr(target, name) for name in _PARTS if getattr(target, name).create}
    return replace(kept, **to_be_made)


def _without_other_region(
    target: TargetChoice, before: SetUpDraft, after: SetUpDraft, context: Context, cleared: list[str]
) -> TargetChoice:
    location = after.vault.location
    if same_location(before.vault.location, location):
        return target
    account = context.estate.storage_account(target.storage.account_id)
    if target.storage.account_id and (account is None or not same_location(account.location, location)):
        cleared.append(_PARTS["storage"])
        target = replace(target, storage=StorageChoice())
    logs = context.estate.storage_account(target.logs.account_id)
    if target.logs.account_id and (logs is None or not same_location(logs.location, location)):
        cleared.append(_PARTS["logs"])
        target = replace(target, logs=TargetChoice().logs)
    network = context.estate.network(target.network.network_id)
    if target.network.network_id and (network is None or not same_location(network.location, location)):
        cleared.append(_PARTS["network"])
        target = replace(target, network=NetworkChoice())
    return target


def adapt_settings(before: SetUpDraft, after: SetUpDraft, context: Context) -> tuple[SetUpDraft, tuple[str, ...]]:
    """An existing policy belongs to its vault; the figures of a new one hold anywhere."""
    if _is_same_vault(before, after) or after.policy.create or not after.policy.name:
        return after, ()
    kept = PolicyChoice(quiet_from=after.policy.quiet_from, quiet_to=after.policy.quiet_to)
    return replace(after, policy=kept), ("the replication policy",)


def adapt_enable(before: SetUpDraft, after: SetUpDraft, context: Context) -> tuple[SetUpDraft, tuple[str, ...]]:
    """Machines belong to their site, their subnets to the network."""
    if not after.machines:
        return after, ()
    if not _is_same_vault(before, after) or before.site.name.lower() != after.site.name.lower():
        return replace(after, machines=()), ("the chosen machines",)
    old, new = before.target.network, after.target.network
    if not new.create and not old.create and key(old.network_id) == key(new.network_id):
        return after, ()
    kept = {each.name.lower() for each in subnets_of(new)} if old.create and new.create else set()
    machines = tuple(
        replace(each, subnet="") if each.subnet and each.subnet.lower() not in kept else each for each in after.machines
    )
    return (
        (after, ()) if machines == after.machines else (replace(after, machines=machines), ("the machines’ subnets",))
    )


def _is_same_vault(before: SetUpDraft, after: SetUpDraft) -> bool:
    return vault_id_of(before.vault) == vault_id_of(after.vault)
