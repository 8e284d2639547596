"""Somebody with some roles at some scopes, and what is found of a purpose then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.domain.arm_id import (
    ArmId,
    resource_group_id,
    storage_account_id,
    subscription_id,
    vault_id,
    virtual_network_id,
)
from app.domain.rights import (
    Caller,
    Denial,
    Finding,
    Lock,
    Permission,
    Place,
    PurposeKind,
    RightsSubject,
    ScopeRights,
    When,
    is_within,
)
from app.domain.rights_judging import judge
from app.rules import load_rules

S = "5a1b7c2e-0d34-4f6a-9b58-2c7e1f90d3a4"
VAULT_GROUP = resource_group_id(S, "rg-vault")
TARGET_GROUP = resource_group_id(S, "rg-target")
VAULT = vault_id(S, "rg-vault", "asr")
STORAGE = storage_account_id(S, "rg-target", "stdr")
NETWORK = virtual_network_id(S, "rg-network", "vnet-dr")
SCOPES = {
    Place.VAULT: (VAULT,),
    Place.VAULT_GROUP: (VAULT_GROUP,),
    Place.SUBSCRIPTION: (subscription_id(S),),
    Place.TARGET_GROUP: (TARGET_GROUP,),
    Place.TARGET_SUBSCRIPTION: (subscription_id(S),),
    Place.NETWORK: (NETWORK,),
    Place.STORAGE: (STORAGE,),
}
EXISTING = frozenset({When.OLD_VAULT, When.OLD_TARGET_GROUP, When.OLD_STORAGE, When.OLD_NETWORK})
ALL_NEW = frozenset(When) - EXISTING
RULES = load_rules().rights
BUILT_IN = {role.name: role.permission for role in RULES.roles}
OWN = {
    "own: all but deletions": Permission(("*",), ("*/delete",)),
    "own: failover in capitals": Permission(("MICROSOFT.RECOVERYSERVICES/VAULTS/*/TESTFAILOVER/ACTION",)),
    "own: all of vaults but policies": Permission(
        ("Microsoft.RecoveryServices/*",), ("Microsoft.RecoveryServices/vaults/replicationPolicies/*",)
    ),
    "own: policies": Permission(("Microsoft.RecoveryServices/vaults/replicationPolicies/*",)),
    "own: nothing": Permission(),
    "own: hosts come, and stay": Permission(
        ("Microsoft.RecoveryServices/vaults/*",),
        ("Microsoft.RecoveryServices/vaults/*/remove/action", "Microsoft.RecoveryServices/vaults/*/delete"),
    ),
}
PLACES = {
    "vault": VAULT,
    "vault group": VAULT_GROUP,
    "target group": TARGET_GROUP,
    "network": NETWORK,
    "storage": STORAGE,
    "subscription": subscription_id(S),
}
ME = Caller("me", "me@contoso.com", frozenset({"me", "my-group"}), knows_groups=True)
VAULTS = "Microsoft.RecoveryServices/vaults"
PROTECTION = f"{VAULTS}/replicationFabrics/replicationProtectionContainers"
PROTECTED_ITEMS = f"{PROTECTION}/replicationProtectedItems"
ACCOUNTS = "Microsoft.Storage/storageAccounts"
GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"
KEY = {f"{VAULTS}/certificates/write", f"{VAULTS}/extendedInformation/read", f"{VAULTS}/extendedInformation/write"}
KEY_WRITES = KEY - {f"{VAULTS}/extendedInformation/read"}
SOURCE_READS = {
    f"{VAULTS}/replicationFabrics/read",
    f"{VAULTS}/replicationFabrics/replicationRecoveryServicesProviders/read",
    f"{PROTECTION}/read",
}
PROVIDERS = f"{VAULTS}/replicationFabrics/replicationRecoveryServicesProviders"
REFRESH, REMOVE, FORGET = (
    {f"{PROVIDERS}/refreshProvider/action"},
    {f"{PROVIDERS}/remove/action"},
    {f"{PROVIDERS}/delete"},
)
DISSOCIATE = {f"{PROTECTION}/replicationProtectionContainerMappings/remove/action"}
REMOVE_SITE = REMOVE | DISSOCIATE | {f"{VAULTS}/replicationFabrics/remove/action"}
HOSTS = {"refresh_host": REFRESH, "remove_host": REMOVE, "forget_host": FORGET, "remove_site": REMOVE_SITE}
POLICIES = {
    "change_policy": {f"{VAULTS}/replicationPolicies/write"},
    "associate_policy": {f"{PROTECTION}/replicationProtectionContainerMappings/write"},
    "dissociate_policy": DISSOCIATE,
    "delete_policy": {f"{VAULTS}/replicationPolicies/delete"},
}
SETTINGS_READS = {
    f"{VAULTS}/replicationPolicies/read",
    f"{PROTECTION}/replicationProtectionContainerMappings/read",
}
MAKE_MACHINES = {
    "Microsoft.Compute/virtualMachines/write",
    "Microsoft.Compute/virtualMachines/delete",
    "Microsoft.Network/networkInterfaces/write",
    "Microsoft.Network/networkInterfaces/delete",
    "Microsoft.Network/networkInterfaces/join/action",
    "Microsoft.Resources/deployments/write",
}
READ_MACHINES = {"Microsoft.Compute/virtualMachines/read", "Microsoft.Network/networkInterfaces/read"}
JOIN = {"Microsoft.Network/virtualNetworks/subnets/join/action"}
KEYS = {f"{ACCOUNTS}/listKeys/action"}
CONTAINERS = {f"{ACCOUNTS}/blobServices/containers/write", f"{ACCOUNTS}/blobServices/containers/delete"}
BLOBS = {f"{ACCOUNTS}/blobServices/containers/blobs/write"}
LOOK = {
    f"{VAULTS}/read",
    f"{VAULTS}/replicationFabrics/read",
    f"{PROTECTED_ITEMS}/read",
    f"{PROTECTED_ITEMS}/recoveryPoints/read",
    f"{VAULTS}/replicationPolicies/read",
    f"{VAULTS}/replicationJobs/read",
    f"{VAULTS}/replicationEvents/read",
}
SRC, SRO, SRR = "Site Recovery Contributor", "Site Recovery Operator", "Site Recovery Reader"
VMC, NC, SAC = "Virtual Machine Contributor", "Network Contributor", "Storage Account Contributor"
OPERATIONS = {
    "test_failover": {f"{PROTECTED_ITEMS}/testFailover/action"},
    "clean_up": {f"{PROTECTED_ITEMS}/testFailoverCleanup/action"},
    "planned_failover": {f"{PROTECTED_ITEMS}/plannedFailover/action"},
    "unplanned_failover": {f"{PROTECTED_ITEMS}/unplannedFailover/action"},
    "commit": {f"{PROTECTED_ITEMS}/failoverCommit/action"},
}
Assignments = Mapping[str, tuple[str, ...]]


def rights_with(assignments: Assignments) -> dict[ArmId, ScopeRights]:
    """What somebody with these roles would be told at each scope: their own and what is inherited."""
    known = BUILT_IN | OWN
    read: dict[ArmId, ScopeRights] = {}
    for (scope,) in SCOPES.values():
        held = [
            known[name] for place, names in assignments.items() for name in names if is_within(scope, PLACES[place])
        ]
        read[scope] = ScopeRights(scope, scope, tuple(held))
    return read


def find(
    purpose_id: str,
    assignments: Assignments,
    facts: frozenset[When] = EXISTING,
    locks: tuple[Lock, ...] = (),
    denials: tuple[Denial, ...] = (),
    caller: Caller = ME,
) -> Finding:
    subject = RightsSubject(frozenset(PurposeKind), SCOPES, facts)
    read = {scope: replace(rights, denials=denials) for scope, rights in rights_with(assignments).items()}
    findings = judge(RULES.purposes, RULES.roles, subject, read, locks, caller)
    return next(finding for finding in findings if finding.purpose.id == purpose_id)


def missing_in(finding: Finding) -> dict[str, set[str]]:
    """By place, what no role allows."""
    found: dict[str, set[str]] = {}
    for gap in finding.gaps:
        if gap.missing or gap.missing_data:
            found.setdefault(gap.place.value, set()).update(gap.missing, gap.missing_data)
    return found
