"""Credentials that need no sign-in: the fixed token of a practice vault."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from azure.core.credentials import AccessToken, AccessTokenInfo

from app.ports.secrets import Secret

_NEVER = 253402300799  # the last second of the year 9999


class FixedToken:
    """An async credential whose token never changes and never ends."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken(self._token.reveal(), _NEVER)

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        return AccessTokenInfo(self._token.reveal(), _NEVER)

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> FixedToken:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()
