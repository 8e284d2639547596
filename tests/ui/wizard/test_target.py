"""The target page: what suits and why not, new things added to the set-up, and texts that can't stand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.estate import Estate
from app.errors import Unreachable
from app.flows.checks import check_target
from app.flows.draft import NetworkChoice, SetUpDraft, StorageChoice, TargetChoice
from tests.support import estates
from tests.support.waiting import until
from tests.support.wizard_page import OpenedPage
from ui.tables.row_filter import RowFilter
from ui.tables.table_view import TableState
from ui.theme.theme import Theme
from ui.widgets.labels import Text
from ui.widgets.picker import Picker
from ui.wizard.pages.network_sheet import NetworkSheet
from ui.wizard.pages.storage_sheet import StorageSheet
from ui.wizard.pages.target import TargetPage
from ui.wizard.requests import CheckStorageName, ReadAgain, ReadNetworkAccess, ReadStorageAccess, ReadStored

Show = Callable[[QWidget], Awaitable[None]]

ACCOUNTS = (
    estates.storage("contosozrs", redundancy="ZRS"),
    estates.storage("contosologs", redundancy="LRS"),
    estates.storage("contosoneu", location="northeurope"),
    estates.storage("contosohqasr02"),
    estates.storage("contosocool", access_tier="Cool"),
)
NEW_STORAGE = StorageChoice(name="contosohqasr03", redundancy="LRS", create=True)
NEW_NETWORK = NetworkChoice(
    name="vnet-new", address_space="10.70.0.0/16", subnet="snet-a", subnet_prefix="10.70.1.0/24", create=True
)
WRONG_NAMES = ("", "x" * 300, "asr🙂", "-1", "0.0000001", "Contoso", "asr\n03", "a b", "999999999999999999999999999")


class Opened(OpenedPage):
    """The page, open in a window."""

    def __init__(self, theme: Theme, draft: SetUpDraft, estate: Estate) -> None:
        self.page = TargetPage(theme)
        super().__init__(self.page, check_target, draft, estates.context(estate))

    def names(self) -> list[str]:
        return [row.name for row in self.page.storage.table.model.shown_records()]

    def select(self, name: str) -> None:
        model = self.page.storage.table.model
        row = next(row for row in model.records() if row.name == name)
        self.page.storage.table.grid.make_current(row.key, "name")
        self.page.storage.table.select([row.key])

    @property
    def wishes(self) -> list[object]:
        """What was asked for, without what is read of accounts and networks beside their lists."""
        read = ReadNetworkAccess | ReadStorageAccess | ReadStored
        return [each for each in self.requests if not isinstance(each, read)]

    @property
    def selected(self) -> list[str]:
        return [row.name for row in self.page.storage.table.selected_records]

    @property
    def network(self) -> str:
        """The selected network."""
        return ", ".join(row.name for row in self.page.network.table.selected_records)

    @property
    def subnet(self) -> str:
        row = self.page.network.subnets.selected
        return row.name if row is not None else ""

    @property
    def storage_sheet(self) -> StorageSheet:
        sheet = self.page.room.sheet
        assert isinstance(sheet, StorageSheet)
        return sheet


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_page(draft: SetUpDraft | None = None, **changes: object) -> Opened:
        estate = estates.contoso(**{"storage_accounts": ACCOUNTS, **changes})
        page = Opened(theme, estates.ready_draft() if draft is None else draft, estate)
        await shown(page.page)
        return page

    return open_page


def with_target(**changes: object) -> SetUpDraft:
    draft = estates.ready_draft()
    return replace(draft, target=replace(draft.target, **changes))  # type: ignore[arg-type]


async def test_loading_selects_what_the_draft_has_and_edits_nothing(opened: Open) -> None:
    page = await opened()
    assert page.selected == ["contosohqasr02"]
    assert page.network == "vnet-dr-weu"
    assert page.subnet == "snet-core"
    assert page.edits == 0


async def test_suitable_accounts_stand_on_top_the_advised_one_first(opened: Open) -> None:
    page = await opened()
    assert page.names()[:2] == ["contosohqasr02", "contosologs"]
    heads = [page.page.storage.table.model.head_at(row) for row in page.page.storage.table.model.head_rows()]
    assert [head.count_text for head in heads if head] == ["2 of 5", "3 of 5, each with its reasons"]


async def test_an_unsuitable_account_says_why_below_the_table(opened: Open) -> None:
    page = await opened()
    page.select("contosoneu")
    assert page.draft.target.storage.name == "contosoneu"
    assert "must share a region" in page.page.storage.message


async def test_selecting_an_account_puts_it_into_the_draft(opened: Open) -> None:
    page = await opened()
    page.select("contosologs")
    assert page.draft.target.storage == StorageChoice(account_id=ACCOUNTS[1].id.text, name="contosologs")
    assert page.edits == 1


async def test_the_filter_looks_at_reasons_too(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    qtbot.keyClicks(page.find(QLineEdit, "target-filter"), "zone")
    assert page.names() == ["contosozrs"]
    assert page.selected == ["contosohqasr02"]


async def test_a_filter_without_a_match_says_so_and_keeps_the_choice(opened: Open) -> None:
    page = await opened()
    model = page.page.storage.table.model
    model.set_filter(RowFilter("nothing like it"))
    assert page.page.storage.table.state is TableState.FILTERED
    assert page.draft.target.storage.name == "contosohqasr02"


async def test_a_subscription_without_accounts_offers_to_add_one(opened: Open) -> None:
    page = await opened(with_target(storage=StorageChoice()), storage_accounts=())
    assert page.page.storage.table.state is TableState.EMPTY
    assert page.page.storage.table.message is not None
    page.page.storage.table.message.steps[0].run()
    assert page.storage_sheet.isVisible()


async def test_an_account_to_be_created_is_shown_chosen(opened: Open) -> None:
    page = await opened(with_target(storage=NEW_STORAGE))
    assert page.selected == ["contosohqasr03"]
    row = page.page.storage.table.selected_records[0]
    assert row.verdict.word == "Created when you run"


async def test_an_account_to_be_created_stays_in_the_list_when_another_is_chosen(opened: Open) -> None:
    page = await opened(with_target(storage=NEW_STORAGE))
    page.select("contosologs")
    assert "contosohqasr03" in page.names()
    page.select("contosohqasr03")
    assert page.draft.target.storage == NEW_STORAGE


async def test_a_free_name_adds_the_account_to_the_draft_and_sends_nothing(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-storage")
    qtbot.keyClicks(page.find(QLineEdit, "target-storage-name"), "contosohqasr03")
    page.press(qtbot, "target-redundancy-lrs")
    page.press(qtbot, "target-add-storage")
    assert page.wishes == [CheckStorageName("contosohqasr03")]
    assert page.edits == 0
    page.page.finished(CheckStorageName("contosohqasr03"), "")
    assert page.draft.target.storage == NEW_STORAGE
    assert page.page.room.sheet is None
    assert page.selected == ["contosohqasr03"]


@pytest.mark.slow
async def test_azure_is_asked_about_a_name_once_typing_pauses(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-storage")
    qtbot.keyClicks(page.find(QLineEdit, "target-storage-name"), "contosohqasr03")
    assert page.wishes == []
    await until(lambda: bool(page.wishes), what="the question after the name")
    assert page.wishes == [CheckStorageName("contosohqasr03")]


async def test_a_taken_name_is_refused_at_the_field(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-storage")
    qtbot.keyClicks(page.find(QLineEdit, "target-storage-name"), "contoso")
    page.press(qtbot, "target-add-storage")
    page.page.finished(CheckStorageName("contoso"), "The name contoso is taken.")
    assert page.storage_sheet.name_message == "The name contoso is taken."
    assert page.edits == 0


async def test_a_name_that_nobody_could_be_asked_about_may_still_be_added(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-storage")
    qtbot.keyClicks(page.find(QLineEdit, "target-storage-name"), "contosohqasr03")
    page.press(qtbot, "target-add-storage")
    page.page.finished(CheckStorageName("contosohqasr03"), Unreachable("down", "Azure can't be reached.", "Try again."))
    assert page.draft.target.storage.name == "contosohqasr03"


async def test_an_answer_about_an_older_name_changes_nothing(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-storage")
    qtbot.keyClicks(page.find(QLineEdit, "target-storage-name"), "contoso")
    page.press(qtbot, "target-add-storage")
    qtbot.keyClicks(page.find(QLineEdit, "target-storage-name"), "dr")
    page.page.finished(CheckStorageName("contoso"), "")
    assert page.edits == 0
    assert page.page.room.sheet is not None


@pytest.mark.parametrize("text", WRONG_NAMES)
async def test_a_wrong_storage_name_is_refused_at_the_field_and_the_draft_unchanged(
    opened: Open, qtbot: QtBot, text: str
) -> None:
    page = await opened()
    before = page.draft
    page.press(qtbot, "target-new-storage")
    page.type(qtbot, "target-storage-name", text)
    page.press(qtbot, "target-add-storage")
    assert page.storage_sheet.name_message
    assert page.find(QLineEdit, "target-storage-name").text() == text
    assert page.wishes == []
    assert page.draft == before


@pytest.mark.parametrize(
    "field", ["target-network-name", "target-network-range", "target-subnet-name", "target-subnet-range"]
)
@pytest.mark.parametrize("text", ["", "x" * 300, "asr🙂", "-", "10.0.0.0/99\n"])
async def test_a_wrong_network_field_is_refused_and_the_draft_unchanged(
    opened: Open, qtbot: QtBot, field: str, text: str
) -> None:
    page = await opened()
    before = page.draft
    page.press(qtbot, "target-new-network")
    for name, value in (
        ("target-network-name", "vnet-new"),
        ("target-network-range", "10.70.0.0/16"),
        ("target-subnet-name", "snet-a"),
        ("target-subnet-range", "10.70.1.0/24"),
    ):
        page.type(qtbot, name, text if name == field else value)
    page.press(qtbot, "target-add-network")
    sheet = page.page.room.sheet
    assert isinstance(sheet, NetworkSheet)
    assert sheet.first_focus().objectName() == field
    assert page.find(QLineEdit, field).text() == text
    assert page.draft == before


async def test_a_subnet_outside_the_network_is_told_while_typing(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-network")
    page.type(qtbot, "target-network-range", "10.70.0.0/16")
    page.type(qtbot, "target-subnet-range", "10.71.0.0/24")
    page.press(qtbot, "target-add-network")
    sheet = page.page.room.sheet
    assert isinstance(sheet, NetworkSheet)
    assert "lies outside the network" in sheet.message_of("subnet_prefix")


async def test_a_new_network_is_added_and_shown_chosen_with_its_subnet(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-network")
    page.type(qtbot, "target-network-name", "vnet-new")
    page.type(qtbot, "target-network-range", "10.70.0.0/16")
    page.type(qtbot, "target-subnet-name", "snet-a")
    page.type(qtbot, "target-subnet-range", "10.70.1.0/24")
    page.press(qtbot, "target-add-network")
    assert page.draft.target.network == NEW_NETWORK
    (chosen,) = page.page.network.table.selected_records
    assert (chosen.name, chosen.space, chosen.word) == ("vnet-new", "10.70.0.0/16", "Created when you run")
    assert page.subnet == "snet-a"
    assert page.wishes == []


async def test_a_network_is_made_by_keys_alone_and_they_go_back_to_where_they_came_from(
    opened: Open, qtbot: QtBot
) -> None:
    page = await opened()
    card = page.page.network
    card.new_button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card.new_button, Qt.Key.Key_Space)
    for name, text in (
        ("target-network-name", "vnet-new"),
        ("target-network-range", "10.70.0.0/16"),
        ("target-subnet-add", None),
        ("target-subnet-name", "snet-a"),
        ("target-subnet-range", "10.70.1.0/24"),
    ):
        stop = page.page.focusWidget()
        assert stop is not None
        if stop.objectName() == "target-network-offer":
            qtbot.keyClick(stop, Qt.Key.Key_Tab)
            stop = page.page.focusWidget()
            assert stop is not None
        assert stop.objectName() == name
        if text is not None:
            qtbot.keyClicks(stop, text)
        qtbot.keyClick(stop, Qt.Key.Key_Tab)
    button = page.find(QAbstractButton, "target-add-network")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert page.draft.target.network == NEW_NETWORK
    assert page.page.focusWidget() is card.new_button


async def test_esc_closes_the_sheet_and_leaves_the_draft(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-network")
    qtbot.keyClick(page.find(QLineEdit, "target-network-name"), Qt.Key.Key_Escape)
    assert page.page.room.sheet is None
    assert page.edits == 0


async def test_a_new_resource_group_is_named_below_and_checked(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.pick("target-resource-group", "New resource group…")
    page.type(qtbot, "target-new-resource-group", "rg dr 🙂")
    assert page.draft.target.create_resource_group
    assert page.draft.target.resource_group == "rg dr 🙂"
    page.check(insist=True)
    assert page.page.places.group_message
    assert page.page.first_focus() is page.find(QLineEdit, "target-new-resource-group")


async def test_next_on_an_empty_target_leads_to_each_open_answer_in_turn(opened: Open) -> None:
    page = await opened(replace(estates.ready_draft(), target=TargetChoice(estates.SUBSCRIPTION)))
    assert page.page.storage.message == ""
    page.check(insist=True)
    assert page.page.first_focus() is page.find(Picker, "target-resource-group")
    assert "Choose a storage account" in page.page.storage.message


async def test_refresh_asks_for_a_new_reading(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-refresh")
    assert page.wishes == [ReadAgain()]


async def test_a_second_reading_keeps_the_selection_and_what_was_typed_in_the_sheet(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-storage")
    qtbot.keyClicks(page.find(QLineEdit, "target-storage-name"), "half")
    page.context = estates.context(estates.contoso(storage_accounts=(*ACCOUNTS, estates.storage("another"))))
    page.load()
    assert page.selected == ["contosohqasr02"]
    assert page.find(QLineEdit, "target-storage-name").text() == "half"
    assert page.edits == 0


async def test_names_from_azure_are_plain_text(opened: Open) -> None:
    page = await opened(storage_accounts=(estates.storage("<b>bold</b>"),))
    assert page.names() == ["<b>bold</b>"]


async def test_the_keyboard_starts_at_the_first_control_until_next_was_refused(opened: Open) -> None:
    page = await opened(with_target(storage=StorageChoice()))
    assert page.page.first_focus() is page.find(Picker, "target-resource-group")
    page.check(insist=True)
    assert page.page.first_focus() is page.page.storage.table.grid


@pytest.mark.parametrize(
    ("button", "words"), [("target-new-storage", "the account"), ("target-new-network", "the network")]
)
async def test_that_it_cannot_be_moved_later_is_said_where_it_is_made(
    qtbot: QtBot, opened: Open, button: str, words: str
) -> None:
    page = await opened()

    page.press(qtbot, button)

    assert page.page.room.sheet is not None
    told = [text.text() for text in page.page.room.sheet.findChildren(Text)]
    assert any(f"{words} can’t be moved" in text for text in told)


async def test_going_on_leads_back_to_a_sheet_with_words_that_were_not_added(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-storage")
    assert page.page.own_issues() == ()
    page.type(qtbot, "target-storage-name", "stcontoso77")
    (issue,) = page.page.own_issues()
    assert issue.text == "The new storage account is not added yet. Add it to the set-up, or cancel it."
    assert page.page.first_focus().objectName() == "target-storage-name"
    page.press(qtbot, "target-cancel-storage")
    assert page.page.own_issues() == ()


async def test_words_in_a_sheet_outlive_another_sheet_but_not_its_cancel(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-storage")
    page.type(qtbot, "target-storage-name", "stcontoso77")
    page.press(qtbot, "target-new-network")
    await until(lambda: page.page.room.findChild(StorageSheet) is None, what="the first sheet to go")
    page.press(qtbot, "target-new-storage")
    assert page.find(QLineEdit, "target-storage-name").text() == "stcontoso77"
    page.press(qtbot, "target-cancel-storage")
    await until(lambda: page.page.room.findChild(StorageSheet) is None, what="the sheet to go")
    page.press(qtbot, "target-new-storage")
    assert page.find(QLineEdit, "target-storage-name").text() == ""


async def test_an_open_sheet_follows_the_resource_group(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "target-new-network")
    page.pick("target-resource-group", "New resource group…")
    page.type(qtbot, "target-new-resource-group", "rg-elsewhere")
    sheet = page.page.room.sheet
    assert isinstance(sheet, NetworkSheet)
    assert sheet.purpose.startswith("In rg-elsewhere · ")
