"""The actions that make storage accounts: for replicated data, and for change logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.estate import Estate
from app.domain.rules import Rules
from app.domain.vault_rules import given_tags, tags_text
from app.flows.action import Action, ActionGroup, ActionKind
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.places import location_of, storage_id
from app.flows.planning_vault import planned
from app.flows.replica import log_account_id

_VERSION_1 = "Storage"
"""The kind that knows no access tiers; Azure refuses one with it."""


def storage_actions(draft: SetUpDraft, estate: Estate, rules: Rules, needs: tuple[str, ...]) -> list[Action]:
    """The accounts that are to be created and are not there yet."""
    location = location_of(draft, estate)
    return [
        planned(
            ActionKind.CREATE_STORAGE_ACCOUNT,
            account,
            account_body(choice, location, rules),
            rules,
            label=label,
            subject=choice.name,
            after=account_words(choice, location, rules),
            group=ActionGroup.RESOURCE_GROUP,
            needs=needs,
        )
        for choice, account, label in (
            (draft.target.storage, storage_id(draft), "Create storage account"),
            (draft.target.logs, log_account_id(draft, estate), "Create account for change logs"),
        )
        if choice.create and account and estate.storage_account(account.text) is None
    ]


def account_body(choice: StorageChoice, location: str, rules: Rules) -> Mapping[str, Any]:
    """Exactly what is sent."""
    properties: dict[str, Any] = {
        "allowBlobPublicAccess": False,
        "minimumTlsVersion": rules.new_storage.minimum_tls,
        "supportsHttpsTrafficOnly": True,
    }
    if choice.kind != _VERSION_1:
        properties["accessTier"] = "Hot"
    body: dict[str, Any] = {
        "location": location,
        "kind": choice.kind,
        "sku": {"name": f"Standard_{choice.redundancy}"},
        "properties": properties,
    }
    tags = given_tags(choice.tags)
    if tags:
        body["tags"] = dict(tags)
    return body


def account_words(choice: StorageChoice, location: str, rules: Rules) -> str:
    """The same in one line, for the list of actions."""
    kind = rules.new_storage.kind(choice.kind)
    told = (
        choice.name,
        choice.redundancy,
        kind.name if kind else choice.kind,
        rules.region_name(location),
        tags_text(choice.tags),
    )
    return ", ".join(filter(None, told))
