"""Virtual networks with subnets, and the network interfaces that failovers make.

Left out: peering, security groups.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Network

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.azure_machines import NIC_TYPE, addresses_by_subnet, addresses_in_use, prefix_of, subnets_of
from app.simulator.messages import Response
from app.simulator.network_checks import check_network, check_servers
from app.simulator.replies import arm_error, json_response, list_response, long_plain_list, plain_list, resource_missing
from app.simulator.router import Call, Route
from app.simulator.tags import checked_tags
from app.simulator.wire import Json, between, guid
from app.simulator.world import World

NETWORK_TYPE = "Microsoft.Network/virtualNetworks"
RESERVED_ADDRESSES = 5

_SUBSCRIPTION = "/subscriptions/{subscription}"
_PROVIDER = f"{_SUBSCRIPTION}/providers/Microsoft.Network"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/{{group}}/providers"
_GROUP_NETWORKS = f"{_GROUP}/{NETWORK_TYPE}"
_NETWORK = f"{_GROUP_NETWORKS}/{{network}}"
_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]{0,62}[A-Za-z0-9_])?", re.ASCII)


def new_network(
    world: World,
    group: rec.Resource,
    name: str,
    location: str,
    prefixes: list[str],
    subnets: list[Json],
    *,
    dns_servers: list[str] | None = None,
) -> rec.Resource:
    """`dns_servers`: as a request gave them; None where it said nothing of them."""
    network_id = f"{group.id}/providers/{NETWORK_TYPE}/{name}"
    etag = f'W/"{guid(world.settings.seed, network_id, "etag")}"'
    body: Json = {
        "name": name,
        "id": network_id,
        "etag": etag,
        "type": NETWORK_TYPE,
        "location": location,
        "properties": {
            "provisioningState": "Succeeded",
            "resourceGuid": guid(world.settings.seed, network_id, "guid"),
            "addressSpace": {"addressPrefixes": prefixes},
            **({} if dns_servers is None else {"dhcpOptions": {"dnsServers": dns_servers}}),
            "subnets": [_new_subnet(network_id, etag, subnet) for subnet in subnets],
            "virtualNetworkPeerings": [],
            "enableDdosProtection": False,
        },
    }
    return rec.Resource(network_id, NETWORK_TYPE, body)


def _new_subnet(network_id: str, etag: str, given: Json) -> Json:
    subnet_id = f"{network_id}/subnets/{given['name']}"
    properties = given["properties"]
    ranges = {name: properties[name] for name in ("addressPrefix", "addressPrefixes") if properties.get(name)}
    return {
        "name": given["name"],
        "id": subnet_id,
        "etag": etag,
        "properties": {
            "provisioningState": "Succeeded",
            **ranges,
            "delegations": [_new_delegation(subnet_id, etag, each) for each in properties.get("delegations") or ()],
            "privateEndpointNetworkPolicies": "Disabled",
            "privateLinkServiceNetworkPolicies": "Enabled",
        },
        "type": f"{NETWORK_TYPE}/subnets",
    }


def _new_delegation(subnet_id: str, etag: str, given: Json) -> Json:
    service = str((given.get("properties") or {}).get("serviceName") or "")
    name = str(given.get("name") or service)
    if not service:
        raise arm_error(400, "InvalidRequestFormat", f"The delegation '{name}' names no service.")
    return {
        "name": name,
        "id": f"{subnet_id}/delegations/{name}",
        "etag": etag,
        "properties": {
            "provisioningState": "Succeeded",
            "serviceName": service,
            "actions": ["Microsoft.Network/virtualNetworks/subnets/join/action"],
        },
        "type": f"{NETWORK_TYPE}/subnets/delegations",
    }


def _shown(world: World, resource: rec.Resource, now: float) -> Json:
    """The network; each subnet names the IP configurations in it, so that free addresses can be counted."""
    return _with_use(resource, now, addresses_by_subnet(world))


def _with_use(resource: rec.Resource, now: float, taken: Mapping[str, Mapping[str, str]]) -> Json:
    properties = resource.body["properties"]
    state = {"provisioningState": "Succeeded" if now >= resource.ready_from else "Updating"}
    subnets = []
    for subnet in subnets_of(resource):
        used = taken.get(subnet["id"].lower())
        configurations = {"ipConfigurations": [{"id": config} for config in used.values()]} if used else {}
        subnets.append({**subnet, "properties": {**subnet["properties"], **state, **configurations}})
    return {**resource.body, "properties": {**properties, **state, "subnets": subnets}}


def _find(call: Call) -> rec.Resource:
    name = call.params["network"]
    resource = call.world.resources.get(f"{call.group_id()}/providers/{NETWORK_TYPE}/{name}".lower())
    if resource is None:
        raise resource_missing(NETWORK_TYPE, name, call.params["group"])
    return resource


def list_networks(call: Call) -> Response:
    return _list(call, call.under_subscription())


def list_group_networks(call: Call) -> Response:
    return _list(call, call.group_id().lower() + "/")


def _list(call: Call, prefix: str) -> Response:
    taken = addresses_by_subnet(call.world)
    return long_plain_list(
        _with_use(resource, call.now, taken)
        for resource in call.world.resources.records(prefix)
        if resource.type == NETWORK_TYPE
    )


def get_network(call: Call) -> Response:
    body = _shown(call.world, _find(call), call.now)
    return json_response(200, body, {"ETag": body["etag"]})


def get_subnets(call: Call) -> Response:
    return plain_list(_shown(call.world, _find(call), call.now)["properties"]["subnets"])


def get_usages(call: Call) -> Response:
    """How many addresses of each subnet are taken, and how many there are to give."""
    network = _find(call)

    def usage(subnet: Json) -> Json:
        total = IPv4Network(prefix_of(subnet), strict=False).num_addresses - RESERVED_ADDRESSES
        return {
            "id": subnet["id"],
            "currentValue": len(addresses_in_use(call.world, subnet["id"])),
            "limit": max(total, 0),
            "name": {"value": "SubnetSpace", "localizedValue": "Subnet size and usage"},
            "unit": "Count",
        }

    return plain_list(usage(subnet) for subnet in subnets_of(network))


def put_network(call: Call) -> Response:
    group = call.world.resources[call.group_id().lower()]
    name, body = call.params["network"], call.json()
    if _NAME.fullmatch(name) is None:
        raise arm_error(400, "InvalidResourceName", f"'{name}' cannot be the name of a virtual network.")
    location = azure_facts().location(str(body.get("location") or ""))
    if location is None:
        raise arm_error(400, "LocationRequired", "The request names no region that exists.")
    properties = body.get("properties") or {}
    prefixes = (properties.get("addressSpace") or {}).get("addressPrefixes") or []
    subnets = properties.get("subnets") or []
    options = properties.get("dhcpOptions")
    network_id, tags = f"{group.id}/providers/{NETWORK_TYPE}/{name}", checked_tags(body)
    check_network(network_id, prefixes, subnets)
    servers = None if options is None else check_servers(options.get("dnsServers") or [], network_id)
    world = call.world
    network = new_network(world, group, name, location.name, prefixes, subnets, dns_servers=servers)
    if tags is not None:
        network.body["tags"] = tags
    existing = world.resources.get(network.id.lower())
    is_change = existing is None or existing.body != network.body
    network.ready_from = call.now + (between(2, 6, network.id, "ready") if is_change else 0)
    world.resources.put(network.id.lower(), network)
    operation = guid(world.settings.seed, network.id.lower(), call.now)
    world.operations.put(operation, rec.Operation(operation, network.id.lower(), call.now, network.ready_from))
    poll = f"/subscriptions/{call.params['subscription']}/providers/Microsoft.Network/locations/{location.name}"
    headers = {"Azure-AsyncOperation": call.url(f"{poll}/operations/{operation}"), "Retry-After": call.retry_after}
    return json_response(201 if existing is None else 200, _shown(world, network, call.now), headers)


def patch_network(call: Call) -> Response:
    """A network's tags; the rest is changed by putting it."""
    network = _find(call)
    if (tags := checked_tags(call.json())) is not None:
        network.body["tags"] = tags
    call.world.resources.put(network.id.lower(), network)
    return json_response(200, _shown(call.world, network, call.now))


