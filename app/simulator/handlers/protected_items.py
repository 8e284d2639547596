"""Replication protected items: reading, enabling, changing and ending their protection.

Left out: resolving health errors by hand, and target availability sets, zones and tags beyond being kept and shown.
"""

from __future__ import annotations

import base64
import binascii

from app.simulator import jobs
from app.simulator import records as rec
from app.simulator.enabling import enable_error, new_item
from app.simulator.filters import conditions_in
from app.simulator.handlers.policies import HYPER_V_REPLICA_AZURE
from app.simulator.handlers.protectable_items import find_machine
from app.simulator.hosts import unreachable_error
from app.simulator.item_pages import pages_of
from app.simulator.item_view import protected_item_body
from app.simulator.lifecycle import FAILED_OVER, PHASES
from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response, missing, written_list
from app.simulator.router import CONTAINER, ITEM, VAULT, Call, Route
from app.simulator.wire import Json, last_segment

PAGE_SIZE = 500


# Reading


def list_vault_items(call: Call) -> Response:
    return _page(call, call.vault())


def list_items(call: Call) -> Response:
    return _page(call, call.container().container_id)


def _page(call: Call, under: str) -> Response:
    """One page, 500 at most. A token says how many came before, so what is removed meanwhile shifts a page by one."""
    keys = call.world.items.keys(under.lower() + "/")
    skipped = _skipped(call)
    next_link = None
    if skipped + PAGE_SIZE < len(keys):
        token = base64.urlsafe_b64encode(f"items:{skipped + PAGE_SIZE}".encode()).decode()
        next_link = f"{call.base}{call.raw_path}?api-version={call.version}&skipToken={token}"
        if call.query.get("$filter"):
            next_link += f"&$filter={call.query['$filter']}"
    page = keys[skipped : skipped + PAGE_SIZE]
    return written_list(pages_of(call.world).page(page, call.now, next_link, _filter(call)))


def _skipped(call: Call) -> int:
    token = call.query.get("skiptoken") or call.query.get("$skiptoken")
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("items:"))
    except (ValueError, binascii.Error):
        raise bad_request(
            call, "InvalidSkipToken", "The skip token was not made here.", "Read the list from its beginning."
        ) from None


class _Filter:
    """What `$filter` asks of an item; all of it must hold."""

    def __init__(self, wanted: list[tuple[str, list[str]]], in_plans: set[str] | None) -> None:
        self._wanted = wanted
        self._in_plans = in_plans

    def __call__(self, item: rec.Item) -> bool:
        if self._in_plans is not None and item.id.lower() not in self._in_plans:
            return False
        for name, values in self._wanted:
            actual = {
                "sourcefabricname": item.id.split("/")[10],
                "fabricobjectid": item.machine,
                "instancetype": HYPER_V_REPLICA_AZURE,
            }[name]
            if actual.lower() not in (value.lower() for value in values):
                return False
        return True


def _filter(call: Call) -> _Filter | None:
    if not call.query.get("$filter"):
        return None
    wanted: list[tuple[str, list[str]]] = []
    in_plans: set[str] | None = None
    for name, values in conditions_in(call, call.query.get("$filter", "")):
        if name == "recoveryplanname":
            plans = [call.world.plans.get(f"{call.vault()}/replicationrecoveryplans/{v}".lower()) for v in values]
            in_plans = {entry["id"].lower() for plan in plans if plan for g in plan.groups for entry in g["items"]}
        elif name in ("sourcefabricname", "fabricobjectid", "instancetype"):
            wanted.append((name, values))
        else:
            raise bad_request(
                call,
                "InvalidFilter",
                f"Protected items cannot be filtered by '{name}'.",
                "Filter by recoveryPlanName, sourceFabricName, fabricObjectId or instanceType.",
            )
    return _Filter(wanted, in_plans)


def get_item(call: Call) -> Response:
    return json_response(200, protected_item_body(call.world, call.item(), call.now))


# Enabling


