"""Opens a connection: imports the adapters, makes the gateways, wires the services. The only wiring in app/.

The SDKs weigh as much as the window itself. They are imported when a connection is opened, after the first frame, in a
thread and piece by piece.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.checked_paths import checked_paths, time_url
from app.clouds import cloud_named
from app.connection import AzureSpec, ConnectionSpec, PracticeSpec, ServerSpec
from app.domain.arm_id import ArmId, vault_id
from app.domain.cloud import Cloud
from app.domain.rules import Rules
from app.errors import InvalidInput, NotFound, NotSupported, SignInRequired
from app.live.services import ConnectionSignIn, Services
from app.network_settings import NetworkFile
from app.paths import make_private_folder, user_paths
from app.ports.clock import Clock
from app.ports.secrets import Secret
from app.ports.sign_in import SignInMethod, SignInWish
from app.runtime.connection_lock import ConnectionLock
from app.runtime.journal import JournalTooNew
from app.runtime.loading import load
from app.runtime.progress import Report, silent
from app.runtime.renewal import Renewal
from app.services.account import Account
from app.services.connection_check import ConnectionCheck
from app.services.gateways import Gateways
from app.services.network import Network
from app.services.patience import sign_in_renewal
from app.services.use_cases import UseCases, open_use_cases
from app.services.vault_catalogue import VaultCatalogue
from app.services.vault_creation import VaultCreation

if TYPE_CHECKING:
    from app.adapters.azure.catalogue_gateway import ClientsFor
    from app.adapters.azure.clients import Clients
    from app.adapters.azure.credentials import FixedToken, SilentCredential
    from app.adapters.azure.sign_in import AzureSignIn
    from app.adapters.network.ways import Ways

_PIECES = (
    "msgspec",
    "app.rules",
    "aiohttp",
    "azure.core",
    "azure.core.pipeline.policies",
    "azure.core.polling",
    "azure.mgmt.core.policies",
    "azure.mgmt.resource.resources.models",
    "azure.mgmt.resource.resources.aio",
    "azure.mgmt.recoveryservices.models",
    "azure.mgmt.recoveryservices.aio",
    "azure.mgmt.recoveryservicessiterecovery.models",
    "azure.mgmt.recoveryservicessiterecovery.operations",
    "azure.mgmt.recoveryservicessiterecovery.aio",
    "azure.storage.blob",
    "azure.storage.blob.aio",
    "app.adapters.azure.clients",
    "app.adapters.azure.site_recovery_gateway",
    "app.adapters.azure.resources_gateway",
    "app.adapters.azure.quotas_gateway",
    "app.adapters.azure.rights_gateway",
    "app.adapters.azure.operations_gateway",
    "app.adapters.azure.practice_gateway",
    "app.adapters.azure.catalogue_gateway",
    "app.adapters.azure.blob_probe",
    "app.adapters.azure.clock",
)
_SIGN_IN_PIECES = ("azure.core", "msal", "azure.identity", "app.adapters.azure.errors", "app.adapters.azure.sign_in")
_CHECK_PIECES = ("cryptography.x509", "requests", "app.adapters.network.prober", "app.adapters.azure.clouds")
_PRACTICE_PIECES = ("app.simulator.service", "app.adapters.azure.in_process")


@dataclass(frozen=True, slots=True)
class _Line:
    """The clients of a connection with what was learned by opening them."""

    clients: Clients
    clock: Clock
    gateways: Gateways
    subscription: str
    home_vault: ArmId | None
    sign_in: ConnectionSignIn | None = None


SECRET_VARIABLES = {
    SignInMethod.CLIENT_SECRET: "AZURE_CLIENT_SECRET",
    SignInMethod.CERTIFICATE: "AZURE_CLIENT_CERTIFICATE_PASSWORD",
}
"""Where a program without anybody before it finds the secret, named as Microsoft's own tools name it."""


async def open_network() -> Network:
    """The program's network settings as saved. Make it once, and hand it to everything that is opened here."""
    pieces = ("truststore", "app.adapters.network.ways", "app.adapters.keyring_store")
    await load(pieces, "Reading the network settings")
    from app.adapters.keyring_store import KeyringStore
    from app.adapters.memory_store import MemoryStore
    from app.adapters.network.ways import Ways

    ways = Ways(time_url=time_url())
    network = Network(NetworkFile(user_paths().network_file), KeyringStore(), MemoryStore(), ways)
    await network.load()
    return network


