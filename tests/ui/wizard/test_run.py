"""The run page: ticking off, times, failures with their remedy, what leads on, many actions, fast snapshots."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.job import JobProblem
from app.flows.action import Action
from app.flows.planning import actions_for
from app.runtime.journal import ActionState
from app.services.runs import ActionProblem, ActionSnapshot, RunSnapshot
from tests.support import estates
from tests.support.waiting import until
from ui.tables.row_filter import RowFilter
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.buttons import Button, Kind
from ui.wizard.pages.run import RunPage
from ui.wizard.pages.run_rows import STANDING, RunRow, is_slow, status_of, took_s, word_of
from ui.wizard.requests import JumpTo

Show = Callable[[QWidget], Awaitable[None]]
NOW = estates.NOW + timedelta(minutes=3)
PROBLEM = ActionProblem(
    "532",
    "The machine is busy with a checkpoint.",
    "Wait until Hyper-V has merged it, then retry.",
    job_id="job-77",
    correlation_id="9a1c",
    job_problems=(JobProblem("532", "A checkpoint is pending.", "Backup is running.", "Wait."),),
)


def actions() -> tuple[Action, ...]:
    """Create policy, use it, and replicate DC01, WEB-01, SQL-PROD-01."""
    context = estates.context()
    return actions_for(estates.ready_draft(), context.estate, context.rules)


def at(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def planned(action: Action) -> ActionSnapshot:
    return ActionSnapshot(action)


def under_way(action: Action, *, since_s: float = 20) -> ActionSnapshot:
    started = NOW - at(since_s)
    return ActionSnapshot(action, ActionState.ACCEPTED, "Preparing disks", started=started, is_active=True)


def confirmed(action: Action) -> ActionSnapshot:
    started = estates.NOW
    return ActionSnapshot(
        action,
        ActionState.CONFIRMED,
        "Confirmed by Azure",
        started=started,
        ended=started + at(44),
        settled=started + at(50),
    )


def failed(action: Action) -> ActionSnapshot:
    return ActionSnapshot(
        action, ActionState.FAILED, PROBLEM.title, PROBLEM, started=estates.NOW, settled=estates.NOW + at(30)
    )


def run_of(snapshots: Sequence[ActionSnapshot], *, is_running: bool = True, run_id: str = "run-1") -> RunSnapshot:
    return RunSnapshot(run_id, "Contoso head office", estates.NOW, tuple(snapshots), is_running)


class Opened:
    def __init__(self, theme: Theme) -> None:
        self.page = RunPage(theme)
        self.page.use_clock(lambda: NOW)
        self.page.load(estates.ready_draft(), estates.context())
        self.page.resize(1096, 780)
        self.retries = 0
        self.overviews = 0
        self.page.retry_requested.connect(self._count_retry)
        self.page.overview_requested.connect(self._count_overview)

    def _count_retry(self) -> None:
        self.retries += 1

    def _count_overview(self) -> None:
        self.overviews += 1

    async def show(self, run: RunSnapshot) -> None:
        self.page.show_run(run)
        rows = self.page.table.model
        await until(
            lambda: [row.action for row in rows.records()] == list(run.actions), what="the snapshot to be shown"
        )

    def words(self) -> str:
        """What stands above the list."""
        return " | ".join(label.text() for label in self.page.progress.findChildren(QLabel))

    def states(self) -> list[str]:
        return [word_of(row) for row in self.page.table.model.records()]

    def is_shown(self, name: str) -> bool:
        widget = self.page.findChild(QWidget, name)
        assert widget is not None, name
        return widget.isVisible()

    def press(self, qtbot: QtBot, name: str) -> None:
        widget = self.page.findChild(QWidget, name)
        assert widget is not None, name
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


Open = Callable[[], Awaitable[Opened]]


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_page() -> Opened:
        opened = Opened(theme)
        await shown(opened.page)
        return opened

    return open_page


async def test_before_a_run_it_says_where_runs_begin(opened: Open) -> None:
    page = await opened()
    message = page.page.table.message
    assert message is not None
    assert message.title == "Nothing is running"
    assert not page.is_shown("run-retry")
    assert not page.is_shown("run-open-overview")


async def test_actions_are_ticked_off_with_their_times(opened: Open) -> None:
    first, second, *rest = actions()
    page = await opened()
    await page.show(run_of([confirmed(first), under_way(second), *map(planned, rest)]))
    assert page.states() == ["Confirmed", "Under way", "Waiting", "Waiting", "Waiting"]
    columns = {column.id: column for column in page.page.table.model.columns}
    rows = page.page.table.model.records()
    assert [columns["took"].text(row) for row in rows[:3]] == ["44 s", "20 s", ""]
    assert "Carrying out 5 actions | 1 of 5 | Running for 3 min; usually about 107 s." in page.words()
    assert page.page.progress.bar.fraction == pytest.approx(0.2)


async def test_what_waits_says_for_what(opened: Open) -> None:
    all_actions = actions()
    page = await opened()
    await page.show(run_of([under_way(all_actions[0]), *map(planned, all_actions[1:])]))
    page.page.table.grid.make_current(all_actions[1].id)
    assert page.page.strip.title == "Use HQ-5min at Contoso-HQ: waiting"
    assert page.page.strip.text == "It waits for: Create policy HQ-5min."


async def test_a_failure_is_explained_at_once_while_the_others_go_on(opened: Open, qtbot: QtBot) -> None:
    all_actions = actions()
    page = await opened()
    await page.show(run_of([*map(confirmed, all_actions[:3]), failed(all_actions[3]), under_way(all_actions[4])]))
    assert page.page.strip.title == "Replicate WEB-01: The machine is busy with a checkpoint."
    assert page.page.strip.text == "What to do: Wait until Hyper-V has merged it, then retry."
    assert "1 action failed; the others go on." in page.words()
    assert not page.is_shown("run-retry")
    details = page.page.strip.details
    assert details.splitlines() == [
        "532: A checkpoint is pending.",
        "Backup is running.",
        "Wait.",
        "Code: 532",
        "Job: job-77",
        "Correlation id: 9a1c",
    ]
    page.press(qtbot, "run-copy-reason")
    assert "Correlation id: 9a1c" in QGuiApplication.clipboard().text()


async def test_azure_s_own_words_stay_folded_until_asked_for(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    await page.show(run_of([failed(actions()[0])]))
    label = page.page.strip._details
    assert not label.isVisible()
    page.press(qtbot, "run-details")
    assert label.isVisible()


async def test_a_run_that_stopped_offers_to_retry(opened: Open, qtbot: QtBot) -> None:
    all_actions = actions()
    page = await opened()
    snapshots = [*map(confirmed, all_actions[:3]), failed(all_actions[3]), planned(all_actions[4])]
    await page.show(run_of(snapshots, is_running=False))
    assert "1 of 5 actions failed" in page.words()
    assert page.states()[-1] == "Not started"
    page.press(qtbot, "run-retry")
    assert page.retries == 1
    assert page.page.first_focus().objectName() == "run-retry"
    await page.show(run_of([*map(confirmed, all_actions[:3]), *map(under_way, all_actions[3:])]))
    assert not page.is_shown("run-retry")


async def test_a_failed_action_leads_to_the_step_that_decided_it_once_the_run_rests(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    policy, *others = actions()
    asked: list[object] = []
    page.page.requested.connect(asked.append)
    rest = [planned(action) for action in others]
    await page.show(run_of([failed(policy), *rest]))
    assert not page.is_shown("run-change-answer")
    await page.show(run_of([failed(policy), *rest], is_running=False))
    await until(lambda: page.is_shown("run-change-answer"), what="the way to the answer")
    page.press(qtbot, "run-change-answer")
    assert asked == [JumpTo("settings")]
    page.page.table.grid.make_current(others[0].id)
    assert not page.is_shown("run-change-answer")


async def test_another_answer_leads_on_where_azure_would_refuse_the_same_again(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    policy, use, *others = actions()
    asked: list[object] = []
    page.page.requested.connect(asked.append)
    refused = replace(failed(others[0]), problem=replace(PROBLEM, code="NameTaken", wants_other_answer=True))
    await page.show(run_of([failed(policy), planned(use), refused], is_running=False))
    answer, retry = (page.page.findChild(Button, name) for name in ("run-change-answer", "run-retry"))
    assert answer is not None
    assert retry is not None
    assert [each.kind for each in (answer, retry)] == [Kind.PRIMARY, Kind.SECONDARY]
    assert retry.isVisible()
    await until(lambda: answer.x() > retry.x(), what="the loud one to stand last")
    assert page.page.first_focus() is answer
    assert "Azure would refuse the same again, unless the cause is removed there first." in page.words()
    page.press(qtbot, "run-change-answer")
    assert asked == [JumpTo("settings")], "of the action that is looked at"
    page.page.table.grid.make_current(use.id)
    page.press(qtbot, "run-change-answer")
    assert asked[1:] == [JumpTo("enable")], "else of the one that wants another answer"
    await page.show(run_of([failed(policy), planned(use)], is_running=False))
    assert [each.kind for each in (answer, retry)] == [Kind.SECONDARY, Kind.PRIMARY]
    await until(lambda: retry.x() > answer.x(), what="the loud one to stand last")
    assert "then retry" in page.words()


async def test_an_interrupted_run_offers_to_go_on(opened: Open) -> None:
    all_actions = actions()
    page = await opened()
    interrupted = replace(under_way(all_actions[1]), is_active=False)
    await page.show(run_of([confirmed(all_actions[0]), interrupted], is_running=False))
    assert "The run was interrupted" in page.words()
    assert page.states() == ["Confirmed", "Interrupted"]
    assert page.is_shown("run-retry")


async def test_a_done_run_says_how_many_machines_replicate_and_leads_to_the_overview(
    opened: Open, qtbot: QtBot
) -> None:
    page = await opened()
    await page.show(run_of(list(map(confirmed, actions())), is_running=False))
    assert "3 machines are replicating: first copies are under way" in page.words()
    page.press(qtbot, "run-open-overview")
    assert page.overviews == 1
    assert not page.is_shown("run-retry")


async def test_a_done_run_without_machines_speaks_of_none(opened: Open) -> None:
    page = await opened()
    await page.show(run_of(list(map(confirmed, actions()[:2])), is_running=False))
    assert "Everything is in place" in page.words()


async def test_of_fast_snapshots_the_last_one_is_shown_and_not_each(opened: Open) -> None:
    all_actions = actions()
    page = await opened()
    shown: list[None] = []
    page.page.table.model.rearranged.connect(lambda: shown.append(None))
    snapshots = [under_way(all_actions[0], since_s=second) for second in range(200)]
    for snapshot in snapshots:
        page.page.show_run(run_of([snapshot]))
    last = run_of([confirmed(all_actions[0])], is_running=False)
    await page.show(last)
    assert len(shown) < 10


async def test_a_snapshot_changes_only_the_rows_that_changed(opened: Open) -> None:
    all_actions = actions()
    before = [*map(planned, all_actions)]
    page = await opened()
    await page.show(run_of(before))
    rows = page.page.table.model.records()
    await page.show(run_of([confirmed(all_actions[0]), *before[1:]]))
    now = page.page.table.model.records()
    assert [row is older for row, older in zip(now, rows, strict=True)] == [False, True, True, True, True]


async def test_a_new_run_clears_the_filter_of_the_older_one(opened: Open) -> None:
    all_actions = actions()
    page = await opened()
    await page.show(run_of([failed(all_actions[0])]))
    page.page.table.model.set_filter(RowFilter().with_facet(STANDING, frozenset({"Failed"})))
    await page.show(run_of([under_way(all_actions[0])], run_id="run-2"))
    assert page.page.table.model.shown_count == 1


async def test_time_passes_only_while_it_runs_and_is_looked_at(opened: Open) -> None:
    page = await opened()
    await page.show(run_of([under_way(actions()[0])]))
    assert page.page._tick_timer.isActive()
    page.page.hide()
    assert not page.page._tick_timer.isActive()
    page.page.show()
    await page.show(run_of([confirmed(actions()[0])], is_running=False))
    assert not page.page._tick_timer.isActive()


def test_an_action_over_twice_its_usual_time_is_slow() -> None:
    enable = actions()[-1]
    assert enable.usual_s == 45
    assert not is_slow(RunRow(1, under_way(enable, since_s=90), True), NOW)
    assert is_slow(RunRow(1, under_way(enable, since_s=91), True), NOW)
    assert not is_slow(RunRow(1, under_way(enable, since_s=91), False), NOW)


def test_what_cannot_be_followed_is_a_warning_and_not_a_failure() -> None:
    lost = replace(under_way(actions()[0]), problem=PROBLEM)
    row = RunRow(1, lost, True)
    assert (word_of(row), status_of(row)) == ("Not confirmed", Status.WARNING)


def test_a_resting_action_does_not_age() -> None:
    resting = RunRow(1, replace(under_way(actions()[0]), is_active=False), False)
    assert took_s(resting, NOW) is None
