"""A measurement of writes, minute by minute, brought together by machine and by minute.

A counter names a disk by its file's path with every backslash as a hyphen, which cannot be undone: so the known paths
are turned the same way and compared. The counter's own disks move with the machine from node to node, and a checkpoint
starts a new file: a machine's minute is the sum over all nodes and files.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from app.domain.host_report import ChurnReport, ChurnSample, MachineChurn
from app.services import readiness_format as wire
from app.services.readiness_text import Limits, Refusal

_SUFFIXES = (".vhd", ".vhdx", ".avhd", ".avhdx", ".vhds")
_DOUBLE = re.compile(r"(\.(?:a?vhdx?|vhds))#[0-9]+$")
"""What the counter calls the second of two disks of one name."""
_PEAK_OF_100 = 95


def churn_of(
    churn: wire.Churn,
    machines: Iterable[tuple[str, list[str]]],
    ended: datetime,
    limits: Limits,
    *,
    is_whole: bool,
) -> ChurnReport | None:
    """None where nothing was measured."""
    owners = _owners(machines)
    disks: dict[int, str | None] = {}
    unmatched: set[str] = set()
    by_machine: dict[str, list[tuple[float, float]]] = defaultdict(list)
    samples: list[ChurnSample] = []
    last: datetime | None = None
    for place, minute in enumerate(churn.minutes):
        for number, _, instance in minute.new:
            path = instance_key(instance)
            owner = owners.get(path)
            if owner is None and path.endswith(_SUFFIXES):
                unmatched.add(path)
            disks[number] = owner or None
        if minute.end or minute.at is None:
            continue
        at = _moment(minute.at, place)
        if last is not None and at <= last:
            raise Refusal("The minutes of the measurement run backwards.", f"churn.minutes[{place}]")
        last = at
        totals = [0.0, 0.0, 0.0, 0.0]
        written: dict[str, tuple[float, float]] = {}
        for number, *rates, _ in minute.values:
            if not all(_is_rate(rate, limits) for rate in rates):
                continue  # the first sample of a rate, and what a counter says while its disk goes
            for index, rate in enumerate(rates):
                totals[index] += rate or 0.0
            owner = disks.get(number)
            if owner is not None:
                before = written.get(owner, (0.0, 0.0))
                written[owner] = (before[0] + (rates[0] or 0.0), before[1] + (rates[1] or 0.0))
        for owner, figures in written.items():
            by_machine[owner].append(figures)
        samples.append(ChurnSample(at, *totals))
    if not samples:
        return None
    started = _moment(churn.started, 0) if churn.started else samples[0].at
    return ChurnReport(
        started=started,
        ended=max(samples[-1].at, min(ended, samples[-1].at)),
        minutes=len(samples),
        source=churn.source if churn.source in ("wmi", "counter") else "",
        machines=tuple(_machine(machine_id, minutes) for machine_id, minutes in by_machine.items()),
        samples=tuple(samples),
        unmatched=len(unmatched),
        is_whole=is_whole,
    )


def instance_key(instance: str) -> str:
    """A path, or the counter's name for it, in the one form in which both are the same."""
    plain = instance.casefold().replace("\\", "-").replace("/", "-")
    return _DOUBLE.sub(r"\1", plain.removeprefix("--?-"))


def _owners(machines: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """The machine of each file; empty where the hyphens could mean two."""
    owners: dict[str, str] = {}
    for machine_id, paths in machines:
        for path in paths:
            name = instance_key(path)
            owners[name] = machine_id if owners.get(name, machine_id) == machine_id else ""
    return owners


def _machine(machine_id: str, minutes: list[tuple[float, float]]) -> MachineChurn:
    written = sorted(bytes_ for bytes_, _ in minutes)
    peak = written[max(0, math.ceil(len(written) * _PEAK_OF_100 / 100) - 1)]
    return MachineChurn(
        machine_id=machine_id,
        minutes=len(minutes),
        write_bytes=statistics.fmean(written),
        peak_write_bytes=peak,
        write_ops=statistics.fmean(operations for _, operations in minutes),
    )


def _is_rate(rate: wire.Number, limits: Limits) -> bool:
    return rate is not None and math.isfinite(rate) and 0 <= rate <= limits.max_rate


def _moment(text: str, place: int) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refusal("The time there makes no sense.", f"churn.minutes[{place}].at")
    return moment.astimezone(UTC)
