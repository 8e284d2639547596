"""Networks after a failover: which suit, with every reason against one, their addresses, and which are free."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network

from app.domain.address_ranges import read_range
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.issue import Suitability, Verdict
from app.domain.regions import same_location
from app.domain.resource_access import NOTHING_KNOWN, ResourceAccess
from app.domain.rights import LockLevel
from app.domain.rules import Rules

_USE_ANOTHER = "Choose another network, or create one."
_FULL = "Full"
_ANOTHER_SUBNET = "Choose another subnet."


# Addresses


def ranges_of(subnet: Subnet) -> tuple[IPv4Network, ...]:
    """The subnet's IPv4 ranges; nearly always one."""
    found = (read_range(prefix) for prefix in (subnet.prefix, *subnet.more_prefixes))
    return tuple(each for each in found if each is not None)


def reserved_in(subnet: Subnet, rules: Rules) -> tuple[str, ...]:
    """The addresses that Azure keeps in the subnet, in their order: its first ones and its last."""
    return tuple(str(address) for range_ in ranges_of(subnet) for address in _reserved(range_, rules))


def reserved_words(subnet: Subnet, rules: Rules) -> str:
    """The same as somebody would say it: `10.60.0.0 to .3 and .255`; of several ranges, of the first."""
    first = next(iter(ranges_of(subnet)), None)
    if first is None:
        return ""
    kept = _reserved(first, rules)
    begins, last = kept[0], kept[-1]
    until = kept[rules.network.reserved_first - 1]
    return f"{begins} to {_end_of(until, begins)} and {_end_of(last, begins)}"


def capacity_of(range_: IPv4Network, rules: Rules) -> int:
    """How many machines a subnet of that range holds."""
    return max(0, range_.num_addresses - rules.network.reserved_addresses)


def free_addresses(subnet: Subnet, rules: Rules) -> int | None:
    """How many machines still fit; None for a subnet without an IPv4 range."""
    capacity = _capacity((subnet.prefix, *subnet.more_prefixes), rules.network.reserved_addresses)
    return None if capacity is None else max(0, capacity - subnet.used_addresses)


def free_in_network(network: VirtualNetwork, rules: Rules) -> int:
    """How many machines still fit into all subnets that can take any."""
    owned = (each for each in network.subnets if not each.delegations)
    usable = (each for each in owned if not rules.network.reserved_subnets.use_of(each.name))
    return sum(free_addresses(each, rules) or 0 for each in usable)


# Networks


def judge_network(
    network: VirtualNetwork, vault_location: str, rules: Rules, known: ResourceAccess = NOTHING_KNOWN
) -> Verdict:
    """Whether machines can run there after a failover: the verdict that decides; `network_verdicts` has them all."""
    return network_verdicts(network, vault_location, rules, known)[0]


def network_verdicts(
    network: VirtualNetwork, vault_location: str, rules: Rules, known: ResourceAccess = NOTHING_KNOWN
) -> tuple[Verdict, ...]:
    """All there is to say, never empty: what stops it, the least changeable first; then what wants care; then what
    does no harm.
    """
    found = [*_where_and_what(network, vault_location, rules), *_access_verdicts(known)]
    blocked = [each for each in found if each.status is Suitability.BLOCKED]
    care = [each for each in found if each.status is Suitability.WARNING]
    notes = [each for each in found if each.status is Suitability.OK]
    standing = [] if blocked or care else [Verdict(Suitability.OK, "Suitable")]
    return (*blocked, *care, *standing, *notes)


def _where_and_what(network: VirtualNetwork, vault_location: str, rules: Rules) -> Iterable[Verdict]:
    if not same_location(network.location, vault_location):
        region = rules.region_name(network.location)
        reason = (
            f"The network is in {region}, the vault in {rules.region_name(vault_location)}. They must share a region."
        )
        yield Verdict(Suitability.BLOCKED, f"In {region}", reason, _USE_ANOTHER)
    if network.provisioning_state != "Succeeded":
        reason = "Azure has not finished making this network."
        yield Verdict(Suitability.BLOCKED, "Not ready", reason, "Wait a minute, then refresh.")
    if not network.subnets:
        reason = "The network has no subnet to put machines in."
        yield Verdict(Suitability.BLOCKED, "No subnet", reason, "Add a subnet to it, then refresh.")
        return
    obstacles: list[Verdict] = []
    for subnet in network.subnets:
        obstacle = _subnet_obstacle(subnet, rules)
        if obstacle is None:
            return
        obstacles.append(obstacle)
    first = obstacles[0]
    many = f" The other {len(obstacles) - 1:,} have their own reasons."
    others = {1: "", 2: " The other has its own reason."}.get(len(obstacles), many)
    reason = f"None of its subnets can take machines. {first.reason}{others}"
    if any(each.word == _FULL for each in obstacles):
        yield Verdict(
            Suitability.WARNING, "No free address", reason, "Free addresses in it, or choose another network."
        )
    else:
        yield Verdict(Suitability.BLOCKED, "No usable subnet", reason, "Add a subnet to it, then refresh.")


