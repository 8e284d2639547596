"""What hangs on a vault beside Site Recovery: its certificates, extended information, usages and free names.

Follows Vault Certificates - Create, Vault Extended Info and Usages of the Recovery Services REST reference. Left out:
registered identities, private links, deleted vaults; of Backup only the number of its items is known.
"""

from __future__ import annotations

from datetime import datetime

from app.simulator import host_script
from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.handlers.vaults import VAULT_NAME, VAULT_TYPE, find_vault
from app.simulator.hosts import is_silent
from app.simulator.job_times import ends_at, state_of
from app.simulator.lifecycle import REPLICATION_TROUBLES
from app.simulator.messages import Response
from app.simulator.other_scenarios import held_by
from app.simulator.replies import arm_error, json_response, plain_list
from app.simulator.router import VAULT, Call, Route
from app.simulator.wire import Json, guid, site_recovery_id

DEFAULT_VALIDITY_H = 120
LONGEST_VALIDITY_H = 24 * 366

_EXTENDED = f"{VAULT}/extendedInformation/vaultExtendedInfo"
_DAY_S = 86_400.0
_BIGGEST_DOUBLE_SAFE = 2**53
_COUNTS = (
    ("MABContainersCount", "Backup management servers"),
    ("ProtectedItemCount", "Backup items"),
    ("ProtectedItemCriticalCount", "Critical"),
    ("ProtectedItemWarningCount", "Warning"),
    ("InProgressJobsCount", "In progress"),
    ("FailedJobsCount", "Failed"),
    ("ManagedInstances", "Protected instances"),
)
_BYTES = (("GRSStorageUsage", "Cloud - GRS"), ("LRSStorageUsage", "Cloud - LRS"))


# Certificates


def put_certificate(call: Call) -> Response:
    """Answered at once. A certificate sent is taken over; without one the vault makes one, with its private key."""
    from app.simulator import certificates  # loads OpenSSL, which only registering a host needs

    vault, body = find_vault(call), call.json()
    sent = call.properties().get("certificate")
    if sent:
        try:
            facts = certificates.read(str(sent))
        except ValueError:
            raise arm_error(400, "InvalidCertificate", "The certificate is no X.509 certificate in base64.") from None
    else:
        facts = certificates.make(_validity(body), call.now)
    host_script.note_certificate(
        call.world, vault, facts["thumbprint"], datetime.fromisoformat(facts["to"]).timestamp(), call.now
    )
    name = call.params["certificate"]
    return json_response(200, _certificate_body(call, vault, name, facts))


def _validity(body: Json) -> int:
    options = body.get("certificateCreateOptions")
    given = (options if isinstance(options, dict) else {}).get("validityInHours", DEFAULT_VALIDITY_H)
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= LONGEST_VALIDITY_H:
        raise arm_error(400, "InvalidCertificateCreateOptions", "validityInHours must be a number of hours, 1 or more.")
    return given


def _certificate_body(call: Call, vault: rec.Resource, name: str, facts: Json) -> Json:
    settings = call.world.settings
    number = _resource_number(call, vault)
    location = vault.body["location"]
    return {
        "name": name,
        "type": f"{VAULT_TYPE}/certificates",
        "id": f"{site_recovery_id(vault.id)}/certificates/{name}",
        "properties": {
            "authType": "AzureActiveDirectory",
            "certificate": facts["certificate"],
            "resourceId": number,
            "aadAuthority": "https://login.windows.net",
            "aadTenantId": settings.tenant,
            "servicePrincipalClientId": guid(settings.seed, vault.id.lower(), "client"),
            "servicePrincipalObjectId": guid(settings.seed, vault.id.lower(), "principal"),
            "azureManagementEndpointAudience": f"https://pod01-id1.{location}.backup.windowsazure.com/restapi/",
            "subject": facts["subject"],
            "validFrom": facts["from"],
            "validTo": facts["to"],
            "thumbprint": facts["thumbprint"],
            "friendlyName": "",
            "issuer": facts["issuer"],
            "aadAudience": f"https://RecoveryServiceVault/{location}/{vault.body['name']}/{number}",
            "serviceResourceId": vault.id,
        },
    }


def _resource_number(call: Call, vault: rec.Resource) -> int:
    """The vault's number: 63 bits, and always more than a double can hold exactly, as the service's are."""
    number = int(guid(call.world.settings.seed, vault.id.lower(), "number").replace("-", "")[:15], 16) * 7
    return number if number > _BIGGEST_DOUBLE_SAFE else number + _BIGGEST_DOUBLE_SAFE


# Extended information


def get_extended(call: Call) -> Response:
    vault = find_vault(call)
    kept: Json | None = vault.extra.get("extended")
    if kept is None:  # in an envelope of its own, older than ARM's
        text = "The vault has no extended information yet."
        body = {"ErrorCode": "ResourceExtendedInfoNotFound", "Message": {"Language": "en-US", "Value": text}}
        return json_response(404, body)
    return json_response(200, _extended_body(vault, kept))


