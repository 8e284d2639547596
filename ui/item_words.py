"""The words and statuses by which a replicated item is told wherever it is shown, and the facets of its list."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication

from app.domain.health import Health
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.stage import Stage, stage_of
from ui.theme.tokens import Status

HEALTH, STATE, HOST = "health", "state", "host"
"""Facets of the list of replicated items, by which other views lead into it."""

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


@cache  # asked for each of ten thousand rows; the language stays as the program began
def health_word(health: Health) -> str:
    return {
        Health.NORMAL: _tr("Healthy"),
        Health.WARNING: _tr("Warning"),
        Health.CRITICAL: _tr("Critical"),
        Health.NOT_APPLICABLE: _tr("Not applicable"),
        Health.UNKNOWN: _tr("Unknown"),
    }[health]


def health_options() -> tuple[tuple[str, Status], ...]:
    """The healths to filter by, each with its status, worst last."""
    known = (Health.NORMAL, Health.WARNING, Health.CRITICAL, Health.NOT_APPLICABLE)
    return tuple((health_word(health), _HEALTH_STATUS[health]) for health in known)


def health_status(health: Health) -> Status:
    return _HEALTH_STATUS[health]


def stage_status(item: ReplicationProtectedItem) -> Status:
    return _STAGE_STATUS[stage_of(item)]


def stage_icon(item: ReplicationProtectedItem) -> str:
    """The icon that stands in for the status' own, where there is a better one; else empty."""
    return "running" if stage_status(item) is Status.INFO else ""


def stage_word(item: ReplicationProtectedItem) -> str:
    """The state without its figures, so that machines can be gathered by it."""
    stage = stage_of(item)
    if stage is Stage.BUSY and item.current_scenario is not None:
        return _tr(_BUSY_WORDS.get(item.current_scenario.name.lower(), "Job is running"))
    if stage is Stage.OTHER:
        return item.protection_state_description or item.protection_state
    return word_of_stage(stage)


@cache
def word_of_stage(stage: Stage) -> str:
    """The word of a stage that needs no more than one."""
    return {
        Stage.FIRST_COPY: _tr("First copy"),
        Stage.FINISHING: _tr("Finishing"),
        Stage.PROTECTED: _tr("Protected"),
        Stage.BUSY: _tr("Job is running"),
        Stage.DRILL_WAITS: _tr("Drill waits"),
        Stage.COMMIT_WAITS: _tr("Commit waits"),
        Stage.IN_AZURE: _tr("Runs in Azure"),
        Stage.OTHER: _tr("Unknown"),
    }[stage]


def stage_text(item: ReplicationProtectedItem) -> str:
    """The state, with how far the first copy is."""
    if stage_of(item) is Stage.FIRST_COPY:
        return _tr("First copy {} %").format(item.initial_replication_percent or 0)
    return stage_word(item)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ItemWords", text)
