"""Everything an account reaches: what comes first, what fails alone, what is asked at all, and how often it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.domain.vault_contents import Scenario, VaultContents
from app.errors import Conflict, PermissionDenied, SignInRequired, Throttled, Unreachable
from app.services.vault_catalogue import VaultCatalogue
from app.simulator.messages import Request, Response
from tests.support.catalogue import (
    GUEST,
    HOME,
    HYPER_V,
    FakeAccount,
    StillClock,
    Told,
    practice_catalogue,
    subscription,
    vault,
)
from tests.support.waiting import until

ONE, TWO, ABROAD = subscription(1), subscription(2), subscription(3, GUEST)


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount(
        tenants=[HOME, GUEST],
        subscriptions={HOME.id: [ONE, TWO], GUEST.id: [ABROAD]},
        vaults={
            ONE.id: [vault(ONE, "asr-one")],
            TWO.id: [vault(TWO, "asr-two")],
            ABROAD.id: [vault(ABROAD, "asr-abroad")],
        },
        contents={"asr-one": HYPER_V, "asr-two": VaultContents((Scenario.VMWARE,), 5, 1)},
    )


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def catalogue(account: FakeAccount, clock: StillClock) -> AsyncIterator[VaultCatalogue]:
    made = VaultCatalogue(account, clock, at_once=4, contents_at_once=2, pace_s=0)
    yield made
    await made.aclose()


def names(catalogue: VaultCatalogue) -> list[str]:
    return sorted(entry.vault.name for entry in catalogue.catalogue.vaults)


def denied() -> PermissionDenied:
    return PermissionDenied("AuthorizationFailed", "Could not list vaults", "Ask for a role.")


def refused() -> SignInRequired:
    return SignInRequired("TenantAsksForProof", "It asks for one more proof", "Sign in to it.")


async def test_everything_is_read_with_its_tenant_and_subscription(catalogue: VaultCatalogue) -> None:
    await catalogue.read()
    found = {entry.vault.name: entry for entry in catalogue.catalogue.vaults}
    assert set(found) == {"asr-one", "asr-two", "asr-abroad"}
    assert (found["asr-abroad"].tenant, found["asr-abroad"].subscription) == (GUEST, ABROAD)
    assert found["asr-abroad"].reached_by == GUEST.id
    assert catalogue.catalogue.read_count == 3
    assert not catalogue.catalogue.is_reading


async def test_vaults_show_while_other_subscriptions_are_still_read(
    account: FakeAccount, catalogue: VaultCatalogue
) -> None:
    account.hold[TWO.id] = asyncio.Event()
    reading = asyncio.create_task(catalogue.read())
    await until(lambda: names(catalogue) == ["asr-abroad", "asr-one"])
    assert (catalogue.catalogue.read_count, len(catalogue.catalogue.subscriptions)) == (2, 3)
    assert catalogue.catalogue.is_reading
    account.hold[TWO.id].set()
    await reading
    assert "asr-two" in names(catalogue)


async def test_a_tenant_that_refuses_is_told_and_the_others_appear(
    account: FakeAccount, catalogue: VaultCatalogue
) -> None:
    account.fails[GUEST.id] = [refused()]
    await catalogue.read()
    assert names(catalogue) == ["asr-one", "asr-two"]
    (tenant,) = catalogue.catalogue.refused_tenants
    assert tenant.tenant == GUEST
    assert tenant.problem is not None
    assert tenant.problem.code == "TenantAsksForProof"


async def test_after_signing_in_to_a_tenant_its_vaults_come(account: FakeAccount, catalogue: VaultCatalogue) -> None:
    account.fails[GUEST.id] = [refused()]
    await catalogue.read()
    asked = account.asked[ONE.id]
    wish: Any = object()
    await catalogue.read_tenant(GUEST.id, wish)
    assert account.signed_in[GUEST.id] is wish
    assert names(catalogue) == ["asr-abroad", "asr-one", "asr-two"]
    assert catalogue.catalogue.refused_tenants == ()
    assert account.asked[ONE.id] == asked


async def test_a_subscription_without_rights_is_told_alone(account: FakeAccount, catalogue: VaultCatalogue) -> None:
    account.fails[TWO.id] = [denied()]
    await catalogue.read()
    assert names(catalogue) == ["asr-abroad", "asr-one"]
    assert [each.subscription for each in catalogue.catalogue.failed_subscriptions] == [TWO]


async def test_an_unregistered_subscription_has_no_vaults_and_no_problem(
    account: FakeAccount, catalogue: VaultCatalogue
) -> None:
    account.fails[TWO.id] = [Conflict("MissingSubscriptionRegistration", "Could not list vaults")]
    await catalogue.read()
    assert catalogue.catalogue.failed_subscriptions == ()
    assert catalogue.catalogue.read_count == 3


async def test_without_any_answer_the_reason_stays(account: FakeAccount, catalogue: VaultCatalogue) -> None:
    account.fails["tenants"] = [Unreachable("", "Could not list directories: no answer")]
    with pytest.raises(Unreachable):
        await catalogue.read()
    assert isinstance(catalogue.catalogue.problem, Unreachable)
    assert not catalogue.catalogue.is_reading
    await catalogue.read()
    assert catalogue.catalogue.problem is None


async def test_a_subscription_that_two_tenants_show_is_listed_once(
    account: FakeAccount, catalogue: VaultCatalogue
) -> None:
    account.subscriptions[GUEST.id] = [ABROAD, ONE]
    await catalogue.read()
    assert account.asked[ONE.id] == 1
    assert names(catalogue) == ["asr-abroad", "asr-one", "asr-two"]


async def test_few_requests_are_under_way_at_once(account: FakeAccount, catalogue: VaultCatalogue) -> None:
    account.subscriptions[HOME.id] = [subscription(number) for number in range(100, 200)]
    await catalogue.read()
    assert catalogue.catalogue.read_count == 101
    assert account.most_under_way <= 4


async def test_cancelling_stops_asking_and_keeps_what_has_come(account: FakeAccount, catalogue: VaultCatalogue) -> None:
    account.subscriptions[HOME.id] = [ONE, *(subscription(number) for number in range(100, 200))]
    account.hold |= {subscription(number).id: asyncio.Event() for number in range(100, 200)}
    reading = asyncio.create_task(catalogue.read())
    await until(lambda: "asr-one" in names(catalogue))
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert account.under_way == 0
    assert not catalogue.catalogue.is_reading
    assert "asr-one" in names(catalogue)


async def test_a_later_reading_drops_what_is_gone_and_keeps_what_is_known(
    account: FakeAccount, catalogue: VaultCatalogue
) -> None:
    await catalogue.read()
    catalogue.want(entry.key for entry in catalogue.catalogue.vaults)
    await until(lambda: all(entry.contents for entry in catalogue.catalogue.vaults))
    account.subscriptions[HOME.id] = [ONE]
    await catalogue.read()
    assert names(catalogue) == ["asr-abroad", "asr-one"]
    assert next(e for e in catalogue.catalogue.vaults if e.vault.name == "asr-one").contents == HYPER_V


async def test_vaults_of_a_tenant_that_refuses_later_stay(account: FakeAccount, catalogue: VaultCatalogue) -> None:
    await catalogue.read()
    account.fails[GUEST.id] = [refused()]
    await catalogue.read()
    assert "asr-abroad" in names(catalogue)


async def test_what_a_vault_holds_is_read_only_where_it_is_wanted(
    account: FakeAccount, catalogue: VaultCatalogue
) -> None:
    await catalogue.read()
    assert account.asked["asr-one"] == account.asked["asr-two"] == 0
    (one,) = [entry for entry in catalogue.catalogue.vaults if entry.vault.name == "asr-one"]
    catalogue.want([one.key])
    await until(lambda: account.asked["asr-one"])
    await until(lambda: any(entry.contents == HYPER_V for entry in catalogue.catalogue.vaults))
    catalogue.want([one.key])
    await asyncio.sleep(0)
    assert (account.asked["asr-one"], account.asked["asr-two"]) == (1, 0)


async def test_the_newest_wish_goes_first_and_older_ones_are_dropped(
    account: FakeAccount, catalogue: VaultCatalogue
) -> None:
    vaults = [vault(ONE, f"v{number}") for number in range(40)]
    account.vaults[ONE.id] = vaults
    account.hold = {f"v{number}": asyncio.Event() for number in range(40)}
    await catalogue.read()
    catalogue.want(each.id.key for each in vaults[:20])
    await until(lambda: account.asked["v1"])
    catalogue.want(each.id.key for each in vaults[30:32])
    for event in account.hold.values():
        event.set()
    await until(lambda: sum(entry.contents is not None for entry in catalogue.catalogue.vaults) == 4)
    assert {name for name in account.asked if name.startswith("v")} == {"v0", "v1", "v30", "v31"}


async def test_contents_that_cannot_be_read_say_so(account: FakeAccount, catalogue: VaultCatalogue) -> None:
    account.fails["asr-one"] = [denied()]
    await catalogue.read()
    catalogue.want([entry.key for entry in catalogue.catalogue.vaults])
    await until(lambda: any(entry.problem for entry in catalogue.catalogue.vaults))
    await until(lambda: sum(entry.contents is not None for entry in catalogue.catalogue.vaults) == 2)


async def test_when_azure_asks_to_wait_everybody_waits_and_it_is_told(
    account: FakeAccount, catalogue: VaultCatalogue, clock: StillClock
) -> None:
    told = Told(catalogue)
    account.fails[TWO.id] = [Throttled("429", "too many", retry_after_s=40)]
    await catalogue.read()
    assert max(clock.slept) == 40
    assert names(catalogue) == ["asr-abroad", "asr-one", "asr-two"]
    assert any(batch.waits_until is not None for batch in told.batches)
    await until(lambda: told.last.waits_until is None)


async def test_who_throttles_for_ever_is_told_as_a_failure(account: FakeAccount, catalogue: VaultCatalogue) -> None:
    account.fails[TWO.id] = [Throttled("429", "too many", retry_after_s=1) for _ in range(20)]
    await catalogue.read()
    (failed,) = catalogue.catalogue.failed_subscriptions
    assert isinstance(failed.problem, Throttled)


async def test_many_answers_are_told_in_few_batches(account: FakeAccount, clock: StillClock) -> None:
    account.subscriptions[HOME.id] = [subscription(number) for number in range(1000, 2000)]
    catalogue = VaultCatalogue(account, clock, pace_s=0.1)
    told = Told(catalogue)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await catalogue.read()
    await until(lambda: told.batches and not told.last.is_reading)
    assert told.last.read_count == 1001
    assert len(told.batches) <= 2 + (loop.time() - begun) / 0.1
    await catalogue.aclose()


async def test_the_first_change_is_told_in_the_next_turn(account: FakeAccount, clock: StillClock) -> None:
    catalogue = VaultCatalogue(account, clock, pace_s=3600)
    told = Told(catalogue)
    account.hold["tenants"] = asyncio.Event()
    reading = asyncio.create_task(catalogue.read())
    await until(lambda: told.batches)
    assert told.last.is_reading
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await catalogue.aclose()


async def test_one_subscription_is_read_again_by_itself(account: FakeAccount, catalogue: VaultCatalogue) -> None:
    await catalogue.read()
    account.vaults[ABROAD.id].append(vault(ABROAD, "asr-new"))
    await catalogue.read_subscription(ABROAD.id)
    assert "asr-new" in names(catalogue)
    assert account.asked[ONE.id] == 1


# On the practice vault, through the SDK


async def test_the_practice_account_is_read_as_azure_answers() -> None:
    async with practice_catalogue(subscriptions=12, vaults=30) as (catalogue, wire, _):
        await catalogue.read()
        found = catalogue.catalogue
        assert {each.tenant.name for each in found.tenants} == {"Contoso", "Northwind Traders", "Tailspin Toys"}
        assert len(found.subscriptions) == 20
        assert [each.subscription.name for each in found.failed_subscriptions] == ["Security and audit"]
        by_name = {entry.vault.name: entry for entry in found.vaults}
        assert by_name["asr-vmware-weu"].vault.redundancy == "ZoneRedundant"
        assert dict(by_name["asr-vmware-weu"].vault.tags) == {"owner": "platform team", "costCenter": "4711"}
        assert by_name["asr-old-neu"].subscription.is_read_only
        assert wire.reads["replicationFabrics"] == 0


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("asr-contoso-weu", VaultContents((Scenario.HYPER_V,), 0, 2)),
        ("asr-vmware-weu", VaultContents((Scenario.VMWARE,), 64, 3)),
        ("asr-vmm-neu", VaultContents((Scenario.VMM,), 17, 1)),
        ("asr-azure-machines-uks", VaultContents((Scenario.AZURE,), 25, 0)),
        ("rsv-backup-weu", VaultContents(backups=212)),
        ("asr-controlling-weu", VaultContents(backups=0)),
    ],
)
async def test_what_a_practice_vault_holds(name: str, contents: VaultContents) -> None:
    async with practice_catalogue(subscriptions=1, vaults=0) as (catalogue, wire, _):
        await catalogue.read()
        (entry,) = [each for each in catalogue.catalogue.vaults if each.vault.name == name]
        catalogue.want([entry.key])
        await until(lambda: any(each.contents for each in catalogue.catalogue.vaults))
        assert next(each.contents for each in catalogue.catalogue.vaults if each.contents) == contents
        assert sum(wire.reads[kind] for kind in ("replicationFabrics", "replicationUsages", "usages")) == 2


async def test_lists_in_pages_are_read_to_their_end() -> None:
    """Neither list comes in pages from the practice vault, which Azure's may."""
    async with practice_catalogue(subscriptions=1, vaults=0) as (catalogue, wire, simulator):

        def in_pages(request: Request) -> Response | None:
            path, _, query = request.url.partition("?")
            if not path.endswith("/subscriptions"):
                return None
            whole = json.loads(
                simulator.handle(Request("GET", f"{path}?{query.split('&page')[0]}", request.headers, b"")).read()
            )
            place = int(query.rpartition("page=")[2]) if "page=" in query else 0
            body: dict[str, Any] = {"value": whole["value"][place : place + 3]}
            if place + 3 < len(whole["value"]):
                body["nextLink"] = f"{path}?api-version=2022-12-01&page={place + 3}"
            sent = json.dumps(body).encode()
            return Response(200, {"Content-Type": "application/json", "Content-Length": str(len(sent))}, sent)

        wire.before = in_pages
        await catalogue.read()
        assert len(catalogue.catalogue.subscriptions) == 9


async def test_throttled_readings_are_made_again_when_azure_allows() -> None:
    async with practice_catalogue(subscriptions=6, vaults=12) as (catalogue, _, simulator):
        simulator.faults.switch_on("throttling", operation="vaults", count=5, wait=120)
        began = simulator.clock.seconds()
        await catalogue.read()
        found = catalogue.catalogue
        assert (len(found.subscriptions), found.read_count) == (14, 14)
        assert [each.subscription.name for each in found.failed_subscriptions] == ["Security and audit"]
        assert simulator.clock.seconds() - began >= 120
