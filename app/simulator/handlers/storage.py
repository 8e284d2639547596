"""Storage accounts, as far as replication and the upload measurement need them.

Left out: keys, everything but blobs inside it (see `blobs`).
"""

from __future__ import annotations

import re

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response, long_plain_list, resource_missing
from app.simulator.router import PRACTICE_DOMAIN, Call, Route
from app.simulator.wire import Json, between, guid, time_text
from app.simulator.world import World

ACCOUNT_TYPE = "Microsoft.Storage/storageAccounts"

_SUBSCRIPTION = "/subscriptions/{subscription}"
_PROVIDER = f"{_SUBSCRIPTION}/providers/Microsoft.Storage"
_GROUP_ACCOUNTS = f"{_SUBSCRIPTION}/resourceGroups/{{group}}/providers/{ACCOUNT_TYPE}"
_ACCOUNT = f"{_GROUP_ACCOUNTS}/{{account}}"
_NAME = re.compile(r"[a-z0-9]{3,24}", re.ASCII)
_SKUS = {
    "Standard_LRS", "Standard_GRS", "Standard_RAGRS", "Standard_ZRS", "Standard_GZRS", "Standard_RAGZRS",
    "Premium_LRS", "Premium_ZRS", "StandardV2_LRS", "StandardV2_GRS", "StandardV2_ZRS", "StandardV2_GZRS",
    "PremiumV2_LRS", "PremiumV2_ZRS",
}  # fmt: skip
_KINDS = {"Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"}
_SERVICES = ("dfs", "web", "blob", "queue", "table", "file")


def new_account(group: rec.Resource, name: str, location: str, given: Json, at: float) -> rec.Resource:
    """A storage account as asked for; the addresses of its services are written when it is shown."""
    account_id = f"{group.id}/providers/{ACCOUNT_TYPE}/{name}"
    sku = given["sku"]["name"]
    kind = given.get("kind") or "StorageV2"
    asked = given.get("properties") or {}
    created = time_text(at)
    properties: Json = {
        "keyCreationTime": {"key1": created, "key2": created},
        "allowCrossTenantReplication": bool(asked.get("allowCrossTenantReplication", False)),
        "privateEndpointConnections": [],
        "minimumTlsVersion": asked.get("minimumTlsVersion") or "TLS1_2",
        "allowBlobPublicAccess": bool(asked.get("allowBlobPublicAccess", False)),
        "networkAcls": asked.get("networkAcls")
        or {"bypass": "AzureServices", "virtualNetworkRules": [], "ipRules": [], "defaultAction": "Allow"},
        "supportsHttpsTrafficOnly": bool(asked.get("supportsHttpsTrafficOnly", True)),
        "encryption": {
            "services": {
                service: {"keyType": "Account", "enabled": True, "lastEnabledTime": created}
                for service in ("file", "blob")
            },
            "keySource": "Microsoft.Storage",
        },
        "provisioningState": "Succeeded",
        "creationTime": created,
        "primaryLocation": location,
        "statusOfPrimary": "available",
    }
    if kind != "Storage":
        properties["accessTier"] = asked.get("accessTier") or ("Premium" if sku.startswith("Premium") else "Hot")
    home = azure_facts().location(location)
    if "GRS" in sku or "GZRS" in sku:
        if home is not None and home.pair:
            properties |= {"secondaryLocation": home.pair, "statusOfSecondary": "available"}
    body: Json = {
        "sku": {"name": sku, "tier": "Premium" if sku.startswith("Premium") else "Standard"},
        "kind": kind,
        "id": account_id,
        "name": name,
        "type": ACCOUNT_TYPE,
        "location": location,
        "tags": given.get("tags") or {},
        "properties": properties,
    }
    return rec.Resource(account_id, ACCOUNT_TYPE, body)


