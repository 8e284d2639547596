"""What is taken from a readiness file, and what is refused and why."""

from __future__ import annotations

import codecs
import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.host_report import BackupService, CheckStatus, DiskKind, HostReport
from app.services.readiness_import import read_reports
from app.services.readiness_lines import hosts_of, lines_of
from app.services.readiness_text import Refusal, limits
from tests.support.readiness_files import BACKUP, GIB, disk, document, host, machine, machine_id, minutes, with_churn

LIMITS = limits()


def read(content: dict[str, Any] | str | bytes) -> list[HostReport]:
    if isinstance(content, dict):
        content = json.dumps(content)
    return read_reports(content if isinstance(content, bytes) else content.encode(), LIMITS)


def only(content: dict[str, Any] | str | bytes) -> HostReport:
    (report,) = read(content)
    return report


def refused(content: dict[str, Any] | str | bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(content)
    assert caught.value.reason.endswith(".")
    return caught.value


# What is taken


def test_a_host_with_its_machine() -> None:
    report = only(document())
    assert (report.name, report.fqdn, report.build, report.is_elevated) == (
        "HV-HQ-01",
        "hv-hq-01.contoso.com",
        20348,
        True,
    )
    (vm,) = report.machines
    assert (vm.id, vm.generation, vm.backup_service, vm.fibre_channel) == (machine_id(1), 2, BackupService.ON, 0)
    assert (vm.size_bytes, vm.file_bytes) == (127 * GIB, 40 * GIB)
    assert report.notes == ()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_every_encoding_that_powershell_writes(mark: bytes, encoding: str) -> None:
    text = json.dumps(document(host(machines=[machine(name="Büro-Прод-東京")])), ensure_ascii=False)
    assert only(mark + text.encode(encoding)).machines[0].name == "Büro-Прод-東京"


def test_fields_of_a_later_minor_version_are_passed_over() -> None:
    later = document(host(machines=[machine(nested={"of": ["tomorrow"]})]), version="1.7", planet="Mars")
    assert only(later).machines[0].name == "VM-0001"


def test_no_machine_without_rights_is_not_no_machine() -> None:
    assert not only(document(host(machines=[], is_elevated=False))).machines_known
    assert not only(document(host(machines=[], is_elevated=None))).machines_known
    assert only(document(host(machines=[], is_elevated=True))).machines_known
    assert not only(document(host() | {"machines": None})).machines_known


def test_a_node_that_was_down_is_told_and_knows_nothing() -> None:
    first, second = read(document(host(), {"name": "HV-HQ-02", "is_reached": False, "problem": "It is Down."}))
    assert first.is_reached
    assert (second.is_reached, second.problem, second.machines_known) == (False, "It is Down.", False)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"path": "", "disk_number": 3}, DiskKind.PASS_THROUGH),
        ({"is_shared": True}, DiskKind.SHARED),
        ({"path": "C:\\ClusterStorage\\V\\q.vhds"}, DiskKind.SHARED),
        ({}, DiskKind.VIRTUAL),
    ],
)
def test_the_kind_of_a_disk(changes: dict[str, Any], expected: DiskKind) -> None:
    report = only(document(host(machines=[machine(disks=[disk("D:\\a.vhdx") | changes])])))
    assert report.machines[0].disks[0].kind is expected


def test_a_file_that_two_machines_use_is_shared_whatever_they_say() -> None:
    both = [machine(1, disks=[disk("D:\\q.vhdx")]), machine(2, disks=[disk("d:\\Q.VHDX")])]
    assert all(vm.disks[0].kind is DiskKind.SHARED for vm in only(document(host(machines=both))).machines)


def test_a_machine_that_moved_meanwhile_counts_once_where_it_runs() -> None:
    cluster = {"name": "CL1", "nodes": [{"name": "A", "state": "Up"}, {"name": "B", "state": "Up"}], "volumes": []}
    sides = [host("A", [machine(1, state="Saved")]), host("B", [machine(1, state="Running")])]
    first, second = read(document(*sides, cluster=cluster))
    assert (len(first.machines), len(second.machines)) == (0, 1)
    assert any("moved" in note for note in first.notes)
    assert second.machines[0].disks[0].kind is DiskKind.VIRTUAL


def test_a_shared_volume_counts_once_and_zero_is_unknown() -> None:
    volume = {"path": "C:\\ClusterStorage\\Volume1", "size": 1000 * GIB, "free": 300 * GIB}
    redirected = {"path": "C:\\ClusterStorage\\Volume2", "size": 0, "free": 0}
    report = only(document(host(), cluster={"name": "CL1", "volumes": [volume, volume, redirected]}))
    assert report.cluster is not None
    assert [(each.free_bytes, each.is_shared) for each in report.cluster.volumes] == [(300 * GIB, True), (None, True)]


