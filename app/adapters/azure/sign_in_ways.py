"""The ways to sign in, each as the credential of azure-identity that goes it. All of this blocks: for a thread.

After signing in, none of them ever asks a person again by itself: a token that cannot be had silently is refused.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from azure.core.credentials import AccessTokenInfo
from azure.identity import (
    AuthenticationRecord,
    AzureCliCredential,
    AzurePowerShellCredential,
    CertificateCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    InteractiveBrowserCredential,
    TokenCachePersistenceOptions,
)

from app.adapters.azure.identity_transport import IdentityTransport
from app.adapters.azure.sign_in_errors import certificate_refused
from app.adapters.network.ways import Ways
from app.errors import NotSupported
from app.ports.secrets import Secret
from app.ports.sign_in import EVERY_TENANT, Account, DeviceCode, SignInMethod, SignInWish

LISTENS = True
"""We say that we listen to challenges, so tokens last longer, can be taken back, and have a cache of their own."""
_GUEST_TOO: dict[str, Any] = {"additionally_allowed_tenants": ["*"]}
"""Somebody's vaults may lie in tenants that they are a guest of; a token for one is asked for by its id alone."""
_RETRIES = {"retry_total": 2, "retry_backoff_factor": 0.4}
_CLI_WITHIN_S = 30
_GIVE_UP_WITHIN_S = 2.0


@dataclass
class Way:
    """One sign-in on its way, and what gives tokens afterwards.

    Attributes:
        record: whom azure-identity finds again in its cache; empty where nobody is kept there.
        claims: what a person has to meet besides, as Azure asked for it when an earlier sign-in was no longer enough.
    """

    wish: SignInWish
    credential: Any
    transport: IdentityTransport | None
    port: int = 0
    account: Account = field(default_factory=lambda: Account("", ""))
    record: str = ""
    claims: str = ""

    def sign_in(self) -> None:
        """Ask whoever has to be asked, and learn who it is."""
        scope = self.wish.cloud.scope
        if self.wish.method.is_interactive:
            record = self.credential.authenticate(scopes=[scope], claims=self.claims or None, enable_cae=LISTENS)
            self.record = record.serialize()
            self.account = Account(record.username, record.tenant_id)
        else:
            self.account = account_in(self.token().token, self.wish)

    def token(self) -> AccessTokenInfo:
        info: AccessTokenInfo = self.credential.get_token_info(self.wish.cloud.scope, options={"enable_cae": LISTENS})
        return info

    @property
    def last_refusal(self) -> str:
        return "" if self.transport is None else self.transport.last_refusal

    def give_up(self) -> None:
        """Let the thread that waits end: nothing is sent any more, and the browser's answer counts no longer."""
        if self.transport is not None:
            self.transport.give_up()
        if self.port:
            _knock(self.port)

    def close(self) -> None:
        self.credential.close()
        if self.transport is not None:
            self.transport.close()


