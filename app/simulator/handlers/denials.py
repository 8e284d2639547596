"""Deny assignments, at any scope. Follows Deny Assignments of the Authorization REST reference.

Nobody can make one by hand in Azure: they come with managed applications and deployment stacks. Here the practice
controls make them.
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response, plain_list
from app.simulator.rights import covers, denials_at
from app.simulator.router import Call, Route
from app.simulator.wire import Json, guid

_EVERYBODY = "00000000-0000-0000-0000-000000000000"


def _body(denial: rec.DenyAssignment) -> Json:
    everybody = [{"id": _EVERYBODY, "type": "SystemDefined"}]
    return {
        "properties": {
            "denyAssignmentName": denial.title,
            "description": "",
            "permissions": [
                {
                    "actions": denial.actions,
                    "notActions": denial.not_actions,
                    "dataActions": [],
                    "notDataActions": [],
                }
            ],
            "scope": denial.scope,
            "doNotApplyToChildScopes": False,
            "principals": [{"id": each, "type": "User"} for each in denial.principals] or everybody,
            "excludePrincipals": [{"id": each, "type": "User"} for each in denial.excluded],
            "isSystemProtected": True,
        },
        "id": denial.id,
        "type": "Microsoft.Authorization/denyAssignments",
        "name": denial.name,
    }


def list_denials(call: Call, scope: str, name: str) -> Response:
    """Those at the scope and above it, and below it too unless `atScope()` is asked for."""
    found = denials_at(call.world, scope)
    if call.query.get("$filter", "").strip().lower() != "atscope()":
        found += [each for each in call.world.denials.records() if covers(scope, each.scope) and each not in found]
    return plain_list(_body(denial) for denial in found)


# Practice controls


def put_denial(call: Call) -> Response:
    """Withhold actions at a scope from everybody, or from the principals named, less those excluded."""
    body, title = call.json(), call.params["denial"]
    scope, actions = str(body.get("scope") or "").rstrip("/"), body.get("actions")
    if not call.world.knows_subscription((*scope.split("/"), "", "", "")[2]) or not isinstance(actions, list):
        raise arm_error(400, "InvalidDenial", "scope must be in the subscription, and actions a list.")
    name = guid(call.world.settings.seed, scope, title)
    made = rec.DenyAssignment(
        id=f"{scope}/providers/Microsoft.Authorization/denyAssignments/{name}",
        name=name,
        scope=scope,
        title=title,
        actions=[str(action) for action in actions],
        not_actions=[str(action) for action in body.get("notActions") or ()],
        principals=[str(each).lower() for each in body.get("principals") or ()],
        excluded=[str(each).lower() for each in body.get("excludePrincipals") or ()],
    )
    call.world.denials.put(title.lower(), made)
    return json_response(200, _body(made))


def delete_denial(call: Call) -> Response:
    call.world.denials.remove(call.params["denial"].lower())
    return Response(204)


ROUTES = (
    Route("PUT", "/simulator/denials/{denial}", put_denial),
    Route("DELETE", "/simulator/denials/{denial}", delete_denial),
)
