"""The capacity page: its verdict, figures that can't stand, the planner's question, and measuring the line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.estate import Estate
from app.errors import PermissionDenied
from app.flows.checks_replication import check_capacity
from app.flows.draft import CapacityChoice, PlannerAnswer, ReplicaKind, SetUpDraft, StorageChoice
from app.ports.blobs import UploadProbe
from app.runtime.progress import Progress
from tests.support import estates
from tests.support.wizard_page import OpenedPage
from ui.theme.theme import Theme
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.capacity import CapacityPage
from ui.wizard.requests import JumpTo, MeasureUpload, StopMeasuring

Show = Callable[[QWidget], Awaitable[None]]

MEASURE = MeasureUpload(estates.storage().id.text)
MEASURED = UploadProbe(sent_bytes=100_000_000, seconds=10.0)
FIELDS = ("capacity-bandwidth", "capacity-daily-change", "capacity-growth", "capacity-first-copy")
NO_FIGURES = ("9" * 300, "12🙂", "0.0000001", "-5", "1\n2", "nan", "inf", "-inf", "1e3", "1,000", "9999999", "٣")


class Opened(OpenedPage):
    """The page, open in a window."""

    def __init__(self, theme: Theme, draft: SetUpDraft, estate: Estate) -> None:
        self.page = CapacityPage(theme)
        super().__init__(self.page, check_capacity, draft, estates.context(estate))

    @property
    def capacity(self) -> CapacityChoice:
        return self.draft.capacity


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_page(draft: SetUpDraft | None = None, **changes: object) -> Opened:
        page = Opened(theme, estates.ready_draft() if draft is None else draft, estates.contoso(**changes))
        await shown(page.page)
        return page

    return open_page


def with_capacity(**changes: object) -> SetUpDraft:
    draft = estates.ready_draft()
    return replace(draft, capacity=replace(draft.capacity, **changes))  # type: ignore[arg-type]


def with_storage(storage: StorageChoice) -> SetUpDraft:
    draft = estates.ready_draft()
    return replace(draft, target=replace(draft.target, storage=storage))


async def test_loading_shows_the_figures_of_the_draft_and_edits_nothing(opened: Open) -> None:
    page = await opened()
    assert [page.find(QLineEdit, name).text() for name in FIELDS] == ["100", "5", "30", "24"]
    assert page.find(QAbstractButton, "capacity-planner-yes").isChecked()
    assert page.edits == 0


async def test_the_verdict_says_that_it_fits(opened: Open) -> None:
    page = await opened()
    assert page.page.verdict.text.startswith("It fits. 100 Mbps carry the changes of 3 machines")


async def test_the_verdict_says_that_the_changes_are_too_much(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "capacity-bandwidth", "2")
    assert page.page.verdict.text.startswith("It does not fit.")


async def test_the_verdict_says_that_only_the_first_copy_is_slow(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "capacity-bandwidth", "50")
    assert page.page.verdict.text.startswith("It fits, with a slow first copy.")


async def test_without_a_bandwidth_the_verdict_says_what_it_takes(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "capacity-bandwidth", "")
    assert page.capacity.bandwidth_mbps is None
    assert page.page.verdict.text.startswith("It takes 90 Mbps.")
    assert page.page.own_issues() == ()


async def test_without_machines_there_is_nothing_to_reckon_with(opened: Open) -> None:
    page = await opened(replace(estates.ready_draft(), machines=()), protectable_items=())
    assert page.page.verdict.text.startswith("There is nothing to reckon with yet.")


async def test_the_chart_tells_the_same_in_words(opened: Open) -> None:
    page = await opened()
    words = page.find(QWidget, "capacity-chart").accessibleName()
    assert words == "Changes, day after day: 5.8 Mbps; First copy within 24 h: 90 Mbps; your line: 100 Mbps"


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", NO_FIGURES)
async def test_what_is_no_figure_is_refused_at_its_field_and_the_draft_unchanged(
    opened: Open, qtbot: QtBot, field: str, text: str
) -> None:
    page = await opened()
    before = page.draft
    page.type(qtbot, field, text)
    page.check(insist=True)
    assert page.page.message_of(field).startswith("Type a number from")
    assert page.find(QLineEdit, field).text() == text
    assert page.draft == before
    assert page.page.own_issues()
    assert page.page.first_focus() is page.find(QLineEdit, field)


@pytest.mark.parametrize("field", FIELDS[1:])
async def test_an_emptied_figure_is_refused_and_the_draft_unchanged(opened: Open, qtbot: QtBot, field: str) -> None:
    page = await opened()
    before = page.draft
    page.type(qtbot, field, "")
    page.check(insist=True)
    assert page.page.message_of(field).startswith("Type a number from")
    assert page.draft == before


async def test_a_reading_from_azure_leaves_a_wrong_figure_where_it_is(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "capacity-growth", "lots")
    page.page.load(page.draft, page.context)
    page.check()
    assert page.find(QLineEdit, "capacity-growth").text() == "lots"


async def test_a_decimal_comma_is_understood_and_left_as_typed(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "capacity-daily-change", "2,5")
    page.page.load(page.draft, page.context)
    assert page.capacity.daily_change_percent == 2.5
    assert page.find(QLineEdit, "capacity-daily-change").text() == "2,5"


async def test_the_planner_question_must_be_answered(opened: Open, qtbot: QtBot) -> None:
    page = await opened(with_capacity(planner=None))
    assert page.page.planner_message == ""
    page.check(insist=True)
    assert "capacity planner" in page.page.planner_message
    assert page.page.first_focus() is page.find(QAbstractButton, "capacity-planner-yes")
    page.press(qtbot, "capacity-planner-later")
    assert page.capacity.planner is PlannerAnswer.LATER
    assert page.page.planner_message == ""


async def test_measuring_asks_for_the_chosen_account(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "capacity-measure")
    assert page.requests == [MEASURE]


@pytest.mark.parametrize(
    ("storage", "reason"),
    [
        (StorageChoice(), "no storage account is chosen"),
        (StorageChoice(name="contosohqasr03", create=True), "contosohqasr03 is created when you run the review"),
    ],
)
async def test_measuring_waits_for_the_storage_account_and_says_why(
    opened: Open, qtbot: QtBot, storage: StorageChoice, reason: str
) -> None:
    page = await opened(with_storage(storage))
    button = page.find(ReasonedButton, "capacity-measure")
    page.press(qtbot, "capacity-measure")
    assert page.requests == []
    assert button.refusal is not None
    assert reason in button.refusal.reason
    button.refusal.ways[0].run()
    assert page.requests == [JumpTo("target")]


async def test_with_managed_disks_the_account_for_logs_is_measured_against(opened: Open, qtbot: QtBot) -> None:
    logs = StorageChoice(account_id=estates.storage().id.text, name=estates.storage().name)
    draft = estates.ready_draft()
    target = replace(draft.target, replica=ReplicaKind.MANAGED_DISK, storage=StorageChoice(), logs=logs)
    page = await opened(replace(draft, target=target))
    page.press(qtbot, "capacity-measure")
    assert page.requests == [MEASURE]


async def test_a_measurement_under_way_shows_how_far_it_is_and_can_be_stopped(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.page.started(MEASURE)
    page.page.progressed(MEASURE, Progress("Sending", 64 * 1024 * 1024, 256 * 1024 * 1024))
    page.press(qtbot, "capacity-measure")
    assert page.requests == []
    page.press(qtbot, "capacity-stop")
    assert page.requests == [StopMeasuring()]
    page.page.finished(StopMeasuring(), None)
    assert page.page.measure_message == "Stopped. What was sent is deleted."
    page.press(qtbot, "capacity-measure")
    assert page.requests[-1] == MEASURE


async def test_what_was_measured_goes_into_the_bandwidth_with_one_press(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "capacity-bandwidth", "lots")
    page.page.started(MEASURE)
    page.page.finished(MEASURE, MEASURED)
    assert page.page.measure_message.startswith("80 Mbps: 95 MiB in 10.0 s.")
    assert (page.capacity.measured_mbps, page.capacity.bandwidth_mbps) == (80.0, 100)
    page.press(qtbot, "capacity-take-measured")
    assert page.capacity.bandwidth_mbps == 80.0
    assert page.find(QLineEdit, "capacity-bandwidth").text() == "80"
    assert page.page.own_issues() == ()


async def test_a_container_left_behind_is_named(opened: Open) -> None:
    page = await opened()
    page.page.started(MEASURE)
    page.page.finished(MEASURE, replace(MEASURED, left_behind="probe-17"))
    assert "probe-17" in page.page.measure_message


async def test_a_refused_measurement_says_why_and_can_be_tried_again(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.page.started(MEASURE)
    page.page.finished(MEASURE, PermissionDenied("denied", "You may not write blobs there.", "Ask for a role."))
    assert page.page.measure_message == "You may not write blobs there. Ask for a role."
    assert page.edits == 0
    page.press(qtbot, "capacity-measure")
    assert page.requests == [MEASURE]


async def test_nothing_sent_measures_nothing(opened: Open) -> None:
    page = await opened()
    page.page.started(MEASURE)
    page.page.finished(MEASURE, UploadProbe(0, 15.0))
    assert page.capacity.measured_mbps is None
    assert "Nothing" in page.page.measure_message
