"""What a fault is aimed at: what can be chosen, and what a given choice means in this vault.

A choice that cannot be meant is a ValueError whose text is a clause, such as `no host is named 'HV-9'`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from app.simulator import records as rec
from app.simulator.faults.kinds import CODES, OPERATIONS, SCENARIOS, Choice, Kind, Parameter, Value
from app.simulator.handlers.networks import NETWORK_TYPE
from app.simulator.handlers.storage import ACCOUNT_TYPE
from app.simulator.host_checks import TITLES
from app.simulator.job_kinds import KINDS
from app.simulator.replica import upload_accounts
from app.simulator.wire import last_segment
from app.simulator.world import World

MOST_OFFERED = 200
"""Of machines, so that a large estate does not make the list of faults large; a script may name any."""


def chosen(world: World, kind: Kind, given: dict[str, Value]) -> dict[str, Value]:
    """Every parameter of the kind with what it is to be: as given, or the default.

    Raises:
        ValueError: one of them is unknown, of the wrong kind, out of range, or names what is not there.
    """
    known = {parameter.name for parameter in kind.parameters}
    for name in given:
        if name not in known:
            expected = f"; it takes {', '.join(sorted(known))}" if known else "; it takes none"
            raise ValueError(f"{kind.key} has no parameter named {name!r}{expected}")
    return {p.name: _value(world, p, given.get(p.name, p.default)) for p in kind.parameters}


def options(world: World, parameter: Parameter) -> list[Choice]:
    """What can be chosen now; empty for a number."""
    match parameter.type:
        case "host":
            return [Choice(host.name, host.name) for host in _registered(world)]
        case "waiting":
            return [Choice(host.name, host.name) for host in _waiting(world)]
        case "check":
            return [Choice(key, title) for key, title in TITLES.items()]
        case "machine":
            every = Choice("", "Any machine")
            return [every, *(Choice(name, name) for name in islice(_machine_names(world), MOST_OFFERED))]
        case "protected":
            names = (item.machine_name for item in world.items.records())
            return [Choice(name, name) for name in islice(names, MOST_OFFERED)]
        case "network" | "account":
            return [Choice(r.body["name"], r.body["name"]) for r in _resources(world, parameter.type)]
        case "operation":
            return list(OPERATIONS)
        case "scenario":
            return list(SCENARIOS)
        case "code":
            return [Choice(key, f"{key}: {code.title}") for key, code in CODES.items()]
    return list(parameter.choices)


def host_named(world: World, name: str) -> rec.Host | None:
    """A host by its full name, or by what stands before its first dot."""
    wanted = name.lower()
    found = world.hosts.get(wanted)
    short = (host for host in world.hosts.records() if host.name.lower().split(".")[0] == wanted)
    return found or next(short, None)


def _value(world: World, parameter: Parameter, value: Value | None) -> Value:
    match parameter.type:
        case "number":
            return _number(parameter, value)
        case "step":
            return value if isinstance(value, str) and not value.isdigit() else _number(parameter, value)
        case "choice":
            keys = [choice.key for choice in parameter.choices]
            if str(value) not in keys:
                raise ValueError(f"{parameter.name} = {value!r} is none of {', '.join(keys)}")
            return str(value)
        case "host":
            return _host(world, value, _registered(world))
        case "waiting":
            return _host(world, value, _waiting(world))
        case "check":
            if str(value) not in TITLES:
                raise ValueError(f"no check of a host is named {value!r}")
            return str(value)
        case "machine":
            return _machine(world, str(value)) if value else ""
        case "protected":
            return _protected(world, value)
        case "network" | "account":
            return _resource(world, parameter.type, value)
        case "scenario":
            if value and value not in KINDS:
                raise ValueError(f"no kind of job is named {value!r}")
    return str(value or "")


def _number(parameter: Parameter, value: Value | None) -> int:
    low, high = parameter.minimum, parameter.maximum
    try:
        if isinstance(value, bool) or value is None or not low <= int(value) <= high:
            raise ValueError(value)
        return int(value)
    except (TypeError, ValueError):
        raise ValueError(f"{parameter.name} = {value!r} is no whole number from {low} to {high}") from None


def _registered(world: World) -> list[rec.Host]:
    return [host for host in world.hosts.records() if host.provider]


def _waiting(world: World) -> list[rec.Host]:
    """Hosts that wait to be registered, or where none does, all: each may be removed and come again."""
    return [host for host in world.hosts.records() if not host.provider] or list(world.hosts.records())


def _host(world: World, value: Value | None, usual: list[rec.Host]) -> str:
    if value:
        host = host_named(world, str(value))
        if host is None:
            raise ValueError(f"no host is named {str(value)!r}")
        return host.name
    hosts = usual or list(world.hosts.records())
    if not hosts:
        raise ValueError("there is no host")
    return hosts[0].name


def _machine_names(world: World) -> Iterator[str]:
    return (machine.name for machine in world.machines.records())


def _machine(world: World, name: str) -> str:
    found = next((known for known in _machine_names(world) if known.lower() == name.lower()), None)
    if found is None:
        raise ValueError(f"no machine is named {name!r}")
    return found


def _protected(world: World, value: Value | None) -> str:
    """A machine that is to be replicating when the fault begins; a script may name one that does not yet."""
    if value:
        return _machine(world, str(value))
    first = next(world.items.records(), None)
    return first.machine_name if first else ""


def _resource(world: World, type_: str, value: Value | None) -> str:
    name = str(value or "") or _most_used(world, type_)
    found = [r.body["name"] for r in _resources(world, type_)]
    match = next((known for known in found if known.lower() == name.lower()), None)
    if value and match is None:
        word = "virtual network" if type_ == "network" else "storage account"
        raise ValueError(f"no {word} is named {name!r}")
    return str(match or (found[0] if found else ""))


def _resources(world: World, type_: str) -> list[rec.Resource]:
    wanted = (NETWORK_TYPE if type_ == "network" else ACCOUNT_TYPE).lower()
    found = (resource for resource in world.resources.records() if resource.type.lower() == wanted)
    return [resource for resource in found if world.knows_subscription(resource.id.split("/")[2])]


def _most_used(world: World, type_: str) -> str:
    """What the first machines replicate into: in an estate all of them mostly share it."""
    some: Iterable[rec.Item] = islice(world.items.records(), 20)
    used = [
        str(item.target.network or "") if type_ == "network" else next(iter(upload_accounts(item)), "") for item in some
    ]
    return last_segment(max(used, key=used.count)) if used else ""
