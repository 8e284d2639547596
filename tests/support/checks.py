"""What a step's check says of a draft that is whole but for some answers."""

from __future__ import annotations

from dataclasses import replace

from app.domain.estate import Estate
from app.domain.issue import Issue
from app.flows.flow import Flow
from tests.support.estates import (
    context,
    ready_draft,
)


def issues(step: str, estate: Estate | None = None, **changes: object) -> tuple[Issue, ...]:
    draft = replace(ready_draft(), **changes)  # type: ignore[arg-type]
    return Flow(draft, context(estate)).issues(step)


def errors(step: str, estate: Estate | None = None, **changes: object) -> list[tuple[str, str]]:
    return [(issue.field, issue.text) for issue in issues(step, estate, **changes) if issue.is_blocking]
