"""Whether Azure can make the machine that a failover wants: its size, its quota, its addresses, its storage."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from app.simulator import records as rec
from app.simulator.azure_facts import Size, azure_facts
from app.simulator.azure_machines import addresses_in_use, drill_subnet, kept_for, prefix_of, subnet_named
from app.simulator.job_kinds import KINDS
from app.simulator.quotas import nic_shortage, shortage
from app.simulator.wire import Json, last_segment, vault_part
from app.simulator.world import World

_MAKING = {"TestFailover": "VmTfoPrepareTestVm", "PlannedFailover": "VmFailover", "UnplannedFailover": "VmFailover"}
"""By scenario: the step in which the machine is made."""


def location_of(world: World, item: rec.Item, network: rec.Resource | None) -> str:
    """The region in which the machine is made: its network's, or the vault's."""
    place = network or world.resources.get(vault_part(item.id.lower()))
    return str(place.body["location"]) if place else ""


def machine_error(world: World, item: rec.Item, network: rec.Resource | None, scenario: str) -> rec.JobError | None:
    """The first reason why the machine cannot be made; None if it can."""
    size = azure_facts().size(item.target.size)
    if size is None:
        return _error(item, f"There is no size named {item.target.size}.", "Choose a size that exists.", 0)
    reason = misfit(item, size)
    if reason:
        return _error(item, reason, "Choose a larger size, or another one.", 0)
    account = item.target.account
    if account and account.lower() not in world.resources:
        return _error(item, f"The storage account {last_segment(account)} does not exist.", "Bring it back.", 0)
    address = network and _address_trouble(world, item, network, is_test=scenario == "TestFailover")
    if address:
        return _error(item, address, "Choose an address that is free in the subnet, or none.", 0, code="28092")
    location = location_of(world, item, network)
    making = next(step for step, kind in enumerate(KINDS[scenario].steps) if kind.name == _MAKING[scenario])
    kept = network and _kept_subnet(item, network, is_test=scenario == "TestFailover")
    if kept:
        return _error(item, kept, "Choose a subnet that takes machines.", making, code="28020")
    raise_it = "Have the quota raised, or delete machines that nobody needs."
    short = shortage(world, location, size)
    if short:
        return _error(item, short, raise_it, making)
    short = nic_shortage(world, location, chosen_nics(item)) if network else None
    if short:
        return _error(item, short, raise_it, making, code="28092")
    return None


def chosen_nics(item: rec.Item) -> int:
    """How many of the machine's adapters Azure is to make."""
    return sum(nic.selection != "NotSelected" for nic in item.nics)


def misfit(item: rec.Item, size: Size) -> str | None:
    """Why a size is not for the machine; None when it fits."""
    keeps_second = item.generation == 2 and item.target.use_managed_disks.lower() == "true"
    generation = "V2" if keeps_second else "V1"
    nics = chosen_nics(item)
    if generation not in size.generations:
        return f"The size {size.name} is not for machines of generation {generation[1]}."
    if len(item.disks) - 1 > size.data_disks:
        return f"The size {size.name} takes {size.data_disks} data disks; the machine has {len(item.disks) - 1}."
    if not size.premium and any(str(disk.kind or "").startswith("Premium") for disk in item.disks):
        return f"The size {size.name} takes no premium disks."
    if nics > size.nics:
        return f"The size {size.name} takes {size.nics} network adapters; the machine has {nics}."
    return None


def _address_trouble(world: World, item: rec.Item, network: rec.Resource, *, is_test: bool) -> str | None:
    for nic in item.nics:
        wanted = nic.test_ip if is_test else nic.static_ip
        if not wanted or nic.selection == "NotSelected":
            continue
        name = (nic.test_subnet or nic.subnet) if is_test else nic.subnet
        subnet: Json | None = drill_subnet(network, name) if is_test else subnet_named(network, name)
        if subnet is None:
            continue
        try:
            is_inside = IPv4Address(wanted) in IPv4Network(prefix_of(subnet), strict=False)
        except ValueError:
            is_inside = False
        if not is_inside:
            return f"The address {wanted} does not lie in the subnet {subnet['name']}."
        if wanted in addresses_in_use(world, subnet["id"]):
            return f"The address {wanted} is taken in the subnet {subnet['name']}."
    return None


def _kept_subnet(item: rec.Item, network: rec.Resource, *, is_test: bool) -> str | None:
    """The network service refuses a card there when it is made; what it says of it is a best guess."""
    for nic in item.nics:
        if nic.selection == "NotSelected":
            continue
        subnet = drill_subnet(network, (nic.test_subnet or nic.subnet) if is_test else nic.subnet)
        use = kept_for(subnet) if subnet is not None else ""
        if subnet is not None and use:
            return f"The subnet {subnet['name']} is kept for {use} and takes no network card of a machine."
    return None


def _error(item: rec.Item, causes: str, action: str, step: int, *, code: str = "28031") -> rec.JobError:
    return rec.JobError(code, f"No machine can be made for {item.machine_name}.", causes, action, task=step)
