"""Reads locks and rights on many resources in few requests.

Locks and deny assignments of a whole subscription come in one list each. Rights are read at the subscription, then only
where they do not suffice there at resource groups and resources. What cannot be read is not known, which stops nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from app.domain.arm_id import ArmId, subscription_id
from app.domain.resource_access import ResourceAccess
from app.domain.rights import Caller, Denial, Place, PurposeKind, Reach, When
from app.domain.rights_judging import smallest_roles
from app.domain.rules import RightsRules
from app.errors import AppError, SignInRequired, Throttled, Unreachable
from app.runtime.together import in_groups
from app.services.gateways import Gateways
from app.services.rights_check import read_caller

T = TypeVar("T")

SCOPES_AT_MOST = 40
"""Groups, and after them resources, whose rights are read one by one; of further ones nothing is known."""

_SLICE = 500
"""So many resources are gone through before the loop gets its turn."""

_STOPS = (SignInRequired, Unreachable, Throttled)


class AccessReader:
    """Reads only. `needed` are the actions that are wanted on each resource."""

    def __init__(self, gateways: Gateways, rules: RightsRules, needed: tuple[str, ...]) -> None:
        self._gateways = gateways
        self._roles = rules.roles
        self._needed = needed
        self._role_names: dict[tuple[str, ...], tuple[str, ...]] = {}

    async def read(self, resources: Sequence[ArmId]) -> tuple[dict[str, ResourceAccess], set[str]]:
        """Locks and rights that hold for these, those that matter most first, by the keys of their ids; and the keys
        of those whose rights were left unread, since there were too many to read each.

        Raises:
            AppError: nobody is signed in, Azure cannot be reached, or asks to wait.
        """
        found: dict[str, ResourceAccess] = {}
        unread: set[str] = set()
        for subscription in {each.subscription.lower(): each.subscription for each in resources}.values():
            some = [each for each in resources if each.subscription.lower() == subscription.lower()]
            found |= await self._read_subscription(subscription_id(subscription), some, unread)
        return found, unread

    async def _read_subscription(
        self, subscription: ArmId, resources: Sequence[ArmId], unread: set[str]
    ) -> dict[str, ResourceAccess]:
        rights = self._gateways.rights
        locks = await or_none(rights.list_locks_within(subscription)) or ()
        denials = await or_none(rights.list_denials_within(subscription)) or ()
        caller = await read_caller(self._gateways) if denials else Caller()
        missing = await self._missing(subscription, resources, unread)
        lies_under = _by_scope(locks, lambda lock: lock.scope)
        withheld_at = _by_scope(
            (each for each in denials if self._withholds(each, caller)), lambda denial: ArmId(denial.scope)
        )
        found: dict[str, ResourceAccess] = {}
        alike: dict[ResourceAccess, ResourceAccess] = {}  # most are alike, and are judged as one then
        for count, resource in enumerate(resources):
            if not count % _SLICE:
                await asyncio.sleep(0)
            scopes = _scopes_of(resource)
            denied = [each for scope in scopes for each in withheld_at.get(scope, ()) if _reaches(each, resource)]
            lacking = missing.get(resource.key, ())
            access = ResourceAccess(
                locks=tuple(lock for scope in scopes for lock in lies_under.get(scope, ())),
                missing=lacking,
                roles=await self._roles_for(lacking, resource) if lacking else (),
                denied_by=denied[0].name if denied else "",
            )
            found[resource.key] = alike.setdefault(access, access)
        return found

    def _withholds(self, denial: Denial, caller: Caller) -> bool:
        return denial.reach(caller) is Reach.YES and any(denial.what.covers(action) for action in self._needed)

    async def _missing(
        self, subscription: ArmId, resources: Sequence[ArmId], unread: set[str]
    ) -> dict[str, tuple[str, ...]]:
        """By resource, what the caller may not do with it. Who has a right above has it below too; who may not read
        above is asked about below.
        """
        if await self._missing_at(subscription) == ():
            return {}
        by_group: dict[str, list[ArmId]] = {}
        for resource in resources:
            by_group.setdefault(_scopes_of(resource)[1], []).append(resource)
        groups = list(by_group)[:SCOPES_AT_MOST]
        lacking = await in_groups(self._missing_at, [by_group[each][0].up_to("resourceGroups") for each in groups])
        unsettled = [group for group, missing in zip(groups, lacking, strict=True) if missing != ()]
        doubtful = [each for group in unsettled for each in by_group[group]]
        unread |= {each.key for group in list(by_group)[SCOPES_AT_MOST:] for each in by_group[group]}
        unread |= {each.key for each in doubtful[SCOPES_AT_MOST:]}
        doubtful = doubtful[:SCOPES_AT_MOST]
        found = await in_groups(self._missing_at, doubtful)
        return {resource.key: missing for resource, missing in zip(doubtful, found, strict=True) if missing}

    async def _missing_at(self, scope: ArmId) -> tuple[str, ...] | None:
        """None where it could not be read."""
        permissions = await or_none(self._gateways.rights.list_permissions(scope))
        if permissions is None:
            return None
        return tuple(action for action in self._needed if not any(each.covers(action) for each in permissions))

    async def _roles_for(self, missing: tuple[str, ...], resource: ArmId) -> tuple[str, ...]:
        """The first judgement takes a tenth of a second, to have the patterns ready."""
        known = self._role_names.get(missing)
        if known is None:
            roles = await asyncio.to_thread(smallest_roles, self._roles, missing, at=resource)
            known = self._role_names[missing] = tuple(role.name for role in roles)
        return known


def needed_at(rules: RightsRules, place: Place, when: When) -> tuple[str, ...]:
    """What a set-up takes on a resource that is there already."""
    return tuple(
        dict.fromkeys(
            action
            for purpose in rules.purposes
            if purpose.kind is PurposeKind.STEP and not purpose.optional
            for need in purpose.needs
            if need.place is place and need.when in (When.ALWAYS, when)
            for action in need.actions
        )
    )


async def or_none(reading: Coroutine[Any, Any, T]) -> T | None:
    """What was read; None where it could not be had though Azure can be reached."""
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


def _scopes_of(resource: ArmId) -> tuple[str, ...]:
    """What holds for the resource is set at one of these."""
    parts = resource.key.split("/")
    return ("/".join(parts[:3]), "/".join(parts[:5]), resource.key)


def _reaches(denial: Denial, resource: ArmId) -> bool:
    return not denial.stays or ArmId(denial.scope) == resource
