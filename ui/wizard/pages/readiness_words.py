"""What the card of readiness files says of hosts, checks and what came of an import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from app.domain.host_report import CheckStatus, ChurnReport
from app.domain.issue import Suitability
from app.domain.readiness_file import Imported, RefusedFile
from app.flows.host_reports import HostStanding
from ui.theme.tokens import Status
from ui.when import moment_text

STALE_AFTER = timedelta(days=30)
_HOUR_MIN, _DAY_MIN = 60, 24 * 60

STATUS_OF_CHECK = {
    CheckStatus.OK: Status.OK,
    CheckStatus.WARN: Status.WARNING,
    CheckStatus.FAIL: Status.CRITICAL,
    CheckStatus.UNKNOWN: Status.NEUTRAL,
    CheckStatus.SKIPPED: Status.NEUTRAL,
}
STATUS_OF_SUITABILITY = {
    Suitability.OK: Status.OK,
    Suitability.WARNING: Status.WARNING,
    Suitability.BLOCKED: Status.CRITICAL,
}


def tr(text: str) -> str:
    return QCoreApplication.translate("Readiness", text)


def minutes_text(minutes: int) -> str:
    """`15 min`, `26 h`, `7 days`."""
    if minutes < 2 * _HOUR_MIN:
        return tr("{} min").format(minutes)
    if minutes < 2 * _DAY_MIN:
        return tr("{} h").format(round(minutes / _HOUR_MIN))
    return tr("{} days").format(round(minutes / _DAY_MIN))


def counts_text(standing: HostStanding) -> str:
    """`17 checks passed, 1 to put right, 2 to look at, 1 unknown`; nothing that is none."""
    parts = [
        (standing.ok, tr("1 check passed"), tr("{} checks passed")),
        (standing.fail, tr("1 to put right"), tr("{} to put right")),
        (standing.warn, tr("1 to look at"), tr("{} to look at")),
        (standing.unknown, tr("1 unknown"), tr("{} unknown")),
    ]
    return ", ".join((one if count == 1 else many).format(count) for count, one, many in parts if count)


def is_stale(standing: HostStanding, now: datetime) -> bool:
    """Whether so much time has passed that much may be otherwise."""
    return now - standing.report.taken_at > STALE_AFTER


def about_text(standing: HostStanding, now: datetime) -> str:
    """`12 machines · 26 Aug, 09:42 · writes measured for 7 days`."""
    report = standing.report
    asked = tr("asked {}").format(moment_text(report.taken_at, now))
    if not report.is_reached:
        return tr("not reached · {}").format(asked)
    parts = [_machines_text(standing), asked]
    if is_stale(standing, now):
        parts[1] = tr("{asked}, {days} days ago").format(asked=asked, days=f"{(now - report.taken_at).days:,}")
    if report.churn is not None:
        parts.append(churn_text(report.churn))
    return " · ".join(parts)


def churn_text(churn: ChurnReport) -> str:
    """How long was measured, and when that is too short to tell anything."""
    words = tr("smoke test of {}") if churn.is_smoke_test else tr("writes measured for {}")
    return words.format(minutes_text(churn.minutes))


def outcome_lines(imported: Imported) -> Iterator[tuple[Status, str]]:
    """What was taken in and what was not, each in a sentence."""
    for file in imported.refused:
        yield Status.CRITICAL, refused_text(file)
    for taken in imported.taken:
        if taken.hosts:
            names = ", ".join(taken.hosts[:3])
            if len(taken.hosts) > 3:
                names = tr("{names} and {more} more").format(names=names, more=len(taken.hosts) - 3)
            yield Status.OK, tr("{file}: {hosts} taken in.").format(file=taken.file_name, hosts=names)
        for host in taken.older:
            words = tr("{file}: what is known of {host} is newer, and stays.")
            yield Status.INFO, words.format(file=taken.file_name, host=host)
        for note in taken.notes:
            yield Status.WARNING, tr("{file}: {note}").format(file=taken.file_name, note=note)


def refused_text(file: RefusedFile) -> str:
    """`a.json, line 3, column 7: It is damaged there.`"""
    where = f"{file.file_name}, {file.place}" if file.place else file.file_name
    return tr("{where} was not taken in. {reason}").format(where=where, reason=file.reason)


def _machines_text(standing: HostStanding) -> str:
    report = standing.report
    if not report.machines_known:
        return tr("machines not known")
    count = len(report.machines)
    return tr("1 machine") if count == 1 else tr("{} machines").format(f"{count:,}")
