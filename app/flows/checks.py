"""The checks of connect, protection goal, source and target: pure, instant, called at each keystroke."""

from __future__ import annotations

from app.domain.fabric import Fabric
from app.domain.host_set_up import HostSetUp
from app.domain.issue import Issue, Severity, within
from app.domain.naming_rules import check_name
from app.domain.regions import location_key, same_location
from app.domain.resource_limits import check_server_count, check_vault_count
from app.domain.rules import NameKind
from app.domain.storage_rules import StorageUse
from app.domain.vault_rules import redundancy_problem, tag_problems
from app.flows.checks_network import check_network
from app.flows.checks_storage import check_storage
from app.flows.draft import SetUpDraft, VaultChoice
from app.flows.goals import alternative
from app.flows.hosts import host_warnings, silent_hosts, silent_text
from app.flows.places import vault_id_of
from app.flows.replica import check_replica, goes_to_managed_disks, needs_logs
from app.flows.step import Context


def check_vault(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    choice = draft.vault
    estate = context.estate
    if not choice.subscription:
        return (Issue("vault.subscription", "Choose the subscription of the vault.", short="No subscription chosen"),)
    if estate.subscriptions and estate.subscription(choice.subscription) is None:
        text = "This account can’t use that subscription any more. Choose another one."
        return (Issue("vault.subscription", text, short="Subscription is gone"),)
    subscription = estate.subscription(choice.subscription)
    if choice.create and subscription is not None and subscription.is_read_only:
        text = (
            "This subscription is disabled: Azure changes nothing in it. Choose another one, or have it enabled again."
        )
        return (Issue("vault.subscription", text, short="Subscription is disabled"),)
    if choice.create:
        return within("vault", _check_new_vault(choice, context))
    if not choice.name:
        return (Issue("vault.name", "Choose a vault, or create one.", short="No vault chosen"),)
    if estate.has_read(choice.subscription) and estate.vault_at(vault_id_of(choice)) is None:
        text = f"There is no vault {choice.name} in {choice.resource_group} any more. Choose another, or create one."
        return (Issue("vault.name", text, short="The vault is gone"),)
    return _refused_region("vault.location", choice.location, context)


def _check_new_vault(choice: VaultChoice, context: Context) -> list[Issue]:
    issues: list[Issue] = []
    problem = check_name(NameKind.VAULT, choice.name, context.rules)
    if problem:
        issues.append(Issue("name", problem, short="Vault name"))
    issues += _check_group(choice.subscription, choice.resource_group, choice.create_resource_group, context)
    if not choice.location:
        issues.append(
            Issue("location", "Choose the region in which machines will fail over.", short="No region chosen")
        )
    elif context.estate.has_read(choice.subscription) and not _is_offered(choice.location, context):
        text = f"{choice.location} is not a region of this subscription. Choose one of the list."
        issues.append(Issue("location", text, short="Unknown region"))
    issues += _refused_region("location", choice.location, context)
    problem = redundancy_problem(choice.redundancy, choice.location, context.rules)
    if problem:
        issues.append(Issue("redundancy", problem, short="Redundancy not offered"))
    for field, problem in tag_problems(choice.tags, context.rules).items():
        issues.append(Issue(field, problem, short="A tag is not right"))
    existing = None if issues else context.estate.vault_at(vault_id_of(choice))
    if existing is None:
        is_read = context.estate.has_read(choice.subscription)
        problem = check_vault_count(len(context.estate.vaults), context.rules) if is_read else None
        return [*issues, Issue("name", problem, short="No room for a vault")] if problem else issues
    if same_location(existing.location, choice.location):
        return [Issue("name", "A vault of this name is there already and will be used.", Severity.INFO)]
    region = context.rules.region_name(existing.location)
    text = f"A vault of this name exists in {region}. Choose it from the list, or type another name."
    return [Issue("name", text, short="Vault name is taken")]


def _is_offered(location: str, context: Context) -> bool:
    wanted = location_key(location)
    return any(
        wanted in (location_key(each.name), location_key(each.display_name)) for each in context.estate.locations
    )


def _refused_region(field: str, location: str, context: Context) -> tuple[Issue, ...]:
    names = {location_key(name): name for name in context.rules.regions.refused_targets}
    name = names.get(location_key(location))
    if name is None:
        return ()
    text = f"Hyper-V machines can’t fail over to {name}. Choose a vault in another region."
    return (Issue(field, text, short=f"Not possible: {name}"),)


def _check_group(subscription: str, name: str, create: bool, context: Context) -> list[Issue]:
    field = "resource_group"
    if create:
        problem = check_name(NameKind.RESOURCE_GROUP, name, context.rules)
        return [Issue(field, problem, short="Resource group name")] if problem else []
    if not name:
        return [Issue(field, "Choose a resource group, or create one.", short="No resource group chosen")]
    if context.estate.knows_groups_of(subscription) and context.estate.group(subscription, name) is None:
        text = f"There is no resource group {name} in this subscription. Choose another, or create it."
        return [Issue(field, text, short="Resource group is gone")]
    return []


def check_goal(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    goal = draft.goal
    other = alternative(goal)
    if other is not None:
        return (Issue(f"goal.{other.field}", f"{other.product}: {other.text}", short="Served by another product"),)
    unanswered = (
        ("source", goal.source, "Say where the machines run now."),
        ("target", goal.target, "Say where they shall run after a disaster."),
        ("hypervisor", goal.hypervisor, "Say what they run on."),
        ("uses_vmm", goal.uses_vmm, "Say whether System Center Virtual Machine Manager runs the hosts."),
    )
    return tuple(
        Issue(f"goal.{field}", text, short="A question is open") for field, answer, text in unanswered if answer is None
    )


def check_source(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    choice = draft.site
    if choice.create:
        problem = check_name(NameKind.SITE, choice.name, context.rules)
        if problem:
            return (Issue("site.name", problem, short="Site name"),)
    elif not choice.name:
        return (Issue("site.name", "Choose a Hyper-V site, or create one.", short="No site chosen"),)
    if not context.estate.is_of(vault_id_of(draft.vault)) and not choice.create:
        return ()  # the vault's content is still being read, which says nothing against the answer
    site = context.estate.site(choice.name)
    if site is None and not choice.create:
        text = f"There is no Hyper-V site {choice.name} in this vault any more. Choose another, or create one."
        return (Issue("site.name", text, short="The site is gone"),)
    return _check_hosts(choice.name, draft.hosts, site, context)


def _check_hosts(name: str, choice: HostSetUp, site: Fabric | None, context: Context) -> tuple[Issue, ...]:
    hosts = context.estate.hosts(site) if site else ()
    if site is None or not hosts:
        text = (
            f"No host is registered in {name}. Install the Site Recovery Provider on a Hyper-V host and register it "
            "with this site."
        )
        return (Issue("site.hosts", text, short="No host is registered"),)
    silent = silent_hosts(hosts, context)
    if len(silent) == len(hosts):
        text = f"No host of {name} is in touch with Azure. {silent_text(silent[0], context)}"
        return (Issue("site.hosts", text, short="No host is in touch"),)
    warnings = [warning.text for warning in host_warnings(choice, site, context)]
    crowded = check_server_count(len(context.estate.providers), context.rules)
    warnings += [crowded] if crowded else []
    return tuple(Issue("site.hosts", text, Severity.WARNING) for text in warnings)


def check_target(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    choice = draft.target
    if not choice.subscription:
        text = "Choose the subscription in which machines will run after a failover."
        return (Issue("target.subscription", text, short="No subscription chosen"),)
    if context.estate.subscriptions:
        subscription = context.estate.subscription(choice.subscription)
        if subscription is None:
            text = "This account can’t use that subscription any more. Choose another one."
            return (Issue("target.subscription", text, short="Subscription is gone"),)
        if subscription.is_read_only:
            text = f"{subscription.name} is disabled: Azure makes no machines in it. Choose another one."
            return (Issue("target.subscription", text, short="Subscription is disabled"),)
    issues = list(
        within(
            "target", _check_group(choice.subscription, choice.resource_group, choice.create_resource_group, context)
        )
    )
    issues += check_replica(draft, context)
    if not goes_to_managed_disks(draft):
        issues += within("target.storage", check_storage(choice.storage, StorageUse.DATA, draft, context))
    if needs_logs(draft, context):
        issues += within("target.logs", check_storage(choice.logs, StorageUse.LOGS, draft, context))
    issues += within("target.network", check_network(draft, context))
    return tuple(issues)
