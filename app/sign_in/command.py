"""`sign-in`: signs in to a cloud without a window, so that what runs later unattended finds a sign-in to go on with.

Exit status 0: signed in, or out. 1: it did not work. 2: what was asked cannot be done like that; nobody was asked.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import os
import sys
from pathlib import Path

from app.bootstrap import SECRET_VARIABLES, open_sign_in, wish_of
from app.clouds import DEFAULT_CLOUD, known_clouds
from app.connection import AzureSpec, read_connection
from app.errors import AppError, InvalidInput, NotSupported
from app.ports.secrets import Secret
from app.ports.sign_in import DeviceCode, SignedIn, SignInMethod

DONE, FAILED, REFUSED = 0, 1, 2
_ASKED = {SignInMethod.CLIENT_SECRET: "Client secret: ", SignInMethod.CERTIFICATE: "Password of the certificate: "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(cloud.name for cloud in known_clouds())
    parser.add_argument("--connection", type=Path, metavar="FILE", help="a connection file that says how to sign in")
    parser.add_argument("--cloud", default=DEFAULT_CLOUD, help=f"{names} (default %(default)s), or a cloud's address")
    methods = [method.value for method in SignInMethod]
    parser.add_argument("--method", choices=methods, default=SignInMethod.BROWSER.value, help="default %(default)s")
    parser.add_argument("--tenant", default="", help="id or domain; an application has to name it")
    parser.add_argument("--client-id", default="", help="the application; without it Microsoft's own for people")
    parser.add_argument("--username", default="", help="whom the browser suggests")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="PFX or PEM with its private key")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="a certificate to trust besides the system's own")
    parser.add_argument("--within", type=int, default=300, metavar="SECONDS", help="how long to wait for a person")
    parser.add_argument("--out", action="store_true", help="sign out: forget everything that was kept")
    parser.add_argument("--json", action="store_true", help="one JSON line per event")


def run(arguments: argparse.Namespace) -> int:
    try:
        return asyncio.run(_run(arguments))
    except AppError as error:
        if arguments.json:
            _line({"event": "error", "code": error.code, "title": error.title, "advice": error.advice})
        else:
            print(" ".join(filter(None, (f"{error.title}.", error.advice))), file=sys.stderr)
        return REFUSED if isinstance(error, InvalidInput | NotSupported) else FAILED


async def _run(arguments: argparse.Namespace) -> int:
    spec = await asyncio.to_thread(_spec, arguments)
    sign_in = await open_sign_in()
    try:
        wish = await wish_of(spec, sign_in)
        if arguments.out:
            await sign_in.sign_out(wish)
            _line({"event": "signed_out"}) if arguments.json else print("Signed out; nothing is kept any more.")
            return DONE
        secret = await asyncio.to_thread(_secret, spec)
        show = _show_json if arguments.json else _show
        _tell(await sign_in.sign_in(wish, secret, show=show, within_s=arguments.within), as_json=arguments.json)
        return DONE
    finally:
        await sign_in.aclose()


def _spec(arguments: argparse.Namespace) -> AzureSpec:
    """
    Raises:
        InvalidInput: the connection file cannot be used, or is for a connection that needs no sign-in.
    """
    if arguments.connection is None:
        return AzureSpec(
            cloud=arguments.cloud.rstrip("/"),
            subscription="",
            method=SignInMethod(arguments.method),
            tenant=arguments.tenant,
            client_id=arguments.client_id,
            username=arguments.username,
            certificate=arguments.certificate,
            ca=arguments.ca,
        )
    spec = read_connection(arguments.connection)
    if isinstance(spec, AzureSpec):
        return spec
    title = f"The connection file {arguments.connection.name} needs no sign-in"
    raise InvalidInput("NoSignIn", title, "It holds a token already.")


def _secret(spec: AzureSpec) -> Secret | None:
    """The secret from the environment, or asked of whoever sits there; never an argument, which others can see."""
    if spec.method not in SECRET_VARIABLES:
        return None
    given = os.environ.get(SECRET_VARIABLES[spec.method], "")
    if not given and sys.stdin.isatty():
        given = getpass.getpass(_ASKED[spec.method])
    return Secret(given) if given else None


def _show(code: DeviceCode) -> None:
    print(f"Open {code.address} and enter the code {code.code} before {code.expires:%H:%M} UTC.", flush=True)


def _show_json(code: DeviceCode) -> None:
    expires = code.expires.isoformat()
    _line({"event": "device_code", "code": code.code, "address": code.address, "expires": expires})


def _tell(signed_in: SignedIn, *, as_json: bool) -> None:
    account, kept = signed_in.account, signed_in.kept
    if as_json:
        _line(
            {
                "event": "signed_in",
                "account": account.name,
                "tenant": account.tenant,
                "kept": kept.where,
                "lasting": kept.is_lasting,
                "reason": kept.reason,
            }
        )
        return
    print(f"Signed in as {account.name}, tenant {account.tenant}.")
    print(f"Kept in: {kept.where}.{f' {kept.reason}' if kept.reason else ''}")
    if not kept.is_lasting:
        print("So this sign-in ends with this command. It shows that signing in works; nothing can go on from it.")


def _line(event: dict[str, object]) -> None:
    print(json.dumps(event, ensure_ascii=False), flush=True)
