"""A step of a flow: its texts, its check and its summary, as data that knows no window.

The texts shown in the step rail are written to fit it: about thirty characters a line, at most two lines.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from app.domain.estate import Estate
from app.domain.fabric import Fabric
from app.domain.host_report import HostReports
from app.domain.issue import Issue
from app.domain.policy_presets import PolicyPreset
from app.domain.prerequisites import Cloud
from app.domain.registration_key import RegistrationKey
from app.domain.resource_access import AccessFacts
from app.domain.rules import Rules
from app.domain.storage_facts import StorageFacts
from app.flows.draft import SetUpDraft

LINE_LENGTH = 30
MAX_LINES = 2


@dataclass(frozen=True)
class Context:
    """What a check may look at beside the draft: what Azure has, the rules, the vault's time, and what hosts told."""

    estate: Estate
    rules: Rules
    now: datetime
    reports: HostReports = field(default_factory=HostReports)
    keys: tuple[RegistrationKey, ...] = ()
    """The last keys that were made here, one for each site."""
    cloud: Cloud | None = Cloud.COMMERCIAL
    """Whose addresses hosts have to reach; None for a cloud that no list knows."""
    storage: StorageFacts = field(default_factory=StorageFacts)
    """Locks, rights and contents of storage accounts, as far as they were read."""
    networks: AccessFacts = field(default_factory=AccessFacts)
    """Locks and rights of virtual networks, as far as they were read."""
    profiles: tuple[Rules, ...] = ()
    """The rules of every profile, to tell where they judge otherwise; empty where nobody wants to know."""
    presets: tuple[PolicyPreset, ...] = ()
    """The user's own presets of policies."""
    read_at: datetime | None = None
    """When the reading of the estate began; hosts cannot have been heard of later, however long ago that is by now."""

    @property
    def hosts_seen_at(self) -> datetime:
        """The time to judge the silence of hosts by: their heartbeats are as old as the reading that told them."""
        return self.read_at or self.now

    def key_of(self, site: Fabric) -> RegistrationKey | None:
        """The last key that was made here for a site."""
        return next((key for key in self.keys if key.is_for(site.internal_id, site.id.up_to("vaults"))), None)

    @cached_property
    def remembered(self) -> dict[str, Any]:
        """What was worked out of this context, by whom; edits ask for the same at each key as long as it stands."""
        return {}


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A done step in a few words: at most two lines that fit the rail."""

    lines: tuple[str, ...]

    @classmethod
    def of(cls, *lines: str) -> SummaryLine:
        return cls(tuple(fitted(line) for line in lines if line)[:MAX_LINES])

    @classmethod
    def joined(cls, *parts: str, between: str = " · ") -> SummaryLine:
        """The parts on as few lines as hold them."""
        lines: list[str] = []
        for part in filter(None, parts):
            if lines and len(lines[-1]) + len(between) + len(part) <= LINE_LENGTH:
                lines[-1] += between + part
            else:
                lines.append(part)
        return cls.of(*lines)


Check = Callable[[SetUpDraft, Context], tuple[Issue, ...]]
Summary = Callable[[SetUpDraft, Context], SummaryLine | None]
Adapt = Callable[[SetUpDraft, SetUpDraft, Context], tuple[SetUpDraft, tuple[str, ...]]]


def unchanged(before: SetUpDraft, after: SetUpDraft, context: Context) -> tuple[SetUpDraft, tuple[str, ...]]:
    """The adapt of a step whose answer holds whatever the others are."""
    return after, ()


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the flow.

    Attributes:
        number: the article's number of the step; None for connect, review and run.
        answer: the part of the draft that this step edits; None for a page without answers.
        applies: whether the flow comes by this step at all.
        check: pure and instant; called at each keystroke.
        summary: None as long as there is nothing to tell.
        depends_on: ids of steps whose changed answers make `adapt` look at this one's again.
        adapt: given the draft before, the draft after and the context, clears what cannot hold any more in this step's
            answer, and names in words what that was.
        is_on_rail: false for a page that belongs to the step before it.
        is_review: the step has no check and summary of its own: it gathers what the steps before it still need, and
            counts the actions.
    """

    id: str
    number: int | None
    title: str
    purpose: str
    answer: Callable[[SetUpDraft], object]
    applies: Callable[[SetUpDraft], bool]
    check: Check
    summary: Summary
    depends_on: tuple[str, ...] = ()
    adapt: Adapt = unchanged
    is_on_rail: bool = True
    is_review: bool = False


class StepStatus(StrEnum):
    DONE = "done"
    NOW = "now"
    NEEDS_WORK = "needs_work"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class StepState:
    """How the rail shows a step: its mark, and its summary or what it lacks."""

    status: StepStatus
    lines: tuple[str, ...] = ()


def counted(number: int, noun: str) -> str:
    """`1 host`, `2 hosts`, `1,000 machines`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def fitted(text: str, length: int = LINE_LENGTH) -> str:
    """`text` on one line of the rail; only a name that is too long loses its middle, never its meaning."""
    if len(text) <= length:
        return text
    head = (length - 1) // 2
    return f"{text[:head]}…{text[-(length - 1 - head) :]}"


def rail_lines(issue: Issue) -> tuple[str, ...]:
    """The issue in at most two lines of the rail; when it is too long for that, where to look."""
    lines = textwrap.wrap(issue.short or issue.text, LINE_LENGTH, break_long_words=False)
    if len(lines) <= MAX_LINES and all(len(line) <= LINE_LENGTH for line in lines):
        return tuple(lines)
    return ("Something is missing here.",)
