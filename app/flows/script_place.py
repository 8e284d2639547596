"""Where the hosts of a set-up are to be registered, as its scripts need to know it."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.flows.draft import SetUpDraft
from app.flows.host_scripts import ScriptPlace
from app.flows.places import site_of, storage_id
from app.flows.step import Context


def script_place(draft: SetUpDraft, context: Context) -> ScriptPlace:
    """The vault, the site and its last key; of storage only an account that was chosen and is there."""
    site = site_of(draft, context.estate)
    key = context.key_of(site) if site is not None else None
    chosen = storage_id(draft)
    account = context.estate.storage_account(chosen.text) if chosen is not None else None
    blobs = urlsplit(account.blob_endpoint).hostname if account is not None else None
    return ScriptPlace(
        vault=draft.vault.name,
        site=draft.site.name,
        site_id=site.internal_id if site is not None else "",
        cloud=context.cloud,
        storage=(blobs,) if blobs else (),
        key_file=key.path.name if key is not None else "",
        key_end=key.valid_until if key is not None else None,
    )
