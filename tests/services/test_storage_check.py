"""What is read of storage accounts beside their list, and in how few requests."""

from __future__ import annotations

import pytest

from app.domain.arm_id import ArmId, resource_group_id, subscription_id
from app.domain.rights import LockLevel
from app.errors import Unreachable
from app.rules import load_rules
from app.services.access_reader import SCOPES_AT_MOST
from app.services.storage_check import needed_actions
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, open_practice, refusal
from tests.support.roles import READER, Administrator

STORAGE_CONTRIBUTOR = "17d1049b-9a84-46fb-8f53-869881c3d3ab"


async def accounts_of(practice: Practice) -> list[ArmId]:
    return [each.id for each in await practice.use.inventory.storage_accounts(practice.vault.subscription)]


def test_a_set_up_reads_an_account_and_its_keys() -> None:
    verbs = [action.rsplit("/", 2)[-2:] for action in needed_actions(load_rules().rights)]
    assert verbs == [["storageAccounts", "read"], ["listKeys", "action"]]


async def test_an_owner_may_use_them_all_and_three_requests_tell_it() -> None:
    async with open_practice() as practice:
        accounts = await accounts_of(practice)
        practice.wire.reads.clear()
        facts = await practice.use.storage.read_access(accounts)
        assert not any(facts.access_to(each).missing or facts.access_to(each).locks for each in accounts)
        assert practice.wire.reads.total() == 3


async def test_locks_of_groups_and_of_single_accounts_are_told_at_the_accounts_they_hold_for() -> None:
    async with open_practice() as practice:
        accounts = await accounts_of(practice)
        administrator = Administrator(practice.simulator)
        administrator.lock(accounts[0], "ReadOnly", name="alone")
        administrator.lock(resource_group_id(accounts[0].subscription, accounts[0].resource_group), "CanNotDelete")
        facts = await practice.use.storage.read_access(accounts)
        assert {lock.level for lock in facts.access_to(accounts[0]).locks} == set(LockLevel)
        assert {lock.level for lock in facts.access_to(accounts[1]).locks} == {LockLevel.CAN_NOT_DELETE}


async def test_a_reader_lacks_the_keys_and_is_told_which_role_has_them() -> None:
    async with open_practice() as practice:
        accounts = await accounts_of(practice)
        Administrator(practice.simulator).become((READER, subscription_id(practice.vault.subscription)))
        facts = await practice.use.storage.read_access(accounts)
        [missing] = {facts.access_to(each).missing for each in accounts}
        assert [each.rsplit("/", 2)[-2] for each in missing] == ["listKeys"]
        assert facts.access_to(accounts[0]).roles


async def test_a_role_on_one_account_alone_is_found_there() -> None:
    async with open_practice() as practice:
        accounts = await accounts_of(practice)
        Administrator(practice.simulator).become(
            (READER, subscription_id(practice.vault.subscription)), (STORAGE_CONTRIBUTOR, accounts[1])
        )
        facts = await practice.use.storage.read_access(accounts)
        assert [bool(facts.access_to(each).missing) for each in accounts[:3]] == [True, False, True]


async def test_a_deny_assignment_on_the_group_is_named() -> None:
    async with open_practice() as practice:
        accounts = await accounts_of(practice)
        group = resource_group_id(accounts[0].subscription, accounts[0].resource_group)
        Administrator(practice.simulator).withhold(group, "Microsoft.Storage/storageAccounts/listKeys/action")
        facts = await practice.use.storage.read_access(accounts)
        assert facts.access_to(accounts[0]).denied_by


async def test_what_cannot_be_read_is_not_known_and_stops_nothing() -> None:
    async with open_practice() as practice:
        accounts = await accounts_of(practice)
        practice.wire.before = lambda request: refusal(403, "AuthorizationFailed") if request.method == "GET" else None
        facts = await practice.use.storage.read_access(accounts)
        facts = await practice.use.storage.read_stored(accounts[:2])
        assert not facts.access_to(accounts[0]).missing
        assert facts.used_bytes == {each.key: None for each in accounts[:2]}


async def test_who_may_not_read_above_is_asked_about_below() -> None:
    async with open_practice() as practice:
        [account, *_] = await accounts_of(practice)
        Administrator(practice.simulator).become((READER, subscription_id(practice.vault.subscription)))
        closed = f"{subscription_id(account.subscription).text}/providers/Microsoft.Authorization/permissions".lower()

        def refuse(request: Request) -> Response | None:
            return refusal(403, "AuthorizationFailed") if closed in request.url.lower() else None

        practice.wire.before = refuse
        facts = await practice.use.storage.read_access([account])
        assert facts.access_to(account).missing


async def test_what_accounts_hold_is_read_for_those_asked_about_only() -> None:
    async with open_practice("drill") as practice:
        items = await practice.gateways.site_recovery.list_protected_items(practice.vault)
        account = ArmId(next(item.storage_account_id for item in items if item.storage_account_id))
        facts = await practice.use.storage.read_stored([account])
        assert list(facts.used_bytes) == [account.key]
        assert (facts.used_bytes[account.key] or 0) > 1024**3


async def test_a_line_that_is_down_is_told() -> None:
    async with open_practice() as practice:
        accounts = await accounts_of(practice)

        def lose(request: object) -> None:
            raise ConnectionResetError

        practice.wire.before = lose  # type: ignore[assignment]
        with pytest.raises(Unreachable):
            await practice.use.storage.read_access(accounts)


async def test_of_too_many_accounts_each_is_asked_about_when_it_matters() -> None:
    async with open_practice() as practice:
        [account, *_] = await accounts_of(practice)
        Administrator(practice.simulator).become((READER, subscription_id(practice.vault.subscription)))
        more = [ArmId(f"{account.text}{number}") for number in range(SCOPES_AT_MOST)]
        facts = await practice.use.storage.read_access([*more, account])
        assert facts.rights_unread == {account.key}
        assert not facts.access_to(account).missing
        facts = await practice.use.storage.read_access([account])
        assert facts.rights_unread == frozenset()
        assert facts.access_to(account).missing
