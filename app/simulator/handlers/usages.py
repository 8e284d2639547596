"""Quotas and what is used of them in a region: cores and machines, networks and interfaces, storage accounts.

Follows Usage - List of Compute, Usages - List of Network and Usages - List By Location of Storage. Sizes with their
limits are Resource Skus - List, in pages. Left out: sizes that a region lacks, for want of data; raising a quota.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote

from app.simulator.azure_facts import Location, Size, azure_facts
from app.simulator.azure_machines import DISK_TYPE
from app.simulator.handlers.networks import NETWORK_TYPE
from app.simulator.handlers.storage import ACCOUNT_TYPE
from app.simulator.messages import Response
from app.simulator.quotas import (
    core_limit,
    cores_in_use,
    family_limit,
    is_restricted,
    machine_limit,
    machines_in,
    nic_limit,
    nics_in_use,
)
from app.simulator.replies import arm_error, list_response, plain_list
from app.simulator.router import Call, Route
from app.simulator.wire import Json

_PROVIDERS = "/subscriptions/{subscription}/providers"
_LOCATION_FILTER = re.compile(r"\s*location\s+eq\s+'([^']+)'\s*", re.IGNORECASE)
_FAMILY = re.compile(r"standard(.+)Family")


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
    location, world = checked_location(call).name, call.world
    used = cores_in_use(world, location)
    disks = _count(call, DISK_TYPE, location)
    families = dict.fromkeys(size.family for size in azure_facts().sizes)
    return list_response(
        [
            _usage("cores", "Total Regional vCPUs", used.total(), core_limit(world)),
            _usage("virtualMachines", "Virtual Machines", len(machines_in(world, location)), machine_limit(world)),
            *(_usage(name, _family_label(name), used[name], family_limit(world, name)) for name in families),
            _usage("StandardDiskCount", "Standard Storage Managed Disks", disks, azure_facts().limits.disks),
        ]
    )


def _family_label(family: str) -> str:
    """`Standard DSv5 Family vCPUs`."""
    return _FAMILY.sub(r"Standard \1 Family vCPUs", family)


def list_network(call: Call) -> Response:
    location, world, limits = checked_location(call).name, call.world, azure_facts().limits
    usages = [
        _usage("VirtualNetworks", "Virtual Networks", _count(call, NETWORK_TYPE, location), limits.networks),
        _usage("NetworkInterfaces", "Network Interfaces", nics_in_use(world, location), nic_limit(world)),
    ]
    place = f"/subscriptions/{call.params['subscription']}/providers/Microsoft.Network/locations/{location}/usages"
    return plain_list([{"id": f"{place}/{usage['name']['value']}", **usage} for usage in usages])


def list_storage(call: Call) -> Response:
    location = checked_location(call).name
    used = _count(call, ACCOUNT_TYPE, location)
    return plain_list([_usage("StorageAccounts", "Storage Accounts", used, azure_facts().limits.storage_accounts)])


def list_skus(call: Call) -> Response:
    """A page of the sizes, and of what else Compute sells, in every region or in the one that the filter names."""
    call.check_subscription()
    text = call.query.get("$filter", "")
    match = _LOCATION_FILTER.fullmatch(text) if text else None
    if text and match is None:
        raise arm_error(400, "InvalidFilterInQueryString", f"The filter cannot be read: {text}")
    token = call.query.get("$skiptoken", "0")
    if not token.isdecimal():
        raise arm_error(400, "InvalidSkipToken", "The skip token was not made here.")
    wanted = azure_facts().location(match.group(1)) if match else None
    places = [wanted] if wanted else [] if match else azure_facts().locations
    first, most = int(token), azure_facts().limits.skus_per_page
    skus = (sku for place in places for sku in _skus_of(call, place))
    page = list(islice(skus, first, first + most + 1))
    link = None
    if len(page) > most:
        kept = f"&$filter={quote(text)}" if text else ""
        link = f"{call.base}{call.raw_path}?api-version={call.version}{kept}&$skiptoken={first + most}"
    return list_response(page[:most], next_link=link)


def _skus_of(call: Call, place: Location) -> Iterator[Json]:
    yield {
        "resourceType": "disks",
        "name": "Premium_LRS",
        "tier": "Premium",
        "size": "P10",
        "locations": [place.name],
        "locationInfo": [{"location": place.name, "zones": [], "zoneDetails": []}],
        "capabilities": [{"name": "MaxSizeGiB", "value": "128"}],
        "restrictions": [],
    }
    for size in azure_facts().sizes:
        yield _sku(size, place, is_restricted=is_restricted(call.world, size))


def _sku(size: Size, place: Location, *, is_restricted: bool) -> Json:
    facts = {
        "vCPUs": size.cores,
        "MemoryGB": f"{size.memory_gib:g}",
        "MaxDataDiskCount": size.data_disks,
        "MaxNetworkInterfaces": size.nics,
        "HyperVGenerations": ",".join(size.generations),
        "PremiumIO": size.premium,
    }
    restriction = {
        "type": "Location",
        "values": [place.name],
        "restrictionInfo": {"locations": [place.name]},
        "reasonCode": "NotAvailableForSubscription",
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
        "restrictions": [restriction] if is_restricted else [],
    }


ROUTES = (
    Route("GET", f"{_PROVIDERS}/Microsoft.Compute/locations/{{location}}/usages", list_compute),
    Route("GET", f"{_PROVIDERS}/Microsoft.Network/locations/{{location}}/usages", list_network),
    Route("GET", f"{_PROVIDERS}/Microsoft.Storage/locations/{{location}}/usages", list_storage),
    Route("GET", f"{_PROVIDERS}/Microsoft.Compute/skus", list_skus),
)
