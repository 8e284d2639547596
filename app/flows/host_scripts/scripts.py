"""The scripts that install the Provider on hosts and register them: one for each host, and one for all nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.host_rules import HostRules
from app.domain.host_set_up import HostEdition, HostKind, HostProxy, HostSetUp, ProxyKind
from app.domain.prerequisites import Cloud
from app.domain.rules import Rules
from app.flows.host_scripts.checks import host_checks
from app.flows.host_scripts.quoting import Value, comment, file_name, literal, value
from app.flows.host_scripts.template import fill, template

_BOM = b"\xef\xbb\xbf"
_TCP = "TCP 443"
_REMOTE_TEXT = (
    "Start it in Windows PowerShell as an administrator, from a node or from another computer of the domain:\n"
    "Unblock-File .\\NAME.ps1 takes away the mark of a download, then .\\NAME.ps1 starts it."
)
_EDITION_TEXTS = {
    HostEdition.DESKTOP: (
        "Start it in Windows PowerShell as an administrator. Unblock-File .\\NAME.ps1 takes away the mark of a\n"
        "download. Whoever prefers windows runs the installer itself and takes the proxy above."
    ),
    HostEdition.SERVER_CORE: (
        "On Server Core, copy the three files to the host from another computer (Copy-Item -ToSession, or its\n"
        "administrative share), type powershell at the prompt of an administrator, and start the script there."
    ),
}


@dataclass(frozen=True, slots=True)
class HostScript:
    """A script as a file.

    Attributes:
        title: what it is, for a list.
        purpose: what it does and where to run it, in a sentence or two.
        host: whose it is; None for one that serves all.
    """

    file_name: str
    title: str
    purpose: str
    text: str
    host: str | None = None

    @property
    def data(self) -> bytes:
        """As Windows PowerShell 5.1 reads it right: without the mark it would take UTF-8 for the system's code page."""
        return _BOM + self.text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8")


@dataclass(frozen=True, slots=True)
class ScriptPlace:
    """Where the hosts are to be registered.

    Attributes:
        vault, site: their names, as the registration key has them.
        site_id: the site's internal identifier; with it a key of another site of the same name is told apart.
        cloud: whose addresses the hosts have to reach; None for a cloud that no list knows.
        storage: names of the storage accounts' blob services, such as `contoso.blob.core.windows.net`.
        key_file: the file's name beside the script; empty takes the newest one there.
        key_end: when the key ends, where that is known.
    """

    vault: str
    site: str
    site_id: str = ""
    cloud: Cloud | None = Cloud.COMMERCIAL
    storage: tuple[str, ...] = ()
    key_file: str = ""
    key_end: datetime | None = None


def host_script(set_up: HostSetUp, place: ScriptPlace, rules: Rules, host: str | None) -> HostScript:
    """The script of one host, or with None the one that sets up all; some milliseconds each."""
    if host is None:
        return _for_all(tuple(dict.fromkeys(set_up.names)), set_up, place, rules)
    return _singles((host,), set_up, place, rules)[0]


def host_scripts(set_up: HostSetUp, place: ScriptPlace, rules: Rules) -> tuple[HostScript, ...]:
    """One script for each host; of a cluster also one that sets up all nodes, which stands first."""
    names = tuple(dict.fromkeys(set_up.names))
    if not names:
        return ()
    singles = _singles(names, set_up, place, rules)
    if set_up.kind is HostKind.STANDALONE and len(names) < 2:
        return singles
    return (_for_all(names, set_up, place, rules), *singles)


def _singles(names: Sequence[str], set_up: HostSetUp, place: ScriptPlace, rules: Rules) -> tuple[HostScript, ...]:
    """All that they share is put together once: a cluster has many nodes, and this runs while the window waits.

    A NUL marks where a name goes: what comes from elsewhere holds none by then, neither as literal nor as comment.
    """
    parts = {**_shared(set_up, place, rules), "about_host": "\0about\0", "name": "\0name\0"}
    shared = fill(template("register_host.ps1"), parts)
    where = "On Server Core: from" if set_up.edition is HostEdition.SERVER_CORE else "In"
    taken: set[str] = set()
    return tuple(
        HostScript(
            _free_name(file_name("Register", name), taken),
            f"Install and register {name}",
            f"Checks {name}, installs the Provider and registers the host. "
            f"{where} Windows PowerShell as an administrator.",
            shared.replace("\0about\0", comment(name)).replace("\0name\0", literal(name)),
            name,
        )
        for name in names
    )


