"""Answers as they went through the door, and the count of those that were judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it went through the door."""

    method: str
    url: str
    status: int
    body: bytes
    is_sample: bool = False

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.url).path)


@dataclass(slots=True)
class Count:
    """How many answers were judged, by operation and status, and how many could not be."""

    judged: Counter[str] = field(default_factory=Counter)
    undescribed: Counter[str] = field(default_factory=Counter)
    sampled: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"judged": dict(self.judged), "undescribed": dict(self.undescribed), "sampled": self.sampled}

    def add(self, other: Mapping[str, Any]) -> None:
        self.judged.update(other["judged"])
        self.undescribed.update(other["undescribed"])
        self.sampled += other["sampled"]

    def __bool__(self) -> bool:
        return bool(self.judged or self.undescribed)
