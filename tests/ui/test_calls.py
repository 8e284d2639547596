"""What a widget gets from `Calls`: results, failures with remedies, silence when nobody waits any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import AppError, Remedy, SignInRequired, Unreachable
from app.runtime.progress import Progress, Report
from app.runtime.renewal import Renewal
from tests.support.waiting import until
from ui.busy import Failure, Waiting
from ui.calls import Calls, Pace
from ui.notices import Notice, NoticeAction, NoticeHub

AT_ONCE = Pace(veil_s=0, words_s=0, progress_s=0, tick_s=60)


class Surface(QWidget):
    """A widget that notes what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.waiting: Waiting | None = None
        self.takes_failures = False

    def show_veil(self) -> None:
        self.told.append("veil")

    def show_waiting(self, waiting: Waiting) -> None:
        self.told.append("words")
        self.waiting = waiting

    def clear_busy(self) -> None:
        self.told.append("clear")

    def show_failure(self, failure: Failure) -> bool:
        self.told.append(f"failure: {failure.title}")
        return self.takes_failures


class Bench:
    """One widget with its calls, and what came of them."""

    def __init__(self) -> None:
        self.owner = QWidget()
        self.owner.setObjectName("view")
        self.surface = Surface()
        self.surface.setParent(self.owner)
        self.hub = NoticeHub()
        self.signed_in: list[AppError] = []
        remedies = {Remedy.SIGN_IN: ("Sign in", self.signed_in.append)}
        self.calls = Calls(self.owner, self.hub, remedies=remedies, pace=AT_ONCE)
        self.results: list[object] = []

    def notice(self) -> Notice:
        (notice,) = self.hub.notices
        return notice

    def press(self, label: str) -> None:
        next(action for action in self.notice().actions if action.label == label).run()


@pytest.fixture
def bench(qapp: QApplication) -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.calls.cancel_all()
    bench.owner.deleteLater()


async def answer(value: object) -> object:
    await asyncio.sleep(0)
    return value


async def never() -> object:
    await asyncio.Event().wait()
    return None


async def test_a_result_arrives_and_the_wait_is_cleared(bench: Bench) -> None:
    bench.calls.run("load", lambda: answer(1), doing="Loading", on_result=bench.results.append, busy=bench.surface)
    await until(lambda: bench.results)
    assert bench.results == [1]
    assert bench.surface.told[-1] == "clear"
    assert not bench.calls.is_running("load")


async def test_a_long_wait_shows_a_veil_then_words_and_can_be_stopped(bench: Bench) -> None:
    bench.calls.run("load", never, doing="Loading items", on_result=bench.results.append, busy=bench.surface)
    waiting = await until(lambda: bench.surface.waiting)
    assert bench.surface.told == ["veil", "words"]
    assert waiting.text == "Loading items"
    waiting.stop()
    await asyncio.sleep(0)
    assert bench.surface.told[-1] == "clear"
    assert bench.results == []
    assert bench.hub.notices == ()


async def test_progress_reaches_the_surface_and_only_the_newest_figure_counts(bench: Bench) -> None:
    async def count(report: Report) -> None:
        for done in range(1, 501):
            report(Progress("Reading", done, 500))
        await asyncio.Event().wait()

    heard: list[Progress] = []
    bench.calls.run_with_progress(
        "load",
        count,
        doing="Loading",
        on_result=bench.results.append,
        busy=bench.surface,
        on_progress=heard.append,
    )
    await until(lambda: heard and bench.surface.waiting and bench.surface.waiting.done)
    assert heard == [Progress("Reading", 500, 500)]


async def test_the_newest_call_of_a_key_wins(bench: Bench) -> None:
    bench.calls.run("load", lambda: answer("old"), doing="Loading", on_result=bench.results.append)
    bench.calls.run("load", lambda: answer("new"), doing="Loading", on_result=bench.results.append)
    bench.calls.run("other", lambda: answer("other"), doing="Loading", on_result=bench.results.append)
    await until(lambda: len(bench.results) == 2)
    await asyncio.sleep(0)
    assert sorted(map(str, bench.results)) == ["new", "other"]


