"""Everything below one vault, over the Site Recovery SDK."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.adapters.azure.clients import Clients
from app.adapters.azure.errors import azure_errors
from app.adapters.azure.job_mapping import EVENT, JOB
from app.adapters.azure.protected_item_mapping import PROTECTED_ITEM
from app.adapters.azure.protection_mapping import (
    CONTAINER,
    FABRIC,
    MAPPING,
    POLICY,
    PROTECTABLE_ITEM,
    PROVIDER,
    RECOVERY_PLAN,
    RECOVERY_POINT,
)
from app.adapters.azure.reader import Reader, path_of
from app.adapters.azure.resource_mapping import TARGET_SIZE, VAULT_HEALTH
from app.adapters.azure.writes import send_write
from app.domain.arm_id import ArmId
from app.domain.azure import ComputeSize
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.job import ReplicationEvent, ReplicationJob
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.protection import ContainerMapping, ProtectableItem, ProtectionContainer, ReplicationPolicy
from app.domain.recovery import RecoveryPlan, RecoveryPoint
from app.domain.vault import VaultHealth
from app.errors import NotSupported
from app.ports.arm import OnBad
from app.ports.operation import Accepted
from app.runtime.progress import Report, silent

API_VERSION = "2025-08-01"

_PUTS = {
    "replicationfabrics": ("replication_fabrics", "begin_create"),
    "replicationpolicies": ("replication_policies", "begin_create"),
    "replicationprotectioncontainermappings": ("replication_protection_container_mappings", "begin_create"),
    "replicationprotecteditems": ("replication_protected_items", "begin_create"),
    "replicationrecoveryplans": ("replication_recovery_plans", "begin_create"),
}
_POSTS = {
    ("replicationfabrics", "remove"): ("replication_fabrics", "begin_delete"),
    ("replicationfabrics", "checkconsistency"): ("replication_fabrics", "begin_check_consistency"),
    ("replicationrecoveryservicesproviders", "remove"): ("replication_recovery_services_providers", "begin_delete"),
    ("replicationrecoveryservicesproviders", "refreshprovider"): (
        "replication_recovery_services_providers",
        "begin_refresh_provider",
    ),
    ("replicationprotectioncontainermappings", "remove"): ("replication_protection_container_mappings", "begin_delete"),
    ("replicationprotecteditems", "remove"): ("replication_protected_items", "begin_delete"),
    ("replicationprotecteditems", "testfailover"): ("replication_protected_items", "begin_test_failover"),
    ("replicationprotecteditems", "testfailovercleanup"): (
        "replication_protected_items",
        "begin_test_failover_cleanup",
    ),
    ("replicationprotecteditems", "plannedfailover"): ("replication_protected_items", "begin_planned_failover"),
    ("replicationprotecteditems", "unplannedfailover"): ("replication_protected_items", "begin_unplanned_failover"),
    ("replicationprotecteditems", "failovercommit"): ("replication_protected_items", "begin_failover_commit"),
    ("replicationprotecteditems", "failovercancel"): ("replication_protected_items", "begin_failover_cancel"),
    ("replicationprotecteditems", "applyrecoverypoint"): ("replication_protected_items", "begin_apply_recovery_point"),
    ("replicationprotecteditems", "reprotect"): ("replication_protected_items", "begin_reprotect"),
    ("replicationprotecteditems", "repairreplication"): ("replication_protected_items", "begin_repair_replication"),
    ("replicationjobs", "cancel"): ("replication_jobs", "begin_cancel"),
    ("replicationjobs", "restart"): ("replication_jobs", "begin_restart"),
    ("replicationjobs", "resume"): ("replication_jobs", "begin_resume"),
}
"""Which SDK operation sends which write; a resource's type and the last segment decide."""


