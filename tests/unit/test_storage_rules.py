"""Storage accounts: what can take replicated data, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.arm_id import resource_group_id
from app.domain.issue import Suitability
from app.domain.resource_access import ResourceAccess
from app.domain.rights import Lock, LockLevel
from app.domain.storage_rules import StorageUse, judge_storage, short_word, storage_verdicts
from app.rules import load_rules
from tests.support.estates import GROUP, SUBSCRIPTION, storage

RULES = load_rules()


@pytest.mark.parametrize(
    ("changes", "status", "word"),
    [
        ({}, Suitability.OK, "Advised"),
        ({"redundancy": "RAGRS"}, Suitability.OK, "Advised"),
        ({"redundancy": "LRS"}, Suitability.OK, "No second region"),
        ({"kind": "Storage", "access_tier": ""}, Suitability.OK, "Advised"),
        ({"location": "West Europe"}, Suitability.OK, "Advised"),
        ({"location": "northeurope"}, Suitability.BLOCKED, "In North Europe"),
        ({"kind": "BlobStorage"}, Suitability.BLOCKED, "Blobs only"),
        ({"kind": "FileStorage", "tier": "Premium"}, Suitability.BLOCKED, "Files only"),
        ({"kind": "Quantum"}, Suitability.BLOCKED, "Unsuitable kind"),
        ({"tier": "Premium", "redundancy": "LRS"}, Suitability.OK, "With log account"),
        ({"redundancy": "ZRS"}, Suitability.BLOCKED, "Zone redundancy"),
        ({"redundancy": "RAGZRS"}, Suitability.BLOCKED, "Zone redundancy"),
        ({"access_tier": "Cool"}, Suitability.BLOCKED, "Cool tier"),
        ({"access_tier": "Cold"}, Suitability.BLOCKED, "Cold tier"),
        ({"provisioning_state": "Creating"}, Suitability.BLOCKED, "Not ready"),
        ({"firewall_denies": True}, Suitability.WARNING, "Firewall"),
    ],
)
def test_verdict_and_its_word(changes: dict[str, object], status: Suitability, word: str) -> None:
    verdict = judge_storage(storage(**changes), "westeurope", 300, RULES)
    assert (verdict.status, verdict.word) == (status, word)
    assert len(verdict.word.split()) <= 4


def test_every_refusal_has_reason_and_remedy() -> None:
    refused = [
        judge_storage(storage(**changes), "westeurope", 300, RULES)
        for changes in (
            {"location": "uksouth"},
            {"kind": "BlobStorage"},
            {"redundancy": "ZRS"},
            {"access_tier": "Cool"},
        )
    ]
    assert all(verdict.reason.endswith(".") and verdict.remedy.endswith(".") for verdict in refused)


@pytest.mark.parametrize(
    ("day", "word", "told", "use"),
    [
        (datetime(2026, 3, 2, tzinfo=UTC), "Ends 13 October 2026", "retires general-purpose v1", StorageUse.DATA),
        (datetime(2026, 10, 12, 23, tzinfo=UTC), "Ends 13 October 2026", "v2 before that", StorageUse.LOGS),
        (datetime(2026, 10, 13, tzinfo=UTC), "Ended 13 October 2026", "Upgrade it to v2 now", StorageUse.DATA),
    ],
)
def test_a_kind_that_ends_wants_care_and_is_upgraded_in_place(
    day: datetime, word: str, told: str, use: StorageUse
) -> None:
    account = storage(kind="Storage", access_tier="")
    verdicts = storage_verdicts(account, "westeurope", 300, RULES, use, now=day)
    assert (verdicts[0].status, verdicts[0].word, short_word(verdicts)) == (Suitability.WARNING, word, word)
    assert told in f"{verdicts[0].reason} {verdicts[0].remedy}"
    assert "stays in place" in verdicts[0].remedy
    assert storage_verdicts(storage(), "westeurope", 300, RULES, use, now=day)[0].status is Suitability.OK


@pytest.mark.parametrize(("copy_s", "word"), [(30, "No 30 s on Premium"), (300, "With log account")])
def test_premium_depends_on_the_copy_frequency(copy_s: int, word: str) -> None:
    assert judge_storage(storage(tier="Premium", redundancy="LRS"), "westeurope", copy_s, RULES).word == word


def test_the_article_took_no_premium_and_no_firewall() -> None:
    seed = load_rules("seed-2017")
    assert judge_storage(storage(tier="Premium"), "westeurope", 300, seed).word == "Premium"
    assert judge_storage(storage(firewall_denies=True), "westeurope", 300, seed).status is Suitability.BLOCKED


READ_ONLY = Lock("keep", resource_group_id(SUBSCRIPTION, GROUP), LockLevel.READ_ONLY)
NO_DELETE = Lock("stay", resource_group_id(SUBSCRIPTION, GROUP), LockLevel.CAN_NOT_DELETE)
NO_KEYS = ResourceAccess(
    missing=("Microsoft.Storage/storageAccounts/listKeys/action",), roles=("Storage Account Contributor",)
)


def test_all_reasons_are_told_the_least_changeable_first() -> None:
    account = storage(
        location="uksouth", kind="BlobStorage", redundancy="ZRS", access_tier="Cool", firewall_denies=True,
        provisioning_state="Creating",
    )  # fmt: skip
    verdicts = storage_verdicts(account, "westeurope", 300, RULES, known=replace(NO_KEYS, locks=(READ_ONLY, NO_DELETE)))
    assert [verdict.word for verdict in verdicts] == [
        "In UK South", "Blobs only", "Zone redundancy", "Cool tier", "Locked", "No right", "Not ready",
        "Firewall", "Delete lock",
    ]  # fmt: skip
    assert short_word(verdicts) == "In UK South +7"
    assert judge_storage(account, "westeurope", 300, RULES) == verdicts[0]


def test_a_lock_on_reading_keys_stops_an_account_and_one_on_deleting_does_not() -> None:
    locked = storage_verdicts(storage(), "westeurope", 300, RULES, known=ResourceAccess((READ_ONLY,)))
    assert [(each.word, each.status) for each in locked] == [("Locked", Suitability.BLOCKED)]
    kept = storage_verdicts(storage(), "westeurope", 300, RULES, known=ResourceAccess((NO_DELETE,)))
    assert [(each.word, each.is_usable) for each in kept] == [("Advised", True), ("Delete lock", True)]
    assert "in spite of it" in kept[1].reason
    assert short_word(kept) == "Advised"


def test_a_missing_right_names_the_right_and_who_has_it() -> None:
    verdict = judge_storage(storage(), "westeurope", 300, RULES, known=NO_KEYS)
    assert verdict.word == "No right"
    assert "listKeys" in verdict.reason
    assert "Storage Account Contributor" in verdict.remedy


def test_a_deny_assignment_is_named() -> None:
    verdict = judge_storage(storage(), "westeurope", 300, RULES, known=ResourceAccess(denied_by="Blueprint"))
    assert (verdict.word, "Blueprint" in verdict.reason) == ("No right", True)


def test_premium_says_that_a_log_account_is_needed() -> None:
    premium = storage(tier="Premium", redundancy="LRS", access_tier="Premium")
    verdict = judge_storage(premium, "westeurope", 300, RULES)
    assert verdict.is_usable
    assert "standard account" in verdict.reason


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "Suitable"),
        ({"redundancy": "LRS"}, "Suitable"),
        ({"kind": "Storage", "access_tier": ""}, "Suitable"),
        ({"tier": "Premium", "redundancy": "LRS", "access_tier": "Premium"}, "Premium"),
        ({"kind": "BlockBlobStorage", "tier": "Premium", "redundancy": "LRS"}, "Block blobs only"),
        ({"location": "northeurope"}, "In North Europe"),
        ({"redundancy": "GZRS"}, "Zone redundancy"),
        ({"firewall_denies": True}, "Firewall"),
    ],
)
def test_change_logs_go_to_standard_accounts_of_the_region(changes: dict[str, object], word: str) -> None:
    verdict = judge_storage(storage(**changes), "westeurope", 30, RULES, StorageUse.LOGS)
    assert verdict.word == word
    assert verdict.is_usable == (word in ("Suitable", "Firewall"))
