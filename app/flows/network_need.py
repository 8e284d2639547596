"""How many addresses machines need in a network, and which are known to be taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.azure import Subnet, VirtualNetwork
from app.domain.estate import Estate
from app.flows.draft import MachineChoice, SetUpDraft
from app.flows.estimate import candidates
from app.flows.places import network_id
from app.flows.planning_network import subnets_of
from app.flows.step import Context, counted


@dataclass(frozen=True, slots=True)
class Need:
    """Machines that want addresses, one for each network card.

    Attributes:
        by_cards: how many machines have how many cards, those with fewest first.
        is_chosen: false where none is chosen yet and all are counted that the site could protect.
    """

    by_cards: tuple[tuple[int, int], ...] = ()
    is_chosen: bool = True

    @property
    def machines(self) -> int:
        return sum(machines for _, machines in self.by_cards)

    @property
    def cards(self) -> int:
        return sum(cards * machines for cards, machines in self.by_cards)

    @property
    def words(self) -> str:
        """`3 chosen machines`, and how many cards they have where that is more."""
        told = counted(self.machines, "chosen machine") if self.is_chosen else counted(self.machines, "machine")
        told = told if self.is_chosen else f"{told} of the site"
        return told if self.cards <= self.machines else f"{told} with {self.cards:,} network cards"

    def fitting(self, free: int) -> int:
        """How many of the machines find addresses where so many are free."""
        found = 0
        for cards, machines in self.by_cards:
            here = min(machines, free // cards)
            found, free = found + here, free - here * cards
        return found


def need_of(draft: SetUpDraft, context: Context) -> Need:
    """All chosen machines; as long as there are none, those of the site that could be."""
    if draft.machines:
        return _need(draft.machines, context)
    known = context.remembered.get(__name__)
    if known is None or known[0] != draft.site.name:
        counts = Counter(cards_of(item.name, "", context) for item in candidates(draft, context))
        known = context.remembered[__name__] = (draft.site.name, Need(tuple(sorted(counts.items())), is_chosen=False))
    return known[1]


def needs_by_subnet(draft: SetUpDraft, context: Context) -> dict[str, Need]:
    """What the chosen machines need in each subnet, by its name in lower case; those not told otherwise in the default
    one.
    """
    by_subnet: dict[str, list[MachineChoice]] = {}
    for machine in draft.machines:
        by_subnet.setdefault((machine.subnet or draft.target.network.subnet).lower(), []).append(machine)
    return {name: _need(machines, context) for name, machines in by_subnet.items()}


def need_in(subnet: str, draft: SetUpDraft, context: Context) -> Need:
    """What would be needed in the subnet if it were the default one: all who stay there, and all who follow."""
    if not draft.machines:
        return need_of(draft, context)
    wanted = subnet.lower()
    return _need([each for each in draft.machines if not each.subnet or each.subnet.lower() == wanted], context)


def cards_of(machine_id: str, size: str, context: Context) -> int:
    """How many network cards the machine will have: those its host told of, as far as its size takes them; else one."""
    told = context.reports.machine(machine_id)
    cards = max(1, len(told.nics)) if told is not None else 1
    if not size:
        return cards
    most = _most_cards(context).get(size.lower())
    return cards if most is None else max(1, min(cards, most))


def target_subnets(draft: SetUpDraft, estate: Estate) -> tuple[Subnet, ...]:
    """The subnets of the target's network: those it has, or as long as it is not there those it will have."""
    choice, wanted = draft.target.network, network_id(draft)
    network = estate.network(wanted.text) if wanted is not None else None
    if network is not None:
        return network.subnets
    return tuple(Subnet(each.name, each.prefix) for each in subnets_of(choice) if each.name) if choice.create else ()


def with_taken(network: VirtualNetwork, estate: Estate) -> VirtualNetwork:
    """The network with those addresses in its subnets that are known to be in use: of machines in the target's resource
    group. Their cards name a network without its group, so of two with one name nothing is known.
    """
    name = network.name.lower()
    if any(each.name.lower() == name and each.id != network.id for each in estate.networks):
        return network
    taken: dict[str, list[str]] = {}
    for machine in estate.machines:
        for nic in machine.nics:
            if nic.private_address and nic.network.lower() == name:
                taken.setdefault(nic.subnet.lower(), []).append(nic.private_address)
    if not taken:
        return network
    subnets = (replace(each, taken=tuple(taken.get(each.name.lower(), ()))) for each in network.subnets)
    return replace(network, subnets=tuple(subnets))


def _need(machines: Iterable[MachineChoice], context: Context) -> Need:
    counts = Counter(cards_of(each.machine_id, each.size, context) for each in machines)
    return Need(tuple(sorted(counts.items())))


def _most_cards(context: Context) -> dict[str, int | None]:
    key = f"{__name__}.sizes"
    if key not in context.remembered:
        context.remembered[key] = {size.name.lower(): size.max_nics for size in context.estate.compute_sizes}
    return context.remembered[key]  # type: ignore[no-any-return]
