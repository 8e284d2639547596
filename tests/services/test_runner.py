"""The runner on the practice vault: order, limits, journal, refusals, failures, retries."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.job import JobState
from app.errors import Conflict, NotFound
from app.flows.action import Action, ActionKind
from app.flows.planning import actions_for
from app.rules import load_rules
from app.runtime.journal import ActionState
from app.services.runs import RunSnapshot
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, contoso_draft, open_practice, refusal

MACHINES = ("DC01", "WEB-01", "WEB-02", "FS01", "WEB-03", "PRINT01")


async def set_up_actions(practice: Practice, *machines: str) -> tuple[Action, ...]:
    estate = await practice.estate()
    return actions_for(contoso_draft(estate, *machines), estate, load_rules())


async def run(practice: Practice, actions: tuple[Action, ...]) -> RunSnapshot:
    return await practice.use.runner.carry_out(await practice.use.runner.plan("Set up", actions))


def states(snapshot: RunSnapshot) -> dict[str, str]:
    return {action.action.label: action.state.value for action in snapshot.actions}


def only(kind: ActionKind, answer: Callable[[], Response | None]) -> Callable[[Request], Response | None]:
    """Answer in Azure's place, to writes of one kind."""
    part = {
        ActionKind.ENABLE_PROTECTION: "replicationProtectedItems",
        ActionKind.CREATE_POLICY: "replicationPolicies",
    }[kind]
    return lambda request: answer() if request.method != "GET" and f"/{part}/" in request.url else None


async def test_a_set_up_ends_confirmed_by_azure() -> None:
    async with open_practice() as practice:
        ended = await run(practice, await set_up_actions(practice, *MACHINES))
        assert ended.is_done
        assert not ended.is_running
        assert {action.text for action in ended.actions} == {"Confirmed by Azure"}
        items = await practice.gateways.site_recovery.list_protected_items(practice.vault)
        assert {item.friendly_name for item in items} == set(MACHINES)
        assert len(practice.wire.accepted(containing="replicationProtectedItems")) == len(MACHINES)


async def test_nothing_starts_before_what_it_needs_is_confirmed() -> None:
    async with open_practice() as practice:
        actions = await set_up_actions(practice, "DC01", "WEB-01")
        runner = practice.use.runner
        early: list[str] = []

        def look(snapshot: RunSnapshot) -> None:
            done = {action.action.id for action in snapshot.actions if action.state.is_done}
            early.extend(
                action.action.label
                for action in snapshot.actions
                if (action.is_active or action.state.is_in_flight) and not done.issuperset(action.action.needs)
            )

        await runner.carry_out(await runner.plan("Set up", actions), look)
        assert any(action.needs for action in actions)
        assert early == []


@pytest.mark.parametrize("limit", [1, 3])
async def test_no_more_machines_begin_together_than_allowed(limit: int) -> None:
    async with open_practice(enable_at_once=limit) as practice:
        together: list[int] = []
        await practice.use.runner.carry_out(
            await practice.use.runner.plan("Set up", await set_up_actions(practice, *MACHINES)),
            lambda snapshot: together.append(
                sum(a.is_active for a in snapshot.actions if a.action.kind is ActionKind.ENABLE_PROTECTION)
            ),
        )
        assert max(together) == limit


async def test_every_request_is_in_the_journal_before_it_is_sent(tmp_path: Path) -> None:
    async with open_practice(folder=tmp_path) as practice:
        actions = await set_up_actions(practice, "DC01")
        reader = sqlite3.connect(tmp_path / "journal.sqlite")
        found: list[tuple[str, str]] = []

        def look(request: Request) -> None:
            if request.method == "PUT":
                sent = request.headers.get("x-ms-client-request-id", "")
                query = "SELECT state, body_hash FROM actions WHERE client_request_id = ?"
                found.extend(reader.execute(query, (sent,)).fetchall())

        practice.wire.before = look
        await run(practice, actions)
        reader.close()
        assert found == [("sent", action.body_hash) for action in actions]


async def test_what_is_there_already_is_not_sent_again() -> None:
    async with open_practice() as practice:
        actions = await set_up_actions(practice, "DC01", "WEB-01")
        await run(practice, actions)
        practice.wire.writes.clear()
        again = await run(practice, actions)
        assert {action.state for action in again.actions} == {ActionState.SKIPPED}
        assert {action.text for action in again.actions} == {"Already there"}
        assert practice.wire.writes == []