def _subnet(call: Call, network: rec.Resource) -> Json | None:
    name = call.params["subnet"].lower()
    return next((subnet for subnet in subnets_of(network) if subnet["name"].lower() == name), None)


def get_subnet(call: Call) -> Response:
    network = _find(call)
    if _subnet(call, network) is None:
        raise arm_error(404, "NotFound", f"The network has no subnet named '{call.params['subnet']}'.")
    shown = _shown(call.world, network, call.now)["properties"]["subnets"]
    name = call.params["subnet"].lower()
    return json_response(200, next(subnet for subnet in shown if subnet["name"].lower() == name))


def put_subnet(call: Call) -> Response:
    """Add a subnet, or give one another range while nothing is connected to it."""
    network, name, body = _find(call), call.params["subnet"], call.json()
    existing = _subnet(call, network)
    given: Json = {"name": name, "properties": body.get("properties") or {}}
    others = [subnet for subnet in subnets_of(network) if subnet is not existing]
    prefixes = network.body["properties"]["addressSpace"]["addressPrefixes"]
    check_network(network.id, prefixes, [*others, given])
    if (
        existing is not None
        and prefix_of(existing) != prefix_of(given)
        and addresses_in_use(call.world, existing["id"])
    ):
        raise arm_error(400, "InUsePrefixCannotBeDeleted", f"Machines are still connected to the subnet '{name}'.")
    group = rec.Resource(network.id.partition("/providers/")[0], "", {})
    made = new_network(call.world, group, network.body["name"], network.body["location"], prefixes, [given])
    (subnet,) = subnets_of(made)
    network.body["properties"]["subnets"] = [*others, subnet]
    call.world.resources.put(network.id.lower(), network)
    return json_response(200 if existing else 201, subnet)


