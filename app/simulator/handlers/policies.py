"""Replication policies, and their association with a site."""

from __future__ import annotations

from app.simulator import jobs
from app.simulator import records as rec
from app.simulator.hosts import silence_error
from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response, list_response, missing
from app.simulator.router import CONTAINER, VAULT, Call, Route
from app.simulator.wire import MICROSOFT_AZURE, Json, fabric_part, guid, last_segment, vault_part
from app.simulator.world import World

HYPER_V_REPLICA_AZURE = "HyperVReplicaAzure"

MOST_HISTORY_H = 24
MOST_APP_CONSISTENT_H = 12

_HISTORY = "recoveryPointHistoryDurationInHours"
_APP_CONSISTENT = "applicationConsistentSnapshotFrequencyInHours"
_INPUT_NAMES = {
    "recoveryPointHistoryDuration": _HISTORY,
    "applicationConsistentSnapshotFrequencyInHours": _APP_CONSISTENT,
    "replicationInterval": "replicationInterval",
    "onlineReplicationStartTime": "onlineReplicationStartTime",
}
_NUMBERS = ("recoveryPointHistoryDuration", "applicationConsistentSnapshotFrequencyInHours", "replicationInterval")
_DEFAULTS: Json = {
    _HISTORY: 0,
    _APP_CONSISTENT: 0,
    "replicationInterval": 300,
    "encryption": "Disabled",
    "activeStorageAccountId": None,
}
_POLICY = f"{VAULT}/replicationPolicies/{{policy}}"
_MAPPING = f"{CONTAINER}/replicationProtectionContainerMappings/{{mapping}}"
_MAPPING_TYPE = (
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers"
    "/replicationProtectionContainerMappings"
)


def policy_body(policy: rec.Policy) -> Json:
    name = last_segment(policy.id)
    return {
        "id": policy.id,
        "name": name,
        "type": "Microsoft.RecoveryServices/vaults/replicationPolicies",
        "properties": {
            "friendlyName": name,
            "providerSpecificDetails": {"instanceType": policy.instance_type, **policy.details},
        },
    }


def policy_details(given: Json, before: Json | None = None) -> Json:
    """What the service makes of a policy's input; what is not sent stays as it was before."""
    sent = {theirs: given[ours] for ours, theirs in _INPUT_NAMES.items() if given.get(ours) is not None}
    if accounts := given.get("storageAccounts"):
        sent["activeStorageAccountId"] = accounts[0]
    return _DEFAULTS | (before or {}) | sent


def limits_error(name: str, details: Json) -> rec.JobError | None:
    """Why a policy cannot be as asked for: hours outside what Hyper-V to Azure keeps."""
    kept, app = (details[key] for key in (_HISTORY, _APP_CONSISTENT))
    if 0 <= kept <= MOST_HISTORY_H and 0 <= app <= MOST_APP_CONSISTENT_H:
        return None
    return rec.JobError(
        "506",
        f"The policy {name} cannot be as it was asked for.",
        f"Recovery points are kept for 0 to {MOST_HISTORY_H} hours, app-consistent ones made every 0 to"
        f" {MOST_APP_CONSISTENT_H} hours.",
        "Choose hours within these limits.",
        task=0,
    )


def mapping_body(world: World, mapping: rec.Mapping) -> Json:
    fabric = world.fabrics[fabric_part(mapping.id.lower())]
    return {
        "id": mapping.id,
        "name": last_segment(mapping.id),
        "type": _MAPPING_TYPE,
        "properties": {
            "targetProtectionContainerId": MICROSOFT_AZURE,
            "targetProtectionContainerFriendlyName": MICROSOFT_AZURE,
            "providerSpecificDetails": None,
            "health": "Normal",
            "healthErrorDetails": [],
            "policyId": mapping.policy_id,
            "state": "Paired",
            "sourceProtectionContainerFriendlyName": fabric.friendly_name,
            "sourceFabricFriendlyName": fabric.friendly_name,
            "targetFabricFriendlyName": MICROSOFT_AZURE,
            "policyFriendlyName": last_segment(mapping.policy_id),
        },
    }


