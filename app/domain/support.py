"""Whether a machine can be protected as it is, from what Azure and its host tell of it before protection."""

from __future__ import annotations

from dataclasses import replace

from app.domain.health import HealthError
from app.domain.issue import Suitability, Verdict, least_suitable
from app.domain.naming_rules import check_name, suggest_azure_name
from app.domain.protection import OsType, Presence, ProtectableItem, SourceDisk
from app.domain.reported import Told, completed, reported_verdicts
from app.domain.rules import NameKind, Rules
from app.domain.sizes import MIB_PER_GIB, told_apart

READY = Verdict(Suitability.OK, "Ready")
REPLICATING = Verdict(Suitability.OK, "Replicating")
_OS_DISK = "OperatingSystem"


def judge_machine(item: ProtectableItem, rules: Rules, told: Told | None = None) -> Verdict:
    """The verdict that decides; `machine_verdicts` has them all."""
    return least_suitable(machine_verdicts(item, rules, told), READY)


def machine_verdicts(item: ProtectableItem, rules: Rules, told: Told | None = None) -> tuple[Verdict, ...]:
    """Every reason against the machine or to take care, worst first; empty when it is simply ready.

    `told` is what its host's readiness file says of it.
    """
    if item.is_protected:
        return (REPLICATING,)
    item = completed(item, told)
    found = [*standing_verdicts(item, item.os_type, rules, told), *_disk_verdicts(item, rules)]
    if item.os_type is OsType.UNKNOWN:
        reason = "The host doesn’t tell which system runs in it."
        found.append(Verdict(Suitability.WARNING, "Unknown system", reason, "Choose Windows or Linux in this row."))
    if check_name(NameKind.MACHINE, item.friendly_name, rules):
        word = "Space in name" if " " in item.friendly_name.strip() else "Name must differ"
        reason = f"A machine in Azure can’t be called “{item.friendly_name}”; its failover would fail."
        remedy = f"Give it another Azure name, such as {suggest_azure_name(item.friendly_name, rules)}."
        found.append(Verdict(Suitability.WARNING, word, reason, remedy))
    return tuple(sorted(found, key=lambda verdict: -verdict.status.rank))


def standing_verdicts(
    item: ProtectableItem, os_type: OsType, rules: Rules, told: Told | None = None
) -> tuple[Verdict, ...]:
    """The reasons that no choice in the set-up can cure. `os_type` is what a person said, or else what Azure knows."""
    item = completed(item, told)
    found = [*_hardware_verdicts(item), *reported_verdicts(item, told, rules.machines)]
    found += [_readiness_verdict(error) for error in item.readiness_errors]
    if item.generation == 2 and os_type is OsType.LINUX and not rules.machines.generation_2_linux:
        reason = "A generation 2 machine with Linux can’t fail over to Azure."
        found.append(Verdict(Suitability.BLOCKED, "Linux, generation 2", reason, "Rebuild it as generation 1."))
    return tuple(found)


def likely_os_disk(item: ProtectableItem) -> SourceDisk | None:
    """The disk to suggest as the system's: the certain one, or else the one that bears the machine's own name, as
    Hyper-V calls a machine's first disk. None means that a person must say."""
    certain = _certain_os_disk(item)
    if certain is not None:
        return certain
    named = [disk for disk in item.disks if disk.name.lower() == item.friendly_name.lower()]
    return named[0] if len(named) == 1 else None


def judge_os_disk(disk: SourceDisk, generation: int, rules: Rules) -> Verdict:
    """A machine of unknown generation is judged as generation 1."""
    limits = rules.machines
    kind = "2" if generation == 2 else "1"
    most = limits.os_disk_max_gib[kind]
    if disk.size_mib > most * MIB_PER_GIB:
        size, limit = told_apart(disk.size_mib, most)
        reason = (
            f"Its OS disk is {size}. A generation {kind} machine may have an OS disk of at most "
            f"{limit} (limits of {limits.source.month})."
        )
        remedy = "Shrink the system volume and disk below it, or move data to a second disk, then refresh."
        return Verdict(Suitability.BLOCKED, "OS disk too large", reason, remedy)
    care = limits.os_disk_care_gib.get(kind)
    if care is not None and disk.size_mib > care * MIB_PER_GIB:
        size, limit = told_apart(disk.size_mib, care)
        reason = f"Its OS disk is {size}; Microsoft’s documents disagree on UEFI machines above {limit}."
        return Verdict(Suitability.WARNING, "Large OS disk", reason, "Run a test failover before you rely on it.")
    return READY


