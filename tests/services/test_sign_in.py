"""Signing in through azure-identity to a served practice vault, going on later, and signing out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.adapters.azure.sign_in import AzureSignIn
from app.bootstrap import open_connection
from app.connection import AzureSpec
from app.domain.cloud import Cloud
from app.errors import InvalidInput, NotSupported, Remedy, SignInRefused, SignInRequired, Unreachable
from app.ports.secrets import Secret
from app.ports.sign_in import DeviceCode, SignedIn, SignInMethod, SignInWish
from tests.support.identity import (
    EXPIRED_SECRET,
    HOLDER,
    OTHER_TENANT,
    READER,
    ROBOT,
    ROBOT_SECRET,
    TENANT,
    VAULT,
    YOU,
    Person,
    ServedIdentity,
    browser,
    make_certificate,
    served_identity,
    with_certificate,
)
from tests.support.sign_in import NoStore, SmallStore, bytes_below, files_below, use_home

pytestmark = pytest.mark.slow

PASSWORD = "a-password-nobody-guesses"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path / "server") as identity:
        yield identity


@pytest.fixture
def store() -> SmallStore:
    return SmallStore()


@pytest.fixture
async def sign_in(store: SmallStore) -> AsyncIterator[AzureSignIn]:
    made = AzureSignIn(store)
    yield made
    await made.aclose()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose system encrypts."""
    use_home(monkeypatch, tmp_path / "home", can_encrypt=True)
    return tmp_path / "home"


async def wish(served: ServedIdentity, sign_in: AzureSignIn, method: SignInMethod, **more: Any) -> SignInWish:
    return SignInWish(method, await sign_in.cloud_at(served.arm, ca=served.ca), ca=served.ca, **more)


async def robot(served: ServedIdentity, sign_in: AzureSignIn, **more: Any) -> SignInWish:
    return await wish(served, sign_in, SignInMethod.CLIENT_SECRET, **{"tenant": TENANT, "client_id": ROBOT, **more})


def spec(served: ServedIdentity, method: SignInMethod, **more: Any) -> AzureSpec:
    return AzureSpec(
        served.arm,
        served.simulator.subscription_id,
        method,
        resource_group=served.simulator.resource_group,
        vault=VAULT,
        ca=served.ca,
        **more,
    )


async def vaults(connection: AzureSpec, sign_in: AzureSignIn | None = None) -> list[str]:
    services = await open_connection(connection, sign_in=sign_in)
    try:
        return [vault.name for vault in await services.gateways.vaults.list_vaults(connection.subscription)]
    finally:
        await services.aclose()


async def by_device(
    served: ServedIdentity, sign_in: AzureSignIn, user: str = YOU, **more: Any
) -> tuple[SignedIn, list[DeviceCode]]:
    codes: list[DeviceCode] = []

    def show(code: DeviceCode) -> None:
        codes.append(code)
        served.enter(code.code, user)

    device = await wish(served, sign_in, SignInMethod.DEVICE_CODE)
    return await sign_in.sign_in(device, show=show, **more), codes


# Ways


async def test_a_cloud_at_an_address_of_its_own_says_what_it_is(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    cloud = await sign_in.cloud_at(served.arm + "/", ca=served.ca)

    assert cloud == Cloud(
        served.arm, "PracticeVault", served.arm, served.arm, f"{served.arm}/", served.arm, "practice.invalid", True
    )


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "nonsense", "https://"])
async def test_what_is_no_encrypted_address_is_no_cloud(address: str, sign_in: AzureSignIn) -> None:
    with pytest.raises(InvalidInput, match="No cloud answers"):
        await sign_in.cloud_at(address)


async def test_nobody_at_the_address_and_nobody_to_trust_are_told_apart(
    served: ServedIdentity, sign_in: AzureSignIn
) -> None:
    with pytest.raises(Unreachable):
        await sign_in.cloud_at("https://127.0.0.1:9")
    with pytest.raises(SignInRefused) as gone:
        await sign_in.sign_in(replace(await robot(served, sign_in), tenant="nowhere.example"), Secret("x" * 9))
    assert gone.value.code == "UnknownTenant"
    with pytest.raises(Unreachable) as caught:
        await sign_in.sign_in(replace(await robot(served, sign_in), ca=None), Secret(ROBOT_SECRET))
    assert caught.value.code == "Untrusted"


