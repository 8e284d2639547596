"""What a host's readiness file adds to what Azure knows of a machine: facts it lacks, and reasons it does not give.

A file is a picture of one day. Where Azure, asked now, says the opposite, the file only warns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.host_report import BackupService, DiskKind, HostReport, HostReports, MachineReport
from app.domain.issue import Suitability, Verdict
from app.domain.protection import OsType, Presence, ProtectableItem
from app.domain.rules import MachineRules

_LINUX = ("linux", "ubuntu", "centos", "red hat", "suse", "debian", "fedora", "alma", "rocky", "oracle")
_BEHIND_REPLICA = ("replica", "testreplica", "extendedreplica")
_AGAIN = "Then run the readiness script again and import its file, or remove the host’s report."


@dataclass(frozen=True, slots=True)
class Told:
    """A machine as a host told of it, and which host, when."""

    machine: MachineReport
    host: HostReport

    @property
    def by(self) -> str:
        """`told by HV-HQ-01 on 26 Aug`."""
        return f"told by {self.host.name} on {self.host.taken_at.day} {self.host.taken_at:%b}"


def told_of(machine_id: str, reports: HostReports) -> Told | None:
    """What was told of a machine, by its Hyper-V GUID."""
    machine, host = reports.machine(machine_id), reports.host_of(machine_id)
    return Told(machine, host) if machine is not None and host is not None else None


def guest_os_type(name: str) -> OsType:
    """Which kind of system a guest means by what it calls itself."""
    lowered = name.lower()
    if "windows" in lowered:
        return OsType.WINDOWS
    return OsType.LINUX if any(word in lowered for word in _LINUX) else OsType.UNKNOWN


def completed(item: ProtectableItem, told: Told | None) -> ProtectableItem:
    """The item with what Azure does not know of it and the host told."""
    if told is None or (item.generation and item.os_type is not OsType.UNKNOWN):
        return item
    machine = told.machine
    changes: dict[str, object] = {}
    if item.generation == 0 and machine.generation:
        changes["generation"] = machine.generation
    system = guest_os_type(machine.guest_os)
    if item.os_type is OsType.UNKNOWN and system is not OsType.UNKNOWN:
        changes |= {"os_type": system, "os_name": machine.guest_os.removeprefix("Microsoft ")}
    return replace(item, **changes) if changes else item  # type: ignore[arg-type]


def reported_verdicts(item: ProtectableItem, told: Told | None, rules: MachineRules) -> list[Verdict]:
    """The reasons in the host's own words, beside those that Azure gives already."""
    if told is None:
        return []
    machine = told.machine
    found = [*_hardware(item, told), *_replica(told), *_disks(told)]
    if machine.is_shielded:
        text = "It is shielded: its disks are encrypted, and can’t be replicated."
        found.append(_blocked("Shielded machine", text, "Leave it to another way of protection.", told))
    if machine.backup_service is BackupService.OFF:
        text = "Its integration service for backup (volume shadow copy) is off: there are no app-consistent points."
        found.append(_warning("Backup service off", text, "Turn it on in the machine’s settings on the host.", told))
    if machine.secure_boot and not rules.secure_boot:
        text = f"Secure Boot is on, which Site Recovery does not support (limits of {rules.source.month})."
        remedy = "Turn it off before you rely on a failover, and try that with a test failover."
        found.append(_warning("Secure Boot on", text, remedy, told))
    if machine.checkpoints:
        count = len(machine.checkpoints)
        text = (
            f"It has {'a checkpoint' if count == 1 else f'{count} checkpoints'}; a planned failover needs it without."
        )
        found.append(_warning("Has checkpoints", text, "Delete them on the host when they are not needed.", told))
    if machine.is_clustered is False and told.host.cluster is not None:
        text = f"It runs on a node of {told.host.cluster.name} without being highly available."
        remedy = "Make it a role of the cluster, with its disks on a shared volume (error 70094 otherwise)."
        found.append(_warning("Not in the cluster", text, remedy, told))
    return found


def _hardware(item: ProtectableItem, told: Told) -> Iterable[Verdict]:
    """What Azure says is there is told by its own verdict; what it does not know, or denies, by these."""
    machine = told.machine
    kinds = {disk.kind for disk in machine.disks}
    seen = (
        (
            DiskKind.SHARED in kinds,
            item.has_shared_vhd,
            "Shared disk",
            "It shares a disk with another machine. Guest clusters with shared disks can’t be protected.",
            "Protect the data by the application’s own means.",
        ),
        (
            DiskKind.PASS_THROUGH in kinds,
            item.has_physical_disk,
            "Physical disk",
            "It uses a physical disk of the host, which Hyper-V can’t replicate.",
            "Move that data to a virtual disk.",
        ),
        (
            bool(machine.fibre_channel),
            item.has_fibre_channel,
            "Fibre Channel",
            "It has a virtual Fibre Channel adapter, whose disks Hyper-V can’t replicate.",
            "Move that data to a virtual disk.",
        ),
    )
    for is_there, in_azure, word, text, remedy in seen:
        if is_there and in_azure is Presence.UNKNOWN:
            yield _blocked(word, text, remedy, told)
        elif is_there and in_azure is Presence.NOT_PRESENT:
            yield _warning(
                word, f"{text} Azure denies it.", "Refresh the host in Azure. If it is gone, all is well.", told
            )


def _replica(told: Told) -> Iterable[Verdict]:
    replica = told.machine.replica
    if replica is None or replica.is_azure:
        return
    if replica.mode.lower() in _BEHIND_REPLICA:
        text = "It is the copy of a machine elsewhere, by Hyper-V Replica; a copy can’t be replicated further."
        yield _blocked("Is a replica", text, "Protect the machine where it runs.", told)
    elif replica.is_azure is False:
        text = "Hyper-V Replica copies it to another host already; a machine has one replication at a time."
        yield _blocked("Hyper-V Replica", text, "Remove that replication on the host first.", told)
    else:
        text = "The host replicates it already and doesn’t tell where to."
        yield _warning(
            "Replicates already", text, "See on the host; remove it there unless it is Site Recovery’s.", told
        )


def _disks(told: Told) -> Iterable[Verdict]:
    for disk in told.machine.disks:
        if not disk.is_native_4k:
            continue
        name = disk.path.rpartition("\\")[2]
        text = f"{name} has sectors of 4 KiB inside and out, which can’t be replicated."
        if disk.is_boot or len(told.machine.disks) == 1:
            yield _blocked("4K disk", text, "Convert it to 512-byte sectors.", told)
        else:
            yield Verdict(Suitability.WARNING, "4K disk", _by(text, told), "Leave this disk out, or convert it.")


def _blocked(word: str, text: str, remedy: str, told: Told) -> Verdict:
    return Verdict(Suitability.BLOCKED, word, _by(text, told), f"{remedy} {_AGAIN}")


def _warning(word: str, text: str, remedy: str, told: Told) -> Verdict:
    return Verdict(Suitability.WARNING, word, _by(text, told), remedy)


def _by(text: str, told: Told) -> str:
    return f"{text.removesuffix('.')} ({told.by})."
