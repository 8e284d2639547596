"""Hyper-V sites: fabrics, the Providers of their hosts, their containers.

Left out: creating containers (a Hyper-V site comes with its one).
"""

from __future__ import annotations

from collections.abc import Iterable

from app.simulator import jobs
from app.simulator import records as rec
from app.simulator.handlers.vaults import find_vault
from app.simulator.hosts import hosts_of, last_heartbeat, silence_errors, unreachable_error
from app.simulator.messages import Response
from app.simulator.other_scenarios import foreign_fabrics
from app.simulator.replies import bad_request, json_response, list_response, missing
from app.simulator.router import CONTAINER, FABRIC, VAULT, Call, Route
from app.simulator.wire import Json, guid, last_segment, site_recovery_id, time_text, vault_part
from app.simulator.world import World

FABRIC_TYPE = "Microsoft.RecoveryServices/vaults/replicationFabrics"
_RENEWALS = ("Cloud",)


def fabric_body(world: World, fabric: rec.Fabric) -> Json:
    encryption = {"kekState": "None", "kekCertThumbprint": None}
    hosts = hosts_of(world, fabric)
    errors = silence_errors(hosts)
    return {
        "name": last_segment(fabric.id),
        "type": FABRIC_TYPE,
        "id": fabric.id,
        "properties": {
            "friendlyName": fabric.friendly_name,
            "encryptionDetails": encryption,
            "rolloverEncryptionDetails": encryption,
            "internalIdentifier": fabric.internal_id,
            "bcdrState": "Valid",
            "customDetails": {
                "instanceType": "HyperVSite",
                "hyperVHosts": [
                    {"id": host.name.lower(), "name": host.name, "marsAgentVersion": host.agent_version}
                    for host in hosts
                ],
            },
            "healthErrorDetails": errors,
            "health": "Critical" if errors else "Normal",
        },
    }


def container_body(world: World, fabric: rec.Fabric) -> Json:
    is_paired = bool(world.mappings.keys(fabric.container_id.lower() + "/"))
    return {
        "id": fabric.container_id,
        "name": fabric.container_name,
        "type": f"{FABRIC_TYPE}/replicationProtectionContainers",
        "properties": {
            "fabricFriendlyName": fabric.friendly_name,
            "friendlyName": fabric.friendly_name,
            "fabricType": "HyperVSite",
            "protectedItemCount": len(world.items.keys(fabric.container_id.lower() + "/")),
            "pairingStatus": "Paired" if is_paired else "NotPaired",
            "role": "Primary" if is_paired else "",
            "fabricSpecificDetails": None,
        },
    }


def provider_body(world: World, provider: rec.Provider, now: float) -> Json:
    host = world.hosts[provider.host]
    fabric = world.fabrics[provider.fabric]
    return {
        "id": provider.id,
        "type": f"{FABRIC_TYPE}/replicationRecoveryServicesProviders",
        "name": last_segment(provider.id),
        "properties": {
            "fabricType": "HyperVSite",
            "friendlyName": host.name,
            "providerVersion": host.provider_version,
            "serverVersion": host.server_version,
            "providerVersionState": "Latest" if host.provider_version == rec.NEWEST_PROVIDER else "UpdateRequired",
            "fabricFriendlyName": fabric.friendly_name,
            "lastHeartBeat": time_text(last_heartbeat(host, provider.id, now)),
            "connectionStatus": "Connected" if host.silent_since is None else "NotConnected",
            "protectedItemCount": world.items_per_provider[provider.id],
            "allowedScenarios": ["Refresh", "Purge"],
            "healthErrorDetails": silence_errors([host]),
        },
    }


# Fabrics


def list_fabrics(call: Call) -> Response:
    prefix = call.vault().lower() + "/"
    sites = [fabric_body(call.world, fabric) for fabric in call.world.fabrics.records(prefix)]
    return list_response([*sites, *foreign_fabrics(find_vault(call))])


def get_fabric(call: Call) -> Response:
    call.vault()
    wanted = call.params["fabric"].lower()
    foreign = next((each for each in foreign_fabrics(find_vault(call)) if each["name"].lower() == wanted), None)
    return json_response(200, foreign or fabric_body(call.world, call.fabric()))


