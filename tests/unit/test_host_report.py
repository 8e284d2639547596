"""Finding a host's report by whatever name it is known, and a machine's by its id."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.host_report import (
    ChurnReport,
    DiskReport,
    HostReport,
    HostReports,
    MachineChurn,
    MachineReport,
    VolumeReport,
)

AT = datetime(2026, 8, 26, 9, tzinfo=UTC)
LATER = datetime(2026, 8, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize("name", ["HV-HQ-01", "hv-hq-01", "hv-hq-01.contoso.com", "HV-HQ-01.CONTOSO.COM"])
def test_a_host_is_found_with_and_without_its_domain(name: str) -> None:
    reports = HostReports((HostReport("HV-HQ-01", AT, "hv-hq-01.contoso.com"), HostReport("HV-HQ-02", AT)))
    found = reports.host(name)
    assert found is not None
    assert found.name == "HV-HQ-01"


def test_two_hosts_of_one_name_in_two_domains_stay_apart() -> None:
    reports = HostReports((HostReport("HV", AT, "hv.contoso.com"), HostReport("HV", LATER, "hv.fabrikam.com")))
    found = reports.host("hv.fabrikam.com")
    assert found is not None
    assert found.fqdn == "hv.fabrikam.com"
    assert reports.host("hv.wingtip.com") is None


def test_a_long_name_is_found_although_windows_cuts_it() -> None:
    reports = HostReports((HostReport("HV-HEADOFFICE-0", AT, "hv-headoffice-01.contoso.com"),))
    assert reports.host("HV-HEADOFFICE-01") is not None
    assert reports.host("hv-headoffice-0") is not None


def test_a_host_that_told_no_domain_is_meant_by_a_long_name_too() -> None:
    assert HostReports((HostReport("HV", AT),)).host("hv.contoso.com") is not None


def test_a_machine_is_the_newest_host_s() -> None:
    old = HostReport("A", AT, machines=(MachineReport("1a", "old"),))
    new = HostReport("B", LATER, machines=(MachineReport("1a", "new"),))
    for hosts in ((old, new), (new, old)):
        reports = HostReports(hosts)
        machine, host = reports.machine("1A"), reports.host_of("1A")
        assert machine is not None
        assert host is not None
        assert (machine.name, host.name) == ("new", "B")
    assert HostReports().machine("1a") is None


def test_the_longest_measurement_of_a_machine_counts() -> None:
    def measured(name: str, minutes: int) -> HostReport:
        churn = MachineChurn("1a", minutes, 1.0, 1.0, 1.0)
        return HostReport(name, AT, churn=ChurnReport(AT, LATER, minutes, "wmi", (churn,)))

    found = HostReports((measured("A", 15), measured("B", 900), measured("C", 60))).churn_of("1A")
    assert found is not None
    assert (found[0].minutes, found[1].is_smoke_test) == (900, False)


def test_a_size_is_known_only_when_all_disks_are() -> None:
    known, unknown = DiskReport("a", size_bytes=5, file_bytes=2), DiskReport("b", size_bytes=7)
    assert MachineReport("1", "x", disks=(known, unknown)).size_bytes == 12
    assert MachineReport("1", "x", disks=(known, unknown)).file_bytes is None
    assert MachineReport("1", "x", disks_known=False).size_bytes is None


@pytest.mark.parametrize(
    ("volume", "path", "is_on_it"),
    [
        ("C:\\", "c:\\VMs\\a.vhdx", True),
        ("C:\\ClusterStorage\\Volume1", "C:\\ClusterStorage\\Volume1\\a.vhdx", True),
        ("C:\\ClusterStorage\\Volume1", "C:\\ClusterStorage\\Volume10\\a.vhdx", False),
        ("C:\\", "\\\\?\\C:\\a.vhdx", True),
        ("C:\\", "\\\\server\\share\\a.vhdx", False),
    ],
)
def test_a_file_lies_on_the_volume_that_its_path_begins_with(volume: str, path: str, is_on_it: bool) -> None:
    assert VolumeReport(volume).holds(path) is is_on_it
