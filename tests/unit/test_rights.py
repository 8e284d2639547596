"""Who lacks what: built-in and own roles at different scopes, held against what each step and operation needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

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
    LockLevel,
    Permission,
    Place,
    PurposeKind,
    RightsSubject,
    ScopeRights,
    Standing,
    When,
    fits,
    is_within,
)
from app.domain.rights_judging import judge, smallest_roles
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

_V = "Microsoft.RecoveryServices/vaults"
_C = f"{_V}/replicationFabrics/replicationProtectionContainers"
_PI = f"{_C}/replicationProtectedItems"
_ST = "Microsoft.Storage/storageAccounts"
_GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"
KEY = {f"{_V}/certificates/write", f"{_V}/extendedInformation/read", f"{_V}/extendedInformation/write"}
KEY_WRITES = KEY - {f"{_V}/extendedInformation/read"}
SOURCE_READS = {
    f"{_V}/replicationFabrics/read",
    f"{_V}/replicationFabrics/replicationRecoveryServicesProviders/read",
    f"{_C}/read",
}
_HOST = f"{_V}/replicationFabrics/replicationRecoveryServicesProviders"
REFRESH, REMOVE, FORGET = {f"{_HOST}/refreshProvider/action"}, {f"{_HOST}/remove/action"}, {f"{_HOST}/delete"}
DISSOCIATE = {f"{_C}/replicationProtectionContainerMappings/remove/action"}
REMOVE_SITE = REMOVE | DISSOCIATE | {f"{_V}/replicationFabrics/remove/action"}
HOSTS = {"refresh_host": REFRESH, "remove_host": REMOVE, "forget_host": FORGET, "remove_site": REMOVE_SITE}
POLICIES = {
    "change_policy": {f"{_V}/replicationPolicies/write"},
    "associate_policy": {f"{_C}/replicationProtectionContainerMappings/write"},
    "dissociate_policy": DISSOCIATE,
    "delete_policy": {f"{_V}/replicationPolicies/delete"},
}
SETTINGS_READS = {f"{_V}/replicationPolicies/read", f"{_C}/replicationProtectionContainerMappings/read"}
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
KEYS = {f"{_ST}/listKeys/action"}
CONTAINERS = {f"{_ST}/blobServices/containers/write", f"{_ST}/blobServices/containers/delete"}
BLOBS = {f"{_ST}/blobServices/containers/blobs/write"}
LOOK = {
    f"{_V}/read",
    f"{_V}/replicationFabrics/read",
    f"{_PI}/read",
    f"{_PI}/recoveryPoints/read",
    f"{_V}/replicationPolicies/read",
    f"{_V}/replicationJobs/read",
    f"{_V}/replicationEvents/read",
}
SRC, SRO, SRR = "Site Recovery Contributor", "Site Recovery Operator", "Site Recovery Reader"
VMC, NC, SAC = "Virtual Machine Contributor", "Network Contributor", "Storage Account Contributor"
OPERATIONS = {
    "test_failover": {f"{_PI}/testFailover/action"},
    "clean_up": {f"{_PI}/testFailoverCleanup/action"},
    "planned_failover": {f"{_PI}/plannedFailover/action"},
    "unplanned_failover": {f"{_PI}/unplannedFailover/action"},
    "commit": {f"{_PI}/failoverCommit/action"},
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


Missing = dict[str, set[str]]
CASES: list[tuple[str, Assignments, str, frozenset[When], Missing]] = [
    # Everything, and nothing
    ("owner", {"subscription": ("Owner",)}, "enable", EXISTING, {}),
    ("owner", {"subscription": ("Owner",)}, "vault", ALL_NEW, {}),
    ("owner lacks data", {"subscription": ("Owner",)}, "capacity", EXISTING, {"storage": BLOBS}),
    ("contributor", {"subscription": ("Contributor",)}, "enable", EXISTING, {}),
    ("contributor", {"subscription": ("Contributor",)}, "target", ALL_NEW, {}),
    ("nobody", {}, "vault", EXISTING, {"vault": {f"{_V}/read"}}),
    ("nobody", {}, "source", EXISTING, {"vault": SOURCE_READS | KEY}),
    ("nobody", {}, "look", EXISTING, {"vault": LOOK}),
    ("nobody", {}, "machines", EXISTING, {"target_group": READ_MACHINES}),
    ("empty role", {"subscription": ("own: nothing",)}, "look", EXISTING, {"vault": LOOK}),
    # Reader of everything
    ("reader", {"subscription": ("Reader",)}, "vault", EXISTING, {}),
    ("reader", {"subscription": ("Reader",)}, "source", EXISTING, {"vault": KEY_WRITES}),
    ("reader", {"subscription": ("Reader",)}, "target", EXISTING, {}),
    ("reader", {"subscription": ("Reader",)}, "settings", EXISTING, {}),
    (
        "reader",
        {"subscription": ("Reader",)},
        "enable",
        EXISTING,
        {"vault": {f"{_PI}/write"}, "target_group": MAKE_MACHINES, "network": JOIN, "storage": KEYS},
    ),
    ("reader", {"subscription": ("Reader",)}, "look", EXISTING, {}),
    *(
        (f"reader {name}", {"subscription": ("Reader",)}, name, EXISTING, {"vault": needed})
        for name, needed in OPERATIONS.items()
    ),
    # New things
    ("reader", {"subscription": ("Reader",)}, "vault", frozenset({When.NEW_VAULT}), {"vault_group": {f"{_V}/write"}}),
    (
        "contributor of the vault's group",
        {"vault group": ("Contributor",)},
        "vault",
        ALL_NEW,
        {"subscription": {f"{_GROUPS}/write", "Microsoft.RecoveryServices/register/action"}},
    ),
    (
        "reader",
        {"subscription": ("Reader",)},
        "target",
        ALL_NEW,
        {
            "target_subscription": {f"{_GROUPS}/write"},
            "target_group": {f"{_ST}/write", "Microsoft.Network/virtualNetworks/write"},
        },
    ),
    (
        "storage alone",
        {"target group": (SAC,)},
        "target",
        frozenset({When.NEW_STORAGE, When.NEW_NETWORK}),
        {"target_group": {"Microsoft.Network/virtualNetworks/read", "Microsoft.Network/virtualNetworks/write"}},
    ),
    ("both", {"target group": (SAC, NC)}, "target", frozenset({When.NEW_STORAGE, When.NEW_NETWORK}), {}),
    # Site Recovery roles on the vault
    ("contributor of the vault", {"vault": (SRC,)}, "source", EXISTING | {When.NEW_SITE}, {}),
    ("contributor of the vault", {"vault": (SRC,)}, "settings", EXISTING | {When.NEW_POLICY, When.NEW_MAPPING}, {}),
    (
        "contributor of the vault alone",
        {"vault": (SRC,)},
        "enable",
        EXISTING,
        {
            "target_group": MAKE_MACHINES
            | READ_MACHINES
            | {"Microsoft.Compute/availabilitySets/read", "Microsoft.Resources/deployments/read", f"{_GROUPS}/read"},
            "network": JOIN | {"Microsoft.Network/virtualNetworks/read"},
            "storage": KEYS | {f"{_ST}/read"},
        },
    ),
    (
        "as the preparation page says",
        {"vault": (SRC,), "target group": (VMC,), "network": (VMC,)},
        "enable",
        EXISTING,
        {},
    ),
    (
        "without the network",
        {"vault": (SRC,), "target group": (VMC,)},
        "enable",
        EXISTING,
        {"network": JOIN | {"Microsoft.Network/virtualNetworks/read"}},
    ),
    ("network contributor", {"vault": (SRC,), "target group": (VMC,), "network": (NC,)}, "enable", EXISTING, {}),
    ("contributor cannot make vaults", {"vault group": (SRC,)}, "vault", frozenset({When.NEW_VAULT}), {
        "vault_group": {f"{_V}/write"}
    }),
    *(
        (f"operator {name}", {"vault": (SRO,), "network": ("Reader",)}, name, EXISTING, {})
        for name in (*OPERATIONS, "look")
    ),
    (
        "operator without the network",
        {"vault": (SRO,)},
        "test_failover",
        EXISTING,
        {"network": {"Microsoft.Network/virtualNetworks/read"}},
    ),
    ("operator", {"vault": (SRO,)}, "source", EXISTING | {When.NEW_SITE}, {
        "vault": KEY_WRITES | {f"{_V}/replicationFabrics/write"}
    }),
    ("operator", {"vault": (SRO,)}, "settings", EXISTING | {When.NEW_POLICY, When.NEW_MAPPING}, {
        "vault": {f"{_V}/replicationPolicies/write", f"{_C}/replicationProtectionContainerMappings/write"}
    }),
    ("reader of Site Recovery", {"vault": (SRR,)}, "look", EXISTING, {}),
    ("reader of Site Recovery", {"vault": (SRR,)}, "commit", EXISTING, {"vault": OPERATIONS["commit"]}),
    ("two roles add up", {"vault": (SRR,), "vault group": (SRO,)}, "commit", EXISTING, {}),
    # Hosts and sites
    *(("contributor", {"subscription": ("Contributor",)}, name, EXISTING, {}) for name in HOSTS),
    *(("contributor of the vault", {"vault": (SRC,)}, name, EXISTING, {}) for name in HOSTS),
    ("operator refreshes", {"vault": (SRO,)}, "refresh_host", EXISTING, {}),
    *(
        (f"operator removes nothing: {name}", {"vault": (SRO,)}, name, EXISTING, {"vault": needed})
        for name, needed in HOSTS.items()
        if name != "refresh_host"
    ),
    *(
        ("reader", {"subscription": ("Reader",)}, name, EXISTING, {"vault": needed})
        for name, needed in HOSTS.items()
    ),
    *(
        ("reader of Site Recovery", {"vault": (SRR,)}, name, EXISTING, {"vault": needed})
        for name, needed in HOSTS.items()
    ),
    ("contributor of another group", {"target group": ("Contributor",)}, "remove_site", EXISTING, {
        "vault": REMOVE_SITE
    }),
    ("hosts come", {"vault": ("own: hosts come, and stay",)}, "source", EXISTING | {When.NEW_SITE}, {}),
    ("hosts report", {"vault": ("own: hosts come, and stay",)}, "refresh_host", EXISTING, {}),
    ("and stay", {"vault": ("own: hosts come, and stay",)}, "remove_host", EXISTING, {"vault": REMOVE}),
    ("the site, too", {"vault": ("own: hosts come, and stay",)}, "remove_site", EXISTING, {"vault": REMOVE_SITE}),
    # Policies
    *(("contributor of the vault", {"vault": (SRC,)}, name, EXISTING, {}) for name in POLICIES),
    *(
        (f"operator does nothing to policies: {name}", {"vault": (SRO,)}, name, EXISTING, {"vault": needed})
        for name, needed in POLICIES.items()
    ),
    *(
        ("reader", {"subscription": ("Reader",)}, name, EXISTING, {"vault": needed})
        for name, needed in POLICIES.items()
    ),
    ("policies alone", {"vault": ("own: policies",)}, "change_policy", EXISTING, {}),
    ("policies alone", {"vault": ("own: policies",)}, "associate_policy", EXISTING, {
        "vault": POLICIES["associate_policy"]
    }),
    # Where a role is given
    ("inherited from the group", {"vault group": (SRC,)}, "settings", EXISTING | {When.NEW_POLICY}, {}),
    ("given beside", {"target group": (SRC,)}, "settings", EXISTING, {"vault": SETTINGS_READS}),
    ("given below", {"vault": ("Owner",)}, "machines", EXISTING, {"target_group": READ_MACHINES}),
    ("machines in the group", {"target group": (VMC,)}, "machines", EXISTING, {}),
    # Measuring
    ("data role", {"storage": ("Storage Blob Data Contributor",)}, "capacity", EXISTING, {}),
    ("keys are no data role", {"storage": (SAC,)}, "capacity", EXISTING, {"storage": BLOBS}),
    ("reader", {"storage": ("Reader",)}, "capacity", EXISTING, {"storage": CONTAINERS | BLOBS}),
    # Own roles: patterns and exceptions
    ("all but deletions", {"subscription": ("own: all but deletions",)}, "enable", EXISTING, {
        "target_group": {"Microsoft.Compute/virtualMachines/delete", "Microsoft.Network/networkInterfaces/delete"}
    }),
    ("capitals and a star inside", {"vault": ("own: failover in capitals",), "network": ("Reader",)}, "test_failover",
     EXISTING, {}),
    ("exception", {"vault": ("own: all of vaults but policies",)}, "settings", EXISTING | {When.NEW_POLICY}, {
        "vault": {f"{_V}/replicationPolicies/read", f"{_V}/replicationPolicies/write"}
    }),
    ("an exception of one role lessens no other", {"vault": ("own: all of vaults but policies", "own: policies")},
     "settings", EXISTING | {When.NEW_POLICY}, {}),
]  # fmt: skip


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 70


@pytest.mark.parametrize(
    ("assignments", "purpose", "facts", "missing"),
    [pytest.param(*case[1:], id=f"{case[0]}: {case[2]} {number}") for number, case in enumerate(CASES)],
)
def test_exactly_what_is_missing_is_told(
    assignments: Assignments, purpose: str, facts: frozenset[When], missing: Missing
) -> None:
    finding = find(purpose, assignments, facts)
    assert missing_in(finding) == missing
    assert finding.standing is (Standing.MISSING if missing else Standing.READY)


@pytest.mark.parametrize(
    ("assignments", "purpose", "facts"),
    [pytest.param(*case[1:4], id=f"{case[0]}: {case[2]} {number}") for number, case in enumerate(CASES) if case[4]],
)
def test_the_roles_that_are_named_mend_it(assignments: Assignments, purpose: str, facts: frozenset[When]) -> None:
    names = {scope: place for place, scope in PLACES.items()}
    mended = {place: tuple(roles) for place, roles in assignments.items()}
    for gap in find(purpose, assignments, facts).gaps:
        place = names[gap.scope]
        mended[place] = (*mended.get(place, ()), *(role.name for role in gap.roles))
    assert find(purpose, mended, facts).standing is Standing.READY


# Patterns


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("*", "Microsoft.Compute/virtualMachines/write", True),
        ("*/read", "Microsoft.Compute/virtualMachines/extensions/read", True),
        ("*/read", "Microsoft.Compute/virtualMachines/write", False),
        ("Microsoft.Compute/*", "microsoft.compute/virtualmachines/WRITE", True),
        ("Microsoft.Compute/virtualMachines/*", "Microsoft.Compute/virtualMachineScaleSets/read", False),
        ("Microsoft.Compute/*/read", "Microsoft.Compute/read", False),
        ("Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/virtualMachines/read/more", False),
        ("Microsoft.Compute.Extra/*", "MicrosoftxCompute.Extra/read", False),
    ],
)
def test_patterns_mean_what_azure_means_by_them(pattern: str, action: str, expected: bool) -> None:
    assert fits(pattern, action) is expected


# Deny assignments

MANAGED = Permission((f"{_PI}/*",), (f"{_PI}/read",))


def denial(**changes: object) -> Denial:
    return replace(Denial("managed", VAULT.text, MANAGED), **changes)  # type: ignore[arg-type]


def test_a_deny_assignment_wins_over_every_role() -> None:
    finding = find("commit", {"subscription": ("Owner",)}, denials=(denial(),))
    [gap] = finding.gaps
    assert [(each.action, each.denial.name) for each in gap.withheld] == [(f"{_PI}/failoverCommit/action", "managed")]
    assert (gap.missing, gap.roles) == ((), ())
    assert finding.standing is Standing.MISSING


def test_its_exceptions_are_not_withheld() -> None:
    finding = find("look", {"subscription": ("Owner",)}, denials=(denial(),))
    withheld = {each.action for gap in finding.gaps for each in gap.withheld}
    assert withheld == {f"{_PI}/recoveryPoints/read"}


@pytest.mark.parametrize(
    ("changes", "caller", "standing"),
    [
        ({"excluded": frozenset({"my-group"})}, ME, Standing.READY),
        ({"principals": frozenset({"somebody"})}, ME, Standing.READY),
        ({"principals": frozenset({"my-group"})}, ME, Standing.MISSING),
        ({"excluded": frozenset({"somebody"})}, ME, Standing.MISSING),
        ({"excluded": frozenset({"somebody"})}, Caller(), Standing.UNKNOWN),
        ({"principals": frozenset({"somebody"})}, Caller("me", ids=frozenset({"me"})), Standing.UNKNOWN),
        ({"principals": frozenset({"me"})}, Caller("me", ids=frozenset({"me"})), Standing.MISSING),
        ({}, Caller(), Standing.MISSING),
    ],
)
def test_it_is_about_those_it_names(changes: dict[str, object], caller: Caller, standing: Standing) -> None:
    finding = find("commit", {"subscription": ("Owner",)}, denials=(denial(**changes),), caller=caller)
    assert finding.standing is standing


# Locks


def lock(scope: ArmId, level: LockLevel) -> tuple[Lock, ...]:
    return (Lock("keep", scope, level),)


@pytest.mark.parametrize(
    ("scope", "level", "stopped"),
    [
        (VAULT, LockLevel.READ_ONLY, {"source", "enable", *OPERATIONS}),
        (VAULT_GROUP, LockLevel.READ_ONLY, {"source", "enable", *OPERATIONS}),
        (VAULT, LockLevel.CAN_NOT_DELETE, set()),
        (TARGET_GROUP, LockLevel.CAN_NOT_DELETE, {"clean_up"}),
        (
            TARGET_GROUP,
            LockLevel.READ_ONLY,
            {"enable", "test_failover", "clean_up", "planned_failover", "unplanned_failover"},
        ),
        (STORAGE, LockLevel.READ_ONLY, {"enable"}),
        (STORAGE, LockLevel.CAN_NOT_DELETE, set()),
        (NETWORK, LockLevel.READ_ONLY, set()),
        (subscription_id(S), LockLevel.CAN_NOT_DELETE, {"clean_up"}),
        (resource_group_id(S, "rg-vault-2"), LockLevel.READ_ONLY, set()),
    ],
)
def test_a_lock_stops_what_changes_there_and_below(scope: ArmId, level: LockLevel, stopped: set[str]) -> None:
    found = {
        purpose.id
        for purpose in RULES.purposes
        if not purpose.optional
        and find(purpose.id, {"subscription": ("Owner",)}, locks=lock(scope, level)).standing is Standing.LOCKED
    }
    assert found == stopped


@pytest.mark.parametrize(
    ("scope", "level", "stopped"),
    [
        (VAULT, LockLevel.CAN_NOT_DELETE, {"forget_host"}),
        (VAULT_GROUP, LockLevel.CAN_NOT_DELETE, {"forget_host"}),
        (VAULT, LockLevel.READ_ONLY, set(HOSTS)),
        (subscription_id(S), LockLevel.READ_ONLY, set(HOSTS)),
        (TARGET_GROUP, LockLevel.READ_ONLY, set()),
    ],
)
def test_a_lock_against_deletion_lets_hosts_be_removed_in_order(
    scope: ArmId, level: LockLevel, stopped: set[str]
) -> None:
    findings = {name: find(name, {"subscription": ("Owner",)}, locks=lock(scope, level)) for name in HOSTS}
    assert {name for name, finding in findings.items() if finding.standing is Standing.LOCKED} == stopped


@pytest.mark.parametrize("name", HOSTS)
def test_a_deny_assignment_withholds_what_an_owner_does_with_hosts(name: str) -> None:
    what = Permission(
        ("Microsoft.RecoveryServices/vaults/replicationFabrics/*",), ("*/read", "*/refreshProvider/action")
    )
    finding = find(name, {"subscription": ("Owner",)}, denials=(denial(what=what),))
    withheld = {each.action for gap in finding.gaps for each in gap.withheld}
    assert withheld == (set() if name == "refresh_host" else HOSTS[name])


@pytest.mark.parametrize(
    ("level", "stopped"), [(LockLevel.CAN_NOT_DELETE, {"delete_policy"}), (LockLevel.READ_ONLY, set(POLICIES))]
)
def test_a_lock_against_deletion_stops_the_deletion_of_policies_alone(level: LockLevel, stopped: set[str]) -> None:
    findings = {name: find(name, {"subscription": ("Owner",)}, locks=lock(VAULT, level)) for name in POLICIES}
    assert {name for name, finding in findings.items() if finding.standing is Standing.LOCKED} == stopped


def test_a_deny_assignment_withholds_the_registration_key_alone() -> None:
    denials = (denial(what=Permission((f"{_V}/certificates/*",))),)
    assert find("source", {"vault": (SRC,)}, denials=denials).standing is Standing.MISSING
    assert find("remove_site", {"vault": (SRC,)}, denials=denials).standing is Standing.READY


def test_missing_rights_come_before_a_lock() -> None:
    finding = find("commit", {"subscription": ("Reader",)}, locks=lock(VAULT, LockLevel.READ_ONLY))
    assert finding.standing is Standing.MISSING
    assert finding.gaps[0].stopped


# The smallest role


@pytest.mark.parametrize(
    ("actions", "at", "expected"),
    [
        ({f"{_V}/read"}, VAULT, (SRR,)),
        (OPERATIONS["commit"], VAULT, (SRO,)),
        ({f"{_PI}/write"}, VAULT, (SRC,)),
        (JOIN, NETWORK, (VMC,)),
        ({"Microsoft.Network/virtualNetworks/write"}, TARGET_GROUP, (NC,)),
        (KEYS, STORAGE, (VMC,)),
        ({f"{_ST}/write"}, TARGET_GROUP, (SAC,)),
        (MAKE_MACHINES, TARGET_GROUP, (VMC,)),
        ({f"{_GROUPS}/write"}, subscription_id(S), ("Contributor",)),
        (MAKE_MACHINES | {f"{_PI}/write"}, VAULT_GROUP, (SRC, VMC)),
        ({"Microsoft.Authorization/roleAssignments/write"}, VAULT, ("Owner",)),
        (set(), VAULT, ()),
    ],
)
def test_the_smallest_role_is_chosen(actions: set[str], at: ArmId, expected: tuple[str, ...]) -> None:
    assert {role.name for role in smallest_roles(RULES.roles, sorted(actions), at=at)} == set(expected)


# What is not known


def test_what_was_not_read_is_unknown_and_not_missing() -> None:
    subject = RightsSubject(frozenset({PurposeKind.OPERATION}), SCOPES, EXISTING)
    read = rights_with({"subscription": ("Owner",)})
    read[VAULT] = ScopeRights(VAULT, VAULT, unread="Could not read it.")
    findings = judge(RULES.purposes, RULES.roles, subject, read, (), ME)
    standing = {finding.purpose.id: finding.standing for finding in findings}
    assert standing["commit"] is Standing.UNKNOWN
    assert standing["machines"] is Standing.READY


def test_what_is_not_chosen_is_unknown_and_what_has_no_place_is_left_out() -> None:
    scopes = {Place.VAULT: (VAULT,)}
    subject = RightsSubject(frozenset({PurposeKind.STEP}), scopes, frozenset({When.OLD_VAULT}))
    findings = judge(RULES.purposes, RULES.roles, subject, rights_with({"subscription": ("Owner",)}), (), ME)
    standing = {finding.purpose.id: finding.standing for finding in findings}
    assert standing["enable"] is Standing.UNKNOWN
    assert standing["source"] is Standing.READY
    assert "target" not in standing


def test_nothing_is_asked_about_hosts_of_a_vault_that_is_not_there_yet() -> None:
    subject = RightsSubject(frozenset({PurposeKind.STEP}), SCOPES, ALL_NEW)
    findings = judge(RULES.purposes, RULES.roles, subject, rights_with({}), (), ME)
    assert not {finding.purpose.id for finding in findings} & set(HOSTS)


def test_rights_to_read_quotas_are_told_and_stop_nothing() -> None:
    (purpose,) = [each for each in RULES.purposes if each.id == "quotas"]
    assert purpose.optional
    reader = find("quotas", {"subscription": ("Reader",)})
    nobody = find("quotas", {"subscription": ("Site Recovery Contributor",)})
    assert reader.standing is Standing.READY
    assert nobody.standing is Standing.MISSING
    assert {action for gap in nobody.gaps for action in gap.missing} == {
        "Microsoft.Compute/locations/usages/read",
        "Microsoft.Network/locations/usages/read",
        "Microsoft.Compute/skus/read",
    }
