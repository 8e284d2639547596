"""What the practice vault tells about itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.rights import Caller


@dataclass(frozen=True, slots=True)
class WaitingHost:
    """A simulated Hyper-V host that has not registered yet."""

    name: str
    machine_count: int
    cluster: str = ""
    """The failover cluster that it is a node of."""


class HostCheckResult(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HostCheck:
    """One thing that the script looked at on a practice host, in the practice vault's words."""

    id: str
    title: str
    result: HostCheckResult
    words: str


@dataclass(frozen=True, slots=True)
class HostRun:
    """What became of the script on a practice host. It registers when no check has failed."""

    host: str
    checks: tuple[HostCheck, ...]
    is_registered: bool

    @property
    def failed(self) -> tuple[HostCheck, ...]:
        return tuple(check for check in self.checks if check.result is HostCheckResult.FAILED)


@dataclass(frozen=True, slots=True)
class PracticeState:
    scenario: str
    now: datetime
    speed: float
    is_paused: bool
    waiting_hosts: tuple[WaitingHost, ...] = ()
    caller: Caller = field(default_factory=Caller)
    """As whom the practice vault knows everybody who calls."""


@dataclass(frozen=True, slots=True)
class TroubleChoice:
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class TroubleParameter:
    """What is asked for before a trouble is started: a whole number within its range, or one of the choices.

    Attributes:
        default: None lets the vault choose.
    """

    name: str
    title: str
    is_number: bool
    default: str | None = None
    minimum: int = 0
    maximum: int = 0
    choices: tuple[TroubleChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class RunningTrouble:
    """A trouble that is on.

    Attributes:
        about: whose trouble it is, by name; empty when it is nobody's in particular.
        until: None when it lasts until it has hit `left` more requests or jobs, or until somebody ends it.
    """

    about: str
    since: datetime
    until: datetime | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class TroubleKind:
    """Something that can be made to go wrong in the practice vault, with the words of its lesson.

    Attributes:
        look: where it can be watched: `overview`, `items`, `jobs`.
        can_last: it can be given a time after which it ends.
        counts: after how many requests or jobs it can be made to end, the usual one first; empty when they do not
            count.
    """

    key: str
    group: str
    title: str
    sees: str
    why: str
    remedy: str
    look: tuple[str, ...] = ()
    can_last: bool = False
    counts: tuple[int, ...] = ()
    parameters: tuple[TroubleParameter, ...] = ()
    running: tuple[RunningTrouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Troubles:
    """All that can go wrong, in the order in which it is shown, and how much a script has still to begin or end."""

    groups: tuple[TroubleChoice, ...]
    kinds: tuple[TroubleKind, ...]
    coming: int = 0

    @property
    def is_any_on(self) -> bool:
        return any(kind.running for kind in self.kinds)
