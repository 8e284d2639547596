"""Random walks over the practice vault hold what is seen to hold of the service, whatever is asked and in what order.

A few walks of fixed seeds run each time. For more of them, and others:

    SITE_RECOVERY_DESK_WALKS=200 SITE_RECOVERY_DESK_WALKS_FROM=1000 python -m pytest -s tests/walk

A walk that breaks is made shorter before it is told. To take one again by its seed alone: WALKS=1, WALKS_FROM=the seed.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.walk.azure import Broken
from tests.walk.rules import RULES, shortened, steps_for, try_steps

WALKS = int(os.environ.get("SITE_RECOVERY_DESK_WALKS", "4"))
FIRST_SEED = int(os.environ.get("SITE_RECOVERY_DESK_WALKS_FROM", "0"))
LENGTH = 200
SHORTENING_S = 45.0

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("walks")]  # the last test looks at what the others have seen

seen: Counter[str] = Counter()


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + WALKS))
def test_a_walk_of_200_steps_holds(seed: int) -> None:
    steps = steps_for(seed, LENGTH)
    try:
        ended = try_steps(steps, seed)
    except Broken as broken:
        fewer, told = shortened(steps, seed, broken, SHORTENING_S)
        story = "\n".join(getattr(told, "__notes__", ()))
        pytest.fail(f"seed {seed}, {len(fewer)} steps of {LENGTH}\n{told}\n\n{story}", pytrace=False)
    seen.update(ended.outcomes)
    seen.update({f"answers {status}": count for status, count in ended.answers.items()})
    assert ended.answers[202] > LENGTH // 3, "a walk gets somewhere"


def test_walks_of_one_seed_are_the_same() -> None:
    first, again = (try_steps(steps_for(FIRST_SEED, 25), FIRST_SEED) for _ in range(2))
    assert first == again


def test_every_rule_is_taken_and_every_operation_goes_well_somewhere(capsys: pytest.CaptureFixture[str]) -> None:
    """What the walks above have seen; a rule that never fires would prove nothing."""
    assert seen, "run the whole file: the walks come first"
    rules = {step.rule for seed in range(FIRST_SEED, FIRST_SEED + WALKS) for step in steps_for(seed, LENGTH)}
    assert rules == set(RULES)
    for scenario in (
        *("EnableDr", "IrCompletion", "UpdateVmProperties", "RepairVMReplication", "DisableDr", "PurgeVm"),
        *("TestFailover", "TestFailoverCleanup", "PlannedFailover", "UnplannedFailover", "ChangePit"),
        *("CommitFailover", "Failback", "FinalizeFailback", "ReprotectReplicationGroup"),
    ):
        assert any(
            f"ProtectionEntity {scenario} {state}" in seen for state in ("Succeeded", "CompletedWithInformation")
        )
    with capsys.disabled():
        if "SITE_RECOVERY_DESK_WALKS" in os.environ:
            print(*(f"{count:6} {what}" for what, count in sorted(seen.items())), sep="\n")  # noqa: T201 the figures are asked for