def account_body(call: Call, resource: rec.Resource) -> Json:
    """The account, with the address of its blob service as this client can reach it."""
    name = resource.body["name"]
    endpoints = {service: f"https://{name}.{service}.core.windows.net/" for service in _SERVICES}
    endpoints["blob"] = blob_endpoint(call, name)
    properties = {**resource.body["properties"], "primaryEndpoints": endpoints}
    if "RAG" in resource.body["sku"]["name"]:
        properties["secondaryEndpoints"] = {
            service: f"https://{name}-secondary.{service}.core.windows.net/" for service in _SERVICES[:-1]
        }
    return {**resource.body, "properties": properties}


def blob_endpoint(call: Call, account: str) -> str:
    if call.is_in_process:
        return f"https://{account}.blob{PRACTICE_DOMAIN}/"
    return f"{call.base}/blob/{account}/"


def account_named(world: World, name: str) -> rec.Resource | None:
    """An account by its name alone, which is unique in the world."""
    return next((r for r in world.resources.records() if r.type == ACCOUNT_TYPE and r.body["name"] == name), None)


def check_name(call: Call) -> Response:
    call.check_subscription()
    name = str(call.json().get("name") or "")
    if _NAME.fullmatch(name) is None:
        message = f"'{name}' cannot be the name of a storage account: 3 to 24 lower-case letters and digits."
        return json_response(200, {"nameAvailable": False, "reason": "AccountNameInvalid", "message": message})
    if account_named(call.world, name) is not None:
        message = f"The name '{name}' is taken."
        return json_response(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": message})
    return json_response(200, {"nameAvailable": True})


def list_accounts(call: Call) -> Response:
    return _list(call, call.under_subscription())


def list_group_accounts(call: Call) -> Response:
    return _list(call, call.group_id().lower() + "/")


def _list(call: Call, prefix: str) -> Response:
    return long_plain_list(
        account_body(call, resource)
        for resource in call.world.resources.records(prefix)
        if resource.type == ACCOUNT_TYPE and call.now >= resource.ready_from
    )


def _find(call: Call) -> rec.Resource | None:
    return call.world.resources.get(f"{call.group_id()}/providers/{ACCOUNT_TYPE}/{call.params['account']}".lower())


def _answer(call: Call, account: rec.Resource) -> Response:
    """This provider names no character set."""
    return json_response(200, account_body(call, account), {"Content-Type": "application/json"})


def get_account(call: Call) -> Response:
    resource = _find(call)
    if resource is None or call.now < resource.ready_from:
        raise resource_missing(ACCOUNT_TYPE, call.params["account"], call.params["group"])
    return _answer(call, resource)


def put_account(call: Call) -> Response:
    """202 and a Location for a new account, 200 for one that exists."""
    group = call.world.resources[call.group_id().lower()]
    name, body = call.params["account"], call.json()
    if _NAME.fullmatch(name) is None:
        raise arm_error(
            400,
            "AccountNameInvalid",
            f"'{name}' cannot be the name of a storage account: 3 to 24 lower-case letters and digits.",
        )
    sku = str((body.get("sku") or {}).get("name") or "")
    if sku not in _SKUS or body.get("kind", "StorageV2") not in _KINDS:
        raise arm_error(400, "InvalidValuesForRequestParameters", "The sku or kind of the account is not one there is.")
    location = azure_facts().location(str(body.get("location") or ""))
    if location is None:
        raise arm_error(400, "LocationRequired", "The request names no region that exists.")
    existing = _find(call)
    if existing is not None:
        if existing.body["location"] != location.name:
            raise arm_error(409, "InvalidResourceLocation", f"The storage account '{name}' is in another region.")
        if existing.body["kind"] != body.get("kind", existing.body["kind"]):
            raise arm_error(409, "StorageAccountAlreadyExists", f"The storage account '{name}' is of another kind.")
        return _change(call, existing, body)
    if account_named(call.world, name) is not None:
        raise arm_error(409, "StorageAccountAlreadyTaken", f"The name '{name}' is taken.")
    account = new_account(group, name, location.name, body, call.now)
    account.ready_from = call.now + between(8, 20, account.id.lower(), "ready")
    world = call.world
    world.resources.put(account.id.lower(), account)
    name = guid(world.settings.seed, account.id.lower(), call.now)
    world.operations.put(name, rec.Operation(name, account.id.lower(), call.now, account.ready_from))
    poll = f"/subscriptions/{call.params['subscription']}/providers/Microsoft.Storage/locations/{location.name}"
    headers = {"Location": call.url(f"{poll}/asyncoperations/{name}"), "Retry-After": call.retry_after}
    return Response(202, headers)


def patch_account(call: Call) -> Response:
    account = _find(call)
    if account is None or call.now < account.ready_from:
        raise resource_missing(ACCOUNT_TYPE, call.params["account"], call.params["group"])
    return _change(call, account, call.json())


def _change(call: Call, account: rec.Resource, body: Json) -> Response:
    """Change what is sent: tags, redundancy, access, firewall. The tier of the disks below is for good."""
    sku = str((body.get("sku") or {}).get("name") or account.body["sku"]["name"])
    tier = "Premium" if sku.startswith("Premium") else "Standard"
    if sku not in _SKUS or tier != account.body["sku"]["tier"]:
        raise arm_error(400, "InvalidAccountTypeUpdate", f"The account cannot become one of type {sku}.")
    changed = new_account(
        rec.Resource(account.id.partition("/providers/")[0], "", {}),
        account.body["name"],
        account.body["location"],
        {
            "sku": {"name": sku},
            "kind": account.body["kind"],
            "tags": body.get("tags", account.body["tags"]),
            "properties": account.body["properties"] | (body.get("properties") or {}),
        },
        call.now,
    )
    kept = {name: account.body["properties"][name] for name in ("keyCreationTime", "creationTime", "encryption")}
    changed.body["properties"] |= kept
    changed.ready_from, changed.extra = account.ready_from, account.extra
    call.world.resources.put(account.id.lower(), changed)
    return _answer(call, changed)


def is_closed_to(account: rec.Resource, address: str) -> bool:
    """Whether the account's firewall keeps a caller out; Azure's own services it lets in unless told otherwise."""
    rules = account.body["properties"]["networkAcls"]
    if str(rules.get("defaultAction") or "Allow").lower() != "deny":
        return False
    return not any(address == str(rule.get("value")) for rule in rules.get("ipRules") or [])


def is_closed_to_azure(account: rec.Resource) -> bool:
    rules = account.body["properties"]["networkAcls"]
    lets_services_in = "azureservices" in str(rules.get("bypass") or "").lower()
    return str(rules.get("defaultAction") or "Allow").lower() == "deny" and not lets_services_in


def account_operation(call: Call) -> Response:
    operation = call.world.operations.get(call.params["operation"])
    account = call.world.resources.get(operation.target) if operation else None
    if operation is None or account is None:
        raise arm_error(404, "OperationNotFound", "There is no such operation.")
    if call.now < operation.ends:
        return Response(202, {"Location": call.url(call.path), "Retry-After": call.retry_after})
    return _answer(call, account)


def delete_account(call: Call) -> Response:
    resource = _find(call)
    if resource is None:
        return Response(204)
    world, name = call.world, resource.body["name"]
    for table in (world.blob_containers, world.blobs, world.blocks):
        for key in table.keys(f"{name}/"):
            table.remove(key)
    world.resources.remove(resource.id.lower())
    return Response(200)


ROUTES = (
    Route("POST", f"{_PROVIDER}/checkNameAvailability", check_name),
    Route("GET", f"{_PROVIDER}/storageAccounts", list_accounts),
    Route("GET", f"{_PROVIDER}/locations/{{location}}/asyncoperations/{{operation}}", account_operation),
    Route("GET", _GROUP_ACCOUNTS, list_group_accounts),
    Route("GET", _ACCOUNT, get_account),
    Route("PUT", _ACCOUNT, put_account),
    Route("PATCH", _ACCOUNT, patch_account),
    Route("DELETE", _ACCOUNT, delete_account),
)
