"""A name taken meanwhile, a region without room, a write that is denied: the run stops there and says why.

After the answers were put right, or the trouble is over, it goes on, and makes nothing twice: the practice vault's own
log tells.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.flows.action import ActionKind
from app.flows.draft import NetworkChoice, SetUpDraft, StorageChoice
from app.flows.planning import actions_for
from app.rules import load_rules
from app.runtime.journal import ActionState
from app.services.runs import RunSnapshot
from tests.support.practice import Practice, contoso_draft, manual_simulator, open_practice

pytestmark = pytest.mark.slow

NAME = "stcontosonew01"
ACCOUNT, NETWORK = ActionKind.CREATE_STORAGE_ACCOUNT, ActionKind.CREATE_VIRTUAL_NETWORK
Change = Callable[[SetUpDraft], SetUpDraft]


@dataclass(frozen=True, slots=True)
class Site:
    """A set-up that makes an account, a network, a policy and protects a machine, and the practice vault's own log."""

    practice: Practice
    log: io.StringIO
    draft: SetUpDraft

    def changes(self) -> Counter[tuple[str, int]]:
        """Every request to change something, by its path and the status that it got."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return Counter((line["path"], line["status"]) for line in lines if line["method"] == "PUT")

    def taken(self) -> Counter[str]:
        """How often each path was written and taken."""
        return Counter({path: times for (path, status), times in self.changes().items() if status < 300})

    async def run(self, draft: SetUpDraft) -> RunSnapshot:
        """Press Run on the review of this draft."""
        runner = self.practice.use.runner
        actions = actions_for(draft, await self.practice.estate(), load_rules())
        return await runner.carry_out(await runner.plan("Set up", actions, key="draft"))


@asynccontextmanager
async def new_site() -> AsyncIterator[Site]:
    log = io.StringIO()
    async with open_practice(simulator=manual_simulator(log=log)) as practice:
        draft = contoso_draft(await practice.estate(), "WEB-01")
        network = NetworkChoice(
            name="vnet-new", subnet="servers", address_space="10.9.0.0/16", subnet_prefix="10.9.1.0/24", create=True
        )
        target = replace(draft.target, storage=StorageChoice(name=NAME, create=True), network=network)
        yield Site(practice, log, replace(draft, target=target))


def renamed(draft: SetUpDraft) -> SetUpDraft:
    return replace(draft, target=replace(draft.target, storage=replace(draft.target.storage, name="stcontosonew02")))


def in_another_network(draft: SetUpDraft) -> SetUpDraft:
    network = replace(draft.target.network, name="vnet-other")
    return replace(draft, target=replace(draft.target, network=network))


def state_of(run: RunSnapshot, kind: ActionKind) -> ActionState:
    return next(action.state for action in run.actions if action.action.kind is kind)


def assert_stopped(run: RunSnapshot, kind: ActionKind, code: str, title: str, advice: str) -> None:
    (troubled,) = run.troubled
    assert troubled.action.kind is kind
    assert troubled.problem is not None
    assert (troubled.problem.code, troubled.state) == (code, ActionState.FAILED)
    assert troubled.problem.title.endswith(title)
    assert advice in troubled.problem.advice
    assert run.refused == (() if code == DENIED[0] else (troubled,)), "retrying would do after a right was given"
    assert state_of(run, ActionKind.ENABLE_PROTECTION) is ActionState.PLANNED


TAKEN = ("StorageAccountAlreadyTaken", "the name is taken", "Choose another name")
FULL = ("SkuNotAvailable", "the region has no room for it", "ask Azure’s support for access to the region")
CLOSED = ("RequestDisallowedByAzure", *FULL[1:])
FORBIDDEN = ("RequestDisallowedByPolicy", "a policy of your organisation forbids it", "ask whoever keeps the policy")
DENIED = ("AuthorizationFailed", "your account may not do this", "Storage Account Contributor")
DENIED_NETWORK = ("AuthorizationFailed", "your account may not do this", "Network Contributor")


@pytest.mark.parametrize(
    ("trouble", "given", "kind", "says", "correct"),
    [
        pytest.param("name-taken", {}, ACCOUNT, TAKEN, renamed, id="name"),
        pytest.param("region-full", {"what": "storageAccounts"}, ACCOUNT, FULL, None, id="region-account"),
        pytest.param(
            "region-full",
            {"what": "virtualNetworks", "code": "RequestDisallowedByAzure"},
            NETWORK,
            CLOSED,
            None,
            id="region-network",
        ),
        pytest.param("policy-forbids", {"what": "storageAccounts"}, ACCOUNT, FORBIDDEN, None, id="policy-account"),
        pytest.param(
            "policy-forbids", {"what": "virtualNetworks"}, NETWORK, FORBIDDEN, in_another_network, id="policy-network"
        ),
        pytest.param("missing-permission", {"operation": "PUT storageAccounts"}, ACCOUNT, DENIED, None, id="right"),
        pytest.param(
            "missing-permission",
            {"operation": "PUT virtualNetworks"},
            NETWORK,
            DENIED_NETWORK,
            None,
            id="right-network",
        ),
    ],
)
async def test_the_run_stops_says_why_and_goes_on_after_correction(
    trouble: str, given: dict[str, Any], kind: ActionKind, says: tuple[str, str, str], correct: Change | None
) -> None:
    async with new_site() as site:
        faults = site.practice.simulator.faults
        faults.switch_on(trouble, count=1, **given)
        stopped = await site.run(site.draft)
        assert_stopped(stopped, kind, *says)
        assert faults.running == []  # its count is used up

        draft = site.draft if correct is None else correct(site.draft)
        ended = await site.run(draft)
        assert ended.is_done, ended.troubled
        assert set(site.taken().values()) == {1}
        assert len([path for path in site.taken() if kind_in(path, kind)]) == 1
        assert (ended.id == stopped.id) == (correct is None)
        refused = {status for _, status in site.changes() if status >= 300}
        assert len(refused) == 1
        assert not (await site.run(draft)).actions


def kind_in(path: str, kind: ActionKind) -> bool:
    return ("/storageAccounts/" if kind is ACCOUNT else "/virtualNetworks/") in path


async def test_a_taken_name_stays_taken_until_another_is_given() -> None:
    async with new_site() as site:
        is_free, _ = await site.practice.use.inventory.storage_name_is_free(site.draft.vault.subscription, NAME)
        assert is_free
        site.practice.simulator.faults.switch_on("name-taken", count=1)
        assert_stopped(await site.run(site.draft), ACCOUNT, *TAKEN)
        site.practice.simulator.faults.end_all()
        again = await site.run(site.draft)
        assert_stopped(again, ACCOUNT, *TAKEN)
        assert state_of(again, NETWORK) is ActionState.CONFIRMED
        assert (await site.run(renamed(site.draft))).is_done
        assert set(site.taken().values()) == {1}


async def test_a_trouble_that_lasts_stops_each_try_until_it_is_ended() -> None:
    async with new_site() as site:
        faults = site.practice.simulator.faults
        faults.switch_on("policy-forbids", what="virtualNetworks", policy="Allowed locations")
        for _ in range(2):
            stopped = await site.run(site.draft)
            assert_stopped(stopped, NETWORK, *FORBIDDEN)
            problem = stopped.troubled[0].problem
            assert problem is not None
            assert "Allowed locations" in problem.details
        faults.switch_off("policy-forbids")
        assert (await site.run(site.draft)).is_done
        assert set(site.taken().values()) == {1}
