"""What of the prerequisites in Azure is there already, as the goal's page shows it: from the estate alone, or read."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.prerequisite_checks import AzureSide, Finding, Outcome, judge_azure_side
from app.domain.prerequisites import Check, Table
from app.flows.draft import SetUpDraft
from app.flows.step import Context

_LATER = "It is looked at in a moment."


@dataclass(frozen=True, slots=True)
class Need:
    """One line: what is needed, and how it stands."""

    check: Check
    name: str
    finding: Finding


def azure_needs(
    draft: SetUpDraft, context: Context, read: AzureSide | None = None, why_open: str = ""
) -> tuple[Need, ...]:
    """A line for each check, in the order of the prerequisites.

    Args:
        read: what was asked of Azure for this; without it only what the estate knows is told, and rights are open.
        why_open: why it could not be asked.
    """
    vault = draft.vault
    side = read if read is not None else _side_of(draft, context, why_open or _LATER)
    findings = dict(judge_azure_side(side, context.rules))
    if not vault.subscription and read is None:
        open_yet = Finding(Outcome.UNKNOWN, "Not known", "Choose a subscription and a vault first.")
        findings = dict.fromkeys(findings, open_yet)
    elif vault.create and side.vault is None:
        text = f"{vault.name or 'A new vault'} will be created by this set-up."
        findings[Check.VAULT] = Finding(Outcome.UNKNOWN, "Planned", text)
    lines = context.rules.prerequisites.of(Table.AZURE)
    return tuple(Need(line.check, line.need, findings[line.check]) for line in lines if line.check is not None)


def met(needs: tuple[Need, ...]) -> int:
    return sum(need.finding.outcome is Outcome.OK for need in needs)


def _side_of(draft: SetUpDraft, context: Context, why_open: str) -> AzureSide:
    estate, chosen = context.estate, draft.vault
    named = [vault for vault in estate.vaults if vault.name.lower() == chosen.name.lower()]
    vault = next((v for v in named if v.resource_group.lower() == chosen.resource_group.lower()), None)
    if vault is None and estate.vault is not None and estate.vault.name.lower() == chosen.name.lower():
        vault = estate.vault
    unread = {"permissions": why_open}
    if not estate.has_read(chosen.subscription):
        unread |= dict.fromkeys(("providers", "storage", "networks"), why_open)
    if not estate.resource_providers:
        unread["providers"] = "Your account may not see them, or they were not read yet."
    return AzureSide(
        subscription=estate.subscription(chosen.subscription),
        providers=estate.resource_providers,
        vault=vault,
        storage=estate.storage_accounts,
        networks=estate.networks,
        unread=unread,
    )
