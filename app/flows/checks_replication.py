"""The checks of replication settings, capacity planning and enabling replication."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from app.domain.issue import Issue, Severity, Suitability, Verdict, within
from app.domain.machine_sizes import check_size
from app.domain.naming_rules import check_name
from app.domain.network_rules import judge_subnet
from app.domain.policy_rules import (
    PolicyFigures,
    PolicyOrigin,
    check_existing,
    check_figures,
    check_policy,
)
from app.domain.protection import REPLICATION_PROVIDER, OsType, ProtectableItem, ReplicationPolicy, SourceDisk
from app.domain.reported import completed, told_of
from app.domain.rules import NameKind
from app.domain.support import judge_data_disk, judge_os_disk, standing_verdicts
from app.flows.draft import MachineChoice, PolicyChoice, SetUpDraft
from app.flows.estimate import estimate
from app.flows.network_need import target_subnets
from app.flows.places import vault_id_of
from app.flows.policy_use import ground_of
from app.flows.replica import check_disks
from app.flows.set_up_quota import quota_issues
from app.flows.step import Context

_OS_TYPES = (OsType.WINDOWS.value, OsType.LINUX.value)


def check_settings(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    choice = draft.policy
    if not choice.create:
        return _check_existing_policy(choice, draft, context)
    is_there = any(is_same_policy(policy, choice) for policy in context.estate.policies)
    in_use = {
        name.lower()
        for p in context.estate.policies
        if not is_same_policy(p, choice)
        for name in (p.name, p.friendly_name)
    }
    issues = check_policy(
        name=choice.name,
        copy_frequency_s=choice.copy_frequency_s,
        retention_h=choice.retention_h,
        app_consistent_frequency_h=choice.app_consistent_frequency_h,
        start_at="" if is_there else choice.start_at,
        now=context.now.astimezone(),
        rules=context.rules,
        names_in_use=in_use,
        ground=ground_of(draft, context),
        quiet_from=choice.quiet_from,
        quiet_to=choice.quiet_to,
    )
    return within("policy", issues)


def is_same_policy(policy: ReplicationPolicy, choice: PolicyChoice) -> bool:
    """Whether Azure's policy is the one the draft wants to create."""
    figures = (policy.copy_frequency_s, policy.retention_h, policy.app_consistent_frequency_h)
    wanted = (choice.copy_frequency_s, choice.retention_h, choice.app_consistent_frequency_h)
    names = (policy.name.lower(), policy.friendly_name.lower())
    return policy.kind == REPLICATION_PROVIDER and choice.name.lower() in names and figures == wanted


