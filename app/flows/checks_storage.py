"""The checks of the storage accounts of a set-up: those that are there, and those to be created."""

from __future__ import annotations

from app.domain.issue import Issue, Severity, Suitability, Verdict
from app.domain.naming_rules import check_name
from app.domain.new_storage_rules import kind_problem
from app.domain.rules import NameKind
from app.domain.storage_rules import StorageUse, judge_storage
from app.domain.vault_rules import tag_problems
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.places import location_of, logs_id, storage_id
from app.flows.step import Context

_ACCOUNTS = {
    StorageUse.DATA: ("Storage account", "the replicated data"),
    StorageUse.LOGS: ("Account for change logs", "change logs"),
}
"""What issues call an account, and what it is for."""


def check_storage(choice: StorageChoice, use: StorageUse, draft: SetUpDraft, context: Context) -> list[Issue]:
    """Fields are named within the choice."""
    name, purpose = _ACCOUNTS[use]
    field = "name" if choice.create else "account_id"
    account_id = storage_id(draft) if use is StorageUse.DATA else logs_id(draft)
    account = context.estate.storage_account(account_id.text) if account_id else None
    if account is not None:
        known = context.storage.access_to(account.id)
        location, frequency = location_of(draft, context.estate), draft.policy.copy_frequency_s
        verdict = judge_storage(account, location, frequency, context.rules, use, known, context.now)
        return issues_from_verdict(field, name, verdict)
    if choice.create:
        return check_new_storage(choice, use, draft, context)
    if account_id is None:
        text = f"Choose a storage account for {purpose}, or create one."
        return [Issue(field, text, short=f"No {name[0].lower()}{name[1:]} chosen")]
    if account_id.subscription.lower() != draft.target.subscription.lower():
        text = f"{account_id.name} is in another subscription than the machines will be. Choose another, or create one."
        return [Issue(field, text, short=f"{name} is elsewhere")]
    if not context.estate.has_read_target(account_id.subscription):
        return []
    text = f"There is no storage account {account_id.name} any more. Choose another, or create one."
    return [Issue(field, text, short=f"{name} is gone")]


def check_new_storage(choice: StorageChoice, use: StorageUse, draft: SetUpDraft, context: Context) -> list[Issue]:
    """What is wrong with an account to be created, whatever is there already."""
    rules, what = context.rules, _ACCOUNTS[use][0]
    issues: list[Issue] = []
    problem = check_name(NameKind.STORAGE_ACCOUNT, choice.name, rules)
    taken = next((each for each in context.estate.storage_accounts if each.name == choice.name), None)
    if not problem and taken is not None:
        problem = f"{choice.name} is there already, in {taken.id.resource_group}. Choose it, or type another name."
    if problem:
        issues.append(Issue("name", problem, short=f"{what}: name"))
    problem = kind_problem(choice.kind, context.now, rules.new_storage)
    if problem:
        issues.append(Issue("kind", problem, short=f"{what}: kind"))
    problem = redundancy_problem(choice.redundancy, draft, context)
    if problem:
        issues.append(Issue("redundancy", problem, short=f"{what}: redundancy"))
    for field, problem in tag_problems(choice.tags, rules, "storage account").items():
        issues.append(Issue(field, problem, short=f"{what}: a tag is not right"))
    return issues


def redundancy_problem(redundancy: str, draft: SetUpDraft, context: Context) -> str:
    """Why a new account cannot be made so where it is to be; empty when it can."""
    rules = context.rules
    offered = rules.storage.offered_redundancies
    if redundancy not in offered:
        return f"Choose {', '.join(offered[:-1])} or {offered[-1]}."
    region, found = rules.region(location_of(draft, context.estate)), rules.new_storage.redundancy(redundancy)
    if found is not None and found.needs_pair and region is not None and not region.pair:
        return f"{region.display_name} has no second region. Choose locally redundant storage (LRS)."
    return ""


def issues_from_verdict(field: str, what: str, verdict: Verdict) -> list[Issue]:
    """What a verdict means for an answer; nothing where all is well."""
    if verdict.status is Suitability.OK:
        return []
    severity = Severity.ERROR if verdict.status is Suitability.BLOCKED else Severity.WARNING
    text = f"{verdict.reason} {verdict.remedy}".strip()
    word = verdict.word[:1].lower() + verdict.word[1:]
    return [Issue(field, text, severity, short=f"{what}: {word}")]
