"""Reads what Azure has and compares it with what an action wants.

Asked twice: before a write, where "as wanted" means that there is nothing to do, and after it, where it means
confirmed. A value that Azure does not tell is not held against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from app.domain.arm_id import same
from app.domain.azure import StorageAccount, VirtualNetwork
from app.domain.protected_item import Operation, ReplicationProtectedItem
from app.domain.protection import ContainerMapping, ReplicationPolicy
from app.domain.vault import Vault
from app.errors import NotFound
from app.flows.action import REMOVAL_KINDS, Action, ActionKind
from app.services.gateways import Gateways


class Standing(Enum):
    ABSENT = auto()
    PENDING = auto()
    """On its way to what is wanted."""
    DIFFERENT = auto()
    AS_WANTED = auto()


@dataclass(frozen=True, slots=True)
class Reading:
    """`difference` says in words what is not as wanted."""

    standing: Standing
    difference: str = ""
    item: ReplicationProtectedItem | None = None
    """The protected item that was read, for actions on one."""


_AS_WANTED = Reading(Standing.AS_WANTED)
_PENDING = Reading(Standing.PENDING)
_ABSENT = Reading(Standing.ABSENT)

_ENDED_PROVISIONING = ("", "succeeded")
_BROKEN_PROVISIONING = ("failed", "canceled")


async def read_back(action: Action, gateways: Gateways, *, since: datetime | None = None) -> Reading:
    """What Azure says now about the target of `action`.

    With `since`, an operation that has happened after it counts, even if something else has followed it meanwhile.
    """
    if action.kind in REMOVAL_KINDS:
        return await _read_removal(action, gateways)
    try:
        if action.kind is ActionKind.REFRESH_HOST:
            return await _read_refresh(action, gateways, since)
        if action.kind is ActionKind.CHANGE_POLICY:
            return await _read_change(action, gateways)
        if action.is_post:
            return await _read_operation(action, gateways, since)
        return await _READERS[action.kind](action, gateways)
    except NotFound:
        return _ABSENT


async def _read_registration(action: Action, gateways: Gateways) -> Reading:
    target = action.target
    provider = await gateways.subscriptions.get_resource_provider(target.subscription, target.name)
    if provider.is_registered:
        return _AS_WANTED
    return _PENDING if provider.state.lower() == "registering" else _ABSENT


async def _read_resource_group(action: Action, gateways: Gateways) -> Reading:
    group = await gateways.resources.get_resource_group(action.target)
    return _compare(_location(action, group.location))


async def _read_vault(action: Action, gateways: Gateways) -> Reading:
    vault = await gateways.vaults.get_vault(action.target)
    return _provisioned(
        vault.provisioning_state, _location(action, vault.location), *_vault_differences(action.body, vault)
    )


def _vault_differences(body: Mapping[str, Any] | None, vault: Vault) -> Iterable[str]:
    wanted = _at(body, "properties", "redundancySettings", "standardTierStorageRedundancy")
    yield _differs("redundancy", wanted, vault.redundancy)
    yield from _tag_differences(body, vault.tags)


def _tag_differences(body: Mapping[str, Any] | None, found_tags: Iterable[tuple[str, str]]) -> Iterable[str]:
    tags = {name.lower(): value for name, value in found_tags}  # policies add some of their own
    for name, value in (_at(body, "tags") or {}).items():
        found = tags.get(name.lower())
        if found != value:
            yield f"the tag {name} is missing" if found is None else f"the tag {name} is {found}, wanted {value}"


async def _read_storage_account(action: Action, gateways: Gateways) -> Reading:
    account = await gateways.resources.get_storage_account(action.target)
    return _provisioned(
        account.provisioning_state, _location(action, account.location), *_storage_differences(action, account)
    )


def _storage_differences(action: Action, account: StorageAccount) -> Iterable[str]:
    sku = str(_at(action.body, "sku", "name") or "")
    tier, _, redundancy = sku.partition("_")
    yield _differs("performance", tier, account.tier)
    yield _differs("redundancy", redundancy, account.redundancy)
    yield _differs("kind", _at(action.body, "kind"), account.kind)
    yield _differs("access tier", _at(action.body, "properties", "accessTier"), account.access_tier)
    yield from _tag_differences(action.body, account.tags)


async def _read_virtual_network(action: Action, gateways: Gateways) -> Reading:
    network = await gateways.resources.get_virtual_network(action.target)
    return _provisioned(
        network.provisioning_state, _location(action, network.location), *_network_differences(action, network)
    )


def _network_differences(action: Action, network: VirtualNetwork) -> Iterable[str]:
    """Subnets and ranges that somebody added beside those wanted do no harm; other servers for names do."""
    properties = _at(action.body, "properties")
    for range_ in _at(properties, "addressSpace", "addressPrefixes") or ():
        if range_ not in network.address_prefixes:
            yield f"the address range {range_} is missing; there is {', '.join(network.address_prefixes) or 'none'}"
    prefixes = {subnet.name.lower(): subnet.prefix for subnet in network.subnets}
    for subnet in _at(properties, "subnets") or ():
        name = str(subnet.get("name", ""))
        if name.lower() not in prefixes:
            yield f"there is no subnet {name}"
        else:
            yield _differs(f"subnet {name}", _at(subnet, "properties", "addressPrefix"), prefixes[name.lower()])
    servers = tuple(_at(properties, "dhcpOptions", "dnsServers") or ())
    if servers and servers != network.dns_servers:
        yield f"DNS servers are {', '.join(network.dns_servers) or 'Azure’s own'}, wanted {', '.join(servers)}"
    yield from _tag_differences(action.body, network.tags)


async def _read_site(action: Action, gateways: Gateways) -> Reading:
    fabric = await gateways.site_recovery.get_fabric(action.target)
    return _compare("" if fabric.is_hyper_v_site else f"it is of the kind {fabric.kind}, not a Hyper-V site")


async def _read_policy(action: Action, gateways: Gateways) -> Reading:
    policy = await gateways.site_recovery.get_policy(action.target)
    return _compare(*_policy_differences(_at(action.body, "providerSpecificInput") or {}, policy))


def _policy_differences(wanted: Mapping[str, Any], policy: ReplicationPolicy) -> Iterable[str]:
    yield _differs("kind", wanted.get("instanceType"), policy.kind)
    yield _differs("copy frequency in seconds", wanted.get("replicationInterval"), policy.copy_frequency_s)
    yield _differs("hours of recovery points", wanted.get("recoveryPointHistoryDuration"), policy.retention_h)
    yield _differs(
        "hours between application-consistent points",
        wanted.get("applicationConsistentSnapshotFrequencyInHours"),
        policy.app_consistent_frequency_h,
    )


async def _read_change(action: Action, gateways: Gateways) -> Reading:
    """What still is as it was shown is on its way; anything else has been written by somebody else."""
    policy = await gateways.site_recovery.get_policy(action.target)
    wanted = _compare(*_policy_differences(_at(action.body, "replicationProviderSettings") or {}, policy))
    if wanted.standing is Standing.AS_WANTED:
        return wanted
    expected = action.expects or {}
    if any(_policy_differences(expected, policy)):
        return wanted
    kept = _compare(*_kept_differences(expected, policy))
    return kept if kept.standing is Standing.DIFFERENT else _PENDING


def _kept_differences(expected: Mapping[str, Any], policy: ReplicationPolicy) -> Iterable[str]:
    """Of what a change sends as it was, since an update replaces the whole."""
    start, begins = str(expected.get("onlineReplicationStartTime") or ""), policy.initial_replication_start
    if start != begins:
        yield f"first copies start {begins or 'at once'}, shown was {start or 'at once'}"
    accounts = expected.get("storageAccounts") or ("",)
    if not same(str(accounts[0]), policy.storage_account_id):
        yield "the storage account is another one"


async def _read_mapping(action: Action, gateways: Gateways) -> Reading:
    mapping: ContainerMapping = await gateways.site_recovery.get_mapping(action.target)
    difference = _differs_id("policy", _at(action.body, "policyId"), mapping.policy_id.text)
    if not difference and mapping.state.lower() not in ("", "paired"):
        return _PENDING
    return _compare(difference)


async def _read_protection(action: Action, gateways: Gateways) -> Reading:
    item = await gateways.site_recovery.get_protected_item(action.target)
    if item.protection_state.endswith("Failed"):
        return Reading(Standing.DIFFERENT, "the last try to protect it failed, and must be removed first", item)
    reading = _compare(*_protection_differences(action.body, item))
    return Reading(reading.standing, reading.difference, item)


def _protection_differences(body: Mapping[str, Any] | None, item: ReplicationProtectedItem) -> Iterable[str]:
    yield _differs_id("machine", _at(body, "protectableItemId"), item.protectable_item_id)
    yield _differs_id("policy", _at(body, "policyId"), item.policy_id)
    wanted = _at(body, "providerSpecificDetails") or {}
    yield _differs("name in Azure", wanted.get("targetAzureVmName"), item.target_name)
    yield _differs_id("network", wanted.get("targetAzureNetworkId"), item.target_network_id)
    yield _differs_id("resource group", wanted.get("targetAzureV2ResourceGroupId"), item.target_resource_group_id)
    yield _replica_difference(wanted, item)
    yield _differs_id("account for change logs", wanted.get("logStorageAccountId"), item.log_account_id)


def _replica_difference(wanted: Mapping[str, Any], item: ReplicationProtectedItem) -> str:
    """Managed disks are told once they are made, so none of them says nothing as long as there is no account either."""
    account = str(wanted.get("targetStorageAccountId") or "")
    if account and item.has_managed_replica:
        return f"data goes to managed disks, wanted the storage account {account.rsplit('/', 1)[-1]}"
    wants_disks = str(wanted.get("useManagedDisksForReplication") or "").lower() == "true"
    if wants_disks and item.storage_account_id and not item.has_managed_replica:
        return f"data goes to the storage account {item.storage_account_id.rsplit('/', 1)[-1]}, wanted managed disks"
    asked = {str(disk.get("diskType") or "") for disk in wanted.get("disksToIncludeForManagedDisks") or ()}
    alike = {kind.lower() for kind in asked}
    others = sorted({kind for kind in item.managed_disk_types if kind and asked and kind.lower() not in alike})
    if others:
        return f"disks are of the type {', '.join(others)}, wanted {', '.join(sorted(asked))}"
    return _differs_id("storage account", account, item.storage_account_id)


async def _read_operation(action: Action, gateways: Gateways, since: datetime | None) -> Reading:
    item = await gateways.site_recovery.get_protected_item(action.target)
    standing = Standing.AS_WANTED if _has_happened(action.kind, item, since) else Standing.PENDING
    return Reading(standing, item=item)


async def _read_removal(action: Action, gateways: Gateways) -> Reading:
    """A host has no read of its own that every api-version offers, so it is looked for in the vault's list."""
    below, target = gateways.site_recovery, action.target
    try:
        match action.kind:
            case ActionKind.REMOVE_SITE:
                await below.get_fabric(target)
            case ActionKind.DISSOCIATE_POLICY:
                await below.get_mapping(target)
            case ActionKind.DELETE_POLICY:
                await below.get_policy(target)
            case _:
                hosts = await below.list_providers(target.up_to("vaults"))
                return _PENDING if any(host.id == target for host in hosts) else _AS_WANTED
    except NotFound:
        return _AS_WANTED
    return _PENDING


