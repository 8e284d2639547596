"""What the flow says of hosts: in touch, silent, outdated, and of those that are expected, where they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.estate import Estate
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.host_set_up import HostKind, HostSetUp
from app.domain.releases import Age, ReleaseRules, read_version
from app.domain.wording import named
from app.flows.step import Context

_CURRENT_STATES = frozenset({"", "latest", "supported"})
_UPDATE = "Run the newest installer on it; it stays registered."


@dataclass(frozen=True, slots=True)
class HostWarning:
    """Something that is not as it should be.

    Attributes:
        about: the kind of it and the hosts concerned: two warnings of equal `about` say the same, at other times.
        text: what, and after the first sentence what to do.
    """

    about: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ExpectedHost:
    """A host that the set-up names, and what Azure knows of it.

    Attributes:
        host: None as long as it is registered nowhere in the vault.
        elsewhere: the other site in which it is registered.
        agent: its agent's version, as its site lists it.
    """

    name: str
    host: RecoveryServicesProvider | None = None
    agent: str = ""
    elsewhere: Fabric | None = None

    @property
    def is_here(self) -> bool:
        return self.host is not None and self.elsewhere is None


def expected_hosts(choice: HostSetUp, site: Fabric, estate: Estate) -> tuple[ExpectedHost, ...]:
    """Each host that the set-up names, in its order."""
    found: list[ExpectedHost] = []
    for name in choice.names:
        host = next((each for each in estate.hosts(site) if is_same_host(each.friendly_name, name)), None)
        if host is not None:
            found.append(ExpectedHost(name, host, agent_of(host, site)))
            continue
        other = next((each for each in estate.providers if is_same_host(each.friendly_name, name)), None)
        place = None if other is None else _site_of(other, estate)
        found.append(ExpectedHost(name, other, "" if other is None or place is None else agent_of(other, place), place))
    return tuple(found)


def is_same_host(one: str, other: str) -> bool:
    """Whether two names mean one computer: with or without its domain, in any case."""
    first, second = one.lower().removesuffix("."), other.lower().removesuffix(".")
    if "." in first and "." in second:
        return first == second
    return first.partition(".")[0] == second.partition(".")[0]


def agent_of(host: RecoveryServicesProvider, site: Fabric) -> str:
    """The version of the agent on a host; only its site tells it."""
    return next((each.agent_version for each in site.hosts if is_same_host(each.name, host.friendly_name)), "")


def silent_hosts(hosts: Iterable[RecoveryServicesProvider], context: Context) -> tuple[RecoveryServicesProvider, ...]:
    after = timedelta(minutes=context.rules.monitoring.host_silent_min)
    return tuple(host for host in hosts if host.is_silent(context.hosts_seen_at, after))


def is_outdated(host: RecoveryServicesProvider, releases: ReleaseRules) -> bool:
    """Whether Azure calls the host's Provider anything but current or supported, or it is out of support."""
    is_old = releases.provider_age(host.provider_version) is Age.OLD
    return is_old or host.version_state.lower() not in _CURRENT_STATES


