"""Names: each side of each limit, and sentences that say what would be right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.naming_rules import check_name, suggest_azure_name
from app.domain.rules import NameKind
from app.rules import load_rules

RULES = load_rules()
STORAGE = "Use 3 to 24 lower-case letters and digits."
MACHINE = "Use 1 to 63 letters, digits and hyphens."


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (NameKind.STORAGE_ACCOUNT, "abc"),
        (NameKind.STORAGE_ACCOUNT, "a" * 24),
        (NameKind.STORAGE_ACCOUNT, "0hyper0v0"),
        (NameKind.RESOURCE_GROUP, "r"),
        (NameKind.RESOURCE_GROUP, "rg-Überfall_(1).x"),
        (NameKind.RESOURCE_GROUP, "r" * 90),
        (NameKind.VAULT, "ab"),
        (NameKind.VAULT, "a" * 50),
        (NameKind.VAULT, "asr-contoso-"),
        (NameKind.VIRTUAL_NETWORK, "v1"),
        (NameKind.VIRTUAL_NETWORK, "v" * 64),
        (NameKind.VIRTUAL_NETWORK, "vnet.a_"),
        (NameKind.SUBNET, "s"),
        (NameKind.SUBNET, "s" * 80),
        (NameKind.MACHINE, "WEB-01"),
        (NameKind.MACHINE, "7"),
        (NameKind.MACHINE, "m" * 63),
        (NameKind.MACHINE, "windows-7"),
        (NameKind.SITE, "Contoso-HQ"),
        (NameKind.POLICY, "HQ_5min"),
        (NameKind.POLICY, "p" * 63),
    ],
)
def test_fine_names_pass(kind: NameKind, name: str) -> None:
    assert check_name(kind, name, RULES) is None


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [
        (NameKind.STORAGE_ACCOUNT, "", f"Type a name for the storage account. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "   ", f"Type a name for the storage account. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "ab", STORAGE),
        (NameKind.STORAGE_ACCOUNT, "a" * 25, f"This name has 25 characters. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "a" * 300, f"This name has 300 characters. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "Contoso", f"“C” can’t be used. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "contoso-hq", f"“-” can’t be used. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "contoso hq", f"A space can’t be used. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "größe", f"“ö” can’t be used. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "store🙂", f"“🙂” can’t be used. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "sto\nre", f"The invisible character U+000A can’t be used. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "abc\u200bd", f"The invisible character U+200B can’t be used. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, "٣٤٥", f"“٣” can’t be used. {STORAGE}"),
        (NameKind.STORAGE_ACCOUNT, " store", "Remove the space before or after the name."),
        (NameKind.STORAGE_ACCOUNT, "store\n", "Remove the space before or after the name."),
        (NameKind.STORAGE_ACCOUNT, "office365", "Azure keeps the word office365 for itself. Choose a name without it."),
        (NameKind.STORAGE_ACCOUNT, "onmicrosoft1",
         "Azure keeps the word microsoft for itself. Choose a name without it."),
        (NameKind.STORAGE_ACCOUNT, "login1", "Azure keeps the word login for itself. Choose a name without it."),
        (NameKind.RESOURCE_GROUP, "rg.", "End with anything but a period."),
        (NameKind.RESOURCE_GROUP, "r" * 91, "This name has 91 characters. "
         "Use 1 to 90 letters, digits, hyphens, underscores, periods and brackets."),
        (NameKind.VAULT, "a", "Use 2 to 50 letters, digits and hyphens."),
        (NameKind.VAULT, "7-vault", "Begin with a letter."),
        (NameKind.VAULT, "a" * 51, "This name has 51 characters. Use 2 to 50 letters, digits and hyphens."),
        (NameKind.VIRTUAL_NETWORK, "vnet-", "End with a letter, digit or underscore."),
        (NameKind.SUBNET, "_core", "Begin with a letter or digit."),
        (NameKind.MACHINE, "WEB 05", f"A space can’t be used. {MACHINE}"),
        (NameKind.MACHINE, "WEB_05", f"“_” can’t be used. {MACHINE}"),
        (NameKind.MACHINE, "-web", "Begin with a letter or digit."),
        (NameKind.MACHINE, "web-", "End with a letter or digit."),
        (NameKind.MACHINE, "m" * 64, f"This name has 64 characters. {MACHINE}"),
        (NameKind.POLICY, "HQ 5 min", "A space can’t be used. Use 1 to 63 letters, digits, hyphens and underscores."),
        (NameKind.POLICY, "a/b", "“/” can’t be used. Use 1 to 63 letters, digits, hyphens and underscores."),
    ],
)  # fmt: skip
def test_wrong_names_are_told_what_would_be_right(kind: NameKind, name: str, sentence: str) -> None:
    assert check_name(kind, name, RULES) == sentence


def test_reserved_words_hold_only_where_a_name_becomes_public() -> None:
    assert check_name(NameKind.VAULT, "microsoft-dr", RULES) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("WEB 05", "WEB-05"),
        ("DC01", "DC01"),
        ("SQL (alt) – Köln", "SQL-alt-Koln"),
        ("__x__", "x"),
        ("", "machine"),
        ("🙂", "machine"),
        ("a" * 70, "a" * 63),
        ("a" * 62 + "-b", "a" * 62),
    ],
)
def test_suggestion_stays_close_to_the_text(text: str, name: str) -> None:
    assert suggest_azure_name(text, RULES) == name


def test_suggestion_avoids_taken_names() -> None:
    assert suggest_azure_name("WEB 05", RULES, {"web-05", "web-05-2"}) == "WEB-05-3"


@given(st.text(max_size=80), st.sets(st.text(st.characters(codec="ascii"), max_size=5).map(str.lower), max_size=3))
def test_any_text_gives_a_name_that_passes_and_is_free(text: str, taken: set[str]) -> None:
    name = suggest_azure_name(text, RULES, taken)
    assert check_name(NameKind.MACHINE, name, RULES) is None
    assert name.lower() not in taken


@given(st.sampled_from(NameKind), st.text(max_size=120))
def test_any_text_gets_a_sentence_or_passes(kind: NameKind, text: str) -> None:
    sentence = check_name(kind, text, RULES)
    rule = RULES.names.kinds[kind]
    if sentence is None:
        assert rule.minimum <= len(text) <= rule.maximum
    else:
        assert sentence.endswith(".")
        assert "\n" not in sentence