def put_item(call: Call) -> Response:
    """Accepted at once; what the machine or the target lacks shows as a failed job."""
    fabric = call.container()
    world, properties = call.world, call.properties()
    given = properties.get("providerSpecificDetails")
    if not isinstance(given, dict) or given.get("instanceType") != HYPER_V_REPLICA_AZURE:
        raise bad_request(
            call,
            "InvalidParameter",
            f"providerSpecificDetails.instanceType must be {HYPER_V_REPLICA_AZURE}.",
            "Enable protection with that provider.",
        )
    policy = world.policies.get(str(properties.get("policyId") or "").lower())
    if policy is None:
        raise missing(call, last_segment(str(properties.get("policyId") or "policyId")))
    machine_name = last_segment(str(properties.get("protectableItemId") or "protectableItemId"))
    found = find_machine(world, fabric, machine_name)
    if found is None:
        raise missing(call, machine_name)
    machine, provider_id = found
    item_id = f"{fabric.container_id}/replicationProtectedItems/{call.params['item']}"
    existing = world.item_of_machine(machine.id)
    if existing is not None:
        return _enable_again(call, existing, item_id, fabric)
    taken = world.items.get(item_id.lower())
    if taken is not None:
        raise bad_request(
            call,
            "InvalidParameter",
            f"The name {call.params['item']} stands for the machine {taken.machine_name} already.",
            "Choose another name for the protected item.",
        )
    item = new_item(world, item_id, machine, provider_id, policy, given, call.now)
    job = _item_job(
        call,
        "EnableDr",
        item,
        intent={"creates": True, "item": item_id, "policy": policy.id, "provider": provider_id, "given": given},
        error=enable_error(world, fabric, policy, machine, given),
    )
    item.busy_job = job.id.lower()
    world.put_item(item)
    return jobs.accepted(call, job, item.id)


def _enable_again(call: Call, existing: rec.Item, item_id: str, fabric: rec.Fabric) -> Response:
    busy = call.world.jobs.get(existing.busy_job) if existing.busy_job else None
    error = jobs.busy_error(busy, existing.machine_name) if busy else None
    remark = None if busy else ("45031", f"{existing.machine_name} is protected already.")
    job = _item_job(call, "EnableDr", existing, intent={"already": True}, error=error, remark=remark)
    return jobs.accepted(call, job, item_id)


def _item_job(
    call: Call,
    scenario: str,
    item: rec.Item,
    *,
    intent: Json | None = None,
    error: rec.JobError | None = None,
    remark: tuple[str, str] | None = None,
) -> rec.Job:
    affected = jobs.affected_objects(call.world, call.container(), item)
    if scenario == "PurgeVm":
        # By force, the machine is no longer known to either side: only the two sides are named.
        affected = {key: text for key, text in affected.items() if key.endswith(("VmmId", "VmmName", "ProviderId"))}
    return jobs.start(
        call.world,
        scenario,
        vault=call.vault(),
        subject=item.id.lower(),
        target=(item.machine, item.machine_name),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
        affected=affected,
        intent=intent,
        error=error,
        remark=remark,
    )


# Changing


_TARGET_FIELDS = {
    "recoveryAzureVMName": "vm_name",
    "recoveryAzureVMSize": "size",
    "selectedRecoveryAzureNetworkId": "network",
    "selectedTfoAzureNetworkId": "test_network",
    "licenseType": "license",
    "recoveryAvailabilitySetId": "availability_set",
    "enableRdpOnTargetOption": "rdp",
}
_PROVIDER_FIELDS = {
    "recoveryAzureV2ResourceGroupId": "group",
    "useManagedDisks": "use_managed_disks",
    "targetAvailabilityZone": "availability_zone",
    "targetProximityPlacementGroupId": "placement_group",
    "sqlServerLicenseType": "sql_license",
    "targetVmTags": "vm_tags",
    "targetNicTags": "nic_tags",
    "targetManagedDiskTags": "disk_tags",
}
_NIC_FIELDS = {
    "selectionType": "selection",
    "targetNicName": "target_name",
    "enableAcceleratedNetworkingOnRecovery": "accelerated",
    "enableAcceleratedNetworkingOnTfo": "test_accelerated",
    "recoveryNetworkSecurityGroupId": "security_group",
    "tfoNetworkSecurityGroupId": "test_security_group",
}
_ADDRESS_FIELDS = {
    "recoverySubnetName": "subnet",
    "recoveryStaticIPAddress": "static_ip",
    "tfoSubnetName": "test_subnet",
    "tfoStaticIPAddress": "test_ip",
}


