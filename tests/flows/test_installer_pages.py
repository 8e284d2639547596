"""The installer's pages as they are told, and the commands in their place, for the admin's own answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.host_set_up import HostEdition, HostProxy, HostSetUp, ProxyKind
from app.flows.installer_pages import command_steps, installer_pages, shows_commands

KEY = "asr-contoso-weu_Contoso-HQ.VaultCredentials"
HOST = HostSetUp(names=("HV-HQ-03",))
CUSTOM = HostProxy(ProxyKind.CUSTOM, "proxy.contoso.com", "8080", r"CONTOSO\o'neil")


def chosen(hosts: HostSetUp) -> list[str]:
    proxy = next(page for page in installer_pages(hosts, KEY) if page.id == "proxy")
    return [row.name for row in proxy.rows if row.is_chosen]


def test_pages_come_in_the_order_of_the_installer() -> None:
    ids = [page.id for page in installer_pages(HOST, KEY)]
    assert ids == ["update", "location", "installed", "vault", "proxy", "registration", "finish"]


def test_key_file_stands_where_it_is_browsed_to() -> None:
    vault = next(page for page in installer_pages(HOST, KEY) if page.id == "vault")
    assert [row.value for row in vault.rows if row.is_marked] == [KEY]


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        (HostProxy(), ["Connect directly, without a proxy"]),
        (HostProxy(ProxyKind.EXISTING), ["Connect with existing proxy settings"]),
        (CUSTOM, ["Connect with custom proxy settings", "This proxy requires authentication"]),
        (replace(CUSTOM, user=""), ["Connect with custom proxy settings"]),
    ],
)
def test_proxy_page_shows_the_mode_that_was_answered(proxy: HostProxy, words: list[str]) -> None:
    assert chosen(replace(HOST, proxy=proxy)) == words


def test_proxy_page_has_address_port_and_user_and_no_password() -> None:
    proxy = next(page for page in installer_pages(replace(HOST, proxy=CUSTOM), KEY) if page.id == "proxy")
    values = {row.name: row.value for row in proxy.rows}
    assert values["Address"] == "http://proxy.contoso.com"
    assert values["Port"] == "8080"
    assert values["User name"] == r"CONTOSO\o'neil"
    assert "this program holds none" in values["Password"]


def test_several_hosts_are_told_to_go_on() -> None:
    many = replace(HOST, names=("A1", "A2"))
    assert "every other host" in installer_pages(many, KEY)[-1].advice
    assert "every other host" not in installer_pages(HOST, KEY)[-1].advice


def test_commands_stand_for_the_pages_only_without_a_desktop() -> None:
    assert not shows_commands(HOST)
    assert shows_commands(replace(HOST, edition=HostEdition.SERVER_CORE))


def test_commands_unpack_install_and_register_in_this_order() -> None:
    lines = [line for step in command_steps(HOST, KEY) for line in step.lines]
    assert ["/x:." in line or "setupdr" in line or "DRConfigurator" in line for line in lines].count(True) == 3
    assert lines[-1].endswith(rf"/Credentials 'C:\Temp\AzureSiteRecovery\{KEY}'")
    assert "/Friendlyname 'HV-HQ-03'" in lines[-1]
    assert "proxy" not in lines[-1].lower()


def test_commands_for_several_hosts_take_each_host_s_own_name() -> None:
    assert "$env:COMPUTERNAME" in command_steps(replace(HOST, names=("A1", "A2")), KEY)[-1].lines[-1]


def test_commands_ask_for_the_proxy_s_password_on_the_host() -> None:
    lines = command_steps(replace(HOST, proxy=CUSTOM), KEY)[-1].lines
    assert lines[0].startswith(r"$password = (Get-Credential 'CONTOSO\o''neil')")
    assert "/proxyaddress 'http://proxy.contoso.com' /proxyport '8080'" in lines[1]
    assert r"/proxyusername 'CONTOSO\o''neil' /proxypassword $password" in lines[1]


def test_commands_for_a_proxy_without_user_ask_nothing() -> None:
    lines = command_steps(replace(HOST, proxy=replace(CUSTOM, user="")), KEY)[-1].lines
    assert len(lines) == 1
    assert "/proxyport '8080'" in lines[0]
    assert "password" not in lines[0]
