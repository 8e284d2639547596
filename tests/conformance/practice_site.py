"""A site with hosts, policy and association in an empty practice vault, made by requests alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.conformance.conversation import Conversation

_LOCATION = "westeurope"


@dataclass(frozen=True, slots=True)
class PracticeSite:
    """ARM ids of what was made, and the machines that its hosts reported (as the service shows them)."""

    vault: str
    fabric: str
    container: str
    policy: str
    mapping: str
    storage_account: str
    network: str
    machines: tuple[dict[str, Any], ...]


def make_site(conversation: Conversation, name: str = "quay") -> PracticeSite:
    subscription = f"/subscriptions/{conversation.simulator.subscription_id}"
    group = f"{subscription}/resourceGroups/lab-{name}"
    vault = f"{group}/providers/Microsoft.RecoveryServices/vaults/vault-{name}"
    storage_account = f"{group}/providers/Microsoft.Storage/storageAccounts/store{name}"
    network = f"{group}/providers/Microsoft.Network/virtualNetworks/net-{name}"
    fabric = f"{vault}/replicationFabrics/{name}"
    policy = f"{vault}/replicationPolicies/policy-{name}"

    conversation.do("PUT", group, {"location": _LOCATION})
    conversation.do("PUT", vault, {"location": _LOCATION, "sku": {"name": "Standard"}, "properties": {}})
    conversation.do(
        "PUT",
        storage_account,
        {"location": _LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}},
    )
    subnets = [{"name": "machines", "properties": {"addressPrefix": "10.7.0.0/24"}}]
    conversation.do(
        "PUT",
        network,
        {
            "location": _LOCATION,
            "properties": {"addressSpace": {"addressPrefixes": ["10.7.0.0/16"]}, "subnets": subnets},
        },
    )
    conversation.do("PUT", fabric, {"properties": {}})
    register_host(conversation, fabric)
    conversation.do("PUT", policy, {"properties": {"providerSpecificInput": policy_input()}})
    container = conversation.get(f"{fabric}/replicationProtectionContainers")["value"][0]["id"]
    mapping = f"{container}/replicationProtectionContainerMappings/mapping-{name}"
    conversation.do("PUT", mapping, association(policy))
    machines = conversation.get(f"{container}/replicationProtectableItems")["value"]
    return PracticeSite(vault, fabric, container, policy, mapping, storage_account, network, tuple(by_ease(machines)))


def register_host(conversation: Conversation, fabric: str) -> str:
    """Let the next waiting host register and settle in; returns its name."""
    registered = conversation.send("POST", "/simulator/hosts", {"fabricId": fabric})
    assert registered.status < 300, registered.body
    conversation.clock.advance(600)
    return str(registered.body["host"])


def policy_input(copy_frequency_s: int = 300) -> dict[str, Any]:
    return {
        "instanceType": "HyperVReplicaAzure",
        "applicationConsistentSnapshotFrequencyInHours": 1,
        "recoveryPointHistoryDuration": 2,
        "replicationInterval": copy_frequency_s,
    }


def association(policy: str) -> dict[str, Any]:
    return {
        "properties": {
            "policyId": policy,
            "providerSpecificInput": {"instanceType": "HyperVReplicaAzure"},
            "targetProtectionContainerId": "Microsoft Azure",
        }
    }


def protection(site: PracticeSite, machine: dict[str, Any]) -> dict[str, Any]:
    """The body that enables protection for a machine."""
    details = machine["properties"]["customDetails"]
    return {
        "properties": {
            "policyId": site.policy,
            "protectableItemId": machine["id"],
            "providerSpecificDetails": {
                "instanceType": "HyperVReplicaAzure",
                "hvHostVmId": details["sourceItemId"],
                "vmName": machine["properties"]["friendlyName"],
                "osType": "Windows",
                "vhdId": details["diskDetails"][0]["vhdId"],
                "targetStorageAccountId": site.storage_account,
                "targetAzureNetworkId": site.network,
                "targetAzureSubnetId": "machines",
                "targetAzureVmName": f"vm-{machine['name'][:8]}",
            },
        }
    }


def by_ease(machines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The machines that nothing keeps from being protected, those with few and small disks first."""

    def burden(machine: dict[str, Any]) -> tuple[int, int]:
        disks = machine["properties"]["customDetails"]["diskDetails"]
        return len(disks), sum(disk["maxSizeMB"] for disk in disks)

    return sorted(filter(_is_plain, machines), key=burden)


def _is_plain(machine: dict[str, Any]) -> bool:
    details = machine["properties"]["customDetails"]
    is_blocked = "Present" in (details["hasPhysicalDisk"], details["hasSharedVhd"], details["hasFibreChannelAdapter"])
    return not is_blocked and machine["properties"]["friendlyName"].isascii()
