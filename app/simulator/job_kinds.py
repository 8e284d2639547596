"""Every kind of job: its names, its steps, and how long they take.

Names are those on the wire. Durations are ranges in virtual seconds around what small machines took in recorded
sessions; a step with no range is skipped.
"""

from __future__ import annotations

from typing import NamedTuple

ITEM, SERVER, PROFILE, PLAN, VAULT = "ProtectionEntity", "Server", "ProtectionProfile", "RecoveryPlan", "Vault"


class Step(NamedTuple):
    """One step. Without an id it gets a fresh GUID each time, as in newer workflows."""

    id: str
    name: str
    friendly_name: str
    seconds: tuple[float, float] | None


class JobKind(NamedTuple):
    friendly_name: str
    target_type: str
    steps: tuple[Step, ...]
    can_cancel: bool = True
    can_restart: bool = False
    details_type: str = "AsrJobDetails"
    scenario_on_item: str | None = None
    """What the protected item names while the job works on it, if not the job's own scenario."""


_PROVIDER_STATES = Step("UpdateDraStateTask", "UpdateDraState", "Updating the provider states", (2, 6))
_BOOT = Step("StartVmOnSecondary", "VmFoStartVmOnSecondary", "Start the replica virtual machine", (8, 40))
_FAILOVER = Step("FailoverTask", "VmFailover", "Start failover", (140, 420))

