"""What the admin says of the hosts to be registered: which, how Windows is installed on them, and their proxy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.issue import Issue

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)", re.ASCII)
_LONGEST_NAME = 253
_LONGEST_USER = 256


class HostKind(StrEnum):
    STANDALONE = "standalone"
    CLUSTER = "cluster"


class HostEdition(StrEnum):
    DESKTOP = "desktop"
    SERVER_CORE = "server_core"


class ProxyKind(StrEnum):
    DIRECT = "direct"
    EXISTING = "existing"
    """What the host's system is set to."""
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class HostProxy:
    """How Provider and agent reach Azure. The password is asked for on the host and held nowhere.

    Attributes:
        address: a name or an address, with or without `http://`; only with CUSTOM.
        port: as it was typed.
        user: empty where the proxy asks nobody.
    """

    kind: ProxyKind = ProxyKind.DIRECT
    address: str = ""
    port: str = ""
    user: str = ""

    @property
    def url(self) -> str:
        """The address as the Provider takes it, without its port."""
        return (self.address if "://" in self.address else f"http://{self.address}").rstrip("/")


@dataclass(frozen=True, slots=True)
class HostSetUp:
    """Hosts that are to be registered in the draft's site.

    Attributes:
        cluster: the cluster's name, for the reader alone; every node is registered by itself.
        names: computer names, all nodes of a cluster among them.
        asked_at: ISO time when the hosts were told to register; empty as long as nobody was.
        seen: hosts that were registered when the set-up was last looked at, so that it can tell what is new.
    """

    kind: HostKind = HostKind.STANDALONE
    cluster: str = ""
    names: tuple[str, ...] = ()
    edition: HostEdition = HostEdition.DESKTOP
    proxy: HostProxy = field(default_factory=HostProxy)
    asked_at: str = ""
    seen: tuple[str, ...] = ()


def split_names(text: str) -> tuple[str, ...]:
    """Names as people type or paste them: by lines, commas, semicolons or blanks; each once, in their order."""
    found: dict[str, str] = {}
    for name in re.split(r"[\s,;]+", text):
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def check_host_name(name: str) -> str | None:
    """The sentence to show for a computer name; None when it can be one."""
    labels = name.removesuffix(".").split(".")
    if len(name) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in labels):
        return None
    shown = name if len(name) <= 40 else f"{name[:37]}…"
    return f"“{shown}” is no computer name. Use letters, digits and hyphens, such as HV-HQ-01 or hv-hq-01.contoso.com."


def check_host_set_up(choice: HostSetUp) -> tuple[Issue, ...]:
    """What stands against registering these hosts so. Fields: `names`, `cluster`, `proxy.address`, `.port`, `.user`."""
    issues = [*_check_names(choice)]
    if choice.kind is HostKind.CLUSTER and choice.cluster:
        problem = check_host_name(choice.cluster)
        if problem:
            issues.append(Issue("cluster", problem, short="The cluster’s name can’t be one"))
    if choice.proxy.kind is ProxyKind.CUSTOM:
        issues += _check_proxy(choice.proxy)
    return tuple(issues)


def _check_names(choice: HostSetUp) -> list[Issue]:
    names = choice.names
    is_cluster = choice.kind is HostKind.CLUSTER
    if not names:
        text = "Type the names of all nodes, one a line." if is_cluster else "Type the host’s computer name."
        return [Issue("names", text, short="No host is named")]
    wrong = next(filter(None, map(check_host_name, names)), None)
    if wrong:
        return [Issue("names", wrong, short="One of these can’t be a computer name")]
    if not is_cluster:
        return []
    if len(names) == 1:
        text = "Type every node of the cluster, one a line. A single host is a standalone server."
        return [Issue("names", text, short="Only one node is named")]
    return []


def _check_proxy(proxy: HostProxy) -> list[Issue]:
    issues = []
    address = _check_proxy_address(proxy)
    if address:
        issues.append(Issue("proxy.address", address, short="The proxy’s address can’t be used"))
    port = _check_port(proxy)
    if port:
        issues.append(Issue("proxy.port", port, short="The proxy’s port is missing or wrong"))
    user = _check_user(proxy.user)
    if user:
        issues.append(Issue("proxy.user", user, short="The user name can’t be used"))
    return issues


def _check_proxy_address(proxy: HostProxy) -> str | None:
    scheme, separator, rest = proxy.address.rpartition("://")
    if not proxy.address:
        return "Type the proxy’s address, such as http://proxy.contoso.com." + (
            " A port alone is not enough." if proxy.port else ""
        )
    if separator and scheme.lower() == "https":
        return (
            "The Provider can’t use a proxy that is itself reached by HTTPS. "
            "Give its http:// address; what passes through is encrypted all the same."
        )
    if separator and scheme.lower() != "http":
        return "Only a proxy by HTTP can be used: type its address with http:// before it."
    if "@" in rest:
        return "Leave out user and password here: the user has a field of its own, the password is asked on the host."
    if ":" in rest:
        return "Leave out the port here, it has a field of its own."
    if "/" in rest.rstrip("/"):
        return "Leave out what follows the proxy’s name."
    return check_host_name(rest.rstrip("/"))


def _check_port(proxy: HostProxy) -> str | None:
    if not proxy.port:
        return "Type its port, such as 8080."
    is_number = proxy.port.isascii() and proxy.port.isdigit() and len(proxy.port) <= 5
    if not is_number or not 1 <= int(proxy.port) <= 65535:
        return "Type a number from 1 to 65535; many proxies use 8080 or 3128."
    return None


def _check_user(user: str) -> str | None:
    if len(user) > _LONGEST_USER:
        return f"A user name has at most {_LONGEST_USER} characters."
    if any(ord(character) < 32 for character in user):
        return "Leave out line breaks and control characters."
    return None
