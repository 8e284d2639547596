"""Work in several turns of the loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer
from shiboken6 import delete

from tests.support.waiting import until
from ui.turns import SLICE_S, Turns


async def test_each_piece_has_a_turn_of_its_own_in_which_others_come_in() -> None:
    owner, order = QObject(), []
    turns = Turns(owner)

    def first() -> None:
        order.append("first")
        QTimer.singleShot(0, owner, lambda: order.append("between"))

    turns.begin(first, lambda: order.append("second"))
    assert order == []
    await until(lambda: not turns.is_busy, what="the work")
    assert [each for each in order if each != "between"] == ["first", "second"]
    await until(lambda: "between" in order, what="what came in")


async def test_new_work_replaces_what_is_left_of_older_work() -> None:
    owner, order = QObject(), []
    turns = Turns(owner)
    turns.begin(lambda: turns.begin(lambda: order.append("new")), lambda: order.append("old"))
    await until(lambda: order, what="the new work")
    assert order == ["new"]
    assert not turns.is_busy


async def test_dropped_work_is_not_done() -> None:
    owner, order = QObject(), []
    turns = Turns(owner)
    turns.begin(lambda: order.append("first"), lambda: order.append("second"))
    turns.drop()
    later = Turns(owner)
    later.begin(lambda: None, lambda: order.append("later"))
    await until(lambda: order, what="a later turn")
    assert order == ["later"]


async def test_two_who_have_work_share_one_line() -> None:
    owner, order = QObject(), []
    one, other = Turns(owner), Turns(owner)
    turn = _Turn(owner)

    def note(name: str) -> None:
        order.append((name, turn.number))

    one.begin(lambda: note("one"), lambda: note("one"))
    other.begin(lambda: note("other"), lambda: note("other"))
    await until(lambda: len(order) == 4, what="the work of both")
    assert [name for name, _ in order] == ["one", "other", "one", "other"]
    assert len({number for _, number in order}) == 4


async def test_short_steps_are_done_in_slices_between_which_the_loop_runs() -> None:
    owner, turns_of_steps = QObject(), []
    turns, turn = Turns(owner), _Turn(owner)

    def steps() -> Iterator[None]:
        for _ in range(20):
            ends = perf_counter() + SLICE_S / 4
            while perf_counter() < ends:
                pass
            turns_of_steps.append(turn.number)
            yield

    turns.follow(steps())
    assert turns_of_steps == []
    await until(lambda: not turns.is_busy and len(turns_of_steps) == 20, what="all steps")
    of_a_turn = Counter(turns_of_steps)
    assert len(of_a_turn) >= 5
    assert max(of_a_turn.values()) <= 4


async def test_a_step_that_begins_other_work_ends_its_own() -> None:
    owner, order = QObject(), []
    turns = Turns(owner)

    def steps() -> Iterator[None]:
        turns.begin(lambda: order.append("new"))
        yield
        order.append("old")

    turns.follow(steps())
    await until(lambda: order, what="the new work")
    assert order == ["new"]
    assert not turns.is_busy


async def test_whoever_is_gone_keeps_nobody_waiting() -> None:
    owner, order = QObject(), []
    gone, left = QObject(), Turns(owner)
    Turns(gone).begin(lambda: order.append("gone"))
    left.begin(lambda: order.append("left"))
    delete(gone)
    await until(lambda: order, what="the work of who is left")
    assert order == ["left"]


class _Turn:
    """Counts turns of the loop."""

    def __init__(self, owner: QObject) -> None:
        self.number = 0
        self._timer = QTimer(owner)
        self._timer.timeout.connect(self._count)
        self._timer.start(0)

    def _count(self) -> None:
        self.number += 1
