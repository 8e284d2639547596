"""What the flow says of hosts by their readiness files: findings with a remedy, and how a host stands as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.host_report import CheckResult, CheckStatus, HostReport
from app.domain.issue import Suitability, Verdict
from app.domain.rules import Rules
from app.flows.step import Context, counted

_WORST_FIRST = (CheckStatus.FAIL, CheckStatus.WARN, CheckStatus.UNKNOWN)
_UP = "up"
_ONLINE = "online"


@dataclass(frozen=True, slots=True)
class HostFinding:
    """One point about a host.

    Attributes:
        status: FAIL, WARN, or UNKNOWN, which is no pass.
        title: what was looked at.
        reason: what was found, or why it could not be found out.
        remedy: what to do; empty where nothing need be done.
        prerequisite: the line of the prerequisites that it answers; empty for none.
        is_required: without it nothing is installed or registered.
    """

    status: CheckStatus
    title: str
    reason: str
    remedy: str = ""
    prerequisite: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class HostStanding:
    """A host by its report. Counts are of checks; findings are worst first, passes not among them."""

    report: HostReport
    findings: tuple[HostFinding, ...]
    ok: int
    warn: int
    fail: int
    unknown: int

    @property
    def verdict(self) -> Verdict:
        """The host as a whole, for a chip."""
        report = self.report
        if not report.is_reached:
            return Verdict(Suitability.WARNING, "Not reached", report.problem, "See that it runs, and ask it again.")
        if not self.findings:
            return Verdict(Suitability.OK, "Ready")
        worst = self.findings[0]
        if worst.status is CheckStatus.FAIL:
            word = worst.title if self.fail == 1 else f"{self.fail} to put right"
            return Verdict(Suitability.BLOCKED, word, worst.reason, worst.remedy)
        word = f"{self.warn} to look at" if worst.status is CheckStatus.WARN else f"{self.unknown} unknown"
        return Verdict(Suitability.WARNING, word, worst.reason, worst.remedy)

    @property
    def machines_text(self) -> str:
        """`12 machines`, or that this is not known."""
        known = counted(len(self.report.machines), "machine")
        return known if self.report.machines_known else "machines not known"


def standings(context: Context) -> tuple[HostStanding, ...]:
    """All hosts with a report, by name."""
    return tuple(standing_of(report, context.rules) for report in context.reports.hosts)


def standing_by_name(host: str, context: Context) -> HostStanding | None:
    """How a host stands by its report; None where it has none. The name may be with or without its domain."""
    report = context.reports.host(host)
    return standing_of(report, context.rules) if report is not None else None


def standing_of(report: HostReport, rules: Rules) -> HostStanding:
    found = [*_of_host(report), *(_of_check(check, rules) for check in report.checks)]
    findings = sorted(
        (finding for finding in found if finding.status in _WORST_FIRST),
        key=lambda finding: _WORST_FIRST.index(finding.status),
    )
    counts = {status: sum(finding.status is status for finding in found) for status in CheckStatus}
    return HostStanding(
        report,
        tuple(findings),
        counts[CheckStatus.OK],
        counts[CheckStatus.WARN],
        counts[CheckStatus.FAIL],
        counts[CheckStatus.UNKNOWN],
    )


def _of_check(check: CheckResult, rules: Rules) -> HostFinding:
    known = rules.hosts.check(check.id)
    address = check.id.partition(".")[2]
    title = known.title if known is not None else check.id
    reason = ". ".join(_sentence(part) for part in (check.value, check.error) if part)
    return HostFinding(
        check.status,
        f"{title} {address}".strip(),
        reason or "Nothing more was told",
        known.advice if known is not None else "",
        known.prerequisite if known is not None else "",
        is_required=known is not None and known.is_required,
    )


def _of_host(report: HostReport) -> list[HostFinding]:
    """What no check tells: rights, and the cluster."""
    if not report.is_reached:
        remedy = "See that it runs and answers by WinRM, then run the script again."
        return [
            HostFinding(
                CheckStatus.UNKNOWN, "Asking the host", _sentence(report.problem) or "It did not answer", remedy
            )
        ]
    found = []
    if not report.machines_known:
        reason = "No machine was told, and that may be for lack of rights"
        remedy = "Run the script as an administrator of the host."
        found.append(HostFinding(CheckStatus.UNKNOWN, "Machines of the host", reason, remedy))
    if report.problem:
        remedy = "Run the script again as an administrator of the host."
        found.append(HostFinding(CheckStatus.UNKNOWN, "Parts that were not told", _sentence(report.problem), remedy))
    cluster = report.cluster
    if cluster is None:
        return found
    down = [node.name for node in cluster.nodes if node.state.lower() != _UP]
    if down:
        reason = f"{', '.join(down)} of {cluster.name} {'is' if len(down) == 1 else 'are'} not up"
        remedy = "Bring every node up before hosts are registered: each needs the Provider."
        found.append(HostFinding(CheckStatus.WARN, "Nodes of the cluster", reason, remedy))
    if cluster.broker == "":
        reason = f"{cluster.name} has no Hyper-V Replica Broker; documents differ on whether it is needed"
        remedy = "Add the role when enabling a machine ends with error 70094."
        found.append(HostFinding(CheckStatus.WARN, "Replica Broker", reason, remedy))
    elif cluster.broker is not None and cluster.broker.lower() != _ONLINE:
        reason = f"The Hyper-V Replica Broker of {cluster.name} is {cluster.broker}"
        found.append(HostFinding(CheckStatus.WARN, "Replica Broker", reason, "Bring the resource online."))
    return found


def _sentence(text: str) -> str:
    """Without its full stop, and beginning as a sentence does, unless it begins with an address or a path."""
    plain = text.strip(" .")
    first = plain.partition(" ")[0]
    return f"{plain[:1].upper()}{plain[1:]}" if first.isalpha() else plain
