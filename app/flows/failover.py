"""The failover operations as data, and what one of them would do to some machines.

One sheet serves all of them: it shows the checks (`app.flows.failover_checks`), asks for the choices an operation
offers, tells what will happen, and hands over the actions to run. Whether Azure would take an operation is read from
a machine's allowedOperations and from nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.protected_item import Operation, ReplicationProtectedItem
from app.domain.recovery import PointChoice, RecoveryPoint, newest
from app.flows.action import Action, ActionGroup, ActionKind

_PROVIDER = "HyperVReplicaAzure"
_TO_AZURE = "PrimaryToRecovery"


class FailoverKind(StrEnum):
    TEST = "test_failover"
    CLEAN_UP = "clean_up"
    PLANNED = "planned_failover"
    UNPLANNED = "unplanned_failover"
    COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of an operation; `weight` is its share of the usual time beside the other stages'."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Happening:
    """One numbered line of what will happen, with its usual time in vault seconds."""

    text: str
    usual_s: float | None = None


@dataclass(frozen=True, slots=True)
class FailoverOperation:
    """One operation.

    Attributes:
        button: the sheet's primary button, for one machine.
        icon: concept name for the icon map.
        asks_for_name: the user types the machine's name (or the number of machines) to go on.
        is_emergency: never blocked by our own judgement, only by Azure's.
        effect, cost: lines of the facts box.
    """

    kind: FailoverKind
    title: str
    button: str
    icon: str
    allowed_by: Operation
    action_kind: ActionKind
    verb: str
    purpose: str
    stages: tuple[Stage, ...]
    effect: str
    cost: str
    after: str
    suggested_point: PointChoice = PointChoice.LATEST_PROCESSED
    offers_point: bool = False
    offers_network: bool = False
    offers_shut_down: bool = False
    offers_notes: bool = False
    asks_for_name: bool = False
    is_emergency: bool = False


TEST = FailoverOperation(
    kind=FailoverKind.TEST,
    title="Test failover",
    button="Start test failover",
    icon="test_failover",
    allowed_by=Operation.TEST_FAILOVER,
    action_kind=ActionKind.TEST_FAILOVER,
    verb="testFailover",
    purpose="Start a copy in Azure to see that it works. Machine and replication go on.",
    stages=(
        Stage("Azure checks network, names and cores", 15),
        Stage("Azure prepares the disks of the chosen point in time", 150),
        Stage("Azure creates the test machine", 180),
        Stage("The test machine starts", 60),
    ),
    effect="Replication goes on. The machine on premises is not touched.",
    cost="The test machine is paid for until you clean up.",
    after="Test machine runs; clean up when you have tried it",
    offers_point=True,
    offers_network=True,
)
CLEAN_UP = FailoverOperation(
    kind=FailoverKind.CLEAN_UP,
    title="Clean up test failover",
    button="Clean up",
    icon="clean_up",
    allowed_by=Operation.TEST_FAILOVER_CLEANUP,
    action_kind=ActionKind.CLEAN_UP_TEST_FAILOVER,
    verb="testFailoverCleanup",
    purpose="Delete the test machine and keep a note of how the drill went.",
    stages=(
        Stage("Azure ends the test failover", 20),
        Stage("Azure deletes the test machine, its disks and its network card", 150),
    ),
    effect="Only what the test made is deleted. Replication goes on.",
    cost="The test machine is no longer paid for.",
    after="Test machine deleted",
    offers_notes=True,
)
PLANNED = FailoverOperation(
    kind=FailoverKind.PLANNED,
    title="Planned failover",
    button="Start planned failover",
    icon="planned_failover",
    allowed_by=Operation.PLANNED_FAILOVER,
    action_kind=ActionKind.PLANNED_FAILOVER,
    verb="plannedFailover",
    purpose="Move the machine to Azure without losing anything: it is shut down and its last changes are sent first.",
    stages=(
        Stage("Azure checks that everything is ready", 15),
        Stage("The host shuts the machine down", 60),
        Stage("The last changes are sent", 75),
        Stage("Azure creates the machine", 120),
        Stage("The machine starts in Azure", 35),
    ),
    effect="The machine stops on premises and runs in Azure. Nothing is lost. It can go back later by failback.",
    cost="The machine in Azure is paid for from its start.",
    after="Runs in Azure; commit when it works",
    asks_for_name=True,
)
UNPLANNED = FailoverOperation(
    kind=FailoverKind.UNPLANNED,
    title="Failover",
    button="Start failover",
    icon="failover",
    allowed_by=Operation.UNPLANNED_FAILOVER,
    action_kind=ActionKind.UNPLANNED_FAILOVER,
    verb="unplannedFailover",
    purpose="Start the machine in Azure now, from what has been replicated. For when the site is in trouble.",
    stages=(
        Stage("Azure checks that everything is ready", 15),
        Stage("Azure prepares the disks of the chosen point in time", 150),
        Stage("Azure creates the machine", 120),
        Stage("The machine starts in Azure", 35),
    ),
    effect="The machine runs in Azure. Changes newer than the chosen point in time are lost.",
    cost="The machine in Azure is paid for from its start.",
    after="Runs in Azure; commit when it works",
    suggested_point=PointChoice.LATEST,  # what is sent while shutting down would otherwise be left out
    offers_point=True,
    offers_shut_down=True,
    asks_for_name=True,
    is_emergency=True,
)
COMMIT = FailoverOperation(
    kind=FailoverKind.COMMIT,
    title="Commit",
    button="Commit",
    icon="commit",
    allowed_by=Operation.COMMIT,
    action_kind=ActionKind.COMMIT_FAILOVER,
    verb="failoverCommit",
    purpose="Accept the machine as it runs in Azure. Its other recovery points are deleted.",
    stages=(
        Stage("Azure checks that everything is ready", 1),
        Stage("Azure deletes the recovery points", 1),
    ),
    effect="Another point in time can no longer be chosen. This cannot be undone.",
    cost="The stored recovery points are no longer paid for.",
    after="Failover committed",
    asks_for_name=True,
)
OPERATIONS = (TEST, CLEAN_UP, PLANNED, UNPLANNED, COMMIT)

_SHUT_DOWN = (Stage("The host shuts the machine down", 60), Stage("The last changes are sent", 75))


def operation(kind: FailoverKind) -> FailoverOperation:
    return next(candidate for candidate in OPERATIONS if candidate.kind is kind)


def operation_of(kind: ActionKind) -> FailoverOperation | None:
    """The operation that makes actions of this kind; None for the actions of a set-up."""
    return next((candidate for candidate in OPERATIONS if candidate.action_kind is kind), None)


@dataclass(frozen=True, slots=True)
class FailoverChoices:
    """What the user decides on the sheet; what an operation does not offer is ignored.

    Attributes:
        point_id: the recovery point's ARM id, with `PointChoice.CUSTOM`; only for a single machine.
        network_id: where test machines are attached; empty attaches them to none.
        shut_down: try to shut the machine down and send its last changes first.
        notes: kept with the drill.
    """

    point: PointChoice = PointChoice.LATEST_PROCESSED
    point_id: str = ""
    network_id: str = ""
    shut_down: bool = True
    notes: str = ""


@dataclass(frozen=True, slots=True)
class FailoverPoints:
    """The recovery points of each machine, by the key of its id."""

    by_item: Mapping[str, tuple[RecoveryPoint, ...]] = field(default_factory=dict)

    def of(self, item: ReplicationProtectedItem) -> tuple[RecoveryPoint, ...]:
        return self.by_item.get(item.id.key, ())

    def chosen(self, item: ReplicationProtectedItem, choices: FailoverChoices) -> RecoveryPoint | None:
        """The point a choice comes down to; None lets Azure process everything it has received."""
        points = self.of(item)
        match choices.point:
            case PointChoice.LATEST:
                return None
            case PointChoice.LATEST_PROCESSED:
                return newest(points)
            case PointChoice.LATEST_APPLICATION_CONSISTENT:
                return newest(points, application_consistent=True)
            case PointChoice.CUSTOM:
                return next((point for point in points if point.id.key == choices.point_id.rstrip("/").lower()), None)


def failover_actions(
    operation: FailoverOperation,
    items: Sequence[ReplicationProtectedItem],
    choices: FailoverChoices,
    points: FailoverPoints,
    *,
    occasion: str,
    usual_s: float | None = None,
) -> tuple[Action, ...]:
    """One action per machine.

    `occasion` marks this opening of the sheet: pressing its button twice makes the same actions, opening it again makes
    new ones.
    """
    return tuple(
        Action(
            kind=operation.action_kind,
            target=item.id,
            body=_body(operation, item, choices, points),
            label=operation.title,
            subject=item.friendly_name,
            before=item.protection_state_description,
            after=operation.after,
            verb=operation.verb,
            group=ActionGroup.MACHINES,
            usual_s=usual_s,
            occasion=occasion,
        )
        for item in items
    )


def _body(
    operation: FailoverOperation, item: ReplicationProtectedItem, choices: FailoverChoices, points: FailoverPoints
) -> dict[str, Any] | None:
    match operation.kind:
        case FailoverKind.TEST:
            network = (
                {"networkType": "VmNetworkAsInput", "networkId": choices.network_id}
                if choices.network_id
                else {"networkType": "NoNetworkAttachAsInput"}
            )
            return {
                "failoverDirection": _TO_AZURE,
                **network,
                "providerSpecificDetails": _details(item, choices, points),
            }
        case FailoverKind.CLEAN_UP:
            return {"comments": choices.notes}
        case FailoverKind.PLANNED:
            return {"failoverDirection": _TO_AZURE, "providerSpecificDetails": {"instanceType": _PROVIDER}}
        case FailoverKind.UNPLANNED:
            return {
                "failoverDirection": _TO_AZURE,
                "sourceSiteOperations": "Required" if choices.shut_down else "NotRequired",
                "providerSpecificDetails": _details(item, choices, points),
            }
        case FailoverKind.COMMIT:
            return None


def _details(item: ReplicationProtectedItem, choices: FailoverChoices, points: FailoverPoints) -> dict[str, str]:
    point = points.chosen(item, choices)
    return (
        {"instanceType": _PROVIDER} if point is None else {"instanceType": _PROVIDER, "recoveryPointId": point.id.text}
    )


def happenings(operation: FailoverOperation, choices: FailoverChoices, usual_s: float | None) -> tuple[Happening, ...]:
    """What will happen, in order, given the choices; `usual_s` is the usual time of the whole."""
    stages = operation.stages
    if operation.offers_shut_down and choices.shut_down:
        stages = (stages[0], *_SHUT_DOWN, *stages[1:])
    if usual_s is None:
        return tuple(Happening(stage.text) for stage in stages)
    whole = sum(stage.weight for stage in stages)
    return tuple(Happening(stage.text, usual_s * stage.weight / whole) for stage in stages)


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str


def facts(operation: FailoverOperation) -> tuple[Fact, ...]:
    """The facts box: effect and cost; the time stands beside what will happen."""
    return (Fact("Effect", operation.effect), Fact("Cost", operation.cost))


def confirmation(operation: FailoverOperation, items: Sequence[ReplicationProtectedItem]) -> str:
    """What the user types to go on: the machine's name, or the number of machines; empty asks for nothing."""
    if not operation.asks_for_name or not items:
        return ""
    return items[0].friendly_name if len(items) == 1 else str(len(items))


def button_text(operation: FailoverOperation, items: Sequence[ReplicationProtectedItem]) -> str:
    return operation.button if len(items) < 2 else f"{operation.button} of {len(items)} machines"
