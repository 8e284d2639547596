"""Virtual machines that failovers made, and the sizes there are.

Left out: making machines; changing their size.
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.azure_machines import DISK_TYPE, VM_TYPE, instance_view, leave_behind
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response, list_response, plain_list, resource_missing
from app.simulator.router import Call, Route
from app.simulator.wire import Json, between, guid, time_text

_SUBSCRIPTION = "/subscriptions/{subscription}"
_PROVIDER = f"{_SUBSCRIPTION}/providers/Microsoft.Compute"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/{{group}}/providers"
_VM = f"{_GROUP}/{VM_TYPE}/{{vm}}"


def _find(call: Call, resource_type: str, name: str) -> rec.Resource:
    resource = call.world.resources.get(f"{call.group_id()}/providers/{resource_type}/{name}".lower())
    if resource is None:
        raise resource_missing(resource_type, name, call.params["group"])
    return resource


def list_vms(call: Call) -> Response:
    return _list(call, call.under_subscription(), VM_TYPE)


def list_group_vms(call: Call) -> Response:
    return _list(call, call.group_id().lower() + "/", VM_TYPE)


def _list(call: Call, prefix: str, resource_type: str) -> Response:
    return list_response([r.body for r in call.world.resources.records(prefix) if r.type == resource_type])


def get_vm(call: Call) -> Response:
    resource = _find(call, VM_TYPE, call.params["vm"])
    body: Json = resource.body
    if call.query.get("$expand", "").lower() == "instanceview":
        body = {**body, "properties": {**body["properties"], "instanceView": instance_view(resource)}}
    return json_response(200, body)


def get_instance_view(call: Call) -> Response:
    return json_response(200, instance_view(_find(call, VM_TYPE, call.params["vm"])))


def delete_vm(call: Call) -> Response:
    """The machine goes; its interfaces and disks stay, as they do unless somebody chose otherwise."""
    resource = call.world.resources.get(f"{call.group_id()}/providers/{VM_TYPE}/{call.params['vm']}".lower())
    if resource is None:
        return Response(204)
    leave_behind(call.world, resource)
    return _done(call, resource)


def set_power(call: Call, power: str) -> Response:
    resource = _find(call, VM_TYPE, call.params["vm"])
    resource.extra["power"] = power
    call.world.resources.put(resource.id.lower(), resource)
    return _done(call, resource)


def start_vm(call: Call) -> Response:
    return set_power(call, "running")


def restart_vm(call: Call) -> Response:
    return set_power(call, "running")


def power_off_vm(call: Call) -> Response:
    """Switched off, a machine still holds its cores."""
    return set_power(call, "stopped")


def deallocate_vm(call: Call) -> Response:
    return set_power(call, "deallocated")


def _done(call: Call, resource: rec.Resource) -> Response:
    """Accepted, and over after a moment; the state shows at once."""
    world, location = call.world, resource.body["location"]
    name = guid(world.settings.seed, resource.id.lower(), call.now, world.next_number())
    world.operations.put(name, rec.Operation(name, resource.id.lower(), call.now, call.now + between(5, 30, name)))
    poll = f"/subscriptions/{call.params['subscription']}/providers/Microsoft.Compute/locations/{location}"
    address = call.url(f"{poll}/operations/{name}")
    headers = {"Azure-AsyncOperation": address, "Location": address, "Retry-After": call.retry_after}
    return Response(202, headers)


def operation(call: Call) -> Response:
    found = call.world.operations.get(call.params["operation"])
    if found is None:
        raise arm_error(404, "OperationNotFound", "There is no such operation.")
    body: Json = {"name": found.id, "startTime": time_text(found.started)}
    if call.now >= found.ends:
        return json_response(200, body | {"status": "Succeeded", "endTime": time_text(found.ends)})
    return json_response(200, body | {"status": "InProgress"}, {"Retry-After": call.retry_after})


def list_disks(call: Call) -> Response:
    return _list(call, call.under_subscription(), DISK_TYPE)


def delete_disk(call: Call) -> Response:
    key = f"{call.group_id()}/providers/{DISK_TYPE}/{call.params['disk']}".lower()
    resource = call.world.resources.get(key)
    if resource is None:
        return Response(204)
    if resource.body.get("managedBy"):
        raise arm_error(409, "OperationNotAllowed", "A machine uses the disk.")
    call.world.resources.remove(key)
    return _done(call, resource)


def list_group_disks(call: Call) -> Response:
    return _list(call, call.group_id().lower() + "/", DISK_TYPE)


def get_disk(call: Call) -> Response:
    return json_response(200, _find(call, DISK_TYPE, call.params["disk"]).body)


def list_sizes(call: Call) -> Response:
    call.check_subscription()
    if azure_facts().location(call.params["location"]) is None:
        raise arm_error(400, "NoRegisteredProviderFound", f"There is no region named '{call.params['location']}'.")
    return plain_list(
        {
            "name": size.name,
            "numberOfCores": size.cores,
            "osDiskSizeInMB": 1_047_552,
            "resourceDiskSizeInMB": 0,
            "memoryInMB": int(size.memory_gib * 1024),
            "maxDataDiskCount": size.data_disks,
        }
        for size in azure_facts().sizes
    )


ROUTES = (
    Route("GET", f"{_PROVIDER}/locations/{{location}}/vmSizes", list_sizes),
    Route("GET", f"{_PROVIDER}/virtualMachines", list_vms),
    Route("GET", f"{_GROUP}/{VM_TYPE}", list_group_vms),
    Route("GET", _VM, get_vm),
    Route("GET", f"{_VM}/instanceView", get_instance_view),
    Route("DELETE", _VM, delete_vm),
    Route("POST", f"{_VM}/start", start_vm),
    Route("POST", f"{_VM}/restart", restart_vm),
    Route("POST", f"{_VM}/powerOff", power_off_vm),
    Route("POST", f"{_VM}/deallocate", deallocate_vm),
    Route("GET", f"{_PROVIDER}/locations/{{location}}/operations/{{operation}}", operation),
    Route("GET", f"{_PROVIDER}/disks", list_disks),
    Route("GET", f"{_GROUP}/{DISK_TYPE}", list_group_disks),
    Route("GET", f"{_GROUP}/{DISK_TYPE}/{{disk}}", get_disk),
    Route("DELETE", f"{_GROUP}/{DISK_TYPE}/{{disk}}", delete_disk),
)
