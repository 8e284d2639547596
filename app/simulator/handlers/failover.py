"""Test failover and its clean-up, failover, commit, reverse replication. Planned failover is in `failback`.

An operation on a machine that another one holds is accepted and its job fails with 532. So do operations that the
machine is not ready for; a direction that makes no sense is refused at once.
"""

from __future__ import annotations

import re

from app.simulator import jobs
from app.simulator import records as rec
from app.simulator.azure_machines import drill_subnet, free_name, subnet_named
from app.simulator.hosts import unreachable_error
from app.simulator.lifecycle import COMMITS_TO, FAILED_OVER, IN_INITIAL_REPLICATION, LASTING_TROUBLES
from app.simulator.messages import Response
from app.simulator.readiness import chosen_nics, location_of, machine_error
from app.simulator.replication import line_share, points_of
from app.simulator.replies import bad_request
from app.simulator.router import ITEM, Call, Route
from app.simulator.wire import Json, between, fabric_part, last_segment, time_text, vault_part
from app.simulator.world import World

_VM_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
COMPARED_MIB_S = 600.0
"""How fast host and Azure compare what they hold."""
REPROTECT_SHARE = 0.08
"""What a reverse replication sends again, as a share of the used data: the changes alone."""


def begin(
    call: Call,
    scenario: str,
    item: rec.Item,
    *,
    intent: Json | None = None,
    details: Json | None = None,
    error: rec.JobError | None = None,
    remark: tuple[str, str] | None = None,
    skipped: tuple[str, ...] = (),
    seconds: dict[str, float] | None = None,
) -> rec.Job:
    """Start a job that holds the item until it ends, or one that fails at once when another holds it."""
    world = call.world
    busy = world.jobs.get(item.busy_job) if item.busy_job else None
    if busy is not None:
        error = jobs.busy_error(busy, item.machine_name)
    job = jobs.start(
        world,
        scenario,
        vault=vault_part(item.id),
        subject=item.id.lower(),
        target=(item.machine, item.machine_name),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        affected=jobs.affected_objects(world, world.fabrics[fabric_part(item.id.lower())], item),
        intent=intent,
        details=details,
        error=error,
        remark=remark,
        skipped=skipped,
        seconds=seconds,
    )
    if busy is None:
        item.busy_job = job.id.lower()
        world.put_item(item)
    return job


def answer(call: Call, item: rec.Item, job: rec.Job) -> Response:
    return jobs.accepted(call, job, item.id)


# Test failover


def test_failover(call: Call) -> Response:
    item, properties = call.item(), call.properties()
    refuse_direction(call, properties, "PrimaryToRecovery")
    details = properties.get("providerSpecificDetails") or {}
    network_id = str(properties.get("networkId") or item.target.test_network or "")
    job = begin_test_failover(call, item, network_id, str(properties.get("networkType") or "VmNetworkAsInput"), details)
    return answer(call, item, job)


def begin_test_failover(call: Call, item: rec.Item, network_id: str, network_type: str, details: Json) -> rec.Job:
    world = call.world
    network = world.resources.get(network_id.lower())
    error = _not_ready(item, "test failover") or _target_error(world, item, item.target.group)
    if error is None and network_id and network is None:
        error = _no_subnet(f"The virtual network {last_segment(network_id)} does not exist.")
    if error is None and network is None and network_type == "VmNetworkAsInput":
        error = rec.JobError(
            "25080",
            f"The test failover of {item.machine_name} was not started.",
            "No network was named for the test machine.",
            "Name a virtual network, or choose to have it connected to none.",
            task=0,
        )
    error = error or machine_error(world, item, network, "TestFailover")
    wanted = f"{item.target.vm_name}-test"
    name = free_name(world, item.target.group, wanted, item.machine)
    remark = None
    if error is None and name != wanted:
        remark = ("28175", f"A machine of that name exists, so the test machine is called {name}.")
    point, point_time, point_error = _point(call, item, details)
    subnet = None
    if network is not None and item.nics:
        chosen = drill_subnet(network, item.nics[0].test_subnet or item.nics[0].subnet)
        subnet = chosen["name"] if chosen else None
    network_name = last_segment(network_id) if network_id else None
    from_point = {"recoveryPointId": last_segment(point), "recoveryPointTime": time_text(point_time)} if point else {}
    shown: Json = {
        "testFailoverStatus": "Active",
        "networkName": network_name,
        "networkFriendlyName": network_name,
        "networkType": network_type,
        "protectedItemDetails": [
            {
                "name": item.machine,
                "friendlyName": item.machine_name,
                "testVmName": name,
                "testVmFriendlyName": name,
                "networkConnectionStatus": "Connected" if subnet else "NotConnected",
                "networkFriendlyName": network_name,
                "subnet": subnet,
                **from_point,
            }
        ],
    }
    intent: Json = {"name": name, "network": network_id, "point": point} | _promise(world, item, network)
    return begin(call, "TestFailover", item, intent=intent, details=shown, error=error or point_error, remark=remark)