async def test_a_thing_of_that_name_with_other_settings_is_never_overwritten() -> None:
    async with open_practice() as practice:
        estate = await practice.estate()
        draft = contoso_draft(estate, "DC01")
        await run(practice, actions_for(draft, estate, load_rules()))
        practice.wire.writes.clear()
        other = replace(draft, policy=replace(draft.policy, copy_frequency_s=30))
        policy = next(a for a in actions_for(other, estate, load_rules()) if a.kind is ActionKind.CREATE_POLICY)
        ended = await run(practice, (policy,))
        problem = ended.actions[0].problem
        assert problem is not None
        assert problem.title == "contoso-5-min is already there, but not as wanted."
        assert "Copy frequency in seconds is 300, wanted 30." in problem.advice
        assert practice.wire.writes == []


async def test_a_failed_job_stops_what_needs_it_and_nothing_else() -> None:
    async with open_practice() as practice:
        actions = await set_up_actions(practice, "DC01", "APP-PAYROLL", "WEB-01")
        ended = await run(practice, actions)
        assert states(ended) == {
            "Create policy contoso-5-min": "confirmed",
            "Use contoso-5-min at Contoso-HQ": "confirmed",
            "Replicate DC01": "confirmed",
            "Replicate APP-PAYROLL": "failed",
            "Replicate WEB-01": "confirmed",
        }
        problem = ended.troubled[0].problem
        assert problem is not None
        assert problem.title == f"Replicate APP-PAYROLL failed in Azure ({problem.code})."
        assert problem.job_problems
        assert problem.job_problems[0].possible_causes in problem.details
        job = await practice.use.jobs.job(practice.vault.child("replicationJobs", problem.job_id.rsplit("/", 1)[-1]))
        assert job.state is JobState.FAILED


async def test_a_refused_write_is_told_and_can_be_sent_after_the_correction() -> None:
    async with open_practice() as practice:
        actions = await set_up_actions(practice, "DC01", "WEB-01")
        runner = practice.use.runner
        run_id = await runner.plan("Set up", actions)
        practice.wire.before = only(ActionKind.CREATE_POLICY, lambda: refusal(409, "Conflict", "busy"))
        stopped = await runner.carry_out(run_id)
        assert states(stopped) == {
            "Create policy contoso-5-min": "failed",
            "Use contoso-5-min at Contoso-HQ": "planned",
            "Replicate DC01": "planned",
            "Replicate WEB-01": "planned",
        }
        assert practice.wire.accepted() == []

        practice.wire.before = lambda request: None
        ended = await runner.carry_out(run_id)
        assert ended.is_done
        assert ended.troubled == ()
        assert await runner.unfinished() == ()


async def test_a_confirmed_action_stays_confirmed_when_the_run_is_tried_again() -> None:
    async with open_practice() as practice:
        actions = await set_up_actions(practice, "DC01", "WEB-01")
        runner = practice.use.runner
        run_id = await runner.plan("Set up", actions)
        practice.wire.before = only(ActionKind.ENABLE_PROTECTION, lambda: refusal(400, "BadRequest"))
        await runner.carry_out(run_id)
        practice.wire.before = lambda request: None
        assert (await runner.carry_out(run_id)).is_done
        assert len(practice.wire.accepted(containing="replicationPolicies")) == 1
        assert len(practice.wire.accepted(containing="replicationProtectedItems")) == 2


async def test_without_rights_nothing_more_is_tried() -> None:
    async with open_practice(enable_at_once=1) as practice:
        actions = await set_up_actions(practice, *MACHINES)
        refused = 0

        def refuse() -> Response:
            nonlocal refused
            refused += 1
            return refusal(403, "AuthorizationFailed", "no")

        practice.wire.before = only(ActionKind.ENABLE_PROTECTION, refuse)
        stopped = await run(practice, actions)
        assert refused == 1
        assert len(stopped.waiting) == len(MACHINES) - 1


async def test_a_throttled_write_waits_as_long_as_azure_asks() -> None:
    async with open_practice() as practice:
        actions = await set_up_actions(practice, "DC01")
        answers = [refusal(429, "TooManyRequests"), refusal(429, "TooManyRequests")]
        for answer in answers:
            answer.headers["Retry-After"] = "120"
        practice.wire.before = only(ActionKind.CREATE_POLICY, lambda: answers.pop() if answers else None)
        before = practice.clock.now()
        ended = await run(practice, actions[:1])
        assert ended.is_done
        assert (practice.clock.now() - before).total_seconds() >= 240
        assert len(practice.wire.accepted(containing="replicationPolicies")) == 1