def _for_all(names: Sequence[str], set_up: HostSetUp, place: ScriptPlace, rules: Rules) -> HostScript:
    is_cluster = set_up.kind is HostKind.CLUSTER
    parts = {
        **_shared(set_up, place, rules),
        "about_host": comment(", ".join(names)),
        "about_edition": _REMOTE_TEXT,
        "installer": literal(rules.hosts.provider.installer),
        "nodes": value(names),
    }
    whose = (set_up.cluster or "the cluster") if is_cluster else "these hosts"
    return HostScript(
        file_name("Register-all", set_up.cluster if is_cluster else ""),
        f"Install and register all {len(names)} {'nodes of ' if is_cluster else 'of '}{whose}",
        "From one computer, by PowerShell remoting: checks all of them first, then sets up one after another. "
        "The key is removed from each at the end.",
        fill(template("register_nodes.ps1"), parts),
    )


def _free_name(name: str, taken: set[str]) -> str:
    """Names that differ in other letters alone would share a file."""
    stem, number, found = name.removesuffix(".ps1"), 1, name
    while found.lower() in taken:
        number += 1
        found = f"{stem}-{number}.ps1"
    taken.add(found.lower())
    return found


def _shared(set_up: HostSetUp, place: ScriptPlace, rules: Rules) -> dict[str, str]:
    hosts = rules.hosts
    return {
        "about_vault": comment(place.vault),
        "about_site": comment(place.site),
        "about_proxy": comment(_proxy_text(set_up.proxy)),
        "about_edition": _EDITION_TEXTS[set_up.edition],
        "about_password": _password_text(set_up.proxy),
        "installer_name": comment(hosts.provider.installer),
        "key_hours": str(rules.registration_key.validity_h),
        "host_plan": fill(template("host_plan.ps1"), {"plan": value(_plan(set_up, place, rules), 4)}),
        "host_checks": host_checks(hosts),
        "host_note": template("host_note.ps1"),
        "host_set_up": template("host_set_up.ps1"),
        "host_report": template("host_report.ps1"),
    }


def _plan(set_up: HostSetUp, place: ScriptPlace, rules: Rules) -> dict[str, Value]:
    proxy = set_up.proxy
    is_custom = proxy.kind is ProxyKind.CUSTOM
    needed, optional, wildcards = _addresses(place, rules)
    return {
        "Vault": place.vault,
        "Site": place.site,
        "SiteId": place.site_id,
        "KeyFile": place.key_file,
        "KeyEnd": place.key_end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if place.key_end else "",
        "KeyHours": rules.registration_key.validity_h,
        "Edition": set_up.edition.value,
        "ProxyKind": proxy.kind.value,
        "ProxyUrl": proxy.url if is_custom else "",
        "ProxyPort": proxy.port if is_custom else "",
        "ProxyUser": proxy.user if is_custom else "",
        "Addresses": needed,
        "OptionalAddresses": optional,
        "Wildcards": wildcards,
        "AppearMinutes": rules.monitoring.host_registration_max_min,
        "Checks": _checks(rules.hosts),
    }


def _checks(rules: HostRules) -> list[Value]:
    return [
        {
            "Id": check.id,
            "Title": check.title,
            "Advice": check.advice,
            "IsRequired": check.is_required,
            "IsFinal": check.is_final,
        }
        for check in rules.checks
    ]


def _addresses(place: ScriptPlace, rules: Rules) -> tuple[list[str], list[str], list[str]]:
    """Those that can be tried and are needed, those that need not be, and those that no host is called by."""
    needed = list(place.storage)
    optional: list[str] = []
    wildcards: list[str] = []
    if place.cloud is not None:
        for rule in rules.prerequisites.addresses:
            if rule.port == _TCP and not rule.is_range:
                for address in rule.today(place.cloud):
                    group = wildcards if "*" in address else optional if rule.is_optional else needed
                    group.append(address)
    return needed, optional, wildcards


def _proxy_text(proxy: HostProxy) -> str:
    if proxy.kind is ProxyKind.DIRECT:
        return "none, the host reaches Azure directly"
    if proxy.kind is ProxyKind.EXISTING:
        return "what the host is set to"
    user = f", as {proxy.user}" if proxy.user else ""
    return f"{proxy.url}, port {proxy.port}{user}"


def _password_text(proxy: HostProxy) -> str:
    if proxy.kind is ProxyKind.CUSTOM and proxy.user:
        return (
            "It asks for the proxy's password, and keeps it nowhere. The setup takes it on its command line, where\n"
            "other administrators of the host could see it for as long as the registration runs."
        )
    if proxy.kind is ProxyKind.EXISTING:
        return (
            "The setup's command line has no word for the host's own proxy: it is started without one, and takes what\n"
            "the system is set to. A proxy that asks for a password has to be given as a custom one."
        )
    return "It asks for no password, and holds none."
