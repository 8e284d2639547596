"""What a host told of itself by the readiness script, before anything was installed on it.

Everything here is as one host saw it at one time. None and `unknown` mean that it could not be asked, never that it is
not there. Names are a stranger's text; they were freed of control characters when they were taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

SMOKE_TEST_MIN = 30
"""A shorter measurement shows that measuring works, and nothing of what a day is like: Microsoft's Deployment Planner
takes none below it (Run the Deployment Planner for Hyper-V to Azure, 2026), and advises more than seven days."""


class CheckStatus(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of a host.

    Attributes:
        id: names the check; what it means and what to do is in our own tables.
        value: what was found, as text.
        error: why it could not be found out.
        source: where it was looked for.
    """

    id: str
    status: CheckStatus
    value: str = ""
    error: str = ""
    source: str = ""


class DiskKind(StrEnum):
    VIRTUAL = "virtual"
    SHARED = "shared"
    """Other machines may use it as well: a guest cluster."""
    PASS_THROUGH = "pass_through"
    """A physical disk of the host."""


@dataclass(frozen=True, slots=True)
class DiskReport:
    """One disk of a machine.

    Attributes:
        path: where its newest file is; empty for a physical disk.
        size_bytes: what the machine sees.
        file_bytes: what the file takes on the host: what is used in a disk that grows.
        format: `VHD`, `VHDX` or `VHDSet`.
        growth: `Fixed`, `Dynamic` or `Differencing`.
        is_boot: whether the machine starts from it; None where that is not told.
    """

    path: str
    kind: DiskKind = DiskKind.VIRTUAL
    size_bytes: int | None = None
    file_bytes: int | None = None
    format: str = ""
    growth: str = ""
    logical_sector: int | None = None
    physical_sector: int | None = None
    controller: str = ""
    is_boot: bool | None = None

    @property
    def is_native_4k(self) -> bool:
        """Sectors of 4 KiB inside and out, which cannot be replicated."""
        return self.logical_sector == 4096 and self.physical_sector == 4096


@dataclass(frozen=True, slots=True)
class NicReport:
    name: str
    mac: str = ""
    switch: str = ""
    is_legacy: bool = False
    addresses: tuple[str, ...] = ()


