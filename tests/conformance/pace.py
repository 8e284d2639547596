"""How far things have come: what lets the clock go on until an answer is as far as the recorded one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conformance.rules import OrderRule, state_rules


def is_behind(ours: Any, recorded: Any) -> bool:
    """Whether ours shows a state that comes before the recorded one, anywhere a state is shown.

    Where ours shows more or fewer steps than recorded, only those in common are looked at.
    """
    return any(
        before < after
        for rule in state_rules().order
        for before, after in zip(_ranks(rule, ours), _ranks(rule, recorded), strict=False)
        if before is not None and after is not None
    )


def is_over(body: Any) -> bool:
    """Whether a status, or a job, has come to its end."""
    ends = [rule for rule in state_rules().order if rule.path in ("status", "properties.state")]
    return any(rank == len(rule.states) - 1 for rule in ends for rank in _ranks(rule, body))


def _ranks(rule: OrderRule, body: Any) -> Iterator[int | None]:
    for word in _words(body, rule.path):
        yield next((rank for rank, words in enumerate(rule.states) if word in words), None)


def _words(body: Any, path: str) -> Iterator[Any]:
    step, _, rest = path.partition(".")
    inner = body.get(step.removesuffix("[]")) if isinstance(body, dict) else None
    for entry in (inner or []) if step.endswith("[]") else [inner]:
        if rest:
            yield from _words(entry, rest)
        elif entry is not None:
            yield entry
