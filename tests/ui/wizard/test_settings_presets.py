"""Presets, picture and costs on the settings page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from msgspec import structs
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.policy_rules import PolicyFigures
from app.errors import AppError
from app.flows.checks_replication import check_settings
from app.flows.draft import PolicyChoice
from app.flows.policy_use import policy_uses
from tests.support import estates
from tests.support.mnemonics import mnemonic_of
from tests.support.wizard_page import OpenedPage
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.widgets.labels import StatusLine
from ui.widgets.picker import Picker
from ui.wizard.pages.policy_cost_card import PolicyCostCard
from ui.wizard.pages.policy_cost_words import change_cost
from ui.wizard.pages.settings import SettingsPage
from ui.wizard.requests import ImportPresets

Show = Callable[[QWidget], Awaitable[None]]

GOLD = estates.policy("Gold", copy_frequency_s=30, retention_h=24, app_h=6)


class Opened(OpenedPage):
    """The page, open in a window."""

    def __init__(self, theme: Theme) -> None:
        self.page = SettingsPage(theme)
        estate = estates.contoso(policies=(GOLD,))
        super().__init__(self.page, check_settings, estates.ready_draft(), estates.context(estate))

    @property
    def policy(self) -> PolicyChoice:
        return self.draft.policy


Open = Callable[[], Awaitable[Opened]]


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_page() -> Opened:
        page = Opened(theme)
        await shown(page.page)
        return page

    return open_page


async def test_a_preset_fills_the_fields_and_clears_what_was_wrong(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "settings-retention", "lots")
    page.pick("preset", "Low loss")
    assert page.policy == replace(
        estates.ready_draft().policy, copy_frequency_s=30, retention_h=24, app_consistent_frequency_h=2
    )
    assert page.find(QLineEdit, "settings-retention").text() == "24"
    assert page.find(Picker, "settings-copy-frequency").current_key == "30"
    assert page.page.own_issues() == ()
    page.type(qtbot, "settings-retention", "23")
    assert page.find(Picker, "preset").current_key is None


async def test_presets_are_for_new_policies_alone(opened: Open) -> None:
    page = await opened()
    assert page.find(Picker, "preset").isVisible()
    page.find(TableView, "settings-policies").select([GOLD.id.key])
    assert not page.find(Picker, "preset").isVisible()


async def test_picture_and_costs_follow_the_figures(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    card = page.find(PolicyCostCard, "policy-cost")
    assert card.difference_text == ""
    page.type(qtbot, "settings-retention", "24")
    assert "24 recovery points" in page.find(QWidget, "settings-timeline").accessibleName()
    assert card.difference_text == "Against the figures before: +30.8 GiB, +2.83 USD a month."
    page.type(qtbot, "settings-name", "HQ-other")
    assert card.difference_text.startswith("Against the figures before: "), "another name makes no other policy of it"


async def test_the_first_copy_stands_in_the_picture(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "settings-start-later")
    page.type(qtbot, "settings-start-time", "22:00")
    assert "The first copy starts at 22:00." in page.find(QWidget, "settings-timeline").accessibleName()


async def test_what_is_asked_for_presets_goes_through_the_page(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    sheets: list[QWidget] = []
    page.page.sheet_opened.connect(sheets.append)
    page.press(qtbot, "preset-import")
    assert page.requests == [ImportPresets()]
    page.page.finished(ImportPresets(), AppError("x", "a.json, line 3: It is damaged there.", "Nothing was imported."))
    assert page.find(StatusLine, "preset-outcome").text == "a.json, line 3: It is damaged there. Nothing was imported."
    page.press(qtbot, "preset-manage")
    assert [sheet.objectName() for sheet in sheets] == ["preset-sheet"]
    sheets[0].deleteLater()


def test_a_change_of_a_policy_says_what_it_costs_its_machines() -> None:
    item = structs.replace(estates.protected(estates.machine("WEB-01")), policy_id=GOLD.id.text)
    context = estates.context(estates.contoso(policies=(GOLD,), protected_items=(item,)))
    words = change_cost(policy_uses(context)[GOLD.id.key], estates.ready_draft(), context)
    now = PolicyFigures.of(GOLD)
    assert words(now, replace(now, retention_h=12)) == "Against the figures of now: −1.9 GiB, −0.18 USD a month."
    assert words(now, replace(now, copy_frequency_s=300)) == "Costs the same as the figures of now."
    assert words(now, now) == ""


async def test_no_letter_is_given_twice(opened: Open) -> None:
    page = await opened()
    shown = [each for each in page.page.findChildren(QWidget) if each.isVisible()]
    letters = Counter(mnemonic_of(each) for each in shown if isinstance(each, QAbstractButton | QLabel))
    assert {letter for letter, count in letters.items() if letter and count > 1} == set()
    assert {"p", "v", "x", "g"} <= set(letters)