async def _read_refresh(action: Action, gateways: Gateways, since: datetime | None) -> Reading:
    """Its job is its proof; what is read back is that the host is still there."""
    hosts = await gateways.site_recovery.list_providers(action.target.up_to("vaults"))
    if not any(host.id == action.target for host in hosts):
        return _ABSENT
    return _PENDING if since is None else _AS_WANTED


def _has_happened(kind: ActionKind, item: ReplicationProtectedItem, since: datetime | None) -> bool:
    def came_after(time: datetime | None) -> bool:
        return since is not None and time is not None and time >= since

    match kind:
        case ActionKind.TEST_FAILOVER:
            return item.awaits_clean_up or came_after(item.last_test_failover)
        case ActionKind.CLEAN_UP_TEST_FAILOVER:
            return not item.awaits_clean_up
        case ActionKind.COMMIT_FAILOVER:
            return (item.runs_in_azure or since is not None) and not item.allows(Operation.COMMIT)
        case _:
            return item.runs_in_azure or came_after(item.last_failover)


_READERS = {
    ActionKind.REGISTER_PROVIDER: _read_registration,
    ActionKind.CREATE_RESOURCE_GROUP: _read_resource_group,
    ActionKind.CREATE_VAULT: _read_vault,
    ActionKind.CREATE_STORAGE_ACCOUNT: _read_storage_account,
    ActionKind.CREATE_VIRTUAL_NETWORK: _read_virtual_network,
    ActionKind.CREATE_SITE: _read_site,
    ActionKind.CREATE_POLICY: _read_policy,
    ActionKind.ASSOCIATE_POLICY: _read_mapping,
    ActionKind.ENABLE_PROTECTION: _read_protection,
}


