"""Refreshing and removing hosts and sites: what is sent, in which order, what stands against it, and what it leaves.

The order is Azure's own: replication of the machines ends first, then policies are dissociated from the site, then
hosts go, then the empty site. Here the machines are never touched: as long as one replicates, the rest waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.estate import Estate
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.rules import Rules
from app.domain.wording import named
from app.flows.action import PURGE, Action, ActionKind
from app.flows.planning_vault import ids_of, planned


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why it can't be removed now, and what to do about it."""

    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Removal:
    """One removal, ready to be shown.

    Attributes:
        actions: in order; the later ones wait for the earlier.
        obstacles: with any of them nothing may be sent.
        leaves: what stays behind and has to be done elsewhere, in whole sentences.
    """

    subject: str
    actions: tuple[Action, ...]
    obstacles: tuple[Obstacle, ...] = ()
    leaves: tuple[str, ...] = ()


def refresh_of(hosts: Iterable[RecoveryServicesProvider], rules: Rules, *, occasion: str) -> tuple[Action, ...]:
    """Have hosts report their machines anew; `occasion` tells this press of the button from the next."""
    return tuple(
        _on_host(ActionKind.REFRESH_HOST, "refreshProvider", host, rules, "Refresh", "reports its machines", occasion)
        for host in hosts
    )


def removal_of_host(host: RecoveryServicesProvider, estate: Estate, rules: Rules, *, is_gone: bool) -> Removal:
    """Remove a host that answers, or with `is_gone` let Azure forget one that never will again."""
    name = host.friendly_name
    obstacles = [*_replicating(name, _protected_on(host, estate))]
    if not is_gone and not host.is_connected:
        obstacles.append(
            Obstacle(
                f"{name} is not connected, so it can’t be told.",
                "Bring it back to the network, or remove it as a host that is gone.",
            )
        )
    if is_gone:
        action = _on_host(ActionKind.PURGE_HOST, PURGE, host, rules, "Forget host", "forgotten, without asking it")
        leaves = (
            f"{name} itself keeps its registration, proxy settings and certificates.",
            "Should it come back, run the clean-up script on it before it is registered again.",
        )
    else:
        action = _on_host(ActionKind.REMOVE_HOST, "remove", host, rules, "Remove host", "not registered")
        leaves = (
            f"Provider and agent stay installed on {name}: uninstall them there.",
            "Before the host is registered in another vault, run the clean-up script on it.",
        )
    return Removal(name, (action,), tuple(obstacles), leaves)


def removal_of_site(site: Fabric, estate: Estate, rules: Rules) -> Removal:
    """Remove a site with what stands in it: policies are dissociated, hosts are removed, then the site."""
    name = site.friendly_name
    hosts = estate.hosts(site)
    obstacles = [*_replicating(name, _protected_at(site, estate))]
    obstacles += [
        Obstacle(
            f"{host.friendly_name} is not connected, so it can’t be removed in order.",
            "Bring it back to the network, or first remove it as a host that is gone.",
        )
        for host in hosts
        if not host.is_connected
    ]
    container = estate.container(site)
    dissociations = tuple(
        planned(
            ActionKind.DISSOCIATE_POLICY,
            mapping.id,
            {},
            rules,
            label=f"Dissociate {mapping.policy_friendly_name} from",
            subject=name,
            before=mapping.policy_friendly_name,
            after="no policy",
            verb="remove",
        )
        for mapping in estate.mappings
        if container is not None and mapping.container_id == container.id
    )
    removals = tuple(
        _on_host(
            ActionKind.REMOVE_HOST, "remove", host, rules, "Remove host", "not registered", needs=ids_of(dissociations)
        )
        for host in hosts
    )
    last = planned(
        ActionKind.REMOVE_SITE,
        site.id,
        None,
        rules,
        label="Remove Hyper-V site",
        subject=name,
        before=name,
        after="not there",
        verb="remove",
        needs=ids_of((*dissociations, *removals)),
    )
    leaves = (
        ("Provider and agent stay installed on its hosts: uninstall them there.",)
        if hosts
        else ("Nothing stands in it, so nothing is left behind.",)
    )
    return Removal(name, (*dissociations, *removals, last), tuple(obstacles), leaves)


def _on_host(
    kind: ActionKind,
    verb: str,
    host: RecoveryServicesProvider,
    rules: Rules,
    label: str,
    after: str,
    occasion: str = "",
    needs: tuple[str, ...] = (),
) -> Action:
    return planned(
        kind,
        host.id,
        None,
        rules,
        label=label,
        subject=host.friendly_name,
        before="registered",
        after=after,
        verb=verb,
        occasion=occasion,
        needs=needs,
    )


def _protected_on(host: RecoveryServicesProvider, estate: Estate) -> list[ReplicationProtectedItem]:
    wanted = host.id.key
    return [item for item in estate.protected_items if item.provider_id.lower() == wanted]


def _protected_at(site: Fabric, estate: Estate) -> list[ReplicationProtectedItem]:
    return [item for item in estate.protected_items if item.id.up_to("replicationFabrics") == site.id]


def _replicating(where: str, items: list[ReplicationProtectedItem]) -> list[Obstacle]:
    if not items:
        return []
    names = named([item.friendly_name for item in items])
    counted = "1 machine still replicates" if len(items) == 1 else f"{len(items):,} machines still replicate"
    return [Obstacle(f"{where}: {counted} ({names}).", "Disable replication for them first.")]
