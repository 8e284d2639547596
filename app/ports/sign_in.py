"""Signing in to a cloud, and out again.

A wish says how, and holds no secret, so that it can stand in a file. Secrets are handed over beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from app.domain.cloud import Cloud
from app.ports.secrets import Secret
from app.runtime.renewal import Renewal

EVERY_TENANT = "organizations"


class SignInMethod(StrEnum):
    BROWSER = "browser"
    DEVICE_CODE = "device-code"
    AZURE_CLI = "azure-cli"
    AZURE_POWERSHELL = "azure-powershell"
    CLIENT_SECRET = "client-secret"
    CERTIFICATE = "certificate"
    WINDOWS_ACCOUNT = "windows-account"

    @property
    def is_interactive(self) -> bool:
        """Whether a person answers, and the sign-in lives in tokens that have to be kept."""
        return self in (SignInMethod.BROWSER, SignInMethod.DEVICE_CODE, SignInMethod.WINDOWS_ACCOUNT)

    @property
    def is_of_application(self) -> bool:
        return self in (SignInMethod.CLIENT_SECRET, SignInMethod.CERTIFICATE)

    @property
    def is_borrowed(self) -> bool:
        """Whether another program is signed in, and keeps the tokens."""
        return self in (SignInMethod.AZURE_CLI, SignInMethod.AZURE_POWERSHELL)


@dataclass(frozen=True, slots=True)
class SignInWish:
    """How to sign in, and where.

    Attributes:
        tenant: id or domain; empty is the one that whoever signs in is at home in, which an application has to name.
        client_id: the application; empty is Microsoft's own for people.
        username: whom the browser suggests.
        certificate: a PFX or PEM file with its private key.
        ca: a certificate file to trust besides the system's own.
        account: which person's sign-in it is, by their sign-in name; empty is whoever signed in last. Two people who
            sign in the same way to the same tenant have a sign-in each.
    """

    method: SignInMethod
    cloud: Cloud
    tenant: str = ""
    client_id: str = ""
    username: str = ""
    certificate: Path | None = None
    ca: Path | None = None
    account: str = ""

    @property
    def key(self) -> str:
        """Names the sign-in: there is one for each way, cloud, tenant, application, and person."""
        return " ".join(filter(None, (self.way_key, self.account.casefold())))

    @property
    def way_key(self) -> str:
        """Names what the sign-ins of several people have in common."""
        return " ".join(filter(None, (self.method.value, self.cloud.name, self.tenant, self.client_id)))


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person is to enter where, until when (UTC)."""

    code: str
    address: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in: the sign-in name of a person, the client id of an application."""

    name: str
    tenant: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Where what the sign-in needs is kept, in words for the user.

    Attributes:
        is_lasting: whether the sign-in outlives the program.
        reason: why it does not.
    """

    where: str
    is_lasting: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    wish: SignInWish
    account: Account
    kept: Kept


ShowCode = Callable[[DeviceCode], None]
"""Told the code to show, on the loop."""


def show_nothing(code: DeviceCode) -> None:
    """For ways to sign in that have no code."""


class SignIn(Protocol):
    """Cancelling a call is quiet: whatever still waits for a person is given up."""

    async def methods(self) -> tuple[SignInMethod, ...]:
        """The ways that this computer knows."""
        ...

    async def will_keep(self, method: SignInMethod) -> Kept:
        """Where a sign-in that is to be kept would be, or why it cannot be. May wait for a person to unlock a store."""
        ...

    def renewal(self, wish: SignInWish, tenant: str = "") -> Renewal:
        """Whether the sign-in has ended; shared by all connections that stand on it.

        A `tenant` where whoever signed in is a guest may end it by itself.
        """
        ...

    async def cloud_at(self, address: str, *, ca: Path | None = None) -> Cloud:
        """Ask a cloud at an address of its own what it is.

        Raises:
            InvalidInput: the address is none, or no cloud answers there.
            Unreachable: nobody answers.
        """
        ...

    async def sign_in(
        self,
        wish: SignInWish,
        secret: Secret | None = None,
        *,
        show: ShowCode = show_nothing,
        within_s: int = 300,
        keep: bool = True,
    ) -> SignedIn:
        """Sign in anew, in place of an earlier sign-in of the same wish, and keep what is needed to go on later.

        Where the wish names no account, the earlier one of whoever answers is replaced, and the wish of what comes back
        names that account. Where it names one and somebody else answers, they take that place from then on.

        The earlier one goes when the new one has come about; if that is refused or cancelled, it stays as it was.

        Args:
            secret: the client secret, or the password of the certificate file.
            within_s: how long a person may take; a device code may end sooner.
            keep: False keeps everything in memory.

        Raises:
            InvalidInput: the wish or the secret lacks something; `problems` says what.
            SignInRefused: it did not work; the code says why, the advice what to change.
            Unreachable: the identity service does not answer.
            NotSupported: this computer does not know that way.
        """
        ...

    async def resume(self, wish: SignInWish) -> SignedIn:
        """Go on with what was kept, without asking anybody.

        Raises:
            SignInRequired: nothing is kept, or it counts no longer.
        """
        ...

    async def sign_out(self, wish: SignInWish) -> None:
        """Forget the sign-in: every secret, token and record of it that is kept on this computer.

        Where the wish names no account, those of all people go.
        """
        ...

    async def aclose(self) -> None:
        """Close the lines; what is kept stays kept."""
        ...
