"""How single raw values are to be understood: from Azure's JSON (None where the key is missing) to a domain value.

Stated a second time, apart from the adapters, so that a mistake there cannot cancel itself out here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

Reading = Callable[[Any], Any]


def text(raw: Any) -> str:
    return "" if raw is None else str(raw)


def texts(raw: Any) -> tuple[str, ...]:
    return tuple(raw or ())


def number(raw: Any) -> int:
    """Numbers come as numbers and as text."""
    return optional_number(raw) or 0


def optional_number(raw: Any) -> int | None:
    return None if raw in (None, "") else int(float(raw))


def text_of_number(raw: Any) -> str:
    """A code that is a number; 0 is none."""
    return text(optional_number(raw) or None)


def moment(raw: Any) -> datetime | None:
    """The years 1, 1601 and 1753 stand for never; a time without a zone is UTC."""
    if not raw:
        return None
    whole, _, fraction = str(raw).rstrip("Z").partition(".")
    time = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    if time.year in (1, 1601, 1753):
        return None
    return time + timedelta(microseconds=int(f"{fraction:0<6}"[:6] or 0))


def one_of(words: tuple[str, ...], otherwise: str, missing: str) -> Callable[[Any], str]:
    """A word from a list, whatever its case; any other word reads as `otherwise`."""
    known = {word.lower(): word for word in words}
    return lambda raw: missing if raw is None else known.get(str(raw).lower(), otherwise)


health = one_of(("Normal", "Warning", "Critical", "None", "Unknown"), otherwise="Unknown", missing="None")
presence = one_of(("Present", "NotPresent", "Unknown"), otherwise="Unknown", missing="Unknown")
os_type = one_of(("Windows", "Linux"), otherwise="", missing="")


def job_state(raw: Any) -> str:
    words = ("NotStarted", "InProgress", "Suspended", "Succeeded", "Failed", "Cancelled", "CompletedWithInformation")
    if raw == "PartiallySucceeded":
        return "CompletedWithInformation"
    return one_of(words, otherwise="Other", missing="Other")(raw)


def is_connected(raw: Any) -> bool:
    """Only a service that says so has lost its host."""
    return raw in ("Connected", None)


def job_of_task(raw: Any) -> str:
    """A task without a job of its own links to the bare collection of jobs."""
    return "" if text(raw).endswith("/") else text(raw)


def last_segment(raw: Any) -> str:
    return text(raw).rsplit("/", 1)[-1]


def fabric_or_its_name(raw: Any) -> str:
    """The friendly name as it is, or the fabric's name out of an id."""
    return text(raw).split("/replicationFabrics/")[-1].split("/")[0]


def code_alone(raw: Any) -> str:
    return text(raw) if text(raw).isdigit() else ""


def words_alone(raw: Any) -> str:
    return "" if text(raw).isdigit() else text(raw)


# --- the neighbours --------------------------------------------------------------------------------------------------


def or_succeeded(raw: Any) -> str:
    """What says nothing of being made is there."""
    return text(raw) or "Succeeded"


def issues(raw: Any) -> tuple[tuple[str, int], ...]:
    """Each summary code with the number of things it touches."""
    return tuple(
        (text(issue["summaryCode"]), how_many(issue.get("affectedResourceCorrelationIds"))) for issue in raw or ()
    )


def how_many(raw: Any) -> int:
    return len(raw or ())


def before_underscore(raw: Any) -> str:
    return text(raw).split("_")[0]


def after_underscore(raw: Any) -> str:
    return text(raw).split("_")[-1]


def is_deny(raw: Any) -> bool:
    return text(raw).lower() == "deny"


def pairs(raw: Any) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, text(value)) for name, value in (raw or {}).items()))
