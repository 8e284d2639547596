"""Virtual machines that failovers made, and the sizes there are.

Left out: making, stopping and starting machines; quota.
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.azure_machines import DISK_TYPE, VM_TYPE, instance_view
from app.simulator.messages import Response
from app.simulator.replies import json_response, list_response, plain_list, resource_missing
from app.simulator.router import Call, Route
from app.simulator.wire import Json

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
    call.check_subscription()
    return _list(call, "/subscriptions/", VM_TYPE)


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


def list_group_disks(call: Call) -> Response:
    return _list(call, call.group_id().lower() + "/", DISK_TYPE)


def get_disk(call: Call) -> Response:
    return json_response(200, _find(call, DISK_TYPE, call.params["disk"]).body)


def list_sizes(call: Call) -> Response:
    call.check_subscription()
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
    Route("GET", f"{_GROUP}/{DISK_TYPE}", list_group_disks),
    Route("GET", f"{_GROUP}/{DISK_TYPE}/{{disk}}", get_disk),
)
