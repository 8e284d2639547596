"""What the practice vault tells about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WaitingHost:
    """A simulated Hyper-V host that has not registered yet."""

    name: str
    machine_count: int


@dataclass(frozen=True, slots=True)
class PracticeState:
    scenario: str
    now: datetime
    speed: float
    is_paused: bool
    waiting_hosts: tuple[WaitingHost, ...] = ()
