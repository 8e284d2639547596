"""Bearer tokens that were signed here: whether they still count, and for whom they speak."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import msgspec

from app.simulator.identity import tokens
from app.simulator.identity.directory import directory_of, now
from app.simulator.replies import Refusal, arm_error
from app.simulator.router import Call
from app.simulator.wire import Json
from app.simulator.world import World

_REMEMBERED = 64
_NOT_OURS: Json = {}


class BearerTokens:
    """Reads tokens; the signature of each is checked once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._claims: dict[str, Json] = {}

    def let_in(self, call: Call) -> bool:
        """Whether the call's token was made here for ARM; then the call is its owner's from here on.

        Raises:
            Refusal: it was made here and does not count.
        """
        return self._take(call, lambda audience: tokens.is_arm(call, audience))

    def let_in_to_storage(self, call: Call) -> bool | None:
        """The same for the blob service, which says no with a code of its own; None when the token is not from here."""
        try:
            return self._take(call, tokens.is_storage) or None
        except Refusal:
            return False

    def _take(self, call: Call, is_meant: Callable[[str], bool]) -> bool:
        scheme, _, token = call.headers.get("authorization").partition(" ")
        if scheme.lower() != "bearer" or token.count(".") != 2 or not directory_of(self._world).key:
            return False
        claims = self._read(token)
        if claims is _NOT_OURS:
            return False
        self._check(call, claims, is_meant)
        call.principal = str(claims["oid"])
        call.principal_name = str(claims.get("upn") or claims["appid"])
        call.tenant = str(claims["tid"])
        return True

    def _read(self, token: str) -> Json:
        """The claims of a token with our key's name on it; `_NOT_OURS` of any other. A forged one has none."""
        known = self._claims.get(token)
        if known is not None:
            return known
        from app.simulator.identity import jwt

        key, kid = tokens.signing_key(self._world)
        read = jwt.read(token)
        if read is None or read[0].get("kid") != kid:
            return _NOT_OURS
        claims = read[1] if jwt.is_signed_by(token, key.public_key(), "RS256") else {"forged": True}
        if len(self._claims) >= _REMEMBERED:
            self._claims.clear()
        self._claims[token] = claims
        return claims

    def _check(self, call: Call, claims: Json, is_meant: Callable[[str], bool]) -> None:
        if "forged" in claims:
            raise _refused(call, "InvalidAuthenticationToken", "The access token's signature is not valid.")
        directory, moment = directory_of(self._world), now(self._world)
        if claims["exp"] <= moment:
            raise _refused(call, "ExpiredAuthenticationToken", "The access token has expired.")
        if not is_meant(claims["aud"]):
            text = f"The access token is meant for '{claims['aud']}', which is something else."
            raise _refused(call, "InvalidAuthenticationTokenAudience", text)
        trusted = _trusted(call)
        if trusted and claims["tid"] != trusted:
            text = f"The access token is of tenant {claims['tid']}; the subscription trusts {trusted}."
            raise _refused(call, "InvalidAuthenticationTokenTenant", text)
        made, who = claims["practice_made"], claims["oid"]
        since = max(directory.revoked.get(who, 0.0), directory.challenged.get(who, 0.0))
        if made >= since:
            return
        if "xms_cc" in claims:
            raise _challenged(call, since)
        if made < directory.revoked.get(who, 0.0):
            raise _refused(call, "InvalidAuthenticationToken", "The access token was revoked.")


def _trusted(call: Call) -> str:
    """The tenant that the subscription of the path trusts; empty where the path names none."""
    segments = call.segments
    is_of_one = len(segments) > 1 and segments[0].lower() == "subscriptions"
    return call.world.tenant_of(segments[1]) if is_of_one else ""


def _authority(call: Call) -> str:
    return f"{call.base}/{call.world.settings.tenant}/oauth2/v2.0/authorize"


def _refused(call: Call, code: str, text: str) -> Refusal:
    challenge = f'Bearer authorization_uri="{_authority(call)}", error="invalid_token", error_description="{text}"'
    return arm_error(401, code, text, {"WWW-Authenticate": challenge})


def _challenged(call: Call, since: float) -> Refusal:
    """Ask for a token made since then; a client that listens fetches one and comes again."""
    wanted = {"access_token": {"nbf": {"essential": True, "value": str(int(since))}}}
    claims = b64encode(msgspec.json.encode(wanted)).decode()
    challenge = (
        f'Bearer realm="", authorization_uri="{_authority(call)}", error="insufficient_claims", claims="{claims}"'
    )
    text = "The access token is no longer enough: something about its owner has changed since it was made."
    return arm_error(401, "TokenIssuedBeforeRevocationTimestamp", text, {"WWW-Authenticate": challenge})
