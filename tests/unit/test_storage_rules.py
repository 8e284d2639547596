"""Storage accounts: what can take replicated data, and why not."""

from __future__ import annotations

import pytest

from app.domain.issue import Suitability
from app.domain.storage_rules import judge_storage
from app.rules import load_rules
from tests.support.estates import storage

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
        ({"tier": "Premium", "redundancy": "LRS"}, Suitability.BLOCKED, "Needs a log account"),
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


@pytest.mark.parametrize(("copy_s", "word"), [(30, "No 30 s on Premium"), (300, "Needs a log account")])
def test_premium_depends_on_the_copy_frequency(copy_s: int, word: str) -> None:
    assert judge_storage(storage(tier="Premium", redundancy="LRS"), "westeurope", copy_s, RULES).word == word


def test_the_article_took_no_premium_and_no_firewall() -> None:
    seed = load_rules("seed-2017")
    assert judge_storage(storage(tier="Premium"), "westeurope", 300, seed).word == "Premium"
    assert judge_storage(storage(firewall_denies=True), "westeurope", 300, seed).status is Suitability.BLOCKED
