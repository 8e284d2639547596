"""One gateway per family of Azure resources.

Reads return domain values. Lists that can be large are read in pages and decoded in slices, so that the loop is never
held; a record that cannot be read is left out, logged, and told by `on_bad`. Writes (`begin_*`) return as soon as Azure
accepts them. Each takes a `client_request_id` chosen and journaled by the caller: Azure keeps it in the job's activity
id, which is how a write whose answer was lost is found again.

All raise `app.errors.AppError` and nothing else (besides cancellation).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from app.domain.address_answer import AddressAnswer
from app.domain.arm_id import ArmId
from app.domain.azure import (
    AzureMachine,
    ComputeSize,
    Location,
    ResourceGroup,
    ResourceProvider,
    StorageAccount,
    Subscription,
    VirtualNetwork,
)
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.domain.job import ReplicationEvent, ReplicationJob
from app.domain.practice import HostRun, PracticeState, Troubles
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.protection import ContainerMapping, ProtectableItem, ProtectionContainer, ReplicationPolicy
from app.domain.quota import OfferedSize, QuotaUsage
from app.domain.recovery import RecoveryPlan, RecoveryPoint
from app.domain.rights import Caller, Denial, Lock, Permission
from app.domain.vault import Vault, VaultHealth
from app.errors import BadRecord
from app.ports.operation import Accepted, OperationStatus
from app.ports.secrets import Secret
from app.runtime.progress import Report, silent

OnBad = Callable[[BadRecord], None]


class SubscriptionsGateway(Protocol):
    async def list_subscriptions(self) -> tuple[Subscription, ...]: ...
    async def list_locations(self, subscription: str) -> tuple[Location, ...]: ...
    async def get_resource_provider(self, subscription: str, namespace: str) -> ResourceProvider: ...

    async def begin_register(self, subscription: str, namespace: str, *, client_request_id: str) -> Accepted:
        """POST `register`. Answered at once; the provider says itself when it is registered, which takes a minute."""
        ...


class ResourcesGateway(Protocol):
    """Resource groups, storage accounts, networks, compute: read, and created whole by PUT."""

    async def list_resource_groups(self, subscription: str) -> tuple[ResourceGroup, ...]: ...
    async def list_storage_accounts(self, subscription: str) -> tuple[StorageAccount, ...]: ...
    async def list_virtual_networks(self, subscription: str) -> tuple[VirtualNetwork, ...]: ...
    async def list_compute_sizes(self, subscription: str, location: str) -> tuple[ComputeSize, ...]: ...
    async def list_machines(self, subscription: str, resource_group: str) -> tuple[AzureMachine, ...]: ...

    async def get_resource_group(self, group: ArmId) -> ResourceGroup: ...
    async def get_storage_account(self, account: ArmId) -> StorageAccount: ...
    async def get_virtual_network(self, network: ArmId) -> VirtualNetwork: ...
    async def get_used_capacity(self, account: ArmId, since: datetime, until: datetime) -> int | None:
        """Bytes that a storage account held last, as Azure counted them between these times; None: it did not count.

        Azure counts once an hour, and begins some hours after an account was made.
        """
        ...

    async def check_address(self, network: ArmId, address: str) -> AddressAnswer:
        """Whether an address of a network is free. Raises InvalidInput for one outside of its subnets."""
        ...

    async def get_machine(self, machine: ArmId) -> AzureMachine:
        """With power state, size, and for each network card its subnet and private address."""
        ...

    async def storage_name_is_free(self, subscription: str, name: str) -> tuple[bool, str]:
        """Whether the name can be taken world-wide, and if not, Azure's reason code, such as `AlreadyExists`."""
        ...

    async def begin_put(self, target: ArmId, body: Mapping[str, Any], *, client_request_id: str) -> Accepted:
        """PUT a group, storage account, network or vault. `body` is the resource's JSON as Azure documents it.

        The adapter adds the api-version for the resource type.
        """
        ...


class QuotasGateway(Protocol):
    """What a subscription may use in a region, and what it uses now."""

    async def list_compute_usages(self, subscription: str, location: str) -> tuple[QuotaUsage, ...]:
        """Cores of the region and of each size family, virtual machines, and more."""
        ...

    async def list_network_usages(self, subscription: str, location: str) -> tuple[QuotaUsage, ...]: ...

    async def list_offered_sizes(self, subscription: str, location: str) -> tuple[OfferedSize, ...]:
        """The region's machine sizes, with those that the subscription may not use there. Some hundreds of kB."""
        ...


class RightsGateway(Protocol):
    """What the caller may do at a scope: a subscription, a group or a resource. All include what is inherited."""

    async def list_permissions(self, scope: ArmId) -> tuple[Permission, ...]:
        """One for each role that the caller has at the scope or above; deny assignments are not taken off."""
        ...

    async def list_denials(self, scope: ArmId) -> tuple[Denial, ...]:
        """Deny assignments at the scope or above, whomever they concern."""
        ...

    async def list_denials_within(self, scope: ArmId) -> tuple[Denial, ...]:
        """Deny assignments at the scope, above it, and on everything in it."""
        ...

    async def list_locks(self, scope: ArmId) -> tuple[Lock, ...]:
        """Locks at the scope or above."""
        ...

    async def list_locks_within(self, scope: ArmId) -> tuple[Lock, ...]:
        """Locks at the scope, above it, and on everything in it."""
        ...

    async def is_registered(self, subscription: str, provider: str) -> bool:
        """Whether the subscription may use a resource provider such as `Microsoft.RecoveryServices`."""
        ...

    async def get_caller(self) -> Caller:
        """Who is signed in, as far as the token tells."""
        ...


