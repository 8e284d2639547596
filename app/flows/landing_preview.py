"""A whole failover before it happens: what machines take from each other, and what to say of all of them together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from app.domain.azure import Subnet
from app.domain.issue import Suitability, Verdict
from app.domain.network_rules import free_addresses, ranges_of
from app.domain.rules import Rules
from app.flows.landing import Lander, can_start_helper, is_in, region_name
from app.flows.landing_values import (
    KIND_RANK,
    Counted,
    Kind,
    LandedCard,
    Landing,
    Place,
    Preview,
    Remark,
    SubnetLoad,
)
from app.flows.places import network_id
from app.flows.step import counted

_TOLD: Mapping[Kind, tuple[str, str]] = {
    Kind.NO_SUBNET: ("has no subnet to land in", "have no subnet to land in"),
    Kind.SUBNET_MISSING: ("is set to a subnet that is gone", "are set to subnets that are gone"),
    Kind.SUBNET_REFUSED: ("lands in a subnet that takes no machines", "land in a subnet that takes no machines"),
    Kind.NAME_REFUSED: ("has a name that Azure refuses", "have names that Azure refuses"),
    Kind.NAME_TAKEN: ("has a name that is taken", "have names that are taken"),
    Kind.NAME_TWICE: ("has another’s name", "have the names of others"),
    Kind.SIZE_UNFIT: ("has a size that doesn’t fit", "have sizes that don’t fit"),
    Kind.SIZE_NOT_PREMIUM: ("has a size without premium disks", "have sizes without premium disks"),
    Kind.NO_SIZE: ("finds no size that takes it", "find no size that takes them"),
    Kind.ADDRESS_OUTSIDE: ("has an address outside its subnet", "have addresses outside their subnets"),
    Kind.ADDRESS_KEPT: ("has an address that Azure keeps", "have addresses that Azure keeps"),
    Kind.ADDRESS_TAKEN: ("has an address that is taken", "have addresses that are taken"),
    Kind.ADDRESS_TWICE: ("has another’s address", "have the addresses of others"),
    Kind.SUBNET_BY_ALPHABET: ("lands in a subnet of another name", "land in a subnet of another name"),
    Kind.SUBNET_OPEN: ("has no subnet chosen here", "have no subnet chosen here"),
    Kind.NO_CARD: ("comes without a network card", "come without a network card"),
    Kind.CARDS_CUT: ("gets fewer network cards", "get fewer network cards"),
    Kind.PRIMARY_UNUSED: ("loses its primary network card", "lose their primary network cards"),
    Kind.NOT_CLEANED_UP: ("has a test failover to clean up", "have a test failover to clean up"),
    Kind.NAME_LONG: ("has a name longer than Windows shows", "have names longer than Windows shows"),
    Kind.NAME_NUMERIC: ("has a name of digits alone", "have names of digits alone"),
    Kind.OTHER_NETWORK: ("is set to another network", "are set to another network"),
    Kind.CARDS_UNUSED: ("leaves network cards out", "leave network cards out"),
    Kind.PUBLIC_STAYS: ("leaves its public address behind", "leave their public addresses behind"),
    Kind.CARDS_ASSUMED: ("is assumed to have 1 network card", "are assumed to have 1 network card each"),
}
_SPREAD = "Choose a larger subnet, or spread the machines over several."


def preview(lander: Lander, landings: Sequence[Landing]) -> Preview:
    """Put together what was landed one by one: everybody comes at once."""
    place = lander.place
    landed = _with_twice(list(landings), lander)
    loads = tuple(_loads(landed, place, lander.subjects.context.rules))
    landed = _with_likely(landed, place, lander.subjects.context.rules)
    told = sorted((*_of_all(lander, landed, loads), *_counted(landed)), key=lambda each: -each.status.rank)
    return Preview(place, tuple(landed), loads, tuple(told), lander.subjects.in_azure)


def whole_preview(lander: Lander) -> Preview:
    """All in one go; where a loop waits, land in slices instead."""
    return preview(lander, [lander.land(machine) for machine in lander.subjects.machines()])


def fixed_addresses(landings: Iterable[Landing], place: Place) -> tuple[str, ...]:
    """The fixed addresses about which Azure can be asked, each once, in order: those of the network's subnets."""
    subnets = place.network.subnets if place.network is not None else ()
    ranges = [range_ for subnet in subnets for range_ in ranges_of(subnet)]
    found: dict[str, None] = {}
    for landing in landings:
        for card in landing.machine.cards:
            address = (card.test_address or card.address) if place.is_test else card.address
            if card.is_used and address and address not in found and is_in(address, ranges):
                found[address] = None
    return tuple(found)


# What they take from each other


def _with_twice(landings: list[Landing], lander: Lander) -> list[Landing]:
    """Say it of each that wants what another one wants: an address of the network, or a name of the group."""
    place = lander.place
    by_address: defaultdict[str, list[int]] = defaultdict(list)
    by_name: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, landing in enumerate(landings):
        by_name[landing.machine.group, landing.name.lower()].append(index)
        for card in landing.cards:
            if card.address:
                by_address[card.address].append(index)
    for address, indexes in by_address.items():
        for index in indexes if len(indexes) > 1 else ():
            text = f"{address} is the fixed address of {_others(landings, indexes, index)} as well."
            remark = lander.address_remark(Kind.ADDRESS_TWICE, "Address twice", text)
            landings[index] = landings[index].with_remarks(remark)
    for (_, name), indexes in by_name.items():
        for index in indexes if len(indexes) > 1 and name else ():
            text = f"{_others(landings, indexes, index)} will be called {landings[index].name} too."
            status = Suitability.WARNING if place.is_test else Suitability.BLOCKED
            verdict = Verdict(status, "Name twice", text, "Give one of them another Azure name.")
            landings[index] = landings[index].with_remarks(Remark(Kind.NAME_TWICE, verdict))
    return landings