@pytest.mark.parametrize(
    ("integration", "expected"),
    [
        (None, BackupService.UNKNOWN),
        ([], BackupService.UNKNOWN),
        ([{"component": f"{{{BACKUP.lower()}}}", "is_enabled": False}], BackupService.OFF),
        ([{"component": BACKUP, "is_enabled": None}], BackupService.UNKNOWN),
    ],
)
def test_the_backup_service_is_known_by_its_guid(integration: Any, expected: BackupService) -> None:
    report = only(document(host(machines=[machine(integration=integration)])))
    assert report.machines[0].backup_service is expected


@pytest.mark.parametrize(
    ("replica", "is_azure"),
    [
        ({"mode": "Primary", "replica_server": "DR-HOST.contoso.com"}, False),
        ({"mode": "Primary", "replica_server": "Microsoft Azure"}, True),
        ({"mode": "Primary"}, None),
    ],
)
def test_whose_replication_it_is(replica: Any, is_azure: bool | None) -> None:
    found = only(document(host(machines=[machine(replica=replica)]))).machines[0].replica
    assert found is not None
    assert found.is_azure is is_azure


def test_no_replication_is_none() -> None:
    assert only(document(host(machines=[machine(replica={"mode": "None"})]))).machines[0].replica is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (378675, "378675"),
        ("x", "x"),
        (True, "yes"),
        (["a", 2], "a, 2"),
        ({"free": 3}, "free 3"),
        (None, ""),
        (1.5, "1.5"),
    ],
)
def test_the_value_of_a_check_in_words(value: Any, text: str) -> None:
    report = only(document(host(checks=[{"id": "x", "status": "Warn", "value": value}])))
    assert (report.checks[0].status, report.checks[0].value) == (CheckStatus.WARN, text)


def test_a_result_that_nobody_knows_is_unknown_and_told() -> None:
    report = only(document(host(checks=[{"id": "x", "status": "splendid"}])))
    assert report.checks[0].status is CheckStatus.UNKNOWN
    assert "splendid" in report.notes[0]


@pytest.mark.parametrize("size", [-1, -1e300, 1e300, 2**70, 10**25])
def test_a_size_that_nothing_has_is_unknown_and_told(size: float) -> None:
    report = only(document(host(machines=[machine(disks=[disk("D:\\a.vhdx", size=size)])])))
    assert report.machines[0].disks[0].size_bytes is None
    assert report.machines[0].size_bytes is None
    assert "unknown" in report.notes[0]


def test_more_free_than_there_is_is_unknown() -> None:
    report = only(document(host(volumes=[{"path": "D:\\", "size": 5, "free": 6}])))
    assert report.volumes[0].free_bytes is None


def test_names_cannot_break_a_line_or_turn_the_reading() -> None:
    evil = "WEB\u202e10\r\n\x00\x1b[31m\x85<b>"
    report = only(document(host(machines=[machine(name=evil, guest_os=evil, disks=[disk(evil)])])))
    told = json.dumps(asdict(report.machines[0]), ensure_ascii=False, default=str)
    assert not [character for character in told if ord(character) < 32 or character in "\u202e\x85\u2028"]
    assert report.machines[0].name.startswith("WEB10")


def test_half_a_character_in_a_name_costs_itself_only() -> None:
    text = json.dumps(document()).replace("VM-0001", "VM\\ud800-\\udc00", 1)
    assert only(text).machines[0].name == "VM\ufffd-\ufffd"


def test_a_name_of_a_megabyte_is_cut() -> None:
    assert len(only(document(host(machines=[machine(name="x" * 1_000_000)]))).machines[0].name) == LIMITS.max_text


# What is refused

