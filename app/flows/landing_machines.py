"""Who a preview of a failover is about, and what is known of each machine, whichever part of Azure or host told it.

Machines that replicate already bring what Azure keeps for them. Of others Azure tells neither cores nor network cards;
a host's readiness file may.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.arm_id import key, resource_group_id
from app.domain.azure import StorageAccount, Subnet, VirtualNetwork
from app.domain.naming_rules import check_name, suggest_azure_name
from app.domain.protected_item import ReplicationProtectedItem, TargetNic
from app.domain.protection import OsType, ProtectableItem
from app.domain.regions import same_location
from app.domain.reported import Told, completed, told_of
from app.domain.rules import NameKind
from app.domain.sizes import BYTES_PER_MIB
from app.flows.draft import MachineChoice, NetworkChoice, ReplicaKind, SetUpDraft
from app.flows.estimate import candidates
from app.flows.places import location_of, network_id, storage_id
from app.flows.replica import makes_premium_disks
from app.flows.step import Context

_NOT_SELECTED = "NotSelected"
_PREMIUM = "Premium"
_FOR_TESTS = ("test", "drill", "tfo", "isolated")


class CardsKnown(StrEnum):
    """Who told how many network cards a machine has."""

    AZURE = "azure"
    HOST = "host"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A network card as it is set to come alive.

    Attributes:
        address, test_address: fixed ones; empty takes the next free one.
        is_used: false for one that is not created in Azure.
        source_addresses: what it has on premises.
    """

    subnet: str = ""
    address: str = ""
    test_subnet: str = ""
    test_address: str = ""
    is_used: bool = True
    is_primary: bool = False
    source_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceMachine:
    """A machine before its failover.

    Attributes:
        generation, cores, memory_mib: 0 where they are not known.
        size: empty where Azure chooses.
        told_by: which host told of its cards, and when; empty where none did.
        network: key of the network that it is set to fail over to; empty for one that does not replicate yet.
        group: key of the resource group that it will run in.
        is_premium: whether its disks will be premium ones; None where that is not known.
        awaits_clean_up: a test machine of it may still stand in Azure.
    """

    id: str
    name: str
    azure_name: str
    os_type: OsType = OsType.UNKNOWN
    generation: int = 0
    data_disks: int = 0
    size: str = ""
    cores: int = 0
    memory_mib: int = 0
    cards: tuple[SourceCard, ...] = (SourceCard(),)
    cards_known: CardsKnown = CardsKnown.ASSUMED
    told_by: str = ""
    is_replicating: bool = False
    network: str = ""
    group: str = ""
    is_premium: bool | None = None
    awaits_clean_up: bool = False


Subject = MachineChoice | ProtectableItem | ReplicationProtectedItem


@dataclass(frozen=True, slots=True)
class Subjects:
    """Who is looked at. Turning them into machines takes some microseconds each: of a thousand, do it in slices.

    Attributes:
        found: chosen machines, or all that could be chosen, then those that replicate.
        in_azure: how many machines run in Azure already and are left out.
    """

    draft: SetUpDraft
    context: Context
    found: tuple[Subject, ...]
    in_azure: int = 0

    def __len__(self) -> int:
        return len(self.found)

    def machines(self, start: int = 0, end: int | None = None) -> Iterator[SourceMachine]:
        """Those from `start` to before `end`."""
        for subject in self.found[start:end]:
            if isinstance(subject, ReplicationProtectedItem):
                yield replicating_machine(subject, self.context)
            elif isinstance(subject, MachineChoice):
                yield _chosen_machine(subject, self.draft, self.context)
            else:
                yield _candidate(subject, self.draft, self.context)


def subjects_of(draft: SetUpDraft, context: Context) -> Subjects:
    """Chosen machines, or without a choice all of the site that could be; and those of the vault that replicate."""
    estate = context.estate
    new: tuple[MachineChoice | ProtectableItem, ...]
    if draft.machines:
        new = tuple(choice for choice in draft.machines if estate.protected(choice.machine_id) is None)
    else:
        new = tuple(item for item in candidates(draft, context) if estate.protected(item.name) is None)
    items = [item for item in estate.protected_items if item.is_hyper_v_to_azure]
    replicating = [item for item in items if not item.runs_in_azure]
    return Subjects(draft, context, (*new, *replicating), len(items) - len(replicating))


def replicating_machine(item: ReplicationProtectedItem, context: Context) -> SourceMachine:
    """A machine as its replication is set."""
    account = context.estate.storage_account(item.storage_account_id)
    return SourceMachine(
        id=item.id.key,
        name=item.friendly_name,
        azure_name=item.target_name or item.friendly_name,
        os_type=item.os_type,
        data_disks=max(len(item.disks) - 1, 0),
        size=item.target_size,
        cores=item.source_cores,
        memory_mib=item.source_memory_mib,
        cards=tuple(_card(nic, item) for nic in item.nics) or (SourceCard(),),
        cards_known=CardsKnown.AZURE if item.nics else CardsKnown.ASSUMED,
        is_replicating=True,
        network=key(item.target_network_id),
        group=key(item.target_resource_group_id),
        is_premium=_is_premium(item, account),
        awaits_clean_up=item.awaits_clean_up,
    )


def _is_premium(item: ReplicationProtectedItem, account: StorageAccount | None) -> bool | None:
    if item.managed_disk_types:
        return any(kind.startswith(_PREMIUM) for kind in item.managed_disk_types)
    return None if account is None else account.tier == _PREMIUM