def make_way(
    wish: SignInWish,
    *,
    ways: Ways,
    secret: Secret | None = None,
    cache: TokenCachePersistenceOptions | None = None,
    record: str = "",
    show: Callable[[DeviceCode], None] = lambda code: None,
    within_s: int = 300,
    window: int | None = None,
    claims: str = "",
) -> Way:
    """
    Raises:
        SignInRefused: the certificate's file cannot be used.
        NotSupported: this computer does not know that way.
    """
    if wish.method is SignInMethod.AZURE_CLI:
        return Way(wish, AzureCliCredential(tenant_id=wish.tenant, process_timeout=_CLI_WITHIN_S, **_GUEST_TOO), None)
    if wish.method is SignInMethod.AZURE_POWERSHELL:
        powershell = AzurePowerShellCredential(tenant_id=wish.tenant, process_timeout=_CLI_WITHIN_S, **_GUEST_TOO)
        return Way(wish, powershell, None)
    transport = IdentityTransport(ways, ca=wish.ca)
    options: dict[str, Any] = {
        "authority": wish.cloud.authority,
        "transport": transport,
        "disable_instance_discovery": wish.cloud.is_custom or None,
        **_GUEST_TOO,
        **_RETRIES,
    }
    if wish.method.is_of_application:
        return Way(wish, _application(wish, secret, options), transport)
    options |= {
        "tenant_id": wish.tenant or EVERY_TENANT,
        "disable_automatic_authentication": True,
        "cache_persistence_options": cache,
        "timeout": within_s,
    }
    if wish.client_id:
        options["client_id"] = wish.client_id
    if record:
        options["authentication_record"] = AuthenticationRecord.deserialize(record)
        del options["authority"]  # the record names it, and azure-identity takes it but once
    if wish.method is SignInMethod.DEVICE_CODE:

        def prompt(address: str, code: str, expires: datetime) -> None:
            show(DeviceCode(code, address, expires))

        return Way(wish, DeviceCodeCredential(prompt_callback=prompt, **options), transport, claims=claims)
    options["login_hint"] = wish.username or wish.account or None
    if wish.method is SignInMethod.WINDOWS_ACCOUNT:
        return Way(wish, _broker(options, window), transport, claims=claims)
    port = _free_port()
    browser = InteractiveBrowserCredential(redirect_uri=f"http://localhost:{port}", **options)
    return Way(wish, browser, transport, port, claims=claims)


def _application(wish: SignInWish, secret: Secret | None, options: dict[str, Any]) -> Any:
    if wish.method is SignInMethod.CLIENT_SECRET:
        text = "" if secret is None else secret.reveal()
        return ClientSecretCredential(wish.tenant, wish.client_id, text, **options)
    assert wish.certificate is not None, "checked before"
    try:
        content = wish.certificate.read_bytes()
        password = secret.reveal() if secret is not None else None
        return CertificateCredential(
            wish.tenant, wish.client_id, certificate_data=content, password=password, **options
        )
    except Exception as error:  # cryptography raises what it likes, and none of it belongs into a message
        raise certificate_refused(error, had_password=secret is not None) from None


def _broker(options: dict[str, Any], window: int | None) -> Any:
    if not is_windows():
        raise _no_broker("Only Windows has it.")
    try:
        broker, msal = import_module("azure.identity.broker"), import_module("msal")
    except ImportError:
        raise _no_broker("This copy of the program came without azure-identity-broker.") from None
    handle = msal.PublicClientApplication.CONSOLE_WINDOW_HANDLE if window is None else window
    return broker.InteractiveBrowserBrokerCredential(parent_window_handle=handle, **options)


def is_windows() -> bool:
    return sys.platform == "win32"


def has_broker() -> bool:
    """Whether this copy of the program can ask Windows for an account."""
    return is_windows() and find_spec("azure.identity.broker") is not None


def _no_broker(reason: str) -> NotSupported:
    return NotSupported(
        "NoBroker", "The Windows account cannot be used here", "Sign in with the browser instead.", details=reason
    )


def account_in(token: str, wish: SignInWish) -> Account:
    """Whom a token speaks for, for the user to read; nothing is decided by it."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        name = claims.get("upn") or claims.get("unique_name") or claims.get("appid") or claims.get("oid") or ""
        return Account(str(name or wish.client_id), str(claims.get("tid") or wish.tenant))
    except (IndexError, ValueError, AttributeError):
        return Account(wish.client_id or wish.method.value, wish.tenant)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def _knock(port: int) -> None:
    """Answer in the browser's place, so that whoever waits at the port stops waiting."""
    line = http.client.HTTPConnection("localhost", port, timeout=_GIVE_UP_WITHIN_S)
    try:
        line.request("GET", "/?error=access_denied")
        line.getresponse().read()
    except OSError:
        """Nobody waits there any more."""
    finally:
        line.close()
