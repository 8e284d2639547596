"""Machines that a site's hosts report.

The first page always carries a nextLink, as the service's does; following it gives an empty page. Left out: `$take`.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.simulator import records as rec
from app.simulator.filters import conditions_in
from app.simulator.hosts import hosts_of
from app.simulator.item_view import protectable_item_body
from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response, list_response, missing
from app.simulator.router import CONTAINER, Call, Route
from app.simulator.wire import Json
from app.simulator.world import World

_LIST = f"{CONTAINER}/replicationProtectableItems"
_END_TOKEN = "ReplicationGroup:Begin"


def machines_of(world: World, fabric: rec.Fabric) -> Iterator[tuple[rec.Machine, str]]:
    """Every machine of the site's hosts, with the id of its host's Provider."""
    for host in hosts_of(world, fabric):
        for machine_id in host.machines:
            machine = world.machines.get(machine_id)
            if machine is not None:
                yield machine, host.provider


def find_machine(world: World, fabric: rec.Fabric, machine_id: str) -> tuple[rec.Machine, str] | None:
    """A machine of this site by its GUID, with the id of its host's Provider."""
    machine = world.machines.get(machine_id.lower())
    host = world.hosts.get(machine.host.lower()) if machine else None
    if machine is None or host is None or host.fabric != fabric.id.lower():
        return None
    return machine, host.provider


def list_protectable_items(call: Call) -> Response:
    fabric = call.container()
    if call.query.get("$skiptoken", "").lower() == _END_TOKEN.lower():
        return list_response([])
    status = _wanted_status(call)
    world = call.world

    def entries() -> Iterator[Json]:
        for machine, provider_id in machines_of(world, fabric):
            body = protectable_item_body(world, fabric, machine, provider_id)
            if status is None or body["properties"]["protectionStatus"] == status:
                yield body

    next_link = f"{call.base}{call.raw_path}?api-version={call.version}&$skipToken=ReplicationGroup%3ABegin"
    return list_response(entries(), next_link=next_link)


def _wanted_status(call: Call) -> str | None:
    wanted: str | None = None
    for name, values in conditions_in(call, call.query.get("$filter", "")):
        if name != "state":
            raise bad_request(call, "InvalidFilter", f"Machines cannot be filtered by '{name}'.", "Filter by state.")
        wanted = {"protected": "Protected", "unprotected": "Unprotected"}.get(values[0].lower(), values[0])
    return wanted


def get_protectable_item(call: Call) -> Response:
    fabric = call.container()
    found = find_machine(call.world, fabric, call.params["machine"])
    if found is None:
        raise missing(call, call.params["machine"])
    return json_response(200, protectable_item_body(call.world, fabric, *found))


ROUTES = (
    Route("GET", _LIST, list_protectable_items),
    Route("GET", f"{_LIST}/{{machine}}", get_protectable_item),
)