class AzureSiteRecoveryGateway:
    """Implements app.ports.arm.SiteRecoveryGateway."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def list_fabrics(self, vault: ArmId) -> tuple[Fabric, ...]:
        return await self._reader(vault).list(_url(vault, "replicationFabrics"), FABRIC, "list Hyper-V sites")

    async def get_fabric(self, fabric: ArmId) -> Fabric:
        return await self._reader(fabric).get(_url(fabric), FABRIC, f"read the Hyper-V site {fabric.name}")

    async def list_providers(self, vault: ArmId) -> tuple[RecoveryServicesProvider, ...]:
        url = _url(vault, "replicationRecoveryServicesProviders")
        return await self._reader(vault).list(url, PROVIDER, "list Hyper-V hosts")

    async def list_containers(self, vault: ArmId) -> tuple[ProtectionContainer, ...]:
        url = _url(vault, "replicationProtectionContainers")
        return await self._reader(vault).list(url, CONTAINER, "list protection containers")

    async def list_policies(self, vault: ArmId) -> tuple[ReplicationPolicy, ...]:
        return await self._reader(vault).list(_url(vault, "replicationPolicies"), POLICY, "list replication policies")

    async def get_policy(self, policy: ArmId) -> ReplicationPolicy:
        return await self._reader(policy).get(_url(policy), POLICY, f"read the replication policy {policy.name}")

    async def list_mappings(self, vault: ArmId) -> tuple[ContainerMapping, ...]:
        url = _url(vault, "replicationProtectionContainerMappings")
        return await self._reader(vault).list(url, MAPPING, "list policy associations")

    async def get_mapping(self, mapping: ArmId) -> ContainerMapping:
        return await self._reader(mapping).get(_url(mapping), MAPPING, f"read the policy association {mapping.name}")

    async def list_recovery_plans(self, vault: ArmId) -> tuple[RecoveryPlan, ...]:
        url = _url(vault, "replicationRecoveryPlans")
        return await self._reader(vault).list(url, RECOVERY_PLAN, "list recovery plans")

    async def get_recovery_plan(self, plan: ArmId) -> RecoveryPlan:
        return await self._reader(plan).get(_url(plan), RECOVERY_PLAN, f"read the recovery plan {plan.name}")

    async def get_vault_health(self, vault: ArmId) -> VaultHealth:
        url = _url(vault, "replicationVaultHealth")
        return await self._reader(vault).get(url, VAULT_HEALTH, "read the vault's health")

    async def list_protectable_items(
        self, container: ArmId, *, report: Report = silent, on_bad: OnBad | None = None
    ) -> tuple[ProtectableItem, ...]:
        return await self._reader(container).list(
            _url(container, "replicationProtectableItems"),
            PROTECTABLE_ITEM,
            "list virtual machines",
            report=report,
            on_bad=on_bad,
        )

    async def list_protected_items(
        self, vault: ArmId, *, report: Report = silent, on_bad: OnBad | None = None
    ) -> tuple[ReplicationProtectedItem, ...]:
        return await self._reader(vault).list(
            _url(vault, "replicationProtectedItems"),
            PROTECTED_ITEM,
            "list replicated items",
            report=report,
            on_bad=on_bad,
        )

    async def get_protected_item(self, item: ArmId) -> ReplicationProtectedItem:
        return await self._reader(item).get(_url(item), PROTECTED_ITEM, f"read the replicated item {item.name}")

    async def list_recovery_points(self, item: ArmId) -> tuple[RecoveryPoint, ...]:
        points = await self._reader(item).list(_url(item, "recoveryPoints"), RECOVERY_POINT, "list recovery points")
        return tuple(sorted(points, key=lambda point: point.time, reverse=True))

    async def list_target_compute_sizes(self, item: ArmId) -> tuple[ComputeSize, ...]:
        return await self._reader(item).list(_url(item, "targetComputeSizes"), TARGET_SIZE, "list machine sizes")

    async def list_jobs(
        self, vault: ArmId, *, since: datetime | None = None, on_bad: OnBad | None = None
    ) -> tuple[ReplicationJob, ...]:
        url = _url(vault, "replicationJobs", since=since)
        jobs = await self._reader(vault).list(url, JOB, "list jobs", on_bad=on_bad)
        return tuple(sorted(jobs, key=lambda job: job.started or _LATEST, reverse=True))

    async def get_job(self, job: ArmId) -> ReplicationJob:
        return await self._reader(job).get(_url(job), JOB, "read the job")

    async def list_events(
        self, vault: ArmId, *, since: datetime | None = None, on_bad: OnBad | None = None
    ) -> tuple[ReplicationEvent, ...]:
        url = _url(vault, "replicationEvents", since=since)
        events = await self._reader(vault).list(url, EVENT, "list events", on_bad=on_bad)
        return tuple(sorted(events, key=lambda event: event.time or _LATEST, reverse=True))

    async def begin_put(self, target: ArmId, properties: Mapping[str, Any], *, client_request_id: str) -> Accepted:
        kinds, names = _segments(target)
        doing = f"create {names[-1]}"
        operation = self._operation(target, _PUTS.get(kinds[-1]), doing)
        with azure_errors(doing):
            return await send_write(
                operation,
                *self._place(target),
                *names,
                {"properties": dict(properties)},
                target=target,
                client_request_id=client_request_id,
            )

    async def begin_post(
        self, target: ArmId, action: str, properties: Mapping[str, Any] | None, *, client_request_id: str
    ) -> Accepted:
        kinds, names = _segments(target)
        doing = f"start {action} of {names[-1]}"
        operation = self._operation(target, _POSTS.get((kinds[-1], action.lower())), doing)
        body = () if properties is None else ({"properties": dict(properties)},)
        with azure_errors(doing):
            return await send_write(
                operation,
                *self._place(target),
                *names,
                *body,
                target=target,
                client_request_id=client_request_id,
            )

    def _reader(self, target: ArmId) -> Reader:
        return Reader(self._clients.site_recovery(target.subscription))

    def _operation(self, target: ArmId, found: tuple[str, str] | None, doing: str) -> Any:
        if found is None:
            raise NotSupported("", f"Could not {doing}: not supported", "This program does not send that request.")
        group, method = found
        return getattr(getattr(self._clients.site_recovery(target.subscription), group), method)

    @staticmethod
    def _place(target: ArmId) -> tuple[str, str]:
        return target.resource_group, target.vault_name


_LATEST = datetime.max.replace(tzinfo=UTC)
"""A job without a start has just been made: it sorts before all others."""


def _url(arm_id: ArmId, collection: str = "", *, since: datetime | None = None) -> str:
    query = {}
    if since is not None:
        query["$filter"] = f"StartTime eq '{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.0000000Z'"
    return path_of(arm_id.child(collection) if collection else arm_id, API_VERSION, **query)


def _segments(target: ArmId) -> tuple[list[str], list[str]]:
    """The types (lower case) and names below the vault, outermost first."""
    below = target.text.rstrip("/")[len(target.up_to("vaults").text) :].strip("/").split("/")
    return [kind.lower() for kind in below[::2]], below[1::2]
