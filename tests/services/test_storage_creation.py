"""Storage accounts from the list of actions to Azure: exactly what was shown arrives, and refusals say what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain.arm_id import ArmId
from app.flows.action import Action, ActionKind
from app.flows.draft import StorageChoice
from app.flows.planning import actions_for
from app.flows.planning_storage import account_body
from app.flows.sent import named_values
from app.rules import load_rules
from app.services.read_back import Standing, read_back
from app.services.runs import RunSnapshot
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, contoso_draft, open_practice, refusal
from tests.support.roles import Administrator

RULES = load_rules()
ACCOUNT = "/storageaccounts/contosonew"


async def planned(practice: Practice, **changes: object) -> Action:
    estate = await practice.estate()
    draft = contoso_draft(estate)
    choice = replace(StorageChoice(name="contosonew", create=True), **changes)  # type: ignore[arg-type]
    draft = replace(draft, target=replace(draft.target, storage=choice))
    actions = actions_for(draft, estate, RULES)
    return next(each for each in actions if each.kind is ActionKind.CREATE_STORAGE_ACCOUNT)


async def carry_out(practice: Practice, action: Action) -> RunSnapshot:
    runner = practice.use.runner
    return await runner.carry_out(await runner.plan("Create", (replace(action, needs=()),), key="storage"))


def arrived(practice: Practice, account: ArmId) -> dict[str, Any]:
    found: dict[str, Any] = Administrator(practice.simulator).call("GET", account.text)
    return found


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"redundancy": "RAGRS", "tags": (("Owner", "ann & bob"), ("", ""), ("cost centre", ""))},
        {"kind": "Storage", "redundancy": "LRS"},
    ],
)
async def test_exactly_what_was_shown_arrives(changes: dict[str, object]) -> None:
    async with open_practice() as practice:
        action = await planned(practice, **changes)
        run = await carry_out(practice, action)
        assert run.is_done, run.troubled
        there = arrived(practice, action.target)
        assert action.body is not None
        assert there["tags"] == action.body.get("tags", {})
        assert (there["kind"], there["location"]) == (action.body["kind"], action.body["location"])
        assert there["sku"]["name"] == action.body["sku"]["name"]
        properties = action.body["properties"]
        assert {name: there["properties"].get(name) for name in properties} == properties
        assert ("accessTier" in there["properties"]) == (changes.get("kind") != "Storage")
        choice = replace(StorageChoice(name="contosonew", create=True), **changes)  # type: ignore[arg-type]
        shown = dict(named_values(account_body(choice, there["location"], RULES)))
        tags = {name: value or "empty" for name, value in there["tags"].items()}
        assert shown.get("Tags", "") == "\n".join(f"{name}: {value}" for name, value in tags.items())
        assert (await read_back(action, practice.gateways)).standing is Standing.AS_WANTED


async def test_a_tag_that_somebody_took_away_is_told_and_one_of_a_policy_does_no_harm() -> None:
    async with open_practice() as practice:
        action = await planned(practice, tags=(("owner", "ann"),))
        await carry_out(practice, action)
        administrator = Administrator(practice.simulator)
        administrator.call("PATCH", action.target.text, {"tags": {"OWNER": "ann", "byPolicy": "yes"}})
        assert (await read_back(action, practice.gateways)).standing is Standing.AS_WANTED
        administrator.call("PATCH", action.target.text, {"tags": {"byPolicy": "yes"}})
        found = await read_back(action, practice.gateways)
        assert (found.standing, found.difference) == (Standing.DIFFERENT, "the tag owner is missing")


def refuse(status: int, code: str, message: str) -> Callable[[Request], Response | None]:
    def answer(request: Request) -> Response | None:
        is_it = request.method == "PUT" and ACCOUNT in request.url.lower()
        return refusal(status, code, message) if is_it else None

    return answer


@pytest.mark.parametrize(
    ("status", "code", "message", "why", "remedy"),
    [
        (409, "StorageAccountAlreadyTaken", "The name is taken.", "the name is taken", "Choose another name"),
        (409, "SkuNotAvailable", "Not available.", "the region has no room for it", "redundancy"),
        (400, "RedundancyConfigurationNotAvailableInRegion", "", "the region does not offer it", "such as LRS"),
        (
            403,
            "AuthorizationFailed",
            "The client has no authorization to perform action 'Microsoft.Storage/storageAccounts/write' over scope.",
            "your account may not do this",
            "Storage Account Contributor",
        ),
        (403, "RequestDisallowedByPolicy", "By ‘locations’.", "a policy of your organisation forbids it", "the policy"),
        (409, "ScopeLocked", "The scope is locked.", "a lock protects it", "Remove the lock"),
        (
            409,
            "MaxStorageAccountsCountPerSubscriptionExceeded",
            "250.",
            "a limit of the subscription",
            "raise the limit",
        ),
    ],
)
async def test_a_refusal_stops_the_run_with_cause_and_remedy_and_a_retry_doubles_nothing(
    status: int, code: str, message: str, why: str, remedy: str
) -> None:
    async with open_practice() as practice:
        action = await planned(practice)
        practice.wire.before = refuse(status, code, message)
        run = await carry_out(practice, action)
        [troubled] = run.troubled
        assert troubled.problem is not None
        assert why in troubled.problem.title
        assert remedy in troubled.problem.advice
        assert practice.wire.accepted(containing=ACCOUNT) == []
        practice.wire.before = lambda request: None
        run = await practice.use.runner.carry_out(run.id)
        assert run.is_done, run.troubled
        assert len(practice.wire.accepted(containing=ACCOUNT)) == 1


async def test_a_name_that_somebody_took_after_the_check_is_refused_by_azure() -> None:
    async with open_practice() as practice:
        action = await planned(practice)
        elsewhere = action.target.text.replace("rg-contoso-dr", "rg-contoso-apps")
        assert elsewhere != action.target.text
        Administrator(practice.simulator).call("PUT", elsewhere, action.body)
        run = await carry_out(practice, action)
        [troubled] = run.troubled
        assert troubled.problem is not None
        assert "the name is taken" in troubled.problem.title
