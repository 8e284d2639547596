"""Policies are changed, associated, dissociated and deleted: once each, in order, and never over another's work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from azure.core.exceptions import ServiceRequestError

from app.domain.arm_id import fabric_id, policy_id
from app.domain.estate import Estate
from app.domain.fabric import Fabric
from app.domain.policy_rules import PolicyFigures
from app.errors import NotFound, OperationFailed
from app.flows.action import Action, ActionKind
from app.flows.host_actions import removal_of_host
from app.flows.planning import actions_for, actions_for_site
from app.flows.planning_policy import creation
from app.flows.policy_actions import association_of, change_of, deletion_of, dissociation_of
from app.flows.policy_use import PolicyUse, policy_uses
from app.flows.step import Context
from app.rules import load_rules
from app.runtime.journal import ActionState
from app.services.action_text import read_action, write_action
from app.services.runs import RunSnapshot
from app.services.small_run import carry_out_all
from app.simulator.messages import Request, Response
from tests.support.practice import SITE, Practice, contoso_draft, manual_simulator, open_practice, refusal

RULES = load_rules()
SLOWER = PolicyFigures(300, 12, 4)
POLICIES = "/replicationPolicies/"


@dataclass
class Place:
    practice: Practice
    estate: Estate

    async def read(self) -> Estate:
        self.estate = await self.practice.use.inventory.estate(self.practice.vault, self.practice.vault.subscription)
        return self.estate

    @property
    def context(self) -> Context:
        return Context(self.estate, RULES, self.practice.clock.now())

    def use(self, name: str = "") -> PolicyUse:
        """The policy of that name; without one the first that machines use, else the first."""
        uses = list(policy_uses(self.context).values())
        if name:
            return next(use for use in uses if use.policy.friendly_name == name)
        return next((use for use in uses if use.machines), uses[0])

    async def carry_out(self, *actions: Action) -> RunSnapshot:
        return await carry_out_all(self.practice.use.runner, "Policies", actions, key="policies")

    async def make(self, name: str, figures: PolicyFigures = SLOWER) -> PolicyUse:
        await self.carry_out(creation(self.practice.vault, name, figures, RULES))
        await self.read()
        return self.use(name)

    def sent(self, method: str, *, containing: str = POLICIES) -> int:
        return sum(write.method == method for write in self.practice.wire.accepted(containing=containing))


@asynccontextmanager
async def place_in(scenario: str) -> AsyncIterator[Place]:
    async with open_practice(simulator=manual_simulator(scenario)) as practice:
        place = Place(practice, Estate())
        await place.read()
        yield place


def states(run: RunSnapshot) -> list[ActionState]:
    return [action.state for action in run.actions]


async def test_a_changed_policy_reads_back_as_it_was_sent_and_its_machines_keep_points_by_it() -> None:
    async with place_in("drill") as place:
        use = place.use()
        figures = replace(PolicyFigures.of(use.policy), retention_h=7)
        change = change_of(use, figures, RULES)
        assert [machine.name for machine in change.machines] == sorted(
            (item.friendly_name for item in place.estate.protected_items), key=str.casefold
        )
        assert [(each.before, each.after) for each in change.changes if each.is_other] == [("24 h", "7 h")]
        assert states(await place.carry_out(*change.actions)) == [ActionState.CONFIRMED]
        await place.read()
        assert PolicyFigures.of(place.use(use.policy.friendly_name).policy) == figures
        item = next(item for item in place.estate.protected_items if item.last_recovery_point is not None)
        points = await place.practice.gateways.site_recovery.list_recovery_points(item.id)
        assert (place.practice.clock.now() - points[-1].time).total_seconds() <= 7 * 3600


async def test_what_is_not_changed_is_sent_as_it_is() -> None:
    async with place_in("contoso") as place:
        start = "2026-11-23T22:00:00+00:00"
        await place.carry_out(creation(place.practice.vault, "Night", SLOWER, RULES, start_at=start))
        await place.read()
        assert place.use("Night").policy.initial_replication_start == "22:00:00"
        change = change_of(place.use("Night"), replace(SLOWER, retention_h=24), RULES)
        await place.carry_out(*change.actions)
        await place.read()
        policy = place.use("Night").policy
        assert (policy.retention_h, policy.initial_replication_start) == (24, "22:00:00")


async def test_a_start_that_somebody_else_moved_meanwhile_is_not_moved_back() -> None:
    async with place_in("contoso") as place:
        use = await place.make("Silver")
        seen_before = replace(use, policy=replace(use.policy, initial_replication_start="22:00:00"))
        change = change_of(seen_before, replace(SLOWER, retention_h=24), RULES)
        with pytest.raises(OperationFailed, match="changed by somebody else") as caught:
            await place.carry_out(*change.actions)
        assert "First copies start at once, shown was 22:00:00" in caught.value.advice
        assert place.sent("PATCH") == 0


async def test_a_change_that_azure_has_already_sends_nothing() -> None:
    async with place_in("contoso") as place:
        use = await place.make("Silver")
        change = change_of(use, replace(SLOWER, retention_h=24), RULES)
        await place.carry_out(*change.actions)
        assert states(await place.carry_out(*change.actions)) == [ActionState.SKIPPED]
        assert place.sent("PATCH") == 1


async def test_a_change_by_somebody_else_meanwhile_is_named_and_not_overwritten() -> None:
    async with place_in("contoso") as place:
        use = await place.make("Silver")
        mine = change_of(use, replace(SLOWER, retention_h=24), RULES)
        theirs = change_of(use, replace(SLOWER, copy_frequency_s=30), RULES)
        await place.carry_out(*theirs.actions)
        with pytest.raises(OperationFailed, match="changed by somebody else") as caught:
            await place.carry_out(*mine.actions)
        assert "Copy frequency in seconds is 30" in caught.value.advice
        await place.read()
        assert PolicyFigures.of(place.use("Silver").policy) == PolicyFigures(30, 12, 4)
        assert place.sent("PATCH") == 1


async def test_a_change_whose_answer_is_lost_is_found_again_and_not_sent_twice() -> None:
    async with place_in("contoso") as place:
        use = await place.make("Silver")
        lose_answer(place, "PATCH")
        change = change_of(use, replace(SLOWER, retention_h=24), RULES)
        assert states(await place.carry_out(*change.actions)) == [ActionState.CONFIRMED]
        assert place.sent("PATCH") == 1


async def test_a_change_that_never_arrived_is_sent_again() -> None:
    async with place_in("contoso") as place:
        use = await place.make("Silver")
        lose_requests(place)
        change = change_of(use, replace(SLOWER, retention_h=24), RULES)
        assert states(await place.carry_out(*change.actions)) == [ActionState.CONFIRMED]
        assert place.sent("PATCH") == 1


async def test_a_change_that_never_arrived_gives_way_to_one_that_did() -> None:
    async with place_in("contoso") as place:
        use = await place.make("Silver")
        simulator, wire = place.practice.simulator, place.practice.wire

        def somebody_is_quicker(request: Request) -> None:
            if request.method == "PATCH":
                wire.before = lambda request: None
                other = request.body.replace(
                    b'"recoveryPointHistoryDuration": 24', b'"recoveryPointHistoryDuration": 3'
                )
                headers = {**request.headers, "x-ms-client-request-id": "somebody-else"}
                assert simulator.handle(replace(request, body=other, headers=headers)).status == 202
                raise ServiceRequestError("the line broke before the request arrived")

        wire.before = somebody_is_quicker
        with pytest.raises(OperationFailed, match="changed by somebody else"):
            await place.carry_out(*change_of(use, replace(SLOWER, retention_h=24), RULES).actions)
        assert place.sent("PATCH") == 0


async def test_a_change_that_azure_asks_to_wait_for_is_sent_when_the_time_is_over() -> None:
    async with place_in("contoso") as place:
        use = await place.make("Silver")
        answers = [refusal(429, "TooManyRequests")]
        place.practice.wire.before = lambda request: answers.pop() if request.method == "PATCH" and answers else None
        change = change_of(use, replace(SLOWER, retention_h=24), RULES)
        assert states(await place.carry_out(*change.actions)) == [ActionState.CONFIRMED]
        assert place.sent("PATCH") == 1


async def test_a_policy_that_is_gone_cannot_be_changed_and_needs_no_deletion() -> None:
    async with place_in("contoso") as place:
        use = await place.make("Silver")
        deletion = deletion_of(use, RULES)
        assert states(await place.carry_out(*deletion.actions)) == [ActionState.CONFIRMED]
        assert states(await place.carry_out(*deletion.actions)) == [ActionState.SKIPPED]
        with pytest.raises(OperationFailed, match="not there any more"):
            await place.carry_out(*change_of(use, replace(SLOWER, retention_h=24), RULES).actions)
        assert (place.sent("DELETE"), place.sent("PATCH")) == (1, 0)
        with pytest.raises(NotFound):
            await place.practice.gateways.site_recovery.get_policy(use.policy.id)


async def test_a_policy_is_dissociated_everywhere_before_it_is_deleted() -> None:
    async with place_in("contoso") as place:
        await place.carry_out(*actions_for_site(branch_draft(place.estate), place.estate, RULES))
        branch = (await place.read()).site("Branch")
        assert branch is not None
        empty = association_of(await place.make("Silver"), branch, place.estate, RULES)
        assert "no host is registered" in empty.obstacles[0].text
        await move_a_host(place, branch)
        await place.read()
        await associate(place, place.use("Silver"), SITE, "Branch")
        use = place.use("Silver")
        assert use.site_names == ("Branch", SITE)
        deletion = deletion_of(use, RULES)
        kinds = [action.kind for action in deletion.actions]
        assert kinds == [ActionKind.DISSOCIATE_POLICY, ActionKind.DISSOCIATE_POLICY, ActionKind.DELETE_POLICY]
        lose_answer(place, "DELETE")
        assert set(states(await place.carry_out(*deletion.actions))) == {ActionState.CONFIRMED}
        assert place.sent("DELETE") == 1
        estate = await place.read()
        assert estate.policy("Silver") is None
        assert all(mapping.policy_id != use.policy.id for mapping in estate.mappings)


async def test_a_site_has_several_policies_and_loses_one_while_machines_use_the_other() -> None:
    async with place_in("drill") as place:
        await associate(place, await place.make("Silver"), SITE)
        use, busy = place.use("Silver"), place.use()
        (pair,) = (pair for pair in use.sites if pair[0].friendly_name == SITE)
        assert len([mapping for mapping in place.estate.mappings if mapping.container_id == pair[1].container_id]) == 2
        dissociation = dissociation_of(use, *pair, place.estate, RULES)
        assert dissociation.obstacles == ()
        assert states(await place.carry_out(*dissociation.actions)) == [ActionState.CONFIRMED]
        names = {item.friendly_name for item in place.estate.protected_items}
        stuck = dissociation_of(busy, *busy.sites[0], place.estate, RULES)
        for told in (stuck.obstacles, deletion_of(busy, RULES).obstacles):
            assert any(name in told[0].text for name in names)
            assert told[0].remedy == "Disable replication for them first."
        with pytest.raises(OperationFailed, match="failed in Azure"):  # and Azure says the same
            await place.carry_out(*stuck.actions)


async def test_an_association_whose_answer_is_lost_is_made_once() -> None:
    async with place_in("contoso") as place:
        use = await place.make("Silver")
        lose_answer(place, "PUT", "Mappings/")
        await associate(place, use, SITE)
        assert place.sent("PUT", containing="Mappings/") == 1
        assert place.use("Silver").site_names == (SITE,)


async def test_a_set_up_whose_policy_is_there_only_associates_it() -> None:
    async with place_in("contoso") as place:
        use = await place.make("HQ-5min", PolicyFigures(300, 2, 1))
        draft = contoso_draft(place.estate)
        draft = replace(draft, policy=replace(draft.policy, name=use.policy.friendly_name, create=False))
        kinds = [action.kind for action in actions_for(draft, place.estate, RULES)]
        assert ActionKind.CREATE_POLICY not in kinds
        assert ActionKind.ASSOCIATE_POLICY in kinds


async def test_the_practice_vault_takes_the_nonsense_that_azure_takes_and_refuses_what_it_refuses() -> None:
    async with place_in("contoso") as place:
        nonsense = await place.make("Nonsense", PolicyFigures(24, 2, 2))
        assert [issue.field for issue in nonsense.issues] == ["copy_frequency_s", "app_consistent_frequency_h"]
        for refused in (PolicyFigures(300, 25, 4), PolicyFigures(300, 24, 13)):
            with pytest.raises(OperationFailed, match="506"):
                await place.carry_out(creation(place.practice.vault, "Refused", refused, RULES))


def test_a_change_comes_out_of_the_journal_with_what_was_shown() -> None:
    vault = policy_id(fabric_id(contoso_vault(), "x").up_to("vaults"), "Gold").up_to("vaults")
    action = replace(creation(vault, "Gold", SLOWER, RULES), expects={"replicationInterval": 300})
    assert read_action(write_action(action)) == action
    assert action.id != creation(vault, "Gold", SLOWER, RULES).id


# Helpers


def contoso_vault() -> Any:
    from tests.support.estates import VAULT_ID

    return VAULT_ID


async def move_a_host(place: Place, site: Fabric) -> None:
    """A host leaves its site and registers in another."""
    host = place.estate.providers[0]
    await place.carry_out(*removal_of_host(host, place.estate, RULES, is_gone=False).actions)
    assert place.practice.use.practice is not None
    await place.practice.use.practice.register_host(site.id)


def branch_draft(estate: Estate) -> Any:
    draft = contoso_draft(estate)
    return replace(draft, site=replace(draft.site, name="Branch", create=True))


async def associate(place: Place, use: PolicyUse, *sites: str) -> None:
    for name in sites:
        site = place.estate.site(name)
        assert site is not None
        plan = association_of(use, site, place.estate, RULES)
        assert plan.obstacles == ()
        assert states(await place.carry_out(*plan.actions)) == [ActionState.CONFIRMED]
        await place.read()


def lose_answer(place: Place, method: str, containing: str = POLICIES) -> None:
    """The first such request arrives, and its answer does not."""
    lost: list[Request] = []

    def lose(request: Request, response: Response) -> None:
        if request.method == method and containing in request.url and not lost:
            lost.append(request)
            raise ServiceRequestError("the line broke before the answer arrived")

    place.practice.wire.after = lose


def lose_requests(place: Place, times: int = 1) -> None:
    def lose(request: Request) -> None:
        nonlocal times
        if request.method == "PATCH" and times > 0:
            times -= 1
            raise ServiceRequestError("the line broke before the request arrived")

    place.practice.wire.before = lose
