"""What the composition root opens for the window. Nothing of it is loaded before it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from app.connection import AzureSpec, ConnectionSpec
    from app.live.services import Services
    from app.ports.sign_in import SignedIn, SignIn, SignInWish
    from app.runtime.progress import Report
    from app.services.account import Account
    from app.services.connection_check import ConnectionCheck


class Doors(Protocol):
    """One per program."""

    async def connection(self, spec: ConnectionSpec, report: Report, *, looks_only: bool = False) -> Services:
        """Open a connection; with `looks_only` nothing can be changed through it until that is allowed."""
        ...

    async def sign_in(self) -> SignIn:
        """The one way to sign in; what somebody has signed in to counts for all connections that want the same."""
        ...

    async def wish(self, spec: AzureSpec) -> SignInWish:
        """How a connection wants to be signed in to; its cloud may be asked what it is."""
        ...

    async def connection_check(self, ca: Path | None = None) -> ConnectionCheck:
        """What tries whether addresses are reached. `ca` is one more file to trust, of a connection that is open."""
        ...

    async def account(self, signed_in: SignedIn, report: Report) -> Account:
        """What a signed-in account reaches; whoever asked closes it."""
        ...

    async def aclose(self) -> None:
        """Close what all connections share; they are closed by then."""
        ...
