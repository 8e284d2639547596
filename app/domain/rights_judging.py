"""Holds what somebody may do against what each purpose needs.

By Azure's own rules: what the roles at a scope and above it allow, each less its exceptions, added up; then less what
deny assignments withhold; and whatever the rights, a lock stops changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain, combinations

from app.domain.arm_id import ArmId
from app.domain.rights import (
    Caller,
    Finding,
    Gap,
    Instead,
    Lock,
    Need,
    Place,
    Purpose,
    PurposeKind,
    Reach,
    RightsSubject,
    Role,
    ScopeRights,
    Standing,
    Stopped,
    When,
    Withheld,
)

_ROLES_AT_MOST = 3
"""More roles at one scope than this, and one wide role is easier to ask for and to understand."""
_NOWHERE = ArmId("")
_CHOSEN = {
    Place.VAULT: "The vault",
    Place.VAULT_GROUP: "The vault’s resource group",
    Place.SUBSCRIPTION: "The vault’s subscription",
    Place.TARGET_GROUP: "The target resource group",
    Place.TARGET_SUBSCRIPTION: "The target subscription",
    Place.NETWORK: "The network",
    Place.STORAGE: "The storage account",
}
_PROBES = ("write", "delete", "anything/write", "anything/delete", "anything/action")


def judge(
    purposes: Iterable[Purpose],
    roles: tuple[Role, ...],
    subject: RightsSubject,
    read: Mapping[ArmId, ScopeRights],
    locks: tuple[Lock, ...],
    caller: Caller,
) -> tuple[Finding, ...]:
    """How each purpose of the subject's kinds stands. A scope that was not read, or not chosen, counts as unknown.

    A purpose of which nothing is chosen yet is left out.
    """
    found = [
        _find(purpose, roles, subject, read, locks, caller) for purpose in purposes if purpose.kind in subject.kinds
    ]
    return tuple(finding for finding in found if finding.scopes)


def _find(
    purpose: Purpose,
    roles: tuple[Role, ...],
    subject: RightsSubject,
    read: Mapping[ArmId, ScopeRights],
    locks: tuple[Lock, ...],
    caller: Caller,
) -> Finding:
    gaps: list[Gap] = []
    scopes: dict[ArmId, None] = {}
    for need in purpose.needs:
        if need.when is not When.ALWAYS and need.when not in subject.facts:
            continue
        if need.place not in subject.scopes and purpose.kind is PurposeKind.STEP and not need.by_service:
            gaps.append(Gap(need.place, _NOWHERE, _NOWHERE, unread=f"{_CHOSEN[need.place]} is not chosen yet."))
        for scope in subject.scopes.get(need.place, ()):
            scopes[scope] = None
            gap = _gap(need, scope, roles, read.get(scope), locks, caller)
            if gap.standing is not Standing.READY:
                gaps.append(gap)
    return Finding(purpose, tuple(scopes), tuple(gaps))


def _gap(
    need: Need,
    scope: ArmId,
    roles: tuple[Role, ...],
    rights: ScopeRights | None,
    locks: tuple[Lock, ...],
    caller: Caller,
) -> Gap:
    stopped = tuple(
        Stopped(lock, actions, need.by_service)
        for lock in locks
        if not need.only_held
        and lock.holds_for(scope)
        and (actions := tuple(action for action in need.actions if lock.stops(action)))
    )
    if need.by_service:
        return Gap(need.place, scope, scope, stopped=stopped)
    if rights is None or rights.unread:
        return Gap(need.place, scope, scope, stopped=stopped, unread=rights.unread if rights else "It was not read.")
    missing = tuple(action for action in need.actions if not rights.allows(action))
    missing_data = tuple(action for action in need.data_actions if not rights.allows(action, is_data=True))
    wanted = [(action, False) for action in need.actions] + [(action, True) for action in need.data_actions]
    denied = [
        (Withheld(action, denial), denial.reach(caller))
        for action, is_data in wanted
        for denial in rights.denials_of(action, is_data=is_data)
    ]
    return Gap(
        need.place,
        scope,
        rights.at,
        missing,
        missing_data,
        withheld=tuple(withheld for withheld, reach in denied if reach is Reach.YES),
        doubtful=tuple(withheld for withheld, reach in denied if reach is Reach.UNKNOWN),
        stopped=stopped,
        roles=smallest_roles(roles, missing, missing_data, at=scope),
        instead=need.instead if missing else Instead.NOTHING,
    )


# The smallest role


# The smallest role


def smallest_roles(
    roles: tuple[Role, ...], actions: Iterable[str], data_actions: Iterable[str] = (), *, at: ArmId | None = None
) -> tuple[Role, ...]:
    """The one to three roles that together allow all of it, and the least besides; none where no three do.

    What a role allows besides is counted for what `at` can hold: on a network a role for machines is a small one.
    """
    wanted = frozenset([(action, False) for action in actions] + [(action, True) for action in data_actions])
    if not wanted:
        return ()
    weights = _weights(roles, resource_type_of(at))
    useful = [(role, got) for role in roles if (got := _held(role, wanted))]
    best: tuple[tuple[int, int], tuple[Role, ...]] | None = None
    for size in range(1, _ROLES_AT_MOST + 1):
        for group in combinations(useful, size):
            if frozenset(chain.from_iterable(got for _, got in group)) == wanted:
                each = [weights[role.id] for role, _ in group]
                weight = sum(changes for changes, _ in each), sum(everything for _, everything in each)
                if best is None or weight < best[0]:
                    best = weight, tuple(role for role, _ in group)
    return best[1] if best else ()


def resource_type_of(scope: ArmId | None) -> str:
    """`Microsoft.Storage/storageAccounts`; empty for what holds all kinds, as groups and subscriptions do."""
    _, between, rest = scope.text.partition("/providers/") if scope else ("", "", "")
    return "/".join(rest.split("/")[:2]) if between else ""


def _held(role: Role, wanted: frozenset[tuple[str, bool]]) -> frozenset[tuple[str, bool]]:
    permission = role.permission
    return frozenset((action, is_data) for action, is_data in wanted if permission.covers(action, is_data=is_data))


@cache
def _weights(roles: tuple[Role, ...], resource_type: str) -> Mapping[str, tuple[int, int]]:
    """How much each role allows of all that any role names: changes to the resource type, and anything at all."""
    named = {(action.replace("*", "anything"), False) for role in roles for action in role.actions + role.not_actions}
    named |= {(action.replace("*", "anything"), True) for role in roles for action in role.data_actions}
    if resource_type:
        named |= {(f"{resource_type}/{probe}", False) for probe in _PROBES}
    beginning = f"{resource_type}/".lower() if resource_type else ""
    weights: dict[str, tuple[int, int]] = {}
    for role in roles:
        permission = role.permission
        covered = [action.lower() for action, is_data in named if permission.covers(action, is_data=is_data)]
        changes = [action for action in covered if action.startswith(beginning) and not action.endswith("/read")]
        weights[role.id] = len(changes), len(covered)
    return weights
