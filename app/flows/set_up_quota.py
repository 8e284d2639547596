"""Whether the quota carries a set-up: its machines together with all that the vault protects already.

All would fail over at once. Nothing here stops a set-up: an increase can be asked for at any time before the disaster.
"""

from __future__ import annotations

from collections import Counter

from app.domain.issue import Issue, Severity
from app.domain.quota import QuotaVerdict, judge_quota
from app.domain.quota_needs import Need
from app.flows.draft import MachineChoice, SetUpDraft
from app.flows.quota_words import limit_title
from app.flows.step import Context, counted

FIELD = "machines"


def set_up_quota(draft: SetUpDraft, context: Context) -> QuotaVerdict | None:
    """None while it was not read, or nothing is to be protected."""
    estate, quota = context.estate, context.estate.quota
    if quota is None or quota.subscription.lower() != draft.target.subscription.lower():
        return None
    needs = Counter(estate.protected_needs)
    for choice in draft.machines:
        if estate.protected(choice.machine_id) is None:
            needs[_need(choice, context)] += 1
    return judge_quota(needs, quota, context.rules) if needs else None


def _need(choice: MachineChoice, context: Context) -> Need:
    """A host tells neither cores nor network cards of its machines before they are protected."""
    if choice.size:
        return Need(choice.size)
    item = context.estate.protectable(choice.machine_id)
    return Need("", data_disks=max(len(choice.disk_ids) - 1, 0), generation=item.generation if item else 0)


def quota_issues(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    """A warning for each limit that does not carry all machines, and for each size that is not offered."""
    verdict = set_up_quota(draft, context) if draft.machines else None
    if verdict is None:
        return ()
    region = context.rules.region_name(verdict.location)
    machines = counted(verdict.machines, "machine")
    issues = [
        Issue(
            FIELD,
            f"{limit_title(limit.kind, limit.label)} in {region}: a failover of all {machines} at once needs "
            f"{limit.needed:,}, and {limit.free:,} are free. Have the limit raised by {limit.short_by:,}, "
            f"to {limit.wanted:,}.",
            Severity.WARNING,
            short="The quota is too small",
        )
        for limit in verdict.short
    ]
    issues += [
        Issue(
            FIELD,
            f"{size.size or 'A size of their own'} is {size.reason} in {region}: {counted(size.machines, 'machine')} "
            "could not be made. Choose another size.",
            Severity.WARNING,
            short="A size is not offered",
        )
        for size in verdict.refused
    ]
    if verdict.unknown and not issues:
        text = f"It is not known whether the quota in {region} carries all {machines}. {verdict.unknown[0].why}"
        issues.append(Issue(FIELD, text, Severity.INFO, short="Quota not known"))
    return tuple(issues)
