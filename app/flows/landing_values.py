"""What a preview of a failover consists of: where each machine lands, what there is to say of it, and of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.domain.address_answer import AddressAnswer
from app.domain.azure import VirtualNetwork
from app.domain.issue import Suitability, Verdict
from app.flows.landing_machines import SourceMachine


class Way(StrEnum):
    """Which failover is looked at."""

    FAILOVER = "failover"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Place:
    """Where everybody is to land.

    Attributes:
        network: None where none is chosen or there is none.
        answers: of Azure, by address, for those that were asked about.
    """

    way: Way
    network: VirtualNetwork | None
    answers: Mapping[str, AddressAnswer] = field(default_factory=dict)

    @property
    def is_test(self) -> bool:
        return self.way is Way.TEST


class Kind(StrEnum):
    """What a remark is about; remarks of one kind are counted together. What stops most stands first."""

    NO_SUBNET = "no_subnet"
    SUBNET_MISSING = "subnet_missing"
    SUBNET_REFUSED = "subnet_refused"
    NAME_REFUSED = "name_refused"
    NAME_TAKEN = "name_taken"
    NAME_TWICE = "name_twice"
    SIZE_UNFIT = "size_unfit"
    SIZE_NOT_PREMIUM = "size_not_premium"
    NO_SIZE = "no_size"
    ADDRESS_OUTSIDE = "address_outside"
    ADDRESS_KEPT = "address_kept"
    ADDRESS_TAKEN = "address_taken"
    ADDRESS_TWICE = "address_twice"
    SUBNET_BY_ALPHABET = "subnet_by_alphabet"
    SUBNET_OPEN = "subnet_open"
    NO_CARD = "no_card"
    CARDS_CUT = "cards_cut"
    PRIMARY_UNUSED = "primary_unused"
    NOT_CLEANED_UP = "not_cleaned_up"
    NAME_LONG = "name_long"
    NAME_NUMERIC = "name_numeric"
    OTHER_NETWORK = "other_network"
    CARDS_UNUSED = "cards_unused"
    PUBLIC_STAYS = "public_stays"
    CARDS_ASSUMED = "cards_assumed"


KIND_RANK: Mapping[Kind, int] = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say of one machine: BLOCKED fails, WARNING lands otherwise than one would think, OK is a note."""

    kind: Kind
    verdict: Verdict

    @property
    def status(self) -> Suitability:
        return self.verdict.status


@dataclass(frozen=True, slots=True)
class LandedCard:
    """A network card that will be there.

    Attributes:
        subnet, prefix: empty where there is none to put it in.
        address: the fixed one that it gets; empty for the next free one.
        likely: the first and the last of those that the next free one can be; empty where that can't be known.
    """

    subnet: str
    prefix: str = ""
    address: str = ""
    likely: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Landing:
    """One machine as it would come alive.

    Attributes:
        name: of the Azure machine; a test machine has an ending of its own.
        likely_size: the smallest that takes it, where Azure chooses and enough is known.
        cards: those that are created, the primary one first.
        remarks: worst first.
    """

    machine: SourceMachine
    name: str
    size: str
    likely_size: str
    cards: tuple[LandedCard, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def key(self) -> str:
        return self.machine.id

    @property
    def status(self) -> Suitability:
        """The worst of its remarks."""
        return self.remarks[0].status if self.remarks else Suitability.OK

    def with_remarks(self, *more: Remark) -> Landing:
        """The same with these as well; of a kind that is there already the first one stays."""
        kinds = {remark.kind for remark in self.remarks}
        fresh = []
        for remark in more:
            if remark.kind not in kinds:
                kinds.add(remark.kind)
                fresh.append(remark)
        return replace(self, remarks=ordered((*self.remarks, *fresh))) if fresh else self


def ordered(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """Worst first."""
    return tuple(sorted(remarks, key=lambda remark: (-remark.status.rank, KIND_RANK[remark.kind])))


@dataclass(frozen=True, slots=True)
class SubnetLoad:
    """What comes into one subnet if everybody comes at once.

    Attributes:
        free: addresses that nobody has; None for a subnet without an IPv4 range.
    """

    subnet: str
    prefix: str
    machines: int
    cards: int
    free: int | None

    @property
    def missing(self) -> int:
        """How many cards find no address."""
        return 0 if self.free is None else max(self.cards - self.free, 0)


@dataclass(frozen=True, slots=True)
class Counted:
    """What there is to say of several machines at once; `count` of them, 0 where it is about all."""

    status: Suitability
    text: str
    remedy: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """A whole failover, as it would come out.

    Attributes:
        told: warnings and notes for all together, worst first.
        in_azure: how many machines run in Azure already and are left out.
    """

    place: Place
    landings: tuple[Landing, ...]
    loads: tuple[SubnetLoad, ...] = ()
    told: tuple[Counted, ...] = ()
    in_azure: int = 0

    @property
    def failing(self) -> int:
        return sum(landing.status is Suitability.BLOCKED for landing in self.landings)

    @property
    def differing(self) -> int:
        return sum(landing.status is Suitability.WARNING for landing in self.landings)

    @property
    def without_address(self) -> int:
        """How many network cards find no address left in their subnets."""
        return sum(load.missing for load in self.loads)

    @property
    def cards(self) -> int:
        return sum(len(landing.cards) for landing in self.landings)