def networks_to_look_at(draft: SetUpDraft, context: Context) -> tuple[VirtualNetwork, ...]:
    """Networks of the vault's region: the draft's first, one that the run will create among them, others by name."""
    location = location_of(draft, context.estate)
    wanted = network_id(draft)
    near = [each for each in context.estate.networks if same_location(each.location, location)]
    near.sort(key=lambda each: (wanted is None or each.id != wanted, each.name.lower()))
    planned = planned_network(draft, context)
    if planned is not None and all(each.id != planned.id for each in near):
        near.insert(0, planned)
    return tuple(near)


def planned_network(draft: SetUpDraft, context: Context) -> VirtualNetwork | None:
    """The network that the run will create, as it will be; None where none is to be created."""
    choice, wanted = draft.target.network, network_id(draft)
    if not choice.create or wanted is None:
        return None
    prefixes = tuple(part.strip() for part in choice.address_space.split(",") if part.strip())
    return VirtualNetwork(wanted, choice.name, location_of(draft, context.estate), prefixes, _planned_subnets(choice))


def _planned_subnets(choice: NetworkChoice) -> tuple[Subnet, ...]:
    first = (Subnet(choice.subnet, choice.subnet_prefix),) if choice.subnet else ()
    return (*first, *(Subnet(each.name, each.prefix) for each in choice.more_subnets))


def _chosen_machine(choice: MachineChoice, draft: SetUpDraft, context: Context) -> SourceMachine:
    item = context.estate.protectable(choice.machine_id)
    told = told_of(choice.machine_id, context.reports)
    machine = SourceMachine(
        id=choice.machine_id.lower(),
        name=choice.name,
        azure_name=choice.azure_name,
        os_type=OsType.read(choice.os_type),
        generation=completed(item, told).generation if item is not None else 0,
        data_disks=max(len(choice.disk_ids) - 1, 0),
        size=choice.size,
    )
    return _with_target(machine, choice.subnet, told, draft, context)


def _candidate(item: ProtectableItem, draft: SetUpDraft, context: Context) -> SourceMachine:
    """A machine nobody chose yet, as it would be proposed: whole, under a name that Azure takes."""
    told = told_of(item.name, context.reports)
    item = completed(item, told)
    name = item.friendly_name
    if check_name(NameKind.MACHINE, name, context.rules):
        name = suggest_azure_name(name, context.rules, context.estate.machine_names)
    machine = SourceMachine(
        id=item.name.lower(),
        name=item.friendly_name,
        azure_name=name,
        os_type=item.os_type,
        generation=item.generation,
        data_disks=max(len(item.disks) - 1, 0),
    )
    return _with_target(machine, "", told, draft, context)


def _with_target(
    machine: SourceMachine, subnet: str, told: Told | None, draft: SetUpDraft, context: Context
) -> SourceMachine:
    """The machine with what the draft says of all, and what its host told of it."""
    target = draft.target
    subnet = subnet or target.network.subnet
    cards: tuple[SourceCard, ...] = (SourceCard(subnet=subnet),)
    known = CardsKnown.ASSUMED
    if told is not None:
        known = CardsKnown.HOST
        cards = tuple(SourceCard(subnet=subnet, source_addresses=nic.addresses) for nic in told.machine.nics)
    return replace(
        machine,
        cores=told.machine.cores or 0 if told else 0,
        memory_mib=(told.machine.memory_bytes or 0) // BYTES_PER_MIB if told else 0,
        cards=cards,
        cards_known=known,
        told_by=told.by if told else "",
        group=resource_group_id(target.subscription, target.resource_group).key if target.resource_group else "",
        is_premium=_will_be_premium(draft, context),
    )


def _will_be_premium(draft: SetUpDraft, context: Context) -> bool | None:
    """A premium account makes premium disks, managed ones are what they were asked for as; every other way makes
    standard ones. None while nothing is chosen.
    """
    if draft.target.replica is ReplicaKind.MANAGED_DISK:
        return makes_premium_disks(draft, context.rules)
    if draft.target.storage.create:
        return False
    wanted = storage_id(draft)
    account = context.estate.storage_account(wanted.text) if wanted is not None else None
    return None if account is None else account.tier == _PREMIUM


def _card(nic: TargetNic, item: ReplicationProtectedItem) -> SourceCard:
    return SourceCard(
        subnet=nic.target_subnet,
        address=nic.target_address,
        test_subnet=nic.test_subnet,
        test_address=nic.test_address,
        is_used=nic.selection != _NOT_SELECTED,
        is_primary=bool(nic.id) and nic.id == item.primary_nic_id,
        source_addresses=(nic.source_address,) if nic.source_address else (),
    )


def network_for_tests(networks: Sequence[VirtualNetwork], context: Context) -> VirtualNetwork | None:
    """The network to look at first for a test: that of most replicating machines' tests, else one meant for it."""
    wanted = Counter(key(nic.test_network_id) for item in context.estate.protected_items for nic in item.nics)
    wanted.pop("", None)
    by_key = {network.id.key: network for network in networks}
    for network_key, _ in wanted.most_common():
        if network_key in by_key:
            return by_key[network_key]
    return next((each for each in networks if any(word in each.name.lower() for word in _FOR_TESTS)), None)
