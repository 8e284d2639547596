"""What the caller may do: the roles assigned to them, what is withheld of those for practice, and the refusal.

Reads and changes alike are held to it, at the scope of the resource they are about, as ARM does before anything else is
looked at; what a deny assignment withholds is refused whatever their roles. Left out: conditions, own roles, data
actions; and that Azure answers some lists with what the caller may see of them instead of refusing. Whoever gives away
the Owner's role stays without it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from msgspec import Struct, convert, field

from app.simulator import records as rec
from app.simulator.replies import Refusal, arm_error
from app.simulator.router import Call
from app.simulator.wire import guid
from app.simulator.world import World

AUTHORIZATION = "microsoft.authorization"
MISSING_PERMISSION = "missing-permission"
YOU = "you@contoso.com"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
_VERBS = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "DELETE": "delete", "POST": "action"}
_VERBS_OF = {"reads": ("read",), "changes": ("write", "delete", "action")}


class Role(Struct):
    """A built-in role."""

    id: str
    name: str
    description: str
    actions: list[str]
    not_actions: list[str] = field(default_factory=list)
    data_actions: list[str] = field(default_factory=list)


class _File(Struct):
    roles: list[Role]


@cache
def roles() -> tuple[Role, ...]:
    text = (files("resources") / "simulator" / "roles.toml").read_text("utf-8")
    return tuple(convert(tomllib.loads(text), _File).roles)


def caller(world: World) -> str:
    """The object id of whom the vault's own bearer token stands for."""
    return guid(world.settings.seed, world.settings.tenant, "caller")


def caller_of(call: Call) -> str:
    """The object id of whoever calls."""
    return call.principal or caller(call.world)


def covers(outer: str, inner: str) -> bool:
    return f"{inner.lower()}/".startswith(f"{outer.lower()}/")


# Permissions


class Permission(NamedTuple):
    actions: list[str]
    not_actions: list[str]
    data_actions: list[str]

    def allows(self, action: str) -> bool:
        return _fits_any(self.actions, action) and not _fits_any(self.not_actions, action)


def permissions_at(call: Call, scope: str) -> list[Permission]:
    """One for each role that the caller has at the scope, less what is withheld for practice."""
    withheld = list(_withheld(call.world, scope))
    if "*" in withheld:
        return []
    return [Permission(r.actions, [*r.not_actions, *withheld], r.data_actions) for r in _roles_at(call, scope)]


def _roles_at(call: Call, scope: str) -> list[Role]:
    me, given = caller_of(call), call.world.role_assignments.records()
    mine = {a.role for a in given if a.principal == me and covers(a.scope, scope)}
    subscription = call.world.subscriptions.get((*scope.lower().split("/"), "", "", "")[2])
    everybodys = "" if subscription is None else subscription.role
    return [role for role in roles() if role.id in mine or role.name == everybodys]


def _withheld(world: World, scope: str) -> Iterator[str]:
    """What the faults that are on refuse, as patterns of actions.

    A fault names parts of paths. Those that the scope has itself are fulfilled; the others stand for types in actions.
    """
    for fault in world.faults.records():
        if fault.kind != MISSING_PERMISSION or (fault.left is not None and fault.left <= 0):
            continue
        words = str(fault.chosen.get("operation") or "").split()
        verbs: tuple[str, ...] = ()
        if words and (words[0] in _VERBS_OF or words[0].isupper()):
            verbs = _VERBS_OF.get(words[0]) or (_VERBS.get(words[0], "write"),)
            words = words[1:]
        types = "".join(f"{word}*" for word in words if word.lower() not in scope.lower())
        start = f"*{types}" if types else "*"
        yield from (f"{start}/{verb}" for verb in verbs) if verbs else (start,)


def _fits_any(patterns: list[str], action: str) -> bool:
    return any(pattern == "*" or _as_expression(pattern).fullmatch(action) is not None for pattern in patterns)


@cache
def _as_expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.IGNORECASE)


# Holding the caller to them


def check_rights(call: Call) -> None:
    """
    Raises:
        Refusal: no role of the caller lets them do that there.
    """
    if is_open_to_all(call) or not call.world.knows_subscription(call.segments[1]):
        return  # whoever asks for another subscription is told that there is none
    action, scope = action_of(call)
    if not any(Permission(r.actions, r.not_actions, []).allows(action) for r in _roles_at(call, scope)):
        raise not_allowed(call)
    for denial in denials_at(call.world, scope):
        if concerns_caller(call, denial) and Permission(denial.actions, denial.not_actions, []).allows(action):
            raise arm_error(
                403,
                "DenyAssignmentAuthorizationFailed",
                f"A role lets the client with object id '{caller_of(call)}' perform action '{action}' over scope "
                f"'{scope}', but the deny assignment '{denial.title}' at scope '{denial.scope}' withholds it.",
            )


def denials_at(world: World, scope: str) -> list[rec.DenyAssignment]:
    """Those at the scope and above it."""
    return [denial for denial in world.denials.records() if covers(denial.scope, scope)]


def concerns_caller(call: Call, denial: rec.DenyAssignment) -> bool:
    me = caller_of(call)
    return me not in denial.excluded and (not denial.principals or me in denial.principals)


def is_open_to_all(call: Call) -> bool:
    """Whether anybody who has signed in may ask that: what subscriptions there are, and what they themselves may do."""
    segments = [segment.lower() for segment in call.segments]
    is_own_rights = segments[-2:] == [AUTHORIZATION, "permissions"]
    return call.method in READS and (is_own_rights or segments[:1] != ["subscriptions"] or len(segments) < 2)


def not_allowed(call: Call) -> Refusal:
    action, scope = action_of(call)
    return arm_error(
        403,
        "AuthorizationFailed",
        f"The client '{call.principal_name or YOU}' with object id '{caller_of(call)}' has no authorization to perform "
        f"action '{action}' over scope '{scope}', or the scope is not valid.",
    )


def action_of(call: Call) -> tuple[str, str]:
    """The action that a request is in terms of roles, and the resource it is about."""
    scope, _, rest = call.path.rpartition("/providers/")
    parts = rest.split("/") if scope else ["Microsoft.Resources", *call.segments]
    path = call.path
    provider, steps = parts[0], parts[1:]
    types = steps[0::2]
    if call.method == "POST" and len(steps) % 2:  # an action on a resource, not the resource's own type
        verb, path = f"{steps[-1]}/action", path.rpartition("/")[0]
        types = types[:-1]
    else:
        verb = _VERBS.get(call.method, "write")
    return "/".join((provider, *types, verb)), path
