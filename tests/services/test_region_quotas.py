"""What is read of a region's quota, how it moves with drills, and what is told when it cannot be read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain.arm_id import ArmId
from app.domain.issue import Severity, Suitability
from app.domain.protected_item import Operation
from app.domain.quota import Limit, Part, QuotaUsage, QuotaVerdict, Standing, judge_quota
from app.errors import SignInRequired
from app.flows.checks_replication import check_enable
from app.flows.failover import FailoverKind
from app.flows.failover_checks import is_blocked
from app.flows.failover_facts import Check, Topic
from app.flows.quota_request import quota_request
from app.flows.set_up_quota import set_up_quota
from app.flows.step import Context
from app.rules import load_rules
from app.services.failover import FailoverSheet
from app.services.region_quotas import RegionQuotas, count_needs
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, contoso_draft, open_practice, refusal
from tests.support.quotas import limit_quota

RULES = load_rules()
REGION = "westeurope"


async def read(practice: Practice) -> Any:
    return await RegionQuotas(practice.gateways).read(practice.simulator.subscription_id, REGION)


async def machines(practice: Practice, count: int) -> list[ArmId]:
    items = await practice.gateways.site_recovery.list_protected_items(practice.vault)
    return [item.id for item in items if item.allows(Operation.TEST_FAILOVER)][:count]


async def carry_out(practice: Practice, kind: FailoverKind, items: list[ArmId]) -> None:
    """In a network, so that machines get their network cards."""
    sheet = await practice.use.failover.prepare(kind, items)
    choices = replace(sheet.suggested, network_id=sheet.networks[0].id.text if sheet.networks else "")
    run = await practice.use.runner.carry_out(await practice.use.failover.plan(sheet, choices))
    assert run.is_done


def quota_of(sheet: FailoverSheet) -> list[Check]:
    return [check for check in sheet.checks(sheet.suggested) if check.topic is Topic.QUOTA]


def refuse(part: str, status: int = 403, code: str = "AuthorizationFailed") -> Callable[[Request], Response | None]:
    return lambda request: refusal(status, code, "You may not.") if part in request.url else None


def used(quota: Any, part: Part, name: str) -> int:
    found = quota.usage(part, name)
    assert found is not None, name
    return int(found.used)


async def test_usages_and_sizes_are_read_over_all_pages() -> None:
    async with open_practice("fleet", count=3) as practice:
        quota = await read(practice)
        assert not quota.unread
        assert quota.usage(Part.COMPUTE, "CORES") == QuotaUsage("cores", "Total Regional vCPUs", 0, 100_000)
        assert quota.usage(Part.NETWORK, "networkinterfaces") is not None
        size = quota.size("standard_d4s_V5")
        assert (size.family, size.cores, size.memory_mib, size.max_nics) == ("standardDSv5Family", 4, 16384, 2)
        assert size.generations == (1, 2)
        assert len(quota.sizes) > 25
        assert quota.size("Premium_LRS") is None


async def test_what_is_used_grows_with_a_drill_and_shrinks_again_after_its_clean_up() -> None:
    async with open_practice("fleet", count=3) as practice:
        tested = await machines(practice, 2)
        before = await read(practice)
        await carry_out(practice, FailoverKind.TEST, tested)
        during = await read(practice)
        assert used(during, Part.COMPUTE, "virtualMachines") == 2
        assert used(during, Part.NETWORK, "NetworkInterfaces") == 2
        assert used(during, Part.COMPUTE, "cores") >= 2
        await carry_out(practice, FailoverKind.CLEAN_UP, tested)
        assert (await read(practice)).compute == before.compute
        assert (await read(practice)).network == before.network


async def test_machines_that_stand_for_a_drill_need_nothing_more() -> None:
    async with open_practice("fleet", count=3) as practice:
        site_recovery = practice.gateways.site_recovery
        counted = [sum(found.values()) for found in (await needs(practice)).values()]
        tested = await machines(practice, 1)
        await carry_out(practice, FailoverKind.TEST, tested)
        assert (await site_recovery.get_protected_item(tested[0])).awaits_clean_up
        assert [sum(found.values()) for found in (await needs(practice)).values()] == [counted[0] - 1]


async def needs(practice: Practice) -> dict[str, Any]:
    items = await practice.gateways.site_recovery.list_protected_items(practice.vault)
    return (await count_needs(items)).needs


@pytest.mark.parametrize(
    ("part", "address"),
    [
        (Part.COMPUTE, "Microsoft.Compute/locations/westeurope/usages"),
        (Part.NETWORK, "Microsoft.Network/locations/westeurope/usages"),
        (Part.SIZES, "Microsoft.Compute/skus"),
    ],
)
async def test_a_part_that_cannot_be_read_is_not_known_and_costs_itself_only(part: Part, address: str) -> None:
    async with open_practice("fleet", count=3) as practice:
        practice.wire.before = refuse(address)
        quota = await read(practice)
        assert set(quota.unread) == {part}
        assert quota.unread[part]
        counts = (await needs(practice))[practice.simulator.subscription_id]
        verdict = judge_quota(counts, quota, RULES)
        assert verdict.standing is Standing.UNKNOWN


async def test_an_answer_that_does_not_come_is_not_waited_for() -> None:
    async with open_practice("fleet", count=3) as practice:

        class Silent:
            async def list_compute_usages(self, subscription: str, location: str) -> tuple[QuotaUsage, ...]:
                await asyncio.Event().wait()
                return ()

            async def list_network_usages(self, subscription: str, location: str) -> tuple[QuotaUsage, ...]:
                return ()

            list_offered_sizes = practice.gateways.quotas.list_offered_sizes

        gateways = replace(practice.gateways, quotas=Silent())  # type: ignore[arg-type]
        quota = await RegionQuotas(gateways, patience_s=0.05).read(practice.simulator.subscription_id, REGION)
        assert "did not answer" in quota.unread[Part.COMPUTE]
        assert Part.NETWORK not in quota.unread


async def test_a_sign_in_that_ended_is_no_unknown_quota() -> None:
    async with open_practice("fleet", count=3) as practice:
        practice.wire.before = refuse("/usages", 401, "ExpiredAuthenticationToken")
        with pytest.raises(SignInRequired):
            await read(practice)


async def test_a_vault_that_cannot_be_read_leaves_everything_unknown() -> None:
    async with open_practice("fleet", count=3) as practice:
        chosen = await machines(practice, 1)
        practice.wire.before = lambda request: (
            refusal(403, "AuthorizationFailed") if request.url.split("?")[0].endswith("/asr-fleet-weu") else None
        )
        sheet = await practice.use.failover.prepare(FailoverKind.UNPLANNED, chosen)
        found = quota_of(sheet)
        assert found
        assert all("not known" in check.text and "the target region" in check.text for check in found)


async def test_sizes_are_kept_and_usages_read_anew() -> None:
    async with open_practice("fleet", count=3) as practice:
        quotas = practice.use.quotas
        await quotas.read_for(practice.vault, [practice.simulator.subscription_id])
        practice.wire.reads.clear()
        await quotas.read_for(practice.vault, [practice.simulator.subscription_id.upper()])
        assert dict(practice.wire.reads) == {"usages": 2}


# The sheet of a drill or a failover


async def test_enough_is_one_line_with_figures() -> None:
    async with open_practice("fleet", count=3) as practice:
        (check,) = quota_of(await practice.use.failover.prepare(FailoverKind.TEST, await machines(practice, 2)))
        assert check.status is Suitability.OK
        assert check.detail.endswith("of 100,000 free cores")


async def test_a_drill_is_stopped_for_those_that_do_not_fit_and_goes_without_them() -> None:
    async with open_practice("fleet", count=6) as practice:
        chosen = await machines(practice, 3)
        sheet = await practice.use.failover.prepare(FailoverKind.TEST, chosen)
        cores = [quota_cores(sheet, place) for place in range(3)]
        limit_quota(practice.simulator, regionalCores=cores[0] + cores[1])
        sheet = await practice.use.failover.prepare(FailoverKind.TEST, chosen)
        found = quota_of(sheet)
        assert is_blocked(found)
        (left_out,) = [check for check in found if check.status is Suitability.BLOCKED]
        assert left_out.machine == sheet.items[2].friendly_name
        assert any("Not enough cores in West Europe" in check.text and "fit at most" in check.detail for check in found)
        sheet = await practice.use.failover.prepare(FailoverKind.TEST, chosen[:2])
        assert [check.status for check in quota_of(sheet)] == [Suitability.OK]


def quota_cores(sheet: FailoverSheet, place: int) -> int:
    size = sheet.facts.quotas[0].size(sheet.items[place].target_size)
    assert size is not None
    return size.cores


async def test_the_fault_of_a_used_up_quota_is_seen_before_the_drill() -> None:
    async with open_practice("fleet", count=3) as practice:
        practice.simulator.faults.switch_on("quota-reached")
        (check,) = quota_of(await practice.use.failover.prepare(FailoverKind.TEST, await machines(practice, 1)))[:1]
        assert check.status is Suitability.BLOCKED
        assert "0 free" in check.text
        practice.simulator.faults.switch_off("quota-reached")
        (check,) = quota_of(await practice.use.failover.prepare(FailoverKind.TEST, await machines(practice, 1)))
        assert check.status is Suitability.OK


async def test_an_emergency_is_told_and_never_stopped() -> None:
    async with open_practice("fleet", count=3) as practice:
        chosen = await machines(practice, 2)
        limit_quota(practice.simulator, regionalCores=1, restrictedSizes=["Standard_D2s_v5", "Standard_D4s_v5"])
        sheet = await practice.use.failover.prepare(FailoverKind.UNPLANNED, chosen)
        found = quota_of(sheet)
        assert found
        assert {check.status for check in found} == {Suitability.WARNING}
        assert not is_blocked(sheet.checks(sheet.suggested))
        planned = await practice.use.failover.prepare(FailoverKind.PLANNED, chosen)
        assert is_blocked(quota_of(planned))


@pytest.mark.parametrize("kind", [FailoverKind.TEST, FailoverKind.PLANNED, FailoverKind.UNPLANNED])
async def test_a_quota_that_cannot_be_read_is_a_warning_for_every_operation(kind: FailoverKind) -> None:
    async with open_practice("fleet", count=3) as practice:
        chosen = await machines(practice, 1)
        practice.wire.before = refuse("/usages")
        sheet = await practice.use.failover.prepare(kind, chosen)
        found = quota_of(sheet)
        assert found
        assert {check.status for check in found} == {Suitability.WARNING}
        assert all("not known" in check.text and check.detail for check in found)


async def test_a_drill_without_a_network_needs_no_network_cards() -> None:
    async with open_practice("fleet", count=3) as practice:
        chosen = await machines(practice, 1)
        await carry_out(practice, FailoverKind.TEST, await machines(practice, 3))  # takes three cards
        await carry_out(practice, FailoverKind.CLEAN_UP, [chosen[0]])
        limit_quota(practice.simulator, networkInterfaces=2)
        sheet = await practice.use.failover.prepare(FailoverKind.TEST, chosen)
        connected = replace(sheet.suggested, network_id=sheet.networks[0].id.text)
        assert [c.status for c in sheet.checks(connected) if c.topic is Topic.QUOTA] == [Suitability.BLOCKED]
        alone = replace(sheet.suggested, network_id="")
        assert [c.status for c in sheet.checks(alone) if c.topic is Topic.QUOTA] == [Suitability.OK]


async def test_operations_that_make_no_machine_read_no_quota() -> None:
    async with open_practice("fleet", count=3) as practice:
        tested = await machines(practice, 1)
        await carry_out(practice, FailoverKind.TEST, tested)
        practice.wire.reads.clear()
        sheet = await practice.use.failover.prepare(FailoverKind.CLEAN_UP, tested)
        assert not quota_of(sheet)
        assert practice.wire.reads["usages"] == 0


# The set-up


async def set_up(practice: Practice, *names: str, size: str = "Standard_D4s_v5") -> tuple[Any, Context]:
    estate = await practice.use.inventory.estate(
        practice.vault,
        practice.simulator.subscription_id,
        target_group=practice.simulator.resource_group,
        location=REGION,
    )
    draft = contoso_draft(estate, *names)
    draft = replace(draft, machines=tuple(replace(machine, size=size) for machine in draft.machines))
    return draft, Context(estate, RULES, practice.clock.now())


def verdict_of(draft: Any, context: Context) -> QuotaVerdict:
    verdict = set_up_quota(draft, context)
    assert verdict is not None
    return verdict


async def test_a_set_up_is_compared_together_with_what_the_vault_protects_already() -> None:
    async with open_practice("drill") as practice:
        protected = await practice.gateways.site_recovery.list_protected_items(practice.vault)
        standing = sum(item.awaits_clean_up or item.runs_in_azure for item in protected)
        free = await unprotected(practice, 2)
        draft, context = await set_up(practice, *free)
        verdict = verdict_of(draft, context)
        assert verdict.machines == len(protected) - standing + 2
        assert verdict.standing is Standing.ENOUGH
        assert not [issue for issue in check_enable(draft, context) if "quota" in issue.text.lower()]


async def unprotected(practice: Practice, count: int) -> list[str]:
    estate = await practice.estate()
    items = [item for item in estate.protectable_items if not item.is_protected and estate.protected(item.name) is None]
    return [item.friendly_name for item in items][:count]


async def test_a_set_up_that_the_quota_does_not_carry_is_warned_of_and_not_stopped() -> None:
    async with open_practice() as practice:
        limit_quota(practice.simulator, regionalCores=6)
        draft, context = await set_up(practice, "DC01", "DC02")
        warnings = [issue for issue in check_enable(draft, context) if issue.severity is Severity.WARNING]
        texts = [issue.text for issue in warnings if issue.field == "machines"]
        assert any(text.startswith("Cores in West Europe") and "8" in text and "to 8" in text for text in texts)
        assert not [issue for issue in check_enable(draft, context) if issue.is_blocking and issue.field == "machines"]


async def test_sizes_that_nobody_chose_are_not_known_and_never_enough() -> None:
    async with open_practice() as practice:
        draft, context = await set_up(practice, "DC01", "DC02", size="")
        verdict = verdict_of(draft, context)
        assert verdict.standing is Standing.UNKNOWN
        assert verdict.guessed == 2
        (told,) = [issue for issue in check_enable(draft, context) if issue.field == "machines"]
        assert told.severity is Severity.INFO
        limit_quota(practice.simulator, regionalCores=1)
        draft, context = await set_up(practice, "DC01", "DC02", size="")
        assert verdict_of(draft, context).standing is Standing.SHORT


async def test_a_set_up_whose_quota_cannot_be_read_says_so() -> None:
    async with open_practice() as practice:
        practice.wire.before = refuse("/usages", 429, "TooManyRequests")
        draft, context = await set_up(practice, "DC01")
        (told,) = [issue for issue in check_enable(draft, context) if issue.field == "machines"]
        assert told.severity is Severity.INFO
        assert "not known" in told.text


# The request for more


async def test_the_request_names_limits_places_and_commands() -> None:
    async with open_practice() as practice:
        limit_quota(practice.simulator, regionalCores=6, families={"standardDSv5Family": 4}, networkInterfaces=1)
        draft, context = await set_up(practice, "DC01", "DC02")
        verdict = verdict_of(draft, context)
        assert {limit.kind for limit in verdict.short} == {Limit.CORES, Limit.FAMILY, Limit.NICS}
        request = quota_request([verdict], RULES)
        assert request is not None
        scope = f"/subscriptions/{practice.simulator.subscription_id}/providers/Microsoft.Compute/locations/westeurope"
        assert f"az quota update --resource-name 'cores' --scope '{scope}' --limit-object value=8 " in request.az
        assert "--resource-type dedicated" in request.az
        assert "'standardDSv5Family'" in request.az
        assert f"PUT {scope}/providers/Microsoft.Quota/quotas/cores?api-version=2023-02-01" in request.rest
        assert "NetworkInterfaces" not in request.az
        for words in ("West Europe (westeurope)", "2 machines at once", "Quotas", "Help + support", request.az):
            assert words in request.text


async def test_nothing_is_asked_for_where_nothing_is_short() -> None:
    async with open_practice() as practice:
        draft, context = await set_up(practice, "DC01")
        assert quota_request([verdict_of(draft, context)], RULES) is None
