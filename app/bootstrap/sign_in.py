"""Signing in, for the window and for the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.bootstrap.common import ways_of
from app.bootstrap.network import open_network
from app.clouds import cloud_named
from app.connection import AzureSpec
from app.ports.sign_in import SignInWish
from app.runtime.loading import load
from app.runtime.progress import Report, silent
from app.services.network import Network

if TYPE_CHECKING:
    from app.adapters.azure.sign_in import AzureSignIn


_SIGN_IN_PIECES = ("azure.core", "msal", "azure.identity", "app.adapters.azure.errors", "app.adapters.azure.sign_in")


async def open_sign_in(
    *, report: Report = silent, window: Callable[[], int | None] = lambda: None, network: Network | None = None
) -> AzureSignIn:
    """Load what signing in needs; whoever asked closes it.

    Args:
        window: the handle of the window in front of which Windows asks for an account.
        network: how addresses are reached; without it the settings are read anew.
    """
    await load(_SIGN_IN_PIECES, "Preparing the sign-in", report)
    network = network if network is not None else await open_network()
    from app.adapters.azure.sign_in import AzureSignIn
    from app.adapters.keyring_store import KeyringStore

    return AzureSignIn(KeyringStore(), ways_of(network), window=window)


async def wish_of(spec: AzureSpec, sign_in: AzureSignIn) -> SignInWish:
    """How the connection wants to be signed in to, its cloud looked up or asked.

    Raises:
        AppError: the cloud does not answer, or is none.
    """
    cloud = cloud_named(spec.cloud) or await sign_in.cloud_at(spec.cloud, ca=spec.ca)
    return SignInWish(
        spec.method, cloud, spec.tenant, spec.client_id, spec.username, spec.certificate, spec.ca, spec.account
    )
