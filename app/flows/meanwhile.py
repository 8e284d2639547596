"""What has happened to hosts and the registration key while a set-up lay closed: told once, when it is opened again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from app.domain.estate import Estate
from app.domain.fabric import Fabric
from app.flows.draft import SetUpDraft
from app.flows.hosts import is_same_host, silent_hosts, silent_text
from app.flows.places import site_of
from app.flows.step import Context, counted


def hosts_seen(draft: SetUpDraft, estate: Estate) -> SetUpDraft:
    """`draft` with the hosts that are registered now noted as seen; itself where nothing changed or was read."""
    site = site_of(draft, estate)
    if site is None:
        return draft
    names = tuple(sorted(host.friendly_name for host in estate.hosts(site)))
    if names == draft.hosts.seen:
        return draft
    return replace(draft, hosts=replace(draft.hosts, seen=names))


def meanwhile(draft: SetUpDraft, context: Context, left_at: datetime) -> tuple[str, ...]:
    """Sentences about what is other than when the set-up was last looked at, at `left_at`; none where nothing is."""
    site = site_of(draft, context.estate)
    if site is None:
        return ()
    return (
        *_arrived(draft, site, context),
        *_left(draft, site, context),
        *_silent(draft, site, context),
        *_expired(site, context, left_at),
    )


def _arrived(draft: SetUpDraft, site: Fabric, context: Context) -> list[str]:
    machines = Counter(item.provider_id.lower() for item in context.estate.protectable_at(site))
    seen = set(draft.hosts.seen)
    return [
        f"{host.friendly_name} has registered, with {counted(machines[host.id.key], 'machine')}."
        for host in context.estate.hosts(site)
        if host.friendly_name not in seen
    ]


def _left(draft: SetUpDraft, site: Fabric, context: Context) -> list[str]:
    here = [host.friendly_name for host in context.estate.hosts(site)]
    return [
        f"{name} is not registered any more."
        for name in draft.hosts.seen
        if not any(is_same_host(name, each) for each in here)
    ]


def _silent(draft: SetUpDraft, site: Fabric, context: Context) -> list[str]:
    seen = set(draft.hosts.seen)
    silent = silent_hosts(context.estate.hosts(site), context)
    return [silent_text(host, context).partition(". ")[0] + "." for host in silent if host.friendly_name in seen]


def _expired(site: Fabric, context: Context, left_at: datetime) -> list[str]:
    """Who left a key that was good would carry it to a host, where setup would then refuse it."""
    key = context.key_of(site)
    if key is None or key.is_expired(left_at) or not key.is_expired(context.now):
        return []
    return [f"The registration key of {site.friendly_name} has expired: renew it before you register another host."]
