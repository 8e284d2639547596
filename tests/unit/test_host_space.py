"""Free space on hosts against what the first copy may take."""

from __future__ import annotations

from dataclasses import replace

from app.domain.host_report import ClusterReport, DiskKind, DiskReport, MachineReport, VolumeReport
from app.domain.host_space import volume_needs
from app.domain.reported import Told
from tests.support.told import GIB, host

SHARED = VolumeReport("C:\\ClusterStorage\\Volume1", 1000 * GIB, 250 * GIB, is_shared=True)


def machine(name: str, *disks: DiskReport) -> MachineReport:
    return MachineReport(name, name, disks=disks)


def test_disks_of_one_volume_add_up_and_the_worst_stands_first() -> None:
    one = machine("1", DiskReport("D:\\a.vhdx", size_bytes=300 * GIB), DiskReport("d:\\b.vhdx", size_bytes=300 * GIB))
    other = machine("2", DiskReport("C:\\c.vhdx", size_bytes=50 * GIB), DiskReport("D:\\d.vhdx", size_bytes=100 * GIB))
    report = host(one, other, free_gib=500)
    needs = volume_needs([Told(one, report), Told(other, report)], 100)
    assert [(need.path, need.need_bytes // GIB, need.short_bytes // GIB, need.machines) for need in needs] == [
        ("D:\\", 700, 200, 2),
        ("C:\\", 50, 0, 1),
    ]


def test_a_shared_volume_is_one_whichever_node_runs_the_machine() -> None:
    one = machine("1", DiskReport(f"{SHARED.path}\\a.vhdx", size_bytes=200 * GIB))
    other = machine("2", DiskReport(f"{SHARED.path.lower()}\\b.vhdx", size_bytes=200 * GIB))
    cluster = ClusterReport("CL-HQ", volumes=(SHARED,))
    nodes = [host(one, name="N1", cluster=cluster), host(other, name="N2", cluster=cluster)]
    (need,) = volume_needs([Told(one, nodes[0]), Told(other, nodes[1])], 100)
    assert (need.owner, need.machines, need.short_bytes // GIB) == ("CL-HQ", 2, 150)


def test_the_volume_mounted_deepest_holds_the_file() -> None:
    one = machine("1", DiskReport("D:\\Mount\\a.vhdx", size_bytes=GIB))
    report = host(one)
    mounted = VolumeReport("D:\\Mount\\", 10 * GIB, 5 * GIB)
    report = replace(report, volumes=(*report.volumes, mounted))
    (need,) = volume_needs([Told(one, report)], 100)
    assert need.path == "D:\\Mount\\"


def test_a_share_and_a_volume_that_nobody_told_of_have_unknown_space() -> None:
    one = machine(
        "1",
        DiskReport("\\\\filer\\vms\\a\\a.vhdx", size_bytes=GIB),
        DiskReport("X:\\b.vhdx", size_bytes=GIB),
        DiskReport("", DiskKind.PASS_THROUGH, size_bytes=GIB),
        DiskReport("D:\\unknown.vhdx"),
    )
    needs = volume_needs([Told(one, host(one))], 100)
    assert {(need.owner, need.path, need.free_bytes) for need in needs} == {
        ("SMB", "\\\\filer\\vms", None),
        ("HV-HQ-01", "X:\\", None),
    }
    assert all(need.short_bytes == 0 for need in needs)
