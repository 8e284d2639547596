"""Recovery Services vaults.

Left out: soft delete, moving a vault, its identity and encryption. What hangs on a vault is in `vault_extras`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import UTC, datetime

from app.simulator import records as rec
from app.simulator.azure_facts import Location, azure_facts
from app.simulator.messages import Response
from app.simulator.other_scenarios import held_by
from app.simulator.replies import arm_error, json_response, plain_list, resource_missing
from app.simulator.router import VAULT, Call, Route
from app.simulator.tags import checked_tags
from app.simulator.wire import Json, between, guid
from app.simulator.world import World

VAULT_TYPE = "Microsoft.RecoveryServices/vaults"

VAULT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,49}", re.ASCII)
_GROUP_VAULTS = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.RecoveryServices/vaults"
_REDUNDANCIES = ("LocallyRedundant", "ZoneRedundant", "GeoRedundant")
_SKUS = ("Standard", "RS0")
_CHANGEABLE = (
    "monitoringSettings",
    "publicNetworkAccess",
    "securitySettings",
    "restoreSettings",
    "redundancySettings",
)
_ALERTS = {
    "azureMonitorAlertSettings": {"alertsForAllJobFailures": "Enabled"},
    "classicAlertSettings": {"alertsForCriticalOperations": "Enabled"},
}


def new_vault(world: World, group: rec.Resource, name: str, location: str, given: Json, at: float) -> rec.Resource:
    vault_id = f"{group.id}/providers/{VAULT_TYPE}/{name}"
    body: Json = {
        "location": location,
        "name": name,
        "etag": _etag(at),
        "properties": {
            "provisioningState": "Succeeded",
            "privateEndpointStateForBackup": "None",
            "privateEndpointStateForSiteRecovery": "None",
            "backupStorageVersion": "Unassigned",
            "monitoringSettings": given.get("monitoringSettings") or _ALERTS,
            "securitySettings": {
                "immutabilitySettings": None,
                "softDeleteSettings": {"softDeleteRetentionPeriodInDays": 14, "softDeleteState": "Enabled"},
                "multiUserAuthorization": "Disabled",
            },
            "publicNetworkAccess": given.get("publicNetworkAccess") or "Enabled",
            "restoreSettings": {"crossSubscriptionRestoreSettings": {"crossSubscriptionRestoreState": "Enabled"}},
        },
        "id": vault_id,
        "type": VAULT_TYPE,
        "sku": {"name": "Standard"},
    }
    if isinstance(given.get("redundancySettings"), dict):  # recorded vaults for which nobody chose tell nothing of it
        body["properties"]["redundancySettings"] = {"crossRegionRestore": "Disabled"} | given["redundancySettings"]
    return rec.Resource(vault_id, VAULT_TYPE, body)


def _etag(at: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return f"W/\"datetime'{moment:%Y-%m-%dT%H%%3A%M%%3A%S}.{moment.microsecond:06d}0Z'\""


def _shown(resource: rec.Resource, now: float) -> Json:
    """The vault; while it is being made it says so, and leaves out what is not settled."""
    if now >= resource.ready_from:
        return resource.body
    properties = {
        key: value
        for key, value in resource.body["properties"].items()
        if key not in ("backupStorageVersion", "securitySettings")
    }
    return {**resource.body, "properties": {**properties, "provisioningState": "Provisioning"}}


def find_vault(call: Call) -> rec.Resource:
    name = call.params["vault"]
    resource = call.world.resources.get(f"{call.group_id()}/providers/{VAULT_TYPE}/{name}".lower())
    if resource is None:
        raise resource_missing(VAULT_TYPE, name, call.params["group"])
    return resource


def list_vaults(call: Call) -> Response:
    return _list(call, call.under_subscription())


def list_group_vaults(call: Call) -> Response:
    return _list(call, call.group_id().lower() + "/")


def _list(call: Call, prefix: str) -> Response:
    found = (resource for resource in call.world.resources.records(prefix) if resource.type == VAULT_TYPE)
    return plain_list(_shown(resource, call.now) for resource in found)


def get_vault(call: Call) -> Response:
    return json_response(200, _shown(find_vault(call), call.now))


def put_vault(call: Call) -> Response:
    group = call.world.resources[call.group_id().lower()]
    name, body = call.params["vault"], call.json()
    if VAULT_NAME.fullmatch(name) is None:
        raise arm_error(400, "InvalidResourceName", f"'{name}' cannot be the name of a vault.")
    location = azure_facts().location(str(body.get("location") or ""))
    if location is None:
        raise arm_error(400, "LocationRequired", "The request names no region that exists.")
    sku = (body.get("sku") or {}).get("name")
    if sku not in _SKUS:
        raise arm_error(400, "InvalidSku", f"A vault's sku is {' or '.join(_SKUS)}.")
    tags, given = checked_tags(body), call.properties()
    world = call.world
    key = f"{group.id}/providers/{VAULT_TYPE}/{name}".lower()
    existing = world.resources.get(key)
    if existing is not None:
        if existing.body["location"] != location.name:
            raise arm_error(409, "InvalidResourceLocation", f"The vault '{name}' is in another region.")
        _check_redundancy(call, location, given, existing)
        existing.body["etag"] = _etag(call.now)
        if tags is not None:
            existing.body["tags"] = tags
        if isinstance(given.get("redundancySettings"), dict):
            before = existing.body["properties"].get("redundancySettings") or {"crossRegionRestore": "Disabled"}
            existing.body["properties"]["redundancySettings"] = before | given["redundancySettings"]
        world.resources.put(key, existing)
        return json_response(200, _shown(existing, call.now))
    _check_redundancy(call, location, given, None)
    vault = new_vault(world, group, name, location.name, given, call.now)
    if tags is not None:
        vault.body["tags"] = tags
    vault.ready_from = call.now + between(2, 6, key, "ready")
    world.resources.put(key, vault)
    operation = b64encode(f"2047;{guid(world.settings.seed, key, call.now)}".encode()).decode()
    world.operations.put(operation, rec.Operation(operation, vault.id, call.now, vault.ready_from))
    headers = {"Azure-AsyncOperation": call.url(f"{vault.id}/operationStatus/{operation}")}
    return json_response(201, _shown(vault, call.now), headers | {"Retry-After": call.retry_after})


def _check_redundancy(call: Call, location: Location, given: Json, vault: rec.Resource | None) -> None:
    """
    Raises:
        Refusal: the region has no such copies, or the vault holds something already that was stored another way. The
            codes are best guesses.
    """
    settings = given.get("redundancySettings")
    wanted = settings.get("standardTierStorageRedundancy") if isinstance(settings, dict) else None
    if wanted is None:
        return
    if wanted not in _REDUNDANCIES:
        raise arm_error(400, "InvalidRedundancySettings", f"A vault is {', '.join(_REDUNDANCIES)}; not '{wanted}'.")
    is_offered = {"GeoRedundant": bool(location.pair), "ZoneRedundant": location.name in azure_facts().zoned}
    if not is_offered.get(wanted, True):
        raise arm_error(400, "RedundancyNotSupportedInRegion", f"{location.display} does not offer '{wanted}'.")
    if vault is None:
        return
    settings = vault.body["properties"].get("redundancySettings") or {}
    before = settings.get("standardTierStorageRedundancy", "GeoRedundant")
    if before != wanted and (call.world.items.keys(f"{vault.id}/".lower()) or held_by(vault)["backups"]):
        message = (
            f"The vault '{vault.body['name']}' holds protected items; how it is stored cannot be changed any more."
        )
        raise arm_error(409, "RedundancySettingsUpdateNotAllowed", message)


def patch_vault(call: Call) -> Response:
    """Change tags and settings; what is not sent stays."""
    vault, body = find_vault(call), call.json()
    if call.now < vault.ready_from:
        raise arm_error(409, "ResourceNotReady", f"The vault '{vault.body['name']}' is still being made.")
    tags, given = checked_tags(body), call.properties()
    location = azure_facts().location(vault.body["location"])
    if location is not None:
        _check_redundancy(call, location, given, vault)
    if tags is not None:
        vault.body["tags"] = tags
    for name, value in given.items():
        if name in _CHANGEABLE and value is not None:
            before = vault.body["properties"].get(name)
            both = isinstance(before, dict) and isinstance(value, dict)
            vault.body["properties"][name] = {**before, **value} if both else value
    vault.body["etag"] = _etag(call.now)
    call.world.resources.put(vault.id.lower(), vault)
    return json_response(200, vault.body)


def _operation(call: Call) -> rec.Operation:
    operation = call.world.operations.get(call.params["operation"])
    if operation is None:
        raise arm_error(404, "OperationNotFound", "There is no such operation.")
    return operation


def operation_status(call: Call) -> Response:
    operation = _operation(call)
    status = "Succeeded" if call.now >= operation.ends else "InProgress"
    body = {"id": f"{operation.target}/operationStatus/{operation.id}", "name": operation.id, "status": status}
    if status == "Succeeded":
        return json_response(200, body)
    headers = _addresses(call, operation) | ({} if call.is_in_process else {"Retry-After": call.retry_after})
    return json_response(200, body, headers)


def operation_result(call: Call) -> Response:
    """The vault that the operation has made; nothing while it is being made."""
    operation = _operation(call)
    if call.now < operation.ends:
        return Response(202, _addresses(call, operation) | {"Retry-After": call.retry_after})
    return json_response(200, _shown(find_vault(call), call.now))


def _addresses(call: Call, operation: rec.Operation) -> dict[str, str]:
    return {
        "Azure-AsyncOperation": call.url(f"{operation.target}/operationStatus/{operation.id}"),
        "Location": call.url(f"{operation.target}/operationResults/{operation.id}"),
    }


def delete_vault(call: Call) -> Response:
    resource = find_vault(call)
    key, world = resource.id.lower(), call.world
    if world.items.keys(key + "/") or world.fabrics.keys(key + "/"):
        raise arm_error(
            409,
            "ServiceResourceNotEmptyWithContainerDetails",
            "The vault still holds sites or protected machines; remove them first.",
        )
    for table in (world.policies, world.plans, world.jobs, world.events):
        for inner in table.keys(key + "/"):
            table.remove(inner)
    world.resources.remove(key)
    return Response(200)


ROUTES = (
    Route("GET", "/subscriptions/{subscription}/providers/Microsoft.RecoveryServices/vaults", list_vaults),
    Route("GET", _GROUP_VAULTS, list_group_vaults),
    Route("GET", VAULT, get_vault),
    Route("PUT", VAULT, put_vault),
    Route("PATCH", VAULT, patch_vault),
    Route("DELETE", VAULT, delete_vault),
    Route("GET", f"{VAULT}/operationStatus/{{operation}}", operation_status),
    Route("GET", f"{VAULT}/operationResults/{{operation}}", operation_result),
)
