"""The wizard's frame on the practice vault with the real SDK: going on and back, saving, reopening, and runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from app.domain.arm_id import ArmId
from app.domain.installer import Downloaded
from app.domain.prerequisite_checks import AzureSide
from app.flows.draft import GoalChoice, SetUpDraft, TargetChoice, VaultChoice
from app.flows.draft_file import load_draft
from app.runtime.journal import ActionState
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, contoso_draft, open_practice, refusal
from tests.support.roles import Administrator
from tests.support.waiting import until
from tests.support.wizard_window import is_settled
from ui.asking import Asking
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.widgets.labels import StatusLine
from ui.widgets.line_edit import LineEdit
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.picker import Picker
from ui.widgets.step_rail import StepItem
from ui.wizard.draft_store import DraftStore
from ui.wizard.errands import Errands
from ui.wizard.limits_watch import LimitsWatch
from ui.wizard.pages.run import RunPage
from ui.wizard.pages.target import TargetPage
from ui.wizard.pages.vault import VaultPage
from ui.wizard.requests import (
    DownloadBegun,
    DownloadProvider,
    DownloadState,
    PauseDownload,
    ReadAzureSide,
    ReadDownload,
    StopDownload,
)
from ui.wizard.window import SetUpWizard

pytestmark = pytest.mark.slow

Show = Callable[[QWidget], Awaitable[None]]
ITEMS = "replicationProtectedItems/"
VISITED = ("vault", "goal", "source", "target", "settings", "capacity", "enable")


class NothingIsAsked:
    def open_sheet(self, sheet: ModalSheet) -> None:
        raise AssertionError(f"{sheet.objectName()} was opened")


@dataclass(frozen=True)
class Opened:
    practice: Practice
    wizard: SetUpWizard
    notices: NoticeHub
    file: Path

    @property
    def step_id(self) -> str:
        return self.wizard.controller.flow.position.id

    @property
    def draft(self) -> SetUpDraft:
        return self.wizard.controller.flow.draft

    def button(self, name: str) -> QAbstractButton:
        found = self.wizard.findChild(QAbstractButton, name)
        assert found is not None, name
        return found

    async def press(self, name: str) -> None:
        button = self.button(name)
        await until(lambda: button.isVisible() and button.isEnabled(), what=f"{name} to take a press")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def footer_says(self) -> str:
        line = self.wizard.findChild(StatusLine, "wizard-issue")
        assert line is not None
        return line.text if line.isVisible() else ""

    def rail_says(self, step_id: str) -> str:
        item = self.wizard.findChild(StepItem, f"step_{step_id}")
        assert item is not None
        return item.accessibleDescription()

    def type(self, name: str, text: str) -> None:
        edit = self.wizard.findChild(LineEdit, name)
        assert edit is not None, name
        QTest.keyClicks(edit, text)

    def pick(self, name: str, key: str) -> None:
        picker = self.wizard.findChild(Picker, name)
        assert picker is not None, name
        picker.activated.emit([option.key for option in picker.options].index(key))

    def run_states(self) -> dict[str, ActionState]:
        """How the run stands that is on screen, by what its actions are about."""
        page = self.wizard.page
        assert isinstance(page, RunPage)
        return {row.action.action.subject: row.action.state for row in page.table.model.records()}

    async def have_read(self) -> None:
        """Until the reading that a move began is over: qasync runs what is left of a test without its loop."""
        await until(lambda: not self.wizard.controller.calls.is_running("read"), what="the reading to end")

    async def close(self) -> None:
        """What the desk does when the window goes."""
        await self.wizard.aclose()
        self.wizard.close()
        self.wizard.deleteLater()


Open = Callable[..., Awaitable[Opened]]
_TURNS_TO_END = 20
"""What was cancelled has readings below it, and those others: each level ends in a turn of the loop of its own."""


@pytest.fixture
async def contoso() -> AsyncIterator[Practice]:
    async with open_practice() as practice:
        yield practice


@pytest.fixture
async def open_wizard(theme: Theme, shown: Show, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens a set-up that is kept in one file; what is still open at the end is closed."""
    wizards: list[SetUpWizard] = []
    window = QWidget()

    async def open_it(practice: Practice, draft: SetUpDraft | None = None, file: str = "a.setup.json") -> Opened:
        services = practice.services
        if practice.simulator.vault_name is None:
            services = replace(services, home_vault=None)
        notices, store = NoticeHub(), DraftStore(tmp_path / file)
        asking = Asking(theme, NothingIsAsked(), window)
        wizard = SetUpWizard(theme, services, store, notices, asking, draft=draft)
        wizards.append(wizard)
        wizard.resize(1360, 800)
        await shown(wizard)
        await until(lambda: is_settled(wizard), what="the set-up to open")
        return Opened(practice, wizard, notices, tmp_path / file)

    yield open_it
    for wizard in filter(isValid, wizards):
        wizard.controller.leave()
    for _ in range(_TURNS_TO_END):
        await asyncio.sleep(0)
    window.deleteLater()