def put_fabric(call: Call) -> Response:
    vault, name = call.vault(), call.params["fabric"]
    existing = call.world.fabrics.get(f"{vault}/replicationfabrics/{name}".lower())
    fabric_id = existing.id if existing else f"{vault}/replicationFabrics/{name}"
    fabric = existing or new_fabric(call.world, fabric_id)
    job = jobs.start(
        call.world,
        "CreateSite",
        vault=vault,
        subject=fabric_id.lower(),
        target=(fabric.internal_id, fabric.friendly_name),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        affected=jobs.fabric_affected(call.world, fabric),
        intent={"id": fabric_id},
    )
    return jobs.accepted(call, job, fabric_id)


def remove_fabric(call: Call) -> Response:
    fabric = call.fabric()
    error = None
    if hosts_of(call.world, fabric):
        error = rec.JobError(
            "506",
            f"The site {fabric.friendly_name} was not removed.",
            "Hosts are still registered in it.",
            "Remove its hosts first.",
            task=0,
        )
    return _fabric_job(call, "UnregisterFabric", fabric, error=error)


def purge_fabric(call: Call) -> Response:
    return _fabric_job(call, "PurgeVMM", call.fabric())


def check_consistency(call: Call) -> Response:
    return _fabric_job(call, "CheckVmmConsistency", call.fabric())


def renew_certificate(call: Call) -> Response:
    """The certificates by which the site's hosts and Azure know each other; nothing else of the site changes."""
    kind = call.properties().get("renewCertificateType")
    if kind is not None and str(kind) not in _RENEWALS:
        raise bad_request(
            call,
            "InvalidParameter",
            f"There is no certificate of type '{kind}'.",
            f"Send {' or '.join(_RENEWALS)}, or no type.",
        )
    return _fabric_job(call, "CertificateRenewal", call.fabric())


def _fabric_job(call: Call, scenario: str, fabric: rec.Fabric, error: rec.JobError | None = None) -> Response:
    job = jobs.start(
        call.world,
        scenario,
        vault=call.vault(),
        subject=fabric.id.lower(),
        target=(fabric.internal_id, fabric.friendly_name),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        affected=jobs.fabric_affected(call.world, fabric),
        error=error,
    )
    return jobs.accepted(call, job, fabric.id)


# Providers


def _providers(call: Call, prefix: str) -> Iterable[rec.Provider]:
    return [provider for provider in call.world.providers.records(prefix) if provider.is_ready]


def list_vault_providers(call: Call) -> Response:
    found = _providers(call, call.vault().lower() + "/")
    return list_response(provider_body(call.world, provider, call.now) for provider in found)


def list_providers(call: Call) -> Response:
    found = _providers(call, call.fabric().id.lower() + "/")
    return list_response(provider_body(call.world, provider, call.now) for provider in found)


def _provider(call: Call) -> rec.Provider:
    name = call.params["provider"]
    provider = call.world.providers.get(f"{call.fabric().id}/replicationrecoveryservicesproviders/{name}".lower())
    if provider is None or not provider.is_ready:
        raise missing(call, name)
    return provider


def get_provider(call: Call) -> Response:
    return json_response(200, provider_body(call.world, _provider(call), call.now))


def remove_provider(call: Call) -> Response:
    provider = _provider(call)
    error = None
    if call.world.items_per_provider[provider.id]:
        error = rec.JobError(
            "506",
            "The host was not removed.",
            "Machines on it are still protected.",
            "Disable replication for its machines first.",
            task=0,
        )
    return _provider_job(call, "UnregisterDra", provider, error)


def purge_provider(call: Call) -> Response:
    return _provider_job(call, "UnregisterDra", _provider(call), None)


def refresh_provider(call: Call) -> Response:
    provider = _provider(call)
    host = call.world.hosts[provider.host]
    error = unreachable_error(call.world, provider.id, f"the server {host.name}")
    return _provider_job(call, "RefreshFabricLayout", provider, error)


