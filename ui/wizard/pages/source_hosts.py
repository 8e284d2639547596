"""Hosts as the source page shows them: state, last sign of life, versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import QCoreApplication

from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.flows.hosts import is_outdated, silent_hosts
from app.flows.step import Context
from ui.tables.column import Align, Column, StatusLook
from ui.theme.tokens import Status


@dataclass(frozen=True, slots=True)
class HostRow:
    """One registered host. `silence_s` is how long ago Azure heard of it; None if it never did."""

    host: RecoveryServicesProvider
    state: str
    status: Status
    silence_s: float | None
    agent: str


def host_rows(site: Fabric, context: Context) -> list[HostRow]:
    """The hosts of a site, as they stand at the context's time."""
    hosts = context.estate.hosts(site)
    silent = {host.id for host in silent_hosts(hosts, context)}
    agents = {each.name.lower(): each.agent_version for each in site.hosts}
    rows = []
    for host in hosts:
        state, status = _state(host, context, is_silent=host.id in silent)
        heard = None if host.last_heartbeat is None else (context.now - host.last_heartbeat).total_seconds()
        agent = agents.get(host.friendly_name.lower(), "")
        rows.append(HostRow(host, state, status, None if heard is None else max(heard, 0.0), agent))
    return rows


def host_columns() -> tuple[Column[HostRow], ...]:
    """Made when a page is built, since titles are translated."""
    return (
        Column(
            id="host",
            title=_tr("Host"),
            text=lambda row: row.host.friendly_name,
            width=20,
            stretch=True,
            optional=False,
        ),
        Column(
            id="state",
            title=_tr("State"),
            text=lambda row: row.state,
            status=lambda row: row.status,
            sort_key=lambda row: (row.status.value, row.state),
            width=13,
            stretch=True,
        ),
        Column(
            id="heartbeat",
            title=_tr("Last heartbeat"),
            text=lambda row: age_text(row.silence_s),
            sort_key=lambda row: row.silence_s,
            status=lambda row: Status.WARNING if row.status in (Status.WARNING, Status.CRITICAL) else None,
            status_look=StatusLook.TINT,
            align=Align.RIGHT,
            width=11,
            searchable=False,
        ),
        Column(
            id="replicating",
            title=_tr("Replicating"),
            text=lambda row: f"{row.host.protected_item_count:,}",
            sort_key=lambda row: row.host.protected_item_count,
            align=Align.RIGHT,
            width=9,
            searchable=False,
            yields=True,
        ),
        Column(id="provider", title=_tr("Provider"), text=lambda row: row.host.provider_version, width=11, yields=True),
        Column(id="agent", title=_tr("Agent"), text=lambda row: row.agent, width=10, yields=True),
    )


def age_text(seconds: float | None) -> str:
    """How long ago, short: `20 s ago`, `14 min ago`, `5.2 h ago`, `31 d ago`."""
    if seconds is None:
        return ""
    age = timedelta(seconds=seconds)
    if age < timedelta(minutes=2):
        return _tr("{} s ago").format(f"{seconds:.0f}")
    if age < timedelta(hours=2):
        return _tr("{} min ago").format(f"{seconds / 60:.0f}")
    if age < timedelta(days=2):
        return _tr("{} h ago").format(f"{seconds / 3600:.1f}")
    return _tr("{} d ago").format(f"{age.days:,}")


def _state(host: RecoveryServicesProvider, context: Context, *, is_silent: bool) -> tuple[str, Status]:
    if not host.is_connected:
        return _tr("Not connected"), Status.CRITICAL
    if is_silent:
        return _tr("Silent"), Status.WARNING
    if host.last_heartbeat is None:
        return _tr("Not heard of yet"), Status.INFO
    if is_outdated(host, context.rules.releases):
        return _tr("Update advised"), Status.INFO
    return _tr("Connected"), Status.OK


def _tr(text: str) -> str:
    return QCoreApplication.translate("SourcePage", text)