def delete_subnet(call: Call) -> Response:
    network = _find(call)
    subnet = _subnet(call, network)
    if subnet is None:
        return Response(204)
    if addresses_in_use(call.world, subnet["id"]):
        raise arm_error(400, "InUseSubnetCannotBeDeleted", "Machines are still connected to the subnet.")
    network.body["properties"]["subnets"] = [other for other in subnets_of(network) if other is not subnet]
    call.world.resources.put(network.id.lower(), network)
    return Response(200)


def network_operation(call: Call) -> Response:
    operation = call.world.operations.get(call.params["operation"])
    if operation is None:
        raise arm_error(404, "OperationNotFound", "There is no such operation.")
    if call.now >= operation.ends:
        return json_response(200, {"status": "Succeeded"})
    return json_response(200, {"status": "InProgress"}, {"Retry-After": call.retry_after})


def delete_network(call: Call) -> Response:
    network = _find(call)
    if any(addresses_in_use(call.world, subnet["id"]) for subnet in subnets_of(network)):
        raise arm_error(400, "InUseSubnetCannotBeDeleted", "Machines are still connected to the network.")
    call.world.resources.remove(network.id.lower())
    return Response(200)


# Network interfaces


def list_nics(call: Call) -> Response:
    return _list_nics(call, call.group_id().lower() + "/")


def list_all_nics(call: Call) -> Response:
    return _list_nics(call, call.under_subscription())


def _list_nics(call: Call, prefix: str) -> Response:
    return list_response([r.body for r in call.world.resources.records(prefix) if r.type == NIC_TYPE])


def delete_nic(call: Call) -> Response:
    """An interface of a machine goes with the machine alone."""
    key = f"{call.group_id()}/providers/{NIC_TYPE}/{call.params['nic']}".lower()
    resource = call.world.resources.get(key)
    if resource is None:
        return Response(204)
    if resource.body["properties"].get("virtualMachine"):
        raise arm_error(400, "NicInUse", "A machine uses the network interface.")
    call.world.resources.remove(key)
    return Response(200)


def get_nic(call: Call) -> Response:
    name = call.params["nic"]
    resource = call.world.resources.get(f"{call.group_id()}/providers/{NIC_TYPE}/{name}".lower())
    if resource is None:
        raise resource_missing(NIC_TYPE, name, call.params["group"])
    return json_response(200, resource.body)


ROUTES = (
    Route("GET", f"{_PROVIDER}/virtualNetworks", list_networks),
    Route("GET", f"{_PROVIDER}/locations/{{location}}/operations/{{operation}}", network_operation),
    Route("GET", _GROUP_NETWORKS, list_group_networks),
    Route("GET", _NETWORK, get_network),
    Route("PUT", _NETWORK, put_network),
    Route("PATCH", _NETWORK, patch_network),
    Route("DELETE", _NETWORK, delete_network),
    Route("GET", f"{_NETWORK}/subnets", get_subnets),
    Route("GET", f"{_NETWORK}/subnets/{{subnet}}", get_subnet),
    Route("PUT", f"{_NETWORK}/subnets/{{subnet}}", put_subnet),
    Route("DELETE", f"{_NETWORK}/subnets/{{subnet}}", delete_subnet),
    Route("GET", f"{_PROVIDER}/networkInterfaces", list_all_nics),
    Route("GET", f"{_NETWORK}/usages", get_usages),
    Route("GET", f"{_GROUP}/{NIC_TYPE}", list_nics),
    Route("GET", f"{_GROUP}/{NIC_TYPE}/{{nic}}", get_nic),
    Route("DELETE", f"{_GROUP}/{NIC_TYPE}/{{nic}}", delete_nic),
)
