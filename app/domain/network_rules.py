"""Networks after a failover: address ranges, free addresses, and whether a network suits."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network

from app.domain.azure import Subnet, VirtualNetwork
from app.domain.issue import Suitability, Verdict
from app.domain.regions import same_location
from app.domain.rules import Rules

_EXAMPLE = "Write it such as 10.60.0.0/16."


def read_range(text: str) -> IPv4Network | None:
    """The IPv4 range written in `text`, or None when it is none or has bits set to the right of its prefix."""
    address, slash, prefix = text.partition("/")
    if not slash or not prefix.isdecimal() or not prefix.isascii() or len(prefix) > 2:
        return None
    try:
        return IPv4Network((address, int(prefix)))
    except ValueError:
        return None


def check_range(text: str, rules: Rules) -> str | None:
    """The sentence to show at a field for an address range; None when it is fine."""
    if not text.strip():
        return f"Type an address range. {_EXAMPLE}"
    if text != text.strip():
        return "Remove the space before or after the range."
    found = read_range(text)
    if found is None:
        return _what_is_wrong(text)
    limits = rules.network
    if not limits.shortest_prefix <= found.prefixlen <= limits.longest_prefix:
        return f"Use a prefix from /{limits.shortest_prefix} to /{limits.longest_prefix}; this is /{found.prefixlen}."
    if found.is_loopback or found.is_link_local or found.is_multicast or found.is_reserved:
        return "This range has a special use. Take a private one, such as 10.60.0.0/16."
    return None


def check_subnet(prefix: str, address_space: Iterable[str], siblings: Iterable[str], rules: Rules) -> str | None:
    """The same for a subnet, which must lie in its network's ranges and overlap none of its siblings."""
    problem = check_range(prefix, rules)
    if problem:
        return problem
    subnet = IPv4Network(prefix)
    ranges = [found for found in map(read_range, address_space) if found is not None]
    if ranges and not any(subnet.subnet_of(each) for each in ranges):
        return f"{prefix} lies outside the network, which has {', '.join(map(str, ranges))}."
    for sibling in siblings:
        other = read_range(sibling)
        if other is not None and subnet.overlaps(other):
            return f"{prefix} overlaps the subnet {other}."
    return None


def free_addresses(subnet: Subnet, rules: Rules) -> int | None:
    """How many machines still fit; None for a subnet without an IPv4 range."""
    found = read_range(subnet.prefix)
    if found is None:
        return None
    return max(0, found.num_addresses - rules.network.reserved_addresses - subnet.used_addresses)


def judge_network(network: VirtualNetwork, vault_location: str, rules: Rules) -> Verdict:
    """Whether machines can run there after a failover."""
    if not same_location(network.location, vault_location):
        region = rules.region_name(network.location)
        reason = (
            f"The network is in {region}, the vault in {rules.region_name(vault_location)}. They must share a region."
        )
        return Verdict(Suitability.BLOCKED, f"In {region}", reason, "Choose another network, or create one.")
    if network.provisioning_state != "Succeeded":
        reason = "Azure has not finished making this network."
        return Verdict(Suitability.BLOCKED, "Not ready", reason, "Wait a minute, then refresh.")
    if not network.subnets:
        reason = "The network has no subnet to put machines in."
        return Verdict(Suitability.BLOCKED, "No subnet", reason, "Add a subnet to it, then refresh.")
    return Verdict(Suitability.OK, "Suitable")


def judge_subnet(subnet: Subnet, machine_count: int, rules: Rules) -> Verdict:
    """Whether `machine_count` machines, one network card each, find an address in the subnet."""
    free = free_addresses(subnet, rules)
    if free is None:
        return Verdict(
            Suitability.BLOCKED, "No IPv4 range", f"{subnet.name} has no IPv4 range.", "Choose another subnet."
        )
    if free < machine_count:
        reason = f"{free} addresses are free in {subnet.name}; {machine_count} machines are chosen."
        return Verdict(
            Suitability.WARNING, "Too few addresses", reason, "Choose a larger subnet, or spread the machines."
        )
    kept = rules.network.reserved_addresses
    return Verdict(Suitability.OK, "Fits", f"{free:,} addresses are free ({kept} are kept by Azure).")


def _what_is_wrong(text: str) -> str:
    address, slash, prefix = text.partition("/")
    if not slash:
        return f"The prefix is missing. {_EXAMPLE}"
    if prefix.isdecimal() and prefix.isascii() and len(prefix) <= 2:
        try:
            whole = IPv4Network((address, int(prefix)), strict=False)
        except ValueError:
            return f"This is not an IPv4 range. {_EXAMPLE}"
        return f"Bits right of the prefix are set. Did you mean {whole}?"
    return f"This is not an IPv4 range. {_EXAMPLE}"
