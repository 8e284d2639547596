"""What a set-up needs for the kind of replica that it chose, and what speaks against that kind."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.arm_id import ArmId
from app.domain.estate import Estate
from app.domain.issue import Issue, Severity, Suitability
from app.domain.protection import ProtectableItem
from app.domain.replica_judging import account_disk_max_gib, judge_account_disk, managed_disks_problem
from app.domain.rules import Rules
from app.domain.sizes import MIB_PER_GIB
from app.domain.storage_rules import PREMIUM
from app.domain.support import judge_data_disk, judge_os_disk
from app.flows.draft import MachineChoice, ReplicaKind, SetUpDraft, StorageChoice
from app.flows.places import logs_id, storage_id
from app.flows.step import Context, counted


def goes_to_managed_disks(draft: SetUpDraft) -> bool:
    return draft.target.replica is ReplicaKind.MANAGED_DISK


def managed_type(draft: SetUpDraft, rules: Rules) -> str:
    """The type of managed disks, as Azure writes it; empty where data goes to an account."""
    return (draft.target.disk_type or rules.replica.managed_disk_type) if goes_to_managed_disks(draft) else ""


def makes_premium_disks(draft: SetUpDraft, rules: Rules) -> bool:
    """Whether managed disks of the premium tier were chosen."""
    return managed_type(draft, rules).startswith(PREMIUM)


def is_premium(draft: SetUpDraft, estate: Estate) -> bool:
    """Whether replicated data goes to a premium account; those that the program makes are standard."""
    wanted = storage_id(draft)
    account = estate.storage_account(wanted.text) if wanted is not None else None
    return account is not None and account.tier == PREMIUM


def takes_logs(draft: SetUpDraft, estate: Estate) -> bool:
    """Whether change logs take an account of their own: managed disks and premium accounts hold disks alone."""
    return goes_to_managed_disks(draft) or is_premium(draft, estate)


def needs_logs(draft: SetUpDraft, context: Context) -> bool:
    """Whether an account for change logs is asked for: not beside one that can’t hold disks at all."""
    if goes_to_managed_disks(draft):
        return True
    wanted = storage_id(draft)
    account = context.estate.storage_account(wanted.text) if wanted is not None else None
    return account is not None and account.tier == PREMIUM and account.kind in context.rules.storage.kinds


def logs_purpose(draft: SetUpDraft) -> str:
    """Why an account for change logs is asked for. The portal calls it by another name, which people may look for."""
    what = "Managed disks hold" if goes_to_managed_disks(draft) else "A premium account holds"
    return (
        f"{what} disks alone. Changes wait in a standard account until they are applied; the Azure portal calls it "
        "the cache storage account."
    )


def log_account_id(draft: SetUpDraft, estate: Estate) -> ArmId | None:
    """The account for change logs where replication takes one; None too as long as none is chosen."""
    return logs_id(draft) if takes_logs(draft, estate) else None


def upload_id(draft: SetUpDraft, estate: Estate) -> ArmId | None:
    """The account that hosts send changes to, which is what an upload can be measured against."""
    return logs_id(draft) if takes_logs(draft, estate) else storage_id(draft)


def accounts_of(draft: SetUpDraft, estate: Estate) -> tuple[ArmId, ...]:
    """All accounts that replication takes, as far as they are chosen: for the disks, and for the logs."""
    return tuple(each for each in (storage_id(draft), log_account_id(draft, estate)) if each is not None)


def redundancy_of(choice: StorageChoice, estate: Estate) -> str:
    """The account's own, where it is there."""
    account = None if choice.create else estate.storage_account(choice.account_id)
    return account.redundancy if account else choice.redundancy


def replica_words(draft: SetUpDraft) -> str:
    """What stands for it in a summary: the account or `managed disks`; empty before a choice."""
    data = storage_id(draft)
    return "managed disks" if goes_to_managed_disks(draft) else data.name if data is not None else ""


def check_replica(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    """Whether the limits in force know the kind of replica, and whether it holds the machines chosen already."""
    if goes_to_managed_disks(draft):
        problem = managed_disks_problem(context.rules)
        if problem:
            return (Issue("target.replica", problem, short="No replication to managed disks"),)
        kinds, chosen = context.rules.replica.managed_disk_types, managed_type(draft, context.rules)
        if chosen in kinds:
            return ()
        text = f"{chosen} is no type that disks can have here. Choose {' or '.join(kinds.values())}."
        return (Issue("target.replica.disk_type", text, short="Type of disk"),)
    large = _large_disks(context)
    names = [
        machine.name
        for machine in draft.machines
        if not large.isdisjoint(machine.disk_ids) and context.estate.protected(machine.machine_id) is None
    ]
    if not names:
        return ()
    most = f"{account_disk_max_gib(context.rules):,} GiB, which a storage account doesn’t take. Choose managed disks,"
    if len(names) == 1:
        text = f"{names[0]} has a disk above {most} or leave it out."
    else:
        text = f"{names[0]} and {counted(len(names) - 1, 'other machine')} have disks above {most} or leave those out."
    return (Issue("target.replica", text, Severity.WARNING, short="A disk is too large"),)


def _large_disks(context: Context) -> frozenset[str]:
    """Ids of disks that no storage account takes, found once: going through thousands takes longer than a key may."""
    known: frozenset[str] | None = context.remembered.get(__name__)
    if known is None:
        most = account_disk_max_gib(context.rules) * MIB_PER_GIB
        items = context.estate.protectable_items
        known = frozenset(disk.vhd_id for item in items for disk in item.disks if disk.size_mib > most)
        context.remembered[__name__] = known
    return known


def check_disks(machine: MachineChoice, item: ProtectableItem, draft: SetUpDraft, context: Context) -> Iterable[Issue]:
    """Disks of a machine that the storage account takes no more."""
    if goes_to_managed_disks(draft):
        return
    chosen = frozenset(machine.disk_ids)
    for disk in item.disks:
        if disk.vhd_id not in chosen:
            continue
        is_os = disk.vhd_id == machine.os_disk_id
        at_all = judge_os_disk(disk, item.generation, context.rules) if is_os else judge_data_disk(disk, context.rules)
        verdict = judge_account_disk(disk, context.rules)
        if at_all.status is not Suitability.BLOCKED and verdict.status is Suitability.BLOCKED:
            short = f"{machine.name}: disk too large for a storage account"
            text = f"{machine.name}: {verdict.reason} {verdict.remedy}"
            yield Issue("os_disk_id" if is_os else "disk_ids", text, short=short)
