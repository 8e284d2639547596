"""One sign-in, several directories: a token for each, what a directory refuses, and signing in to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.azure.sign_in import AzureSignIn
from app.bootstrap import open_catalogue, open_connection
from app.connection import spec_for
from app.domain.cloud import Cloud
from app.errors import SignInRequired
from app.ports.sign_in import DeviceCode, SignInMethod, SignInWish
from app.services.account import Account
from app.simulator.crowd import CrowdSize
from app.simulator.scenario_data import ScenarioData, read_scenario
from tests.support.identity import YOU, ServedIdentity, served_identity
from tests.support.sign_in import SmallStore, use_home

pytestmark = pytest.mark.slow

HOME = "c0de7a11-3b5d-4e2f-8a61-7d9405b2c6e8"
NORTHWIND = "0dd5be11-6f1c-4a77-9d20-51e0c4a3b7f2"
TAILSPIN = "7a11bac5-92e4-4d3b-a6f8-e30d19c5b284"


def estate(asks: str = "mfa") -> ScenarioData:
    """A few subscriptions in three directories, the last of which asks for more."""
    data = read_scenario("many-subscriptions")
    assert data.crowd is not None
    assert data.identities is not None
    data.crowd = CrowdSize(8, 16).of(data.crowd)
    for tenant in data.identities.tenants:
        if tenant.id == TAILSPIN:
            tenant.asks = asks
    return data


@pytest.fixture
async def served(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path / "server", estate(getattr(request, "param", "mfa"))) as identity:
        yield identity


@pytest.fixture
async def sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AzureSignIn]:
    use_home(monkeypatch, tmp_path / "home", can_encrypt=True)
    made = AzureSignIn(SmallStore())
    yield made
    await made.aclose()


async def cloud_of(served: ServedIdentity, sign_in: AzureSignIn) -> Cloud:
    return await sign_in.cloud_at(served.arm, ca=served.ca)


async def by_device(served: ServedIdentity, sign_in: AzureSignIn, *, tenant: str = "", user: str = YOU) -> SignInWish:
    def show(code: DeviceCode) -> None:
        served.enter(code.code, user)

    wish = SignInWish(SignInMethod.DEVICE_CODE, await cloud_of(served, sign_in), tenant, ca=served.ca)
    await sign_in.sign_in(wish, show=show)
    return wish


@pytest.fixture
async def account(served: ServedIdentity, sign_in: AzureSignIn) -> AsyncIterator[Account]:
    opened = await open_catalogue(await by_device(served, sign_in), sign_in)
    yield opened
    await opened.aclose()


def tenants_of(account: Account) -> set[str]:
    return {entry.tenant.id for entry in account.catalogue.catalogue.vaults}


async def test_vaults_of_every_directory_that_gives_a_token_are_listed(account: Account) -> None:
    await account.catalogue.read()
    found = account.catalogue.catalogue
    assert {each.tenant.id for each in found.tenants} == {HOME, NORTHWIND, TAILSPIN}
    assert tenants_of(account) == {HOME, NORTHWIND}
    assert {entry.reached_by for entry in found.vaults} == {HOME, NORTHWIND}


@pytest.mark.parametrize(
    ("served", "code", "advice"),
    [
        ("mfa", "TenantAsksForProof", "phone or key"),
        ("device", "TenantAsksForDevice", "manages"),
        ("blocked", "TenantBlocks", "administrator"),
    ],
    indirect=["served"],
)
async def test_a_directory_that_asks_for_more_says_what(
    served: ServedIdentity, account: Account, code: str, advice: str
) -> None:
    await account.catalogue.read()
    (refused,) = account.catalogue.catalogue.refused_tenants
    assert refused.tenant.name == "Tailspin Toys"
    assert isinstance(refused.problem, SignInRequired)
    assert refused.problem.code == code
    assert advice in refused.problem.advice
    assert "AADSTS" in refused.problem.details


async def test_signing_in_to_the_directory_brings_its_vaults(
    served: ServedIdentity, sign_in: AzureSignIn, account: Account
) -> None:
    await account.catalogue.read()
    wish = await by_device(served, sign_in, tenant=TAILSPIN)
    await account.catalogue.read_tenant(TAILSPIN, wish)
    assert tenants_of(account) == {HOME, NORTHWIND, TAILSPIN}
    assert account.catalogue.catalogue.refused_tenants == ()


async def test_what_a_guest_sees_can_be_looked_into_and_connected_to(
    served: ServedIdentity, sign_in: AzureSignIn, account: Account
) -> None:
    await account.catalogue.read()
    entry = next(each for each in account.catalogue.catalogue.vaults if each.reached_by == NORTHWIND)
    vault = entry.vault.id
    signed_in = await sign_in.resume(
        SignInWish(SignInMethod.DEVICE_CODE, await cloud_of(served, sign_in), ca=served.ca)
    )
    spec = spec_for(signed_in, vault, entry.reached_by)
    assert spec.reached_by == NORTHWIND
    assert spec_for(signed_in, vault, HOME).reached_by == ""
    services = await open_connection(spec, sign_in=sign_in)
    try:
        assert (await services.gateways.vaults.get_vault(vault)).name == entry.vault.name
    finally:
        await services.aclose()
    without = await open_connection(replace(spec, reached_by=""), sign_in=sign_in)
    try:
        with pytest.raises(SignInRequired):
            await without.gateways.vaults.get_vault(vault)
    finally:
        await without.aclose()


async def test_a_vault_is_created_in_a_directory_of_a_guest(account: Account) -> None:
    await account.catalogue.read()
    found = account.catalogue.catalogue.subscriptions
    reading = next(each for each in found if each.reached_by == NORTHWIND)
    creation = await account.creation(reading.reached_by)
    context = await creation.context(reading.subscription)
    assert context.estate.resource_groups
    assert all(each.is_registered for each in context.estate.resource_providers)


async def test_somebody_who_is_no_guest_sees_their_own_directory_alone(
    served: ServedIdentity, sign_in: AzureSignIn
) -> None:
    account = await open_catalogue(await by_device(served, sign_in, user="reader@contoso.com"), sign_in)
    try:
        await account.catalogue.read()
        assert [each.tenant.id for each in account.catalogue.catalogue.tenants] == [HOME]
        assert tenants_of(account) == {HOME}
    finally:
        await account.aclose()
