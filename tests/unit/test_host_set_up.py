"""What may be said of hosts that are to be registered, and what is answered to what may not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.host_set_up import (
    HostKind,
    HostProxy,
    HostSetUp,
    ProxyKind,
    check_host_name,
    check_host_set_up,
    split_names,
)

ONE = HostSetUp(names=("HV-HQ-01",))
CUSTOM = HostProxy(ProxyKind.CUSTOM, "http://proxy.contoso.com", "8080")


def fields(choice: HostSetUp) -> list[str]:
    return [issue.field for issue in check_host_set_up(choice)]


def text(choice: HostSetUp) -> str:
    return " ".join(issue.text for issue in check_host_set_up(choice))


@pytest.mark.parametrize("name", ["HV-HQ-01", "h", "hv_01", "hv-hq-01.contoso.com", "1host", "A" * 63])
def test_computer_names_are_taken(name: str) -> None:
    assert check_host_name(name) is None


@pytest.mark.parametrize(
    "name",
    ["", "-hv", "hv-", "hv 1", "hv'1", 'hv"; rm', "$(hv)", "hv`n", "hv\n", "ｈｖ", "A" * 64, "a." * 130, "hv..b", "."],
)
def test_what_is_no_computer_name_is_refused_with_an_example(name: str) -> None:
    assert "HV-HQ-01" in (check_host_name(name) or "")


def test_a_host_needs_a_name_and_a_cluster_at_least_two() -> None:
    assert fields(HostSetUp()) == ["names"]
    assert fields(ONE) == []
    assert fields(replace(ONE, kind=HostKind.CLUSTER)) == ["names"]
    assert fields(HostSetUp(HostKind.CLUSTER, names=("a", "b"))) == []


def test_names_are_split_as_people_paste_them_each_once() -> None:
    assert split_names(" hv1, HV1;hv2\r\n\thv3 ") == ("hv1", "hv2", "hv3")


@given(st.text())
def test_splitting_loses_nothing_but_separators_and_repeats(pasted: str) -> None:
    names = split_names(pasted)
    assert len({name.casefold() for name in names}) == len(names)
    assert split_names("\n".join(names)) == names


def test_a_custom_proxy_needs_address_and_port_both() -> None:
    assert fields(replace(ONE, proxy=CUSTOM)) == []
    assert fields(replace(ONE, proxy=replace(CUSTOM, port=""))) == ["proxy.port"]
    assert fields(replace(ONE, proxy=replace(CUSTOM, address=""))) == ["proxy.address"]
    assert fields(replace(ONE, proxy=HostProxy(ProxyKind.EXISTING))) == []


@pytest.mark.parametrize("address", ["https://proxy.contoso.com", "HTTPS://proxy"])
def test_a_proxy_by_https_is_refused_with_the_reason(address: str) -> None:
    assert "HTTPS" in text(replace(ONE, proxy=replace(CUSTOM, address=address)))


@pytest.mark.parametrize(
    "address", ["socks5://proxy", "http://u:p@proxy", "proxy:8080", "http://proxy/pac", "pro xy", "http://", "a'b"]
)
def test_addresses_that_are_none_are_refused(address: str) -> None:
    assert fields(replace(ONE, proxy=replace(CUSTOM, address=address))) == ["proxy.address"]


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1", "８０８０", "1" * 400])
def test_ports_that_are_none_are_refused(port: str) -> None:
    assert fields(replace(ONE, proxy=replace(CUSTOM, port=port))) == ["proxy.port"]


def test_the_proxy_is_written_as_the_provider_takes_it() -> None:
    assert HostProxy(ProxyKind.CUSTOM, "proxy.contoso.com").url == "http://proxy.contoso.com"
    assert HostProxy(ProxyKind.CUSTOM, "http://proxy.contoso.com/").url == "http://proxy.contoso.com"
