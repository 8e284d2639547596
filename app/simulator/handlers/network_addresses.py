"""Whether an address of a network is free. Follows Virtual Networks - Check IP Address Availability."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from itertools import islice

from app.simulator import records as rec
from app.simulator.azure_machines import addresses_in_use, prefix_of, subnets_of, usable_addresses
from app.simulator.handlers.networks import NETWORK_TYPE
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response, resource_missing
from app.simulator.router import Call, Route
from app.simulator.wire import Json

_OTHERS = 5
_PATH = (
    f"/subscriptions/{{subscription}}/resourceGroups/{{group}}/providers/{NETWORK_TYPE}/{{network}}"
    "/CheckIPAddressAvailability"
)


def check_address(call: Call) -> Response:
    """An address that Azure keeps in its subnet is not free, and said to be kept."""
    name = call.params["network"]
    network = call.world.resources.get(f"{call.group_id()}/providers/{NETWORK_TYPE}/{name}".lower())
    if network is None:
        raise resource_missing(NETWORK_TYPE, name, call.params["group"])
    asked = call.query.get("ipaddress", "")
    try:
        wanted = IPv4Address(asked)
    except ValueError:
        raise arm_error(400, "InvalidIPAddress", f"'{asked}' is not an address of IPv4.") from None
    subnet = _subnet_with(network, wanted)
    if subnet is None:
        message = f"The address {asked} belongs to none of the subnets of the network '{name}'."
        raise arm_error(400, "PrivateIPAddressNotInAnySubnet", message)
    taken = addresses_in_use(call.world, subnet["id"])
    range_ = IPv4Network(prefix_of(subnet), strict=False)
    place = int(wanted) - int(range_.network_address)
    is_kept = place < 4 or place == range_.num_addresses - 1
    if asked not in taken and not is_kept:
        return json_response(200, {"available": True, "availableIPAddresses": [], "isPlatformReserved": False})
    free = (address for address in usable_addresses(prefix_of(subnet)) if address not in taken)
    body = {
        "available": False,
        "availableIPAddresses": list(islice(free, _OTHERS)),
        "isPlatformReserved": is_kept,
    }
    return json_response(200, body)


def _subnet_with(network: rec.Resource, address: IPv4Address) -> Json | None:
    for subnet in subnets_of(network):
        prefix = prefix_of(subnet)
        if ":" not in prefix and address in IPv4Network(prefix, strict=False):
            return subnet
    return None


ROUTES = (Route("GET", _PATH, check_address),)