def test_failover_cleanup(call: Call) -> Response:
    item = call.item()
    return answer(call, item, begin_cleanup(call, item, call.properties().get("comments")))


def begin_cleanup(call: Call, item: rec.Item, comments: str | None) -> rec.Job:
    error = None
    if item.test_state != "WaitingForCompletion":
        error = not_ready_error(
            "25007", item, "clean-up", "No test failover is waiting for it.", "Run a test failover first."
        )
    return begin(call, "TestFailoverCleanup", item, details={"comments": comments or ""}, error=error)


# Failover


def unplanned_failover(call: Call) -> Response:
    item, properties = call.item(), call.properties()
    refuse_direction(call, properties, "PrimaryToRecovery")
    details = properties.get("providerSpecificDetails") or {}
    shuts_down = str(properties.get("sourceSiteOperations") or "NotRequired").lower() == "required"
    return answer(call, item, begin_failover(call, item, "UnplannedFailover", details, shuts_down=shuts_down))


def begin_failover(call: Call, item: rec.Item, scenario: str, details: Json, *, shuts_down: bool = False) -> rec.Job:
    label = "planned failover" if scenario == "PlannedFailover" else "failover"
    error = _not_ready(item, label) or _target_error(call.world, item, item.target.group) or _network_error(call, item)
    network = call.world.resources.get((item.target.network or "").lower())
    error = error or machine_error(call.world, item, network, scenario)
    silent = unreachable_error(call.world, item.provider, item.machine_name)
    point, _, point_error = _point(call, item, details)
    name = item.target.vm_name
    free = free_name(call.world, item.target.group, name, item.machine)
    remark = None
    if error is None and free != name:
        remark = ("28175", f"A machine of that name exists, so this one is called {free}.")
    if scenario == "PlannedFailover":
        skipped: tuple[str, ...] = ()
        error = error or silent
    elif silent is not None:  # goes on without the host, as it must in a disaster
        skipped = ("VmShutdownVmOnPrimary", "VmPrepareForUnPlannedFailover")
    else:  # without a shutdown there are no last changes to fetch
        skipped = () if shuts_down else ("VmPrepareForUnPlannedFailover",)
    return begin(
        call,
        scenario,
        item,
        intent={"name": name, "point": point} | _promise(call.world, item, network),
        error=error or point_error,
        remark=remark,
        skipped=skipped,
    )


def _promise(world: World, item: rec.Item, network: rec.Resource | None) -> Json:
    """What the job will take of the region's quota."""
    nics = chosen_nics(item) if network else 0
    return {"size": item.target.size, "location": location_of(world, item, network), "nics": nics}


def apply_recovery_point(call: Call) -> Response:
    item, properties = call.item(), call.properties()
    error = None
    if item.phase not in ("planned", "unplanned"):
        error = not_ready_error(
            "25007",
            item,
            "a change of the recovery point",
            "It has not failed over, or the failover is committed.",
            "Change the point between failover and commit.",
        )
    point, _, point_error = _point(call, item, {"recoveryPointId": properties.get("recoveryPointId")})
    intent: Json = {"name": item.target.vm_name, "point": point}
    return answer(call, item, begin(call, "ChangePit", item, intent=intent, error=error or point_error))


def commit(call: Call) -> Response:
    item = call.item()
    return answer(call, item, begin_commit(call, item))


def begin_commit(call: Call, item: rec.Item) -> rec.Job:
    error = None
    if item.phase not in COMMITS_TO:
        error = not_ready_error("20008", item, "a commit", "It has not failed over.", "Commit after a failover.")
    return begin(call, "FinalizeFailback" if item.phase == "failback" else "CommitFailover", item, error=error)


# The way back


def reprotect(call: Call) -> Response:
    item, properties = call.item(), call.properties()
    direction = str(properties.get("failoverDirection") or "PrimaryToRecovery")
    if item.phase != "restored" or direction not in ("PrimaryToRecovery", "RecoveryToPrimary"):
        raise _wrong_direction(call)
    return answer(call, item, begin_reprotect(call, item))


def begin_reprotect(call: Call, item: rec.Item) -> rec.Job:
    error = unreachable_error(call.world, item.provider, item.machine_name)
    if item.phase != "restored":
        error = not_ready_error(
            "25038", item, "reverse replication", "Its failback is not committed.", "Fail back and commit first."
        )
    return begin(call, "ReprotectReplicationGroup", item, intent={"share": REPROTECT_SHARE}, error=error)


def repair_replication(call: Call) -> Response:
    item = call.item()
    error = unreachable_error(call.world, item.provider, item.machine_name)
    if item.phase != "protected":
        error = not_ready_error(
            "25007",
            item,
            "resynchronization",
            "It is not replicating to Azure now.",
            "Resynchronize it while it is protected.",
        )
    seconds = {"RepairVmReplicationTask": _resync_s(call, item)}
    return answer(call, item, begin(call, "RepairVMReplication", item, error=error, seconds=seconds))


