"""The stations of a protected item's life, what each allows, and what is said about its health."""

from __future__ import annotations

from typing import NamedTuple

from app.simulator import records as rec
from app.simulator.wire import Json, time_text

PRIMARY, RECOVERY = "Primary", "Recovery"


class Phase(NamedTuple):
    """One station: how it is named, where the machine runs, what may be done next."""

    state: str
    description: str
    active: str
    operations: tuple[str, ...]
    vm_state: str
    vm_description: str


def _phase(
    state: str, description: str, active: str, operations: tuple[str, ...], vm: tuple[str, str] | None = None
) -> Phase:
    return Phase(state, description, active, operations, *(vm or (state, description)))


_BEGINNING = ("UnprotectedStatesBegin", "Enabling protection")
_FAILED_OVER = ("CompleteMigration", "Commit", "DisableProtection", "ChangePit")
_COMMITTED = ("CompleteMigration", "DisableProtection", "Failback")

PHASES: dict[str, Phase] = {
    "enabling": _phase(*_BEGINNING, PRIMARY, ("DisableProtection",)),
    "initial": _phase(
        "InitialReplicationInProgress",
        "Initial replication is in progress",
        PRIMARY,
        ("DisableProtection",),
        _BEGINNING,
    ),
    "pending": _phase(
        "InitialReplicationRecoveryCompletionPending",
        "Waiting for first recovery point",
        PRIMARY,
        ("DisableProtection",),
        _BEGINNING,
    ),
    "configuring": _phase(
        "Protected", "Protected", PRIMARY, (), ("ReplicaConfigurationInProgress", "Configuring the replica")
    ),
    "protected": _phase(
        "Protected",
        "Protected",
        PRIMARY,
        ("PlannedFailover", "UnplannedFailover", "DisableProtection", "TestFailover"),
    ),
    "planned": _phase("PlannedFailoverCommitRequired", "Planned failover finished", RECOVERY, _FAILED_OVER),
    "unplanned": _phase("UnplannedFailoverCommitPendingStatesBegin", "Failover completed", RECOVERY, _FAILED_OVER),
    "planned_committed": _phase("PlannedFailoverStatesBegin", "Planned failover committed", RECOVERY, _COMMITTED),
    "unplanned_committed": _phase("UnplannedFailoverCommitted", "Failover committed", RECOVERY, _COMMITTED),
    "failback": _phase(
        "FinalizeRestorePending", "Finalize failback pending", PRIMARY, ("DisableProtection", "FinalizeFailback")
    ),
    "restored": _phase("RestoreFinalized", "Failback finalized", PRIMARY, ("ReverseReplicate", "DisableProtection")),
}


def phase_named(state: str, vm_state: str = "") -> str | None:
    """The phase that shows these states; without the machine's own state the last one that shows the other."""
    found = [name for name, phase in PHASES.items() if phase.state == state and vm_state in ("", phase.vm_state)]
    return found[-1] if found else None


TEST_STATES: dict[str, str] = {
    "None": "None",
    "WaitingForCompletion": "Waiting for user input",
    "MarkedForDeletion": "Cleaning up test environment",
}

IN_INITIAL_REPLICATION = frozenset({"enabling", "initial", "pending", "configuring"})
_BEFORE_FIRST_POINT = frozenset({"enabling", "initial", "pending"})
FAILED_OVER = frozenset({"planned", "unplanned", "planned_committed", "unplanned_committed"})
_OUT = "NotSelected"
_REPLICATES = frozenset({"protected", "failback", "restored"})
"""Phases in which the service tells of what troubles replication, in one direction or the other."""

COMMITS_TO = {
    "planned": "planned_committed",
    "unplanned": "unplanned_committed",
    "failback": "restored",
}
"""Where a commit leads; a commit anywhere else is refused."""


def awaits_first_point(item: rec.Item) -> bool:
    """Whether there never was a recovery point of it; what it is to look like in Azure is not told until then."""
    return item.phase in _BEFORE_FIRST_POINT and item.last_failover is None


def allowed_operations(item: rec.Item) -> list[str]:
    """What may be asked for now: nothing while a job is at work on it."""
    if item.busy_job is not None:
        return []
    if item.test_state == "WaitingForCompletion":
        return ["DisableProtection", "TestFailoverCleanup"]
    return list(PHASES[item.phase].operations)


class Condition(NamedTuple):
    """A health error that an item can carry."""

    code: str
    source: str
    type: str
    level: str
    category: str
    message: str
    causes: str
    action: str
    summary: str = ""
    of_host: str | None = None
    """What the host itself said."""

    @property
    def id(self) -> str:
        """What the error is known by, behind a number for who tells it."""
        return f"{3 if self.category == 'Replication' else 6}:{self.type}"


