"""Following jobs: one list for many, task names for few, and a lost line is no failure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from azure.core.exceptions import ServiceRequestError

from app.domain.arm_id import ArmId
from app.domain.job import JobState, ReplicationJob
from app.errors import NotFound, PermissionDenied
from app.flows.action import Action, ActionKind
from app.flows.planning import actions_for
from app.rules import load_rules
from app.services.job_watch import JobWatch, running_task
from app.services.patience import Patience
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, contoso_draft, open_practice, refusal

MACHINES = ("DC01", "WEB-01", "WEB-02", "FS01", "WEB-03", "PRINT01")


@asynccontextmanager
async def enabling(*machines: str) -> AsyncIterator[tuple[Practice, JobWatch, list[ArmId]]]:
    """A vault in which these machines have just been enabled, and a watch that follows nothing yet."""
    async with open_practice() as practice:
        estate = await practice.estate()
        actions = actions_for(contoso_draft(estate, *machines), estate, load_rules())
        prepared = tuple(action for action in actions if action.kind is not ActionKind.ENABLE_PROTECTION)
        runner = practice.use.runner
        assert (await runner.carry_out(await runner.plan("Prepare", prepared))).is_done
        jobs = [await start(practice, action) for action in actions if action not in prepared]
        practice.wire.reads.clear()
        watch = JobWatch(
            practice.gateways.site_recovery, practice.clock, Patience(practice.clock, practice.use.renewal)
        )
        try:
            yield practice, watch, jobs
        finally:
            await watch.aclose()


async def start(practice: Practice, action: Action) -> ArmId:
    accepted = await practice.gateways.site_recovery.begin_put(
        action.target, action.body or {}, client_request_id=action.id
    )
    return ArmId(accepted.job_id)


def job_reads(answer: Callable[[], Response | None]) -> Callable[[Request], Response | None]:
    """Answer in Azure's place whenever jobs are read."""
    return lambda request: answer() if request.method == "GET" and "/replicationJobs" in request.url else None


async def test_many_jobs_are_followed_by_reading_one_list() -> None:
    async with enabling(*MACHINES) as (practice, watch, jobs):
        since = practice.clock.now()
        looks: list[int] = []
        ended = await asyncio.gather(
            *(
                watch.follow(job, since=since, on_look=lambda _: looks.append(practice.wire.reads["replicationJobs/*"]))
                for job in jobs
            )
        )
        assert [job.state for job in ended] == [JobState.SUCCEEDED] * len(jobs)
        assert {job.id for job in ended} == set(jobs)
        assert looks[0] == 0
        assert practice.wire.reads["replicationJobs"] > 1


async def test_a_job_followed_alone_tells_its_tasks() -> None:
    async with enabling("DC01") as (practice, watch, jobs):
        tasks: list[str] = []
        job = await watch.follow(
            jobs[0], since=practice.clock.now(), on_look=lambda look: tasks.append(running_task(look))
        )
        assert job.state is JobState.SUCCEEDED
        assert "Prerequisites check for enabling protection" in tasks
        assert practice.wire.reads["replicationJobs"] == 0


async def test_a_job_page_sees_tasks_however_many_jobs_are_followed() -> None:
    async with enabling(*MACHINES) as (practice, watch, jobs):
        since = practice.clock.now()
        tasks: list[int] = []
        await asyncio.gather(
            watch.follow(jobs[0], since=since, wants_tasks=True, on_look=lambda look: tasks.append(len(look.tasks))),
            *(watch.follow(job, since=since) for job in jobs[1:]),
        )
        assert len(tasks) > 1
        assert set(tasks) == {5}


async def test_a_job_that_failed_comes_with_its_errors() -> None:
    async with enabling(*MACHINES, "APP-PAYROLL") as (practice, watch, jobs):
        since = practice.clock.now()
        ended = await asyncio.gather(*(watch.follow(job, since=since) for job in jobs))
        failed = [job for job in ended if job.state is JobState.FAILED]
        assert len(failed) == 1
        assert failed[0].errors


async def test_a_lost_line_is_told_and_waited_out() -> None:
    async with enabling("DC01") as (practice, watch, jobs):
        lost = 40

        def cut() -> None:
            nonlocal lost
            lost -= 1
            if lost > 0:
                raise ServiceRequestError("no line")

        practice.wire.before = job_reads(cut)
        silences: list[timedelta] = []
        job = await watch.follow(jobs[0], since=practice.clock.now(), on_silence=silences.append)
        assert job.state is JobState.SUCCEEDED
        assert silences[-1] == timedelta(0)
        assert max(silences) > timedelta(minutes=1)


async def test_a_refusal_ends_the_following_of_every_job() -> None:
    async with enabling(*MACHINES) as (practice, watch, jobs):
        practice.wire.before = job_reads(lambda: refusal(403, "AuthorizationFailed", "no"))
        since = practice.clock.now()
        ended = await asyncio.gather(*(watch.follow(job, since=since) for job in jobs), return_exceptions=True)
        assert [type(error) for error in ended] == [PermissionDenied] * len(jobs)


async def test_a_job_that_azure_does_not_know_is_told() -> None:
    async with enabling("DC01") as (practice, watch, _):
        with pytest.raises(NotFound):
            await watch.follow(practice.vault.child("replicationJobs", "gone"), since=practice.clock.now())


async def test_nothing_is_read_when_nobody_follows() -> None:
    async with enabling("DC01", "WEB-01") as (practice, watch, jobs):
        looked = asyncio.Event()
        since = practice.clock.now()

        def look(job: ReplicationJob) -> None:
            looked.set()

        leaver = asyncio.create_task(watch.follow(jobs[0], since=since, on_look=look))
        await looked.wait()
        leaver.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaver
        practice.wire.reads.clear()
        for _ in range(50):
            await asyncio.sleep(0)
        assert practice.wire.reads.total() == 0
        assert (await watch.follow(jobs[1], since=since)).state is JobState.SUCCEEDED


async def test_closing_ends_the_wait_of_those_who_follow() -> None:
    async with enabling("DC01") as (practice, watch, jobs):
        follower = asyncio.create_task(watch.follow(jobs[0], since=practice.clock.now()))
        await asyncio.sleep(0)
        await watch.aclose()
        with pytest.raises(asyncio.CancelledError):
            await follower
