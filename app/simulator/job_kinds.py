"""Every kind of job: its names, its steps, and how long they take. Read once from `resources/simulator/jobs.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from msgspec import Struct, convert


class Step(Struct, frozen=True):
    """One step. Without an id it gets a fresh GUID each time; without a duration it is skipped.

    A step with `children` lasts as long as they do, one after the other; one that `waits` lasts until the user says so.
    """

    name: str
    friendly_name: str
    id: str = ""
    seconds: tuple[float, float] | None = None
    kind: str = "TaskDetails"
    tells_skip: bool = False
    children: tuple[Step, ...] = ()
    waits: str = ""


class JobKind(Struct, frozen=True):
    """What all jobs of a scenario have in common.

    Attributes:
        shows_steps: whether the job tells of its steps at all.
        scenario_on_item: what a protected item names while the job works on it, if not the job's own scenario.
    """

    friendly_name: str
    target_type: str
    steps: tuple[Step, ...]
    can_cancel: bool = True
    can_restart: bool = False
    details_type: str = "AsrJobDetails"
    shows_steps: bool = True
    scenario_on_item: str | None = None


class _File(Struct):
    kinds: dict[str, JobKind]
    plan_scenarios: dict[str, str]


_file = convert(tomllib.loads((files("resources") / "simulator" / "jobs.toml").read_text("utf-8")), _File)

KINDS = _file.kinds
PLAN_SCENARIOS = _file.plan_scenarios
"""What a recovery plan can run, with its friendly name; each machine's own job shares the scenario."""
