"""Every call of the program through a company's proxy: azure-identity, the ARM clients and the blob client themselves.

The served practice vault stands for Azure. It is on loopback, which the program would never reach through a proxy; here
it is told to treat it as far away.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.adapters.azure.sign_in import AzureSignIn
from app.adapters.memory_store import MemoryStore
from app.adapters.network.pac import Pac
from app.adapters.network.trust import Trust
from app.adapters.network.ways import Ways
from app.bootstrap import open_connection
from app.connection import AzureSpec
from app.errors import AppError, Remedy, Unreachable
from app.live.services import Services
from app.network_settings import NetworkFile, NetworkSettings, ProxyMode
from app.ports.secrets import Secret
from app.ports.sign_in import DeviceCode, SignInMethod, SignInWish
from app.services.network import Network
from tests.support.identity import ROBOT, ROBOT_SECRET, TENANT, VAULT, ServedIdentity, served_identity
from tests.support.proxies import LOOPBACK, Authority, NoTinyproxy, Tinyproxy, always, proxy, site, tinyproxy
from tests.support.sign_in import SmallStore, bytes_below, use_home

USER, PASSWORD = "jo", "canary-of-the-proxy-83bd"
AZURE = "management.azure.com"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_home(monkeypatch, tmp_path / "home", can_encrypt=True)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path / "served") as vault:
        yield vault


@dataclass(frozen=True, slots=True)
class Program:
    """What the program would have opened: settings in force, and the sign-in over them."""

    served: ServedIdentity
    network: Network
    sign_in: AzureSignIn

    async def wish(self, method: SignInMethod = SignInMethod.CLIENT_SECRET, **more: Any) -> SignInWish:
        cloud = await self.sign_in.cloud_at(self.served.arm, ca=self.served.ca)
        return SignInWish(method, cloud, ca=self.served.ca, **more)

    async def robot(self) -> SignInWish:
        return await self.wish(tenant=TENANT, client_id=ROBOT)

    async def open(self) -> Services:
        spec = AzureSpec(
            self.served.arm,
            self.served.simulator.subscription_id,
            SignInMethod.CLIENT_SECRET,
            TENANT,
            ROBOT,
            resource_group=self.served.simulator.resource_group,
            vault=VAULT,
            ca=self.served.ca,
        )
        return await open_connection(spec, sign_in=self.sign_in, network=self.network)


@asynccontextmanager
async def program(
    served: ServedIdentity, folder: Path, settings: NetworkSettings, password: str = ""
) -> AsyncIterator[Program]:
    patient = Pac(Trust(), fetch_within_s=60, run_within_s=60)  # for a machine that has much else to do
    ways = Ways(loopback_is_far=True, pac=patient)
    network = Network(NetworkFile(folder / "network.json"), SmallStore(), MemoryStore(), ways)
    await network.change(settings, Secret(password) if password else None)
    sign_in = AzureSignIn(SmallStore(), ways)
    try:
        yield Program(served, network, sign_in)
    finally:
        await sign_in.aclose()


def fixed(port: int, **more: Any) -> NetworkSettings:
    return NetworkSettings(ProxyMode.FIXED, proxy=LOOPBACK, port=port, exceptions=(), **more)


async def do_everything(running: Program) -> None:
    """Sign in both as an application and with a device code, list, write a blob."""
    await running.sign_in.sign_in(await running.robot(), Secret(ROBOT_SECRET), keep=False)

    def enter(code: DeviceCode) -> None:
        running.served.enter(code.code)

    await running.sign_in.sign_in(await running.wish(SignInMethod.DEVICE_CODE), show=enter, keep=False)
    services = await running.open()
    try:
        vaults = await services.gateways.vaults.list_vaults(services.subscription)
        accounts = await services.gateways.resources.list_storage_accounts(services.subscription)
        endpoint = next(each.blob_endpoint for each in accounts if each.tier == "Standard")
        probe = await services.gateways.blobs.measure_upload(
            endpoint, max_bytes=200_000, max_seconds=20, block_bytes=100_000
        )
    finally:
        await services.aclose()
    assert VAULT in [vault.name for vault in vaults]
    assert probe.sent_bytes == 200_000
    assert not probe.left_behind


@asynccontextmanager
async def debian(folder: Path, login: tuple[str, str] | None = None) -> AsyncIterator[Tinyproxy]:
    try:
        opened = tinyproxy(folder / "tinyproxy", login)
        made = await opened.__aenter__()
    except NoTinyproxy as reason:
        pytest.skip(str(reason))
    try:
        yield made
    finally:
        await opened.__aexit__(None, None, None)


@pytest.mark.slow
@pytest.mark.parametrize("login", [None, (USER, PASSWORD)], ids=["open", "with a password"])
@pytest.mark.parametrize("tells_first", [False, True], ids=["when asked", "at once"])
async def test_everything_goes_through_a_real_proxy(
    served: ServedIdentity, tmp_path: Path, login: tuple[str, str] | None, tells_first: bool
) -> None:
    async with debian(tmp_path, login) as company:
        settings = fixed(company.port, user=USER if login else "", tells_first=tells_first)
        async with program(served, tmp_path, settings, PASSWORD if login else "") as running:
            await do_everything(running)
        ways = company.ways()

    assert set(ways) == {urlsplit(served.arm).netloc}
    assert len(ways) >= 4


@pytest.mark.slow
async def test_a_script_names_the_real_proxy(served: ServedIdentity, tmp_path: Path) -> None:
    async with debian(tmp_path) as company:
        script = f'function FindProxyForURL(url, host) {{ return "PROXY {LOOPBACK}:{company.port}; DIRECT"; }}'
        async with site(always(200, {"Content-Type": "text/plain"}, script.encode())) as teller:
            settings = NetworkSettings(ProxyMode.PAC, pac=f"http://{LOOPBACK}:{teller.port}/proxy.pac")
            async with program(served, tmp_path, settings) as running:
                await do_everything(running)
        ways = company.ways()

    assert set(ways) == {urlsplit(served.arm).netloc}
    assert len(teller.requests) == 1


async def test_a_password_given_later_is_followed_by_what_is_open(served: ServedIdentity, tmp_path: Path) -> None:
    async with proxy(login=(USER, PASSWORD)) as company, program(served, tmp_path, fixed(company.port)) as running:
        with pytest.raises(Unreachable) as caught:
            await running.robot()
        assert caught.value.code == "ProxyWantsPassword"

        await running.network.change(fixed(company.port, user=USER), Secret(PASSWORD))
        await running.sign_in.sign_in(await running.robot(), Secret(ROBOT_SECRET), keep=False)
        services = await running.open()
        try:
            await running.network.change(fixed(company.port))
            with pytest.raises(Unreachable) as caught:
                await services.gateways.resources.list_resource_groups(services.subscription)
            assert caught.value.code == "ProxyWantsPassword"
        finally:
            await services.aclose()


async def test_this_computer_is_never_reached_through_a_proxy(served: ServedIdentity, tmp_path: Path) -> None:
    async with proxy() as company:
        sign_in = AzureSignIn(SmallStore(), Ways(fixed(company.port)))
        await sign_in.cloud_at(served.arm, ca=served.ca)
        await sign_in.aclose()

    assert company.asked == []


# Trouble, told the same by the identity service's line and by Azure's


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


async def both(settings: NetworkSettings, password: str = "", *, url: str = f"https://{AZURE}") -> list[AppError]:
    """What a call of the ARM clients and a sign-in say."""
    from azure.core.rest import HttpRequest

    from app.adapters.azure.clients import NetworkTransport
    from app.adapters.azure.errors import azure_errors
    from app.adapters.azure.identity_transport import IdentityTransport
    from app.adapters.azure.sign_in_errors import refused

    ways = Ways(settings, Secret(password) if password else None, loopback_is_far=True)
    transport = NetworkTransport(ways)
    found: list[AppError] = []
    try:
        with azure_errors("list vaults"):
            await transport.send(HttpRequest("GET", f"{url}/subscriptions"))
    except AppError as error:
        found.append(error)
    finally:
        await transport.close()
    line = IdentityTransport(Ways(settings, Secret(password) if password else None, loopback_is_far=True))
    try:
        await asyncio.to_thread(line.send, HttpRequest("GET", f"{url}/common"))
    except Exception as error:
        found.append(refused(error, SignInMethod.BROWSER))
    finally:
        line.close()
    return found


def said_once(errors: list[AppError], code: str) -> AppError:
    """Both say the same, each of its own errand."""
    assert [error.code for error in errors] == [code, code]
    azure, identity = errors
    assert azure.title == identity.title.replace("Could not sign in", "Could not list vaults")
    assert azure.advice == identity.advice
    assert all(isinstance(error, Unreachable) for error in errors)
    assert all(Remedy.CHECK_CONNECTION in error.remedies for error in errors)
    return azure


async def test_what_a_proxy_refuses_is_told_the_same_everywhere() -> None:
    async with proxy(login=(USER, PASSWORD)) as company:
        error = said_once(await both(fixed(company.port)), "ProxyWantsPassword")
        assert error.title == f"Could not list vaults: the proxy {company.place} asks for a password"
        assert not error.retryable
        error = said_once(await both(fixed(company.port, user=USER), "wrong-all-the-same"), "ProxyPasswordWrong")
        assert len([told for told in company.told if told]) == 2
        assert "wrong-all-the-same" not in "".join(traceback.format_exception(error)) + error.details
    async with proxy(offers=("NTLM", "Negotiate")) as company:
        error = said_once(await both(fixed(company.port, user=USER), PASSWORD), "ProxyAuthentication")
        assert "NTLM and Negotiate only" in error.title
        assert not any(company.told)
    async with proxy(refuses=403) as company:
        said_once(await both(fixed(company.port)), "ProxyForbids")
    async with proxy(refuses=502) as company:
        assert said_once(await both(fixed(company.port)), "ProxyCannotReach").retryable
    said_once(await both(fixed(1)), "ProxyRefused")


async def test_many_calls_at_once_try_a_wrong_password_but_once() -> None:
    from azure.core.rest import HttpRequest

    from app.adapters.azure.clients import NetworkTransport
    from app.adapters.azure.line import LineFault

    async with proxy(login=(USER, PASSWORD)) as company:
        ways = Ways(fixed(company.port, user=USER), Secret("wrong-all-the-same"), loopback_is_far=True)
        transport = NetworkTransport(ways)
        calls = (transport.send(HttpRequest("GET", f"https://{AZURE}/{number}")) for number in range(6))
        found = await asyncio.gather(*calls, return_exceptions=True)
        await transport.close()

    assert [type(each) for each in found] == [LineFault] * 6
    assert len([told for told in company.told if told]) == 1


async def test_what_tls_refuses_is_told_the_same_everywhere(ca: Authority) -> None:
    async with site(always(), ca.context(AZURE)) as azure, proxy({AZURE: azure.port}) as company:
        error = said_once(await both(fixed(company.port)), "Untrusted")
        assert "“Contoso Inspection CA”" in error.title
        assert azure.requests == []
    async with site(always(), ca.context("other.example")) as azure, proxy({AZURE: azure.port}) as company:
        said_once(await both(fixed(company.port, ca=ca.file)), "CertificateName")
    async with site(always(), ca.context(AZURE, days=(-9, -2))) as azure, proxy({AZURE: azure.port}) as company:
        said_once(await both(fixed(company.port, ca=ca.file)), "CertificateExpired")
    said_once(await both(NetworkSettings(ProxyMode.NONE, ca=Path("/nowhere/ca.pem"))), "CaFile")


async def test_what_answers_in_place_of_azure_is_told_the_same_everywhere(ca: Authority) -> None:
    for reply, code in (
        (always(403, {"Content-Type": "text/html"}, b"<html>Blocked</html>"), "Blocked"),
        (always(302, {"Location": "http://hotspot.contoso.com/"}), "CaptivePortal"),
    ):
        async with site(reply, ca.context(AZURE)) as azure, proxy({AZURE: azure.port}) as company:
            said_once(await both(fixed(company.port, ca=ca.file)), code)


async def test_a_direct_line_that_refuses_is_told_the_same_everywhere() -> None:
    settings = NetworkSettings(ProxyMode.NONE)
    error = said_once(await both(settings, url=f"https://{LOOPBACK}:1"), "Refused")
    assert error.retryable


@pytest.mark.slow
async def test_a_real_proxy_that_does_not_accept_the_password(tmp_path: Path) -> None:
    async with debian(tmp_path, (USER, PASSWORD)) as company:
        said_once(await both(fixed(company.port)), "ProxyWantsPassword")
        said_once(await both(fixed(company.port, user=USER), "wrong-all-the-same"), "ProxyPasswordWrong")


async def test_the_next_proxy_of_a_script_is_taken_when_the_first_is_gone(
    served: ServedIdentity, tmp_path: Path
) -> None:
    async with proxy() as company:
        script = f'function FindProxyForURL(u, h) {{ return "PROXY {LOOPBACK}:1; PROXY {company.place}"; }}'
        async with site(always(200, {}, script.encode())) as teller:
            settings = NetworkSettings(ProxyMode.PAC, pac=f"http://{LOOPBACK}:{teller.port}/")
            async with program(served, tmp_path, settings) as running:
                await running.sign_in.sign_in(await running.robot(), Secret(ROBOT_SECRET), keep=False)
                services = await running.open()
                await services.aclose()

    assert company.asked


async def test_a_proxy_by_tls_carries_everything_and_nobody_writes_its_password_down(
    served: ServedIdentity, tmp_path: Path, ca: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with proxy(login=(USER, PASSWORD), tls=ca.context(LOOPBACK)) as company:
        settings = replace(fixed(company.port, user=USER, ca=ca.file), proxy=f"https://{LOOPBACK}")
        async with program(served, tmp_path, settings, PASSWORD) as running:
            await do_everything(running)

    assert company.asked
    sent = next(told for told in company.told if told).removeprefix("Basic ")
    for text in (caplog.text, str(bytes_below(tmp_path / "home")), (tmp_path / "network.json").read_text("utf-8")):
        assert PASSWORD not in text
        assert sent not in text
