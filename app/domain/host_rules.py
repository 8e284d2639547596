"""What the scripts for Hyper-V hosts look at, start and clear; read from `resources/rules/hosts.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.source import Source


@dataclass(frozen=True, slots=True)
class HostSystem:
    """One build of Windows on a host."""

    build: int
    name: str
    is_supported: bool
    source: str


@dataclass(frozen=True, slots=True)
class HostUpdate:
    """An update that a build has to have."""

    build: int
    id: str
    source: str


@dataclass(frozen=True, slots=True)
class DotnetRules:
    """The oldest .NET Framework that will do, and where its registry tells version and TLS.

    Attributes:
        crypto_keys: below each, every key of a version wants `SchUseStrongCrypto`.
    """

    release: int
    name: str
    key: str
    crypto_keys: tuple[str, ...]
    schannel_key: str
    source: str


@dataclass(frozen=True, slots=True)
class ServiceNames:
    provider: str
    agent: str
    hyper_v: str
    others: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class OtherTool:
    """A service whose presence on a host stands against Site Recovery."""

    service: str
    name: str
    advice: str
    source: str


@dataclass(frozen=True, slots=True)
class ProviderProgram:
    """The setup's programs and switches, and what it leaves where.

    Attributes:
        folder, agent_program: below %ProgramFiles%.
        log: below %ProgramData%.
    """

    installer: str
    extract: str
    setup: str
    install: str
    folder: str
    agent_program: str
    configurator: str
    register: str
    friendly_name: str
    credentials: str
    proxy_address: str
    proxy_port: str
    proxy_user: str
    proxy_password: str
    log: str
    source: str


@dataclass(frozen=True, slots=True)
class RegistrationTraces:
    """What a registration leaves on a host.

    Attributes:
        key: in the registry; `registration`, `subkeys` and `values` stand below it.
        certificates: how the friendly names of its certificates begin.
    """

    key: str
    registration: str
    subkeys: tuple[str, ...]
    values: tuple[str, ...]
    host_id: str
    certificates: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """Figures that no document gives."""

    clock_care_s: int
    clock_most_s: int
    time_server: str
    install_gib: int
    source: str


@dataclass(frozen=True, slots=True)
class HostCheck:
    """One thing that is looked at on a host.

    Attributes:
        is_required: without it nothing is installed or registered, unless the admin insists.
        is_final: not even then.
        prerequisite: the line of the prerequisites that it answers; empty for none.
    """

    id: str
    title: str
    advice: str
    is_required: bool = False
    is_final: bool = False
    prerequisite: str = ""


@dataclass(frozen=True, slots=True)
class HostRules:
    source: Source
    sources: Mapping[str, Source]
    systems: tuple[HostSystem, ...]
    updates: tuple[HostUpdate, ...]
    dotnet: DotnetRules
    services: ServiceNames
    others: tuple[OtherTool, ...]
    provider: ProviderProgram
    registration: RegistrationTraces
    own_limits: OwnLimits
    checks: tuple[HostCheck, ...]

    def check(self, check_id: str) -> HostCheck | None:
        """What is known of a result's id. Those of addresses carry the address behind a point: `address.x.y`."""
        kind = check_id.partition(".")[0]
        return next((check for check in self.checks if check.id == kind), None)
