"""What the table of replicated items says of each machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from app.domain.health import Health
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.rules import MonitoringRules
from app.domain.stage import Stage, stage_of
from ui.tables.column import Align, Column, StatusLook
from ui.tables.row_filter import Facet, FacetOption
from ui.theme.tokens import Status
from ui.when import age_text, moment_text, span_text

HEALTH, STATE, POLICY, HOST = "health", "state", "policy", "host"

_HEALTH_STATUS = {
    Health.NORMAL: Status.OK,
    Health.WARNING: Status.WARNING,
    Health.CRITICAL: Status.CRITICAL,
    Health.NOT_APPLICABLE: Status.NEUTRAL,
    Health.UNKNOWN: Status.NEUTRAL,
}
_STAGE_STATUS = {
    Stage.FIRST_COPY: Status.INFO,
    Stage.FINISHING: Status.INFO,
    Stage.PROTECTED: Status.OK,
    Stage.BUSY: Status.INFO,
    Stage.DRILL_WAITS: Status.WAITING,
    Stage.COMMIT_WAITS: Status.WAITING,
    Stage.IN_AZURE: Status.NEUTRAL,
    Stage.OTHER: Status.NEUTRAL,
}
_BUSY_WORDS = {
    "testfailover": "Drill starts",
    "testfailovercleanup": "Cleaning up",
    "plannedfailover": "Failing over",
    "unplannedfailover": "Failing over",
    "commitfailover": "Committing",
    "commit": "Committing",
    "disableprotection": "Being removed",
}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One machine with what other lists say of it."""

    item: ReplicationProtectedItem
    host: str = ""
    copy_frequency_s: int = 0


def tr(text: str) -> str:
    return QCoreApplication.translate("ProtectedItemsView", text)


def health_word(health: Health) -> str:
    return {
        Health.NORMAL: tr("Healthy"),
        Health.WARNING: tr("Warning"),
        Health.CRITICAL: tr("Critical"),
        Health.NOT_APPLICABLE: tr("Not applicable"),
        Health.UNKNOWN: tr("Unknown"),
    }[health]


def health_status(health: Health) -> Status:
    return _HEALTH_STATUS[health]


def stage_status(item: ReplicationProtectedItem) -> Status:
    return _STAGE_STATUS[stage_of(item)]


def stage_word(item: ReplicationProtectedItem) -> str:
    """The state without its figures, so that machines can be gathered by it."""
    stage = stage_of(item)
    if stage is Stage.BUSY and item.current_scenario is not None:
        return tr(_BUSY_WORDS.get(item.current_scenario.name.lower(), "Job is running"))
    if stage is Stage.OTHER:
        return item.protection_state_description or item.protection_state
    return {
        Stage.FIRST_COPY: tr("First copy"),
        Stage.FINISHING: tr("Finishing"),
        Stage.PROTECTED: tr("Protected"),
        Stage.DRILL_WAITS: tr("Drill waits"),
        Stage.COMMIT_WAITS: tr("Commit waits"),
        Stage.IN_AZURE: tr("Runs in Azure"),
    }[stage]


def stage_text(item: ReplicationProtectedItem) -> str:
    """The state, with how far the first copy is."""
    if stage_of(item) is Stage.FIRST_COPY:
        return tr("First copy {} %").format(item.initial_replication_percent or 0)
    return stage_word(item)


def item_facets() -> tuple[Facet[ItemRow], ...]:
    healths = tuple(FacetOption(health_word(health), status) for health, status in _HEALTH_STATUS.items())
    return (
        Facet(HEALTH, tr("Health"), lambda row: health_word(row.item.replication_health), healths[:4]),
        Facet(STATE, tr("State"), lambda row: stage_word(row.item)),
        Facet(POLICY, tr("Policy"), lambda row: row.item.policy_name or tr("None")),
        Facet(HOST, tr("Host"), lambda row: row.host or tr("Unknown")),
    )


def item_columns(now: Callable[[], datetime], rules: MonitoringRules) -> tuple[Column[ItemRow], ...]:
    """Ages are told as of `now`."""

    def rpo_status(row: ItemRow) -> Status | None:
        rpo = row.item.rpo_s
        if rpo is None or row.item.runs_in_azure or rpo <= rules.rpo_warning_s(row.copy_frequency_s):
            return None
        return Status.CRITICAL if rpo > rules.rpo_critical_s(row.copy_frequency_s) else Status.WARNING

    def drill_text(row: ItemRow) -> str:
        drilled = row.item.last_test_failover
        return tr("Never") if drilled is None else age_text(drilled, now())

    def drill_status(row: ItemRow) -> Status | None:
        drilled = row.item.last_test_failover
        if row.item.runs_in_azure:
            return None
        if drilled is None or now() - drilled > timedelta(days=rules.drill_age_days):
            return Status.WARNING
        return None

    return (
        Column(
            id="machine",
            title=tr("Machine"),
            text=lambda row: row.item.friendly_name,
            width=15,
            stretch=True,
            optional=False,
        ),
        Column(
            id=HEALTH,
            title=tr("Health"),
            text=lambda row: health_word(row.item.replication_health),
            sort_key=lambda row: row.item.replication_health.rank,
            status=lambda row: health_status(row.item.replication_health),
            width=13,
        ),
        Column(
            id=STATE,
            title=tr("State"),
            text=lambda row: stage_text(row.item),
            sort_key=lambda row: (stage_of(row.item).value, row.item.initial_replication_percent or 0),
            status=lambda row: stage_status(row.item),
            status_look=StatusLook.WORD,
            width=14,
        ),
        Column(
            id="rpo",
            title=tr("RPO"),
            text=lambda row: "" if row.item.rpo_s is None else span_text(timedelta(seconds=row.item.rpo_s)),
            sort_key=lambda row: row.item.rpo_s,
            status=rpo_status,
            status_look=StatusLook.TINT,
            align=Align.RIGHT,
            width=7,
            searchable=False,
            tooltip=lambda row: tr("Age of the newest copy in Azure, as Azure last computed it"),
        ),
        Column(
            id="newest_point",
            title=tr("Newest point"),
            text=lambda row: moment_text(row.item.last_recovery_point, now()) if row.item.last_recovery_point else "",
            sort_key=lambda row: row.item.last_recovery_point,
            align=Align.RIGHT,
            width=11,
            searchable=False,
        ),
        Column(
            id="last_drill",
            title=tr("Last drill"),
            text=drill_text,
            sort_key=lambda row: row.item.last_test_failover,
            status=drill_status,
            status_look=StatusLook.TINT,
            align=Align.RIGHT,
            width=10,
            searchable=False,
        ),
        Column(id=HOST, title=tr("Host"), text=lambda row: row.host, width=12, shown=False),
        Column(id=POLICY, title=tr("Policy"), text=lambda row: row.item.policy_name, width=12, shown=False),
        Column(id="azure_name", title=tr("Azure name"), text=lambda row: row.item.target_name, width=15, shown=False),
        Column(id="size", title=tr("Azure size"), text=lambda row: row.item.target_size, width=16, shown=False),
    )
