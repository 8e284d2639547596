"""Address ranges, subnets, free addresses."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.address_ranges import check_address, check_range, check_ranges, check_subnet, public_warning, read_range
from app.domain.arm_id import resource_group_id
from app.domain.azure import Subnet
from app.domain.issue import Suitability
from app.domain.network_rules import (
    free_addresses,
    free_in_network,
    judge_network,
    judge_subnet,
    network_verdicts,
    reserved_in,
    reserved_words,
)
from app.domain.resource_access import ResourceAccess
from app.domain.rights import Lock, LockLevel
from app.rules import load_rules
from tests.support.estates import GROUP, SUBSCRIPTION, network

RULES = load_rules()
EXAMPLE = "Write it such as 10.60.0.0/16."
KEPT = "Azure takes no such range: it holds {}. Take a private one, such as 10.60.0.0/16."


@pytest.mark.parametrize("text", ["10.60.0.0/16", "10.0.0.0/8", "10.60.0.8/29", "172.16.0.0/12", "20.0.0.0/16"])
def test_fine_ranges_pass(text: str) -> None:
    assert check_range(text, RULES) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f"Type an address range. {EXAMPLE}"),
        (" 10.60.0.0/16", "Remove the space before or after the range."),
        ("10.60.0.0", f"The prefix is missing. {EXAMPLE}"),
        ("10.60.0.1/16", "Bits right of the prefix are set. Did you mean 10.60.0.0/16?"),
        ("10.60.0.0/7", "Bits right of the prefix are set. Did you mean 10.0.0.0/7?"),
        ("10.0.0.0/7", "Use a prefix from /8 to /29; this is /7."),
        ("10.60.0.0/30", "Use a prefix from /8 to /29; this is /30."),
        ("0.0.0.0/0", "Use a prefix from /8 to /29; this is /0."),
        ("10.60.0.0/33", "Use a prefix from /8 to /29; this is /33."),
        ("10.60.0.0/", f"This is not an IPv4 range. {EXAMPLE}"),
        ("10.60. 0.0/16", "Remove the space within the range."),
        ("300.1.1.1/24", "300 is too large: each of the four numbers is 0 to 255."),
        ("300.1.1.1", "300 is too large: each of the four numbers is 0 to 255."),
        ("10.060.0.0/16", "Leave out the zero before 60."),
        ("١٠.60.0.0/16", f"This is not an IPv4 range. {EXAMPLE}"),
        ("10.60.0.0/٦", f"This is not an IPv4 range. {EXAMPLE}"),
        ("10.60.0.0/255.255.0.0", "Write the length of the prefix instead of a mask: 10.60.0.0/16."),
        (
            "fd00::/48",
            "This is IPv6. Machines get IPv4 addresses after a failover; write a range such as 10.60.0.0/16.",
        ),
        ("10.60.0.256/24", "256 is too large: each of the four numbers is 0 to 255."),
        ("🙂/16", f"This is not an IPv4 range. {EXAMPLE}"),
        ("1" * 300 + "/16", f"This is not an IPv4 range. {EXAMPLE}"),
        ("127.0.0.0/16", KEPT.format("loopback addresses")),
        ("169.254.0.0/24", KEPT.format("link-local addresses")),
        ("224.0.0.0/8", KEPT.format("multicast")),
        ("240.0.0.0/8", KEPT.format("addresses kept for later use")),
        ("0.0.0.0/8", KEPT.format("addresses of this very network")),
        (
            "168.0.0.0/8",
            "168.63.129.16/32 inside this range is for Azure’s own services. "
            "Take a private range, such as 10.60.0.0/16.",
        ),
    ],
)
def test_wrong_ranges_are_told_what_would_be_right(text: str, sentence: str) -> None:
    assert check_range(text, RULES) == sentence


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [
        ("10.60.0.0/24", None),
        ("10.60.0.0/16", None),
        ("10.61.0.0/24", "10.61.0.0/24 lies outside the network, which has 10.60.0.0/16."),
        ("10.60.5.0/24", "10.60.5.0/24 overlaps the subnet 10.60.4.0/22."),
        ("10.60.8.0/24", None),
    ],
)
def test_a_subnet_lies_inside_and_overlaps_no_sibling(prefix: str, sentence: str | None) -> None:
    siblings = ["10.60.4.0/22"] if prefix != "10.60.0.0/16" else []
    assert check_subnet(prefix, ["10.60.0.0/16"], siblings, RULES) == sentence


def test_a_subnet_in_a_network_that_is_not_typed_yet_is_judged_by_itself() -> None:
    assert check_subnet("10.60.0.0/24", ["10.6"], (), RULES) is None


@given(st.text(max_size=40))
def test_any_text_gets_a_sentence_or_is_a_range(text: str) -> None:
    sentence = check_range(text, RULES)
    assert (sentence is None) <= (read_range(text) is not None)
    assert sentence is None or sentence.endswith((".", "?"))


@given(st.integers(0, 2**32 - 1), st.integers(8, 29))
def test_every_range_made_by_the_library_reads_back(address: int, prefix: int) -> None:
    whole = IPv4Network((address, prefix), strict=False)
    assert read_range(str(whole)) == whole


@given(st.integers(0, 2**32 - 1), st.integers(8, 29))
def test_the_suggested_correction_is_itself_fine(address: int, prefix: int) -> None:
    host = f"{IPv4Network((address, 32))[0]}/{prefix}"
    sentence = check_range(host, RULES) or ""
    if "Did you mean" in sentence:
        assert "Bits right" not in (check_range(sentence.rsplit(" ", 1)[1].rstrip("?"), RULES) or "")


@pytest.mark.parametrize(
    ("prefix", "used", "free"), [("10.60.0.0/24", 10, 241), ("10.60.0.0/29", 0, 3), ("10.60.0.0/29", 9, 0)]
)
def test_azure_keeps_five_addresses(prefix: str, used: int, free: int) -> None:
    assert free_addresses(Subnet("s", prefix, used), RULES) == free


def test_a_subnet_without_ipv4_has_no_count() -> None:
    assert free_addresses(Subnet("s", "fd00::/64"), RULES) is None
    assert judge_subnet(Subnet("s", "fd00::/64"), 1, RULES).status is Suitability.BLOCKED


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10.60.0.0/16", None),
        ("10.60.0.0/16, 10.61.0.0/24", None),
        ("10.60.0.0/16,,10.61.0.0/24", "Between two commas, or at the end, a range is missing."),
        ("10.60.0.0/16,", "Between two commas, or at the end, a range is missing."),
        ("10.60.0.0/16, 10.61.0.1/24", "10.61.0.1/24: Bits right of the prefix are set. Did you mean 10.61.0.0/24?"),
        ("10.60.0.0/16, 10.60.4.0/24", "10.60.4.0/24 and 10.60.0.0/16 overlap. Leave out the smaller one."),
    ],
)
def test_an_address_space_may_have_several_ranges(text: str, sentence: str | None) -> None:
    assert check_ranges(text, RULES) == sentence


@pytest.mark.parametrize(
    ("text", "is_warned"), [("10.60.0.0/16", False), ("100.64.0.0/16", False), ("10.0.0.0/16, 20.0.0.0/16", True)]
)
def test_addresses_of_the_internet_are_warned_of(text: str, is_warned: bool) -> None:
    warning = public_warning(text, RULES)
    assert (warning is not None) == is_warned
    assert warning is None or warning.startswith("20.0.0.0/16 is not a private range")


# Addresses

SNET = Subnet("snet-core", "10.60.0.0/24", 3, taken=("10.60.0.4", "10.60.0.5"))


@pytest.mark.parametrize(
    ("prefix", "kept", "words"),
    [
        (
            "10.60.0.0/24",
            ("10.60.0.0", "10.60.0.1", "10.60.0.2", "10.60.0.3", "10.60.0.255"),
            "10.60.0.0 to .3 and .255",
        ),
        (
            "10.60.0.8/29",
            ("10.60.0.8", "10.60.0.9", "10.60.0.10", "10.60.0.11", "10.60.0.15"),
            "10.60.0.8 to .11 and .15",
        ),
        (
            "10.60.0.0/22",
            ("10.60.0.0", "10.60.0.1", "10.60.0.2", "10.60.0.3", "10.60.3.255"),
            "10.60.0.0 to .3 and 10.60.3.255",
        ),
        ("fd00::/64", (), ""),
        ("", (), ""),
    ],
)
def test_azure_keeps_the_first_four_addresses_and_the_last(prefix: str, kept: tuple[str, ...], words: str) -> None:
    assert reserved_in(Subnet("s", prefix), RULES) == kept
    assert reserved_words(Subnet("s", prefix), RULES) == words


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("10.60.0.6", None),
        (" 10.60.0.6", "Remove the space before or after the address."),
        ("10.60.0.6/24", "This is a range. Type one address such as 10.60.0.6."),
        ("fd00::1", "This is an IPv6 address. Type an IPv4 address such as 10.60.0.6."),
        ("10.60.0.300", "300 is too large: each of the four numbers is 0 to 255."),
        ("10.60.0.06", "Leave out the zero before 6."),
        ("10.60.0", "This is not an IPv4 address. Write it such as 10.60.0.6."),
        ("١٠.60.0.6", "This is not an IPv4 address. Write it such as 10.60.0.6."),
        ("x" * 300, "This is not an IPv4 address. Write it such as 10.60.0.6."),
    ],
)
def test_what_is_no_address_is_told_with_an_example(address: str, sentence: str | None) -> None:
    assert check_address(address, "10.60.0.6") == sentence


# Subnets


@pytest.mark.parametrize(
    ("machines", "cards", "status"),
    [
        (3, 0, Suitability.OK),
        (4, 0, Suitability.WARNING),
        (2, 3, Suitability.OK),
        (2, 4, Suitability.WARNING),
    ],
)
def test_machines_must_find_an_address_for_each_card(machines: int, cards: int, status: Suitability) -> None:
    assert judge_subnet(Subnet("s", "10.60.0.0/29"), machines, RULES, cards).status is status


def test_what_is_too_small_is_told_in_figures() -> None:
    small = Subnet("s", "10.60.0.0/29", 2)
    assert judge_subnet(small, 2, RULES).reason == "1 address is free in s; 2 machines are chosen."
    assert (
        judge_subnet(small, 1, RULES, 2).reason == "1 address is free in s; 1 machine is chosen, with 2 network cards."
    )


@pytest.mark.parametrize(
    ("subnet", "word"),
    [
        *((Subnet(name, "10.60.0.0/24"), "Kept for Azure") for name in RULES.network.reserved_subnets.names),
        (Subnet("gatewaysubnet", "10.60.0.0/24"), "Kept for Azure"),
        (Subnet("s", "10.60.0.0/24", delegations=("Microsoft.Web/serverFarms",)), "Delegated"),
        (Subnet("s", "fd00::/64"), "IPv6 only"),
        (Subnet("s", ""), "No IPv4 range"),
        (Subnet("s", "10.60.0.0/29", 3), "Full"),
        (Subnet("s", "10.60.0.0/29", 2), "Fits"),
        (Subnet("s", "10.60.0.0/24", more_prefixes=("fd00::/64",)), "Fits"),
        (Subnet("s", "fd00::/64", more_prefixes=("10.60.0.0/24",)), "Fits"),
    ],
)
def test_subnets_that_can_take_no_machine_say_why(subnet: Subnet, word: str) -> None:
    verdict = judge_subnet(subnet, 0, RULES)
    assert (verdict.word, verdict.status is Suitability.BLOCKED) == (word, word != "Fits")


# Networks


def words(**given: object) -> list[str]:
    known = given.pop("known", ResourceAccess())
    found = network(**given)  # type: ignore[arg-type]
    return [each.word for each in network_verdicts(found, "West Europe", RULES, known)]  # type: ignore[arg-type]


GATEWAYS = (Subnet("GatewaySubnet", "10.60.0.0/27"), Subnet("AzureBastionSubnet", "10.60.1.0/26"))
LOCK = Lock("keep", resource_group_id(SUBSCRIPTION, GROUP), LockLevel.READ_ONLY)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["Suitable"]),
        ({"location": "northeurope"}, ["In North Europe"]),
        ({"provisioning_state": "Updating"}, ["Not ready"]),
        ({"subnets": ()}, ["No subnet"]),
        ({"subnets": GATEWAYS}, ["No usable subnet"]),
        ({"subnets": (*GATEWAYS, SNET)}, ["Suitable"]),
        ({"subnets": (*GATEWAYS, Subnet("s", "10.60.0.0/29", 3))}, ["No free address"]),
        ({"known": ResourceAccess(locks=(LOCK,))}, ["Locked"]),
        (
            {"known": ResourceAccess(locks=(replace(LOCK, level=LockLevel.CAN_NOT_DELETE),))},
            ["Suitable", "Delete lock"],
        ),
        ({"known": ResourceAccess(missing=("join",), roles=("Network Contributor",))}, ["No right"]),
        ({"known": ResourceAccess(denied_by="blueprint")}, ["No right"]),
        (
            {
                "location": "northeurope",
                "provisioning_state": "Failed",
                "subnets": (),
                "known": ResourceAccess(locks=(LOCK,), missing=("join",)),
            },
            ["In North Europe", "Not ready", "No subnet", "Locked", "No right"],
        ),
    ],
)
def test_a_network_tells_all_that_speaks_against_it(given: dict[str, object], expected: list[str]) -> None:
    assert words(**given) == expected


def test_of_subnets_that_take_no_machines_one_is_named_and_the_others_counted() -> None:
    full = tuple(Subnet(f"s{number}", f"10.60.{number}.0/29", 3) for number in range(3))
    reasons = [judge_network(network(subnets=full[:count]), "westeurope", RULES).reason for count in (1, 2, 3)]
    assert [reason.partition("in s0.")[2] for reason in reasons] == [
        "", " The other has its own reason.", " The other 2 have their own reasons.",
    ]  # fmt: skip


def test_a_missing_right_names_the_role_and_the_lock_its_place() -> None:
    known = ResourceAccess((LOCK,), ("join",), ("Network Contributor",))
    locked, no_right = network_verdicts(network(), "westeurope", RULES, known)
    assert f"“keep” on {GROUP}" in locked.reason
    assert no_right.remedy.startswith("Ask for Network Contributor on it")


def test_the_verdict_that_decides_is_the_first() -> None:
    assert judge_network(network(), "West Europe", RULES).status is Suitability.OK
    assert judge_network(network(location="northeurope"), "westeurope", RULES).status is Suitability.BLOCKED


def test_a_network_has_the_addresses_of_the_subnets_that_take_machines() -> None:
    assert free_in_network(network(), RULES) == 241 + 251
    assert free_in_network(network(subnets=GATEWAYS), RULES) == 0
