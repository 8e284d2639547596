"""Jobs in the words of the window: what a job is called, how its state is told, how long it took."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain.job import JobState, JobTask, ReplicationJob
from app.flows.action import ActionKind
from app.flows.failover import FailoverKind
from ui.theme.tokens import Status

_STATUS = {
    JobState.NOT_STARTED: Status.NEUTRAL,
    JobState.RUNNING: Status.INFO,
    JobState.WAITING_FOR_USER: Status.WAITING,
    JobState.SUCCEEDED: Status.OK,
    JobState.SUCCEEDED_WITH_REMARKS: Status.WARNING,
    JobState.FAILED: Status.CRITICAL,
    JobState.CANCELLED: Status.NEUTRAL,
    JobState.OTHER: Status.NEUTRAL,
}
_ICONS = {JobState.RUNNING: "running", JobState.NOT_STARTED: "in_time"}

_ACTION_KINDS = {
    "CreateSite": ActionKind.CREATE_SITE,
    "AddProtectionProfile": ActionKind.CREATE_POLICY,
    "AssociateProtectionProfile": ActionKind.ASSOCIATE_POLICY,
    "EnableDr": ActionKind.ENABLE_PROTECTION,
    "TestFailover": ActionKind.TEST_FAILOVER,
    "TestFailoverCleanup": ActionKind.CLEAN_UP_TEST_FAILOVER,
    "PlannedFailover": ActionKind.PLANNED_FAILOVER,
    "UnplannedFailover": ActionKind.UNPLANNED_FAILOVER,
    "CommitFailover": ActionKind.COMMIT_FAILOVER,
    "RefreshFabricLayout": ActionKind.REFRESH_HOST,
    "UnregisterDra": ActionKind.REMOVE_HOST,
    "DissociateProtectionProfile": ActionKind.DISSOCIATE_POLICY,
    "ModifyProtectionProfile": ActionKind.CHANGE_POLICY,
    "RemoveProtectionProfile": ActionKind.DELETE_POLICY,
    "UnregisterFabric": ActionKind.REMOVE_SITE,
}
_OPERATIONS = {
    "TestFailover": FailoverKind.TEST,
    "TestFailoverCleanup": FailoverKind.CLEAN_UP,
    "PlannedFailover": FailoverKind.PLANNED,
    "UnplannedFailover": FailoverKind.UNPLANNED,
    "CommitFailover": FailoverKind.COMMIT,
}


def tr(text: str) -> str:
    return QCoreApplication.translate("JobsView", text)


def kind_text(job: ReplicationJob) -> str:
    """What was done, in our words where we know the scenario, else in Azure's."""
    known = {
        "CreateSite": tr("Create site"),
        "RegisterDra": tr("Register host"),
        "RefreshFabricLayout": tr("Refresh host"),
        "AddProtectionProfile": tr("Create policy"),
        "ModifyProtectionProfile": tr("Change policy"),
        "RemoveProtectionProfile": tr("Delete policy"),
        "AssociateProtectionProfile": tr("Associate policy"),
        "DissociateProtectionProfile": tr("Dissociate policy"),
        "EnableDr": tr("Enable replication"),
        "IrCompletion": tr("Finish first copy"),
        "UpdateVmProperties": tr("Change settings"),
        "RepairVMReplication": tr("Resynchronize"),
        "TestFailover": tr("Test failover"),
        "TestFailoverCleanup": tr("Clean-up"),
        "PlannedFailover": tr("Planned failover"),
        "UnplannedFailover": tr("Failover"),
        "CommitFailover": tr("Commit"),
        "ReprotectReplicationGroup": tr("Reverse replication"),
        "DisableDr": tr("Disable replication"),
    }
    return known.get(job.scenario) or job.friendly_name or job.scenario or tr("Job")


def title_text(job: ReplicationJob) -> str:
    """`Test failover of WEB-01`."""
    return tr("{0} of {1}").format(kind_text(job), job.target_name) if job.target_name else kind_text(job)


def state_status(state: JobState) -> Status:
    return _STATUS[state]


def state_icon(state: JobState) -> str | None:
    """The icon that stands in for the status' own, where there is a better one."""
    return _ICONS.get(state)


def state_text(job: ReplicationJob | JobTask) -> str:
    """One or two words; for a state of Azure's that we do not know, its own."""
    known = {
        JobState.NOT_STARTED: tr("Not begun"),
        JobState.RUNNING: tr("Running"),
        JobState.WAITING_FOR_USER: tr("Waits for you"),
        JobState.SUCCEEDED: tr("Done"),
        JobState.SUCCEEDED_WITH_REMARKS: tr("Done, with remarks"),
        JobState.FAILED: tr("Failed"),
        JobState.CANCELLED: tr("Cancelled"),
    }
    return known.get(job.state) or job.state_description or tr("Unknown")


def took_s(job: ReplicationJob | JobTask, now: datetime) -> float | None:
    """How long it took, or has taken until `now`; None before it began."""
    if job.started is None:
        return None
    if job.ended is None and job.state.is_over:
        return None
    return max(((job.ended or now) - job.started).total_seconds(), 0.0)


def operation_of(job: ReplicationJob) -> FailoverKind | None:
    """The operation that makes jobs of this kind; None for all but drills and failovers."""
    return _OPERATIONS.get(job.scenario)


def action_kind_of(job: ReplicationJob) -> ActionKind | None:
    """Under which name the usual time of such jobs is kept."""
    return _ACTION_KINDS.get(job.scenario)
