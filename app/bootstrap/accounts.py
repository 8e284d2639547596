"""What a signed-in account reaches, before there is a connection to one of its vaults."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from app.bootstrap.common import PIECES, gateways_over, open_limits, open_services, ways_of
from app.bootstrap.network import open_network
from app.connection import ServerSpec
from app.paths import make_private_folder, user_paths
from app.ports.clock import Clock
from app.ports.sign_in import SignInWish
from app.runtime.loading import load
from app.runtime.progress import Report, silent
from app.services.account import Account
from app.services.network import Network
from app.services.patience import sign_in_renewal
from app.services.vault_catalogue import VaultCatalogue
from app.services.vault_creation import VaultCreation

if TYPE_CHECKING:
    from app.adapters.azure.catalogue_gateway import ClientsFor
    from app.adapters.azure.clients import Clients
    from app.adapters.azure.sign_in import AzureSignIn
    from app.services.limits import Limits


async def open_catalogue(
    wish: SignInWish,
    sign_in: AzureSignIn,
    *,
    report: Report = silent,
    network: Network | None = None,
    limits: Limits | None = None,
) -> Account:
    """What whoever signed in by `wish` reaches, in every tenant; nothing is asked before it is wanted.

    The caller closes it, and `sign_in` after it. Without `network` or `limits` the settings are read anew.
    """
    await load(PIECES, "Preparing the list of vaults", report)
    from app.adapters.azure.clients import Clients, Endpoint, NetworkTransport
    from app.adapters.azure.clock import HeardClock

    cloud, clock = wish.cloud, HeardClock()
    transport = NetworkTransport(ways_of(network or await open_network()), ca=wish.ca)

    def clients_for(tenant: str, other: SignInWish | None) -> Clients:
        credential = sign_in.credential(wish, tenant=tenant) if other is None else sign_in.credential(other)
        return Clients(Endpoint(cloud.arm, credential, clock.hear, cloud.scope), transport)

    return await _open_account(clients_for, clock, f"{cloud.arm} {wish.way_key}", limits)


async def open_server_catalogue(spec: ServerSpec, *, report: Report = silent) -> Account:
    """The same for a practice vault on a port, whose one token opens every tenant."""
    await load(PIECES, "Preparing the list of vaults", report)
    from app.adapters.azure.clients import Clients, Endpoint, NetworkTransport
    from app.adapters.azure.clock import HeardClock
    from app.adapters.azure.credentials import FixedToken

    clock = HeardClock()
    transport = NetworkTransport(ways_of(await open_network()), ca=spec.ca)
    clients = Clients(Endpoint(spec.arm, FixedToken(spec.token), clock.hear), transport)
    return await _open_account(lambda tenant, other: clients, clock, spec.key)


async def _open_account(clients_for: ClientsFor, clock: Clock, key: str, limits: Limits | None = None) -> Account:
    from app.adapters.azure.catalogue_gateway import HOME, AzureCatalogueGateway

    gateway, ends, limits = AzureCatalogueGateway(clients_for), AsyncExitStack(), limits or await open_limits()
    rules = limits.rules
    ends.push_async_callback(gateway.clients(HOME).aclose)  # all tenants share one line

    async def open_creation(tenant: str) -> VaultCreation:
        gateways = replace(gateways_over(gateway.clients(tenant), clock, ""), practice=None)
        folder = await asyncio.to_thread(make_private_folder, user_paths().connection_folder(f"{key} vaults {tenant}"))
        use = await open_services(gateways, clock, limits, folder, sign_in_renewal())
        ends.push_async_callback(use.aclose)
        return VaultCreation(use.inventory, use.rights, use.runner, rules, clock)

    return Account(VaultCatalogue(gateway, clock), rules, clock, open_creation, ends)
