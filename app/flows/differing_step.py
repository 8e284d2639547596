"""Where other profiles of support limits judge the answers of a whole step otherwise."""

from __future__ import annotations

from dataclasses import replace

from app.domain.differing import differing, verdict_of_issues
from app.domain.issue import Verdict
from app.domain.rules import Rules
from app.flows.draft import SetUpDraft
from app.flows.step import Context, Step


def step_differs(step: Step, draft: SetUpDraft, context: Context) -> str:
    """One line of words; empty where all of them say the same, or none but the chosen one is known.

    It checks the step once for each profile: call it when typing pauses.
    """

    def judge(rules: Rules) -> Verdict:
        return verdict_of_issues(step.check(draft, replace(context, rules=rules)))

    return differing(judge, context.rules, context.profiles)
