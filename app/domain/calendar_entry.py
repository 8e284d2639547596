"""When a registration key expires, as an entry for anybody's calendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.registration_key import RegistrationKey

MEDIA_TYPE = "text/calendar"
_LONGEST_LINE = 75
"""Octets, without the line's end."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar_entry(key: RegistrationKey, *, remind_before: timedelta = timedelta(days=1)) -> bytes:
    """An .ics file with one event: the key expires, with a reminder before."""
    title = f"Registration key of {key.site} expires"
    text = (
        f"With the key for the site {key.site} in the vault {key.vault}, hosts can be registered until then. "
        f"Make a new key for hosts that are still to come. The file is {key.path}."
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Site Recovery Desk//Registration key//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{key.thumbprint.lower()}@registration-key.site-recovery-desk",
        f"DTSTAMP:{_time(key.made_at or key.valid_from)}",
        f"DTSTART:{_time(key.valid_until)}",
        f"DTEND:{_time(key.valid_until)}",
        f"SUMMARY:{_text(title)}",
        f"DESCRIPTION:{_text(text)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(title)}",
        f"TRIGGER:-{_duration(remind_before)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _duration(length: timedelta) -> str:
    return f"PT{int(length.total_seconds() // 3600)}H"


def _text(text: str) -> str:
    """As a TEXT value: what separates is escaped, and other control characters, which none may hold, are left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each == "\n" or not _is_control(each)).translate(_ESCAPED)


def _is_control(character: str) -> bool:
    return ord(character) < 32 or 0x7F <= ord(character) < 0xA0 or 0xD800 <= ord(character) < 0xE000


def _folded(line: str) -> bytes:
    """The line with its end, broken where it is too long, and never within a character."""
    parts: list[str] = []
    part, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + octets
    return "".join(f"{each}\r\n" for each in (*parts, part)).encode()
