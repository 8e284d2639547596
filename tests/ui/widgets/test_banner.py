"""Banners: one per key, the gravest first, more than two in one line."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.notices import Notice, NoticeAction, NoticeHub
from ui.theme.tokens import Status
from ui.widgets.banner import BannerStack
from ui.widgets.buttons import Button


def titles(stack: BannerStack) -> list[str]:
    return [banner.notice.title for banner in stack.banners]


def stack_of(theme, qtbot, *notices: Notice) -> tuple[BannerStack, NoticeHub]:
    hub = NoticeHub()
    stack = BannerStack(theme, hub)
    hub.setParent(stack)
    qtbot.addWidget(stack)
    for notice in notices:
        hub.post(notice)
    return stack, hub


def test_newer_notice_replaces_the_one_with_its_key(theme, qtbot) -> None:
    stack, hub = stack_of(theme, qtbot, Notice("host", Status.WARNING, "Silent for 4 minutes"))
    hub.post(Notice("host", Status.CRITICAL, "Silent for 14 minutes"))
    assert titles(stack) == ["Silent for 14 minutes"]


def test_gravest_stands_on_top(theme, qtbot) -> None:
    stack, _ = stack_of(
        theme, qtbot, Notice("a", Status.INFO, "Update advised"), Notice("b", Status.CRITICAL, "Unreachable")
    )
    assert titles(stack) == ["Unreachable", "Update advised"]


def test_more_than_two_collapse_and_unfold(theme, qtbot) -> None:
    stack, _ = stack_of(theme, qtbot, *(Notice(key, Status.WARNING, key) for key in "abc"))
    assert titles(stack) == []
    fold = stack.findChild(Button, "banners_fold")
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert titles(stack) == ["a", "b", "c"]


def test_closing_withdraws_the_notice(theme, qtbot) -> None:
    stack, hub = stack_of(theme, qtbot, Notice("a", Status.INFO, "Update advised"))
    qtbot.mouseClick(stack.findChild(Button, "banner_a_close"), Qt.MouseButton.LeftButton)
    assert hub.notices == ()
    assert stack.isHidden()


def test_action_runs(theme, qtbot) -> None:
    ran = []
    action = NoticeAction("Try again", lambda: ran.append("again"))
    stack, _ = stack_of(theme, qtbot, Notice("a", Status.CRITICAL, "Unreachable", actions=(action,)))
    qtbot.mouseClick(stack.findChild(Button, "banner_a_action_0"), Qt.MouseButton.LeftButton)
    assert ran == ["again"]


def test_refresh_of_one_notice_keeps_the_widget_of_another(theme, qtbot) -> None:
    stack, hub = stack_of(theme, qtbot, Notice("a", Status.CRITICAL, "Unreachable"))
    kept = stack.banners[0]
    hub.post(Notice("b", Status.INFO, "Update advised"))
    assert stack.banners[0] is kept