def judge_data_disk(disk: SourceDisk, rules: Rules) -> Verdict:
    """Whether the disk can be replicated. It can always be left out, so this never blocks the machine itself."""
    limits = rules.machines
    if disk.size_mib > limits.data_disk_max_gib * MIB_PER_GIB:
        size, most = told_apart(disk.size_mib, limits.data_disk_max_gib)
        reason = f"{disk.name} is {size}; a data disk may have at most {most} (limits of {limits.source.month})."
        return Verdict(Suitability.BLOCKED, "Disk too large", reason, "Leave this disk out, or split it.")
    if disk.size_mib < limits.data_disk_min_gib * MIB_PER_GIB:
        size, least = told_apart(disk.size_mib, limits.data_disk_min_gib)
        reason = f"{disk.name} is {size}; a data disk must have at least {least} (limits of {limits.source.month})."
        return Verdict(Suitability.BLOCKED, "Disk too small", reason, "Leave this disk out, or enlarge it.")
    if limits.large_disk_gib and disk.size_mib > limits.large_disk_gib * MIB_PER_GIB:
        size, large = told_apart(disk.size_mib, limits.large_disk_gib)
        reason = f"{disk.name} is {size}; disks above {large} need a newer agent."
        remedy = f"Check that the host’s agent is newer than {limits.large_disk_agent}."
        return Verdict(Suitability.WARNING, "Very large disk", reason, remedy)
    return READY


def _hardware_verdicts(item: ProtectableItem) -> list[Verdict]:
    found: list[Verdict] = []
    if item.has_shared_vhd is Presence.PRESENT:
        reason = "It shares a disk with another machine. Guest clusters with shared disks can’t be protected."
        found.append(
            Verdict(Suitability.BLOCKED, "Shared disk", reason, "Protect the data by the application’s own means.")
        )
    if item.has_physical_disk is Presence.PRESENT:
        reason = "It uses a physical disk of the host, which Hyper-V can’t replicate."
        found.append(
            Verdict(Suitability.BLOCKED, "Physical disk", reason, "Move that data to a virtual disk, then refresh.")
        )
    if item.has_fibre_channel is Presence.PRESENT:
        reason = "It has a virtual Fibre Channel adapter, whose disks Hyper-V can’t replicate."
        found.append(
            Verdict(Suitability.BLOCKED, "Fibre Channel", reason, "Move that data to a virtual disk, then refresh.")
        )
    if not item.disks:
        reason = "Azure knows no disk of this machine."
        found.append(
            Verdict(Suitability.BLOCKED, "No disk known", reason, "Attach a virtual disk, or refresh the host.")
        )
    return found


def _certain_os_disk(item: ProtectableItem) -> SourceDisk | None:
    marked = [disk for disk in item.disks if disk.kind == _OS_DISK]
    if len(marked) == 1:
        return marked[0]
    return item.disks[0] if len(item.disks) == 1 else None


def _disk_verdicts(item: ProtectableItem, rules: Rules) -> list[Verdict]:
    """A suggested OS disk only warns, for it may be another; a data disk only warns, for it can be left out."""
    os_disk, certain = likely_os_disk(item), _certain_os_disk(item)
    found: list[Verdict] = []
    for disk in item.disks:
        is_os_disk = disk is os_disk
        verdict = judge_os_disk(disk, item.generation, rules) if is_os_disk else judge_data_disk(disk, rules)
        if verdict.status is Suitability.BLOCKED and disk is not certain:
            verdict = replace(verdict, status=Suitability.WARNING)
        found.append(verdict)
    most = rules.machines.data_disks_max + 1
    if len(item.disks) > most:
        reason = f"It has {len(item.disks)} disks; at most {most} can be replicated, the OS disk among them."
        found.append(
            Verdict(Suitability.WARNING, "Too many disks", reason, "Leave out disks that hold nothing of value.")
        )
    return [verdict for verdict in found if verdict is not READY]


def _readiness_verdict(error: HealthError) -> Verdict:
    status = Suitability.WARNING if error.level.lower() == "warning" else Suitability.BLOCKED
    reason = f"Azure says: {error.message} ({error.code})" if error.message else f"Azure reports problem {error.code}."
    return Verdict(
        status, "Not ready", reason, error.recommended_action or "Remove the cause on the host, then refresh."
    )
