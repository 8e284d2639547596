"""The doors to a practice vault, with the real SDKs before them: in this process, and over a loopback port.

Between door and simulator stands a `Wire`, at which a test can refuse a request. A third door is a bad line: what the
wire answers can be cut short there, or lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from app.adapters.azure.blob_probe import AzureBlobProbe
from app.adapters.azure.clients import Clients, Endpoint, NetworkTransport
from app.adapters.azure.clock import HeardClock, PracticeClock
from app.adapters.azure.credentials import FixedToken
from app.adapters.azure.in_process import ARM_BASE, InProcessTransport
from app.adapters.azure.operations_gateway import AzureOperationsGateway
from app.adapters.azure.practice_gateway import SimulatorPracticeGateway
from app.adapters.azure.quotas_gateway import AzureQuotasGateway
from app.adapters.azure.registration_gateway import AzureRegistrationCertificates
from app.adapters.azure.resources_gateway import AzureResourcesGateway, AzureSubscriptionsGateway, AzureVaultsGateway
from app.adapters.azure.rights_gateway import AzureRightsGateway
from app.adapters.azure.site_recovery_gateway import AzureSiteRecoveryGateway
from app.adapters.network.ways import Ways
from app.domain.arm_id import ArmId, vault_id
from app.ports.clock import Clock
from app.ports.secrets import Secret
from app.services.gateways import Gateways
from app.simulator.messages import Headers, Request
from app.simulator.server import serve
from app.simulator.service import Simulator
from tests.support.practice import Wire, manual_simulator

DOORS = ("in process", "over the port")
BAD_LINE = "over a bad line"


@dataclass(frozen=True, slots=True)
class Door:
    """An open door. The simulator's clock moves by `simulator.clock.advance` alone."""

    simulator: Simulator
    wire: Wire
    clients: Clients
    clock: Clock
    gateways: Gateways

    @property
    def subscription(self) -> str:
        return self.simulator.subscription_id

    @property
    def vault(self) -> ArmId:
        assert self.simulator.vault_name is not None
        return vault_id(self.subscription, self.simulator.resource_group, self.simulator.vault_name)


@asynccontextmanager
async def open_door(door: str, scenario: str = "contoso", **options: Any) -> AsyncIterator[Door]:
    simulator = manual_simulator(scenario, **options)
    wire = Wire(simulator)
    token = FixedToken(Secret(simulator.token))
    async with AsyncExitStack() as ends:
        clock: PracticeClock | HeardClock
        if door == "in process":
            clock = PracticeClock(simulator.clock)
            transport: Any = InProcessTransport(wire)  # type: ignore[arg-type]
            arm, heard, follow = ARM_BASE, lambda time: None, lambda state: None
        else:
            clock = HeardClock()
            transport = NetworkTransport(Ways())
            line = serve_badly(wire) if door == BAD_LINE else serve_well(wire)
            arm, heard, follow = await ends.enter_async_context(line), clock.hear, clock.follow
        clients = Clients(Endpoint(arm, token, heard), transport)
        ends.push_async_callback(clients.aclose)
        gateways = Gateways(
            subscriptions=AzureSubscriptionsGateway(clients, simulator.subscription_id),
            resources=AzureResourcesGateway(clients),
            vaults=AzureVaultsGateway(clients),
            quotas=AzureQuotasGateway(clients),
            rights=AzureRightsGateway(clients),
            site_recovery=AzureSiteRecoveryGateway(clients),
            operations=AzureOperationsGateway(clients),
            blobs=AzureBlobProbe(token, transport),
            certificates=AzureRegistrationCertificates(clients),
            practice=SimulatorPracticeGateway(clients, simulator.subscription_id, follow),
        )
        yield Door(simulator, wire, clients, clock, gateways)


@asynccontextmanager
async def serve_well(wire: Wire) -> AsyncIterator[str]:
    """The program's own server, on a loopback port of the system's choice."""
    port = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve(wire, 0, port.set_result))  # type: ignore[arg-type]
    try:
        yield f"http://127.0.0.1:{await port}"
    finally:
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)


@asynccontextmanager
async def serve_badly(wire: Wire) -> AsyncIterator[str]:
    """A server that breaks the line where the wire raises ConnectionError, or answers less than it promised."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        try:
            response = wire.handle(Request(request.method, request.path_qs, Headers(request.headers), body))
        except ConnectionError:
            assert request.transport is not None
            request.transport.abort()
            raise
        reply = web.StreamResponse(status=response.status, headers=response.headers)
        reply.headers.setdefault("Content-Type", "application/json")
        await reply.prepare(request)
        for chunk in (response.body,) if isinstance(response.body, bytes) else response.body:
            await reply.write(chunk)
        promised = response.headers.get("Content-Length")
        if promised is not None and isinstance(response.body, bytes) and len(response.body) < int(promised):
            assert request.transport is not None
            request.transport.close()
        else:
            await reply.write_eof()
        return reply

    runner = web.ServerRunner(web.Server(answer), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
