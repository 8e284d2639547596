"""Which way is chosen: settings, environment, PAC files good, broken, slow or endless; and where secrets go."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.memory_store import MemoryStore
from app.adapters.network import ways as ways_module
from app.adapters.network.pac import Pac, PacFailed
from app.adapters.network.trust import Trust
from app.adapters.network.ways import DIRECT, Choice, Way, Ways
from app.errors import AppError, InvalidInput
from app.network_settings import LOCAL, NetworkFile, NetworkSettings, ProxyMode
from app.ports.secrets import Secret
from app.services.network import PASSWORD, Network
from tests.support.proxies import LOOPBACK, Authority, always, closed_port, site
from tests.support.sign_in import NoStore, SmallStore

AZURE = "https://management.azure.com/subscriptions?secret=path"
CANARY = "canary-of-the-proxy-1c77"
PROXY_VARIABLES = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")
SLOW_MACHINE_S = 60.0
TEXT = {"Content-Type": "application/x-ns-proxy-autoconfig"}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def test_none_goes_directly_and_fixed_through_the_proxy_but_for_exceptions() -> None:
    assert await Ways(NetworkSettings(ProxyMode.NONE)).find(AZURE) == Choice((DIRECT,))
    fixed = Ways(NetworkSettings(ProxyMode.FIXED, proxy="proxy", exceptions=(LOCAL, "*.blob.core.windows.net")))
    assert await fixed.find(AZURE) == Choice((Way("http://proxy:8080"),))
    assert await fixed.find("https://acct.blob.core.windows.net/") == Choice((DIRECT,))
    for near in ("http://127.0.0.1:1/", "https://localhost/", "https://[::1]:9/"):
        assert await fixed.find(near) == Choice((DIRECT,))


async def test_the_environment_is_followed_with_its_exceptions_and_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://jo:{CANARY}@proxy.contoso.com:3128")
    monkeypatch.setenv("NO_PROXY", "blob.core.windows.net")
    ways = Ways()

    (way,) = (await ways.find(AZURE)).ways
    assert (way.proxy, way.place) == ("http://proxy.contoso.com:3128", "proxy.contoso.com:3128")
    assert CANARY not in repr(way)
    assert (await ways.find("https://acct.blob.core.windows.net/")).ways == (DIRECT,)
    assert ways.login.told_now(way.proxy) is None
    assert str(ways.login.told_when_asked(way.proxy, ("Basic",))).startswith("Basic ")


async def test_a_proxy_that_is_none_of_http_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.contoso.com:1080")
    (way,) = (await Ways().find(AZURE)).ways
    assert not way.can_be_gone


async def test_a_system_with_settings_is_asked_for_its_script_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows: a PAC file before the fixed proxy, and that one where the file cannot be used."""

    class SystemPac(Pac):
        scripts: list[str]

        def of_system(self) -> list[str]:
            return self.scripts

    pac = SystemPac(Trust(), fetch_within_s=SLOW_MACHINE_S, run_within_s=SLOW_MACHINE_S)
    monkeypatch.setattr(ways_module, "SYSTEM_HAS_SETTINGS", True)
    monkeypatch.setattr(ways_module.system, "getproxies", lambda: {"https": "http://registry:8080"})
    async with site(always(200, TEXT, script("PROXY by-script:8080"))) as teller:
        pac.scripts = [f"http://{LOOPBACK}:{teller.port}/"]
        assert (await Ways(pac=pac).find(AZURE)).ways == (Way("http://by-script:8080"),)
    pac.scripts = [f"http://{LOOPBACK}:{closed_port()}/"]
    choice = await Ways(pac=pac).find(AZURE)
    assert choice.ways == (Way("http://registry:8080"),)
    assert "does not give it" in choice.pac
    pac.scripts = []
    assert await Ways(pac=pac).find(AZURE) == Choice((Way("http://registry:8080"),))


def patient() -> Pac:
    """For a machine that has much else to do."""
    return Pac(Trust(), fetch_within_s=SLOW_MACHINE_S, run_within_s=SLOW_MACHINE_S)


