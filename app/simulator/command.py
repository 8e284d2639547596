"""`serve-simulator`: the practice vault as a process of its own.

Left out so far: TLS. The port is on loopback and speaks plain HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from app.simulator.clock import FASTEST, SLOWEST, SimulatorClock
from app.simulator.scenario_data import read_scenario, scenario_names
from app.simulator.service import ANY_TOKEN, Simulator

_DEFAULT_TOKEN = "practice"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `serve-simulator`."""
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one (default)")
    parser.add_argument(
        "--scenario",
        default="contoso",
        help=f"what to start with: {', '.join(scenario_names())} (default contoso), or the path of a scenario's file; "
        "'fleet N' has N machines",
    )
    parser.add_argument("--count", type=int, help="how many machines the fleet has, up to 50,000")
    parser.add_argument("--hosts", type=int, help="how many hosts the fleet's machines stand on")
    parser.add_argument("--jobs", type=int, help="how many jobs the fleet has behind it")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives another estate and other chances")
    parser.add_argument("--speed", type=_speed, help="virtual seconds per second, 1 to 3600 (default 1, or as saved)")
    parser.add_argument("--token", default=ANY_TOKEN, help="the bearer token to ask for; 'any' lets every one in")
    parser.add_argument("--state", type=Path, help="file that keeps the state; made if it is missing")
    parser.add_argument("--log", type=Path, help="file that gets one JSON line per request")
    parser.add_argument(
        "--faults", type=Path, help="script of what goes wrong and when; see app/simulator/faults/script"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped; prints one JSON line when ready."""
    with ExitStack() as stack:
        log: IO[str] | None = None
        if args.log is not None:
            log = stack.enter_context(args.log.open("a", encoding="utf-8"))
        try:
            name, count = _scenario(args)
            clock = SimulatorClock(read_scenario(name).start)
            faults = _script(args.faults)
            simulator = Simulator.open(
                name,
                count=count,
                hosts=args.hosts,
                jobs=args.jobs,
                seed=args.seed,
                clock=clock,
                state_file=args.state,
                log=log,
                token=args.token,
                faults=faults,
            )
        except ValueError as error:
            print(f"The practice vault cannot be opened: {str(error).removesuffix('.')}.", file=sys.stderr)
            return 2
        stack.callback(simulator.close)
        if args.speed is not None:
            simulator.clock.set_speed(args.speed)
        try:
            _serve(simulator, args.port)
        except OSError as error:
            print(f"Port {args.port} cannot be used: {error.strerror or error}.", file=sys.stderr)
            return 1
    return 0


def _serve(simulator: Simulator, port: int) -> None:
    from app.simulator.server import serve  # aiohttp costs time that --help need not spend

    def announce(actual: int) -> None:
        base = f"http://127.0.0.1:{actual}"
        line = {
            "arm": base,
            "blob": f"{base}/blob",
            "subscription": simulator.subscription_id,
            "resource_group": simulator.resource_group,
            "vault": simulator.vault_name,
            "token": _DEFAULT_TOKEN if simulator.token == ANY_TOKEN else simulator.token,
            "ca": None,
        }
        print(json.dumps(line), flush=True)

    asyncio.run(serve(simulator, port, announce))


def _script(path: Path | None) -> str | None:
    """
    Raises:
        ValueError: the file cannot be read.
    """
    try:
        return None if path is None else path.read_text("utf-8")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}") from None


def _scenario(args: argparse.Namespace) -> tuple[str, int | None]:
    """`fleet 500` in one argument is the same as `--scenario fleet --count 500`.

    Raises:
        ValueError: the number is none.
    """
    given = str(args.scenario).strip()
    name, _, number = given.partition(" ")
    if not number or given.endswith(".toml") or Path(given).exists():
        return given, args.count
    if not number.isdigit():
        raise ValueError(f"{number!r} is not a number of machines")
    return name, int(number)


def _speed(text: str) -> float:
    speed = float(text)
    if not SLOWEST <= speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"must lie between {SLOWEST:g} and {FASTEST:g}")
    return speed
