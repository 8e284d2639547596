"""Secrets in the system's own store, through keyring.

A keyring may ask the user to unlock it and wait for as long as they like. So each call has a daemon thread of its own:
it holds up neither the loop nor the program's end. keyring itself is imported there too.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TypeVar

from app.adapters.daemon import in_daemon_thread
from app.errors import SecretStoreUnavailable
from app.ports.secrets import Secret

T = TypeVar("T")
SERVICE = "Site Recovery Desk"
_WINDOWS_HOLDS = 2560
"""Bytes of one credential of Windows (CRED_MAX_CREDENTIAL_BLOB_SIZE), where each character takes two or four."""


class KeyringStore:
    """Implements app.ports.secrets.SecretStore."""

    @property
    def where(self) -> str:
        if sys.platform == "win32":
            return "Windows Credential Manager"
        return "macOS Keychain" if sys.platform == "darwin" else "the system keyring"

    async def get(self, name: str) -> Secret | None:
        def read() -> str | None:
            import keyring

            return keyring.get_password(SERVICE, name)

        found = await _ask(read)
        return None if found is None else Secret(found)

    async def put(self, name: str, secret: Secret) -> None:
        if sys.platform == "win32" and len(secret.reveal().encode("utf-16-le")) > _WINDOWS_HOLDS:
            raise _too_large(self.where)

        def write() -> None:
            import keyring

            keyring.set_password(SERVICE, name, secret.reveal())

        await _ask(write)

    async def forget(self, name: str) -> None:
        def delete() -> None:
            import keyring
            from keyring.errors import PasswordDeleteError

            try:
                keyring.delete_password(SERVICE, name)
            except PasswordDeleteError:
                if keyring.get_password(SERVICE, name) is not None:
                    raise

        await _ask(delete)


async def _ask(call: Callable[[], T]) -> T:
    try:
        return await in_daemon_thread(call, "keyring")
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        raise _unavailable(error) from error


def _unavailable(error: BaseException) -> SecretStoreUnavailable:
    return SecretStoreUnavailable(
        type(error).__name__,
        "The system has no place to keep secrets, or it stays locked",
        "Unlock or set up the system keyring. Until then secrets stay in memory and end with the program.",
        details=str(error),
    )


def _too_large(where: str) -> SecretStoreUnavailable:
    return SecretStoreUnavailable(
        "TooLarge",
        f"The secret is too large for {where}",
        f"One entry holds {_WINDOWS_HOLDS} bytes, which are {_WINDOWS_HOLDS // 2} characters. "
        "It stays in memory and ends with the program.",
    )
