"""What a client asks before it has a token: where everything is, and which keys sign tokens."""

from __future__ import annotations

from app.simulator.identity.directory import ANY_TENANT, tenant_named
from app.simulator.identity.tokens import signing_key
from app.simulator.messages import Response
from app.simulator.replies import json_response
from app.simulator.router import PRACTICE_DOMAIN, Call
from app.simulator.wire import Json


def endpoints(call: Call) -> Response:
    """A list of clouds in old api-versions, this cloud alone since 2022."""
    domain = PRACTICE_DOMAIN.removeprefix(".")
    cloud: Json = {
        "name": "PracticeVault",
        "portal": call.base,
        "authentication": {
            "loginEndpoint": call.base,
            "audiences": [f"{call.base}/", call.base],
            "tenant": call.world.settings.tenant,
            "identityProvider": "AAD",
        },
        "resourceManager": call.base,
        "graph": call.base,
        "graphAudience": f"{call.base}/",
        "microsoftGraphResourceId": f"{call.base}/",
        "gallery": call.base,
        "galleryEndpoint": call.base,
        "graphEndpoint": call.base,
        "suffixes": {
            "storage": domain,
            "keyVaultDns": f"vault.{domain}",
            "sqlServerHostname": f"database.{domain}",
            "acrLoginServer": f"registry.{domain}",
        },
    }
    return json_response(200, cloud if call.version >= "2022" else [cloud])


def configuration(call: Call) -> Response:
    """OpenID metadata of a tenant, or of all of them together.

    Raises:
        Refusal: there is no such tenant.
    """
    tenant = tenant_named(call, call.segments[0])
    name = tenant.id if tenant is not None else call.segments[0].lower()
    authority = f"{call.base}/{name}"
    body: Json = {
        "issuer": f"{call.base}/{{tenantid}}/v2.0" if name in ANY_TENANT else f"{authority}/v2.0",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{authority}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_modes_supported": ["query", "form_post"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", "device_code"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver"],
        "tenant_region_scope": None,
        "cloud_instance_name": call.host,
    }
    return json_response(200, body)


def keys(call: Call) -> Response:
    from app.simulator.identity import jwt  # loads OpenSSL

    key, kid = signing_key(call.world)
    modulus, exponent = jwt.public_numbers(key.public_key())
    shown = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "x5t": kid, "n": modulus, "e": exponent}
    return json_response(200, {"keys": [shown]})


def instances(call: Call) -> Response:
    """Which hosts are the same identity service: this one, under the name it was asked by."""
    host = call.host
    tenant = call.world.settings.tenant
    body: Json = {
        "tenant_discovery_endpoint": f"{call.base}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }
    return json_response(200, body)
