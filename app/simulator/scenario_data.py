"""Scenario files: what they may say, how they are found and read, and what is wrong with a broken one.

A scenario says what stands on-premises and in Azure, and in `past` what happened there until it begins: the practice
vault does those things by its own commands at their times, so that whatever comes next goes on from a true state.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Struct, convert, field

from app.simulator.begun_data import (
    DiskData,
    EventData,
    ItemData,
    JobData,
    MappingData,
    NicData,
    OperationData,
    PlanData,
    SiteData,
    SubscriptionData,
    VaultData,
)
from app.simulator.crowd_data import CrowdData, HoldsData, LargeTargetData
from app.simulator.identity.data import ApplicationData, CertificateData, IdentityData, SecretData, TenantData, UserData
from app.simulator.past_data import Deed

_SUFFIX = ".toml"
_UNITS = {"d": "days", "h": "hours", "min": "minutes", "s": "seconds"}
_SPAN = re.compile(r"(\d+(?:\.\d+)?) ?(d|h|min|s)", re.ASCII)


class ScenarioError(ValueError):
    """A scenario that cannot be opened; the text is one clause, to be shown as it is."""


class GroupData(Struct, forbid_unknown_fields=True):
    name: str
    location: str
    tags: dict[str, str] | None = None


class AccountData(Struct, forbid_unknown_fields=True):
    group: str
    name: str
    location: str
    sku: str
    kind: str = "StorageV2"
    tier: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)


class SubnetData(Struct, forbid_unknown_fields=True):
    name: str
    prefix: str
    delegated_to: str = ""
    """The service that the subnet was given to."""


class NetworkData(Struct, forbid_unknown_fields=True):
    group: str
    name: str
    location: str
    prefixes: list[str]
    subnets: list[SubnetData]
    dns_servers: list[str] | None = None
    tags: dict[str, str] | None = None


class HostData(Struct, forbid_unknown_fields=True):
    """A Hyper-V host. `site` is where it stands if not in the scenario's own site."""

    name: str
    machines: list[str] = field(default_factory=list)
    vault: str = ""
    site: str = ""
    provider: str = ""
    agent_version: str | None = None
    provider_version: str | None = None
    server_version: str | None = None
    cluster: str = ""
    proxy: str = ""


class MachineData(Struct, forbid_unknown_fields=True):
    """A virtual machine. A short disk is [GiB, used GiB, churn MiB/s], a short adapter [switch] or with an address."""

    name: str
    generation: int
    cores: int
    memory_gib: float
    disks: list[tuple[int, int, float] | DiskData]
    nics: list[list[str] | NicData]
    os: str | None = None
    edition: str | None = None
    shared_vhd: bool = False
    id: str = ""
    host: str = ""
    devices: dict[str, str] = field(default_factory=dict)


class PolicyData(Struct, forbid_unknown_fields=True):
    name: str
    history_hours: int
    app_consistent_hours: int
    interval_s: int
    vault: str = ""
    account: str | None = None


class FleetData(Struct, forbid_unknown_fields=True):
    """Machines made from a seed, all protected by the scenario's policy. The caller may ask for other numbers."""

    machines: int = 1000
    machines_per_host: int = 200
    past_jobs: int = 240


class ScenarioData(Struct, forbid_unknown_fields=True):
    """A scenario file.

    Attributes:
        title, about, order: for those who choose among scenarios; they are read without the rest.
        based_on: another scenario, whose top-level keys hold where this file does not give them.
        on_premises: another scenario whose hosts and machines stand here too.
        fault: steps of a script of what goes wrong (`faults.script`).
        identities: who can sign in; the usual ones if it does not say.
        unregistered: resource providers that the scenario's own subscription has not registered.
        subscriptions, crowd: others beside it, by name and by number.
        large_target: many storage accounts and networks in its own.
    """

    start: datetime
    subscription: str
    tenant: str
    resource_group: str
    upload_mib_s: float
    title: str = ""
    about: str = ""
    order: int = 100
    based_on: str | None = None
    regional_cores: int = 0
    unregistered: list[str] = field(default_factory=list)
    vault: str | None = None
    site: str | None = None
    on_premises: str | None = None
    policy: PolicyData | None = None
    fleet: FleetData | None = None
    subscriptions: list[SubscriptionData] = field(default_factory=list)
    crowd: CrowdData | None = None
    large_target: LargeTargetData | None = None
    groups: list[GroupData] = field(default_factory=list)
    accounts: list[AccountData] = field(default_factory=list)
    networks: list[NetworkData] = field(default_factory=list)
    vaults: list[VaultData] = field(default_factory=list)
    sites: list[SiteData] = field(default_factory=list)
    hosts: list[HostData] = field(default_factory=list)
    machines: list[MachineData] = field(default_factory=list)
    policies: list[PolicyData] = field(default_factory=list)
    mappings: list[MappingData] = field(default_factory=list)
    items: list[ItemData] = field(default_factory=list)
    plans: list[PlanData] = field(default_factory=list)
    jobs: list[JobData] = field(default_factory=list)
    events: list[EventData] = field(default_factory=list)
    operations: list[OperationData] = field(default_factory=list)
    past: list[Deed] = field(default_factory=list)
    fault: list[dict[str, Any]] = field(default_factory=list)
    identities: IdentityData | None = None


