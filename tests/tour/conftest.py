"""One tour for all tests of this folder, of a practice vault in another process."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.support.served import LoggedRequest, Served, output_of, serve, start_python

SPEED = 60
_TAKES_AT_MOST_S = 300.0
_VERSION = "2025-08-01"


@dataclass(frozen=True, slots=True)
class TakenTour:
    """What a tour left behind, and what the practice vault says of it.

    Attributes:
        report: `tour.json`.
        requests: every request, as the practice vault logged it.
        items: the vault's protected items after the tour, as the service gives them.
        jobs: its jobs, alike.
    """

    folder: Path
    status: int | None
    said: str
    report: dict[str, Any]
    requests: list[LoggedRequest]
    items: list[dict[str, Any]]
    jobs: list[dict[str, Any]]

    def accepted(self, method: str, ending: str) -> Counter[str]:
        """How often each path with this word at its end, or before a name at its end, was written and taken."""
        paths = (each.path.partition("?")[0] for each in self.requests if each.method == method and each.status < 300)
        return Counter(path for path in paths if ending in path.split("/")[-2:])


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> TakenTour:
    """A tour from an empty subscription to a committed failover."""
    return asyncio.run(_take(tmp_path_factory.mktemp("tour")))


async def _take(folder: Path) -> TakenTour:
    async with serve(folder, "--scenario", "empty", speed=SPEED) as served:
        connection = served.connection_file(folder / "connection.json")
        pictures = folder / "pictures"
        command = ("-m", "ui", "--tour", str(pictures), "--connection", str(connection))
        program = await start_python(*command, home=folder / "home")
        said = await output_of(program, within_s=_TAKES_AT_MOST_S)
        requests = served.log()
        created = next(each.path for each in requests if each.method == "PUT" and "/vaults/" in each.path)
        vault = created.partition("?")[0]
        items = await asyncio.to_thread(_read, served, f"{vault}/replicationProtectedItems")
        jobs = await asyncio.to_thread(_read, served, f"{vault}/replicationJobs")
    report = json.loads((pictures / "tour.json").read_text("utf-8"))
    return TakenTour(pictures, program.returncode, said, report, requests, items, jobs)


def _read(served: Served, path: str) -> list[dict[str, Any]]:
    """A list of the service, by a client that is none of ours."""
    request = Request(
        f"{served.arm}{path}?api-version={_VERSION}", headers={"Authorization": f"Bearer {served.line['token']}"}
    )
    with urlopen(request) as response:
        found: list[dict[str, Any]] = json.load(response)["value"]
    return found
