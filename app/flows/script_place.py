"""Where the hosts of a set-up are to be registered, as its scripts need to know it."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.flows.draft import SetUpDraft
from app.flows.host_scripts import ScriptPlace
from app.flows.places import site_of
from app.flows.replica import accounts_of
from app.flows.step import Context


def script_place(draft: SetUpDraft, context: Context) -> ScriptPlace:
    """The vault, the site and its last key; of storage only accounts that were chosen and are there."""
    site = site_of(draft, context.estate)
    key = context.key_of(site) if site is not None else None
    found = (context.estate.storage_account(each.text) for each in accounts_of(draft, context.estate))
    blobs = [urlsplit(account.blob_endpoint).hostname for account in found if account is not None]
    return ScriptPlace(
        vault=draft.vault.name,
        site=draft.site.name,
        site_id=site.internal_id if site is not None else "",
        cloud=context.cloud,
        storage=tuple(filter(None, blobs)),
        key_file=key.path.name if key is not None else "",
        key_end=key.valid_until if key is not None else None,
    )
