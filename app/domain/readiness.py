"""Could we fail over now? One answer per machine, and the few lines that tell it of a whole vault.

A machine is ready when Azure offers its failover (allowedOperations, nothing else) and its copy is as young as its
policy promises. Whether it was ever rehearsed is another question, which the drills answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.arm_id import ArmId
from app.domain.health import Health
from app.domain.protected_item import Operation, ReplicationProtectedItem
from app.domain.rules import MonitoringRules
from app.domain.stage import Stage, stage_of


class Level(StrEnum):
    READY = "ready"
    GAP = "gap"
    """A failover works, but more would be lost than the policy promises."""
    BLOCKED = "blocked"
    IN_AZURE = "in_azure"


class Cause(StrEnum):
    """Why a machine is not simply ready, most pressing first."""

    DRILL_WAITS = "drill_waits"
    COMMIT_WAITS = "commit_waits"
    BROKEN = "broken"
    OLD_COPY = "old_copy"
    NO_COPY = "no_copy"
    """Azure does not say how old the copy is."""
    BUSY = "busy"
    FIRST_COPY = "first_copy"
    FINISHING = "finishing"
    NOT_OFFERED = "not_offered"

    @property
    def rank(self) -> int:
        return list(Cause).index(self)


@dataclass(frozen=True, slots=True)
class Readiness:
    """`cause` is None for a machine that is ready, and for one whose failover is committed."""

    level: Level
    cause: Cause | None = None


def judge_readiness(item: ReplicationProtectedItem, rules: MonitoringRules, copy_frequency_s: int = 0) -> Readiness:
    """Whether `item` could be failed over now; `copy_frequency_s` is its policy's, 0 when that is not known."""
    stage = stage_of(item)
    if item.runs_in_azure:
        return Readiness(Level.IN_AZURE, Cause.COMMIT_WAITS if stage is Stage.COMMIT_WAITS else None)
    if not item.allows(Operation.UNPLANNED_FAILOVER):
        return Readiness(Level.BLOCKED, _BLOCKED_BY.get(stage, Cause.NOT_OFFERED))
    if item.replication_health is Health.CRITICAL:
        return Readiness(Level.GAP, Cause.BROKEN)
    if item.rpo_s is None:
        return Readiness(Level.GAP, Cause.NO_COPY)
    if item.rpo_s > rules.rpo_warning_s(copy_frequency_s):
        return Readiness(Level.GAP, Cause.OLD_COPY)
    return Readiness(Level.READY)


_BLOCKED_BY = {
    Stage.FIRST_COPY: Cause.FIRST_COPY,
    Stage.FINISHING: Cause.FINISHING,
    Stage.BUSY: Cause.BUSY,
    Stage.DRILL_WAITS: Cause.DRILL_WAITS,
}


@dataclass(slots=True)
class Concern:
    """The machines that share one cause.

    Attributes:
        codes: the health errors among them, with how many machines each touches.
        rpo_s: the oldest copy among them, in seconds.
        percent: how far their first copies are, from the least to the furthest.
    """

    cause: Cause
    level: Level
    names: list[str] = field(default_factory=list)
    ids: list[ArmId] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    rpo_s: int | None = None
    percent: tuple[int, int] | None = None
    job_id: str = ""

    def add(self, item: ReplicationProtectedItem) -> None:
        self.names.append(item.friendly_name)
        self.ids.append(item.id)
        for error in item.errors:
            self.codes[error.code] = self.codes.get(error.code, 0) + 1
        if item.rpo_s is not None:
            self.rpo_s = max(self.rpo_s or 0, item.rpo_s)
        if self.cause is Cause.FIRST_COPY:
            done = item.initial_replication_percent or 0
            least, most = self.percent or (done, done)
            self.percent = (min(least, done), max(most, done))
        if not self.job_id and item.current_scenario is not None and item.current_scenario.is_running:
            self.job_id = item.current_scenario.job_id


class ReadinessTally:
    """Counts machine by machine, so that a long list can be counted in slices."""

    def __init__(self, rules: MonitoringRules) -> None:
        self._rules = rules
        self.counts: dict[Level, int] = dict.fromkeys(Level, 0)
        self._concerns: dict[Cause, Concern] = {}

    def add(self, item: ReplicationProtectedItem, copy_frequency_s: int = 0) -> None:
        found = judge_readiness(item, self._rules, copy_frequency_s)
        self.counts[found.level] += 1
        if found.cause is not None:
            self._concerns.setdefault(found.cause, Concern(found.cause, found.level)).add(item)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def able(self) -> int:
        """Machines whose failover would work now, with a loss or without."""
        return self.counts[Level.READY] + self.counts[Level.GAP]

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """Most pressing first."""
        return tuple(sorted(self._concerns.values(), key=lambda concern: concern.cause.rank))


def tally(items: Iterable[tuple[ReplicationProtectedItem, int]], rules: MonitoringRules) -> ReadinessTally:
    """The tally of machines with their copy frequencies, all at once."""
    counted = ReadinessTally(rules)
    for item, copy_frequency_s in items:
        counted.add(item, copy_frequency_s)
    return counted
