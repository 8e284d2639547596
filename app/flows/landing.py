"""Where one machine would land: name, size, network cards, subnets, addresses, and what speaks against each.

What Azure does is from Microsoft's articles on network interfaces (2024) and test failovers (2025); limits of sizes and
subnets are in the rules. What several machines take from each other is `landing_preview`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from app.domain.azure import Subnet, VirtualNetwork
from app.domain.issue import Suitability, Verdict
from app.domain.machine_sizes import check_size
from app.domain.naming_rules import check_name
from app.domain.network_rules import judge_subnet, ranges_of, reserved_in, reserved_words
from app.domain.protection import OsType
from app.domain.quota import Part, resolve
from app.domain.quota_needs import Need
from app.domain.rules import NameKind
from app.flows.landing_machines import CardsKnown, SourceCard, SourceMachine, Subjects
from app.flows.landing_values import Kind, LandedCard, Landing, Place, Remark, ordered
from app.flows.places import location_of
from app.flows.step import Context, counted

TEST_ENDING = "-test"
_NEXT_FREE = "It gets the next free one."
_GIVE_ANOTHER = "Give it an address of its subnet that nobody has, or none: Azure takes the next free one then."


@dataclass(frozen=True)
class Lander:
    """Lands machines at one place. What is asked for many times is remembered, so one serves a whole preview."""

    subjects: Subjects
    place: Place
    _sizes: dict[Need, tuple[str, bool]] = field(default_factory=dict)
    _standings: dict[str, Verdict] = field(default_factory=dict)

    def land(self, machine: SourceMachine) -> Landing:
        used = _used_cards(machine)
        most = self._most_cards(machine)
        kept = used if most is None else used[:most]
        cards: list[LandedCard] = []
        remarks = [*self._name(machine), *self._size(machine), *self._count(machine, used, kept)]
        likely, is_refused = self._likely_size(machine, len(used))
        if is_refused:
            remarks.append(_no_size(machine, len(used)))
        for card in kept:
            landed, said = self._card(machine, card)
            cards.append(landed)
            remarks += said
        remarks += self._network(machine)
        name = f"{machine.azure_name}{TEST_ENDING}" if self.place.is_test else machine.azure_name
        bare = Landing(machine, name, machine.size, likely, tuple(cards))
        return bare.with_remarks(*ordered(tuple(remarks)))

    @property
    def _context(self) -> Context:
        return self.subjects.context

    # Name

    def _name(self, machine: SourceMachine) -> Iterator[Remark]:
        name, rules = machine.azure_name, self._context.rules
        longest = rules.names.windows_host_name_maximum
        problem = check_name(NameKind.MACHINE, name, rules)
        if problem:
            yield _blocked(Kind.NAME_REFUSED, "Name refused", f"“{name}” can’t be its name in Azure. {problem}")
        elif machine.os_type is OsType.WINDOWS and name.isdecimal():
            text = f"{name} consists of digits alone, which Windows doesn’t take as a name of a computer."
            yield _warning(Kind.NAME_NUMERIC, "Digits only", text, "Have a letter in its name.")
        elif machine.os_type is OsType.WINDOWS and len(name) > longest:
            text = (
                f"{name} has {len(name)} characters. Windows shows {longest} at most; the machine keeps its own name "
                "inside, whatever it is called in Azure."
            )
            yield _warning(
                Kind.NAME_LONG, "Long name", text, "Nothing need be done, unless somebody looks for it by name."
            )
        if not machine.group or machine.group != self._read_group:
            return
        taken = self._context.estate.machine_names
        if self.place.is_test and f"{name}{TEST_ENDING}".lower() in taken:
            text = f"A machine called {name}{TEST_ENDING} is there already, so the test machine gets a longer name."
            yield _warning(Kind.NAME_TAKEN, "Name is taken", text, "Clean up the test failover that left it there.")
        elif not self.place.is_test and name.lower() in taken:
            text = f"A machine called {name} is in the target resource group already: a failover would fail."
            yield _blocked(Kind.NAME_TAKEN, "Name is taken", text, "Give it another Azure name.")

    @property
    def _read_group(self) -> str:
        target = self.subjects.draft.target
        if not target.resource_group or not self._context.estate.has_read(target.subscription):
            return ""
        return f"/subscriptions/{target.subscription}/resourcegroups/{target.resource_group}".lower()

    # Size

    def _size(self, machine: SourceMachine) -> Iterator[Remark]:
        rules, offered = self._context.rules, self._context.estate.compute_sizes
        problem = check_size(
            machine.size,
            data_disks=machine.data_disks,
            generation=machine.generation,
            offered=offered,
            rules=rules,
        )
        if problem:
            yield _blocked(Kind.SIZE_UNFIT, "Size doesn’t fit", problem)
        listed = rules.size(machine.size) if machine.size else None
        if listed is not None and machine.is_premium and not listed.premium:
            text = f"Its disks are premium ones, which {machine.size} can’t take."
            yield _blocked(Kind.SIZE_NOT_PREMIUM, "No premium disks", text, "Choose a size with an s in its name.")

    def _likely_size(self, machine: SourceMachine, cards: int) -> tuple[str, bool]:
        """The size that Azure would take, as far as can be known, and whether there is none."""
        quota = self._context.estate.quota
        if machine.size or not machine.cores or quota is None or Part.SIZES in quota.unread:
            return "", False
        need = Need("", machine.cores, cards or None, machine.memory_mib, machine.data_disks, machine.generation)
        if need not in self._sizes:
            found = resolve(need, quota, self._context.rules)
            self._sizes[need] = (found.size, bool(found.refusal))
        return self._sizes[need]

    # Network cards

    def _most_cards(self, machine: SourceMachine) -> int | None:
        """How many the size takes; None where Azure chooses one that takes them all, or it is not known."""
        if not machine.size:
            return None
        estate = self._context.estate
        offered = estate.quota.size(machine.size) if estate.quota is not None else None
        if offered is not None and offered.max_nics:
            return offered.max_nics
        listed = self._context.rules.size(machine.size)
        return listed.max_nics if listed is not None else None

    def _count(
        self, machine: SourceMachine, used: tuple[SourceCard, ...], kept: tuple[SourceCard, ...]
    ) -> Iterator[Remark]:
        unused = len(machine.cards) - len(used)
        if not used:
            text = "None of its network cards is created in Azure, so it comes alive without a network."
            yield _warning(Kind.NO_CARD, "No network card", text, "Select a network card for it.")
        elif len(kept) < len(used):
            text = f"{machine.size} takes {counted(len(kept), 'network card')}; {len(used)} are selected."
            remedy = "Choose a size that takes more, or do without the others."
            yield _warning(Kind.CARDS_CUT, "Fewer cards", text, remedy)
        if used and any(card.is_primary and not card.is_used for card in machine.cards):
            text = "Its primary network card is not created in Azure; the first of the others takes its place."
            yield _warning(Kind.PRIMARY_UNUSED, "Primary left out", text, "Select its primary card, or another one.")
        if used and unused:
            text = (
                f"{counted(unused, 'network card')} of it {'is' if unused == 1 else 'are'} not created in Azure. "
                "Cards that were added on premises later come in so."
            )
            yield _note(Kind.CARDS_UNUSED, "Cards left out", text)
        if machine.cards_known is CardsKnown.ASSUMED:
            text = (
                "How many network cards it has is not known: Azure tells that once it replicates, a host by its "
                "readiness file. One is assumed."
            )
            yield _note(Kind.CARDS_ASSUMED, "1 card assumed", text)

    # Subnet and address

    def _card(self, machine: SourceMachine, card: SourceCard) -> tuple[LandedCard, list[Remark]]:
        network = self.place.network
        remarks = list(_public(card))
        if network is None:
            return LandedCard(""), remarks
        subnet, said = self._subnet(machine, card, network)
        remarks += said
        if subnet is None:
            return LandedCard(""), remarks
        standing = self._standing(subnet)
        if not standing.is_usable:
            remarks.append(Remark(Kind.SUBNET_REFUSED, standing))
        wanted = (card.test_address or card.address) if self.place.is_test else card.address
        problem = self._address_problem(wanted, subnet, network) if wanted else None
        if problem is not None:
            remarks.append(problem)
        gets = "" if problem is not None and self.place.is_test else wanted
        return LandedCard(subnet.name, subnet.prefix, gets), remarks

    def _subnet(
        self, machine: SourceMachine, card: SourceCard, network: VirtualNetwork
    ) -> tuple[Subnet | None, Iterable[Remark]]:
        if not network.subnets:
            text = f"{network.name} has no subnet to put it in."
            return None, [_blocked(Kind.NO_SUBNET, "No subnet", text, "Add one to the network, or choose another.")]
        wanted = (card.test_subnet or card.subnet) if self.place.is_test else card.subnet
        found = _subnet_named(network, wanted)
        if found is not None:
            return found, ()
        first = min(network.subnets, key=lambda subnet: subnet.name.lower())
        if not wanted and len(network.subnets) == 1:
            return first, ()
        there_is_none = f"{network.name} has no subnet {wanted}" if wanted else "No subnet is set"
        if self.place.is_test:
            text = f"{there_is_none}: Azure takes the first by alphabet, {first.name}."
            remedy = "Give the test network subnets of the same names, so that the test shows what a failover does."
            return first, [_warning(Kind.SUBNET_BY_ALPHABET, "Another subnet", text, remedy)]
        if machine.is_replicating and machine.network == network.id.key and wanted:
            text = f"{there_is_none} any more, which it is set to: a failover would fail."
            return None, [_blocked(Kind.SUBNET_MISSING, "Subnet is gone", text, "Set another subnet.")]
        text = f"{there_is_none}. It is shown in the first by alphabet, {first.name}."
        return first, [_warning(Kind.SUBNET_OPEN, "Subnet to choose", text, "Choose one.")]

    def _standing(self, subnet: Subnet) -> Verdict:
        known = self._standings.get(subnet.name)
        if known is None:
            known = self._standings[subnet.name] = judge_subnet(subnet, 0, self._context.rules)
        return known

    def _address_problem(self, address: str, subnet: Subnet, network: VirtualNetwork) -> Remark | None:
        """Why it can't have its fixed address: a failover fails of that, a test failover gives another one."""
        rules, ranges = self._context.rules, ranges_of(subnet)
        answer = self.place.answers.get(address)
        is_taken = not answer.is_free if answer is not None else address in subnet.taken
        found: tuple[Kind, str, str] | None = None
        if not is_in(address, ranges):
            has = f", which has {', '.join(map(str, ranges))}" if ranges else ""
            found = Kind.ADDRESS_OUTSIDE, "Outside the subnet", f"{address} lies outside {subnet.name}{has}."
        elif address in reserved_in(subnet, rules) or (answer is not None and answer.is_kept):
            text = f"Azure keeps {address}, as it keeps {reserved_words(subnet, rules)} of {subnet.name}."
            found = Kind.ADDRESS_KEPT, "Kept by Azure", text
        elif is_taken:
            free = f" Free is {answer.others[0]}, for one." if answer is not None and answer.others else ""
            found = Kind.ADDRESS_TAKEN, "Address is taken", f"{address} is taken in {network.name}.{free}"
        if found is None:
            return None
        kind, word, text = found
        return self.address_remark(kind, word, text)

    def address_remark(self, kind: Kind, word: str, text: str) -> Remark:
        """The same trouble with a fixed address weighs differently on the two ways."""
        if self.place.is_test:
            return _warning(kind, "Another address", f"{text} {_NEXT_FREE}")
        return _blocked(kind, word, f"{text} A failover would fail.", _GIVE_ANOTHER)

    # The rest

    def _network(self, machine: SourceMachine) -> Iterator[Remark]:
        network = self.place.network
        if machine.awaits_clean_up and any(card.address for card in machine.cards) and not self.place.is_test:
            text = "Its test machine is still there and may hold its address; a failover would fail of that."
            yield _warning(Kind.NOT_CLEANED_UP, "Test not cleaned up", text, "Clean up its test failover first.")
        if self.place.is_test or network is None or not machine.network or machine.network == network.id.key:
            return
        own = machine.network.rsplit("/", 1)[-1]
        known = self._context.estate.network(machine.network)
        text = (
            f"It is set to fail over to {known.name if known is not None else own}. All cards of a machine join one "
            f"network: to land here, {network.name} has to be set as its network."
        )
        yield _note(Kind.OTHER_NETWORK, "Set elsewhere", text)


