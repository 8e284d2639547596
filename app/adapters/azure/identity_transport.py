"""The line to the identity service, for the sync pipeline of azure-identity.

It trusts what the connection itself trusts, remembers how the service last refused, because MSAL passes only part of
that on, and can be told to give up: then no call of a cancelled sign-in leaves any more.
"""

from __future__ import annotations

import ssl
import threading
from pathlib import Path
from typing import Any

import requests
import truststore
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter

_CONNECT_S, _READ_S = 10, 30
_KEPT_CHARACTERS = 4000


class GivenUp(Exception):
    """The sign-in was cancelled."""


class _OwnTrust(HTTPAdapter):
    """Connects with our own TLS context; requests' own bundle of authorities is left out."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        return super().proxy_manager_for(proxy, **options, ssl_context=self._context)

    def close(self) -> None:
        """Close what is open now; urllib3 alone would wait until nobody remembers the last refusal's response."""
        pools = self.poolmanager.pools
        for pool in map(pools.get, pools.keys()):
            if pool is not None:
                pool.close()
        super().close()

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context verifies."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, True, cert)
        return host, {"cert_reqs": "CERT_REQUIRED", "ssl_context": self._context}


class IdentityTransport(RequestsTransport):  # type: ignore[misc]  # untyped: it is loaded lazily
    """One sign-in's line.

    Attributes:
        last_refusal: the text of the last answer that was a refusal; empty after one that was none.
    """

    def __init__(self, *, ca: Path | None = None, through_proxy: bool = True) -> None:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if ca is not None:
            context.load_verify_locations(cafile=str(ca))
        session = requests.Session()
        session.trust_env = through_proxy
        session.mount("https://", _OwnTrust(context))
        super().__init__(session=session, connection_timeout=_CONNECT_S, read_timeout=_READ_S)
        self._given_up = threading.Event()
        self.last_refusal = ""

    def give_up(self) -> None:
        self._given_up.set()

    def send(self, request: Any, **options: Any) -> Any:
        self._check()
        response = super().send(request, **options)
        self._check()
        is_refusal = int(response.status_code) >= 400
        self.last_refusal = response.internal_response.text[:_KEPT_CHARACTERS] if is_refusal else ""
        return response

    def sleep(self, duration: float) -> None:
        """Wait between two tries, or until the sign-in is given up."""
        self._given_up.wait(duration)
        self._check()

    def _check(self) -> None:
        if self._given_up.is_set():
            raise GivenUp
