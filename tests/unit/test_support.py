"""Machines: each side of each limit, per profile, with word, reason and remedy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.health import HealthError
from app.domain.issue import Suitability, Verdict
from app.domain.protection import OsType, Presence, ProtectableItem, SourceDisk
from app.domain.support import (
    judge_data_disk,
    judge_machine,
    judge_os_disk,
    likely_os_disk,
    machine_verdicts,
)
from app.rules import load_rules
from tests.support.estates import disk, machine

OK, WARNING, BLOCKED = Suitability.OK, Suitability.WARNING, Suitability.BLOCKED


def judged(item: ProtectableItem, profile: str = "2026-05") -> Verdict:
    return judge_machine(item, load_rules(profile))


@pytest.mark.parametrize(
    ("profile", "generation", "gib", "status"),
    [
        ("2026-05", 1, 2048, OK),
        ("2026-05", 1, 2049, BLOCKED),
        ("2026-05", 0, 2049, BLOCKED),
        ("2026-05", 2, 2048, OK),
        ("2026-05", 2, 2049, WARNING),
        ("2026-05", 2, 4096, WARNING),
        ("2026-05", 2, 4097, BLOCKED),
        ("2026-09", 1, 2048, OK),
        ("2026-09", 1, 2049, BLOCKED),
        ("2026-09", 2, 4095, OK),
        ("2026-09", 2, 4096, BLOCKED),
        ("seed-2017", 1, 1023, OK),
        ("seed-2017", 1, 1024, BLOCKED),
        ("seed-2017", 2, 299, OK),
        ("seed-2017", 2, 300, BLOCKED),
    ],
)
def test_os_disk_limits_of_each_generation(profile: str, generation: int, gib: int, status: Suitability) -> None:
    assert judge_os_disk(disk("os", gib), generation, load_rules(profile)).status is status
    assert judged(machine("A", generation=generation, os_gib=gib), profile).status is status


@pytest.mark.parametrize(
    ("profile", "gib", "status", "word"),
    [
        ("2026-05", 0.5, OK, "Ready"),
        ("2026-05", 4095, OK, "Ready"),
        ("2026-05", 4096, WARNING, "Very large disk"),
        ("2026-05", 32767, WARNING, "Very large disk"),
        ("2026-05", 32768, BLOCKED, "Disk too large"),
        ("2026-09", 1, OK, "Ready"),
        ("2026-09", 0.5, BLOCKED, "Disk too small"),
        ("seed-2017", 1023, OK, "Ready"),
        ("seed-2017", 1024, BLOCKED, "Disk too large"),
    ],
)
def test_data_disk_limits(profile: str, gib: float, status: Suitability, word: str) -> None:
    verdict = judge_data_disk(disk("data", gib), load_rules(profile))
    assert (verdict.status, verdict.word) == (status, word)


def test_a_data_disk_that_can_be_left_out_only_warns() -> None:
    verdict = judged(machine("A", data_gib=(40_000,)))
    assert (verdict.status, verdict.word) == (WARNING, "Disk too large")
    assert verdict.remedy == "Leave this disk out, or split it."


@pytest.mark.parametrize(
    ("profile", "data", "status"), [("2026-05", 16, OK), ("2026-05", 17, WARNING), ("2026-09", 63, OK)]
)
def test_number_of_disks(profile: str, data: int, status: Suitability) -> None:
    verdict = judged(machine("A", data_gib=(10.0,) * data), profile)
    assert verdict.status is status
    assert verdict.word == ("Ready" if status is OK else "Too many disks")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"has_shared_vhd": Presence.PRESENT}, "Shared disk"),
        ({"has_physical_disk": Presence.PRESENT}, "Physical disk"),
        ({"has_fibre_channel": Presence.PRESENT}, "Fibre Channel"),
        ({"disks": ()}, "No disk known"),
    ],
)
def test_what_hyper_v_cannot_replicate_blocks(changes: dict[str, object], word: str) -> None:
    verdict = judged(replace(machine("A"), **changes))  # type: ignore[arg-type]
    assert (verdict.status, verdict.word) == (BLOCKED, word)
    assert verdict.reason
    assert verdict.remedy


@pytest.mark.parametrize("presence", [Presence.UNKNOWN, Presence.NOT_PRESENT])
def test_what_azure_does_not_know_is_no_reason(presence: Presence) -> None:
    item = replace(machine("A"), has_shared_vhd=presence, has_physical_disk=presence, has_fibre_channel=presence)
    assert judged(item).status is OK


@pytest.mark.parametrize(
    ("name", "word"), [("WEB 05", "Space in name"), ("WEB_05", "Name must differ"), ("W" * 64, "Name must differ")]
)
def test_a_name_that_azure_refuses_warns_and_suggests(name: str, word: str) -> None:
    verdict = judged(machine(name))
    assert (verdict.status, verdict.word) == (WARNING, word)
    assert "Give it another Azure name, such as W" in verdict.remedy


def test_an_unknown_system_warns() -> None:
    assert judged(machine("A", os_type=OsType.UNKNOWN)).word == "Unknown system"


@pytest.mark.parametrize(("profile", "status"), [("seed-2017", BLOCKED), ("2026-05", OK), ("2026-09", OK)])
def test_generation_2_linux_depends_on_the_time(profile: str, status: Suitability) -> None:
    assert judged(machine("A", os_type=OsType.LINUX, generation=2), profile).status is status


def test_azures_own_readiness_errors_are_told_with_their_code() -> None:
    error = HealthError("70094", "The machine is not highly available.", recommended_action="Add it to the cluster.")
    verdict = judged(replace(machine("A"), readiness_errors=(error,)))
    assert (verdict.status, verdict.word) == (BLOCKED, "Not ready")
    assert verdict.reason == "Azure says: The machine is not highly available. (70094)"
    assert verdict.remedy == "Add it to the cluster."


def test_a_readiness_warning_only_warns() -> None:
    assert judged(replace(machine("A"), readiness_errors=(HealthError("1", "", "Warning"),))).status is WARNING


def test_a_replicating_machine_is_judged_no_further() -> None:
    item = replace(machine("WEB 05", os_gib=9000), protection_status="Protected")
    assert machine_verdicts(item, load_rules()) == (Verdict(OK, "Replicating"),)


def test_all_reasons_are_there_the_worst_first() -> None:
    item = replace(machine("APP 01", os_gib=2400, os_type=OsType.UNKNOWN), has_shared_vhd=Presence.PRESENT)
    words = [verdict.word for verdict in machine_verdicts(item, load_rules())]
    assert words == ["Shared disk", "OS disk too large", "Unknown system", "Space in name"]


def test_the_reason_names_size_limit_and_date() -> None:
    verdict = judged(machine("APP-PAYROLL", os_gib=2400))
    assert verdict.reason == (
        "Its OS disk is 2.3 TiB. A generation 1 machine may have an OS disk of at most 2 TiB (limits of May 2026)."
    )


@pytest.mark.parametrize(
    ("disks", "name"),
    [
        ((disk("x", 60), disk("y", 60, "OperatingSystem")), "y"),
        ((disk("only", 60),), "only"),
        ((disk("WEB-01-data", 60), disk("web-01", 60)), "web-01"),
        ((disk("a", 60), disk("b", 60)), None),
        ((disk("WEB-01", 60), disk("web-01", 60)), None),
        ((), None),
    ],
)
def test_the_os_disk_is_the_marked_one_the_only_one_or_the_one_named_as_the_machine(
    disks: tuple[SourceDisk, ...], name: str | None
) -> None:
    found = likely_os_disk(replace(machine("WEB-01"), disks=disks))
    assert (found.name if found else None) == name


def test_a_suggested_os_disk_that_is_too_large_only_warns() -> None:
    verdict = judged(replace(machine("FS01"), disks=(disk("FS01", 4000), disk("FS01-data", 60))))
    assert (verdict.status, verdict.word) == (WARNING, "OS disk too large")