def _resync_s(call: Call, item: rec.Item) -> float:
    """How long it takes to compare all data of a machine and to send what differs over the site's line."""
    fabric_key = fabric_part(item.id.lower())
    machine = call.world.machines.get(item.machine)
    replicated = {disk.vhd_id for disk in item.disks}
    churn = sum(disk.churn_mib_s for disk in machine.disks if disk.id in replicated) if machine else 0.0
    missed_s = call.now - item.trouble_since if item.trouble in LASTING_TROUBLES else 0.0
    differs = min(churn * missed_s, float(item.used_mib))
    started_s = between(50, 90, item.correlation, "resynchronization", call.now)
    return started_s + item.used_mib / COMPARED_MIB_S + differs / line_share(call.world, fabric_key)


# What stands in the way


def refuse_direction(call: Call, properties: Json, expected: str) -> None:
    if str(properties.get("failoverDirection") or expected).lower() != expected.lower():
        raise _wrong_direction(call)


def _wrong_direction(call: Call) -> Exception:
    return bad_request(
        call,
        "InvalidFailoverDirection",
        "The operation does not lead in that direction from where the machine is.",
        "Read the protected item: its allowed operations say what can be done now.",
    )


def not_ready_error(code: str, item: rec.Item, label: str, causes: str, action: str) -> rec.JobError:
    return rec.JobError(code, f"{item.machine_name} is not ready for {label}.", causes, action, task=0)


def _not_ready(item: rec.Item, label: str) -> rec.JobError | None:
    if item.phase in IN_INITIAL_REPLICATION:
        return not_ready_error(
            "25007", item, label, "Its first copy has not reached Azure yet.", "Wait until it is protected."
        )
    if item.phase in FAILED_OVER or item.phase != "protected":
        return not_ready_error(
            "25007", item, label, "It is not replicating to Azure now.", "Finish the failover under way first."
        )
    if item.test_state == "WaitingForCompletion":
        return not_ready_error("20013", item, label, "A test failover waits for its clean-up.", "Clean it up first.")
    return None


def _target_error(world: World, item: rec.Item, group_id: str) -> rec.JobError | None:
    if _VM_NAME.fullmatch(item.target.vm_name) is None:
        return rec.JobError(
            "70044",
            f"The failover of {item.machine_name} was not started.",
            f"'{item.target.vm_name}' cannot be the name of a machine in Azure.",
            "Rename the target: 1 to 63 letters, digits and hyphens, a letter or digit at both ends.",
            task=0,
        )
    if group_id.lower() not in world.resources:
        return rec.JobError(
            "28031",
            f"No machine can be made for {item.machine_name}.",
            f"The resource group {last_segment(group_id)} does not exist.",
            "Choose another resource group for the target.",
            task=0,
        )
    return None


def _network_error(call: Call, item: rec.Item) -> rec.JobError | None:
    if not item.target.network:
        return None
    network = call.world.resources.get(item.target.network.lower())
    if network is None:
        return _no_subnet(f"The virtual network {last_segment(item.target.network)} does not exist.")
    for nic in item.nics:
        if nic.selection != "NotSelected" and nic.subnet and subnet_named(network, nic.subnet) is None:
            return _no_subnet(f"The virtual network {last_segment(network.id)} has no subnet named {nic.subnet}.")
    return None


def _no_subnet(causes: str) -> rec.JobError:
    return rec.JobError(
        "28020", "The machine cannot be connected.", causes, "Choose a network and subnet that exist.", task=0
    )


def _point(call: Call, item: rec.Item, details: Json) -> tuple[str | None, float, rec.JobError | None]:
    """The recovery point asked for, or the newest: its id, its time, and what is wrong with it."""
    points = points_of(item, call.world.policies.get(item.policy.lower()), call.now)
    wanted = details.get("recoveryPointId")
    if wanted:
        name = last_segment(str(wanted)).lower()
        found = next((point for point in points if point.name == name), None)
        if found is None:
            error = not_ready_error("506", item, "failover", "That recovery point is gone.", "Choose one that is kept.")
            return None, call.now, error
        return f"{item.id}/recoveryPoints/{found.name}", found.at, None
    if not points:
        return None, call.now, None
    return f"{item.id}/recoveryPoints/{points[-1].name}", points[-1].at, None


ROUTES = (
    Route("POST", f"{ITEM}/testFailover", test_failover),
    Route("POST", f"{ITEM}/testFailoverCleanup", test_failover_cleanup),
    Route("POST", f"{ITEM}/unplannedFailover", unplanned_failover),
    Route("POST", f"{ITEM}/applyRecoveryPoint", apply_recovery_point),
    Route("POST", f"{ITEM}/failoverCommit", commit),
    Route("POST", f"{ITEM}/reProtect", reprotect),
    Route("POST", f"{ITEM}/repairReplication", repair_replication),
)
