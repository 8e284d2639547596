"""Events: what is written down when a job ends, a machine falls ill, a host falls silent."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.lifecycle import CONDITIONS
from app.simulator.wire import MICROSOFT_AZURE, fabric_part, guid, vault_part
from app.simulator.world import World

FILETIME_EPOCH_S = 11_644_473_600
NEWEST_FIRST = 2**63 - 1


def record_event(world: World, job: rec.Job, state: str, at: float) -> None:
    """A job's end is an event; the newest come first by name, as the service's names do."""
    name = f"JobStatusMonitoringEvent;{NEWEST_FIRST - _ticks(at)}_{job.name}"
    vault = vault_part(job.id)
    fabric = "/".join(job.subject.split("/")[9:11])
    known = world.fabrics.get(f"{vault}/{fabric}".lower())
    item = world.items.get(job.subject)
    event = rec.Event(
        id=f"{vault}/replicationEvents/{name}",
        name=name,
        at=at,
        code="SRSJobStatus",
        type="JobStatus",
        description=f"{job.scenario} - {state}",
        affected=job.target_name,
        severity={"Failed": "Critical", "Cancelled": "Warning"}.get(state, "OK"),
        fabric=known.id if known else "",
        details={
            "instanceType": "JobStatus",
            "jobId": job.id,
            "jobFriendlyName": job.scenario,
            "jobStatus": state,
            "affectedObjectType": "Vm" if job.target_type == "ProtectionEntity" else job.target_type,
        },
        error=job.error,
        correlation=item.correlation if item else "",
    )
    world.events.put(event.id.lower(), event)


def record_health_event(world: World, item: rec.Item, condition_name: str, at: float) -> None:
    """A machine fell ill."""
    condition = CONDITIONS[condition_name]
    name = f"VmMonitoringEvent;{NEWEST_FIRST - _ticks(at)}_{guid(item.correlation, condition_name, at)}"
    vault = vault_part(item.id)
    fabric = world.fabrics[fabric_part(item.id.lower())]
    event = rec.Event(
        id=f"{vault}/replicationEvents/{name}",
        name=name,
        at=at,
        code="SRSVMHealthChanged",
        type="VmHealth",
        description=condition.message.format(name=item.machine_name),
        affected=item.machine_name,
        severity=condition.level,
        fabric=fabric.id,
        error=rec.JobError(
            condition.code, condition.message.format(name=item.machine_name), condition.causes, condition.action
        ),
        correlation=item.correlation,
        provider_details={
            "instanceType": "HyperVReplicaAzure",
            "containerName": fabric.friendly_name,
            "fabricName": fabric.friendly_name,
            "remoteContainerName": MICROSOFT_AZURE,
        },
    )
    world.events.put(event.id.lower(), event)


def record_server_event(world: World, host: rec.Host, at: float, *, is_silent: bool) -> None:
    """A host was lost or found again."""
    fabric = world.fabrics.get(host.fabric)
    if fabric is None:
        return
    vault = vault_part(fabric.id)
    name = f"AgentMonitoringEvent;{NEWEST_FIRST - _ticks(at)}_{guid(host.provider, is_silent, at)}"
    message = f"{host.name} {'is not' if is_silent else 'is'} connected to Azure."
    action = "Check its connection, its proxy and the services of its Provider."
    event = rec.Event(
        id=f"{vault}/replicationEvents/{name}",
        name=name,
        at=at,
        code="SRSAgentHealthChanged",
        type="AgentHealth",
        description=message,
        affected=host.name,
        severity="Critical" if is_silent else "OK",
        fabric=fabric.id,
        error=rec.JobError("25018", message, "Nothing has been heard of the host.", action) if is_silent else None,
    )
    world.events.put(event.id.lower(), event)


def _ticks(at: float) -> int:
    return int((at + FILETIME_EPOCH_S) * 10_000_000)
