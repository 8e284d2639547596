"""What a registration key says of itself: how long it is good for, whose it is, what its file is called."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.arm_id import vault_id
from app.domain.calendar_entry import calendar_entry
from app.domain.registration_key import RegistrationKey, suggested_name
from app.rules import load_rules

MADE = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
RULES = load_rules().registration_key
KEY = RegistrationKey(
    site_id="b3734ae4-dd5e-53bd-a7a7-23b0e284900f",
    site="HQ",
    vault="asr-weu",
    subscription="5A1B7C2E-0D34-4F6A-9B58-2C7E1F90D3A4",
    resource_group="rg-dr",
    location="westeurope",
    valid_from=MADE - timedelta(minutes=10),
    valid_until=MADE + timedelta(hours=120),
    thumbprint="AB" * 20,
    path=Path("/keys/HQ.VaultCredentials"),
    made_at=MADE,
)
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
NAMES = st.text(max_size=120)


def test_a_key_is_good_for_five_days() -> None:
    assert RULES.validity == timedelta(days=5)
    assert not KEY.is_expired(MADE + timedelta(hours=119, minutes=59))
    assert KEY.is_expired(MADE + timedelta(hours=120))
    assert KEY.left(MADE) == timedelta(hours=120)
    assert KEY.left(MADE + timedelta(days=9)) == timedelta()


def test_a_certificate_of_a_year_makes_a_key_of_five_days_all_the_same() -> None:
    begin = KEY.valid_from
    assert RULES.ends(begin, begin + timedelta(days=365)) == KEY.valid_until
    assert RULES.ends(begin, begin + timedelta(hours=48)) == begin + timedelta(hours=48)


def test_a_key_is_for_one_site_of_one_vault() -> None:
    vault = vault_id(KEY.subscription.lower(), "RG-DR", "ASR-weu")
    assert KEY.is_for(KEY.site_id.upper(), vault)
    assert not KEY.is_for("another", vault)
    assert not KEY.is_for(KEY.site_id, vault_id(KEY.subscription, "rg-dr", "asr-neu"))
    assert not KEY.is_for(KEY.site_id, vault_id(KEY.subscription, "rg-other", "asr-weu"))


def test_the_file_is_named_by_site_vault_and_time_in_utc() -> None:
    here = MADE.astimezone(timezone(timedelta(hours=2)))
    assert suggested_name("Contoso HQ", "asr-weu", here) == "Contoso HQ_asr-weu_2026-03-02T07-30-00.VaultCredentials"


@pytest.mark.parametrize(
    ("site", "begins"),
    [
        ("../../etc/passwd", "_.._etc_passwd_"),
        ("CON.site", "_CON.site_"),
        ("con", "con_asr"),
        ("HQ: main <1>", "HQ_ main _1__"),
        ("a\u202eb\nc", "a b c_"),
        ("", "site_"),
        ("  . ", "site_"),
    ],
)
def test_a_site_with_any_name_has_a_file(site: str, begins: str) -> None:
    assert suggested_name(site, "asr-weu", MADE).startswith(begins)


@settings(deadline=None)
@given(NAMES, NAMES)
def test_the_name_fits_every_system(site: str, vault: str) -> None:
    name = suggested_name(site, vault, MADE)
    assert not FORBIDDEN.search(name)
    assert len(name.encode()) <= 255
    assert name.endswith("_2026-03-02T07-30-00.VaultCredentials")
    assert name == name.strip(" ")
    assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}


# --- the calendar ------------------------------------------------------------------------------------------------


def unfolded(entry: bytes) -> list[str]:
    return entry.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_the_calendar_has_the_end_and_a_reminder_a_day_before() -> None:
    lines = unfolded(calendar_entry(KEY, remind_before=RULES.reminder_before))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines
    assert f"UID:{'ab' * 20}@registration-key.site-recovery-desk" in lines
    assert "DTSTAMP:20260302T073000Z" in lines
    assert "DTSTART:20260307T073000Z" in lines
    alarm = lines[lines.index("BEGIN:VALARM") : lines.index("END:VALARM")]
    assert "TRIGGER:-PT24H" in alarm
    assert "ACTION:DISPLAY" in alarm
    assert any(line.startswith("DESCRIPTION:") for line in alarm)


def test_names_are_text_in_the_calendar() -> None:
    named = replace(KEY, site="HQ; east, \\west\r\nEND:VEVENT")
    lines = unfolded(calendar_entry(named))
    assert "SUMMARY:Registration key of HQ\\; east\\, \\\\west\\nEND:VEVENT expires" in lines
    assert lines.count("END:VEVENT") == 1


@settings(deadline=None)
@given(NAMES, NAMES)
def test_no_line_of_the_calendar_is_too_long_or_broken_within_a_character(site: str, vault: str) -> None:
    entry = calendar_entry(replace(KEY, site=site, vault=vault))
    lines = entry.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()
        assert b"\n" not in line
        assert b"\r" not in line
    assert [line for line in lines if line == b"END:VEVENT"] == [b"END:VEVENT"]
