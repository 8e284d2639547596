"""Subscriptions, vaults and Site Recovery's neighbours, over the resource SDK's generic operations.

Network, storage and compute have SDKs of their own, 60 MiB each; for the few calls needed here the resource client's
`send_request` and its create-by-id do as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from azure.core.rest import HttpRequest

from app.adapters.azure.address_check import ADDRESS_ANSWER
from app.adapters.azure.clients import Clients
from app.adapters.azure.errors import app_error, azure_errors
from app.adapters.azure.metric_mapping import METRIC_VALUE
from app.adapters.azure.reader import Reader, path_of
from app.adapters.azure.resource_mapping import (
    COMPUTE_SIZE,
    LOCATION,
    MACHINE_RECORD,
    NIC,
    NIC_WITH_ID,
    RESOURCE_GROUP,
    RESOURCE_PROVIDER,
    STORAGE_ACCOUNT,
    SUBSCRIPTION,
    VIRTUAL_NETWORK,
    machine_nic_ids,
    to_machine,
)
from app.adapters.azure.vault_mapping import VAULT
from app.adapters.azure.wire_values import Text, text
from app.adapters.azure.writes import send_write
from app.domain.address_answer import AddressAnswer
from app.domain.arm_id import ArmId, key, resource_group_id, subscription_id
from app.domain.azure import (
    AzureMachine,
    ComputeSize,
    Location,
    MachineNic,
    ResourceGroup,
    ResourceProvider,
    StorageAccount,
    Subscription,
    VirtualNetwork,
)
from app.domain.vault import Vault
from app.errors import NotFound, NotSupported
from app.ports.operation import Accepted

SUBSCRIPTIONS_API = "2022-12-01"
GROUPS_API = "2025-04-01"
VAULTS_API = "2026-11-01"
STORAGE_API = "2024-01-01"
NETWORK_API = "2024-05-01"
COMPUTE_API = "2024-07-01"
METRICS_API = "2023-10-01"
USED_CAPACITY = "UsedCapacity"

_VAULT_TYPE = "microsoft.recoveryservices/vaults"
_PUT_APIS = {
    "resourcegroups": GROUPS_API,
    "microsoft.storage/storageaccounts": STORAGE_API,
    "microsoft.network/virtualnetworks": NETWORK_API,
}
_READS_AT_A_TIME = 4


class AzureSubscriptionsGateway:
    """Implements app.ports.arm.SubscriptionsGateway."""

    def __init__(self, clients: Clients, any_subscription: str) -> None:
        self._clients = clients
        self._any_subscription = any_subscription

    async def list_subscriptions(self) -> tuple[Subscription, ...]:
        reader = Reader(self._clients.resources(self._any_subscription))
        url = path_of("/subscriptions", SUBSCRIPTIONS_API)
        return await reader.list(url, SUBSCRIPTION, "list subscriptions")

    async def list_locations(self, subscription: str) -> tuple[Location, ...]:
        reader = Reader(self._clients.resources(subscription))
        url = path_of(subscription_id(subscription).child("locations"), SUBSCRIPTIONS_API)
        return await reader.list(url, LOCATION, "list regions")

    async def get_resource_provider(self, subscription: str, namespace: str) -> ResourceProvider:
        """One at a time: the list of all of them has megabytes of api-versions in it."""
        reader = Reader(self._clients.resources(subscription))
        url = _provider_url(subscription, namespace, GROUPS_API)
        return await reader.get(url, RESOURCE_PROVIDER, f"read the resource provider {namespace}")

    async def begin_register(self, subscription: str, namespace: str, *, client_request_id: str) -> Accepted:
        doing = f"register {namespace}"
        target = subscription_id(subscription).child("providers", namespace)
        url = path_of(target.child("register"), GROUPS_API)
        with azure_errors(doing, role="Contributor"):
            headers = {"x-ms-client-request-id": client_request_id}
            request = HttpRequest("POST", url, headers=headers)
            response = await self._clients.resources(subscription).send_request(request, stream=True)
            body = await response.read()
            if response.status_code >= 300:
                raise app_error(response.status_code, response.headers, body, doing, "Contributor")
        return Accepted(client_request_id, target.text, is_done=True)


class AzureVaultsGateway:
    """Implements app.ports.arm.VaultsGateway."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def list_vaults(self, subscription: str) -> tuple[Vault, ...]:
        reader = Reader(self._clients.vaults(subscription))
        return await reader.list(
            _provider_url(subscription, "Microsoft.RecoveryServices/vaults", VAULTS_API), VAULT, "list vaults"
        )

    async def get_vault(self, vault: ArmId) -> Vault:
        reader = Reader(self._clients.vaults(vault.subscription))
        return await reader.get(path_of(vault, VAULTS_API), VAULT, f"read the vault {vault.vault_name}")


