"""Sizes and names of machines that would land, whose they are, and what is said of several at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.arm_id import resource_group_id
from app.domain.azure import AzureMachine, ComputeSize, VirtualNetwork
from app.domain.estate import Estate
from app.domain.host_report import HostReport, HostReports, MachineReport, NicReport
from app.domain.issue import Suitability
from app.domain.protection import OsType
from app.domain.quota import OfferedSize, RegionQuota
from app.flows.draft import NetworkChoice, NewSubnet, SetUpDraft, StorageChoice
from app.flows.landing import Lander
from app.flows.landing_machines import CardsKnown, networks_to_look_at, subjects_of
from app.flows.landing_preview import fixed_addresses, whole_preview
from app.flows.landing_values import Kind, Place, Way
from tests.support import estates
from tests.support.landings import BLOCKED, GROUP_KEY, OK, TEST_NETWORK, WARNING, card, item, look, only, said


@pytest.mark.parametrize(
    ("size", "disks", "premium", "generation", "kinds"),
    [
        ("Standard_D2s_v5", 4, False, 2, set()),
        ("Standard_D2s_v5", 5, False, 1, {Kind.SIZE_UNFIT}),
        ("Standard_D2s_v5", 1, True, 1, set()),
        ("Standard_D2_v5", 1, True, 1, {Kind.SIZE_NOT_PREMIUM}),
        ("Standard_D2_v5", 1, False, 1, set()),
        ("Standard_D2_v3", 1, False, 1, set()),
        ("Standard_D2_v3", 1, False, 2, {Kind.SIZE_UNFIT}),
    ],
)
def test_a_size_must_take_disks_premium_and_generation(
    size: str, disks: int, premium: bool, generation: int, kinds: set[Kind]
) -> None:
    machine = estates.machine("WEB-01", generation=generation, data_gib=(10,) * disks)
    account = estates.storage(tier="Premium" if premium else "Standard")
    draft = replace(estates.ready_draft(), machines=(estates.choice(machine, size=size),))

    found = look(draft=draft, protectable_items=(machine,), storage_accounts=(account,), compute_sizes=())

    assert set(said(only(found))) - {Kind.CARDS_ASSUMED} == kinds


def test_disks_of_a_new_account_or_managed_ones_are_no_premium_ones() -> None:
    draft = estates.ready_draft()
    machine = estates.machine("WEB-01")
    target = replace(draft.target, storage=StorageChoice(name="contosonew", create=True))
    draft = replace(draft, target=target, machines=(estates.choice(machine, size="Standard_D2_v5"),))

    assert Kind.SIZE_NOT_PREMIUM not in said(only(look(draft=draft, compute_sizes=())))


SIZES = (
    OfferedSize("Standard_D2s_v5", "dsv5", 2, 8192, 4, 2),
    OfferedSize("Standard_D8s_v5", "dsv5", 8, 32768, 16, 4),
)


@pytest.mark.parametrize(
    ("cores", "cards", "likely", "kinds"),
    [
        (2, 1, "Standard_D2s_v5", set()),
        (4, 1, "Standard_D8s_v5", set()),
        (2, 3, "Standard_D8s_v5", set()),
        (16, 1, "", {Kind.NO_SIZE}),
        (0, 1, "", set()),
    ],
)
def test_where_azure_chooses_the_size_the_smallest_that_takes_it_is_told(
    cores: int, cards: int, likely: str, kinds: set[Kind]
) -> None:
    machine = item(*(card() for _ in range(cards)), target_size="", source_cores=cores, source_memory_mib=4096)

    landing = only(look(machine, quota=RegionQuota(estates.SUBSCRIPTION, "westeurope", sizes=SIZES)))

    assert (landing.size, landing.likely_size) == ("", likely)
    assert set(said(landing)) == kinds


@pytest.mark.parametrize(
    ("sizes", "is_warned"),
    [
        ((ComputeSize("Standard_B2ts_v2", 2, 8192, 4),), True),  # generation 2 alone
        ((ComputeSize("Standard_B2ts_v2", 2, 8192, 4), ComputeSize("Standard_D2s_v5", 2, 8192, 4)), False),
        ((ComputeSize("Standard_B2ts_v2", 2, 8192, 4), ComputeSize("Standard_Unheard_of", 2, 8192, 4)), False),
        ((), False),
    ],
)
def test_a_region_without_a_generation_1_size_can_adapt_no_machine(
    sizes: tuple[ComputeSize, ...], is_warned: bool
) -> None:
    found = look(item(target_size=""), compute_sizes=sizes)

    assert any("generation 1" in each.text for each in found.told) is is_warned


@pytest.mark.parametrize(
    ("name", "os_type", "expected"),
    [
        ("WEB-01", OsType.WINDOWS, {}),
        ("x" * 63, OsType.LINUX, {}),
        ("x" * 64, OsType.LINUX, {Kind.NAME_REFUSED: BLOCKED}),
        ("WEB 05", OsType.WINDOWS, {Kind.NAME_REFUSED: BLOCKED}),
        ("WEB-", OsType.WINDOWS, {Kind.NAME_REFUSED: BLOCKED}),
        ("x" * 15, OsType.WINDOWS, {}),
        ("x" * 16, OsType.WINDOWS, {Kind.NAME_LONG: WARNING}),
        ("x" * 16, OsType.LINUX, {}),
        ("12345", OsType.WINDOWS, {Kind.NAME_NUMERIC: WARNING}),
        ("12345", OsType.LINUX, {}),
        ("sap-01", OsType.LINUX, {Kind.NAME_TAKEN: BLOCKED}),
    ],
)
def test_the_name_must_be_one_that_azure_takes(name: str, os_type: OsType, expected: dict[Kind, Suitability]) -> None:
    taken = AzureMachine(GROUP_KEY.child("vm"), "SAP-01", "westeurope", "", "", "")

    landing = only(look(item(target_name=name, os_type=os_type), machines=(taken,)))

    assert said(landing) == expected


def test_two_machines_cannot_have_one_name_in_a_group_and_can_in_two() -> None:
    other_group = resource_group_id(estates.SUBSCRIPTION, "rg-other").text
    twice = look(item(), item(name="WEB-02", target_name="web-01"))
    apart = look(item(), item(name="WEB-02", target_name="web-01", target_resource_group_id=other_group))

    assert [landing.status for landing in twice.landings] == [BLOCKED, BLOCKED]
    assert [landing.status for landing in apart.landings] == [OK, OK]


def test_a_test_machine_left_over_may_hold_the_address_of_the_next_failover() -> None:
    left = item(card(address="10.60.3.20"), test_failover_state="WaitingForCompletion")

    assert said(only(look(left))) == {Kind.NOT_CLEANED_UP: WARNING}
    assert Kind.NOT_CLEANED_UP not in said(only(look(item(card(), test_failover_state="WaitingForCompletion"))))
    taken = AzureMachine(GROUP_KEY.child("vm"), "WEB-01-test", "westeurope", "", "", "")
    assert said(only(look(item(), network=TEST_NETWORK, way=Way.TEST, machines=(taken,)))) == {Kind.NAME_TAKEN: WARNING}


def test_cards_of_a_machine_that_does_not_replicate_yet_are_told_by_its_host_or_assumed() -> None:
    machine = estates.machine("WEB-01")
    nics = (NicReport("one"), NicReport("two", addresses=("20.50.1.7", "fe80::1")))
    report = MachineReport(machine.name, "WEB-01", cores=2, memory_bytes=4 << 30, nics=nics)
    reports = HostReports((HostReport("HV-HQ-01", datetime(2026, 11, 20, tzinfo=UTC), machines=(report,)),))
    draft = replace(estates.ready_draft(), machines=(estates.choice(machine),))

    told = only(look(draft=draft, reports=reports))
    assumed = only(look(draft=draft))

    assert (told.machine.cards_known, len(told.cards)) == (CardsKnown.HOST, 2)
    assert (told.machine.cores, told.machine.memory_mib) == (2, 4096)
    assert said(told) == {Kind.PUBLIC_STAYS: OK}
    assert (assumed.machine.cards_known, len(assumed.cards)) == (CardsKnown.ASSUMED, 1)
    assert said(assumed) == {Kind.CARDS_ASSUMED: OK}


def test_chosen_machines_are_looked_at_or_else_all_that_could_be_and_those_that_replicate() -> None:
    replicating, in_azure = item(name="OLD-01"), item(name="OLD-02", active_location="Recovery")
    estate: dict[str, object] = {"protected_items": (replicating, in_azure)}
    chosen = estates.ready_draft()

    with_choice = look(replicating, in_azure, draft=chosen)
    without = look(draft=replace(chosen, machines=()), **estate)

    assert [landing.machine.name for landing in with_choice.landings] == ["WEB-01", "SQL-PROD-01", "DC01", "OLD-01"]
    assert [landing.machine.name for landing in without.landings] == [
        *("WEB-01", "SQL-PROD-01", "DC01", "LNX-GIT", "WEB 05", "OLD-01")
    ]
    assert {landing.cards[0].subnet for landing in with_choice.landings} == {"snet-core", "snet-web"}
    assert next(each.name for each in without.landings if each.machine.name == "WEB 05") == "WEB-05"
    assert with_choice.in_azure == 1


def test_a_network_still_to_be_created_is_looked_at_first_and_other_regions_are_not() -> None:
    draft = estates.ready_draft()
    choice = NetworkChoice(
        "", "vnet-new", "snet-a", "10.70.0.0/16", "10.70.1.0/24", True, (NewSubnet("b", "10.70.2.0/24"),)
    )
    planned = replace(draft, target=replace(draft.target, network=choice))
    context = estates.context(
        estates.contoso(networks=(TEST_NETWORK, estates.network(), estates.network("neu", location="northeurope")))
    )

    assert [each.name for each in networks_to_look_at(draft, context)] == ["vnet-dr-weu", "vnet-drill"]
    first = networks_to_look_at(planned, context)[0]
    assert (first.name, [subnet.name for subnet in first.subnets]) == ("vnet-new", ["snet-a", "b"])
    landing = look(draft=planned, network=first).landings[0]
    assert (landing.cards[0].subnet, landing.cards[0].likely) == ("snet-a", ("10.70.1.4", "10.70.1.6"))


def test_what_troubles_several_machines_is_said_once_with_their_number() -> None:
    found = look(*(item(card("snet-core"), name=f"WEB-0{n}") for n in range(3)), network=TEST_NETWORK, way=Way.TEST)

    (told,) = [each for each in found.told if each.count]
    assert (told.count, told.status) == (3, WARNING)
    assert told.text.startswith("3 machines land in a subnet of another name")


def test_a_test_in_the_network_of_the_failover_is_warned_of() -> None:
    def is_warned(network: VirtualNetwork) -> bool:
        return any("meet what runs there" in each.text for each in look(item(), network=network, way=Way.TEST).told)

    assert is_warned(estates.network())
    assert not is_warned(TEST_NETWORK)


def test_only_addresses_of_cards_that_are_created_are_worth_asking_about() -> None:
    cards = (card(address="10.60.3.20"), card(address="10.60.3.21", selection="NotSelected"), card())
    found = look(item(*cards), item(card(address="10.60.3.20", test_address="10.60.3.30"), name="WEB-02"))

    assert fixed_addresses(found.landings, found.place) == ("10.60.3.20",)
    assert fixed_addresses(found.landings, replace(found.place, way=Way.TEST)) == ("10.60.3.20", "10.60.3.30")


def test_nobody_is_no_trouble() -> None:
    estate: Estate = estates.empty()
    found = whole_preview(Lander(subjects_of(SetUpDraft(), estates.context(estate)), Place(Way.FAILOVER, None)))

    assert (found.landings, found.told, found.loads) == ((), (), ())
