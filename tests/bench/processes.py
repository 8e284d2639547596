"""Processes of a benchmark: the practice vault's server, and whatever is measured by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.paths import HOME_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
BYTE_CODE = ROOT / "build" / "bench-bytecode"
LONGEST_S = 300


def environment(home: Path) -> dict[str, str]:
    """Everything is measured without a display, with byte code as an installed program has it, and with a home of its
    own where nothing was left before."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ours = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1", HOME_VARIABLE: str(home)}
    return kept | ours | {"PYTHONPYCACHEPREFIX": str(BYTE_CODE)}


def in_own_process(module: str, *arguments: str) -> Any:
    """Run a module of the benchmarks; what it printed last, as JSON."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            check=False,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(Path(home)),
            cwd=ROOT,
            timeout=LONGEST_S,
        )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} ended with exit status {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def served(scenario: str, count: int | None = None) -> Iterator[Path]:
    """A practice vault on a port, in a process of its own; yields the connection file."""
    command = [sys.executable, "-m", "app", "serve-simulator", "--port", "0", "--scenario", scenario]
    if count is not None:
        command += ["--count", str(count)]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            if server.stdout is None:
                raise RuntimeError("the server has no standard output")
            file = Path(folder) / "connection.json"
            file.write_text(server.stdout.readline(), encoding="utf-8")
            yield file
        finally:
            server.terminate()
            server.wait()


def read_said(file: Path) -> dict[str, str]:
    """What the server said of itself."""
    said: dict[str, str] = json.loads(file.read_text("utf-8"))
    return said
