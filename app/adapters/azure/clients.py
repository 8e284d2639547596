"""The SDK clients of one connection, over one transport.

Imported only after the first frame, in a thread (see app.bootstrap): the SDKs weigh as much as the window.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from azure.core.pipeline.transport import AioHttpTransport, AsyncHttpTransport
from azure.mgmt.recoveryservices.aio import RecoveryServicesClient
from azure.mgmt.recoveryservicessiterecovery.aio import SiteRecoveryManagementClient
from azure.mgmt.resource.resources.aio import ResourceManagementClient

from app.adapters.azure.line import LineFault, fault_of, looked_at, needs_a_look, quick_trouble, trouble_in
from app.adapters.azure.pipeline import SAFE_METHODS, Heard, arm_policies
from app.adapters.daemon import in_daemon_thread
from app.adapters.network.answers import judge_answer
from app.adapters.network.faults import inner_errors, proxy_status
from app.adapters.network.proxy_answers import NEXT_PROXY, PROXY_ASKS, is_asking, proxy_asks, schemes
from app.adapters.network.trust import UntrustworthyFile
from app.adapters.network.ways import Way, Ways
from app.domain.addresses import host_of
from app.domain.line_trouble import LineTrouble, Trouble

CONNECT_TIMEOUT_S = 10
READ_TIMEOUT_S = 60
_DECIDED_HERE = frozenset({"proxies", "proxy", "proxy_headers", "ssl"})
AS_WEB = {"as_web": True}
"""Options for `send`: an address of the web at large, which may lead elsewhere and answer with any kind of file."""


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
    """aiohttp over a session of ours, which goes the program's ways and trusts whom the program trusts.

    Must be made on the loop that uses it.

    Args:
        ca: one more file with authorities to trust, of this connection.
    """

    def __init__(self, ways: Ways, *, ca: Path | None = None) -> None:
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=32),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            middlewares=(send_writes_once,),
        )
        self._own_session = session
        self._ways = ways
        self._ca = ca
        super().__init__(
            session=session,
            session_owner=False,
            connection_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            connection_data_block_size=1 << 16,
        )

    async def close(self) -> None:
        await self._own_session.close()

    async def send(self, request: Any, **options: Any) -> Any:
        """Go the first way that leads to a proxy which can be reached."""
        url = str(request.url)
        is_web = bool(options.pop("as_web", False))
        options = {name: value for name, value in options.items() if name not in _DECIDED_HERE}
        choice = await self._ways.find(url)
        for way in choice.ways[:-1]:
            try:
                return await self._by(way, request, options, is_web=is_web)
            except (LineFault, ServiceRequestError) as error:
                trouble = trouble_in(error)
                if trouble is None or trouble.kind not in NEXT_PROXY:
                    raise
                self._ways.mark_bad(way)
        return await self._by(choice.ways[-1], request, options, pac=choice.pac, is_web=is_web)

    async def _by(self, way: Way, request: Any, options: dict[str, Any], *, pac: str = "", is_web: bool = False) -> Any:
        url = str(request.url)
        try:
            if not way.can_be_gone:
                raise LineFault(LineTrouble(Trouble.PROXY_UNUSABLE, host_of(url), way.place))
            response = await self._authorized(way, request, options)
        except UntrustworthyFile as error:
            raise LineFault(error.trouble) from error
        except (ServiceRequestError, ServiceResponseError) as error:
            trouble = await self._trouble(error, url, way)
            raise fault_of(replace(trouble, pac=pac), error) from error
        if not self._ways.is_near(url):
            self._ways.heard.hear(response.headers.get("Date"))
        if is_web:
            return response
        judged = judge_answer(url, int(response.status_code), response.headers, way.place)
        if judged is not None:
            await _leave(response)
            raise LineFault(judged)
        return response

    async def _authorized(self, way: Way, request: Any, options: dict[str, Any]) -> Any:
        """Tell the proxy who asks when it wants to know, once."""
        login = self._ways.login
        told = login.told_now(way.proxy) if way.proxy else None
        response, offered = await self._once(way, told, request, options)
        if response is None and told is None:
            told = await in_daemon_thread(lambda: login.told_when_asked(way.proxy, offered), "network")
            if told is not None:
                try:
                    response, again = await self._once(way, told, request, options)
                finally:
                    login.end_trial(way.proxy)
                offered = again or offered
        if response is None:
            raise LineFault(proxy_asks(login, way, host_of(str(request.url)), offered))
        return response

    async def _once(
        self, way: Way, told: str | None, request: Any, options: dict[str, Any]
    ) -> tuple[Any, tuple[str, ...]]:
        """The answer; or None, and how the proxy wants to be told who asks."""
        context = self._ways.trust.context(self._ca)
        try:
            response = await self._send(way, told, context, request, options)
        except ServiceResponseError as error:
            if not way.proxy or not is_asking(proxy_status(error), told is not None):
                raise
            offered = _offered_in(error)
        else:
            if not way.proxy or response.status_code != PROXY_ASKS:
                if told is not None:
                    self._ways.login.accepted(way.proxy)
                return response, ()
            offered = schemes(response.internal_response.headers)
            await _leave(response)
        if told is not None:
            self._ways.login.refused(way.proxy)
        return None, offered

    async def _send(
        self, way: Way, told: str | None, context: ssl.SSLContext, request: Any, options: dict[str, Any]
    ) -> Any:
        if way.proxy:
            options = options | {"proxy": way.proxy}
            if told is not None:
                options["proxy_headers"] = {"Proxy-Authorization": told}
        return await super().send(request, **options, ssl=context)

    async def _trouble(self, error: Exception, url: str, way: Way) -> LineTrouble:
        if needs_a_look(error):
            return await in_daemon_thread(lambda: looked_at(error, url, way, self._ways, self._ca), "network")
        return quick_trouble(error, url, way, self._ways)


def _offered_in(error: BaseException) -> tuple[str, ...]:
    for each in inner_errors(error):
        if isinstance(each, aiohttp.ClientHttpProxyError):
            return schemes(each.headers)
    return ()


async def _leave(response: Any) -> None:
    """Give up an answer that nobody reads."""
    inner = getattr(response, "internal_response", None)
    if inner is not None:
        inner.close()
