"""What a set-up knows of Azure at one moment, and how it was found when it was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.estate import Estate
from app.domain.practice import PracticeState
from app.flows.draft import SetUpDraft
from app.services.runs import RunSnapshot


@dataclass(frozen=True, slots=True)
class Reading:
    """What Azure had, and how the practice vault stood, at one moment: not before `read_at`.

    Attributes:
        read_for: the `read_key` of the draft that it is of; empty where there was none yet.
    """

    read_for: tuple[str, ...]
    estate: Estate
    practice: PracticeState | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """A set-up as it was found. `run` is not over; `saved_at` is None for a new one."""

    draft: SetUpDraft
    reading: Reading
    run: RunSnapshot | None
    saved_at: datetime | None