def _others(landings: Sequence[Landing], indexes: Sequence[int], but: int) -> str:
    names = [landings[index].machine.name for index in indexes if index != but]
    if not names:
        return "another of its own cards"
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _loads(landings: Iterable[Landing], place: Place, rules: Rules) -> Iterator[SubnetLoad]:
    """What comes into each subnet, in the network's order."""
    machines: Counter[str] = Counter()
    cards: Counter[str] = Counter()
    for landing in landings:
        names = [card.subnet for card in landing.cards if card.subnet]
        cards.update(names)
        machines.update(set(names))
    for subnet in place.network.subnets if place.network is not None else ():
        if cards[subnet.name]:
            free = free_addresses(subnet, rules)
            yield SubnetLoad(subnet.name, subnet.prefix, machines[subnet.name], cards[subnet.name], free)


def _with_likely(landings: list[Landing], place: Place, rules: Rules) -> list[Landing]:
    """Say which addresses the next free ones are, where it is known whose are taken."""
    wanted: Counter[str] = Counter()
    fixed: defaultdict[str, set[str]] = defaultdict(set)
    for landing in landings:
        for card in landing.cards:
            if card.address:
                fixed[card.subnet].add(card.address)
            else:
                wanted[card.subnet] += 1
    likely: dict[str, tuple[str, ...]] = {}
    for subnet in place.network.subnets if place.network is not None else ():
        if wanted[subnet.name]:
            free = _first_free(subnet, fixed[subnet.name], wanted[subnet.name], rules)
            likely[subnet.name] = (free[0], free[-1]) if free else ()
    if not any(likely.values()):
        return landings
    return [replace(each, cards=tuple(_likely_card(card, likely) for card in each.cards)) for each in landings]


def _likely_card(card: LandedCard, likely: Mapping[str, tuple[str, ...]]) -> LandedCard:
    found = likely.get(card.subnet, ())
    return replace(card, likely=found) if found and not card.address else card


def _first_free(subnet: Subnet, fixed: set[str], count: int, rules: Rules) -> tuple[str, ...]:
    """The lowest free addresses; none where Azure says that more are taken than it names."""
    if subnet.used_addresses > len(subnet.taken):
        return ()
    limits = rules.network
    taken = fixed.union(subnet.taken)
    found: list[str] = []
    for range_ in ranges_of(subnet):
        places = range(limits.reserved_first, range_.num_addresses - limits.reserved_last)
        free = (str(range_[place]) for place in places)
        found += islice((address for address in free if address not in taken), count - len(found))
    return tuple(found)


# What is said of all


def _counted(landings: Iterable[Landing]) -> Iterator[Counted]:
    counts: Counter[tuple[Suitability, Kind]] = Counter()
    first: dict[tuple[Suitability, Kind], tuple[Landing, Remark]] = {}
    for landing in landings:
        for remark in landing.remarks:
            counts[remark.status, remark.kind] += 1
            first.setdefault((remark.status, remark.kind), (landing, remark))
    for (status, kind), count in sorted(counts.items(), key=lambda each: KIND_RANK[each[0][1]]):
        landing, remark = first[status, kind]
        one, many = _TOLD[kind]
        if count == 1:
            text = f"{landing.machine.name} {one}. {remark.verdict.reason}"
        else:
            text = f"{count:,} machines {many}, {landing.machine.name} among them."
        yield Counted(status, text, remark.verdict.remedy, count)


def _of_all(lander: Lander, landings: Sequence[Landing], loads: Iterable[SubnetLoad]) -> Iterator[Counted]:
    place, subjects = lander.place, lander.subjects
    network = place.network
    for load in loads:
        if load.missing:
            cards = "" if load.cards == load.machines else f" with {counted(load.cards, 'network card')}"
            free = load.free or 0
            free_text = f"{free:,} address{'' if free == 1 else 'es'} free"
            text = f"{load.subnet}: {counted(load.machines, 'machine')}{cards}, {free_text}."
            yield Counted(Suitability.BLOCKED, text, _SPREAD)
    if landings and not can_start_helper(subjects.context):
        text = (
            f"{region_name(subjects)} offers no size that starts a generation 1 machine. Where a failover has to adapt "
            "a machine, it makes one of those in between, and fails."
        )
        yield Counted(Suitability.WARNING, text, "Try a test failover of each kind of machine.")
    own = {landing.machine.network for landing in landings if landing.machine.network}
    wanted = network_id(subjects.draft)
    own |= {wanted.key} if wanted is not None else set()
    if place.is_test and network is not None and network.id.key in own:
        text = f"{network.name} is the network of a real failover: test machines would meet what runs there."
        yield Counted(Suitability.WARNING, text, "Take a network of its own for tests, with the same ranges and names.")
