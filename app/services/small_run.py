"""A list of actions carried out at once, for a sheet that waits for its end."""

from __future__ import annotations

from collections.abc import Sequence

from app.errors import OperationFailed
from app.flows.action import Action
from app.services.runner import Runner
from app.services.runs import OnChange, RunSnapshot, ignore_change


async def carry_out_all(
    runner: Runner, title: str, actions: Sequence[Action], *, key: str, on_change: OnChange = ignore_change
) -> RunSnapshot:
    """Plan, carry out, and return with everything confirmed. Cancelling only stops waiting.

    Raises:
        OperationFailed: the first problem, where not all could be confirmed.
        Conflict: another program works with this connection.
    """
    run = await runner.carry_out(await runner.plan(title, actions, key=key), on_change)
    if run.troubled:
        problem = run.troubled[0].problem
        assert problem is not None
        raise OperationFailed(
            problem.code,
            problem.title,
            problem.advice,
            job_id=problem.job_id,
            problems=problem.job_problems,
            details=problem.details,
        )
    return run