CONDITIONS: dict[str, Condition] = {
    "untested": Condition(
        "161011",
        "ReplicationUnitFailoverValidatorError",
        "8010",
        "Warning",
        "TestFailover",
        "'{name}' has never been through a successful test failover.",
        "Since it began to replicate, no test failover of this machine has ended well.",
        "Run a test failover for it.",
    ),
    "churn": Condition(
        "70179",
        "ReplicationUnitProviderErrorOnReplica",
        "305",
        "Warning",
        "Replication",
        "'{name}' changes more data than can be sent.",
        "The rate of change on its disks is above what replication carries.",
        "Move the busiest data to a disk that is left out, or choose a faster target storage.",
        "More data changes than can be sent",
    ),
    "line": Condition(
        "70179",
        "ReplicationUnitProviderErrorOnReplica",
        "305",
        "Warning",
        "Replication",
        "'{name}' is replicated more slowly than it changes.",
        "All machines of the site together change more than its connection to Azure carries.",
        "Give replication more bandwidth, or protect less over this connection.",
        "More data changes than the connection carries",
    ),
    "silent": Condition(
        "25018",
        "ReplicationProviderError",
        "25018",
        "Critical",
        "Replication",
        "Replication of '{name}' stands still: its host does not answer.",
        "The host has lost its connection to Azure, or its services do not run.",
        "Check the host's connection and services. Replication goes on by itself when it answers again.",
    ),
    "storage": Condition(
        "70179",
        "ReplicationProviderError",
        "70179",
        "Critical",
        "Replication",
        "Replication of '{name}' stands still: its storage account takes no data.",
        "The firewall of the storage account refuses the host and the services of Azure.",
        "Let the site's public address and trusted Azure services through the account's firewall.",
    ),
    "stuck": Condition(
        "25018",
        "ReplicationProviderError",
        "25018",
        "Critical",
        "Replication",
        "Replication of '{name}' has stopped.",
        "The host could not send changes for a long time and has given up.",
        "Check the host's connection to Azure, then resynchronize the machine.",
    ),
    "paused": Condition(
        "539",
        "ReplicationProviderError",
        "539",
        "Warning",
        "Replication",
        "Replication of '{name}' is paused on its host.",
        "Somebody has paused it in Hyper-V, or Hyper-V did for want of space. Its changes pile up on the host.",
        "Resume replication in Hyper-V Manager. If it was paused for long, resynchronize the machine afterwards.",
        "Replication is paused",
        of_host="The replication state of the virtual machine is Suspended (7).",
    ),
    "snapshots": Condition(
        "0x800423F4",
        "ReplicationProviderError",
        "539",
        "Warning",
        "Replication",
        "'{name}' gets no application-consistent recovery points any more.",
        "A snapshot writer in the machine fails. Its crash-consistent points are made as before.",
        "Look at the snapshot writers in the machine and at its integration services, and whether a backup is running.",
        "No application-consistent points",
        of_host="The snapshot of the volumes failed in the guest: 0x800423F4.",
    ),
    "unconnected": Condition(
        "70038",
        "ReplicationUnitFailoverValidatorError",
        "70038",
        "Warning",
        "Configuration",
        "'{name}' would be connected to nothing in Azure.",
        "No virtual network is chosen for it, so its machine in Azure would get no network adapter.",
        "Choose a network and a subnet in the machine's target settings.",
    ),
}


REPLICATION_TROUBLES = ("stuck", "silent", "storage", "churn", "line", "paused", "snapshots")
LASTING_TROUBLES = frozenset({"stuck", "silent", "storage", "paused"})
"""Under these no data moves at all."""


def conditions_of(item: rec.Item) -> tuple[str, ...]:
    """The conditions an item is in, for its own health and for the vault's counts."""
    found: list[str] = []
    if item.trouble is not None and item.phase in _REPLICATES:
        found.append(item.trouble)
    if item.snapshots_fail_since is not None and item.phase in _REPLICATES:
        found.append("snapshots")
    if item.phase == "protected":
        if item.is_validated and item.target.network is None and any(nic.selection != _OUT for nic in item.nics):
            found.append("unconnected")
        if item.last_test is None and item.warns:
            found.append("untested")
        found.append("testable" if item.test_state != "WaitingForCompletion" else "test waiting")
    return tuple(found)


def health_of(item: rec.Item) -> tuple[str, str]:
    """Replication health and failover health."""
    conditions = conditions_of(item)
    levels = {CONDITIONS[name].level for name in conditions if name in REPLICATION_TROUBLES}
    replication = next((level for level in ("Critical", "Warning") if level in levels), "Normal")
    return replication, "Warning" if {"untested", "unconnected"} & {*conditions} else "Normal"


def health_errors(item: rec.Item) -> list[Json]:
    errors: list[Json] = []
    for name in conditions_of(item):
        condition = CONDITIONS.get(name)
        if condition is None:
            continue
        since = item.trouble_since if name == item.trouble else item.replicating_since or item.created
        if name == "snapshots" and item.snapshots_fail_since is not None:
            since = item.snapshots_fail_since
        errors.append(
            {
                "innerHealthErrors": [],
                "errorSource": condition.source,
                "errorType": condition.type,
                "errorLevel": condition.level,
                "errorCategory": condition.category,
                "errorCode": condition.code,
                "summaryMessage": condition.summary,
                "errorMessage": condition.message.format(name=item.machine_name),
                "possibleCauses": condition.causes,
                "recommendedAction": condition.action,
                "creationTimeUtc": time_text(since),
                "recoveryProviderErrorMessage": condition.of_host,
                "entityId": item.machine,
                "errorId": condition.id,
                "customerResolvability": "NotAllowed",
            }
        )
    return errors
