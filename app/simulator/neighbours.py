"""The subscriptions that a scenario names beside its own, with their groups, locks and vaults."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.begun_data import SubscriptionData, VaultData
from app.simulator.handlers.subscriptions import new_group
from app.simulator.handlers.vaults import new_vault
from app.simulator.other_scenarios import holds_record
from app.simulator.world import World


def add(world: World, given: list[SubscriptionData]) -> None:
    for data in given:
        subscription = rec.Subscription(
            id=data.id.lower(),
            name=data.name,
            tenant=data.tenant or world.settings.tenant,
            state=data.state,
            role=data.role,
            unregistered=list(data.unregistered),
        )
        world.subscriptions.put(subscription.id, subscription)
        for vault in data.vaults:
            put_vault(world, _group_for(world, subscription, vault, data.lock), vault)


def put_vault(world: World, group: rec.Resource, vault: VaultData) -> None:
    """Put down a vault that was there before the scenario begins."""
    given = {"redundancySettings": {"standardTierStorageRedundancy": vault.redundancy}} if vault.redundancy else {}
    resource = new_vault(world, group, vault.name, vault.location or group.body["location"], given, world.now)
    resource.body["sku"] = vault.sku or resource.body["sku"]
    if vault.tags is not None:
        resource.body["tags"] = vault.tags
    if vault.alerts is not None:
        resource.extra["alerts"] = vault.alerts
    if vault.holds is not None:
        resource.extra["holds"] = holds_record(vault.holds)
    world.resources.put(resource.id.lower(), resource)


def _group_for(world: World, subscription: rec.Subscription, vault: VaultData, lock: str) -> rec.Resource:
    group = new_group(world, vault.group, vault.location or "westeurope", subscription.id)
    known = world.resources.get(group.id.lower())
    if known is not None:
        return known
    world.resources.put(group.id.lower(), group)
    if lock:
        name = "change-freeze"
        path = f"{group.id}/providers/Microsoft.Authorization/locks/{name}"
        world.locks.put(path.lower(), rec.Lock(id=path, name=name, scope=group.id, level=lock))
    return group
