"""`serve-simulator`: the practice vault as a process of its own, on loopback."""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import IO, TYPE_CHECKING

from app.simulator.clock import FASTEST, SLOWEST, SimulatorClock
from app.simulator.scenario_data import read_scenario, scenario_names
from app.simulator.service import ANY_TOKEN, Simulator

if TYPE_CHECKING:
    from app.simulator.tls import TlsFolder

LOOPBACK = "127.0.0.1"
_ANY_TOKEN_SHOWN = "practice"
_TOKEN_BYTES = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `serve-simulator`."""
    parser.add_argument("--port", type=int, default=0, help="port to serve on; 0 takes a free one (default)")
    parser.add_argument("--host", default=LOOPBACK, help="loopback address to serve on (default 127.0.0.1)")
    parser.add_argument("--tls", type=Path, metavar="DIR", help="serve https; certificate and CA are made in DIR")
    parser.add_argument(
        "--scenario",
        default="contoso",
        help=f"what to start with: {', '.join(scenario_names())} (default contoso), or the path of a scenario's file; "
        "'fleet N' has N machines",
    )
    parser.add_argument("--count", type=int, help="how many machines the fleet has, up to 50,000")
    parser.add_argument("--hosts", type=int, help="how many hosts the fleet's machines stand on")
    parser.add_argument("--jobs", type=int, help="how many jobs the fleet has behind it")
    parser.add_argument("--subscriptions", type=int, help="how many subscriptions a crowd has")
    parser.add_argument("--vaults", type=int, help="how many vaults a crowd has")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives another estate and other chances")
    parser.add_argument("--speed", type=_speed, help="virtual seconds per second, 1 to 3600 (default 1, or as saved)")
    parser.add_argument("--token", help="the bearer token to ask for (default: one made now); 'any' lets every one in")
    parser.add_argument("--state", type=Path, help="file that keeps the state; made if it is missing")
    parser.add_argument("--log", type=Path, help="file that gets one JSON line per request")
    parser.add_argument(
        "--faults", type=Path, help="script of what goes wrong and when; see app/simulator/faults/script"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped; prints one JSON line when ready."""
    host = _loopback(args.host)
    if host is None:
        print(
            f"The practice vault serves this computer alone: {args.host} is no loopback address. Use {LOOPBACK}.",
            file=sys.stderr,
        )
        return 2
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
                subscriptions=args.subscriptions,
                vaults=args.vaults,
                seed=args.seed,
                clock=clock,
                state_file=args.state,
                log=log,
                faults=faults,
                token=args.token or secrets.token_urlsafe(_TOKEN_BYTES),
            )
        except ValueError as error:
            print(f"The practice vault cannot be opened: {str(error).removesuffix('.')}.", file=sys.stderr)
            return 2
        stack.callback(simulator.close)
        if args.speed is not None:
            simulator.clock.set_speed(args.speed)
        try:
            tls = _tls(args.tls)
        except OSError as error:
            print(f"No certificate can be kept in {args.tls}: {error.strerror or error}.", file=sys.stderr)
            return 1
        try:
            _serve(simulator, host, args.port, tls)
        except OSError as error:
            print(f"Port {args.port} cannot be used: {error.strerror or error}.", file=sys.stderr)
            return 1
    return 0


def _loopback(host: str) -> str | None:
    """The address to listen on; None when others could reach it."""
    if host.lower() == "localhost":
        return LOOPBACK
    try:
        return host if ip_address(host).is_loopback else None
    except ValueError:
        return None


def _tls(folder: Path | None) -> TlsFolder | None:
    if folder is None:
        return None
    from app.simulator.tls import TlsFolder  # OpenSSL costs time as well

    return TlsFolder(folder)


def _serve(simulator: Simulator, host: str, port: int, tls: TlsFolder | None) -> None:
    from app.simulator.server import serve  # aiohttp costs time that --help need not spend

    def announce(actual: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        base = f"{'https' if tls else 'http'}://{shown}:{actual}"
        line = {
            "arm": base,
            "blob": f"{base}/blob",
            "subscription": simulator.subscription_id,
            "resource_group": simulator.resource_group,
            "vault": simulator.vault_name,
            "token": _ANY_TOKEN_SHOWN if simulator.token == ANY_TOKEN else simulator.token,
            "ca": str(tls.ca) if tls else None,
        }
        print(json.dumps(line), flush=True)

    context = tls.server_context() if tls else None
    asyncio.run(serve(simulator, port, announce, host=host, tls=context))


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