def script(answer: str) -> bytes:
    return f'function FindProxyForURL(url, host) {{ return "{answer}"; }}'.encode()


@pytest.mark.slow
async def test_a_script_decides_by_host_is_read_once_and_learns_no_path() -> None:
    text = b"""
    function FindProxyForURL(url, host) {
        if (url.indexOf("secret") >= 0) return "PROXY leaked:1";
        if (typeof process !== "undefined" && process.env && process.env.HOME) return "PROXY leaked:2";
        if (dnsDomainIs(host, ".blob.core.windows.net")) return "DIRECT";
        if (shExpMatch(host, "management.*")) return "PROXY one:8080; HTTPS two; SOCKS three:1080; DIRECT";
        return "nonsense";
    }"""
    async with site(always(200, TEXT, text)) as teller:
        settings = NetworkSettings(ProxyMode.PAC, pac=f"http://{LOOPBACK}:{teller.port}/proxy.pac")
        ways = Ways(settings, pac=patient())
        choice = await ways.find(AZURE)
        assert choice.ways == (Way("http://one:8080"), Way("https://two:443"), Way("socks5://three:1080"), DIRECT)
        assert (await ways.find("https://acct.blob.core.windows.net/c/b")).ways == (DIRECT,)
        assert (await ways.find("https://login.example/")).ways == (DIRECT,)
        assert (await ways.find(AZURE)) == choice
        assert len(teller.requests) == 1

        ways.mark_bad(Way("http://one:8080"))
        assert (await ways.find(AZURE)).ways[-1] == Way("http://one:8080")
        ways.forget()
        assert (await ways.find(AZURE)).ways[0] == Way("http://one:8080")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"function FindProxyForURL(url, host { return", "no script that works"),
        (b"<html>Not found</html>", "no script that works"),
        (b"", "no script that works"),
        (b"function FindProxyForURL(url, host) { while (true) {} }", "takes too long to run"),
        (b"function FindProxyForURL(u, h) { var a = []; while (true) a.push(a.join() + u); }", ""),
    ],
    ids=["does not parse", "a web page", "empty", "endless", "all the memory"],
)
async def test_a_script_that_does_not_work_leads_directly_and_is_told(text: bytes, says: str) -> None:
    async with site(always(200, TEXT, text)) as teller:
        settings = NetworkSettings(ProxyMode.PAC, pac=f"http://{LOOPBACK}:{teller.port}/proxy.pac")
        beats = 0

        async def heart() -> None:
            nonlocal beats
            while True:
                beats += 1
                await asyncio.sleep(0)

        beating = asyncio.create_task(heart())
        patience = 1.5 if "too long" in says else SLOW_MACHINE_S
        choice = await Ways(settings, pac=Pac(Trust(), run_within_s=patience)).find(AZURE)
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)

    assert choice.ways == (DIRECT,)
    assert says in choice.pac
    assert choice.pac
    assert beats > 10


async def test_a_script_that_does_not_come_is_told() -> None:
    async with site(None) as silent, site(always(404)) as without:
        for address, says in (
            (f"http://{LOOPBACK}:{silent.port}/", "does not come in time"),
            (f"http://{LOOPBACK}:{without.port}/", "answers HTTP 404"),
            (f"http://{LOOPBACK}:{closed_port()}/", "the connection is refused"),
            ("/nowhere/proxy.pac", "cannot be read"),
        ):
            settings = NetworkSettings(ProxyMode.PAC, pac=address)
            patience = 0.3 if "in time" in says else SLOW_MACHINE_S
            choice = await Ways(settings, pac=Pac(Trust(), fetch_within_s=patience)).find(AZURE)
            assert choice.ways == (DIRECT,)
            assert says in choice.pac


@pytest.mark.slow
def test_a_script_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "proxy.pac"
    file.write_bytes(script("PROXY proxy:1"))
    for address in (str(file), file.as_uri()):
        assert patient().find(address, AZURE) == ("http://proxy:1",)
    file.write_bytes(b"x" * (1 << 21))
    with pytest.raises(PacFailed, match="larger than 1 MB"):
        Pac(Trust()).find(str(file), AZURE)


