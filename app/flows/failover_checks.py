"""What stands before a failover operation: why Azure does not offer it now, and what to know before it is started.

Reasons come in words, with names and a way on. Checks are ok, warning or blocked; an operation that is an emergency
is never blocked here: only Azure's own refusal (`why_not`) stops it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from app.domain.health import Health
from app.domain.issue import Suitability
from app.domain.naming_rules import check_name
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.recovery import PointChoice
from app.domain.rules import NameKind
from app.flows.failover import FailoverChoices, FailoverKind, FailoverOperation
from app.flows.failover_facts import Check, FailoverFacts, Topic
from app.flows.failover_networks import lasting_subnets, test_network, test_subnet
from app.flows.failover_refusals import why_not
from app.flows.failover_rights import rights_checks
from app.flows.quota_checks import quota_checks


def checks(
    operation: FailoverOperation,
    items: Sequence[ReplicationProtectedItem],
    choices: FailoverChoices,
    facts: FailoverFacts,
) -> tuple[Check, ...]:
    """Every check of the operation, blocked ones first; what all machines passed is one line."""
    found = [_unread(what) for what in facts.unread]
    found += rights_checks(operation, facts.rights)
    quota = quota_checks(operation, items, choices, facts)
    if operation.is_emergency:  # before the losses, of which there is one for each machine
        found += quota
    for item in items:
        found.append(_offered(operation, item))
        match operation.kind:
            case FailoverKind.TEST:
                found += (_health(item), _point(item, choices, facts), _name(operation, item, facts))
                found += test_subnet(item, choices, facts)
            case FailoverKind.PLANNED:
                found += (_health(item), _drill(item, facts), _name(operation, item, facts))
                found += lasting_subnets(operation, item, facts)
                found += _host(operation, item, facts)
            case FailoverKind.UNPLANNED:
                found += (_point(item, choices, facts), _loss(item, choices, facts), _name(operation, item, facts))
                found += lasting_subnets(operation, item, facts)
                found += _host(operation, item, facts) if choices.shut_down else ()
            case FailoverKind.COMMIT:
                found.append(_azure_machine(item, facts))
            case FailoverKind.CLEAN_UP:
                pass
    if operation.offers_network:
        found += test_network(items, choices, facts)
    if not operation.is_emergency:
        found += quota
    return tuple(sorted(_together(found), key=lambda check: -check.status.rank))


def is_blocked(found: Iterable[Check]) -> bool:
    return any(check.status is Suitability.BLOCKED for check in found)


def worst(found: Iterable[Check]) -> Check | None:
    """The check for the sheet's footer: the worst that is not passed."""
    troubled = [check for check in found if check.status is not Suitability.OK]
    return max(troubled, key=lambda check: check.status.rank, default=None)


def _together(found: Iterable[Check]) -> list[Check]:
    passed: dict[tuple[Topic, str], list[Check]] = {}
    kept: list[Check] = []
    for check in found:
        if check.status is Suitability.OK:
            passed.setdefault((check.topic, check.text), []).append(check)
        else:
            kept.append(check)
    for same_text in passed.values():
        first = same_text[0]
        many = f"{len(same_text)} machines"
        kept.append(first if len(same_text) == 1 else replace(first, detail=many, machine=""))
    return kept


def _unread(what: str) -> Check:
    return Check(
        Suitability.WARNING, Topic.UNREAD, f"Azure does not tell {what} now.", remedy="The failover can start without."
    )


_OFFERED = {
    FailoverKind.CLEAN_UP: "The test machine is there",
    FailoverKind.COMMIT: "The failover is complete",
}


def _offered(operation: FailoverOperation, item: ReplicationProtectedItem) -> Check:
    name = item.friendly_name
    refusal = why_not(operation, item)
    if refusal is None:
        text = _OFFERED.get(operation.kind, "First copy is finished, and no other job runs")
        return Check(Suitability.OK, Topic.OFFERED, text, machine=name)
    return Check(Suitability.BLOCKED, Topic.OFFERED, refusal.reason, remedy=f"Leave {name} out, or wait.", machine=name)


def _health(item: ReplicationProtectedItem) -> Check:
    name, health = item.friendly_name, item.replication_health
    if health not in (Health.CRITICAL, Health.WARNING):
        return Check(Suitability.OK, Topic.HEALTH, "Replication is healthy", machine=name)
    word = "critical" if health is Health.CRITICAL else "in trouble"
    return Check(
        Suitability.WARNING,
        Topic.HEALTH,
        f"Replication of {name} is {word}.",
        detail=item.errors[0].message if item.errors else "",
        remedy="The copy in Azure may be old: look at its last recovery point.",
        machine=name,
    )


