"""What a readiness file adds to what Azure knows of a machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.host_report import (
    BackupService,
    ClusterReport,
    DiskKind,
    DiskReport,
    HostReports,
    MachineReport,
    ReplicaReport,
)
from app.domain.issue import Suitability
from app.domain.protection import OsType, Presence, ProtectableItem
from app.domain.reported import Told, completed, guest_os_type, told_of
from app.domain.support import READY, judge_machine, machine_verdicts
from app.rules import load_rules
from tests.support import estates, told

RULES = load_rules()
BLOCKED, WARNING = Suitability.BLOCKED, Suitability.WARNING
ITEM = estates.machine("WEB-01", generation=2)


def by_host(item: ProtectableItem = ITEM, *, cluster: ClusterReport | None = None, **changes: object) -> Told:
    machine = told.machine(item, **changes)
    return Told(machine, told.host(machine, cluster=cluster))


def with_disk(**changes: object) -> tuple[DiskReport, ...]:
    (first,) = told.machine(ITEM).disks
    return (replace(first, **changes),)  # type: ignore[arg-type]


def test_a_machine_that_nothing_speaks_against_is_ready() -> None:
    assert judge_machine(ITEM, RULES, by_host()) == READY


@pytest.mark.parametrize(
    ("changes", "word", "status"),
    [
        ({"disks": with_disk(kind=DiskKind.SHARED)}, "Shared disk", BLOCKED),
        ({"disks": with_disk(kind=DiskKind.PASS_THROUGH)}, "Physical disk", BLOCKED),
        ({"fibre_channel": 1}, "Fibre Channel", BLOCKED),
        ({"is_shielded": True}, "Shielded machine", BLOCKED),
        ({"replica": ReplicaReport("Replica")}, "Is a replica", BLOCKED),
        ({"replica": ReplicaReport("Primary", is_azure=False)}, "Hyper-V Replica", BLOCKED),
        ({"replica": ReplicaReport("Primary")}, "Replicates already", WARNING),
        ({"disks": with_disk(logical_sector=4096, physical_sector=4096)}, "4K disk", BLOCKED),
        ({"backup_service": BackupService.OFF}, "Backup service off", WARNING),
        ({"secure_boot": True}, "Secure Boot on", WARNING),
        ({"checkpoints": ("before the update",)}, "Has checkpoints", WARNING),
    ],
)
def test_what_the_host_told_counts_with_its_name_and_day(
    changes: dict[str, object], word: str, status: Suitability
) -> None:
    verdict = judge_machine(ITEM, RULES, by_host(**changes))
    assert (verdict.word, verdict.status) == (word, status)
    assert verdict.reason.endswith("(told by HV-HQ-01 on 26 Aug).")
    assert verdict.remedy
    if status is BLOCKED:
        assert "run the readiness script again" in verdict.remedy


@pytest.mark.parametrize(
    "changes",
    [
        {"replica": ReplicaReport("Primary", is_azure=True)},
        {"backup_service": BackupService.UNKNOWN},
        {"secure_boot": None, "is_shielded": None, "fibre_channel": None, "checkpoints": None},
        {"disks": with_disk(logical_sector=512, physical_sector=512)},
        {"disks": with_disk(logical_sector=4096, physical_sector=512)},
        {"is_clustered": False},
    ],
)
def test_what_is_right_or_not_known_is_no_reason(changes: dict[str, object]) -> None:
    assert judge_machine(ITEM, RULES, by_host(**changes)) == READY


def test_where_azure_denies_it_the_file_only_warns() -> None:
    verdict = judge_machine(replace(ITEM, has_fibre_channel=Presence.NOT_PRESENT), RULES, by_host(fibre_channel=2))
    assert (verdict.status, verdict.word) == (WARNING, "Fibre Channel")
    assert "Azure denies it" in verdict.reason


def test_what_azure_says_itself_is_said_once() -> None:
    verdicts = machine_verdicts(
        replace(ITEM, has_shared_vhd=Presence.PRESENT), RULES, by_host(disks=with_disk(kind=DiskKind.SHARED))
    )
    assert [verdict.word for verdict in verdicts] == ["Shared disk"]


def test_a_disk_with_large_sectors_can_be_left_out_when_it_is_not_the_system_s() -> None:
    item = estates.machine("SQL", data_gib=(100,))
    system, data = told.machine(item).disks
    disks = (system, replace(data, logical_sector=4096, physical_sector=4096))
    verdict = judge_machine(item, RULES, by_host(item, disks=disks))
    assert (verdict.status, verdict.word) == (WARNING, "4K disk")


def test_a_machine_outside_its_cluster_wants_care() -> None:
    verdict = judge_machine(ITEM, RULES, by_host(is_clustered=False, cluster=ClusterReport("CL-HQ")))
    assert (verdict.word, "CL-HQ" in verdict.reason) == ("Not in the cluster", True)


def test_secure_boot_is_no_question_of_the_older_rules() -> None:
    rules = load_rules("seed-2017")
    small = estates.machine("WEB-01", generation=2, os_gib=60)
    assert judge_machine(small, rules, by_host(small, secure_boot=True)) == READY


def test_the_host_fills_in_what_azure_does_not_know() -> None:
    unknown = replace(ITEM, generation=0, os_type=OsType.UNKNOWN)
    filled = completed(unknown, by_host(unknown, generation=2, guest_os="Ubuntu 22.04.4 LTS"))
    assert (filled.generation, filled.os_type, filled.os_name) == (2, OsType.LINUX, "Ubuntu 22.04.4 LTS")
    assert judge_machine(unknown, RULES).word == "Unknown system"
    assert judge_machine(unknown, RULES, by_host(unknown, guest_os="Windows Server 2019 Standard")) == READY
    assert completed(ITEM, by_host(guest_os="Ubuntu")) is ITEM
    assert completed(ITEM, None) is ITEM


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Microsoft Windows Server 2022 Datacenter", OsType.WINDOWS),
        ("Red Hat Enterprise Linux", OsType.LINUX),
        ("SUSE Linux Enterprise Server 15", OsType.LINUX),
        ("Ubuntu", OsType.LINUX),
        ("FreeBSD 14", OsType.UNKNOWN),
        ("", OsType.UNKNOWN),
    ],
)
def test_the_kind_of_a_guest_s_system(name: str, expected: OsType) -> None:
    assert guest_os_type(name) is expected


def test_a_replicating_machine_is_not_judged_by_its_file() -> None:
    item = replace(ITEM, protection_status="Protected")
    assert judge_machine(item, RULES, by_host(item, fibre_channel=1)).word == "Replicating"


def test_the_join_is_by_the_hyper_v_guid() -> None:
    reports = HostReports((told.host(MachineReport(ITEM.name, "another name")),))
    found = told_of(ITEM.name.upper(), reports)
    assert found is not None
    assert found.by == "told by HV-HQ-01 on 26 Aug"
    assert told_of("nobody", reports) is None
