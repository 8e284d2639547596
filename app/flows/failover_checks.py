"""What stands before a failover operation: why Azure does not offer it now, and what to know before it is started.

Reasons come in words, with names and a way on. Checks are ok, warning or blocked; an operation that is an emergency
is never blocked here: only Azure's own refusal (`why_not`) stops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.arm_id import same
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.fabric import RecoveryServicesProvider
from app.domain.health import Health
from app.domain.issue import Suitability
from app.domain.protected_item import Operation, ReplicationProtectedItem
from app.domain.recovery import PointChoice
from app.flows.failover import (
    CLEAN_UP,
    COMMIT,
    FailoverChoices,
    FailoverKind,
    FailoverOperation,
    FailoverPoints,
)


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


@dataclass(frozen=True, slots=True)
class Check:
    """One line under *Before*; `machine` is empty for what concerns all."""

    status: Suitability
    text: str
    remedy: str = ""
    machine: str = ""


@dataclass(frozen=True, slots=True)
class FailoverFacts:
    """What was read for the checks of one opening of the sheet."""

    now: datetime
    points: FailoverPoints
    networks: tuple[VirtualNetwork, ...] = ()
    """Those of the region in which the machines would run."""
    hosts: tuple[RecoveryServicesProvider, ...] = ()
    host_silent_after: timedelta = timedelta(minutes=15)
    drill_age: timedelta = timedelta(days=180)

    def network(self, network_id: str) -> VirtualNetwork | None:
        return next((network for network in self.networks if same(network.id.text, network_id)), None)

    def host_of(self, item: ReplicationProtectedItem) -> RecoveryServicesProvider | None:
        return next((host for host in self.hosts if same(host.id.text, item.provider_id)), None)


def checks(
    operation: FailoverOperation,
    items: Sequence[ReplicationProtectedItem],
    choices: FailoverChoices,
    facts: FailoverFacts,
) -> tuple[Check, ...]:
    """Every check of the operation, blocked ones first."""
    found: list[Check] = []
    for item in items:
        found += _offered(operation, item)
        match operation.kind:
            case FailoverKind.TEST:
                found += _health(item) + _point(item, choices, facts) + _subnet(item, choices, facts)
            case FailoverKind.PLANNED:
                found += _health(item) + _drill(item, facts) + _host(item, facts, Suitability.BLOCKED)
            case FailoverKind.UNPLANNED:
                found += _loss(item, choices, facts) + _point(item, choices, facts)
                if choices.shut_down:
                    found += _host(item, facts, Suitability.WARNING)
            case FailoverKind.CLEAN_UP | FailoverKind.COMMIT:
                pass
    if operation.offers_network:
        found += _test_network(items, choices, facts)
    return tuple(sorted(found, key=lambda check: -check.status.rank))


def is_blocked(found: Sequence[Check]) -> bool:
    return any(check.status is Suitability.BLOCKED for check in found)


def worst(found: Sequence[Check]) -> Check | None:
    """The check for the sheet's footer: the worst that is not ok."""
    troubled = [check for check in found if check.status is not Suitability.OK]
    return max(troubled, key=lambda check: check.status.rank, default=None)


def _offered(operation: FailoverOperation, item: ReplicationProtectedItem) -> list[Check]:
    refusal = why_not(operation, item)
    if refusal is None:
        return [Check(Suitability.OK, f"Azure offers it for {item.friendly_name}", machine=item.friendly_name)]
    return [Check(Suitability.BLOCKED, refusal.reason, f"Leave {item.friendly_name} out, or wait.", item.friendly_name)]


def _health(item: ReplicationProtectedItem) -> list[Check]:
    if item.replication_health is not Health.CRITICAL:
        return [Check(Suitability.OK, f"{item.friendly_name} replicates", machine=item.friendly_name)]
    reason = f": {item.errors[0].message}" if item.errors else "."
    return [
        Check(
            Suitability.WARNING,
            f"Replication of {item.friendly_name} is critical{reason}",
            "The copy in Azure may be old. Look at its last recovery point.",
            item.friendly_name,
        )
    ]


def _point(item: ReplicationProtectedItem, choices: FailoverChoices, facts: FailoverFacts) -> list[Check]:
    name = item.friendly_name
    chosen = facts.points.chosen(item, choices)
    if chosen is not None:
        return [Check(Suitability.OK, f"{name} starts as it was {_age(facts.now - chosen.time)} ago", machine=name)]
    if choices.point is PointChoice.LATEST:
        return [Check(Suitability.OK, f"Azure first processes all it has received for {name}", machine=name)]
    if not facts.points.of(item):
        text = f"{name} has no recovery point to choose; Azure takes what it has received last."
    elif choices.point is PointChoice.LATEST_APPLICATION_CONSISTENT:
        text = f"{name} has no application-consistent point; Azure takes what it has received last."
    else:
        text = f"The chosen point of {name} is gone; Azure takes what it has received last."
    return [Check(Suitability.WARNING, text, "Choose another point if that is not what you want.", name)]


