"""Which storage accounts can take replicated data."""

from __future__ import annotations

from app.domain.azure import StorageAccount
from app.domain.issue import Suitability, Verdict
from app.domain.policy_rules import copy_frequency_text
from app.domain.regions import same_location
from app.domain.rules import Rules

_USE_ANOTHER = "Choose another account, or create one."
_REDUNDANCY_WORDS = {"ZRS": "Zone redundancy", "GZRS": "Zone redundancy", "RAGZRS": "Zone redundancy"}
_KIND_WORDS = {"BlobStorage": "Blobs only", "BlockBlobStorage": "Block blobs only", "FileStorage": "Files only"}


def judge_storage(account: StorageAccount, vault_location: str, copy_frequency_s: int, rules: Rules) -> Verdict:
    """Whether replicated data can go there; the first reason against it, the least changeable first."""
    limits = rules.storage
    if not same_location(account.location, vault_location):
        region = rules.region_name(account.location)
        reason = (
            f"The account is in {region}, the vault in {rules.region_name(vault_location)}. They must share a region."
        )
        return _blocked(f"In {region}", reason)
    if account.kind not in limits.kinds:
        word = _KIND_WORDS.get(account.kind, "Unsuitable kind")
        return _blocked(
            word, f"An account of kind {account.kind} can’t hold replicated disks; a general-purpose one can."
        )
    if account.tier == "Premium":
        return _judge_premium(copy_frequency_s, rules)
    if account.redundancy not in limits.redundancies:
        word = _REDUNDANCY_WORDS.get(account.redundancy, account.redundancy)
        usable = ", ".join(limits.redundancies)
        return _blocked(word, f"Site Recovery doesn’t write to accounts with {account.redundancy}; it takes {usable}.")
    if account.access_tier in limits.refused_access_tiers:
        reason = f"The account’s access tier is {account.access_tier}; replication needs Hot."
        return Verdict(
            Suitability.BLOCKED,
            f"{account.access_tier} tier",
            reason,
            "Set its access tier to Hot, or choose another account.",
        )
    if account.provisioning_state != "Succeeded":
        reason = "Azure has not finished making this account."
        return Verdict(Suitability.BLOCKED, "Not ready", reason, "Wait a minute, then refresh.")
    if account.firewall_denies:
        return _judge_firewall(rules)
    if account.redundancy in limits.advised_redundancies:
        return Verdict(Suitability.OK, "Advised", "A second copy of the data lies in another region.")
    return Verdict(
        Suitability.OK, "No second region", "The data survives a broken disk, but not the loss of the region."
    )


def _blocked(word: str, reason: str) -> Verdict:
    return Verdict(Suitability.BLOCKED, word, reason, _USE_ANOTHER)


def _judge_premium(copy_frequency_s: int, rules: Rules) -> Verdict:
    limits = rules.storage
    if not limits.allows_premium:
        return _blocked("Premium", "Premium accounts can’t take replicated data; standard ones can.")
    if copy_frequency_s < limits.premium_min_copy_frequency_s:
        every = copy_frequency_text(copy_frequency_s)
        reason = f"Premium accounts can’t take copies every {every}."
        return Verdict(
            Suitability.BLOCKED,
            f"No {every} on Premium",
            reason,
            "Copy less often in the policy, or choose a standard account.",
        )
    reason = "A premium account also needs a standard account for change logs, which this set-up doesn’t ask for."
    return _blocked("Needs a log account", reason)


def _judge_firewall(rules: Rules) -> Verdict:
    if not rules.storage.allows_firewall:
        return _blocked("Firewall", "Accounts behind a firewall can’t take replicated data.")
    reason = "The account’s firewall lets in chosen networks only. Hosts elsewhere can’t send their data."
    remedy = "Let in trusted Microsoft services and the addresses of the hosts, or choose another account."
    return Verdict(Suitability.WARNING, "Firewall", reason, remedy)
