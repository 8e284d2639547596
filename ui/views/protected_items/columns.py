"""What the table of replicated items says of each machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from app.domain.bulk import Bulk
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.rules import MonitoringRules
from app.domain.stage import Stage, stage_of
from ui.item_words import (
    HEALTH,
    HOST,
    STATE,
    health_options,
    health_status,
    health_word,
    stage_icon,
    stage_status,
    stage_text,
    stage_word,
)
from ui.tables.column import Align, Column, StatusLook
from ui.tables.row_filter import Facet, FacetOption
from ui.theme.tokens import Status
from ui.when import age_text, moment_text, short_moment_text, span_text

POLICY = "policy"
_CANNOT_BE_TESTED = (Stage.FIRST_COPY, Stage.FINISHING, Stage.COMMIT_WAITS, Stage.IN_AZURE)


class ItemRow(Bulk, frozen=True):
    """One machine with what other lists say of it."""

    item: ReplicationProtectedItem
    host: str = ""
    copy_frequency_s: int = 0


def tr(text: str) -> str:
    return QCoreApplication.translate("ProtectedItemsView", text)


def item_facets() -> tuple[Facet[ItemRow], ...]:
    healths = tuple(FacetOption(word, status) for word, status in health_options())
    return (
        Facet(HEALTH, tr("Health"), lambda row: health_word(row.item.replication_health), healths),
        Facet(STATE, tr("State"), lambda row: stage_word(row.item)),
        Facet(POLICY, tr("Policy"), lambda row: row.item.policy_name or tr("None")),
        Facet(HOST, tr("Host"), lambda row: row.host or tr("Unknown")),
    )


def item_columns(now: Callable[[], datetime], rules: MonitoringRules) -> tuple[Column[ItemRow], ...]:
    """Ages are told as of `now`."""

    def rpo_s(row: ItemRow) -> int | None:
        """None for a machine that runs in Azure: nothing is copied any more."""
        return None if row.item.runs_in_azure else row.item.rpo_s

    def rpo_status(row: ItemRow) -> Status | None:
        rpo = rpo_s(row)
        if rpo is None or rpo <= rules.rpo_warning_s(row.copy_frequency_s):
            return None
        return Status.CRITICAL if rpo > rules.rpo_critical_s(row.copy_frequency_s) else Status.WARNING

    def newest_text(row: ItemRow) -> str:
        point = row.item.last_recovery_point
        return "" if point is None else short_moment_text(point, now())

    def newest_tip(row: ItemRow) -> str:
        point = row.item.last_recovery_point
        if point is None:
            return tr("Azure has received no recovery point yet")
        return tr("Newest recovery point that Azure has received: {}").format(moment_text(point, now()))

    def drill_text(row: ItemRow) -> str:
        drilled = row.item.last_test_failover
        if drilled is not None:
            return age_text(drilled, now())
        return "" if stage_of(row.item) in _CANNOT_BE_TESTED else tr("Never")

    def drill_status(row: ItemRow) -> Status | None:
        drilled = row.item.last_test_failover
        if stage_of(row.item) in _CANNOT_BE_TESTED:
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
            width=10,
            stretch=True,
        ),
        Column(
            id=STATE,
            title=tr("State"),
            text=lambda row: stage_text(row.item),
            sort_key=lambda row: (stage_of(row.item).value, row.item.initial_replication_percent or 0),
            status=lambda row: stage_status(row.item),
            status_look=StatusLook.WORD,
            icon=lambda row: stage_icon(row.item),
            width=12,
            stretch=True,
        ),
        Column(
            id="rpo",
            title=tr("RPO"),
            text=lambda row: "" if rpo_s(row) is None else span_text(timedelta(seconds=rpo_s(row) or 0)),
            sort_key=rpo_s,
            status=rpo_status,
            status_look=StatusLook.TINT,
            align=Align.RIGHT,
            width=4,
            searchable=False,
            tooltip=lambda row: tr("Age of the newest copy in Azure, as Azure last computed it"),
        ),
        Column(
            id="newest_point",
            title=tr("Newest"),
            text=newest_text,
            sort_key=lambda row: row.item.last_recovery_point,
            align=Align.RIGHT,
            width=8,
            tooltip=newest_tip,
            copied=lambda row: moment_text(row.item.last_recovery_point, now()) if row.item.last_recovery_point else "",
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
            width=6,
            searchable=False,
        ),
        Column(id=HOST, title=tr("Host"), text=lambda row: row.host, width=18, stretch=True, yields=True),
        Column(id=POLICY, title=tr("Policy"), text=lambda row: row.item.policy_name, width=12, yields=True),
        Column(id="azure_name", title=tr("Azure name"), text=lambda row: row.item.target_name, width=15, shown=False),
        Column(id="size", title=tr("Azure size"), text=lambda row: row.item.target_size, width=16, shown=False),
    )
