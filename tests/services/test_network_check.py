"""Locks and rights of networks, read in few requests."""

from __future__ import annotations

from app.domain.arm_id import ArmId, subscription_id
from app.domain.rights import LockLevel
from tests.support.practice import Practice, open_practice
from tests.support.roles import READER, Administrator


async def networks_of(practice: Practice) -> list[ArmId]:
    return [each.id for each in await practice.use.inventory.networks(practice.vault.subscription)]


async def test_an_owner_may_join_them_all_and_three_requests_tell_it() -> None:
    async with open_practice() as practice:
        networks = await networks_of(practice)
        practice.wire.reads.clear()
        facts = await practice.use.networks.read_access(networks)
        assert len(facts.access) == len(networks)
        assert not any(facts.access_to(each).missing or facts.access_to(each).locks for each in networks)
        assert practice.wire.reads.total() == 3


async def test_a_locked_network_and_a_missing_right_to_join_are_told() -> None:
    async with open_practice() as practice:
        networks = await networks_of(practice)
        administrator = Administrator(practice.simulator)
        administrator.lock(networks[0], "ReadOnly", name="alone")
        administrator.become((READER, subscription_id(practice.vault.subscription)))
        facts = await practice.use.networks.read_access(networks)
        assert [lock.level for lock in facts.access_to(networks[0]).locks] == [LockLevel.READ_ONLY]
        assert facts.access_to(networks[1]).locks == ()
        for network in networks:
            access = facts.access_to(network)
            assert access.missing == ("Microsoft.Network/virtualNetworks/subnets/join/action",)
            assert access.roles
