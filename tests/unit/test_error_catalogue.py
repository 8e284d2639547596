"""Error codes in our words."""

from __future__ import annotations

from collections import Counter

from app.domain.protected_item import Operation
from app.rules import load_rules

RULES = load_rules()


def test_code_is_found_whatever_its_case() -> None:
    entry = RULES.error(" 0x800423f4 ")
    assert entry is not None
    assert entry.remedy


def test_codes_of_one_meaning_share_their_entry() -> None:
    assert RULES.error("505") is RULES.error("532")


def test_unknown_code_is_left_to_the_service() -> None:
    assert RULES.error("78144") is None


def test_no_code_has_two_meanings_and_every_entry_says_cause_and_remedy() -> None:
    entries = RULES.error_catalogue.entries
    codes = Counter(code.lower() for entry in entries for code in (entry.code, *entry.also))
    assert [code for code, count in codes.items() if count > 1] == []
    for entry in entries:
        assert entry.cause.endswith("."), entry.code
        assert entry.remedy.endswith("."), entry.code
        assert not entry.operation or entry.operation in set(Operation), entry.code
