"""New storage accounts before they are made, and accounts that turn out locked or out of reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.arm_id import resource_group_id
from app.domain.issue import Severity
from app.domain.new_storage_rules import kind_note, kind_problem
from app.domain.resource_access import ResourceAccess
from app.domain.rights import Lock, LockLevel
from app.domain.storage_facts import StorageFacts
from app.flows.checks import check_target
from app.flows.draft import StorageChoice
from app.rule_sense import nonsense_in
from app.rules import load_rules
from tests.support.estates import GROUP, SUBSCRIPTION, context, contoso, ready_draft, storage

RULES = load_rules()
BEFORE, AFTER = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
NEW = StorageChoice(name="contosonew", create=True)


def fields(choice: StorageChoice) -> dict[str, str]:
    draft = ready_draft()
    draft = replace(draft, target=replace(draft.target, storage=choice))
    return {issue.field: issue.text for issue in check_target(draft, context())}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"redundancy": "RAGRS"}, None),
        ({"redundancy": "ZRS"}, "target.storage.redundancy"),
        ({"kind": "BlobStorage"}, "target.storage.kind"),
        ({"tags": (("owner", "ann"),)}, None),
        ({"tags": (("own<er", "ann"),)}, "target.storage.tags[0].name"),
        ({"tags": (("owner", "v" * 257),)}, "target.storage.tags[0].value"),
        ({"tags": (("", "ann"),)}, "target.storage.tags[0].name"),
        ({"name": "Contoso"}, "target.storage.name"),
    ],
)
def test_a_new_account_is_checked_field_by_field(changes: dict[str, object], field: str | None) -> None:
    found = fields(replace(NEW, **changes))  # type: ignore[arg-type]
    assert list(found) == ([field] if field else [])


def test_version_1_is_made_until_azure_closed_it() -> None:
    assert kind_problem("Storage", BEFORE, RULES.new_storage) == ""
    assert kind_problem("Storage", AFTER, RULES.new_storage) == (
        "Azure makes no General-purpose v1 account since 3 March 2026. Choose General-purpose v2."
    )
    assert kind_problem("StorageV2", AFTER, RULES.new_storage) == ""


def test_the_end_of_version_1_is_told_with_its_date() -> None:
    v1 = RULES.new_storage.kind("Storage")
    v2 = RULES.new_storage.kind("StorageV2")
    assert v1 is not None
    assert v2 is not None
    assert "13 October 2026" in kind_note(v1, BEFORE)
    assert kind_note(v2, AFTER) == ""
    assert RULES.new_storage.source_of("kinds").month == "December 2025"


def test_a_chosen_account_that_is_locked_stops_the_step() -> None:
    lock = Lock("keep", resource_group_id(SUBSCRIPTION, GROUP), LockLevel.READ_ONLY)
    known = StorageFacts({storage().id.key: ResourceAccess((lock,))})
    issues = check_target(ready_draft(), replace(context(), storage=known))
    assert [(issue.field, issue.short) for issue in issues] == [
        ("target.storage.account_id", "Storage account: locked")
    ]
    assert check_target(ready_draft(), context()) == ()


def test_an_account_whose_kind_ends_wants_care_and_stops_nothing() -> None:
    draft = ready_draft()
    old = storage(kind="Storage", access_tier="")
    issues = check_target(draft, context(contoso(storage_accounts=(old,)), now=BEFORE))
    assert [(issue.severity, issue.short) for issue in issues] == [
        (Severity.WARNING, "Storage account: ends 13 October 2026")
    ]


def test_a_table_without_a_kind_that_azure_makes_is_nonsense() -> None:
    table = RULES.new_storage
    closed = replace(RULES, new_storage=replace(table, kinds=tuple(each for each in table.kinds if each.closed_on)))
    assert [place for place, _ in nonsense_in("new_storage", closed)] == ["kinds"]
    assert list(nonsense_in("new_storage", RULES)) == []
