"""Reports of hosts as lines of JSON, each quick to read: what the reading process tells, and what is kept.

The decoder keeps the interpreter to itself while it works, whatever thread it runs in. A whole report at once could
stop the window; a line is read in well under a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import msgspec

from app.domain.host_report import ChurnReport, ChurnSample, HostReport, MachineChurn, MachineReport

_SAMPLES_A_LINE = 200


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of its fields is there."""

    host: HostReport | None = None
    machines: tuple[MachineReport, ...] = ()
    churn: ChurnReport | None = None
    machine_churn: tuple[MachineChurn, ...] = ()
    samples: tuple[ChurnSample, ...] = ()


_decoder = msgspec.json.Decoder(_Line)


def lines_of(host: HostReport) -> Iterator[bytes]:
    """The lines of one host, the host first."""
    yield _encode(_Line(host=replace(host, machines=(), churn=None)))
    for machine in host.machines:
        yield _encode(_Line(machines=(machine,)))
    churn = host.churn
    if churn is None:
        return
    yield _encode(_Line(churn=replace(churn, machines=(), samples=())))
    for start in range(0, len(churn.machines), _SAMPLES_A_LINE):
        yield _encode(_Line(machine_churn=churn.machines[start : start + _SAMPLES_A_LINE]))
    for start in range(0, len(churn.samples), _SAMPLES_A_LINE):
        yield _encode(_Line(samples=churn.samples[start : start + _SAMPLES_A_LINE]))


def hosts_of(lines: Iterable[bytes]) -> list[HostReport]:
    """The hosts that the lines tell of.

    Raises:
        ValueError: a line is none of ours.
    """
    building: list[_Building] = []
    for text in lines:
        line = _decoder.decode(text)
        if line.host is not None:
            building.append(_Building(line.host))
        elif building:
            building[-1].take(line)
        else:
            raise ValueError("the first line names no host")
    return [each.whole() for each in building]


class _Building:
    def __init__(self, host: HostReport) -> None:
        self._host = host
        self._machines: list[MachineReport] = []
        self._churn: ChurnReport | None = None
        self._machine_churn: list[MachineChurn] = []
        self._samples: list[ChurnSample] = []

    def take(self, line: _Line) -> None:
        self._machines += line.machines
        self._machine_churn += line.machine_churn
        self._samples += line.samples
        self._churn = line.churn or self._churn

    def whole(self) -> HostReport:
        churn = self._churn
        if churn is not None:
            churn = replace(churn, machines=tuple(self._machine_churn), samples=tuple(self._samples))
        return replace(self._host, machines=tuple(self._machines), churn=churn)


def _encode(line: _Line) -> bytes:
    return msgspec.json.encode(line)
