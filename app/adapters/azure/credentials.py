"""Credentials as the SDK clients take them: the fixed token of a practice vault, and a sign-in that was made before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from azure.core.credentials import AccessToken, AccessTokenInfo
from azure.core.exceptions import AzureError

from app.adapters.daemon import in_daemon_thread
from app.errors import AppError
from app.ports.secrets import Secret

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
        turn: held while a token is fetched. The library reads its cache without a lock of its own while another thread
            may be writing it, and would find nobody signed in; and what was refused last is then this one's.
        tenant: whose tokens to give; empty is the tenant that was signed in to.
    """

    def __init__(
        self,
        credential: Callable[[], Any],
        ended: Callable[[BaseException], AppError],
        turn: Callable[[], AbstractContextManager[Any]],
        *,
        tenant: str = "",
    ) -> None:
        self._credential = credential
        self._ended = ended
        self._turn = turn
        self._tenant = {"tenant_id": tenant} if tenant else {}

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        known = {name: options[name] for name in ("claims", "tenant_id") if options.get(name)}
        info = await self.get_token_info(*scopes, options=known)
        return AccessToken(info.token, info.expires_on)

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        asked = {**self._tenant, **(options or {}), "enable_cae": True}  # the one cache that signing in has filled
        credential, turn = self._credential(), self._turn()

        def fetch() -> AccessTokenInfo:
            with turn:
                try:
                    info: AccessTokenInfo = credential.get_token_info(*scopes, options=asked)
                except (AzureError, ValueError, OSError) as error:
                    raise self._ended(error) from error
            return info

        return await in_daemon_thread(fetch, "token")
