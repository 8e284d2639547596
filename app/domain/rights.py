"""What somebody may do in Azure, what a step or an operation needs, and the gap between the two, as values.

How the one is held against the other is in `rights_judging`. Nothing here asks Azure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import chain

from app.domain.arm_id import ArmId

_EVERYBODY = "00000000-0000-0000-0000-000000000000"


# What is allowed, withheld and locked


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.IGNORECASE)


def fits(pattern: str, action: str) -> bool:
    """Whether a pattern of a role means the action: case does not matter, and `*` stands for anything, slashes too."""
    return pattern == "*" or _expression(pattern).fullmatch(action) is not None


@dataclass(frozen=True, slots=True)
class Permission:
    """What one role allows: actions less the exceptions. What another role allows is not lessened by them."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()

    def covers(self, action: str, *, is_data: bool = False) -> bool:
        given, but = (self.data_actions, self.not_data_actions) if is_data else (self.actions, self.not_actions)
        return any(fits(pattern, action) for pattern in given) and not any(fits(pattern, action) for pattern in but)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is signed in; empty texts where the token does not tell.

    Attributes:
        ids: object ids under which rights are given or withheld: their own and those of their groups.
        knows_groups: whether `ids` holds all groups.
    """

    object_id: str = ""
    name: str = ""
    ids: frozenset[str] = frozenset()
    knows_groups: bool = False


class Reach(StrEnum):
    """Whether a deny assignment is about the caller."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Denial:
    """A deny assignment.

    Attributes:
        principals, excluded: object ids, in lower case. All zeros stand for everybody.
        stays: it holds at its own scope and not below.
    """

    name: str
    scope: str
    what: Permission
    principals: frozenset[str] = frozenset({_EVERYBODY})
    excluded: frozenset[str] = frozenset()
    stays: bool = False

    def reach(self, caller: Caller) -> Reach:
        if self.excluded & caller.ids:
            return Reach.NO
        is_named = _EVERYBODY in self.principals or bool(self.principals & caller.ids)
        is_sure = caller.knows_groups and bool(caller.ids)
        if is_named:
            return Reach.YES if is_sure or not self.excluded else Reach.UNKNOWN
        return Reach.NO if is_sure else Reach.UNKNOWN