def _point(item: ReplicationProtectedItem, choices: FailoverChoices, facts: FailoverFacts) -> Check:
    name = item.friendly_name
    chosen = facts.points.chosen(item, choices)
    if chosen is not None:
        age = f"{_age(facts.now - chosen.time)} old"
        return Check(Suitability.OK, Topic.POINT, "Recovery point is there", age, machine=name)
    if choices.point is PointChoice.LATEST:
        return Check(Suitability.OK, Topic.POINT, "Azure first processes all it has received", machine=name)
    if not facts.points.of(item):
        text = f"{name} has no recovery point to choose."
    elif choices.point is PointChoice.LATEST_APPLICATION_CONSISTENT:
        text = f"{name} has no application-consistent point."
    else:
        text = f"The chosen point of {name} is gone."
    return Check(
        Suitability.WARNING, Topic.POINT, text, remedy="Azure takes what it has received last instead.", machine=name
    )


def _loss(item: ReplicationProtectedItem, choices: FailoverChoices, facts: FailoverFacts) -> Check:
    name = item.friendly_name
    chosen = facts.points.chosen(item, choices)
    if chosen is not None:
        text = f"{name} loses the changes of the last {_age(facts.now - chosen.time)}."
    elif item.rpo_s is None:
        text = f"Azure does not say how old its copy of {name} is."
    elif choices.shut_down:
        text = f"If {name} cannot be shut down, about the last {_age(timedelta(seconds=item.rpo_s))} are lost."
    else:
        text = f"{name} loses the changes of about the last {_age(timedelta(seconds=item.rpo_s))}."
    return Check(Suitability.WARNING, Topic.LOSS, text, machine=name)


def _drill(item: ReplicationProtectedItem, facts: FailoverFacts) -> Check:
    name, drilled = item.friendly_name, item.last_test_failover
    if drilled is not None and facts.now - drilled <= timedelta(days=facts.rules.monitoring.drill_age_days):
        return Check(Suitability.OK, Topic.DRILL, "Tested before", f"{_age(facts.now - drilled)} ago", machine=name)
    text = (
        f"{name} has never been tested." if drilled is None else f"{name} was tested {_age(facts.now - drilled)} ago."
    )
    return Check(
        Suitability.WARNING,
        Topic.DRILL,
        text,
        remedy="A test failover shows beforehand whether it starts.",
        machine=name,
    )


def _name(operation: FailoverOperation, item: ReplicationProtectedItem, facts: FailoverFacts) -> Check:
    problem = check_name(NameKind.MACHINE, item.target_name, facts.rules)
    if problem is None:
        return Check(Suitability.OK, Topic.NAME, "Name in Azure is valid", item.target_name, machine=item.friendly_name)
    return Check(
        Suitability.WARNING if operation.is_emergency else Suitability.BLOCKED,
        Topic.NAME,
        f"Azure does not take the name {item.target_name} for {item.friendly_name}.",
        remedy=problem,
        machine=item.friendly_name,
    )


def _host(operation: FailoverOperation, item: ReplicationProtectedItem, facts: FailoverFacts) -> list[Check]:
    host = facts.host_of(item)
    if host is None:
        return []
    name = host.friendly_name
    if not host.is_silent(facts.now, timedelta(minutes=facts.rules.monitoring.host_silent_min)):
        return [Check(Suitability.OK, Topic.HOST, "Its host answers", name, machine=item.friendly_name)]
    since = f" for {_age(facts.now - host.last_heartbeat)}" if host.last_heartbeat else ""
    text = f"{name}, the host of {item.friendly_name}, has been silent{since}."
    if operation.is_emergency:
        status, remedy = (
            Suitability.WARNING,
            "The failover goes on without shutting down. See that it does not run twice.",
        )
    else:
        status, remedy = Suitability.BLOCKED, "Bring the host back online, or use Failover, which does without it."
    return [Check(status, Topic.HOST, text, remedy=remedy, machine=item.friendly_name)]


def _azure_machine(item: ReplicationProtectedItem, facts: FailoverFacts) -> Check:
    name = item.friendly_name
    machine = facts.azure_machines.get(item.id.key)
    if machine is not None and machine.power_state == "running":
        addresses = [nic.private_address for nic in machine.nics if nic.private_address]
        told = ", ".join([machine.size, *addresses[:1]])
        return Check(Suitability.OK, Topic.MACHINE, "Machine runs in Azure", told, machine=name)
    state = "is not there" if machine is None else f"does not run ({machine.power_state or 'state not known'})"
    return Check(
        Suitability.WARNING,
        Topic.MACHINE,
        f"The machine of {name} in Azure {state}.",
        remedy="Try it before you commit: another point in time cannot be chosen afterwards.",
        machine=name,
    )


def _age(age: timedelta) -> str:
    seconds = max(age.total_seconds(), 0.0)
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} days"
