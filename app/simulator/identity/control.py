"""Practice controls over sign-ins: take them back, ask for fresh tokens, put the identity service's clock ahead."""

from __future__ import annotations

from app.simulator.identity.directory import directory_of, keep, now, user_named
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response
from app.simulator.router import Call, Route
from app.simulator.wire import Json


def _state(call: Call) -> Json:
    directory = directory_of(call.world)
    return {
        "tenant": directory.home,
        "aheadSeconds": directory.ahead_s,
        "users": [user.name for user in directory.data.users],
        "applications": [{"id": each.id, "name": each.name} for each in directory.data.applications],
    }


def get_identities(call: Call) -> Response:
    return json_response(200, _state(call))


def put_clock(call: Call) -> Response:
    """Let so many seconds pass for tokens, codes and secrets."""
    seconds = call.json().get("aheadSeconds")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
        raise arm_error(400, "InvalidTime", "aheadSeconds must be a number, 0 or more.")
    directory = directory_of(call.world)
    directory.ahead_s = float(seconds)
    keep(call.world, directory)
    return json_response(200, _state(call))


def revoke(call: Call) -> Response:
    """Take back everything that somebody signed in to until now, as an administrator can."""
    return _mark(call, is_revoked=True)


def challenge(call: Call) -> Response:
    """Ask for a fresh token of somebody, as after a change of their rights or place."""
    return _mark(call, is_revoked=False)


def _mark(call: Call, *, is_revoked: bool) -> Response:
    directory = directory_of(call.world)
    who = call.params["who"]
    user = user_named(call, who, None)
    application = next((each for each in directory.data.applications if each.id.lower() == who.lower()), None)
    if user is None and application is None:
        raise arm_error(404, "IdentityNotFound", f"Nobody is known as '{who}'.")
    principal = user.id if user is not None else application.principal if application is not None else ""
    (directory.revoked if is_revoked else directory.challenged)[principal] = now(call.world)
    keep(call.world, directory)
    return json_response(200, _state(call))


ROUTES = (
    Route("GET", "/simulator/identities", get_identities),
    Route("PUT", "/simulator/identities/clock", put_clock),
    Route("POST", "/simulator/identities/{who}/revoke", revoke),
    Route("POST", "/simulator/identities/{who}/challenge", challenge),
)