class LockLevel(StrEnum):
    CAN_NOT_DELETE = "CanNotDelete"
    READ_ONLY = "ReadOnly"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock on a subscription, group or resource; it holds for all below."""

    name: str
    scope: ArmId
    level: LockLevel
    notes: str = ""

    def stops(self, action: str) -> bool:
        verb = action.rsplit("/", 1)[-1].lower()
        return verb == "delete" if self.level is LockLevel.CAN_NOT_DELETE else verb != "read"

    def holds_for(self, scope: ArmId) -> bool:
        return is_within(scope, self.scope)


def is_within(inner: ArmId, outer: ArmId) -> bool:
    return f"{inner.key}/".startswith(f"{outer.key}/")


# What is needed


class Place(StrEnum):
    """Where a right must hold."""

    VAULT = "vault"
    VAULT_GROUP = "vault_group"
    SUBSCRIPTION = "subscription"
    TARGET_GROUP = "target_group"
    TARGET_SUBSCRIPTION = "target_subscription"
    NETWORK = "network"
    STORAGE = "storage"


class When(StrEnum):
    """What must be so for a need to arise."""

    ALWAYS = "always"
    OLD_VAULT = "old_vault"
    NEW_VAULT = "new_vault"
    NEW_VAULT_GROUP = "new_vault_group"
    UNREGISTERED = "unregistered"
    NEW_SITE = "new_site"
    OLD_TARGET_GROUP = "old_target_group"
    NEW_TARGET_GROUP = "new_target_group"
    OLD_STORAGE = "old_storage"
    NEW_STORAGE = "new_storage"
    OLD_NETWORK = "old_network"
    NEW_NETWORK = "new_network"
    NEW_POLICY = "new_policy"
    NEW_MAPPING = "new_mapping"


class Instead(StrEnum):
    """What an owner does once, rather than give a wide role for it."""

    NOTHING = ""
    CREATE_VAULT_GROUP = "create_vault_group"
    CREATE_TARGET_GROUP = "create_target_group"
    REGISTER_PROVIDER = "register_provider"


@dataclass(frozen=True, slots=True)
class Need:
    """Actions that one purpose takes at one place.

    Attributes:
        by_service: Azure does them itself, so nobody needs the right; a lock stops them all the same.
        only_held: Azure wants the right to be there and does nothing with it then, or not through its management: no
            lock can stop it.
    """

    place: Place
    actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    when: When = When.ALWAYS
    by_service: bool = False
    only_held: bool = False
    instead: Instead = Instead.NOTHING


class PurposeKind(StrEnum):
    STEP = "step"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What rights are wanted for: a step of the set-up, or an operation. `optional`: one gets along without it."""

    id: str
    kind: PurposeKind
    title: str
    needs: tuple[Need, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A built-in role."""

    id: str
    name: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()

    @property
    def permission(self) -> Permission:
        return Permission(self.actions, self.not_actions, self.data_actions)


@dataclass(frozen=True, slots=True)
class RightsSubject:
    """What is asked about: which kinds of purpose, at which scopes, and what is still to be made.

    Attributes:
        absent: resource groups that are not there yet.
        location: where an owner would make them.
    """

    kinds: frozenset[PurposeKind]
    scopes: Mapping[Place, tuple[ArmId, ...]]
    facts: frozenset[When] = frozenset()
    absent: frozenset[ArmId] = frozenset()
    location: str = ""

    @property
    def all_scopes(self) -> tuple[ArmId, ...]:
        """Each once, in the order of the places."""
        return tuple(dict.fromkeys(chain.from_iterable(self.scopes.values())))


# What was read


@dataclass(frozen=True, slots=True)
class ScopeRights:
    """What holds at one scope.

    Attributes:
        at: where it was read: the scope itself, or what is there above it as long as the scope is not.
        unread: why nothing could be read; empty when it was.
        denials_unread: the same for deny assignments.
    """

    scope: ArmId
    at: ArmId
    permissions: tuple[Permission, ...] = ()
    denials: tuple[Denial, ...] = ()
    unread: str = ""
    denials_unread: str = ""

    def allows(self, action: str, *, is_data: bool = False) -> bool:
        return any(permission.covers(action, is_data=is_data) for permission in self.permissions)

    def denials_of(self, action: str, *, is_data: bool = False) -> tuple[Denial, ...]:
        return tuple(denial for denial in self.denials if denial.what.covers(action, is_data=is_data))


# What stands between


class Standing(StrEnum):
    """Worst last."""

    READY = "ready"
    UNKNOWN = "unknown"
    LOCKED = "locked"
    MISSING = "missing"

    @property
    def rank(self) -> int:
        return list(Standing).index(self)


@dataclass(frozen=True, slots=True)
class Withheld:
    action: str
    denial: Denial


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a lock stops. `by_service`: it is Azure's own doing that is stopped."""

    lock: Lock
    actions: tuple[str, ...]
    by_service: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands in the way of one need at one scope.

    Attributes:
        at: where it was read: the scope, or what is there above it.
        missing, missing_data: what no role of the caller allows.
        withheld: what a deny assignment takes away, whatever roles there are; `doubtful`: perhaps.
        roles: the smallest that would allow what is missing.
        unread: why nothing is known.
    """

    place: Place
    scope: ArmId
    at: ArmId
    missing: tuple[str, ...] = ()
    missing_data: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    doubtful: tuple[Withheld, ...] = ()
    stopped: tuple[Stopped, ...] = ()
    roles: tuple[Role, ...] = ()
    instead: Instead = Instead.NOTHING
    unread: str = ""

    @property
    def standing(self) -> Standing:
        if self.missing or self.missing_data or self.withheld:
            return Standing.MISSING
        if self.stopped:
            return Standing.LOCKED
        return Standing.UNKNOWN if self.unread or self.doubtful else Standing.READY


@dataclass(frozen=True, slots=True)
class Finding:
    """How one purpose stands; `scopes` is where it was looked at."""

    purpose: Purpose
    scopes: tuple[ArmId, ...]
    gaps: tuple[Gap, ...] = field(default_factory=tuple)

    @property
    def standing(self) -> Standing:
        return max((gap.standing for gap in self.gaps), key=lambda standing: standing.rank, default=Standing.READY)

    @property
    def missing_count(self) -> int:
        return sum(len(gap.missing) + len(gap.missing_data) + len(gap.withheld) for gap in self.gaps)
