"""What can go wrong on the way to an address, each against a server on loopback that does just that."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.adapters.network.walk import Walk
from app.adapters.network.ways import Ways
from app.domain.line_trouble import LineTrouble, Trouble
from app.network_settings import NetworkSettings, ProxyMode
from app.ports.line import LineFacts
from app.ports.secrets import Secret
from tests.support.proxies import LOOPBACK, Authority, always, closed_port, dated, proxy, site
from tests.support.waiting import until

AZURE = "management.azure.com"
PASSWORD = "canary-of-the-proxy-29f1"


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


def direct(**more: object) -> Ways:
    return Ways(NetworkSettings(ProxyMode.NONE, **more), loopback_is_far=True)  # type: ignore[arg-type]


def through(port: int, password: str = "", **more: object) -> Ways:
    settings = NetworkSettings(ProxyMode.FIXED, proxy=LOOPBACK, port=port, **more)  # type: ignore[arg-type]
    return Ways(settings, Secret(password) if password else None, loopback_is_far=True)


async def walk(url: str, ways: Ways, **more: object) -> LineFacts:
    return await asyncio.to_thread(Walk(url, ways, **more).go)  # type: ignore[arg-type]


async def trouble(url: str, ways: Ways, **more: object) -> LineTrouble:
    found = (await walk(url, ways, **more)).trouble
    assert found is not None
    assert found.sentence
    assert found.remedy
    return found


async def test_a_good_way_tells_name_certificate_and_answer(ca: Authority) -> None:
    async with site(always(401), ca.context(LOOPBACK)) as azure:
        facts = await walk(f"https://{LOOPBACK}:{azure.port}/subscriptions", direct(ca=ca.file))

    assert facts.trouble is None
    assert (facts.addresses, facts.issuer, facts.status) == ((LOOPBACK,), "Contoso Inspection CA", 401)
    assert facts.ahead_s is not None
    assert abs(facts.ahead_s) < 60
    assert "Authorization" not in azure.requests[0]


async def test_a_name_that_is_not_found() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    assert (await trouble(f"https://{AZURE}/", direct(), resolve=nobody)).kind is Trouble.NAME_NOT_FOUND


async def test_a_port_that_refuses_and_one_that_hears_and_says_nothing() -> None:
    assert (await trouble(f"https://{LOOPBACK}:{closed_port()}/", direct())).kind is Trouble.REFUSED
    async with site(None) as silent:
        found = await trouble(f"http://{LOOPBACK}:{silent.port}/", direct(), answer_within_s=0.2)
    assert found.kind is Trouble.TIMED_OUT


async def test_the_proxy_is_told_apart_from_what_lies_behind_it(ca: Authority) -> None:
    gone = closed_port()
    found = await trouble(f"https://{AZURE}/", through(gone))
    assert (found.kind, found.proxy) == (Trouble.PROXY_REFUSED, f"{LOOPBACK}:{gone}")

    async with site(None) as silent:
        found = await trouble(f"https://{AZURE}/", through(silent.port), answer_within_s=0.2)
    assert found.kind is Trouble.PROXY_TIMED_OUT

    async with proxy(refuses=503) as helpless:
        assert (await trouble(f"https://{AZURE}/", through(helpless.port))).kind is Trouble.PROXY_CANNOT_REACH
    async with proxy(refuses=403) as strict:
        assert (await trouble(f"https://{AZURE}/", through(strict.port))).kind is Trouble.PROXY_FORBIDS


async def test_a_proxy_whose_name_is_not_found() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    ways = Ways(NetworkSettings(ProxyMode.FIXED, proxy="proxy.contoso.com", port=8080))
    found = await trouble(f"https://{AZURE}/", ways, resolve=nobody)
    assert (found.kind, found.proxy) == (Trouble.PROXY_NOT_FOUND, "proxy.contoso.com:8080")


async def test_a_proxy_looks_the_name_up_itself_and_shows_no_other_certificate(ca: Authority) -> None:
    async with site(always(401), ca.context(AZURE)) as azure, proxy({AZURE: azure.port}) as company:
        facts = await walk(f"https://{AZURE}/subscriptions", through(company.port, ca=ca.file))

    assert facts.trouble is None
    assert (facts.proxy, facts.addresses, facts.status) == (company.place, (), 401)
    assert company.asked == [(f"{AZURE}:443", "")]


async def test_a_password_is_told_only_when_it_is_asked_for(ca: Authority) -> None:
    async with (
        site(always(401), ca.context(AZURE)) as azure,
        proxy({AZURE: azure.port}, login=("jo", PASSWORD)) as company,
    ):
        ways = through(company.port, PASSWORD, user="jo", ca=ca.file)
        assert (await walk(f"https://{AZURE}/", ways)).trouble is None
        assert [bool(told) for told in company.told] == [False, True]
        assert (await walk(f"https://{AZURE}/", ways)).trouble is None
        assert [bool(told) for told in company.told] == [False, True, True]

        first = through(company.port, PASSWORD, user="jo", ca=ca.file, tells_first=True)
        assert (await walk(f"https://{AZURE}/", first)).trouble is None
        assert bool(company.told[-1])
        assert len(company.told) == 4


async def test_no_password_and_a_wrong_one_are_told_apart_and_a_wrong_one_is_not_tried_twice() -> None:
    async with proxy(login=("jo", PASSWORD)) as company:
        assert (await trouble(f"https://{AZURE}/", through(company.port))).kind is Trouble.PROXY_WANTS_PASSWORD

        ways = through(company.port, "wrong-all-the-same", user="jo")
        assert (await trouble(f"https://{AZURE}/", ways)).kind is Trouble.PROXY_PASSWORD_WRONG
        assert (await trouble(f"https://{AZURE}/", ways)).kind is Trouble.PROXY_PASSWORD_WRONG
        assert len([told for told in company.told if told]) == 1

        ways.forget()  # the user presses Run again
        assert (await trouble(f"https://{AZURE}/", ways)).kind is Trouble.PROXY_PASSWORD_WRONG
        assert len([told for told in company.told if told]) == 2


async def test_many_at_once_try_a_wrong_password_but_once_and_a_good_one_serves_all(ca: Authority) -> None:
    async with (
        site(always(401), ca.context(AZURE)) as azure,
        proxy({AZURE: azure.port}, login=("jo", PASSWORD)) as company,
    ):
        wrong = through(company.port, "wrong-all-the-same", user="jo", ca=ca.file)
        found = await asyncio.gather(*(trouble(f"https://{AZURE}/", wrong) for _ in range(6)))
        assert {each.kind for each in found} == {Trouble.PROXY_PASSWORD_WRONG}
        assert len([told for told in company.told if told]) == 1

        good = through(company.port, PASSWORD, user="jo", ca=ca.file)
        facts = await asyncio.gather(*(walk(f"https://{AZURE}/", good) for _ in range(6)))
        assert [each.trouble for each in facts] == [None] * 6


@pytest.mark.parametrize("offers", [("NTLM", "Negotiate"), ('Digest realm="a, b", nonce="x"',)])
async def test_a_proxy_that_speaks_otherwise_is_never_told_the_password(offers: tuple[str, ...]) -> None:
    async with proxy(offers=offers) as company:
        found = await trouble(f"https://{AZURE}/", through(company.port, PASSWORD, user="jo"))

    assert found.kind is Trouble.PROXY_SPEAKS_OTHERWISE
    assert found.offered == tuple(each.split()[0] for each in offers)
    assert not any(company.told)
    assert "port of the proxy that takes Basic" in found.remedy


async def test_a_certificate_of_an_unknown_authority_names_it_and_sends_nothing(ca: Authority) -> None:
    async with site(always(), ca.context(AZURE)) as azure, proxy({AZURE: azure.port}) as company:
        facts = await walk(f"https://{AZURE}/", through(company.port))

    assert facts.trouble is not None
    assert facts.trouble.kind is Trouble.UNTRUSTED
    assert "“Contoso Inspection CA”" in facts.trouble.sentence
    assert facts.issuer == "Contoso Inspection CA"
    assert azure.requests == []


async def test_a_hostile_issuer_is_plain_text(tmp_path: Path) -> None:
    hostile = Authority(tmp_path, "<b>Trust me</b>\n\u202eyes " + "x" * 30)
    async with site(always(), hostile.context(AZURE)) as azure, proxy({AZURE: azure.port}) as company:
        found = await trouble(f"https://{AZURE}/", through(company.port))

    assert "\n" not in found.sentence
    assert "\u202e" not in found.sentence


async def test_a_certificate_for_another_name_tells_for_which(ca: Authority) -> None:
    async with site(always(), ca.context("portal.contoso.com")) as other, proxy({AZURE: other.port}) as company:
        found = await trouble(f"https://{AZURE}/", through(company.port, ca=ca.file))

    assert (found.kind, found.shown_for) == (Trouble.NAME_MISMATCH, ("portal.contoso.com",))


@pytest.mark.parametrize(
    ("days", "server_ahead", "kind", "says"),
    [
        ((-30, -5), timedelta(), Trouble.EXPIRED, "has ended on"),
        ((5, 30), timedelta(), Trouble.NOT_YET_VALID, "is valid from"),
        ((-30, -5), timedelta(days=-10), Trouble.CLOCK_WRONG, "10 days ahead"),
        ((5, 30), timedelta(days=10), Trouble.CLOCK_WRONG, "10 days behind"),
    ],
)
async def test_a_wrong_certificate_and_a_wrong_clock_are_told_apart(
    ca: Authority, days: tuple[int, int], server_ahead: timedelta, kind: Trouble, says: str
) -> None:
    async with (
        site(always(), ca.context(AZURE, days=days)) as azure,
        proxy({AZURE: azure.port}) as company,
        site(always(200, {"Date": dated(server_ahead)})) as teller,
    ):
        ways = through(company.port, ca=ca.file, exceptions=(LOOPBACK,))
        unsure = await trouble(f"https://{AZURE}/", ways)
        assert unsure.kind in (Trouble.EXPIRED, Trouble.NOT_YET_VALID)
        assert "Compare this computer’s date" in unsure.remedy

        ways.time_url = f"http://{LOOPBACK}:{teller.port}/"
        found = await trouble(f"https://{AZURE}/", ways)

    assert found.kind is kind
    assert says in found.sentence


async def test_a_clock_is_wrong_though_the_certificate_is_good(ca: Authority) -> None:
    late = always(401, {"Content-Type": "application/json", "Date": dated(timedelta(hours=3))})
    async with site(late, ca.context(LOOPBACK)) as azure:
        url = f"https://{LOOPBACK}:{azure.port}/"
        found = await trouble(url, direct(ca=ca.file))
        near = await walk(url, Ways(NetworkSettings(ProxyMode.NONE, ca=ca.file)))

    assert (found.kind, found.sentence) == (Trouble.CLOCK_WRONG, "This computer’s clock is 3 hours behind.")
    assert near.trouble is None  # an answer of this very computer says nothing of its clock


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (403, {"Content-Type": "text/html; charset=utf-8"}, Trouble.BLOCKED),
        (451, {"Content-Type": "text/plain"}, Trouble.BLOCKED),
        (200, {"Content-Type": "text/html"}, Trouble.BLOCKED),
        (302, {"Location": "https://hotspot.contoso.com/login"}, Trouble.PORTAL),
        (511, {"Content-Type": "text/html"}, Trouble.PORTAL),
    ],
)
async def test_a_page_in_place_of_the_answer(
    ca: Authority, status: int, headers: dict[str, str], kind: Trouble
) -> None:
    page = always(status, headers, b"<html>Blocked by Contoso</html>")
    async with site(page, ca.context(AZURE)) as azure, proxy({AZURE: azure.port}) as company:
        found = await trouble(f"https://{AZURE}/", through(company.port, ca=ca.file))

    assert (found.kind, found.status) == (kind, status)


async def test_a_line_that_is_cut(ca: Authority) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, LOOPBACK, 0)
    port = server.sockets[0].getsockname()[1]
    found = await trouble(f"https://{LOOPBACK}:{port}/", direct())
    behind = await trouble(f"https://{AZURE}/", through(port))
    server.close()
    await server.wait_closed()

    assert (found.kind, behind.kind) == (Trouble.RESET, Trouble.PROXY_RESET)


async def test_a_proxy_that_is_itself_reached_by_tls(ca: Authority) -> None:
    async with (
        site(always(401), ca.context(AZURE)) as azure,
        proxy({AZURE: azure.port}, tls=ca.context(LOOPBACK)) as company,
    ):
        ways = through(company.port, ca=ca.file)
        ways.use(
            replace(NetworkSettings(ProxyMode.FIXED, port=company.port), proxy=f"https://{LOOPBACK}", ca=ca.file), None
        )
        facts = await walk(f"https://{AZURE}/", ways)
        assert (facts.trouble, facts.status) == (None, 401)

        ways.use(NetworkSettings(ProxyMode.FIXED, port=company.port, proxy=f"https://{LOOPBACK}"), None)
        found = await trouble(f"https://{AZURE}/", ways)
        assert found.kind is Trouble.PROXY_UNTRUSTED
        assert "“Contoso Inspection CA”" in found.sentence


async def test_a_file_of_authorities_that_is_gone(tmp_path: Path) -> None:
    assert (await trouble(f"https://{AZURE}/", direct(ca=tmp_path / "gone.pem"))).kind is Trouble.CA_FILE


async def test_a_walk_that_is_given_up_ends_at_once() -> None:
    async with site(None) as silent:
        going = Walk(f"http://{LOOPBACK}:{silent.port}/", direct())
        task = asyncio.create_task(asyncio.to_thread(going.go))
        await until(lambda: silent.requests, what="the request")
        going.give_up()
        facts = await asyncio.wait_for(task, 5)

    assert facts.trouble is not None