def scenario_names() -> list[str]:
    """The scenarios that come with the program."""
    return sorted(entry.name.removesuffix(_SUFFIX) for entry in _folder().iterdir() if entry.name.endswith(_SUFFIX))


def scenario_key(name: str) -> str:
    """What a scenario is called that was named, or given by a path."""
    return _found(name, None).name.removesuffix(_SUFFIX)


def read_scenario(name: str) -> ScenarioData:
    """Read a scenario by its name, or by the path of its file or of a folder with that file alone.

    Raises:
        ScenarioError: there is none, or it is broken.
    """
    file = _found(name, None)
    given = _merged(file, [])
    try:
        data = convert(given, ScenarioData)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{file.name}: {_told(str(error))}") from None
    if data.on_premises:
        elsewhere = read_scenario(str(_found(data.on_premises, file))) if _is_path(name) else None
        elsewhere = elsewhere or read_scenario(data.on_premises)
        data.hosts, data.machines = elsewhere.hosts, elsewhere.machines
    for wrong in _contradictions(data):
        raise ScenarioError(f"{file.name}: {wrong}")
    return data


def span_of(text: str) -> float:
    """Seconds of a time span such as `40d` or `2h 30min`.

    Raises:
        ValueError: it is none.
    """
    parts = _SPAN.findall(text)
    if not parts or _SPAN.sub("", text).strip():
        raise ValueError(text)
    return sum(timedelta(**{_UNITS[unit]: float(number)}).total_seconds() for number, unit in parts)


def _folder() -> Traversable:
    return files("resources") / "scenarios"


def _is_path(name: str) -> bool:
    return name.endswith(_SUFFIX) or "/" in name or "\\" in name


def _found(name: str, beside: Traversable | None) -> Traversable:
    """The scenario's file. One that another file names may stand `beside` that."""
    if _is_path(name):
        return _file_at(Path(name))
    if isinstance(beside, Path) and (beside.parent / f"{name}{_SUFFIX}").is_file():
        return beside.parent / f"{name}{_SUFFIX}"
    if name not in scenario_names():
        names = ", ".join(scenario_names())
        raise ScenarioError(f"there is no scenario named {name!r}; there are {names}, or give the path of a file")
    return _folder() / f"{name}{_SUFFIX}"


def _file_at(path: Path) -> Path:
    if path.is_dir():
        inside = sorted(path.glob(f"*{_SUFFIX}"))
        if len(inside) != 1:
            names = ", ".join(file.name for file in inside) or "none"
            raise ScenarioError(f"the folder {path} must hold one scenario, or its file be named; it holds {names}")
        return inside[0]
    if not path.is_file():
        raise ScenarioError(f"there is no file {path}")
    return path


def _merged(file: Traversable, on_the_way: list[str]) -> dict[str, Any]:
    """The file's keys over those of the scenario that it is based on."""
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{file.name} cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{file.name} is not TOML: {error}") from None
    base = given.get("based_on")
    if not isinstance(base, str):
        return given
    if base in on_the_way:
        raise ScenarioError(f"{file.name}: based_on leads in a circle; one of {', '.join(on_the_way)} must stand alone")
    return _merged(_found(base, file), [*on_the_way, base]) | given


# What is wrong


def _told(message: str) -> str:
    """A message of msgspec, with the place first and, for a key that is unknown, those that are not."""
    what, _, place = message.partition(" - at `$")
    place = place.rstrip("`").removeprefix(".")
    unknown = re.search(r"unknown field `(\w+)`", what)
    if unknown:
        key = f"{place}.{unknown[1]}" if place else unknown[1]
        return f"there is no key {key}; there are {', '.join(_keys_at(place))}"
    lacking = re.search(r"missing required field `(\w+)`", what)
    if lacking:
        return f"{place or 'the file'} lacks the key {lacking[1]}"
    word = re.search(r"Invalid value '(.*)'", what)
    if word and place.endswith(".do"):
        deeds = ", ".join(repr(deed.__struct_config__.tag) for deed in get_args(Deed))
        return f"{place} cannot be '{word[1]}'; it is one of {deeds}"
    return f"{place or 'the file'}: {what[0].lower()}{what[1:]}".replace("`", "")


