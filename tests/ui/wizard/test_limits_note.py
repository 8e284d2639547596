"""Pages name their limits, and say where others would judge the answers otherwise."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.profiles import PROFILES
from app.flows.draft import SetUpDraft
from app.flows.set_up import STEPS
from app.flows.step import Context
from app.rules import load_rules
from tests.support import estates
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.widgets.page import Page
from ui.wizard.limits_note import LimitsNote

Show = Callable[[QWidget], Awaitable[None]]
ALL = tuple(map(load_rules, PROFILES))
SETTINGS = next(step for step in STEPS if step.id == "settings")
TARGET = next(step for step in STEPS if step.id == "target")


def with_frequency(seconds: int) -> SetUpDraft:
    draft = estates.ready_draft()
    return replace(draft, policy=replace(draft.policy, create=True, name="Other", copy_frequency_s=seconds))


def context(profile: int = 1, **changes: object) -> Context:
    return replace(estates.context(estates.contoso(**changes)), rules=ALL[profile], profiles=ALL)


async def test_the_line_follows_what_is_edited(theme: Theme, shown: Show) -> None:
    frame = Page("Settings")
    note = LimitsNote(theme, frame, SETTINGS, tells=True, parent=frame)
    note.load(with_frequency(300), context())
    await shown(frame)
    await until(lambda: not note.is_busy, what="all profiles to be asked")
    assert note.link.text() == "Limits of May 2026"
    assert "2026-05-05" in note.link.toolTip()
    assert note.line.isHidden()

    note.follow(with_frequency(900))
    await until(lambda: not note.line.isHidden(), what="the line")
    assert note.line.text == "By the limits of January 2017: fine. By those of September 2026: the same as now."

    note.load(with_frequency(900), context(0))
    assert note.link.text() == "Limits of January 2017"
    await until(lambda: "May 2026" in note.line.text, what="the line to follow")
    assert note.line.text.startswith("By the limits of May 2026: blocked (Copy frequency is not offered).")


async def test_an_account_that_was_refused_once_is_told(theme: Theme) -> None:
    account = estates.storage(redundancy="RAGRS")
    frame = Page("Target")
    note = LimitsNote(theme, frame, TARGET, tells=True, parent=frame)
    note.load(estates.ready_draft(), context(storage_accounts=(account,)))
    await until(lambda: note.line.text, what="the line")
    assert note.line.text.startswith("By the limits of January 2017: blocked (")
    assert "September 2026: the same as now" in note.line.text
    frame.deleteLater()


async def test_a_page_that_tells_it_row_by_row_has_no_line(qtbot: QtBot, theme: Theme) -> None:
    frame = Page("Enable")
    note = LimitsNote(theme, frame, SETTINGS, tells=False, parent=frame)
    note.load(with_frequency(900), context())
    assert note.line.isHidden()
    asked: list[bool] = []
    note.change_requested.connect(lambda: asked.append(True))
    note.link.click()
    assert asked == [True]
    frame.deleteLater()
