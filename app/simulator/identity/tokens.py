"""What is handed out: access tokens, ID tokens and refresh tokens; and which resources they can be for."""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from app.simulator.identity.data import ApplicationData, UserData
from app.simulator.identity.directory import directory_of, keep, now
from app.simulator.identity.records import Directory, Grant
from app.simulator.identity.refusals import refused
from app.simulator.router import Call
from app.simulator.wire import Json
from app.simulator.world import World

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

ACCESS_S = 3600
LONG_ACCESS_S = 24 * 3600
"""A client that listens to challenges gets tokens that last, because they can be taken back."""
REFRESH_S = 90 * 24 * 3600
_REMEMBERED_S = 7 * 24 * 3600
"""How long a grant that has run out is still told apart from one that never was."""
CAPABLE = "CP1"
"""What a client says of itself that listens to challenges."""

_ARM = frozenset({"management.azure.com", "management.core.windows.net"})
_STORAGE = "storage.azure.com"
_OTHERS = frozenset({"graph.microsoft.com", "vault.azure.net"})
_SIGN_IN_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})


def signing_key(world: World) -> tuple[RSAPrivateKey, str]:
    """The key of this directory, drawn when it is first needed, and its id."""
    from app.simulator.identity import jwt  # loads OpenSSL

    directory = directory_of(world)
    if not directory.key:
        directory.key = jwt.new_key()
        keep(world, directory)
    return _opened(directory.key)


@lru_cache(maxsize=4)
def _opened(pem: str) -> tuple[RSAPrivateKey, str]:
    from app.simulator.identity import jwt

    key = jwt.key_of(pem)
    return key, jwt.key_id(key.public_key())


# Resources


def audience_of(call: Call, scope: str) -> str:
    """The resource that the scopes are about, as the token will name it; empty when they are about signing in alone.

    Raises:
        Refusal: nobody knows such a resource.
    """
    wanted = [word for word in scope.split() if word not in _SIGN_IN_SCOPES]
    if not wanted:
        return ""
    resource = wanted[0].rpartition("/")[0] if "://" in wanted[0] else ""
    if not resource or not (is_arm(call, resource) or is_storage(resource) or urlsplit(resource).netloc in _OTHERS):
        raise refused(call, 500011, resource or wanted[0])
    return resource


def is_arm(call: Call, audience: str) -> bool:
    return urlsplit(audience).netloc in (*_ARM, call.host)


def is_storage(audience: str) -> bool:
    host = urlsplit(audience).netloc
    return host == _STORAGE or host.partition(".")[2].startswith("blob.")


# Tokens


def is_capable(claims: Json) -> bool:
    wanted = (claims.get("access_token") or {}).get("xms_cc") or {}
    return CAPABLE in (wanted.get("values") or ())


def claims_of(text: str) -> Json:
    """The claims that a client asks for; what cannot be read asks for nothing."""
    try:
        found: Any = msgspec.json.decode(text or "{}")
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def for_application(call: Call, application: ApplicationData, tenant: str, scope: str, claims: Json) -> Json:
    who = {"appid": application.id, "oid": application.principal, "sub": application.principal, "idtyp": "app"}
    return _answer(call, who, tenant, audience_of(call, scope), claims)


def for_user(call: Call, user: UserData, grant: Grant, scope: str, claims: Json) -> Json:
    """Everything that a person's grant is worth: the access token and, where asked for, the others."""
    from app.simulator.identity import jwt

    who = {
        "appid": grant.client,
        "oid": user.id,
        "sub": user.id,
        "idtyp": "user",
        "scp": "user_impersonation",
        "upn": user.name,
        "unique_name": user.name,
        "name": user.display or user.name,
    }
    body = _answer(call, who, grant.tenant, audience_of(call, scope) or call.base, claims)
    moment = int(now(call.world))
    words = grant.scope.split()
    body["scope"] = scope
    body["client_info"] = jwt.b64(msgspec.json.encode({"uid": user.id, "utid": user.tenant}))
    if "openid" in words:
        key, kid = signing_key(call.world)
        told = {
            "aud": grant.client,
            "iss": f"{call.base}/{grant.tenant}/v2.0",
            "iat": moment,
            "nbf": moment,
            "exp": moment + ACCESS_S,
            "sub": user.id,
            "oid": user.id,
            "tid": grant.tenant,
            "preferred_username": user.name,
            "name": user.display or user.name,
            "ver": "2.0",
        }
        body["id_token"] = jwt.sign(told | ({"nonce": grant.nonce} if grant.nonce else {}), key, kid)
    if "offline_access" in words:
        again = Grant("refresh", grant.client, grant.tenant, grant.scope, moment + REFRESH_S, grant.begun, user.id)
        body["refresh_token"] = hand_out(call.world, again)
    return body


def _answer(call: Call, who: Json, tenant: str, audience: str, claims: Json) -> Json:
    from app.simulator.identity import jwt

    key, kid = signing_key(call.world)
    exact, capable = now(call.world), is_capable(claims)
    lasts = LONG_ACCESS_S if capable else ACCESS_S
    told = who | {
        "aud": audience,
        "iss": f"{call.base}/{tenant}/v2.0",
        "iat": int(exact),
        "nbf": int(exact),
        "exp": int(exact) + lasts,
        "tid": tenant,
        "uti": secrets.token_urlsafe(9),
        "ver": "1.0",
        "practice_made": exact,
    }
    body: Json = {"token_type": "Bearer", "expires_in": lasts, "ext_expires_in": lasts}
    if capable:
        told["xms_cc"] = [CAPABLE]
        body["refresh_in"] = lasts // 2
    return body | {"access_token": jwt.sign(told, key, kid)}


# Grants: kept by a digest, so that nobody who reads a state file can use one


def hand_out(world: World, grant: Grant) -> str:
    for key in world.grants.keys(""):
        if world.grants[key].expires < grant.begun - _REMEMBERED_S:
            world.grants.remove(key)
    text = secrets.token_urlsafe(48)
    world.grants.put(_digest(text), grant)
    return text


def redeem(world: World, text: str, kind: str) -> Grant | None:
    grant = world.grants.get(_digest(text))
    return grant if grant is not None and grant.kind == kind else None


def keep_grant(world: World, text: str, grant: Grant) -> None:
    world.grants.put(_digest(text), grant)


def forget(world: World, text: str) -> None:
    world.grants.remove(_digest(text))


def is_revoked(directory: Directory, grant: Grant) -> bool:
    return grant.begun < directory.revoked.get(grant.user, 0.0)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
