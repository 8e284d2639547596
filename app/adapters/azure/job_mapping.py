"""Jobs with their tasks, and events: wire to domain."""

from __future__ import annotations

import msgspec

from app.adapters.azure.kind import Kind
from app.adapters.azure.wire_values import Number, Text, moment, read_job_state, text, whole
from app.domain.arm_id import ArmId
from app.domain.job import DrillResult, JobProblem, JobTask, ReplicationEvent, ReplicationJob


class ServiceErrorRecord(msgspec.Struct, rename="camel", gc=False):
    code: Text = None
    message: Text = None
    possible_causes: Text = None
    recommended_action: Text = None


class ProviderErrorRecord(msgspec.Struct, rename="camel", gc=False):
    error_code: Number = None
    error_message: Text = None
    possible_causes: Text = None
    recommended_action: Text = None


class JobErrorRecord(msgspec.Struct, rename="camel", gc=False):
    service_error_details: ServiceErrorRecord | None = None
    provider_error_details: ProviderErrorRecord | None = None
    task_id: Text = None


class JobLink(msgspec.Struct, rename="camel", gc=False):
    job_id: Text = None


class TaskDetails(msgspec.Struct, rename="camel", gc=False):
    job_task: JobLink | None = None


class GroupDetails(msgspec.Struct, rename="camel"):
    child_tasks: list[TaskRecord] | None = None


class TaskRecord(msgspec.Struct, rename="camel"):
    task_id: Text = None
    name: Text = None
    friendly_name: Text = None
    state: Text = None
    state_description: Text = None
    start_time: Text = None
    end_time: Text = None
    custom_details: TaskDetails | None = None
    group_task_custom_details: GroupDetails | None = None
    errors: list[JobErrorRecord] | None = None


class DrillItem(msgspec.Struct, rename="camel", gc=False):
    name: Text = None
    friendly_name: Text = None
    test_vm_name: Text = None
    network_connection_status: Text = None
    network_friendly_name: Text = None
    subnet: Text = None


class JobDetails(msgspec.Struct, rename="camel", gc=False):
    protected_item_details: list[DrillItem] | None = None


class JobProperties(msgspec.Struct, rename="camel"):
    activity_id: Text = None
    scenario_name: Text = None
    friendly_name: Text = None
    state: Text = None
    state_description: Text = None
    start_time: Text = None
    end_time: Text = None
    allowed_actions: list[str] | None = None
    target_object_id: Text = None
    target_object_name: Text = None
    target_instance_type: Text = None
    tasks: list[TaskRecord] | None = None
    errors: list[JobErrorRecord] | None = None
    custom_details: JobDetails | None = None


class JobRecord(msgspec.Struct):
    id: str
    properties: JobProperties
    name: Text = None


def _job(record: JobRecord) -> ReplicationJob:
    properties = record.properties
    arm_id = ArmId(record.id)
    details = properties.custom_details or JobDetails()
    return ReplicationJob(
        id=arm_id,
        name=text(record.name) or arm_id.name,
        scenario=text(properties.scenario_name),
        friendly_name=text(properties.friendly_name),
        state=read_job_state(text(properties.state)),
        state_description=text(properties.state_description),
        target_id=text(properties.target_object_id),
        target_name=text(properties.target_object_name),
        target_kind=text(properties.target_instance_type),
        started=moment(properties.start_time),
        ended=moment(properties.end_time),
        activity_id=text(properties.activity_id),
        allowed_actions=tuple(properties.allowed_actions or ()),
        tasks=tuple(_task(task) for task in properties.tasks or ()),
        errors=_problems(properties.errors),
        drill_results=tuple(
            DrillResult(
                machine=text(item.friendly_name) or text(item.name),
                test_machine=text(item.test_vm_name),
                network=text(item.network_friendly_name),
                subnet=text(item.subnet),
                connection_status=text(item.network_connection_status),
            )
            for item in details.protected_item_details or ()
        ),
    )


def _task(record: TaskRecord) -> JobTask:
    link = record.custom_details.job_task if record.custom_details else None
    group = record.group_task_custom_details
    child_job = text(link.job_id) if link else ""
    return JobTask(
        id=text(record.task_id),
        name=text(record.friendly_name) or text(record.name),
        state=read_job_state(text(record.state)),
        state_description=text(record.state_description),
        started=moment(record.start_time),
        ended=moment(record.end_time),
        errors=_problems(record.errors),
        children=tuple(_task(child) for child in (group.child_tasks if group else None) or ()),
        # A task without a job of its own links to the bare collection.
        child_job_id="" if child_job.endswith("/") else child_job,
    )


def _problems(records: list[JobErrorRecord] | None) -> tuple[JobProblem, ...]:
    """The errors as the service told them, each once: it repeats itself."""
    if not records:
        return ()
    return tuple(dict.fromkeys(_problem(record) for record in records))


def _problem(record: JobErrorRecord) -> JobProblem:
    service = record.service_error_details or ServiceErrorRecord()
    provider = record.provider_error_details or ProviderErrorRecord()
    provider_code = whole(provider.error_code)
    return JobProblem(
        code=text(service.code),
        message=text(service.message) or text(provider.error_message),
        possible_causes=text(service.possible_causes) or text(provider.possible_causes),
        recommended_action=text(service.recommended_action) or text(provider.recommended_action),
        task=text(record.task_id),
        provider_code=str(provider_code) if provider_code else "",
    )


class EventProperties(msgspec.Struct, rename="camel", gc=False):
    event_code: Text = None
    event_type: Text = None
    description: Text = None
    severity: Text = None
    time_of_occurrence: Text = None
    affected_object_friendly_name: Text = None
    fabric_id: Text = None


class EventRecord(msgspec.Struct, gc=False):
    id: str
    properties: EventProperties
    name: Text = None


def _event(record: EventRecord) -> ReplicationEvent:
    properties = record.properties
    arm_id = ArmId(record.id)
    return ReplicationEvent(
        id=arm_id,
        name=text(record.name) or arm_id.name,
        kind=text(properties.event_type),
        severity=text(properties.severity),
        time=moment(properties.time_of_occurrence),
        description=text(properties.description),
        code=text(properties.event_code),
        target_name=text(properties.affected_object_friendly_name),
        fabric_id=text(properties.fabric_id),
    )


JOB: Kind[ReplicationJob] = Kind("job", JobRecord, _job)
EVENT: Kind[ReplicationEvent] = Kind("event", EventRecord, _event)
