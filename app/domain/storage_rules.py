"""Which storage accounts can take replicated data or change logs, with every reason against one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from app.domain.azure import StorageAccount
from app.domain.issue import Suitability, Verdict
from app.domain.policy_rules import copy_frequency_text
from app.domain.regions import same_location
from app.domain.resource_access import NOTHING_KNOWN, ResourceAccess
from app.domain.rights import Lock, LockLevel
from app.domain.rules import Rules
from app.domain.source import day_text

PREMIUM = "Premium"

_USE_ANOTHER = "Choose another account, or create one."
_REDUNDANCY_WORDS = {"ZRS": "Zone redundancy", "GZRS": "Zone redundancy", "RAGZRS": "Zone redundancy"}
_KIND_WORDS = {"BlobStorage": "Blobs only", "BlockBlobStorage": "Block blobs only", "FileStorage": "Files only"}


class StorageUse(StrEnum):
    DATA = "data"
    """Replicated disks."""
    LOGS = "logs"
    """Changes on their way to managed disks or to a premium account."""


def judge_storage(
    account: StorageAccount,
    vault_location: str,
    copy_frequency_s: int,
    rules: Rules,
    use: StorageUse = StorageUse.DATA,
    known: ResourceAccess = NOTHING_KNOWN,
    now: datetime | None = None,
) -> Verdict:
    """The verdict that decides; `storage_verdicts` has them all."""
    return storage_verdicts(account, vault_location, copy_frequency_s, rules, use, known, now)[0]


def storage_verdicts(
    account: StorageAccount,
    vault_location: str,
    copy_frequency_s: int,
    rules: Rules,
    use: StorageUse = StorageUse.DATA,
    known: ResourceAccess = NOTHING_KNOWN,
    now: datetime | None = None,
) -> tuple[Verdict, ...]:
    """All there is to say, never empty: what stops it, the least changeable first; then what wants care; then, of an
    account that can be used, how well it suits, and what does no harm.

    Without `now` nothing is said of kinds that end on a day: Site Recovery takes them until then.
    """
    found = [
        *_where_and_what(account, vault_location, rules),
        *_tier_verdicts(account, copy_frequency_s, rules, use),
        *_access_verdicts(account, known),
        *(() if now is None else _ending_kind(account, now, rules)),
    ]
    blocked = [each for each in found if each.status is Suitability.BLOCKED]
    care = [each for each in found if each.status is Suitability.WARNING]
    notes = [each for each in found if each.status is Suitability.OK]
    standing = [] if blocked else [_standing(account, rules, use)]
    return (*blocked, *care, *standing, *notes)


def reasons_against(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Those that stop an account or want care."""
    return tuple(verdict for verdict in verdicts if verdict.status is not Suitability.OK)


def short_word(verdicts: tuple[Verdict, ...]) -> str:
    """The first verdict's word, and how many reasons there are besides: `In North Europe +2`."""
    more = len(reasons_against(verdicts)) - 1
    return f"{verdicts[0].word} +{more}" if more > 0 else verdicts[0].word


# What is wrong


def _where_and_what(account: StorageAccount, vault_location: str, rules: Rules) -> Iterable[Verdict]:
    limits = rules.storage
    if not same_location(account.location, vault_location):
        region = rules.region_name(account.location)
        reason = (
            f"The account is in {region}, the vault in {rules.region_name(vault_location)}. They must share a region."
        )
        yield _blocked(f"In {region}", reason)
    if account.kind not in limits.kinds:
        reason = f"An account of kind {account.kind} can’t hold replicated disks; a general-purpose one can."
        yield _blocked(_KIND_WORDS.get(account.kind, "Unsuitable kind"), reason)


def _tier_verdicts(account: StorageAccount, copy_frequency_s: int, rules: Rules, use: StorageUse) -> Iterable[Verdict]:
    """Performance, redundancy, access tier."""
    limits = rules.storage
    is_premium = account.tier == PREMIUM and account.kind in limits.kinds
    if is_premium and use is StorageUse.LOGS:
        yield _blocked(PREMIUM, "Change logs need a standard account; this one is premium.")
    elif is_premium and not limits.allows_premium:
        yield _blocked(PREMIUM, "Premium accounts can’t take replicated data; standard ones can.")
    if account.redundancy not in limits.redundancies:
        word = _REDUNDANCY_WORDS.get(account.redundancy, account.redundancy)
        usable = ", ".join(limits.redundancies)
        yield _blocked(word, f"Site Recovery doesn’t write to accounts with {account.redundancy}; it takes {usable}.")
    if account.access_tier in limits.refused_access_tiers:
        reason = f"The account’s access tier is {account.access_tier}; replication needs Hot."
        remedy = "Set its access tier to Hot, or choose another account."
        yield Verdict(Suitability.BLOCKED, f"{account.access_tier} tier", reason, remedy)
    if account.firewall_denies:
        yield _firewall_verdict(rules)
    takes_premium = is_premium and use is StorageUse.DATA and limits.allows_premium
    if takes_premium and copy_frequency_s < limits.premium_min_copy_frequency_s:
        every = copy_frequency_text(copy_frequency_s)
        reason = f"Premium accounts can’t take copies every {every}."
        remedy = "Copy less often in the policy, or choose a standard account."
        yield Verdict(Suitability.BLOCKED, f"No {every} on Premium", reason, remedy)


