"""The practice vault in this process, with the real SDK and a clock that only waiting moves: for tests of services."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.adapters.azure.blob_probe import AzureBlobProbe
from app.adapters.azure.clients import Clients, Endpoint
from app.adapters.azure.clock import PracticeClock
from app.adapters.azure.credentials import FixedToken
from app.adapters.azure.file_source import TransportFileSource
from app.adapters.azure.in_process import ARM_BASE, InProcessTransport
from app.adapters.azure.operations_gateway import AzureOperationsGateway
from app.adapters.azure.practice_gateway import SimulatorPracticeGateway, practice_installer
from app.adapters.azure.quotas_gateway import AzureQuotasGateway
from app.adapters.azure.registration_gateway import AzureRegistrationCertificates
from app.adapters.azure.resources_gateway import (
    AzureResourcesGateway,
    AzureSubscriptionsGateway,
    AzureVaultsGateway,
)
from app.adapters.azure.rights_gateway import AzureRightsGateway
from app.adapters.azure.site_recovery_gateway import AzureSiteRecoveryGateway
from app.adapters.file_rights import PosixFileRights
from app.adapters.signature import AuthenticodeCheck
from app.domain.arm_id import ArmId, vault_id
from app.domain.estate import Estate
from app.flows.draft import (
    CapacityChoice,
    GoalChoice,
    Hypervisor,
    MachineChoice,
    NetworkChoice,
    PlannerAnswer,
    PolicyChoice,
    SetUpDraft,
    SiteChoice,
    SourcePlace,
    StorageChoice,
    TargetChoice,
    TargetPlace,
    VaultChoice,
)
from app.live.services import Services
from app.ports.secrets import Secret
from app.services.gateways import Gateways
from app.services.limits import Limits
from app.services.provider_download import ProviderDownload
from app.services.use_cases import UseCases, open_use_cases
from app.simulator.clock import SimulatorClock
from app.simulator.messages import Request, Response
from app.simulator.service import Simulator

GROUP = "rg-contoso-dr"
SITE = "Contoso-HQ"


@dataclass(frozen=True, slots=True)
class Write:
    """One request that changes something, as the practice vault saw it."""

    method: str
    path: str
    status: int
    client_request_id: str


class Wire:
    """Stands before the simulator: notes every write, and can refuse requests, or lose them or their answers.

    Attributes:
        before: sees a request before the simulator does; a response it returns is the answer, an exception loses it.
        after: sees what the simulator answered; an exception loses the answer.
    """

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.writes: list[Write] = []
        self.reads: Counter[str] = Counter()
        self.before: Callable[[Request], Response | None] = lambda request: None
        self.after: Callable[[Request, Response], None] = lambda request, response: None

    def handle(self, request: Request) -> Response:
        path = request.url.split("?", 1)[0]
        response = self.before(request) or self._simulator.handle(request)
        if request.method == "GET":
            self.reads[kind_of(path)] += 1
        elif "/simulator/" not in path:
            self.writes.append(
                Write(request.method, path, response.status, request.headers.get("x-ms-client-request-id", ""))
            )
        self.after(request, response)
        return response

    def catch_up(self) -> bool:
        return self._simulator.catch_up()

    @property
    def clock(self) -> SimulatorClock:
        return self._simulator.clock

    def accepted(self, *, ending: str = "", containing: str = "") -> list[Write]:
        """Writes that were taken, whose path fits."""
        return [
            write
            for write in self.writes
            if write.status < 300 and write.path.endswith(ending) and containing.lower() in write.path.lower()
        ]


@dataclass(frozen=True, slots=True)
class Practice:
    simulator: Simulator
    wire: Wire
    gateways: Gateways
    clock: PracticeClock
    use: UseCases
    provider_download: ProviderDownload
    limits: Limits

    @property
    def vault(self) -> ArmId:
        return vault_id(self.simulator.subscription_id, self.simulator.resource_group, self.simulator.vault_name or "")

    @property
    def services(self) -> Services:
        """The same as the window holds it; closed with the practice, not by itself."""
        return Services(
            key="practice",
            folder=Path(),
            subscription=self.simulator.subscription_id,
            home_vault=self.vault,
            clock=self.clock,
            gateways=self.gateways,
            inventory=self.use.inventory,
            runner=self.use.runner,
            jobs=self.use.jobs,
            failover=self.use.failover,
            capacity_probe=self.use.capacity_probe,
            quotas=self.use.quotas,
            rights=self.use.rights,
            storage=self.use.storage,
            networks=self.use.networks,
            keys=self.use.keys,
            practice=self.use.practice,
            access=self.use.access,
            provider_download=self.provider_download,
            renewal=self.use.renewal,
            limits=self.limits,
            _ends=AsyncExitStack(),
        )

    async def estate(self) -> Estate:
        return await self.use.inventory.estate(
            self.vault, self.simulator.subscription_id, target_group=self.simulator.resource_group
        )

    async def wait(self, seconds: float) -> None:
        """Let vault time pass."""
        await self.clock.sleep(seconds)


def kind_of(path: str) -> str:
    """What is read: `replicationJobs` for the list, `replicationJobs/*` for one, `providers/*` for a provider."""
    parts = path.split("/providers/")[-1].split("/")
    if len(parts) == 1:
        return "providers/*"
    return parts[-1] if len(parts) % 2 == 0 else f"{parts[-2]}/*"


def refusal(status: int, code: str, message: str = "") -> Response:
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    return Response(status, {"Content-Type": "application/json", "Content-Length": str(len(body))}, body)


def manual_simulator(scenario: str = "contoso", **options: Any) -> Simulator:
    start = Simulator.open(scenario, **options).clock.now()
    return Simulator.open(scenario, clock=SimulatorClock(start, 0), **options)


@asynccontextmanager
async def open_practice(
    scenario: str = "contoso",
    *,
    simulator: Simulator | None = None,
    folder: Path | None = None,
    enable_at_once: int = 4,
    **options: Any,
) -> AsyncIterator[Practice]:
    """Services over a practice vault; hand over `simulator` to open a second program on the same one."""
    simulator = simulator or manual_simulator(scenario, **options)
    wire = Wire(simulator)
    clock = PracticeClock(simulator.clock)
    token = FixedToken(Secret(simulator.token))
    clients = Clients(Endpoint(ARM_BASE, token, heard=lambda time: None), InProcessTransport(wire))  # type: ignore[arg-type]
    gateways = Gateways(
        subscriptions=AzureSubscriptionsGateway(clients, simulator.subscription_id),
        resources=AzureResourcesGateway(clients),
        vaults=AzureVaultsGateway(clients),
        quotas=AzureQuotasGateway(clients),
        rights=AzureRightsGateway(clients),
        site_recovery=AzureSiteRecoveryGateway(clients),
        operations=AzureOperationsGateway(clients),
        blobs=AzureBlobProbe(token, clients.transport),
        certificates=AzureRegistrationCertificates(clients),
        practice=SimulatorPracticeGateway(clients, simulator.subscription_id, lambda state: None),
    )
    limits = Limits()
    use = await open_use_cases(gateways, clock, limits, folder, PosixFileRights(), enable_at_once=enable_at_once)
    try:
        download = ProviderDownload(
            TransportFileSource(clients.transport), AuthenticodeCheck(()), practice_installer(ARM_BASE), folder
        )
        yield Practice(simulator, wire, gateways, clock, use, download, limits)
    finally:
        await use.aclose()
        await clients.aclose()


def contoso_draft(estate: Estate, *machines: str) -> SetUpDraft:
    """A set-up for these machines of the practice estate, with a policy of its own."""
    vault = estate.vault
    assert vault is not None
    storage = next(
        account
        for account in estate.storage_accounts
        if account.location == vault.location and account.redundancy in ("LRS", "GRS") and account.tier == "Standard"
    )
    network = next(n for n in estate.networks if n.location == vault.location)
    by_name = {item.friendly_name: item for item in estate.protectable_items}
    return SetUpDraft(
        name="Protect contoso",
        vault=VaultChoice(vault.id.subscription, vault.resource_group, vault.name, vault.location),
        goal=GoalChoice(SourcePlace.ON_PREMISES, TargetPlace.AZURE, Hypervisor.HYPER_V, False),
        site=SiteChoice(SITE),
        target=TargetChoice(
            subscription=vault.id.subscription,
            resource_group=GROUP,
            storage=StorageChoice(account_id=storage.id.text, name=storage.name),
            network=NetworkChoice(network_id=network.id.text, name=network.name, subnet=network.subnets[0].name),
        ),
        policy=PolicyChoice(name="contoso-5-min"),
        capacity=CapacityChoice(planner=PlannerAnswer.YES),
        machines=tuple(
            MachineChoice(
                machine_id=by_name[name].name,
                name=name,
                azure_name=name.replace(" ", "-"),
                os_type=by_name[name].os_type.value or "Windows",
                os_disk_id=by_name[name].disks[0].vhd_id,
                disk_ids=tuple(disk.vhd_id for disk in by_name[name].disks),
            )
            for name in machines
        ),
    )
