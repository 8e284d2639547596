"""What the walks hold the practice vault against, written from how the service was seen to behave."""

from __future__ import annotations

from typing import NamedTuple

PRIMARY, RECOVERY = "Primary", "Recovery"


class State(NamedTuple):
    active: str
    offers: frozenset[str]


def _state(active: str, offers: str) -> State:
    return State(active, frozenset(offers.split()))


STATES = {
    "UnprotectedStatesBegin": _state(PRIMARY, "DisableProtection"),
    "InitialReplicationInProgress": _state(PRIMARY, "DisableProtection"),
    "InitialReplicationRecoveryCompletionPending": _state(PRIMARY, "DisableProtection"),
    "Protected": _state(PRIMARY, "PlannedFailover UnplannedFailover DisableProtection TestFailover"),
    "PlannedFailoverCommitRequired": _state(RECOVERY, "CompleteMigration Commit DisableProtection ChangePit"),
    "UnplannedFailoverCommitPendingStatesBegin": _state(
        RECOVERY, "CompleteMigration Commit DisableProtection ChangePit"
    ),
    "PlannedFailoverStatesBegin": _state(RECOVERY, "CompleteMigration DisableProtection Failback"),
    "UnplannedFailoverCommitted": _state(RECOVERY, "CompleteMigration DisableProtection Failback"),
    "FinalizeRestorePending": _state(PRIMARY, "DisableProtection FinalizeFailback"),
    "RestoreFinalized": _state(PRIMARY, "ReverseReplicate DisableProtection"),
}
IN_DRILL = frozenset({"DisableProtection", "TestFailoverCleanup"})
WITH_MACHINE = frozenset(
    {state for state, told in STATES.items() if told.active == RECOVERY} | {"FinalizeRestorePending"}
)
"""States in which the item's own machine stands in Azure."""


class Operation(NamedTuple):
    """Something that is asked of a protected item.

    Attributes:
        words: which entries of allowedOperations permit it.
        leads: from the state before to the state after; any other state stays.
        fails_with: codes with which a job may fail although it was permitted, each with a reason that is looked for.
    """

    words: frozenset[str]
    leads: dict[str, str]
    fails_with: frozenset[str] = frozenset()


_HOST, _TARGET, _POINT = "25018", ("28031", "28020", "28092", "70044", "25080"), "506"


def _operation(words: str, leads: dict[str, str], *fails_with: str) -> Operation:
    return Operation(frozenset(words.split()), leads, frozenset(fails_with))


OPERATIONS = {
    "test failover": _operation("TestFailover", {}, *_TARGET, _POINT),
    "clean-up": _operation("TestFailoverCleanup", {}),
    "planned failover": _operation(
        "PlannedFailover", {"Protected": "PlannedFailoverCommitRequired"}, _HOST, *_TARGET, _POINT
    ),
    "unplanned failover": _operation(
        "UnplannedFailover", {"Protected": "UnplannedFailoverCommitPendingStatesBegin"}, *_TARGET, _POINT
    ),
    "change of point": _operation("ChangePit", {}, *_TARGET, _POINT),
    "commit": _operation(
        "Commit FinalizeFailback",
        {
            "PlannedFailoverCommitRequired": "PlannedFailoverStatesBegin",
            "UnplannedFailoverCommitPendingStatesBegin": "UnplannedFailoverCommitted",
            "FinalizeRestorePending": "RestoreFinalized",
        },
    ),
    "failback": _operation(
        "Failback",
        {
            "PlannedFailoverStatesBegin": "FinalizeRestorePending",
            "UnplannedFailoverCommitted": "FinalizeRestorePending",
        },
        _HOST,
    ),
    "reverse replication": _operation("ReverseReplicate", {"RestoreFinalized": "InitialReplicationInProgress"}, _HOST),
    "cancel failover": _operation("CancelFailover", {}),
    "disable": _operation("DisableProtection", {}, _HOST),
    "complete migration": _operation("CompleteMigration", {}),
}
OTHERS = {
    "resynchronization": _operation("", {}, _HOST),
    "update": _operation("", {}),
    "purge": _operation("", {}),
}
"""What no entry of allowedOperations permits: it goes well unless another job works on the machine."""

BEGINS_AGAIN = ("InitialReplicationInProgress", "InitialReplicationRecoveryCompletionPending", "Protected")

# Jobs

DESCRIBED = {
    "NotStarted": {"NotStarted"},
    "InProgress": {"InProgress"},
    "Succeeded": {"Completed"},
    "Failed": {"Failed"},
    "Cancelled": {"Cancelled"},
    "PartiallySucceeded": {"PartiallySucceeded"},
    "CompletedWithInformation": {"CompletedWithInformation"},
    "Suspended": {"WaitingForManualAction", "WaitingForUserInputAfterDataSync", "WaitingForFinalizeProtection"},
    "Other": {"Skipped"},
}
GOOD = frozenset({"Succeeded", "CompletedWithInformation", "PartiallySucceeded"})
ENDED = GOOD | {"Failed", "Cancelled"}
OPERATION_STATUS = {
    "NotStarted": "NotStarted",
    "InProgress": "InProgress",
    "Suspended": "InProgress",
    "Failed": "Failed",
    "Cancelled": "Cancelled",
} | dict.fromkeys(GOOD, "Succeeded")
TASK_STATES = {
    "NotStarted": {"NotStarted"},
    "InProgress": {"NotStarted", "InProgress", "Succeeded", "Other"},
    "Suspended": {"NotStarted", "Suspended", "Succeeded", "Other"},
    "Failed": {"NotStarted", "Succeeded", "Failed", "Other"},
    "Cancelled": {"NotStarted", "Succeeded", "Cancelled", "Other"},
} | {state: {"Succeeded", "Other"} for state in GOOD}
"""By state of a job: the states that its steps may be in."""

NO_TIME = "0001-01-01T00:00:00"