def _compare(*differences: str) -> Reading:
    told = "; ".join(difference for difference in differences if difference)
    return Reading(Standing.DIFFERENT, told) if told else _AS_WANTED


def _provisioned(state: str, *differences: str) -> Reading:
    reading = _compare(*differences)
    if reading.standing is Standing.DIFFERENT or state.lower() in _ENDED_PROVISIONING:
        return reading
    if state.lower() in _BROKEN_PROVISIONING:
        return Reading(Standing.DIFFERENT, f"Azure could not finish making it ({state})")
    return _PENDING


def _location(action: Action, found: str) -> str:
    wanted = str(_at(action.body, "location") or "")
    return _differs("region", wanted.replace(" ", "").lower(), found.replace(" ", "").lower())


def _differs(what: str, wanted: object, found: object) -> str:
    if wanted in (None, "") or found in (None, "") or str(wanted).lower() == str(found).lower():
        return ""
    return f"{what} is {found}, wanted {wanted}"


def _differs_id(what: str, wanted: object, found: str) -> str:
    if not wanted or not found or same(str(wanted), found):
        return ""
    return f"{what} is {found.rsplit('/', 1)[-1]}, wanted {str(wanted).rsplit('/', 1)[-1]}"


def _at(body: Mapping[str, Any] | None, *path: str) -> Any:
    """The value under nested keys of a JSON body; None when any of them is missing."""
    value: Any = body
    for part in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value
