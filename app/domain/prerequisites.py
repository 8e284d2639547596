"""What has to be there before machines can replicate: the lines themselves, and the addresses to let through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.source import Source


class Table(StrEnum):
    """The three tables, in the order in which they are worked through."""

    AZURE = "azure"
    HOSTS = "hosts"
    MACHINES = "machines"


class Cloud(StrEnum):
    COMMERCIAL = "commercial"
    GOVERNMENT = "government"


class Check(StrEnum):
    """What the program looks at in Azure by itself."""

    SUBSCRIPTION = "subscription"
    PROVIDERS = "providers"
    VAULT = "vault"
    REGION = "region"
    STORAGE = "storage"
    SECOND_COPY = "second_copy"
    NETWORK = "network"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """One line of a table.

    Attributes:
        in_2017: what the article asked for; empty where nothing has changed.
        source: which of the documents `today` comes from.
        check: how the program looks for itself; None where a person has to.
    """

    id: str
    table: Table
    need: str
    today: str
    why: str
    source: str
    in_2017: str = ""
    check: Check | None = None


@dataclass(frozen=True, slots=True)
class AddressRule:
    """Addresses that serve one purpose, by cloud, beside those of 2017.

    Attributes:
        is_optional: replication works without.
        is_range: for firewalls that know numbers alone, in place of the names.
    """

    id: str
    purpose: str
    why: str
    port: str
    commercial: tuple[str, ...]
    government: tuple[str, ...]
    in_2017: tuple[str, ...]
    source: str
    is_optional: bool = False
    is_range: bool = False

    def today(self, cloud: Cloud) -> tuple[str, ...]:
        return self.commercial if cloud is Cloud.COMMERCIAL else self.government


@dataclass(frozen=True, slots=True)
class PrerequisiteRules:
    """`article` is the document of 2017, `sources` are all documents by the names that lines give them."""

    source: Source
    article: Source
    sources: Mapping[str, Source]
    lines: tuple[Prerequisite, ...]
    addresses: tuple[AddressRule, ...]

    def of(self, table: Table) -> tuple[Prerequisite, ...]:
        return tuple(line for line in self.lines if line.table is table)

    def source_of(self, line: Prerequisite | AddressRule) -> Source:
        return self.sources[line.source]
