"""The target page among 2,000 storage accounts and 500 networks: suitable ones on top at once, each judged once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from app.domain.azure import Subnet
from app.domain.network_rules import network_verdicts
from app.domain.storage_rules import storage_verdicts
from app.flows.checks import check_target
from app.flows.draft import StorageChoice, TargetChoice
from tests.support import estates
from tests.support.waiting import until
from tests.support.wizard_page import OpenedPage
from ui.theme.theme import Theme
from ui.wizard.pages import network_rows, storage_rows
from ui.wizard.pages.network_sheet import NetworkSheet
from ui.wizard.pages.target import TargetPage

Show = Callable[[QWidget], Awaitable[None]]
ACCOUNTS, NETWORKS = 2_000, 500
KINDS: tuple[dict[str, Any], ...] = (
    {"location": "northeurope"},
    {"redundancy": "ZRS"},
    {"access_tier": "Cool"},
    {"firewall_denies": True},
    {"location": "uksouth", "redundancy": "LRS"},
    {"redundancy": "LRS"},
    {},
)


class Judges:
    """The rules as the page asks them, counted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.accounts, self.networks, self.rows = 0, 0, 0
        judge_account, judge_network = storage_verdicts, network_verdicts
        make_row = storage_rows.StorageRows.row

        def account(*given: Any) -> Any:
            self.accounts += 1
            return judge_account(*given)

        def network(*given: Any) -> Any:
            self.networks += 1
            return judge_network(*given)

        def row(*given: Any) -> Any:
            self.rows += 1
            return make_row(*given)

        monkeypatch.setattr(storage_rows, "storage_verdicts", account)
        monkeypatch.setattr(network_rows, "network_verdicts", network)
        monkeypatch.setattr(storage_rows.StorageRows, "row", row)

    @property
    def counted(self) -> tuple[int, int, int]:
        return self.accounts, self.networks, self.rows


async def test_suitable_ones_are_on_top_at_once_and_no_key_or_choice_judges_all_again(
    theme: Theme, shown: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    judges = Judges(monkeypatch)
    accounts = tuple(estates.storage(f"account{n:05d}", **KINDS[n % len(KINDS)]) for n in range(ACCOUNTS))
    networks = tuple(
        estates.network(
            f"vnet-{n:03d}",
            location=estates.LOCATION if n % 5 == 4 else "northeurope",
            subnets=tuple(Subnet(f"snet-{m}", f"10.60.{m}.0/24") for m in range(4)),
        )
        for n in range(NETWORKS)
    )
    draft = estates.ready_draft()
    draft = replace(draft, target=TargetChoice(draft.target.subscription, draft.target.resource_group))
    page = TargetPage(theme)
    opened = OpenedPage(
        page, check_target, draft, estates.context(estates.contoso(storage_accounts=accounts, networks=networks))
    )
    await until(lambda: bool(page.storage.table.model.total_count), what="the first accounts")
    top = page.storage.table.model.shown_records()[:50]
    assert all(row.is_usable and row.is_advised for row in top)
    assert top[0].name == "account00006"
    await until(lambda: bool(page.network.table.model.total_count), what="the first networks")
    assert [row.name for row in page.network.table.model.shown_records()[:2]] == ["vnet-004", "vnet-009"]
    await shown(page)
    await until(lambda: page.network.table.model.total_count == NETWORKS, what="all networks")
    await until(lambda: page.storage.table.model.total_count == ACCOUNTS, what="all accounts")
    assert judges.accounts <= 3 * len(KINDS)  # those that are alike are judged as one
    assert judges.networks <= 2 * NETWORKS
    judged = judges.counted

    for text in ("a", "account0000", "north", ""):
        page.storage.filter.setText(text)
        page.network.filter.setText(text)
    assert judges.counted == judged
    grid = page.storage.table
    grid.select([top[3].key])
    assert opened.draft.target.storage == StorageChoice(account_id=top[3].id.text, name=top[3].name)
    page.network.table.select([page.network.table.model.shown_records()[1].key])
    assert opened.draft.target.network.name == "vnet-009"
    opened.load()
    page.network.new_button.activated.emit()
    sheet = page.findChild(NetworkSheet, "network-sheet")
    assert sheet is not None
    for text in ("v", "vn", "vne"):
        sheet.name.value_edited.emit(text)
    opened.load()
    assert judges.counted == judged
