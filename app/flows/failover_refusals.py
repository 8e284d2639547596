"""Why Azure does not offer an operation for a machine now, in words with a way on."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.protected_item import Operation, ReplicationProtectedItem
from app.flows.failover import CLEAN_UP, COMMIT, FailoverKind, FailoverOperation


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an operation has to wait, for the callout at the greyed button.

    Attributes:
        way_on: the operation that clears the way, if one does.
        job_id: the job to wait for, if one runs.
    """

    title: str
    reason: str
    way_on: FailoverKind | None = None
    job_id: str = ""


def why_not(operation: FailoverOperation, item: ReplicationProtectedItem) -> Refusal | None:
    """Why `operation` cannot be started on `item` now; None when Azure offers it."""
    if item.allows(operation.allowed_by):
        return None
    name = item.friendly_name
    waits = f"{operation.title} has to wait"
    scenario = item.current_scenario
    if not item.is_hyper_v_to_azure:
        return Refusal(f"{operation.title} is not served", f"{name} is not a Hyper-V machine that replicates to Azure.")
    if scenario is not None and scenario.is_running:
        return Refusal(
            waits, f"A job is working on {name}. It can be started when that is over.", job_id=scenario.job_id
        )
    if item.awaits_clean_up and operation is not CLEAN_UP:
        return Refusal(waits, f"The test machine of {name} still runs. Clean up first.", way_on=FailoverKind.CLEAN_UP)
    if operation is CLEAN_UP:
        return Refusal("Nothing to clean up", f"{name} has no test machine in Azure.")
    if item.allows(Operation.COMMIT):
        return Refusal(waits, f"{name} has failed over and waits for its commit.", way_on=FailoverKind.COMMIT)
    if item.runs_in_azure:
        if operation is COMMIT:
            return Refusal("Nothing to commit", f"The failover of {name} is committed.")
        return Refusal(waits, f"{name} runs in Azure. It must go back to its site first.")
    if operation is COMMIT:
        return Refusal("Nothing to commit", f"{name} runs on premises.")
    return Refusal(waits, _first_copy(item) or f"Azure does not offer it for {name} now: {_state(item)}.")


def _first_copy(item: ReplicationProtectedItem) -> str:
    """Where the first copy stands, in words; empty when it is complete."""
    name = item.friendly_name
    state = item.protection_state
    if state == "InitialReplicationInProgress":
        percent = item.initial_replication_percent
        return (
            f"The first copy of {name} is at {percent} %." if percent else f"The first copy of {name} has just begun."
        )
    if state == "InitialReplicationRecoveryCompletionPending":
        return f"The first copy of {name} is in Azure; its first recovery point is being made."
    if item.is_hyper_v_to_azure and not item.allowed_operations and state == "Protected":
        return f"The first copy of {name} is complete; Azure is finishing its settings."
    return ""


def _state(item: ReplicationProtectedItem) -> str:
    return item.protection_state_description or item.protection_state or "its state is not known"