class NameAnswer(msgspec.Struct, rename="camel"):
    name_available: bool = False
    reason: Text = None


class AzureResourcesGateway:
    """Implements app.ports.arm.ResourcesGateway."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def list_resource_groups(self, subscription: str) -> tuple[ResourceGroup, ...]:
        url = path_of(subscription_id(subscription).child("resourcegroups"), GROUPS_API)
        return await self._reader(subscription).list(url, RESOURCE_GROUP, "list resource groups")

    async def list_storage_accounts(self, subscription: str) -> tuple[StorageAccount, ...]:
        url = _provider_url(subscription, "Microsoft.Storage/storageAccounts", STORAGE_API)
        return await self._reader(subscription).list(url, STORAGE_ACCOUNT, "list storage accounts")

    async def list_virtual_networks(self, subscription: str) -> tuple[VirtualNetwork, ...]:
        url = _provider_url(subscription, "Microsoft.Network/virtualNetworks", NETWORK_API)
        return await self._reader(subscription).list(url, VIRTUAL_NETWORK, "list virtual networks")

    async def list_compute_sizes(self, subscription: str, location: str) -> tuple[ComputeSize, ...]:
        url = _provider_url(subscription, f"Microsoft.Compute/locations/{location}/vmSizes", COMPUTE_API)
        return await self._reader(subscription).list(url, COMPUTE_SIZE, "list machine sizes")

    async def list_machines(self, subscription: str, resource_group: str) -> tuple[AzureMachine, ...]:
        """The group's machines with their addresses, in two requests; Azure's list does not tell power states."""
        reader = self._reader(subscription)
        group = resource_group_id(subscription, resource_group)
        doing = f"list the virtual machines in {resource_group}"
        machines_url = path_of(group.child("providers/Microsoft.Compute/virtualMachines"), COMPUTE_API)
        nics_url = path_of(group.child("providers/Microsoft.Network/networkInterfaces"), NETWORK_API)
        records = await reader.list(machines_url, MACHINE_RECORD, doing)
        nics = await reader.list(nics_url, NIC_WITH_ID, doing) if records else ()
        by_id = {key(nic_id): nic for nic_id, nic in nics}
        return tuple(
            to_machine(record, tuple(by_id[key(nic_id)] for nic_id in machine_nic_ids(record) if key(nic_id) in by_id))
            for record in records
        )

    async def get_resource_group(self, group: ArmId) -> ResourceGroup:
        url = path_of(group, GROUPS_API)
        return await self._reader(group.subscription).get(url, RESOURCE_GROUP, f"read the resource group {group.name}")

    async def get_storage_account(self, account: ArmId) -> StorageAccount:
        url = path_of(account, STORAGE_API)
        return await self._reader(account.subscription).get(
            url, STORAGE_ACCOUNT, f"read the storage account {account.name}"
        )

    async def get_used_capacity(self, account: ArmId, since: datetime, until: datetime) -> int | None:
        url = path_of(
            account.child("providers/Microsoft.Insights/metrics"),
            METRICS_API,
            metricnames=USED_CAPACITY,
            aggregation="Average",
            interval="PT1H",
            timespan=f"{_zulu(since)}/{_zulu(until)}",
        )
        doing = f"read what is stored in {account.name}"
        return await self._reader(account.subscription).get(url, METRIC_VALUE, doing)

    async def get_virtual_network(self, network: ArmId) -> VirtualNetwork:
        url = path_of(network, NETWORK_API)
        return await self._reader(network.subscription).get(
            url, VIRTUAL_NETWORK, f"read the virtual network {network.name}"
        )

    async def check_address(self, network: ArmId, address: str) -> AddressAnswer:
        url = path_of(network.child("CheckIPAddressAvailability"), NETWORK_API, ipAddress=address)
        doing = f"ask whether {address} is free in {network.name}"
        return await self._reader(network.subscription).get(url, ADDRESS_ANSWER, doing)

    async def get_machine(self, machine: ArmId) -> AzureMachine:
        reader = self._reader(machine.subscription)
        url = path_of(machine, COMPUTE_API, **{"$expand": "instanceView"})
        record = await reader.get(url, MACHINE_RECORD, f"read the virtual machine {machine.name}")
        gate = asyncio.Semaphore(_READS_AT_A_TIME)

        async def read_nic(nic_id: str) -> MachineNic | None:
            async with gate:
                try:
                    nic_url = path_of(nic_id, NETWORK_API)
                    return await reader.get(nic_url, NIC, f"read the network interface {ArmId(nic_id).name}")
                except NotFound:  # detached and deleted between the two reads
                    return None

        nics = await asyncio.gather(*(read_nic(nic_id) for nic_id in machine_nic_ids(record)))
        return to_machine(record, tuple(nic for nic in nics if nic is not None))

    async def storage_name_is_free(self, subscription: str, name: str) -> tuple[bool, str]:
        doing = f"check whether the name {name} is free"
        url = _provider_url(subscription, "Microsoft.Storage/checkNameAvailability", STORAGE_API)
        request = HttpRequest("POST", url, json={"name": name, "type": "Microsoft.Storage/storageAccounts"})
        with azure_errors(doing):
            response = await self._clients.resources(subscription).send_request(request, stream=True)
            body = await response.read()
            if response.status_code != 200:
                raise app_error(response.status_code, response.headers, body, doing)
            answer = msgspec.json.decode(body, type=NameAnswer)
        return answer.name_available, text(answer.reason)

    async def begin_put(self, target: ArmId, body: Mapping[str, Any], *, client_request_id: str) -> Accepted:
        doing = f"create {target.name}"
        kind = _type_of(target)
        if kind == _VAULT_TYPE:
            with azure_errors(doing, role="Contributor"):
                return await send_write(
                    self._clients.vaults(target.subscription).vaults.begin_create_or_update,
                    target.resource_group,
                    target.name,
                    dict(body),
                    target=target,
                    client_request_id=client_request_id,
                )
        api_version = _PUT_APIS.get(kind)
        if api_version is None:
            raise NotSupported("", f"Could not {doing}: not supported", "This program does not create that.")
        with azure_errors(doing, role="Contributor"):
            return await send_write(
                self._clients.resources(target.subscription).resources.begin_create_or_update_by_id,
                target.text.lstrip("/"),
                dict(body),
                api_version=api_version,
                target=target,
                client_request_id=client_request_id,
            )

    def _reader(self, subscription: str) -> Reader:
        return Reader(self._clients.resources(subscription))


def _provider_url(subscription: str, path: str, api_version: str) -> str:
    return path_of(subscription_id(subscription).child("providers", path), api_version)


def _zulu(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _type_of(target: ArmId) -> str:
    """`microsoft.storage/storageaccounts` for a resource, `resourcegroups` for a group."""
    parts = target.text.strip("/").lower().split("/")
    if "providers" in parts:
        provider = parts.index("providers") + 1
        return "/".join((parts[provider], *parts[provider + 1 :: 2]))
    return parts[-2] if len(parts) >= 2 else ""
