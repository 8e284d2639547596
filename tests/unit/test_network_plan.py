"""Dividing a new network: free ranges, how large a subnet must be, overlaps, servers for names."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.network_plan import (
    check_servers,
    filled,
    free_count,
    next_free,
    overlap_warning,
    overlapping,
    prefix_for,
    proposed_space,
    proposed_subnet,
)
from app.domain.network_rules import capacity_of
from app.rules import load_rules
from tests.support.estates import network

RULES = load_rules()
SPACE = IPv4Network("10.60.0.0/24")


@pytest.mark.parametrize(
    ("machines", "length"),
    [(0, 29), (3, 29), (4, 28), (11, 28), (12, 27), (251, 24), (252, 23), (16_777_211, 8), (16_777_212, None)],
)
def test_the_smallest_subnet_that_holds_the_machines(machines: int, length: int | None) -> None:
    assert prefix_for(machines, RULES) == length


@given(st.integers(0, 100_000))
def test_the_proposed_size_is_enough_and_the_next_smaller_is_not(machines: int) -> None:
    length = prefix_for(machines, RULES)
    assert length is not None
    assert capacity_of(IPv4Network((0, length)), RULES) >= machines
    assert length == 29 or capacity_of(IPv4Network((0, length + 1)), RULES) < machines


@pytest.mark.parametrize(
    ("subnets", "stretches"),
    [
        ([], [("", 256)]),
        ([("a", "10.60.0.0/25")], [("a", 128), ("", 128)]),
        ([("b", "10.60.0.128/26"), ("a", "10.60.0.0/26")], [("a", 64), ("", 64), ("b", 64), ("", 64)]),
        ([("a", "10.60.0.0/24")], [("a", 256)]),
        (
            [("a", "10.60.0.0/25"), ("over", "10.60.0.64/26"), ("out", "10.61.0.0/26"), ("bad", "x")],
            [("a", 128), ("", 128)],
        ),
    ],
)
def test_an_address_space_is_told_from_end_to_end(
    subnets: list[tuple[str, str]], stretches: list[tuple[str, int]]
) -> None:
    found = filled(SPACE, subnets)
    assert [(each.name, each.size) for each in found] == stretches
    assert sum(each.size for each in found) == 256
    assert free_count([SPACE], [prefix for _, prefix in subnets]) == sum(n for name, n in stretches if not name)


@pytest.mark.parametrize(
    ("spaces", "taken", "length", "found"),
    [
        (["10.60.0.0/24"], [], 26, "10.60.0.0/26"),
        (["10.60.0.0/24"], ["10.60.0.0/26"], 26, "10.60.0.64/26"),
        (["10.60.0.0/24"], ["10.60.0.128/26"], 26, "10.60.0.192/26"),
        (["10.60.0.0/24"], ["10.60.0.192/26"], 26, "10.60.0.0/26"),
        (["10.60.0.0/24"], ["10.60.0.0/29"], 26, "10.60.0.64/26"),
        (["10.60.0.0/24"], ["10.60.0.0/25", "10.60.0.192/26"], 26, "10.60.0.128/26"),
        (["10.60.0.0/24"], ["10.60.0.0/25", "10.60.0.192/26"], 25, None),
        (["10.60.0.0/24"], [], 23, None),
        (["10.60.0.0/24", "10.61.0.0/24"], ["10.60.0.0/24"], 25, "10.61.0.0/25"),
        (["10.60.0.0/24"], ["not a range"], 25, "10.60.0.0/25"),
    ],
)
def test_the_next_free_range(spaces: list[str], taken: list[str], length: int, found: str | None) -> None:
    proposed = next_free(map(IPv4Network, spaces), taken, length)
    assert proposed == (IPv4Network(found) if found else None)


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(24, 29)), max_size=12), st.integers(24, 29))
def test_what_is_proposed_is_inside_and_overlaps_nothing(drawn: list[tuple[int, int]], length: int) -> None:
    taken = [IPv4Network((f"10.60.0.{at}", prefix), strict=False) for at, prefix in drawn]
    proposed = next_free([SPACE], map(str, taken), length)
    assert proposed is None or (proposed.subnet_of(SPACE) and not any(proposed.overlaps(each) for each in taken))


@pytest.mark.parametrize(
    ("space", "taken", "machines", "found"),
    [
        ("10.60.0.0/16", [], 3, "10.60.0.0/24"),
        ("10.60.0.0/16", ["10.60.0.0/24"], 300, "10.60.2.0/23"),
        ("10.60.0.0/26", [], 3, "10.60.0.0/26"),
        ("10.60.0.0/26", ["10.60.0.0/27"], 3, "10.60.0.32/27"),
        ("10.60.0.0/26", ["10.60.0.0/27"], 40, ""),
        ("10.60.0.0/16", [], 99_999_999, ""),
    ],
)
def test_the_proposed_subnet_holds_the_machines_and_has_room_where_there_is(
    space: str, taken: list[str], machines: int, found: str
) -> None:
    assert proposed_subnet([IPv4Network(space)], taken, machines, RULES) == found


@pytest.mark.parametrize(
    ("spaces", "found"),
    [
        ([], "10.0.0.0/16"),
        (["10.0.0.0/16", "10.1.4.0/22", "fd00::/48"], "10.2.0.0/16"),
        (["10.0.0.0/8"], "172.16.0.0/16"),
        (["0.0.0.0/1", "128.0.0.0/1"], ""),
    ],
)
def test_the_proposed_address_space_is_no_other_networks(spaces: list[str], found: str) -> None:
    assert proposed_space([network(address_prefixes=tuple(spaces))], RULES) == found


def test_networks_with_the_same_addresses_are_named() -> None:
    others = [network("vnet-a"), network("vnet-b"), network("vnet-far", address_prefixes=("10.99.0.0/16", "fd00::/48"))]
    wanted = [IPv4Network("10.60.4.0/22")]
    assert overlapping(wanted, others) == (("vnet-a", "10.60.0.0/16"), ("vnet-b", "10.60.0.0/16"))
    assert overlap_warning(wanted, others[:1]) == (
        "vnet-a (10.60.0.0/16) overlaps it: they can’t be peered, so machines here and there won’t reach each other."
    )
    assert "and 1 other network overlap it" in (overlap_warning(wanted, others) or "")
    assert overlap_warning([IPv4Network("10.70.0.0/16")], others) is None


@pytest.mark.parametrize(
    ("servers", "problems"),
    [
        ((), {}),
        (("10.60.0.10", "8.8.8.8", "", " "), {}),
        (("10.60.0.10", "10.60.0.10"), {1: "10.60.0.10 is given already. Give each server once."}),
        (("127.0.0.1",), {0: "127.0.0.1 means each machine itself. Type the address of a server."}),
        (("224.0.0.1",), {0: "224.0.0.1 is the address of no server. Type one such as 10.60.0.10."}),
        (("0.0.0.0",), {0: "0.0.0.0 is the address of no server. Type one such as 10.60.0.10."}),
        (("dc01.contoso.local",), {0: "This is not an IPv4 address. Write it such as 10.60.0.10."}),
        (("fd00::1",), {0: "This is an IPv6 address. Type an IPv4 address such as 10.60.0.10."}),
        (("10.60.0.10, 10.60.0.11",), {0: "This is not an IPv4 address. Write it such as 10.60.0.10."}),
        ((" 10.60.0.10",), {0: "Remove the space before or after the address."}),
        (tuple(f"10.60.1.{n}" for n in range(21)), {20: "A network has 20 DNS servers at most. Take some away."}),
    ],
)
def test_servers_for_names(servers: tuple[str, ...], problems: dict[int, str]) -> None:
    assert check_servers(servers, RULES) == problems
