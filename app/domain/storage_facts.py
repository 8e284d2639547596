"""What is known of storage accounts beside what Azure's list of them tells: locks, rights, and how much they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.resource_access import AccessFacts


@dataclass(frozen=True)
class StorageFacts(AccessFacts):
    """Of accounts.

    Attributes:
        used_bytes: what they hold; None of one whose figure could not be had.
    """

    used_bytes: Mapping[str, int | None] = field(default_factory=dict)
