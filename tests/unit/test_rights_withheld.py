"""What deny assignments and locks take away from those who have the role for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.arm_id import (
    ArmId,
    resource_group_id,
    subscription_id,
)
from app.domain.rights import (
    Caller,
    Denial,
    Lock,
    LockLevel,
    Permission,
    Standing,
)
from tests.support.rights import (
    HOSTS,
    ME,
    NETWORK,
    OPERATIONS,
    POLICIES,
    PROTECTED_ITEMS,
    RULES,
    SRC,
    STORAGE,
    TARGET_GROUP,
    VAULT,
    VAULT_GROUP,
    VAULTS,
    S,
    find,
)

# Deny assignments

MANAGED = Permission((f"{PROTECTED_ITEMS}/*",), (f"{PROTECTED_ITEMS}/read",))


def denial(**changes: object) -> Denial:
    return replace(Denial("managed", VAULT.text, MANAGED), **changes)  # type: ignore[arg-type]


def test_a_deny_assignment_wins_over_every_role() -> None:
    finding = find("commit", {"subscription": ("Owner",)}, denials=(denial(),))
    [gap] = finding.gaps
    assert [(each.action, each.denial.name) for each in gap.withheld] == [
        (f"{PROTECTED_ITEMS}/failoverCommit/action", "managed")
    ]
    assert (gap.missing, gap.roles) == ((), ())
    assert finding.standing is Standing.MISSING


def test_its_exceptions_are_not_withheld() -> None:
    finding = find("look", {"subscription": ("Owner",)}, denials=(denial(),))
    withheld = {each.action for gap in finding.gaps for each in gap.withheld}
    assert withheld == {f"{PROTECTED_ITEMS}/recoveryPoints/read"}


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
    denials = (denial(what=Permission((f"{VAULTS}/certificates/*",))),)
    assert find("source", {"vault": (SRC,)}, denials=denials).standing is Standing.MISSING
    assert find("remove_site", {"vault": (SRC,)}, denials=denials).standing is Standing.READY


def test_missing_rights_come_before_a_lock() -> None:
    finding = find("commit", {"subscription": ("Reader",)}, locks=lock(VAULT, LockLevel.READ_ONLY))
    assert finding.standing is Standing.MISSING
    assert finding.gaps[0].stopped
