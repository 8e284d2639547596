"""Quotas and what is used of them in a region: cores and machines, networks and interfaces, storage accounts.

Follows Usage - List of Compute, Usages - List of Network and Usages - List By Location of Storage. Sizes with their
limits are Resource Skus - List. Left out: sizes that a region lacks, for want of data; raising a quota.
"""

from __future__ import annotations

import re

from app.simulator.azure_facts import Location, Size, azure_facts
from app.simulator.azure_machines import DISK_TYPE, NIC_TYPE
from app.simulator.handlers.networks import NETWORK_TYPE
from app.simulator.handlers.storage import ACCOUNT_TYPE
from app.simulator.messages import Response
from app.simulator.quotas import core_limit, cores_in_use, machines_in
from app.simulator.replies import arm_error, plain_list
from app.simulator.router import Call, Route
from app.simulator.wire import Json

_PROVIDERS = "/subscriptions/{subscription}/providers"
_LOCATION_FILTER = re.compile(r"\s*location\s+eq\s+'([^']+)'\s*", re.IGNORECASE)
_MOST_MACHINES, _MOST_DISKS = 25_000, 50_000


def checked_location(call: Call) -> Location:
    """The region the path names.

    Raises:
        Refusal: the subscription or the region does not exist.
    """
    call.check_subscription()
    location = azure_facts().location(call.params["location"])
    if location is None:
        message = f"There is no region named '{call.params['location']}'."
        raise arm_error(400, "NoRegisteredProviderFound", message)
    return location


def _usage(name: str, label: str, used: int, limit: int) -> Json:
    return {
        "unit": "Count",
        "currentValue": used,
        "limit": limit,
        "name": {"value": name, "localizedValue": label},
    }


def _count(call: Call, resource_type: str, location: str) -> int:
    return sum(r.type == resource_type and r.body["location"] == location for r in call.world.resources.records())


def list_compute(call: Call) -> Response:
    location, limit = checked_location(call).name, core_limit(call.world)
    used = cores_in_use(call.world, location)
    machines = len(machines_in(call.world, location))
    disks = _count(call, DISK_TYPE, location)
    families = dict.fromkeys(size.family for size in azure_facts().sizes)
    return plain_list(
        [
            _usage("cores", "Total Regional vCPUs", used.total(), limit),
            _usage("virtualMachines", "Virtual Machines", machines, _MOST_MACHINES),
            *(_usage(family, f"{family} vCPUs", used[family], limit) for family in families),
            _usage("StandardDiskCount", "Standard Storage Managed Disks", disks, _MOST_DISKS),
        ]
    )


def list_network(call: Call) -> Response:
    location, limits = checked_location(call).name, azure_facts().limits
    return plain_list(
        [
            _usage("VirtualNetworks", "Virtual Networks", _count(call, NETWORK_TYPE, location), limits.networks),
            _usage("NetworkInterfaces", "Network Interfaces", _count(call, NIC_TYPE, location), limits.nics),
        ]
    )


def list_storage(call: Call) -> Response:
    location = checked_location(call).name
    used = _count(call, ACCOUNT_TYPE, location)
    return plain_list([_usage("StorageAccounts", "Storage Accounts", used, azure_facts().limits.storage_accounts)])


def list_skus(call: Call) -> Response:
    """Every size in every region, or in the one that the filter names."""
    call.check_subscription()
    text = call.query.get("$filter", "")
    match = _LOCATION_FILTER.fullmatch(text) if text else None
    if text and match is None:
        raise arm_error(400, "InvalidFilterInQueryString", f"The filter cannot be read: {text}")
    wanted = azure_facts().location(match.group(1)) if match else None
    places = [wanted] if wanted else [] if match else azure_facts().locations
    return plain_list(_sku(size, place) for place in places for size in azure_facts().sizes)


def _sku(size: Size, place: Location) -> Json:
    facts = {
        "vCPUs": size.cores,
        "MemoryGB": f"{size.memory_gib:g}",
        "MaxDataDiskCount": size.data_disks,
        "MaxNetworkInterfaces": size.nics,
        "HyperVGenerations": ",".join(size.generations),
        "PremiumIO": size.premium,
    }
    return {
        "resourceType": "virtualMachines",
        "name": size.name,
        "tier": "Standard",
        "size": size.name.removeprefix("Standard_"),
        "family": size.family,
        "locations": [place.name],
        "locationInfo": [{"location": place.name, "zones": [], "zoneDetails": []}],
        "capabilities": [{"name": name, "value": str(value)} for name, value in facts.items()],
        "restrictions": [],
    }


ROUTES = (
    Route("GET", f"{_PROVIDERS}/Microsoft.Compute/locations/{{location}}/usages", list_compute),
    Route("GET", f"{_PROVIDERS}/Microsoft.Network/locations/{{location}}/usages", list_network),
    Route("GET", f"{_PROVIDERS}/Microsoft.Storage/locations/{{location}}/usages", list_storage),
    Route("GET", f"{_PROVIDERS}/Microsoft.Compute/skus", list_skus),
)