def can_start_helper(context: Context) -> bool:
    """Whether the region has a size that can be the machine in between which a failover may make: generation 1.

    Sizes that our list does not know may be such ones; a region whose sizes were not read too.
    """
    sizes = [context.rules.size(size.name) for size in context.estate.compute_sizes]
    return not sizes or any(size is None or 1 in size.generations for size in sizes)


def region_name(subjects: Subjects) -> str:
    return subjects.context.rules.region_name(location_of(subjects.draft, subjects.context.estate))


def _used_cards(machine: SourceMachine) -> tuple[SourceCard, ...]:
    """Those that are created, the primary one first: it stays when a size takes fewer."""
    used = [card for card in machine.cards if card.is_used]
    return tuple(sorted(used, key=lambda card: not card.is_primary))


def _subnet_named(network: VirtualNetwork, name: str) -> Subnet | None:
    return next((each for each in network.subnets if each.name.lower() == name.lower()), None)


def is_in(address: str, ranges: Iterable[IPv4Network]) -> bool:
    try:
        wanted = IPv4Address(address)
    except AddressValueError:
        return False
    return any(wanted in range_ for range_ in ranges)


def _public(card: SourceCard) -> Iterator[Remark]:
    """Public addresses stay behind. One that is kept as an address of the subnet is none any more."""
    for address in card.source_addresses:
        try:
            is_public = IPv4Address(address).is_global
        except AddressValueError:
            continue
        if is_public and address not in (card.address, card.test_address):
            text = f"Its public address {address} never comes along."
            remedy = "Give it a public address of Azure’s after the failover, and change its name in DNS."
            yield _note(Kind.PUBLIC_STAYS, "Public address", text, remedy)


def _no_size(machine: SourceMachine, cards: int) -> Remark:
    needs = [counted(machine.cores, "core"), counted(machine.data_disks, "data disk"), counted(cards, "network card")]
    text = f"No size that the region offers takes it: {', '.join(needs)}."
    return _blocked(Kind.NO_SIZE, "No size fits", text, "Leave disks or network cards out.")


def _blocked(kind: Kind, word: str, text: str, remedy: str = "") -> Remark:
    return Remark(kind, Verdict(Suitability.BLOCKED, word, text, remedy))


def _warning(kind: Kind, word: str, text: str, remedy: str = "") -> Remark:
    return Remark(kind, Verdict(Suitability.WARNING, word, text, remedy))


def _note(kind: Kind, word: str, text: str, remedy: str = "") -> Remark:
    return Remark(kind, Verdict(Suitability.OK, word, text, remedy))
