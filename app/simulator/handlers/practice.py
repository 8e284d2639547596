"""The practice controls: the pace of time, the hosts that wait to be registered, and what goes wrong.

No part of Azure.
"""

from __future__ import annotations

import re

from app.simulator import records as rec
from app.simulator.faults.control import Faults, begin
from app.simulator.handlers.sites import register_host
from app.simulator.host_file import readiness_parts
from app.simulator.host_script import can_register, run_checks
from app.simulator.messages import Response
from app.simulator.quotas import core_limit, machine_limit, nic_limit
from app.simulator.replication import set_line
from app.simulator.replies import arm_error, json_response
from app.simulator.rights import YOU, caller_of
from app.simulator.router import Call, Route
from app.simulator.silence import answer_again, fall_silent
from app.simulator.wire import Json, last_segment, time_text

_VERSION = re.compile(r"\d+(\.\d+){3}", re.ASCII)
_NO_SITE = "fabricId names no Hyper-V site of this practice vault."
_HOSTS_FULL = "Every on-premises host of this scenario is registered already."


def _state(call: Call) -> Json:
    world = call.world
    waiting = [host for host in world.hosts.records() if not host.provider]
    return {
        "product": "practice-vault",
        "scenario": world.settings.scenario,
        "now": time_text(call.now),
        "speed": world.clock.speed,
        "paused": world.clock.paused,
        "caller": {"objectId": caller_of(call), "name": call.principal_name or YOU},
        "waitingHosts": [
            {"name": host.name, "machines": len(host.machines), "cluster": host.cluster} for host in waiting
        ],
    }


def get_state(call: Call) -> Response:
    return json_response(200, _state(call))


def put_clock(call: Call) -> Response:
    body, clock = call.json(), call.world.clock
    speed, paused = body.get("speed"), body.get("paused")
    if speed is not None:
        try:
            clock.set_speed(float(speed))
        except (TypeError, ValueError) as error:
            raise arm_error(400, "InvalidSpeed", f"The speed was not changed: {error}.") from None
    if paused is not None:
        if paused:
            clock.pause()
        else:
            clock.resume()
    call.world.settings = call.world.settings  # saved with the new pace
    return json_response(200, _state(call))


def post_host(call: Call) -> Response:
    """Register the next waiting host, or the one named, in a site; with a key, only if a script would."""
    body, world = call.json(), call.world
    fabric = world.fabrics.get(str(body.get("fabricId") or "").lower())
    if fabric is None:
        raise arm_error(404, "SiteNotFound", _NO_SITE)
    waiting = [host for host in world.hosts.records() if not host.provider]
    wanted = body.get("name")
    if wanted:
        waiting = [host for host in waiting if host.name.lower() == str(wanted).lower()]
    if not waiting:
        message = f"No host named '{wanted}' waits to be registered." if wanted else _HOSTS_FULL
        raise arm_error(409, "NoHostWaits", message)
    host = waiting[0]
    if "credentials" in body:
        return _run_script(call, fabric, host)
    job = register_host(world, fabric, host, call.now)
    return json_response(202, {"host": host.name, "provider": host.provider, "job": last_segment(job.id)})


def _run_script(call: Call, fabric: rec.Fabric, host: rec.Host) -> Response:
    """What the script finds on the host with the key; where nothing stands against it, the host registers."""
    body, world = call.json(), call.world
    key, proxy = body.get("credentials"), body.get("proxy") or ""
    if not isinstance(key, str) or not isinstance(proxy, str):
        raise arm_error(400, "InvalidRequestContent", "credentials is the key file's text, and proxy an address.")
    report = run_checks(world, fabric, host, key, proxy, call.now)
    job = register_host(world, fabric, host, call.now) if can_register(report) else None
    shown = {"host": host.name, "registered": job is not None, "checks": report}
    if job is None:
        return json_response(200, shown)
    return json_response(202, shown | {"provider": host.provider, "job": last_segment(job.id)})


def put_host(call: Call) -> Response:
    """Cut a registered host off from Azure or connect it again, or give it other versions."""
    body, world = call.json(), call.world
    host = world.hosts.get(call.params["host"].lower())
    if host is None or not host.provider:
        raise arm_error(404, "HostNotFound", f"No registered host is named '{call.params['host']}'.")
    versions = {key: body[key] for key in ("providerVersion", "agentVersion") if key in body}
    if any(_VERSION.fullmatch(str(version)) is None for version in versions.values()):
        raise arm_error(400, "InvalidVersion", "A version is four numbers with dots between them.")
    host.provider_version = str(versions.get("providerVersion", host.provider_version))
    host.agent_version = str(versions.get("agentVersion", host.agent_version))
    world.hosts.put(host.name.lower(), host)
    connected = body.get("connected")
    if connected is False and host.silent_since is None:
        fall_silent(world, host, call.now)
    elif connected is True and host.silent_since is not None:
        answer_again(world, host, call.now)
    shown = {"name": host.name, "connected": host.silent_since is None, "machines": len(host.machines)}
    return json_response(200, shown | {"providerVersion": host.provider_version, "agentVersion": host.agent_version})


