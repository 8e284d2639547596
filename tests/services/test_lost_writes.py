"""Writes whose answers are lost: whatever breaks, Azure accepts each of them once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from azure.core.exceptions import ServiceRequestError, ServiceResponseError

from app.domain.protected_item import Operation
from app.flows.action import Action, ActionKind
from app.flows.failover import FailoverKind
from app.flows.planning import actions_for
from app.rules import load_rules
from app.runtime.journal import ActionState
from app.services.runs import RunSnapshot
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, contoso_draft, manual_simulator, open_practice, refusal

ITEMS = "replicationProtectedItems"


async def machine_actions(practice: Practice, *machines: str) -> tuple[Action, ...]:
    """The actions that enable these machines; what they need is there."""
    estate = await practice.estate()
    actions = actions_for(contoso_draft(estate, *machines), estate, load_rules())
    runner = practice.use.runner
    prepared = tuple(action for action in actions if action.kind is not ActionKind.ENABLE_PROTECTION)
    assert (await runner.carry_out(await runner.plan("Prepare", prepared))).is_done
    return actions[len(prepared) :]


async def plan_drill(practice: Practice) -> str:
    """A planned test failover of one machine of the fleet."""
    items = await practice.gateways.site_recovery.list_protected_items(practice.vault)
    item = next(item for item in items if item.allows(Operation.TEST_FAILOVER))
    failover = practice.use.failover
    sheet = await failover.prepare(FailoverKind.TEST, [item.id])
    return await failover.plan(sheet, sheet.suggested)


def is_write(request: Request) -> bool:
    return request.method in ("PUT", "POST") and ITEMS in request.url


def lose_requests(times: int) -> Callable[[Request], Response | None]:
    """The request does not arrive."""

    def before(request: Request) -> None:
        nonlocal times
        if is_write(request) and times > 0:
            times -= 1
            raise ServiceRequestError("the line broke before the request arrived")

    return before


def lose_answers(times: int) -> Callable[[Request, Response], None]:
    """The request arrives, and its answer does not come back."""

    def after(request: Request, response: Response) -> None:
        nonlocal times
        if is_write(request) and times > 0:
            times -= 1
            raise ServiceResponseError("the line broke before the answer arrived")

    return after


async def test_a_creation_whose_answer_was_lost_is_found_again() -> None:
    async with open_practice() as practice:
        actions = await machine_actions(practice, "DC01", "WEB-01")
        practice.wire.after = lose_answers(2)
        runner = practice.use.runner
        ended = await runner.carry_out(await runner.plan("Enable", actions))
        assert ended.is_done
        assert all(action.job_id for action in ended.actions)
        assert len(practice.wire.accepted(containing=ITEMS)) == 2


async def test_a_creation_that_never_arrived_is_sent_again_under_the_same_id() -> None:
    async with open_practice() as practice:
        actions = await machine_actions(practice, "DC01")
        seen: list[str] = []
        lose = lose_requests(1)

        def before(request: Request) -> Response | None:
            if is_write(request):
                seen.append(request.headers.get("x-ms-client-request-id", ""))
            return lose(request)

        practice.wire.before = before
        runner = practice.use.runner
        assert (await runner.carry_out(await runner.plan("Enable", actions))).is_done
        assert len(seen) == 2
        assert len(set(seen)) == 1
        assert len(practice.wire.accepted(containing=ITEMS)) == 1


async def test_a_drill_whose_answer_was_lost_is_not_started_twice() -> None:
    async with open_practice("fleet", count=3) as practice:
        run_id = await plan_drill(practice)
        practice.wire.after = lose_answers(1)
        ended = await practice.use.runner.carry_out(run_id)
        assert ended.is_done
        assert len(practice.wire.accepted(ending="/testFailover")) == 1


async def test_a_drill_that_never_arrived_is_started() -> None:
    async with open_practice("fleet", count=3) as practice:
        run_id = await plan_drill(practice)
        practice.wire.before = lose_requests(1)
        assert (await practice.use.runner.carry_out(run_id)).is_done
        assert len(practice.wire.accepted(ending="/testFailover")) == 1


async def test_a_fault_of_the_service_is_treated_as_a_lost_answer() -> None:
    async with open_practice("fleet", count=3) as practice:
        run_id = await plan_drill(practice)
        faults = 1

        def before(request: Request) -> Response | None:
            nonlocal faults
            if is_write(request) and faults:
                faults -= 1
                return refusal(503, "ServiceUnavailable")
            return None

        practice.wire.before = before
        assert (await practice.use.runner.carry_out(run_id)).is_done
        assert len(practice.wire.accepted(ending="/testFailover")) == 1


async def test_a_line_that_never_carries_a_write_is_given_up_and_can_be_tried_again(tmp_path: Path) -> None:
    async with open_practice(folder=tmp_path) as practice:
        actions = await machine_actions(practice, "DC01")
        practice.wire.before = lose_requests(1000)
        runner = practice.use.runner
        run_id = await runner.plan("Enable", actions)
        stopped = await runner.carry_out(run_id)
        assert [action.state for action in stopped.actions] == [ActionState.SENT]
        assert stopped.troubled[0].problem is not None
        assert stopped.troubled[0].problem.retryable
        practice.wire.before = lambda request: None
        assert (await runner.carry_out(run_id)).is_done
        assert len(practice.wire.accepted(containing=ITEMS)) == 1
    async with open_practice(folder=tmp_path) as later:
        assert (await later.use.runner.snapshot(run_id)).troubled == ()


@pytest.mark.parametrize("state", ["sent", "accepted", "ended"])
@pytest.mark.parametrize("scenario", ["contoso", "fleet"])
async def test_a_run_goes_on_where_the_program_ended(tmp_path: Path, scenario: str, state: str) -> None:
    simulator = manual_simulator(scenario, **({"count": 3} if scenario == "fleet" else {}))
    async with open_practice(simulator=simulator, folder=tmp_path) as first:
        runner = first.use.runner
        if scenario == "fleet":
            run_id = await plan_drill(first)
        else:
            run_id = await runner.plan("Enable", await machine_actions(first, "DC01", "WEB-01"))
        reached = asyncio.Event()

        def look(snapshot: RunSnapshot) -> None:
            if any(action.state.value == state for action in snapshot.actions):
                reached.set()

        page = asyncio.create_task(runner.carry_out(run_id, look))
        await reached.wait()
        await runner.aclose()
        await asyncio.gather(page, return_exceptions=True)
        written = list(first.wire.writes)

    async with open_practice(simulator=simulator, folder=tmp_path) as second:
        (unfinished,) = await second.use.runner.unfinished()
        assert unfinished.id == run_id
        assert (await second.use.runner.carry_out(run_id)).is_done
        accepted = [write for write in (*written, *second.wire.writes) if write.status == 202 and ITEMS in write.path]
        assert len(accepted) == len({write.path for write in accepted}) == len(unfinished.actions)


async def test_what_an_older_run_has_sent_is_taken_over_by_the_run_that_replaces_it() -> None:
    async with open_practice() as practice:
        web, files, dc = await machine_actions(practice, "WEB-01", "FS01", "DC01")
        runner = practice.use.runner
        first = await runner.plan("Enable", (dc, web), key="draft")
        practice.wire.before = lose_requests(1000)
        assert {action.state for action in (await runner.carry_out(first)).actions} == {ActionState.SENT}
        practice.wire.before = lambda request: None

        second = await runner.plan("Enable", (dc, files), key="draft")
        assert second != first
        assert [run.id for run in await runner.unfinished()] == [second]
        ended = await runner.carry_out(second)
        assert ended.is_done
        assert {action.action.subject for action in ended.actions} == {"DC01", "WEB-01", "FS01"}
        assert len(practice.wire.accepted(containing=ITEMS)) == 3


async def test_a_drill_that_was_cleaned_up_before_it_was_read_back_counts_as_done(tmp_path: Path) -> None:
    simulator = manual_simulator("fleet", count=3)
    async with open_practice(simulator=simulator, folder=tmp_path) as first:
        runner = first.use.runner
        run_id = await plan_drill(first)
        ended = asyncio.Event()

        def look(snapshot: RunSnapshot) -> None:
            if snapshot.actions[0].state is ActionState.ENDED:
                ended.set()

        page = asyncio.create_task(runner.carry_out(run_id, look))
        await ended.wait()
        await runner.aclose()
        await asyncio.gather(page, return_exceptions=True)

    async with open_practice(simulator=simulator, folder=tmp_path) as second:
        (unfinished,) = await second.use.runner.unfinished()
        item = unfinished.actions[0].action.target
        sheet = await second.use.failover.prepare(FailoverKind.CLEAN_UP, [item])
        clean_up = await second.use.failover.plan(sheet, sheet.suggested)
        assert (await second.use.runner.carry_out(clean_up)).is_done
        assert (await second.use.runner.carry_out(run_id)).is_done
        assert second.wire.accepted(ending="/testFailover") == []
