"""Reads locks, rights and used capacity of storage accounts, in few requests however many accounts there are.

Locks and deny assignments of a whole subscription come in one list each. Rights are read at the subscription, then only
where they do not suffice there at resource groups and accounts. What cannot be read is not known, which stops nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from app.domain.arm_id import ArmId, subscription_id
from app.domain.rights import Caller, Denial, Place, PurposeKind, Reach, When
from app.domain.rights_judging import smallest_roles
from app.domain.rules import RightsRules
from app.domain.storage_facts import StorageFacts
from app.domain.storage_rules import StorageAccess
from app.errors import AppError, SignInRequired, Throttled, Unreachable
from app.ports.clock import Clock
from app.runtime.together import in_groups
from app.services.gateways import Gateways
from app.services.rights_check import read_caller

T = TypeVar("T")

SCOPES_AT_MOST = 40
"""Groups, and after them accounts, whose rights are read one by one; of further ones nothing is known."""

_AT_A_TIME = 4
_LOOK_BACK = timedelta(days=2)
"""Azure's count of what is stored can be a day old."""
_SLICE = 500
"""So many accounts are gone through before the loop gets its turn."""

_STOPS = (SignInRequired, Unreachable, Throttled)


class StorageCheck:
    """One per connection; keeps what it has read. Reads only.

    Attributes:
        facts: all that is known so far.
    """

    def __init__(self, gateways: Gateways, clock: Clock, rules: RightsRules) -> None:
        self._gateways = gateways
        self._clock = clock
        self._roles = rules.roles
        self._needed = needed_actions(rules)
        self._role_names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.facts = StorageFacts()

    async def read_access(self, accounts: Sequence[ArmId]) -> StorageFacts:
        """Read locks and rights that hold for these, those that matter most first.

        Raises:
            AppError: nobody is signed in, Azure cannot be reached, or asks to wait.
        """
        found: dict[str, StorageAccess] = {}
        unread: set[str] = set()
        for subscription in {each.subscription.lower(): each.subscription for each in accounts}.values():
            some = [each for each in accounts if each.subscription.lower() == subscription.lower()]
            found |= await self._read_subscription(subscription_id(subscription), some, unread)
        unread |= self.facts.rights_unread - found.keys()
        self.facts = replace(self.facts, access={**self.facts.access, **found}, rights_unread=frozenset(unread))
        return self.facts

    async def read_stored(self, accounts: Sequence[ArmId]) -> StorageFacts:
        """Read how much these hold, a few at a time.

        Raises:
            AppError: as `read_access`.
        """
        until = self._clock.now()
        gate = asyncio.Semaphore(_AT_A_TIME)

        async def read(account: ArmId) -> int | None:
            async with gate:
                since = until - _LOOK_BACK
                return await _or_none(self._gateways.resources.get_used_capacity(account, since, until))

        read_them = await in_groups(read, accounts)
        found = {account.key: used for account, used in zip(accounts, read_them, strict=True)}
        self.facts = replace(self.facts, used_bytes={**self.facts.used_bytes, **found})
        return self.facts

    async def _read_subscription(
        self, subscription: ArmId, accounts: Sequence[ArmId], unread: set[str]
    ) -> dict[str, StorageAccess]:
        rights = self._gateways.rights
        locks = await _or_none(rights.list_locks_within(subscription)) or ()
        denials = await _or_none(rights.list_denials_within(subscription)) or ()
        caller = await read_caller(self._gateways) if denials else Caller()
        missing = await self._missing(subscription, accounts, unread)
        lies_under = _by_scope(locks, lambda lock: lock.scope)
        withheld_at = _by_scope(
            (each for each in denials if self._withholds(each, caller)), lambda denial: ArmId(denial.scope)
        )
        found: dict[str, StorageAccess] = {}
        alike: dict[StorageAccess, StorageAccess] = {}  # most accounts are alike, and are judged as one then
        for count, account in enumerate(accounts):
            if not count % _SLICE:
                await asyncio.sleep(0)
            scopes = _scopes_of(account)
            denied = [each for scope in scopes for each in withheld_at.get(scope, ()) if _reaches(each, account)]
            lacking = missing.get(account.key, ())
            access = StorageAccess(
                locks=tuple(lock for scope in scopes for lock in lies_under.get(scope, ())),
                missing=lacking,
                roles=await self._roles_for(lacking, account) if lacking else (),
                denied_by=denied[0].name if denied else "",
            )
            found[account.key] = alike.setdefault(access, access)
        return found

    def _withholds(self, denial: Denial, caller: Caller) -> bool:
        return denial.reach(caller) is Reach.YES and any(denial.what.covers(action) for action in self._needed)

    async def _missing(
        self, subscription: ArmId, accounts: Sequence[ArmId], unread: set[str]
    ) -> dict[str, tuple[str, ...]]:
        """By account, what the caller may not do with it. Who has a right above has it below too."""
        if not await self._missing_at(subscription):
            return {}
        by_group: dict[str, list[ArmId]] = {}
        for account in accounts:
            by_group.setdefault(_scopes_of(account)[1], []).append(account)
        groups = list(by_group)[:SCOPES_AT_MOST]
        lacking = await in_groups(self._missing_at, [by_group[each][0].up_to("resourceGroups") for each in groups])
        doubtful = [each for group, missing in zip(groups, lacking, strict=True) if missing for each in by_group[group]]
        unread |= {each.key for group in list(by_group)[SCOPES_AT_MOST:] for each in by_group[group]}
        unread |= {each.key for each in doubtful[SCOPES_AT_MOST:]}
        doubtful = doubtful[:SCOPES_AT_MOST]
        found = await in_groups(self._missing_at, doubtful)
        return {account.key: missing for account, missing in zip(doubtful, found, strict=True) if missing}

    async def _missing_at(self, scope: ArmId) -> tuple[str, ...] | None:
        """None where it could not be read."""
        permissions = await _or_none(self._gateways.rights.list_permissions(scope))
        if permissions is None:
            return None
        return tuple(action for action in self._needed if not any(each.covers(action) for each in permissions))

    async def _roles_for(self, missing: tuple[str, ...], account: ArmId) -> tuple[str, ...]:
        """The first judgement takes a tenth of a second, to have the patterns ready."""
        known = self._role_names.get(missing)
        if known is None:
            roles = await asyncio.to_thread(smallest_roles, self._roles, missing, at=account)
            known = self._role_names[missing] = tuple(role.name for role in roles)
        return known


def needed_actions(rules: RightsRules) -> tuple[str, ...]:
    """What a set-up takes on an account that is there already."""
    return tuple(
        dict.fromkeys(
            action
            for purpose in rules.purposes
            if purpose.kind is PurposeKind.STEP and not purpose.optional
            for need in purpose.needs
            if need.place is Place.STORAGE and need.when in (When.ALWAYS, When.OLD_STORAGE)
            for action in need.actions
        )
    )


async def _or_none(reading: Coroutine[Any, Any, T]) -> T | None:
    try:
        return await reading
    except _STOPS:
        raise
    except AppError:
        return None


def _by_scope(things: Iterable[T], scope_of: Callable[[T], ArmId]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for thing in things:
        found.setdefault(scope_of(thing).key, []).append(thing)
    return found


def _scopes_of(account: ArmId) -> tuple[str, ...]:
    """What holds for the account is set at one of these."""
    parts = account.key.split("/")
    return ("/".join(parts[:3]), "/".join(parts[:5]), account.key)


def _reaches(denial: Denial, account: ArmId) -> bool:
    return not denial.stays or ArmId(denial.scope) == account
