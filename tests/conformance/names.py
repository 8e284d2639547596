"""Recorded names with ours: the practice vault chooses GUIDs of its own for what is made in a session.

They are learned from pairs of answers: where both show a GUID at the same place, and in the same part of an id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.conformance.arm import is_arm_id

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_CHOSEN_BY_THE_SERVICE = frozenset({"replicationjobs", "replicationevents", "recoverypoints", "operationstatus"})


class Names:
    """What a recorded name is called here; grows as the replay goes on."""

    def __init__(self) -> None:
        self._ours: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def add(self, recorded: str, ours: str) -> None:
        """The first meaning of a name stays."""
        if recorded and recorded.lower() != ours.lower() and recorded.lower() not in self._ours:
            self._ours[recorded.lower()] = ours
            self._pattern = None

    def ours_for(self, text: str) -> str:
        """The text with every recorded name replaced."""
        if not self._ours:
            return text
        if self._pattern is None:
            longest_first = sorted(self._ours, key=len, reverse=True)
            names = "|".join(map(re.escape, longest_first))
            self._pattern = re.compile(f"(?<![A-Za-z0-9])({names})(?![A-Za-z0-9])", re.IGNORECASE)
        return self._pattern.sub(lambda match: self._ours[match.group().lower()], text)

    def in_all_of(self, value: Any) -> Any:
        """The same value with every text in it replaced so."""
        if isinstance(value, str):
            return self.ours_for(value)
        if isinstance(value, dict):
            return {key: self.in_all_of(inner) for key, inner in value.items()}
        return [self.in_all_of(inner) for inner in value] if isinstance(value, list) else value

    def learn(self, recorded: Any, ours: Any) -> None:
        """Take over what two answers to the same request call by different names."""
        for then, now in _pairs(recorded, ours):
            if _GUID.fullmatch(then) and _GUID.fullmatch(now):
                self.add(then, now)
            elif is_arm_id(then) and is_arm_id(now):
                self._learn_id(then, now)

    def learn_address(self, recorded: str, ours: str) -> None:
        """The same for addresses in headers, whose last part names an operation."""
        then, now = (unquote(urlsplit(address).path) for address in (recorded, ours))
        self._learn_id(then, now)
        self.add(then.rsplit("/", 1)[-1], now.rsplit("/", 1)[-1])

    def _learn_id(self, recorded: str, ours: str) -> None:
        then, now = recorded.split("/"), ours.split("/")
        if len(then) != len(now):
            return
        for place in range(1, len(then)):
            guids = [_GUID.search(part) for part in (then[place], now[place])]
            if then[place - 1].lower() in _CHOSEN_BY_THE_SERVICE:
                self.add(then[place], now[place])
            elif guids[0] and guids[1]:
                self.add(guids[0].group(), guids[1].group())


def _pairs(recorded: Any, ours: Any) -> Iterator[tuple[str, str]]:
    if isinstance(recorded, str) and isinstance(ours, str):
        yield recorded, ours
    elif isinstance(recorded, dict) and isinstance(ours, dict):
        for key in recorded.keys() & ours.keys():
            yield from _pairs(recorded[key], ours[key])
    elif isinstance(recorded, list) and isinstance(ours, list):
        for then, now in zip(recorded, ours, strict=False):
            yield from _pairs(then, now)
