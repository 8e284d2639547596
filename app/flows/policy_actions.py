"""Changing, associating, dissociating and deleting policies: what is sent, what stands against it, what it leaves.

The order is Azure's own: machines stop replicating, then their policy is dissociated from its sites, then it can be
deleted. Here the machines are never touched: as long as one replicates with the policy, the rest waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.estate import Estate
from app.domain.fabric import Fabric
from app.domain.issue import Issue, blocking
from app.domain.policy_rules import (
    PolicyFigures,
    PolicyGround,
    PolicyOrigin,
    ServedMachine,
    check_figures,
    copy_frequency_text,
    figures_text,
)
from app.domain.protection import ContainerMapping
from app.domain.rules import Rules
from app.domain.wording import named
from app.flows.action import PATCH, PURGE, Action, ActionKind
from app.flows.host_actions import Obstacle, Removal
from app.flows.planning_policy import association, policy_input
from app.flows.planning_vault import ids_of, planned
from app.flows.policy_use import PolicyUse
from app.flows.step import counted


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure as it is and as it would be."""

    field: str
    title: str
    before: str
    after: str

    @property
    def is_other(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A change of a policy, ready to be shown.

    Attributes:
        changes: every figure, those that stay among them.
        loses: what it takes away from machines at once, in a sentence; empty for nothing.
        issues: what is wrong with the figures, by plain field name.
        actions: none where nothing changes, or something is wrong.
    """

    changes: tuple[FigureChange, ...]
    machines: tuple[ServedMachine, ...]
    issues: tuple[Issue, ...]
    actions: tuple[Action, ...]
    loses: str = ""


def change_of(use: PolicyUse, figures: PolicyFigures, rules: Rules) -> PolicyChange:
    """Give the policy these figures. The action stops where Azure has others by then than those that are shown."""
    before = PolicyFigures.of(use.policy)
    ground = PolicyGround(PolicyOrigin.CHANGED, use.machines, had_copy_frequency_s=before.copy_frequency_s)
    issues = check_figures(figures, rules, ground)
    changes = tuple(
        FigureChange(field, title, old, new)
        for (field, title, old), (_, _, new) in zip(_told(before), _told(figures), strict=True)
    )
    action = None if figures == before or blocking(issues) else _change(use, before, figures, rules)
    loses = _lost_points(before, figures, len(use.machines)) if action is not None else ""
    return PolicyChange(changes, use.machines, issues, (action,) if action is not None else (), loses)


def association_of(use: PolicyUse, site: Fabric, estate: Estate, rules: Rules) -> Removal:
    """Let a site's machines use the policy too."""
    name = use.policy.friendly_name
    container = estate.container(site)
    others = [other for other in estate.mappings if container is not None and other.container_id == container.id]
    leaves = [f"Machines use it only once they are enabled with it: none of {site.friendly_name} changes now."]
    if others:
        also = named(sorted({other.policy_friendly_name for other in others}))
        leaves.append(f"{also} stays in use there: a site may have several policies, a machine has one.")
    if container is None:
        text = f"{site.friendly_name} can’t have a policy yet: no host is registered in it."
        return Removal(
            name, (), (Obstacle(text, "Register a host on Source, then read the list anew."),), tuple(leaves)
        )
    return Removal(name, (association(use.policy.id, name, site, container.id, estate, rules),), (), tuple(leaves))


def dissociation_of(use: PolicyUse, site: Fabric, mapping: ContainerMapping, estate: Estate, rules: Rules) -> Removal:
    """Take the policy away from a site."""
    name = use.policy.friendly_name
    busy = [
        item.friendly_name
        for item in estate.protected_items
        if item.policy_id.lower() == use.policy.id.key and item.id.up_to("replicationFabrics") == site.id
    ]
    leaves = (
        f"The policy itself stays, and can be associated with {site.friendly_name} again.",
        "Machines that replicate with other policies are not touched.",
    )
    action = _dissociation(name, site, mapping, rules)
    return Removal(name, (action,), tuple(_replicating(f"{name} at {site.friendly_name}", busy)), leaves)


def deletion_of(use: PolicyUse, rules: Rules) -> Removal:
    """Delete the policy, after taking it away from all of its sites."""
    name = use.policy.friendly_name
    dissociations = tuple(_dissociation(name, site, mapping, rules) for site, mapping in use.sites)
    last = planned(
        ActionKind.DELETE_POLICY,
        use.policy.id,
        None,
        rules,
        label="Delete policy",
        subject=name,
        before=figures_text(PolicyFigures.of(use.policy)),
        after="not there",
        verb=PURGE,
        needs=ids_of(dissociations),
    )
    obstacles = _replicating(name, [machine.name for machine in use.machines])
    leaves = ("No machine and no recovery point is touched.", "A policy of the same name can be created again.")
    return Removal(name, (*dissociations, last), tuple(obstacles), leaves)


def _lost_points(before: PolicyFigures, after: PolicyFigures, machines: int) -> str:
    if after.retention_h >= before.retention_h or not machines:
        return ""
    of = counted(machines, "machine")
    if not after.retention_h:
        return f"All recovery points of {of} go, down to the latest one. They don’t come back."
    return f"Recovery points of {of} older than {after.retention_h} h go, and don’t come back."


def _change(use: PolicyUse, before: PolicyFigures, figures: PolicyFigures, rules: Rules) -> Action:
    """An update replaces the whole of it, so what is not changed is sent as it is."""
    policy = use.policy
    kept: dict[str, object] = {}
    if policy.initial_replication_start:
        kept["onlineReplicationStartTime"] = policy.initial_replication_start
    if policy.storage_account_id:
        kept["storageAccounts"] = [policy.storage_account_id]
    return planned(
        ActionKind.CHANGE_POLICY,
        policy.id,
        {"replicationProviderSettings": policy_input(figures) | kept},
        rules,
        label="Change policy",
        subject=policy.friendly_name,
        before=figures_text(before),
        after=figures_text(figures),
        verb=PATCH,
        expects=policy_input(before) | kept,
    )


def _dissociation(name: str, site: Fabric, mapping: ContainerMapping, rules: Rules) -> Action:
    return planned(
        ActionKind.DISSOCIATE_POLICY,
        mapping.id,
        {},
        rules,
        label=f"Dissociate {name} from",
        subject=site.friendly_name,
        before=name,
        after="not in use there",
        verb="remove",
    )


def _told(figures: PolicyFigures) -> tuple[tuple[str, str, str], ...]:
    """Field, title and value of every figure."""
    app_h = figures.app_consistent_frequency_h
    return (
        ("copy_frequency_s", "Copy frequency", f"every {copy_frequency_text(figures.copy_frequency_s)}"),
        ("retention_h", "Recovery points kept", f"{figures.retention_h} h"),
        ("app_consistent_frequency_h", "App-consistent points", f"every {app_h} h" if app_h else "none"),
    )


def _replicating(where: str, machines: Iterable[str]) -> list[Obstacle]:
    names = sorted(machines, key=str.casefold)
    if not names:
        return []
    verb = "replicates" if len(names) == 1 else "replicate"
    text = f"{where}: {counted(len(names), 'machine')} still {verb} with it ({named(names)})."
    return [Obstacle(text, "Disable replication for them first.")]
