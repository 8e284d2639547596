"""The window's command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from app.scenarios import scenarios

DEFAULT_SCENARIO = "contoso"
COUNTED_SCENARIO = "fleet"
_MOST_MACHINES = 50_000


class Options(argparse.Namespace):
    """What was asked for; nothing of it is remembered.

    Attributes:
        practice: the practice vault's scenario, or the path of its file, to open at once; None shows the welcome page.
        count: how many machines the scenario `fleet` has.
        connection: a file with the line that `serve-simulator` printed.
        tour: drive the whole job unattended and leave pictures in this folder.
    """

    practice: str | None = None
    count: int | None = None
    connection: Path | None = None
    tour: Path | None = None

    @property
    def opens_at_once(self) -> bool:
        """Whether the welcome page is only passed by."""
        return any((self.practice, self.connection, self.tour))


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Exits with a usage text where the arguments make no sense."""
    if not (sys.argv[1:] if arguments is None else arguments):
        return Options()
    parser = argparse.ArgumentParser(prog="site-recovery-desk", description="Protect Hyper-V machines with Azure.")
    parser.add_argument(
        "--practice",
        nargs="?",
        const=DEFAULT_SCENARIO,
        type=_scenario,
        metavar="SCENARIO",
        help=f"open on the practice vault: {_names()} (default {DEFAULT_SCENARIO}), or the path of a scenario's file",
    )
    parser.add_argument("--count", type=_machines, metavar="N", help="how many machines the scenario fleet has")
    parser.add_argument("--connection", type=Path, metavar="FILE", help="open what serve-simulator described here")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="do the whole job unattended, leave pictures in DIR")
    found = parser.parse_args(arguments, Options())
    if found.practice and found.connection:
        parser.error("--practice and --connection exclude each other")
    if found.count is not None and found.practice != COUNTED_SCENARIO:
        parser.error(f"--count goes with --practice {COUNTED_SCENARIO}")
    return found


def _names() -> str:
    return ", ".join(scenario.key for scenario in scenarios())


def _scenario(text: str) -> str:
    if text.endswith(".toml") or text in {scenario.key for scenario in scenarios()}:
        return text
    raise argparse.ArgumentTypeError(f"there is no scenario {text!r}; there are {_names()}, or the path of a file")


def _machines(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= _MOST_MACHINES:
        raise argparse.ArgumentTypeError(f"use a number from 1 to {_MOST_MACHINES}")
    return number
