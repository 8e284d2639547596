"""Rights as a check of a failover's sheet: what is surely missing stops a drill and only warns in an emergency."""

from __future__ import annotations

import pytest

from app.domain.arm_id import ArmId, vault_id
from app.domain.issue import Suitability
from app.domain.rights import Finding, Gap, Place
from app.flows.failover import FailoverKind, operation
from app.flows.failover_rights import rights_checks
from app.rules import load_rules

VAULT = vault_id("s", "rg-dr", "asr-contoso-weu")
GROUP = ArmId("/subscriptions/s/resourceGroups/rg-contoso-dr")
ACTIONS = tuple(f"Microsoft.Compute/virtualMachines/{verb}" for verb in ("read", "write", "delete", "start/action"))


def finding(kind: FailoverKind, *gaps: Gap) -> Finding:
    purpose = next(each for each in load_rules().rights.purposes if each.id == kind.value)
    return Finding(purpose, (VAULT, GROUP), gaps)


@pytest.mark.parametrize("kind", FailoverKind)
def test_every_operation_has_its_rights_in_the_rules(kind: FailoverKind) -> None:
    (check,) = rights_checks(operation(kind), finding(kind))
    assert check.status is Suitability.OK


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (FailoverKind.TEST, Suitability.BLOCKED),
        (FailoverKind.CLEAN_UP, Suitability.BLOCKED),
        (FailoverKind.PLANNED, Suitability.BLOCKED),
        (FailoverKind.UNPLANNED, Suitability.WARNING),
        (FailoverKind.COMMIT, Suitability.BLOCKED),
    ],
)
def test_what_is_missing_stops_all_but_an_emergency(kind: FailoverKind, status: Suitability) -> None:
    contributor = next(each for each in load_rules().rights.roles if each.name == "Virtual Machine Contributor")
    gap = Gap(Place.TARGET_GROUP, GROUP, GROUP, missing=ACTIONS, roles=(contributor,))
    (check,) = rights_checks(operation(kind), finding(kind, gap))
    assert check.status is status
    assert check.text == "Your account lacks rights in the resource group rg-contoso-dr."
    assert check.detail == f"{ACTIONS[0]}, {ACTIONS[1]}, {ACTIONS[2]} and 1 more"
    assert check.remedy.startswith("Ask an owner for the role Virtual Machine Contributor.")


def test_what_is_not_known_says_nothing() -> None:
    gap = Gap(Place.VAULT, VAULT, VAULT, unread="Azure did not say.")
    assert rights_checks(operation(FailoverKind.TEST), finding(FailoverKind.TEST, gap)) == ()
    assert rights_checks(operation(FailoverKind.TEST), None) == ()
