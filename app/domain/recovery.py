"""Recovery points and how one is chosen; recovery plans as far as they are read today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class RecoveryPoint:
    id: ArmId
    name: str
    time: datetime
    kind: str
    """`CrashConsistent`, or the name of an application-consistent kind."""

    @property
    def is_application_consistent(self) -> bool:
        return "application" in self.kind.lower()


class PointChoice(StrEnum):
    """Which point a failover uses; `CUSTOM` goes with a point's id."""

    LATEST_PROCESSED = "LatestProcessed"
    LATEST = "Latest"
    LATEST_APPLICATION_CONSISTENT = "LatestApplicationConsistent"
    CUSTOM = "Custom"


def newest(points: tuple[RecoveryPoint, ...], *, application_consistent: bool = False) -> RecoveryPoint | None:
    """The newest point, of the application-consistent ones if asked; None when there is none."""
    fitting = (p for p in points if p.is_application_consistent or not application_consistent)
    return max(fitting, key=lambda point: point.time, default=None)


@dataclass(frozen=True, slots=True)
class RecoveryPlanGroup:
    kind: str
    """`Shutdown`, `Failover` or `Boot`."""
    protected_item_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecoveryPlan:
    id: ArmId
    name: str
    friendly_name: str
    primary_fabric_friendly_name: str = ""
    allowed_operations: tuple[str, ...] = ()
    groups: tuple[RecoveryPlanGroup, ...] = ()
    """Empty in lists: Azure tells groups only for one plan."""
    current_scenario_status: str = ""
