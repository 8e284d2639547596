"""Refusals in the form of Microsoft's identity service: an OAuth error, a number, and words of our own."""

from __future__ import annotations

import time
from typing import NamedTuple

from app.simulator.replies import Refusal, json_response
from app.simulator.router import Call
from app.simulator.wire import Json, time_text


class Kind(NamedTuple):
    """One number: the OAuth error that it goes with, the status and the text."""

    error: str
    status: int
    text: str


KINDS = {
    50011: Kind("invalid_request", 400, "The redirect address {0} is not one of this application's."),
    50020: Kind("invalid_grant", 400, "The account {0} is not in the tenant {1}."),
    50034: Kind("invalid_grant", 400, "The account {0} does not exist in this tenant."),
    50057: Kind("invalid_grant", 400, "The account {0} is disabled."),
    50059: Kind("invalid_request", 400, "Nothing in the request says which tenant is meant."),
    50076: Kind("invalid_grant", 400, "The tenant {0} asks for one more proof of who you are (multi-factor)."),
    50173: Kind("invalid_grant", 400, "The grant was revoked on {0}. The person has to sign in again."),
    53000: Kind("invalid_grant", 400, "The tenant {0} wants a device that it manages."),
    53003: Kind("invalid_grant", 400, "The tenant {0} has blocked access by a conditional access policy."),
    54005: Kind("invalid_grant", 400, "The authorization code was redeemed already."),
    65004: Kind("access_denied", 400, "The person declined to sign in to the application."),
    70000: Kind("invalid_grant", 400, "What was sent as {0} is none that was handed out here."),
    70003: Kind("unsupported_grant_type", 400, "The grant type '{0}' is not served here."),
    70008: Kind("invalid_grant", 400, "The authorization code has expired."),
    70016: Kind("authorization_pending", 400, "Nobody has entered the code yet."),
    70018: Kind("bad_verification_code", 400, "The device code is none that was handed out here."),
    70019: Kind("expired_token", 400, "The code was not entered in time and has expired."),
    90002: Kind("invalid_request", 400, "There is no tenant '{0}'. Check its id, and that it is the right cloud."),
    90014: Kind("invalid_request", 400, "The request lacks the field '{0}'."),
    500011: Kind("invalid_resource", 400, "The resource '{0}' is not known in this tenant."),
    501481: Kind("invalid_grant", 400, "The code verifier does not fit the challenge sent before."),
    700016: Kind(
        "unauthorized_client",
        400,
        "There is no application '{0}' in this tenant. For the practice vault's own token, any application id does, "
        "and its secret must be the token that the practice vault printed.",
    ),
    700023: Kind("invalid_client", 401, "The client assertion is meant for somebody else."),
    700024: Kind("invalid_client", 401, "The client assertion does not hold at this time; check the clock."),
    700027: Kind("invalid_client", 401, "The client assertion could not be verified: {0}."),
    700082: Kind("invalid_grant", 400, "The refresh token has expired because it was not used for too long."),
    7000215: Kind("invalid_client", 401, "The client secret of application '{0}' is wrong."),
    7000218: Kind("invalid_client", 401, "The application has to prove itself with a secret or an assertion."),
    7000222: Kind("invalid_client", 401, "The client secret of application '{0}' has expired."),
}


def body_of(call: Call, number: int, *words: str, error: str = "") -> Json:
    """The body alone; some flows carry it in a redirect instead of an answer."""
    kind = KINDS[number]
    stamp = time_text(time.time())[:19].replace("T", " ") + "Z"
    correlation = call.headers.get("client-request-id") or call.correlation_id
    described = f"AADSTS{number}: {kind.text.format(*words)}"
    trail = f" Trace ID: {call.correlation_id} Correlation ID: {correlation} Timestamp: {stamp}"
    return {
        "error": error or kind.error,
        "error_description": described + trail,
        "error_codes": [number],
        "timestamp": stamp,
        "trace_id": call.correlation_id,
        "correlation_id": correlation,
        "error_uri": f"{call.base}/error?code={number}",
    }


def refused(call: Call, number: int, *words: str, error: str = "") -> Refusal:
    return Refusal(json_response(KINDS[number].status, body_of(call, number, *words, error=error)))
