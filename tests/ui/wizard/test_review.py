"""The review: the list of actions, what has to be agreed to, what still stops it, copies."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.errors import AppError
from app.flows.draft import CapacityChoice, PlannerAnswer, ReplicaKind, SetUpDraft, StorageChoice
from app.flows.draft_file import KIND
from app.flows.flow import Flow
from app.flows.sent import sent_text
from app.flows.step import Context
from tests.support import estates
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.disclosure import Disclosure
from ui.wizard.pages.agreements import agreements
from ui.wizard.pages.review import ReviewPage
from ui.wizard.pages.review_stops import ReviewStops
from ui.wizard.requests import JumpTo, SaveDraftAs

Show = Callable[[QWidget], Awaitable[None]]


def draft_with_warning() -> SetUpDraft:
    """SQL-PROD-01 leaves a disk behind, which has to be agreed to."""
    draft = estates.ready_draft()
    machines = tuple(
        replace(choice, disk_ids=choice.disk_ids[:2]) if choice.name == "SQL-PROD-01" else choice
        for choice in draft.machines
    )
    return replace(draft, machines=machines)


class Opened:
    def __init__(self, theme: Theme) -> None:
        self.page = ReviewPage(theme)
        self.requests: list[object] = []
        self.page.requested.connect(self.requests.append)
        self.page.resize(1096, 780)

    def load(self, draft: SetUpDraft, context: Context | None = None, *, insist: bool = False) -> None:
        context = context or estates.context()
        self.page.load(draft, context)
        self.page.show_issues(Flow(draft, context).issues("review"), insist=insist)

    def lines(self) -> list[str]:
        """The table as it stands: heads and labels."""
        model = self.page.table.model
        section = model.section_of("action")
        return [
            head.group.title if (head := model.head_at(row)) else str(model.index(row, section).data())
            for row in range(model.rowCount())
        ]

    def press(self, qtbot: QtBot, name: str) -> None:
        button = self.page.findChild(QWidget, name)
        assert button is not None, name
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_page(draft: SetUpDraft, context: Context | None = None) -> Opened:
        opened = Opened(theme)
        opened.load(draft, context)
        await shown(opened.page)
        opened.load(draft, context)  # the wizard fills each page that it shows
        return opened

    return open_page


async def test_actions_stand_in_running_order_under_their_heads(opened: Open) -> None:
    page = await opened(estates.ready_draft())
    assert page.lines() == [
        "In the vault asr-contoso-weu",
        "Create policy HQ-5min",
        "Use HQ-5min at Contoso-HQ",
        "Enable replication",
        "Replicate DC01",
        "Replicate WEB-01",
        "Replicate SQL-PROD-01",
    ]
    row = page.page.table.model.shown_records()[1]
    texts = [column.text(row) for column in page.page.table.model.columns]
    assert texts == ["2", "Use HQ-5min at Contoso-HQ", "no policy", "HQ-5min", "1 min"]


async def test_what_is_created_in_the_resource_group_has_a_head_of_its_own(opened: Open) -> None:
    draft = estates.ready_draft()
    draft = replace(draft, target=replace(draft.target, storage=StorageChoice(name="contosohqasr03", create=True)))
    page = await opened(draft)
    assert page.lines()[:2] == ["In the resource group rg-contoso-dr", "Create storage account"]


async def test_nothing_to_do_says_that_everything_is_there(opened: Open) -> None:
    estate = estates.contoso()
    policy = estates.policy()
    names = [choice.name for choice in estates.ready_draft().machines]
    estate = replace(
        estate,
        policies=(policy,),
        mappings=(estates.mapping(policy),),
        protected_items=tuple(estates.protected(estates.protectable(estate, name)) for name in names),
    )
    page = await opened(estates.ready_draft(), estates.context(estate))
    message = page.page.table.message
    assert message is not None
    assert message.title == "Everything is already there"
    assert page.page.own_issues() == ()
    message.steps[0].run()
    assert page.requests == [JumpTo("enable")]


async def test_a_step_that_needs_work_is_listed_with_a_way_there(opened: Open, qtbot: QtBot) -> None:
    draft = estates.ready_draft()
    page = await opened(replace(draft, target=replace(draft.target, storage=StorageChoice())))
    blocked = page.page.findChild(QWidget, "review-blocked")
    assert blocked is not None
    assert blocked.isVisible()
    button = page.page.first_focus()
    assert isinstance(button, Button)
    assert button.text() == "Open Target"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.requests == [JumpTo("target")]
    page.load(draft)
    assert not blocked.isVisible()


async def test_what_a_reading_clears_is_said_until_it_is_closed(opened: Open, qtbot: QtBot) -> None:
    draft = estates.ready_draft()
    gone = replace(estates.contoso(), storage_accounts=())
    page = await opened(draft, estates.context(gone))
    card, stops = page.page.findChild(QWidget, "review-blocked"), page.page.findChild(ReviewStops)
    assert card is not None
    assert stops is not None
    assert card.isVisible()
    (refusal,) = (issue.text for issue in Flow(draft, estates.context(gone)).issues("review") if issue.is_blocking)
    page.load(draft)
    assert not card.isVisible()
    banner = page.page.findChild(Banner, "banner_review_cleared")
    assert banner is not None
    assert banner.isVisible()
    assert banner.accessibleDescription().endswith(f": {refusal}")
    page.load(draft)
    assert banner.isVisible(), "another reading does not take it away"
    page.press(qtbot, "banner_review_cleared_close")
    assert not stops.isVisible()


async def test_nothing_is_said_to_be_cleared_that_stood_there_before_the_page_was_shown(
    theme: Theme, shown: Show
) -> None:
    """The page is filled while the step before it is answered, by the answers as they are then."""
    draft = estates.ready_draft()
    page = Opened(theme)
    page.load(replace(draft, machines=()))
    await shown(page.page)
    page.load(draft)
    stops = page.page.findChild(ReviewStops)
    assert stops is not None
    assert not stops.isVisible()
    assert not stops.findChildren(Banner)


async def test_what_comes_back_is_not_said_to_be_cleared(opened: Open) -> None:
    draft = estates.ready_draft()
    gone = estates.context(replace(estates.contoso(), storage_accounts=()))
    page = await opened(draft, gone)
    stops = page.page.findChild(ReviewStops)
    assert stops is not None
    page.load(draft)
    page.load(draft, gone)
    assert not any(banner.isVisible() for banner in stops.findChildren(Banner))
    assert stops.first_button is not None


async def test_who_left_to_clear_it_is_not_told_on_coming_back(opened: Open) -> None:
    draft = estates.ready_draft()
    page = await opened(draft, estates.context(replace(estates.contoso(), storage_accounts=())))
    page.page.hide()
    page.page.show()
    page.load(draft)
    stops = page.page.findChild(ReviewStops)
    assert stops is not None
    assert not stops.isVisible()
    assert not stops.findChildren(Banner)


async def test_what_stands_against_the_run_still_stands_there_after_a_look_elsewhere(opened: Open) -> None:
    draft = estates.ready_draft()
    gone = estates.context(replace(estates.contoso(), storage_accounts=()))
    page = await opened(draft, gone)
    stops = page.page.findChild(ReviewStops)
    assert stops is not None
    page.page.hide()
    page.page.show()
    assert stops.isVisible()
    assert stops.first_button is not None
    page.load(draft, gone)
    page.load(draft)
    assert stops.findChildren(Banner), "a reading cleared it before the eyes of who came back"


async def test_disks_left_out_have_to_be_agreed_to_by_name_before_the_run(opened: Open) -> None:
    page = await opened(draft_with_warning())
    issues = page.page.own_issues()
    assert [(issue.field, issue.text) for issue in issues] == [
        ("review.agreements", "1 of 1 statements still needs your agreement.")
    ]
    box = page.page.first_focus()
    assert box.text() == "SQL-PROD-01 leaves disks behind. To add one later means a new first copy."  # type: ignore[attr-defined]
    page.page.summary.boxes[0].click()
    assert page.page.own_issues() == ()
    assert page.page.first_focus() is page.page.table.grid


async def test_what_was_agreed_to_stays_agreed_when_read_again_and_a_new_sentence_does_not(opened: Open) -> None:
    page = await opened(draft_with_warning())
    assert len(page.page.own_issues()) == 1
    page.page.summary.boxes[0].click()
    page.load(draft_with_warning())
    assert page.page.own_issues() == ()
    silent = replace(
        estates.contoso(),
        providers=(estates.host("HV-HQ-01"), estates.host("HV-HQ-02", silent_for=timedelta(minutes=20))),
    )
    page.load(draft_with_warning(), estates.context(silent))
    assert page.page.own_issues()[0].text == "1 of 2 statements still needs your agreement."


def test_machines_with_the_same_warning_are_agreed_to_together() -> None:
    items = tuple(estates.machine(f"APP-{number}", generation=2, os_gib=2400) for number in range(1, 9))
    estate = estates.contoso(protectable_items=items)
    draft = replace(
        estates.ready_draft(),
        machines=tuple(estates.choice(item) for item in items),
        capacity=CapacityChoice(PlannerAnswer.YES),
    )
    assert agreements(draft, estates.context(estate)) == (
        "APP-1, APP-2, APP-3, APP-4, APP-5 and 3 more: large OS disk.",
    )


async def test_managed_disks_are_what_stays_fixed_where_data_goes_there(opened: Open) -> None:
    draft = estates.ready_draft()
    logs = StorageChoice(account_id=estates.storage().id.text, name=estates.storage().name)
    page = await opened(replace(draft, target=replace(draft.target, replica=ReplicaKind.MANAGED_DISK, logs=logs)))
    await until(lambda: not page.page.is_busy, what="the summary")
    texts = [label.text() for label in page.page.summary.findChildren(QLabel)]
    assert "Managed disks and region stay fixed per machine. A change means a new first copy." in texts


async def test_the_summary_says_what_it_comes_to(opened: Open) -> None:
    page = await opened(estates.ready_draft())
    await until(lambda: not page.page.is_busy, what="the summary")
    texts = [label.text() for label in page.page.summary.findChildren(QLabel)]
    assert texts[texts.index("Actions") + 1] == "5"
    assert texts[texts.index("Machines") + 1] == "3"
    assert texts[texts.index("Set-up") + 1] == "about 107 s"
    assert texts[texts.index("First copy") + 1] == "22 h"
    assert "Storage account and region stay fixed per machine. A change means a new first copy." in texts
    assert "Nothing: there is no warning." in texts


async def test_edit_leads_to_the_step_and_so_does_opening_an_action(opened: Open, qtbot: QtBot) -> None:
    page = await opened(estates.ready_draft())
    assert page.page.own_issues() == ()
    await until(lambda: not page.page.is_busy, what="the summary")
    page.press(qtbot, "review-edit-settings")
    rows = page.page.table.model.shown_records()
    page.page.table.opened.emit(rows[-1])
    assert page.requests == [JumpTo("settings"), JumpTo("enable")]


async def test_the_list_is_copied_as_lines_of_text(opened: Open) -> None:
    page = await opened(estates.ready_draft())
    page.page.build_copy_menu().actions()[0].trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "1. Create policy HQ-5min: absent → 5 min, keep 12 h, app 4 h (2 s)"
    assert len([line for line in lines if not line.startswith("   ")]) == 5
    assert "   Recovery points kept, hours: 12" in lines


async def test_every_value_that_would_be_sent_stands_below_the_list(opened: Open) -> None:
    draft = estates.ready_draft()
    storage = StorageChoice(name="contosonew01", create=True, tags=(("cost-centre", "4711"),))
    page = await opened(replace(draft, target=replace(draft.target, storage=storage)))
    sent = page.page.findChild(Disclosure, "review-sent")
    assert sent is not None
    assert sent.is_open
    assert sent.head.text() == "What will be sent: Create storage account"
    assert "Tag cost-centre: 4711" in sent.text.splitlines()
    assert "Tier and copies: Standard_GRS" in sent.text.splitlines()
    policy = page.page.table.model.shown_records()[1].action
    page.page.table.grid.make_current(policy.id)
    assert sent.head.text() == "What will be sent: Create policy HQ-5min"
    assert sent.text == sent_text(policy)
    page.load(replace(draft, target=replace(draft.target, storage=storage)))
    assert sent.text == sent_text(policy), "a reading leaves it where one is"
    page.page.resize(760, 600)
    await until(lambda: not sent.is_open, what="room for the list in a narrow window")


async def test_the_draft_is_copied_as_run_flow_reads_it(opened: Open) -> None:
    page = await opened(estates.ready_draft())
    page.page.build_copy_menu().actions()[1].trigger()
    copied = json.loads(QGuiApplication.clipboard().text())
    assert copied["kind"] == KIND
    assert copied["draft"]["policy"]["name"] == "HQ-5min"


async def test_a_copy_is_asked_for_and_told_where_it_is(opened: Open, qtbot: QtBot) -> None:
    page = await opened(estates.ready_draft())
    page.press(qtbot, "review-save-copy")
    request = SaveDraftAs(estates.ready_draft())
    assert page.requests == [request]
    page.page.finished(request, "head-office.setup.json")
    assert page.page._news.text() == "Saved as head-office.setup.json"
    page.page.finished(request, AppError("DraftNotSaved", "The disk is full.", "Make room."))
    assert page.page._news.text() == "The disk is full. Make room."


async def test_in_a_narrow_window_the_summary_moves_below_the_list(opened: Open) -> None:
    page = await opened(estates.ready_draft())
    assert page.page.summary.x() > 0
    page.page.resize(760, 600)
    await until(lambda: page.page.summary.x() == 0)
    assert page.page.summary.y() > page.page.table.y()
    assert page.page.summary.width() == 760


async def test_the_same_answers_are_summed_up_once_whatever_step_is_open(opened: Open) -> None:
    draft, context = estates.ready_draft(), estates.context()
    page = await opened(draft, context)
    await until(lambda: not page.page.is_busy, what="the summary")

    page.load(replace(draft, position="review", visited=("vault", "review")), context)
    assert not page.page.is_busy
    page.load(replace(draft, machines=draft.machines[:1]), context)
    assert page.page.is_busy


async def test_what_to_agree_to_is_known_before_the_rest_is_summed_up(opened: Open) -> None:
    page = await opened(estates.ready_draft())
    page.load(draft_with_warning())
    assert [issue.field for issue in page.page.own_issues()] == ["review.agreements"]
    assert page.page.is_busy
