"""What a machine's data is replicated to: a storage account, or managed disks that are there for nothing else.

Left out: disk encryption sets beyond being kept and shown, sector sizes. The service's own codes for a target that does
not do are not known; all of them are 506 here. That managed disks need an account for logs, and that no storage account
may stand beside them, follows Microsoft's PowerShell and its documents; no public recording shows either.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.simulator import records as rec
from app.simulator.azure_facts import azure_facts
from app.simulator.azure_machines import DISK_TYPE
from app.simulator.handlers.storage import is_closed_to_azure
from app.simulator.wire import Json, guid, last_segment, time_text, vault_part
from app.simulator.world import World

_DISK_TYPES = {
    "Standard_LRS", "StandardSSD_LRS", "Premium_LRS", "PremiumV2_LRS", "UltraSSD_LRS", "StandardSSD_ZRS", "Premium_ZRS",
}  # fmt: skip
_USUAL_TYPE = "StandardSSD_LRS"
_PREMIUM_LEAST_S = 300


class UnfitTarget(Exception):
    """Why data cannot be replicated there, and what to do."""

    def __init__(self, causes: str, action: str) -> None:
        super().__init__(causes)
        self.causes, self.action = causes, action


def asks_for_managed_disks(given: Json) -> bool:
    return str(given.get("useManagedDisksForReplication") or "").lower() == "true"


def goes_to_managed_disks(item: rec.Item) -> bool:
    return str(item.target.replicates_to_managed_disks or "").lower() == "true"


def upload_accounts(item: rec.Item) -> set[str]:
    """The accounts that the host sends changes to, by key: those for logs where there are any."""
    logs = {str(disk.account).lower() for disk in item.disks if disk.account}
    if item.target.log_account:
        logs.add(item.target.log_account.lower())
    return logs or {str(item.target.account or "").lower()} - {""}


# What is refused


def check_replica(world: World, location: str, policy: rec.Policy, machine: rec.Machine, given: Json) -> None:
    """Raises UnfitTarget for the first thing that is wrong with where data is to go."""
    account_id, logs = given.get("targetStorageAccountId"), list(_log_accounts(given))
    for log_id in logs:
        _check_log_account(world, log_id, location)
    if asks_for_managed_disks(given):
        if account_id:
            raise UnfitTarget(
                "Both managed disks and a storage account are named for replicated data.", "Name one of them."
            )
        if not logs:
            raise UnfitTarget("Managed disks need a storage account for logs.", "Name a standard account for logs.")
        _check_disk_types(given, policy)
        return
    if not account_id:
        return  # the service has one from the policy, or tells later
    account = _account(world, str(account_id), location)
    sku = account.body["sku"]["name"]
    if sku not in azure_facts().limits.replication_skus:
        raise UnfitTarget(
            f"The storage account {account.body['name']} is of type {sku}, which cannot take replicated data.",
            "Choose a general-purpose account with local or geo redundancy.",
        )
    if account.body["sku"]["tier"] == "Premium":
        _check_premium(account, policy, logs)
    most = azure_facts().limits.account_disk_gib
    wanted = {str(disk).lower() for disk in given.get("disksToInclude") or []}
    if any(disk.size_mib > most * 1024 for disk in machine.disks if not wanted or disk.id in wanted):
        raise UnfitTarget(
            f"A disk is larger than {most} GiB, which a storage account does not take.",
            "Replicate the machine to managed disks, or leave that disk out.",
        )


def _log_accounts(given: Json) -> Iterator[str]:
    if given.get("logStorageAccountId"):
        yield str(given["logStorageAccountId"])
    for disk in given.get("disksToIncludeForManagedDisks") or []:
        if disk.get("logStorageAccountId"):
            yield str(disk["logStorageAccountId"])


def _check_log_account(world: World, account_id: str, location: str) -> None:
    account = _account(world, account_id, location)
    sku = account.body["sku"]
    if sku["tier"] != "Standard" or sku["name"] not in azure_facts().limits.replication_skus:
        raise UnfitTarget(
            f"The storage account {account.body['name']} is of type {sku['name']}, which cannot take logs.",
            "Choose a standard general-purpose account with local or geo redundancy.",
        )


def _check_premium(account: rec.Resource, policy: rec.Policy, logs: list[str]) -> None:
    name = account.body["name"]
    if float(policy.details.get("replicationInterval") or _PREMIUM_LEAST_S) < _PREMIUM_LEAST_S:
        raise UnfitTarget(
            f"The policy {last_segment(policy.id)} copies more often than the premium account {name} allows.",
            "Choose a policy of five minutes, or a standard account.",
        )
    if not logs:
        raise UnfitTarget(
            f"The premium account {name} needs another account for logs.", "Name a standard account for logs."
        )


def _check_disk_types(given: Json, policy: rec.Policy) -> None:
    named = [
        given.get("diskType"),
        *(disk.get("diskType") for disk in given.get("disksToIncludeForManagedDisks") or []),
    ]
    unknown = next((kind for kind in named if kind and kind not in _DISK_TYPES), None)
    if unknown is not None:
        raise UnfitTarget(f"There is no type of managed disk named {unknown}.", "Choose a type that exists.")
    premium = next((kind for kind in named if kind and kind.startswith("Premium")), None)
    if premium is not None and float(policy.details.get("replicationInterval") or _PREMIUM_LEAST_S) < _PREMIUM_LEAST_S:
        raise UnfitTarget(
            f"The policy {last_segment(policy.id)} copies more often than disks of the type {premium} allow.",
            "Choose a policy of five minutes, or standard disks.",
        )


def _account(world: World, account_id: str, location: str) -> rec.Resource:
    account = world.resources.get(account_id.lower())
    if account is None:
        raise UnfitTarget(
            f"The storage account {last_segment(account_id)} does not exist.", "Choose a storage account that exists."
        )
    name = account.body["name"]
    if account.body["location"] != location:
        raise UnfitTarget(
            f"The storage account {name} is not in the vault's region.", f"Choose a storage account in {location}."
        )
    if is_closed_to_azure(account):
        raise UnfitTarget(
            f"The firewall of the storage account {name} does not let Azure's own services in.",
            "Allow trusted services of Azure in the account's firewall.",
        )
    return account


# Managed disks


def disk_kind(given: Json, disk: Json) -> str | None:
    """The type asked for one disk; None where the account decides at a failover."""
    return disk.get("diskType") or given.get("diskType") or (_USUAL_TYPE if asks_for_managed_disks(given) else None)


def make_replica_disks(world: World, item: rec.Item, at: float) -> None:
    """The disks in Azure that the machine's data is written to, one for each of its own."""
    if not goes_to_managed_disks(item):
        return
    location = world.resources[vault_part(item.id.lower())].body["location"]
    for disk in item.disks:
        name = f"asrseeddisk-{item.machine_name.replace(' ', '-')[:40]}-{guid(item.correlation, disk.disk_id)}"
        disk.seed = f"{item.target.group}/providers/{DISK_TYPE}/{name}"
        body: Json = {
            "name": name,
            "id": disk.seed,
            "type": DISK_TYPE,
            "location": location,
            "tags": dict(item.target.seed_disk_tags or {}),
            "sku": {"name": disk.kind or _USUAL_TYPE},
            "properties": {
                "diskSizeGB": max(disk.size_mib // 1024, 1),
                "diskState": "ActiveUpload",
                "provisioningState": "Succeeded",
                "timeCreated": time_text(at),
                "creationData": {"createOption": "Upload"},
            },
        }
        world.resources.put(disk.seed.lower(), rec.Resource(disk.seed, DISK_TYPE, body))


def delete_replica_disks(world: World, item: rec.Item) -> None:
    for disk in item.disks:
        if disk.seed:
            world.resources.remove(disk.seed.lower())


def managed_disks_shown(item: rec.Item) -> list[Json]:
    """As the protected item tells them, from when they are there."""
    return [
        {
            "diskId": disk.vhd_id,
            "seedManagedDiskId": disk.seed,
            "replicaDiskType": disk.kind,
            "diskEncryptionSetId": disk.encryption_set,
            "targetDiskAccountType": disk.kind,
            "sectorSizeInBytes": 512,
        }
        for disk in item.disks
        if disk.seed
    ]
