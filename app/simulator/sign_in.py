"""The door to the identity service: everything that a client may ask before it has a token."""

from __future__ import annotations

from collections.abc import Callable

from app.simulator.identity import metadata, people
from app.simulator.identity.grants import answer_token
from app.simulator.messages import Response
from app.simulator.router import Call

_BY_PATH: dict[tuple[str, str], Callable[[Call], Response]] = {
    ("GET", "v2.0/.well-known/openid-configuration"): metadata.configuration,
    ("GET", ".well-known/openid-configuration"): metadata.configuration,
    ("GET", "discovery/v2.0/keys"): metadata.keys,
    ("GET", "discovery/instance"): metadata.instances,
    ("POST", "oauth2/v2.0/devicecode"): people.begin_device,
    ("GET", "oauth2/deviceauth"): people.show_device,
    ("POST", "oauth2/deviceauth"): people.answer_device,
    ("GET", "oauth2/v2.0/authorize"): people.show_authorize,
    ("POST", "oauth2/v2.0/authorize"): people.answer_authorize,
}
"""Who answers, by method and by the path below a tenant."""

_TOKEN = ("POST", "oauth2/v2.0/token")


_ENDPOINTS = ("GET", "endpoints")


def is_sign_in(call: Call) -> bool:
    asked = _asked(call)
    return asked in _BY_PATH or asked == _TOKEN or (asked == _ENDPOINTS and call.segments[0].lower() == "metadata")


def answer_unsigned(call: Call, token: str, any_token: str) -> Response:
    """The answer to what needs no token.

    Args:
        token: the vault's own; `any_token` stands for every one.

    Raises:
        Refusal: the identity service says no.
    """
    asked = _asked(call)
    if asked == _ENDPOINTS:
        return metadata.endpoints(call)
    if asked == _TOKEN:
        return answer_token(call, token, any_token)
    return _BY_PATH[asked](call)


def _asked(call: Call) -> tuple[str, str]:
    return call.method, "/".join(segment.lower() for segment in call.segments[1:])
