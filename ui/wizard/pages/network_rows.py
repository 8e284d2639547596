"""Networks as the target page lists them: judged with all reasons, those of the vault's region first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from app.domain.address_ranges import split_ranges
from app.domain.arm_id import ArmId
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.issue import Suitability, Verdict
from app.domain.network_rules import free_in_network, judge_network, network_verdicts
from app.domain.regions import same_location
from app.domain.resource_access import NOTHING_KNOWN, ResourceAccess
from app.flows.draft import NetworkChoice, SetUpDraft
from app.flows.places import location_of, network_id
from app.flows.planning_network import given_servers, subnets_of
from app.flows.step import Context


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A network as the table shows it. `new` is what the run will create; it has no verdict of Azure's."""

    id: ArmId
    name: str
    space: str
    free: int
    group: str
    region: str
    verdicts: tuple[Verdict, ...]
    subnets: tuple[Subnet, ...] = ()
    dns: tuple[str, ...] = ()
    new: NetworkChoice | None = None
    is_near: bool = True
    """Whether it lies in the vault's region."""

    @property
    def key(self) -> str:
        return self.id.key

    @property
    def is_usable(self) -> bool:
        return self.verdicts[0].is_usable

    def place(self) -> tuple[int, bool, str]:
        """Its place in the list: those that suit, those that want care, then others of the region, then all else."""
        return (self.verdicts[0].status.rank, not self.is_near, self.name.casefold())

    @property
    def against(self) -> tuple[Verdict, ...]:
        """What stops it or wants care."""
        return tuple(each for each in self.verdicts if each.status is not Suitability.OK)

    @property
    def word(self) -> str:
        """The first reason, and how many there are besides: `In North Europe +2`."""
        more = len(self.against) - 1
        return f"{self.verdicts[0].word} +{more}" if more > 0 else self.verdicts[0].word

    @property
    def explanation(self) -> str:
        """All there is to say, each with its remedy; one that is shared once."""
        told = dict.fromkeys(each.remedy for each in self.verdicts if each.remedy)
        return " ".join([*(each.reason for each in self.verdicts if each.reason), *told])


class NetworkRows:
    """Makes rows of networks for one draft. A network that `before` knew as it is now is not judged again."""

    def __init__(self, draft: SetUpDraft, context: Context, before: NetworkRows | None = None) -> None:
        self.location = location_of(draft, context.estate)
        self._draft, self._context = draft, context
        self._made: dict[str, tuple[VirtualNetwork, ResourceAccess, NetworkRow]] = {}
        if before is not None and before.location == self.location and before._context.rules is context.rules:
            self._made = before._made

    def in_order(self, networks: Iterable[VirtualNetwork], wanted: ArmId | None) -> list[VirtualNetwork]:
        """The chosen one, then those of the vault's region, then the others: the order in which rows are needed."""
        chosen = wanted.key if wanted is not None else ""

        def place(network: VirtualNetwork) -> tuple[bool, bool, str]:
            is_near = same_location(network.location, self.location)
            return (network.id.key != chosen, not is_near, network.name.casefold())

        return sorted(networks, key=place)

    def row(self, network: VirtualNetwork) -> NetworkRow:
        known = self._context.networks.access_to(network.id)
        key = network.id.key
        made = self._made.get(key)
        if made is not None and made[1] == known and (made[0] is network or made[0] == network):
            return made[2]
        row = self._row(network, network_verdicts(network, self.location, self._context.rules, known))
        self._made[key] = (network, known, row)
        return row

    def would_suit(self, network: VirtualNetwork) -> bool:
        """Whatever its locks and one's rights are, which may have changed since they were read."""
        made = self._made.get(network.id.key)
        if made is not None and made[0] is network and (made[2].is_usable or made[1] == NOTHING_KNOWN):
            return made[2].is_usable
        return judge_network(network, self.location, self._context.rules).is_usable

    def new_row(self, new: NetworkChoice) -> NetworkRow | None:
        """The network to be created, as long as there is none of its id; it stays when another one is chosen."""
        draft, context = self._draft, self._context
        wanted = network_id(replace(draft, target=replace(draft.target, network=new)))
        if wanted is None or context.estate.network(wanted.text) is not None:
            return None
        subnets = tuple(Subnet(each.name, each.prefix) for each in subnets_of(new))
        ranges, servers = split_ranges(new.address_space), given_servers(new)
        planned = VirtualNetwork(wanted, new.name, self.location, ranges, subnets, dns_servers=servers)
        word = QCoreApplication.translate("NetworkRows", "Created when you run")
        return replace(self._row(planned, (Verdict(Suitability.OK, word),)), new=new)

    def _row(self, network: VirtualNetwork, verdicts: tuple[Verdict, ...]) -> NetworkRow:
        rules = self._context.rules
        return NetworkRow(
            network.id,
            network.name,
            ", ".join(network.address_prefixes),
            free_in_network(network, rules),
            network.id.resource_group,
            rules.region_name(network.location),
            verdicts,
            network.subnets,
            network.dns_servers,
            is_near=same_location(network.location, self.location),
        )
