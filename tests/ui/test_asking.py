"""Questions answer through a future, and leave with the task that asked."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt

from tests.support.waiting import until
from ui.asking import Asking, NameConfirmation, Question, QuestionSheet
from ui.shell.main_window import MainWindow
from ui.widgets.modal_sheet import ModalSheet

QUESTION = Question("Fail over DC01 to West Europe?", "DC01 stops in the office and starts in Azure.", "Fail over")


@pytest.fixture
def window(theme) -> MainWindow:
    window = MainWindow(theme)
    yield window
    window.allow_close()


@pytest.fixture
def asking(theme, window) -> Asking:
    return Asking(theme, window, window)


async def sheet_of(window: MainWindow) -> QuestionSheet:
    await until(lambda: window.sheet, what="the question")
    return window.sheet


async def test_verb_is_yes(window, asking, shown, qtbot) -> None:
    await shown(window)
    answer = asyncio.create_task(asking.confirm(QUESTION))
    sheet = await sheet_of(window)
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    assert await answer is True


async def test_escape_is_no(window, asking, shown, qtbot) -> None:
    await shown(window)
    answer = asyncio.create_task(asking.confirm(QUESTION))
    sheet = await sheet_of(window)
    qtbot.keyClick(sheet.cancel_button, Qt.Key.Key_Escape)
    assert await answer is False


async def test_grave_question_wants_the_name(window, asking, shown, qtbot) -> None:
    await shown(window)
    answer = asyncio.create_task(asking.confirm_by_name(QUESTION, "DC01"))
    sheet = await sheet_of(window)
    field = sheet.findChild(NameConfirmation)
    qtbot.keyClicks(field.edit, "DC02")
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    assert not answer.done()
    assert field.message != ""
    field.edit.clear()
    qtbot.keyClicks(field.edit, "dc01")
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    assert await answer is True


async def test_cancelled_task_takes_its_question_away(window, asking, shown) -> None:
    await shown(window)
    answer = asyncio.create_task(asking.confirm(QUESTION))
    await sheet_of(window)
    answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answer
    assert window.sheet is None


async def test_a_sheet_opens_in_a_turn_of_its_own_and_closes_the_one_before(theme, window, asking, shown) -> None:
    await shown(window)
    first, second = (ModalSheet(theme, title, submit="Remove") for title in ("Remove HV-01", "Remove HV-02"))
    closed = []
    first.closed.connect(lambda: closed.append("first"))
    for sheet in (first, second):
        asking.open_sheet(sheet)
    assert window.sheet is None
    await until(second.isVisible, what="the second sheet")
    assert closed == ["first"]
