"""Resource providers of a subscription: which are registered, and what a write to one that is not is told."""

from __future__ import annotations

from app.simulator.azure_facts import azure_facts
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response, plain_list
from app.simulator.router import Call, Route
from app.simulator.wire import Json, between
from app.simulator.world import World

_SUBSCRIPTION = "/subscriptions/{subscription}"
_PROVIDER = f"{_SUBSCRIPTION}/providers/{{namespace}}"
_FIRST_PARTY = ("Microsoft.Resources", "Microsoft.Authorization")
"""Registered for good in every subscription."""

_TYPES = {
    "Microsoft.RecoveryServices": {"vaults": ["2024-04-01", "2023-02-01"], "locations": ["2024-04-01"]},
    "Microsoft.Storage": {"storageAccounts": ["2024-01-01", "2023-05-01"], "checkNameAvailability": ["2024-01-01"]},
    "Microsoft.Network": {"virtualNetworks": ["2024-05-01"], "networkInterfaces": ["2024-05-01"]},
    "Microsoft.Compute": {
        "virtualMachines": ["2024-07-01"],
        "disks": ["2024-03-02"],
        "locations/vmSizes": ["2024-07-01"],
    },
    "Microsoft.Authorization": {"roleAssignments": ["2022-04-01"], "permissions": ["2022-04-01"]},
}


def _state(world: World, subscription: str, namespace: str, now: float) -> str:
    registry = world.registry(subscription)
    if namespace in registry.unregistered:
        return "NotRegistered"
    return "Registering" if now < registry.registering.get(namespace, 0.0) else "Registered"


def _body(call: Call, namespace: str) -> Json:
    places = [location.display for location in azure_facts().locations]
    return {
        "id": f"/subscriptions/{call.params['subscription']}/providers/{namespace}",
        "namespace": namespace,
        "registrationPolicy": "RegistrationFree" if namespace in _FIRST_PARTY else "RegistrationRequired",
        "registrationState": _state(call.world, call.params["subscription"], namespace, call.now),
        "resourceTypes": [
            {"resourceType": name, "locations": places, "apiVersions": versions, "capabilities": "None"}
            for name, versions in _TYPES.get(namespace, {}).items()
        ],
    }


def _namespace(call: Call) -> str:
    call.check_subscription()
    wanted = call.params["namespace"].lower()
    for namespace in azure_facts().providers:
        if namespace.lower() == wanted:
            return namespace
    raise arm_error(404, "InvalidResourceNamespace", f"No resource provider is named '{call.params['namespace']}'.")


def list_providers(call: Call) -> Response:
    call.check_subscription()
    return plain_list(_body(call, namespace) for namespace in azure_facts().providers)


def get_provider(call: Call) -> Response:
    return json_response(200, _body(call, _namespace(call)))


def register(call: Call) -> Response:
    """Answered at once; it takes a while until the provider is registered."""
    namespace, world = _namespace(call), call.world
    registry = world.registry(call.params["subscription"])
    if namespace in registry.unregistered:
        registry.unregistered = [other for other in registry.unregistered if other != namespace]
        registry.registering[namespace] = call.now + between(20, 90, world.settings.seed, namespace, call.now)
        world.keep_registry(registry)
    return json_response(200, _body(call, namespace))


def unregister(call: Call) -> Response:
    namespace, world = _namespace(call), call.world
    found = world.resources.records(call.under_subscription())
    in_use = any(resource.type.lower().startswith(f"{namespace.lower()}/") for resource in found)
    if namespace in _FIRST_PARTY or in_use:
        message = f"The provider {namespace} cannot be unregistered while the subscription uses it."
        raise arm_error(409, "CannotUnregisterProvider", message)
    registry = world.registry(call.params["subscription"])
    registry.unregistered = sorted({*registry.unregistered, namespace})
    world.keep_registry(registry)
    return json_response(200, _body(call, namespace))


def check_registration(call: Call) -> None:
    """
    Raises:
        Refusal: the call makes something of a provider that is not registered.
    """
    segments = [segment.lower() for segment in call.segments]
    if call.method != "PUT" or "providers" not in segments[:-1]:
        return
    unregistered = {namespace.lower(): namespace for namespace in call.world.registry(segments[1]).unregistered}
    namespace = unregistered.get(segments[segments.index("providers") + 1])
    if namespace is not None:
        message = f"The subscription is not registered to use the namespace '{namespace}'."
        raise arm_error(409, "MissingSubscriptionRegistration", message)


ROUTES = (
    Route("GET", f"{_SUBSCRIPTION}/providers", list_providers),
    Route("GET", _PROVIDER, get_provider),
    Route("POST", f"{_PROVIDER}/register", register),
    Route("POST", f"{_PROVIDER}/unregister", unregister),
)
