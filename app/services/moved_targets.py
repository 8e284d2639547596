"""Looks whether a replicating machine's accounts and network are still where it looks for them."""

from __future__ import annotations

from app.domain.arm_id import ArmId
from app.domain.estate import Estate
from app.domain.no_move_rules import Fixed
from app.domain.protected_item import ReplicationProtectedItem
from app.errors import NotFound
from app.flows.no_moves import MovedTarget, moved_of, targets_of
from app.services.inventory import Inventory


async def find_moved(inventory: Inventory, item: ReplicationProtectedItem) -> tuple[MovedTarget, ...]:
    """What of them is not at its id any more. Only then lists are read, to find where it went."""
    found: tuple[MovedTarget, ...] = ()
    for (fixed, _), text in targets_of(item).items():
        target = ArmId(text)
        try:
            await (inventory.network(target) if fixed is Fixed.NETWORK else inventory.storage_account(target))
        except NotFound:
            estate = await _read(inventory, fixed, target.subscription)
            found += tuple(moved for moved in moved_of((item,), estate) if moved.at == target)
    return found


async def _read(inventory: Inventory, fixed: Fixed, subscription: str) -> Estate:
    """As much as is needed to find one thing; of all others it knows nothing."""
    if fixed is Fixed.NETWORK:
        return Estate(subscription, networks=await inventory.networks(subscription))
    return Estate(subscription, storage_accounts=await inventory.storage_accounts(subscription))
