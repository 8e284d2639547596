"""The pages of the set-up are made when they are first wanted, and keep what they show."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from operator import is_

import pytest
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from shiboken6 import delete, isValid

from app.flows.set_up import STEPS
from tests.support.practice import Practice, contoso_draft, open_practice
from tests.support.waiting import until
from tests.support.wizard_window import VISITED, NothingIsAsked, is_settled, let_end
from ui.asking import Asking
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.wizard.all_pages import Pages
from ui.wizard.draft_store import DraftStore
from ui.wizard.page import WizardPage
from ui.wizard.pages.target import TargetPage
from ui.wizard.requests import ReadNetworkAccess, ReadStorageAccess, Request
from ui.wizard.window import SetUpWizard

pytestmark = pytest.mark.slow

Begin = Callable[[], Awaitable[SetUpWizard]]


@pytest.fixture
def stack(qapp: QApplication) -> Iterator[QStackedWidget]:
    stack = QStackedWidget()
    yield stack
    delete(stack)  # at once: pages refer to themselves, and their timers must not end in another thread


def test_page_is_made_once_and_told_of_once(theme: Theme, stack: QStackedWidget) -> None:
    pages = Pages(theme, stack)
    told: list[WizardPage] = []
    pages.made.connect(told.append)
    assert stack.count() == 0
    goal = pages.page("goal")
    assert pages.page("goal") is goal
    assert told == [goal]
    assert stack.count() == 1


def test_every_step_of_the_flow_has_its_page(theme: Theme, stack: QStackedWidget) -> None:
    pages = Pages(theme, stack)
    assert [pages.page(step.id).step_id for step in STEPS] == [step.id for step in STEPS]


@pytest.fixture
async def practice() -> AsyncIterator[Practice]:
    async with open_practice() as practice:
        yield practice


@pytest.fixture
async def begin(practice: Practice, theme: Theme) -> AsyncIterator[Begin]:
    """Shows a set-up that was left at its goal and has seen the other steps; it is not open yet."""
    wizards: list[SetUpWizard] = []
    window = QWidget()

    async def begin_it() -> SetUpWizard:
        draft = replace(contoso_draft(await practice.estate(), "WEB-01"), position="goal", visited=VISITED)
        asking = Asking(theme, NothingIsAsked(), window)
        wizards.append(SetUpWizard(theme, practice.services, DraftStore(None), NoticeHub(), asking, draft=draft))
        wizards[-1].resize(1360, 800)
        wizards[-1].show()
        return wizards[-1]

    yield begin_it
    for wizard in filter(isValid, wizards):
        wizard.controller.leave()
    await let_end()
    for wizard in filter(isValid, wizards):
        wizard.close()  # the last window's close ends the loop
        wizard.deleteLater()
    window.deleteLater()


async def opened(wizard: SetUpWizard) -> None:
    await until(lambda: is_settled(wizard), what="the set-up to open")


async def test_regions_are_there_before_and_after_the_set_up_is_open(begin: Begin) -> None:
    wizard = await begin()
    assert len(wizard.regions()) == 2
    assert wizard.findChildren(WizardPage) == []
    await opened(wizard)
    assert wizard.page in wizard.regions()


async def test_page_that_next_leads_to_is_made_while_nothing_happens(begin: Begin) -> None:
    wizard = await begin()
    made_at_once: list[list[WizardPage]] = []
    wizard.controller.opened.connect(lambda: made_at_once.append(wizard.findChildren(WizardPage)))
    await opened(wizard)
    assert made_at_once == [[wizard.page]]
    await until(lambda: len(wizard.findChildren(WizardPage)) > 1, what="the page that Next leads to")
    assert {page.step_id for page in wizard.findChildren(WizardPage)} == {"goal", "source"}
    assert wizard.page.isVisible()


async def test_page_that_was_left_comes_back_as_it_was(begin: Begin) -> None:
    wizard = await begin()
    await opened(wizard)
    goal = wizard.page
    wizard.controller.jump("settings")
    assert wizard.page.step_id == "settings"
    assert wizard.page.isVisible()
    wizard.controller.jump("goal")
    assert wizard.page is goal
    assert goal.isVisible()


async def test_step_asked_for_while_the_set_up_opens_is_the_one_it_opens_at(begin: Begin) -> None:
    wizard = await begin()
    wizard.controller.jump("settings")
    await opened(wizard)
    assert wizard.page.step_id == "settings"
    assert {page.step_id for page in wizard.findChildren(WizardPage)} <= {"settings", "capacity"}


async def test_page_that_next_leads_to_is_filled_before_and_asks_nothing_until_it_is_seen(
    begin: Begin,
) -> None:
    wizard = await begin()
    await opened(wizard)
    wizard.controller.jump("source")
    await until(lambda: bool(wizard.findChildren(TargetPage)), what="the page that Next leads to")
    target = wizard.findChildren(TargetPage)[0]
    asked: list[Request] = []
    target.requested.connect(asked.append)
    await until(lambda: bool(target.storage.table.model.total_count), what="its accounts")
    rows = target.storage.table.model.records()
    assert not target.isVisible()
    assert asked == []
    wizard.controller.next()
    assert target.isVisible()
    assert all(map(is_, target.storage.table.model.records(), rows))
    await until(lambda: any(isinstance(each, ReadStorageAccess) for each in asked), what="what it asks")
    await until(lambda: any(isinstance(each, ReadNetworkAccess) for each in asked), what="what it asks of networks")
    await until(lambda: is_settled(wizard), what="the move to be written")