def get_readiness(call: Call) -> Response:
    """The readiness file of one host, or of all where none is named, as its script would write it now."""
    wanted = call.query.get("host", "").lower()
    hosts = list(call.world.hosts.records())
    if wanted:
        hosts = [host for host in hosts if wanted in (host.name.lower(), host.name.lower().partition(".")[0])]
    if not hosts:
        raise arm_error(404, "HostNotFound", f"No host is named '{wanted}'.")
    return Response(200, {"Content-Type": "application/json"}, readiness_parts(call.world, hosts, call.now))


def put_line(call: Call) -> Response:
    """Give a site a faster or slower connection to Azure."""
    body, world = call.json(), call.world
    fabric = world.fabrics.get(str(body.get("fabricId") or "").lower())
    if fabric is None:
        raise arm_error(404, "SiteNotFound", _NO_SITE)
    rate = body.get("uploadMibPerSecond")
    if not isinstance(rate, int | float) or isinstance(rate, bool) or rate <= 0:
        raise arm_error(400, "InvalidRate", "uploadMibPerSecond must be a number above 0.")
    set_line(world, fabric, float(rate), call.now)
    return json_response(200, {"fabricId": fabric.id, "uploadMibPerSecond": fabric.upload_mib_s})


def put_quota(call: Call) -> Response:
    """Say what the subscription may use in each region: whatever of it the body names."""
    body, settings = call.json(), call.world.settings
    quota = settings.quota
    for name in ("regionalCores", "virtualMachines", "networkInterfaces"):
        if name in body and not _is_count(body[name], least=1):
            raise arm_error(400, "InvalidQuota", f"{name} must be a whole number, 1 or more.")
    families, sizes = body.get("families", {}), body.get("restrictedSizes", quota.restricted_sizes)
    if not isinstance(families, dict) or not all(_is_count(cores, least=0) for cores in families.values()):
        raise arm_error(400, "InvalidQuota", "families must hold whole numbers by the names of size families.")
    if not isinstance(sizes, list) or not all(isinstance(size, str) for size in sizes):
        raise arm_error(400, "InvalidQuota", "restrictedSizes must be a list of names of sizes.")
    settings.regional_cores = body.get("regionalCores", settings.regional_cores)
    quota.machines = body.get("virtualMachines", quota.machines)
    quota.nics = body.get("networkInterfaces", quota.nics)
    quota.family_cores = quota.family_cores | {name.lower(): cores for name, cores in families.items()}
    quota.restricted_sizes = [size.lower() for size in sizes]
    call.world.settings = settings
    return json_response(
        200,
        {
            "regionalCores": core_limit(call.world),
            "virtualMachines": machine_limit(call.world),
            "networkInterfaces": nic_limit(call.world),
            "families": quota.family_cores,
            "restrictedSizes": quota.restricted_sizes,
        },
    )


def _is_count(value: object, *, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def get_faults(call: Call) -> Response:
    """Every kind of fault with its words and choices, and what is on."""
    return json_response(200, Faults(call.world).overview())


def put_fault(call: Call) -> Response:
    """Switch a fault on: `for`, `count` and the kind's own parameters."""
    body = dict(call.json())
    lasts, count = body.pop("for", None), body.pop("count", None)
    if any(not isinstance(value, str | int) or isinstance(value, bool) for value in body.values()):
        raise arm_error(400, "InvalidFault", "A parameter is a text or a whole number.")
    try:
        begin(call.world, call.params["fault"], lasts, count, body, call.now)
    except ValueError as error:
        raise arm_error(400, "InvalidFault", str(error)) from None
    return get_faults(call)


def delete_fault(call: Call) -> Response:
    Faults(call.world).switch_off(call.params["fault"])
    return get_faults(call)


def delete_faults(call: Call) -> Response:
    Faults(call.world).end_all()
    return get_faults(call)


ROUTES = (
    Route("GET", "/simulator/faults", get_faults),
    Route("DELETE", "/simulator/faults", delete_faults),
    Route("PUT", "/simulator/faults/{fault}", put_fault),
    Route("DELETE", "/simulator/faults/{fault}", delete_fault),
    Route("GET", "/simulator", get_state),
    Route("PUT", "/simulator/clock", put_clock),
    Route("POST", "/simulator/hosts", post_host),
    Route("PUT", "/simulator/hosts/{host}", put_host),
    Route("GET", "/simulator/readiness", get_readiness),
    Route("PUT", "/simulator/line", put_line),
    Route("PUT", "/simulator/quota", put_quota),
)
