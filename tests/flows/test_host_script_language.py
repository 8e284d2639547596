"""Scripts for hosts: of Windows PowerShell alone, with no secret and no figure of their own.

No PowerShell runs them here; a grammar parses them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tree_sitter import Node

from app.domain.host_rules import HostCheck, HostRules
from app.domain.host_set_up import ProxyKind
from app.domain.rules import Rules
from app.domain.source import Source
from app.flows.host_scripts import (
    host_checks,
    host_scripts,
)
from app.flows.vault_credentials import NAMESPACE, ROOT, VaultCredentials, write_credentials
from app.ports.secrets import Secret
from tests.support.host_scripts import CUSTOM, PLACE, PROXIES, RULES, all_scripts, set_up
from tests.support.powershell import command_line_words, nodes, of_kind, parsed, words


def commands(root: Node) -> Iterator[Node]:
    return (node for node in nodes(root) if node.type == "command" and node.child_by_field_name("command_name"))


def name_of(command: Node) -> str:
    name = command.child_by_field_name("command_name")
    assert name is not None
    return words(name)


# --- the language --------------------------------------------------------------------------------------------------

CMDLETS = {
    # All of Windows PowerShell 4.0 and its modules on Windows Server 2012 R2.
    *("Get-CimInstance", "Get-ItemProperty", "Test-Path", "Get-Item", "Get-ChildItem", "Get-Command", "Where-Object"),
    *("Get-WindowsFeature", "Get-VMSwitch", "Get-HotFix", "Get-Date", "Get-Content", "Split-Path", "Join-Path"),
    *(
        "Test-NetConnection",
        "Invoke-WebRequest",
        "Select-Object",
        "Sort-Object",
        "ForEach-Object",
        "Get-AuthenticodeSignature",
    ),
    *("ConvertTo-Json", "ConvertFrom-Json", "Set-Content", "New-Item", "New-Object", "Start-Process", "Write-Host"),
    *("Write-Verbose", "Write-Warning", "Read-Host", "Resolve-Path", "Set-StrictMode", "Remove-Item", "Stop-Service"),
    *("Remove-ItemProperty", "Get-WmiObject", "New-PSSession", "Remove-PSSession", "Invoke-Command", "Copy-Item"),
}
PROGRAMS = {"whoami.exe", "w32tm.exe", "reg.exe", "netsh.exe"}
WRITES = {"Set-Content", "New-Item", "Remove-Item", "Remove-ItemProperty", "Stop-Service", "Copy-Item", "Start-Process"}
TYPES = {
    # Those that a restricted session allows.
    *("string", "int", "long", "double", "bool", "switch", "scriptblock", "datetime", "version", "guid", "regex"),
    *("xml", "ordered", "pscustomobject", "System.Security.SecureString", "System.Management.Automation.PSCredential"),
    "CmdletBinding",
}
GUARDED_TYPES = {"Net.ServicePointManager", "System.Diagnostics.Process"}
"""Of the full language; the scripts look first in which one they run."""
AUTOMATIC = {"_", "null", "true", "false", "matches", "executioncontext", "psversiontable", "psscriptroot", "pscmdlet"}
AUTOMATIC |= {"lastexitcode", "whatifpreference"}


RESERVED = {"switch", "host", "home", "pid", "error", "args", "input", "event", "foreach", "this", "profile", "sender"}


@pytest.fixture(scope="module", name="roots")
def parsed_scripts() -> dict[str, Node]:
    return {script.file_name: parsed(script.text) for script in all_scripts()}


def test_only_known_commands_are_called_by_their_full_names(roots: dict[str, Node]) -> None:
    for root in roots.values():
        own = {words(each.named_children[0]) for each in of_kind(root, "function_statement")}
        called = {name_of(command) for command in commands(root)}
        assert called - own - CMDLETS - PROGRAMS <= {"$Ask"}
        assert own - called == set(), "a function that nobody calls"


def test_copying_to_a_session_is_left_to_the_script_that_asks_for_5_1() -> None:
    for script in all_scripts():
        needs_newer = "-ToSession $" in script.text
        assert needs_newer == script.text.startswith("#requires -Version 5.1\n")
        assert needs_newer == (script.host is None)


def test_own_functions_are_given_parameters_that_they_have(roots: dict[str, Node]) -> None:
    for root in roots.values():
        own = {}
        for function in of_kind(root, "function_statement"):
            block = next(iter(of_kind(function, "param_block")), None)
            found = of_kind(block, "script_parameter") if block else []
            own[words(function.named_children[0])] = [name_in(each) for each in found]
        for command in commands(root):
            if name_of(command) in own:
                given = {words(each)[1:].lower() for each in of_kind(command, "command_parameter")}
                inner = {
                    words(e)[1:].lower()
                    for c in commands(command)
                    if c != command
                    for e in of_kind(c, "command_parameter")
                }
                assert given - inner <= set(own[name_of(command)]), words(command)


def name_in(parameter: Node) -> str:
    return words(of_kind(parameter, "variable")[0])[1:].lower()


def test_no_variable_is_read_that_nothing_sets(roots: dict[str, Node]) -> None:
    for root in roots.values():
        read = {variable(each) for each in of_kind(root, "variable")}
        known = {name_in(each) for each in of_kind(root, "script_parameter")} | AUTOMATIC
        for each in of_kind(root, "foreach_statement"):
            known.add(variable(next(child for child in each.children if child.type == "variable")))
        assigned = {
            variable(of_kind(each, "variable")[0])
            for each in of_kind(root, "left_assignment_expression")
            if of_kind(each, "variable")
        }
        known |= assigned
        # To $null goes what nobody wants.
        assert not (assigned - {"null"}) & (AUTOMATIC | RESERVED)
        assert {name for name in read - known if not name.startswith("env:")} == set()


def variable(node: Node) -> str:
    """Its name as all uses of it have it; what is splatted is the same variable."""
    return words(node).lstrip("$@").strip("{}").lower()


@pytest.mark.parametrize("table", ["rules", "plan"])
def test_tables_hold_what_is_read_from_them(table: str) -> None:
    """A name that is not there would be nothing, and no error."""
    given = {"FriendlyName", "ComputerName"}
    for script in all_scripts():
        used = set(re.findall(rf"\$\(?{table}\.(\w+)", script.text, re.IGNORECASE)) - {"Clone"}
        there = set(re.findall(r"(?m)(?:^ +|@\{ )([A-Z]\w+) = ", script.text))
        assert used - there - given == set(), script.file_name


def test_every_try_has_a_catch_or_a_finally(roots: dict[str, Node]) -> None:
    """The grammar would not miss it."""
    for root in roots.values():
        for each in of_kind(root, "try_statement"):
            assert {"catch_clauses", "finally_clause"} & {child.type for child in each.children}


def test_nothing_of_a_later_powershell_is_used(roots: dict[str, Node]) -> None:
    for name, root in roots.items():
        code = "\n".join(words(each) for each in nodes(root) if not each.children and each.type != "comment")
        assert not re.search(r"\?\?|\?\.|&&|\|\||-Parallel\b|-AsArray\b|`[ue]\{", code), name
        kinds = {each.type for each in nodes(root)}
        assert not {kind for kind in kinds if "here_string" in kind or "ternary" in kind}, name


def test_types_are_those_that_restricted_sessions_allow(roots: dict[str, Node]) -> None:
    for root in roots.values():
        used = {words(each).strip("[]") for each in of_kind(root, "type_literal")} | {
            words(each.named_children[0]).strip("[]") for each in of_kind(root, "attribute")
        }
        assert used - TYPES - GUARDED_TYPES == set()


def test_checks_only_read() -> None:
    root = parsed(host_checks(RULES.hosts))
    called = {name_of(command) for command in commands(root)}
    assert not called & WRITES
    assert not {name for name in called if name.startswith(("Set-", "New-", "Remove-", "Start-", "Stop-", "Enable-"))}
    assert "Mount" not in words(root)


def test_every_result_of_a_check_is_known_to_the_rules() -> None:
    """And every check of the rules is made."""
    text = host_checks(RULES.hosts)
    made = set(re.findall(r"Invoke-HostCheck ['\"]([a-z_]+)", text))
    assert made == {check.id for check in RULES.hosts.checks}
    lines = {line.id for line in RULES.prerequisites.lines}
    assert {check.prerequisite for check in RULES.hosts.checks} - {""} <= lines
    assert RULES.hosts.check("address.login.microsoftonline.com") == RULES.hosts.check("address")
    assert RULES.hosts.check("nothing") is None
    for check in ("elevated", "key", "registration"):
        found = RULES.hosts.check(check)
        assert found
        assert found.is_required
        assert found.is_final


def test_what_is_read_of_a_key_is_what_a_key_holds() -> None:
    text = host_checks(RULES.hosts)
    function = text[text.index("function Get-HostKeyContent") : text.index("function Test-HostKey")]
    paths = re.findall(r"\$root\.([\w.]+)", function)
    assert f"$key.{ROOT}" in function
    names = {field.name: field.name for field in fields(VaultCredentials)}
    key = VaultCredentials(**{**names, "certificate": Secret("c")})  # type: ignore[arg-type]
    root = ET.fromstring(write_credentials(key))
    found = [root.findtext("/".join(f"{{{NAMESPACE}}}{part}" for part in path.split("."))) for path in paths]
    assert found == ["vault", "resource_id", "site", "site_id", "authority", "management_endpoint"]
    assert "ManagementCert" not in text


def test_a_status_is_one_that_readers_know() -> None:
    for script in all_scripts():
        assert set(re.findall(r"Status = '(\w+)'", script.text)) <= {"ok", "warn", "fail", "unknown", "skipped"}


# --- secrets -------------------------------------------------------------------------------------------------------


def test_the_password_is_asked_for_only_where_the_proxy_wants_one() -> None:
    for script in host_scripts(set_up(), PLACE, RULES):
        assert script.text.count("-AsSecureString") == 1
        assert "Read-Host -Prompt" in script.text
    for proxy in PROXIES:
        text = host_scripts(set_up(proxy=proxy), PLACE, RULES)[1].text
        assert f"ProxyUser = '{proxy.user if proxy.kind is ProxyKind.CUSTOM else ''}'" in text


def test_the_password_goes_nowhere_but_to_the_setup_and_the_test_of_the_line(roots: dict[str, Node]) -> None:
    """Each command that is given the secret, or the text that it was opened to."""
    for root in roots.values():
        users = {
            name_of(command)
            for command in commands(root)
            if re.search(r"\$secret\b", words(command), re.IGNORECASE)
            and not any(re.search(r"\$secret\b", words(c), re.IGNORECASE) for c in commands(command) if c != command)
        }
        assert users <= {"ConvertTo-NativeArgument", "New-Object", "Invoke-OnNode", "Register-ProviderHost"}
        opened = [each for each in words(root).splitlines() if ".Password" in each]
        assert {line.strip() for line in opened} <= {"$Text = $holder.GetNetworkCredential().Password"}
        assert not re.search(r"ConvertFrom-SecureString|-AsPlainText|Marshal", words(root))


def test_module_logging_sees_no_command_line_with_the_password() -> None:
    text = host_scripts(set_up(), PLACE, RULES)[1].text
    function = text[text.index("function Invoke-NativeProgram") : text.index("function Get-RegisterArguments")]
    without, _, with_secret = function.partition("return $process.ExitCode")
    assert "Start-Process" in without
    assert "Secret)" not in without.partition("param(")[2].partition("Start-Process")[2]
    assert "ProcessStartInfo" in with_secret
    assert "Start-Process -" not in with_secret


# --- figures and names come from the rules -------------------------------------------------------------------------

GENERAL = {"0", "1", "2", "", "/i", "/r", "Registration", "w32time", "winmgmt", "dra"}
"""Too short or too common to be looked for in a text."""


def test_no_figure_or_name_of_the_rules_stands_in_a_template() -> None:
    """Change all of them: nothing of the old ones is left."""
    monitoring = replace(RULES.monitoring, host_registration_max_min=6_999_999)
    changed = replace(RULES, hosts=changed_rules(RULES.hosts), monitoring=monitoring)
    old = {text for text in leaves(RULES.hosts) if text not in GENERAL}
    assert "AppearMinutes = 6999999" in host_scripts(set_up(), PLACE, changed)[0].text
    new = set(leaves(changed.hosts))
    assert not old & new
    texts = [script.text for script in all_scripts(rules=changed)]
    for text in texts:
        code = re.sub(r"(?m)^<#.*?^#>", "", text, flags=re.DOTALL)
        for value in old:
            assert not re.search(rf"(?<![\w.]){re.escape(value)}(?![\w.])", code), value


def changed_rules(rules: HostRules) -> HostRules:
    number = iter(range(7_000_001, 8_000_000))

    def change(value: Any, name: str = "") -> Any:
        if isinstance(value, bool | Source) or name == "sources":
            return value
        if isinstance(value, int):
            return next(number)
        if isinstance(value, str):
            return f"changed{next(number)}"
        if isinstance(value, tuple):
            return tuple(change(each) for each in value)
        if isinstance(value, HostCheck):
            return replace(value, title=change(value.title), advice=change(value.advice))
        assert is_dataclass(value)
        return replace(value, **{f.name: change(getattr(value, f.name), f.name) for f in fields(value)})  # type: ignore[type-var]

    return change(rules)  # type: ignore[no-any-return]


def leaves(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, bool | Source) or name in {"sources", "source", "checks"}:
        return
    if isinstance(value, int | str):
        yield str(value)
    elif isinstance(value, tuple):
        for each in value:
            yield from leaves(each)
    elif is_dataclass(value):
        for each_field in fields(value):
            yield from leaves(getattr(value, each_field.name), each_field.name)


def test_no_template_holds_an_address() -> None:
    text = "\n".join(
        script.text for script in all_scripts(place=replace(PLACE, cloud=None, storage=()), rules=without_time_server())
    )
    text = text.replace(CUSTOM.url, "")
    assert re.findall(r"(?:[a-z0-9-]+\.)+(?:com|net|us|org|cn|de)\b(?!\.)", text.lower()) == []


def without_time_server() -> Rules:
    own = replace(RULES.hosts.own_limits, time_server="x")
    return replace(RULES, hosts=replace(RULES.hosts, own_limits=own))


# --- command lines -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", name="escape")
def escape_of_the_script() -> Callable[[str], str]:
    """The script's own two replacements, read from its text and carried out here."""
    text = host_scripts(set_up(), PLACE, RULES)[1].text
    found = re.search(r"return '\"' \+ \(\(\$Text -replace '(.+)', '(.+)'\) -replace '(.+)', '(.+)'\) \+ '\"'", text)
    assert found
    patterns = [(found[1], found[2]), (found[3], found[4])]

    def escape(argument: str) -> str:
        for pattern, with_ in patterns:
            # The same in Python's words: \z is \Z there, and $1 is a function of the match.
            expression = re.compile(pattern.replace("\\z", "\\Z"))
            argument = expression.sub(lambda match, w=with_: w.replace("$1", match[1]), argument)
        return f'"{argument}"'

    return escape


