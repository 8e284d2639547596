"""Dividing a new network: what is free, how large a subnet must be, whom the network overlaps, who tells names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from app.domain.address_ranges import check_address, read_range
from app.domain.azure import VirtualNetwork
from app.domain.network_rules import capacity_of
from app.domain.rules import Rules

_SERVER_EXAMPLE = "10.60.0.10"
_SPACE_LENGTH = 16
_ROOMY_LENGTH = 24
"""What is proposed where there is room, however few machines there are: subnets are hard to enlarge later."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an address space: a subnet's, or with an empty name a free one. Both ends belong to it."""

    name: str
    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    @property
    def words(self) -> str:
        return f"{IPv4Address(self.first)} to {IPv4Address(self.last)}"


def filled(space: IPv4Network, subnets: Iterable[tuple[str, str]]) -> tuple[Stretch, ...]:
    """The whole of `space` from its first address to its last, subnets and free stretches in turn.

    `subnets` are names and ranges as they were typed. What cannot be read, lies outside, or overlaps one with a lower
    address is left out: there is no place to draw it.
    """
    placed = [(name, found) for name, prefix in subnets if (found := read_range(prefix)) and found.subnet_of(space)]
    stretches: list[Stretch] = []
    free_from, end = int(space.network_address), int(space.broadcast_address)
    for name, found in sorted(placed, key=lambda pair: int(pair[1].network_address)):
        first, last = int(found.network_address), int(found.broadcast_address)
        if first < free_from:
            continue
        if first > free_from:
            stretches.append(Stretch("", free_from, first - 1))
        stretches.append(Stretch(name, first, last))
        free_from = last + 1
    if free_from <= end:
        stretches.append(Stretch("", free_from, end))
    return tuple(stretches)


def prefix_for(machines: int, rules: Rules) -> int | None:
    """The smallest subnet that holds so many machines, as the length of its prefix; None when none is large enough."""
    limits = rules.network
    for length in range(limits.longest_prefix, limits.shortest_prefix - 1, -1):
        if capacity_of(IPv4Network((0, length)), rules) >= machines:
            return length
    return None


def next_free(spaces: Iterable[IPv4Network], taken: Iterable[str], length: int) -> IPv4Network | None:
    """The first free range of that prefix in the address space, beside the ranges that are taken; None where none is.

    It begins behind the highest subnet as long as there is room, since gaps between are often left on purpose.
    """
    taken_ranges = [found for found in map(read_range, taken) if found is not None]
    size = 1 << (32 - length)
    in_gap: int | None = None
    for space in spaces:
        for first, last in _free(space, taken_ranges):
            at = _aligned(first, size)
            if at + size - 1 > last:
                continue
            if last == int(space.broadcast_address):
                return IPv4Network((at, length))
            in_gap = at if in_gap is None else in_gap
    return None if in_gap is None else IPv4Network((in_gap, length))


def free_count(spaces: Iterable[IPv4Network], taken: Iterable[str]) -> int:
    """How many addresses no subnet has."""
    taken_ranges = [found for found in map(read_range, taken) if found is not None]
    return sum(last - first + 1 for space in spaces for first, last in _free(space, taken_ranges))


def overlapping(ranges: Iterable[IPv4Network], networks: Iterable[VirtualNetwork]) -> tuple[tuple[str, str], ...]:
    """Names and ranges of networks that have addresses of these ranges."""
    wanted = tuple(ranges)
    return tuple(
        (network.name, prefix)
        for network in networks
        for prefix in network.address_prefixes
        if (other := read_range(prefix)) is not None and any(other.overlaps(each) for each in wanted)
    )


def overlap_warning(ranges: Iterable[IPv4Network], networks: Iterable[VirtualNetwork]) -> str | None:
    """What to know where the new network shares addresses with others: two such networks never reach each other."""
    found = overlapping(ranges, networks)
    if not found:
        return None
    name, prefix = found[0]
    others = len({other for other, _ in found}) - 1
    more = f" and {others} other network{'' if others == 1 else 's'} overlap it" if others else " overlaps it"
    return f"{name} ({prefix}){more}: they can’t be peered, so machines here and there won’t reach each other."


def proposed_space(networks: Iterable[VirtualNetwork], rules: Rules) -> str:
    """A private /16 whose addresses none of these has; empty where all are used."""
    taken = [found for network in networks for found in map(read_range, network.address_prefixes) if found is not None]
    for private in rules.network.private_ranges.ranges:
        space = IPv4Network(private)
        for first, last in _free(space, taken) if space.prefixlen <= _SPACE_LENGTH else ():
            at = _aligned(first, 1 << (32 - _SPACE_LENGTH))
            if at + (1 << (32 - _SPACE_LENGTH)) - 1 <= last:
                return str(IPv4Network((at, _SPACE_LENGTH)))
    return ""


def proposed_subnet(space: Iterable[IPv4Network], taken: Iterable[str], machines: int, rules: Rules) -> str:
    """A free range that holds so many machines, with room to grow where there is; empty where none is large enough."""
    spaces, taken = tuple(space), tuple(taken)
    needed = prefix_for(machines, rules)
    if needed is None:
        return ""
    for length in range(min(needed, _ROOMY_LENGTH), needed + 1):
        found = next_free(spaces, taken, length)
        if found is not None:
            return str(found)
    return ""


def check_servers(servers: Sequence[str], rules: Rules) -> dict[int, str]:
    """What is wrong with which server for names, and what would be right; an empty one is none."""
    problems: dict[int, str] = {}
    seen: set[str] = set()
    for place, server in enumerate(servers):
        if not server.strip():
            continue
        problem = _server_problem(server)
        if not problem and server in seen:
            problem = f"{server} is given already. Give each server once."
        seen.add(server)
        if problem:
            problems[place] = problem
    given = [place for place, server in enumerate(servers) if server.strip()]
    most = rules.network.most_dns_servers
    if len(given) > most:
        problems.setdefault(given[most], f"A network has {most} DNS servers at most. Take some away.")
    return problems


def _server_problem(server: str) -> str:
    problem = check_address(server, _SERVER_EXAMPLE)
    if problem:
        return problem
    address = IPv4Address(server)
    if address.is_loopback:
        return f"{server} means each machine itself. Type the address of a server."
    if address.is_multicast or address.is_unspecified or address.is_link_local or address.is_reserved:
        return f"{server} is the address of no server. Type one such as {_SERVER_EXAMPLE}."
    return ""


def _free(space: IPv4Network, taken: Iterable[IPv4Network]) -> Iterable[tuple[int, int]]:
    """First and last address of each free stretch, whatever the taken ranges overlap."""
    free_from, end = int(space.network_address), int(space.broadcast_address)
    for range_ in sorted(taken, key=lambda each: int(each.network_address)):
        first, last = int(range_.network_address), int(range_.broadcast_address)
        if last < free_from or first > end:
            continue
        if first > free_from:
            yield free_from, first - 1
        free_from = max(free_from, last + 1)
    if free_from <= end:
        yield free_from, end


def _aligned(address: int, size: int) -> int:
    """The first multiple of `size` from `address` on."""
    return -(-address // size) * size