# Policies


def _policy(call: Call) -> rec.Policy:
    name = call.params["policy"]
    policy = call.world.policies.get(f"{call.vault()}/replicationpolicies/{name}".lower())
    if policy is None:
        raise missing(call, name)
    return policy


def list_policies(call: Call) -> Response:
    return list_response(
        policy_body(policy) for policy in list(call.world.policies.records(call.vault().lower() + "/"))
    )


def get_policy(call: Call) -> Response:
    return json_response(200, policy_body(_policy(call)))


def put_policy(call: Call) -> Response:
    vault, name = call.vault(), call.params["policy"]
    existing = call.world.policies.get(f"{vault}/replicationpolicies/{name}".lower())
    policy_id = existing.id if existing else f"{vault}/replicationPolicies/{name}"
    details = policy_details(_input(call, "providerSpecificInput"))
    error = limits_error(name, details) or creation_error(call.world, existing, details)
    return _policy_job(call, "AddProtectionProfile", policy_id, {"details": details}, error)


def patch_policy(call: Call) -> Response:
    policy = _policy(call)
    details = policy_details(_input(call, "replicationProviderSettings"), policy.details)
    error = limits_error(last_segment(policy.id), details)
    return _policy_job(call, "ModifyProtectionProfile", policy.id, {"details": details}, error)


def delete_policy(call: Call) -> Response:
    policy = _policy(call)
    return _policy_job(call, "RemoveProtectionProfile", policy.id, {}, removal_error(call.world, policy))


def creation_error(world: World, existing: rec.Policy | None, details: Json) -> rec.JobError | None:
    """Why a policy cannot be made under a name that `existing` has; saying the same again is no change."""
    if existing is None or existing.details == details or not _is_associated(world, existing):
        return None
    return rec.JobError(
        "506",
        f"The policy {last_segment(existing.id)} was not created.",
        "A policy of this name exists and is associated with a site.",
        "Choose another name, or change the policy that exists.",
        task=0,
    )


def removal_error(world: World, policy: rec.Policy) -> rec.JobError | None:
    if not _is_associated(world, policy):
        return None
    return rec.JobError(
        "506",
        f"The policy {last_segment(policy.id)} was not removed.",
        "It is associated with a site.",
        "Dissociate it from the site first.",
        task=0,
    )


def _input(call: Call, key: str) -> Json:
    given = call.properties().get(key)
    if not isinstance(given, dict) or given.get("instanceType") != HYPER_V_REPLICA_AZURE:
        raise bad_request(
            call,
            "InvalidParameter",
            f"{key}.instanceType must be {HYPER_V_REPLICA_AZURE}: only Hyper-V sites are replicated here.",
            f"Send a policy of type {HYPER_V_REPLICA_AZURE}.",
        )
    for name in _NUMBERS:
        if type(given.get(name)) not in (int, type(None)):
            raise bad_request(call, "InvalidParameter", f"{key}.{name} must be a whole number.", "Send a number.")
    return given


def _is_associated(world: World, policy: rec.Policy) -> bool:
    vault = vault_part(policy.id).lower() + "/"
    return any(mapping.policy_id.lower() == policy.id.lower() for mapping in world.mappings.records(vault))


def _policy_job(call: Call, scenario: str, policy_id: str, intent: Json, error: rec.JobError | None) -> Response:
    job = jobs.start(
        call.world,
        scenario,
        vault=call.vault(),
        subject=policy_id.lower(),
        target=(guid(call.world.settings.seed, policy_id, version=5), last_segment(policy_id)),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        intent={"id": policy_id, **intent},
        error=error,
    )
    return jobs.accepted(call, job, policy_id)


# Associations


def _mapping(call: Call) -> rec.Mapping:
    name = call.params["mapping"]
    key = f"{call.container().container_id}/replicationprotectioncontainermappings/{name}".lower()
    mapping = call.world.mappings.get(key)
    if mapping is None:
        raise missing(call, name)
    return mapping


def list_vault_mappings(call: Call) -> Response:
    return _mappings(call, call.vault())


