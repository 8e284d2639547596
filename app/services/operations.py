"""ASR jobs: looking at one with its tasks, listing them, and waiting for the end of one."""

from __future__ import annotations

from datetime import datetime

from app.domain.arm_id import ArmId
from app.domain.job import ReplicationJob
from app.ports.arm import SiteRecoveryGateway
from app.ports.clock import Clock
from app.services.job_watch import JobWatch, OnLook, look_away
from app.services.patience import OnSilence, unconcerned


class Operations:
    """One per connection."""

    def __init__(self, site_recovery: SiteRecoveryGateway, clock: Clock, watch: JobWatch) -> None:
        self._site_recovery = site_recovery
        self._clock = clock
        self._watch = watch

    async def jobs(self, vault: ArmId, *, since: datetime | None = None) -> tuple[ReplicationJob, ...]:
        """Newest first, without tasks and errors."""
        return await self._site_recovery.list_jobs(vault, since=since)

    async def job(self, job: ArmId) -> ReplicationJob:
        """One job with its tasks and errors."""
        return await self._site_recovery.get_job(job)

    async def follow(
        self, job: ArmId, *, on_look: OnLook = look_away, on_silence: OnSilence = unconcerned
    ) -> ReplicationJob:
        """Look at a job now and then until it is over; `on_look` hears each look, tasks included.

        A lost line is waited out. Cancelling stops the watching; the job goes on.
        """
        found = await self._site_recovery.get_job(job)
        on_look(found)
        if found.state.is_over:
            return found
        since = found.started or self._clock.now()
        return await self._watch.follow(job, since=since, on_look=on_look, on_silence=on_silence, wants_tasks=True)