async def test_an_older_call_that_refuses_to_be_cancelled_is_not_heard(bench: Bench) -> None:
    release = asyncio.Event()

    async def stubborn() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await release.wait()
        return "old"

    bench.calls.run("load", stubborn, doing="Loading", on_result=bench.results.append)
    await asyncio.sleep(0)
    bench.calls.run("load", lambda: answer("new"), doing="Loading", on_result=bench.results.append)
    await until(lambda: bench.results)
    release.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert bench.results == ["new"]


async def test_an_error_becomes_a_notice_and_try_again_works(bench: Bench) -> None:
    answers = [Unreachable("dns", "The vault could not be reached", "Check the line."), "here"]

    async def flaky() -> object:
        result = answers.pop(0)
        if isinstance(result, AppError):
            raise result
        return result

    bench.calls.run("load", flaky, doing="Loading", on_result=bench.results.append)
    await until(lambda: bench.hub.notices)
    assert (bench.notice().title, bench.notice().text) == ("The vault could not be reached", "Check the line.")
    bench.press("Try again")
    await until(lambda: bench.results)
    assert bench.results == ["here"]
    assert bench.hub.notices == ()


async def fail_with(error: Exception) -> object:
    await asyncio.sleep(0)
    raise error


async def test_a_newer_error_takes_the_place_of_the_older(bench: Bench) -> None:
    for title in ("first", "second"):
        error = Unreachable("x", title)
        bench.calls.run("load", lambda error=error: fail_with(error), doing="Loading", on_result=bench.results.append)
        await until(lambda title=title: bench.hub.notices and bench.notice().title == title)
    assert len(bench.hub.notices) == 1


async def test_remedies_and_details_are_offered_where_the_error_has_them(bench: Bench) -> None:
    error = SignInRequired("x", "Sign in again", remedies=(Remedy.SIGN_IN,), correlation_id="abc", details="AADSTS1")
    bench.calls.run("load", lambda: fail_with(error), doing="Loading", on_result=bench.results.append)
    await until(lambda: bench.hub.notices)
    bench.press("Sign in")
    assert bench.signed_in == [error]
    bench.press("Copy details")
    assert "AADSTS1" in QApplication.clipboard().text()


async def test_a_surface_with_nothing_to_keep_shows_the_failure_itself(bench: Bench) -> None:
    bench.surface.takes_failures = True
    error = Unreachable("x", "No line")
    bench.calls.run(
        "load", lambda: fail_with(error), doing="Loading", on_result=bench.results.append, busy=bench.surface
    )
    await until(lambda: not bench.calls.is_running("load"))
    assert bench.surface.told[-2:] == ["clear", "failure: No line"]
    assert bench.hub.notices == ()


async def test_a_caller_may_show_the_error_itself(bench: Bench) -> None:
    error = Unreachable("x", "No line")
    heard: list[AppError] = []
    bench.calls.run(
        "load", lambda: fail_with(error), doing="Loading", on_result=bench.results.append, on_error=heard.append
    )
    await until(lambda: heard)
    assert bench.hub.notices == ()


