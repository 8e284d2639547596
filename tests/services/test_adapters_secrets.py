"""Where short secrets are kept. The system's keyring is stood in for by a small one of our own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import keyring
import keyring.backend
import pytest
from keyring.errors import PasswordDeleteError

from app.adapters.keyring_store import KeyringStore
from app.adapters.memory_store import MemoryStore
from app.errors import SecretStoreUnavailable
from app.ports.secrets import Secret, SecretStore


class SmallKeyring(keyring.backend.KeyringBackend):
    """Keeps passwords in a dictionary, and can be made to wait as if the user had to unlock it."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.passwords: dict[tuple[str, str], str] = {}
        self.unlocked = threading.Event()
        self.unlocked.set()
        self.threads: set[threading.Thread] = set()

    def get_password(self, service: str, username: str) -> str | None:
        self.threads.add(threading.current_thread())
        self.unlocked.wait()
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.passwords.pop((service, username), None) is None:
            raise PasswordDeleteError("none")


@pytest.fixture
def small() -> Iterator[SmallKeyring]:
    before = keyring.get_keyring()
    backend = SmallKeyring()
    keyring.set_keyring(backend)
    yield backend
    backend.unlocked.set()
    keyring.set_keyring(before)


@pytest.mark.parametrize("make", [KeyringStore, MemoryStore])
@pytest.mark.usefixtures("small")
async def test_a_store_gives_back_what_it_was_given(make: type[SecretStore]) -> None:
    store = make()

    await store.put("key", Secret("s3cret"))

    assert await store.get("key") == Secret("s3cret")
    assert await store.get("other") is None
    await store.forget("key")
    await store.forget("key")
    assert await store.get("key") is None
    assert store.where


async def test_a_keyring_that_waits_for_the_user_holds_up_nothing(small: SmallKeyring) -> None:
    small.unlocked.clear()

    asking = asyncio.ensure_future(KeyringStore().get("key"))  # noqa: TID251 - the test is the owner
    for _ in range(20):
        await asyncio.sleep(0)
    assert not asking.done()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert all(thread.daemon for thread in small.threads)


async def test_a_system_without_a_keyring_says_so() -> None:
    with pytest.raises(SecretStoreUnavailable) as caught:  # the tests run with keyring's own failing backend
        await KeyringStore().put("key", Secret("s3cret"))

    assert "s3cret" not in str(caught.value) + caught.value.advice + caught.value.details
