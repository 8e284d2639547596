"""What a fault does to hosts, lines and the target while it lasts, and how it is put right again.

Each effect keeps in `fault.held` what it found, so that its end restores just that. Faults of requests and of jobs have
no effect here: they act when a request or a job comes by (`gate`, `job_faults`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import NamedTuple

import msgspec

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.azure_machines import NIC_TYPE, addresses_in_use, free_address, prefix_of, subnet_named, subnets_of
from app.simulator.event_log import record_health_event
from app.simulator.faults.choosing import host_named
from app.simulator.handlers.networks import NETWORK_TYPE
from app.simulator.handlers.storage import ACCOUNT_TYPE
from app.simulator.host_checks import TITLES
from app.simulator.quotas import cores_in_use
from app.simulator.replication import set_line, weigh
from app.simulator.silence import account_opens, account_shuts, answer_again, fall_silent, next_trouble
from app.simulator.wire import Json, fabric_part
from app.simulator.world import World

_OLD_VERSIONS = ("5.24.0614.1", "2.0.9919.0")
"""Provider and agent of the same release, two before the newest."""


class Effect(NamedTuple):
    """`begin` raises a ValueError with a sentence when there is nothing for the fault to act on."""

    begin: Callable[[World, rec.Fault, float], None]
    end: Callable[[World, rec.Fault, float], None]


# Hosts


def _host_goes(world: World, fault: rec.Fault, at: float) -> None:
    host = host_named(world, str(fault.chosen["host"]))
    if host is None or not host.provider:
        raise ValueError(f"{fault.chosen['host']} has not registered yet. Register it first.")
    _silence(world, fault, [host], at)


def _provider_is_old(world: World, fault: rec.Fault, at: float) -> None:
    host = host_named(world, str(fault.chosen["host"]))
    if host is None or not host.provider:
        raise ValueError(f"{fault.chosen['host']} has not registered yet. Register it first.")
    fault.held |= {"host": host.name, "was": [host.provider_version, host.agent_version]}
    host.provider_version, host.agent_version = _OLD_VERSIONS
    world.hosts.put(host.name.lower(), host)


def _provider_is_updated(world: World, fault: rec.Fault, at: float) -> None:
    """Unless somebody has given it other versions meanwhile."""
    host = world.hosts.get(str(fault.held.get("host")).lower())
    if host is not None and (host.provider_version, host.agent_version) == _OLD_VERSIONS:
        host.provider_version, host.agent_version = fault.held["was"]
        world.hosts.put(host.name.lower(), host)


def _silence(world: World, fault: rec.Fault, hosts: list[rec.Host], at: float) -> None:
    """A host that is silent by itself stays so afterwards; one that another fault silenced is held by both."""
    held = [host for host in hosts if host.silent_since is None or _is_held(world, fault, "hosts", host.name)]
    fault.held["hosts"] = [host.name for host in held]
    for host in held:
        if host.silent_since is None:
            fall_silent(world, host, at)


def _hosts_come_back(world: World, fault: rec.Fault, at: float) -> None:
    for name in fault.held.get("hosts", []):
        host = world.hosts.get(name.lower())
        if host is not None and host.silent_since is not None and not _is_held(world, fault, "hosts", name):
            answer_again(world, host, at)


def _is_held(world: World, fault: rec.Fault, what: str, name: str) -> bool:
    return any(name in other.held.get(what, []) for other in world.faults.records() if other is not fault)


# Machines


def _replication_pauses(world: World, fault: rec.Fault, at: float) -> None:
    item = _replicating(world, fault)
    if item.trouble not in (None, "line", "churn"):
        raise ValueError(f"{item.machine_name} does not replicate as it is.")
    fault.held |= {"item": item.id.lower(), "was": item.trouble}
    item.trouble, item.trouble_since = "paused", at
    world.put_item(item)
    record_health_event(world, item, "paused", at)


def _replication_resumes(world: World, fault: rec.Fault, at: float) -> None:
    item = world.items.get(str(fault.held.get("item")))
    if item is not None and item.trouble == "paused":
        item.trouble, item.trouble_since = next_trouble(world, item) or fault.held["was"], at
        world.put_item(item)
        weigh(world, fabric_part(item.id.lower()), at)


def _snapshots_fail(world: World, fault: rec.Fault, at: float) -> None:
    item = _replicating(world, fault)
    fault.held["item"] = item.id.lower()
    item.snapshots_fail_since = at
    world.put_item(item)
    record_health_event(world, item, "snapshots", at)


def _snapshots_succeed(world: World, fault: rec.Fault, at: float) -> None:
    item = world.items.get(str(fault.held.get("item")))
    if item is not None:
        item.snapshots_fail_since = None
        world.put_item(item)


def _replicating(world: World, fault: rec.Fault) -> rec.Item:
    name = str(fault.chosen["machine"])
    item = _item_named(world, name)
    if item is None or item.phase != "protected":
        raise ValueError(f"{name or 'No machine'} does not replicate yet. Protect it first, and wait for its copy.")
    return item


# The line


def _line_slows(world: World, fault: rec.Fault, at: float) -> None:
    fault.held["lines"] = {}
    for fabric in list(world.fabrics.records()):
        slow = fabric.upload_mib_s * int(fault.chosen["percent"]) / 100
        fault.held["lines"][fabric.id.lower()] = [fabric.upload_mib_s, slow]
        set_line(world, fabric, slow, at)


def _line_recovers(world: World, fault: rec.Fault, at: float) -> None:
    for key, (usual, slow) in fault.held.get("lines", {}).items():
        fabric = world.fabrics.get(key)
        if fabric is not None and fabric.upload_mib_s == slow:  # nobody gave the site another line meanwhile
            set_line(world, fabric, usual, at)


def _line_breaks(world: World, fault: rec.Fault, at: float) -> None:
    _silence(world, fault, [host for host in world.hosts.records() if host.provider], at)


# Quota


def _quota_is_used_up(world: World, fault: rec.Fault, at: float) -> None:
    """The limit becomes what the fullest region uses, and what the fault leaves."""
    used = max((cores_in_use(world, place.name).total() for place in azure_facts().locations), default=0)
    fault.held["limit"] = used + int(fault.chosen["cores"])


# Addresses


def _address_is_taken(world: World, fault: rec.Fault, at: float) -> None:
    """Adapters of somebody else get the machine's address, in every network that has it.

    A machine without a fixed address is given one for as long: Azure would give it any free one, so that nothing
    could go wrong.
    """
    item = _item_named(world, str(fault.chosen["machine"]))
    if item is None or not item.nics:
        raise ValueError("No machine with a network adapter replicates yet. Protect one first.")
    nic = item.nics[0]
    network = world.resources.get((item.target.network or "").lower())
    subnet = subnet_named(network, nic.subnet) if network else None
    address = nic.static_ip or (free_address(world, subnet, None) if subnet else None)
    if address is None:
        raise ValueError(f"{item.machine_name} is to be connected to no network in Azure, so it needs no address.")
    fault.held |= {"item": item.id.lower(), "was": [nic.static_ip, nic.test_ip], "address": address}
    nic.static_ip, nic.test_ip = address, nic.test_ip or address
    world.put_item(item)
    fault.held["nics"] = [
        _squatter(world, subnet, taken)
        for taken in {nic.static_ip, nic.test_ip}
        for subnet in _subnets_with(world, taken)
        if taken not in addresses_in_use(world, subnet["id"])
    ]


def _address_is_free(world: World, fault: rec.Fault, at: float) -> None:
    for key in fault.held.get("nics", []):
        world.resources.remove(key)
    item = world.items.get(str(fault.held.get("item")))
    if item is None or not item.nics:
        return
    nic, address = item.nics[0], fault.held["address"]
    static, test = fault.held["was"]
    nic.static_ip = static if nic.static_ip == address else nic.static_ip
    nic.test_ip = test if nic.test_ip == address else nic.test_ip
    world.put_item(item)


def _item_named(world: World, name: str) -> rec.Item | None:
    return next((item for item in world.items.records() if item.machine_name.lower() == name.lower()), None)


def _subnets_with(world: World, address: str) -> Iterator[Json]:
    for resource in list(world.resources.records()):
        if resource.type == NETWORK_TYPE:
            for subnet in subnets_of(resource):
                if IPv4Address(address) in IPv4Network(prefix_of(subnet), strict=False):
                    yield subnet


def _squatter(world: World, subnet: Json, address: str) -> str:
    """An adapter that belongs to no machine and holds the address; returns its key."""
    parts = subnet["id"].split("/")
    network = world.resources["/".join(parts[:9]).lower()]
    name = f"nic-{parts[8]}-{parts[-1]}-{address.replace('.', '-')}"
    nic_id = f"{'/'.join(parts[:5])}/providers/{NIC_TYPE}/{name}"
    config: Json = {
        "name": "ipconfig1",
        "id": f"{nic_id}/ipConfigurations/ipconfig1",
        "properties": {
            "provisioningState": "Succeeded",
            "privateIPAddress": address,
            "privateIPAllocationMethod": "Static",
            "subnet": {"id": subnet["id"]},
            "primary": True,
            "privateIPAddressVersion": "IPv4",
        },
    }
    body: Json = {
        "name": name,
        "id": nic_id,
        "type": NIC_TYPE,
        "location": network.body["location"],
        "tags": {},
        "properties": {
            "provisioningState": "Succeeded",
            "ipConfigurations": [config],
            "enableAcceleratedNetworking": False,
            "enableIPForwarding": False,
        },
    }
    world.resources.put(nic_id.lower(), rec.Resource(nic_id, NIC_TYPE, body))
    return nic_id.lower()


# Networks


def _network_goes(world: World, fault: rec.Fault, at: float) -> None:
    network = _named(world, NETWORK_TYPE, str(fault.chosen["network"]))
    if network is None:
        raise ValueError("There is no virtual network yet. Make one first.")
    fault.held["network"] = msgspec.to_builtins(network)
    world.resources.remove(network.id.lower())


def _network_comes_back(world: World, fault: rec.Fault, at: float) -> None:
    """Unless somebody has made it again, or its resource group is gone too."""
    network = msgspec.convert(fault.held["network"], rec.Resource)
    group = "/".join(network.id.split("/")[:5]).lower()
    if network.id.lower() not in world.resources and group in world.resources:
        world.resources.put(network.id.lower(), network)


def _named(world: World, type_: str, name: str) -> rec.Resource | None:
    """By its type and name; a name may occur in several resource groups, and then the first is meant."""
    wanted = (type_.lower(), name.lower())
    found = (r for r in world.resources.records() if (r.type.lower(), str(r.body["name"]).lower()) == wanted)
    return next(found, None)


# Storage


def _account_closes(world: World, fault: rec.Fault, at: float) -> None:
    account = _named(world, ACCOUNT_TYPE, str(fault.chosen["account"]))
    if account is None:
        raise ValueError("There is no storage account yet. Make one first.")
    properties = account.body["properties"]
    shut = {**properties["networkAcls"], "bypass": "None", "defaultAction": "Deny", "ipRules": []}
    fault.held |= {"account": account.id.lower(), "was": properties["networkAcls"], "set": shut}
    properties["networkAcls"] = shut
    world.resources.put(account.id.lower(), account)
    account_shuts(world, account, at)


def _account_opens(world: World, fault: rec.Fault, at: float) -> None:
    account = world.resources.get(str(fault.held.get("account")))
    if account is None:
        return
    properties = account.body["properties"]
    if properties["networkAcls"] == fault.held["set"]:
        properties["networkAcls"] = fault.held["was"]
        world.resources.put(account.id.lower(), account)
    account_opens(world, account, at)


def _nothing(world: World, fault: rec.Fault, at: float) -> None:
    """What it held is forgotten with it."""


EFFECTS: dict[str, Effect] = {
    "host-offline": Effect(_host_goes, _hosts_come_back),
    "provider-old": Effect(_provider_is_old, _provider_is_updated),
    "replication-paused": Effect(_replication_pauses, _replication_resumes),
    "snapshots-fail": Effect(_snapshots_fail, _snapshots_succeed),
    "line-slow": Effect(_line_slows, _line_recovers),
    "line-cut": Effect(_line_breaks, _hosts_come_back),
    "quota-reached": Effect(_quota_is_used_up, _nothing),
    "address-taken": Effect(_address_is_taken, _address_is_free),
    "network-deleted": Effect(_network_goes, _network_comes_back),
    "storage-firewall": Effect(_account_closes, _account_opens),
}


def about(chosen: Json) -> str:
    """What a fault befalls, for people: the name of a host, machine, network or account; empty for everything."""
    if "check" in chosen:
        return f"{chosen['host']}: {TITLES[chosen['check']]}"
    names = (str(chosen.get(name) or "") for name in ("host", "machine", "network", "account"))
    return next((name for name in names if name), "")