def put_extended(call: Call) -> Response:
    vault = find_vault(call)
    given = call.properties()
    if not given.get("integrityKey"):
        raise arm_error(400, "InvalidRequestContent", "properties.integrityKey is needed.")
    return _keep_extended(call, vault, {"algorithm": "None"}, given)


def patch_extended(call: Call) -> Response:
    vault = find_vault(call)
    return _keep_extended(call, vault, vault.extra.get("extended") or {"algorithm": "None"}, call.properties())


def _keep_extended(call: Call, vault: rec.Resource, before: Json, given: Json) -> Response:
    names = ("integrityKey", "encryptionKey", "encryptionKeyThumbprint", "algorithm")
    kept = before | {name: given[name] for name in names if given.get(name) is not None}
    kept["etag"] = guid(vault.id.lower(), "extended", call.now, call.world.next_number())
    vault.extra["extended"] = kept
    call.world.resources.put(vault.id.lower(), vault)
    return json_response(200, _extended_body(vault, kept))


def _extended_body(vault: rec.Resource, kept: Json) -> Json:
    return {
        "name": "vaultExtendedInfo",
        "etag": kept["etag"],
        "properties": {name: value for name, value in kept.items() if name != "etag"},
        "id": f"{vault.id}/extendedInformation/vaultExtendedInfo",
        "type": f"{VAULT_TYPE}/extendedInformation",
    }


# Usages


def list_usages(call: Call) -> Response:
    backups = held_by(find_vault(call))["backups"]

    def usage(name: str, label: str, unit: str) -> Json:
        return {
            "unit": unit,
            "currentValue": backups if name == "ProtectedItemCount" else 0,
            "limit": -1,
            "name": {"value": name, "localizedValue": label},
        }

    return plain_list([*(usage(*count, "Count") for count in _COUNTS), *(usage(*size, "Bytes") for size in _BYTES)])


def get_replication_usages(call: Call) -> Response:
    """One bare object, although the specification tells of a list. Jobs and events are those of the last day."""
    vault, world = call.vault(), call.world
    held = held_by(find_vault(call))
    under = vault.lower() + "/"
    conditions = world.conditions_in(vault)
    states = [
        state_of(job, call.now)
        for job in world.jobs.records(under)
        if job.accepted > call.now - _DAY_S or ends_at(job) > call.now
    ]
    providers = [provider for provider in world.providers.records(under) if provider.is_ready]
    return json_response(
        200,
        {
            "monitoringSummary": {
                "unHealthyVmCount": sum(len(conditions.get(name, ())) for name in REPLICATION_TROUBLES),
                "unHealthyProviderCount": sum(is_silent(world, provider.id) for provider in providers),
                "eventsCount": sum(event.at > call.now - _DAY_S for event in world.events.records(under)),
                "deprecatedProviderCount": 0,
                "supportedProviderCount": len(providers),
                "unsupportedProviderCount": 0,
            },
            "jobsSummary": {
                "failedJobs": states.count("Failed"),
                "suspendedJobs": states.count("Suspended"),
                "inProgressJobs": states.count("InProgress") + states.count("NotStarted"),
            },
            "protectedItemCount": len(world.items.keys(under)) + held["machines"],
            "registeredServersCount": len(providers) + held["servers"],
            "recoveryPlanCount": len(world.plans.keys(under)),
        },
    )


# Names


def check_name(call: Call) -> Response:
    group = call.group_id()
    if azure_facts().location(call.params["location"]) is None:
        raise arm_error(400, "LocationRequired", f"There is no region named '{call.params['location']}'.")
    name = str(call.json().get("name") or "")
    if VAULT_NAME.fullmatch(name) is None:
        message = f"'{name}' cannot be the name of a vault: 2 to 50 letters, digits and hyphens, a letter first."
        return json_response(200, {"nameAvailable": False, "reason": "Invalid", "message": message})
    if f"{group}/providers/{VAULT_TYPE}/{name}".lower() in call.world.resources:
        message = f"A vault named '{name}' exists in the resource group."
        return json_response(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": message})
    return json_response(200, {"nameAvailable": True, "reason": None, "message": None})


ROUTES = (
    Route("PUT", f"{VAULT}/certificates/{{certificate}}", put_certificate),
    Route("GET", _EXTENDED, get_extended),
    Route("PUT", _EXTENDED, put_extended),
    Route("PATCH", _EXTENDED, patch_extended),
    Route("GET", f"{VAULT}/usages", list_usages),
    Route("GET", f"{VAULT}/replicationUsages", get_replication_usages),
    Route(
        "POST",
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.RecoveryServices"
        "/locations/{location}/checkNameAvailability",
        check_name,
    ),
)
