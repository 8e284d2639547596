"""What a person does in a browser: agrees or declines, for a program that waits on this computer or shows a code."""

from __future__ import annotations

import secrets
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from app.simulator.identity import pages, tokens
from app.simulator.identity.data import ApplicationData, TenantData, UserData
from app.simulator.identity.directory import application_named, now, tenant_named, user_named, users_of
from app.simulator.identity.grants import form_of
from app.simulator.identity.records import Grant
from app.simulator.identity.refusals import KINDS, body_of, refused
from app.simulator.messages import Response
from app.simulator.replies import Refusal, json_response
from app.simulator.router import Call

CODE_S = 600
DEVICE_CODE_S = 900
_POLL_S = 5
_USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_USER_CODE_LENGTH = 9


# Device codes


def begin_device(call: Call) -> Response:
    """Give a program a code to show, and one to ask with."""
    sent = form_of(call)
    tenant = tenant_named(call, call.segments[0])
    application = application_named(call, sent.get("client_id", ""), tenant)
    if application is None:
        raise refused(call, 700016, sent.get("client_id", ""))
    scope = sent.get("scope", "")
    tokens.audience_of(call, scope)
    user_code = "".join(secrets.choice(_USER_CODE_LETTERS) for _ in range(_USER_CODE_LENGTH))
    moment = now(call.world)
    grant = Grant(
        "device", application.id, call.segments[0], scope, moment + DEVICE_CODE_S, moment, user_code=user_code
    )
    grant.state = "waiting"
    device_code = tokens.hand_out(call.world, grant)
    address = f"{call.base}/common/oauth2/deviceauth"
    body = {
        "user_code": user_code,
        "device_code": device_code,
        "verification_uri": address,
        "expires_in": DEVICE_CODE_S,
        "interval": max(1, round(_POLL_S / max(call.world.clock.speed, 1.0))),
        "message": f"Open {address} in a browser and enter the code {user_code} to sign in.",
    }
    return json_response(200, body)


def show_device(call: Call) -> Response:
    """Ask for the code, then for who signs in."""
    text = call.query.get("code", "")
    if not text:
        return pages.ask_code()
    found = _waiting(call, text)
    if found is None:
        return pages.ask_code("That code is not known, was used already, or has expired. Check it and try again.")
    _, grant, application = found
    tenant = tenant_named(call, grant.tenant)
    return pages.who_are_you(application.name, users_of(call, tenant), "", {"code": text})


def answer_device(call: Call) -> Response:
    sent = form_of(call)
    found = _waiting(call, sent.get("code", ""))
    if found is None:
        return pages.ask_code("That code is not known, was used already, or has expired. Check it and try again.")
    key, grant, _ = found
    if sent.get("answer") != "agree":
        grant.state = "declined"
        call.world.grants.put(key, grant)
        return pages.message("Not signed in", "The program was told that you declined. You can close this window.")
    tenant = tenant_named(call, grant.tenant)
    user = user_named(call, sent.get("user", ""), tenant)
    if user is None or not user.is_enabled:
        return _no_such_user(call, sent.get("user", ""), user)
    home = user.tenant if tenant is None else tenant.id
    grant.state, grant.user, grant.tenant, grant.begun = "agreed", user.id, home, now(call.world)
    call.world.grants.put(key, grant)
    return pages.message("Signed in", "Go back to the program. You can close this window.")


def _waiting(call: Call, text: str) -> tuple[str, Grant, ApplicationData] | None:
    wanted = text.strip().upper()
    for key in call.world.grants.keys(""):
        grant = call.world.grants[key]
        is_it = grant.kind == "device" and secrets.compare_digest(grant.user_code.encode(), wanted.encode())
        if not is_it or grant.state != "waiting" or grant.expires <= now(call.world):
            continue
        application = application_named(call, grant.client, None)
        return None if application is None else (key, grant, application)
    return None


# Authorization codes


def show_authorize(call: Call) -> Response:
    """Ask in the browser whether the program may act for the person."""
    tenant, application = _asked(call)
    return pages.who_are_you(application.name, users_of(call, tenant), call.query.get("login_hint", ""), {})


def answer_authorize(call: Call) -> Response:
    """Tell the program that waits what the person said."""
    tenant, application = _asked(call)
    sent = form_of(call)
    if sent.get("answer") != "agree":
        told = body_of(call, 65004)
        return _redirected(call, {"error": told["error"], "error_description": told["error_description"]})
    user = user_named(call, sent.get("user", ""), tenant)
    if user is None or not user.is_enabled:
        return _no_such_user(call, sent.get("user", ""), user)
    moment = now(call.world)
    grant = Grant(
        "code",
        application.id,
        user.tenant if tenant is None else tenant.id,
        call.query.get("scope", ""),
        moment + CODE_S,
        moment,
        user=user.id,
        redirect=call.query["redirect_uri"],
        challenge=call.query.get("code_challenge", ""),
        challenge_method=call.query.get("code_challenge_method", "plain"),
        nonce=call.query.get("nonce", ""),
    )
    return _redirected(call, {"code": tokens.hand_out(call.world, grant)})


def _asked(call: Call) -> tuple[TenantData | None, ApplicationData]:
    """The tenant and the application of an authorization request.

    Raises:
        Refusal: one of them is not known, or what follows would not lead back to a program on this computer.
    """
    try:
        tenant = tenant_named(call, call.segments[0])
        client = call.query.get("client_id", "")
        application = application_named(call, client, tenant)
        if application is None:
            raise refused(call, 700016, client)
        address = call.query.get("redirect_uri", "")
        if not _is_here(address):
            raise refused(call, 50011, address)
        for name in ("scope", "code_challenge"):
            if not call.query.get(name):
                raise refused(call, 90014, name)
        if call.query.get("response_type") != "code":
            raise refused(call, 90014, "response_type")
        tokens.audience_of(call, call.query["scope"])
    except Refusal as refusal:
        raise Refusal(_shown(refusal)) from None
    return tenant, application


def _is_here(address: str) -> bool:
    """Programs are answered at a loopback address, at any port, as the service allows for installed ones."""
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname is None:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def _shown(refusal: Refusal) -> Response:
    """A refusal for people's eyes: whoever asked is not known, so nothing is sent back to it."""
    import msgspec

    told = msgspec.json.decode(refusal.response.read())
    return pages.message("That cannot be signed in to", str(told.get("error_description", "")), 400)


def _redirected(call: Call, fields: dict[str, str]) -> Response:
    if call.query.get("state"):
        fields["state"] = call.query["state"]
    address = call.query["redirect_uri"]
    if call.query.get("response_mode") == "form_post":
        return pages.pass_on(address, fields)
    separator = "&" if "?" in address else "?"
    return Response(302, {"Location": f"{address}{separator}{urlencode(fields)}"})


def _no_such_user(call: Call, name: str, user: UserData | None) -> Response:
    number = 50034 if user is None else 50057
    return pages.message("Not signed in", f"AADSTS{number}: {KINDS[number].text.format(name)}", 400)
