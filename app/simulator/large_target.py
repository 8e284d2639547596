"""A subscription with many storage accounts and networks, where few suit a vault: ordinary records, made by number."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.crowd_data import LargeTargetData
from app.simulator.handlers.networks import new_network
from app.simulator.handlers.storage import new_account
from app.simulator.handlers.subscriptions import new_group
from app.simulator.locks import READ_ONLY
from app.simulator.wire import Json
from app.simulator.world import World

_AGE_S = 200 * 86_400.0
_DENIED: Json = {"bypass": "None", "virtualNetworkRules": [], "ipRules": [], "defaultAction": "Deny"}
_PARTS = ("retail", "plant", "web", "data", "finance", "branch")


def begin(world: World, data: LargeTargetData) -> None:
    """Put groups, accounts and networks into a new world."""
    groups = [_group(world, data, ordinal) for ordinal in range(data.groups)]
    for ordinal in range(data.accounts):
        account = _account(world, data, ordinal, groups[ordinal % len(groups)])
        world.resources.put(account.id.lower(), account)
    for ordinal in range(data.networks):
        network = _network(world, data, ordinal, groups[ordinal % len(groups)])
        world.resources.put(network.id.lower(), network)


def _group(world: World, data: LargeTargetData, ordinal: int) -> rec.Resource:
    group = new_group(world, f"rg-{_part(ordinal)}-{ordinal + 1:02d}", data.regions[ordinal % len(data.regions)])
    world.resources.put(group.id.lower(), group)
    if data.locked_every and ordinal % data.locked_every == data.locked_every - 1:
        path = f"{group.id}/providers/Microsoft.Authorization/locks/freeze"
        world.locks.put(path.lower(), rec.Lock(id=path, name="freeze", scope=group.id, level=READ_ONLY))
    return group


def _account(world: World, data: LargeTargetData, ordinal: int, group: rec.Resource) -> rec.Resource:
    shape = data.shapes[ordinal % len(data.shapes)]
    region = data.regions[ordinal // len(data.shapes) % len(data.regions)]
    properties: Json = {"accessTier": shape.tier}
    if shape.is_firewalled:
        properties["networkAcls"] = _DENIED
    given: Json = {"sku": {"name": shape.sku}, "kind": shape.kind, "properties": properties}
    return new_account(group, f"st{_part(ordinal)}{ordinal + 1:05d}", region, given, world.now - _AGE_S)


def _network(world: World, data: LargeTargetData, ordinal: int, group: rec.Resource) -> rec.Resource:
    is_wide = ordinal % data.wide_every == 0 if data.wide_every else False
    second = ordinal % 256
    subnets: list[Json] = [
        {"name": f"snet-{number + 1:02d}", "properties": {"addressPrefix": f"10.{second}.{number}.0/24"}}
        for number in range(data.wide_subnets if is_wide else data.subnets)
    ]
    region = data.regions[ordinal % len(data.regions)]
    name = f"vnet-{_part(ordinal)}-{ordinal + 1:03d}"
    return new_network(world, group, name, region, [f"10.{second}.0.0/16"], subnets)


def _part(ordinal: int) -> str:
    return _PARTS[ordinal % len(_PARTS)]
