"""Address ranges, subnets, free addresses."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.azure import Subnet
from app.domain.issue import Suitability
from app.domain.network_rules import check_range, check_subnet, free_addresses, judge_network, judge_subnet, read_range
from app.rules import load_rules
from tests.support.estates import network

RULES = load_rules()
EXAMPLE = "Write it such as 10.60.0.0/16."


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
        ("10.60.0.0/33", f"This is not an IPv4 range. {EXAMPLE}"),
        ("10.60.0.0/٦", f"This is not an IPv4 range. {EXAMPLE}"),
        ("10.60.0.0/255.255.0.0", f"This is not an IPv4 range. {EXAMPLE}"),
        ("fd00::/48", f"This is not an IPv4 range. {EXAMPLE}"),
        ("10.60.0.256/24", f"This is not an IPv4 range. {EXAMPLE}"),
        ("🙂/16", f"This is not an IPv4 range. {EXAMPLE}"),
        ("1" * 300 + "/16", f"This is not an IPv4 range. {EXAMPLE}"),
        ("127.0.0.0/16", "This range has a special use. Take a private one, such as 10.60.0.0/16."),
        ("169.254.0.0/24", "This range has a special use. Take a private one, such as 10.60.0.0/16."),
        ("224.0.0.0/8", "This range has a special use. Take a private one, such as 10.60.0.0/16."),
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


@pytest.mark.parametrize(("machines", "status"), [(3, Suitability.OK), (4, Suitability.WARNING)])
def test_machines_must_find_an_address(machines: int, status: Suitability) -> None:
    assert judge_subnet(Subnet("s", "10.60.0.0/29"), machines, RULES).status is status


def test_network_verdicts() -> None:
    assert judge_network(network(), "West Europe", RULES).status is Suitability.OK
    elsewhere = judge_network(network(location="northeurope"), "westeurope", RULES)
    assert (elsewhere.status, elsewhere.word) == (Suitability.BLOCKED, "In North Europe")
    assert judge_network(replace(network(), subnets=()), "westeurope", RULES).word == "No subnet"
    assert judge_network(network(provisioning_state="Updating"), "westeurope", RULES).word == "Not ready"
