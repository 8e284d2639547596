"""Versions of Provider and agent: which is newer, and which is still within Microsoft's support."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.source import Source

Version = tuple[int, ...]


class Age(StrEnum):
    UNKNOWN = "unknown"
    """Not told, or not a version."""
    NEWEST = "newest"
    """The newest of the list, or newer than it knows."""
    SUPPORTED = "supported"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Release:
    """One update rollup's parts for Hyper-V hosts."""

    rollup: int
    month: str
    provider: str
    agent: str


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """`releases` are newest first; the first `supported_rollups` of them are supported."""

    source: Source
    supported_rollups: int
    releases: tuple[Release, ...]

    @property
    def newest(self) -> Release:
        return self.releases[0]

    def provider_age(self, version: str) -> Age:
        return self._age(version, [release.provider for release in self.releases])

    def agent_age(self, version: str) -> Age:
        return self._age(version, [release.agent for release in self.releases])

    def _age(self, version: str, known: list[str]) -> Age:
        found = read_version(version)
        if found is None:
            return Age.UNKNOWN
        newest, oldest = (read_version(text) or () for text in (known[0], known[: self.supported_rollups][-1]))
        if found >= newest:
            return Age.NEWEST
        return Age.SUPPORTED if found >= oldest else Age.OLD


def read_version(text: str) -> Version | None:
    """`5.24.0902.11` as numbers to compare, where a leading zero means nothing; None when it is no version."""
    parts = text.strip().split(".")
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
        return None
    return tuple(int(part) for part in parts)
