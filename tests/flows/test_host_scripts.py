"""Scripts for hosts: what there is for which choice, and that no name in them is more than a name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.host_set_up import HostEdition, HostProxy, HostSetUp, ProxyKind
from app.domain.prerequisites import Cloud
from app.domain.rules import PROFILES
from app.flows.host_scripts import (
    CleanUpKind,
    ReplicatedMachine,
    clean_up_script,
    host_checks,
    host_scripts,
)
from app.rules import load_rules
from tests.support.host_scripts import GUID, PLACE, PROXIES, RULES, all_scripts, set_up
from tests.support.powershell import mistakes, parsed, shape

NASTY = (
    "O'Brien",
    'a"b',
    "$(calc)",
    "$env:USERNAME",
    "`n`0",
    "a;b",
    "'; rm -rf /; '",
    "’; calc; ‘",
    "‚‛“”„",
    "a\r\nb",
    "#> calc <#",
    '"@',
    "'@",
    "@'\n'@",
    "{{plan}}",
    "{{host_checks}}",
    "x" * 300,
    "\0\x1b[2J\u202e\u2028",
    "\ud83d",
    "東京 Büro 😀",
    "-Force",
    "% | ? &",
    "SIG # Begin signature block",
    "--%",
    "",
)


# --- what there is -----------------------------------------------------------------------------------------------


def test_a_cluster_gets_one_script_for_all_nodes_and_one_for_each() -> None:
    made = host_scripts(set_up(), PLACE, RULES)
    assert [(each.file_name, each.host) for each in made] == [
        ("Register-all-HV-CL.ps1", None),
        ("Register-HV-1.ps1", "HV-1"),
        ("Register-HV-2.ps1", "HV-2"),
    ]
    assert "2 nodes of HV-CL" in made[0].title


def test_each_hosts_script_differs_in_its_name_alone() -> None:
    one, two = host_scripts(set_up(("HV-1", "HV-2"), cluster="c"), PLACE, RULES)[1:]
    assert one.text.count("HV-1") == 2
    assert "Get-SetUpPlan 'HV-1'" in one.text
    assert one.text.replace("HV-1", "HV-2") == two.text
    assert "\0" not in one.text


def test_a_single_host_gets_one_script() -> None:
    made = host_scripts(HostSetUp(names=("HV-1",)), PLACE, RULES)
    assert [each.file_name for each in made] == ["Register-HV-1.ps1"]
    assert host_scripts(HostSetUp(), PLACE, RULES) == ()


def test_names_that_differ_little_get_files_that_differ() -> None:
    made = host_scripts(set_up(("hv-1", "HV_1", "hv 1", "東京", "北京")), PLACE, RULES)
    names = [each.file_name.lower() for each in made]
    assert len(set(names)) == len(names)


def test_a_file_is_what_windows_powershell_reads_right() -> None:
    for script in all_scripts("Büro"):
        assert script.data.startswith(b"\xef\xbb\xbf")
        text = script.data.decode("utf-8-sig")
        assert text.count("\n") == text.count("\r\n") == script.text.count("\n") > 100
        assert "\r" not in text.replace("\r\n", "")
        assert "'Büro'" in text


@pytest.mark.parametrize("edition", HostEdition)
@pytest.mark.parametrize("proxy", PROXIES, ids=lambda proxy: f"{proxy.kind}-{bool(proxy.user)}")
@pytest.mark.parametrize("profile", PROFILES)
def test_every_choice_gives_scripts_that_parse(edition: HostEdition, proxy: HostProxy, profile: str) -> None:
    rules = load_rules(profile)
    for script in host_scripts(set_up(("HV-1",), edition=edition, proxy=proxy), PLACE, rules):
        assert mistakes(parsed(script.text)) == []
        assert f"Edition = '{edition.value}'" in script.text
        assert f"ProxyKind = '{proxy.kind.value}'" in script.text
        assert "{{" not in script.text


def test_what_is_chosen_stands_in_the_script_as_literals() -> None:
    text = host_scripts(set_up(), PLACE, RULES)[0].text
    for line in ("ProxyUrl = 'http://proxy.contoso.com'", "ProxyPort = '8080'", "ProxyUser = 'CONTOSO\\svc-proxy'"):
        assert line in text
    assert "Vault = 'contoso-vault'" in text
    assert "$Nodes = @(\n    'HV-1',\n    'HV-2'\n)" in text


def test_a_keys_end_is_told_in_utc() -> None:
    end = datetime(2026, 12, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    text = host_scripts(set_up(), replace(PLACE, key_end=end), RULES)[1].text
    assert f"KeyEnd = '{end.astimezone(UTC):%Y-%m-%dT%H:%M:%S}'" in text
    assert "KeyEnd = ''" in host_scripts(set_up(), PLACE, RULES)[1].text


@pytest.mark.parametrize("cloud", Cloud)
def test_every_address_of_the_cloud_is_tried_or_told(cloud: Cloud) -> None:
    text = host_scripts(set_up(), replace(PLACE, cloud=cloud), RULES)[1].text
    lists = {name: listed(text, name) for name in ("Addresses", "OptionalAddresses", "Wildcards")}
    for rule in RULES.prerequisites.addresses:
        for address in rule.today(cloud):
            if rule.port == "TCP 443" and not rule.is_range:
                expected = "Wildcards" if "*" in address else "OptionalAddresses" if rule.is_optional else "Addresses"
                assert address in lists[expected]
    assert lists["Addresses"][0] == PLACE.storage[0]
    others = {address for rule in RULES.prerequisites.addresses for each in Cloud for address in rule.today(each)}
    chosen = {address for rule in RULES.prerequisites.addresses for address in rule.today(cloud)}
    assert not {address for found in lists.values() for address in found} & (others - chosen)


def test_a_cloud_that_no_list_knows_has_the_addresses_that_are_given() -> None:
    text = host_scripts(set_up(), replace(PLACE, cloud=None), RULES)[1].text
    assert listed(text, "Addresses") == list(PLACE.storage)
    assert listed(text, "Wildcards") == listed(text, "OptionalAddresses") == []


def listed(text: str, name: str) -> list[str]:
    found = re.search(rf"^ +{name} = @\(([^)]*)\)", text, re.MULTILINE)
    assert found
    return re.findall(r"'([^']*)'", found[1])


# --- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_whatever_a_name_is_the_script_has_the_shape_of_one_with_a_plain_name(name: str) -> None:
    place = replace(PLACE, vault=name, site=name, site_id=name, storage=(name,), key_file=name)
    plain_place = replace(PLACE, vault="v", site="s", site_id="i", storage=("a",), key_file="k")
    for script, plain in zip(all_scripts(name, place), all_scripts("HV-1", plain_place), strict=True):
        root = parsed(script.text)
        assert mistakes(root) == []
        assert shape(root) == shape(parsed(plain.text))
        script.data.decode("utf-8")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_any_name_is_one_literal_wherever_it_stands(name: str) -> None:
    proxy = HostProxy(ProxyKind.CUSTOM, name, name, name + "x")
    script = host_scripts(set_up((name,), proxy=proxy), replace(PLACE, vault=name, site=name), RULES)[1]
    plain = host_scripts(set_up(("a",)), PLACE, RULES)[1]
    assert shape(parsed(script.text)) == shape(parsed(plain.text))


@pytest.mark.parametrize("wrong", ["", "x", "' OR 1=1", GUID + "'", GUID.replace("-", "")])
def test_a_machine_is_known_by_its_id_alone(wrong: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        clean_up_script(CleanUpKind.PURGED, "HV-1", RULES.hosts, [ReplicatedMachine("vm", wrong)])


def test_templates_are_plain_ascii() -> None:
    """A typographic quote would end a text, a dash would be a minus."""
    for file in resources.files("resources").joinpath("powershell").iterdir():
        if file.name.startswith(("host_", "register_", "clean_")):
            text = file.read_text(encoding="ascii")
            assert max(map(len, text.splitlines())) <= 120, file.name
    host_checks(RULES.hosts).encode("ascii")
