"""Subscriptions, regions, resource groups, and the list of all resources."""

from __future__ import annotations

import re

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.identity.directory import tenants_of
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response, list_response, plain_list
from app.simulator.rights import READS, caller_of
from app.simulator.router import Call, Route
from app.simulator.tags import checked_tags
from app.simulator.wire import Json, between, guid
from app.simulator.world import World

GROUP_TYPE = "Microsoft.Resources/resourceGroups"

_SUBSCRIPTION = "/subscriptions/{subscription}"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/{{group}}"
_GROUP_NAME = re.compile(r"[\w\-.()]{0,89}[\w\-()]")
_CONDITION = re.compile(r"\s*(resourceType|resourceGroup|location|name)\s+eq\s+'([^']+)'\s*", re.IGNORECASE)


# Subscriptions


def _own(world: World) -> rec.Subscription:
    return rec.Subscription(world.settings.subscription, "Practice subscription", world.settings.tenant)


def _subscription_body(subscription: rec.Subscription) -> Json:
    return {
        "id": f"/subscriptions/{subscription.id}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": subscription.id,
        "tenantId": subscription.tenant,
        "displayName": subscription.name,
        "state": subscription.state,
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def list_subscriptions(call: Call) -> Response:
    """Those of the tenant that the caller's token is of; the vault's own token is of all of them."""
    everything = [_own(call.world), *call.world.subscriptions.records()]
    found = [_subscription_body(each) for each in everything if call.tenant in ("", each.tenant)]
    return json_response(200, {"value": found, "count": {"type": "Total", "value": len(found)}})


def get_subscription(call: Call) -> Response:
    call.check_subscription()
    other = call.world.subscriptions.get(call.params["subscription"].lower())
    return json_response(200, _subscription_body(other or _own(call.world)))


def list_tenants(call: Call) -> Response:
    """Those that the caller is at home in, or a guest of, whatever tenant the token is of."""
    return plain_list(
        {
            "id": f"/tenants/{tenant.id}",
            "tenantId": tenant.id,
            "displayName": tenant.name,
            "defaultDomain": tenant.domain,
            "tenantCategory": "Home" if place == 0 else "ProjectedBy",
        }
        for place, tenant in enumerate(tenants_of(call.world, caller_of(call)))
    )


def list_locations(call: Call) -> Response:
    call.check_subscription()
    known = {location.name: location for location in azure_facts().locations}
    return plain_list(
        {
            "id": f"/subscriptions/{call.params['subscription']}/locations/{location.name}",
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


def check_state(call: Call) -> None:
    """
    Raises:
        Refusal: the call would change something in a subscription that is disabled.
    """
    subscription = call.world.subscriptions.get(call.segments[1].lower()) if len(call.segments) > 1 else None
    if subscription is None or subscription.state not in ("Disabled", "Deleted") or call.method in READS:
        return
    message = (
        f"The subscription '{subscription.id}' is disabled and can only be read. Nothing in it can be changed until it "
        "is enabled again."
    )
    raise arm_error(409, "ReadOnlyDisabledSubscription", message)


# Resource groups


def list_groups(call: Call) -> Response:
    found = call.world.resources.records(call.under_subscription())
    return plain_list(resource.body for resource in found if resource.type == GROUP_TYPE)


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
    tags = checked_tags(body)
    group = existing or new_group(call.world, name, location.name, call.params["subscription"])
    if tags is not None:
        group.body["tags"] = tags
    call.world.resources.put(key, group)
    return json_response(200 if existing else 201, group.body)


def patch_group(call: Call) -> Response:
    group = call.world.resources[call.group_id().lower()]
    tags = checked_tags(call.json())
    if tags is not None:
        group.body["tags"] = tags
    call.world.resources.put(group.id.lower(), group)
    return json_response(200, group.body)


def new_group(world: World, name: str, location: str, subscription: str = "") -> rec.Resource:
    """The record of a group in a subscription, the scenario's own if none is named."""
    group_id = f"/subscriptions/{subscription or world.settings.subscription}/resourceGroups/{name}"
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
    return _resources(call, call.under_subscription())


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
