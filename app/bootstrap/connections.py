"""Opens a connection: imports the adapters, makes the gateways, wires the services."""

from __future__ import annotations

import asyncio
import gc
import os
import platform
import sqlite3
import tempfile
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap.common import PIECES, download_over, gateways_over, open_limits, open_services, ways_of
from app.bootstrap.network import open_network
from app.bootstrap.sign_in import open_sign_in, wish_of
from app.clouds import cloud_named
from app.connection import AzureSpec, ConnectionSpec, PracticeSpec, ServerSpec
from app.domain.arm_id import ArmId, vault_id
from app.errors import InvalidInput, NotFound, NotSupported, SignInRequired
from app.live.services import ConnectionSignIn, Services
from app.paths import make_private_folder, user_paths
from app.policy_data import read_policy_data
from app.ports.clock import Clock
from app.ports.secrets import Secret
from app.ports.sign_in import SignInMethod
from app.runtime.connection_lock import ConnectionLock
from app.runtime.loading import load, resting_collector
from app.runtime.progress import Report, silent
from app.services.gateways import Gateways
from app.services.network import Network
from app.services.patience import sign_in_renewal
from app.services.policy_presets import PolicyPresets
from app.services.readiness_reports import FOLDER_NAME, ReadinessReports

if TYPE_CHECKING:
    from app.adapters.azure.clients import Clients
    from app.adapters.azure.credentials import FixedToken, SilentCredential
    from app.adapters.azure.sign_in import AzureSignIn
    from app.services.limits import Limits


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


async def open_connection(
    spec: ConnectionSpec,
    *,
    report: Report = silent,
    sign_in: AzureSignIn | None = None,
    looks_only: bool = False,
    network: Network | None = None,
    limits: Limits | None = None,
) -> Services:
    """Load what `spec` needs, connect, and make the services.

    Args:
        sign_in: has signed in already, or goes on with what it kept; the caller closes it. Without one the connection
            has its own.
        looks_only: nothing can be changed through it until that is allowed.
        network: how addresses are reached; without it the settings are read anew.
        limits: what machines and choices are judged by; without them they are read anew.

    Raises:
        SignInRequired: nobody is signed in to the cloud, and nothing is kept to go on with.
        AppError: the other end cannot be reached or is not what it should be, or the journal cannot be used.
    """
    pieces = PIECES + (_PRACTICE_PIECES if isinstance(spec, PracticeSpec) else ())
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
        limits = limits or await open_limits()
        rules = limits.rules
        renewal = line.sign_in.renewal if line.sign_in is not None else sign_in_renewal()
        use = await open_services(line.gateways, line.clock, limits, None if is_forgotten else folder, renewal)
        ends.push_async_callback(use.aclose)
        reports = ReadinessReports(None if is_forgotten else folder / FOLDER_NAME)
        await reports.load()
        presets = PolicyPresets(user_paths().presets_file)
        await presets.load()
        await asyncio.to_thread(read_policy_data)
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
        clock=line.clock,
        gateways=line.gateways,
        inventory=use.inventory,
        runner=use.runner,
        jobs=use.jobs,
        failover=use.failover,
        capacity_probe=use.capacity_probe,
        quotas=use.quotas,
        rights=use.rights,
        storage=use.storage,
        networks=use.networks,
        keys=use.keys,
        practice=use.practice,
        access=use.access,
        provider_download=download_over(line.clients, line.gateways, rules, None if is_forgotten else folder),
        _ends=ends,
        sign_in=line.sign_in,
        renewal=renewal,
        reports=reports,
        limits=limits,
        presets=presets,
    )


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


async def _open_practice(spec: PracticeSpec, state_file: Path | None, ends: AsyncExitStack) -> _Line:
    from app.adapters.azure.clients import Clients, Endpoint
    from app.adapters.azure.clock import PracticeClock
    from app.adapters.azure.credentials import FixedToken
    from app.adapters.azure.in_process import ARM_BASE, InProcessTransport
    from app.simulator.service import Simulator

    begins = state_file is None or not await asyncio.to_thread(state_file.exists)
    try:
        gc.collect()  # what an earlier practice vault left must not be kept as well
        with resting_collector():
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
        gateways_over(clients, clock, subscription),
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
        signed_in = await sign_in.resume(wish)
    except SignInRequired:
        given = os.environ.get(SECRET_VARIABLES.get(spec.method, ""), "")
        if not given and not (spec.method is SignInMethod.CERTIFICATE and spec.certificate is not None):
            raise
        signed_in = await sign_in.sign_in(wish, Secret(given) if given else None, keep=False)
    wish = signed_in.wish
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
    transport = NetworkTransport(ways_of(network), ca=spec.ca)
    clients = Clients(Endpoint(arm, credential, clock.hear, scope), transport)
    ends.push_async_callback(clients.aclose)
    gateways = gateways_over(clients, clock, spec.subscription)
    if isinstance(spec, AzureSpec) and cloud_named(spec.cloud) is not None:
        gateways = replace(gateways, practice=None)
    try:
        if gateways.practice is not None:
            await gateways.practice.read()  # sets the clock's pace, and shows at once whether anybody is there
    except (NotFound, NotSupported, InvalidInput):
        gateways = replace(gateways, practice=None)  # somebody is there, but no practice vault
    home = vault_id(spec.subscription, spec.resource_group, spec.vault) if spec.vault else None
    return _Line(clients, clock, gateways, spec.subscription, home)