def _check_existing_policy(choice: PolicyChoice, draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    field = "policy.name"
    if not choice.name:
        return (Issue(field, "Choose a replication policy, or create one.", short="No policy chosen"),)
    if not context.estate.is_of(vault_id_of(draft.vault)):
        return ()
    policy = context.estate.policy(choice.name)
    if policy is None:
        text = f"There is no policy {choice.name} in this vault any more. Choose another, or create one."
        return (Issue(field, text, short="The policy is gone"),)
    if policy.kind != REPLICATION_PROVIDER:
        text = f"{choice.name} is not a policy for Hyper-V to Azure. Choose another, or create one."
        return (Issue(field, text, short="Policy of another kind"),)
    return _check_chosen_policy(policy, draft, context)


def _check_chosen_policy(policy: ReplicationPolicy, draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    """Its figures are there already: whatever is wrong with them is told at the choice."""
    ground = replace(ground_of(draft, context), origin=PolicyOrigin.EXISTING)
    found = check_figures(PolicyFigures.of(policy), context.rules, ground)
    own = [issue for issue in check_existing(policy, context.rules) if issue.field == "encryption"]
    return tuple(
        replace(issue, field="policy.name", text=f"{policy.friendly_name}: {issue.text}") for issue in (*own, *found)
    )


def check_capacity(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    choice = draft.capacity
    issues = [
        *_check_number("bandwidth_mbps", choice.bandwidth_mbps, 0.1, 100_000, "Mbps"),
        *_check_number("daily_change_percent", choice.daily_change_percent, 0, 100, "%"),
        *_check_number("growth_percent", choice.growth_percent, 0, 1_000, "%"),
        *_check_number("first_copy_hours", choice.first_copy_hours, 1, 2_000, "hours"),
    ]
    if choice.planner is None:
        text = "Say whether you have run the capacity planner; “later” is an answer too."
        issues.append(Issue("planner", text, short="Have you run the planner?"))
    figures = None if issues else estimate(draft, context)
    if figures and choice.bandwidth_mbps and not figures.line_carries_changes(choice.bandwidth_mbps):
        text = (
            f"The line gives {choice.bandwidth_mbps:,.0f} Mbps; the changes alone need {figures.delta_mbps:,.0f}. "
            "Replication would fall behind: protect fewer machines, leave disks out, or widen the line."
        )
        issues.append(Issue("bandwidth_mbps", text, Severity.WARNING))
    return within("capacity", issues)


def _check_number(field: str, value: float | None, least: float, most: float, unit: str) -> list[Issue]:
    if value is None or (math.isfinite(value) and least <= value <= most):
        return []
    text = f"Type a number from {least:g} to {most:,} {unit}."
    return [Issue(field, text, short="A figure is out of range")]


def check_enable(draft: SetUpDraft, context: Context) -> tuple[Issue, ...]:
    if not draft.machines:
        return (Issue("machines", "Choose at least one machine.", short="No machine chosen"),)
    if not context.estate.is_of(vault_id_of(draft.vault)):
        return ()
    names = Counter(machine.azure_name.lower() for machine in draft.machines)
    subnets = {
        each.name.lower(): judge_subnet(each, 0, context.rules) for each in target_subnets(draft, context.estate)
    }
    issues: list[Issue] = []
    for machine in draft.machines:
        if context.estate.protected(machine.machine_id) is not None:
            continue
        found = _check_machine(machine, names[machine.azure_name.lower()], subnets, draft, context)
        issues += within(f"machines.{machine.machine_id}", found)
    return (*issues, *quota_issues(draft, context))


def _check_machine(
    machine: MachineChoice, same_named: int, subnets: Mapping[str, Verdict], draft: SetUpDraft, context: Context
) -> list[Issue]:
    item = context.estate.protectable(machine.machine_id)
    if item is None:
        text = f"No host reports {machine.name} any more. Take it out of the choice, or refresh its host."
        return [Issue("", text, short=f"{machine.name} is gone")]
    told = told_of(machine.machine_id, context.reports)
    item = completed(item, told)
    os_type = OsType.read(machine.os_type)
    issues = [
        _from_verdict("", machine, verdict)
        for verdict in standing_verdicts(item, os_type, context.rules, told)
        if verdict.status is not Suitability.OK
    ]
    if machine.os_type not in _OS_TYPES:
        text = f"{machine.name}: choose Windows or Linux."
        issues.append(Issue("os_type", text, short=f"{machine.name}: system not chosen"))
    issues += _check_disks(machine, item, context)
    issues += check_disks(machine, item, draft, context)
    issues += _check_azure_name(machine, same_named, draft, context)
    issues += _check_place(machine, item, subnets, context)
    return issues


def _check_disks(machine: MachineChoice, item: ProtectableItem, context: Context) -> list[Issue]:
    disks = {disk.vhd_id: disk for disk in item.disks}
    os_disk = disks.get(machine.os_disk_id)
    if os_disk is None:
        text = f"{machine.name}: choose the disk that holds the system."
        return [Issue("os_disk_id", text, short=f"{machine.name}: OS disk not chosen")]
    chosen = frozenset(machine.disk_ids)
    if os_disk.vhd_id not in chosen:
        text = f"{machine.name}: the OS disk can’t be left out."
        return [Issue("disk_ids", text, short=f"{machine.name}: OS disk left out")]
    if not chosen <= disks.keys():
        text = f"{machine.name}: a chosen disk is not attached any more. Choose its disks again."
        return [Issue("disk_ids", text, short=f"{machine.name}: a disk is gone")]
    verdicts = [("os_disk_id", judge_os_disk(os_disk, item.generation, context.rules))]
    data = _data_disks(machine, item)
    verdicts += [("disk_ids", judge_data_disk(disk, context.rules)) for disk in data]
    issues = [_from_verdict(field, machine, v) for field, v in verdicts if v.status is not Suitability.OK]
    most = context.rules.machines.data_disks_max
    if len(data) > most:
        text = f"{machine.name}: {len(data)} data disks are chosen; at most {most} can be replicated. Leave some out."
        issues.append(Issue("disk_ids", text, short=f"{machine.name}: too many disks"))
    return issues


def _check_azure_name(machine: MachineChoice, same_named: int, draft: SetUpDraft, context: Context) -> list[Issue]:
    name = machine.azure_name
    problem = check_name(NameKind.MACHINE, name, context.rules)
    if problem is None and same_named > 1:
        problem = f"{same_named} chosen machines are called {name} in Azure. Give each its own name."
    elif problem is None and name.lower() in context.estate.machine_names:
        problem = f"A machine {name} is in {draft.target.resource_group} already. Type another name."
    if problem is None:
        return []
    return [Issue("azure_name", f"{machine.name}: {problem}", short=f"{machine.name}: Azure name")]


def _check_place(
    machine: MachineChoice, item: ProtectableItem, subnets: Mapping[str, Verdict], context: Context
) -> list[Issue]:
    issues: list[Issue] = []
    if machine.subnet and subnets:
        verdict = subnets.get(machine.subnet.lower())
        if verdict is None:
            text = f"{machine.name}: the network has no subnet {machine.subnet}. Choose one of the list."
            issues.append(Issue("subnet", text, short=f"{machine.name}: subnet"))
        elif not verdict.is_usable:
            text = f"{machine.name}: {verdict.reason} {verdict.remedy}"
            issues.append(Issue("subnet", text, short=f"{machine.name}: subnet"))
    problem = check_size(
        machine.size,
        data_disks=len(_data_disks(machine, item)),
        generation=item.generation,
        offered=context.estate.compute_sizes,
        rules=context.rules,
    )
    if problem:
        issues.append(Issue("size", f"{machine.name}: {problem}", short=f"{machine.name}: size"))
    return issues


def _data_disks(machine: MachineChoice, item: ProtectableItem) -> list[SourceDisk]:
    chosen = frozenset(machine.disk_ids) - {machine.os_disk_id}
    return [disk for disk in item.disks if disk.vhd_id in chosen]


def _from_verdict(field: str, machine: MachineChoice, verdict: Verdict) -> Issue:
    severity = Severity.ERROR if verdict.status is Suitability.BLOCKED else Severity.WARNING
    text = f"{machine.name}: {verdict.reason} {verdict.remedy}".strip()
    return Issue(field, text, severity, short=f"{machine.name}: {verdict.word[:1].lower()}{verdict.word[1:]}")