def _keys_at(place: str) -> Iterable[str]:
    """The keys of the table at a place such as `machines[...]`."""
    kinds: dict[str, type[Struct]] = {
        "": ScenarioData,
        "groups": GroupData,
        "accounts": AccountData,
        "networks": NetworkData,
        "hosts": HostData,
        "machines": MachineData,
        "policy": PolicyData,
        "fleet": FleetData,
        "subscriptions": SubscriptionData,
        "crowd": CrowdData,
        "large_target": LargeTargetData,
        "vaults": VaultData,
        "sites": SiteData,
        "policies": PolicyData,
        "mappings": MappingData,
        "items": ItemData,
        "plans": PlanData,
        "jobs": JobData,
        "events": EventData,
        "operations": OperationData,
        "identities": IdentityData,
        "identities.tenants": TenantData,
        "identities.users": UserData,
        "identities.applications": ApplicationData,
    }
    if place.startswith("identities.applications["):
        kinds |= {"secrets": SecretData, "certificates": CertificateData}
    name = next((part for part in ("secrets", "certificates") if f"].{part}" in place), place.partition("[")[0])
    if name == "past":
        return sorted({"do", *(key for deed in get_args(Deed) for key in deed.__struct_fields__)})
    if ".holds" in place:
        return HoldsData.__struct_fields__
    if place.startswith("subscriptions[") and ".vaults" in place:
        return VaultData.__struct_fields__
    return SubnetData.__struct_fields__ if ".subnets" in place else kinds[name].__struct_fields__


def _contradictions(data: ScenarioData) -> Iterable[str]:
    """What each key alone does not show: names that lead nowhere, and things that cannot be."""
    groups, machines = {group.name for group in data.groups}, {machine.name for machine in data.machines}
    places = [(f"accounts[{at}].group", account.group) for at, account in enumerate(data.accounts)]
    places += [(f"networks[{at}].group", network.group) for at, network in enumerate(data.networks)]
    places += [("resource_group", data.resource_group)] if data.vault else []
    for key, group in places:
        if group not in groups:
            yield f"{key} is '{group}', which is none of the groups: {_list(groups)}"
    homes: dict[str, str] = {}
    for at, host in enumerate(data.hosts):
        for name in host.machines:
            if name not in machines:
                yield f"hosts[{at}].machines names '{name}', which is no name of a machine"
            if name in homes:
                yield f"hosts[{at}].machines names '{name}', which stands on {homes[name]} already"
            homes[name] = host.name
    homes |= {machine.name: machine.host for machine in data.machines if machine.host}
    for key, text in (("title", data.title), ("about", data.about)):
        if not text:
            yield f"the file lacks the key {key}"
    for at, machine in enumerate(data.machines):
        if machine.name not in homes:
            yield f"machines[{at}] ('{machine.name}') stands on no host; name it under one of the hosts"
        if machine.generation not in (1, 2):
            yield f"machines[{at}].generation is {machine.generation}; it is 1 or 2"
        if not machine.disks:
            yield f"machines[{at}].disks is empty; a disk is [GiB, used GiB, churn MiB/s]"
        for disk, given in enumerate(machine.disks):
            size, used, unit = (
                (given.size_mib, given.used_mib, "MiB") if isinstance(given, DiskData) else (*given[:2], "GiB")
            )
            if not 0 < used <= size:
                yield f"machines[{at}].disks[{disk}] has {used} {unit} of {size} used; give 1 to {size}"
    if data.upload_mib_s <= 0:
        yield f"upload_mib_s is {data.upload_mib_s:g}; give a number above 0"
    if data.fleet and not (data.vault and data.site and data.policy and data.accounts and data.networks):
        yield "a fleet needs vault, site, policy, one of accounts and one of networks"
    yield from _wrong_past(data, homes)


def _wrong_past(data: ScenarioData, homes: dict[str, str]) -> Iterable[str]:
    hosts = {host.name.lower() for host in data.hosts}
    if data.past and not (data.vault and data.site):
        yield "past needs a vault and a site"
    for at, deed in enumerate(data.past):
        try:
            span_of(deed.ago)
        except ValueError:
            yield f"past[{at}].ago is '{deed.ago}'; write how long before the start, such as '40d' or '2h 30min'"
        for name in getattr(deed, "machines", ()):
            if name not in homes:
                yield f"past[{at}].machines names '{name}', which is no name of a machine"
        for name in getattr(deed, "hosts", ()):
            if name.lower() not in hosts:
                yield f"past[{at}].hosts names '{name}', which is none of the hosts: {_list(homes.values())}"
        copied = getattr(deed, "copied_percent", None)
        if copied is not None and not 0 <= copied < 100:
            yield f"past[{at}].copied_percent is {copied}; give 0 to 99"


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "there are none"
