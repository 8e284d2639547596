"""A sign-in that ends in the middle of work: everything waits, and goes on where it was after signing in again.

Through azure-identity and the SDKs, over TLS, to a practice vault that takes back tokens and asks for fresh ones.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.adapters.azure.sign_in import AzureSignIn
from app.bootstrap import open_connection
from app.connection import AzureSpec
from app.errors import SignInRefused, SignInRequired
from app.flows.action import Action
from app.flows.planning import actions_for
from app.live.services import Services
from app.ports.secrets import Secret
from app.ports.sign_in import DeviceCode, SignedIn, SignInMethod, SignInWish
from app.services.runs import RunSnapshot
from app.simulator.messages import Request, Response
from tests.support.identity import (
    READER,
    ROBOT,
    ROBOT_SECRET,
    TENANT,
    VAULT,
    YOU,
    Person,
    ServedIdentity,
    browser,
    served_identity,
)
from tests.support.practice import contoso_draft
from tests.support.sign_in import SmallStore, bytes_below, files_below, use_home
from tests.support.waiting import until

pytestmark = pytest.mark.slow

MACHINES = ("DC01", "WEB-01", "WEB-02")


class Wire:
    """Stands before the vault, and takes down which writes it took."""

    def __init__(self, served: ServedIdentity) -> None:
        self.accepted: list[str] = []
        self._handle = served.simulator.handle
        served.simulator.handle = self.handle  # type: ignore[method-assign]

    def handle(self, request: Request) -> Response:
        response = self._handle(request)
        path = request.url.partition("?")[0]
        if request.method in ("PUT", "POST") and "/providers/" in path and response.status < 300:
            self.accepted.append(path)
        return response


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path / "server") as identity:
        yield identity


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use_home(monkeypatch, tmp_path / "home", can_encrypt=True)
    return tmp_path / "home"


@pytest.fixture
def store() -> SmallStore:
    return SmallStore()


@pytest.fixture
async def sign_in(store: SmallStore) -> AsyncIterator[AzureSignIn]:
    made = AzureSignIn(store)
    yield made
    await made.aclose()


async def wish(
    served: ServedIdentity, sign_in: AzureSignIn, method: SignInMethod = SignInMethod.DEVICE_CODE
) -> SignInWish:
    return SignInWish(method, await sign_in.cloud_at(served.arm, ca=served.ca), ca=served.ca)


async def by_device(served: ServedIdentity, sign_in: AzureSignIn, user: str = YOU) -> SignedIn:
    def enter(code: DeviceCode) -> None:
        served.enter(code.code, user)

    return await sign_in.sign_in(await wish(served, sign_in), show=enter)


@asynccontextmanager
async def connected(
    served: ServedIdentity, sign_in: AzureSignIn, method: SignInMethod = SignInMethod.DEVICE_CODE
) -> AsyncIterator[Services]:
    simulator = served.simulator
    group = simulator.resource_group
    spec = AzureSpec(served.arm, simulator.subscription_id, method, resource_group=group, vault=VAULT, ca=served.ca)
    services = await open_connection(spec, sign_in=sign_in)
    try:
        yield services
    finally:
        await services.aclose()


async def enabling(services: Services) -> tuple[Action, ...]:
    vault = services.home_vault
    assert vault is not None
    estate = await services.inventory.estate(vault, services.subscription, target_group=vault.resource_group)
    return actions_for(contoso_draft(estate, *MACHINES), estate, services.rules)


async def test_a_run_waits_for_the_sign_in_and_goes_on_without_sending_anything_twice(
    served: ServedIdentity, sign_in: AzureSignIn
) -> None:
    await by_device(served, sign_in)
    async with connected(served, sign_in) as services:
        actions = await enabling(services)
        wire = Wire(served)
        told: list[str] = []
        leave = services.renewal.attend(lambda: told.append("ended" if services.renewal.error else "renewed"))
        seen: list[RunSnapshot] = []
        runner = services.runner
        working = asyncio.get_running_loop().create_task(
            runner.carry_out(await runner.plan("Set up", actions), seen.append)
        )
        await until(lambda: wire.accepted, within_s=30, what="the first write")
        served.revoke(YOU)
        await until(lambda: services.renewal.is_awaited, within_s=30, what="the sign-in to be missed")
        assert isinstance(services.renewal.error, SignInRequired)
        await until(lambda: "Waits for you to sign in" in {each.text for each in seen[-1].actions})
        assert seen[-1].is_running
        assert seen[-1].troubled == ()
        assert set(told) == {"ended"}

        await by_device(served, sign_in)
        ended = await asyncio.wait_for(working, 60)

        assert ended.is_done
        assert told[-1] == "renewed"
        assert told.count("renewed") == 1
        assert len(wire.accepted) == len(set(wire.accepted)) == len(actions)
        leave()


async def test_where_nobody_is_there_to_sign_in_a_run_stops_and_can_go_on_later(
    served: ServedIdentity, sign_in: AzureSignIn
) -> None:
    await by_device(served, sign_in)
    async with connected(served, sign_in) as services:
        actions = await enabling(services)
        wire = Wire(served)
        run_id = await services.runner.plan("Set up", actions)
        served.revoke(YOU)
        stopped = await asyncio.wait_for(services.runner.carry_out(run_id), 60)
        assert not stopped.is_done
        assert stopped.troubled

        await by_device(served, sign_in)
        assert (await asyncio.wait_for(services.runner.carry_out(run_id), 60)).is_done
        assert len(wire.accepted) == len(set(wire.accepted)) == len(actions)


async def test_a_challenge_in_the_middle_of_a_run_is_met_unseen(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    await by_device(served, sign_in)
    async with connected(served, sign_in) as services:
        actions = await enabling(services)
        wire = Wire(served)
        told: list[object] = []
        leave = services.renewal.attend(lambda: told.append(services.renewal.error))
        runner = services.runner
        working = asyncio.get_running_loop().create_task(runner.carry_out(await runner.plan("Set up", actions)))
        await until(lambda: wire.accepted, within_s=30, what="the first write")
        served.challenge(YOU)
        assert (await asyncio.wait_for(working, 60)).is_done
        assert told == []
        assert len(wire.accepted) == len(set(wire.accepted)) == len(actions)
        leave()


async def test_feeds_read_at_once_when_somebody_has_signed_in_again(
    served: ServedIdentity, sign_in: AzureSignIn
) -> None:
    await by_device(served, sign_in)
    async with connected(served, sign_in) as services:
        assert services.home_vault is not None
        leave = services.renewal.attend(lambda: None)
        feeds = services.feeds(services.home_vault)
        stop = feeds.jobs.subscribe(lambda: None)
        await until(lambda: feeds.jobs.value is not None, within_s=20)
        served.revoke(YOU)
        await feeds.jobs.refresh()
        assert isinstance(feeds.jobs.error, SignInRequired)
        assert feeds.jobs.is_stale
        assert services.renewal.is_awaited

        await by_device(served, sign_in)
        await until(lambda: feeds.jobs.error is None, within_s=10, what="the feed to go on")
        stop()
        leave()
        await feeds.aclose()


async def test_connections_that_share_a_sign_in_go_on_together(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    await by_device(served, sign_in)
    async with connected(served, sign_in) as one, connected(served, sign_in) as other:
        assert one.renewal is other.renewal
        served.revoke(YOU)
        with pytest.raises(SignInRequired):
            await one.gateways.vaults.list_vaults(one.subscription)
        assert other.renewal.error is not None
        await by_device(served, sign_in)
        assert one.renewal.error is None
        assert await other.gateways.vaults.list_vaults(other.subscription)


async def test_tokens_that_are_fetched_at_once_do_not_stand_in_each_other_s_way(
    served: ServedIdentity, sign_in: AzureSignIn
) -> None:
    """Each fetch writes MSAL's cache on disk, where two threads could hold each other up until one gives up."""
    signed_in = await by_device(served, sign_in)
    credential = sign_in.credential(signed_in.wish)

    async def fetch(since: int) -> str:
        claims = json.dumps({"access_token": {"nbf": {"essential": True, "value": str(since)}}})
        return (await credential.get_token(signed_in.wish.cloud.scope, claims=claims)).token

    tokens = await asyncio.gather(*(fetch(since) for since in range(24)))
    assert len(set(tokens)) == len(tokens)
    assert sign_in.renewal(signed_in.wish).error is None