EVIL: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "empty", ""),
    "blank": (b" \r\n\t ", "empty", ""),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no text", "line 1"),
    "zip": (b"PK\x03\x04\x00\x00\x08", "bytes that no text has", "line 1"),
    "half a UTF-16": (codecs.BOM_UTF16_LE + b"{\x00\x00\xd8", "no text", "line 1"),
    "text": (b"Name;Status\r\nHV;ok", "damaged", "line 1, column 1"),
    "XML": (b"<?xml version='1.0'?>", "damaged", "line 1, column 1"),
    "cut": (json.dumps(document()).encode()[:-40], "ends in the middle", "line 1"),
    "comma": (b'{\n "schema": "x",\n}', "damaged", "line 3, column"),
    "not a number": (json.dumps(document()).replace("20348", "NaN").encode(), "damaged", "line 1, column"),
    "infinity": (json.dumps(document()).replace("20348", "Infinity").encode(), "damaged", "line 1, column"),
    "beyond": (json.dumps(document()).replace("20348", "1e400").encode(), "number", "hosts"),
    "two documents": ((json.dumps(document()) * 2).encode(), "damaged", "line 1, column"),
    "list": (b"[1, 2, 3]", "no readiness file", ""),
    "number": (b"17", "no readiness file", ""),
    "null": (b"null", "no readiness file", ""),
    "another’s": (b'{"schema": "https://json.schemastore.org/package", "version": "1.0"}', "no readiness file", ""),
    "a package": (b'{"name": "left-pad", "version": "1.3.0"}', "no readiness file", ""),
    "version as number": (json.dumps(document(version=1)).encode(), "no readiness file", ""),
    "newer": (json.dumps(document(version="2.0")).encode(), "Update the program", ""),
    "version of nonsense": (json.dumps(document(version="one")).encode(), "makes no sense", "version"),
    "version in Arabic digits": (json.dumps(document(version="١.٠")).encode(), "makes no sense", "version"),
    "no host": (json.dumps(document() | {"hosts": []}).encode(), "no host", "hosts"),
    "hosts missing": (b'{"schema": "site-recovery-desk/readiness", "version": "1.0"}', "is missing", ""),
    "hosts as text": (json.dumps(document() | {"hosts": "HV"}).encode(), "a list belongs", "hosts"),
    "name as number": (json.dumps(document(host() | {"name": 7})).encode(), "text belongs", "hosts[0].name"),
    "no name": (json.dumps(document(host() | {"name": " \t"})).encode(), "name is missing", "hosts[0].name"),
    "no GUID": (json.dumps(document(host(machines=[machine(id="1; DROP")]))).encode(), "no GUID", "machines[0].id"),
    "twice": (json.dumps(document(host(), host())).encode(), "twice", "hosts"),
    "no time": (json.dumps(document(ended="yesterday")).encode(), "time", "ended"),
    "time without zone": (json.dumps(document(ended="2026-08-26T09:00:00")).encode(), "time", "ended"),
    "time of the Romans": (json.dumps(document(ended="0044-03-15T09:00:00Z")).encode(), "time", "ended"),
    "size as text": (
        json.dumps(document(host(machines=[machine(disks=[disk("a", size="big")])]))).encode(),
        "text where a number belongs",
        "disks[0].size",
    ),
    "too many hosts": (json.dumps(document(*[host(f"H{n}", []) for n in range(65)])).encode(), "at most 64", ""),
    "too many disks": (
        json.dumps(document(host(machines=[machine(disks=[disk("a")] * 257)]))).encode(),
        "more of one thing",
        "",
    ),
    "nested known": (b'{"schema": "site-recovery-desk/readiness", "x": ' + b"[" * 200_000, "nested deeper", ""),
    "nested objects": (b'{"x":' * 100_000 + b"1" + b"}" * 100_000, "nested deeper", ""),
}


@pytest.mark.parametrize("name", EVIL)
def test_what_is_no_readiness_file_is_refused_with_the_place(name: str) -> None:
    data, reason, place = EVIL[name]
    refusal = refused(data)
    assert reason in refusal.reason
    assert place in refusal.place
    assert "`" not in refusal.reason + refusal.place


def test_the_place_of_damage_is_where_an_editor_finds_it() -> None:
    text = json.dumps(document(), indent=1).splitlines()
    text[10] = text[10] + " oops"
    assert refused("\n".join(text)).place.startswith("line 11, column") or refused("\n".join(text)).place.startswith(
        "line 12"
    )


# A measurement

INSTANCE = "--?-D:-VMs-VM-0001-VM-0001.vhdx"


def test_a_counter_is_joined_with_its_disk_whatever_its_prefix_and_case() -> None:
    for name in (INSTANCE, INSTANCE.removeprefix("--?-").lower(), f"{INSTANCE}#1"):
        churn = only(with_churn(document(), minutes([name], 40))).churn
        assert churn is not None
        assert (churn.minutes, churn.unmatched, churn.is_whole, churn.is_smoke_test) == (40, 0, True, False)
        assert churn.machines[0].machine_id == machine_id(1)
        assert churn.machines[0].write_bytes == 1_000_000
        assert churn.machines[0].write_size == 20_000


def test_a_minute_of_a_machine_is_the_sum_of_its_files_on_all_nodes() -> None:
    disks = [disk("D:\\a.avhdx", chain=["D:\\a.vhdx"]), disk("D:\\b.vhdx")]
    measured = minutes(["D:-a.avhdx", "D:-a.vhdx", "D:-b.vhdx", "--?-D:-b.vhdx"], 2)
    churn = only(with_churn(document(host(machines=[machine(disks=disks)])), measured)).churn
    assert churn is not None
    assert churn.machines[0].write_bytes == 4_000_000
    assert churn.samples[0].write_ops == 200


