"""Machines that fail over to another subscription than the vault's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.arm_id import ArmId, resource_group_id
from app.errors import NotFound
from app.flows.action import ActionKind
from app.flows.checks import check_target
from app.flows.draft import NetworkChoice, SetUpDraft, StorageChoice, TargetChoice
from app.flows.planning import actions_for
from app.flows.step import Context
from app.rules import load_rules
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, contoso_draft, open_practice, refusal

GROUP = "rg-elsewhere"


async def elsewhere(practice: Practice, *machines: str) -> SetUpDraft:
    """Everything of the target is made in another subscription of the same account."""
    own = practice.simulator.subscription_id
    estate = await practice.estate()
    other = next(each for each in estate.subscriptions if each.id != own and not each.is_read_only)
    target = TargetChoice(
        subscription=other.id,
        resource_group=GROUP,
        create_resource_group=True,
        storage=StorageChoice(name="stelsewhere01", create=True),
        network=NetworkChoice(
            name="vnet-else", subnet="servers", address_space="10.9.0.0/16", subnet_prefix="10.9.1.0/24", create=True
        ),
    )
    return replace(contoso_draft(estate, *machines), target=target)


async def read(practice: Practice, draft: SetUpDraft) -> Context:
    estate = await practice.use.inventory.estate(
        practice.vault,
        practice.simulator.subscription_id,
        target_subscription=draft.target.subscription,
        target_group=GROUP,
        location="westeurope",
    )
    return Context(estate, load_rules(), practice.clock.now())


async def test_a_target_in_another_subscription_is_made_read_and_used() -> None:
    async with open_practice("many-subscriptions") as practice:
        draft = await elsewhere(practice, "WEB-01")
        context = await read(practice, draft)
        assert not check_target(draft, context)
        assert {each.id.subscription for each in context.estate.resource_groups} >= {practice.simulator.subscription_id}
        assert not context.estate.storage_accounts  # the other subscription's, which has none yet

        actions = actions_for(draft, context.estate, context.rules)
        runner = practice.use.runner
        run = await runner.carry_out(await runner.plan("Elsewhere", actions, key="draft"))
        assert run.is_done, run.troubled
        made = {each.action.target.subscription for each in run.actions if each.action.kind in _MADE}
        assert made == {draft.target.subscription}

        context = await read(practice, draft)
        assert [account.name for account in context.estate.storage_accounts] == ["stelsewhere01"]
        assert context.estate.quota is not None
        assert context.estate.quota.subscription == draft.target.subscription
        assert not actions_for(draft, context.estate, context.rules)
        (item,) = context.estate.protected_items
        group = resource_group_id(draft.target.subscription, GROUP)
        assert ArmId(item.target_resource_group_id) == group


_MADE = (
    ActionKind.CREATE_RESOURCE_GROUP,
    ActionKind.CREATE_STORAGE_ACCOUNT,
    ActionKind.CREATE_VIRTUAL_NETWORK,
)


async def test_its_providers_are_registered_where_they_are_not() -> None:
    async with open_practice("many-subscriptions") as practice:
        draft = await elsewhere(practice)
        context = await read(practice, draft)
        providers = context.estate.target_providers
        assert {each.namespace for each in providers} == {"Microsoft.Storage", "Microsoft.Network", "Microsoft.Compute"}
        unregistered = tuple(replace(each, state="NotRegistered") for each in providers[:1])
        estate = replace(context.estate, target_providers=unregistered)
        first = actions_for(draft, estate, context.rules)[0]
        assert first.kind is ActionKind.REGISTER_PROVIDER
        assert first.target.subscription == draft.target.subscription


async def test_an_account_and_a_network_of_another_subscription_do_not_pass() -> None:
    async with open_practice("many-subscriptions") as practice:
        chosen = contoso_draft(await practice.estate(), "WEB-01").target
        draft = await elsewhere(practice, "WEB-01")
        strays = replace(draft.target, storage=chosen.storage, network=chosen.network)
        issues = check_target(replace(draft, target=strays), await read(practice, draft))
        assert {issue.field for issue in issues} == {"target.storage.account_id", "target.network.network_id"}
        assert all("another subscription" in issue.text for issue in issues)


async def test_a_target_subscription_that_is_out_of_reach_is_said_at_its_field() -> None:
    async with open_practice() as practice:
        draft = contoso_draft(await practice.estate(), "WEB-01")
        gone = replace(draft, target=replace(draft.target, subscription="00000000-0000-4000-8000-000000000001"))
        context = await read(practice, gone)
        assert context.estate.vault is not None  # the rest was read all the same
        (issue,) = check_target(gone, context)
        assert issue.field == "target.subscription"
        assert "can’t use that subscription any more" in issue.text


async def test_a_list_that_is_missing_in_a_subscription_within_reach_is_a_failure() -> None:
    def refuse(request: Request) -> Response | None:
        is_groups = request.url.lower().partition("?")[0].endswith("/resourcegroups")
        return refusal(404, "ResourceNotFound", "There is no such list.") if is_groups else None

    async with open_practice() as practice:
        practice.wire.before = refuse
        with pytest.raises(NotFound):
            await practice.estate()
