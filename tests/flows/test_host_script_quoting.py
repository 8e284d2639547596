"""Any text as a literal, a comment or a file name of a script."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flows.host_scripts.quoting import comment, file_name, literal, value
from tests.support.powershell import mistakes, parsed, read_literal, shape

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)
"""Lone surrogates and unassigned characters too."""


@given(ANY_TEXT)
def test_a_literal_is_read_back_as_it_was(text: str) -> None:
    expected = text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")
    assert read_literal(literal(text)) == expected


@given(ANY_TEXT)
def test_a_literal_is_one_line_of_what_can_be_written_and_seen(text: str) -> None:
    written = literal(text)
    written.encode("utf-8")
    assert written.isprintable() or all(letter.isprintable() or letter.isspace() for letter in written)
    assert len(written.splitlines()) == 1


@given(ANY_TEXT)
def test_any_text_is_one_literal_by_the_grammar(text: str) -> None:
    root = parsed(f"$name = {literal(text)}\nStop-Service -Name {literal(text)}\n")
    assert mistakes(root) == []
    assert shape(root) == shape(parsed("$name = 'a'\nStop-Service -Name 'a'\n"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("HV-01", "'HV-01'"),
        ("", "''"),
        ("O'Brien", "'O''Brien'"),
        ("a’b‘c‚d‛e", "'a’’b‘‘c‚‚d‛‛e'"),
        ("$(calc) `n ; | #>", "'$(calc) `n ; | #>'"),
        ("a\r\nb", r"([regex]::Unescape('a\u000d\u000ab'))"),
        ("\\x\0", r"([regex]::Unescape('\\x\u0000'))"),
        ("a\u202eb", r"([regex]::Unescape('a\u202eb'))"),
        ("\ud800", r"([regex]::Unescape('\ud800'))"),
        ("\U000e0001", r"([regex]::Unescape('\udb40\udc01'))"),
        ("Büro 東京 😀", "'Büro 東京 😀'"),
    ],
)
def test_how_a_literal_looks(text: str, written: str) -> None:
    assert literal(text) == written


def test_tables_and_lists_take_a_line_for_each_entry() -> None:
    assert value({"A": ["x", "y"], "B": True, "C": 3, "D": [], "E": {}}) == (
        "@{\n    A = @(\n        'x',\n        'y'\n    )\n    B = $true\n    C = 3\n    D = @()\n    E = @{}\n}"
    )


@pytest.mark.parametrize("key", ["", "a b", "a'", "1", "a-b", "é"])
def test_a_key_is_a_plain_word(key: str) -> None:
    with pytest.raises(ValueError, match="plain word"):
        value({key: "x"})


@given(ANY_TEXT)
def test_a_comment_stays_a_comment(text: str) -> None:
    shown = comment(text)
    shown.encode("utf-8")
    one, block = parsed(f"# Name: {shown}\n$a = 1\n"), parsed(f"<#\n    Name: {shown}\n#>\n$a = 1\n")
    for root, plain in ((one, parsed("# Name: x\n$a = 1\n")), (block, parsed("<#\n    Name: x\n#>\n$a = 1\n"))):
        assert mistakes(root) == []
        assert shape(root) == shape(plain)
    assert "#>" not in shown
    assert len(shown.splitlines()) <= 1


@given(ANY_TEXT)
def test_a_file_name_is_taken_everywhere(text: str) -> None:
    name = file_name("Register", text)
    assert re.fullmatch(r"Register(-[A-Za-z0-9-]*[A-Za-z0-9])?\.ps1", name)
    assert len(name) <= 80


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("HV-HQ-01", "Register-HV-HQ-01.ps1"),
        ("hv.contoso.com", "Register-hv-contoso-com.ps1"),
        ("..\\..\\x", "Register-x.ps1"),
        ("Büro", "Register-Buro.ps1"),
        ("東京", "Register.ps1"),
        ("CON", "Register-CON.ps1"),
    ],
)
def test_file_names_for_people(text: str, name: str) -> None:
    assert file_name("Register", text) == name
