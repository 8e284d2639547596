"""What the gateways promise of reading, through both doors and the real SDKs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.domain.arm_id import (
    fabric_id,
    vault_id,
)
from app.domain.protection import REPLICATION_PROVIDER
from app.errors import (
    AppError,
    BadRecord,
    Conflict,
    NotFound,
    NotSupported,
    PermissionDenied,
    ServiceFault,
    SignInRequired,
    Throttled,
    Unreachable,
)
from app.runtime.progress import Progress
from app.simulator.messages import Request, Response
from tests.support.doors import BAD_LINE, DOORS, Door, open_door
from tests.support.practice import refusal


async def test_everything_around_a_vault_can_be_listed(door: Door) -> None:
    resources, subscription = door.gateways.resources, door.subscription

    assert [s.id for s in await door.gateways.subscriptions.list_subscriptions()] == [subscription]
    assert "westeurope" in {place.name for place in await door.gateways.subscriptions.list_locations(subscription)}
    assert "rg-contoso-dr" in {group.name for group in await resources.list_resource_groups(subscription)}
    assert all(account.blob_endpoint for account in await resources.list_storage_accounts(subscription))
    assert all(network.subnets for network in await resources.list_virtual_networks(subscription))
    assert all(
        size.cores and size.memory_mib for size in await resources.list_compute_sizes(subscription, "westeurope")
    )
    assert await resources.list_machines(subscription, "rg-contoso-dr") == ()
    assert [vault.id for vault in await door.gateways.vaults.list_vaults(subscription)] == [door.vault]


async def test_quotas_and_sizes_of_a_region_can_be_listed(door: Door) -> None:
    quotas, subscription = door.gateways.quotas, door.subscription
    compute = {usage.name: usage for usage in await quotas.list_compute_usages(subscription, "westeurope")}
    assert {"cores", "virtualMachines", "standardDSv5Family"} <= compute.keys()
    assert all(usage.limit >= usage.used >= 0 and usage.label for usage in compute.values())
    assert "NetworkInterfaces" in {usage.name for usage in await quotas.list_network_usages(subscription, "westeurope")}
    sizes = await quotas.list_offered_sizes(subscription, "westeurope")
    assert all(size.cores and size.memory_mib and size.max_nics and size.family in compute for size in sizes)
    listed = await door.gateways.resources.list_compute_sizes(subscription, "westeurope")
    assert {size.name for size in sizes} == {size.name for size in listed}


async def test_each_neighbour_reads_alone_as_in_its_list(door: Door) -> None:
    resources = door.gateways.resources
    group = (await resources.list_resource_groups(door.subscription))[0]
    account = (await resources.list_storage_accounts(door.subscription))[0]
    network = (await resources.list_virtual_networks(door.subscription))[0]

    assert await resources.get_resource_group(group.id) == group
    assert await resources.get_storage_account(account.id) == account
    assert await resources.get_virtual_network(network.id) == network
    assert (await door.gateways.vaults.get_vault(door.vault)).location == "westeurope"


async def test_everything_in_a_vault_can_be_listed(fleet: Door) -> None:
    site_recovery, vault = fleet.gateways.site_recovery, fleet.vault

    fabrics = await site_recovery.list_fabrics(vault)
    containers = await site_recovery.list_containers(vault)
    assert fabrics[0].is_hyper_v_site
    assert containers[0].fabric_id == fabrics[0].id
    assert all(provider.is_connected for provider in await site_recovery.list_providers(vault))
    assert (await site_recovery.list_policies(vault))[0].kind == REPLICATION_PROVIDER
    assert (await site_recovery.list_mappings(vault))[0].container_id == containers[0].id
    assert len(await site_recovery.list_protected_items(vault)) == 12
    assert await site_recovery.list_protectable_items(containers[0].id)
    assert await site_recovery.list_recovery_plans(vault) == ()
    assert (await site_recovery.get_vault_health(vault)).protected_items.count == 12


async def test_each_thing_in_a_vault_reads_alone_as_in_its_list(fleet: Door) -> None:
    site_recovery, vault = fleet.gateways.site_recovery, fleet.vault
    fabric = (await site_recovery.list_fabrics(vault))[0]
    policy = (await site_recovery.list_policies(vault))[0]
    mapping = (await site_recovery.list_mappings(vault))[0]
    item = (await site_recovery.list_protected_items(vault))[0]
    job = (await site_recovery.list_jobs(vault))[0]

    assert await site_recovery.get_fabric(fabric.id) == fabric
    assert await site_recovery.get_policy(policy.id) == policy
    assert await site_recovery.get_mapping(mapping.id) == mapping
    assert await site_recovery.get_protected_item(item.id) == item
    assert (await site_recovery.get_job(job.id)).scenario == job.scenario


async def test_newest_comes_first(fleet: Door) -> None:
    site_recovery = fleet.gateways.site_recovery
    jobs = await site_recovery.list_jobs(fleet.vault)
    events = await site_recovery.list_events(fleet.vault)
    points = await site_recovery.list_recovery_points((await site_recovery.list_protected_items(fleet.vault))[0].id)

    for times in ([j.started for j in jobs], [e.time for e in events], [p.time for p in points]):
        known = [time for time in times if time is not None]
        assert len(known) > 1
        assert known == sorted(known, reverse=True)


async def test_jobs_are_filtered_by_their_start_at_the_service(fleet: Door) -> None:
    jobs = await fleet.gateways.site_recovery.list_jobs(fleet.vault)
    middle = jobs[len(jobs) // 2].started
    assert middle is not None

    later = await fleet.gateways.site_recovery.list_jobs(fleet.vault, since=middle)

    assert 0 < len(later) < len(jobs)
    assert all(
        job.started is None or job.started.replace(microsecond=0) >= middle.replace(microsecond=0) for job in later
    )


@pytest.mark.parametrize("kind", DOORS)
async def test_twelve_hundred_items_arrive_page_by_page(kind: str) -> None:
    async with open_door(kind, "fleet", count=1200) as large:
        seen: list[Progress] = []

        items = await large.gateways.site_recovery.list_protected_items(large.vault, report=seen.append)

    assert len({item.id for item in items}) == 1200
    assert large.wire.reads["replicationProtectedItems"] == 3
    assert [progress.done for progress in seen] == [500, 1000, 1200]


@pytest.mark.parametrize("kind", ["in process", BAD_LINE])
async def test_a_page_that_was_cut_is_asked_for_again(kind: str) -> None:
    cuts = iter((True, True, False))

    def cut(request: Request) -> Response | None:
        if "replicationProtectedItems" in request.url and next(cuts, False):
            return Response(200, {"Content-Type": "application/json", "Content-Length": "4000"}, b'{"value": [{"id":')
        return None

    async with open_door(kind, "fleet", count=12) as fleet:
        fleet.wire.before = cut

        assert len(await fleet.gateways.site_recovery.list_protected_items(fleet.vault)) == 12


@pytest.mark.parametrize("kind", ["in process", BAD_LINE])
async def test_a_page_that_is_cut_each_time_is_no_answer(kind: str) -> None:
    async with open_door(kind) as door:
        door.wire.before = lambda request: Response(200, {"Content-Length": "99"}, b'{"value"')

        with pytest.raises(Unreachable):
            await door.gateways.site_recovery.list_protected_items(door.vault)

        assert door.wire.reads["replicationProtectedItems"] == 3


async def test_a_record_that_cannot_be_read_costs_itself_only(fleet: Door) -> None:
    def spoil(request: Request) -> Response | None:
        good = json.loads(fleet.simulator.handle(request).read())["value"][:2]
        spoilt = {"name": "odd-one", "id": 7, "properties": "none"}
        return json_answer({"value": [good[0], spoilt, good[1]], "nextLink": None})

    fleet.wire.before = spoil
    bad: list[BadRecord] = []

    items = await fleet.gateways.site_recovery.list_protected_items(fleet.vault, on_bad=bad.append)

    assert len(items) == 2
    assert [(record.kind, record.name) for record in bad] == [("replicated item", "odd-one")]


async def test_a_list_does_not_follow_its_link_to_another_host(fleet: Door) -> None:
    fleet.wire.before = lambda request: json_answer({"value": [], "nextLink": "https://elsewhere.invalid/more"})

    with pytest.raises(ServiceFault):
        await fleet.gateways.site_recovery.list_policies(fleet.vault)


async def test_a_list_that_leads_back_to_itself_ends(fleet: Door) -> None:
    def again(request: Request) -> Response:
        return json_answer({"value": [], "nextLink": f"{fleet.clients.endpoint.arm}/again"})

    fleet.wire.before = again

    assert await fleet.gateways.site_recovery.list_policies(fleet.vault) == ()


@pytest.mark.parametrize(
    ("status", "family"),
    [(401, SignInRequired), (403, PermissionDenied), (404, NotFound), (409, Conflict), (501, NotSupported)],
)
async def test_a_refused_read_says_what_to_do(door: Door, status: int, family: type[AppError]) -> None:
    door.wire.before = lambda request: refusal(status, "Code")

    with pytest.raises(family):
        await door.gateways.site_recovery.list_jobs(door.vault)


async def test_a_vault_that_is_not_there_is_not_found(door: Door) -> None:
    with pytest.raises(NotFound):
        await door.gateways.vaults.get_vault(vault_id(door.subscription, "rg-contoso-dr", "no-such-vault"))
    with pytest.raises(NotFound):
        await door.gateways.site_recovery.get_fabric(fabric_id(door.vault, "no-such-site"))


async def test_a_short_pause_is_waited_for_and_a_long_one_told() -> None:
    async with open_door("in process") as door:
        pauses = iter(("5", None, "120"))

        def throttle(request: Request) -> Response | None:
            pause = next(pauses, None)
            if pause is None:
                return None
            answer = refusal(429, "TooManyRequests")
            answer.headers["Retry-After"] = pause
            return answer

        door.wire.before = throttle
        before = door.clock.now()

        assert await door.gateways.site_recovery.list_policies(door.vault) == ()
        assert (door.clock.now() - before).total_seconds() == 5
        with pytest.raises(Throttled) as caught:
            await door.gateways.site_recovery.list_policies(door.vault)
        assert caught.value.retry_after_s == 120


async def test_a_read_is_repeated_after_a_passing_fault() -> None:
    async with open_door("in process") as door:
        faults = iter((500, 503))
        door.wire.before = lambda request: refusal(status, "Busy") if (status := next(faults, 0)) else None

        assert await door.gateways.site_recovery.list_policies(door.vault) == ()
        assert door.wire.reads["replicationPolicies"] == 3


async def test_a_proxy_page_is_not_taken_for_an_answer(door: Door) -> None:
    door.wire.before = lambda request: Response(200, {"Content-Type": "text/html"}, b"<html>Sign in</html>")

    with pytest.raises((ServiceFault, Unreachable), match=r"cannot be read|a web page came in place of its answer"):
        await door.gateways.site_recovery.list_policies(door.vault)


def json_answer(body: Any) -> Response:
    content = json.dumps(body).encode()
    return Response(200, {"Content-Type": "application/json", "Content-Length": str(len(content))}, content)
