"""A widget that is made before anybody asks for it."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from tests.support.waiting import until
from ui.widgets.made_ahead import MadeAhead


class Maker:
    def __init__(self) -> None:
        self.made: list[QLabel] = []

    def __call__(self, text: str) -> QLabel:
        self.made.append(QLabel(text))
        return self.made[-1]


async def test_the_one_that_is_ready_is_handed_out_once(qapp: QApplication, qtbot: QtBot) -> None:
    maker, owner = Maker(), QObject()
    ahead = MadeAhead(owner, maker)
    ahead.get_ready("one")
    assert maker.made == []
    await until(lambda: maker.made, what="the one ahead")
    ahead.get_ready("one")  # the same is not made again

    first, second = ahead.take("one"), ahead.take("one")
    qtbot.addWidget(first)
    qtbot.addWidget(second)
    assert maker.made == [first, second]
    assert not first.isVisible()


async def test_one_with_other_words_is_not_handed_out(qapp: QApplication, qtbot: QtBot) -> None:
    maker, owner = Maker(), QObject()
    ahead = MadeAhead(owner, maker)
    ahead.get_ready("before")
    await until(lambda: maker.made, what="the one ahead")
    taken = ahead.take("now")
    qtbot.addWidget(taken)
    assert taken.text() == "now"

    ahead.get_ready("later")
    await until(lambda: len(maker.made) > 2, what="the other one ahead")
    assert not isValid(maker.made[0])
    delete(owner)


async def test_what_nobody_took_goes_with_its_owner(qapp: QApplication) -> None:
    maker, owner = Maker(), QObject()
    MadeAhead(owner, maker).get_ready("one")
    await until(lambda: maker.made, what="the one ahead")
    delete(owner)
    assert not isValid(maker.made[0])
