"""Replication health and the errors it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from app.domain.bulk import Bulk


class Health(StrEnum):
    """What Azure calls `Normal`, `Warning`, `Critical` and `None`; anything else reads as `UNKNOWN`."""

    CRITICAL = "Critical"
    WARNING = "Warning"
    UNKNOWN = "Unknown"
    NORMAL = "Normal"
    NOT_APPLICABLE = "None"

    @property
    def rank(self) -> int:
        """0 is worst: sorting by it puts what needs care on top."""
        return list(Health).index(self)

    @classmethod
    def read(cls, text: str | None) -> Health:
        wanted = (text or "None").lower()
        for member in cls:
            if member.value.lower() == wanted:
                return member
        return cls.UNKNOWN


class HealthError(Bulk, frozen=True):
    """A health error as Azure tells it; causes and action are Azure's words, ours come from the error catalogue."""

    code: str
    message: str
    level: str = ""
    possible_causes: str = ""
    recommended_action: str = ""
    created: datetime | None = None
    source: str = ""


def worst(healths: Iterable[Health]) -> Health:
    """The one health that stands for many; not applicable when there is none."""
    return min(healths, key=lambda health: health.rank, default=Health.NOT_APPLICABLE)
