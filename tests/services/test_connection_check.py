"""The connection check from end to end: a served practice vault as a cloud of its own, and Azure's names at proxies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.adapters.memory_store import MemoryStore
from app.adapters.network.prober import WalkingProber
from app.adapters.network.ways import Ways
from app.bootstrap import open_connection_check, open_network
from app.domain.connection_check import User
from app.domain.line_trouble import Trouble
from app.errors import InvalidInput
from app.network_settings import NetworkFile, NetworkSettings, ProxyMode
from app.paths import user_paths
from app.ports.secrets import Secret
from app.runtime.progress import Progress
from app.services.connection_check import CheckResult, ConnectionCheck, Outcome
from app.services.connection_report import network_text
from app.services.network import Network
from tests.support.identity import ServedIdentity, served_identity
from tests.support.proxies import LOOPBACK, Authority, NoTinyproxy, always, closed_port, proxy, site, tinyproxy
from tests.support.sign_in import SmallStore, bytes_below
from tests.support.waiting import until

CANARY = "canary-of-the-proxy-b3f2"
LOGIN, ARM = "login.microsoftonline.com", "management.azure.com"


@asynccontextmanager
async def opened(
    folder: Path, settings: NetworkSettings, password: str = "", *, is_far: bool = True
) -> AsyncIterator[ConnectionCheck]:
    network = Network(NetworkFile(folder / "n.json"), SmallStore(), MemoryStore(), Ways(loopback_is_far=is_far))
    await network.change(settings, Secret(password) if password else None)
    yield await open_connection_check(network)


def text_of(check: ConnectionCheck, result: CheckResult) -> str:
    return network_text(result, check.rules, check.network.settings, check.computer)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path / "served") as vault:
        yield vault


def blob_endpoint(served: ServedIdentity) -> str:
    return f"{served.arm}/contosohqasr01/"


@pytest.mark.slow
async def test_a_served_practice_vault_is_checked_as_a_cloud_of_its_own(served: ServedIdentity, tmp_path: Path) -> None:
    settings = NetworkSettings(ProxyMode.NONE, ca=served.ca)
    seen: list[CheckResult] = []
    told: list[Progress] = []
    async with opened(tmp_path, settings, is_far=False) as check:
        result = await check.run(served.arm, (blob_endpoint(served),), show=seen.append, report=told.append)
        text = text_of(check, result)

    assert [finding.outcome for finding in result.findings] == [Outcome.FINE] * 4
    assert result.cloud is not None
    assert result.cloud.title == "PracticeVault"
    assert all(finding.address.user is User.COMPUTER for finding in result.findings)
    assert all("Practice vault on this computer" in (f.facts.issuer if f.facts else "") for f in result.findings)
    assert result.at is not None
    assert (told[-1].done, told[-1].total) == (3, 3)
    assert len(seen) > 3
    assert urlsplit(served.arm).netloc in text


async def test_without_its_authority_the_practice_vault_is_told_by_name(served: ServedIdentity, tmp_path: Path) -> None:
    async with opened(tmp_path, NetworkSettings(ProxyMode.NONE), is_far=False) as check:
        result = await check.run(served.arm)

    (finding,) = result.findings
    assert finding.facts is not None
    assert finding.facts.trouble is not None
    assert finding.facts.trouble.kind is Trouble.UNTRUSTED
    assert "Practice vault on this computer" in finding.sentence
    assert result.cloud is None


@pytest.mark.slow
async def test_the_practice_vault_is_checked_through_a_real_proxy(served: ServedIdentity, tmp_path: Path) -> None:
    try:
        company = tinyproxy(tmp_path / "tinyproxy", ("jo", CANARY))
        running = await company.__aenter__()
    except NoTinyproxy as reason:
        pytest.skip(str(reason))
    try:
        settings = NetworkSettings(
            ProxyMode.FIXED, proxy=LOOPBACK, port=running.port, exceptions=(), user="jo", ca=served.ca
        )
        async with opened(tmp_path, settings, CANARY) as check:
            result = await check.run(served.arm)
    finally:
        await company.__aexit__(None, None, None)

    tried = [finding for finding in result.findings if finding.facts is not None]
    assert len(tried) == 3
    for finding in tried:
        assert finding.facts is not None
        assert finding.facts.proxy == f"{LOOPBACK}:{running.port}"
        # A practice vault has a time of its own, and nothing else is amiss.
        assert finding.facts.trouble is None or finding.facts.trouble.kind is Trouble.CLOCK_WRONG


async def test_a_web_site_is_no_cloud(tmp_path: Path) -> None:
    ca = Authority(tmp_path / "ca")
    settings = NetworkSettings(ProxyMode.NONE, ca=ca.file)
    async with site(always(404), ca.context(LOOPBACK)) as other, opened(tmp_path, settings, is_far=False) as check:
        with pytest.raises(InvalidInput, match="No cloud answers"):
            await check.run(f"https://{LOOPBACK}:{other.port}")


async def test_each_address_of_azure_is_told_by_itself(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ca = Authority(tmp_path / "ca")
    page = always(403, {"Content-Type": "text/html"}, b"<html>Blocked by Contoso</html>")
    async with (
        site(page, ca.context(LOGIN)) as login,
        site(always(401), ca.context(ARM)) as arm,
        proxy(
            {LOGIN: login.port, ARM: arm.port, "acct.blob.core.windows.net": closed_port()}, login=("jo", CANARY)
        ) as company,
    ):
        settings = NetworkSettings(
            ProxyMode.FIXED, proxy=LOOPBACK, port=company.port, exceptions=(), user="jo", ca=ca.file
        )
        async with opened(tmp_path / "settings", settings, CANARY) as check:
            result = await check.run("public", ("https://acct.blob.core.windows.net/",))
            text = text_of(check, result)

    kinds = {
        finding.address.address: finding.facts.trouble.kind if finding.facts.trouble else None
        for finding in result.findings
        if finding.facts is not None
    }
    assert kinds == {LOGIN: Trouble.BLOCKED, ARM: None, "acct.blob.core.windows.net": Trouble.PROXY_RESET}
    hosts = [finding.address for finding in result.findings if finding.outcome is Outcome.NOT_TRIED]
    assert {address.user for address in hosts} == {User.HOSTS}
    assert f"{LOGIN}: NOT reached" in text
    assert f"{ARM}: reached" in text
    assert "2017:  *.accesscontrol.windows.net" in text
    assert "today: login.microsoftonline.com" in text
    for told in (text, repr(result), caplog.text, str(bytes_below(tmp_path / "settings"))):
        assert CANARY not in told
    assert any(company.told)


async def test_a_check_that_is_given_up_leaves_no_line_open(tmp_path: Path) -> None:
    async with site(None) as silent:
        settings = NetworkSettings(ProxyMode.FIXED, proxy=LOOPBACK, port=silent.port, exceptions=())
        async with opened(tmp_path, settings) as check:
            running = asyncio.create_task(check.run("public"))
            await until(lambda: len(silent.requests) >= 2, what="the requests")
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running


async def test_a_name_server_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    async with site(None) as silent:
        ways = Ways(NetworkSettings(ProxyMode.NONE), loopback_is_far=True)
        facts = await WalkingProber(ways, within_s=0.2).try_address(f"http://{LOOPBACK}:{silent.port}/")

    assert facts.trouble is not None
    assert facts.trouble.kind is Trouble.TIMED_OUT


async def test_the_program_reads_its_settings_where_its_user_keeps_them() -> None:
    NetworkFile(user_paths().network_file).save(NetworkSettings(ProxyMode.FIXED, proxy="proxy", user="jo"))

    network = await open_network()

    assert network.settings.proxy == "proxy"
    assert not network.has_password  # there is no keyring here, and that costs nothing else
    assert [way.proxy for way in (await network.line.find("https://management.azure.com/")).ways] == [  # type: ignore[attr-defined]
        "http://proxy:8080"
    ]


def test_other_clouds_have_what_is_known_of_them(tmp_path: Path) -> None:
    network = Network(NetworkFile(tmp_path / "n.json"), SmallStore(), MemoryStore(), Ways())

    async def plans() -> dict[str, list[str]]:
        check = await open_connection_check(network)
        return {
            name: [finding.address.address for finding in check.planned(name).findings]
            for name in ("public", "us-government", "china")
        }

    found = asyncio.run(plans())
    assert "*.backup.windowsazure.us" in found["us-government"]
    assert "login.microsoftonline.us" in found["us-government"]
    assert found["china"] == ["login.chinacloudapi.cn", "management.chinacloudapi.cn", "*.blob.core.chinacloudapi.cn"]
