"""Two people who sign in the same way to the same tenant: each has a sign-in, tokens and a connection of their own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.azure.sign_in import AzureSignIn
from app.bootstrap import open_connection
from app.connection import AzureSpec, azure_fields, azure_spec
from app.errors import SignInRequired
from app.ports.secrets import Secret
from app.ports.sign_in import DeviceCode, SignedIn, SignInMethod, SignInWish
from app.runtime.kept_file import KeptFile
from app.saved_connections import KIND, SavedConnections
from tests.support.identity import READER, VAULT, YOU, ServedIdentity, served_identity
from tests.support.sign_in import NoStore, SmallStore, bytes_below, files_below, use_home

pytestmark = pytest.mark.slow


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
    use_home(monkeypatch, tmp_path / "home", can_encrypt=True)
    return tmp_path / "home"


async def wish(served: ServedIdentity, sign_in: AzureSignIn) -> SignInWish:
    return SignInWish(SignInMethod.DEVICE_CODE, await sign_in.cloud_at(served.arm, ca=served.ca), ca=served.ca)


async def as_(who: str, served: ServedIdentity, sign_in: AzureSignIn, asked: SignInWish | None = None) -> SignedIn:
    def enter(code: DeviceCode) -> None:
        served.enter(code.code, who)

    return await sign_in.sign_in(asked or await wish(served, sign_in), show=enter)


def spec(served: ServedIdentity, account: str) -> AzureSpec:
    simulator = served.simulator
    return AzureSpec(
        served.arm,
        simulator.subscription_id,
        SignInMethod.DEVICE_CODE,
        resource_group=simulator.resource_group,
        vault=VAULT,
        ca=served.ca,
        account=account,
    )


async def speaks_for(served: ServedIdentity, sign_in: AzureSignIn, account: str) -> str:
    """Whose tokens a connection sends."""
    services = await open_connection(spec(served, account), sign_in=sign_in)
    try:
        assert [vault.name for vault in await services.gateways.vaults.list_vaults(services.subscription)] == [VAULT]
        assert services.sign_in is not None
        return (await sign_in.resume(services.sign_in.wish)).account.name
    finally:
        await services.aclose()


async def test_two_people_live_side_by_side_and_after_a_restart(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore
) -> None:
    first, second = await as_(YOU, served, sign_in), await as_(READER, served, sign_in)
    assert first.wish.key != second.wish.key
    assert [await speaks_for(served, sign_in, who) for who in (YOU, READER, YOU.upper())] == [YOU, READER, YOU]
    await sign_in.aclose()

    again = AzureSignIn(store)
    assert [await speaks_for(served, again, who) for who in (YOU, READER)] == [YOU, READER]
    await again.aclose()
    last = AzureSignIn(store)
    assert (await last.resume(await wish(served, last))).account.name == READER  # nobody is named: the last one
    await last.aclose()


async def test_the_end_of_one_sign_in_is_not_that_of_the_other(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    await as_(YOU, served, sign_in)
    await as_(READER, served, sign_in)
    yours = await open_connection(spec(served, YOU), sign_in=sign_in)
    theirs = await open_connection(spec(served, READER), sign_in=sign_in)
    served.revoke(YOU)
    with pytest.raises(SignInRequired):
        await yours.gateways.vaults.list_vaults(yours.subscription)
    assert await theirs.gateways.vaults.list_vaults(theirs.subscription)
    assert theirs.renewal.error is None

    await as_(YOU, served, sign_in)
    assert await yours.gateways.vaults.list_vaults(yours.subscription)
    for each in (yours, theirs):
        await each.aclose()


@pytest.mark.parametrize(("out", "stays"), [(YOU, READER), (READER, YOU)])
async def test_signing_out_one_leaves_the_other(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, home: Path, out: str, stays: str
) -> None:
    signed_in = {who: await as_(who, served, sign_in) for who in (YOU, READER)}
    await sign_in.sign_out(signed_in[out].wish)
    assert out.encode() not in bytes_below(home)
    assert out not in " ".join([*store.held, *store.held.values()])
    with pytest.raises(SignInRequired):
        await sign_in.resume(signed_in[out].wish)
    await sign_in.aclose()

    later = AzureSignIn(store)
    assert await speaks_for(served, later, stays) == stays
    await later.sign_out(signed_in[stays].wish)
    assert (store.held, files_below(home)) == ({}, [])
    await later.aclose()


async def test_signing_out_without_a_name_signs_everybody_out(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, home: Path
) -> None:
    for who in (YOU, READER):
        await as_(who, served, sign_in)
    await sign_in.aclose()
    later = AzureSignIn(store)
    await later.sign_out(await wish(served, later))
    assert (store.held, files_below(home)) == ({}, [])


async def test_signing_in_again_replaces_the_tokens_of_that_person_alone(
    served: ServedIdentity, sign_in: AzureSignIn, home: Path
) -> None:
    await as_(YOU, served, sign_in)
    await as_(READER, served, sign_in)
    await as_(YOU, served, sign_in)
    assert len([file for file in files_below(home) if file.name.endswith(".cae")]) == 2


def as_earlier_programs_kept_it(store: SmallStore, signed_in: SignedIn) -> None:
    """The record of the only person under what all sign-ins of that way have in common."""
    record = store.held.pop(f"sign-in {signed_in.wish.key}")
    store.held[f"sign-in {signed_in.wish.way_key}"] = record
    assert set(json.loads(record)) == {"name", "tenant", "record", "cache"}


@pytest.mark.parametrize("account", ["", YOU])
async def test_what_an_earlier_program_kept_is_found(
    served: ServedIdentity, sign_in: AzureSignIn, store: SmallStore, home: Path, account: str
) -> None:
    as_earlier_programs_kept_it(store, await as_(YOU, served, sign_in))
    await sign_in.aclose()
    later = AzureSignIn(store)
    assert await speaks_for(served, later, account) == YOU
    with pytest.raises(SignInRequired):
        await later.resume(replace(await wish(served, later), account=READER))

    await as_(READER, served, later)  # beside it, not in its place
    await later.aclose()
    last = AzureSignIn(store)
    assert [await speaks_for(served, last, who) for who in (YOU, READER)] == [YOU, READER]
    await last.sign_out(await wish(served, last))
    assert (store.held, files_below(home)) == ({}, [])


async def test_a_place_that_somebody_else_took_stays_theirs(served: ServedIdentity, sign_in: AzureSignIn) -> None:
    yours = await as_(YOU, served, sign_in)
    taken = await as_(READER, served, sign_in, yours.wish)
    assert taken.wish == yours.wish
    fresh = await as_(YOU, served, sign_in)
    assert fresh.wish.key != taken.wish.key
    assert (await sign_in.resume(taken.wish)).account.name == READER
    assert (await sign_in.resume(fresh.wish)).account.name == YOU


async def test_without_a_store_two_people_stay_apart_in_memory(served: ServedIdentity) -> None:
    sign_in = AzureSignIn(NoStore())
    first, second = await as_(YOU, served, sign_in), await as_(READER, served, sign_in)
    await sign_in.sign_out(second.wish)
    assert (await sign_in.resume(first.wish)).account.name == YOU
    await sign_in.aclose()


class FullStore(SmallStore):
    async def put(self, name: str, secret: Secret) -> None:
        await NoStore().put(name, secret)


async def test_what_the_store_does_not_take_stays_in_memory_and_that_is_said(served: ServedIdentity) -> None:
    sign_in = AzureSignIn(FullStore())
    signed_in = await as_(YOU, served, sign_in)
    assert not signed_in.kept.is_lasting
    assert signed_in.kept.reason
    assert await speaks_for(served, sign_in, YOU) == YOU
    await sign_in.aclose()


def test_a_connection_says_whose_it_is_and_an_older_one_means_who_signed_in_last(tmp_path: Path) -> None:
    one = AzureSpec("public", "4711", SignInMethod.BROWSER, account=YOU)
    assert azure_spec(azure_fields(one)) == one
    entry = azure_fields(replace(one, account="")) | {"name": "Contoso", "account": READER}
    KeptFile(tmp_path / "connections.json", KIND).change(lambda _: {"1": entry})
    (kept,) = SavedConnections(tmp_path / "connections.json").load()
    assert kept.spec.account == READER
