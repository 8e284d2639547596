"""Could we fail over now: what Azure offers, how old the copy is, and what stands in the way."""

from __future__ import annotations

import pytest
from msgspec import structs

from app.domain.health import Health, HealthError
from app.domain.protected_item import CurrentScenario, Operation, ReplicationProtectedItem
from app.domain.readiness import Cause, Level, judge_readiness, tally
from app.rules import load_rules
from tests.support import estates

RULES = load_rules().monitoring
SETTLED = (Operation.PLANNED_FAILOVER, Operation.UNPLANNED_FAILOVER, "DisableProtection", Operation.TEST_FAILOVER)


def item(name: str = "DC01", **changes: object) -> ReplicationProtectedItem:
    usual = {
        "protection_state": "Protected",
        "allowed_operations": tuple(map(str, SETTLED)),
        "replication_health": Health.NORMAL,
        "active_location": "Primary",
        "current_scenario": None,
        "rpo_s": 240,
        "errors": (),
    }
    return structs.replace(estates.protected(estates.machine(name)), **(usual | changes))  # type: ignore[arg-type]


def test_settled_machine_with_a_young_copy_is_ready() -> None:
    assert judge_readiness(item(), RULES).level is Level.READY


def test_machine_that_was_never_tested_is_ready_all_the_same() -> None:
    untested = item(errors=(HealthError("161011", "never tested"),), failover_health=Health.WARNING)
    assert judge_readiness(untested, RULES).level is Level.READY


def test_copy_older_than_two_rounds_is_a_gap() -> None:
    limit = RULES.rpo_warning_s(300)
    assert judge_readiness(item(rpo_s=limit), RULES, 300).level is Level.READY
    found = judge_readiness(item(rpo_s=limit + 1), RULES, 300)
    assert (found.level, found.cause) == (Level.GAP, Cause.OLD_COPY)


def test_slow_policy_allows_an_older_copy() -> None:
    late = item(rpo_s=RULES.rpo_warning_s(300) + 1)
    assert judge_readiness(late, RULES, 900).level is Level.READY


@pytest.mark.parametrize(
    ("changes", "level", "cause"),
    [
        (
            {"protection_state": "InitialReplicationInProgress", "allowed_operations": ()},
            Level.BLOCKED,
            Cause.FIRST_COPY,
        ),
        (
            {"test_failover_state": "WaitingForCompletion", "allowed_operations": ("TestFailoverCleanup",)},
            Level.BLOCKED,
            Cause.DRILL_WAITS,
        ),
        (
            {"allowed_operations": (), "current_scenario": CurrentScenario("TestFailover", "j")},
            Level.BLOCKED,
            Cause.BUSY,
        ),
        ({"allowed_operations": ("DisableProtection",)}, Level.BLOCKED, Cause.NOT_OFFERED),
        ({"replication_health": Health.CRITICAL}, Level.GAP, Cause.BROKEN),
        ({"rpo_s": None}, Level.GAP, Cause.NO_COPY),
        ({"active_location": "Recovery", "allowed_operations": ("Commit",)}, Level.IN_AZURE, Cause.COMMIT_WAITS),
        ({"active_location": "Recovery", "allowed_operations": ("Failback",)}, Level.IN_AZURE, None),
    ],
)
def test_what_stands_in_the_way(changes: dict[str, object], level: Level, cause: Cause | None) -> None:
    found = judge_readiness(item(**changes), RULES)
    assert (found.level, found.cause) == (level, cause)


def test_tally_gathers_machines_by_cause_most_pressing_first() -> None:
    copying = {"protection_state": "InitialReplicationInProgress", "allowed_operations": ()}
    machines = [
        item("A", **copying, initial_replication_percent=43),
        item("B"),
        item("C", test_failover_state="WaitingForCompletion", allowed_operations=("TestFailoverCleanup",)),
        item("D", **copying, initial_replication_percent=7),
        item("E", rpo_s=7_200),
    ]
    counted = tally([(machine, 300) for machine in machines], RULES)
    assert (counted.total, counted.able) == (5, 2)
    told = [(concern.cause, concern.names) for concern in counted.concerns]
    assert told == [(Cause.DRILL_WAITS, ["C"]), (Cause.OLD_COPY, ["E"]), (Cause.FIRST_COPY, ["A", "D"])]
    assert counted.concerns[1].rpo_s == 7_200
    assert counted.concerns[2].percent == (7, 43)


def test_concern_leads_to_the_job_that_is_at_work() -> None:
    busy = item(
        allowed_operations=(), current_scenario=CurrentScenario("PlannedFailover", "/vaults/v/replicationJobs/j")
    )
    assert tally([(busy, 300)], RULES).concerns[0].job_id == "/vaults/v/replicationJobs/j"
