"""Sites and hosts as the source page shows them: state, last sign of life, versions, machines; also those expected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import QCoreApplication

from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.host_set_up import HostKind, HostSetUp
from app.flows.hosts import agent_of, expected_hosts, is_outdated, is_same_host, silent_hosts
from app.flows.step import Context
from ui.tables.column import Align, Column, StatusLook
from ui.theme.tokens import Status
from ui.widgets.picker import Option


@dataclass(frozen=True, slots=True)
class HostRow:
    """One host: registered in the site, or expected there.

    Attributes:
        host: None as long as an expected host is not registered in this site.
        silence_s: how long ago Azure heard of it; None if it never did.
        machines: how many it reports; None where it is not registered.
        node_of: the cluster that the set-up says it belongs to.
    """

    name: str
    state: str
    status: Status
    icon: str = ""
    host: RecoveryServicesProvider | None = None
    silence_s: float | None = None
    agent: str = ""
    machines: int | None = None
    node_of: str = ""

    @property
    def key(self) -> str:
        return self.host.id.key if self.host is not None else f"expected:{self.name.lower()}"

    @property
    def provider(self) -> str:
        return self.host.provider_version if self.host is not None else ""


def host_rows(site: Fabric, choice: HostSetUp, context: Context) -> list[HostRow]:
    """The hosts of a site as they stand at the context's time, and below them those that are still expected."""
    hosts = context.estate.hosts(site)
    silent = {host.id for host in silent_hosts(hosts, context)}
    machines = Counter(item.provider_id.lower() for item in context.estate.protectable_at(site))
    rows = []
    for host in hosts:
        state, status = _state(host, context, is_silent=host.id in silent)
        heard = None if host.last_heartbeat is None else (context.now - host.last_heartbeat).total_seconds()
        rows.append(
            HostRow(
                host.friendly_name,
                state,
                status,
                host=host,
                silence_s=None if heard is None else max(heard, 0.0),
                agent=agent_of(host, site),
                machines=machines[host.id.key],
                node_of=_cluster_of(host.friendly_name, choice),
            )
        )
    for each in expected_hosts(choice, site, context.estate):
        if each.elsewhere is not None:
            elsewhere = _tr("In {}").format(each.elsewhere.friendly_name)
            rows.append(HostRow(each.name, elsewhere, Status.WARNING, node_of=_cluster_of(each.name, choice)))
        elif each.host is None:
            words = _tr("Not registered yet")
            rows.append(HostRow(each.name, words, Status.INFO, "in_time", node_of=_cluster_of(each.name, choice)))
    return rows


def host_columns() -> tuple[Column[HostRow], ...]:
    """Made when a page is built, since titles are translated."""
    return (
        Column(id="host", title=_tr("Host"), text=lambda row: row.name, width=18, stretch=True, optional=False),
        Column(
            id="state",
            title=_tr("State"),
            text=lambda row: row.state,
            status=lambda row: row.status,
            icon=lambda row: row.icon or None,
            sort_key=lambda row: (row.status.value, row.state),
            width=16,
            stretch=True,
        ),
        Column(
            id="heartbeat",
            title=_tr("Last heartbeat"),
            text=lambda row: age_text(row.silence_s),
            sort_key=lambda row: row.silence_s,
            status=lambda row: Status.WARNING if _is_late(row) else None,
            status_look=StatusLook.TINT,
            align=Align.RIGHT,
            width=11,
            searchable=False,
        ),
        Column(id="provider", title=_tr("Provider"), text=lambda row: row.provider, width=11, yields=True),
        Column(id="agent", title=_tr("Agent"), text=lambda row: row.agent, width=10, yields=True),
        Column(
            id="machines",
            title=_tr("Machines"),
            text=lambda row: "" if row.machines is None else f"{row.machines:,}",
            sort_key=lambda row: row.machines,
            align=Align.RIGHT,
            width=8,
            searchable=False,
        ),
        Column(
            id="replicating",
            title=_tr("Replicating"),
            text=lambda row: "" if row.host is None else f"{row.host.protected_item_count:,}",
            sort_key=lambda row: None if row.host is None else row.host.protected_item_count,
            align=Align.RIGHT,
            width=9,
            searchable=False,
            yields=True,
        ),
        Column(id="node_of", title=_tr("Node of"), text=lambda row: row.node_of, width=11, yields=True),
    )


def site_option(fabric: Fabric, context: Context) -> Option:
    """A site to pick, with what stands in it; one of another kind says why it can't be picked."""
    estate = context.estate
    if not fabric.is_hyper_v_site:
        return Option(fabric.id.key, fabric.friendly_name, reason=_tr("not a Hyper-V site"))
    container = estate.container(fabric)
    counts = (
        (len(estate.hosts(fabric)), _tr("1 host"), _tr("{} hosts")),
        (len(estate.protectable_at(fabric)), _tr("1 machine"), _tr("{} machines")),
        (
            sum(container is not None and each.container_id == container.id for each in estate.mappings),
            _tr("1 policy"),
            _tr("{} policies"),
        ),
    )
    words = ", ".join(one if count == 1 else many.format(f"{count:,}") for count, one, many in counts)
    return Option(fabric.id.key, fabric.friendly_name, words, icon="site")


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


def _is_late(row: HostRow) -> bool:
    return row.host is not None and row.status in (Status.WARNING, Status.CRITICAL)


def _cluster_of(name: str, choice: HostSetUp) -> str:
    if choice.kind is not HostKind.CLUSTER or not any(is_same_host(name, each) for each in choice.names):
        return ""
    return choice.cluster or _tr("the cluster")


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
