"""Going on and back in the set-up, by buttons, keys and the rail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.practice import Practice, contoso_draft
from tests.support.waiting import until
from tests.support.wizard_window import VISITED, Open

pytestmark = pytest.mark.slow


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
