"""The last actions of a set-up: replicating its machines, each with all that Azure is to know of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.domain.arm_id import ArmId, protected_item_id, resource_group_id
from app.domain.estate import Estate
from app.domain.protection import REPLICATION_PROVIDER, ProtectableItem
from app.domain.rules import Rules
from app.flows.action import Action, ActionGroup, ActionKind
from app.flows.draft import MachineChoice, SetUpDraft
from app.flows.places import container_of, network_id, policy_id_of, site_of, storage_id
from app.flows.planning_vault import planned
from app.flows.replica import goes_to_managed_disks, log_account_id, managed_type


def machine_actions(draft: SetUpDraft, estate: Estate, rules: Rules, needs: tuple[str, ...]) -> list[Action]:
    site = site_of(draft, estate)
    container = container_of(site, estate) if site else None
    if container is None:
        return []
    policy = policy_id_of(draft, estate)
    logs = log_account_id(draft, estate)
    place = _place(draft, logs)
    disk_type = managed_type(draft, rules)
    actions: list[Action] = []
    for machine in sorted(draft.machines, key=lambda machine: not _may_be_domain_controller(machine.name)):
        item = estate.protectable(machine.machine_id)
        if item is None or item.is_protected or estate.protected(machine.machine_id) is not None:
            continue
        subnet = machine.subnet or draft.target.network.subnet
        actions.append(
            planned(
                ActionKind.ENABLE_PROTECTION,
                protected_item_id(container, item.name),
                {
                    "policyId": policy.text,
                    "protectableItemId": item.id.text,
                    "providerSpecificDetails": {
                        **place,
                        **_protection(machine, item, subnet),
                        **_disks(machine, disk_type, logs),
                    },
                },
                rules,
                label=f"Replicate {machine.name}",
                subject=machine.name,
                before="not protected",
                after=_future_of(machine, item, subnet, rules.replica.type_name(disk_type)),
                group=ActionGroup.MACHINES,
                needs=needs,
            )
        )
    return actions


def _place(draft: SetUpDraft, logs: ArmId | None) -> Mapping[str, Any]:
    """What all machines of a set-up share: where their data and they themselves go.

    The disks of the machine in Azure are managed ones, whatever its data was replicated to.
    """
    network = network_id(draft)
    place: dict[str, Any] = {
        "instanceType": REPLICATION_PROVIDER,
        "targetAzureNetworkId": network.text if network else "",
        "targetAzureV2ResourceGroupId": resource_group_id(draft.target.subscription, draft.target.resource_group).text,
        "useManagedDisks": "true",
        "enableRdpOnTargetOption": "Never",
    }
    account = storage_id(draft)
    if goes_to_managed_disks(draft):
        place["useManagedDisksForReplication"] = "true"  # Microsoft's own PowerShell allows no target account with it
    else:
        place["targetStorageAccountId"] = account.text if account else ""
    if logs is not None:
        place["logStorageAccountId"] = logs.text
    return place


def _disks(machine: MachineChoice, managed_type: str, logs: ArmId | None) -> Mapping[str, Any]:
    """The disks to replicate. Managed disks are asked for one by one: the API has a list of its own for them.

    No public recording holds a request that names managed disks. The list follows the published description; the rest
    of the request is what Microsoft's PowerShell sends, which takes the same disks all together.
    """
    if not managed_type:
        return {"disksToInclude": list(machine.disk_ids)}
    account = {"logStorageAccountId": logs.text} if logs is not None else {}
    return {
        "disksToIncludeForManagedDisks": [
            {"diskId": disk, **account, "diskType": managed_type} for disk in machine.disk_ids
        ]
    }


def _protection(machine: MachineChoice, item: ProtectableItem, subnet: str) -> Mapping[str, Any]:
    details: dict[str, Any] = {
        "hvHostVmId": item.name,
        "vmName": item.friendly_name,
        "osType": machine.os_type,
        "vhdId": machine.os_disk_id,
        "targetAzureSubnetId": subnet,  # the subnet's name, as Microsoft's own PowerShell sends it
        "targetAzureVmName": machine.azure_name,
    }
    if machine.size:
        details["targetVmSize"] = machine.size
    return details


def _future_of(machine: MachineChoice, item: ProtectableItem, subnet: str, disks_called: str) -> str:
    name = f"as {machine.azure_name}" if machine.azure_name != item.friendly_name else ""
    size = machine.size.removeprefix("Standard_") or "size by Azure"
    left_out = len(item.disks) - len(machine.disk_ids)
    disks = f"{len(machine.disk_ids)} of {len(item.disks)} disks" if left_out else ""
    return ", ".join(
        filter(None, (name, size, subnet, disks, f"to managed disks ({disks_called})" if disks_called else ""))
    )


def _may_be_domain_controller(name: str) -> bool:
    """A hint from the name alone: others may need the domain, so these go first."""
    return any(re.fullmatch(r".*dc\d*|adds?\d*", word) for word in re.split(r"[^a-z0-9]+", name.lower()))
