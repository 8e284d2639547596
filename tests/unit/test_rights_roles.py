"""What patterns of roles cover, and which role is the smallest that will do."""

from __future__ import annotations

import pytest

from app.domain.arm_id import (
    ArmId,
    subscription_id,
)
from app.domain.rights import (
    fits,
)
from app.domain.rights_judging import smallest_roles
from tests.support.rights import (
    ACCOUNTS,
    GROUPS,
    JOIN,
    KEYS,
    MAKE_MACHINES,
    NC,
    NETWORK,
    OPERATIONS,
    PROTECTED_ITEMS,
    RULES,
    SAC,
    SRC,
    SRO,
    SRR,
    STORAGE,
    TARGET_GROUP,
    VAULT,
    VAULT_GROUP,
    VAULTS,
    VMC,
    S,
)

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


# The smallest role


@pytest.mark.parametrize(
    ("actions", "at", "expected"),
    [
        ({f"{VAULTS}/read"}, VAULT, (SRR,)),
        (OPERATIONS["commit"], VAULT, (SRO,)),
        ({f"{PROTECTED_ITEMS}/write"}, VAULT, (SRC,)),
        (JOIN, NETWORK, (VMC,)),
        ({"Microsoft.Network/virtualNetworks/write"}, TARGET_GROUP, (NC,)),
        (KEYS, STORAGE, (VMC,)),
        ({f"{ACCOUNTS}/write"}, TARGET_GROUP, (SAC,)),
        (MAKE_MACHINES, TARGET_GROUP, (VMC,)),
        ({f"{GROUPS}/write"}, subscription_id(S), ("Contributor",)),
        (MAKE_MACHINES | {f"{PROTECTED_ITEMS}/write"}, VAULT_GROUP, (SRC, VMC)),
        ({"Microsoft.Authorization/roleAssignments/write"}, VAULT, ("Owner",)),
        (set(), VAULT, ()),
    ],
)
def test_the_smallest_role_is_chosen(actions: set[str], at: ArmId, expected: tuple[str, ...]) -> None:
    assert {role.name for role in smallest_roles(RULES.roles, sorted(actions), at=at)} == set(expected)
