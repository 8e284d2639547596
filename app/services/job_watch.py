"""Follows many ASR jobs through one shared read of the jobs list.

A poller per job would cost a request per job and round; the list costs one. Only while very few jobs are followed is
each read by itself, because only that read tells which task is running.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.arm_id import ArmId
from app.domain.job import JobState, ReplicationJob
from app.errors import AppError, NotFound
from app.ports.arm import SiteRecoveryGateway
from app.ports.clock import Clock
from app.runtime.task_scope import TaskScope
from app.services.patience import OnSilence, Patience, unconcerned

_SHORTEST_S = 3.0
_LONGEST_S = 30.0
_SHARE_OF_AGE = 0.15
"""A job is looked at after this share of its age has passed again: often when young, seldom when it takes hours."""
_CLOCKS_DIFFER = timedelta(minutes=5)
_READ_ALONE_UP_TO = 3
_LOOKS_FOR_LOST_JOB = 5


def clock_margin(clock: Clock) -> timedelta:
    """How much earlier than we believe something may have happened: clocks differ, and a fast vault's differ more."""
    return _CLOCKS_DIFFER * max(clock.speed, 1.0)


OnLook = Callable[[ReplicationJob], None]


def look_away(job: ReplicationJob) -> None:
    """The watcher of somebody who only wants the end."""


@dataclass(eq=False, slots=True)
class _Follower:
    job: ArmId
    since: datetime
    on_look: OnLook
    on_silence: OnSilence
    wants_tasks: bool
    end: asyncio.Future[ReplicationJob]
    missed: int = 0
    next_look: datetime | None = None


@dataclass(eq=False, slots=True)
class _Followed:
    """What is followed in one vault."""

    vault: ArmId
    followers: list[_Follower] = field(default_factory=list)


class JobWatch:
    """One per connection; shared by the runner and by the pages that watch jobs."""

    def __init__(self, site_recovery: SiteRecoveryGateway, clock: Clock, patience: Patience) -> None:
        self._site_recovery = site_recovery
        self._clock = clock
        self._patience = patience
        self._scope = TaskScope()
        self._vaults: dict[ArmId, _Followed] = {}

    async def follow(
        self,
        job: ArmId,
        *,
        since: datetime,
        on_look: OnLook = look_away,
        on_silence: OnSilence = unconcerned,
        wants_tasks: bool = False,
    ) -> ReplicationJob:
        """Wait for the end of a job that was started at or after `since`, and return it.

        A job that waits for the user counts as ended. One that ended badly comes with its tasks and errors; the looks
        on the way carry tasks only if they are wanted, or while few jobs are followed. Cancelling stops the watching;
        the job goes on in Azure.

        Raises:
            NotFound: Azure does not know the job (any more).
            AppError: Azure refuses to tell, for instance because the sign-in has ended and nobody is there to renew it.
        """
        vault = job.up_to("vaults")
        end: asyncio.Future[ReplicationJob] = asyncio.get_running_loop().create_future()
        follower = _Follower(job, since, on_look, on_silence, wants_tasks, end)
        followed = self._vaults.get(vault)
        if followed is None:
            followed = self._vaults[vault] = _Followed(vault)
            followed.followers.append(follower)
            self._scope.start(self._watch(followed), name=f"jobs of {vault.name}")
        else:
            followed.followers.append(follower)
        try:
            return await end
        finally:
            followed.followers.remove(follower)

    async def aclose(self) -> None:
        """Stop looking; those who still wait are cancelled."""
        left = [follower for followed in self._vaults.values() for follower in followed.followers]
        await self._scope.close()
        for follower in left:
            follower.end.cancel()

    async def _watch(self, followed: _Followed) -> None:
        try:
            while True:
                await self._clock.sleep(_SHORTEST_S)
                waiting = [follower for follower in followed.followers if not follower.end.done()]
                if not waiting:
                    return
                now = self._clock.now()
                if any(follower.next_look is None or follower.next_look <= now for follower in waiting):
                    await self._look(followed.vault, waiting)
        except Exception as failure:
            for follower in followed.followers:
                _fail(follower, failure)
        finally:
            del self._vaults[followed.vault]

    async def _look(self, vault: ArmId, followers: list[_Follower]) -> None:
        """Look once at every job that is followed in the vault."""
        by_list = [] if len(followers) <= _READ_ALONE_UP_TO else [each for each in followers if not each.wants_tasks]
        for follower in followers:
            if follower not in by_list:
                await self._look_alone(follower)
        if by_list:
            await self._look_at_list(vault, by_list)

    async def _look_at_list(self, vault: ArmId, followers: list[_Follower]) -> None:
        def tell_silence(silence: timedelta) -> None:
            for follower in followers:
                follower.on_silence(silence)

        since = min(follower.since for follower in followers) - clock_margin(self._clock)
        try:
            jobs = await self._patience.ask(lambda: self._site_recovery.list_jobs(vault, since=since), tell_silence)
        except AppError as error:
            for follower in followers:
                _fail(follower, error)
            return
        found = {job.id: job for job in jobs}
        for follower in followers:
            job = found.get(follower.job)
            # The list says neither why a job ended badly nor, at times, that a young job exists.
            if job is None or (job.state.is_over and not job.state.is_good_end):
                await self._look_alone(follower)
            else:
                self._tell(follower, job)

    async def _look_alone(self, follower: _Follower) -> None:
        try:
            job = await self._patience.ask(lambda: self._site_recovery.get_job(follower.job), follower.on_silence)
        except NotFound as error:
            follower.missed += 1
            if follower.missed >= _LOOKS_FOR_LOST_JOB:
                _fail(follower, error)
        except AppError as error:
            _fail(follower, error)
        else:
            follower.missed = 0
            self._tell(follower, job)

    def _tell(self, follower: _Follower, job: ReplicationJob) -> None:
        if follower.end.done():
            return
        now = self._clock.now()
        age_s = (now - follower.since).total_seconds()
        follower.next_look = now + timedelta(seconds=min(max(age_s * _SHARE_OF_AGE, _SHORTEST_S), _LONGEST_S))
        follower.on_look(job)
        if job.state.is_over or job.state is JobState.WAITING_FOR_USER:
            follower.end.set_result(job)


def _fail(follower: _Follower, error: Exception) -> None:
    if not follower.end.done():
        follower.end.set_exception(error)


def running_task(job: ReplicationJob) -> str:
    """The name of the task a job is at, as Azure words it; empty when the job does not tell."""
    tasks = list(job.tasks)
    found = ""
    while tasks:
        running = next((task for task in tasks if task.state is JobState.RUNNING), None)
        if running is None:
            break
        found = running.name
        tasks = list(running.children)
    return found