def list_mappings(call: Call) -> Response:
    return _mappings(call, call.container().container_id)


def _mappings(call: Call, under: str) -> Response:
    found = list(call.world.mappings.records(under.lower() + "/"))
    return list_response(mapping_body(call.world, mapping) for mapping in found)


def get_mapping(call: Call) -> Response:
    return json_response(200, mapping_body(call.world, _mapping(call)))


def put_mapping(call: Call) -> Response:
    fabric = call.container()
    properties = call.properties()
    policy_id = str(properties.get("policyId") or "")
    policy = call.world.policies.get(policy_id.lower())
    if policy is None:
        raise missing(call, last_segment(policy_id))
    if str(properties.get("targetProtectionContainerId")) != MICROSOFT_AZURE:
        raise bad_request(
            call,
            "InvalidParameter",
            f"targetProtectionContainerId must be '{MICROSOFT_AZURE}': a Hyper-V site replicates to Azure.",
            "Name Azure as the target.",
        )
    mapping_id = f"{fabric.container_id}/replicationProtectionContainerMappings/{call.params['mapping']}"
    return _mapping_job(
        call,
        "AssociateProtectionProfile",
        fabric,
        mapping_id,
        policy.id,
        {"id": mapping_id, "policy": policy.id},
        None,
        partly=silence_error(call.world, fabric),
    )


def patch_mapping(call: Call) -> Response:
    """Only associations of other products have something to change."""
    _mapping(call)
    raise bad_request(
        call,
        "InvalidParameter",
        "The association of a Hyper-V site has nothing that can be changed.",
        "Change the policy, or dissociate it and associate another one.",
    )


def remove_mapping(call: Call) -> Response:
    mapping, fabric = _mapping(call), call.container()
    error = dissociation_error(call.world, fabric, mapping.policy_id)
    return _mapping_job(call, "DissociateProtectionProfile", fabric, mapping.id, mapping.policy_id, {}, error)


def dissociation_error(world: World, fabric: rec.Fabric, policy_id: str) -> rec.JobError | None:
    """A site may have several policies: only the machines that use this one stand in its way."""
    items = world.items.records(fabric.container_id.lower() + "/")
    if not any(item.policy.lower() == policy_id.lower() for item in items):
        return None
    return rec.JobError(
        "506",
        "The policy was not dissociated.",
        "Machines of the site are still protected with it.",
        "Disable replication for them first.",
        task=0,
    )


def purge_mapping(call: Call) -> Response:
    mapping = _mapping(call)
    return _mapping_job(
        call, "PurgeProtectionProfileAssociation", call.container(), mapping.id, mapping.policy_id, {}, None
    )


def _mapping_job(
    call: Call,
    scenario: str,
    fabric: rec.Fabric,
    mapping_id: str,
    policy_id: str,
    intent: Json,
    error: rec.JobError | None,
    *,
    partly: rec.JobError | None = None,
) -> Response:
    job = jobs.start(
        call.world,
        scenario,
        vault=call.vault(),
        subject=mapping_id.lower(),
        target=(guid(call.world.settings.seed, policy_id, version=5), last_segment(policy_id)),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        affected=jobs.affected_objects(call.world, fabric),
        intent=intent,
        error=error,
        partly=partly,
    )
    return jobs.accepted(call, job, mapping_id)


ROUTES = (
    Route("GET", f"{VAULT}/replicationPolicies", list_policies),
    Route("GET", _POLICY, get_policy),
    Route("PUT", _POLICY, put_policy),
    Route("PATCH", _POLICY, patch_policy),
    Route("DELETE", _POLICY, delete_policy),
    Route("GET", f"{VAULT}/replicationProtectionContainerMappings", list_vault_mappings),
    Route("GET", f"{CONTAINER}/replicationProtectionContainerMappings", list_mappings),
    Route("GET", _MAPPING, get_mapping),
    Route("PUT", _MAPPING, put_mapping),
    Route("PATCH", _MAPPING, patch_mapping),
    Route("DELETE", _MAPPING, purge_mapping),
    Route("POST", f"{_MAPPING}/remove", remove_mapping),
)