async def test_a_client_secret_opens_the_vaults(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore
) -> None:
    signed_in = await sign_in.sign_in(await robot(served, sign_in), Secret(ROBOT_SECRET))

    assert (signed_in.account.name, signed_in.account.tenant) == (ROBOT, TENANT)
    assert (signed_in.kept.where, signed_in.kept.is_lasting) == (store.where, True)
    connection = spec(served, SignInMethod.CLIENT_SECRET, tenant=TENANT, client_id=ROBOT)
    assert await vaults(connection, sign_in) == [VAULT]


@pytest.mark.parametrize(
    ("change", "secret", "code"),
    [
        ({}, "wrong-secret", "WrongSecret"),
        ({}, EXPIRED_SECRET, "ExpiredSecret"),
        ({"tenant": OTHER_TENANT}, ROBOT_SECRET, "UnknownApplication"),
        ({"client_id": "11111111-2222-4333-8444-555555555555"}, ROBOT_SECRET, "UnknownApplication"),
    ],
)
async def test_a_refusal_says_what_to_change(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, change: dict[str, str], secret: str, code: str
) -> None:
    with pytest.raises(SignInRefused) as caught:
        await sign_in.sign_in(await robot(served, sign_in, **change), Secret(secret))

    assert caught.value.code == code
    assert caught.value.advice
    assert secret not in str(caught.value) + caught.value.advice + caught.value.details
    assert store.held == {}


