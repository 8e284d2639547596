"""The page of rights: ready, missing, locked, unread, failed; what is copied, and what the keyboard reaches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import resource_group_id, subscription_id
from app.flows.rights_subjects import subject_of_draft, subject_of_vault
from tests.support.practice import contoso_draft, refusal
from tests.support.roles import READER, Administrator
from tests.support.vaults import OpenVault, open_vault
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.views.rights.view import Question, RightsView
from ui.widgets.buttons import Button
from ui.widgets.labels import Text

Show = Callable[[QWidget], Awaitable[None]]


class Opened:
    """The page over a vault; `questions` may be replaced before it is shown."""

    def __init__(self, theme: Theme, vault: OpenVault, width: int = 1100) -> None:
        self.vault = vault
        self.view = RightsView(theme, vault.services, vault.notices, self.ask)
        self.view.resize(width, 900)
        self.asks_about_set_up = False
        self.asks_nothing = False

    async def ask(self) -> Sequence[Question]:
        questions = []
        if self.asks_about_set_up:
            estate = await self.vault.practice.estate()
            questions.append(Question("Set-up", subject_of_draft(contoso_draft(estate, "DC01"), estate)))
        if not self.asks_nothing:
            items = await self.vault.items()
            questions.append(Question("Operations", subject_of_vault(self.vault.feeds.vault, items)))
        return questions

    @property
    def answer(self) -> str:
        title = self.view.findChild(Text, "rights-answer-title")
        return title.text() if title is not None and title.isVisible() else ""

    def says(self, words: str) -> bool:
        return any(words in text.text().replace("\u200b", "") for text in self.texts)

    @property
    def texts(self) -> list[Text]:
        return [text for text in self.view.findChildren(Text) if text.isVisible()]

    def button(self, name: str) -> Button:
        found = self.view.findChild(Button, name)
        assert found is not None, name
        return found

    def press(self, qtbot: QtBot, name: str) -> None:
        qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)


@pytest.fixture
async def drill() -> AsyncIterator[OpenVault]:
    async with open_vault("drill") as vault:
        yield vault


def administrator(vault: OpenVault) -> Administrator:
    return Administrator(vault.practice.simulator)


async def read(opened: Opened, shown: Show) -> Opened:
    await shown(opened.view)
    await until(lambda: opened.answer, what="the answer")
    return opened


async def test_owner_is_told_yes_and_asked_for_nothing(drill: OpenVault, theme: Theme, shown: Show) -> None:
    opened = await read(Opened(theme, drill), shown)
    assert opened.answer == "Yes, for all 7 operations"
    assert opened.says("Nothing is missing, and no lock stops anything.")
    assert {row.chip.word for row in opened.view.rows.values()} == {"Ready"}
    assert opened.view.findChild(QWidget, "rights-request") is None
    assert all(row.head is None for row in opened.view.rows.values())


async def test_what_is_missing_is_told_with_its_role_and_copied(
    qtbot: QtBot, drill: OpenVault, theme: Theme, shown: Show
) -> None:
    administrator(drill).become((READER, subscription_id(drill.services.subscription)))
    opened = await read(Opened(theme, drill), shown)
    assert opened.answer == "Not yet: rights are missing for 5 of 7 operations"
    row = opened.view.rows["commit"]
    assert (row.chip.status, row.chip.word) == (Status.CRITICAL, "1 right missing")
    assert opened.says("Site Recovery Operator on the vault asr-contoso-weu")
    assert not opened.says("failoverCommit/action")
    opened.press(qtbot, "rights-open-commit")
    assert opened.says("replicationProtectedItems/failoverCommit/action")
    assert opened.says("Smallest role: Site Recovery Operator on the vault asr-contoso-weu.")
    opened.press(qtbot, "rights-copy-request")
    copied = QGuiApplication.clipboard().text()
    assert "az role assignment create" in copied
    assert "New-AzRoleAssignment" in copied
    assert opened.says("Copied")


async def test_commands_of_one_step_are_copied_alone(qtbot: QtBot, drill: OpenVault, theme: Theme, shown: Show) -> None:
    administrator(drill).become((READER, subscription_id(drill.services.subscription)))
    opened = await read(Opened(theme, drill), shown)
    opened.press(qtbot, "rights-open-commit")
    commands = opened.button("rights-commit-powershell")
    qtbot.keyClick(commands, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text().splitlines()[-1].startswith("New-AzRoleAssignment -ObjectId '")
    qtbot.keyClick(opened.button("rights-commit-az"), Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text().startswith("az role assignment create ")
    assert commands.accessibleName() == "Copy for PowerShell: Commit failover"


async def test_steps_and_operations_stand_apart_and_are_counted_together(theme: Theme, shown: Show) -> None:
    async with open_vault("contoso") as vault:
        administrator(vault).become((READER, subscription_id(vault.services.subscription)))
        opened = Opened(theme, vault)
        opened.asks_about_set_up = True
        await read(opened, shown)
        assert opened.says("Set-up")
        assert opened.says("Operations")
        assert opened.answer == "Not yet: rights are missing for 3 of 5 steps and 5 of 6 operations"
        assert opened.view.rows["capacity"].chip.word == "Optional"
        assert "Storage Blob Data Contributor" not in "".join(
            ask.title
            for ask in opened.view.findChild(QWidget, "rights-request").request.asks  # type: ignore[union-attr]
        )


async def test_lock_is_told_with_its_note_and_what_it_stops(
    qtbot: QtBot, drill: OpenVault, theme: Theme, shown: Show
) -> None:
    group = resource_group_id(drill.services.subscription, "rg-contoso-dr")
    administrator(drill).lock(group, "CanNotDelete", notes="ask the network team")
    opened = await read(Opened(theme, drill), shown)
    assert opened.answer == "Not yet: a lock stops 1 of 7 operations"
    assert opened.says("The lock “keep” on the resource group rg-contoso-dr: nothing can be deleted there.")
    assert opened.says("ask the network team")
    assert opened.view.rows["clean_up"].chip.word == "Locked"
    opened.press(qtbot, "rights-open-clean_up")
    assert opened.says("would stop what Azure does there")
    assert opened.says("Microsoft.Compute/virtualMachines/delete")


async def test_deny_assignment_is_told_by_name(qtbot: QtBot, drill: OpenVault, theme: Theme, shown: Show) -> None:
    administrator(drill).withhold(drill.feeds.vault, "*/failoverCommit/action")
    opened = await read(Opened(theme, drill), shown)
    assert opened.says("Deny assignment “managed”")
    opened.press(qtbot, "rights-open-commit")
    assert opened.says("No role helps: whoever made it has to exclude you.")
    assert opened.view.findChild(QWidget, "rights-request") is None


async def test_what_could_not_be_read_is_told(drill: OpenVault, theme: Theme, shown: Show) -> None:
    drill.practice.wire.before = lambda request: refusal(403, "No") if "/permissions" in request.url else None
    opened = await read(Opened(theme, drill), shown)
    assert opened.answer == "Not known for 7 of 7 operations"
    assert opened.says("Could not read what you may do at asr-contoso-weu.")
    assert opened.view.rows["commit"].chip.word == "Not known"


async def test_failure_stands_in_the_page_and_can_be_tried_again(
    qtbot: QtBot, drill: OpenVault, theme: Theme, shown: Show
) -> None:
    refused = refusal(401, "InvalidAuthenticationToken")
    drill.practice.wire.before = lambda request: refused if "/permissions" in request.url else None
    opened = Opened(theme, drill)
    await shown(opened.view)
    await until(lambda: opened.says("Nothing was changed."), what="the failure")
    assert opened.says("you are not signed in")
    drill.practice.wire.before = lambda request: None
    opened.press(qtbot, "rights-try-again")
    await until(lambda: opened.answer, what="the answer")
    assert not opened.says("Nothing was changed.")


async def test_later_failure_keeps_what_was_there(drill: OpenVault, theme: Theme, shown: Show) -> None:
    opened = await read(Opened(theme, drill), shown)
    refused = refusal(401, "InvalidAuthenticationToken")
    drill.practice.wire.before = lambda request: refused if "/permissions" in request.url else None
    opened.view.refresh()
    await until(lambda: drill.notices.notices, what="the notice")
    assert opened.answer == "Yes, for all 7 operations"
    drill.practice.wire.before = lambda request: None
    drill.notices.notices[0].actions[0].run()
    await until(lambda: not drill.notices.notices, what="the notice to go")


async def test_check_again_finds_what_was_given_meanwhile_and_keeps_what_is_unfolded(
    qtbot: QtBot, drill: OpenVault, theme: Theme, shown: Show
) -> None:
    group = resource_group_id(drill.services.subscription, "rg-contoso-dr")
    admin = administrator(drill)
    admin.lock(group, "ReadOnly")
    opened = await read(Opened(theme, drill), shown)
    opened.press(qtbot, "rights-open-clean_up")
    admin.lock(group, "CanNotDelete")
    opened.press(qtbot, "rights-again")
    await until(lambda: opened.answer == "Not yet: a lock stops 1 of 7 operations", what="the other lock")
    assert opened.view.rows["clean_up"].is_open
    admin.unlock(group)
    opened.press(qtbot, "rights-again")
    await until(lambda: opened.answer == "Yes, for all 7 operations", what="no lock")


async def test_nothing_to_ask_about_is_told(drill: OpenVault, theme: Theme, shown: Show) -> None:
    opened = Opened(theme, drill)
    opened.asks_nothing = True
    await shown(opened.view)
    await until(lambda: opened.says("There is no vault yet"), what="the empty page")


async def test_left_while_reading_does_no_harm(drill: OpenVault, theme: Theme, shown: Show) -> None:
    opened = Opened(theme, drill)
    await shown(opened.view)
    opened.view.close()
    opened.view.deleteLater()


async def test_wanted_step_is_unfolded_and_has_the_keyboard(
    qtbot: QtBot, drill: OpenVault, theme: Theme, shown: Show
) -> None:
    administrator(drill).become((READER, subscription_id(drill.services.subscription)))
    opened = Opened(theme, drill)
    opened.view.open_purpose("commit")
    await read(opened, shown)
    head = opened.button("rights-open-commit")
    await until(head.hasFocus, what="the keyboard at the step")
    assert opened.view.rows["commit"].is_open
    qtbot.keyClick(head, Qt.Key.Key_Space)
    assert not opened.view.rows["commit"].is_open


async def test_all_buttons_are_named_and_reached_by_tab(
    qtbot: QtBot, drill: OpenVault, theme: Theme, shown: Show
) -> None:
    administrator(drill).become((READER, subscription_id(drill.services.subscription)))
    opened = await read(Opened(theme, drill), shown)
    opened.press(qtbot, "rights-open-commit")
    buttons = [button for button in opened.view.findChildren(Button) if button.isVisible()]
    assert all(button.accessibleName() or button.text() for button in buttons)
    reached = set()
    widget = opened.view.nextInFocusChain()
    while widget is not opened.view:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget)
        widget = widget.nextInFocusChain()
    assert set(buttons) <= reached


async def test_narrow_page_breaks_long_actions(qtbot: QtBot, drill: OpenVault, theme: Theme, shown: Show) -> None:
    administrator(drill).become((READER, subscription_id(drill.services.subscription)))
    opened = await read(Opened(theme, drill, width=700), shown)
    opened.press(qtbot, "rights-open-commit")
    assert opened.view.width() == 700
    assert max(text.mapTo(opened.view, text.rect().topRight()).x() for text in opened.texts) <= 700
