"""Hosts are refreshed and removed, sites are removed in Azure's order, and what stands against it is told before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from app.domain.arm_id import ArmId
from app.domain.estate import Estate
from app.domain.fabric import Fabric, RecoveryServicesProvider
from app.errors import NotFound, OperationFailed, Unreachable
from app.flows.action import Action, ActionKind
from app.flows.host_actions import refresh_of, removal_of_host, removal_of_site
from app.flows.planning import actions_for
from app.rules import load_rules
from app.runtime.journal import ActionState
from app.services.runs import RunSnapshot
from app.services.small_run import carry_out_all
from app.simulator.messages import Request, Response
from tests.support.practice import SITE, Practice, contoso_draft, manual_simulator, open_practice

RULES = load_rules()


@dataclass
class Place:
    practice: Practice
    estate: Estate

    @property
    def site(self) -> Fabric:
        site = self.estate.site(SITE)
        assert site is not None
        return site

    def host(self, place: int = 0) -> RecoveryServicesProvider:
        return self.estate.hosts(self.site)[place]

    async def carry_out(self, *actions: Action) -> RunSnapshot:
        return await carry_out_all(self.practice.use.runner, "Hosts", actions, key="hosts")

    async def read(self) -> Estate:
        self.estate = await self.practice.use.inventory.estate(self.practice.vault, self.practice.vault.subscription)
        return self.estate


@asynccontextmanager
async def place_in(scenario: str) -> AsyncIterator[Place]:
    async with open_practice(simulator=manual_simulator(scenario)) as practice:
        place = Place(practice, Estate())
        await place.read()
        yield place


def states(run: RunSnapshot) -> list[ActionState]:
    return [action.state for action in run.actions]


async def test_a_refresh_is_a_job_and_each_press_another_one() -> None:
    async with place_in("contoso") as place:
        for occasion in ("first", "second"):
            run = await place.carry_out(*refresh_of([place.host()], RULES, occasion=occasion))
            assert states(run) == [ActionState.CONFIRMED]
        assert len(place.practice.wire.accepted(ending="refreshProvider")) == 2


async def test_a_host_that_is_no_more_cannot_be_refreshed() -> None:
    async with place_in("contoso") as place:
        host = place.host()
        await place.carry_out(*removal_of_host(host, place.estate, RULES, is_gone=True).actions)
        with pytest.raises(OperationFailed, match="not registered any more"):
            await place.carry_out(*refresh_of([host], RULES, occasion="late"))


@pytest.mark.parametrize("is_gone", [False, True])
async def test_a_removed_host_is_gone_from_azure(is_gone: bool) -> None:
    async with place_in("contoso") as place:
        host = place.host()
        removal = removal_of_host(host, place.estate, RULES, is_gone=is_gone)
        assert removal.obstacles == ()
        assert states(await place.carry_out(*removal.actions)) == [ActionState.CONFIRMED]
        assert host.id not in {each.id for each in (await place.read()).providers}
        assert place.practice.wire.writes[-1].method == ("DELETE" if is_gone else "POST")
        assert any("clean-up script" in sentence for sentence in removal.leaves)


async def test_removing_what_is_gone_already_sends_nothing() -> None:
    async with place_in("contoso") as place:
        removal = removal_of_host(place.host(), place.estate, RULES, is_gone=False)
        await place.carry_out(*removal.actions)
        writes = len(place.practice.wire.writes)
        assert states(await place.carry_out(*removal.actions)) == [ActionState.SKIPPED]
        assert len(place.practice.wire.writes) == writes


async def test_a_removal_whose_answer_is_lost_is_found_again_and_not_sent_twice() -> None:
    async with place_in("contoso") as place:
        lost = []

        def lose(request: Request, response: Response) -> None:
            if request.url.split("?")[0].endswith("/remove") and not lost:
                lost.append(request)
                raise Unreachable("cut", "The line was cut.")

        place.practice.wire.after = lose
        run = await place.carry_out(*removal_of_host(place.host(), place.estate, RULES, is_gone=False).actions)
        assert states(run) == [ActionState.CONFIRMED]
        assert len(place.practice.wire.accepted(ending="/remove")) == 1


async def test_replicating_machines_and_a_silent_host_stand_against_a_removal_by_name() -> None:
    async with place_in("unhealthy") as place:
        machines = {item.friendly_name for item in place.estate.protected_items}
        busy = next(host for host in place.estate.providers if host.protected_item_count)
        told = " ".join(each.text for each in removal_of_host(busy, place.estate, RULES, is_gone=False).obstacles)
        assert "still replicate" in told
        assert any(name in told for name in machines)
        silent = next(host for host in place.estate.providers if not host.is_connected)
        orderly = removal_of_host(silent, place.estate, RULES, is_gone=False)
        assert "not connected" in " ".join(each.text for each in orderly.obstacles)
        forced = removal_of_host(silent, place.estate, RULES, is_gone=True)
        assert "not connected" not in " ".join(each.text for each in forced.obstacles)


async def test_a_site_goes_in_the_documented_order() -> None:
    async with place_in("drill") as place:
        site = place.site
        removal = removal_of_site(site, place.estate, RULES)
        kinds = [action.kind.value for action in removal.actions]
        assert kinds == sorted(kinds, key=["dissociate_policy", "remove_host", "remove_site"].index)
        assert kinds[-1] == "remove_site"
        assert {"remove_host", "dissociate_policy"} < set(kinds)
        assert "still replicate" in removal.obstacles[0].text


async def test_a_site_in_which_nothing_replicates_is_removed_with_its_policies_and_hosts() -> None:
    async with place_in("contoso") as place:
        await place.carry_out(*actions_for(contoso_draft(place.estate), place.estate, RULES))
        await place.read()
        site: Fabric = place.site
        removal = removal_of_site(site, place.estate, RULES)
        assert removal.obstacles == ()
        assert removal.actions[0].kind is ActionKind.DISSOCIATE_POLICY
        run = await place.carry_out(*removal.actions)
        assert set(states(run)) == {ActionState.CONFIRMED}
        estate = await place.read()
        assert (estate.site(SITE), estate.providers) == (None, ())
        with pytest.raises(NotFound):
            await place.practice.gateways.site_recovery.get_fabric(ArmId(site.id.text))