async def open_connection_check(
    network: Network, *, ca: Path | None = None, report: Report = silent
) -> ConnectionCheck:
    """Load what the connection check needs. `ca` is one more file to trust, of the connection that is open."""
    await load(_CHECK_PIECES, "Preparing the connection check", report)
    from app.adapters.azure import clouds
    from app.adapters.daemon import in_daemon_thread
    from app.adapters.network.heard import now
    from app.adapters.network.prober import WalkingProber

    ways = _ways(network)

    async def ask_cloud(address: str) -> Cloud:
        return await in_daemon_thread(lambda: clouds.ask(address, ca, ways), "cloud")

    rules = await _rules()
    return ConnectionCheck(
        WalkingProber(ways, own_ca=ca),
        ask_cloud,
        rules.prerequisites,
        checked_paths(),
        network,
        now=now,
        computer=await asyncio.to_thread(platform.node),
    )


def _ways(network: Network) -> Ways:
    from app.adapters.network.ways import Ways

    assert isinstance(network.line, Ways), "made by open_network"
    return network.line


async def open_sign_in(
    *, report: Report = silent, window: Callable[[], int | None] = lambda: None, network: Network | None = None
) -> AzureSignIn:
    """Load what signing in needs; whoever asked closes it.

    Args:
        window: the handle of the window in front of which Windows asks for an account.
        network: how addresses are reached; without it the settings are read anew.
    """
    await load(_SIGN_IN_PIECES, "Preparing the sign-in", report)
    network = network if network is not None else await open_network()
    from app.adapters.azure.sign_in import AzureSignIn
    from app.adapters.keyring_store import KeyringStore

    return AzureSignIn(KeyringStore(), _ways(network), window=window)


async def wish_of(spec: AzureSpec, sign_in: AzureSignIn) -> SignInWish:
    """How the connection wants to be signed in to, its cloud looked up or asked.

    Raises:
        AppError: the cloud does not answer, or is none.
    """
    cloud = cloud_named(spec.cloud) or await sign_in.cloud_at(spec.cloud, ca=spec.ca)
    return SignInWish(spec.method, cloud, spec.tenant, spec.client_id, spec.username, spec.certificate, spec.ca)


async def open_connection(
    spec: ConnectionSpec,
    *,
    report: Report = silent,
    sign_in: AzureSignIn | None = None,
    looks_only: bool = False,
    network: Network | None = None,
) -> Services:
    """Load what `spec` needs, connect, and make the services.

    Args:
        sign_in: has signed in already, or goes on with what it kept; the caller closes it. Without one the connection
            has its own.
        looks_only: nothing can be changed through it until that is allowed.
        network: how addresses are reached; without it the settings are read anew.

    Raises:
        SignInRequired: nobody is signed in to the cloud, and nothing is kept to go on with.
        AppError: the other end cannot be reached or is not what it should be, or the journal cannot be used.
    """
    pieces = _PIECES + (_PRACTICE_PIECES if isinstance(spec, PracticeSpec) else ())
    await load(pieces, "Preparing the connection", report)
    await asyncio.to_thread(platform.platform)  # the SDKs' user agent asks for it; the first answer starts a process
    folder = await asyncio.to_thread(make_private_folder, user_paths().connection_folder(spec.key))
    is_forgotten = isinstance(spec, PracticeSpec) and not spec.keeps_state
    ends = AsyncExitStack()
    try:
        if isinstance(spec, PracticeSpec):
            line = await _open_practice(spec, None if is_forgotten else await _practice_state(folder, ends), ends)
        elif isinstance(spec, AzureSpec):
            line = await _open_azure(spec, ends, sign_in, network or await open_network())
        else:
            line = await _open_server(spec, ends, network or await open_network())
        rules = await _rules()
        renewal = line.sign_in.renewal if line.sign_in is not None else sign_in_renewal()
        use = await _open_use_cases(line.gateways, line.clock, rules, None if is_forgotten else folder, renewal)
        ends.push_async_callback(use.aclose)
    except BaseException:
        await ends.aclose()
        raise
    if looks_only:
        use.access.lock()
    return Services(
        key=spec.key,
        folder=folder,
        subscription=line.subscription,
        home_vault=line.home_vault,
        rules=rules,
        clock=line.clock,
        gateways=line.gateways,
        inventory=use.inventory,
        runner=use.runner,
        jobs=use.jobs,
        failover=use.failover,
        capacity_probe=use.capacity_probe,
        quotas=use.quotas,
        rights=use.rights,
        practice=use.practice,
        access=use.access,
        _ends=ends,
        sign_in=line.sign_in,
        renewal=renewal,
    )


