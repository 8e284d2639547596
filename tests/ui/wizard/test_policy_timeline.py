"""The picture of a policy: labels that keep apart, a marker that is moved, words that say the same, one movement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.policy_rules import PolicyFigures
from app.flows.draft import PolicyChoice
from app.flows.first_copy_ahead import ahead_of
from tests.support.waiting import until
from ui.theme.theme import Appearance, Theme
from ui.wizard.pages.policy_axis import Axis, axis_labels, clock_labels
from ui.wizard.pages.policy_timeline import PolicyTimeline, timeline_words
from ui.wizard.pages.policy_words import disaster_words, minutes_text

Show = Callable[[QWidget], Awaitable[None]]
NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)


def wide(words: str) -> float:
    return 7.5 * len(words) + 4


@given(st.integers(336, 1200), st.integers(0, 24), st.sampled_from((0.5, 5.0, 15.0)))
def test_labels_never_meet_nor_leave_the_line(width: int, retention_h: int, copy_minutes: float) -> None:
    axis = Axis(12, width - 12, max(retention_h, 1) * 60)
    labels = axis_labels(axis, copy_minutes, wide, minutes_text, "now")
    assert {"now", "15 min", minutes_text(axis.span)} <= {label.text for label in labels}
    assert not any(one.meets(other) for one, other in combinations(labels, 2))
    assert all(label.left >= axis.left and label.left + label.width <= axis.right for label in labels)


@given(st.integers(336, 1200), st.lists(st.floats(12, 324), max_size=8))
def test_labels_of_the_clock_never_meet_and_the_first_stays(width: int, places: list[float]) -> None:
    labels = clock_labels([(x, "22:00") for x in places], 12, width - 12, wide)
    assert bool(labels) is bool(places)
    assert not any(one.meets(other) for one, other in combinations(labels, 2))


@given(st.integers(60, 1440), st.floats(0, 1))
def test_what_is_older_stands_further_left(span: int, share: float) -> None:
    axis = Axis(12, 688, span)
    assert axis.left - 0.01 <= axis.x(span) <= axis.x(span * share) + 0.01 <= axis.right + 0.02
    assert abs(axis.x(15) - axis.border) < 0.01


@pytest.mark.parametrize(
    ("minutes", "text"), [(0.5, "30 s"), (5, "5 min"), (60, "1 h"), (200, "3 h 20 min"), (1440, "24 h")]
)
def test_spans_of_time_in_words(minutes: float, text: str) -> None:
    assert minutes_text(minutes) == text


@pytest.mark.parametrize(
    ("figures", "minutes", "words"),
    [
        (PolicyFigures(300, 12, 4), 0, "Disaster now: you go back to the last copy, and lose at most 5 min. "),
        (PolicyFigures(300, 12, 4), 0, "The last application-consistent one is 4 h old."),
        (PolicyFigures(300, 12, 0), 0, "No point is application-consistent."),
        (PolicyFigures(300, 12, 4), 10, "to the point 1 h ago, and lose what came after it, 50 min of it from before"),
        (PolicyFigures(300, 12, 4), 500, "The last application-consistent one is 12 h old."),
        (PolicyFigures(300, 12, 5), 640, "No point from before it is application-consistent."),
        (PolicyFigures(300, 12, 4), 240, "to the point 4 h ago, and lose what came after it. That point is appl"),
        (PolicyFigures(30, 0, 0), 20, "can’t be undone: the oldest point kept is 30 s old."),
    ],
)
def test_a_disaster_in_words(figures: PolicyFigures, minutes: int, words: str) -> None:
    assert words in disaster_words(figures, minutes)


@pytest.fixture
async def timeline(theme: Theme, shown: Show) -> PolicyTimeline:
    line = PolicyTimeline(theme)
    line.resize(700, 200)
    line.set_policy(300, 12, 4)
    await shown(line)
    line.canvas.setFocus()
    return line


async def test_the_marker_is_moved_by_keys(timeline: PolicyTimeline, qtbot: QtBot) -> None:
    canvas = timeline.canvas
    moved: list[int] = []
    canvas.marker_moved.connect(moved.append)
    keys = (Qt.Key.Key_Left, Qt.Key.Key_PageDown, Qt.Key.Key_Left, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_Left)
    for key in (*keys, Qt.Key.Key_End, Qt.Key.Key_Right):
        qtbot.keyClick(canvas, key)
    assert moved == [1, 60, 70, 60, 720, 0]


async def test_each_move_is_told_in_words_and_to_a_screen_reader(timeline: PolicyTimeline, qtbot: QtBot) -> None:
    assert timeline.disaster_text.startswith("Disaster now")
    qtbot.keyClick(timeline.canvas, Qt.Key.Key_Home)
    assert timeline.disaster_text.startswith("Damage done 12 h ago")
    assert timeline.canvas.accessibleDescription() == timeline.disaster_text
    assert timeline.canvas.accessibleName().startswith("About 12 recovery points")


async def test_the_mouse_puts_the_marker_where_it_points_and_drags_it(timeline: PolicyTimeline, qtbot: QtBot) -> None:
    canvas = timeline.canvas
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(12, 48))
    assert canvas.marker == 720
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 48))
    between = canvas.marker
    qtbot.mouseMove(canvas, QPoint(canvas.width() - 12, 48))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(canvas.width() - 12, 48))
    assert 0 < between < 720
    assert canvas.marker in (0, between)  # a move that is no drag leaves it


async def test_a_shorter_policy_takes_the_marker_along(timeline: PolicyTimeline, qtbot: QtBot) -> None:
    qtbot.keyClick(timeline.canvas, Qt.Key.Key_Home)
    timeline.set_policy(30, 2, 0)
    assert timeline.canvas.marker == 120
    assert "2 h ago" in timeline.disaster_text


async def test_between_two_policies_it_moves_once_and_rests(qapp: QApplication, shown: Show) -> None:
    line = PolicyTimeline(Theme(qapp, Appearance.LIGHT, motion=True))
    line.set_policy(300, 12, 4)
    await shown(line)
    assert not line.canvas.is_moving
    line.set_policy(30, 24, 6)
    assert line.canvas.is_moving
    assert "24 recovery points" in line.canvas.accessibleName()
    await until(lambda: not line.canvas.is_moving, what="the picture to rest")
    line.set_policy(30, 24, 6)
    assert not line.canvas.is_moving


async def test_it_does_not_move_where_nothing_is_to_move(timeline: PolicyTimeline) -> None:
    timeline.set_policy(30, 24, 6)
    assert not timeline.canvas.is_moving


async def test_what_lies_ahead_takes_room_only_where_there_is_something(timeline: PolicyTimeline) -> None:
    before = timeline.canvas.sizeHint().height()
    start = NOW.replace(hour=23).isoformat()
    timeline.set_ahead(ahead_of(PolicyChoice(start_at=start, quiet_from="00:00", quiet_to="00:30"), NOW, 30.0))
    assert timeline.canvas.sizeHint().height() > before
    assert "It takes about 30 h, until" in timeline.ahead_text
    assert "Quiet hours: 00:00 to 00:30." in timeline.ahead_text
    assert timeline.ahead_text in timeline.canvas.accessibleName()
    timeline.set_ahead(ahead_of(PolicyChoice(), NOW))
    assert timeline.canvas.sizeHint().height() == before
    assert timeline.ahead_text == ""


@pytest.mark.parametrize("figures", [(0, 0, 0), (30, 24, 1), (300, 9999, 7), (-5, -5, -5), (86_400, 1, 12)])
@pytest.mark.parametrize("width", [120, 360, 1200])
async def test_any_figures_at_any_width_are_drawn(
    timeline: PolicyTimeline, figures: tuple[int, int, int], width: int
) -> None:
    timeline.set_policy(*figures)
    timeline.canvas.setFixedWidth(width)
    assert not timeline.canvas.grab().isNull()


@pytest.mark.parametrize(
    ("retention_h", "app_h", "points", "among"),
    [
        (0, 0, "Only the latest point is kept.", "It is not application-consistent"),
        (1, 0, "The latest recovery point, and one about an hour old.", "None is application-consistent"),
        (24, 12, "About 24 recovery points", "2 of them"),
        (4, 1, "About 4 recovery points", "All of them are application-consistent."),
        (5, 4, "About 5 recovery points", "1 of them is application-consistent."),
    ],
)
def test_the_words_of_the_line_count_what_is_kept(retention_h: int, app_h: int, points: str, among: str) -> None:
    told = timeline_words(300, retention_h, app_h)
    assert told[0].startswith(points)
    assert told[1].startswith(among)
