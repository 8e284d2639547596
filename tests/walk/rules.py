"""Every rule of the walks with its weight, walks by a seed, and how one that broke is made shorter."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.walk import jobs, machines, plans, surroundings
from tests.walk.azure import Azure, Broken
from tests.walk.walk import Ended, Rule, Step, Walk

RULES: dict[str, Rule] = {
    "go on": Rule(56, machines.go_on),
    "stray": Rule(10, machines.stray),
    "enable": Rule(7, machines.enable),
    "update": Rule(4, machines.update),
    "resynchronize": Rule(2, machines.resynchronize),
    "purge": Rule(1, machines.purge),
    "job": Rule(7, jobs.act_on_job),
    "make plan": Rule(3, plans.make),
    "plan": Rule(12, plans.run),
    "policy": Rule(3, surroundings.policy),
    "association": Rule(2, surroundings.association),
    "site": Rule(2, surroundings.site),
    "server": Rule(3, surroundings.server),
    "host comes": Rule(2, surroundings.host_comes),
    "silence": Rule(4, surroundings.silence),
    "trouble": Rule(4, surroundings.trouble),
    "reopen": Rule(2, surroundings.reopen),
}


def steps_for(seed: int, length: int) -> list[Step]:
    random = Random(seed)
    names = sorted(RULES)
    chosen = random.choices(names, [RULES[name].weight for name in names], k=length)
    return [Step(name, random.getrandbits(32)) for name in chosen]


async def walk(steps: Sequence[Step], state: Path, seed: int) -> Ended:
    """
    Raises:
        Broken: something does not hold; the walk's story so far hangs on it as a note.
    """
    async with Azure(state, seed) as azure:
        taken = Walk(azure)
        try:
            await taken.take(steps, RULES)
        except Broken as broken:
            broken.add_note("\n".join(taken.story))
            raise
        return Ended(azure.door.count, taken.watch.outcomes)


def try_steps(steps: Sequence[Step], seed: int) -> Ended:
    """The same with a loop and a state file of its own."""
    with TemporaryDirectory() as folder:
        return asyncio.run(walk(steps, Path(folder) / "state.db", seed))


def shortened(steps: Sequence[Step], seed: int, broken: Broken, within_s: float) -> tuple[list[Step], Broken]:
    """Leave out what the same rule is broken without: halves first, then less and less, as long as there is time."""
    until = time.monotonic() + within_s
    shortest, told = list(steps), broken
    size = max(len(shortest) // 2, 1)
    while time.monotonic() < until:
        start = 0
        is_shorter = False
        while start < len(shortest) and time.monotonic() < until:
            fewer = shortest[:start] + shortest[start + size :]
            try:
                try_steps(fewer, seed)
            except Broken as again:
                if again.rule == broken.rule:
                    shortest, told, is_shorter = fewer, again, True
                    continue
            start += size
        if size == 1 and not is_shorter:
            break
        size = max(size // 2, 1)
    return shortest, told
