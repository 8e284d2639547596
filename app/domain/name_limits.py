"""The limits of names, as typed tables; `app.domain.naming_rules` judges by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.source import Dated


class NameKind(StrEnum):
    RESOURCE_GROUP = "resource_group"
    VAULT = "vault"
    SITE = "site"
    STORAGE_ACCOUNT = "storage_account"
    VIRTUAL_NETWORK = "virtual_network"
    SUBNET = "subnet"
    POLICY = "policy"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class NameRule:
    """Lengths and characters of one kind of name.

    Attributes:
        allowed, first, last: the insides of a regular expression's `[...]`; empty `first` and `last` take `allowed`.
        words, first_words, last_words: the same for people.
        has_reserved_words: whether Azure refuses its own trademarks in it.
    """

    minimum: int
    maximum: int
    allowed: str
    words: str
    first: str = ""
    first_words: str = ""
    last: str = ""
    last_words: str = ""
    has_reserved_words: bool = False


@dataclass(frozen=True, slots=True)
class ReservedWords:
    """Words that Azure keeps for itself, in upper case."""

    whole: tuple[str, ...]
    parts: tuple[str, ...]
    beginnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameRules(Dated):
    """`windows_host_name_maximum`: characters of the name that Windows has inside; Azure does not change it."""

    kinds: Mapping[NameKind, NameRule]
    reserved: ReservedWords
    windows_host_name_maximum: int