async def test_any_other_exception_is_logged_and_offered_for_copying(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.calls.run("load", lambda: fail_with(KeyError("x")), doing="Loading", on_result=bench.results.append)
    await until(lambda: bench.hub.notices)
    assert bench.notice().title == "Something went wrong"
    assert [record.levelno for record in caplog.records if record.exc_info] == [logging.ERROR]
    bench.press("Copy details")
    assert "KeyError" in QApplication.clipboard().text()


async def test_a_failure_in_the_receiver_is_our_bug_even_if_it_looks_like_a_service_error(bench: Bench) -> None:
    def receiver(result: object) -> None:
        raise Unreachable("x", "No line")

    bench.calls.run("load", lambda: answer(1), doing="Loading", on_result=receiver)
    await until(lambda: bench.hub.notices)
    assert bench.notice().title == "Something went wrong"


async def test_an_owner_that_closes_while_loading_ends_the_call_in_silence(bench: Bench) -> None:
    bench.calls.run("load", never, doing="Loading", on_result=bench.results.append, busy=bench.surface)
    await until(lambda: bench.surface.waiting)
    bench.owner.deleteLater()
    await until(lambda: not bench.calls.is_running("load"))
    bench.owner = QWidget()
    assert bench.results == []
    assert bench.hub.notices == ()


async def test_a_widget_that_shows_no_wait_gets_a_veil_and_keeps_the_focus(bench: Bench) -> None:
    covered = QWidget(bench.owner)
    bench.owner.show()
    covered.show()
    bench.calls.run("load", never, doing="Loading", on_result=bench.results.append, busy=covered)
    veil = await until(lambda: next((child for child in covered.children() if isinstance(child, QWidget)), None))
    await until(veil.isVisible)
    assert veil.geometry() == covered.rect()
    bench.calls.cancel("load")
    assert not veil.isVisible()
    bench.owner.close()


# The end of a sign-in


def ending(bench: Bench, *, then: object) -> Callable[[], Awaitable[object]]:
    """A call that meets the end of the sign-in the first time."""
    bench.hub.renewal = Renewal(SignInRequired)
    asked = []

    async def ask() -> object:
        asked.append(1)
        if len(asked) == 1:
            raise SignInRequired("x", "Your sign-in has ended", remedies=(Remedy.SIGN_IN,))
        return then

    return ask


async def test_a_call_waits_until_somebody_has_signed_in_again(bench: Bench) -> None:
    ask = ending(bench, then=7)
    renewal = bench.hub.renewal
    assert renewal is not None
    leave = renewal.attend(lambda: None)
    bench.calls.run("load", ask, doing="Loading", on_result=bench.results.append, busy=bench.surface)
    await until(lambda: renewal.is_awaited)
    waiting = await until(lambda: bench.surface.waiting)
    await until(lambda: (waiting := bench.surface.waiting) and waiting.text == "Waits for you to sign in")
    assert waiting.total is None
    assert bench.hub.notices == ()
    assert bench.calls.is_running("load")

    renewal.renew()
    await until(lambda: bench.results)
    assert bench.results == [7]
    leave()


async def test_such_a_wait_can_be_stopped(bench: Bench) -> None:
    ask = ending(bench, then=7)
    renewal = bench.hub.renewal
    assert renewal is not None
    leave = renewal.attend(lambda: None)
    bench.calls.run("load", ask, doing="Loading", on_result=bench.results.append, busy=bench.surface)
    await until(lambda: renewal.is_awaited)
    bench.calls.cancel("load")
    renewal.renew()
    await asyncio.sleep(0)
    assert bench.results == []
    leave()


async def test_where_nobody_can_sign_in_the_end_is_told(bench: Bench) -> None:
    ask = ending(bench, then=7)
    bench.calls.run("load", ask, doing="Loading", on_result=bench.results.append)
    await until(lambda: bench.hub.notices)
    assert bench.notice().title == "Your sign-in has ended"


async def test_what_must_not_be_sent_twice_is_not_made_again(bench: Bench) -> None:
    ask = ending(bench, then=7)
    renewal = bench.hub.renewal
    assert renewal is not None
    leave = renewal.attend(lambda: None)
    bench.calls.run("write", ask, doing="Writing", on_result=bench.results.append, repeats=False)
    await until(lambda: bench.hub.notices)
    assert renewal.error is None
    leave()


async def test_what_the_room_can_offer_stands_beside_the_error_that_names_it(bench: Bench) -> None:
    offered = NoticeAction("Check the connection", lambda: None)
    bench.hub.remedies[Remedy.CHECK_CONNECTION] = offered

    async def fail() -> None:
        raise Unreachable("", "Nobody answers", "Look at the line.", remedies=(Remedy.CHECK_CONNECTION,))

    bench.calls.run("read", fail, doing="Reading", on_result=lambda _: None)
    await until(lambda: bench.hub.notices, what="the notice")
    assert offered in bench.notice().actions


def test_nothing_is_begun_once_the_loop_has_ended(qapp: QApplication) -> None:
    owner = QWidget()
    calls = Calls(owner, NoticeHub())
    made: list[str] = []
    calls.run("late", lambda: made.append("late"), doing="Reading", on_result=made.append)
    assert not calls.is_running("late")
    assert made == []
    owner.deleteLater()
