"""Connect: which vaults are offered and why not, and what the sheet says of the answers for a new one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.arm_id import vault_id
from app.domain.azure import ResourceGroup
from app.domain.estate import Estate
from app.domain.vault import Vault
from app.errors import Conflict
from app.flows.checks import check_vault
from app.flows.draft import SetUpDraft, TargetChoice, VaultChoice
from tests.support import estates
from ui.theme.theme import Theme
from ui.widgets.labels import StatusLine
from ui.widgets.line_edit import LineEdit
from ui.widgets.picker import Picker
from ui.wizard.pages.vault import VaultPage
from ui.wizard.requests import CreateVault, ReadAgain

Show = Callable[[QWidget], Awaitable[None]]

NEW = SetUpDraft(vault=VaultChoice(estates.SUBSCRIPTION), target=TargetChoice(estates.SUBSCRIPTION))


def second_vault(location: str = "northeurope") -> Vault:
    return Vault(vault_id(estates.SUBSCRIPTION, "rg-second", "asr-second"), "asr-second", location)


class Opened:
    """The page with what it emitted; edits are loaded back as the wizard does."""

    def __init__(self, theme: Theme, draft: SetUpDraft, estate: Estate) -> None:
        self.context = estates.context(estate)
        self.draft = draft
        self.requests: list[object] = []
        self.edits: list[SetUpDraft] = []
        self.page = VaultPage(theme)
        self.page.draft_edited.connect(self.take)
        self.page.requested.connect(self.requests.append)
        self.page.resize(1100, 720)
        self.page.load(draft, self.context)
        self.check()

    def take(self, draft: SetUpDraft) -> None:
        self.edits.append(draft)
        self.draft = draft
        self.check()

    def check(self, *, insist: bool = False) -> None:
        self.page.show_issues(check_vault(self.draft, self.context), insist=insist)

    def press(self, name: str) -> None:
        widget = self.page.findChild(QWidget, name)
        assert widget is not None
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def edit(self, name: str) -> LineEdit:
        found = self.page.findChild(LineEdit, name)
        assert found is not None
        return found

    def pick(self, name: str, key: str) -> None:
        picker = self.page.findChild(Picker, name)
        assert picker is not None
        row = [option.key for option in picker.options].index(key)
        picker.setCurrentIndex(row)
        picker.activated.emit(row)

    def open_sheet(self) -> None:
        self.press("vault-new")

    def message_of(self, name: str) -> str:
        """The sentence shown at a field of the sheet."""
        field = self.edit(name).parentWidget()
        return str(field.message)  # type: ignore[union-attr]


@pytest.fixture
async def empty(theme: Theme, shown: Show) -> Opened:
    """A subscription with nothing in it, and the page on screen."""
    opened = Opened(theme, NEW, estates.empty())
    await shown(opened.page)
    return opened


TOO_LONG = "a" * 300


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Type a name for the vault. Use 2 to 50 letters, digits and hyphens."),
        (TOO_LONG, "This name has 300 characters. Use 2 to 50 letters, digits and hyphens."),
        ("vault🔥", "“🔥” can’t be used. Use 2 to 50 letters, digits and hyphens."),
    ],
    ids=["an_empty_name", "300_characters", "emoji"],
)
async def test_wrong_vault_name_is_told_at_its_field_and_changes_nothing(
    empty: Opened, name: str, sentence: str
) -> None:
    empty.open_sheet()
    empty.edit("vault-name").insert(name)
    empty.edit("vault-name").textEdited.emit(name)
    empty.press("vault-create")
    assert empty.message_of("vault-name") == sentence
    assert empty.edit("vault-name").hasFocus()
    assert empty.requests == []
    assert (empty.draft, empty.edits) == (NEW, [])


async def test_wrong_group_name_is_told_at_its_own_field(empty: Opened) -> None:
    empty.open_sheet()
    QTest.keyClicks(empty.edit("vault-name"), "asr-one")
    QTest.keyClicks(empty.edit("vault-new-resource-group"), "rg one*")
    empty.pick("vault-region", "westeurope")
    empty.press("vault-create")
    assert empty.message_of("vault-name") == ""
    assert "“*”" in empty.message_of("vault-new-resource-group") or "space" in empty.message_of(
        "vault-new-resource-group"
    )
    assert empty.edit("vault-new-resource-group").hasFocus()
    assert empty.requests == []


async def test_right_answers_ask_for_the_vault_and_leave_the_draft_alone(empty: Opened) -> None:
    empty.open_sheet()
    QTest.keyClicks(empty.edit("vault-name"), "asr-one")
    QTest.keyClicks(empty.edit("vault-new-resource-group"), "rg-one")
    empty.pick("vault-region", "northeurope")
    empty.press("vault-create")
    wanted = VaultChoice(estates.SUBSCRIPTION, "rg-one", "asr-one", "northeurope", True, True, "GeoRedundant")
    assert empty.requests == [CreateVault(replace(NEW, vault=wanted))]
    assert empty.edits == []


async def test_existing_group_suggests_its_region(theme: Theme, shown: Show) -> None:
    group = ResourceGroup(
        vault_id(estates.SUBSCRIPTION, "rg-neu", "x").up_to("resourceGroups"), "rg-neu", "northeurope"
    )
    opened = Opened(theme, NEW, replace(estates.empty(), resource_groups=(group,)))
    await shown(opened.page)
    opened.open_sheet()
    opened.pick("vault-resource-group", group.id.key)
    regions = opened.page.findChild(Picker, "vault-region")
    assert regions is not None
    assert regions.current_key == "northeurope"


async def test_refused_creation_is_told_in_the_sheet_and_can_be_tried_again(empty: Opened) -> None:
    empty.open_sheet()
    QTest.keyClicks(empty.edit("vault-name"), "asr-one")
    QTest.keyClicks(empty.edit("vault-new-resource-group"), "rg-one")
    empty.pick("vault-region", "westeurope")
    empty.press("vault-create")
    (request,) = empty.requests
    assert isinstance(request, CreateVault)
    empty.page.started(request)
    assert not empty.edit("vault-name").isEnabled()
    empty.page.finished(request, Conflict("taken", "This name is taken.", "Type another name."))
    sheet = empty.page.room.sheet
    assert sheet is not None
    assert sheet.failure == "This name is taken. Type another name."  # type: ignore[attr-defined]
    assert empty.edit("vault-name").isEnabled()
    assert empty.edit("vault-name").text() == "asr-one"


async def test_closing_the_sheet_gives_the_focus_back(empty: Opened) -> None:
    new = empty.page.findChild(QWidget, "vault-new")
    assert new is not None
    new.setFocus()
    empty.open_sheet()
    QTest.keyClick(empty.edit("vault-name"), Qt.Key.Key_Escape)
    assert empty.page.room.sheet is None
    assert new.hasFocus()


async def test_creating_may_be_watched_again_after_the_sheet_was_closed(empty: Opened) -> None:
    request = CreateVault(
        replace(NEW, vault=VaultChoice(estates.SUBSCRIPTION, "rg-one", "asr-one", "westeurope", True, True))
    )
    empty.page.started(request)
    empty.open_sheet()
    assert empty.page.room.sheet is None  # the button explains itself instead
    empty.page.finished(request, Conflict("late", "Azure refused it.", "Try later."))
    assert empty.edit("vault-name").text() == "asr-one"


async def test_clicking_a_vault_chooses_it(theme: Theme, shown: Show) -> None:
    estate = estates.contoso(vaults=(estates.contoso().vaults[0], second_vault()))
    opened = Opened(theme, NEW, estate)
    await shown(opened.page)
    table = opened.page.findChild(QWidget, "vault-table")
    assert table is not None
    opened.page._table.select([second_vault().id.key])
    assert opened.draft.vault == VaultChoice(estates.SUBSCRIPTION, "rg-second", "asr-second", "northeurope")
    assert len(opened.edits) == 1


async def test_that_a_vault_cannot_be_moved_later_is_said_where_it_is_chosen(theme: Theme, shown: Show) -> None:
    opened = Opened(theme, SetUpDraft(), estates.contoso())
    await shown(opened.page)

    line = opened.page.findChild(StatusLine, "vault-fixed")
    assert line is not None
    assert line.isVisible()
    assert "can’t be moved" in line.text


async def test_loading_the_chosen_vault_is_no_edit(theme: Theme, shown: Show) -> None:
    estate = estates.contoso(vaults=(estates.contoso().vaults[0], second_vault()))
    opened = Opened(theme, estates.ready_draft(), estate)
    await shown(opened.page)
    assert [row.vault.name for row in opened.page._table.selected_records] == ["asr-contoso-weu"]
    opened.page.load(opened.draft, opened.context)
    assert opened.edits == []


async def test_vault_in_a_refused_region_stays_with_its_reason(theme: Theme, shown: Show) -> None:
    refused = estates.context().rules.regions.refused_targets[0]
    estate = estates.contoso(vaults=(estates.contoso().vaults[0], second_vault(refused)))
    opened = Opened(theme, NEW, estate)
    await shown(opened.page)
    opened.page._table.select([second_vault().id.key])
    assert [row.refusal for row in opened.page._table.selected_records] == [
        f"Hyper-V machines can’t fail over to {refused}. Choose a vault in another region."
    ]


async def test_next_without_a_vault_says_so_on_the_page(empty: Opened) -> None:
    empty.check(insist=True)
    assert empty.page._issue.isVisible()
    assert empty.page._issue.text == "Choose a vault, or create one."
    assert empty.page.first_focus().objectName() == "vault-new"


async def test_refresh_asks_to_read_again(empty: Opened) -> None:
    empty.press("vault-refresh")
    assert empty.requests == [ReadAgain()]
