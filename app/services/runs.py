"""What the window and the command line see of a run: snapshots, replaced whole at each change."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.domain.job import JobProblem
from app.errors import AppError, OperationFailed
from app.flows.action import Action
from app.runtime.journal import ActionState


@dataclass(frozen=True, slots=True)
class ActionProblem:
    """Why an action failed, or why it cannot be followed for now. Kept in the journal."""

    code: str
    title: str
    advice: str = ""
    details: str = ""
    correlation_id: str = ""
    retryable: bool = False
    job_id: str = ""
    job_problems: tuple[JobProblem, ...] = ()
    """What the ASR job said, in Azure's words."""
    wants_other_answer: bool = False

    @classmethod
    def of(cls, error: AppError) -> ActionProblem:
        job = error if isinstance(error, OperationFailed) else None
        return cls(
            error.code,
            error.title,
            error.advice,
            error.details,
            error.correlation_id,
            error.retryable,
            job.job_id if job else "",
            job.problems if job else (),
            error.wants_other_answer,
        )

    def to_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> ActionProblem | None:
        if not text:
            return None
        fields: dict[str, Any] = json.loads(text)
        problems = tuple(JobProblem(**problem) for problem in fields.pop("job_problems"))
        return cls(**fields, job_problems=problems)


@dataclass(frozen=True, slots=True)
class ActionSnapshot:
    """One action of a run, now.

    Attributes:
        text: what is going on or how it ended, in a few words.
        problem: set when it failed, and also while an action in flight cannot be followed or confirmed.
        started, ended: vault time; `ended` is when Azure's work was over.
        settled: when it was confirmed, skipped or failed.
    """

    action: Action
    state: ActionState = ActionState.PLANNED
    text: str = ""
    problem: ActionProblem | None = None
    job_id: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    settled: datetime | None = None
    is_active: bool = False
    """Being worked on right now by this program."""


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    id: str
    title: str
    created: datetime
    actions: tuple[ActionSnapshot, ...]
    is_running: bool = False

    @property
    def is_done(self) -> bool:
        """Everything that was wanted is there, confirmed by Azure."""
        return all(action.state.is_done for action in self.actions)

    @property
    def done_count(self) -> int:
        return sum(action.state.is_done for action in self.actions)

    @property
    def troubled(self) -> tuple[ActionSnapshot, ...]:
        """Actions that failed, or that are in flight and cannot be followed or confirmed."""
        return tuple(action for action in self.actions if action.problem is not None)

    @property
    def refused(self) -> tuple[ActionSnapshot, ...]:
        """Actions that fail again as they are, until another answer is given or somebody clears the cause away."""
        return tuple(action for action in self.troubled if action.problem and action.problem.wants_other_answer)

    @property
    def waiting(self) -> tuple[ActionSnapshot, ...]:
        """Actions that have not been started."""
        return tuple(action for action in self.actions if action.state is ActionState.PLANNED)


OnChange = Callable[[RunSnapshot], None]


def ignore_change(run: RunSnapshot) -> None:
    """The watcher of somebody who does not care."""


_RESTING = {
    ActionState.PLANNED: "",
    ActionState.SENT: "Sent; the answer is not known",
    ActionState.ACCEPTED: "Accepted by Azure",
    ActionState.ENDED: "Done in Azure, not confirmed yet",
    ActionState.CONFIRMED: "Confirmed by Azure",
    ActionState.SKIPPED: "Already there",
    ActionState.FAILED: "Failed",
}


def resting_text(state: ActionState, problem: ActionProblem | None) -> str:
    """What to say of an action that nobody is working on."""
    return problem.title if problem is not None else _RESTING[state]


def sentence(text: str) -> str:
    """A few words as a sentence of their own; nothing stays nothing."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""
