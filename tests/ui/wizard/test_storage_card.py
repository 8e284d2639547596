"""The storage card alone: all reasons, what arrives later than the list, change logs, and two thousand accounts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QWidget

from app.domain.arm_id import resource_group_id
from app.domain.azure import StorageAccount
from app.domain.resource_access import ResourceAccess
from app.domain.rights import Lock, LockLevel
from app.domain.storage_facts import StorageFacts
from app.domain.storage_rules import StorageUse
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.step import Context
from tests.support import estates
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.wizard.pages.storage_rows import StorageRow
from ui.wizard.pages.target_storage import ROWS_AT_ONCE, STORED_AT_ONCE, StorageCard
from ui.wizard.requests import ReadStorageAccess, ReadStored

Show = Callable[[QWidget], Awaitable[None]]
GIB = 1024**3
MANY = 10 * ROWS_AT_ONCE
LOCK = Lock("keep", resource_group_id(estates.SUBSCRIPTION, estates.GROUP), LockLevel.READ_ONLY)
KINDS: tuple[dict[str, Any], ...] = ({"location": "northeurope"}, {"redundancy": "ZRS"}, {"redundancy": "LRS"}, {})


class Shown:
    """A card, and what it asked for."""

    def __init__(self, theme: Theme, use: StorageUse = StorageUse.DATA) -> None:
        self.card = StorageCard(theme, "Storage account", use)
        self.card.resize(1700, 500)
        self.draft: SetUpDraft = estates.ready_draft()
        self.requests: list[object] = []
        self.chosen: list[StorageChoice] = []
        self.card.requested.connect(self.requests.append)
        self.card.chosen.connect(self.chosen.append)

    def load(self, *accounts: StorageAccount, facts: StorageFacts | None = None, **changes: Any) -> Context:
        context = estates.context(estates.contoso(storage_accounts=accounts, **changes))
        context = replace(context, storage=facts or StorageFacts())
        self.card.load(self.draft, context)
        return context

    @property
    def rows(self) -> list[StorageRow]:
        return self.card.table.model.shown_records()

    def row(self, name: str) -> StorageRow:
        return next(row for row in self.rows if row.name == name)

    def asked(self, kind: type) -> list[str]:
        return [each.name for request in self.requests if isinstance(request, kind) for each in request.accounts]  # type: ignore[attr-defined]


def many() -> tuple[StorageAccount, ...]:
    return tuple(estates.storage(f"account{number:05d}", **KINDS[number % len(KINDS)]) for number in range(MANY))


async def test_all_reasons_stand_below_the_table_and_are_found_by_the_filter(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    context = here.load(estates.storage(), estates.storage("contosobad", location="uksouth", access_tier="Cool"))
    row = here.row("contosobad")
    assert row.word == "In UK South +1"
    here.card.table.select([row.key])
    here.card.load(replace(here.draft, target=replace(here.draft.target, storage=here.chosen[-1])), context)
    assert "must share a region" in here.card.message
    assert "needs Hot" in here.card.message
    here.card.filter.setText("needs hot")
    assert [row.name for row in here.rows] == ["contosobad"]


async def test_locks_and_rights_are_asked_of_suitable_accounts_alone_and_once(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    context = here.load(estates.storage(), estates.storage("contosoneu", location="northeurope"))
    await until(lambda: bool(here.asked(ReadStored)), what="the questions")
    assert here.asked(ReadStorageAccess) == ["contosohqasr02"]
    known = StorageFacts({estates.storage().id.key: ResourceAccess((LOCK,))})
    here.card.load(here.draft, replace(context, storage=known))
    assert here.asked(ReadStorageAccess) == ["contosohqasr02"]


async def test_a_lock_that_is_learnt_later_greys_the_row_and_keeps_it_selected(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    context = here.load(estates.storage(), estates.storage("contosologs", redundancy="LRS"))
    here.card.load(
        here.draft, replace(context, storage=StorageFacts({estates.storage().id.key: ResourceAccess((LOCK,))}))
    )
    assert [row.name for row in here.rows] == ["contosologs", "contosohqasr02"]
    assert here.row("contosohqasr02").word == "Locked"
    assert [row.name for row in here.card.table.selected_records] == ["contosohqasr02"]
    assert "read-only lock “keep”" in here.card.message
    assert here.chosen == []


async def test_what_is_stored_is_told_when_known_and_never_as_nothing(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    full, empty, unknown = (estates.storage(name) for name in ("full", "empty", "unknown"))
    item = replace_account(estates.protected(estates.machine("DC01")), full)
    facts = StorageFacts(used_bytes={full.id.key: 1536 * GIB, empty.id.key: 0, unknown.id.key: None})
    here.load(full, empty, unknown, facts=facts, protected_items=(item,))
    stored = {row.name: here.card.table.model.columns[2].shown_text(row) for row in here.rows}
    assert stored == {"full": "1.5 TiB, 1 machine", "empty": "Empty", "unknown": "–"}


def replace_account(item: Any, account: StorageAccount) -> Any:
    return msgspec.structs.replace(item, storage_account_id=account.id.text.upper())


async def test_what_few_accounts_hold_is_asked_however_many_there_are(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    here.load(*many())
    await until(lambda: bool(here.asked(ReadStored)), what="the questions")
    assert len(here.asked(ReadStored)) == STORED_AT_ONCE
    assert len(here.asked(ReadStorageAccess)) == MANY // 2


async def test_suitable_ones_of_thousands_are_the_first_and_the_rest_follows(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    firsts: list[list[bool]] = []
    model = here.card.table.model
    model.rearranged.connect(lambda: firsts.append([row.is_usable for row in here.rows[:ROWS_AT_ONCE]]))
    here.load(*many())
    await until(lambda: len(here.rows) == MANY, what="all accounts")
    assert all(first == [True] * ROWS_AT_ONCE for first in firsts)
    assert len(firsts) > 1
    assert [row.is_usable for row in here.rows] == [True] * (MANY // 2) + [False] * (MANY // 2)


async def test_the_selected_one_of_thousands_is_among_the_first(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    accounts = many()
    last = accounts[-4]
    target = replace(here.draft.target, storage=StorageChoice(account_id=last.id.text, name=last.name))
    here.draft = replace(here.draft, target=target)
    here.load(*accounts)
    await until(lambda: bool(here.rows), what="the first accounts")
    assert len(here.rows) < MANY
    assert [row.name for row in here.card.table.selected_records] == [last.name]
    assert "must share a region" in here.card.message
    await until(lambda: len(here.rows) == MANY, what="all accounts")
    assert [row.name for row in here.card.table.selected_records] == [last.name]
    grid = here.card.table.grid
    await until(
        lambda: grid.viewport().rect().contains(grid.visualRect(grid.currentIndex())), what="it to be in sight again"
    )
    assert here.chosen == []


async def test_accounts_of_another_subscription_go_before_its_own_are_read(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    context = here.load(estates.storage())
    elsewhere = replace(here.draft, target=replace(here.draft.target, subscription="another", storage=StorageChoice()))
    here.card.load(elsewhere, context)
    assert here.rows == []
    assert here.card.table.message is not None  # nobody says that there is none
    assert here.card.table.message.title == "What this subscription has is not read yet"
    here.card.load(here.draft, context)
    assert [row.name for row in here.rows] == ["contosohqasr02"]


async def test_a_second_reading_of_thousands_never_empties_the_table(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    here.load(*many())
    await until(lambda: len(here.rows) == MANY, what="all accounts")
    counts: list[int] = []
    here.card.table.model.rearranged.connect(lambda: counts.append(len(here.rows)))
    here.load(*(replace(each, redundancy="LRS") for each in many()[:-1]))
    await until(lambda: all(row.redundancy == "LRS" for row in here.rows), what="the second reading")
    assert min(counts) >= MANY - 1
    assert len(here.rows) == MANY - 1


async def test_a_kind_that_ends_is_marked_with_its_day_below_those_that_stay(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    here.load(
        estates.storage("a", kind="Storage", access_tier=""),
        estates.storage("b"),
        estates.storage("c", redundancy="LRS"),
        estates.storage("d", location="northeurope"),
    )
    assert [(row.name, row.word) for row in here.rows] == [
        ("b", "Advised"), ("c", "No second region"), ("a", "Ended 13 October 2026"), ("d", "In North Europe"),
    ]  # fmt: skip
    assert "Upgrade it to v2 now" in here.row("a").explanation


async def test_the_card_for_change_logs_refuses_premium_and_edits_its_own_choice(theme: Theme, shown: Show) -> None:
    here = Shown(theme, StorageUse.LOGS)
    await shown(here.card)
    here.load(estates.storage(), estates.storage("premium", tier="Premium", redundancy="LRS", access_tier="Premium"))
    assert [(row.name, row.word) for row in here.rows] == [("contosohqasr02", "Suitable"), ("premium", "Premium")]
    assert here.card.table.selected_records == []
    here.card.table.select([here.rows[0].key])
    assert here.chosen == [StorageChoice(account_id=estates.storage().id.text, name="contosohqasr02", redundancy="LRS")]


async def test_change_logs_are_offered_accounts_of_one_region_first(theme: Theme, shown: Show) -> None:
    here = Shown(theme, StorageUse.LOGS)
    await shown(here.card)
    here.load(estates.storage("a"), estates.storage("b", redundancy="LRS"))
    assert [(row.name, row.is_advised) for row in here.rows] == [("b", True), ("a", False)]


async def test_a_hidden_card_asks_nothing(theme: Theme, shown: Show) -> None:
    here = Shown(theme)
    await shown(here.card)
    here.card.hide()
    here.load(estates.storage())
    here.card.load(here.draft, estates.context(estates.contoso(storage_accounts=(estates.storage(),))))
    assert here.requests == []


@pytest.mark.parametrize("groups", [1, 2])
async def test_the_group_is_a_column_where_accounts_lie_in_several(theme: Theme, shown: Show, groups: int) -> None:
    here = Shown(theme)
    await shown(here.card)
    other = estates.storage("elsewhere")
    other = replace(other, id=type(other.id)(other.id.text.replace(estates.GROUP, "rg-other")))
    here.load(estates.storage(), *([other] if groups == 2 else []))
    section = here.card.table.model.section_of("group")
    await until(lambda: here.card.table.grid.isColumnHidden(section) == (groups == 1), what="the column")


async def test_rights_on_a_chosen_account_are_read_where_there_were_too_many_to_read_each(
    theme: Theme, shown: Show
) -> None:
    here = Shown(theme)
    await shown(here.card)
    facts = StorageFacts(rights_unread=frozenset({estates.storage("other").id.key}))
    here.load(estates.storage(), estates.storage("other"), facts=facts)
    await until(lambda: bool(here.asked(ReadStored)), what="the questions")
    here.requests.clear()
    here.card.table.select([here.row("other").key])
    await until(lambda: here.asked(ReadStorageAccess) == ["other"], what="the question about it alone")
