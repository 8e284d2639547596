"""ASR jobs, their tasks and errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.arm_id import ArmId


class JobState(StrEnum):
    """What a job comes down to for the user; Azure's own words stay in `state_description`."""

    NOT_STARTED = "NotStarted"
    RUNNING = "InProgress"
    WAITING_FOR_USER = "Suspended"
    SUCCEEDED = "Succeeded"
    SUCCEEDED_WITH_REMARKS = "CompletedWithInformation"
    FAILED = "Failed"
    CANCELLED = "Cancelled"
    OTHER = "Other"

    @property
    def is_over(self) -> bool:
        return self in _OVER

    @property
    def is_good_end(self) -> bool:
        return self in (JobState.SUCCEEDED, JobState.SUCCEEDED_WITH_REMARKS)

    @classmethod
    def read(cls, state: str | None) -> JobState:
        """`PartiallySucceeded` counts as done with remarks; a new word of Azure's reads as `OTHER`."""
        wanted = (state or "").lower()
        if wanted == "partiallysucceeded":
            return cls.SUCCEEDED_WITH_REMARKS
        if wanted == "canceled":
            return cls.CANCELLED
        for member in cls:
            if member.value.lower() == wanted:
                return member
        return cls.OTHER


_OVER = frozenset({JobState.SUCCEEDED, JobState.SUCCEEDED_WITH_REMARKS, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class JobProblem:
    """One error of a failed ASR job, as the service told it."""

    code: str
    message: str
    possible_causes: str = ""
    recommended_action: str = ""
    task: str = ""
    provider_code: str = ""


@dataclass(frozen=True, slots=True)
class JobTask:
    id: str
    name: str
    state: JobState
    state_description: str
    """`Skipped` arrives here with state `Other`."""
    started: datetime | None = None
    ended: datetime | None = None
    errors: tuple[JobProblem, ...] = ()
    children: tuple[JobTask, ...] = ()
    child_job_id: str = ""


@dataclass(frozen=True, slots=True)
class DrillResult:
    """What a test failover job says it made, for one machine."""

    machine: str
    test_machine: str
    network: str
    subnet: str
    connection_status: str = ""


@dataclass(frozen=True, slots=True)
class ReplicationJob:
    id: ArmId
    name: str
    scenario: str
    """Azure's scenarioName such as `EnableDr`; empty in a job's first moment."""
    friendly_name: str
    state: JobState
    state_description: str
    target_id: str = ""
    target_name: str = ""
    target_kind: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    activity_id: str = ""
    """`{client request id} ActivityId: {correlation id}`; empty in lists."""
    allowed_actions: tuple[str, ...] = ()
    tasks: tuple[JobTask, ...] = ()
    """Empty in lists: only a read of one job carries tasks and errors."""
    errors: tuple[JobProblem, ...] = ()
    drill_results: tuple[DrillResult, ...] = field(default_factory=tuple)

    @property
    def client_request_id(self) -> str:
        return self.activity_id.split(" ", 1)[0]


@dataclass(frozen=True, slots=True)
class ReplicationEvent:
    id: ArmId
    name: str
    kind: str
    """`VmHealth`, `JobStatus`, `AgentHealth` ..."""
    severity: str
    """`OK`, `Warning`, `Critical`."""
    time: datetime | None
    description: str
    code: str = ""
    target_name: str = ""
    fabric_id: str = ""
