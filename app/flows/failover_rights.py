"""Whether the caller may do a failover operation, as a check of its sheet: found before Azure refuses it."""

from __future__ import annotations

from app.domain.issue import Suitability
from app.domain.rights import Finding, Gap, Standing
from app.flows.failover import FailoverOperation
from app.flows.failover_facts import Check, Topic
from app.flows.rights_request import listed, scope_words

_NAMED = 3
"""Actions told by name; the rest is a number."""


def rights_checks(operation: FailoverOperation, finding: Finding | None) -> tuple[Check, ...]:
    """What is surely missing blocks all but an emergency, which only Azure may refuse. Nothing known says nothing."""
    if finding is None or finding.standing is Standing.UNKNOWN:
        return ()
    if finding.standing is Standing.READY:
        return (Check(Suitability.OK, Topic.RIGHTS, "Your account has the rights it takes"),)
    gap = max(finding.gaps, key=lambda each: each.standing.rank)
    status = Suitability.WARNING if operation.is_emergency else Suitability.BLOCKED
    return (Check(status, Topic.RIGHTS, _text(gap), detail=_lacking(gap), remedy=_remedy(gap)),)


def _text(gap: Gap) -> str:
    if gap.standing is Standing.LOCKED:
        return f"The lock {gap.stopped[0].lock.name} keeps {scope_words(gap.stopped[0].lock.scope)} as it is."
    if gap.withheld:
        return f"The deny assignment {gap.withheld[0].denial.name} takes rights in {scope_words(gap.scope)} away."
    return f"Your account lacks rights in {scope_words(gap.scope)}."


def _lacking(gap: Gap) -> str:
    if gap.standing is Standing.LOCKED:
        return ""
    actions = [*(each.action for each in gap.withheld), *gap.missing, *gap.missing_data]
    more = len(actions) - _NAMED
    return listed(actions[:_NAMED] + ([f"{more} more"] if more > 0 else []))


def _remedy(gap: Gap) -> str:
    if gap.standing is Standing.LOCKED:
        return "Ask an owner to take the lock away for as long as it takes."
    if gap.withheld:
        return "No role helps: ask whoever made it to exclude you."
    role = gap.roles[0].name if gap.roles else ""
    ask = f"Ask an owner for the role {role}" if role else "Ask an owner for these actions"
    return f"{ask}. Rights has the request, ready to send."