async def test_the_same_token_is_fetched_once_for_all_who_want_it(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    signed_in = await by_device(served, sign_in)
    credential = sign_in.credential(signed_in.wish)
    claims = json.dumps({"access_token": {"nbf": {"essential": True, "value": "1"}}})
    fetching = (credential.get_token(signed_in.wish.cloud.scope, claims=claims) for _ in range(12))
    assert len({each.token for each in await asyncio.gather(*fetching)}) == 1


async def test_a_lock_that_a_killed_program_left_holds_up_nobody(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, home: Path
) -> None:
    signed_in = await by_device(served, sign_in)
    await sign_in.aclose()
    (cache,) = [file for file in files_below(home) if file.suffix == ".cae"]
    lock = cache.with_name(f"{cache.name}.lockfile")
    lock.write_text("4711 python")
    os.utime(lock, (1_600_000_000, 1_600_000_000))
    served.challenge(YOU)

    later = AzureSignIn(store)
    await later.resume(signed_in.wish)
    async with connected(served, later) as services:
        assert await services.gateways.vaults.list_vaults(services.subscription)
    assert not lock.exists()
    await later.aclose()


# The earlier sign-in, while a new one is not made


@pytest.mark.parametrize("answer", ["decline", "away"])
async def test_a_new_sign_in_that_comes_to_nothing_leaves_the_earlier_one(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, home: Path, answer: str
) -> None:
    signed_in = await by_device(served, sign_in)
    kept, tokens = dict(store.held), bytes_below(home)
    asked = asyncio.Event()

    def show(code: DeviceCode) -> None:
        asked.set()
        if answer == "decline":
            served.enter(code.code, answer="decline")

    again = asyncio.get_running_loop().create_task(sign_in.sign_in(signed_in.wish, show=show))
    if answer == "away":
        await asyncio.wait_for(asked.wait(), 20)
        again.cancel()
    with pytest.raises(asyncio.CancelledError if answer == "away" else SignInRefused):
        await again
    await until(lambda: bytes_below(home) == tokens, what="nothing of the new sign-in to be left")

    assert store.held == kept
    async with connected(served, sign_in) as services:
        assert await services.gateways.vaults.list_vaults(services.subscription)
    await sign_in.aclose()
    later = AzureSignIn(store)
    assert (await later.resume(signed_in.wish)).account == signed_in.account
    await later.aclose()


async def test_a_new_sign_in_that_is_not_to_be_kept_takes_the_kept_one_away(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, home: Path
) -> None:
    robot = SignInWish(
        SignInMethod.CLIENT_SECRET,
        await sign_in.cloud_at(served.arm, ca=served.ca),
        TENANT,
        ROBOT,
        ca=served.ca,
    )
    await sign_in.sign_in(robot, Secret(ROBOT_SECRET))
    assert store.held
    signed_in = await sign_in.sign_in(robot, Secret(ROBOT_SECRET), keep=False)
    assert not signed_in.kept.is_lasting
    assert store.held == {}
    assert (await sign_in.resume(robot)).account.name == ROBOT


async def test_the_browser_signs_in_again_as_somebody_else(
    served: ServedIdentity, sign_in: AzureSignIn, home: Path
) -> None:
    asked = await wish(served, sign_in, SignInMethod.BROWSER)
    for who in (YOU, READER):
        person = Person(served.ca, who)
        with browser(person):
            signed_in = await sign_in.sign_in(asked, within_s=20)
            assert signed_in.account.name == who
            await asyncio.to_thread(person.finish)
        asked = signed_in.wish
    assert asked.account == YOU  # whose place it is
    assert (await sign_in.resume(asked)).account.name == READER
    assert YOU.encode() not in bytes_below(home)
    assert READER.encode() in bytes_below(home)


async def test_whoever_signs_in_again_is_asked_for_what_was_missing(
    served: ServedIdentity, sign_in: AzureSignIn
) -> None:
    asked = await wish(served, sign_in, SignInMethod.BROWSER)
    seen: list[str] = []
    for again in (False, True):
        person = Person(served.ca, YOU)
        with browser(person):
            await sign_in.sign_in(asked, within_s=20)
            await asyncio.to_thread(person.finish)
        seen += person.seen
        if not again:
            async with connected(served, sign_in, SignInMethod.BROWSER) as services:
                served.revoke(YOU)
                with pytest.raises(SignInRequired):
                    await services.gateways.vaults.list_vaults(services.subscription)
    claims = [parse_qs(urlsplit(address).query).get("claims", [""])[0] for address in seen]
    assert "nbf" not in claims[0]
    assert json.loads(claims[1])["access_token"]["nbf"]["essential"] is True


# Which ways there are, and where they would be kept


async def test_what_this_computer_knows_and_keeps_is_told_beforehand(sign_in: AzureSignIn, store: SmallStore) -> None:
    assert SignInMethod.WINDOWS_ACCOUNT not in await sign_in.methods()
    assert SignInMethod.BROWSER in await sign_in.methods()
    assert (await sign_in.will_keep(SignInMethod.CLIENT_SECRET)).where == store.where
    assert (await sign_in.will_keep(SignInMethod.BROWSER)).is_lasting
    assert (await sign_in.will_keep(SignInMethod.AZURE_CLI)).where == "the Azure CLI"


async def test_why_nothing_can_be_kept_is_told_beforehand(
    sign_in: AzureSignIn, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_home(monkeypatch, home, can_encrypt=False)
    kept = await sign_in.will_keep(SignInMethod.BROWSER)
    assert not kept.is_lasting
    assert kept.reason == "This computer cannot encrypt tokens for the program."
