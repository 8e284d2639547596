"""How the service writes things down: times, GUIDs, ids."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

Json = dict[str, Any]

TASK_NOT_BEGUN = "0001-01-01T00:00:00"
SCENARIO_NOT_BEGUN = "1753-01-01T01:01:01Z"
MICROSOFT_AZURE = "Microsoft Azure"
AZURE_FABRIC_GUID = "21a9403c-6ec1-44f2-b744-b4e50b792387"
AZURE_CONTAINER_GUID = "d38048d4-b460-4791-8ece-108395ee8478"
AZURE_FABRIC_NAME = "d49858f157601230a6ac5862fbbc6e63bf38d23ecd96cf953767945d457fe9d5"


def time_text(seconds: float) -> str:
    """Seven fraction digits and Z, as start times carry."""
    whole, micros = split_time(seconds)
    return f"{second_text(whole)}.{micros:06d}0Z"


def whole_second_text(seconds: float) -> str:
    """Whole seconds and Z, as a job's end carries."""
    return f"{second_text(int(seconds))}Z"


def split_time(seconds: float) -> tuple[int, int]:
    """Whole seconds, and millionths as they are written."""
    whole = int(seconds)
    micros = round((seconds - whole) * 1_000_000)
    return (whole, micros) if micros < 1_000_000 else (whole + 1, 0)


def zero_fraction_text(seconds: float) -> str:
    """Whole seconds written with seven zeros, as an operation's end carries."""
    return f"{second_text(int(seconds))}.0000000Z"


def second_text(whole: int) -> str:
    """Up to the second and without a zone, as the other forms begin."""
    return f"{_to_the_minute(whole // 60)}:{whole % 60:02d}"


@lru_cache(maxsize=4096)  # a list of thousands has few minutes, and formatting one costs more than the rest of a time
def _to_the_minute(minutes: int) -> str:
    return f"{datetime.fromtimestamp(minutes * 60, UTC):%Y-%m-%dT%H:%M}"


def http_date(seconds: float) -> str:
    return _http_date(int(seconds))


@lru_cache(maxsize=8)  # every answer carries it, and many come within a second
def _http_date(whole: int) -> str:
    return format_datetime(datetime.fromtimestamp(whole, UTC), usegmt=True)


def seconds_of(text: str) -> float:
    """Read an ISO time; fraction digits beyond six are dropped, as a time without a zone is read as UTC.

    Raises:
        ValueError: it is not a time.
    """
    head, dot, tail = text.strip().replace(" ", "+").partition(".")
    if dot:
        digits = tail[: next((i for i, c in enumerate(tail) if not c.isdigit()), len(tail))]
        head = f"{head}.{digits[:6]:0<6}{tail[len(digits) :]}"
    moment = datetime.fromisoformat(head)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def guid(*parts: object, version: int = 4) -> str:
    """The same parts give the same GUID, today and after a restart."""
    text = hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=16).hexdigest()
    return f"{text[:8]}-{text[8:12]}-{version}{text[13:16]}-a{text[17:20]}-{text[20:]}"


def fraction(*parts: object) -> float:
    """The same parts give the same number in [0, 1): chance that can be repeated."""
    return int.from_bytes(hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=7).digest(), "big") / 2**56


def between(low: float, high: float, *parts: object) -> float:
    """The same parts give the same number between the two."""
    return low + (high - low) * fraction(*parts)


def last_segment(arm_id: str) -> str:
    return arm_id.rstrip("/").rsplit("/", 1)[-1]


def vault_part(arm_id: str) -> str:
    """The vault's part of an id or key."""
    return "/".join(arm_id.split("/")[:9])


def fabric_part(arm_id: str) -> str:
    """The site's part of an id or key."""
    return "/".join(arm_id.split("/")[:11])


def site_recovery_id(arm_id: str) -> str:
    """The id as Site Recovery writes it: with a capital S in Subscriptions."""
    return "/Subscriptions/" + arm_id.split("/", 2)[2]
