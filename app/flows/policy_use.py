"""Who uses each policy of a vault, at which sites, and what is wrong with it: one look at the estate for them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.arm_id import key
from app.domain.azure import StorageAccount
from app.domain.estate import Estate
from app.domain.fabric import Fabric
from app.domain.host_report import HostReports
from app.domain.issue import Issue
from app.domain.policy_rules import PolicyFigures, PolicyGround, ServedMachine, check_existing
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.protection import REPLICATION_PROVIDER, ContainerMapping, ReplicationPolicy
from app.flows.draft import ReplicaKind, SetUpDraft
from app.flows.places import existing_policy_id, storage_id
from app.flows.replica import makes_premium_disks
from app.flows.step import Context

_REMEMBERED = "policy uses"
_PREMIUM = "premium"


@dataclass(frozen=True, slots=True)
class PolicyUse:
    """One policy.

    Attributes:
        machines: those that replicate with it, by name.
        sites: where it is associated, with the association.
        issues: what is wrong with it, worst first.
    """

    policy: ReplicationPolicy
    machines: tuple[ServedMachine, ...] = ()
    sites: tuple[tuple[Fabric, ContainerMapping], ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def figures(self) -> PolicyFigures:
        return PolicyFigures.of(self.policy)

    @property
    def is_ours(self) -> bool:
        """Whether it is one of Hyper-V to Azure."""
        return self.policy.kind == REPLICATION_PROVIDER

    @property
    def site_names(self) -> tuple[str, ...]:
        return tuple(site.friendly_name for site, _ in self.sites)


def policy_uses(context: Context) -> Mapping[str, PolicyUse]:
    """All policies of the vault by the key of their id, in the order of their names."""
    found: Mapping[str, PolicyUse] | None = context.remembered.get(_REMEMBERED)
    if found is None:
        found = context.remembered[_REMEMBERED] = _uses(context)
    return found


def ground_of(draft: SetUpDraft, context: Context) -> PolicyGround:
    """What the draft's policy is judged on: the machines to come, those there already, and where their data goes."""
    existing = existing_policy_id(draft, context.estate)
    use = policy_uses(context).get(existing.key) if existing is not None else None
    account, has_disks = premium_account(draft, context.estate), makes_premium_disks(draft, context.rules)
    chosen = tuple(
        served(machine.machine_id, machine.name, context.reports, has_premium_storage=bool(account) or has_disks)
        for machine in draft.machines
        if context.estate.protected(machine.machine_id) is None
    )
    machines = (*(use.machines if use is not None else ()), *chosen)
    return PolicyGround(machines=machines, premium_account=account, has_premium_disks=has_disks)


def premium_account(draft: SetUpDraft, estate: Estate) -> str:
    """The name of the premium account that replicated data goes to; empty where it goes elsewhere."""
    account_id = storage_id(draft) if draft.target.replica is ReplicaKind.STORAGE_ACCOUNT else None
    account = estate.storage_account(account_id.text) if account_id is not None else None
    return account.name if account is not None and _is_premium(account) else ""


def served(machine_id: str, name: str, reports: HostReports, *, has_premium_storage: bool) -> ServedMachine:
    """A machine with what its host told of it."""
    told, measured = reports.machine(machine_id), reports.churn_of(machine_id)
    return ServedMachine(
        name,
        has_premium_storage,
        told.has_dynamic_disks if told is not None else None,
        measured[0].write_bytes if measured is not None else None,
    )


def _uses(context: Context) -> Mapping[str, PolicyUse]:
    estate = context.estate
    spelled: dict[str, list[ReplicationProtectedItem]] = defaultdict(list)  # few spellings for thousands of machines
    for item in estate.protected_items:
        spelled[item.policy_id].append(item)
    items: dict[str, list[ReplicationProtectedItem]] = defaultdict(list)
    for policy, found in spelled.items():
        items[key(policy)] += found
    sites = _sites_by_policy(estate)
    policies = sorted(estate.policies, key=lambda policy: policy.friendly_name.casefold())
    return {policy.id.key: _use(policy, items[policy.id.key], sites[policy.id.key], context) for policy in policies}


def _use(
    policy: ReplicationPolicy,
    items: Iterable[ReplicationProtectedItem],
    sites: list[tuple[Fabric, ContainerMapping]],
    context: Context,
) -> PolicyUse:
    machines = _served_items(items, context)
    issues = check_existing(policy, context.rules, machines) if policy.kind == REPLICATION_PROVIDER else ()
    return PolicyUse(policy, machines, tuple(sites), tuple(sorted(issues, key=lambda issue: issue.severity.rank)))


def _served_items(items: Iterable[ReplicationProtectedItem], context: Context) -> tuple[ServedMachine, ...]:
    """By name. Of ten thousand machines few accounts are asked, and no host where none has told anything."""
    in_order = sorted(items, key=lambda item: item.friendly_name.casefold())
    premium = {
        account: _is_premium(context.estate.storage_account(account))
        for account in {item.storage_account_id for item in in_order}
    }
    if not context.reports.hosts:
        return tuple(
            ServedMachine(item.friendly_name, premium[item.storage_account_id] or _has_premium_disks(item))
            for item in in_order
        )
    return tuple(
        served(
            machine_id_of(item),
            item.friendly_name,
            context.reports,
            has_premium_storage=premium[item.storage_account_id] or _has_premium_disks(item),
        )
        for item in in_order
    )


def _has_premium_disks(item: ReplicationProtectedItem) -> bool:
    return any(kind.lower().startswith(_PREMIUM) for kind in item.managed_disk_types)


def _is_premium(account: StorageAccount | None) -> bool:
    return account is not None and account.tier.lower() == _PREMIUM


def machine_id_of(item: ReplicationProtectedItem) -> str:
    """The id that hosts know its machine by."""
    return item.protectable_item_id.rstrip("/").rsplit("/", 1)[-1] or item.vm_id or item.name


def _sites_by_policy(estate: Estate) -> Mapping[str, list[tuple[Fabric, ContainerMapping]]]:
    containers = {container.id: container for container in estate.containers}
    fabrics = {fabric.id: fabric for fabric in estate.fabrics}
    found: dict[str, list[tuple[Fabric, ContainerMapping]]] = defaultdict(list)
    for mapping in estate.mappings:
        container = containers.get(mapping.container_id)
        fabric = fabrics.get(container.fabric_id if container is not None else mapping.id.up_to("replicationFabrics"))
        if fabric is not None:
            found[mapping.policy_id.key].append((fabric, mapping))
    for each in found.values():
        each.sort(key=lambda pair: pair[0].friendly_name.casefold())
    return found
