"""Opening a connection: what the file must say, what is wired, and who may write."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import open_connection
from app.connection import AzureSpec, PracticeSpec, ServerSpec, read_connection
from app.domain.arm_id import fabric_id
from app.errors import InvalidInput, SignInRequired, Unreachable
from app.ports.secrets import Secret
from app.ports.sign_in import SignInMethod
from app.runtime.progress import Progress
from tests.support.doors import Wire, serve_well
from tests.support.practice import manual_simulator
from tests.support.served import serve

LINE = {
    "arm": "http://127.0.0.1:8080/",
    "blob": "http://127.0.0.1:8080/blob",
    "subscription": "s-1",
    "resource_group": "rg",
    "vault": None,
    "token": "t0ken",
    "ca": None,
}


def connection_file(folder: Path, content: Any) -> Path:
    file = folder / "connection.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content) + "\nmore output\n")
    return file


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_connection_file_holds_the_line_that_the_server_printed(tmp_path: Path) -> None:
    spec = read_connection(connection_file(tmp_path, LINE))

    assert spec == ServerSpec("http://127.0.0.1:8080", "s-1", Secret("t0ken"), resource_group="rg")
    assert "t0ken" not in repr(spec)


@pytest.mark.parametrize(
    "content",
    ["", "not json", "[]", "{}", {**LINE, "token": None}, {**LINE, "arm": "ftp://x"}, {**LINE, "subscription": 7}],
    ids=str,
)
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(InvalidInput, match=r"connection\.json cannot be used"):
        read_connection(connection_file(tmp_path, content))


SIGN_IN = {"method": "certificate", "tenant": "t", "client_id": "c", "certificate": "/c.pfx", "username": "u"}


def test_a_connection_file_can_say_how_to_sign_in(tmp_path: Path) -> None:
    spec = read_connection(connection_file(tmp_path, {"cloud": "china", "subscription": "s-1", "sign_in": SIGN_IN}))

    method = SignInMethod.CERTIFICATE
    assert spec == AzureSpec("china", "s-1", method, "t", "c", "u", certificate=Path("/c.pfx"))
    assert spec.arm == "https://management.chinacloudapi.cn"
    other = {"arm": "https://arm.example/", "subscription": "s-1", "sign_in": {"method": "browser"}}
    assert read_connection(connection_file(tmp_path, other)).arm == "https://arm.example"


@pytest.mark.parametrize(
    "change",
    [
        {"subscription": ""},
        {"cloud": "http://arm.example"},
        {"cloud": "moon"},
        {"sign_in": {"method": "password"}},
        {"sign_in": {**SIGN_IN, "secret": "s3cret"}},
        {"sign_in": {**SIGN_IN, "password": "s3cret"}},
    ],
    ids=str,
)
def test_a_file_that_cannot_be_signed_in_by_is_refused(tmp_path: Path, change: Any) -> None:
    fields = {"cloud": "public", "subscription": "s-1", "sign_in": SIGN_IN, **change}
    with pytest.raises(InvalidInput) as caught:
        read_connection(connection_file(tmp_path, fields))
    assert "s3cret" not in caught.value.details


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        read_connection(tmp_path / "none.json")


async def test_a_practice_vault_goes_on_where_it_was_left() -> None:
    first = await open_connection(PracticeSpec())
    assert first.home_vault is not None
    site = fabric_id(first.home_vault, "Branch")
    await first.gateways.site_recovery.begin_put(site, {}, client_request_id="r-1")
    await first.aclose()

    second = await open_connection(PracticeSpec())
    jobs = await second.gateways.site_recovery.list_jobs(second.home_vault or site)
    await second.aclose()

    assert len(jobs) == 1
    assert not second.access.is_read_only


async def test_a_forgotten_practice_vault_begins_anew(user_home: Path) -> None:
    first = await open_connection(PracticeSpec(keeps_state=False))
    assert first.home_vault is not None
    await first.gateways.site_recovery.begin_put(fabric_id(first.home_vault, "Branch"), {}, client_request_id="r-1")
    await first.aclose()

    second = await open_connection(PracticeSpec(keeps_state=False))

    assert await second.gateways.site_recovery.list_jobs(first.home_vault) == ()
    await second.aclose()
    assert files_under(user_home) == []


async def test_a_second_program_sees_the_last_state_and_writes_nothing() -> None:
    first = await open_connection(PracticeSpec())
    assert first.home_vault is not None
    await first.gateways.site_recovery.begin_put(fabric_id(first.home_vault, "Branch"), {}, client_request_id="r-1")

    second = await open_connection(PracticeSpec())

    assert second.access.is_read_only
    assert len(await second.gateways.site_recovery.list_jobs(first.home_vault)) == 1
    await second.aclose()
    await first.aclose()


async def test_an_empty_practice_vault_has_no_vault_to_begin_with() -> None:
    services = await open_connection(PracticeSpec("empty", keeps_state=False))

    assert services.home_vault is None
    assert services.practice is not None
    await services.aclose()


async def test_an_unknown_scenario_is_refused_and_leaves_nothing_open() -> None:
    with pytest.raises(InvalidInput, match="no-such cannot be opened"):
        await open_connection(PracticeSpec("no-such"))


async def test_a_server_is_opened_by_what_its_file_says() -> None:
    simulator = manual_simulator()
    async with serve_well(Wire(simulator)) as arm:
        seen: list[Progress] = []
        spec = ServerSpec(arm, simulator.subscription_id, Secret("any"), simulator.resource_group, "asr-contoso-weu")

        services = await open_connection(spec, report=seen.append)

        assert services.practice is not None
        assert (await services.practice.state()).scenario == "contoso"
        assert services.home_vault is not None
        assert (await services.gateways.vaults.get_vault(services.home_vault)).name == "asr-contoso-weu"
        await services.aclose()


@pytest.mark.slow
async def test_a_server_with_a_certificate_of_its_own_is_trusted_by_what_its_file_names(tmp_path: Path) -> None:
    async with serve(tmp_path, "--tls", str(tmp_path / "tls")) as served:
        spec = read_connection(served.connection_file(tmp_path / "connection.json"))
        assert spec.arm.startswith("https://")
        assert spec.ca == tmp_path / "tls" / "ca.pem"

        services = await open_connection(spec)

        assert services.home_vault is not None
        assert (await services.gateways.vaults.get_vault(services.home_vault)).name == "asr-contoso-weu"
        accounts = await services.gateways.resources.list_storage_accounts(spec.subscription)
        endpoint = next(account.blob_endpoint for account in accounts if account.tier == "Standard")
        probe = await services.gateways.blobs.measure_upload(
            endpoint, max_bytes=100_000, max_seconds=20, block_bytes=50_000
        )
        assert (probe.sent_bytes, probe.left_behind) == (100_000, "")
        await services.aclose()

        with pytest.raises(Unreachable):
            await open_connection(replace(spec, ca=None))


@pytest.mark.slow  # a read is tried again before it is given up
async def test_a_server_that_does_not_answer_is_told_at_once() -> None:
    with pytest.raises(Unreachable):
        await open_connection(ServerSpec("http://127.0.0.1:9", "s-1", Secret("t")))


async def test_a_wrong_token_is_a_matter_of_signing_in() -> None:
    simulator = manual_simulator(token="right")
    async with serve_well(Wire(simulator)) as arm:
        services = await open_connection(ServerSpec(arm, simulator.subscription_id, Secret("wrong")))

        with pytest.raises(SignInRequired):
            await services.gateways.vaults.list_vaults(simulator.subscription_id)
        await services.aclose()
