"""Switching faults on and off: what the window's practice controls, a script and a test all come to."""

from __future__ import annotations

import logging
import re

import msgspec

from app.simulator import records as rec
from app.simulator.faults.choosing import chosen, options
from app.simulator.faults.effects import EFFECTS, about
from app.simulator.faults.kinds import FAULT_KINDS, GROUPS, Kind, Value
from app.simulator.wire import Json, time_text
from app.simulator.world import World

_PERIOD = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)
_logger = logging.getLogger(__name__)


class Step(msgspec.Struct):
    """One line of a script: what is to begin or to end."""

    after: float
    fault: str = ""
    end: str = ""
    lasts: float | None = None
    count: int | None = None
    chosen: dict[str, Value] = msgspec.field(default_factory=dict)


class Faults:
    """The faults of one practice vault.

    `simulator.faults.switch_on("throttling", count=3)` is all that a test needs.
    """

    def __init__(self, world: World) -> None:
        self.world = world

    def switch_on(
        self, kind: str, *, lasts: str | float | None = None, count: int | None = None, **given: Value
    ) -> rec.Fault:
        """Let something go wrong from now on; the same trouble of the same thing begins anew.

        Args:
            lasts: seconds, or a period such as PT30M, of virtual time.
            count: how many requests or jobs it hits.
            given: the kind's own parameters.

        Raises:
            ValueError: there is no such kind, it does not take that, or there is nothing for it to act on. The text
                is a sentence.
        """
        return begin(self.world, kind, lasts, count, given, self.world.now)

    def switch_off(self, kind: str) -> None:
        """Put everything right that faults of this kind did; nothing happens when none is on."""
        end_kind(self.world, kind, self.world.now)

    def end_all(self) -> None:
        """Put everything right, and forget what a script has still to do."""
        world = self.world
        world.forget_due("fault")
        for key in reversed(world.faults.keys()):
            end(world, key, world.now)

    def play(self, steps: list[Step]) -> None:
        """Let the steps of a script fall due, counted from now."""
        for step in steps:
            note = msgspec.json.encode(step).decode()
            self.world.schedule(self.world.now + step.after, "fault", step.fault or step.end, note)

    @property
    def running(self) -> list[rec.Fault]:
        return list(self.world.faults.records())

    def overview(self) -> Json:
        """All kinds with their words and choices, and what is on."""
        world = self.world
        return {
            "groups": [{"key": group.key, "title": group.title} for group in GROUPS],
            "kinds": [_shown(world, kind) for kind in FAULT_KINDS.values()],
            "coming": [
                {"at": time_text(due.at), "kind": due.subject} for due in world.due.records() if due.kind == "fault"
            ],
        }


def begin(
    world: World, key: str, lasts: str | float | None, count: int | None, given: dict[str, Value], at: float
) -> rec.Fault:
    kind = FAULT_KINDS.get(key)
    if kind is None:
        raise ValueError(f"There is no fault named {key!r}; there are {', '.join(FAULT_KINDS)}.")
    seconds = check_limits(kind, lasts, count)
    try:
        values = chosen(world, kind, given)
    except ValueError as error:
        raise ValueError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    fault = rec.Fault(key, at, about(values), None if seconds is None else at + seconds, count, dict(values))
    name = f"{key}:{fault.about}".lower() if fault.about else key
    end(world, name, at)
    if key in EFFECTS:
        EFFECTS[key].begin(world, fault, at)
    world.faults.put(name, fault)
    if fault.until is not None:
        world.schedule(fault.until, "fault_end", name, str(fault.since))
    return fault


def end(world: World, name: str, at: float) -> None:
    """Put right what one fault did; nothing happens when it is over."""
    fault = world.faults.get(name)
    if fault is None:
        return
    world.faults.remove(name)
    if fault.kind in EFFECTS:
        EFFECTS[fault.kind].end(world, fault, at)


def end_kind(world: World, kind: str, at: float) -> None:
    for name in reversed(world.faults.keys()):
        if world.faults[name].kind == kind:
            end(world, name, at)


def check_limits(kind: Kind, lasts: str | float | None, count: int | None) -> float | None:
    """How many seconds the fault lasts; None for no end.

    Raises:
        ValueError: the kind does not end in that way, or the period or number is none. The text is a sentence.
    """
    if count is not None and "count" not in kind.limits:
        raise ValueError(f"{kind.key} hits no requests or jobs that could be counted; give it a time.")
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 1):
        raise ValueError("A count is a whole number, 1 or more.")
    return None if lasts is None else seconds_in(lasts)


def seconds_in(period: str | float) -> float:
    """Seconds in a period such as PT10M or P1DT2H, or in a number of seconds.

    Raises:
        ValueError: it is none; the text is a sentence.
    """
    if isinstance(period, int | float) and not isinstance(period, bool) and period >= 0:
        return float(period)
    found = _PERIOD.fullmatch(str(period))
    if found is None or not any(found.groups()):
        raise ValueError(f"{period!r} is no period such as PT10M, PT1H30M or P1D.")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)


# What falls due


def on_due(world: World, subject: str, note: str, at: float) -> None:
    """Effect: a step of a script."""
    step = msgspec.json.decode(note, type=Step)
    if step.end:
        for kind in FAULT_KINDS if step.end == "all" else (step.end,):
            end_kind(world, kind, at)
        return
    try:
        begin(world, step.fault, step.lasts, step.count, step.chosen, at)
    except ValueError as error:
        _logger.warning("the script's fault %s could not begin: %s", step.fault, error)


def on_end_due(world: World, subject: str, note: str, at: float) -> None:
    """Effect: a fault's time is over, unless it was begun anew since."""
    fault = world.faults.get(subject)
    if fault is not None and str(fault.since) == note:
        end(world, subject, at)


# What is shown


def _shown(world: World, kind: Kind) -> Json:
    return {
        "key": kind.key,
        "group": kind.group,
        "title": kind.title,
        "sees": kind.sees,
        "why": kind.why,
        "remedy": kind.remedy,
        "look": list(kind.look),
        "limits": list(kind.limits),
        "counts": list(kind.counts),
        "parameters": [
            {
                "name": parameter.name,
                "title": parameter.title,
                "isNumber": parameter.type in ("number", "step"),
                "default": None if parameter.default is None else str(parameter.default),
                "minimum": parameter.minimum,
                "maximum": parameter.maximum,
                "choices": [{"key": choice.key, "title": choice.title} for choice in options(world, parameter)],
            }
            for parameter in kind.parameters
        ],
        "running": [
            {
                "about": fault.about,
                "since": time_text(fault.since),
                "until": None if fault.until is None else time_text(fault.until),
                "left": fault.left,
            }
            for fault in world.faults.records()
            if fault.kind == kind.key
        ],
    }
