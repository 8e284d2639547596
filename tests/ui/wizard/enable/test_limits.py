"""Machines under limits of another time, and what leads elsewhere."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.profiles import PROFILES
from app.rules import load_rules
from tests.support import estates
from tests.support.enable_page import ITEMS, SQL, WEB, Open, Opened, Show
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.wizard.pages.landing_sheet import LandingSheet
from ui.wizard.requests import ShowLimits


async def test_other_limits_judge_every_row_anew_and_are_named(opened: Open) -> None:
    large = estates.machine("FILES", os_gib=1100)
    page = await opened(large, items=(large, WEB))
    profiles = tuple(map(load_rules, PROFILES))
    page.context = replace(page.context, profiles=profiles)
    page.page.load(page.draft, page.context)
    page.page.show_limits(page.draft, page.context)
    page.go_to(large)
    assert page.row(large).verdict.word == "Ready"
    assert page.page.strip.text.endswith(
        "By the limits of January 2017: blocked (OS disk too large). By those of September 2026: the same as now."
    )
    page.go_to(WEB)
    assert "By the limits" not in page.page.strip.text

    page.context = replace(page.context, rules=profiles[0])
    page.page.load(page.draft, page.context)
    page.page.show_limits(page.draft, page.context)
    assert page.row(large).verdict.word == "OS disk too large"
    assert page.chosen_names() == ["FILES"]
    page.go_to(large)
    assert "By the limits of May 2026: fine. By those of September 2026: fine." in page.page.strip.text
    link = page.button("enable-limits")
    assert link.text() == "Limits of January 2017"  # type: ignore[attr-defined]
    assert "2017-01-25" in link.toolTip()


async def test_the_limits_lead_to_where_they_are_chosen(qtbot: QtBot, opened: Open) -> None:
    page = await opened()
    page.page.show_limits(page.draft, page.context)
    page.press(qtbot, "enable-limits")
    assert page.requests == [ShowLimits()]


async def test_what_would_land_is_looked_at_with_the_machines_chosen_so_far(
    qtbot: QtBot, theme: Theme, shown: Show
) -> None:
    opened = Opened(theme, ITEMS, (WEB, SQL))
    await shown(opened.page)
    opened.page.sheet_opened.connect(lambda sheet: sheet.open_over(opened.page))
    button = opened.page.findChild(QWidget, "enable-what-would-land")

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    sheet = await until(lambda: opened.page.findChild(LandingSheet), what="the sheet")
    await until(lambda: not sheet.is_busy, what="all rows")
    assert [row.machine for row in sheet.table.model.records()] == ["WEB-01", "SQL-PROD-01"]
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert opened.edits == 0
