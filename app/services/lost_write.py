"""Finds out what became of a write whose answer was lost with the line or with the program.

Azure keeps the client request id of each write in its job's activity id, so a write that arrived can be told from one
that did not. Only when neither a job nor the target shows may the write be sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.arm_id import ArmId
from app.domain.job import ReplicationJob
from app.errors import NotFound
from app.flows.action import REMOVAL_KINDS, RESOURCE_KINDS, Action, ActionKind
from app.ports.clock import Clock
from app.services.gateways import Gateways
from app.services.job_watch import clock_margin
from app.services.patience import OnSilence, Patience
from app.services.read_back import Standing, read_back

_LOOKS = 2
_BETWEEN_LOOKS_S = 15.0
"""A request may still be on its way to the jobs list while we look."""

SCENARIOS = {
    ActionKind.CREATE_SITE: "CreateSite",
    ActionKind.CREATE_POLICY: "AddProtectionProfile",
    ActionKind.ASSOCIATE_POLICY: "AssociateProtectionProfile",
    ActionKind.ENABLE_PROTECTION: "EnableDr",
    ActionKind.TEST_FAILOVER: "TestFailover",
    ActionKind.CLEAN_UP_TEST_FAILOVER: "TestFailoverCleanup",
    ActionKind.PLANNED_FAILOVER: "PlannedFailover",
    ActionKind.UNPLANNED_FAILOVER: "UnplannedFailover",
    ActionKind.COMMIT_FAILOVER: "CommitFailover",
    ActionKind.REFRESH_HOST: "RefreshFabricLayout",
    ActionKind.REMOVE_HOST: "UnregisterDra",
    ActionKind.PURGE_HOST: "UnregisterDra",
    ActionKind.DISSOCIATE_POLICY: "DissociateProtectionProfile",
    ActionKind.CHANGE_POLICY: "ModifyProtectionProfile",
    ActionKind.DELETE_POLICY: "RemoveProtectionProfile",
    ActionKind.REMOVE_SITE: "UnregisterFabric",
}
"""The scenario name of the job that each Site Recovery write makes."""

_SEEN_AT_TARGET = REMOVAL_KINDS | {ActionKind.CHANGE_POLICY}
"""No PUTs, and yet the target tells whether they have happened."""


@dataclass(frozen=True, slots=True)
class Fate:
    """`has_arrived` without a job: the target of a PUT is there, of a removal gone, of a change as wanted."""

    has_arrived: bool
    job: ArmId | None = None


class LostWrites:
    def __init__(self, gateways: Gateways, clock: Clock, patience: Patience) -> None:
        self._gateways = gateways
        self._clock = clock
        self._patience = patience

    async def find_out(self, action: Action, client_request_id: str, sent: datetime, on_silence: OnSilence) -> Fate:
        """What became of the write that went out at `sent` under `client_request_id`."""
        for look in range(_LOOKS):
            if look:
                await self._clock.sleep(_BETWEEN_LOOKS_S)
            if action.kind not in RESOURCE_KINDS:
                # The second look takes the whole list: a job that has not begun has no start time to filter by.
                job = await self._find_job(action, client_request_id, sent, on_silence, whole_list=look > 0)
                if job is not None:
                    return Fate(True, job)
            if not action.is_post or action.kind in _SEEN_AT_TARGET:
                reading = await self._patience.ask(lambda: read_back(action, self._gateways), on_silence)
                is_there = reading.standing is not Standing.ABSENT
                if is_there if not action.is_post else reading.standing is Standing.AS_WANTED:
                    return Fate(True)
        return Fate(False)

    async def _find_job(
        self, action: Action, client_request_id: str, sent: datetime, on_silence: OnSilence, *, whole_list: bool
    ) -> ArmId | None:
        gateway = self._gateways.site_recovery
        earliest = sent - clock_margin(self._clock)
        vault = action.target.up_to("vaults")
        jobs = await self._patience.ask(
            lambda: gateway.list_jobs(vault, since=None if whole_list else earliest), on_silence
        )
        for candidate in _candidates(action, jobs, earliest):
            try:
                job = await self._patience.ask(lambda id=candidate.id: gateway.get_job(id), on_silence)  # type: ignore[misc]
            except NotFound:
                continue
            if job.client_request_id.lower() == client_request_id.lower():
                return job.id
        return None


def _candidates(action: Action, jobs: tuple[ReplicationJob, ...], earliest: datetime) -> list[ReplicationJob]:
    """Jobs that may be this action's, the likeliest first. A job may be nameless in its first moment."""
    scenario = SCENARIOS[action.kind]
    fitting = [
        job for job in jobs if job.scenario in ("", scenario) and (job.started is None or job.started >= earliest)
    ]
    subject = action.subject.lower()
    return sorted(fitting, key=lambda job: job.target_name.lower() != subject)