def silent_text(host: RecoveryServicesProvider, context: Context) -> str:
    remedy = (
        "On the host, start the service “Microsoft Azure Site Recovery Provider” (dra) and check the way to port 443."
    )
    heard = host.last_heartbeat
    minutes = 0 if heard is None else max(0, int((context.hosts_seen_at - heard).total_seconds() // 60))
    if minutes < 1:
        return f"{host.friendly_name} is not connected. {remedy}"
    return f"{host.friendly_name} has been silent for {_age_text(minutes)}. {remedy}"


def host_warnings(choice: HostSetUp, site: Fabric, context: Context) -> tuple[HostWarning, ...]:
    """What is not as it should be with registered and expected hosts, worst first; none of it stops the step."""
    hosts = context.estate.hosts(site)
    expected = expected_hosts(choice, site, context.estate)
    outdated = _outdated(hosts, site, context)
    told = {name for warning in outdated for name in warning.about[1:]}
    return (
        *(
            _warning("silent", [host.friendly_name], silent_text(host, context))
            for host in silent_hosts(hosts, context)
        ),
        *_missing(choice, expected, context),
        *_registered_elsewhere(expected, site),
        *outdated,
        *_different(hosts, site, told),
    )


def waiting_since(choice: HostSetUp) -> datetime | None:
    """When the expected hosts were told to register; None when nobody was."""
    return datetime.fromisoformat(choice.asked_at) if choice.asked_at else None


def waited_min(choice: HostSetUp, context: Context) -> float:
    """For how many minutes of the vault's time the expected hosts have been waited for."""
    since = waiting_since(choice)
    return 0.0 if since is None else max(0.0, (context.now - since).total_seconds() / 60)


def _missing(choice: HostSetUp, expected: Iterable[ExpectedHost], context: Context) -> list[HostWarning]:
    """Hosts that have had their time; a node of a cluster whose other nodes are there is told of at once."""
    absent = [each.name for each in expected if each.host is None]
    if not absent:
        return []
    is_late = waited_min(choice, context) > context.rules.monitoring.host_registration_max_min
    some_are_here = any(each.is_here for each in expected)
    if choice.kind is HostKind.CLUSTER and some_are_here:
        verb = "is" if len(absent) == 1 else "are"
        text = (
            f"Of the cluster, {named(absent)} {verb} not registered. A machine that moves there stops replicating: "
            "install and register the Provider on every node."
        )
        return [_warning("missing", absent, text)]
    if is_late:
        limit = context.rules.monitoring.host_registration_max_min
        text = (
            f"{named(absent)} did not appear within {limit} minutes. Look at the script’s report on the host, and at "
            "%ProgramData%\\ASRLogs\\DRASetupWizard.log there."
        )
        return [_warning("late", absent, text)]
    return []


def _registered_elsewhere(expected: Iterable[ExpectedHost], site: Fabric) -> list[HostWarning]:
    return [
        _warning(
            "elsewhere",
            [each.name],
            f"{each.name} is registered in the site {each.elsewhere.friendly_name}, not in {site.friendly_name}. "
            "Remove it there, run the clean-up script on it, and register it again.",
        )
        for each in expected
        if each.elsewhere is not None
    ]


def _outdated(hosts: Iterable[RecoveryServicesProvider], site: Fabric, context: Context) -> list[HostWarning]:
    releases = context.rules.releases
    warnings = []
    for host in hosts:
        agent = agent_of(host, site)
        if is_outdated(host, releases):
            text = f"{host.friendly_name} runs Provider {host.provider_version}, which is out of date."
            warnings.append(_warning("old", [host.friendly_name], f"{text} {_UPDATE}"))
        elif releases.agent_age(agent) is Age.OLD:
            text = f"{host.friendly_name} runs agent {agent}, which is out of date."
            warnings.append(_warning("old", [host.friendly_name], f"{text} {_UPDATE}"))
    return warnings


def _different(hosts: Iterable[RecoveryServicesProvider], site: Fabric, outdated: Collection[str]) -> list[HostWarning]:
    """All hosts of a vault are meant to run the same versions; of those that are `outdated` that is told already."""
    warnings = []
    told = list(hosts)
    for what, versions in (
        ("Provider", {host.friendly_name: host.provider_version for host in told}),
        ("agent", {host.friendly_name: agent_of(host, site) for host in told}),
    ):
        known = {name: read_version(version) for name, version in versions.items()}
        newest = max(filter(None, known.values()), default=None)
        behind = [
            name
            for name, version in known.items()
            if version is not None and version != newest and name not in outdated
        ]
        if behind and newest is not None:
            best = next(version for name, version in versions.items() if known[name] == newest)
            verb = "runs" if len(behind) == 1 else "run"
            text = f"{named(behind)} {verb} an older {what} than other hosts here ({best})."
            warnings.append(_warning(what, behind, f"{text} Bring all hosts to the same version."))
    return warnings


def _warning(kind: str, hosts: Iterable[str], text: str) -> HostWarning:
    return HostWarning((kind, *hosts), text)


def _site_of(host: RecoveryServicesProvider, estate: Estate) -> Fabric | None:
    fabric = host.id.up_to("replicationFabrics")
    return next((each for each in estate.fabrics if each.id == fabric), None)


def _age_text(minutes: int) -> str:
    if minutes < 120:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
