"""What callers of different roles are told about a set-up and a vault, by the real SDK over the practice vault."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator

import pytest

from app.adapters.azure.rights_gateway import caller_of
from app.domain.arm_id import ArmId, resource_group_id, subscription_id
from app.domain.estate import Estate
from app.domain.rights import Instead, LockLevel, RightsSubject, Standing, When
from app.errors import PermissionDenied, Unreachable
from app.flows.draft import SetUpDraft, StorageChoice, TargetChoice, VaultChoice
from app.flows.rights_request import Ask, rights_request
from app.flows.rights_subjects import subject_of_draft, subject_of_vault
from app.services.rights_check import RightsReport, parent_of
from tests.support.doors import DOORS, Door, open_door
from tests.support.practice import Practice, contoso_draft, open_practice, refusal
from tests.support.roles import READER, Administrator

SRO = "494ae006-db33-4328-bf46-533a6560a3ca"


@pytest.fixture
async def drill() -> AsyncIterator[Practice]:
    async with open_practice("drill") as practice:
        yield practice


@pytest.fixture
async def contoso() -> AsyncIterator[Practice]:
    async with open_practice("contoso") as practice:
        yield practice


async def read_vault(practice: Practice) -> RightsReport:
    items = await practice.gateways.site_recovery.list_protected_items(practice.vault)
    return await practice.use.rights.read(subject_of_vault(practice.vault, items))


async def read_draft(practice: Practice, draft: SetUpDraft | None = None) -> RightsReport:
    estate = await practice.estate()
    draft = draft or contoso_draft(estate, "DC01")
    return await practice.use.rights.read(subject_of_draft(draft, estate))


def standing(report: RightsReport) -> dict[str, Standing]:
    return {finding.purpose.id: finding.standing for finding in report.findings}


def group_of(practice: Practice) -> ArmId:
    return resource_group_id(practice.vault.subscription, practice.vault.resource_group)


async def test_owner_may_do_everything(drill: Practice) -> None:
    report = await read_vault(drill)
    assert report.is_ready
    assert set(standing(report)) >= {"look", "test_failover", "clean_up", "planned_failover", "commit", "machines"}
    assert (report.locks, report.unread) == ((), ())
    assert report.caller.name == "you@contoso.com"


async def test_each_thing_is_read_once(drill: Practice) -> None:
    before = drill.wire.reads.copy()
    report = await read_vault(drill)
    reads = drill.wire.reads - before
    scopes = len(report.subject.all_scopes)
    assert (reads["permissions"], reads["denyAssignments"], reads["locks"]) == (scopes, scopes, scopes)


async def test_reader_may_look_and_nothing_else(drill: Practice) -> None:
    Administrator(drill.simulator).become((READER, subscription_id(drill.vault.subscription)))
    report = await read_vault(drill)
    ready = {name for name, how in standing(report).items() if how is Standing.READY}
    assert ready == {"look", "machines"}
    [gap] = report.of("commit").gaps  # type: ignore[union-attr]
    assert [role.name for role in gap.roles] == ["Site Recovery Operator"]


async def test_operator_of_the_vault_fails_over_and_sets_nothing_up(drill: Practice) -> None:
    Administrator(drill.simulator).become((READER, subscription_id(drill.vault.subscription)), (SRO, drill.vault))
    assert (await read_vault(drill)).is_ready
    how = standing(await read_draft(drill, SetUpDraft(vault=VaultChoice(
        drill.vault.subscription, drill.vault.resource_group, drill.vault.name, "westeurope"
    ))))  # fmt: skip
    assert how["vault"] is Standing.READY
    assert how["source"] is Standing.MISSING


async def test_locked_group_stops_what_azure_would_delete_there(drill: Practice) -> None:
    Administrator(drill.simulator).lock(group_of(drill), "CanNotDelete", notes="ask first")
    report = await read_vault(drill)
    assert [(lock.name, lock.level, lock.notes) for lock in report.locks] == [
        ("keep", LockLevel.CAN_NOT_DELETE, "ask first")
    ]
    assert {name for name, how in standing(report).items() if how is Standing.LOCKED} == {"clean_up"}


async def test_lock_of_the_subscription_is_noticed_from_the_vault(drill: Practice) -> None:
    Administrator(drill.simulator).lock(subscription_id(drill.vault.subscription), "ReadOnly")
    report = await read_vault(drill)
    assert standing(report)["commit"] is Standing.LOCKED
    assert len(report.locks) == 1


async def test_missing_permission_fault_shows_as_missing_rights(drill: Practice) -> None:
    drill.simulator.faults.switch_on("missing-permission", operation="changes replicationProtectedItems")
    how = standing(await read_vault(drill))
    assert how["look"] is Standing.READY
    assert {how[name] for name in ("test_failover", "planned_failover", "commit")} == {Standing.MISSING}


async def test_what_cannot_be_read_is_told_and_is_no_failure(drill: Practice) -> None:
    def refuse(kind: str) -> None:
        drill.wire.before = lambda request: refusal(403, "AuthorizationFailed") if kind in request.url else None

    refuse("/locks")
    report = await read_vault(drill)
    assert report.is_ready
    assert "Could not read locks at asr-contoso-weu." in report.unread
    refuse("/denyAssignments")
    assert "Could not read deny assignments at asr-contoso-weu." in (await read_vault(drill)).unread
    refuse("/permissions")
    report = await read_vault(drill)
    assert set(standing(report).values()) == {Standing.UNKNOWN}
    assert "Could not read what you may do at asr-contoso-weu." in report.unread


async def test_no_answer_at_all_is_a_failure(drill: Practice) -> None:
    subject = subject_of_vault(drill.vault, ())
    drill.simulator.faults.switch_on("line-cut")
    with pytest.raises(Unreachable):
        await drill.use.rights.read(subject)


async def test_deny_assignment_is_told_by_its_name(drill: Practice) -> None:
    administrator = Administrator(drill.simulator)
    administrator.withhold(drill.vault, "*/failoverCommit/action")
    report = await read_vault(drill)
    [gap] = report.of("commit").gaps  # type: ignore[union-attr]
    assert [each.denial.name for each in gap.withheld] == ["managed"]
    assert standing(report)["test_failover"] is Standing.READY
    administrator.withhold(drill.vault, "*/failoverCommit/action", excludePrincipals=[administrator.caller])
    assert (await read_vault(drill)).is_ready


async def test_group_that_is_not_there_is_judged_by_the_subscription(contoso: Practice) -> None:
    subscription = contoso.vault.subscription
    Administrator(contoso.simulator).become((READER, subscription_id(subscription)))
    draft = SetUpDraft(
        vault=VaultChoice(subscription, "rg-new", "asr-new", "westeurope", create=True, create_resource_group=True),
        target=TargetChoice(subscription, "rg-new", True, StorageChoice(name="stnew", create=True)),
    )
    report = await read_draft(contoso, draft)
    gaps = report.of("vault").gaps  # type: ignore[union-attr]
    assert {(gap.at, gap.instead) for gap in gaps} == {
        (subscription_id(subscription), Instead.NOTHING),
        (subscription_id(subscription), Instead.CREATE_VAULT_GROUP),
    }
    request = rights_request(report.wanted, contoso.services.rules.rights.roles, report.subject, report.caller)
    assert request is not None
    first, second = request.asks
    assert (first.title, first.location) == ("Create the resource group rg-new", "westeurope")
    assert second.scope == resource_group_id(subscription, "rg-new")
    assert request.az.startswith("az group create --name 'rg-new' --location 'westeurope'")


async def test_provider_that_is_not_registered_is_asked_for() -> None:
    async with open_practice("empty") as practice:
        subscription = practice.simulator.subscription_id
        administrator = Administrator(practice.simulator)
        administrator.call("POST", f"{administrator.subscription}/providers/Microsoft.RecoveryServices/unregister")
        administrator.become((READER, administrator.subscription))
        draft = SetUpDraft(vault=VaultChoice(subscription, "rg-new", "asr-new", "westeurope", True, True))
        report = await practice.use.rights.read(subject_of_draft(draft, Estate(read_subscription=subscription)))
        request = rights_request(report.wanted, practice.services.rules.rights.roles, report.subject, report.caller)
        assert request is not None
        assert [ask.instead for ask in request.asks[:2]] == [Instead.CREATE_VAULT_GROUP, Instead.REGISTER_PROVIDER]


async def test_registration_that_cannot_be_read_is_told(contoso: Practice) -> None:
    subscription = contoso.vault.subscription
    administrator = Administrator(contoso.simulator)
    draft = SetUpDraft(vault=VaultChoice(subscription, "rg-contoso-dr", "asr-contoso-weu", "westeurope"))
    assert When.UNREGISTERED not in (await read_draft(contoso, draft)).subject.facts
    administrator.become((READER, administrator.subscription))
    contoso.wire.before = lambda request: (
        refusal(403, "AuthorizationFailed")
        if request.url.split("?")[0].endswith("/Microsoft.RecoveryServices")
        else None
    )
    report = await read_draft(contoso, draft)
    assert "Whether the subscription may use Microsoft.RecoveryServices could not be read." in report.unread


async def test_roles_that_are_asked_for_make_the_set_up_ready(contoso: Practice) -> None:
    administrator = Administrator(contoso.simulator)
    administrator.give(READER, administrator.subscription)
    draft = contoso_draft(await contoso.estate(), "DC01")
    subject = subject_of_draft(draft, await contoso.estate())
    for ask in await what_a_reader_asks_for(subject):
        for role in ask.roles:
            administrator.give(role.id, ask.scope)
    administrator.become()
    report = await contoso.use.rights.read(subject)
    assert report.is_ready, standing(report)


async def what_a_reader_asks_for(subject: RightsSubject) -> tuple[Ask, ...]:
    """In another copy of the same estate."""
    async with open_practice("contoso") as practice:
        Administrator(practice.simulator).become((READER, subscription_id(practice.vault.subscription)))
        report = await practice.use.rights.read(subject)
        request = rights_request(report.wanted, practice.services.rules.rights.roles, report.subject, report.caller)
        assert request is not None
        return request.asks


# The gateway, in process and over the port


@pytest.mark.parametrize("door", DOORS)
async def test_gateway_reads_what_azure_says(door: str) -> None:
    async with open_door(door) as opened:
        await check_gateway(opened)


async def check_gateway(door: Door) -> None:
    administrator = Administrator(door.simulator)
    group = resource_group_id(door.subscription, door.vault.resource_group)
    administrator.lock(group, "ReadOnly", name="it’s ours; keep")
    administrator.withhold(group, "Microsoft.Compute/*", notActions=["*/read"], excludePrincipals=["ABC"])
    rights = door.gateways.rights
    [permission] = await rights.list_permissions(door.vault)
    assert permission.covers("Microsoft.RecoveryServices/vaults/write")
    [lock] = await rights.list_locks(door.vault)
    assert (lock.name, lock.scope, lock.level) == ("it’s ours; keep", group, LockLevel.READ_ONLY)
    [denial] = await rights.list_denials(door.vault)
    assert (denial.name, ArmId(denial.scope), denial.excluded) == ("managed", group, frozenset({"abc"}))
    assert denial.what.covers("Microsoft.Compute/disks/write")
    assert not denial.what.covers("Microsoft.Compute/disks/read")
    assert await rights.list_denials(administrator.subscription) == ()
    assert await rights.is_registered(door.subscription, "Microsoft.RecoveryServices")
    assert (await rights.get_caller()).object_id == ""
    administrator.become()
    with pytest.raises(PermissionDenied):
        await rights.list_locks(door.vault)


def token(claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{body}.signature"


def test_caller_is_read_from_the_token() -> None:
    caller = caller_of(token({"oid": "A1", "upn": "ann@contoso.com", "groups": ["G1"]}))
    assert (caller.object_id, caller.name) == ("a1", "ann@contoso.com")
    assert (caller.ids, caller.knows_groups) == (frozenset({"a1", "g1"}), True)
    assert not caller_of(token({"oid": "a1", "unique_name": "ann"})).knows_groups


@pytest.mark.parametrize("text", ["any", "", "a.b.c", "a.%%%.c", token([1]), token("x"), "e30.e30.x.y"])
def test_token_that_is_none_of_these_tells_nobody(text: str) -> None:
    assert caller_of(text).object_id == ""


@pytest.mark.parametrize(
    ("scope", "parent"),
    [
        ("/subscriptions/s/resourceGroups/g/providers/P/t/n", "/subscriptions/s/resourceGroups/g"),
        ("/subscriptions/s/resourceGroups/g", "/subscriptions/s"),
        ("/subscriptions/s", None),
    ],
)
def test_rights_come_from_above(scope: str, parent: str | None) -> None:
    found = parent_of(ArmId(scope))
    assert (found.text if found else None) == parent
