"""By how much this computer's clock differs from what answers say, wherever they came from last."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class HeardTime:
    """Answers of this computer itself say nothing: whoever asks leaves them out."""

    def __init__(self) -> None:
        self.ahead_s: float | None = None

    def hear(self, date: str | None) -> float | None:
        """Take an answer's Date header; by how much this computer is ahead of it."""
        ahead = ahead_of(date)
        if ahead is not None:
            self.ahead_s = ahead
        return ahead


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def ahead_of(date: str | None) -> float | None:
    """None where the header is missing or says nothing."""
    if not date:
        return None
    try:
        heard = parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return None
    return (now() - heard).total_seconds() if heard.tzinfo is not None else None
