"""Machines that a site's hosts report.

The last page with machines always carries a nextLink too, as the service's does; following it gives an empty page.
Without `$take` there is one page of everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote

from app.simulator import records as rec
from app.simulator.filters import conditions_in
from app.simulator.hosts import hosts_of
from app.simulator.item_view import protectable_item_body
from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response, list_response, missing
from app.simulator.router import CONTAINER, Call, Route
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
    fabric, token = call.container(), call.query.get("$skiptoken", "")
    if token.lower() == _END_TOKEN.lower():
        return list_response([])
    status = _wanted_status(call)
    world = call.world

    def wanted(machine: rec.Machine) -> bool:
        is_protected = machine.id in world.protected_by
        return status is None or ("Protected" if is_protected else "Unprotected") == status

    skipped, size = _page(call, token)
    found = (pair for pair in machines_of(world, fabric) if wanted(pair[0]))
    page: Iterator[tuple[rec.Machine, str]] = islice(found, skipped, None if size is None else skipped + size)
    following = _END_TOKEN
    if size is not None:  # whether more come is known only after looking
        page = iter([*page])
        if next(found, None) is not None:
            following = f"Machine:{skipped + size}"
    link = f"{call.base}{call.raw_path}?api-version={call.version}&$skipToken={quote(following, safe='')}"
    kept = "".join(
        f"&{name}={quote(call.query[name.lower()])}" for name in ("$filter", "$take") if call.query.get(name.lower())
    )
    bodies = (protectable_item_body(world, fabric, machine, provider) for machine, provider in page)
    return list_response(bodies, next_link=link + kept)


def _page(call: Call, token: str) -> tuple[int, int | None]:
    """How many machines came before this page, and how many it has at most."""
    take, start = call.query.get("$take", ""), token.removeprefix("Machine:")
    if (take and (not take.isdigit() or int(take) < 1)) or (token and not start.isdigit()):
        raise bad_request(
            call, "InvalidParameter", "$take or $skipToken cannot be read.", "Read the list from its beginning."
        )
    return int(start or 0), int(take) if take else None


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