@pytest.fixture(autouse=True)
def _quick_system() -> Iterator[None]:
    """A system whose double clicks are short, so that no test has to wait for the end of one."""
    before = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(1)
    QApplication.setQuitOnLastWindowClosed(False)
    yield
    QApplication.setQuitOnLastWindowClosed(True)
    QApplication.setDoubleClickInterval(before)


# Going on and back


async def test_next_pressed_twice_quickly_goes_one_step_only(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    next_button = opened.button("wizard-next")
    await until(next_button.isEnabled)
    QApplication.setDoubleClickInterval(60_000)
    before = opened.draft
    QTest.mouseClick(next_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(next_button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(next_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(opened.wizard.page, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert opened.step_id == "goal"
    assert opened.wizard.page.objectName() == "page-goal"
    assert opened.footer_says() == "Say where the machines run now."
    assert replace(opened.draft, position=before.position, visited=before.visited) == before


async def test_double_click_on_the_way_to_the_review_does_not_start_the_run(
    contoso: Practice, open_wizard: Open
) -> None:
    draft = replace(contoso_draft(await contoso.estate(), "WEB-01"), position="enable", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    next_button, run = opened.button("wizard-next"), opened.button("review-run")
    await until(next_button.isEnabled)
    QTest.mouseClick(next_button, Qt.MouseButton.LeftButton)
    assert opened.step_id == "review"
    QTest.mouseClick(run, Qt.MouseButton.LeftButton)
    await until(run.isEnabled)
    await opened.have_read()
    assert opened.step_id == "review"
    assert contoso.wire.writes == []


async def test_refused_next_says_what_is_missing_and_goes_there(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    await opened.press("wizard-next")
    before = opened.draft
    await opened.press("wizard-next")
    assert opened.step_id == "goal"
    assert opened.footer_says() == "Say where the machines run now."
    assert opened.button("goal-source-on-premises").hasFocus()
    assert opened.draft == before


async def test_alt_arrows_go_on_and_back(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    await until(opened.button("wizard-next").isEnabled)
    QTest.keyClick(opened.wizard.page, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert opened.step_id == "goal"
    QTest.keyClick(opened.wizard.page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert opened.step_id == "vault"


async def test_rail_leads_to_steps_that_were_seen_and_to_no_others(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    await opened.press("wizard-next")
    await opened.press("step_vault")
    assert opened.step_id == "vault"
    await opened.press("step_target")
    assert opened.step_id == "vault"
    await until(lambda: opened.rail_says("goal").startswith("needs work"), what="the rail to follow")


async def test_next_says_review_before_the_review_and_run_on_it(contoso: Practice, open_wizard: Open) -> None:
    draft = replace(contoso_draft(await contoso.estate(), "WEB-01"), position="enable", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    assert opened.button("wizard-next").text().replace("&", "") == "Review"
    await opened.press("wizard-next")
    assert opened.button("review-run").text().replace("&", "") == "Run 3 actions"
    assert not opened.button("wizard-next").isVisible()
    await opened.have_read()


# What changes elsewhere


async def test_changed_vault_says_what_has_to_be_checked_again(contoso: Practice, open_wizard: Open) -> None:
    draft = replace(contoso_draft(await contoso.estate(), "WEB-01"), position="vault", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    other = replace(draft.vault, name="asr-other", location="northeurope")
    opened.wizard.page.draft_edited.emit(replace(opened.draft, vault=other))
    (notice,) = opened.notices.notices
    assert notice.title == "Source, Target and Enable replication have to be checked again"
    for cleared in ("the Hyper-V site", "the storage account", "the network", "the chosen machines"):
        assert cleared in notice.text
    await until(lambda: opened.rail_says("goal").startswith("done"), what="the rail to follow")
    await opened.press("step_goal")
    assert opened.notices.notices == ()
    await opened.have_read()


async def test_cleared_answer_does_not_come_back_with_the_next_one(contoso: Practice, open_wizard: Open) -> None:
    estate = await contoso.estate()
    draft = replace(contoso_draft(estate, "WEB-01"), position="vault", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    page = opened.wizard.page
    assert isinstance(page, VaultPage)
    page.draft_edited.emit(replace(opened.draft, vault=VaultChoice(draft.vault.subscription)))
    assert opened.draft.machines == ()
    page._table.select([contoso.vault.key])
    assert opened.draft.vault == draft.vault
    assert opened.draft.machines == ()
    assert opened.draft.site.name == ""
    await opened.have_read()


async def test_reading_fails_with_a_notice_and_answers_stay(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    before = opened.draft
    contoso.wire.before = lambda request: refusal(403, "AuthorizationFailed")
    await opened.press("vault-refresh")
    await until(lambda: opened.notices.notices, what="the notice")
    assert opened.draft == before
    contoso.wire.before = lambda request: None
    opened.notices.notices[0].actions[0].run()
    await until(lambda: not opened.notices.notices, what="the notice to go")


# Saving and reopening


async def test_answers_are_saved_as_they_are_given_and_reopened_at_the_same_place(
    contoso: Practice, open_wizard: Open
) -> None:
    opened = await open_wizard(contoso)
    await opened.press("wizard-next")
    await opened.press("goal-hypervisor-hyper-v")
    await until(lambda: opened.file.exists() and load_draft(opened.file).draft == opened.draft, what="the draft's file")
    before = opened.draft
    await opened.close()
    again = await open_wizard(contoso)
    assert again.step_id == "goal"
    assert again.draft == before
    assert again.button("goal-hypervisor-hyper-v").isChecked()


async def test_answer_given_just_before_closing_is_saved(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    await opened.press("wizard-next")
    await opened.press("goal-target-azure")
    await opened.close()
    assert load_draft(opened.file).draft == opened.draft


async def test_save_and_close_leaves_when_the_draft_is_on_disk(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    left: list[bool] = []
    opened.wizard.closed.connect(lambda: left.append(opened.file.exists()))
    await opened.press("wizard-save-and-close")
    await until(lambda: left)
    assert left == [True]


async def test_draft_that_cannot_be_saved_says_so_and_keeps_the_answers(
    contoso: Practice, open_wizard: Open, tmp_path: Path
) -> None:
    (tmp_path / "folder").write_text("a file where the folder should be")
    opened = await open_wizard(contoso, file="folder/a.setup.json")
    before = opened.draft
    left: list[bool] = []
    opened.wizard.closed.connect(lambda: left.append(True))
    await opened.press("wizard-save-and-close")
    await until(lambda: opened.notices.notices)
    assert opened.notices.notices[0].title.startswith("The draft can’t be saved:")
    assert opened.draft == before
    assert left == []


async def test_damaged_draft_is_told_and_left_as_it_is(
    contoso: Practice, theme: Theme, shown: Show, tmp_path: Path
) -> None:
    file = tmp_path / "damaged.setup.json"
    file.write_text("{", "utf-8")
    notices, window = NoticeHub(), QWidget()
    wizard = SetUpWizard(theme, contoso.services, DraftStore(file), notices, Asking(theme, NothingIsAsked(), window))
    await shown(wizard)
    await until(lambda: notices.notices)
    assert notices.notices[0].title.startswith("damaged.setup.json can’t be opened:")
    await wizard.aclose()
    window.deleteLater()
    assert file.read_text("utf-8") == "{"


# Creating and running


async def test_vault_site_and_host_come_one_after_the_other(theme: Theme, open_wizard: Open) -> None:
    async with open_practice("empty") as practice:
        opened = await open_wizard(practice)
        await opened.press("vault-new")
        opened.type("vault-name", "asr-first")
        opened.type("vault-new-resource-group", "rg-first")
        opened.pick("vault-region", "westeurope")
        await opened.press("vault-create")
        await until(lambda: opened.draft.vault.name, what="the vault to be chosen")
        assert opened.draft.vault == VaultChoice(
            practice.simulator.subscription_id, "rg-first", "asr-first", "westeurope"
        )
        await opened.press("wizard-next")
        for card in ("source-on-premises", "target-azure", "hypervisor-hyper-v", "uses-vmm-no"):
            await opened.press(f"goal-{card}")
        await opened.press("wizard-next")
        await opened.press("source-new-site")
        opened.type("source-site-name", "Contoso-HQ")
        await opened.press("source-create-site")
        await until(lambda: opened.draft.site.name, what="the site to be chosen")
        await opened.press("source-register-host")
        await until(lambda: opened.wizard.controller.flow.context.estate.providers, what="the host to appear")
        await opened.press("wizard-next")
        assert opened.step_id == "target"
        await until(lambda: opened.rail_says("source") == "done, Contoso-HQ · 1 host", what="the rail to follow")


async def test_refused_vault_is_told_in_its_sheet_and_the_draft_is_unchanged(open_wizard: Open) -> None:
    async with open_practice("empty") as practice:
        opened = await open_wizard(practice)
        before = opened.draft
        await opened.press("vault-new")
        opened.type("vault-name", "asr-first")
        opened.type("vault-new-resource-group", "rg-first")
        opened.pick("vault-region", "westeurope")
        practice.wire.before = lambda request: refusal(403, "AuthorizationFailed") if request.method == "PUT" else None
        await opened.press("vault-create")
        line = opened.wizard.findChild(StatusLine, "sheet-failure")
        assert line is not None
        await until(line.isVisible, what="the failure in the sheet")
        assert line.text
        assert opened.draft == before
        practice.wire.before = lambda request: None
        await opened.press("vault-create")
        await until(lambda: opened.draft.vault.name == "asr-first", what="the second try")


async def test_window_closed_during_a_running_action_ends_nothing_and_shows_where_it_is(
    contoso: Practice, open_wizard: Open
) -> None:
    draft = replace(contoso_draft(await contoso.estate(), "WEB-01", "WEB-02"), position="enable", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    await opened.press("wizard-next")
    await opened.press("review-run")

    def lose_sight(request: Request) -> Response | None:
        """Nobody can see how far the machines' jobs are."""
        is_job = "replicationJobs" in request.url and request.method == "GET"
        return refusal(503, "ServiceUnavailable") if is_job and contoso.wire.accepted(containing=ITEMS) else None

    contoso.wire.before = lose_sight
    await until(lambda: len(contoso.wire.accepted(containing=ITEMS)) == 2, what="both machines")
    await until(lambda: opened.run_states().get("WEB-01") is ActionState.ACCEPTED, what="the run to know of it")
    answers = opened.draft
    await opened.close()
    again = await open_wizard(contoso)
    assert again.step_id == "run"
    assert again.draft == answers
    await until(lambda: again.run_states().get("WEB-01") is ActionState.ACCEPTED, what="where it was")
    contoso.wire.before = lambda request: None
    await until(again.button("run-open-overview").isVisible, within_s=30, what="the run to end")
    assert len(contoso.wire.accepted(containing=ITEMS)) == 2
    assert len((await contoso.estate()).protected_items) == 2


async def test_run_that_ended_while_nobody_looked_leads_back_to_the_review(
    contoso: Practice, open_wizard: Open
) -> None:
    draft = replace(contoso_draft(await contoso.estate(), "WEB-01"), position="enable", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    await opened.press("wizard-next")
    await opened.press("review-run")
    await until(lambda: opened.step_id == "run")
    await opened.close()
    runner = contoso.use.runner
    for run in await runner.unfinished():
        await runner.carry_out(run.id)
    again = await open_wizard(contoso)
    assert again.step_id == "review"
    assert again.button("review-run").refusal is not None  # type: ignore[attr-defined]


async def test_new_set_up_begins_with_what_the_connection_leaves_no_choice_about(
    contoso: Practice, open_wizard: Open
) -> None:
    opened = await open_wizard(contoso)
    assert opened.draft.vault.name == contoso.simulator.vault_name
    assert opened.draft.site.name == "Contoso-HQ"
    assert opened.draft.goal == GoalChoice()
    assert opened.draft.target == TargetChoice(contoso.simulator.subscription_id, opened.draft.vault.resource_group)


# The installer's download, through the wizard's errands


class PicksFile(Asking):
    """Answers the question where to save."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.suggested = ""

    async def save_file(self, title: str, suggested: str, kinds: str = "") -> Path | None:
        self.suggested = suggested
        return self.path


class Carried:
    """Errands of a wizard, and what they answered."""

    def __init__(self, opened: Opened, asking: Asking) -> None:
        self.errands = Errands(opened.wizard.controller, opened.notices, asking, opened.wizard)
        self.told: list[object] = []
        self.outcomes: dict[object, object] = {}
        self.errands.progressed.connect(lambda step, request, progress: self.told.append(progress))
        self.errands.ended.connect(lambda step, request, outcome: self.outcomes.__setitem__(request, outcome))

    async def carry_out(self, request: Any) -> object:
        self.errands.carry_out("source", request)
        await until(lambda: request in self.outcomes, what=f"an answer to {request}")
        return self.outcomes.pop(request)


async def test_installer_is_downloaded_to_where_the_question_says(
    contoso: Practice, open_wizard: Open, tmp_path: Path
) -> None:
    asking = PicksFile(tmp_path / "setup.txt")
    carried = Carried(await open_wizard(contoso), asking)
    state = await carried.carry_out(ReadDownload())
    assert isinstance(state, DownloadState)
    assert state.installer.is_practice
    done = await carried.carry_out(DownloadProvider())
    assert isinstance(done, Downloaded)
    assert done.path == tmp_path / "setup.txt"
    assert asking.suggested == state.installer.name
    assert carried.told[0] == DownloadBegun(done.path)


async def test_closed_question_downloads_nothing(contoso: Practice, open_wizard: Open) -> None:
    carried = Carried(await open_wizard(contoso), PicksFile(None))
    assert await carried.carry_out(DownloadProvider()) is None
    assert carried.told == []


async def test_pause_and_stop_without_a_download_are_answered(
    contoso: Practice, open_wizard: Open, tmp_path: Path
) -> None:
    carried = Carried(await open_wizard(contoso), PicksFile(None))
    assert await carried.carry_out(PauseDownload()) is None
    assert await carried.carry_out(StopDownload(tmp_path / "setup.txt")) is None


async def test_goal_page_is_told_what_is_there_in_azure(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    carried = Carried(opened, PicksFile(None))
    side = await carried.carry_out(ReadAzureSide(opened.draft))
    assert isinstance(side, AzureSide)
    assert side.vault is not None
    assert side.permissions


# What is learnt of storage accounts after their list


async def test_a_locked_account_is_greyed_on_the_target_page_and_stops_next_until_unlocked(
    contoso: Practice, open_wizard: Open
) -> None:
    draft = replace(contoso_draft(await contoso.estate()), position="target", visited=VISITED)
    account = ArmId(draft.target.storage.account_id)
    administrator = Administrator(contoso.simulator)
    administrator.lock(account, "ReadOnly")
    opened = await open_wizard(contoso, draft)
    page = opened.wizard.page
    assert isinstance(page, TargetPage)
    rows = page.storage.table.model

    def word() -> str:
        row = rows.record(account.key)
        return row.word if row is not None else ""

    await until(lambda: word() == "Locked", what="the lock to be read")
    await until(lambda: rows.record(account.key).used_bytes is not None, what="what is stored to be read")
    assert [row.key for row in page.storage.table.selected_records] == [account.key]
    await opened.press("wizard-next")
    assert opened.step_id == "target"
    assert "lock" in opened.footer_says().lower()
    administrator.unlock(account)
    await opened.press("target-refresh")
    await until(lambda: word() != "Locked", what="the account to be free")
    await opened.have_read()
    await opened.wizard.controller.flush()


async def test_other_limits_judge_an_open_set_up_at_once_and_lose_no_answer(
    contoso: Practice, open_wizard: Open
) -> None:
    estate = await contoso.estate()
    premium = next(each for each in estate.storage_accounts if each.tier == "Premium" and each.kind == "StorageV2")
    draft = contoso_draft(estate)
    storage = replace(draft.target.storage, account_id=premium.id.text, name=premium.name)
    draft = replace(draft, target=replace(draft.target, storage=storage), position="target", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    limits = opened.wizard.controller.services.limits
    LimitsWatch(opened.wizard.controller, limits, opened.wizard)
    page = opened.wizard.page
    assert isinstance(page, TargetPage)
    rows = page.storage.table.model
    line = opened.wizard.findChild(StatusLine, "target-elsewhere")
    await until(lambda: rows.record(premium.id.key) is not None, what="the accounts")
    assert rows.record(premium.id.key).is_usable
    await until(lambda: line.text.startswith("By the limits of January 2017: blocked ("), what="the line")
    await limits.choose("seed-2017")
    await until(lambda: not rows.record(premium.id.key).is_usable, what="the account to be judged anew")
    assert opened.button("target-limits").text() == "Limits of January 2017"
    await until(lambda: "By the limits of May 2026" in line.text, what="the line to follow")
    assert opened.draft.target.storage == storage
    await opened.have_read()
    await opened.wizard.controller.flush()