def test_the_peak_is_what_95_of_100_minutes_stay_below() -> None:
    measured = minutes([INSTANCE], 100)
    for place, minute in enumerate(measured):
        minute["values"][0][1] = (place + 1) * 1000
    churn = only(with_churn(document(), measured)).churn
    assert churn is not None
    assert churn.machines[0].peak_write_bytes == 95_000


def test_a_file_that_hyphens_could_mean_twice_belongs_to_nobody() -> None:
    two = [machine(1, disks=[disk("D:\\a-b\\c.vhdx")]), machine(2, disks=[disk("D:\\a\\b-c.vhdx")])]
    churn = only(with_churn(document(host(machines=two)), minutes(["D:-a-b-c.vhdx"], 3))).churn
    assert churn is not None
    assert churn.machines == ()


def test_a_gap_is_no_zero() -> None:
    measured = minutes([INSTANCE], 4)
    measured[1]["values"] = measured[2]["values"] = []
    churn = only(with_churn(document(), measured)).churn
    assert churn is not None
    assert (churn.minutes, churn.machines[0].minutes, churn.machines[0].write_bytes) == (4, 2, 1_000_000)


@pytest.mark.parametrize("cut", [1, 3, 30, 110, 200])
def test_a_measurement_that_was_cut_counts_to_its_last_whole_minute(cut: int) -> None:
    text = with_churn(document(), minutes([INSTANCE], 40), is_whole=False)
    report = only(text[:-cut])
    assert report.churn is not None
    assert not report.churn.is_whole
    assert 37 <= report.churn.minutes <= 40
    assert any("interrupted" in note for note in report.notes)


def test_a_measurement_that_was_cut_in_utf_16() -> None:
    text = with_churn(document(), minutes([INSTANCE], 3), is_whole=False)
    report = only(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))
    assert report.churn is not None


def test_rates_that_nothing_writes_are_left_out() -> None:
    measured = minutes([INSTANCE], 3)
    measured[0]["values"] = [[0, -5, 1, 1, 1, 4]]
    measured[1]["values"] = [[0, 1e30, 1, 1, 1, 4]]
    churn = only(with_churn(document(), measured)).churn
    assert churn is not None
    assert churn.machines[0].minutes == 1


def test_minutes_that_run_backwards_are_refused() -> None:
    assert "backwards" in refused(with_churn(document(), minutes([INSTANCE], 3)[::-1])).reason


def test_a_measurement_without_a_minute_is_none() -> None:
    assert only(with_churn(document(), [])).churn is None


# Lines


def test_what_is_kept_in_lines_comes_back_the_same() -> None:
    cluster = {"name": "CL1", "nodes": [{"name": "HV-HQ-01", "state": "Up"}], "broker": "Online", "volumes": []}
    text = with_churn(document(host(), host("HV-HQ-02", [machine(2)]), cluster=cluster), minutes([INSTANCE], 450))
    reports = read(text)
    assert hosts_of(line for report in reports for line in lines_of(report)) == reports
    assert max(len(line) for report in reports for line in lines_of(report)) < 40_000


# Anything at all


def taken_or_refused(data: bytes) -> list[HostReport]:
    """Nothing else may come of it."""
    try:
        return read(data)
    except Refusal as refusal:
        if not refusal.reason.endswith("."):
            raise
        return []


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(data=st.binary(max_size=300))
def test_any_bytes_are_refused_in_a_sentence(data: bytes) -> None:
    assert refused(data)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_stands_in_a_field_it_is_taken_or_refused_in_a_sentence(data: st.DataObject) -> None:
    content = document(host(machines=[machine(1), machine(2)], checks=[{"id": "x", "status": "ok"}]))
    places = [content, content["hosts"][0], content["hosts"][0]["machines"][1]]
    places += [content["hosts"][0]["machines"][0]["disks"][0], content["hosts"][0]["volumes"][0]]
    for place in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        place[data.draw(st.sampled_from(sorted(place)))] = data.draw(_json)
    reports = taken_or_refused(json.dumps(content).encode())
    assert hosts_of(line for report in reports for line in lines_of(report)) == reports


@given(cut=st.integers(0, 4000), flip=st.integers(0, 4000), value=st.integers(0, 255))
def test_a_damaged_file_is_taken_or_refused_in_a_sentence(cut: int, flip: int, value: int) -> None:
    data = bytearray(with_churn(document(), minutes([INSTANCE], 3)).encode())
    data[min(flip, len(data) - 1)] = value
    taken_or_refused(bytes(data[: max(1, len(data) - cut)]))
