"""From the start of the process to the first frame that answers: the program beside a bare PySide6 window.

The time counts from just before a process is started to what it prints: when its loop came to rest after the first
paint. The two take turns, so that a busy machine is busy for both. Medians.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import monotonic

from tests.bench import bare_window
from tests.bench.figures import Baseline, Figure
from tests.bench.processes import ROOT, environment

ROUNDS = 9
BUDGET = 1.5
PROGRAM, BARE = "tests.bench.program_frame", "tests.bench.bare_window"


def measure() -> list[Figure]:
    rounds: dict[str, list[float]] = {PROGRAM: [], BARE: []}
    for round_number in range(ROUNDS + 1):
        for module, taken in rounds.items():
            seconds = _start(module)
            if round_number:  # the first one reads the files from the disk
                taken.append(seconds)
    baseline = Baseline("a bare PySide6 window", median(rounds[BARE]), bare_window)
    return [Figure("first frame, warm", median(rounds[PROGRAM]), "s", BUDGET, baseline)]


def _start(module: str) -> float:
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", module]
        started = monotonic()
        process = subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment(Path(home)), cwd=ROOT, timeout=60
        )
        return float(process.stdout) - started
