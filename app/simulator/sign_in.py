"""What a client asks before it has a token: where everything is, and a token.

Only so that tools which insist on signing in, such as the Azure CLI, can be used with a served practice vault. It is no
identity service: the client secret must be the vault's own bearer token, and that very token is handed out for it.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from app.simulator.messages import Response
from app.simulator.replies import json_response
from app.simulator.router import PRACTICE_DOMAIN, Call
from app.simulator.wire import Json

LIFETIME_S = 3600
_METADATA = ["metadata", "endpoints"]
_CONFIGURATION = ["v2.0", ".well-known", "openid-configuration"]
_TOKEN = ["oauth2", "v2.0", "token"]


def answer_unsigned(call: Call, token: str, any_token: str) -> Response | None:
    """The answer to what needs no token; None when the call is something else.

    Args:
        token: the vault's own; `any_token` stands for every one.
    """
    path = [segment.lower() for segment in call.segments]
    if call.method == "GET" and path == _METADATA:
        return json_response(200, _endpoints(call))
    if call.method == "GET" and path[1:] == _CONFIGURATION:
        return json_response(200, _configuration(call))
    if call.method == "POST" and path[1:] == _TOKEN:
        return _token(call, token, any_token)
    return None


def _endpoints(call: Call) -> Json | list[Json]:
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
    return cloud if call.version >= "2022" else [cloud]


def _configuration(call: Call) -> Json:
    authority = f"{call.base}/{call.segments[0]}"
    return {
        "issuer": f"{authority}/v2.0",
        "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
        "token_endpoint": f"{authority}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": [".default"],
        "tenant_region_scope": None,
    }


def _token(call: Call, token: str, any_token: str) -> Response:
    sent = {name: values[0] for name, values in parse_qs(call.request.body.decode("utf-8", "replace")).items()}
    if sent.get("grant_type") != "client_credentials":
        return _refused("unsupported_grant_type", "Only client_credentials can be used with a practice vault.")
    secret = sent.get("client_secret", "")
    if not secret or token not in (any_token, secret):
        return _refused("invalid_client", "The client secret must be the token that the practice vault printed.")
    body = {"token_type": "Bearer", "expires_in": LIFETIME_S, "ext_expires_in": LIFETIME_S, "access_token": secret}
    return json_response(200, body)


def _refused(code: str, text: str) -> Response:
    return json_response(401 if code == "invalid_client" else 400, {"error": code, "error_description": text})
