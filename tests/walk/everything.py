"""All that can be read of a vault, to hold two readings of one moment against each other."""

from __future__ import annotations

from tests.walk.azure import Azure, Broken, Json

_LISTS = (
    "replicationFabrics",
    "replicationRecoveryServicesProviders",
    "replicationProtectionContainers",
    "replicationPolicies",
    "replicationProtectionContainerMappings",
    "replicationProtectedItems",
    "replicationJobs",
    "replicationEvents",
    "replicationRecoveryPlans",
    "replicationAlertSettings",
)
_ONE_BY_ONE = frozenset({"replicationJobs", "replicationRecoveryPlans", "replicationProtectedItems"})


def read_everything(azure: Azure) -> dict[str, Json]:
    """Path to body, with each page of the lists and each job, plan and item by itself."""
    found: dict[str, Json] = {}
    for name in _LISTS:
        path = f"{azure.path}/{name}"
        found[path] = azure.get(path)
        if name in _ONE_BY_ONE:
            for entry in found[path]["value"]:
                found[entry["id"]] = azure.get(entry["id"])
        if name == "replicationProtectedItems":
            for entry in found[path]["value"]:
                points = f"{entry['id']}/recoveryPoints"
                found[points] = azure.get(points)
    health = f"{azure.path}/replicationVaultHealth"
    resources = f"{azure.group_path}/resources"
    found |= {health: azure.get(health), resources: azure.get(resources)}
    for container in found[f"{azure.path}/replicationProtectionContainers"]["value"]:
        path = f"{container['id']}/replicationProtectableItems"
        found[path] = azure.get(path)
    for kind in ("Microsoft.Compute/virtualMachines", "Microsoft.Network/networkInterfaces", "Microsoft.Compute/disks"):
        path = f"{azure.group_path}/providers/{kind}"
        found[path] = azure.get(path)
    return found


def check_same(before: dict[str, Json], after: dict[str, Json]) -> None:
    for path in before.keys() | after.keys():
        if before.get(path) != after.get(path):
            raise Broken("what was saved is there again", f"{path} {_difference(before.get(path), after.get(path))}")


def _difference(before: object, after: object, place: str = "$") -> str:
    """Where two bodies first differ."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        key = next(key for key in before if before[key] != after[key])
        return _difference(before[key], after[key], f"{place}.{key}")
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        index = next(index for index, entry in enumerate(before) if entry != after[index])
        return _difference(before[index], after[index], f"{place}[{index}]")
    return f"{place}: {before!r} then, {after!r} now"
