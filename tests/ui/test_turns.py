"""Work in several turns of the loop."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from tests.support.waiting import until
from ui.turns import Turns


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
