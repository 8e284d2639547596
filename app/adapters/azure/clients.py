"""The SDK clients of one connection, over one transport.

Imported only after the first frame, in a thread (see app.bootstrap): the SDKs weigh as much as the window.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import truststore
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline.transport import AioHttpTransport, AsyncHttpTransport
from azure.mgmt.recoveryservices.aio import RecoveryServicesClient
from azure.mgmt.recoveryservicessiterecovery.aio import SiteRecoveryManagementClient
from azure.mgmt.resource.resources.aio import ResourceManagementClient

from app.adapters.azure.pipeline import SAFE_METHODS, Heard, arm_policies

CONNECT_TIMEOUT_S = 10
READ_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where ARM is and how to be let in.

    Attributes:
        scope: what to ask a token for; empty derives it from the address.
    """

    arm: str
    credential: AsyncTokenCredential
    heard: Heard
    scope: str = ""

    @property
    def scopes(self) -> tuple[str, ...]:
        if self.scope:
            return (self.scope,)
        parts = urlsplit(self.arm)
        return (f"{parts.scheme}://{parts.netloc}/.default",)


class Clients:
    """Makes each client once per subscription. `aclose` ends the transport under all of them."""

    def __init__(self, endpoint: Endpoint, transport: AsyncHttpTransport[Any, Any]) -> None:
        self.endpoint = endpoint
        self.transport = transport
        self._site_recovery: dict[str, SiteRecoveryManagementClient] = {}
        self._vaults: dict[str, RecoveryServicesClient] = {}
        self._resources: dict[str, ResourceManagementClient] = {}

    def site_recovery(self, subscription: str) -> SiteRecoveryManagementClient:
        client = self._site_recovery.get(subscription)
        if client is None:
            client = SiteRecoveryManagementClient(subscription_id=subscription, **self._options())
            self._site_recovery[subscription] = client
        return client

    def vaults(self, subscription: str) -> RecoveryServicesClient:
        client = self._vaults.get(subscription)
        if client is None:
            client = RecoveryServicesClient(subscription_id=subscription, **self._options())
            self._vaults[subscription] = client
        return client

    def resources(self, subscription: str) -> ResourceManagementClient:
        client = self._resources.get(subscription)
        if client is None:
            client = ResourceManagementClient(subscription_id=subscription, **self._options())
            self._resources[subscription] = client
        return client

    async def aclose(self) -> None:
        await self.transport.close()

    def _options(self) -> dict[str, Any]:
        endpoint = self.endpoint
        return {
            "credential": endpoint.credential,
            "base_url": endpoint.arm,
            "credential_scopes": list(endpoint.scopes),
            "policies": arm_policies(endpoint.credential, endpoint.scopes, endpoint.heard),
            "transport": self.transport,
        }


class WriteLost(aiohttp.ClientConnectionError):
    """The line broke while a write was under way; whether it arrived is not known."""


async def send_writes_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """An aiohttp middleware.

    aiohttp sends a PUT or DELETE once more by itself when the line breaks under it, and knows that by the kind of
    error. A write that may have arrived must not be repeated unseen, so its error becomes one of another kind.
    """
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if request.method in SAFE_METHODS or isinstance(error, aiohttp.ClientConnectorError):
            raise
        raise WriteLost(str(error)) from error


class NetworkTransport(AioHttpTransport):  # type: ignore[misc]  # untyped: it is loaded lazily
    """aiohttp over a session of ours, which trusts what the system trusts (company certificates too).

    Must be made on the loop that uses it.
    """

    def __init__(self, *, ca: Path | None = None, through_proxy: bool = True) -> None:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if ca is not None:
            context.load_verify_locations(cafile=str(ca))
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=context, limit=32),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=through_proxy,
            middlewares=(send_writes_once,),
        )
        self._own_session = session
        super().__init__(
            session=session,
            session_owner=False,
            connection_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            connection_data_block_size=1 << 16,
        )

    async def close(self) -> None:
        await self._own_session.close()