def _firewall_verdict(rules: Rules) -> Verdict:
    if not rules.storage.allows_firewall:
        return _blocked("Firewall", "Accounts behind a firewall can’t take replicated data.")
    reason = "The account’s firewall lets in chosen networks only. Hosts elsewhere can’t send their data."
    remedy = "Let in trusted Microsoft services and the addresses of the hosts, or choose another account."
    return Verdict(Suitability.WARNING, "Firewall", reason, remedy)


def _access_verdicts(account: StorageAccount, known: ResourceAccess) -> Iterable[Verdict]:
    """Locks, rights, and whether Azure is done with it: what can change from one day to the next."""
    for lock in known.locks:
        yield _lock_verdict(lock)
    if known.missing:
        wanted = " and ".join(dict.fromkeys(_verb(action) for action in known.missing))
        role = " and ".join(known.roles) or "a role with that right"
        reason = f"You may not use it: enabling replication takes a right on it that you don’t have ({wanted})."
        yield Verdict(Suitability.BLOCKED, "No right", reason, f"Ask for {role} on it, or choose another account.")
    elif known.denied_by:
        reason = f"The deny assignment “{known.denied_by}” withholds a right that enabling replication takes."
        remedy = "Whoever made it has to exclude you; or choose another account."
        yield Verdict(Suitability.BLOCKED, "No right", reason, remedy)
    if account.provisioning_state != "Succeeded":
        reason = "Azure has not finished making this account."
        yield Verdict(Suitability.BLOCKED, "Not ready", reason, "Wait a minute, then refresh.")


def _ending_kind(account: StorageAccount, now: datetime, rules: Rules) -> Iterable[Verdict]:
    kind = rules.new_storage.kind(account.kind)
    if kind is None or not kind.retired_on:
        return
    day, name = day_text(kind.retired_on), f"{kind.name[:1].lower()}{kind.name[1:]}"
    word, retires, when = ("Ended", "retired", "now") if kind.is_retired(now) else ("Ends", "retires", "before that")
    reason = (
        f"Microsoft {retires} {name} accounts on {day} and turns what is left into v2, where each write costs more."
    )
    remedy = f"Upgrade it to v2 {when}, with access tier Hot: it stays in place, with its data. Or choose another."
    yield Verdict(Suitability.WARNING, f"{word} {day}", reason, remedy)


def _verb(action: str) -> str:
    """`listKeys` of `Microsoft.Storage/storageAccounts/listKeys/action`, `read` of `…/storageAccounts/read`."""
    return action.removesuffix("/action").rsplit("/", 1)[-1]


def _lock_verdict(lock: Lock) -> Verdict:
    where = lock.scope.name
    if lock.level is LockLevel.READ_ONLY:
        reason = f"The read-only lock “{lock.name}” on {where} keeps Site Recovery from the account’s keys."
        return Verdict(Suitability.BLOCKED, "Locked", reason, "Have the lock removed, or choose another account.")
    reason = f"The lock “{lock.name}” on {where} stops deleting only. Replication goes on in spite of it."
    return Verdict(Suitability.OK, "Delete lock", reason)


def _standing(account: StorageAccount, rules: Rules, use: StorageUse) -> Verdict:
    """How well an account suits that nothing stops."""
    if use is StorageUse.LOGS:
        return Verdict(Suitability.OK, "Suitable", "Change logs wait here until they are applied to the disks.")
    if account.tier == PREMIUM:
        reason = "It has no second region, and change logs need a standard account as well."
        return Verdict(Suitability.OK, "With log account", reason, "Choose that one below.")
    if account.redundancy in rules.storage.advised_redundancies:
        return Verdict(Suitability.OK, "Advised", "A second copy of the data lies in another region.")
    return Verdict(
        Suitability.OK, "No second region", "The data survives a broken disk, but not the loss of the region."
    )


def _blocked(word: str, reason: str) -> Verdict:
    return Verdict(Suitability.BLOCKED, word, reason, _USE_ANOTHER)
