"""Reads what the prerequisites in Azure are judged by; a part that cannot be read costs itself only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from app.domain.arm_id import ArmId
from app.domain.azure import Subscription
from app.domain.prerequisite_checks import PROVIDERS, AzureSide
from app.domain.rights import Permission
from app.errors import AppError, NotFound, SignInRequired
from app.runtime.together import together
from app.services.inventory import Inventory


async def read_azure_side(inventory: Inventory, subscription: str, vault: ArmId | None) -> AzureSide:
    """Everything side by side.

    Raises:
        SignInRequired: nothing more can be read before somebody signs in.
        AppError: not a single part could be read; it says why for the first.
    """
    parts: dict[str, Callable[[], Awaitable[Any]]] = {
        "subscription": partial(_subscription, inventory, subscription),
        "providers": partial(inventory.resource_providers, subscription, PROVIDERS),
        "storage": partial(inventory.storage_accounts, subscription),
        "networks": partial(inventory.networks, subscription),
    }
    if vault is not None:
        parts["vault"] = partial(inventory.vault, vault)
        parts["permissions"] = partial(_permissions, inventory, vault)
    answers = await together([_answer(name, read) for name, read in parts.items()])
    errors = {name: answer for name, answer in answers if isinstance(answer, AppError)}
    for error in errors.values():
        if isinstance(error, SignInRequired) or len(errors) == len(parts):
            raise error
    found = {name: answer for name, answer in answers if name not in errors}
    return AzureSide(**found, unread={name: error.sentence for name, error in errors.items()})


async def _answer(name: str, read: Callable[[], Awaitable[Any]]) -> tuple[str, Any]:
    try:
        return name, await read()
    except AppError as error:
        return name, error


async def _subscription(inventory: Inventory, subscription: str) -> Subscription | None:
    for found in await inventory.subscriptions():
        if found.id.lower() == subscription.lower():
            return found
    return None


async def _permissions(inventory: Inventory, vault: ArmId) -> tuple[Permission, ...]:
    try:
        return await inventory.permissions(vault)
    except NotFound:  # its own line says so
        return ()
