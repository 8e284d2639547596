"""One walk: its steps, taken one after the other, with time that passes between them.

A step is a rule and a number; the number decides everything that the rule chooses, so that a walk can be repeated, and
shortened by leaving steps out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from tests.walk.azure import Azure, Broken, Json
from tests.walk.watch import Watch

_CHANCES = ((4, 0.0, 0.0), (5, 1.0, 30.0), (4, 30.0, 600.0), (3, 600.0, 7200.0), (1, 7200.0, 43200.0))
"""How far time moves after a step: weight, least and most seconds."""

_DAY_S = 86_400.0
HOSTS = ("HV-A.walk.local", "HV-B.walk.local", "HV-C.walk.local")


class Step(NamedTuple):
    rule: str
    number: int


class Walk:
    """One walk: its vault, what was seen of it, and its story in lines."""

    def __init__(self, azure: Azure) -> None:
        self.azure = azure
        self.watch = Watch(azure)
        self.story: list[str] = []

    async def take(self, steps: Sequence[Step], rules: Mapping[str, Rule]) -> None:
        """
        Raises:
            Broken: something does not hold.
        """
        await self.watch.look()
        for step in steps:
            random = Random(step.number)
            told = await rules[step.rule].act(self, random)
            self.story.append(f"{step.rule}: {told}")
            self._let_time_pass(random)
            await self.watch.look()
            if random.random() < 0.1:
                await self.watch.look_around()
        await self._end()

    def _let_time_pass(self, random: Random) -> None:
        _, least, most = random.choices(_CHANCES, [weight for weight, _, _ in _CHANCES])[0]
        if most:
            seconds = random.uniform(least, most)
            self.azure.advance(seconds)
            self.story.append(f"    {seconds:.0f} s later")

    async def _end(self) -> None:
        """Nobody does anything more but answer where a job waits: every job ends."""
        self.azure.practice("DELETE", "faults", {})
        for host in HOSTS:
            self.azure.practice("PUT", f"hosts/{host}", {"connected": True})
        client = self.azure.client.replication_jobs
        for _ in range(20):
            self.azure.advance(_DAY_S / 3)
            await self.watch.look()
            waiting = [job for job in self.watch.open.values() if job["properties"]["state"] == "Suspended"]
            plans = [job for job in waiting if job["properties"]["targetInstanceType"] == "RecoveryPlan"]
            for job in plans or waiting:  # a plan takes its machines' jobs with it
                await self.azure.begin(client.begin_resume, job["name"], {"properties": {"comments": "go on"}})
        await self.watch.look()
        self.watch.check_copies_ended()
        if self.watch.open:
            raise Broken("every job ends", [_told(job) for job in self.watch.open.values()])
        await self.watch.look_around()


class Rule(NamedTuple):
    weight: int
    act: Callable[[Walk, Random], Awaitable[str]]


class Ended(NamedTuple):
    """What a walk that went well did: answers by status, and jobs by kind and end."""

    answers: Counter[int]
    outcomes: Counter[str]


def _told(job: Json) -> str:
    properties = job["properties"]
    return f"{job['name']} {properties['scenarioName']} of {properties['targetObjectName']} {properties['state']}"
