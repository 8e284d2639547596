"""Vault settings of Site Recovery, and the networks of a site, of which a Hyper-V site has none.

The settings tell how VMware machines are replicated and which migration project a vault serves; a vault of Hyper-V
sites merely keeps them. Known by specification and examples alone.
"""

from __future__ import annotations

from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response, list_response, missing
from app.simulator.router import FABRIC, VAULT, Call, Route
from app.simulator.wire import Json

_DEFAULT = "default"
_NAMES = ("migrationSolutionId", "vmwareToAzureProviderType")
_PROVIDER_TYPES = ("Vmware", "VmwareCbt", "InMage", "InMageRcm")
_SETTINGS = f"{VAULT}/replicationVaultSettings"
_NETWORK = f"{FABRIC}/replicationNetworks/{{network}}"


def _body(vault: str, kept: Json) -> Json:
    return {
        "name": _DEFAULT,
        "type": "Microsoft.RecoveryServices/vaults/replicationVaultSettings",
        "id": f"{vault}/replicationVaultSettings/{_DEFAULT}",
        "properties": {name: kept.get(name) for name in _NAMES},
    }


def _kept(call: Call) -> Json:
    vault = call.vault()
    kept: Json = call.world.resources[vault.lower()].extra.get("settings") or {}
    return _body(vault, kept)


def _check_name(call: Call) -> None:
    call.vault()
    if call.params["setting"].lower() != _DEFAULT:
        raise missing(call, call.params["setting"])


def list_settings(call: Call) -> Response:
    return list_response([_kept(call)])


def get_settings(call: Call) -> Response:
    _check_name(call)
    return json_response(200, _kept(call))


def put_settings(call: Call) -> Response:
    """Kept and answered at once."""
    _check_name(call)
    given = call.properties()
    provider_type = given.get("vmwareToAzureProviderType")
    if provider_type is not None and provider_type not in _PROVIDER_TYPES:
        raise bad_request(
            call,
            "InvalidParameter",
            f"There is no way of replicating VMware machines named '{provider_type}'.",
            f"Send one of {', '.join(_PROVIDER_TYPES)}.",
        )
    vault = call.world.resources[call.vault().lower()]
    vault.extra["settings"] = {name: given.get(name) for name in _NAMES}
    call.world.resources.put(vault.id.lower(), vault)
    return json_response(200, _kept(call))


def no_network(call: Call) -> Response:
    """Networks are VMM's; whatever is named below a Hyper-V site is not there."""
    call.fabric()
    raise missing(call, call.params["network"])


ROUTES = (
    Route("GET", _SETTINGS, list_settings),
    Route("GET", f"{_SETTINGS}/{{setting}}", get_settings),
    Route("PUT", f"{_SETTINGS}/{{setting}}", put_settings),
    Route("GET", _NETWORK, no_network),
    Route("GET", f"{_NETWORK}/replicationNetworkMappings", no_network),
    *(
        Route(method, f"{_NETWORK}/replicationNetworkMappings/{{mapping}}", no_network)
        for method in ("GET", "PUT", "PATCH", "DELETE")
    ),
)