@given(st.lists(st.text(alphabet=st.sampled_from('\\\\\\"" ab\t$;\'')) | st.text(), min_size=1, max_size=4))
def test_an_argument_reaches_the_program_as_it_was(escape: Callable[[str], str], arguments: list[str]) -> None:
    assert command_line_words("/r " + " ".join(map(escape, arguments))) == ["/r", *arguments]


def test_the_documented_command_lines() -> None:
    """In their order: unpack, install, register."""
    text = host_scripts(set_up(), PLACE, RULES)[1].text
    for line in (
        "Installer = 'AzureSiteRecoveryProvider.exe'",
        "ExtractArguments = '/x:. /q'",
        "Setup = 'setupdr.exe'",
        "InstallArguments = '/i'",
        "Configurator = 'DRConfigurator.exe'",
        "Register = '/r'",
        "FriendlyNameSwitch = '/Friendlyname'",
        "CredentialsSwitch = '/Credentials'",
        "ProxyAddressSwitch = '/proxyaddress'",
        "ProxyPortSwitch = '/proxyport'",
        "ProxyUserSwitch = '/proxyusername'",
        "ProxyPasswordSwitch = '/proxypassword'",
        "Log = 'ASRLogs\\DRASetupWizard.log'",
    ):
        assert line in text
    order = [text.index(part) for part in ("$Rules.ExtractArguments -F", "$Rules.InstallArguments -F")]
    assert order == sorted(order)
    parts = ["Register", "FriendlyNameSwitch", "FriendlyName)", "CredentialsSwitch", "ProxyAddressSwitch"]
    places = [text.index(part, text.index("function Get-RegisterArguments")) for part in parts]
    assert places == sorted(places)
