"""What a failover will need in Azure and does not find any more: a network, an account or a group that was deleted, an
address that somebody else holds.

Which resources the items name is kept beside their other conditions, so that the vault's counts read no item.
"""

from __future__ import annotations

from typing import NamedTuple

from app.simulator import records as rec
from app.simulator.azure_machines import addresses_in_use
from app.simulator.lifecycle import Condition
from app.simulator.replication import calculated_at
from app.simulator.wire import Json, last_segment, time_text, vault_part
from app.simulator.world import World

_NAMES = "names "
_KINDS = {
    "network": ("28020", "the virtual network"),
    "account": ("28031", "the storage account"),
    "group": ("28031", "the resource group"),
}
_ADDRESS = "address"
"""By field of a target: the code of a job that fails for want of it, and what it is called."""


class Lack(NamedTuple):
    """A resource that is gone, with the keys of the items that name it and their machines."""

    kind: str
    resource: str
    items: dict[str, str]

    @property
    def condition(self) -> Condition:
        if self.kind == _ADDRESS:
            return _address_condition(self.resource)
        code, kind = _KINDS[self.kind]
        name = last_segment(self.resource)
        return Condition(
            code,
            "ReplicationUnitFailoverValidatorError",
            code,
            "Critical",
            "Configuration",
            f"A failover of '{{name}}' will not succeed: {kind} {name} is gone.",
            f"It was deleted after the machine had been set up for {kind} {name}.",
            "Bring it back, or choose another one in the machine's target settings.",
        )


def _address_condition(wanted: str) -> Condition:
    subnet, address = wanted.rsplit(" ", 1)
    return Condition(
        "28092",
        "ReplicationUnitFailoverValidatorError",
        "28092",
        "Critical",
        "Configuration",
        f"A failover of '{{name}}' will not succeed: the address {address} is not free.",
        f"In the subnet {last_segment(subnet)} a network adapter holds it, perhaps one of a forgotten test machine.",
        "Clean up the test failover or remove the adapter, or give the machine another address.",
    )


def named_by(item: rec.Item) -> tuple[str, ...]:
    """The conditions by which it is known what an item will need."""
    if item.phase != "protected":
        return ()
    named = ((kind, getattr(item.target, kind)) for kind in _KINDS)
    found = [f"{_NAMES}{kind} {resource.lower()}" for kind, resource in named if resource]
    for nic in item.nics:
        if nic.static_ip and nic.subnet and item.target.network and nic.selection != "NotSelected":
            subnet = f"{item.target.network}/subnets/{nic.subnet}".lower()
            found.append(f"{_NAMES}{_ADDRESS} {subnet} {nic.static_ip}")
    return tuple(found)


def lacks(world: World, vault: str) -> list[Lack]:
    """What items of a vault will need and is gone."""
    named = [entry for entry in sorted(world.conditions_in(vault).items()) if entry[0].startswith(_NAMES) and entry[1]]
    return [lack for name, items in named if (lack := _lack(world, name, items)) is not None]


def lacks_of(world: World, item: rec.Item) -> list[Lack]:
    just_it = {item.id.lower(): item.machine}
    return [lack for name in named_by(item) if (lack := _lack(world, name, just_it)) is not None]


def _lack(world: World, name: str, items: dict[str, str]) -> Lack | None:
    _, kind, resource = name.split(" ", 2)
    if kind == _ADDRESS:
        subnet, address = resource.rsplit(" ", 1)
        return Lack(kind, resource, items) if address in addresses_in_use(world, subnet) else None
    return None if resource in world.resources else Lack(kind, resource, items)


def configuration_errors(world: World, item: rec.Item, now: float) -> list[Json]:
    """The health errors of an item whose target is not whole, as found when the service last looked."""
    return [
        {
            "innerHealthErrors": [],
            "errorSource": condition.source,
            "errorType": condition.type,
            "errorLevel": condition.level,
            "errorCategory": condition.category,
            "errorCode": condition.code,
            "summaryMessage": "",
            "errorMessage": condition.message.format(name=item.machine_name),
            "possibleCauses": condition.causes,
            "recommendedAction": condition.action,
            "creationTimeUtc": time_text(calculated_at(now)),
            "recoveryProviderErrorMessage": None,
            "entityId": item.machine,
            "errorId": f"6:{condition.type}",
            "customerResolvability": "NotAllowed",
        }
        for condition in (lack.condition for lack in lacks_of(world, item))
    ]


def configuration_issues(world: World, vault: str) -> list[Json]:
    """The same as the vault's health shows it."""
    return [
        {
            "summaryCode": lack.condition.code,
            "category": lack.condition.category,
            "severity": "Error",
            "summaryMessage": lack.condition.action,
            "affectedResourceType": "ReplicationProtectedItemType",
            "affectedResourceSubtype": None,
            "affectedResourceCorrelationIds": sorted(lack.items.values()),
        }
        for lack in lacks(world, vault)
    ]


def count_lacking(world: World, vault: str) -> int:
    return len({key for lack in lacks(world, vault) for key in lack.items})


def note_all(world: World, keys: dict[str, str], like: rec.Item) -> None:
    """Note many items at once whose targets are all like one's."""
    for name in named_by(like):
        world.conditions_in(vault_part(like.id))[name] = dict(keys)
