"""The set-up flow as data: connect, the article's six steps, review and run."""

from __future__ import annotations

from app.domain.issue import Issue
from app.domain.policy_rules import copy_frequency_text
from app.flows.adapting import adapt_enable, adapt_settings, adapt_source, adapt_target
from app.flows.checks import check_goal, check_source, check_target, check_vault
from app.flows.checks_replication import check_capacity, check_enable, check_settings
from app.flows.draft import PlannerAnswer, SetUpDraft
from app.flows.estimate import estimate
from app.flows.goals import alternative
from app.flows.hosts import silent_hosts
from app.flows.places import machines_to_choose_from, network_name
from app.flows.replica import replica_words
from app.flows.step import Context, Step, SummaryLine, counted


def _always(draft: SetUpDraft) -> bool:
    return True


def _is_served(draft: SetUpDraft) -> bool:
    """Whether no answer of the goal leads to another product."""
    return alternative(draft.goal) is None


def _no_answer(draft: SetUpDraft) -> object:
    return None


def _summarize_vault(draft: SetUpDraft, context: Context) -> SummaryLine | None:
    if not draft.vault.name:
        return None
    return SummaryLine.joined(draft.vault.name, context.rules.region_name(draft.vault.location), between=", ")


def _summarize_goal(draft: SetUpDraft, context: Context) -> SummaryLine | None:
    other = alternative(draft.goal)
    if other is not None or check_goal(draft, context):
        return None
    return SummaryLine.of("Hyper-V, no VMM, to Azure")


def _summarize_source(draft: SetUpDraft, context: Context) -> SummaryLine | None:
    if not draft.site.name:
        return None
    site = context.estate.site(draft.site.name)
    hosts = context.estate.hosts(site) if site else ()
    ready = len(hosts) - len(silent_hosts(hosts, context))
    if not hosts:
        return SummaryLine.of(draft.site.name)
    of = f"{ready} of {counted(len(hosts), 'host')} ready" if ready < len(hosts) else counted(len(hosts), "host")
    return SummaryLine.joined(draft.site.name, of)


def _summarize_target(draft: SetUpDraft, context: Context) -> SummaryLine | None:
    parts = (draft.target.resource_group, replica_words(draft), network_name(draft))
    return SummaryLine.joined(*parts) if any(parts) else None


def _summarize_settings(draft: SetUpDraft, context: Context) -> SummaryLine | None:
    policy = draft.policy
    if not policy.name:
        return None
    return SummaryLine.joined(
        policy.name, f"every {copy_frequency_text(policy.copy_frequency_s)}, keep {policy.retention_h} h"
    )


def _summarize_capacity(draft: SetUpDraft, context: Context) -> SummaryLine | None:
    choice = draft.capacity
    if choice.planner is None:
        return None
    figures = estimate(draft, context)
    if figures is None or not choice.bandwidth_mbps or figures.first_copy_h is None:
        return SummaryLine.of("Planner run" if choice.planner is PlannerAnswer.YES else "Planner comes later")
    fits = "Fits in" if figures.line_carries_changes(choice.bandwidth_mbps) else "Too much for"
    return SummaryLine.joined(
        f"{fits} {choice.bandwidth_mbps:,.0f} Mbps", f"first copy {_hours_text(figures.first_copy_h)}"
    )


def _summarize_enable(draft: SetUpDraft, context: Context) -> SummaryLine | None:
    if not draft.machines:
        return None
    of = machines_to_choose_from(draft, context.estate)
    return SummaryLine.of(f"{len(draft.machines)} of {counted(max(of, len(draft.machines)), 'machine')} chosen")


def _no_summary(draft: SetUpDraft, context: Context) -> SummaryLine | None:
    return None


def _hours_text(hours: float) -> str:
    if hours < 1:
        return f"{max(1, round(hours * 60))} min"
    return f"{hours:,.0f} h" if hours < 72 else f"{hours / 24:,.0f} days"


def _check_nothing(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    return ()


STEPS = (
    Step(
        id="vault",
        number=None,
        title="Connect",
        purpose="The Recovery Services vault that keeps watch over replication. Machines fail over to its region.",
        answer=lambda draft: draft.vault,
        applies=_always,
        check=check_vault,
        summary=_summarize_vault,
    ),
    Step(
        id="goal",
        number=1,
        title="Protection goal",
        purpose="What you protect, and where it shall run when the site is lost.",
        answer=lambda draft: draft.goal,
        applies=_always,
        check=check_goal,
        summary=_summarize_goal,
    ),
    Step(
        id="source",
        number=2,
        title="Source",
        purpose="The Hyper-V hosts whose machines you want to protect. Each needs the Site Recovery Provider.",
        answer=lambda draft: draft.site,
        applies=_is_served,
        check=check_source,
        summary=_summarize_source,
        depends_on=("vault",),
        adapt=adapt_source,
    ),
    Step(
        id="target",
        number=3,
        title="Target",
        purpose="Where machines run after a failover, and where their data waits.",
        answer=lambda draft: draft.target,
        applies=_is_served,
        check=check_target,
        summary=_summarize_target,
        depends_on=("vault",),
        adapt=adapt_target,
    ),
    Step(
        id="settings",
        number=4,
        title="Replication settings",
        purpose="How often changes are copied, and how far back you can go.",
        answer=lambda draft: draft.policy,
        applies=_is_served,
        check=check_settings,
        summary=_summarize_settings,
        depends_on=("vault",),
        adapt=adapt_settings,
    ),
    Step(
        id="capacity",
        number=5,
        title="Capacity planning",
        purpose="Whether it fits the line, how long the first copy takes, and what it costs.",
        answer=lambda draft: draft.capacity,
        applies=_is_served,
        check=check_capacity,
        summary=_summarize_capacity,
    ),
    Step(
        id="enable",
        number=6,
        title="Enable replication",
        purpose="Choose machines and how each will live in Azure. Nothing is sent before you have seen the review.",
        answer=lambda draft: draft.machines,
        applies=_is_served,
        check=check_enable,
        summary=_summarize_enable,
        depends_on=("vault", "source", "target"),
        adapt=adapt_enable,
    ),
    Step(
        id="review",
        number=None,
        title="Review and run",
        purpose="Exactly this is sent, in this order. Nothing is changed yet.",
        answer=_no_answer,
        applies=_is_served,
        check=_check_nothing,
        summary=_no_summary,
        is_review=True,
    ),
    Step(
        id="run",
        number=None,
        title="Run",
        purpose="Each action is confirmed by Azure. You can close the program: it goes on where it was.",
        answer=_no_answer,
        applies=_is_served,
        check=_check_nothing,
        summary=_no_summary,
        is_on_rail=False,
    ),
)
