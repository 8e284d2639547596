"""What there is to choose from for a protected item: its recovery points, and the sizes of machines in Azure."""

from __future__ import annotations

from collections.abc import Iterator

from app.simulator.azure_facts import azure_facts
from app.simulator.messages import Response
from app.simulator.readiness import misfit
from app.simulator.replication import point_body, points_of
from app.simulator.replies import json_response, list_response, missing
from app.simulator.router import ITEM, Call, Route
from app.simulator.wire import Json


def list_points(call: Call) -> Response:
    item = call.item()
    points = points_of(item, call.world.policies.get(item.policy.lower()), call.now)
    return list_response(point_body(item, point) for point in points)


def get_point(call: Call) -> Response:
    item, name = call.item(), call.params["point"]
    for point in points_of(item, call.world.policies.get(item.policy.lower()), call.now):
        if point.name == name.lower():
            return json_response(200, point_body(item, point))
    raise missing(call, name)


def list_target_sizes(call: Call) -> Response:
    item = call.item()

    def entries() -> Iterator[Json]:
        for size in azure_facts().sizes:
            yield {
                "id": f"{item.id}/targetComputeSizes/{size.name}",
                "name": size.name,
                "type": (
                    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers"
                    "/replicationProtectedItems/targetComputeSizes"
                ),
                "properties": {
                    "name": size.name,
                    "friendlyName": size.name,
                    "cpuCoresCount": size.cores,
                    "vCPUsAvailable": size.cores,
                    "memoryInGB": size.memory_gib,
                    "maxDataDiskCount": size.data_disks,
                    "maxNicsCount": size.nics,
                    "errors": [{"message": reason, "severity": "Error"}] if (reason := misfit(item, size)) else [],
                    "highIopsSupported": "Supported" if size.premium else "NotSupported",
                    "hyperVGenerations": size.generations,
                },
            }

    return list_response(entries())


ROUTES = (
    Route("GET", f"{ITEM}/recoveryPoints", list_points),
    Route("GET", f"{ITEM}/recoveryPoints/{{point}}", get_point),
    Route("GET", f"{ITEM}/targetComputeSizes", list_target_sizes),
)
