"""Where machines would land: each rule of network cards, subnets and addresses, on both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.address_answer import AddressAnswer
from app.domain.azure import Subnet
from app.domain.issue import Suitability
from app.domain.protected_item import ReplicationProtectedItem
from app.flows.landing_values import Kind, Way
from tests.support import estates
from tests.support.landings import BLOCKED, OK, TEST_NETWORK, WARNING, card, item, look, only, reason, said


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