class BackupService(StrEnum):
    """The integration service that application-consistent points need (Backup, volume shadow copy)."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReplicaReport:
    """A replication that Hyper-V runs already, of its own or of Site Recovery.

    Attributes:
        mode: `Primary`, `Replica`, `TestReplica` or `ExtendedReplica`.
        is_azure: None where the host does not tell whose it is.
    """

    mode: str
    state: str = ""
    health: str = ""
    is_azure: bool | None = None


@dataclass(frozen=True, slots=True)
class MachineReport:
    """One virtual machine, as the host that runs it tells.

    Attributes:
        id: its Hyper-V GUID in lower case: the protectable item's name.
        generation: 0 where it is not told.
        checkpoints: None where they could not be listed.
        fibre_channel: how many virtual adapters; None where they could not be listed.
        guest_os: what the guest calls itself; running guests only.
        has_dynamic_disks: whether the guest has volumes on dynamic or striped disks. A host can’t see that: it is told
            only where somebody asked the guest.
        problems: what could not be asked, in the host's words.
    """

    id: str
    name: str
    state: str = ""
    generation: int = 0
    configuration: str = ""
    cores: int | None = None
    memory_bytes: int | None = None
    is_clustered: bool | None = None
    guest_os: str = ""
    disks: tuple[DiskReport, ...] = ()
    disks_known: bool = True
    nics: tuple[NicReport, ...] = ()
    checkpoints: tuple[str, ...] | None = None
    backup_service: BackupService = BackupService.UNKNOWN
    integration_state: str = ""
    fibre_channel: int | None = None
    secure_boot: bool | None = None
    is_shielded: bool | None = None
    has_dynamic_disks: bool | None = None
    replica: ReplicaReport | None = None
    problems: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int | None:
        """All its disks; None while one of them is not known."""
        sizes = [disk.size_bytes for disk in self.disks]
        return sum(size for size in sizes if size is not None) if self.disks_known and None not in sizes else None

    @property
    def file_bytes(self) -> int | None:
        """What its disks take on the host."""
        sizes = [disk.file_bytes for disk in self.disks]
        return sum(size for size in sizes if size is not None) if self.disks_known and None not in sizes else None


@dataclass(frozen=True, slots=True)
class SwitchReport:
    name: str
    kind: str = ""
    """`External`, `Internal` or `Private`."""


@dataclass(frozen=True, slots=True)
class VolumeReport:
    """A volume on which disks lie.

    Attributes:
        path: where it is mounted: `C:\\`, `C:\\ClusterStorage\\Volume1`.
        free_bytes: None where the owner did not tell.
        is_shared: a volume of the whole cluster, told once for all its nodes.
    """

    path: str
    size_bytes: int | None = None
    free_bytes: int | None = None
    file_system: str = ""
    is_shared: bool = False

    def holds(self, path: str) -> bool:
        """Whether a file lies on it, by its path; a volume mounted inside this one may hold it all the same."""
        root = self.path.casefold().rstrip("\\") + "\\"
        return path.casefold().removeprefix("\\\\?\\").startswith(root)


@dataclass(frozen=True, slots=True)
class ChurnSample:
    """One minute of one host: what all its measured disks wrote and read a second, on average."""

    at: datetime
    write_bytes: float
    write_ops: float
    read_bytes: float
    read_ops: float


@dataclass(frozen=True, slots=True)
class MachineChurn:
    """What one machine wrote while it was measured.

    Attributes:
        minutes: how many minutes there are figures of; a machine that is off has none.
        write_bytes: a second, on average.
        peak_write_bytes: a second, in the minute that 95 of 100 stay below.
        write_ops: a second, on average.
    """

    machine_id: str
    minutes: int
    write_bytes: float
    peak_write_bytes: float
    write_ops: float

    @property
    def write_size(self) -> float | None:
        """Bytes of an average write; decides which limit of churn holds."""
        return self.write_bytes / self.write_ops if self.write_ops > 0 else None


@dataclass(frozen=True, slots=True)
class ChurnReport:
    """A measurement of writes.

    Attributes:
        is_whole: whether it was ended by the script; one that was interrupted counts as far as it got.
        unmatched: how many measured disks belong to no known machine.
    """

    started: datetime
    ended: datetime
    minutes: int
    source: str
    machines: tuple[MachineChurn, ...] = ()
    samples: tuple[ChurnSample, ...] = ()
    unmatched: int = 0
    is_whole: bool = True

    @property
    def is_smoke_test(self) -> bool:
        """Too short to say anything of a day."""
        return self.minutes < SMOKE_TEST_MIN


@dataclass(frozen=True, slots=True)
class NodeReport:
    name: str
    state: str = ""
    """`Up`, `Down`, `Paused` or `Joining`."""


@dataclass(frozen=True, slots=True)
class ClusterReport:
    """The cluster of a host, as the node that ran the script saw it.

    Attributes:
        broker: state of the Replica Broker: `Online` and others; empty where there is none, None where it is not known.
    """

    name: str
    nodes: tuple[NodeReport, ...] = ()
    broker: str | None = None
    volumes: tuple[VolumeReport, ...] = ()


@dataclass(frozen=True, slots=True)
class HostReport:
    """One host, newest first when there are several of it.

    Attributes:
        name: its computer name; `fqdn` with the domain, where it has one.
        is_reached: false for a node that was down or refused; nothing but its name is known then, and `problem` why.
        machines_known: false where an empty list may mean a lack of rights.
        notes: what was left out or put right when the file was taken in, in sentences.
    """

    name: str
    taken_at: datetime
    fqdn: str = ""
    is_reached: bool = True
    problem: str = ""
    system: str = ""
    build: int | None = None
    is_elevated: bool | None = None
    language_mode: str = ""
    cluster: ClusterReport | None = None
    checks: tuple[CheckResult, ...] = ()
    volumes: tuple[VolumeReport, ...] = ()
    switches: tuple[SwitchReport, ...] = ()
    machines: tuple[MachineReport, ...] = ()
    machines_known: bool = True
    churn: ChurnReport | None = None
    notes: tuple[str, ...] = ()
    file_name: str = ""
    script_version: str = ""

    @property
    def key(self) -> str:
        return host_key(self.name)

    def count(self, *wanted: CheckStatus) -> int:
        """How many of its checks ended so."""
        return sum(check.status in wanted for check in self.checks)


def host_key(name: str) -> str:
    """What a host is known by, whether its domain is written or not: `hv-01` for `HV-01.contoso.com`."""
    return name.strip().partition(".")[0].casefold()


@dataclass(frozen=True)
class HostReports:
    """All reports at hand, one a host. An empty one is what there is before anybody ran the script."""

    hosts: tuple[HostReport, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hosts)

    def host(self, name: str) -> HostReport | None:
        """By its name with or without a domain, in whatever case. Two hosts of one name in two domains stay apart."""
        found = self._hosts_by_key.get(host_key(name), ())
        exact = [each for each in found if name.casefold() in (each.name.casefold(), each.fqdn.casefold())]
        if exact:
            return exact[0]
        domains = [each for each in found if "." not in name or not each.fqdn or "." not in each.fqdn]
        return domains[0] if domains else None

    def machine(self, machine_id: str) -> MachineReport | None:
        """By its Hyper-V GUID; of several the newest host's."""
        found = self._machines_by_id.get(machine_id.lower())
        return found[1] if found else None

    def host_of(self, machine_id: str) -> HostReport | None:
        """The host that told of the machine."""
        found = self._machines_by_id.get(machine_id.lower())
        return found[0] if found else None

    def churn_of(self, machine_id: str) -> tuple[MachineChurn, ChurnReport] | None:
        """What the machine wrote, and the measurement it comes from; of several the longest."""
        return self._churn_by_id.get(machine_id.lower())

    @cached_property
    def _hosts_by_key(self) -> Mapping[str, tuple[HostReport, ...]]:
        found: dict[str, tuple[HostReport, ...]] = {}
        for host in self.hosts:
            # Windows cuts a computer's own name to 15 letters; its name in the domain may be longer.
            for key in {host.key, host_key(host.fqdn) or host.key}:
                found[key] = (*found.get(key, ()), host)
        return found

    @cached_property
    def _machines_by_id(self) -> Mapping[str, tuple[HostReport, MachineReport]]:
        oldest_first = sorted(self.hosts, key=lambda host: host.taken_at)
        return {machine.id: (host, machine) for host in oldest_first for machine in host.machines}

    @cached_property
    def _churn_by_id(self) -> Mapping[str, tuple[MachineChurn, ChurnReport]]:
        found: dict[str, tuple[MachineChurn, ChurnReport]] = {}
        for report in _measurements(self.hosts):
            for churn in report.machines:
                known = found.get(churn.machine_id)
                if known is None or churn.minutes > known[0].minutes:
                    found[churn.machine_id] = (churn, report)
        return found


def _measurements(hosts: Iterable[HostReport]) -> list[ChurnReport]:
    return [host.churn for host in hosts if host.churn is not None]
