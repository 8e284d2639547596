"""The checks of a host as text to put into a script: functions that only read."""

from __future__ import annotations

from collections.abc import Container

from app.domain.host_rules import HostRules
from app.flows.host_scripts.quoting import Value, value
from app.flows.host_scripts.template import fill, template


def host_checks(rules: HostRules) -> str:
    """Functions for a script; `Invoke-HostChecks` gives back all results that need no further set-up. Plain ASCII."""
    return f"{host_asking(rules)}\n{template('host_checks.ps1')}"


def host_asking(rules: HostRules, only: Container[str] | None = None) -> str:
    """The rules, or `only` those, and the few functions that a host is asked by."""
    table = {name: each for name, each in rules_table(rules).items() if only is None or name in only}
    return fill(template("host_asking.ps1"), {"host_rules": value(table, 4)})


def rules_table(rules: HostRules) -> dict[str, Value]:
    """The rules under the names that the scripts use."""
    provider, registration, own = rules.provider, rules.registration, rules.own_limits
    return {
        "Systems": [
            {"Build": system.build, "Name": system.name, "IsSupported": system.is_supported} for system in rules.systems
        ],
        "Updates": [{"Build": update.build, "Id": update.id} for update in rules.updates],
        "DotnetKey": rules.dotnet.key,
        "DotnetRelease": rules.dotnet.release,
        "DotnetName": rules.dotnet.name,
        "CryptoKeys": rules.dotnet.crypto_keys,
        "SchannelKey": rules.dotnet.schannel_key,
        "HyperVService": rules.services.hyper_v,
        "ProviderService": rules.services.provider,
        "AgentService": rules.services.agent,
        "OtherServices": rules.services.others,
        "OtherTools": [{"Service": tool.service, "Name": tool.name, "Advice": tool.advice} for tool in rules.others],
        "Installer": provider.installer,
        "ProviderFolder": provider.folder,
        "AgentProgram": provider.agent_program,
        "Configurator": provider.configurator,
        "Setup": provider.setup,
        "ExtractArguments": provider.extract,
        "InstallArguments": provider.install,
        "Register": provider.register,
        "FriendlyNameSwitch": provider.friendly_name,
        "CredentialsSwitch": provider.credentials,
        "ProxyAddressSwitch": provider.proxy_address,
        "ProxyPortSwitch": provider.proxy_port,
        "ProxyUserSwitch": provider.proxy_user,
        "ProxyPasswordSwitch": provider.proxy_password,
        "Log": provider.log,
        "RegistrationSubkeys": registration.subkeys,
        "RegistrationValues": registration.values,
        "RegistrationKey": registration.key,
        "RegistrationName": registration.registration,
        "HostIdName": registration.host_id,
        "Certificates": registration.certificates,
        "ClockCare": own.clock_care_s,
        "ClockMost": own.clock_most_s,
        "TimeServer": own.time_server,
        "InstallGib": own.install_gib,
    }
