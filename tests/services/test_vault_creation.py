"""Creating a vault where there is no connection yet: registrations first, then the group, then the vault as wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from app.domain.azure import Subscription
from app.errors import OperationFailed
from app.flows.checks import check_vault
from app.flows.draft import SetUpDraft, VaultChoice
from app.flows.planning_vault import actions_for_vault
from app.flows.step import Context
from app.runtime.journal import ActionState
from app.services.runs import RunSnapshot
from app.services.vault_creation import VaultCreation
from tests.support.practice import Practice, manual_simulator, open_practice

PROVIDERS = ("Microsoft.RecoveryServices", "Microsoft.Storage", "Microsoft.Network", "Microsoft.Compute")


@dataclass
class Place:
    """A subscription of the practice vault, and what creates vaults there."""

    practice: Practice
    creation: VaultCreation
    subscription: Subscription
    context: Context

    def draft(self, **more: object) -> SetUpDraft:
        choice = VaultChoice(
            self.subscription.id,
            "rg-new-dr",
            "asr-new-weu",
            "westeurope",
            create=True,
            create_resource_group=True,
            redundancy="ZoneRedundant",
            tags=(("owner", "me"), ("", "")),
        )
        return SetUpDraft(vault=replace(choice, **more))  # type: ignore[arg-type]

    async def again(self) -> Context:
        return await self.creation.context(self.subscription)


@asynccontextmanager
async def place_in(name: str) -> AsyncIterator[Place]:
    simulator = manual_simulator("many-subscriptions", subscriptions=2, vaults=2)
    async with open_practice(simulator=simulator) as practice:
        use, rules = practice.use, practice.services.rules
        creation = VaultCreation(use.inventory, use.rights, use.runner, rules, practice.clock)
        found = next(each for each in await use.inventory.subscriptions() if each.name == name)
        yield Place(practice, creation, found, await creation.context(found))


async def test_providers_are_registered_before_anything_is_made() -> None:
    async with place_in("Brand-new landing zone") as place:
        draft, told = place.draft(), list[RunSnapshot]()
        planned = [
            f"{each.label} {each.subject}"
            for each in actions_for_vault(draft, place.context.estate, place.context.rules)
        ]
        assert planned == [
            *(f"Register {name}" for name in PROVIDERS),
            "Create resource group rg-new-dr",
            "Create vault asr-new-weu",
        ]
        vault = await place.creation.create(draft, place.context, told.append)
        assert (vault.redundancy, vault.tags) == ("ZoneRedundant", (("owner", "me"),))
        assert [action.state for action in told[-1].actions] == [ActionState.CONFIRMED] * 6
        writes = [(write.method, write.path.split("/")[-1], write.status) for write in place.practice.wire.writes]
        assert writes[-1] == ("PUT", "asr-new-weu", 201)
        assert [path for _, path, _ in writes].count("register") == 4
        states = [each.state for each in (await place.again()).estate.resource_providers]
        assert states == ["Registered"] * 4


async def test_the_vault_waits_until_every_provider_is_registered() -> None:
    async with place_in("Brand-new landing zone") as place:
        refused = [write for write in place.practice.wire.writes if write.status == 409]
        await place.creation.create(place.draft(), place.context)
        assert not refused
        assert not [write for write in place.practice.wire.writes if write.status == 409]


async def test_what_is_registered_is_not_registered_again() -> None:
    async with place_in("Retail prod 001") as place:
        actions = actions_for_vault(place.draft(), place.context.estate, place.context.rules)
        assert [each.label for each in actions] == ["Create resource group", "Create vault"]
        await place.creation.create(place.draft(), place.context)
        assert actions_for_vault(place.draft(), (await place.again()).estate, place.context.rules) == ()


async def test_somebody_who_may_only_read_learns_what_to_ask_an_owner_for() -> None:
    async with place_in("Group controlling") as place:
        draft = place.draft(resource_group="rg-controlling-dr", create_resource_group=False)
        obstacle = await place.creation.obstacle(draft, place.context)
        assert obstacle is not None
        assert obstacle.title == "Your account may not create a vault here."
        assert "on the resource group rg-controlling-dr" in obstacle.text
        assert "az role assignment create" in obstacle.request
        with pytest.raises(OperationFailed) as caught:
            await place.creation.create(draft, place.context)
        assert "role" in caught.value.advice


async def test_a_new_group_that_may_not_be_made_is_asked_for() -> None:
    async with place_in("Group controlling") as place:
        obstacle = await place.creation.obstacle(place.draft(), place.context)
        assert obstacle is not None
        assert "create the resource group rg-new-dr" in obstacle.text


async def test_a_locked_group_is_named_with_its_lock() -> None:
    async with place_in("Change freeze") as place:
        draft = place.draft(resource_group="rg-frozen-dr", create_resource_group=False)
        obstacle = await place.creation.obstacle(draft, place.context)
        assert obstacle is not None
        assert obstacle.title == "The lock change-freeze keeps the resource group rg-frozen-dr as it is."
        assert "choose another resource group" in obstacle.text


async def test_nothing_is_in_the_way_of_an_owner() -> None:
    async with place_in("Retail prod 001") as place:
        assert await place.creation.obstacle(place.draft(), place.context) is None


async def test_a_disabled_subscription_is_refused_before_anything_is_sent() -> None:
    async with place_in("Old data centre (closed)") as place:
        (issue,) = check_vault(place.draft(), place.context)
        assert issue.field == "vault.subscription"
        assert "disabled" in issue.text
        with pytest.raises(OperationFailed) as caught:
            await place.creation.create(place.draft(), place.context)
        assert "disabled" in caught.value.title


async def test_a_vault_that_is_there_otherwise_is_left_alone() -> None:
    async with place_in("Retail prod 001") as place:
        await place.creation.create(place.draft(), place.context)
        with pytest.raises(OperationFailed, match="not as wanted") as caught:
            await place.creation.create(place.draft(redundancy="LocallyRedundant"), place.context)
        assert "redundancy is ZoneRedundant" in caught.value.advice.replace("Redundancy", "redundancy", 1)
        assert caught.value.code == "exists_differently"


@pytest.mark.parametrize("lost", ["request", "answer"])
async def test_a_registration_whose_fate_is_unknown_is_looked_up(lost: str) -> None:
    async with place_in("Brand-new landing zone") as place:
        wire, cut = place.practice.wire, []

        def lose(path: str) -> None:
            if path.split("?")[0].endswith("Microsoft.Storage/register") and not cut:
                cut.append(path)
                raise ConnectionResetError

        if lost == "request":
            wire.before = lambda request: lose(request.url)  # type: ignore[func-returns-value]
        else:
            wire.after = lambda request, response: lose(request.url)
        await place.creation.create(place.draft(), place.context)
        sent = wire.accepted(ending="Microsoft.Storage/register")
        assert cut
        assert len(sent) == 1
