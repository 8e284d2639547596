"""Credentials as the SDK clients take them: the fixed token of a practice vault, and a sign-in that was made before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from azure.core.credentials import AccessToken, AccessTokenInfo
from azure.core.exceptions import AzureError

from app.adapters.daemon import in_daemon_thread
from app.errors import AppError, SignInRequired
from app.ports.secrets import Secret
from app.runtime.renewal import Renewal
from app.runtime.single_flight import SingleFlight

_NEVER = 253402300799  # the last second of the year 9999


class _Lent:
    """A credential that outlives the clients which open and close it."""

    async def close(self) -> None:
        """Nothing ends with a client."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()


class FixedToken(_Lent):
    """An async credential whose token never changes and never ends."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken(self._token.reveal(), _NEVER)

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        return AccessTokenInfo(self._token.reveal(), _NEVER)


class SilentCredential(_Lent):
    """A sync credential of azure-identity that is signed in, for async clients; it never asks anybody.

    It is not closed with a client: the sign-in belongs to whoever made it.

    Args:
        credential: says which gives tokens now, from its cache or from the identity service.
        ended: the error to raise for one of its own.
        renewal: hears when it gives no token any more. A session that another program holds may be renewed there; that
            shows here when the same request is answered.
        missed: hears the claims that a token would have had to meet; whoever signs in again is asked for them.
        turn: held by the thread that uses the cache. One thread at a time: MSAL's cache on disk takes its two locks in
            either order, and two threads can hold each other up until one gives up, as if the sign-in had ended.
        tenant: whose tokens to give; empty is the tenant that was signed in to.
    """

    def __init__(
        self,
        credential: Callable[[], Any],
        ended: Callable[[BaseException], AppError],
        renewal: Renewal,
        missed: Callable[[str], None],
        turn: threading.Lock,
        *,
        tenant: str = "",
    ) -> None:
        self._credential = credential
        self._ended = ended
        self._renewal = renewal
        self._missed = missed
        self._told: SignInRequired | None = None
        self._flights: SingleFlight[AccessTokenInfo] = SingleFlight()
        self._turn = turn
        self._tenant = {"tenant_id": tenant} if tenant else {}

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        known = {name: options[name] for name in ("claims", "tenant_id") if options.get(name)}
        info = await self.get_token_info(*scopes, options=known)
        return AccessToken(info.token, info.expires_on)

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        asked = {**self._tenant, **(options or {}), "enable_cae": True}  # the one cache that signing in has filled
        flight = (scopes, *sorted(asked.items()))
        return await self._flights.run(flight, lambda: self._fetch(scopes, asked))

    async def _fetch(self, scopes: tuple[str, ...], asked: dict[str, Any]) -> AccessTokenInfo:
        def fetch() -> AccessTokenInfo:
            with self._turn:
                info: AccessTokenInfo = self._credential().get_token_info(*scopes, options=asked)
                return info

        while True:
            renewals = self._renewal.count
            try:
                info = await in_daemon_thread(fetch, "token")
            except (AzureError, ValueError, OSError, AppError) as error:
                if renewals != self._renewal.count:
                    continue  # signed in anew while the older one was asked
                ended = self._ended(error)
                if isinstance(ended, SignInRequired):
                    self._renewal.end(ended)
                    self._told = None if "claims" in asked else ended
                    self._missed(str(asked.get("claims") or ""))
                if ended is error:
                    raise
                raise ended from error
            if self._told is not None and self._told is self._renewal.error:
                self._told = None
                self._renewal.renew()
            return info
