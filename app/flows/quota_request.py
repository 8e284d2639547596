"""What to ask Azure for, so that the quota carries a failover of all machines: words, commands, and where to click.

Cores, of the region and of a family, can be raised by a request of one's own; other limits take a support request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.quota import Limit, LimitVerdict, QuotaVerdict
from app.domain.rules import Rules
from app.flows.shell_words import bash_word

_RAISED_BY_REQUEST = frozenset({Limit.CORES, Limit.FAMILY})


@dataclass(frozen=True, slots=True)
class QuotaRequest:
    """Ready to be sent. `az` and `rest` are empty where only a support request helps."""

    text: str
    az: str
    rest: str


def quota_request(verdicts: Sequence[QuotaVerdict], rules: Rules) -> QuotaRequest | None:
    """For every limit that is short; None when none is."""
    wanting = [verdict for verdict in verdicts if verdict.short]
    if not wanting:
        return None
    az = "\n".join(line for verdict in wanting for line in _az(verdict, rules))
    rest = "\n\n".join(part for verdict in wanting for part in _rest(verdict, rules))
    return QuotaRequest(_text(wanting, az, rest, rules), az, rest)


def _by_request(verdict: QuotaVerdict) -> Iterable[LimitVerdict]:
    return (limit for limit in verdict.short if limit.kind in _RAISED_BY_REQUEST)


def _scope(verdict: QuotaVerdict) -> str:
    return f"/subscriptions/{verdict.subscription}/providers/Microsoft.Compute/locations/{verdict.location}"


def _az(verdict: QuotaVerdict, rules: Rules) -> list[str]:
    request = rules.quota.request
    lines = [
        f"az quota update --resource-name {bash_word(limit.name)} --scope {bash_word(_scope(verdict))} "
        f"--limit-object value={limit.wanted} --resource-type {request.resource_type}"
        for limit in _by_request(verdict)
    ]
    if not lines:
        return []
    subscription = bash_word(verdict.subscription)
    return [f"az provider register --namespace {request.provider} --subscription {subscription}", *lines]


def _rest(verdict: QuotaVerdict, rules: Rules) -> list[str]:
    request = rules.quota.request
    return [
        f"PUT {_scope(verdict)}/providers/{request.provider}/quotas/{limit.name}?api-version={request.api_version}\n"
        f'{{"properties": {{"limit": {{"limitObjectType": "LimitValue", "value": {limit.wanted}}}, '
        f'"name": {{"value": "{limit.name}"}}, "resourceType": "{request.resource_type}"}}}}'
        for limit in _by_request(verdict)
    ]


def _text(verdicts: Sequence[QuotaVerdict], az: str, rest: str, rules: Rules) -> str:
    request = rules.quota.request
    lines = ["Azure Site Recovery: quota to be raised for a failover", ""]
    for verdict in verdicts:
        machines = "1 machine" if verdict.machines == 1 else f"{verdict.machines:,} machines at once"
        lines += [
            f"Subscription: {verdict.subscription}",
            f"Region: {rules.region_name(verdict.location)} ({verdict.location})",
            f"For: a failover of {machines}",
            "",
        ]
        for number, limit in enumerate(verdict.short, 1):
            lines += [
                f"{number}. {limit.label} ({limit.name}): new limit {limit.wanted:,}",
                f"   now {limit.limit:,}, of which {limit.used:,} are used; {limit.needed:,} more are needed",
            ]
        lines.append("")
    lines += _ways(verdicts, az, rest, rules)
    lines.append(f"Limits and ways as of {request.source.month} ({request.source.document}).")
    return "\n".join(lines)


def _ways(verdicts: Sequence[QuotaVerdict], az: str, rest: str, rules: Rules) -> list[str]:
    request = rules.quota.request
    lines: list[str] = []
    if az:
        lines += [f"{request.portal}.", f"The role {request.role} on the subscription suffices.", ""]
        lines += ["With the Azure CLI, in bash:", "", az, "", "Or with REST:", "", rest, ""]
    others = sorted({limit.label for verdict in verdicts for limit in verdict.short} - _labels_by_request(verdicts))
    if others:
        lines += [f"For {' and '.join(others)}: {request.support}.", ""]
    return lines


def _labels_by_request(verdicts: Sequence[QuotaVerdict]) -> set[str]:
    return {limit.label for verdict in verdicts for limit in _by_request(verdict)}
