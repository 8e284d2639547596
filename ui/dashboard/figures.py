"""The figures of the overview, counted in slices: ten thousand machines must not hold the window."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter

from app.domain.health import Health
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.quota_needs import NeedsTally
from app.domain.readiness import ReadinessTally
from app.domain.rules import MonitoringRules
from app.domain.stage import Stage, stage_of
from app.live.vault_feeds import PoliciesReading
from ui.turns import SLICE_S

_LOOK_EVERY = 32


@dataclass(slots=True)
class Figures:
    """What the tiles tell of all machines.

    Attributes:
        late: machines whose copy is older than their policy allows: its age in seconds, the name, whether much older.
        first_copies: machines whose first copy is under way, with its percentage.
        oldest_drill: when the machine that was tested longest ago was tested.
        needs: what a failover of all of them would need of the region's quota.
    """

    readiness: ReadinessTally
    healths: Counter[Health] = field(default_factory=Counter)
    rpos: list[int] = field(default_factory=list)
    late: list[tuple[int, str, bool]] = field(default_factory=list)
    first_copies: list[tuple[str, int]] = field(default_factory=list)
    waiting_drills: list[str] = field(default_factory=list)
    drilled: int = 0
    drilled_long_ago: int = 0
    never_drilled: int = 0
    oldest_drill: datetime | None = None
    needs: NeedsTally = field(default_factory=NeedsTally)

    @property
    def total(self) -> int:
        return self.readiness.total

    @property
    def typical_rpo_s(self) -> float | None:
        return median(self.rpos) if self.rpos else None

    @property
    def worst_late(self) -> list[tuple[int, str, bool]]:
        return sorted(self.late, reverse=True)

    def add(self, item: ReplicationProtectedItem, copy_frequency_s: int, rules: MonitoringRules, now: datetime) -> None:
        self.readiness.add(item, copy_frequency_s)
        self.needs.add(item)
        self.healths[item.replication_health] += 1
        if item.rpo_s is not None and not item.runs_in_azure:
            self.rpos.append(item.rpo_s)
            if item.rpo_s > rules.rpo_warning_s(copy_frequency_s):
                is_critical = item.rpo_s > rules.rpo_critical_s(copy_frequency_s)
                self.late.append((item.rpo_s, item.friendly_name, is_critical))
        stage = stage_of(item)
        if stage is Stage.FIRST_COPY:
            self.first_copies.append((item.friendly_name, item.initial_replication_percent or 0))
        elif stage is Stage.DRILL_WAITS:
            self.waiting_drills.append(item.friendly_name)
        self._add_drill(item.last_test_failover, now - timedelta(days=rules.drill_age_days))

    def _add_drill(self, drilled: datetime | None, oldest_that_counts: datetime) -> None:
        if drilled is None:
            self.never_drilled += 1
        elif drilled >= oldest_that_counts:
            self.drilled += 1
        else:
            self.drilled_long_ago += 1
            self.oldest_drill = min(drilled, self.oldest_drill or drilled)


def copy_frequencies(reading: PoliciesReading | None) -> Mapping[str, int]:
    """How often each policy copies, in seconds, by the key of its id."""
    policies = reading.policies if reading is not None else ()
    return {policy.id.key: policy.copy_frequency_s for policy in policies}


async def count_figures(
    items: Sequence[ReplicationProtectedItem], frequencies: Mapping[str, int], rules: MonitoringRules, now: datetime
) -> Figures:
    figures = Figures(ReadinessTally(rules))
    started = perf_counter()
    for number, item in enumerate(items):
        figures.add(item, frequencies.get(item.policy_id.rstrip("/").lower(), 0), rules, now)
        if number % _LOOK_EVERY == 0 and perf_counter() - started > SLICE_S:
            await asyncio.sleep(0)
            started = perf_counter()
    return figures
