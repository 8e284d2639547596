"""The line to the identity service, for the sync pipeline of azure-identity.

It goes the ways and trusts whom the connection itself does, remembers how the service last refused, because MSAL passes
only part of that on, and can be told to give up: then no call of a cancelled sign-in leaves any more.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import requests
from azure.core.exceptions import ServiceRequestError, ServiceResponseError
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter

from app.adapters.azure.line import LineFault, fault_of, looked_at, needs_a_look, quick_trouble, trouble_in
from app.adapters.network.answers import judge_answer
from app.adapters.network.faults import proxy_status
from app.adapters.network.proxy_answers import NEXT_PROXY, PROXY_ASKS, is_asking, proxy_asks, schemes
from app.adapters.network.trust import UntrustworthyFile
from app.adapters.network.walk import Walk
from app.adapters.network.ways import Way, Ways
from app.domain.addresses import host_of
from app.domain.line_trouble import LineTrouble, Trouble

_CONNECT_S, _READ_S = 10, 30
_KEPT_CHARACTERS = 4000


class GivenUp(Exception):
    """The sign-in was cancelled."""


class _OwnLine(HTTPAdapter):
    """Connects with our own TLS context and tells proxies what `Ways` says; requests' own authorities are left out."""

    def __init__(self, ways: Ways, ca: Path | None) -> None:
        self._ways = ways
        self._ca = ca
        self._told: dict[str, dict[str, str]] = {}
        self.trial: dict[str, str] = {}
        """What a proxy is told this once, to see what it says."""
        super().__init__(max_retries=0)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        headers = self.proxy_headers(proxy)
        if self._told.get(proxy) != headers:  # a manager says for ever what it was made with
            self.proxy_manager.pop(proxy, None)
            self._told[proxy] = headers
        context = self._ways.trust.context(self._ca)
        return super().proxy_manager_for(proxy, **options, ssl_context=context, proxy_ssl_context=context)

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        told = self.trial.get(proxy) or self._ways.login.told_now(proxy)
        return {} if told is None else {"Proxy-Authorization": told}

    def close(self) -> None:
        """Close what is open now; urllib3 alone would wait until nobody remembers the last refusal's response."""
        for manager in (self.poolmanager, *self.proxy_manager.values()):
            pools = manager.pools
            for pool in map(pools.get, pools.keys()):
                if pool is not None:
                    pool.close()
        super().close()

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context verifies."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, True, cert)
        return host, {"cert_reqs": "CERT_REQUIRED", "ssl_context": self._ways.trust.context(self._ca)}


class IdentityTransport(RequestsTransport):  # type: ignore[misc]  # untyped: it is loaded lazily
    """One sign-in's line.

    Attributes:
        last_refusal: the text of the last answer that was a refusal; empty after one that was none.
    """

    def __init__(self, ways: Ways, *, ca: Path | None = None, is_sure: bool = True) -> None:
        """`is_sure`: the address is known to be a service's, so a web page in its place is somebody else's."""
        session = requests.Session()
        session.trust_env = False
        self._line = _OwnLine(ways, ca)
        session.mount("https://", self._line)
        session.mount("http://", self._line)
        super().__init__(session=session, connection_timeout=_CONNECT_S, read_timeout=_READ_S)
        self._ways = ways
        self._ca = ca
        self._is_sure = is_sure
        self._given_up = threading.Event()
        self.last_refusal = ""

    def give_up(self) -> None:
        self._given_up.set()

    def send(self, request: Any, **options: Any) -> Any:
        self._check()
        options.pop("proxies", None)
        try:
            response = self._by_the_ways(request, options)
        except UntrustworthyFile as error:
            raise LineFault(error.trouble) from error
        self._check()
        is_refusal = int(response.status_code) >= 400
        self.last_refusal = response.internal_response.text[:_KEPT_CHARACTERS] if is_refusal else ""
        return response

    def _by_the_ways(self, request: Any, options: dict[str, Any]) -> Any:
        choice = self._ways.to(str(request.url))
        for way in choice.ways[:-1]:
            try:
                return self._by(way, request, options)
            except (LineFault, ServiceRequestError) as error:
                trouble = trouble_in(error)
                if trouble is None or trouble.kind not in NEXT_PROXY:
                    raise
                self._ways.mark_bad(way)
        return self._by(choice.ways[-1], request, options, pac=choice.pac)

    def _by(self, way: Way, request: Any, options: dict[str, Any], *, pac: str = "") -> Any:
        url = str(request.url)
        if not way.can_be_gone:
            raise LineFault(LineTrouble(Trouble.PROXY_UNUSABLE, host_of(url), way.place))
        try:
            response = self._authorized(way, request, options)
        except (ServiceRequestError, ServiceResponseError) as error:
            self._check()
            look = looked_at(error, url, way, self._ways, self._ca) if needs_a_look(error) else None
            trouble = look or quick_trouble(error, url, way, self._ways)
            raise fault_of(replace(trouble, pac=pac), error) from error
        if not self._ways.is_near(url):
            self._ways.heard.hear(response.headers.get("Date"))
        judged = judge_answer(url, int(response.status_code), response.headers, way.place) if self._is_sure else None
        if judged is not None:
            raise LineFault(judged)
        return response

    def _authorized(self, way: Way, request: Any, options: dict[str, Any]) -> Any:
        """Tell the proxy who asks when it wants to know, once."""
        login = self._ways.login
        told = login.told_now(way.proxy) if way.proxy else None
        response, offered = self._once(way, told, request, options)
        if response is None and told is None:
            told = login.told_when_asked(way.proxy, offered)
            if told is not None:
                self._line.trial[way.proxy] = told
                try:
                    response, again = self._once(way, told, request, options)
                finally:
                    self._line.trial.pop(way.proxy, None)
                    login.end_trial(way.proxy)
                offered = again or offered
        if response is None:
            raise LineFault(proxy_asks(login, way, host_of(str(request.url)), offered))
        return response

    def _once(self, way: Way, told: str | None, request: Any, options: dict[str, Any]) -> tuple[Any, tuple[str, ...]]:
        """The answer; or None, and how the proxy wants to be told who asks: requests keeps that to itself."""
        proxies = {"http": way.proxy, "https": way.proxy} if way.proxy else {}
        try:
            response = super().send(request, proxies=proxies, **options)
        except (ServiceRequestError, ServiceResponseError) as error:
            if not way.proxy or not is_asking(proxy_status(error), told is not None):
                raise
            offered = () if told else Walk(str(request.url), self._ways, own_ca=self._ca).offered_by(way)
        else:
            if not way.proxy or response.status_code != PROXY_ASKS:
                if told is not None:
                    self._ways.login.accepted(way.proxy)
                return response, ()
            offered = schemes(response.internal_response.raw.headers)
        if told is not None:
            self._ways.login.refused(way.proxy)
        return None, offered

    def sleep(self, duration: float) -> None:
        """Wait between two tries, or until the sign-in is given up."""
        self._given_up.wait(duration)
        self._check()

    def _check(self) -> None:
        if self._given_up.is_set():
            raise GivenUp
