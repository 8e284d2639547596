"""Who may do what: roles, their assignment, and the caller's own permissions, at any scope; the door to locks as well.

Follows Permissions, Role Definitions and Role Assignments of the Authorization REST reference. Whoever brings a token
is the owner of the subscription, until they give that away. What it means is in `rights`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from app.simulator import records as rec
from app.simulator.handlers import denials, locks
from app.simulator.messages import Response
from app.simulator.replies import arm_error, group_missing, json_response, plain_list, resource_missing
from app.simulator.rights import AUTHORIZATION, Permission, Role, caller, caller_of, covers, permissions_at, roles
from app.simulator.router import Call, Handler
from app.simulator.wire import Json, guid, last_segment, time_text
from app.simulator.world import World

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_FILTER = re.compile(
    r"\s*(?:(atScope\(\))|(principalId|roleName)\s+eq\s+'([^']+)'|assignedTo\('([^']+)'\))\s*", re.IGNORECASE
)


def make_owner(world: World) -> None:
    """Give the caller the subscription."""
    scope = f"/subscriptions/{world.settings.subscription}"
    name = guid(world.settings.seed, scope, "owner")
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
    made = rec.RoleAssignment(path, name, scope, OWNER, caller(world), "User", world.now)
    world.role_assignments.put(path.lower(), made)


def scoped_handler(call: Call) -> Handler | None:
    """Who answers a call to the authorization provider; its paths begin with any scope there is."""
    segments = [segment.lower() for segment in call.segments]
    if segments[:1] != ["subscriptions"] or AUTHORIZATION not in segments:
        return None
    at = len(segments) - 1 - segments[::-1].index(AUTHORIZATION)
    rest = segments[at + 1 :]
    if segments[at - 1] != "providers" or not rest or len(rest) > 2:
        return None
    handler = _HANDLERS.get((call.method, rest[0], len(rest) == 2))
    if handler is None:
        return None
    scope = "/" + "/".join(call.segments[: at - 1])
    name = call.segments[-1]
    return lambda again: handler(again, _existing(again, scope), name)


def _existing(call: Call, scope: str) -> str:
    """The scope as it was written when it was made.

    Raises:
        Refusal: there is no such subscription, group or resource.
    """
    world, parts = call.world, scope.split("/")
    call.params = {"subscription": parts[2]}
    call.check_subscription()
    if len(parts) == 3:
        return f"/subscriptions/{parts[2].lower()}"
    found = world.resources.get(scope.lower())
    if found is not None:
        return found.id
    group = world.resources.get("/".join(parts[:5]).lower())
    if group is None:
        raise group_missing(parts[4] if len(parts) > 4 else parts[-1])
    raise resource_missing("/".join(parts[6:-1]), parts[-1], parts[4])


# Permissions


def _permission_body(permission: Permission) -> Json:
    return {
        "actions": permission.actions,
        "notActions": permission.not_actions,
        "dataActions": permission.data_actions,
        "notDataActions": [],
    }


def _list_permissions(call: Call, scope: str, name: str) -> Response:
    return plain_list(_permission_body(permission) for permission in permissions_at(call, scope))


# Roles


def _role_body(call: Call, role: Role) -> Json:
    return {
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "description": role.description,
            "assignableScopes": ["/"],
            "permissions": [_permission_body(Permission(role.actions, role.not_actions, role.data_actions))],
            "createdOn": "2015-02-02T21:55:09.8806423Z",
            "updatedOn": "2023-05-25T18:33:49.8611163Z",
            "createdBy": None,
            "updatedBy": None,
        },
        "id": f"/subscriptions/{call.world.settings.subscription}/providers/Microsoft.Authorization"
        f"/roleDefinitions/{role.id}",
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": role.id,
    }


def _list_roles(call: Call, scope: str, name: str) -> Response:
    wanted = _filter(call).get("rolename")
    return plain_list(_role_body(call, role) for role in roles() if wanted in (None, role.name.lower()))


def _get_role(call: Call, scope: str, name: str) -> Response:
    role = _role_named(name)
    if role is None:
        raise arm_error(404, "RoleDefinitionDoesNotExist", f"There is no role with the id '{name}'.")
    return json_response(200, _role_body(call, role))


def _role_named(name: str) -> Role | None:
    return next((role for role in roles() if role.id == name.lower()), None)


def _filter(call: Call) -> dict[str, str]:
    text = call.query.get("$filter", "")
    if not text.strip():
        return {}
    match = _FILTER.fullmatch(text)
    if match is None:
        raise arm_error(400, "InvalidFilterInQueryString", f"The filter cannot be read: {text}")
    at_scope, name, value, assigned = match.groups()
    if at_scope:
        return {"atscope": ""}
    return {"principalid": assigned.lower()} if assigned else {name.lower(): value.lower()}


# Assignments


def _assignment_body(call: Call, assignment: rec.RoleAssignment) -> Json:
    created, subscription = time_text(assignment.created), call.world.settings.subscription
    role = f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{assignment.role}"
    return {
        "properties": {
            "roleDefinitionId": role,
            "principalId": assignment.principal,
            "principalType": assignment.principal_type,
            "scope": assignment.scope,
            "condition": None,
            "conditionVersion": None,
            "createdOn": created,
            "updatedOn": created,
            "createdBy": None,
            "updatedBy": caller_of(call),
            "delegatedManagedIdentityResourceId": None,
            "description": assignment.description,
        },
        "id": assignment.id,
        "type": "Microsoft.Authorization/roleAssignments",
        "name": assignment.name,
    }


def _list_assignments(call: Call, scope: str, name: str) -> Response:
    """Those at the scope and above it, and below it too unless `atScope()` is asked for."""
    wanted = _filter(call)

    def keeps(assignment: rec.RoleAssignment) -> bool:
        below = "atscope" not in wanted and covers(scope, assignment.scope)
        principal = wanted.get("principalid", assignment.principal.lower())
        return (covers(assignment.scope, scope) or below) and assignment.principal.lower() == principal

    found = [assignment for assignment in call.world.role_assignments.records() if keeps(assignment)]
    return plain_list(_assignment_body(call, assignment) for assignment in found)


def _key(scope: str, name: str) -> str:
    return f"{scope}/providers/microsoft.authorization/roleassignments/{name}".lower()


def _get_assignment(call: Call, scope: str, name: str) -> Response:
    assignment = call.world.role_assignments.get(_key(scope, name))
    if assignment is None:
        raise arm_error(404, "RoleAssignmentNotFound", f"There is no role assignment '{name}' at this scope.")
    return json_response(200, _assignment_body(call, assignment))


def _put_assignment(call: Call, scope: str, name: str) -> Response:
    given = call.properties()
    principal = str(given.get("principalId") or "")
    role = _role_named(last_segment(str(given.get("roleDefinitionId") or "")))
    if _GUID.fullmatch(name) is None or _GUID.fullmatch(principal) is None:
        raise arm_error(400, "InvalidRoleAssignmentId", "The assignment's name and its principalId must be GUIDs.")
    if role is None:
        raise arm_error(400, "RoleDefinitionDoesNotExist", "roleDefinitionId names no role there is.")
    for other in call.world.role_assignments.records():
        if (other.scope.lower(), other.role, other.principal) == (scope.lower(), role.id, principal):
            raise arm_error(409, "RoleAssignmentExists", "The role is assigned to them here already.")
    if _key(scope, name) in call.world.role_assignments:
        raise arm_error(409, "RoleAssignmentUpdateNotPermitted", "An assignment cannot become one of somebody else.")
    made = rec.RoleAssignment(
        id=f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}",
        name=name,
        scope=scope,
        role=role.id,
        principal=principal,
        principal_type=str(given.get("principalType") or "User"),
        created=call.now,
        description=given.get("description"),
    )
    call.world.role_assignments.put(made.id.lower(), made)
    return json_response(201, _assignment_body(call, made))


def _delete_assignment(call: Call, scope: str, name: str) -> Response:
    assignment = call.world.role_assignments.get(_key(scope, name))
    if assignment is None:
        return Response(204)
    call.world.role_assignments.remove(assignment.id.lower())
    return json_response(200, _assignment_body(call, assignment))


_HANDLERS: dict[tuple[str, str, bool], Callable[[Call, str, str], Response]] = {
    ("GET", "permissions", False): _list_permissions,
    ("GET", "roledefinitions", False): _list_roles,
    ("GET", "roledefinitions", True): _get_role,
    ("GET", "roleassignments", False): _list_assignments,
    ("GET", "roleassignments", True): _get_assignment,
    ("PUT", "roleassignments", True): _put_assignment,
    ("DELETE", "roleassignments", True): _delete_assignment,
    ("GET", "denyassignments", False): denials.list_denials,
    ("GET", "locks", False): locks.list_locks,
    ("GET", "locks", True): locks.get_lock,
    ("PUT", "locks", True): locks.put_lock,
    ("DELETE", "locks", True): locks.delete_lock,
}
