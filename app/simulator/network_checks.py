"""What Azure refuses about a network and its subnets before it makes them.

Codes and sentences follow what Azure's network service answers; those for overlapping ranges of one network, for
special ranges and for servers are best guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from app.simulator.replies import Refusal, arm_error
from app.simulator.wire import Json

_SUBNET_NAME = re.compile(r"\w(?:[\w.-]{0,78}\w)?", re.ASCII)
_MOST_SUBNETS, _MOST_SERVERS = 3000, 20
_SMALLEST_SUBNET = 29
_NEVER = tuple(map(IPv4Network, ("224.0.0.0/4", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32")))

Range = IPv4Network | IPv6Network


def check_network(network_id: str, prefixes: list[str], subnets: list[Json]) -> None:
    """
    Raises:
        Refusal: an address space or a subnet cannot be.
    """
    name = network_id.rsplit("/", 1)[-1]
    spaces = [_range(prefix, network_id) for prefix in prefixes]
    if not spaces:
        raise arm_error(400, "InvalidRequestFormat", "The network has no address space.")
    for position, space in enumerate(spaces):
        _check_space(space, spaces[:position], name)
    if len(subnets) > _MOST_SUBNETS:
        text = f"Virtual network '{name}' has {len(subnets)} subnets; the limit is {_MOST_SUBNETS}."
        raise arm_error(400, "SubnetCountLimitReached", text)
    inner: list[Range] = []
    seen: set[str] = set()
    for subnet in subnets:
        subnet_name = str(subnet.get("name") or "")
        _check_name(subnet_name, seen, network_id)
        for prefix in _prefixes_of(subnet, network_id):
            found = _range(prefix, f"{network_id}/subnets/{subnet_name}")
            _check_place(subnet_name, found, spaces, inner, name)
            inner.append(found)


def check_servers(servers: object, network_id: str) -> list[str]:
    """The servers for names that a request gives.

    Raises:
        Refusal: one of them is no address.
    """
    if not isinstance(servers, list) or not all(isinstance(server, str) for server in servers):
        raise arm_error(400, "InvalidRequestFormat", "dnsServers must be a list of addresses.")
    if len(servers) > _MOST_SERVERS:
        text = f"The resource {network_id} has {len(servers)} DNS servers; the limit is {_MOST_SERVERS}."
        raise arm_error(400, "DnsServersPerVirtualNetworkLimitReached", text)
    for server in servers:
        try:
            address: IPv4Address | IPv6Address = IPv4Address(server)
        except ValueError:
            raise arm_error(400, "InvalidIPAddressFormat", f"'{server}' is not a valid IP address.") from None
        if address.is_loopback or address.is_multicast or address.is_unspecified:
            raise arm_error(400, "InvalidIPAddress", f"'{server}' cannot be the address of a DNS server.")
    return list(servers)


def _range(prefix: object, resource_id: str) -> Range:
    text = str(prefix)
    _, slash, length = text.partition("/")
    try:
        if not slash or not length.isdecimal():
            raise ValueError
        whole = ip_network(text, strict=False)
    except ValueError:
        raise _malformed(text, resource_id) from None
    try:
        return ip_network(text)
    except ValueError:
        sentence = (
            f"The address prefix {text} in resource {resource_id} has an invalid CIDR notation. For the given prefix "
            f"length, the address prefix should be {whole}."
        )
        raise arm_error(400, "InvalidCIDRNotation", sentence) from None


def _malformed(text: str, resource_id: str) -> Refusal:
    sentence = (
        f"Address prefix {text} of resource {resource_id} is not formatted correctly. It should follow CIDR notation, "
        "for example 10.0.0.0/24."
    )
    return arm_error(400, "InvalidAddressPrefixFormat", sentence)


def _check_space(space: Range, before: Iterable[Range], network: str) -> None:
    if any(isinstance(space, IPv4Network) and space.overlaps(never) for never in _NEVER) or space.prefixlen < 2:
        raise arm_error(400, "NetcfgInvalidAddressSpace", f"'{space}' cannot be an address space of '{network}'.")
    if any(_overlap(space, other) for other in before):
        text = f"The address spaces of the virtual network '{network}' overlap at '{space}'."
        raise arm_error(400, "NetcfgAddressSpacesOverlap", text)


def _check_name(name: str, seen: set[str], network_id: str) -> None:
    if _SUBNET_NAME.fullmatch(name) is None:
        text = (
            f"Resource name {name} is invalid. The name can be up to 80 characters long. It must begin with a word "
            "character, and it must end with a word character or with '_'. The name may contain word characters or "
            "'.', '-', '_'."
        )
        raise arm_error(400, "InvalidResourceName", text)
    if name.lower() in seen:
        text = f"Resource {network_id} has two child resources with the same name ({name})."
        raise arm_error(400, "DuplicateResourceName", text)
    seen.add(name.lower())


def _prefixes_of(subnet: Json, network_id: str) -> list[str]:
    properties = subnet.get("properties") or {}
    prefixes = properties.get("addressPrefixes") or [properties.get("addressPrefix")]
    if not isinstance(prefixes, list) or not all(isinstance(prefix, str) for prefix in prefixes):
        raise _malformed("", f"{network_id}/subnets/{subnet.get('name')}")
    return prefixes


def _check_place(name: str, found: Range, spaces: Iterable[Range], others: Iterable[Range], network: str) -> None:
    is_small = isinstance(found, IPv4Network) and found.prefixlen > _SMALLEST_SUBNET
    if is_small or not any(_is_inside(found, space) for space in spaces):
        raise arm_error(400, "NetcfgInvalidSubnet", f"Subnet '{name}' is not valid in virtual network '{network}'.")
    if any(_overlap(found, other) for other in others):
        text = (
            f"Subnet '{name}' is not valid because its IP address range overlaps with that of an existing subnet in "
            f"virtual network '{network}'."
        )
        raise arm_error(400, "NetcfgSubnetRangesOverlap", text)


def _is_inside(inner: Range, outer: Range) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network) and inner.subnet_of(outer)


def _overlap(one: Range, other: Range) -> bool:
    return type(one) is type(other) and one.overlaps(other)
