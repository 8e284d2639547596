"""Runs in Windows' own Python: what the program keeps there, in the places that Windows has for it.

Its first argument says what to do; each answer is one JSON line. `test_windows_stores` starts it.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import truststore

from app.adapters.azure import token_cache
from app.adapters.azure.sign_in import AzureSignIn
from app.adapters.keyring_store import KeyringStore
from app.clouds import DEFAULT_CLOUD
from app.connection import AzureSpec
from app.errors import AppError
from app.paths import user_paths
from app.ports.secrets import Secret
from app.ports.sign_in import DeviceCode, SignInMethod, SignInWish
from app.saved_connections import SavedConnections, new_connection


def say(**fields: Any) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


async def _store(store: KeyringStore, canary: str) -> None:
    for name in ("first", "second"):  # Windows has one place for each service and moves the first for a second name
        await store.put(name, Secret(f"{name} {canary}"))


async def _recall(store: KeyringStore, canary: str) -> None:
    found = {name: await store.get(name) for name in ("first", "second", "third")}
    say(where=store.where, found={name: secret and secret.reveal() for name, secret in found.items()})


async def _forget(store: KeyringStore, canary: str) -> None:
    for name in ("first", "second", "third"):
        await store.forget(name)


async def _too_large(store: KeyringStore, canary: str) -> None:
    """A credential of Windows holds 2,560 bytes, and two of them are a character."""
    await store.put("large", Secret("x" * 1200))
    await store.forget("large")
    try:
        await store.put("large", Secret(canary * 200))
    except AppError as error:
        told = " ".join((error.title, error.advice, error.details, repr(error)))
        say(code=error.code, title=error.title, advice=error.advice, tells_it=canary in told)
    else:
        say(code="")
    say(kept=await store.get("large") is not None)


async def _wish(sign_in: AzureSignIn, arm: str, ca: str) -> SignInWish:
    truststore.SSLContext = ssl.SSLContext  # type: ignore[misc]  # Wine's own check of a chain refuses every one
    return SignInWish(SignInMethod.DEVICE_CODE, await sign_in.cloud_at(arm, ca=Path(ca)), ca=Path(ca))


async def _sign_in(sign_in: AzureSignIn, wish: SignInWish) -> None:
    def show(code: DeviceCode) -> None:
        say(code=code.code)

    signed_in = await sign_in.sign_in(wish, show=show, within_s=60)
    say(account=signed_in.account.name, where=signed_in.kept.where, is_lasting=signed_in.kept.is_lasting)


async def _go_on(sign_in: AzureSignIn, wish: SignInWish) -> None:
    signed_in = await sign_in.resume(wish)
    token = await sign_in.credential(wish).get_token(wish.cloud.scope)
    say(account=signed_in.account.name, token=token.token)


async def _sign_out(sign_in: AzureSignIn, wish: SignInWish) -> None:
    await sign_in.sign_out(wish)
    left = sorted(path.name for path in token_cache._location("").glob("*"))
    try:
        await sign_in.resume(wish)
    except AppError as error:
        say(code=error.code, left=left)


def _save() -> None:
    paths = user_paths()
    paths.config.mkdir(parents=True, exist_ok=True)
    spec = AzureSpec(DEFAULT_CLOUD, "4711", SignInMethod.BROWSER, certificate=Path("C:/keys/a.pfx"))
    SavedConnections(paths.connections_file).put(new_connection("Contoso", spec))
    (again,) = SavedConnections(paths.connections_file).load()
    files = [paths.settings_file, paths.connections_file, paths.network_file, paths.log_file]
    say(files=[str(file) for file in files], same=again.spec == spec)


_STORE: dict[str, Callable[[KeyringStore, str], Awaitable[None]]] = {
    "store": _store,
    "recall": _recall,
    "forget": _forget,
    "too-large": _too_large,
}
_SIGN_IN: dict[str, Callable[[AzureSignIn, SignInWish], Awaitable[None]]] = {
    "sign-in": _sign_in,
    "go-on": _go_on,
    "sign-out": _sign_out,
}


async def main(what: str, *arguments: str) -> None:
    if what == "save":
        _save()
    elif what in _STORE:
        await _STORE[what](KeyringStore(), *arguments)
    else:
        sign_in = AzureSignIn(KeyringStore())
        try:
            await _SIGN_IN[what](sign_in, await _wish(sign_in, *arguments))
        finally:
            await sign_in.aclose()


asyncio.run(main(*sys.argv[1:]))
