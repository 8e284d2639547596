"""Azure's naming rules: one check for every kind of name, and a valid name made from any text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from app.domain.rules import NameKind, NameRule, ReservedWords, Rules

_KIND_WORDS = {
    NameKind.RESOURCE_GROUP: "resource group",
    NameKind.VAULT: "vault",
    NameKind.SITE: "Hyper-V site",
    NameKind.STORAGE_ACCOUNT: "storage account",
    NameKind.VIRTUAL_NETWORK: "virtual network",
    NameKind.SUBNET: "subnet",
    NameKind.POLICY: "replication policy",
    NameKind.MACHINE: "machine in Azure",
}
_UNICODE_KINDS = frozenset({NameKind.RESOURCE_GROUP})


def check_name(kind: NameKind, text: str, rules: Rules) -> str | None:
    """The sentence to show at the field, what is wrong and what would be right; None when the name is fine."""
    rule = rules.names.kinds[kind]
    right = _what_is_right(rule)
    if not text.strip():
        return f"Type a name for the {_KIND_WORDS[kind]}. {right}"
    if text != text.strip():
        return "Remove the space before or after the name."
    if len(text) > rule.maximum:
        return f"This name has {len(text)} characters. {right}"
    wrong = _first_wrong_character(kind, rule, text)
    if wrong is not None:
        return f"{_spoken(wrong)} can’t be used. {right}"
    if len(text) < rule.minimum:
        return right
    if rule.first and not _matches(kind, rule.first, text[0]):
        return f"Begin with {rule.first_words}."
    if rule.last and not _matches(kind, rule.last, text[-1]):
        return f"End with {rule.last_words}."
    if rule.has_reserved_words:
        word = _reserved_word(text, rules.names.reserved)
        if word:
            return f"Azure keeps the word {word.lower()} for itself. Choose a name without it."
    return None


def suggest_azure_name(text: str, rules: Rules, taken: Collection[str] = ()) -> str:
    """A valid name for the machine in Azure, as close to `text` as can be: `WEB 05` becomes `WEB-05`.

    `taken` holds names, in lower case, that must not come out; a number is added then.
    """
    maximum = rules.names.kinds[NameKind.MACHINE].maximum
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:maximum].rstrip("-") or "machine"
    name = stem
    number = 2
    while name.lower() in taken:
        ending = f"-{number}"
        name = stem[: maximum - len(ending)].rstrip("-") + ending
        number += 1
    return name


def _what_is_right(rule: NameRule) -> str:
    return f"Use {rule.minimum} to {rule.maximum} {rule.words}."


def _first_wrong_character(kind: NameKind, rule: NameRule, text: str) -> str | None:
    if _matches(kind, rule.allowed, text):
        return None
    return next((character for character in text if not _matches(kind, rule.allowed, character)), None)


def _matches(kind: NameKind, characters: str, text: str) -> bool:
    return _pattern(characters, kind in _UNICODE_KINDS).fullmatch(text) is not None


@lru_cache(maxsize=64)
def _pattern(characters: str, is_unicode: bool) -> re.Pattern[str]:
    return re.compile(f"[{characters}]+", 0 if is_unicode else re.ASCII)


def _spoken(character: str) -> str:
    if character == " ":
        return "A space"
    if not character.isprintable():
        return f"The invisible character U+{ord(character):04X}"
    return f"“{character}”"


def _reserved_word(text: str, reserved: ReservedWords) -> str:
    upper = text.upper()
    if upper in reserved.whole:
        return upper
    for part in reserved.parts:
        if part in upper:
            return part
    return next((word for word in reserved.beginnings if upper.startswith(word)), "")
