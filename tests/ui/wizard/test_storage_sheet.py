"""The sheet for a new storage account: what it offers and advises, what it refuses at the field, and what it sends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.storage_rules import StorageUse
from app.flows.draft import ReplicaKind, SetUpDraft, StorageChoice
from app.flows.planning import actions_for
from app.flows.sent import named_values
from app.flows.step import Context
from tests.support import estates
from ui.theme.theme import Theme
from ui.wizard.pages.storage_rows import with_choice
from ui.wizard.pages.storage_sheet import StorageSheet

Show = Callable[[QWidget], Awaitable[None]]
NAME = "contosohqasr03"


class Shown:
    """A sheet that Azure has answered about the name."""

    def __init__(self, theme: Theme, qtbot: QtBot, use: StorageUse, draft: SetUpDraft, context: Context) -> None:
        self._qtbot = qtbot
        self.use, self.draft, self.context = use, draft, context
        self.sheet = StorageSheet(theme, "New storage account", "", use)
        self.added: list[StorageChoice] = []
        self.sheet.added.connect(self.added.append)
        self.sheet.load(draft, context)

    def type(self, name: str, text: str) -> None:
        edit = self.sheet.findChild(QLineEdit, name)
        assert edit is not None, name
        edit.clear()
        self._qtbot.keyClicks(edit, text)

    def button(self, name: str) -> QAbstractButton:
        found = self.sheet.findChild(QAbstractButton, name)
        assert found is not None, name
        return found

    def press(self, name: str) -> None:
        self._qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def name(self, text: str = NAME) -> None:
        self.type("target-storage-name", text)
        self.sheet.show_answer(text, "")

    def tag(self, place: int, name: str, value: str) -> None:
        self.press("tag-add")
        self.type(f"tag-name-{place}", name)
        self.type(f"tag-value-{place}", value)

    @property
    def chosen(self) -> str:
        names = ("grs", "ragrs", "lrs")
        return next(name for name in names if self.button(f"target-redundancy-{name}").isChecked())


Open = Callable[..., Awaitable[Shown]]


@pytest.fixture
def opened(theme: Theme, shown: Show, qtbot: QtBot) -> Open:
    async def open_sheet(
        use: StorageUse = StorageUse.DATA, draft: SetUpDraft | None = None, context: Context | None = None
    ) -> Shown:
        here = Shown(theme, qtbot, use, draft or estates.ready_draft(), context or estates.context())
        here.sheet.resize(here.sheet.width(), 760)
        await shown(here.sheet)
        return here

    return open_sheet


def details(button: QAbstractButton) -> str:
    return button.accessibleDescription()


async def test_geo_redundancy_is_advised_and_says_why(opened: Open) -> None:
    here = await opened()
    assert here.chosen == "grs"
    assert "Advised: it survives the loss of West Europe" in details(here.button("target-redundancy-grs"))
    assert "broken disk only" in details(here.button("target-redundancy-lrs"))


async def test_change_logs_are_advised_to_stay_in_the_region(opened: Open) -> None:
    here = await opened(StorageUse.LOGS)
    assert here.chosen == "lrs"
    assert "Advised" in details(here.button("target-redundancy-lrs"))


async def test_a_region_without_a_pair_offers_local_copies_alone(opened: Open) -> None:
    draft = estates.ready_draft()
    estate = estates.contoso()
    region = next(region for region in estates.context().rules.regions.regions if not region.pair)
    assert estate.vault is not None
    estate = replace(estate, vault=replace(estate.vault, location=region.name), vaults=())
    here = await opened(draft=draft, context=estates.context(estate))
    assert here.chosen == "lrs"
    assert not here.button("target-redundancy-grs").isEnabled()
    assert "no second region" in details(here.button("target-redundancy-grs"))


@pytest.mark.parametrize(
    ("day", "is_made"), [(datetime(2026, 3, 2, 12, tzinfo=UTC), True), (datetime(2026, 3, 3, tzinfo=UTC), False)]
)
async def test_version_1_says_what_it_means_and_ends_with_its_date(opened: Open, day: datetime, is_made: bool) -> None:
    here = await opened(context=replace(estates.context(), now=day))
    button = here.button("target-kind-storage")
    assert button.isEnabled() == is_made
    assert "13 October 2026" in details(button)
    assert "Each write costs less" in details(button)
    assert "December 2025" in details(button)


async def test_what_is_shown_as_sent_is_what_the_action_sends(opened: Open) -> None:
    here = await opened()
    here.name()
    here.press("target-redundancy-ragrs")
    here.tag(0, "owner", "ann")
    here.press("target-add-storage")
    [choice] = here.added
    assert choice == StorageChoice(name=NAME, redundancy="RAGRS", create=True, tags=(("owner", "ann"),))
    draft = with_choice(here.draft, here.use, choice)
    action = actions_for(draft, here.context.estate, here.context.rules)[0]
    assert action.body is not None
    assert here.sheet.sent.values == (("Name", NAME), *named_values(action.body))
    assert dict(here.sheet.sent.values) == {
        "Name": NAME,
        "Region": "westeurope",
        "Kind of account": "StorageV2",
        "Tier and copies": "Standard_RAGRS",
        "Access tier": "Hot",
        "Anonymous access to blobs": "no",
        "Lowest TLS version": "TLS1_2",
        "HTTPS only": "yes",
        "Tags": "owner: ann",
    }
    assert "RAGRS" in " ".join(label.text() for label in here.sheet.sent.findChildren(QLabel))


async def test_nothing_is_shown_as_sent_that_would_not_be(opened: Open) -> None:
    here = await opened()
    assert (here.sheet.sent.values, here.sheet.sent.missing) == ((), "Shown once this is right: the name.")
    here.name()
    assert here.sheet.sent.values
    here.tag(0, "own<er", "ann")
    assert (here.sheet.sent.values, here.sheet.sent.missing) == ((), "Shown once this is right: the tags.")
    here.type("tag-name-0", "owner")
    assert here.sheet.sent.missing == ""
    here.sheet.show_answer(NAME, "Somebody has it. Type another name.")
    assert (here.sheet.sent.values, here.sheet.sent.missing) == ((), "Shown once this is right: the name.")


async def test_a_wrong_tag_is_refused_at_its_row_and_nothing_is_lost(opened: Open) -> None:
    here = await opened()
    here.name()
    here.tag(0, "own<er", "ann")
    here.press("target-add-storage")
    assert here.added == []
    problem = here.sheet.findChild(QWidget, "tag-problem-0")
    assert problem is not None
    assert problem.isVisible()
    assert here.sheet.first_focus().objectName() == "tag-name-0"


async def test_a_name_of_the_subscription_is_refused_without_asking_azure(opened: Open) -> None:
    here = await opened()
    here.type("target-storage-name", "contosohqasr02")
    here.press("target-add-storage")
    assert here.added == []
    assert "is there already, in rg-contoso-dr" in here.sheet.name_message


async def test_the_account_for_change_logs_is_reckoned_by_the_changes_kept(opened: Open) -> None:
    draft = estates.ready_draft()
    draft = replace(draft, target=replace(draft.target, replica=ReplicaKind.MANAGED_DISK))
    here = await opened(StorageUse.LOGS, draft)
    assert any("GiB of changes" in label.text() for label in here.sheet.findChildren(QLabel))
    here.name()
    here.press("target-add-storage")
    assert here.added == [StorageChoice(name=NAME, redundancy="LRS", create=True)]
