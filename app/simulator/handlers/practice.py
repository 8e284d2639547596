"""The practice controls: the pace of time, and the hosts that wait to be registered. No part of Azure."""

from __future__ import annotations

from app.simulator.handlers.sites import register_host
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response
from app.simulator.router import Call, Route
from app.simulator.wire import Json, last_segment, time_text

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
        "waitingHosts": [{"name": host.name, "machines": len(host.machines)} for host in waiting],
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
    """Register the next waiting host, or the one named, in a site."""
    body, world = call.json(), call.world
    fabric = world.fabrics.get(str(body.get("fabricId") or "").lower())
    if fabric is None:
        raise arm_error(404, "SiteNotFound", "fabricId names no Hyper-V site of this practice vault.")
    waiting = [host for host in world.hosts.records() if not host.provider]
    wanted = body.get("name")
    if wanted:
        waiting = [host for host in waiting if host.name.lower() == str(wanted).lower()]
    if not waiting:
        message = f"No host named '{wanted}' waits to be registered." if wanted else _HOSTS_FULL
        raise arm_error(409, "NoHostWaits", message)
    host = waiting[0]
    job = register_host(world, fabric, host, call.now)
    return json_response(202, {"host": host.name, "provider": host.provider, "job": last_segment(job.id)})


ROUTES = (
    Route("GET", "/simulator", get_state),
    Route("PUT", "/simulator/clock", put_clock),
    Route("POST", "/simulator/hosts", post_host),
)