async def test_a_wrong_secret_leaves_the_earlier_sign_in(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    asked = await robot(served, sign_in)
    await sign_in.sign_in(asked, Secret(ROBOT_SECRET))
    with pytest.raises(SignInRefused):
        await sign_in.sign_in(asked, Secret("mistyped-secret"))

    assert (await sign_in.resume(asked)).account.name == ROBOT


@pytest.mark.parametrize(
    ("method", "more"),
    [
        (SignInMethod.CLIENT_SECRET, {"tenant": TENANT, "client_id": ROBOT}),
        (SignInMethod.CLIENT_SECRET, {"tenant": TENANT}),
        (SignInMethod.CERTIFICATE, {"tenant": TENANT, "client_id": ROBOT}),
    ],
)
async def test_what_is_missing_is_asked_for_before_anybody_is_asked(
    sign_in: AzureSignIn, method: SignInMethod, more: dict[str, str]
) -> None:
    nowhere = Cloud("x", "x", "https://127.0.0.1:9", "https://127.0.0.1:9", "https://x", is_custom=True)
    with pytest.raises(InvalidInput) as caught:
        await sign_in.sign_in(SignInWish(method, nowhere, **more))  # type: ignore[arg-type]
    assert caught.value.problems


@pytest.mark.parametrize("kind", ["pem", "pem_with_password", "pfx", "pfx_with_password"])
async def test_a_certificate_file_opens_the_vaults(kind: str, tmp_path: Path, sign_in: AzureSignIn) -> None:
    keeper = await asyncio.to_thread(make_certificate, tmp_path, PASSWORD)
    path = getattr(keeper, kind)
    password = Secret(PASSWORD) if kind.endswith("password") else None
    async with served_identity(tmp_path / "own", with_certificate(keeper.public)) as served:
        asked = await wish(served, sign_in, SignInMethod.CERTIFICATE, tenant=TENANT, client_id=HOLDER, certificate=path)
        await sign_in.sign_in(asked, password)
        connection = spec(served, SignInMethod.CERTIFICATE, tenant=TENANT, client_id=HOLDER, certificate=path)

        assert await vaults(connection, sign_in) == [VAULT]
        await sign_in.aclose()


async def test_a_certificate_file_that_does_not_open_is_told(
    served: ServedIdentity, sign_in: AzureSignIn, tmp_path: Path
) -> None:
    keeper = await asyncio.to_thread(make_certificate, tmp_path, PASSWORD)
    asked = await wish(served, sign_in, SignInMethod.CERTIFICATE, tenant=TENANT, client_id=HOLDER)

    async def code(path: Path, password: str | None) -> str:
        with pytest.raises(SignInRefused) as caught:
            await sign_in.sign_in(replace(asked, certificate=path), Secret(password) if password else None)
        assert not password or password not in caught.value.details
        return caught.value.code

    assert await code(keeper.pfx_with_password, "not-the-password") == "CertificatePassword"
    assert await code(keeper.pem_with_password, "not-the-password") == "CertificatePassword"
    assert await code(keeper.pem_with_password, None) == "CertificateFile"
    assert await code(tmp_path / "none.pfx", None) == "CertificateFile"
    assert await code(keeper.pem, None) == "UnknownApplication"  # it opens, and nobody knows whose it is


async def test_a_device_code_is_shown_and_goes_on_when_entered(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    signed_in, codes = await by_device(served, sign_in, READER)

    assert (signed_in.account.name, signed_in.account.tenant) == (READER, TENANT)
    (code,) = codes
    assert code.address.startswith(served.arm)
    assert code.expires.tzinfo is not None
    assert await vaults(spec(served, SignInMethod.DEVICE_CODE), sign_in) == [VAULT]


async def test_declining_is_told_as_that(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    device = await wish(served, sign_in, SignInMethod.DEVICE_CODE)
    with pytest.raises(SignInRefused) as caught:
        await sign_in.sign_in(device, show=lambda code: served.enter(code.code, answer="decline") and None)
    assert caught.value.code == "Declined"


async def test_a_code_that_has_run_out_is_told_as_that(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    device = await wish(served, sign_in, SignInMethod.DEVICE_CODE)
    with pytest.raises(SignInRefused) as caught:
        await sign_in.sign_in(device, show=lambda code: served.put_clock_ahead(3600))
    assert caught.value.code == "TimedOut"


async def test_the_browser_signs_in(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    person = Person(served.ca, READER)
    asked = await wish(served, sign_in, SignInMethod.BROWSER, tenant="contoso.com", username=READER)
    with browser(person):
        signed_in = await sign_in.sign_in(asked, within_s=20)
        await asyncio.to_thread(person.finish)

    assert signed_in.account.name == READER
    assert f"login_hint={READER.replace('@', '%40')}" in person.seen[0]
    assert await vaults(spec(served, SignInMethod.BROWSER, tenant="contoso.com"), sign_in) == [VAULT]


async def test_declining_in_the_browser_is_told_as_that(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    person = Person(served.ca, answer="decline")
    with browser(person), pytest.raises(SignInRefused) as caught:
        await sign_in.sign_in(await wish(served, sign_in, SignInMethod.BROWSER), within_s=20)
    assert caught.value.code == "Declined"


@pytest.mark.parametrize("method", [SignInMethod.BROWSER, SignInMethod.DEVICE_CODE])
async def test_cancelling_is_quiet_and_ends_the_waiting(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, method: SignInMethod
) -> None:
    waits = asyncio.Event()
    loop = asyncio.get_running_loop()
    person = Person(served.ca)
    person.is_away = True
    person.called = lambda: loop.call_soon_threadsafe(waits.set)
    asked = await wish(served, sign_in, method)

    with browser(person):
        asking = loop.create_task(sign_in.sign_in(asked, show=lambda code: waits.set(), within_s=60))
        await asyncio.wait_for(waits.wait(), 20)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        waiting = [thread for thread in threading.enumerate() if thread.name.startswith("sign-in")]
        await asyncio.to_thread(lambda: [thread.join(20) for thread in waiting])

    assert not any(thread.is_alive() for thread in waiting)
    assert store.held == {}


async def test_nobody_in_front_of_the_browser_is_a_matter_of_time(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    person = Person(served.ca)
    person.is_away = True
    with browser(person), pytest.raises(SignInRefused) as caught:
        await sign_in.sign_in(await wish(served, sign_in, SignInMethod.BROWSER), within_s=0)
    assert caught.value.code == "TimedOut"


async def test_the_loop_goes_on_while_a_person_takes_their_time(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.get_running_loop().create_task(count())
    await by_device(served, sign_in)
    counting.cancel()
    assert turns > 50


# Going on later


async def test_a_person_stays_signed_in_when_the_program_starts_again(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, home: Path
) -> None:
    signed_in, _ = await by_device(served, sign_in)
    assert signed_in.kept.is_lasting
    await sign_in.aclose()

    again = AzureSignIn(store)
    resumed = await again.resume(signed_in.wish)

    assert resumed.account == signed_in.account
    assert await vaults(spec(served, SignInMethod.DEVICE_CODE), again) == [VAULT]
    await again.aclose()


async def test_an_application_stays_signed_in_by_its_kept_secret(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore
) -> None:
    asked = await robot(served, sign_in)
    await sign_in.sign_in(asked, Secret(ROBOT_SECRET))
    await sign_in.aclose()

    again = AzureSignIn(store)
    assert (await again.resume(asked)).account.name == ROBOT
    await again.aclose()


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"name": "x"}'])
async def test_what_was_kept_and_is_damaged_asks_to_sign_in(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, damaged: str
) -> None:
    asked = await robot(served, sign_in)
    store.held[f"sign-in {asked.key}"] = damaged
    with pytest.raises(SignInRequired):
        await sign_in.resume(asked)


async def test_where_nothing_can_be_kept_that_is_said(served: ServedIdentity) -> None:
    sign_in = AzureSignIn(NoStore())
    signed_in, _ = await by_device(served, sign_in)

    assert not signed_in.kept.is_lasting
    assert signed_in.kept.where == "memory, until the program ends"
    assert signed_in.kept.reason
    assert await vaults(spec(served, SignInMethod.DEVICE_CODE), sign_in) == [VAULT]
    await sign_in.sign_out(signed_in.wish)
    with pytest.raises(SignInRequired):
        await sign_in.resume(signed_in.wish)


async def test_without_encryption_tokens_stay_in_memory(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_home(monkeypatch, home, can_encrypt=False)
    signed_in, _ = await by_device(served, sign_in)

    assert not signed_in.kept.is_lasting
    assert "encrypt" in signed_in.kept.reason
    assert store.held == {}
    assert files_below(home) == []


async def test_signing_out_removes_every_trace(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, home: Path
) -> None:
    signed_in, _ = await by_device(served, sign_in)
    await sign_in.sign_in(await robot(served, sign_in), Secret(ROBOT_SECRET))
    assert b"refreshtoken" in bytes_below(home).lower()
    assert store.held

    await sign_in.sign_out(signed_in.wish)
    await sign_in.sign_out(await robot(served, sign_in))

    assert store.held == {}
    assert files_below(home) == []
    for each in (signed_in.wish, await robot(served, sign_in)):
        with pytest.raises(SignInRequired):
            await AzureSignIn(store).resume(each)
        with pytest.raises(SignInRequired):
            await sign_in.resume(each)
        await sign_in.sign_out(each)  # again is no harm


# In the middle of work


async def test_a_revoked_sign_in_asks_to_sign_in_again(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    await by_device(served, sign_in)
    services = await open_connection(spec(served, SignInMethod.DEVICE_CODE), sign_in=sign_in)
    subscription = served.simulator.subscription_id
    assert await services.gateways.vaults.list_vaults(subscription)

    served.revoke(YOU)
    with pytest.raises(SignInRequired) as caught:
        await services.gateways.vaults.list_vaults(subscription)
    assert caught.value.code == "SignInEnded"
    assert caught.value.remedies == (Remedy.SIGN_IN,)

    await by_device(served, sign_in)
    assert await services.gateways.vaults.list_vaults(subscription)
    await services.aclose()


async def test_a_challenge_is_met_unseen(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    await by_device(served, sign_in)
    services = await open_connection(spec(served, SignInMethod.DEVICE_CODE), sign_in=sign_in)
    subscription = served.simulator.subscription_id
    await services.gateways.vaults.list_vaults(subscription)

    served.challenge(YOU)

    assert [vault.name for vault in await services.gateways.vaults.list_vaults(subscription)] == [VAULT]
    await services.aclose()


async def test_a_connection_nobody_has_signed_in_to_asks_for_it(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    with pytest.raises(SignInRequired) as caught:
        await open_connection(spec(served, SignInMethod.BROWSER), sign_in=sign_in)
    assert caught.value.remedies == (Remedy.SIGN_IN,)


async def test_an_unattended_program_finds_its_secret_in_the_environment(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", ROBOT_SECRET)
    connection = spec(served, SignInMethod.CLIENT_SECRET, tenant=TENANT, client_id=ROBOT)

    assert await vaults(connection, sign_in) == [VAULT]
    assert store.held == {}


# Not on this computer


async def test_the_windows_account_needs_windows(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    with pytest.raises(NotSupported):
        await sign_in.sign_in(await wish(served, sign_in, SignInMethod.WINDOWS_ACCOUNT))
