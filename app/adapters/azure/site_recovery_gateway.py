"""Everything below one vault, over the Site Recovery SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from app.adapters.azure.resource_mapping import TARGET_SIZE
from app.adapters.azure.vault_mapping import VAULT_HEALTH
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


@dataclass(frozen=True, slots=True)
class _Write:
    """Which SDK operation sends a write, and what it does, in words that complete "Could not ..."."""

    group: str
    method: str
    doing: str


_ITEMS = "replication_protected_items"
_MAPPINGS = "replication_protection_container_mappings"
_HOSTS = "replication_recovery_services_providers"

_PUTS = {
    "replicationfabrics": _Write("replication_fabrics", "begin_create", "create the Hyper-V site"),
    "replicationpolicies": _Write("replication_policies", "begin_create", "create the replication policy"),
    "replicationprotectioncontainermappings": _Write(_MAPPINGS, "begin_create", "associate the replication policy"),
    "replicationprotecteditems": _Write(_ITEMS, "begin_create", "enable replication"),
    "replicationrecoveryplans": _Write("replication_recovery_plans", "begin_create", "create the recovery plan"),
}
"""By a resource's type."""

_POSTS = {
    ("replicationfabrics", "remove"): _Write("replication_fabrics", "begin_delete", "remove the Hyper-V site"),
    ("replicationfabrics", "checkconsistency"): _Write(
        "replication_fabrics", "begin_check_consistency", "check the Hyper-V site"
    ),
    ("replicationrecoveryservicesproviders", "remove"): _Write(_HOSTS, "begin_delete", "remove the Hyper-V host"),
    ("replicationrecoveryservicesproviders", "refreshprovider"): _Write(
        _HOSTS, "begin_refresh_provider", "refresh the Hyper-V host"
    ),
    ("replicationprotectioncontainermappings", "remove"): _Write(
        _MAPPINGS, "begin_delete", "dissociate the replication policy"
    ),
    ("replicationprotecteditems", "remove"): _Write(_ITEMS, "begin_delete", "disable replication"),
    ("replicationprotecteditems", "testfailover"): _Write(_ITEMS, "begin_test_failover", "start the test failover"),
    ("replicationprotecteditems", "testfailovercleanup"): _Write(
        _ITEMS, "begin_test_failover_cleanup", "clean up the test failover"
    ),
    ("replicationprotecteditems", "plannedfailover"): _Write(
        _ITEMS, "begin_planned_failover", "start the planned failover"
    ),
    ("replicationprotecteditems", "unplannedfailover"): _Write(
        _ITEMS, "begin_unplanned_failover", "start the failover"
    ),
    ("replicationprotecteditems", "failovercommit"): _Write(_ITEMS, "begin_failover_commit", "commit the failover"),
    ("replicationprotecteditems", "failovercancel"): _Write(_ITEMS, "begin_failover_cancel", "cancel the failover"),
    ("replicationprotecteditems", "applyrecoverypoint"): _Write(
        _ITEMS, "begin_apply_recovery_point", "change the recovery point"
    ),
    ("replicationprotecteditems", "reprotect"): _Write(_ITEMS, "begin_reprotect", "reverse the replication"),
    ("replicationprotecteditems", "repairreplication"): _Write(
        _ITEMS, "begin_repair_replication", "resynchronise the machine"
    ),
    ("replicationjobs", "cancel"): _Write("replication_jobs", "begin_cancel", "cancel the job"),
    ("replicationjobs", "restart"): _Write("replication_jobs", "begin_restart", "restart the job"),
    ("replicationjobs", "resume"): _Write("replication_jobs", "begin_resume", "resume the job"),
}
"""By a resource's type and the POST's last segment."""

_PATCHES = {
    "replicationpolicies": _Write("replication_policies", "begin_update", "change the replication policy"),
}
"""By a resource's type."""

_PURGES = {
    "replicationpolicies": _Write("replication_policies", "begin_delete", "delete the replication policy"),
    "replicationfabrics": _Write("replication_fabrics", "begin_purge", "forget the Hyper-V site"),
    "replicationrecoveryservicesproviders": _Write(_HOSTS, "begin_purge", "forget the Hyper-V host"),
}
"""DELETEs by a resource's type."""


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
        return await self._reader(mapping).get(_url(mapping), MAPPING, "read the policy association")

    async def list_recovery_plans(self, vault: ArmId) -> tuple[RecoveryPlan, ...]:
        url = _url(vault, "replicationRecoveryPlans")
        return await self._reader(vault).list(url, RECOVERY_PLAN, "list recovery plans")

    async def get_recovery_plan(self, plan: ArmId) -> RecoveryPlan:
        return await self._reader(plan).get(_url(plan), RECOVERY_PLAN, f"read the recovery plan {plan.name}")

    async def get_vault_health(self, vault: ArmId) -> VaultHealth:
        url = _url(vault, "replicationVaultHealth")
        return await self._reader(vault).get(url, VAULT_HEALTH, "read the vault’s health")

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
        return await self._reader(item).get(_url(item), PROTECTED_ITEM, "read the replicated item")

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
        kinds, _ = _segments(target)
        return await self._send(_PUTS.get(kinds[-1]), target, properties, client_request_id)

    async def begin_post(
        self, target: ArmId, action: str, properties: Mapping[str, Any] | None, *, client_request_id: str
    ) -> Accepted:
        kinds, _ = _segments(target)
        return await self._send(_POSTS.get((kinds[-1], action.lower())), target, properties, client_request_id)

    async def begin_patch(self, target: ArmId, properties: Mapping[str, Any], *, client_request_id: str) -> Accepted:
        kinds, _ = _segments(target)
        return await self._send(_PATCHES.get(kinds[-1]), target, properties, client_request_id)

    async def begin_purge(self, target: ArmId, *, client_request_id: str) -> Accepted:
        kinds, _ = _segments(target)
        return await self._send(_PURGES.get(kinds[-1]), target, None, client_request_id)

    async def _send(
        self, write: _Write | None, target: ArmId, properties: Mapping[str, Any] | None, client_request_id: str
    ) -> Accepted:
        if write is None:
            raise NotSupported("UnknownWrite", "Could not send the request", "This program does not know that request.")
        client = self._clients.site_recovery(target.subscription)
        operation = getattr(getattr(client, write.group), write.method)
        _, names = _segments(target)
        body = () if properties is None else ({"properties": dict(properties)},)
        with azure_errors(write.doing):
            return await send_write(
                operation,
                target.resource_group,
                target.vault_name,
                *names,
                *body,
                target=target,
                client_request_id=client_request_id,
            )

    def _reader(self, target: ArmId) -> Reader:
        return Reader(self._clients.site_recovery(target.subscription))


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
