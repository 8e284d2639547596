"""What goes wrong in the practice vault, through the real SDK: the program recovers, or says what it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.domain.protected_item import Operation, ReplicationProtectedItem
from app.errors import (
    AppError,
    InvalidInput,
    PermissionDenied,
    ServiceFault,
    SignInRequired,
    Throttled,
    Unreachable,
)
from app.flows.failover import FailoverKind
from app.services.runs import RunSnapshot
from tests.support.doors import DOORS, Door, open_door
from tests.support.practice import Practice, open_practice


@pytest.fixture(params=DOORS)
async def door(request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    async with open_door(request.param, "fleet", count=60) as opened:
        yield opened


@pytest.mark.parametrize(
    ("kind", "given", "family"),
    [
        ("throttling", {"wait": 120}, Throttled),
        ("expired-sign-in", {}, SignInRequired),
        ("missing-permission", {"operation": "reads"}, PermissionDenied),
        ("server-error", {"status": "500"}, ServiceFault),
    ],
)
async def test_trouble_that_lasts_is_told_as_what_it_is(
    door: Door, kind: str, given: dict[str, Any], family: type[AppError]
) -> None:
    door.simulator.faults.switch_on(kind, **given)
    with pytest.raises(family) as caught:
        await door.gateways.site_recovery.list_jobs(door.vault)
    assert caught.value.title.startswith("Could not ")
    assert caught.value.advice


async def test_throttled_caller_learns_how_long_to_wait(door: Door) -> None:
    door.simulator.faults.switch_on("throttling", wait=120)
    with pytest.raises(Throttled) as caught:
        await door.gateways.site_recovery.list_jobs(door.vault)
    assert caught.value.retry_after_s == 120


async def test_missing_permission_names_the_role(door: Door) -> None:
    door.simulator.faults.switch_on("missing-permission")
    item = (await door.gateways.site_recovery.list_protected_items(door.vault))[0]
    with pytest.raises(PermissionDenied) as caught:
        await door.gateways.site_recovery.begin_post(item.id, "testFailover", {}, client_request_id="1")
    assert "Site Recovery Contributor" in caught.value.advice


async def test_list_that_breaks_off_is_read_once_more(door: Door) -> None:
    door.simulator.faults.switch_on("connection-reset", operation="GET replicationProtectedItems", count=1)
    assert len(await door.gateways.site_recovery.list_protected_items(door.vault)) == 60
    assert door.simulator.faults.running == []


async def test_line_that_goes_on_breaking_is_told(door: Door) -> None:
    door.simulator.faults.switch_on("connection-reset")
    with pytest.raises(Unreachable):
        await door.gateways.site_recovery.list_protected_items(door.vault)


async def test_cut_line_is_told_and_the_practice_controls_end_it(door: Door) -> None:
    practice = door.gateways.practice
    assert practice is not None
    troubles = await practice.start_trouble("line-cut", {})
    assert troubles.is_any_on
    with pytest.raises(Unreachable):
        await door.gateways.site_recovery.list_jobs(door.vault)
    assert not (await practice.end_trouble()).is_any_on
    assert await door.gateways.site_recovery.list_jobs(door.vault) is not None


async def test_passing_fault_of_azure_is_not_noticed(door: Door) -> None:
    door.simulator.faults.switch_on("server-error", count=2, operation="replicationJobs")
    assert await door.gateways.site_recovery.list_jobs(door.vault) is not None
    assert door.simulator.faults.running == []


async def test_refused_trouble_says_why_in_its_own_words(door: Door) -> None:
    practice = door.gateways.practice
    assert practice is not None
    with pytest.raises(InvalidInput) as caught:
        await practice.start_trouble("host-offline", {"host": "HV-9"})
    assert (caught.value.title, caught.value.advice) == ("The trouble was not started", "No host is named 'HV-9'.")


async def test_trouble_is_read_with_its_words_and_choices(door: Door) -> None:
    practice = door.gateways.practice
    assert practice is not None
    troubles = await practice.start_trouble("host-offline", {}, lasts_s=600)
    assert [group.title for group in troubles.groups] == ["Your site", "The line", "Azure", "Your rights", "The target"]
    kind = next(kind for kind in troubles.kinds if kind.key == "host-offline")
    assert kind.look == ("items", "overview")
    assert kind.can_last
    assert [choice.key for choice in kind.parameters[0].choices]
    running = kind.running[0]
    assert running.until is not None
    assert (running.until - running.since).total_seconds() == 600
    counted = next(kind for kind in troubles.kinds if kind.key == "throttling")
    assert counted.counts[0] == 5
    assert counted.parameters[1].is_number


# Operations


async def drill(practice: Practice) -> RunSnapshot:
    """A test failover of the first machine that can have one, run to its end."""
    item = await machine(practice)
    sheet = await practice.use.failover.prepare(FailoverKind.TEST, [item.id])
    return await practice.use.runner.carry_out(await practice.use.failover.plan(sheet, sheet.suggested))


async def machine(practice: Practice) -> ReplicationProtectedItem:
    items = await practice.gateways.site_recovery.list_protected_items(practice.vault)
    return next(item for item in items if item.allows(Operation.TEST_FAILOVER))


async def test_job_that_fails_is_told_with_its_code() -> None:
    async with open_practice("fleet", count=12) as practice:
        practice.simulator.faults.switch_on("job-fails", scenario="TestFailover", code="170010", task=2, count=1)
        run = await drill(practice)
        assert not run.is_done
        assert any("170010" in repr(action) for action in run.actions)


async def test_job_that_did_nothing_is_not_believed() -> None:
    async with open_practice("fleet", count=12) as practice:
        practice.simulator.faults.switch_on("job-does-nothing", scenario="TestFailover", count=1)
        assert not (await drill(practice)).is_done
        assert (await machine(practice)).test_failover_state != "WaitingForCompletion"


async def test_answer_lost_after_azure_took_the_write_is_found_again() -> None:
    async with open_practice("fleet", count=12) as practice:
        practice.simulator.faults.switch_on("connection-reset", operation="POST testFailover", count=1)
        assert (await drill(practice)).is_done
        assert len(practice.wire.accepted(ending="testFailover")) == 1


async def test_throttled_write_is_sent_again_by_itself() -> None:
    async with open_practice("fleet", count=12) as practice:
        practice.simulator.faults.switch_on("throttling", operation="POST testFailover", wait=5, count=2)
        assert (await drill(practice)).is_done
        assert len(practice.wire.accepted(ending="testFailover")) == 1