async def open_catalogue(
    wish: SignInWish, sign_in: AzureSignIn, *, report: Report = silent, network: Network | None = None
) -> Account:
    """What whoever signed in by `wish` reaches, in every tenant; nothing is asked before it is wanted.

    The caller closes it, and `sign_in` after it. Without `network` its settings are read anew.
    """
    await load(_PIECES, "Preparing the list of vaults", report)
    from app.adapters.azure.clients import Clients, Endpoint, NetworkTransport
    from app.adapters.azure.clock import HeardClock

    cloud, clock = wish.cloud, HeardClock()
    transport = NetworkTransport(_ways(network or await open_network()), ca=wish.ca)

    def clients_for(tenant: str, other: SignInWish | None) -> Clients:
        credential = sign_in.credential(wish, tenant=tenant) if other is None else sign_in.credential(other)
        return Clients(Endpoint(cloud.arm, credential, clock.hear, cloud.scope), transport)

    return await _open_account(clients_for, clock, f"{cloud.arm} {wish.key}")


async def open_server_catalogue(spec: ServerSpec, *, report: Report = silent) -> Account:
    """The same for a practice vault on a port, whose one token opens every tenant."""
    await load(_PIECES, "Preparing the list of vaults", report)
    from app.adapters.azure.clients import Clients, Endpoint, NetworkTransport
    from app.adapters.azure.clock import HeardClock
    from app.adapters.azure.credentials import FixedToken

    clock = HeardClock()
    transport = NetworkTransport(_ways(await open_network()), ca=spec.ca)
    clients = Clients(Endpoint(spec.arm, FixedToken(spec.token), clock.hear), transport)
    return await _open_account(lambda tenant, other: clients, clock, spec.key)


async def _open_account(clients_for: ClientsFor, clock: Clock, key: str) -> Account:
    from app.adapters.azure.catalogue_gateway import HOME, AzureCatalogueGateway

    gateway, ends, rules = AzureCatalogueGateway(clients_for), AsyncExitStack(), await _rules()
    ends.push_async_callback(gateway.clients(HOME).aclose)  # all tenants share one line

    async def open_creation(tenant: str) -> VaultCreation:
        gateways = replace(_gateways(gateway.clients(tenant), clock, ""), practice=None)
        folder = await asyncio.to_thread(make_private_folder, user_paths().connection_folder(f"{key} vaults {tenant}"))
        use = await _open_use_cases(gateways, clock, rules, folder, sign_in_renewal())
        ends.push_async_callback(use.aclose)
        return VaultCreation(use.inventory, use.rights, use.runner, rules, clock)

    return Account(VaultCatalogue(gateway, clock), rules, clock, open_creation, ends)


async def _practice_state(folder: Path, ends: AsyncExitStack) -> Path:
    """The state file of this practice vault, or a copy of it while another program works with the original."""

    def take() -> tuple[ConnectionLock | None, Path]:
        state = folder / "practice.sqlite"
        lock = ConnectionLock.take(folder / "practice-lock.sqlite")
        if lock is not None:
            return lock, state
        copies = tempfile.TemporaryDirectory()
        ends.callback(copies.cleanup)
        copy = Path(copies.name) / state.name
        if state.exists():
            with closing(sqlite3.connect(state)) as original:
                original.execute("VACUUM INTO ?", (str(copy),))
        return None, copy

    lock, state = await asyncio.to_thread(take)
    if lock is not None:
        ends.callback(lock.release)
    return state


async def _rules() -> Rules:
    from app.rules import load_rules

    return await asyncio.to_thread(load_rules)


async def _open_use_cases(
    gateways: Gateways, clock: Clock, rules: Rules, folder: Path | None, renewal: Renewal
) -> UseCases:
    try:
        return await open_use_cases(gateways, clock, rules, folder, renewal=renewal)
    except JournalTooNew as error:
        raise NotSupported(
            "JournalTooNew",
            "A later version of the program has worked with this connection",
            "Install that version here, or work with the connection there.",
        ) from error
    except sqlite3.DatabaseError as error:
        raise NotSupported(
            "JournalDamaged",
            "The journal of this connection is damaged",
            f"It was left as it is. Move it out of {folder} to begin a new one; what it knew cannot be resumed then.",
            details=str(error),
        ) from error


