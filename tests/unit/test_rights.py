"""Who lacks what: built-in and own roles at different scopes, held against what each step and operation needs."""

from __future__ import annotations

import pytest

from app.domain.rights import (
    Place,
    PurposeKind,
    RightsSubject,
    ScopeRights,
    Standing,
    When,
)
from app.domain.rights_judging import judge
from tests.support.rights import (
    ACCOUNTS,
    ALL_NEW,
    BLOBS,
    CONTAINERS,
    EXISTING,
    GROUPS,
    HOSTS,
    JOIN,
    KEY,
    KEY_WRITES,
    KEYS,
    LOOK,
    MAKE_MACHINES,
    ME,
    NC,
    OPERATIONS,
    PLACES,
    POLICIES,
    PROTECTED_ITEMS,
    PROTECTION,
    READ_MACHINES,
    REMOVE,
    REMOVE_SITE,
    RULES,
    SAC,
    SCOPES,
    SETTINGS_READS,
    SOURCE_READS,
    SRC,
    SRO,
    SRR,
    VAULT,
    VAULTS,
    VMC,
    Assignments,
    find,
    missing_in,
    rights_with,
)

Missing = dict[str, set[str]]
CASES: list[tuple[str, Assignments, str, frozenset[When], Missing]] = [
    # Everything, and nothing
    ("owner", {"subscription": ("Owner",)}, "enable", EXISTING, {}),
    ("owner", {"subscription": ("Owner",)}, "vault", ALL_NEW, {}),
    ("owner lacks data", {"subscription": ("Owner",)}, "capacity", EXISTING, {"storage": BLOBS}),
    ("contributor", {"subscription": ("Contributor",)}, "enable", EXISTING, {}),
    ("contributor", {"subscription": ("Contributor",)}, "target", ALL_NEW, {}),
    ("nobody", {}, "vault", EXISTING, {"vault": {f"{VAULTS}/read"}}),
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
        {"vault": {f"{PROTECTED_ITEMS}/write"}, "target_group": MAKE_MACHINES, "network": JOIN, "storage": KEYS},
    ),
    ("reader", {"subscription": ("Reader",)}, "look", EXISTING, {}),
    *(
        (f"reader {name}", {"subscription": ("Reader",)}, name, EXISTING, {"vault": needed})
        for name, needed in OPERATIONS.items()
    ),
    # New things
    ("reader", {"subscription": ("Reader",)}, "vault", frozenset({When.NEW_VAULT}), {
        "vault_group": {f"{VAULTS}/write"}
    }),
    (
        "contributor of the vault's group",
        {"vault group": ("Contributor",)},
        "vault",
        ALL_NEW,
        {"subscription": {f"{GROUPS}/write", "Microsoft.RecoveryServices/register/action"}},
    ),
    (
        "reader",
        {"subscription": ("Reader",)},
        "target",
        ALL_NEW,
        {
            "target_subscription": {f"{GROUPS}/write"},
            "target_group": {f"{ACCOUNTS}/write", "Microsoft.Network/virtualNetworks/write"},
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
            | {"Microsoft.Compute/availabilitySets/read", "Microsoft.Resources/deployments/read", f"{GROUPS}/read"},
            "network": JOIN | {"Microsoft.Network/virtualNetworks/read"},
            "storage": KEYS | {f"{ACCOUNTS}/read"},
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
        "vault_group": {f"{VAULTS}/write"}
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
        "vault": KEY_WRITES | {f"{VAULTS}/replicationFabrics/write"}
    }),
    ("operator", {"vault": (SRO,)}, "settings", EXISTING | {When.NEW_POLICY, When.NEW_MAPPING}, {
        "vault": {f"{VAULTS}/replicationPolicies/write", f"{PROTECTION}/replicationProtectionContainerMappings/write"}
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
        "vault": {f"{VAULTS}/replicationPolicies/read", f"{VAULTS}/replicationPolicies/write"}
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
