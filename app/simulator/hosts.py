"""Hyper-V hosts as their site sees them: whether they answer, and what stops when one does not."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.handlers.storage import is_closed_to_azure
from app.simulator.replica import upload_accounts
from app.simulator.wire import Json, between, time_text
from app.simulator.world import World

HEARTBEAT_S = 60.0


def host_of(world: World, provider_id: str) -> rec.Host | None:
    provider = world.providers.get(provider_id.lower())
    return world.hosts.get(provider.host) if provider else None


def hosts_of(world: World, fabric: rec.Fabric) -> list[rec.Host]:
    return [host for host in world.hosts.records() if host.fabric == fabric.id.lower()]


def silent_hosts(world: World, fabric: rec.Fabric) -> list[rec.Host]:
    return [host for host in hosts_of(world, fabric) if host.silent_since is not None]


def silence_errors(hosts: list[rec.Host]) -> list[Json]:
    """The health errors of hosts that do not answer."""
    return [
        {
            "innerHealthErrors": [],
            "errorSource": "FabricProviderError",
            "errorType": "25018",
            "errorLevel": "Critical",
            "errorCategory": "FabricInfrastructure",
            "errorCode": "25018",
            "summaryMessage": "",
            "errorMessage": f"{host.name} is not connected to Azure.",
            "possibleCauses": "The host has no way to the internet, or its services do not run.",
            "recommendedAction": "Check its connection, its proxy and the services of its Provider.",
            "creationTimeUtc": time_text(host.silent_since),
            "recoveryProviderErrorMessage": None,
            "entityId": host.name.lower(),
            "errorId": "7:25018",
            "customerResolvability": "NotAllowed",
        }
        for host in hosts
        if host.silent_since is not None
    ]


def silence_error(world: World, fabric: rec.Fabric) -> rec.JobError | None:
    """What a job tells that reached only some hosts of the site; None when all answer."""
    silent = silent_hosts(world, fabric)
    if not silent:
        return None
    return rec.JobError(
        "25018",
        f"The site {fabric.friendly_name} was not reached as a whole.",
        f"Not connected to Azure: {', '.join(host.name for host in silent)}.",
        "Check their connection and services, and restart the job.",
        task=1,
    )


def last_heartbeat(host: rec.Host, provider_id: str, now: float) -> float:
    """When the host was last heard of; it stands still while the host does not answer."""
    moment = now if host.silent_since is None else host.silent_since
    return moment - (moment + between(0, HEARTBEAT_S, provider_id)) % HEARTBEAT_S


def is_silent(world: World, provider_id: str) -> bool:
    host = host_of(world, provider_id)
    return host is not None and host.silent_since is not None


def is_shut_out(world: World, item: rec.Item) -> bool:
    """Whether a storage account that the machine's changes are sent to takes nothing from it."""
    accounts = (world.resources.get(account) for account in upload_accounts(item))
    return any(account is not None and is_closed_to_azure(account) for account in accounts)


def unreachable_error(world: World, provider_id: str, machine_name: str) -> rec.JobError | None:
    """What an operation fails with that needs the host; None when the host answers."""
    host = host_of(world, provider_id)
    if host is None or host.silent_since is None:
        return None
    return rec.JobError(
        "25018",
        f"The host of {machine_name} could not be reached.",
        f"{host.name} is not connected to Azure.",
        "Check its connection and its services, refresh the server and try again.",
        task=0,
    )


def machines_switches(world: World, provider_id: str) -> set[str]:
    """The virtual switches that a host's machines are connected to."""
    host = host_of(world, provider_id)
    machines = (world.machines.get(machine) for machine in (host.machines if host else ()))
    return {nic.switch for machine in machines if machine for nic in machine.nics}


def move_machine(world: World, item: rec.Item, provider_id: str) -> None:
    """Let a machine stand on another host of the site from now on."""
    machine, old, new = world.machines.get(item.machine), host_of(world, item.provider), host_of(world, provider_id)
    if machine is None or old is None or new is None:
        return
    old.machines = [other for other in old.machines if other != machine.id]
    new.machines = [*new.machines, machine.id]
    machine.host = new.name
    world.hosts.put(old.name.lower(), old)
    world.hosts.put(new.name.lower(), new)
    world.machines.put(machine.id, machine)
    world.give_item_to(item, provider_id)
