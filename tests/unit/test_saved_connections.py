"""Connections as the user keeps them: told back exactly, each by itself, whatever is broken beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.connection import AzureSpec
from app.ports.sign_in import SignInMethod
from app.saved_connections import LONGEST_NAME, SavedConnections, name_problem, new_connection

SPEC = AzureSpec(
    cloud="public",
    subscription="6b1f0a52-0000-4000-8000-000000000001",
    method=SignInMethod.CERTIFICATE,
    tenant="contoso.example",
    client_id="5d0a8c1e-7b42-4f19-9c36-0e8d2a6b4c71",
    username="anna@contoso.example",
    certificate=Path("/keys/recovery.pfx"),
    resource_group="rg-dr",
    vault="asr-contoso-weu",
    ca=Path("/keys/company.pem"),
    reached_by="0dd5be11-6f1c-4a77-9d20-51e0c4a3b7f2",
)
PRODUCTION = new_connection("Contoso production", SPEC, colour="indigo", account="anna", region="West Europe")
BRANCH = new_connection("Branches", replace(SPEC, vault="asr-branch"), opens_read_only=False)


@pytest.fixture
def saved(tmp_path: Path) -> SavedConnections:
    return SavedConnections(tmp_path / "connections.json")


def test_everything_comes_back_as_it_was_kept(saved: SavedConnections) -> None:
    saved.put(PRODUCTION)
    saved.put(BRANCH)
    assert set(saved.load()) == {PRODUCTION, BRANCH}


def test_the_one_opened_last_stands_first_and_new_ones_by_name(saved: SavedConnections) -> None:
    third = new_connection("Archive", replace(SPEC, vault="asr-old"))
    for each in (PRODUCTION, BRANCH, third):
        saved.put(each)
    saved.mark_opened(BRANCH.id, datetime(2026, 8, 26, 9, 42, tzinfo=UTC), "olga@contoso.example")
    assert [each.name for each in saved.load()] == ["Branches", "Archive", "Contoso production"]
    assert saved.load()[0].account == "olga@contoso.example"


def test_an_entry_that_cannot_be_read_stays_in_the_file_and_costs_itself_only(tmp_path: Path) -> None:
    file = tmp_path / "connections.json"
    SavedConnections(file).put(PRODUCTION)
    document = json.loads(file.read_text("utf-8"))
    document["content"]["broken"] = {"name": "Broken", "sign_in": {"method": "by magic"}, "subscription": "s"}
    document["content"]["odd"] = 7
    file.write_text(json.dumps(document), "utf-8")
    saved = SavedConnections(file)
    assert saved.load() == (PRODUCTION,)
    saved.remove(PRODUCTION.id)
    assert set(json.loads(file.read_text("utf-8"))["content"]) == {"broken", "odd"}


def test_marking_one_that_is_gone_brings_nothing_back(saved: SavedConnections) -> None:
    saved.put(PRODUCTION)
    saved.remove(PRODUCTION.id)
    assert saved.mark_opened(PRODUCTION.id, datetime(2026, 8, 26, tzinfo=UTC)) == ()


def test_two_vaults_of_one_subscription_are_two_connections() -> None:
    assert PRODUCTION.spec.key != BRANCH.spec.key
    assert replace(SPEC, vault="ASR-Contoso-WEU").key == SPEC.key


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("  ", "Give the connection a name"),
        ("x" * (LONGEST_NAME + 1), "at most"),
        ("contoso PRODUCTION ", "has this name already"),
        ("Contoso test", ""),
    ],
)
def test_names(name: str, says: str) -> None:
    problem = name_problem(name, (PRODUCTION,))
    assert says in problem
    assert bool(problem) is bool(says)
