"""The way back from Azure, and the two requests that a Hyper-V machine never offers.

Planned failover leads towards Azure or back from it: the provider details decide, not the direction that is sent. Back
it comes in two ways. `ForDownTime` copies while the Azure machine runs, waits for the user, and stops the machine only
for the last changes; `ForSynchronization` stops it at once and copies the whole of it. Left out: what the machine in
Azure changed meanwhile is reckoned as a share of its data.
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.handlers.failover import answer, begin, begin_failover, not_ready_error, refuse_direction
from app.simulator.hosts import machines_switches, unreachable_error
from app.simulator.messages import Response
from app.simulator.replies import bad_request, missing
from app.simulator.router import ITEM, Call, Route
from app.simulator.wire import Json, between, fabric_part, last_segment

FAILBACK = "HyperVReplicaAzureFailback"
DELTA_SHARE = 0.06
"""What the machine changed in Azure, as a share of its data."""

_SYNC_OPTIONS = ("ForDownTime", "ForSynchronization")
_CREATION_OPTIONS = ("NoAction", "CreateVmIfNotFound")
_STEPS_OF_A_SYNC = ("VmFailbackDataSync", "WaitForUserInputForFailback")


def planned_failover(call: Call) -> Response:
    item, properties = call.item(), call.properties()
    details = properties.get("providerSpecificDetails") or {}
    if details.get("instanceType") == FAILBACK:
        return answer(call, item, begin_failback(call, item, details))
    refuse_direction(call, properties, "PrimaryToRecovery")
    return answer(call, item, begin_failover(call, item, "PlannedFailover", details))


def begin_failback(call: Call, item: rec.Item, details: Json) -> rec.Job:
    """Start the way back, or a job that fails because the machine or its host is not ready for it.

    Raises:
        Refusal: an option is none there is, or the other host is not one of the site.
    """
    sync = str(details.get("dataSyncOption") or "ForSynchronization")
    creation = str(details.get("recoveryVmCreationOption") or "NoAction")
    if sync not in _SYNC_OPTIONS or creation not in _CREATION_OPTIONS:
        raise bad_request(
            call,
            "InvalidParameter",
            "dataSyncOption or recoveryVmCreationOption is none that there is.",
            f"Send {' or '.join(_SYNC_OPTIONS)}, and {' or '.join(_CREATION_OPTIONS)}.",
        )
    provider = _provider(call, item, creation, details)
    error = None
    if item.phase not in ("planned_committed", "unplanned_committed"):
        error = not_ready_error(
            "25007", item, "failback", "It does not run in Azure, or its failover is not committed.", "Commit first."
        )
    error = error or unreachable_error(call.world, provider, item.machine_name) or _switch_error(call, item, provider)
    rate = call.world.fabrics[fabric_part(item.id.lower())].upload_mib_s
    whole_s = item.used_mib / rate
    last_s = whole_s if sync == "ForSynchronization" else DELTA_SHARE * DELTA_SHARE * whole_s
    base_s = between(240, 420, item.correlation, "failback", call.now)
    return begin(
        call,
        "Failback",
        item,
        intent={"provider": provider} if provider.lower() != item.provider.lower() else {},
        error=error,
        skipped=_STEPS_OF_A_SYNC if sync == "ForSynchronization" else (),
        seconds={"VmFailbackDataSync": 30 + DELTA_SHARE * whole_s, "VmFailover": base_s + last_s},
    )


def _provider(call: Call, item: rec.Item, creation: str, details: Json) -> str:
    """The Provider of the host the machine goes back to: its own, or the one named for a new machine."""
    named = str(details.get("providerIdForAlternateRecovery") or "")
    if creation == "NoAction" or not named:
        return item.provider
    provider = call.world.providers.get(named.lower())
    if provider is None or provider.fabric != fabric_part(item.id.lower()):
        raise missing(call, last_segment(named))
    return provider.id


def _switch_error(call: Call, item: rec.Item, provider_id: str) -> rec.JobError | None:
    """Another host must have the switches that the machine is connected to; one without machines may have any."""
    if provider_id.lower() == item.provider.lower():
        return None
    switches = machines_switches(call.world, provider_id)
    lacking = sorted({nic.switch for nic in item.nics} - switches) if switches else []
    if not lacking:
        return None
    return not_ready_error(
        "25007",
        item,
        "failback to another host",
        f"The other host has no virtual switch named {', '.join(lacking)}.",
        "Make a switch of the same name there, or choose another host.",
    )


def cancel_failover(call: Call) -> Response:
    """No state of a machine on Hyper-V offers it, so the job says so."""
    item = call.item()
    error = not_ready_error(
        "25007",
        item,
        "cancelling a failover",
        "The failover of a machine on Hyper-V cannot be taken back.",
        "Change the recovery point, or commit and fail back.",
    )
    return answer(call, item, begin(call, "CancelFailover", item, error=error))


def resolve_health_errors(call: Call) -> Response:
    """None of a Hyper-V machine's errors is resolved by request: each says that this is not allowed."""
    item = call.item()
    raise bad_request(
        call,
        "HealthErrorNotResolvable",
        f"The health errors of {item.machine_name} cannot be resolved by request.",
        "Do what each of them recommends; it goes when its cause is gone.",
    )


ROUTES = (
    Route("POST", f"{ITEM}/plannedFailover", planned_failover),
    Route("POST", f"{ITEM}/failoverCancel", cancel_failover),
    Route("POST", f"{ITEM}/resolveHealthErrors", resolve_health_errors),
)
