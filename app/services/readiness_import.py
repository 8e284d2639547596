"""What a readiness file says, as reports of hosts: names freed of what no name has, absurd numbers unknown.

Runs in a process of its own (`readiness_child`), and hands on lines that are quick to read one by one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from app.domain.host_report import (
    BackupService,
    CheckResult,
    CheckStatus,
    ClusterReport,
    DiskKind,
    DiskReport,
    HostReport,
    MachineReport,
    NicReport,
    NodeReport,
    ReplicaReport,
    SwitchReport,
    VolumeReport,
    host_key,
)
from app.neutral_text import one_line
from app.services import readiness_format as wire
from app.services.readiness_churn import churn_of
from app.services.readiness_text import Limits, Refusal, read_document

_BACKUP = "5ced1297-4598-4915-a5fc-ad21bb4d02a4"
"""The component of every integration service of the name “Backup (volume shadow copy)”, in whatever language."""
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_C1 = re.compile("[\x80-\x9f\ufeff]")
_NOTES_TOLD = 20


def read_reports(data: bytes, limits: Limits) -> list[HostReport]:
    """The hosts of a file.

    Raises:
        Refusal: it cannot be used, or says what cannot be.
    """
    document, is_whole = read_document(data)
    return _Reading(document, limits, is_whole=is_whole).hosts()


class _Reading:
    def __init__(self, document: wire.Report, limits: Limits, *, is_whole: bool) -> None:
        self._document = document
        self._limits = limits
        self._is_whole = is_whole
        self._notes: list[str] = []

    def hosts(self) -> list[HostReport]:
        document = self._document
        if not document.hosts:
            raise Refusal("It tells of no host. Run the script on a Hyper-V host.", "hosts")
        self._check_counts()
        ended = self._moment(document.ended, "ended")
        cluster = self._cluster(document.cluster) if document.cluster is not None else None
        found = [self._host(host, place, ended, cluster) for place, host in enumerate(document.hosts)]
        if len({host.key for host in found}) < len(found):
            raise Refusal("It tells of one host twice. Ask for a fresh file from the host.", "hosts")
        found = self._without_doubles(found)
        if document.missing:
            self._note(f"{len(document.missing):,} of the cluster’s machines moved meanwhile. Run the script again.")
        if document.cluster_problem:
            self._note(f"The cluster could not be asked: {self._text(document.cluster_problem)}")
        if document.churn is not None:
            machines = [(machine, paths) for host in found for machine, paths in self._paths(host)]
            churn = churn_of(document.churn, machines, ended, self._limits, is_whole=self._is_whole)
            first = next((place for place, host in enumerate(found) if host.is_reached), 0)
            found[first] = replace(found[first], churn=churn)
            if not self._is_whole:
                self._note("The measurement was interrupted; it counts up to the last whole minute.")
        notes = tuple(self._notes[:_NOTES_TOLD])
        if len(self._notes) > _NOTES_TOLD:
            notes = (*notes, f"And {len(self._notes) - _NOTES_TOLD:,} more of the kind.")
        return [replace(host, notes=notes) for host in found]

    def _check_counts(self) -> None:
        document, limits = self._document, self._limits
        machines = sum(len(host.machines or ()) for host in document.hosts)
        for word, count, most in (
            ("hosts", len(document.hosts), limits.max_hosts),
            ("machines", machines, limits.max_machines),
            ("minutes", len(document.churn.minutes) if document.churn else 0, limits.max_minutes),
        ):
            if count > most:
                raise Refusal(f"It tells of {count:,} {word}; at most {most:,} are taken.")
        for host in document.hosts:
            most = max((len(machine.disks or ()) for machine in host.machines or ()), default=0)
            nics = max((len(machine.nics or ()) for machine in host.machines or ()), default=0)
            if most > limits.max_disks or nics > limits.max_nics or len(host.checks) > limits.max_checks:
                raise Refusal("It tells more of one thing than Hyper-V can have.", f"host {self._text(host.name)}")

    def _host(self, host: wire.Host, place: int, ended: datetime, cluster: ClusterReport | None) -> HostReport:
        name = self._name(host.name, f"hosts[{place}].name")
        machines = host.machines or ()
        # Without rights Hyper-V lists no machine and says nothing: an empty list is a fact for administrators only.
        is_known = host.is_reached and host.machines is not None and (bool(machines) or host.is_elevated is True)
        if host.is_64_bit is False:
            self._note(f"{name}: the script ran in a 32-bit PowerShell, which sees another registry. Run it again.")
        build = self._count(host.system.build, f"{name}: build", 1_000_000)
        return HostReport(
            name=name,
            fqdn=self._text(host.fqdn),
            taken_at=self._moment(host.ended, f"hosts[{place}].ended") if host.ended else ended,
            is_reached=host.is_reached,
            problem=self._text(host.problem),
            system=self._text(host.system.caption),
            build=build,
            is_elevated=host.is_elevated,
            language_mode=self._text(host.language_mode),
            cluster=cluster,
            checks=tuple(self._check(check, name) for check in host.checks),
            volumes=tuple(self._volumes(host.volumes, name)),
            switches=tuple(SwitchReport(self._text(each.name), self._text(each.kind)) for each in host.switches),
            machines=tuple(self._machine(each, f"hosts[{place}].machines[{n}]") for n, each in enumerate(machines)),
            machines_known=is_known,
            script_version=self._text(self._document.script_version),
        )

    def _cluster(self, cluster: wire.Cluster) -> ClusterReport:
        nodes = tuple(NodeReport(self._text(node.name), self._text(node.state)) for node in cluster.nodes)
        broker = None if cluster.broker is None else self._text(cluster.broker)
        shared: dict[str, VolumeReport] = {}
        for volume in self._volumes(cluster.volumes, cluster.name, is_shared=True):
            shared.setdefault(volume.path.casefold(), volume)  # told by several nodes, it is there once all the same
        name = self._name(cluster.name, "cluster.name")
        return ClusterReport(name, nodes[: self._limits.max_hosts], broker, tuple(shared.values()))

    def _check(self, check: wire.Check, host: str) -> CheckResult:
        try:
            status = CheckStatus(check.status.lower())
        except ValueError:
            self._note(f"{host}: the result “{self._text(check.status)[:40]}” of {self._text(check.id)} says nothing.")
            status = CheckStatus.UNKNOWN
        value = self._text(_value_text(check.value))
        return CheckResult(self._text(check.id), status, value, self._text(check.error), self._text(check.source))

    def _volumes(self, volumes: Iterable[wire.Volume], of: str, *, is_shared: bool = False) -> Iterator[VolumeReport]:
        for volume in volumes:
            path = self._text(volume.path)
            size, free = self._size(volume.size, f"{of} {path}: size"), self._size(volume.free, f"{of} {path}: free")
            if is_shared and not size:  # a redirected or paused volume tells 0 of both
                size = free = None
            if size is not None and free is not None and free > size:
                self._note(f"{of} {path}: more is free than there is; taken as unknown.")
                free = None
            yield VolumeReport(path, size, free, self._text(volume.file_system), is_shared)

    def _machine(self, machine: wire.Machine, place: str) -> MachineReport:
        name = self._text(machine.name)
        machine_id = machine.id.strip().strip("{}").lower()
        if not _GUID.fullmatch(machine_id):
            raise Refusal("The id of a machine is no GUID. Ask for a fresh file from the host.", f"{place}.id")
        generation = self._count(machine.generation, f"{name}: generation", 9)
        return MachineReport(
            id=machine_id,
            name=name,
            state=self._text(machine.state),
            generation=generation if generation in (1, 2) else 0,
            configuration=self._text(machine.configuration),
            cores=self._count(machine.cores, f"{name}: cores", 100_000),
            memory_bytes=self._size(machine.memory, f"{name}: memory"),
            is_clustered=machine.is_clustered,
            guest_os=self._text(machine.guest_os),
            disks=tuple(self._disk(disk, name) for disk in machine.disks or ()),
            disks_known=machine.disks is not None,
            nics=tuple(self._nic(nic) for nic in machine.nics or ()),
            checkpoints=None if machine.checkpoints is None else tuple(map(self._text, machine.checkpoints[:100])),
            backup_service=_backup(machine.integration),
            integration_state=self._text(machine.integration_state),
            fibre_channel=self._count(machine.fibre_channel, f"{name}: Fibre Channel", 1_000),
            secure_boot=machine.secure_boot,
            is_shielded=machine.is_shielded,
            has_dynamic_disks=machine.has_dynamic_disks,
            replica=self._replica(machine.replica),
            problems=tuple(map(self._text, machine.problems[:20])),
        )

    def _disk(self, disk: wire.Disk, of: str) -> DiskReport:
        path = self._text(disk.path)
        kind = DiskKind.VIRTUAL
        if not path and disk.disk_number is not None:
            kind = DiskKind.PASS_THROUGH
        elif disk.is_shared or path.lower().endswith(".vhds"):
            kind = DiskKind.SHARED
        about = f"{of}, {path or 'physical disk'}"
        return DiskReport(
            path=path,
            kind=kind,
            size_bytes=self._size(disk.size, f"{about}: size") or None,
            file_bytes=self._size(disk.file_size, f"{about}: size of the file"),
            format=self._text(disk.format),
            growth=self._text(disk.growth),
            logical_sector=self._count(disk.logical_sector, f"{about}: sector", 1 << 20),
            physical_sector=self._count(disk.physical_sector, f"{about}: sector", 1 << 20),
            controller=self._text(disk.controller),
            is_boot=disk.is_boot,
        )

    def _nic(self, nic: wire.Nic) -> NicReport:
        addresses = tuple(map(self._text, nic.addresses[:64]))
        return NicReport(
            self._text(nic.name), self._text(nic.mac), self._text(nic.switch), bool(nic.is_legacy), addresses
        )

    def _replica(self, replica: wire.Replica | None) -> ReplicaReport | None:
        if replica is None or replica.mode.strip().lower() in ("", "none", "0"):
            return None
        told = f"{replica.provider or ''} {replica.replica_server or ''}".strip().lower()
        is_azure = None if not told else "azure" in told
        return ReplicaReport(self._text(replica.mode), self._text(replica.state), self._text(replica.health), is_azure)

    def _without_doubles(self, hosts: list[HostReport]) -> list[HostReport]:
        """A machine that moved while the nodes were asked is told by two of them: the one that had it running counts.

        And a virtual disk that two machines use is a shared one, whatever they say of it.
        """
        best: dict[str, tuple[bool, int]] = {}
        for place, host in enumerate(hosts):
            for machine in host.machines:
                rank = (machine.state.lower() == "running", -place)
                if machine.id in best:
                    self._note(f"{machine.name} was told by two hosts; it moved meanwhile.")
                best[machine.id] = max(best.get(machine.id, rank), rank)
        users: dict[str, set[str]] = {}
        for host in hosts:
            for machine in host.machines:
                for disk in machine.disks:
                    if disk.path:
                        users.setdefault(disk.path.casefold(), set()).add(machine.id)
        # A path on a node's own disks means another file on another node.
        cluster = hosts[0].cluster
        is_one_place = len(hosts) == 1 or cluster is not None
        shared = {path for path, ids in users.items() if len(ids) > 1 and is_one_place}
        kept = []
        for place, host in enumerate(hosts):
            machines = []
            told: set[str] = set()
            for machine in host.machines:
                if -place != best[machine.id][1] or machine.id in told:
                    continue
                told.add(machine.id)
                disks = tuple(_shared_if(disk, shared) for disk in machine.disks)
                machines.append(replace(machine, disks=disks) if disks != machine.disks else machine)
            kept.append(replace(host, machines=tuple(machines)))
        return kept

    def _paths(self, host: HostReport) -> Iterator[tuple[str, list[str]]]:
        """Each machine with all files that its disks consist of."""
        wire_host = next(each for each in self._document.hosts if host_key(self._text(each.name)) == host.key)
        wanted = {machine.id for machine in host.machines}
        for machine in wire_host.machines or ():
            machine_id = machine.id.strip().strip("{}").lower()
            if machine_id in wanted:
                disks = machine.disks or ()
                yield machine_id, [path for disk in disks for path in (disk.path or "", *disk.chain) if path]

    # Values

    def _text(self, text: str | None) -> str:
        """A stranger's words on one line, and no longer than anybody would read."""
        plain = one_line(_C1.sub("", text or ""))
        most = self._limits.max_text
        return plain if len(plain) <= most else f"{plain[: most - 1]}…"

    def _name(self, text: str, place: str) -> str:
        name = self._text(text)
        if not name:
            raise Refusal("A name is missing there. Ask for a fresh file from the host.", place)
        return name

    def _size(self, number: wire.Number, about: str) -> int | None:
        return self._count(number, about, self._limits.max_size_bytes)

    def _count(self, number: wire.Number, about: str, most: int) -> int | None:
        """A whole number; one that cannot be is unknown, and a note says so."""
        if number is None:
            return None
        if math.isfinite(number) and 0 <= number <= most:
            return round(number)
        self._note(f"{self._text(about)} can’t be {number:.3g}; taken as unknown.")
        return None

    def _moment(self, text: str, place: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not 2012 <= moment.year <= 2200:
            raise Refusal("The time there makes no sense. Ask for a fresh file from the host.", place)
        return moment.astimezone(UTC)

    def _note(self, text: str) -> None:
        self._notes.append(text)


def _shared_if(disk: DiskReport, shared: set[str]) -> DiskReport:
    is_shared = disk.kind is DiskKind.VIRTUAL and disk.path.casefold() in shared
    return replace(disk, kind=DiskKind.SHARED) if is_shared else disk


def _backup(integration: tuple[wire.Component, ...] | None) -> BackupService:
    for component in integration or ():
        if component.component.strip("{}").lower() == _BACKUP and component.is_enabled is not None:
            return BackupService.ON if component.is_enabled else BackupService.OFF
    return BackupService.UNKNOWN


def _value_text(value: Any) -> str:
    """A check's value in words: whatever JSON it is."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value_text(each) for each in value[:50])
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value_text(each)}" for name, each in list(value.items())[:50])
    return msgspec.json.encode(value).decode()
