"""The practice vault as a walk sees it: Microsoft's client above the in-process transport, plain bodies, no waiting."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from azure.core.exceptions import HttpResponseError
from azure.mgmt.recoveryservicessiterecovery.aio import SiteRecoveryManagementClient

from app.adapters.azure.credentials import FixedToken
from app.adapters.azure.in_process import ARM_BASE, InProcessTransport
from app.ports.secrets import Secret
from app.simulator.clock import SimulatorClock
from app.simulator.messages import Request, Response
from app.simulator.scenario_data import read_scenario
from app.simulator.service import Simulator

ESTATE = str(Path(__file__).parent / "estate.toml")
VERSION = "2025-08-01"
Json = dict[str, Any]


class Broken(AssertionError):
    """Something that must hold does not; `rule` names it, so that a shorter walk can be held against a longer one."""

    def __init__(self, rule: str, told: object = "") -> None:
        super().__init__(f"{rule}: {told}")
        self.rule = rule


class Answer(NamedTuple):
    """What came back from a request that changes something."""

    status: int
    code: str
    job: str

    def __str__(self) -> str:
        return f"{self.status} {self.code or self.job}"


class _Door:
    """Before the simulator: whatever comes out of it is looked at, and it can be exchanged for one that was saved."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.count: Counter[int] = Counter()

    @property
    def clock(self) -> SimulatorClock:
        return self.simulator.clock

    def catch_up(self) -> bool:
        return self.simulator.catch_up()

    def handle(self, request: Request) -> Response:
        response = self.simulator.handle(request)
        self.count[response.status] += 1
        if response.status >= 500:
            raise Broken(f"status {response.status}", f"{request.method} {request.url} {response.read()[:400]!r}")
        return response


class Azure:
    """Reads and writes of one vault. The bodies are as they came; nothing is waited for."""

    def __init__(self, state: Path, seed: int) -> None:
        self._state = state
        simulator = Simulator.open(
            ESTATE, clock=SimulatorClock(read_scenario(ESTATE).start, 0), state_file=state, seed=seed
        )
        self.door = _Door(simulator)
        self.group, self.vault = simulator.resource_group, str(simulator.vault_name)
        self.group_path = f"/subscriptions/{simulator.subscription_id}/resourceGroups/{self.group}"
        self.path = f"{self.group_path}/providers/Microsoft.RecoveryServices/vaults/{self.vault}"
        self.client = SiteRecoveryManagementClient(
            FixedToken(Secret("any")),
            simulator.subscription_id,
            base_url=ARM_BASE,
            credential_scopes=[f"{ARM_BASE}/.default"],
            transport=InProcessTransport(self.door),  # type: ignore[arg-type]
            retry_total=0,
        )

    async def __aenter__(self) -> Azure:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self.client.close()
        self.door.simulator.close()

    @property
    def now(self) -> float:
        return self.door.clock.seconds()

    @property
    def second(self) -> str:
        """The time as jobs tell their end, without fractions."""
        return f"{datetime.fromtimestamp(int(self.now), UTC):%Y-%m-%dT%H:%M:%S}"

    def advance(self, seconds: float) -> None:
        self.door.clock.advance(seconds)
        while not self.door.catch_up():
            pass

    def reopen(self) -> None:
        """Go on with what was saved, as another process would."""
        self.door.simulator.close()
        self.door.simulator = Simulator.open(
            ESTATE, clock=SimulatorClock(read_scenario(ESTATE).start, 0), state_file=self._state
        )

    # Reading

    async def all(self, pager: Any) -> list[Json]:
        return [entry async for entry in pager]

    async def items(self) -> list[Json]:
        return await self.all(self.client.replication_protected_items.list(self.group, self.vault))

    async def jobs(self, query: str | None = None) -> list[Json]:
        return await self.all(self.client.replication_jobs.list(self.group, self.vault, filter=query))

    async def job(self, name: str) -> Json:
        found: Any = await self.client.replication_jobs.get(self.group, self.vault, name)
        body: Json = found
        return body

    async def plans(self) -> list[Json]:
        return await self.all(self.client.replication_recovery_plans.list(self.group, self.vault))

    async def containers(self) -> list[Json]:
        return await self.all(self.client.replication_protection_containers.list(self.group, self.vault))

    async def protectable(self, container: str) -> list[Json]:
        fabric, name = segment(container, "replicationFabrics"), container.rsplit("/", 1)[1]
        pager = self.client.replication_protectable_items.list_by_replication_protection_containers(
            self.group, self.vault, fabric, name
        )
        return await self.all(pager)

    def get(self, path: str) -> Json:
        """A read that the client has no operation for."""
        separator = "&" if "?" in path else "?"
        url = f"{ARM_BASE}{path}{separator}api-version={VERSION}"
        response = self.door.handle(Request("GET", url, {"Authorization": "Bearer any"}, b""))
        if response.status != 200:
            raise Broken("a read is answered", f"GET {path}: {response.status}")
        body: Json = json.loads(response.read())
        return body

    def machines_in_azure(self) -> dict[str, Json]:
        """Name to body of every virtual machine of the group."""
        found = self.get(f"{self.group_path}/providers/Microsoft.Compute/virtualMachines")["value"]
        return {machine["name"]: machine for machine in found}

    def operation(self, job: str) -> Json:
        return self.get(f"{self.path}/replicationOperationStatus/{job}")

    # Changing

    async def begin(self, operation: Any, *arguments: Any, **more: Any) -> Answer:
        """Send it and return as soon as it is answered."""
        heard: list[Any] = []
        try:
            await operation(self.group, self.vault, *arguments, polling=False, raw_response_hook=heard.append, **more)
        except HttpResponseError as error:
            body = error.response.json()["error"] if error.response is not None else {}
            inner = (body.get("details") or [{}])[0]
            return Answer(error.status_code or 0, str(inner.get("code") or body.get("code")), "")
        headers = heard[0].http_response.headers
        return Answer(heard[0].http_response.status_code, "", headers["x-ms-request-id"].rsplit("/", 1)[1])

    def practice(self, method: str, path: str, body: Json) -> Answer:
        """The practice controls: hosts come, fall silent and return; no part of Azure."""
        request = Request(method, f"{ARM_BASE}/simulator/{path}", {}, json.dumps(body).encode())
        response = self.door.handle(request)
        told = json.loads(response.read())
        return Answer(response.status, (told.get("error") or {}).get("code", ""), told.get("job", ""))


def segment(path: str, after: str) -> str:
    parts = path.split("/")
    return parts[parts.index(after) + 1]