def _provider_job(call: Call, scenario: str, provider: rec.Provider, error: rec.JobError | None) -> Response:
    host = call.world.hosts[provider.host]
    job = jobs.start(
        call.world,
        scenario,
        vault=call.vault(),
        subject=provider.id.lower(),
        target=(last_segment(provider.id), host.name),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        affected=jobs.fabric_affected(call.world, call.fabric()),
        error=error,
    )
    return jobs.accepted(call, job, provider.id)


def register_host(world: World, fabric: rec.Fabric, host: rec.Host, at: float) -> rec.Job:
    """What a host's Provider does once it has the registration key: it appears, and a job tells of it."""
    name = guid(world.settings.seed, fabric.id.lower(), host.name.lower())
    provider = rec.Provider(
        id=f"{fabric.id}/replicationRecoveryServicesProviders/{name}", fabric=fabric.id.lower(), host=host.name.lower()
    )
    world.providers.put(provider.id.lower(), provider)
    host.provider = provider.id
    world.hosts.put(host.name.lower(), host)
    activity = world.new_guid("activity")
    return jobs.start(
        world,
        "RegisterDra",
        vault=vault_part(fabric.id),
        subject=provider.id.lower(),
        target=(name, host.name),
        client_request_id=activity,
        correlation_id=activity,
        at=at,
        affected=jobs.fabric_affected(world, fabric),
    )


# Containers and networks


def list_vault_containers(call: Call) -> Response:
    prefix = call.vault().lower() + "/"
    return _containers(call.world, list(call.world.fabrics.records(prefix)))


def list_containers(call: Call) -> Response:
    return _containers(call.world, [call.fabric()])


def _containers(world: World, fabrics: list[rec.Fabric]) -> Response:
    return list_response(container_body(world, fabric) for fabric in fabrics if fabric.has_container)


def get_container(call: Call) -> Response:
    return json_response(200, container_body(call.world, call.container()))


def list_nothing(call: Call) -> Response:
    """Lists that stay empty without VMM, VMware or an appliance."""
    if "fabric" in call.params:
        call.fabric()
    else:
        call.vault()
    return list_response([])


def new_fabric(world: World, fabric_id: str) -> rec.Fabric:
    """The record of a site that comes into being now."""
    return rec.Fabric(
        id=site_recovery_id(fabric_id),
        friendly_name=last_segment(fabric_id),
        internal_id=guid(world.settings.seed, fabric_id.lower(), version=5),
        upload_mib_s=world.settings.upload_mib_s,
    )


_PROVIDER = f"{FABRIC}/replicationRecoveryServicesProviders/{{provider}}"

ROUTES = (
    Route("GET", f"{VAULT}/replicationFabrics", list_fabrics),
    Route("GET", FABRIC, get_fabric),
    Route("PUT", FABRIC, put_fabric),
    Route("DELETE", FABRIC, purge_fabric),
    Route("POST", f"{FABRIC}/remove", remove_fabric),
    Route("POST", f"{FABRIC}/checkConsistency", check_consistency),
    Route("POST", f"{FABRIC}/renewCertificate", renew_certificate),
    Route("GET", f"{VAULT}/replicationRecoveryServicesProviders", list_vault_providers),
    Route("GET", f"{FABRIC}/replicationRecoveryServicesProviders", list_providers),
    Route("GET", _PROVIDER, get_provider),
    Route("DELETE", _PROVIDER, purge_provider),
    Route("POST", f"{_PROVIDER}/remove", remove_provider),
    Route("POST", f"{_PROVIDER}/refreshProvider", refresh_provider),
    Route("GET", f"{VAULT}/replicationProtectionContainers", list_vault_containers),
    Route("GET", f"{FABRIC}/replicationProtectionContainers", list_containers),
    Route("GET", CONTAINER, get_container),
    Route("GET", f"{VAULT}/replicationNetworks", list_nothing),
    Route("GET", f"{FABRIC}/replicationNetworks", list_nothing),
    Route("GET", f"{VAULT}/replicationNetworkMappings", list_nothing),
    Route("GET", f"{VAULT}/replicationAppliances", list_nothing),
    Route("GET", f"{VAULT}/replicationStorageClassifications", list_nothing),
    Route("GET", f"{VAULT}/replicationStorageClassificationMappings", list_nothing),
    Route("GET", f"{VAULT}/replicationvCenters", list_nothing),
)
