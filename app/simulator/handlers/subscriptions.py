"""Subscriptions, regions, resource groups, and the list of all resources."""

from __future__ import annotations

import re

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response, list_response, plain_list
from app.simulator.router import Call, Route
from app.simulator.wire import Json, between, guid
from app.simulator.world import World

GROUP_TYPE = "Microsoft.Resources/resourceGroups"

_SUBSCRIPTION = "/subscriptions/{subscription}"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/{{group}}"
_GROUP_NAME = re.compile(r"[\w\-.()]{0,89}[\w\-()]")
_CONDITION = re.compile(r"\s*(resourceType|resourceGroup|location|name)\s+eq\s+'([^']+)'\s*", re.IGNORECASE)


# Subscriptions


def _subscription_body(world: World) -> Json:
    settings = world.settings
    return {
        "id": f"/subscriptions/{settings.subscription}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": settings.subscription,
        "tenantId": settings.tenant,
        "displayName": "Practice subscription",
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def list_subscriptions(call: Call) -> Response:
    body = _subscription_body(call.world)
    return json_response(200, {"value": [body], "count": {"type": "Total", "value": 1}})


def get_subscription(call: Call) -> Response:
    call.check_subscription()
    return json_response(200, _subscription_body(call.world))


def list_tenants(call: Call) -> Response:
    tenant = call.world.settings.tenant
    return plain_list(
        [{"id": f"/tenants/{tenant}", "tenantId": tenant, "displayName": "Contoso", "tenantCategory": "Home"}]
    )


def list_locations(call: Call) -> Response:
    call.check_subscription()
    known = {location.name: location for location in azure_facts().locations}
    return plain_list(
        {
            "id": f"/subscriptions/{call.world.settings.subscription}/locations/{location.name}",
            "name": location.name,
            "type": "Region",
            "displayName": location.display,
            "regionalDisplayName": location.display,
            "metadata": {
                "regionType": "Physical",
                "regionCategory": "Recommended",
                "pairedRegion": (
                    [{"name": location.pair, "id": f"/subscriptions/{call.params['subscription']}/locations/{pair}"}]
                    if (pair := location.pair) in known
                    else []
                ),
            },
        }
        for location in azure_facts().locations
    )


# Resource groups


def list_groups(call: Call) -> Response:
    call.check_subscription()
    return plain_list(resource.body for resource in call.world.resources.records() if resource.type == GROUP_TYPE)


def get_group(call: Call) -> Response:
    return json_response(200, call.world.resources[call.group_id().lower()].body)


def head_group(call: Call) -> Response:
    call.check_subscription()
    key = f"/subscriptions/{call.params['subscription']}/resourcegroups/{call.params['group']}".lower()
    return Response(204 if key in call.world.resources else 404)


def put_group(call: Call) -> Response:
    call.check_subscription()
    name = call.params["group"]
    if _GROUP_NAME.fullmatch(name) is None:
        raise arm_error(400, "InvalidResourceGroupName", f"'{name}' cannot be the name of a resource group.")
    body = call.json()
    location = azure_facts().location(str(body.get("location") or ""))
    if location is None:
        raise arm_error(400, "LocationNotAvailableForResourceGroup", "The request names no region that exists.")
    key = f"/subscriptions/{call.params['subscription']}/resourcegroups/{name}".lower()
    existing = call.world.resources.get(key)
    if existing is not None and existing.body["location"] != location.name:
        raise arm_error(
            409, "InvalidResourceGroupLocation", f"The resource group '{existing.body['name']}' is in another region."
        )
    group = existing or new_group(call.world, name, location.name)
    if "tags" in body:
        group.body["tags"] = body["tags"]
    call.world.resources.put(key, group)
    return json_response(200 if existing else 201, group.body)


def patch_group(call: Call) -> Response:
    group = call.world.resources[call.group_id().lower()]
    if "tags" in (body := call.json()):
        group.body["tags"] = body["tags"]
    call.world.resources.put(group.id.lower(), group)
    return json_response(200, group.body)


def new_group(world: World, name: str, location: str) -> rec.Resource:
    group_id = f"/subscriptions/{world.settings.subscription}/resourceGroups/{name}"
    body: Json = {
        "id": group_id,
        "name": name,
        "type": GROUP_TYPE,
        "location": location,
        "properties": {"provisioningState": "Succeeded"},
    }
    return rec.Resource(group_id, GROUP_TYPE, body)


def delete_group(call: Call) -> Response:
    """Everything in the group goes at once, the word of it comes later; a vault in use keeps it from going."""
    key = call.group_id().lower()
    world = call.world
    if world.items.keys(key + "/"):
        raise arm_error(409, "ResourceGroupDeletionBlocked", "A vault in the resource group still protects machines.")
    for table in (world.fabrics, world.policies, world.mappings, world.providers, world.plans):
        for inner in table.keys(key + "/"):
            table.remove(inner)
    for inner in world.resources.keys(key + "/"):
        world.resources.remove(inner)
    world.resources.remove(key)
    operation = guid(world.settings.seed, key, call.correlation_id)
    ends = call.now + between(20, 60, operation)
    world.operations.put(operation, rec.Operation(operation, key, call.now, ends))
    return _being_deleted(call, operation)


def _being_deleted(call: Call, operation: str) -> Response:
    location = f"/subscriptions/{call.params['subscription']}/operationresults/{operation}"
    return Response(202, {"Location": call.url(location), "Retry-After": call.retry_after})


def group_deletion_result(call: Call) -> Response:
    operation = call.world.operations.get(call.params["operation"])
    if operation is None:
        raise arm_error(404, "OperationNotFound", "There is no such operation.")
    return Response(200) if call.now >= operation.ends else _being_deleted(call, operation.id)


# All resources


def list_resources(call: Call) -> Response:
    call.check_subscription()
    return _resources(call, "/subscriptions/")


def list_group_resources(call: Call) -> Response:
    return _resources(call, call.group_id().lower() + "/")


def _resources(call: Call, prefix: str) -> Response:
    text = call.query.get("$filter", "")
    matches = [_CONDITION.fullmatch(part) for part in re.split(r"\s+and\s+", text)] if text else []
    wanted = [(match.group(1).lower(), match.group(2).lower()) for match in matches if match]
    if len(wanted) < len(matches):
        raise arm_error(400, "InvalidFilterInQueryString", f"The filter cannot be read: {text}")
    found = [
        resource
        for resource in call.world.resources.records(prefix)
        if resource.type != GROUP_TYPE and all(_shown_in(resource, name) == value for name, value in wanted)
    ]
    return list_response(
        {
            key: resource.body[key]
            for key in ("id", "name", "type", "location", "tags", "sku", "kind")
            if key in resource.body
        }
        for resource in found
    )


def _shown_in(resource: rec.Resource, name: str) -> str:
    """What a resource has under a name of a filter, in lower case."""
    if name == "resourcetype":
        return resource.type.lower()
    if name == "resourcegroup":
        return resource.id.split("/")[4].lower()
    return str(resource.body.get(name, "")).lower()


ROUTES = (
    Route("GET", "/subscriptions", list_subscriptions),
    Route("GET", "/tenants", list_tenants),
    Route("GET", _SUBSCRIPTION, get_subscription),
    Route("GET", f"{_SUBSCRIPTION}/locations", list_locations),
    Route("GET", f"{_SUBSCRIPTION}/resources", list_resources),
    Route("GET", f"{_SUBSCRIPTION}/resourceGroups", list_groups),
    Route("GET", _GROUP, get_group),
    Route("HEAD", _GROUP, head_group),
    Route("PUT", _GROUP, put_group),
    Route("PATCH", _GROUP, patch_group),
    Route("DELETE", _GROUP, delete_group),
    Route("GET", f"{_GROUP}/resources", list_group_resources),
    Route("GET", f"{_SUBSCRIPTION}/operationresults/{{operation}}", group_deletion_result),
)
