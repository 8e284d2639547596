"""A replicating machine. What may be done to it comes from its `allowed_operations`, never from the state's name."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.domain.arm_id import ArmId
from app.domain.bulk import Bulk
from app.domain.health import Health, HealthError
from app.domain.protection import OsType


class Operation(StrEnum):
    """The names Azure uses in allowedOperations for what a user can start."""

    TEST_FAILOVER = "TestFailover"
    TEST_FAILOVER_CLEANUP = "TestFailoverCleanup"
    PLANNED_FAILOVER = "PlannedFailover"
    UNPLANNED_FAILOVER = "UnplannedFailover"
    COMMIT = "Commit"
    CHANGE_RECOVERY_POINT = "ChangePit"
    COMPLETE_MIGRATION = "CompleteMigration"
    FAILBACK = "Failback"
    FINALIZE_FAILBACK = "FinalizeFailback"
    REVERSE_REPLICATE = "ReverseReplicate"
    DISABLE_PROTECTION = "DisableProtection"


class ReplicatedDisk(Bulk, frozen=True):
    disk_id: str
    name: str
    kind: str
    size_mib: int
    lun: str = ""
    target_name: str = ""


class TargetNic(Bulk, frozen=True):
    id: str
    source_network: str
    source_address: str
    target_subnet: str
    target_address: str
    selection: str
    """`SelectedByUser`, `NotSelected`, `SelectedByUserForFailover` and the like, as Azure spells it."""
    test_subnet: str = ""
    """Of a test failover; empty takes the one of the same name as `target_subnet`."""
    test_address: str = ""
    test_network_id: str = ""


class CurrentScenario(Bulk, frozen=True):
    name: str
    """`None` when nothing runs."""
    job_id: str
    started: datetime | None = None

    @property
    def is_running(self) -> bool:
        return bool(self.name) and self.name != "None"


class ReplicationProtectedItem(Bulk, frozen=True):
    id: ArmId
    name: str
    friendly_name: str
    protectable_item_id: str
    provider_id: str
    fabric_friendly_name: str
    policy_id: str
    policy_name: str
    protection_state: str
    protection_state_description: str
    active_location: str
    test_failover_state: str
    test_failover_state_description: str
    allowed_operations: tuple[str, ...]
    replication_health: Health
    failover_health: Health
    errors: tuple[HealthError, ...] = ()
    current_scenario: CurrentScenario | None = None
    initial_replication_percent: int | None = None
    rpo_s: int | None = None
    rpo_calculated: datetime | None = None
    last_replicated: datetime | None = None
    last_recovery_point: datetime | None = None
    last_test_failover: datetime | None = None
    last_failover: datetime | None = None
    """Of either kind: Azure keeps one date for both."""
    target_name: str = ""
    target_size: str = ""
    target_network_id: str = ""
    target_resource_group_id: str = ""
    storage_account_id: str = ""
    """Of replicated data; none where that goes to managed disks."""
    log_account_id: str = ""
    """Of change logs, where they have an account of their own."""
    has_managed_replica: bool = False
    """Whether managed disks were told that data is replicated to."""
    managed_disk_types: tuple[str, ...] = ()
    """Of those disks, as Azure writes them."""
    os_type: OsType = OsType.UNKNOWN
    source_cores: int = 0
    source_memory_mib: int = 0
    vm_id: str = ""
    disks: tuple[ReplicatedDisk, ...] = ()
    nics: tuple[TargetNic, ...] = ()
    primary_nic_id: str = ""
    failover_recovery_point_id: str = ""
    is_hyper_v_to_azure: bool = True

    @property
    def container_id(self) -> ArmId:
        return self.id.up_to("replicationProtectionContainers")

    @property
    def vault_id(self) -> ArmId:
        return self.id.up_to("vaults")

    @property
    def runs_in_azure(self) -> bool:
        return self.active_location == "Recovery"

    @property
    def awaits_clean_up(self) -> bool:
        return self.test_failover_state == "WaitingForCompletion"

    def allows(self, operation: Operation) -> bool:
        return operation.value in self.allowed_operations
