"""The readiness file as it is written, as typed records. `resources/readiness/report.schema.json` says the same.

Numbers are taken as they come and judged afterwards: an absurd one costs itself only. Fields of a later minor version
are passed over.
"""

from __future__ import annotations

from typing import Any

import msgspec

SCHEMA = "site-recovery-desk/readiness"
MAJOR, MINOR = 1, 0

Number = int | float | None


class Head(msgspec.Struct, frozen=True):
    """What says whether a document is one of ours at all."""

    schema: str
    version: str


class Check(msgspec.Struct, frozen=True):
    id: str
    status: str
    value: Any = None
    error: str | None = None
    source: str | None = None


class Volume(msgspec.Struct, frozen=True):
    path: str
    size: Number = None
    free: Number = None
    file_system: str | None = None


class Switch(msgspec.Struct, frozen=True):
    name: str
    kind: str | None = None


class Disk(msgspec.Struct, frozen=True):
    """`disk_number` is that of a physical disk of the host."""

    path: str | None = None
    disk_number: Number = None
    is_shared: bool | None = None
    size: Number = None
    file_size: Number = None
    format: str | None = None
    growth: str | None = None
    logical_sector: Number = None
    physical_sector: Number = None
    controller: str | None = None
    is_boot: bool | None = None
    error: str | None = None
    chain: tuple[str, ...] = ()
    """The files below the newest one, down to the first."""


class Nic(msgspec.Struct, frozen=True):
    name: str | None = None
    mac: str | None = None
    switch: str | None = None
    is_legacy: bool | None = None
    addresses: tuple[str, ...] = ()


class Component(msgspec.Struct, frozen=True):
    """An integration service, by the GUID that its id ends with; its name is in the host's language."""

    component: str
    is_enabled: bool | None = None


class Replica(msgspec.Struct, frozen=True):
    mode: str
    state: str | None = None
    health: str | None = None
    replica_server: str | None = None
    provider: str | None = None


class Machine(msgspec.Struct, frozen=True):
    id: str
    name: str
    state: str | None = None
    generation: Number = None
    configuration: str | None = None
    cores: Number = None
    memory: Number = None
    is_clustered: bool | None = None
    guest_os: str | None = None
    disks: tuple[Disk, ...] | None = None
    nics: tuple[Nic, ...] | None = None
    checkpoints: tuple[str, ...] | None = None
    integration: tuple[Component, ...] | None = None
    integration_state: str | None = None
    fibre_channel: Number = None
    secure_boot: bool | None = None
    is_shielded: bool | None = None
    has_dynamic_disks: bool | None = None
    replica: Replica | None = None
    problems: tuple[str, ...] = ()


class System(msgspec.Struct, frozen=True):
    caption: str | None = None
    build: Number = None
    product_type: Number = None
    model: str | None = None
    memory: Number = None


class Host(msgspec.Struct, frozen=True):
    name: str
    fqdn: str | None = None
    is_reached: bool = True
    problem: str | None = None
    ended: str | None = None
    is_elevated: bool | None = None
    language_mode: str | None = None
    powershell: str | None = None
    is_64_bit: bool | None = None
    culture: str | None = None
    ui_culture: str | None = None
    system: System = System()
    checks: tuple[Check, ...] = ()
    volumes: tuple[Volume, ...] = ()
    switches: tuple[Switch, ...] = ()
    machines: tuple[Machine, ...] | None = None


class Node(msgspec.Struct, frozen=True):
    name: str
    state: str | None = None


class Cluster(msgspec.Struct, frozen=True):
    """`broker` is null where it could not be asked for, and empty where there is none."""

    name: str
    nodes: tuple[Node, ...] = ()
    broker: str | None = None
    volumes: tuple[Volume, ...] = ()


class Minute(msgspec.Struct, frozen=True):
    """One minute: `new` names disks met for the first time, `values` holds rates a second by the disk's number.

    A row of `values` is [number, bytes written, writes, bytes read, reads, samples].
    """

    at: str | None = None
    new: tuple[tuple[int, str, str], ...] = ()
    values: tuple[tuple[int, Number, Number, Number, Number, int], ...] = ()
    end: bool = False


class Churn(msgspec.Struct, frozen=True):
    """`minutes` comes last in the file, a minute a line, and is closed by one with `end`."""

    source: str | None = None
    interval_s: Number = None
    started: str | None = None
    minutes: tuple[Minute, ...] = ()


class Report(msgspec.Struct, frozen=True):
    schema: str
    version: str
    ended: str
    hosts: tuple[Host, ...]
    script_version: str | None = None
    started: str | None = None
    cluster: Cluster | None = None
    cluster_problem: str | None = None
    missing: tuple[str, ...] = ()
    """Machines of the cluster that no node had while it was asked, by their ids."""
    churn: Churn | None = None