def _access_verdicts(known: ResourceAccess) -> Iterable[Verdict]:
    for lock in known.locks:
        where = lock.scope.name
        if lock.level is LockLevel.READ_ONLY:
            reason = f"The read-only lock “{lock.name}” on {where} keeps network cards out of its subnets."
            remedy = "Have the lock removed, or choose another network."
            yield Verdict(Suitability.BLOCKED, "Locked", reason, remedy)
        else:
            reason = f"The lock “{lock.name}” on {where} stops deleting only. Machines can join in spite of it."
            yield Verdict(Suitability.OK, "Delete lock", reason)
    if known.missing:
        role = " and ".join(known.roles) or "a role with that right"
        reason = "You have no right to connect machines to this network."
        yield Verdict(Suitability.BLOCKED, "No right", reason, f"Ask for {role} on it, or choose another network.")
    elif known.denied_by:
        reason = f"The deny assignment “{known.denied_by}” withholds the right to connect machines to this network."
        remedy = "Whoever made it has to exclude you; or choose another network."
        yield Verdict(Suitability.BLOCKED, "No right", reason, remedy)


# Subnets


def judge_subnet(subnet: Subnet, machine_count: int, rules: Rules, cards: int = 0) -> Verdict:
    """Whether `machine_count` machines find an address in the subnet for each of their `cards`, at least one each."""
    obstacle = _subnet_obstacle(subnet, rules)
    if obstacle is not None:
        return obstacle
    free = free_addresses(subnet, rules) or 0
    needed = max(machine_count, cards)
    free_words = "1 address is free" if free == 1 else f"{free:,} addresses are free"
    if free < needed:
        chosen = "1 machine is chosen" if machine_count == 1 else f"{machine_count:,} machines are chosen"
        each = f", with {needed:,} network cards" if needed > machine_count else ""
        reason = f"{free_words} in {subnet.name}; {chosen}{each}."
        return Verdict(
            Suitability.WARNING, "Too few addresses", reason, "Choose a larger subnet, or spread the machines."
        )
    kept = rules.network.reserved_addresses * len(ranges_of(subnet))
    return Verdict(Suitability.OK, "Fits", f"{free_words} ({kept} are kept by Azure).")


def subnet_refusal(subnet: Subnet, rules: Rules) -> Verdict | None:
    """Why a subnet is not for machines, however much room it has."""
    use = rules.network.reserved_subnets.use_of(subnet.name)
    if use:
        reason = f"{subnet.name} belongs to {use}; machines have no place in it."
        return Verdict(Suitability.BLOCKED, "Kept for Azure", reason, _ANOTHER_SUBNET)
    if subnet.delegations:
        service = subnet.delegations[0]
        reason = f"{subnet.name} was given to {service}, which takes it whole."
        return Verdict(Suitability.BLOCKED, "Delegated", reason, _ANOTHER_SUBNET)
    if free_addresses(subnet, rules) is None:
        is_v6 = ":" in subnet.prefix
        reason = f"{subnet.name} has IPv6 addresses only." if is_v6 else f"{subnet.name} has no IPv4 range."
        return Verdict(Suitability.BLOCKED, "IPv6 only" if is_v6 else "No IPv4 range", reason, _ANOTHER_SUBNET)
    return None


def _subnet_obstacle(subnet: Subnet, rules: Rules) -> Verdict | None:
    """Why no machine at all can be put into the subnet."""
    refusal = subnet_refusal(subnet, rules)
    if refusal is not None:
        return refusal
    if free_addresses(subnet, rules) == 0:
        reason = f"No address is free in {subnet.name}."
        return Verdict(Suitability.BLOCKED, _FULL, reason, "Choose a larger subnet.")
    return None


@lru_cache(8192)
def _capacity(prefixes: tuple[str, ...], kept: int) -> int | None:
    """Of all ranges together; lists of networks are reckoned up anew at every reading, with the same ranges."""
    ranges = [found for found in map(read_range, prefixes) if found is not None]
    return sum(max(0, each.num_addresses - kept) for each in ranges) if ranges else None


def _reserved(range_: IPv4Network, rules: Rules) -> tuple[IPv4Address, ...]:
    limits = rules.network
    count = range_.num_addresses
    places = [*range(min(limits.reserved_first, count)), *range(max(0, count - limits.reserved_last), count)]
    return tuple(range_[place] for place in sorted(set(places)))


def _end_of(address: IPv4Address, begins: IPv4Address) -> str:
    """The address without the numbers that it shares with `begins`, as long as those are the first three."""
    head, _, tail = str(address).rpartition(".")
    return f".{tail}" if head == str(begins).rpartition(".")[0] else str(address)
