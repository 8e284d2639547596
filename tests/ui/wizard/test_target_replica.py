"""The target page asks for the accounts that the kind of replica takes, and for no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.flows.checks import check_target
from app.flows.draft import ReplicaKind, SetUpDraft, StorageChoice
from tests.support import estates
from tests.support.wizard_page import OpenedPage
from ui.theme.theme import Theme
from ui.wizard.pages.storage_sheet import StorageSheet
from ui.wizard.pages.target import TargetPage
from ui.wizard.requests import CheckStorageName

Show = Callable[[QWidget], Awaitable[None]]
PREMIUM = estates.storage("contosopremium", tier="Premium", redundancy="LRS", access_tier="Premium")
LOGS = estates.storage("contosologs", redundancy="LRS")
ESTATE = estates.contoso(storage_accounts=(estates.storage(), LOGS, PREMIUM))


class Opened(OpenedPage):
    def __init__(self, theme: Theme, draft: SetUpDraft) -> None:
        self.page = TargetPage(theme)
        super().__init__(self.page, check_target, draft, estates.context(ESTATE))

    @property
    def asks_for(self) -> list[str]:
        cards = (("data", self.page.storage), ("logs", self.page.logs))
        return [name for name, card in cards if card.isVisible()]

    def choose_logs(self, name: str) -> None:
        row = next(row for row in self.page.logs.table.model.records() if row.name == name)
        self.page.logs.table.select([row.key])


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Callable[..., Awaitable[Opened]]:
    async def open_page(**changes: object) -> Opened:
        draft = estates.ready_draft()
        page = Opened(theme, replace(draft, target=replace(draft.target, **changes)))  # type: ignore[arg-type]
        await shown(page.page)
        return page

    return open_page


async def test_managed_disks_ask_for_an_account_for_logs_alone(
    opened: Callable[..., Awaitable[Opened]], qtbot: QtBot
) -> None:
    page = await opened()
    assert page.asks_for == ["data"]
    page.press(qtbot, "target-replica-managed-disk")
    assert page.draft.target.replica is ReplicaKind.MANAGED_DISK
    assert page.asks_for == ["logs"]
    assert any(label.text().startswith("Managed disks hold disks alone") for label in page.page.findChildren(QLabel))
    page.choose_logs(LOGS.name)
    assert page.draft.target.logs.account_id == LOGS.id.text
    assert page.draft.target.storage.account_id == estates.storage().id.text
    page.press(qtbot, "target-replica-storage-account")
    assert page.asks_for == ["data"]


async def test_a_premium_account_asks_for_both_and_leads_to_what_is_missing(
    opened: Callable[..., Awaitable[Opened]],
) -> None:
    page = await opened(storage=StorageChoice(PREMIUM.id.text, PREMIUM.name))
    assert page.asks_for == ["data", "logs"]
    page.check(insist=True)
    assert "Choose a storage account for change logs" in page.page.logs.message
    assert page.page.first_focus() is page.page.logs.first_focus()


async def test_a_new_account_for_logs_is_added_by_its_own_sheet(
    opened: Callable[..., Awaitable[Opened]], qtbot: QtBot
) -> None:
    page = await opened(replica=ReplicaKind.MANAGED_DISK)
    page.press(qtbot, "target-logs-new-storage")
    sheet = page.page.room.sheet
    assert isinstance(sheet, StorageSheet)
    page.type(qtbot, "target-storage-name", "contosologs7")
    page.page.finished(CheckStorageName("contosologs7"), "")
    page.press(qtbot, "target-add-storage")
    assert (page.draft.target.logs.name, page.draft.target.logs.create) == ("contosologs7", True)
    assert page.draft.target.logs.redundancy == "LRS"