async def test_leaving_the_run_page_does_not_stop_the_run() -> None:
    async with open_practice() as practice:
        runner = practice.use.runner
        run_id = await runner.plan("Set up", await set_up_actions(practice, "DC01"))
        seen = asyncio.Event()
        page = asyncio.create_task(runner.carry_out(run_id, lambda snapshot: seen.set()))
        await seen.wait()
        page.cancel()
        with pytest.raises(asyncio.CancelledError):
            await page
        assert (await runner.snapshot(run_id)).is_running
        assert (await runner.carry_out(run_id)).is_done
        assert len(practice.wire.accepted(containing="replicationProtectedItems")) == 1


async def test_pressing_run_twice_makes_one_run() -> None:
    async with open_practice() as practice:
        runner = practice.use.runner
        actions = await set_up_actions(practice, "DC01")
        first, second = await asyncio.gather(
            runner.plan("Set up", actions, key="draft"), runner.plan("Set up", actions, key="draft")
        )
        assert first == second
        one, two = await asyncio.gather(runner.carry_out(first), runner.carry_out(second))
        assert one.is_done
        assert two.is_done
        assert len(practice.wire.accepted(containing="replicationProtectedItems")) == 1


async def test_a_changed_draft_replaces_its_older_run() -> None:
    async with open_practice() as practice:
        runner = practice.use.runner
        first = await runner.plan("Set up", await set_up_actions(practice, "DC01", "WEB-01"), key="draft")
        second = await runner.plan("Set up", await set_up_actions(practice, "DC01"), key="draft")
        assert first != second
        assert [run.id for run in await runner.unfinished()] == [second]
        ended = await runner.carry_out(second)
        assert "Replicate WEB-01" not in states(ended)


async def test_a_run_under_way_is_not_replaced() -> None:
    async with open_practice() as practice:
        runner = practice.use.runner
        actions = await set_up_actions(practice, "DC01", "WEB-01")
        run_id = await runner.plan("Set up", actions, key="draft")
        seen = asyncio.Event()
        page = asyncio.create_task(runner.carry_out(run_id, lambda snapshot: seen.set()))
        await seen.wait()
        with pytest.raises(Conflict, match="under way"):
            await runner.plan("Set up", actions[:2], key="draft")
        assert (await page).is_done


async def test_a_run_can_be_set_aside() -> None:
    async with open_practice() as practice:
        runner = practice.use.runner
        run_id = await runner.plan("Set up", await set_up_actions(practice, "DC01"))
        await runner.set_aside(run_id)
        assert await runner.unfinished() == ()
        assert practice.wire.writes == []


async def test_nothing_to_do_is_done() -> None:
    async with open_practice() as practice:
        ended = await run(practice, ())
        assert ended.is_done
        assert await practice.use.runner.unfinished() == ()


async def test_an_unknown_run_is_told() -> None:
    async with open_practice() as practice:
        with pytest.raises(NotFound):
            await practice.use.runner.carry_out("nobody")


async def test_a_second_program_on_the_same_connection_only_reads(tmp_path: Path) -> None:
    async with (
        open_practice(folder=tmp_path) as first,
        open_practice(folder=tmp_path, simulator=first.simulator) as second,
    ):
        assert not first.use.access.is_read_only
        assert second.use.access.is_read_only
        with pytest.raises(Conflict, match="Another window"):
            await second.use.runner.plan("Set up", await set_up_actions(second, "DC01"))
        assert (await second.estate()).vault is not None


async def test_a_connection_that_only_looks_begins_nothing_until_that_is_allowed() -> None:
    async with open_practice() as practice:
        actions = await set_up_actions(practice, "DC01")
        practice.use.access.lock()
        with pytest.raises(Conflict, match="read-only"):
            await practice.use.runner.plan("Set up", actions)
        practice.use.access.unlock()
        run_id = await practice.use.runner.plan("Set up", actions)
        practice.use.access.lock()
        with pytest.raises(Conflict, match="read-only"):
            await practice.use.runner.carry_out(run_id)
