"""The jobs of a vault: the list, and the page of one job, running, failed or done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import ArmId
from app.domain.job import JobState, JobTask, ReplicationJob
from app.domain.protected_item import Operation, ReplicationProtectedItem
from app.flows.failover import FailoverKind
from app.rules import load_rules
from tests.support.practice import refusal
from tests.support.vaults import OpenVault, open_vault
from tests.support.waiting import until
from ui.jobs.words import kind_text, title_text
from ui.tables.table_view import TableState
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.views.jobs.next_step import item_of
from ui.views.jobs.task_table import TaskTable, is_late, task_rows
from ui.views.jobs.view import JobsView
from ui.widgets.buttons import Button

NOON = datetime(2026, 8, 26, 12, tzinfo=UTC)
Show = Callable[[QWidget], Awaitable[None]]


async def opened(vault: OpenVault, theme: Theme, shown: Show) -> JobsView:
    view = JobsView(theme, vault.feeds, vault.services, vault.notices, None)
    view.resize(1200, 800)
    await shown(view)
    return view


async def drilled(vault: OpenVault) -> tuple[ReplicationProtectedItem, ReplicationJob]:
    """A machine that has just been through a test failover, and the job of it."""
    item = next(item for item in await vault.items() if item.allows(Operation.TEST_FAILOVER))
    await vault.carry_out(FailoverKind.TEST, item.id)
    await vault.feeds.refresh_all()
    job = next(job for job in vault.feeds.jobs.value or () if job.scenario == "TestFailover")
    return item, job


async def job_of(vault: OpenVault, state: JobState) -> ReplicationJob:
    return next(job for job in await vault.services.jobs.jobs(vault.feeds.vault) if job.state is state)


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


async def test_an_empty_day_says_so(theme: Theme, shown: Show) -> None:
    async with open_vault("contoso") as vault:
        view = await opened(vault, theme, shown)
        await until(lambda: view.table.state is TableState.EMPTY, what="the empty list")
        assert view.table.message is not None
        assert view.table.message.title == "No job in the last 24 hours"


async def test_enter_opens_a_job_and_the_way_back_is_one_press(theme: Theme, shown: Show, qtbot: QtBot) -> None:
    async with open_vault(count=4) as vault:
        item, job = await drilled(vault)
        view = await opened(vault, theme, shown)
        await until(lambda: view.table.state is TableState.ROWS, what="the jobs")
        view.table.grid.make_current(job.id.key)
        view.table.grid.setFocus()
        qtbot.keyClick(view.table.grid, Qt.Key.Key_Return)
        assert view.is_job_open
        await until(lambda: view.job_page.job is not None, what="the job")
        assert view.job_page.page.header.title == f"Test failover of {item.friendly_name}"
        assert view.job_page.chip.word == "Done"
        qtbot.mouseClick(view.job_page.breadcrumb.link, Qt.MouseButton.LeftButton)
        assert not view.is_job_open
        assert view.table.grid.hasFocus()


async def test_rows_are_copied_as_text(theme: Theme, shown: Show, qtbot: QtBot) -> None:
    async with open_vault(count=4) as vault:
        item, job = await drilled(vault)
        view = await opened(vault, theme, shown)
        await until(lambda: view.table.state is TableState.ROWS, what="the jobs")
        view.table.select([job.id.key])
        view.table.copy()
        text = QGuiApplication.clipboard().text()
        assert f"Test failover\t{item.friendly_name}\tDone" in text


@pytest.mark.slow
async def test_a_running_job_stands_above_and_is_followed_to_its_end(theme: Theme, shown: Show) -> None:
    async with open_vault(count=4) as vault:
        await drilled(vault)
        item = next(item for item in await vault.items() if item.allows(Operation.TEST_FAILOVER))
        sheet = await vault.services.failover.prepare(FailoverKind.TEST, [item.id])
        action = sheet.actions(sheet.suggested)[0]
        await vault.services.gateways.site_recovery.begin_post(
            item.id, action.verb, action.body, client_request_id="7b1f8f7e-3c64-4a2b-9d59-0f8a3f0b6d11"
        )
        vault.practice.simulator.clock.advance(10)
        await vault.feeds.jobs.refresh()
        view = await opened(vault, theme, shown)
        await until(lambda: view.table.state is TableState.ROWS, what="the jobs")
        running = view.model.shown_records()[0]
        assert running.state is JobState.RUNNING
        view.open_job(running.id)
        job_page = view.job_page
        await until(lambda: job_page.job is not None and job_page.job.state.is_over, what="the end of the job")
        assert job_page.chip.word == "Done"
        await until(job_page.made_card.isVisible, what="the machine that was made")
        assert f"{item.target_name}-test runs" in words(job_page.made_card)


async def test_a_failed_job_says_why_and_what_to_do(theme: Theme, shown: Show, qtbot: QtBot) -> None:
    async with open_vault(count=40) as vault:
        await vault.feeds.refresh_all()
        failed = await job_of(vault, JobState.FAILED)
        view = await opened(vault, theme, shown)
        view.open_job(failed.id)
        (card,) = await until(lambda: view.job_page.error_cards, what="the explanation")
        job = view.job_page.job
        entry = vault.services.rules.error(job.errors[0].code)
        assert entry is not None
        told = words(view)
        assert entry.title in told
        assert entry.cause in told
        assert entry.remedy in told
        assert job.errors[0].message not in told
        qtbot.mouseClick(card.words.head, Qt.MouseButton.LeftButton)
        assert card.words.is_open
        assert job.errors[0].message in card.words.text
        assert job.id.text in card.words.text


async def test_the_text_for_a_ticket_holds_words_and_ids(theme: Theme, shown: Show, qtbot: QtBot) -> None:
    async with open_vault(count=40) as vault:
        failed = await job_of(vault, JobState.FAILED)
        view = await opened(vault, theme, shown)
        view.open_job(failed.id)
        await until(lambda: view.job_page.error_cards, what="the explanation")
        qtbot.mouseClick(view.job_page.copy_button, Qt.MouseButton.LeftButton)
        text = QGuiApplication.clipboard().text()
        job = view.job_page.job
        assert text.startswith(title_text(job))
        assert "State: Failed" in text
        assert job.errors[0].message in text
        assert job.tasks[0].name in text
        assert job.id.text in text
        assert job.activity_id in text


async def test_a_drill_shows_what_it_made_and_leads_to_the_clean_up(theme: Theme, shown: Show, qtbot: QtBot) -> None:
    async with open_vault(count=4) as vault:
        item, job = await drilled(vault)
        view = await opened(vault, theme, shown)
        asked: list[tuple[FailoverKind, tuple[ArmId, ...]]] = []
        machines: list[ArmId] = []
        view.operation_requested.connect(lambda kind, items: asked.append((kind, items)))
        view.item_requested.connect(machines.append)
        view.open_job(job.id)
        page = view.job_page
        await until(page.made_card.isVisible, what="the machine that was made")
        assert f"{item.target_name}-test runs, without a network." in words(page.made_card)
        assert page.next_button.text() == "Clean &up…"
        qtbot.mouseClick(page.next_button, Qt.MouseButton.LeftButton)
        assert asked == [(FailoverKind.CLEAN_UP, (item.id,))]
        qtbot.mouseClick(page.machine_button, Qt.MouseButton.LeftButton)
        assert machines == [item.id]


async def test_a_drill_that_was_cleaned_up_says_so(theme: Theme, shown: Show) -> None:
    async with open_vault(count=4) as vault:
        item, job = await drilled(vault)
        await vault.carry_out(FailoverKind.CLEAN_UP, item.id)
        await vault.feeds.refresh_all()
        view = await opened(vault, theme, shown)
        view.open_job(job.id)
        await until(view.job_page.made_card.isVisible, what="what the drill had made")
        assert f"{item.target_name}-test has been cleaned up since." in words(view.job_page.made_card)
        assert not view.job_page.next_button.isVisible()


async def test_what_went_on_meanwhile_is_told(theme: Theme, shown: Show) -> None:
    async with open_vault(count=4) as vault:
        _, job = await drilled(vault)
        whole = await vault.services.jobs.job(job.id)
        first, *rest = whole.tasks
        begun = [replace(rest[0], state=JobState.RUNNING, ended=None)]
        waiting = [replace(task, state=JobState.NOT_STARTED, started=None, ended=None) for task in rest[1:]]
        view = await opened(vault, theme, shown)
        view.open_job(job.id)
        await until(lambda: view.job_page.job is not None, what="the job")
        earlier = replace(whole, state=JobState.RUNNING, ended=None, tasks=(first, *begun, *waiting))
        view.job_page.show_look(earlier)
        view.hide()
        view.show()
        await until(view.job_page.note.isVisible, what="the note")
        assert view.job_page.note.text == f"Went on while you were away: {len(rest)} tasks more done."


async def test_a_job_that_is_gone_is_told_in_place(theme: Theme, shown: Show) -> None:
    async with open_vault(count=4) as vault:
        view = await opened(vault, theme, shown)
        view.open_job(vault.feeds.vault.child("replicationJobs", "5a1b7c2e-0d34-4f6a-9b58-000000000000"))
        await until(view.job_page.note.isVisible, what="the note")
        assert view.job_page.note.text
        assert vault.notices.notices == ()


async def test_a_list_that_cannot_be_read_keeps_its_rows_and_says_how_old(theme: Theme, shown: Show) -> None:
    async with open_vault(count=4) as vault:
        await drilled(vault)
        view = await opened(vault, theme, shown)
        await until(lambda: view.table.state is TableState.ROWS, what="the jobs")
        vault.practice.wire.before = lambda request: refusal(403, "AuthorizationFailed")
        await vault.feeds.jobs.refresh()
        assert view.table.state is TableState.ROWS
        assert "This list is from" in words(view.table)


async def test_a_first_reading_that_fails_says_why_and_is_tried_again(theme: Theme, shown: Show, qtbot: QtBot) -> None:
    async with open_vault("contoso") as vault:
        vault.practice.wire.before = lambda request: refusal(403, "AuthorizationFailed")
        view = await opened(vault, theme, shown)
        await until(lambda: view.table.state is TableState.FAILED, what="the failure")
        vault.practice.wire.before = lambda request: None
        again = next(button for button in view.table.findChildren(Button) if button.text() == "Try again")
        qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
        await until(lambda: view.table.state is TableState.EMPTY, what="the list")


async def test_closed_while_loading_it_goes_quietly(theme: Theme, shown: Show) -> None:
    async with open_vault(count=4) as vault:
        _, job = await drilled(vault)
        view = await opened(vault, theme, shown)
        view.refresh()
        view.open_job(job.id)
        view.hide()
        assert vault.notices.notices == ()


def test_a_part_over_twice_its_usual_time_is_late() -> None:
    rules = load_rules()
    began = NOON
    task = JobTask("FailoverTask", "Start failover", JobState.RUNNING, "In progress", started=began)
    (row,) = task_rows([task], rules)
    assert row.usual_s == rules.usual_task_s("FailoverTask")
    assert not is_late(row, began + timedelta(seconds=2 * row.usual_s))
    assert is_late(row, began + timedelta(seconds=2 * row.usual_s + 1))


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.SUCCEEDED])
async def test_a_late_part_wears_a_warning(theme: Theme, qtbot: QtBot, state: JobState) -> None:
    now = NOON
    table = TaskTable(theme, lambda: now)
    qtbot.addWidget(table)
    child = JobTask("x", "Copy disks", JobState.SUCCEEDED, "Completed", started=now, ended=now)
    ended = now if state.is_over else None
    task = JobTask("FailoverTask", "Start failover", state, "", now - timedelta(hours=1), ended, children=(child,))
    table.show_tasks(list(task_rows([task], load_rules())))
    late, part = table.model.shown_records()
    columns = {column.id: column for column in table.model.columns}
    assert columns["took"].status(late) is Status.WARNING
    assert columns["state"].shown_text(late) == ("Takes long" if state is JobState.RUNNING else "Done")
    assert columns["took"].accessible(late) == "1 h, More than twice its usual time"
    assert columns["task"].text(part).strip() == "Copy disks"
    assert columns["task"].accessible(part) == "Copy disks, part of the above"
    assert columns["usual"].shown_text(part) == "–"


def test_an_unknown_kind_keeps_the_words_of_azure() -> None:
    job = ReplicationJob(ArmId("/j"), "j", "NewScenario", "Something new", JobState.OTHER, "Odd", target_name="WEB-01")
    assert kind_text(job) == "Something new"
    assert title_text(job) == "Something new of WEB-01"


async def test_the_machine_of_a_job_is_found_by_id_before_name() -> None:
    async with open_vault(count=4) as vault:
        first, second = (await vault.items())[:2]
        job = ReplicationJob(
            ArmId("/j"),
            "j",
            "TestFailover",
            "",
            JobState.FAILED,
            "",
            target_id=second.name.upper(),
            target_name=first.friendly_name,
            target_kind="ProtectionEntity",
        )
        assert item_of(job, (first, second)) == second
        assert item_of(replace(job, target_id="gone"), (first, second)) == first
        assert item_of(replace(job, target_kind="Server"), (first, second)) is None
