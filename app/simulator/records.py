"""What the practice vault remembers. Every record is saved as it stands; times are virtual seconds since 1970."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from app.simulator.crowd_records import CrowdShape as CrowdShape
from app.simulator.crowd_records import Subscription as Subscription
from app.simulator.due_records import Due as Due
from app.simulator.due_records import Fault as Fault
from app.simulator.job_records import Job as Job
from app.simulator.job_records import JobError as JobError
from app.simulator.job_records import MachineWork as MachineWork
from app.simulator.job_records import Task as Task
from app.simulator.quota_record import Quota

Json = dict[str, Any]

NEWEST_PROVIDER = "5.24.0902.11"


class Disk(Struct):
    """A virtual disk on a Hyper-V host. What is used and how much changes never shows on the wire."""

    id: str
    name: str
    size_mib: int
    used_mib: int
    churn_mib_s: float = 0.1
    is_os: bool = False
    controller: str = ""


class Nic(Struct):
    id: str
    switch: str
    ip: str | None = None


class Machine(Struct):
    """A virtual machine on a Hyper-V host.

    Attributes:
        devices: what is known of special devices, in the service's words, where it is not the usual.
    """

    id: str
    name: str
    host: str
    generation: int
    cores: int
    memory_mib: int
    disks: list[Disk]
    nics: list[Nic]
    os: str | None = None
    os_edition: str | None = None
    has_shared_vhd: bool = False
    devices: dict[str, str] = field(default_factory=dict)


class Host(Struct):
    """A Hyper-V host. It waits (no provider) until it is registered in a site.

    Attributes:
        silent_since: when it lost its connection to Azure; None while it has one.
        cluster: the failover cluster that it is a node of; empty for a host by itself.
        proxy: what alone leads from it to Azure; empty where anything does.
    """

    name: str
    machines: list[str]
    server_version: str = "10.0.20348.0"
    agent_version: str = "2.0.9938.0"
    provider_version: str = NEWEST_PROVIDER
    fabric: str = ""
    provider: str = ""
    silent_since: float | None = None
    cluster: str = ""
    proxy: str = ""


class Fabric(Struct):
    """A Hyper-V site with its one container, which is there from the first host on."""

    id: str
    friendly_name: str
    internal_id: str
    upload_mib_s: float
    has_container: bool = True

    @property
    def container_name(self) -> str:
        return f"cloud_{self.internal_id}"

    @property
    def container_id(self) -> str:
        return f"{self.id}/replicationProtectionContainers/{self.container_name}"


class Provider(Struct):
    """The Provider of a registered host."""

    id: str
    fabric: str
    host: str
    is_ready: bool = False


class Policy(Struct):
    id: str
    instance_type: str
    details: Json


class Mapping(Struct):
    id: str
    policy_id: str


class Upload(Struct):
    """How a site's upload line is shared by the machines that send their first copy.

    Every one of them gets the same share, so it is enough to know how much each has been given so far (`served_mib`);
    a machine is through when that reaches the mark it got when it began.

    Attributes:
        movers: what each machine that was protected here changes, in MiB/s; together they may be too much for the line.
    """

    served_mib: float = 0.0
    at: float = 0.0
    marks: dict[str, float] = field(default_factory=dict)
    generation: int = 0
    movers: dict[str, float] = field(default_factory=dict)


class ItemNic(Struct):
    id: str
    switch: str
    source_ip: str | None
    subnet: str | None = None
    static_ip: str | None = None
    test_subnet: str | None = None
    test_ip: str | None = None
    selection: str = "SelectedByUser"
    target_name: str = ""
    accelerated: bool | None = None
    test_accelerated: bool | None = None
    security_group: str | None = None
    test_security_group: str | None = None


class ItemDisk(Struct):
    """Attributes:
    account: for its logs, where it has one of its own.
    kind: the type of managed disk that it is to be.
    seed: the managed disk that it is replicated to.
    """

    vhd_id: str
    disk_id: str
    name: str
    size_mib: int
    is_os: bool
    lun: int
    target_name: str | None = None
    location: str | None = None
    account: str | None = None
    kind: str | None = None
    custom_name: str | None = None
    encryption_set: str | None = None
    seed: str | None = None


class Point(Struct):
    """A recovery point that was there before a scenario began; all others are computed."""

    name: str
    at: float
    type: str


class Target(Struct):
    """How a machine is to look in Azure."""

    vm_name: str
    size: str
    group: str
    account: str | None = None
    log_account: str | None = None
    network: str | None = None
    test_network: str | None = None
    use_managed_disks: str = "false"
    replicates_to_managed_disks: str | None = None
    license: str = "NotSpecified"
    sql_license: str = "NotSpecified"
    rdp: str | None = None
    availability_set: str | None = None
    availability_zone: str | None = None
    placement_group: str | None = None
    vm_tags: dict[str, str] = field(default_factory=dict)
    nic_tags: dict[str, str] = field(default_factory=dict)
    seed_disk_tags: dict[str, str] | None = None
    disk_tags: dict[str, str] | None = None


class Item(Struct):
    """A replication protected item.

    Attributes:
        upload_left: what of the first copy was not sent when the host fell silent, or before its time has come, MiB;
            None while it is sent.
        copies_from: when the first copy may begin, where its policy said so.
        snapshots_fail_since: since when it gets no application-consistent points; None while it gets them.
        is_validated: the service has looked at what a failover needs, as it does twice a day.
    """

    id: str
    machine: str
    machine_name: str
    provider: str
    policy: str
    phase: str
    os_type: str
    memory_mib: int
    cores: int
    used_mib: int
    generation: int
    correlation: str
    created: float
    disks: list[ItemDisk]
    nics: list[ItemNic]
    target: Target
    test_state: str = "None"
    warns: bool = True
    tells_age: bool = True
    points: list[Point] = field(default_factory=list)
    busy_job: str | None = None
    trouble: str | None = None
    trouble_since: float = 0.0
    replicating_since: float | None = None
    stopped_at: float | None = None
    last_test: float | None = None
    last_failover: float | None = None
    failover_point: str | None = None
    points_deleted: bool = False
    upload_mib: float = 0.0
    upload_left: float | None = None
    copies_from: float | None = None
    snapshots_fail_since: float | None = None
    is_validated: bool = False
    vm: str | None = None
    test_vm: str | None = None


class Event(Struct):
    id: str
    name: str
    at: float
    code: str
    type: str
    description: str
    affected: str
    severity: str
    fabric: str
    details: Json | None = None
    error: JobError | None = None
    correlation: str = ""
    provider_details: Json | None = None


class Plan(Struct):
    id: str
    primary_fabric: str
    recovery_fabric: str
    deployment_model: str
    groups: list[Json]
    scenario: str | None = None
    scenario_job: str | None = None
    scenario_started: float = 0.0
    status: str | None = None
    status_description: str | None = None
    busy_job: str | None = None
    last: dict[str, float] = field(default_factory=dict)


class Resource(Struct):
    """A resource of another provider, as ARM shows it: `body` is the answer but for what is computed.

    Attributes:
        ready_from: until then it is still being made.
        extra: what hangs on the resource and is shown elsewhere.
    """

    id: str
    type: str
    body: Json
    ready_from: float = 0.0
    extra: Json = field(default_factory=dict)


class Operation(Struct):
    """A long-running operation outside Site Recovery."""

    id: str
    target: str
    started: float
    ends: float


class RoleAssignment(Struct):
    """Who may do what, where: a role given to somebody at a scope."""

    id: str
    name: str
    scope: str
    role: str
    principal: str
    principal_type: str
    created: float
    description: str | None = None


class Lock(Struct):
    """What stops deletions, or every change, at a scope and below."""

    id: str
    name: str
    scope: str
    level: str
    notes: str | None = None


class DenyAssignment(Struct):
    """What is withheld at a scope and below, whatever roles there are. No principals means everybody."""

    id: str
    name: str
    scope: str
    title: str
    actions: list[str]
    not_actions: list[str]
    principals: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)


class FleetShape(Struct):
    """What all machines of a fleet have in common; ids of what they are protected with."""

    fabric: Fabric
    policy: str
    group: str
    account: str
    network: str
    subnet: str
    opened: float
    machines_per_host: int


class Settings(Struct):
    """One per state: what was opened, and where virtual time and the GUID counter stand.

    `regional_cores` is how many the subscription may use in a region, 0 for the usual number; `registering` has the
    resource providers on their way to being registered, with the time at which they are.
    """

    scenario: str
    count: int
    seed: int
    subscription: str
    tenant: str
    resource_group: str
    vault: str | None
    counter: int = 0
    now: float = 0.0
    speed: float = 0.0
    paused: bool = False
    upload_mib_s: float = 60.0
    regional_cores: int = 0
    quota: Quota = field(default_factory=Quota)
    registering: dict[str, float] = field(default_factory=dict)
    unregistered: list[str] = field(default_factory=list)
    fleet: FleetShape | None = None
    crowd: CrowdShape | None = None
    format: int = 1
