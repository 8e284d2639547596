"""Where machines would land: each rule of names, sizes, network cards, subnets and addresses, on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from app.domain.address_answer import AddressAnswer
from app.domain.arm_id import resource_group_id
from app.domain.azure import AzureMachine, ComputeSize, Subnet, VirtualNetwork
from app.domain.estate import Estate
from app.domain.host_report import HostReport, HostReports, MachineReport, NicReport
from app.domain.issue import Suitability
from app.domain.protected_item import ReplicationProtectedItem, TargetNic
from app.domain.protection import OsType
from app.domain.quota import OfferedSize, RegionQuota
from app.flows.draft import NetworkChoice, NewSubnet, SetUpDraft, StorageChoice
from app.flows.landing import Lander
from app.flows.landing_machines import CardsKnown, networks_to_look_at, subjects_of
from app.flows.landing_preview import fixed_addresses, whole_preview
from app.flows.landing_values import Kind, Landing, Place, Preview, Way
from tests.support import estates

OK, WARNING, BLOCKED = Suitability.OK, Suitability.WARNING, Suitability.BLOCKED
TEST_NETWORK = estates.network(
    "vnet-drill",
    subnets=(Subnet("z-last", "10.61.1.0/24"), Subnet("Snet-Web", "10.61.3.0/24"), Subnet("a-first", "10.61.0.0/24")),
)
GROUP_KEY = resource_group_id(estates.SUBSCRIPTION, estates.GROUP)


def card(subnet: str = "snet-web", address: str = "", selection: str = "SelectedByUser", **more: str) -> TargetNic:
    return TargetNic(more.pop("id", "nic"), "switch", more.pop("source", ""), subnet, address, selection, **more)


def item(*cards: TargetNic, name: str = "WEB-01", **changes: object) -> ReplicationProtectedItem:
    found = estates.protected(estates.machine(name))
    given = {
        "nics": cards or (card(),),
        "target_name": name,
        "target_size": "Standard_D2s_v5",
        "target_network_id": estates.network().id.text,
        "target_resource_group_id": GROUP_KEY.text,
        "storage_account_id": estates.storage().id.text,
    }
    return msgspec.structs.replace(found, **(given | changes))


def look(
    *items: ReplicationProtectedItem,
    network: VirtualNetwork | None = None,
    way: Way = Way.FAILOVER,
    answers: Mapping[str, AddressAnswer] | None = None,
    draft: SetUpDraft | None = None,
    reports: HostReports | None = None,
    **changes: object,
) -> Preview:
    """The preview of these machines alone, unless a draft says otherwise."""
    network = network or estates.network()
    estate = estates.contoso(**{"protected_items": items, "networks": (network, estates.network()), **changes})
    draft = draft or replace(estates.ready_draft(estate), machines=(), site=estates.SetUpDraft().site)
    context = estates.context(estate)
    context = replace(context, reports=reports) if reports is not None else context
    return whole_preview(Lander(subjects_of(draft, context), Place(way, network, answers or {})))


def only(preview: Preview) -> Landing:
    (landing,) = preview.landings
    return landing


def said(landing: Landing) -> dict[Kind, Suitability]:
    return {remark.kind: remark.status for remark in landing.remarks}


def reason(landing: Landing, kind: Kind) -> str:
    return next(remark.verdict.reason for remark in landing.remarks if remark.kind is kind)


def test_a_machine_set_as_it_should_be_lands_without_a_word() -> None:
    landing = only(look(item(card(address="10.60.3.20"))))

    assert (landing.name, landing.size, landing.remarks) == ("WEB-01", "Standard_D2s_v5", ())
    assert [(each.subnet, each.address) for each in landing.cards] == [("snet-web", "10.60.3.20")]


@pytest.mark.parametrize(
    ("count", "size", "created", "kinds"),
    [
        (2, "Standard_D8s_v5", 2, set()),  # the size takes 4
        (2, "Standard_D2s_v5", 2, set()),  # takes 2
        (3, "Standard_D2s_v5", 2, {Kind.CARDS_CUT}),
        (4, "Standard_D8s_v5", 4, set()),
        (5, "Standard_D8s_v5", 4, {Kind.CARDS_CUT}),
        (5, "", 5, set()),  # Azure chooses one that takes them
        (3, "Standard_Unheard_of", 3, {Kind.SIZE_UNFIT}),
    ],
)
def test_as_many_cards_come_as_are_selected_and_the_size_takes(
    count: int, size: str, created: int, kinds: set[Kind]
) -> None:
    landing = only(look(item(*(card(id=f"nic{n}") for n in range(count)), target_size=size)))

    assert len(landing.cards) == created
    assert set(said(landing)) == kinds


@pytest.mark.parametrize(
    ("selections", "primary", "subnets", "kinds"),
    [
        (("SelectedByUser", "SelectedByUser", "SelectedByUser"), "nic2", ["s2", "s0"], {Kind.CARDS_CUT}),
        (("SelectedByUser", "SelectedByUser", "SelectedByUser"), "nic0", ["s0", "s1"], {Kind.CARDS_CUT}),
        (("SelectedByUser", "NotSelected", "SelectedByUser"), "nic0", ["s0", "s2"], {Kind.CARDS_UNUSED}),
        (
            ("NotSelected", "SelectedByUser", "SelectedByUser"),
            "nic0",
            ["s1", "s2"],
            {Kind.PRIMARY_UNUSED, Kind.CARDS_UNUSED},
        ),
        (("NotSelected", "NotSelected", "NotSelected"), "nic0", [], {Kind.NO_CARD}),
    ],
)
def test_the_primary_card_stays_and_what_is_not_selected_is_not_created(
    selections: tuple[str, ...], primary: str, subnets: list[str], kinds: set[Kind]
) -> None:
    network = estates.network(subnets=tuple(Subnet(f"s{n}", f"10.60.{n}.0/24") for n in range(3)))
    cards = [card(f"s{n}", selection=selection, id=f"nic{n}") for n, selection in enumerate(selections)]

    landing = only(look(item(*cards, primary_nic_id=primary), network=network))

    assert [each.subnet for each in landing.cards] == subnets
    assert set(said(landing)) == kinds


@pytest.mark.parametrize(
    ("address", "way", "expected"),
    [
        ("10.60.3.4", Way.FAILOVER, {}),  # the first that a machine can have
        ("10.60.3.254", Way.FAILOVER, {}),  # the last
        ("10.60.3.0", Way.FAILOVER, {Kind.ADDRESS_KEPT: BLOCKED}),
        ("10.60.3.3", Way.FAILOVER, {Kind.ADDRESS_KEPT: BLOCKED}),
        ("10.60.3.255", Way.FAILOVER, {Kind.ADDRESS_KEPT: BLOCKED}),
        ("10.60.4.20", Way.FAILOVER, {Kind.ADDRESS_OUTSIDE: BLOCKED}),
        ("not an address", Way.FAILOVER, {Kind.ADDRESS_OUTSIDE: BLOCKED}),
        ("10.60.3.20", Way.FAILOVER, {}),
        ("10.60.3.21", Way.FAILOVER, {Kind.ADDRESS_TAKEN: BLOCKED}),
        ("10.60.3.3", Way.TEST, {Kind.ADDRESS_KEPT: WARNING}),
        ("10.60.4.20", Way.TEST, {Kind.ADDRESS_OUTSIDE: WARNING}),
        ("10.60.3.20", Way.TEST, {}),
        ("10.60.3.21", Way.TEST, {Kind.ADDRESS_TAKEN: WARNING}),
    ],
)
def test_a_fixed_address_that_cannot_be_had_fails_a_failover_and_changes_in_a_test(
    address: str, way: Way, expected: dict[Kind, Suitability]
) -> None:
    answers = {"10.60.3.20": AddressAnswer(True), "10.60.3.21": AddressAnswer(False, others=("10.60.3.22",))}

    landing = only(look(item(card(address=address)), way=way, answers=answers))

    assert said(landing) == expected
    assert landing.cards[0].address == ("" if way is Way.TEST and expected else address)


def test_an_address_that_a_card_is_known_to_have_is_taken_until_azure_says_otherwise() -> None:
    network = estates.network(subnets=(Subnet("snet-web", "10.60.3.0/24", 1, taken=("10.60.3.21",)),))
    machine = item(card(address="10.60.3.21"))

    assert Kind.ADDRESS_TAKEN in said(only(look(machine, network=network)))
    assert not said(only(look(machine, network=network, answers={"10.60.3.21": AddressAnswer(True)})))


def test_two_machines_with_one_address_both_fail_and_a_third_does_not() -> None:
    items = [item(card(address=f"10.60.3.{last}"), name=f"WEB-0{n}") for n, last in enumerate((20, 20, 21))]

    landings = look(*items).landings

    assert [landing.status for landing in landings] == [BLOCKED, BLOCKED, OK]
    assert "WEB-01" in reason(landings[0], Kind.ADDRESS_TWICE)


def test_one_machine_may_not_have_an_address_twice_either() -> None:
    cards = (card(address="10.60.3.20"), card(address="10.60.3.20"))

    assert "another of its own cards" in reason(only(look(item(*cards))), Kind.ADDRESS_TWICE)


def test_without_an_address_it_gets_the_next_free_one_and_which_is_told_where_it_is_known() -> None:
    empty, used = Subnet("snet-web", "10.60.3.0/28"), Subnet("snet-web", "10.60.3.0/28", 3)
    known = replace(used, used_addresses=1, taken=("10.60.3.5",))
    fixed = item(card(address="10.60.3.4"), name="DC01")

    def likely(subnet: Subnet, *items: ReplicationProtectedItem) -> tuple[str, ...]:
        return look(*items, network=estates.network(subnets=(subnet,))).landings[0].cards[0].likely

    assert likely(empty, item()) == ("10.60.3.4", "10.60.3.4")
    assert likely(empty, item(), item(name="WEB-02")) == ("10.60.3.4", "10.60.3.5")
    assert likely(empty, item(), fixed) == ("10.60.3.5", "10.60.3.5")
    assert likely(known, item(), item(name="WEB-02")) == ("10.60.3.4", "10.60.3.6")
    assert likely(used, item()) == ()


@pytest.mark.parametrize(
    ("wanted", "test_wanted", "landed", "is_warned"),
    [
        ("snet-web", "", "Snet-Web", False),  # by name, whatever its case
        ("snet-core", "", "a-first", True),
        ("snet-core", "z-last", "z-last", False),  # chosen for tests
        ("", "", "a-first", True),
    ],
)
def test_a_test_lands_in_the_subnet_of_the_same_name_or_else_the_first_by_alphabet(
    wanted: str, test_wanted: str, landed: str, is_warned: bool
) -> None:
    machine = item(card(wanted, test_subnet=test_wanted))

    landing = only(look(machine, network=TEST_NETWORK, way=Way.TEST))

    assert landing.cards[0].subnet == landed
    assert said(landing) == ({Kind.SUBNET_BY_ALPHABET: WARNING} if is_warned else {})
    assert landing.name == "WEB-01-test"


def test_a_failover_into_a_subnet_that_is_gone_fails() -> None:
    assert said(only(look(item(card("snet-gone"))))) == {Kind.SUBNET_MISSING: BLOCKED}
    assert said(only(look(item(), network=estates.network(subnets=())))) == {Kind.NO_SUBNET: BLOCKED}


@pytest.mark.parametrize(
    ("subnet", "is_refused"),
    [
        (Subnet("snet-web", "10.60.3.0/24"), False),
        (Subnet("snet-web", "10.60.3.0/29", 2), False),
        (Subnet("snet-web", "10.60.3.0/29", 3), True),  # full
        (Subnet("snet-web", "10.60.3.0/24", delegations=("Microsoft.Web/serverFarms",)), True),
        (Subnet("snet-web", "fd00::/64"), True),
    ],
)
def test_a_subnet_that_takes_nobody_fails_the_failover(subnet: Subnet, is_refused: bool) -> None:
    landing = only(look(item(), network=estates.network(subnets=(subnet,))))

    assert (Kind.SUBNET_REFUSED in said(landing)) is is_refused


def test_all_cards_of_a_machine_join_one_network_and_that_may_be_another_than_is_set() -> None:
    machine = item(card("snet-web"), card("z-last"))

    there = only(look(machine, network=TEST_NETWORK))

    assert [each.subnet for each in there.cards] == ["Snet-Web", "z-last"]
    assert said(there) == {Kind.OTHER_NETWORK: OK}
    assert Kind.OTHER_NETWORK not in said(only(look(machine)))


@pytest.mark.parametrize(("machines", "is_short"), [(3, False), (4, True)])
def test_machines_are_counted_against_the_free_addresses_of_each_subnet(machines: int, is_short: bool) -> None:
    network = estates.network(subnets=(Subnet("snet-web", "10.60.3.0/28", 5),))  # 11 can be given
    items = [item(card(), card(), name=f"WEB-0{n}") for n in range(machines)]

    found = look(*items, network=network)

    (load,) = found.loads
    assert (load.machines, load.cards, load.free, bool(load.missing)) == (machines, 2 * machines, 6, is_short)
    assert found.without_address == (2 if is_short else 0)
    assert any("8 network cards, 6 addresses free" in each.text for each in found.told) is is_short


@pytest.mark.parametrize(
    ("source", "address", "is_told"),
    [("20.50.1.7", "", True), ("192.168.1.7", "", False), ("20.50.1.7", "20.50.1.7", False), ("fd00::1", "", False)],
)
def test_a_public_address_stays_behind_and_a_kept_one_may_be_public(source: str, address: str, is_told: bool) -> None:
    network = estates.network(address_prefixes=("20.50.1.0/24",), subnets=(Subnet("snet-web", "20.50.1.0/24"),))

    landing = only(look(item(card(address=address, source=source)), network=network))

    assert said(landing) == ({Kind.PUBLIC_STAYS: OK} if is_told else {})


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
