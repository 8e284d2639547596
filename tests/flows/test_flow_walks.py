"""Any walk through the flow keeps what a flow promises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.issue import blocking
from app.flows.draft import (
    CapacityChoice,
    GoalChoice,
    NetworkChoice,
    PlannerAnswer,
    PolicyChoice,
    SetUpDraft,
    SiteChoice,
    StorageChoice,
    TargetChoice,
    VaultChoice,
)
from app.flows.flow import Flow
from app.flows.set_up import STEPS
from app.flows.step import LINE_LENGTH, MAX_LINES, StepStatus
from tests.support.estates import context, contoso, empty, ready_draft

READY = ready_draft()
ANSWERS: dict[str, list[object]] = {
    "vault": [READY.vault, VaultChoice(), replace(READY.vault, name="asr-other", location="northeurope")],
    "goal": [READY.goal, GoalChoice(), replace(READY.goal, uses_vmm=True)],
    "site": [READY.site, SiteChoice(), SiteChoice("New-Site", create=True)],
    "target": [
        READY.target,
        TargetChoice(),
        replace(READY.target, storage=StorageChoice(name="contosonew", create=True)),
        replace(READY.target, network=NetworkChoice(create=True, name="🙂")),
    ],
    "policy": [
        READY.policy,
        PolicyChoice(),
        replace(READY.policy, create=False),
        replace(READY.policy, retention_h=999),
    ],
    "capacity": [READY.capacity, CapacityChoice(), CapacityChoice(PlannerAnswer.LATER, bandwidth_mbps=float("nan"))],
    "machines": [READY.machines, (), READY.machines[:1], (replace(READY.machines[0], azure_name=""),)],
}
CONTEXTS = [context(contoso()), context(empty()), context(contoso(protectable_items=()))]


def answers(draft: SetUpDraft) -> SetUpDraft:
    """The draft without the flow's own place in it."""
    return replace(draft, position="", visited=())


class Walks(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.flow = Flow(SetUpDraft(), CONTEXTS[0])

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        section = data.draw(st.sampled_from(sorted(ANSWERS)))
        answer = data.draw(st.sampled_from(ANSWERS[section]))
        before = self.flow.draft
        cleared = self.flow.edit(replace(before, **{section: answer}))
        assert getattr(self.flow.draft, section) == answer or section == "target"
        others = [name for name in ANSWERS if name != section]
        changed = [name for name in others if getattr(self.flow.draft, name) != getattr(before, name)]
        fills_in = section == "vault" and changed == ["target"]
        assert bool(cleared) == bool(changed) or fills_in
        applies = before.position in [step.id for step in self.flow.steps]
        assert self.flow.draft.position == (before.position if applies else "goal")

    @rule()
    def go_on(self) -> None:
        before = self.flow.draft
        stops = self.flow.next()
        assert answers(self.flow.draft) == answers(before)
        assert all(issue.is_blocking for issue in stops)
        if stops:
            assert self.flow.draft == before

    @rule()
    def go_back(self) -> None:
        before = self.flow.draft
        moved = self.flow.back()
        assert answers(self.flow.draft) == answers(before)
        assert moved is (before.position != "vault")

    @rule(step=st.sampled_from([step.id for step in STEPS]))
    def jump(self, step: str) -> None:
        before = self.flow.draft
        allowed = self.flow.can_jump(step)
        assert self.flow.jump(step) is allowed
        assert answers(self.flow.draft) == answers(before)
        assert self.flow.position.id == (step if allowed else before.position)

    @rule(snapshot=st.sampled_from(CONTEXTS))
    def read_again(self, snapshot: object) -> None:
        before = self.flow.draft
        self.flow.use(snapshot)  # type: ignore[arg-type]
        assert self.flow.draft == before

    @rule()
    def close_and_reopen(self) -> None:
        before = self.flow.draft
        self.flow = Flow(before, self.flow.context)
        assert self.flow.draft == before

    @invariant()
    def stands_on_a_step_that_applies(self) -> None:
        assert self.flow.position in self.flow.steps
        assert self.flow.position.id in self.flow.draft.visited

    @invariant()
    def statuses_agree_with_the_checks(self) -> None:
        for step in self.flow.rail:
            state = self.flow.status(step.id)
            assert len(state.lines) <= MAX_LINES
            assert all(0 < len(line) <= LINE_LENGTH for line in state.lines)
            if state.status is StepStatus.DONE:
                assert not blocking(self.flow.issues(step.id))
            if state.status is StepStatus.NEEDS_WORK:
                assert state.lines
        assert 0 <= self.flow.progress.done <= self.flow.progress.total == 6


Walks.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestWalks = pytest.mark.slow(Walks.TestCase)
