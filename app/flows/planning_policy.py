"""The writes that make a policy and put it to use: in a set-up's run, and at once from the settings page.

The service names the same figure differently where it is written and where it is read: what is kept is
`recoveryPointHistoryDuration` in a request and `recoveryPointHistoryDurationInHours` in an answer. A creation stands
under `providerSpecificInput`, a change under `replicationProviderSettings`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from app.domain.arm_id import ArmId, mapping_id, policy_id
from app.domain.estate import Estate
from app.domain.fabric import Fabric
from app.domain.policy_rules import PolicyFigures, figures_text
from app.domain.protection import AZURE_CONTAINER, REPLICATION_PROVIDER
from app.domain.rules import Rules
from app.flows.action import Action, ActionKind
from app.flows.planning_vault import planned


def creation(
    vault: ArmId,
    name: str,
    figures: PolicyFigures,
    rules: Rules,
    *,
    start_at: str = "",
    needs: tuple[str, ...] = (),
) -> Action:
    """A new policy; `start_at` is an ISO time, empty for at once."""
    settings = policy_input(figures)
    start = _time_of_day(start_at)
    if start:
        settings["onlineReplicationStartTime"] = start
    return planned(
        ActionKind.CREATE_POLICY,
        policy_id(vault, name),
        {"providerSpecificInput": settings},
        rules,
        label=f"Create policy {name}",
        subject=name,
        after=figures_text(figures) + (f", first copy from {datetime.fromisoformat(start_at):%H:%M}" if start else ""),
        needs=needs,
    )


def association(
    policy: ArmId,
    name: str,
    site: Fabric,
    container: ArmId,
    estate: Estate,
    rules: Rules,
    *,
    needs: tuple[str, ...] = (),
) -> Action:
    """Let the machines of a site use a policy, beside those that they may use already."""
    in_use = [mapping for mapping in estate.mappings if mapping.container_id == container]
    free = _free_name(mapping_name(name, site.friendly_name), {mapping.name.lower() for mapping in in_use})
    policies = sorted({mapping.policy_friendly_name for mapping in in_use})
    body = {
        "policyId": policy.text,
        "targetProtectionContainerId": AZURE_CONTAINER,
        "providerSpecificInput": {"instanceType": REPLICATION_PROVIDER},
    }
    return planned(
        ActionKind.ASSOCIATE_POLICY,
        mapping_id(container, free),
        body,
        rules,
        label=f"Use {name} at {site.friendly_name}",
        subject=name,
        before=" and ".join(policies) or "no policy",
        after=" and ".join([*policies, name]),
        needs=needs,
    )


def policy_input(figures: PolicyFigures) -> dict[str, Any]:
    """Figures as the service takes them, for creations and changes alike."""
    return {
        "instanceType": REPLICATION_PROVIDER,
        "recoveryPointHistoryDuration": figures.retention_h,
        "applicationConsistentSnapshotFrequencyInHours": figures.app_consistent_frequency_h,
        "replicationInterval": figures.copy_frequency_s,
    }


def mapping_name(policy: str, site: str) -> str:
    """The name under which a policy is put to use at a site."""
    return re.sub(r"[^A-Za-z0-9-]", "", f"{policy}-{site}")


def _time_of_day(start_at: str) -> str:
    """Azure takes the first copy's start as a time of day, UTC, within the day after the job."""
    if not start_at:
        return ""
    return datetime.fromisoformat(start_at).astimezone(UTC).strftime("%H:%M:%S")


def _free_name(name: str, taken: set[str]) -> str:
    free = name
    number = 2
    while free.lower() in taken:
        free = f"{name}-{number}"
        number += 1
    return free
