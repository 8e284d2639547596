"""Lists of a page that scrolls: short ones show every row, long ones scroll at a whole row, a filter moves nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtWidgets import QWidget

from tests.support import estates
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.wizard.pages.target_network import NetworkCard
from ui.wizard.pages.target_storage import StorageCard

Show = Callable[[QWidget], Awaitable[None]]


async def shown_card(theme: Theme, shown: Show, count: int) -> StorageCard:
    card = StorageCard(theme, "Storage account")
    card.resize(1000, 900)
    accounts = tuple(estates.storage(f"stcontoso{number:02d}") for number in range(count))
    card.load(estates.ready_draft(), estates.context(estates.contoso(storage_accounts=accounts)))
    await shown(card)
    return card


@pytest.mark.parametrize("count", [1, 7, 10])
async def test_a_short_list_needs_no_scrolling(theme: Theme, shown: Show, count: int) -> None:
    card = await shown_card(theme, shown, count)
    assert card.table.grid.verticalScrollBar().maximum() == 0


async def test_a_long_list_ends_at_a_whole_row(theme: Theme, shown: Show) -> None:
    card = await shown_card(theme, shown, 30)
    grid = card.table.grid
    last = grid.rowAt(grid.viewport().height() - 1)
    assert grid.verticalScrollBar().maximum() > 0
    assert grid.rowViewportPosition(last) + grid.rowHeight(last) == grid.viewport().height()


async def test_a_filter_leaves_the_height(theme: Theme, shown: Show) -> None:
    card = await shown_card(theme, shown, 10)
    height = card.table.height()
    card.filter.setText("nothing like it")
    assert card.table.height() == height


async def test_a_network_without_subnets_has_room_to_say_so(theme: Theme, shown: Show) -> None:
    card = NetworkCard(theme, "Network")
    networks = (estates.network(subnets=()),)
    card.load(estates.ready_draft(), estates.context(estates.contoso(networks=networks)))
    await shown(card)
    assert not card.subnets.isHidden()
    assert card.subnets.table.height() >= card.subnets.table.height_of_rows(4)


async def test_a_filter_shows_its_rows_from_the_top_and_without_it_what_is_chosen(theme: Theme, shown: Show) -> None:
    card = await shown_card(theme, shown, 60)
    grid = card.table.grid
    chosen = card.table.model.records()[40]
    card.table.select([chosen.key])
    grid.scrollToBottom()
    card.filter.setText("contoso0")
    assert grid.verticalScrollBar().value() == 0
    card.filter.setText("")
    card.table.grid.setFocus()
    [row] = card.table.model.rows_of([chosen.key])
    assert 0 <= grid.rowViewportPosition(row) < grid.viewport().height()


async def test_what_is_chosen_is_in_sight_again_after_a_filter_that_left_few(theme: Theme, shown: Show) -> None:
    card = await shown_card(theme, shown, 60)
    grid = card.table.grid
    chosen = card.table.model.records()[40]
    card.table.select([chosen.key])
    card.filter.setText(chosen.name)
    await until(lambda: grid.verticalScrollBar().maximum() == 0, what="the bar to go")
    card.filter.setText("")
    [row] = card.table.model.rows_of([chosen.key])
    assert 0 <= grid.rowViewportPosition(row) < grid.viewport().height()
