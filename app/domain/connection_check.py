"""Which addresses a connection check tries from this computer, and which only a host could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.addresses import host_of
from app.domain.cloud import Cloud
from app.domain.prerequisites import Cloud as AddressCloud
from app.domain.prerequisites import PrerequisiteRules

_LISTED = {"public": AddressCloud.COMMERCIAL, "us-government": AddressCloud.GOVERNMENT}
_WITHOUT_PORT = "TCP 443"
_OF_PROGRAM = frozenset({"identity", "storage"})
"""The lines of the prerequisites whose addresses the program uses itself."""


class User(StrEnum):
    """Who needs an address."""

    COMPUTER = "computer"
    HOSTS = "hosts"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """One line of the check.

    Attributes:
        address: as it is shown, and let through.
        url: what is asked; empty where it cannot be tried from here.
        not_tried: why it cannot.
    """

    id: str
    purpose: str
    why: str
    address: str
    user: User
    url: str = ""
    not_tried: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Paths:
    """What is asked of each place of the program's own: answered without a token."""

    identity: str
    management: str
    storage: str


def listed_cloud(cloud: Cloud) -> AddressCloud | None:
    """Under which name the lists of the prerequisites know a cloud; None where they do not."""
    return _LISTED.get(cloud.name)


def addresses_of(
    cloud: Cloud, rules: PrerequisiteRules, paths: Paths, blob_endpoints: Sequence[str] = ()
) -> tuple[CheckedAddress, ...]:
    """Everything that this computer or the hosts need of a cloud, what can be tried first."""
    has_hosts = not cloud.is_custom
    shared = User.BOTH if has_hosts else User.COMPUTER
    lines = [
        CheckedAddress(
            "identity",
            "Sign-in",
            "Whoever works with Azure signs in there first, people, programs and hosts.",
            host_of(cloud.authority),
            shared,
            cloud.authority + paths.identity,
        ),
        CheckedAddress(
            "management",
            "Azure Resource Manager",
            "All that this program reads and changes goes there.",
            host_of(cloud.arm),
            User.COMPUTER,
            cloud.arm + paths.management,
        ),
    ]
    for endpoint in blob_endpoints:
        why = "The copies of the disks; this program measures the upload there."
        url = endpoint.rstrip("/") + paths.storage
        lines.append(CheckedAddress(f"storage {endpoint}", "Storage", why, host_of(endpoint), shared, url))
    if not blob_endpoints and cloud.storage:
        lines.append(
            CheckedAddress(
                "storage",
                "Storage",
                "The copies of the disks; this program measures the upload there.",
                f"*.blob.{cloud.storage}",
                shared,
                not_tried="Each storage account has a name of its own: open a connection, and its accounts are tried.",
            )
        )
    listed = listed_cloud(cloud)
    return (*lines, *(_of_hosts(rules, listed) if listed is not None else ()))


def _of_hosts(rules: PrerequisiteRules, cloud: AddressCloud) -> list[CheckedAddress]:
    return [
        CheckedAddress(
            f"{rule.id} {address}",
            rule.purpose,
            rule.why,
            address if rule.port == _WITHOUT_PORT else f"{address} ({rule.port})",
            User.HOSTS,
            not_tried=_why_not(address, rule.port),
            is_optional=rule.is_optional,
        )
        for rule in rules.addresses
        if rule.id not in _OF_PROGRAM and not rule.is_range
        for address in rule.today(cloud)
    ]


def _why_not(address: str, port: str) -> str:
    if "*" in address:
        return "Only the hosts use it, under names that the vault’s region makes. Try it at a host."
    if port != _WITHOUT_PORT:
        return f"Only the hosts use it, by {port}. Try it at a host."
    return "Only the hosts use it; from here it would say nothing of them. Try it at a host."