def _loss(item: ReplicationProtectedItem, choices: FailoverChoices, facts: FailoverFacts) -> list[Check]:
    name = item.friendly_name
    chosen = facts.points.chosen(item, choices)
    if chosen is not None:
        age = facts.now - chosen.time
    elif item.rpo_s is not None:
        age = timedelta(seconds=item.rpo_s)
    else:
        return [Check(Suitability.WARNING, f"Azure does not say how old the copy of {name} is.", machine=name)]
    return [Check(Suitability.WARNING, f"{name} loses the changes of about the last {_age(age)}.", machine=name)]


def _drill(item: ReplicationProtectedItem, facts: FailoverFacts) -> list[Check]:
    name = item.friendly_name
    drilled = item.last_test_failover
    if drilled is None:
        text = f"{name} has never been tested."
    elif facts.now - drilled > facts.drill_age:
        text = f"{name} was tested {_age(facts.now - drilled)} ago."
    else:
        return [Check(Suitability.OK, f"{name} was tested {_age(facts.now - drilled)} ago", machine=name)]
    return [Check(Suitability.WARNING, text, "A test failover shows beforehand whether it starts.", name)]


def _host(item: ReplicationProtectedItem, facts: FailoverFacts, status: Suitability) -> list[Check]:
    host = facts.host_of(item)
    if host is None:
        return []
    name = host.friendly_name
    if not host.is_silent(facts.now, facts.host_silent_after):
        return [Check(Suitability.OK, f"Host {name} answers", machine=item.friendly_name)]
    since = f" for {_age(facts.now - host.last_heartbeat)}" if host.last_heartbeat else ""
    if status is Suitability.BLOCKED:
        remedy = "Bring the host back online, or use Failover, which does without it."
    else:
        remedy = "It cannot be shut down from here; the failover goes on without. See that it does not run twice."
    return [Check(status, f"Host {name} has been silent{since}.", remedy, item.friendly_name)]


def _test_network(
    items: Sequence[ReplicationProtectedItem], choices: FailoverChoices, facts: FailoverFacts
) -> list[Check]:
    if not choices.network_id:
        return [
            Check(
                Suitability.WARNING,
                "No network is chosen: the test machines cannot be reached.",
                "Choose a network that is cut off from the running machines.",
            )
        ]
    network = facts.network(choices.network_id)
    if network is None:
        return [Check(Suitability.BLOCKED, "The chosen network does not exist any more.", "Choose another network.")]
    live = [item.friendly_name for item in items if same(item.target_network_id, choices.network_id)]
    if live:
        return [
            Check(
                Suitability.WARNING,
                f"{network.name} is for real failovers: a test machine in it may answer in place of a running one.",
                "Choose a network that is cut off from the running machines.",
            )
        ]
    return [Check(Suitability.OK, f"{network.name} is apart from the network for real failovers")]


def _subnet(item: ReplicationProtectedItem, choices: FailoverChoices, facts: FailoverFacts) -> list[Check]:
    network = facts.network(choices.network_id)
    if network is None:
        return []
    name = item.friendly_name
    subnet = expected_subnet(item, network)
    if subnet is None:
        return [
            Check(
                Suitability.BLOCKED, f"{network.name} has no subnet.", "Add a subnet or choose another network.", name
            )
        ]
    wanted = next((nic.target_subnet for nic in item.nics if nic.target_subnet), "")
    if wanted and subnet.name.lower() != wanted.lower():
        return [
            Check(
                Suitability.WARNING,
                f"{network.name} has no subnet {wanted}; {name} goes into {subnet.name}.",
                "Give the test network subnets of the same names to test addresses too.",
                name,
            )
        ]
    return [Check(Suitability.OK, f"{name} goes into the subnet {subnet.name}", machine=name)]


def expected_subnet(item: ReplicationProtectedItem, network: VirtualNetwork) -> Subnet | None:
    """Where Azure puts the test machine: the subnet of the same name, else the alphabetically first."""
    wanted = {nic.target_subnet.lower() for nic in item.nics if nic.target_subnet}
    same_name = next((subnet for subnet in network.subnets if subnet.name.lower() in wanted), None)
    return same_name or min(network.subnets, key=lambda subnet: subnet.name.lower(), default=None)


def _age(age: timedelta) -> str:
    seconds = max(age.total_seconds(), 0.0)
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} days"
