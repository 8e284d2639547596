"""How a long call tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """`text` says what is being done; `total` None means the end is not known."""

    text: str
    done: int = 0
    total: int | None = None


Report = Callable[[Progress], None]
"""Called on the loop, as often as the caller likes; the receiver thins it out."""


def silent(progress: Progress) -> None:
    """The report of somebody who does not care."""
