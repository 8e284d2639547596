"""Usages of Compute and Network, and the machine sizes of a region with their families: requests and mapping.

`vmSizes` would list the sizes too, but knows neither families nor what a subscription is not offered; the list of SKUs
does, among disks and whatever else Compute sells.
"""

from __future__ import annotations

import msgspec

from app.adapters.azure.clients import Clients
from app.adapters.azure.kind import Kind
from app.adapters.azure.reader import Reader, path_of
from app.adapters.azure.wire_values import Number, Text, text, whole
from app.domain.arm_id import subscription_id
from app.domain.quota import OfferedSize, QuotaUsage
from app.domain.regions import same_location

USAGES_API = "2024-07-01"
SKUS_API = "2021-07-01"
NETWORK_API = "2024-05-01"

_SIZES = "virtualmachines"
_GENERATIONS = {"V1": 1, "V2": 2}


class UsageName(msgspec.Struct, rename="camel", gc=False):
    value: Text = None
    localized_value: Text = None


class UsageRecord(msgspec.Struct, rename="camel", gc=False):
    name: UsageName
    current_value: Number = None
    limit: Number = None


def _usage(record: UsageRecord) -> QuotaUsage:
    used, limit, name = whole(record.current_value), whole(record.limit), text(record.name.value)
    if used is None or limit is None or not name:
        raise ValueError("a usage without name, value or limit")
    return QuotaUsage(name, text(record.name.localized_value) or name, used, limit)


class Capability(msgspec.Struct, gc=False):
    name: Text = None
    value: Text = None


class RestrictionInfo(msgspec.Struct, gc=False):
    locations: list[str] | None = None


class Restriction(msgspec.Struct, rename="camel", gc=False):
    type: Text = None
    values: list[str] | None = None
    restriction_info: RestrictionInfo | None = None


class SkuRecord(msgspec.Struct, rename="camel", gc=False):
    name: Text = None
    resource_type: Text = None
    family: Text = None
    locations: list[str] | None = None
    capabilities: list[Capability] | None = None
    restrictions: list[Restriction] | None = None


def _size(record: SkuRecord) -> OfferedSize | None:
    """None for what is no machine size."""
    if text(record.resource_type).lower() != _SIZES or not record.name:
        return None
    facts = {text(each.name).lower(): text(each.value) for each in record.capabilities or ()}
    spoken = [_GENERATIONS.get(part.strip().upper(), 0) for part in facts.get("hypervgenerations", "").split(",")]
    return OfferedSize(
        name=text(record.name),
        family=text(record.family),
        cores=_number(facts, "vcpus"),
        memory_mib=round(float(facts.get("memorygb") or 0) * 1024),
        max_data_disks=_number(facts, "maxdatadiskcount"),
        max_nics=_number(facts, "maxnetworkinterfaces"),
        generations=tuple(generation for generation in spoken if generation),
        is_restricted=any(_is_of_region(each, record) for each in record.restrictions or ()),
    )


def _number(facts: dict[str, str], name: str) -> int:
    return int(float(facts.get(name) or 0))


def _is_of_region(restriction: Restriction, record: SkuRecord) -> bool:
    """Whether the whole region is closed. Closed zones do not matter: these machines are made without a zone."""
    if text(restriction.type).lower() != "location":
        return False
    info = restriction.restriction_info
    closed = (info.locations if info else None) or restriction.values or []
    return any(same_location(place, here) for place in closed for here in record.locations or closed)


USAGE: Kind[QuotaUsage] = Kind("quota", UsageRecord, _usage)
SIZE: Kind[OfferedSize | None] = Kind("machine size", SkuRecord, _size)


class AzureQuotasGateway:
    """Implements app.ports.arm.QuotasGateway."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def list_compute_usages(self, subscription: str, location: str) -> tuple[QuotaUsage, ...]:
        return await self._list_usages(subscription, "Microsoft.Compute", location, USAGES_API)

    async def list_network_usages(self, subscription: str, location: str) -> tuple[QuotaUsage, ...]:
        return await self._list_usages(subscription, "Microsoft.Network", location, NETWORK_API)

    async def list_offered_sizes(self, subscription: str, location: str) -> tuple[OfferedSize, ...]:
        path = subscription_id(subscription).child("providers/Microsoft.Compute/skus")
        url = path_of(path, SKUS_API, **{"$filter": f"location eq '{location}'"})
        found = await self._reader(subscription).list(url, SIZE, f"list what {location} offers")
        return tuple(size for size in found if size is not None)

    async def _list_usages(
        self, subscription: str, provider: str, location: str, api_version: str
    ) -> tuple[QuotaUsage, ...]:
        path = subscription_id(subscription).child("providers", provider, "locations", location, "usages")
        doing = f"read the quotas in {location}"
        return await self._reader(subscription).list(path_of(path, api_version), USAGE, doing)

    def _reader(self, subscription: str) -> Reader:
        return Reader(self._clients.resources(subscription))