def patch_item(call: Call) -> Response:
    """Change how the machine is to look in Azure; what is not sent stays."""
    item, properties = call.item(), call.properties()
    busy = call.world.jobs.get(item.busy_job) if item.busy_job else None
    target = {ours: properties[theirs] for theirs, ours in _TARGET_FIELDS.items() if theirs in properties}
    details = properties.get("providerSpecificDetails") or {}
    target |= {ours: details[theirs] for theirs, ours in _PROVIDER_FIELDS.items() if details.get(theirs) is not None}
    nics: dict[str, Json] = {}
    positions = {nic.id.lower(): position for position, nic in enumerate(item.nics)}
    for sent in properties.get("vmNics") or []:
        position = positions.get(str(sent.get("nicId")).lower())
        if position is None:
            raise bad_request(
                call,
                "InvalidParameter",
                f"{item.machine_name} has no network adapter {sent.get('nicId')}.",
                "Read the protected item and send the ids of its adapters.",
            )
        changes = {ours: sent[theirs] for theirs, ours in _NIC_FIELDS.items() if sent.get(theirs) is not None}
        addresses = (sent.get("ipConfigs") or [{}])[0]
        changes |= {ours: addresses[theirs] or None for theirs, ours in _ADDRESS_FIELDS.items() if theirs in addresses}
        if "isSeletedForFailover" in addresses and "selectionType" not in sent:  # spelt so on the wire
            changes["selection"] = "SelectedByUser" if addresses["isSeletedForFailover"] else "NotSelected"
        nics[str(position)] = changes
    job = _item_job(
        call,
        "UpdateVmProperties",
        item,
        intent={"target": target, "nics": nics, "disks": _disk_changes(call, item, details)},
        error=jobs.busy_error(busy, item.machine_name) if busy else None,
    )
    return jobs.accepted(call, job, item.id)


def _disk_changes(call: Call, item: rec.Item, details: Json) -> Json:
    """By position: the names and the encryption that the disks are to have in Azure."""
    positions = {key: at for at, disk in enumerate(item.disks) for key in (disk.disk_id.lower(), disk.vhd_id.lower())}
    named = [
        (str(sent.get("diskId")), "custom_name", sent.get("targetDiskName")) for sent in details.get("vmDisks") or []
    ]
    sets = details.get("diskIdToDiskEncryptionMap") or {}
    changes: Json = {}
    for disk, field, value in [*named, *((disk, "encryption_set", value) for disk, value in sets.items())]:
        position = positions.get(disk.lower())
        if position is None:
            raise bad_request(
                call,
                "InvalidParameter",
                f"{item.machine_name} has no disk {disk}.",
                "Read the protected item and send the ids of its disks.",
            )
        changes.setdefault(str(position), {})[field] = value
    return changes


# Ending


def remove_item(call: Call) -> Response:
    """Disable protection, or complete a migration: then the machine in Azure is all that stays."""
    item, reason = call.item(), str(call.properties().get("disableProtectionReason") or "NotSpecified")
    if reason not in ("NotSpecified", "MigrationComplete"):
        raise bad_request(
            call,
            "InvalidParameter",
            f"There is no reason '{reason}' for disabling protection.",
            "Send NotSpecified or MigrationComplete.",
        )
    if reason == "MigrationComplete" and "CompleteMigration" not in PHASES[item.phase].operations:
        error: rec.JobError | None = rec.JobError(
            "25007",
            f"The migration of {item.machine_name} was not completed.",
            "It has not failed over to Azure.",
            "Fail it over first.",
            task=0,
        )
    elif item.phase in FAILED_OVER:  # nothing is replicated, so the host is not needed
        error = None
    else:
        error = unreachable_error(call.world, item.provider, item.machine_name)
    return _end(call, item, "DisableDr", error)


def purge_item(call: Call) -> Response:
    return _end(call, call.item(), "PurgeVm", None)


def _end(call: Call, item: rec.Item, scenario: str, error: rec.JobError | None) -> Response:
    busy = call.world.jobs.get(item.busy_job) if item.busy_job else None
    if busy is not None:
        job = _item_job(call, scenario, item, error=jobs.busy_error(busy, item.machine_name))
        return jobs.accepted(call, job, item.id)
    job = _item_job(call, scenario, item, intent={"removes": True}, error=error)
    item.busy_job = job.id.lower()
    call.world.put_item(item)
    return jobs.accepted(call, job, item.id)


ROUTES = (
    Route("GET", f"{VAULT}/replicationProtectedItems", list_vault_items),
    Route("GET", f"{CONTAINER}/replicationProtectedItems", list_items),
    Route("GET", ITEM, get_item),
    Route("PUT", ITEM, put_item),
    Route("PATCH", ITEM, patch_item),
    Route("DELETE", ITEM, purge_item),
    Route("POST", f"{ITEM}/remove", remove_item),
)
