"""Secrets in the system's own store, through keyring.

A keyring may ask the user to unlock it and wait for as long as they like. So each call has a daemon thread of its own:
it holds up neither the loop nor the program's end. keyring itself is imported there too.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from app.errors import SecretStoreUnavailable
from app.ports.secrets import Secret

T = TypeVar("T")
SERVICE = "Site Recovery Desk"


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

        found = await _in_daemon_thread(read)
        return None if found is None else Secret(found)

    async def put(self, name: str, secret: Secret) -> None:
        def write() -> None:
            import keyring

            keyring.set_password(SERVICE, name, secret.reveal())

        await _in_daemon_thread(write)

    async def forget(self, name: str) -> None:
        def delete() -> None:
            import keyring
            from keyring.errors import PasswordDeleteError

            try:
                keyring.delete_password(SERVICE, name)
            except PasswordDeleteError:
                if keyring.get_password(SERVICE, name) is not None:
                    raise

        await _in_daemon_thread(delete)


async def _in_daemon_thread(call: Callable[[], T]) -> T:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        if not answer.done():  # whoever waited may have been cancelled
            set_it()

    def work() -> None:
        try:
            result = call()
        except BaseException as error:
            failure = _unavailable(error)
            _tell(loop, lambda: settle(lambda: answer.set_exception(failure)))
        else:
            _tell(loop, lambda: settle(lambda: answer.set_result(result)))

    threading.Thread(target=work, name="keyring", daemon=True).start()
    return await answer


def _tell(loop: asyncio.AbstractEventLoop, news: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(news)
    except RuntimeError:
        """The loop is closed: the program ended while the keyring waited for the user."""


def _unavailable(error: BaseException) -> SecretStoreUnavailable:
    failure = SecretStoreUnavailable(
        type(error).__name__,
        "The system has no place to keep secrets, or it stays locked",
        "Unlock or set up the system keyring. Until then secrets stay in memory and end with the program.",
        details=str(error),
    )
    failure.__cause__ = error
    return failure
