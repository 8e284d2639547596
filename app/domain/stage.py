"""Where a replicating machine stands in its life, in one word. What may be done to it is not said here."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from app.domain.protected_item import Operation, ReplicationProtectedItem


class Stage(StrEnum):
    FIRST_COPY = "first_copy"
    FINISHING = "finishing"
    """The first copy is in Azure, its settings are being made."""
    PROTECTED = "protected"
    BUSY = "busy"
    """A job is at work on it."""
    DRILL_WAITS = "drill_waits"
    """Its test machine runs and waits to be cleaned up."""
    COMMIT_WAITS = "commit_waits"
    IN_AZURE = "in_azure"
    OTHER = "other"
    """Something that Azure's own words tell best."""


_FIRST_COPY = ("unprotectedstatesbegin", "enablingprotection", "initialreplicationinprogress")
_FINISHING = "InitialReplicationRecoveryCompletionPending"
_ENABLING = "enableprotection"


def stage_of(item: ReplicationProtectedItem) -> Stage:
    scenario = item.current_scenario
    running = scenario.name if scenario is not None and scenario.is_running else ""
    return _stage(item.protection_state, running, item.awaits_clean_up, item.runs_in_azure, item.allowed_operations)


@lru_cache(512)  # asked three times for each of ten thousand items, which are in a dozen states
def _stage(state: str, running: str, awaits_clean_up: bool, in_azure: bool, allowed: tuple[str, ...]) -> Stage:
    if state.lower() in _FIRST_COPY:
        return Stage.FIRST_COPY
    if state == _FINISHING:
        return Stage.FINISHING
    if running:
        return Stage.FINISHING if running.lower() == _ENABLING else Stage.BUSY
    if awaits_clean_up:
        return Stage.DRILL_WAITS
    if in_azure:
        return Stage.COMMIT_WAITS if Operation.COMMIT.value in allowed else Stage.IN_AZURE
    if state == "Protected":
        return Stage.PROTECTED if allowed else Stage.FINISHING
    return Stage.OTHER
