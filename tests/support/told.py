"""What hosts told of the machines of `tests.support.estates`, by plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.estate import Estate
from app.domain.host_report import (
    BackupService,
    ChurnReport,
    DiskReport,
    HostReport,
    HostReports,
    MachineChurn,
    MachineReport,
    VolumeReport,
)
from app.domain.protection import ProtectableItem
from tests.support import estates

AT = datetime(2026, 8, 26, 9, tzinfo=UTC)
GIB = 1 << 30
MIB = 1 << 20


def machine(item: ProtectableItem, **changes: object) -> MachineReport:
    """The item as its host tells of it, half of each disk used; nothing speaks against it."""
    disks = tuple(
        DiskReport(
            f"D:\\VMs\\{item.friendly_name}\\{disk.name}.vhdx",
            size_bytes=disk.size_mib * MIB,
            file_bytes=disk.size_mib * MIB // 2,
            format="VHDX",
            growth="Dynamic",
            logical_sector=512,
            physical_sector=4096,
            is_boot=place == 0,
        )
        for place, disk in enumerate(item.disks)
    )
    told = MachineReport(
        id=item.name,
        name=item.friendly_name,
        state="Running",
        generation=item.generation,
        disks=disks,
        checkpoints=(),
        backup_service=BackupService.ON,
        fibre_channel=0,
        secure_boot=False,
        is_shielded=False,
    )
    return replace(told, **changes)  # type: ignore[arg-type]


def host(*machines: MachineReport, name: str = "HV-HQ-01", free_gib: float = 5000, **changes: object) -> HostReport:
    volumes = (
        VolumeReport("C:\\", 500 * GIB, 100 * GIB, "NTFS"),
        VolumeReport("D:\\", 8000 * GIB, round(free_gib * GIB), "ReFS"),
    )
    report = HostReport(name, AT, f"{name.lower()}.contoso.com", machines=machines, volumes=volumes, is_elevated=True)
    return replace(report, **changes)  # type: ignore[arg-type]


def measured(minutes: int, mib_s: float, *machines: MachineReport, write_kib: float = 16) -> ChurnReport:
    """So many minutes in which each machine wrote the same."""
    churns = tuple(
        MachineChurn(each.id, minutes, mib_s * MIB, mib_s * MIB, mib_s * 1024 / write_kib) for each in machines
    )
    return ChurnReport(AT, AT + timedelta(minutes=minutes), minutes, "wmi", churns)


def reports(
    estate: Estate | None = None, *, minutes: int = 0, mib_s: float = 0.1, free_gib: float = 5000
) -> HostReports:
    """One host that tells of all machines of the estate, and has measured them for so long."""
    machines = tuple(machine(item) for item in (estate or estates.contoso()).protectable_items)
    churn = measured(minutes, mib_s, *machines) if minutes else None
    return HostReports((host(*machines, free_gib=free_gib, churn=churn),))
