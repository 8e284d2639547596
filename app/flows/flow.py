"""A flow: where one stands, what was answered, where one may go, and what a changed answer sends back.

Pure and instant: no I/O, no waiting. The draft inside is always whole, so it can be saved after every call.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.issue import Issue, blocking, worst_first
from app.flows.action import Action
from app.flows.draft import SetUpDraft
from app.flows.planning import actions_for
from app.flows.set_up import STEPS
from app.flows.step import Context, Step, StepState, StepStatus, SummaryLine, counted, rail_lines


@dataclass(frozen=True, slots=True)
class StepsDone:
    """How many of the numbered steps are done; `3 of 6`."""

    done: int
    total: int


class Flow:
    """Walks one draft through the steps.

    Back never loses an answer. A changed answer clears only what cannot hold any more, and `edit` says what that was.
    """

    def __init__(self, draft: SetUpDraft, context: Context, steps: tuple[Step, ...] = STEPS) -> None:
        self._all = steps
        self._context = context
        self._issues: dict[str, tuple[Issue, ...]] = {}
        self._actions: tuple[Action, ...] | None = None
        self._draft = draft
        self._go(self._nearest(draft.position))

    @property
    def draft(self) -> SetUpDraft:
        return self._draft

    @property
    def context(self) -> Context:
        return self._context

    def use(self, context: Context) -> None:
        """Check against a newer snapshot; answers stay as they are."""
        self._context = context
        self._forget_results()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps this draft's flow comes by, in order."""
        return tuple(step for step in self._all if step.applies(self._draft))

    @property
    def rail(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_on_rail)

    @property
    def position(self) -> Step:
        return self.step(self._draft.position)

    def step(self, step_id: str) -> Step:
        """Raises KeyError when there is no such step."""
        for step in self._all:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def edit(self, draft: SetUpDraft) -> tuple[str, ...]:
        """Take changed answers; returns in words which other answers could not hold any more and were cleared.

        Position and visited steps are the flow's own, whatever `draft` says; the position changes only when the step
        does not apply any more. A draft that was given no name is called after its site.
        """
        before = self._draft
        cleared: list[str] = []
        changed = {step.id for step in self._all if step.answer(draft) != step.answer(before)}
        for step in self._all:
            if changed.isdisjoint(step.depends_on):
                continue
            adapted, names = step.adapt(before, draft, self._context)
            if step.answer(adapted) != step.answer(draft):
                changed.add(step.id)
            draft = adapted
            cleared += names
        name = draft.name
        if name in (SetUpDraft().name, before.site.name):  # as long as nobody called it otherwise
            name = draft.site.name or SetUpDraft().name
        self._draft = replace(draft, name=name, position=before.position, visited=before.visited)
        self._forget_results()
        self._go(self._nearest(before.position))
        return tuple(cleared)

    def next(self) -> tuple[Issue, ...]:
        """Go on; returns what stops it, worst first, and stays then. Warnings stop nothing."""
        found = blocking(self.issues(self._draft.position))
        if found:
            return found
        ids = [step.id for step in self.steps]
        index = ids.index(self._draft.position)
        if index + 1 < len(ids):
            self._go(ids[index + 1])
        return ()

    def back(self) -> bool:
        """Go to the step before; false at the first."""
        ids = [step.id for step in self.steps]
        index = ids.index(self._draft.position)
        if index == 0:
            return False
        self._go(ids[index - 1])
        return True

    def can_jump(self, step_id: str) -> bool:
        """Whether the rail leads there: to every page seen before, but to the run only through the review."""
        step = next((step for step in self.steps if step.id == step_id), None)
        return step is not None and step.is_on_rail and step_id in self._draft.visited

    def jump(self, step_id: str) -> bool:
        if not self.can_jump(step_id):
            return False
        self._go(step_id)
        return True

    def issues(self, step_id: str) -> tuple[Issue, ...]:
        """What the step's check says, worst first; of the review, one `step.{id}` for each step that needs work."""
        found = self._issues.get(step_id)
        if found is None:
            step = self.step(step_id)
            found = self._gathered() if step.is_review else worst_first(step.check(self._draft, self._context))
            self._issues[step_id] = found
        return found

    def _gathered(self) -> tuple[Issue, ...]:
        stopped = [(step, blocking(self.issues(step.id))) for step in self.steps if not step.is_review]
        return tuple(
            Issue(f"step.{step.id}", f"{step.title}: {stops[0].text}", short=f"{step.title} needs work")
            for step, stops in stopped
            if stops
        )

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the run would send now."""
        if self._actions is None:
            self._actions = actions_for(self._draft, self._context.estate, self._context.rules)
        return self._actions

    def summary(self, step_id: str) -> SummaryLine | None:
        step = self.step(step_id)
        if step.is_review:
            return SummaryLine.of(counted(len(self.actions), "action") if self.actions else "Nothing left to do")
        return step.summary(self._draft, self._context)

    def status(self, step_id: str) -> StepState:
        is_open = step_id == self._open_on_rail()
        if not is_open and step_id not in self._draft.visited:
            return StepState(StepStatus.LATER)
        stops = () if is_open else blocking(self.issues(step_id))
        if stops:
            return StepState(StepStatus.NEEDS_WORK, rail_lines(stops[0]))
        summary = self.summary(step_id)
        return StepState(StepStatus.NOW if is_open else StepStatus.DONE, summary.lines if summary else ())

    @property
    def progress(self) -> StepsDone:
        """Numbered steps that were seen and stand; the open one counts once the flow went past it."""
        numbered = [step for step in self._all if step.number is not None]
        applied = {step.id for step in self.steps}
        seen = self._draft.visited
        done = sum(
            step.id in applied and step.id in seen and self._is_past(step) and not blocking(self.issues(step.id))
            for step in numbered
        )
        return StepsDone(done, len(numbered))

    def _is_past(self, step: Step) -> bool:
        ids = [each.id for each in self._all]
        return any(ids.index(seen) > ids.index(step.id) for seen in self._draft.visited if seen in ids)

    def _open_on_rail(self) -> str:
        """The rail's current step; a page that is not on the rail belongs to the step before it."""
        ids = [step.id for step in self.steps]
        until = ids.index(self._draft.position) + 1
        return [step.id for step in self.steps[:until] if step.is_on_rail][-1]

    def _nearest(self, step_id: str) -> str:
        """The step itself if the flow comes by it, or else the last one before it that it does come by."""
        ids = [step.id for step in self._all]
        until = ids.index(step_id) + 1 if step_id in ids else 1
        return [step.id for step in self._all[:until] if step.applies(self._draft)][-1]

    def _forget_results(self) -> None:
        self._issues.clear()
        self._actions = None

    def _go(self, step_id: str) -> None:
        self._draft = replace(self._draft, position=step_id, visited=_added(self._draft.visited, step_id))


def _added(visited: tuple[str, ...], step_id: str) -> tuple[str, ...]:
    return visited if step_id in visited else (*visited, step_id)
