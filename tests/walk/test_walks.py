"""Random walks over the practice vault hold what is seen to hold of the service, whatever is asked and in what order.

A few walks of fixed seeds run each time. For more of them, and others:

    SITE_RECOVERY_DESK_WALKS=200 SITE_RECOVERY_DESK_WALKS_FROM=1000 python -m pytest -s tests/walk

A walk that breaks is made shorter before it is told. To take one again by its seed alone: WALKS=1, WALKS_FROM=the seed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

import pytest

from tests.walk.azure import Broken
from tests.walk.rules import RULES, shortened, steps_for, try_steps
from tests.walk.walk import Ended, Step

WALKS = int(os.environ.get("SITE_RECOVERY_DESK_WALKS", "4"))
FIRST_SEED = int(os.environ.get("SITE_RECOVERY_DESK_WALKS_FROM", "0"))
LENGTH = 200
SHORTENING_S = 45.0
ENOUGH = 4
"""Walks that together come everywhere."""
WELL = ("Succeeded", "CompletedWithInformation")

SCENARIOS = (
    *("EnableDr", "IrCompletion", "UpdateVmProperties", "RepairVMReplication", "DisableDr", "PurgeVm"),
    *("TestFailover", "TestFailoverCleanup", "PlannedFailover", "UnplannedFailover", "ChangePit"),
    *("CommitFailover", "Failback", "FinalizeFailback", "ReprotectReplicationGroup"),
)
"""What must have gone well somewhere: an operation that never does would prove nothing."""

pytestmark = pytest.mark.slow


def test_walks_of_200_steps_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """One test, since what all walks together have seen counts at its end."""
    seen: Counter[str] = Counter()
    rules: set[str] = set()
    for seed in range(FIRST_SEED, FIRST_SEED + WALKS):
        steps = steps_for(seed, LENGTH)
        rules |= {step.rule for step in steps}
        ended = _walk(steps, seed)
        seen.update(ended.outcomes)
        seen.update({f"answers {status}": count for status, count in ended.answers.items()})
        assert ended.answers[202] > LENGTH // 3, "a walk gets somewhere"
    if "SITE_RECOVERY_DESK_WALKS" in os.environ:
        with capsys.disabled():
            print(*(f"{count:6} {what}" for what, count in sorted(seen.items())), sep="\n")  # noqa: T201 the figures are asked for
    if WALKS >= ENOUGH:
        assert rules == set(RULES)
        never = {what for what in SCENARIOS if not seen.keys() & {f"ProtectionEntity {what} {end}" for end in WELL}}
        assert not never


def _walk(steps: Sequence[Step], seed: int) -> Ended:
    try:
        return try_steps(steps, seed)
    except Broken as broken:
        fewer, told = shortened(steps, seed, broken, SHORTENING_S)
        story = "\n".join(getattr(told, "__notes__", ()))
        pytest.fail(f"seed {seed}, {len(fewer)} steps of {LENGTH}\n{told}\n\n{story}", pytrace=False)


def test_walks_of_one_seed_are_the_same() -> None:
    first, again = (try_steps(steps_for(FIRST_SEED, 25), FIRST_SEED) for _ in range(2))
    assert first == again
