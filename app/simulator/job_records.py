"""What the practice vault remembers of a job; `records` has the rest."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

Json = dict[str, Any]


class MachineWork(Struct):
    """The job that a recovery plan's step runs for one machine."""

    job: str
    machine: str
    machine_name: str
    scenario: str


class Task(Struct):
    """A step of a job; a recovery plan's groups have children, down to the work on each machine.

    Attributes:
        not_before: the step does not begin before this.
        waits: what the job is waiting for at this step, in the service's word; it ends when the job is resumed.
        details: what the step shows of itself beside its type.
        group_name: what a group is called, where its step has an id of its own.
        tells_skip: left out, it still tells when it would have begun.
    """

    id: str
    name: str
    friendly_name: str
    seconds: float
    skipped: bool = False
    kind: str = "TaskDetails"
    group_type: str = ""
    group_name: str = ""
    children: list[Task] = field(default_factory=list)
    work: MachineWork | None = None
    not_before: float = 0.0
    waits: str = ""
    resumed: float | None = None
    details: Json = field(default_factory=dict)
    tells_skip: bool = False


class JobError(Struct):
    """What a failed job says. `task` is the index of the step that failed; None when it belongs to no step."""

    code: str
    message: str
    causes: str
    action: str
    task: int | None = None
    provider_code: int = 0
    provider_message: str | None = None


class Job(Struct):
    """A job.

    Attributes:
        is_hollow: it reports success and changes nothing.
        label: its friendly name, where its scenario is none that is started here.
    """

    id: str
    name: str
    scenario: str
    target_type: str
    target_id: str
    target_name: str
    accepted: float
    begins: float
    tasks: list[Task]
    client_request_id: str
    activity: str
    subject: str
    affected: dict[str, str] = field(default_factory=dict)
    details: Json = field(default_factory=dict)
    intent: Json = field(default_factory=dict)
    error: JobError | None = None
    remark: tuple[str, str] | None = None
    partly: JobError | None = None
    cancelled: float | None = None
    is_hollow: bool = False
    label: str = ""
