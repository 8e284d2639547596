"""What the prerequisites in Azure are judged by, read from a practice vault."""

from __future__ import annotations

import pytest

from app.domain.arm_id import vault_id
from app.domain.prerequisite_checks import Outcome, judge_azure_side
from app.domain.prerequisites import Check
from app.errors import AppError, PermissionDenied, SignInRequired
from app.rules import load_rules
from app.services.azure_side import read_azure_side
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, open_practice, refusal

RULES = load_rules()


async def outcomes(practice: Practice, *, vault: bool = True) -> dict[Check, Outcome]:
    subscription = practice.simulator.subscription_id
    side = await read_azure_side(practice.use.inventory, subscription, practice.vault if vault else None)
    return {check: finding.outcome for check, finding in judge_azure_side(side, RULES).items()}


def refusing(status: int, *words: str):
    def before(request: Request) -> Response | None:
        is_meant = not words or any(word in request.url for word in words)
        return refusal(status, "AuthorizationFailed" if status == 403 else "Nothing") if is_meant else None

    return before


async def test_estate_that_is_ready_is_found_in_order() -> None:
    async with open_practice("contoso") as practice:
        assert await outcomes(practice) == dict.fromkeys(Check, Outcome.OK)
        assert practice.wire.writes == []


async def test_empty_subscription_lacks_what_the_set_up_makes() -> None:
    async with open_practice("empty") as practice:
        found = await outcomes(practice, vault=False)
    assert found[Check.SUBSCRIPTION] is Outcome.OK
    assert found[Check.PROVIDERS] is Outcome.OK
    assert found[Check.VAULT] is Outcome.MISSING
    assert found[Check.NETWORK] is Outcome.UNKNOWN


async def test_vault_that_is_gone_is_missing() -> None:
    async with open_practice("contoso") as practice:
        subscription = practice.simulator.subscription_id
        gone = vault_id(subscription, practice.vault.resource_group, "gone")
        side = await read_azure_side(practice.use.inventory, subscription, gone)
    assert judge_azure_side(side, RULES)[Check.VAULT].outcome is Outcome.MISSING


async def test_part_that_may_not_be_read_costs_itself_only() -> None:
    async with open_practice("contoso") as practice:
        practice.wire.before = refusing(403, "virtualNetworks")
        side = await read_azure_side(practice.use.inventory, practice.simulator.subscription_id, practice.vault)
        findings = judge_azure_side(side, RULES)
    assert findings[Check.NETWORK].outcome is Outcome.UNKNOWN
    assert findings[Check.NETWORK].text
    assert [check for check, finding in findings.items() if finding.outcome is not Outcome.OK] == [Check.NETWORK]


@pytest.mark.parametrize(("status", "kind"), [(403, PermissionDenied), (401, SignInRequired)])
async def test_nothing_read_is_a_failure(status: int, kind: type[AppError]) -> None:
    async with open_practice("contoso") as practice:
        practice.wire.before = refusing(status)
        with pytest.raises(kind):
            await outcomes(practice)


async def test_expired_sign_in_is_told_at_once() -> None:
    async with open_practice("contoso") as practice:
        practice.wire.before = refusing(401, "storageAccounts")
        with pytest.raises(SignInRequired):
            await outcomes(practice)


async def test_provider_that_is_not_registered_is_found() -> None:
    async with open_practice("contoso") as practice:
        unregister = (
            f"https://practice.invalid/subscriptions/{practice.simulator.subscription_id}/providers/Microsoft.Compute"
            "/unregister?api-version=2025-04-01"
        )
        token = {"Authorization": f"Bearer {practice.simulator.token}"}
        assert practice.simulator.handle(Request("POST", unregister, token, b"")).status == 200
        assert (await outcomes(practice))[Check.PROVIDERS] is Outcome.MISSING


async def test_rights_that_are_withheld_are_told() -> None:
    async with open_practice("contoso") as practice:
        assert practice.use.practice is not None
        await practice.use.practice.start_trouble("missing-permission", {})
        side = await read_azure_side(practice.use.inventory, practice.simulator.subscription_id, practice.vault)
    finding = judge_azure_side(side, RULES)[Check.RIGHTS]
    assert finding.outcome is Outcome.MISSING
    assert "you may not make Hyper-V sites, make policies, enable replication, fail over" in finding.text
    assert "Site Recovery Contributor" in finding.remedy