KINDS: dict[str, JobKind] = {
    "CreateSite": JobKind(
        "Create a site",
        SERVER,
        (Step("RegisterVMMTask", "RegisterVmmTask", "Registering the server", (0.4, 1.2)),),
        can_cancel=False,
    ),
    "RegisterDra": JobKind(
        "Register the Azure Site Recovery Provider",
        SERVER,
        (Step("RegisterDraTask", "RegisterDraTask", "Registering the provider", (12, 25)),),
        can_cancel=False,
    ),
    "UnregisterDra": JobKind(
        "Unregister Server",
        SERVER,
        (
            Step(
                "UnregisterDraPreflightCheckTask",
                "UnregisterDraPreflightCheckTask",
                "Prerequisite check for Unregistering Recovery Services Provider",
                (0.3, 1),
            ),
            Step("CleanupDraTask", "CleanupDraTask", "Cleaning up host information", (6, 12)),
            Step("UnregisterDraTask", "UnregisterDraTask", "Removing associated Azure data", (2, 5)),
        ),
        can_cancel=False,
    ),
    "RefreshFabricLayout": JobKind(
        "Refresh server details",
        SERVER,
        (
            Step("RefreshFabricLayoutTask", "RefreshFabricLayoutTask", "Getting details from server", (60, 110)),
            Step("WaitForLayoutProcessingTask", "WaitForLayoutProcessingTask", "Processing details", None),
        ),
    ),
    "CheckVmmConsistency": JobKind(
        "Consistency check",
        SERVER,
        (
            Step("", "VmmResyncTask", "Establish a connection with the server or site", (1, 4)),
            Step("", "CheckPEConsistencyTask", "Complete the consistency check", (3, 9)),
        ),
        can_cancel=False,
    ),
    "UnregisterFabric": JobKind(
        "Delete server",
        SERVER,
        (
            Step(
                "UnregisterFabricPreflightChecksTask",
                "UnregisterFabricPreflightCheckTask",
                "Prerequisites check for deleting the server",
                (0.3, 1),
            ),
            Step("CleanupFabricTask", "CleanupFabricTask", "Cleaning up the provider settings", (1, 2)),
            Step("UnregisterFabricTask", "UnregisterFabricTask", "Deleting the server", (1, 2)),
        ),
        can_cancel=False,
    ),
    "PurgeVMM": JobKind(
        "Delete the server",
        SERVER,
        (
            Step(
                "PurgeFabricPreflightChecksTask",
                "PurgeFabricPreflightChecksTask",
                "Prerequisites check for deleting the server",
                (0.3, 1),
            ),
            Step("PurgeFabricTask", "PurgeFabricTask", "Deleting the server", (2, 4)),
        ),
        can_cancel=False,
    ),
    "AddProtectionProfile": JobKind(
        "Create replication policy",
        PROFILE,
        (
            Step(
                "AddProtectionProfilePreflightsCheckTask",
                "AddProtectionProfilePreflightsCheckTask",
                "Prerequisites check for creating the replication policy",
                (0.1, 0.4),
            ),
            Step("AddProtectionProfileTask", "AddProtectionProfileTask", "Creating the replication policy", (0.2, 1.4)),
        ),
        can_restart=True,
    ),
    "ModifyProtectionProfile": JobKind(
        "Modify settings of the replication policy",
        PROFILE,
        (
            Step(
                "ModifyProtectionProfilePreflightChecksTask",
                "ModifyProtectionProfilePreflightChecksTask",
                "Prerequisites check for updating the replication policy",
                (0.1, 0.5),
            ),
            Step(
                "ModifyProtectionProfileAssociationParentTask",
                "ModifyProtectionProfileAssociationParentTask",
                "Updating replication configuration",
                None,
            ),
            Step(
                "ModifyProtectionProfileTask",
                "ModifyProtectionProfileTask",
                "Updating the replication policy settings",
                (0.4, 1.5),
            ),
        ),
    ),
    "RemoveProtectionProfile": JobKind(
        "Remove the replication policy",
        PROFILE,
        (
            Step(
                "RemoveProtectionProfilePreflightsCheckTask",
                "RemoveProtectionProfilePreflightsCheckTask",
                "Checking prerequisites for replication policy removal",
                (0.1, 0.5),
            ),
            Step(
                "RemoveProtectionProfileTask",
                "RemoveProtectionProfileTask",
                "Removing the replication policy",
                (0.5, 4),
            ),
        ),
        can_restart=True,
    ),
    "AssociateProtectionProfile": JobKind(
        "Associate replication policy",
        PROFILE,
        (
            Step(
                "CloudPairingWfPreflightChecksTask",
                "CloudPairingPrerequisitesCheck",
                "Check protection prerequisites",
                (0.5, 2),
            ),
            Step("CloudPairingWfPrepareSiteTask", "CloudPairingPrepareSite", "Prepare the server", (4, 40)),
            Step(
                "CloudPairingWfPrepareCloudForPairingTask",
                "CloudPairingPrepareCloud",
                "Prepare for configuring protection",
                (3, 30),
            ),
            Step(
                "CloudPairingWfPairCloudsTask", "CloudPairingPairClouds", "Configure the protection settings", (3, 40)
            ),
        ),
    ),
    "DissociateProtectionProfile": JobKind(
        "Dissociate replication policy",
        PROFILE,
        (
            Step(
                "CloudUnpairingWfPreflightChecksTask",
                "CloudUnpairingPrerequisitesCheck",
                "Prerequisites check for dissociating the replication policy",
                (0.3, 1),
            ),
            Step(
                "CloudUnpairingWfUnpairCloudsTask",
                "CloudUnpairingUnpairClouds",
                "Remove the protection configuration",
                (0.5, 6),
            ),
            Step(
                "CloudUnpairingWfCleanupCloudsTask",
                "CloudUnpairingCleanupClouds",
                "Clean up the protection configuration",
                (0.5, 5),
            ),
            Step(
                "CloudUnpairingWfCleanupSiteTask", "CloudUnpairingCleanupSite", "Clean up the configuration", (0.3, 4)
            ),
        ),
        can_restart=True,
    ),
    "PurgeProtectionProfileAssociation": JobKind(
        "Purge association between the replication policy and containers",
        PROFILE,
        (
            Step(
                "PurgeCloudPairPreflightChecksTask",
                "PurgeCloudPairPreflightChecksTask",
                "Performing initial checks",
                (0.2, 0.6),
            ),
            Step("PurgeCloudPairTask", "PurgeCloudPairTask", "Removing the protection configuration", (0.5, 2)),
        ),
    ),
    "EnableDr": JobKind(
        "Enable replication",
        ITEM,
        (
            Step(
                "EnableProtectionPreflightChecksTask",
                "EnableProtectionPrerequisitesCheck",
                "Prerequisites check for enabling protection",
                (2, 6),
            ),
            Step("CreateProtectionTargetTask", "CreateProtectionTarget", "Identifying the replication target", (3, 15)),
            Step("EnableProtectionTask", "EnableProtection", "Enable replication", (6, 16)),
            Step("StartInitialReplicationTask", "VmStartInitialReplication", "Starting initial replication", (4, 12)),
            _PROVIDER_STATES,
        ),
        can_restart=True,
        scenario_on_item="EnableProtection",
    ),
    "IrCompletion": JobKind(
        "Finalize protection on the virtual machine",
        ITEM,
        (
            Step(
                "CompleteInitialReplicationTask", "CompleteInitialReplication", "Complete initial replication", (0.3, 1)
            ),
            Step(
                "ReplicaConfigurationPreflightChecksTask",
                "FailWorkflowOnIRFailureTask",
                "Finalizing initial replication",
                (0.2, 0.6),
            ),
            Step(
                "ReplicaConfigurationTask",
                "ReplicaConfiguration",
                "Complete network and post-replication configuration",
                (6, 14),
            ),
            _PROVIDER_STATES,
        ),
        can_cancel=False,
        scenario_on_item="EnableProtection",
    ),
    "UpdateVmProperties": JobKind(
        "Update the virtual machine",
        ITEM,
        (Step("", "UpdateVmPropertiesTask", "Update the virtual machine properties", (0.5, 3)),),
    ),
    "RepairVMReplication": JobKind(
        "Resynchronize the virtual machine",
        ITEM,
        (Step("", "RepairVmReplicationTask", "Starting resynchronization for the virtual machine", (50, 90)),),
    ),
    "TestFailover": JobKind(
        "Test failover",
        ITEM,
        (
            Step(
                "TestFailoverPreflightChecksTask",
                "VmTfoPrerequisitesCheck",
                "Prerequisites check for test failover",
                (1, 4),
            ),
            Step("BeginTestFailoverTask", "VmTfoInitiateFailover", "Starting test failover", (110, 420)),
            Step("PrepareTestProtectedEntitiesTask", "VmTfoPrepareTestVm", "Creating test virtual machine", (55, 150)),
            Step("BootTestProtectedEntitiesTask", "VmTfoBootTestVm", "Start the virtual machine", (1, 20)),
        ),
        details_type="TestFailoverJobDetails",
    ),
    "TestFailoverCleanup": JobKind(
        "Test failover cleanup",
        ITEM,
        (
            Step(
                "TestFailoverCleanupPreflightChecksTask",
                "VmTfoCleanupPreflightsCheck",
                "Prerequisites check for test failover cleanup",
                (0.3, 1),
            ),
            Step("EndTestFailoverTask", "VmTfoEndFailover", "Ending test failover", (0.4, 2)),
            Step(
                "CleanupTestProtectedEntitiesTask",
                "VmTfoDeleteTestVm",
                "Clean up the test virtual machine",
                (90, 180),
            ),
        ),
        can_restart=True,
        details_type="TestFailoverJobDetails",
    ),
    "PlannedFailover": JobKind(
        "Planned failover",
        ITEM,
        (
            Step(
                "PlannedFailoverPreflightChecksTask",
                "VmPfoPrerequisitesCheck",
                "Prerequisites check for planned failover",
                (1, 4),
            ),
            Step("ShutdownVmOnPrimary", "VmShutdownVmOnPrimary", "Shut down the virtual machine", (20, 60)),
            Step("PrepareForFailoverTask", "VmPrepareForFailover", "Preparing for failover", (30, 80)),
            _FAILOVER,
            _BOOT,
        ),
    ),
    "UnplannedFailover": JobKind(
        "Failover",
        ITEM,
        (
            Step(
                "UnplannedFailoverPreflightChecksTask",
                "VmUfoPrerequisitesCheck",
                "Prerequisites check for failover",
                (0.3, 2),
            ),
            Step("ShutdownVmOnPrimaryForUFO", "VmShutdownVmOnPrimary", "Shut down the virtual machine", (0.2, 50)),
            Step(
                "PrepareForUnPlannedFailoverTask",
                "VmPrepareForUnPlannedFailover",
                "Synchronizing the latest changes",
                (20, 70),
            ),
            _FAILOVER,
            _BOOT,
        ),
    ),
    "ChangePit": JobKind(
        "Change the recovery point",
        ITEM,
        (
            Step("", "ChangePitPreflightCheck", "Change the prerequisites check", (1, 3)),
            Step("", "ShutdownVmRecovery", "Shutdown the virtual machine on recovery", (40, 80)),
            Step("", "CancelFailoverRecovery", "Cancel failover recovery", (60, 110)),
            Step("", "VmFailover", "Start failover", (150, 260)),
            Step("", "VmFoStartVmOnSecondary", "Start the replica virtual machine", (2, 20)),
        ),
    ),
    "CommitFailover": JobKind(
        "Commit",
        ITEM,
        (
            Step("", "VmCommitPrerequisitesCheck", "Prerequisite check", (0.1, 0.4)),
            Step("", "VmCommit", "Commit", (0.4, 1.5)),
        ),
    ),
    "FinalizeFailback": JobKind(
        "Commit",
        ITEM,
        (
            Step("", "VmCommitPrerequisitesCheck", "Prerequisite check", (0.3, 1)),
            Step("", "VmCommit", "Commit", (30, 60)),
        ),
    ),
    "Failback": JobKind(
        "Planned failover",
        ITEM,
        (
            Step("", "VmPfoPrerequisitesCheck", "Prerequisites check for planned failover", (1, 4)),
            Step("", "PrepareVmOnPremForFailback", "Preparing the on-premises virtual machine", (20, 60)),
            Step("", "VmShutdownVmOnPrimary", "Shut down the virtual machine", (30, 70)),
            Step("", "VmFailover", "Start failover", (240, 480)),
            Step("", "VmFoStartVmOnSecondary", "Start the replica virtual machine", (5, 20)),
        ),
    ),
    "ReprotectReplicationGroup": JobKind(
        "Reverse replication",
        ITEM,
        (
            Step("CreateProtectionTargetTask", "CreateProtectionTarget", "Identifying the replication target", (6, 14)),
            Step("EnableProtectionTask", "EnableProtection", "Enable replication", (8, 16)),
            Step("StartInitialReplicationTask", "VmStartInitialReplication", "Starting initial replication", (5, 12)),
        ),
        can_restart=True,
        scenario_on_item="EnableProtection",
    ),
    "DisableDr": JobKind(
        "Disable replication",
        ITEM,
        (
            Step(
                "DisableProtectionOnPrimaryTask",
                "DisableProtectionOnPrimary",
                "Disable replication on the source location",
                (3, 30),
            ),
            Step(
                "DisableProtectionOnSecondaryTask",
                "DisableProtectionOnSecondary",
                "Disable replication on the target location",
                (2, 15),
            ),
            _PROVIDER_STATES,
        ),
        can_cancel=False,
        can_restart=True,
        scenario_on_item="DisableProtection",
    ),
    "PurgeVm": JobKind(
        "Remove the virtual machine from the vault",
        ITEM,
        (Step("PurgeVmTask", "PurgeVmTask", "Removing protection data for the virtual machine", (1, 6)),),
        can_cancel=False,
        scenario_on_item="DisableProtection",
    ),
    "RefreshVaultHealth": JobKind(
        "Refresh vault health",
        VAULT,
        (Step("RefreshFailoverHealthTask", "RefreshFailoverHealthTask", "Refreshing failover health", (0.3, 1.2)),),
    ),
    "SaveRecoveryPlan": JobKind(
        "Save a recovery plan", PLAN, (Step("", "SaveRecoveryPlanTask", "Save a recovery plan task", (0.3, 1)),)
    ),
    "DeleteRecoveryPlan": JobKind(
        "Delete a recovery plan", PLAN, (Step("", "DeleteRecoveryPlanTask", "Delete a recovery plan task", (0.3, 1)),)
    ),
}

PLAN_SCENARIOS: dict[str, str] = {
    "TestFailover": "Test failover",
    "TestFailoverCleanup": "Test failover cleanup",
    "PlannedFailover": "Planned failover",
    "UnplannedFailover": "Failover",
    "CommitFailover": "Commit",
}
"""What a recovery plan can run: the scenario, which each machine's own job shares, and its friendly name."""
