"""How hosts stand by their readiness files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.host_report import (
    CheckResult,
    CheckStatus,
    ClusterReport,
    HostReport,
    HostReports,
    NodeReport,
)
from app.domain.issue import Suitability
from app.flows.host_reports import standing_by_name, standing_of, standings
from app.rules import load_rules
from tests.support import estates

AT = datetime(2026, 8, 26, 9, tzinfo=UTC)
RULES = load_rules()
OK = CheckResult("role", CheckStatus.OK, "Hyper-V is installed")
OLD = CheckResult("dotnet", CheckStatus.FAIL, "older than 4.6.2, release 378675", source="registry")
RESTART = CheckResult("restart", CheckStatus.WARN, "waiting for a restart: updates of Windows")
CLOCK = CheckResult("clock", CheckStatus.UNKNOWN, error="time.windows.com did not tell the time.")


def report(*checks: CheckResult, **changes: object) -> HostReport:
    return replace(HostReport("HV-HQ-01", AT, "hv-hq-01.contoso.com", checks=checks), **changes)  # type: ignore[arg-type]


def test_findings_are_worst_first_with_what_to_do() -> None:
    standing = standing_of(report(OK, CLOCK, RESTART, OLD), RULES)
    assert [(each.status, each.title) for each in standing.findings] == [
        (CheckStatus.FAIL, ".NET Framework"),
        (CheckStatus.WARN, "Restart of the host"),
        (CheckStatus.UNKNOWN, "Clock"),
    ]
    worst = standing.findings[0]
    assert (worst.reason, worst.prerequisite, worst.is_required) == (
        "Older than 4.6.2, release 378675",
        "hosts.dotnet",
        True,
    )
    assert worst.remedy.startswith("Install a newer .NET Framework")
    assert (standing.ok, standing.warn, standing.fail, standing.unknown) == (1, 1, 1, 1)


def test_what_could_not_be_found_out_is_no_pass() -> None:
    assert standing_of(report(OK), RULES).verdict.status is Suitability.OK
    assert standing_of(report(OK, CLOCK), RULES).verdict.status is Suitability.WARNING
    assert standing_of(report(OK, RESTART), RULES).verdict.word == "1 to look at"
    verdict = standing_of(report(OK, OLD), RULES).verdict
    assert (verdict.status, verdict.word) == (Suitability.BLOCKED, ".NET Framework")


def test_a_check_that_this_program_does_not_know_is_told_all_the_same() -> None:
    (finding,) = standing_of(report(CheckResult("quantum", CheckStatus.WARN)), RULES).findings
    assert (finding.title, finding.reason, finding.remedy) == ("quantum", "Nothing more was told", "")


def test_an_address_is_named() -> None:
    check = CheckResult("address.login.microsoftonline.com", CheckStatus.FAIL, "no connection to port 443")
    assert standing_of(report(check), RULES).findings[0].title == "Address login.microsoftonline.com"


def test_machines_that_may_be_hidden_are_not_none() -> None:
    standing = standing_of(report(OK, machines_known=False), RULES)
    assert standing.machines_text == "machines not known"
    assert standing.findings[0].title == "Machines of the host"
    assert standing_of(report(OK), RULES).machines_text == "0 machines"


def test_parts_that_could_not_be_asked_are_no_pass() -> None:
    (finding,) = standing_of(report(OK, problem="volumes: Access is denied."), RULES).findings
    assert (finding.status, finding.reason) == (CheckStatus.UNKNOWN, "volumes: Access is denied")


def test_a_host_that_was_not_reached_knows_nothing() -> None:
    standing = standing_of(report(is_reached=False, problem="Access is denied."), RULES)
    assert (standing.verdict.word, standing.verdict.reason) == ("Not reached", "Access is denied.")


def test_a_cluster_with_a_node_down_and_no_broker_is_looked_at() -> None:
    nodes = (NodeReport("HV-HQ-01", "Up"), NodeReport("HV-HQ-02", "Down"))
    titles = [each.title for each in standing_of(report(cluster=ClusterReport("CL1", nodes, "")), RULES).findings]
    assert titles == ["Nodes of the cluster", "Replica Broker"]
    assert not standing_of(report(cluster=ClusterReport("CL1", nodes[:1], None)), RULES).findings
    offline = standing_of(report(cluster=ClusterReport("CL1", nodes[:1], "Failed")), RULES)
    assert offline.findings[0].reason == "The Hyper-V Replica Broker of CL1 is Failed"


def test_hosts_of_azure_find_their_report_by_short_and_long_names() -> None:
    context = replace(estates.context(), reports=HostReports((report(OLD),)))
    assert [each.report.name for each in standings(context)] == ["HV-HQ-01"]
    for name in ("hv-hq-01", "HV-HQ-01.contoso.com"):
        standing = standing_by_name(name, context)
        assert standing is not None
        assert standing.fail == 1
    assert standing_by_name("HV-HQ-02", context) is None
