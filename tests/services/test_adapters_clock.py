"""The vault's time: read from the practice vault in this process, or heard from answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.adapters.azure import clock as clocks
from app.adapters.azure.clock import HeardClock, PracticeClock
from app.adapters.azure.pipeline import date_of, is_loopback_http
from app.domain.practice import PracticeState
from app.simulator.clock import SimulatorClock
from tests.support.doors import open_door

START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


class RealTime:
    """Real time that only waiting moves: both sides of a clock follow it, and no test waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        monkeypatch.setattr(clocks.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(clocks.asyncio, "sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> RealTime:
    return RealTime(monkeypatch)


def state(*, now: datetime = START, speed: float = 1.0, paused: bool = False) -> PracticeState:
    return PracticeState("contoso", now, speed, paused)


async def test_waiting_moves_a_manual_clock_and_lets_others_work() -> None:
    clock = PracticeClock(SimulatorClock(START, 0))
    turns: list[str] = []
    asyncio.get_running_loop().call_soon(turns.append, "somebody else")

    await clock.sleep(3600)

    assert clock.now() == START + timedelta(hours=1)
    assert turns == ["somebody else"]


async def test_a_wait_in_vault_time_is_shorter_in_real_time(real: RealTime) -> None:
    clock = PracticeClock(SimulatorClock(START, 60))

    await clock.sleep(30)

    assert sum(real.waits) == pytest.approx(0.5)
    assert clock.now() == START + timedelta(seconds=30)


async def test_the_fastest_clock_cannot_make_a_busy_loop(real: RealTime) -> None:
    clock = PracticeClock(SimulatorClock(START, 3600))

    await clock.sleep(1)
    await clock.sleep(0)

    assert real.waits == [0.2, 0.2]


async def test_a_paused_vault_is_waited_for(real: RealTime) -> None:
    inner = SimulatorClock(START, 60)
    inner.pause()
    clock = PracticeClock(inner)
    assert clock.speed == 0
    sleep = real.sleep

    async def resume_after_three(seconds: float) -> None:
        await sleep(seconds)
        if len(real.waits) == 3:
            inner.resume()

    real_sleep, clocks.asyncio.sleep = clocks.asyncio.sleep, resume_after_three
    try:
        await clock.sleep(60)
    finally:
        clocks.asyncio.sleep = real_sleep

    assert real.waits[:3] == [0.2, 0.2, 0.2]
    assert clock.now() >= START + timedelta(seconds=60)


async def test_a_heard_clock_runs_on_by_itself(real: RealTime) -> None:
    clock = HeardClock()
    clock.follow(state(speed=600))

    real.now += 2

    assert clock.now() == START + timedelta(seconds=1200)
    assert clock.speed == 600


async def test_a_heard_clock_is_set_right_by_an_answer_that_differs(real: RealTime) -> None:
    clock = HeardClock()
    clock.hear(START)
    assert abs(clock.now() - START) <= timedelta(seconds=1)

    clock.hear(START + timedelta(hours=1))

    assert abs(clock.now() - START - timedelta(hours=1)) <= timedelta(seconds=1)


async def test_a_heard_clock_does_not_jump_for_the_age_of_an_answer(real: RealTime) -> None:
    clock = HeardClock()
    clock.follow(state())
    real.now += 10
    before = clock.now()

    clock.hear(START + timedelta(seconds=9))

    assert clock.now() == before


async def test_a_wait_ends_early_when_the_vault_is_made_faster(real: RealTime) -> None:
    clock = HeardClock()
    clock.follow(state())
    sleep = real.sleep

    async def faster_after_two(seconds: float) -> None:
        await sleep(seconds)
        if len(real.waits) == 2:
            clock.follow(state(now=clock.now(), speed=3600))

    real_sleep, clocks.asyncio.sleep = clocks.asyncio.sleep, faster_after_two
    try:
        await clock.sleep(3600)
    finally:
        clocks.asyncio.sleep = real_sleep

    assert sum(real.waits) < 5


async def test_answers_over_the_port_set_the_clock() -> None:
    async with open_door("over the port") as door:
        await door.gateways.vaults.list_vaults(door.subscription)
        assert abs(door.clock.now() - door.simulator.clock.now()) < timedelta(seconds=3)

        door.simulator.clock.advance(86_400)
        await door.gateways.vaults.list_vaults(door.subscription)

        assert abs(door.clock.now() - door.simulator.clock.now()) < timedelta(seconds=3)


async def test_the_practice_vault_tells_its_pace() -> None:
    async with open_door("over the port") as door:
        assert door.gateways.practice is not None

        await door.gateways.practice.set_clock(speed=600)
        told = await door.gateways.practice.set_clock(paused=True)

        assert (told.speed, told.is_paused) == (600, True)
        assert door.clock.speed == 0


@pytest.mark.parametrize("header", ["", "yesterday", "Mon, 02 Mar 2026 07:30:00"])
def test_a_date_that_cannot_be_placed_is_not_heard(header: str) -> None:
    assert date_of(header) is None


def test_a_date_header_is_read_to_the_second() -> None:
    assert date_of("Mon, 02 Mar 2026 07:30:00 GMT") == START


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:8080/x", True),
        ("http://[::1]:8080/x", True),
        ("http://localhost/x", True),
        ("http://127.0.0.1.evil.example/x", False),
        ("http://10.0.0.1/x", False),
        ("http://management.azure.com/x", False),
        ("https://127.0.0.1/x", False),
        ("/relative", False),
    ],
)
def test_a_token_travels_without_tls_to_this_computer_alone(url: str, allowed: bool) -> None:
    assert is_loopback_http(url) is allowed
