"""What has happened to hosts while a set-up lay closed: told once, when it is opened again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

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


def meanwhile(draft: SetUpDraft, context: Context) -> tuple[str, ...]:
    """Sentences about what is other than when the set-up was last looked at; none where nothing is."""
    site = site_of(draft, context.estate)
    if site is None:
        return ()
    return (*_arrived(draft, site, context), *_left(draft, site, context), *_silent(draft, site, context))


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
