"""Runs in Windows' own Python: what the program keeps there, in the places that Windows has for it.

Its first argument says what to do; each answer is one JSON line. `test_windows_stores` starts it.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import ssl
import sys
from collections.abc import Awaitable, Callable
from ctypes import byref
from pathlib import Path
from typing import Any

import truststore

from app.adapters import file_rights
from app.adapters.azure import token_cache
from app.adapters.azure.sign_in import AzureSignIn
from app.adapters.keyring_store import KeyringStore
from app.adapters.signature import AuthenticodeCheck
from app.bootstrap import open_connection
from app.clouds import DEFAULT_CLOUD
from app.connection import AzureSpec, PracticeSpec
from app.domain.host_set_up import HostSetUp
from app.domain.registration_key import KeyWay
from app.errors import AppError
from app.flows.host_scripts import ScriptPlace, host_scripts
from app.paths import user_paths
from app.ports.secrets import Secret
from app.ports.sign_in import DeviceCode, SignInMethod, SignInWish
from app.rules import load_rules
from app.saved_connections import SavedConnections, new_connection
from app.services.script_files import save_all


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
    again = SavedConnections(paths.connections_file).load()[-1]
    files = [paths.settings_file, paths.connections_file, paths.network_file, paths.log_file]
    say(files=[str(file) for file in files], same=again.spec == spec)


def _entries(path: Path) -> str:
    """The access list of a file, as Windows writes it down."""
    advapi = ctypes.WinDLL("advapi32")  # type: ignore[attr-defined]
    descriptor, text = ctypes.c_void_p(), ctypes.c_wchar_p()
    access_list = ctypes.c_ulong(4)
    advapi.GetNamedSecurityInfoW(ctypes.c_wchar_p(str(path)), 1, access_list, None, None, None, None, byref(descriptor))
    advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, 1, access_list, byref(text), None)
    return text.value or ""


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def _keys(folder: Path) -> None:
    """Make the key in both ways, the second in place of the first; then over a file that is open, which has to fail."""
    path = folder / "site.VaultCredentials"
    (folder / "plain").touch()
    services = await open_connection(PracticeSpec("contoso", keeps_state=False))
    try:
        assert services.home_vault is not None
        site = (await services.gateways.site_recovery.list_fabrics(services.home_vault))[0]
        for way in KeyWay:
            made = await services.keys.make(site, path, way=way)
            again = await services.keys.read_file(path, site)
            say(way=way.value, same=again.thumbprint == made.thumbprint, entries=_entries(path))
        with path.open("rb") as held:
            before = held.read()
            try:
                await services.keys.make(site, path)
            except AppError as error:
                say(title=error.title, advice=error.advice)
        say(kept=path.read_bytes() == before, files=_names(folder))
    finally:
        await services.aclose()
    say(user=file_rights.user_id(), plain=_entries(folder / "plain"))  # type: ignore[attr-defined]


async def _files(folder: Path) -> None:
    """Save scripts twice, and have a signature looked at."""
    place = ScriptPlace("asr", "HQ")
    scripts = host_scripts(HostSetUp(names=("HV-1", "HV-2")), place, load_rules())
    for _ in range(2):
        save_all(folder, {script.file_name: script.data for script in scripts})
    same = all((folder / script.file_name).read_bytes() == script.data for script in scripts)
    say(scripts=len(scripts), same=same, files=len(_names(folder)))
    signature = await AuthenticodeCheck(patience_s=30).check(folder / scripts[0].file_name, "Microsoft Corporation")
    say(verdict=signature.verdict.value, text=signature.text)


_STORE: dict[str, Callable[[KeyringStore, str], Awaitable[None]]] = {
    "store": _store,
    "recall": _recall,
    "forget": _forget,
    "too-large": _too_large,
}
_IN_FOLDER: dict[str, Callable[[Path], Awaitable[None]]] = {"keys": _keys, "files": _files}
_SIGN_IN: dict[str, Callable[[AzureSignIn, SignInWish], Awaitable[None]]] = {
    "sign-in": _sign_in,
    "go-on": _go_on,
    "sign-out": _sign_out,
}


async def main(what: str, *arguments: str) -> None:
    if what == "save":
        _save()
    elif what in _IN_FOLDER:
        await _IN_FOLDER[what](Path(arguments[0]))
    elif what in _STORE:
        await _STORE[what](KeyringStore(), *arguments)
    else:
        sign_in = AzureSignIn(KeyringStore())
        try:
            await _SIGN_IN[what](sign_in, await _wish(sign_in, *arguments))
        finally:
            await sign_in.aclose()


asyncio.run(main(*sys.argv[1:]))
