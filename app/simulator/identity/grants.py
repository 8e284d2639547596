"""The token endpoint: secrets, assertions, device codes, authorization codes and refresh tokens become tokens.

Follows the OAuth 2.0 pages of the Microsoft identity platform. Left out: on-behalf-of, passwords, brokers, refresh
tokens shared between applications of one family.
"""

from __future__ import annotations

import hashlib
from hmac import compare_digest
from urllib.parse import parse_qs

from msgspec.structs import replace

from app.simulator.identity import assertions, tokens
from app.simulator.identity.data import ApplicationData, TenantData, UserData
from app.simulator.identity.directory import application_named, directory_of, now, tenant_named, user_named
from app.simulator.identity.records import Grant
from app.simulator.identity.refusals import refused
from app.simulator.messages import Response
from app.simulator.replies import json_response
from app.simulator.router import Call
from app.simulator.wire import Json, time_text

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_ASKED_FOR = {"mfa": 50076, "device": 53000, "blocked": 53003}
LIFETIME_S = tokens.ACCESS_S


def form_of(call: Call) -> dict[str, str]:
    """The fields of the form in the body."""
    text = call.request.body.decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}


def answer_token(call: Call, token: str, any_token: str) -> Response:
    """Answer the token endpoint.

    Args:
        token: the vault's own bearer token. As a client secret it is handed out again, whatever the application, for
            tools that insist on signing in; `any_token` stands for every one.

    Raises:
        Refusal: what was sent is worth no token.
    """
    sent = form_of(call)
    tenant = tenant_named(call, call.segments[0])
    kind, client = sent.get("grant_type", ""), sent.get("client_id", "")
    secret = sent.get("client_secret", "")
    application = application_named(call, client, tenant)
    is_own_token = bool(secret) and (compare_digest(token.encode(), secret.encode()) or token == any_token)
    if kind == "client_credentials" and is_own_token and (application is None or token == secret):
        body = {"token_type": "Bearer", "expires_in": LIFETIME_S, "ext_expires_in": LIFETIME_S, "access_token": secret}
        return json_response(200, body)
    if not client:
        raise refused(call, 90014, "client_id")
    if application is None:
        raise refused(call, 700016, client)
    if kind == "client_credentials":
        return _client_credentials(call, sent, application, tenant)
    redeemed = _REDEEMED_BY.get(kind)
    if redeemed is None:
        raise refused(call, 70003, kind)
    if not application.public:
        _prove(call, sent, application)
    return json_response(200, redeemed(call, sent, application))


def _client_credentials(
    call: Call, sent: dict[str, str], application: ApplicationData, tenant: TenantData | None
) -> Response:
    _prove(call, sent, application)
    if tenant is None:
        raise refused(call, 50059)
    claims = tokens.claims_of(sent.get("claims", ""))
    return json_response(200, tokens.for_application(call, application, tenant.id, sent.get("scope", ""), claims))


def _prove(call: Call, sent: dict[str, str], application: ApplicationData) -> None:
    """
    Raises:
        Refusal: neither a secret nor an assertion shows that this is the application.
    """
    if sent.get("client_assertion") and sent.get("client_assertion_type") == assertions.KIND:
        assertions.check(call, application, sent["client_assertion"])
        return
    secret = sent.get("client_secret")
    if not secret:
        raise refused(call, 7000218)
    for held in application.secrets:
        if compare_digest(held.text.encode(), secret.encode()):
            if held.expires is not None and held.expires.timestamp() <= now(call.world):
                raise refused(call, 7000222, application.id)
            return
    raise refused(call, 7000215, application.id)


# What a person has agreed to


def _from_device(call: Call, sent: dict[str, str], application: ApplicationData) -> Json:
    text = sent.get("device_code", "")
    grant = tokens.redeem(call.world, text, "device")
    if grant is None or grant.client != application.id:
        raise refused(call, 70018)
    if grant.expires <= now(call.world):
        raise refused(call, 70019)
    if grant.state == "declined":
        raise refused(call, 65004, error="authorization_declined")
    if grant.state != "agreed":
        raise refused(call, 70016)
    user = _user(call, grant)
    tokens.forget(call.world, text)
    return tokens.for_user(call, user, grant, grant.scope, tokens.claims_of(sent.get("claims", "")))


def _from_code(call: Call, sent: dict[str, str], application: ApplicationData) -> Json:
    text = sent.get("code", "")
    grant = tokens.redeem(call.world, text, "code")
    if grant is None or grant.client != application.id:
        raise refused(call, 70000, "code")
    if grant.state == "used":
        raise refused(call, 54005)
    grant.state = "used"  # whatever comes of it: a code is good for one attempt
    tokens.keep_grant(call.world, text, grant)
    if grant.expires <= now(call.world):
        raise refused(call, 70008)
    if sent.get("redirect_uri", "") != grant.redirect:
        raise refused(call, 50011, sent.get("redirect_uri", ""))
    if not _fits(grant, sent.get("code_verifier", "")):
        raise refused(call, 501481)
    return tokens.for_user(
        call, _user(call, grant), grant, sent.get("scope") or grant.scope, tokens.claims_of(sent.get("claims", ""))
    )


def _fits(grant: Grant, verifier: str) -> bool:
    """Proof Key for Code Exchange: whoever redeems the code is who asked for it."""
    from app.simulator.identity import jwt

    if grant.challenge_method == "S256":
        verifier = jwt.b64(hashlib.sha256(verifier.encode()).digest())
    return bool(grant.challenge) and compare_digest(grant.challenge.encode(), verifier.encode())


def _from_refresh(call: Call, sent: dict[str, str], application: ApplicationData) -> Json:
    grant = tokens.redeem(call.world, sent.get("refresh_token", ""), "refresh")
    if grant is None or grant.client != application.id:
        raise refused(call, 70000, "refresh_token")
    if grant.expires <= now(call.world):
        raise refused(call, 700082)
    user = _user(call, grant)
    named = tenant_named(call, call.segments[0])
    if named is not None and named.id != grant.tenant:
        _admit(call, user, named)
        grant = replace(grant, tenant=named.id)
    scope = sent.get("scope") or grant.scope
    return tokens.for_user(call, user, grant, scope, tokens.claims_of(sent.get("claims", "")))


def _admit(call: Call, user: UserData, tenant: TenantData) -> None:
    """
    Raises:
        Refusal: the tenant does not know the person, or asks for more than a sign-in somewhere else.
    """
    if tenant.id not in (user.tenant, *user.guest_of):
        raise refused(call, 50020, user.name, tenant.name)
    if tenant.asks in _ASKED_FOR:
        raise refused(call, _ASKED_FOR[tenant.asks], tenant.name, error="interaction_required")


def _user(call: Call, grant: Grant) -> UserData:
    """Who agreed, if their word still counts.

    Raises:
        Refusal: it was revoked, or the account is gone or disabled.
    """
    directory = directory_of(call.world)
    if tokens.is_revoked(directory, grant):
        raise refused(call, 50173, time_text(directory.revoked[grant.user]))
    user = user_named(call, grant.user, None)
    if user is None:
        raise refused(call, 50034, grant.user)
    if not user.is_enabled:
        raise refused(call, 50057, user.name)
    return user


_REDEEMED_BY = {
    DEVICE: _from_device,
    "device_code": _from_device,
    "authorization_code": _from_code,
    "refresh_token": _from_refresh,
}