class VaultsGateway(Protocol):
    async def list_vaults(self, subscription: str) -> tuple[Vault, ...]: ...
    async def get_vault(self, vault: ArmId) -> Vault: ...


class SiteRecoveryGateway(Protocol):
    """Everything below one vault."""

    async def list_fabrics(self, vault: ArmId) -> tuple[Fabric, ...]: ...
    async def get_fabric(self, fabric: ArmId) -> Fabric: ...
    async def list_providers(self, vault: ArmId) -> tuple[RecoveryServicesProvider, ...]: ...
    async def list_containers(self, vault: ArmId) -> tuple[ProtectionContainer, ...]: ...
    async def list_policies(self, vault: ArmId) -> tuple[ReplicationPolicy, ...]: ...
    async def get_policy(self, policy: ArmId) -> ReplicationPolicy: ...
    async def list_mappings(self, vault: ArmId) -> tuple[ContainerMapping, ...]: ...
    async def get_mapping(self, mapping: ArmId) -> ContainerMapping: ...
    async def list_recovery_plans(self, vault: ArmId) -> tuple[RecoveryPlan, ...]: ...
    async def get_recovery_plan(self, plan: ArmId) -> RecoveryPlan: ...
    async def get_vault_health(self, vault: ArmId) -> VaultHealth: ...

    async def list_protectable_items(
        self, container: ArmId, *, report: Report = silent, on_bad: OnBad | None = None
    ) -> tuple[ProtectableItem, ...]: ...
    async def list_protected_items(
        self, vault: ArmId, *, report: Report = silent, on_bad: OnBad | None = None
    ) -> tuple[ReplicationProtectedItem, ...]: ...
    async def get_protected_item(self, item: ArmId) -> ReplicationProtectedItem: ...
    async def list_recovery_points(self, item: ArmId) -> tuple[RecoveryPoint, ...]:
        """Newest first."""
        ...

    async def list_target_compute_sizes(self, item: ArmId) -> tuple[ComputeSize, ...]: ...

    async def list_jobs(
        self, vault: ArmId, *, since: datetime | None = None, on_bad: OnBad | None = None
    ) -> tuple[ReplicationJob, ...]:
        """Newest first, without tasks, errors and activity ids; `since` filters by start time at the service."""
        ...

    async def get_job(self, job: ArmId) -> ReplicationJob: ...
    async def list_events(
        self, vault: ArmId, *, since: datetime | None = None, on_bad: OnBad | None = None
    ) -> tuple[ReplicationEvent, ...]: ...

    async def begin_put(self, target: ArmId, properties: Mapping[str, Any], *, client_request_id: str) -> Accepted:
        """PUT a fabric, policy, container mapping or protected item with `{"properties": properties}`."""
        ...

    async def begin_post(
        self, target: ArmId, action: str, properties: Mapping[str, Any] | None, *, client_request_id: str
    ) -> Accepted:
        """POST `{target}/{action}`: `testFailover`, `testFailoverCleanup`, `plannedFailover`, `unplannedFailover`,
        `failoverCommit`, `remove`, `refreshProvider` and so on. `properties` None sends no body at all."""
        ...

    async def begin_purge(self, target: ArmId, *, client_request_id: str) -> Accepted:
        """DELETE a fabric, a provider or a policy: Azure forgets it and asks nobody on site."""
        ...

    async def begin_patch(self, target: ArmId, properties: Mapping[str, Any], *, client_request_id: str) -> Accepted:
        """PATCH a policy with `{"properties": properties}`."""
        ...


class OperationsGateway(Protocol):
    async def get_status(self, accepted: Accepted) -> OperationStatus:
        """Look once at the status URL of a write that makes no ASR job."""
        ...


class PracticeGateway(Protocol):
    """Controls that only the practice vault has."""

    async def read(self) -> PracticeState: ...
    async def set_clock(self, *, speed: float | None = None, paused: bool | None = None) -> PracticeState: ...
    async def register_host(self, fabric: ArmId, name: str | None = None) -> str:
        """Let a waiting on-premises host register in the site, as its Provider would; returns the host's name.

        Raises:
            Conflict: no host is waiting.
        """
        ...

    async def run_script(self, fabric: ArmId, host: str, key: Secret, *, proxy: str = "") -> HostRun:
        """Let a waiting host do what the script does with the text of a key file: check itself, and register.

        Raises:
            Conflict: no such host is waiting.
        """
        ...

    async def read_readiness(self, host: str = "") -> bytes:
        """The readiness file that a host would write, or one of all hosts where none is named.

        Raises:
            NotFound: there is no such host.
        """
        ...

    async def read_troubles(self) -> Troubles: ...
    async def start_trouble(
        self, kind: str, chosen: Mapping[str, str | int], *, lasts_s: float | None = None, count: int | None = None
    ) -> Troubles:
        """Let something go wrong, for vault seconds, for a number of requests or jobs, or until it is ended.

        Raises:
            InvalidInput: there is nothing that it could befall, or a choice cannot be meant.
        """
        ...

    async def end_trouble(self, kind: str | None = None) -> Troubles:
        """End what is on of one kind, or everything and what a script has still to do."""
        ...