# The settings in force, and the password


class HeardLine:
    def __init__(self) -> None:
        self.settings = NetworkSettings()
        self.password: Secret | None = None

    def use(self, settings: NetworkSettings, password: Secret | None) -> None:
        self.settings, self.password = settings, password


FIXED = NetworkSettings(ProxyMode.FIXED, proxy="proxy", user="jo")


@pytest.fixture
async def log(caplog: pytest.LogCaptureFixture) -> AsyncIterator[pytest.LogCaptureFixture]:
    caplog.set_level(logging.DEBUG)
    yield caplog
    assert CANARY not in caplog.text


async def test_a_password_is_kept_in_the_store_and_nowhere_else(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    store, line = SmallStore(), HeardLine()
    network = Network(NetworkFile(tmp_path / "network.json"), store, MemoryStore(), line)
    await network.change(FIXED, Secret(CANARY))

    assert store.held == {PASSWORD: CANARY}
    assert line.password == Secret(CANARY)
    assert network.password_place == "The password is kept in the test's keyring."
    assert CANARY not in (tmp_path / "network.json").read_text("utf-8")
    assert CANARY not in repr(network.settings)

    again, line = Network(NetworkFile(tmp_path / "network.json"), store, MemoryStore(), HeardLine()), HeardLine()
    again.line = line
    assert await again.load() == FIXED
    assert (line.settings, line.password) == (FIXED, Secret(CANARY))


async def test_a_password_goes_with_its_user(tmp_path: Path) -> None:
    store, line = SmallStore(), HeardLine()
    network = Network(NetworkFile(tmp_path / "network.json"), store, MemoryStore(), line)
    await network.change(FIXED, Secret(CANARY))
    await network.change(NetworkSettings(ProxyMode.FIXED, proxy="other", user="jo"))
    assert line.password == Secret(CANARY)

    await network.change(NetworkSettings(ProxyMode.FIXED, proxy="other", user="ann"))
    assert (line.password, store.held, network.has_password) == (None, {}, False)
    await network.change(FIXED, Secret(CANARY))
    await network.change(NetworkSettings())
    assert (line.password, store.held, network.password_place) == (None, {}, "")


async def test_without_a_store_it_stays_in_memory_and_that_is_said(tmp_path: Path) -> None:
    memory, line = MemoryStore(), HeardLine()
    network = Network(NetworkFile(tmp_path / "network.json"), NoStore(), memory, line)
    await network.change(FIXED, Secret(CANARY))

    assert line.password == Secret(CANARY)
    assert "stays in memory" in network.password_place
    await network.change(NetworkSettings(ProxyMode.FIXED, proxy="other", user="jo"))
    assert line.password == Secret(CANARY)
    again = Network(NetworkFile(tmp_path / "network.json"), NoStore(), MemoryStore(), HeardLine())
    await again.load()
    assert not again.has_password


async def test_settings_that_cannot_be_saved_leave_the_earlier_ones_in_force(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a folder should be", "utf-8")
    line = HeardLine()
    network = Network(NetworkFile(tmp_path / "config" / "network.json"), SmallStore(), MemoryStore(), line)

    with pytest.raises(AppError, match="can’t be saved"):
        await network.change(FIXED, Secret(CANARY))

    assert line.password is None
    assert network.settings == NetworkSettings()


async def test_a_file_of_authorities_is_looked_at_for_its_field(tmp_path: Path) -> None:
    ca = Authority(tmp_path)
    network = Network(NetworkFile(tmp_path / "network.json"), SmallStore(), MemoryStore(), HeardLine())

    assert (await network.authorities(ca.file)).names == ("Contoso Inspection CA",)
    with pytest.raises(InvalidInput) as caught:
        await network.authorities(tmp_path / "gone.pem")
    assert caught.value.problems[0].field == "ca"


def test_the_file_is_plain_json_that_a_person_can_read(tmp_path: Path) -> None:
    NetworkFile(tmp_path / "network.json").save(FIXED)
    content = json.loads((tmp_path / "network.json").read_text("utf-8"))["content"]
    assert content["mode"] == "fixed"
    assert "password" not in content