async def _open_practice(spec: PracticeSpec, state_file: Path | None, ends: AsyncExitStack) -> _Line:
    from app.adapters.azure.clients import Clients, Endpoint
    from app.adapters.azure.clock import PracticeClock
    from app.adapters.azure.credentials import FixedToken
    from app.adapters.azure.in_process import ARM_BASE, InProcessTransport
    from app.simulator.service import Simulator

    begins = state_file is None or not await asyncio.to_thread(state_file.exists)
    try:
        simulator = await asyncio.to_thread(
            Simulator.open, spec.scenario, count=spec.count, seed=spec.seed, state_file=state_file
        )
    except ValueError as error:
        raise InvalidInput(
            "PracticeScenario",
            f"The practice vault {spec.scenario} cannot be opened",
            "Choose another scenario, or correct its file. If a newer version of the program used it last, "
            "open it there.",
            details=str(error),
        ) from error
    ends.push_async_callback(asyncio.to_thread, simulator.close)
    if begins:
        simulator.clock.set_speed(spec.speed)
    endpoint = Endpoint(ARM_BASE, FixedToken(Secret(simulator.token)), heard=lambda time: None)
    clients = Clients(endpoint, InProcessTransport(simulator))
    ends.push_async_callback(clients.aclose)
    clock = PracticeClock(simulator.clock)
    subscription, home = simulator.subscription_id, simulator.vault_name
    return _Line(
        clients,
        clock,
        _gateways(clients, clock, subscription),
        subscription,
        vault_id(subscription, simulator.resource_group, home) if home else None,
    )


async def _open_server(spec: ServerSpec, ends: AsyncExitStack, network: Network) -> _Line:
    from app.adapters.azure.credentials import FixedToken

    return await _open_port(spec, spec.arm, FixedToken(spec.token), "", ends, network)


async def _open_azure(spec: AzureSpec, ends: AsyncExitStack, sign_in: AzureSignIn | None, network: Network) -> _Line:
    if sign_in is None:
        sign_in = await open_sign_in(network=network)
        ends.push_async_callback(sign_in.aclose)
    wish = await wish_of(spec, sign_in)
    try:
        await sign_in.resume(wish)
    except SignInRequired:
        given = os.environ.get(SECRET_VARIABLES.get(spec.method, ""), "")
        if not given and not (spec.method is SignInMethod.CERTIFICATE and spec.certificate is not None):
            raise
        await sign_in.sign_in(wish, Secret(given) if given else None, keep=False)
    credential = sign_in.credential(wish, tenant=spec.reached_by)
    line = await _open_port(spec, wish.cloud.arm, credential, wish.cloud.scope, ends, network)
    return replace(line, sign_in=ConnectionSignIn(sign_in, wish, spec.reached_by))


async def _open_port(
    spec: ServerSpec | AzureSpec,
    arm: str,
    credential: FixedToken | SilentCredential,
    scope: str,
    ends: AsyncExitStack,
    network: Network,
) -> _Line:
    from app.adapters.azure.clients import Clients, Endpoint, NetworkTransport
    from app.adapters.azure.clock import HeardClock

    clock = HeardClock()
    transport = NetworkTransport(_ways(network), ca=spec.ca)
    clients = Clients(Endpoint(arm, credential, clock.hear, scope), transport)
    ends.push_async_callback(clients.aclose)
    gateways = _gateways(clients, clock, spec.subscription)
    if isinstance(spec, AzureSpec) and cloud_named(spec.cloud) is not None:
        gateways = replace(gateways, practice=None)
    try:
        if gateways.practice is not None:
            await gateways.practice.read()  # sets the clock's pace, and shows at once whether anybody is there
    except (NotFound, NotSupported, InvalidInput):
        gateways = replace(gateways, practice=None)  # somebody is there, but no practice vault
    home = vault_id(spec.subscription, spec.resource_group, spec.vault) if spec.vault else None
    return _Line(clients, clock, gateways, spec.subscription, home)


def _gateways(clients: Clients, clock: Clock, subscription: str) -> Gateways:
    from app.adapters.azure.blob_probe import AzureBlobProbe
    from app.adapters.azure.clock import HeardClock
    from app.adapters.azure.operations_gateway import AzureOperationsGateway
    from app.adapters.azure.practice_gateway import SimulatorPracticeGateway
    from app.adapters.azure.quotas_gateway import AzureQuotasGateway
    from app.adapters.azure.resources_gateway import (
        AzureResourcesGateway,
        AzureSubscriptionsGateway,
        AzureVaultsGateway,
    )
    from app.adapters.azure.rights_gateway import AzureRightsGateway
    from app.adapters.azure.site_recovery_gateway import AzureSiteRecoveryGateway

    follow = clock.follow if isinstance(clock, HeardClock) else lambda state: None
    return Gateways(
        subscriptions=AzureSubscriptionsGateway(clients, subscription),
        resources=AzureResourcesGateway(clients),
        vaults=AzureVaultsGateway(clients),
        quotas=AzureQuotasGateway(clients),
        rights=AzureRightsGateway(clients),
        site_recovery=AzureSiteRecoveryGateway(clients),
        operations=AzureOperationsGateway(clients),
        blobs=AzureBlobProbe(clients.endpoint.credential, clients.transport),
        practice=SimulatorPracticeGateway(clients, subscription, follow),
    )
