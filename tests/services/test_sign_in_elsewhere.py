"""Sign-ins that another program holds, the Windows account, and the command line."""

from __future__ import annotations

import json
import stat
import sys
import tomllib
import types
from collections.abc import AsyncIterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from azure.core import AzureClouds
from azure.core.credentials import AccessTokenInfo
from azure.identity import AuthenticationRecord, AzureAuthorityHosts
from azure.mgmt.core.tools import get_arm_endpoints

from app.adapters.azure import sign_in_ways
from app.adapters.azure.sign_in import AzureSignIn
from app.bootstrap import open_connection
from app.clouds import cloud_named, known_clouds
from app.connection import AzureSpec, read_connection
from app.domain.cloud import Cloud
from app.errors import NotSupported, SignInRefused, SignInRequired
from app.ports.sign_in import SignInMethod, SignInWish
from tests.support.identity import (
    ROBOT,
    ROBOT_SECRET,
    TENANT,
    VAULT,
    YOU,
    ServedIdentity,
    served_identity,
)
from tests.support.served import output_of, serve, start_program
from tests.support.sign_in import SmallStore, use_home

pytestmark = pytest.mark.slow
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path / "server") as identity:
        yield identity


@pytest.fixture
async def sign_in() -> AsyncIterator[AzureSignIn]:
    made = AzureSignIn(SmallStore())
    yield made
    await made.aclose()


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of the search path, but for the shell's own."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    use_home(monkeypatch, tmp_path / "home", can_encrypt=False)
    return folder


def put(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


async def at(served: ServedIdentity, sign_in: AzureSignIn, method: SignInMethod) -> SignInWish:
    return SignInWish(method, await sign_in.cloud_at(served.arm, ca=served.ca), ca=served.ca)


async def opens(served: ServedIdentity, sign_in: AzureSignIn, method: SignInMethod) -> bool:
    connection = AzureSpec(served.arm, served.simulator.subscription_id, method, ca=served.ca)
    services = await open_connection(connection, sign_in=sign_in)
    try:
        found = await services.gateways.vaults.list_vaults(connection.subscription)
        return [vault.name for vault in found] == [VAULT]
    finally:
        await services.aclose()


# Other programs


@on_posix
async def test_the_session_of_the_azure_cli_is_used(served: ServedIdentity, sign_in: AzureSignIn, tools: Path) -> None:
    token = served.robot_token().json["access_token"]
    put(tools, "az", f"echo '{json.dumps({'accessToken': token, 'expires_on': 4102444800})}'")

    signed_in = await sign_in.sign_in(await at(served, sign_in, SignInMethod.AZURE_CLI))

    assert (signed_in.account.name, signed_in.account.tenant) == (ROBOT, TENANT)
    assert (signed_in.kept.where, signed_in.kept.is_lasting) == ("the Azure CLI", True)
    assert await opens(served, sign_in, SignInMethod.AZURE_CLI)


@on_posix
async def test_the_session_of_azure_powershell_is_used(
    served: ServedIdentity, sign_in: AzureSignIn, tools: Path
) -> None:
    token = served.robot_token().json["access_token"]
    put(tools, "pwsh", f"echo 'azsdk%{token}%4102444800'")

    signed_in = await sign_in.sign_in(await at(served, sign_in, SignInMethod.AZURE_POWERSHELL))

    assert signed_in.account.name == ROBOT
    assert signed_in.kept.where == "Azure PowerShell"


@on_posix
@pytest.mark.parametrize(
    ("method", "name", "says"),
    [
        (SignInMethod.AZURE_CLI, "az", 'echo "Please run az login to set up an account." >&2; exit 1'),
        (SignInMethod.AZURE_POWERSHELL, "pwsh", 'echo "Run Connect-AzAccount to login." >&2; exit 1'),
    ],
)
async def test_a_program_that_is_not_signed_in_or_not_there_is_told(
    served: ServedIdentity, sign_in: AzureSignIn, tools: Path, method: SignInMethod, name: str, says: str
) -> None:
    with pytest.raises(NotSupported) as missing:
        await sign_in.sign_in(await at(served, sign_in, method))
    assert missing.value.code == "NotInstalled"

    put(tools, name, says)
    with pytest.raises(SignInRefused) as caught:
        await sign_in.sign_in(await at(served, sign_in, method))
    assert caught.value.code == "NotSignedInThere"


@on_posix
async def test_a_session_that_is_renewed_in_its_own_program_is_noticed(
    served: ServedIdentity, sign_in: AzureSignIn, tools: Path
) -> None:
    token = served.robot_token().json["access_token"]
    works = f"echo '{json.dumps({'accessToken': token, 'expires_on': 4102444800})}'"
    put(tools, "az", works)
    await sign_in.sign_in(await at(served, sign_in, SignInMethod.AZURE_CLI))
    connection = AzureSpec(served.arm, served.simulator.subscription_id, SignInMethod.AZURE_CLI, ca=served.ca)
    services = await open_connection(connection, sign_in=sign_in)
    told: list[bool] = []
    leave = services.renewal.attend(lambda: told.append(services.renewal.error is None))

    put(tools, "az", 'echo "Please run az login to set up an account." >&2; exit 1')
    with pytest.raises(SignInRequired):
        await services.gateways.vaults.list_vaults(connection.subscription)
    assert services.renewal.is_awaited
    put(tools, "az", works)
    assert await services.gateways.vaults.list_vaults(connection.subscription)

    assert told == [False, True]
    leave()
    await services.aclose()


# The Windows account


class FakeBroker:
    """Stands in for the broker: it knows one account and asks nobody."""

    made: dict[str, Any]
    token = ""

    def __init__(self, **options: Any) -> None:
        FakeBroker.made = options

    def authenticate(self, *, scopes: list[str], claims: str | None, enable_cae: bool) -> AuthenticationRecord:
        return AuthenticationRecord(TENANT, "client", "authority", "home", YOU)

    def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        return AccessTokenInfo(FakeBroker.token, 4102444800)

    def close(self) -> None:
        """Nothing is open."""


async def test_the_windows_account_is_asked_of_the_broker(
    served: ServedIdentity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_home(monkeypatch, tmp_path / "home", can_encrypt=True)
    monkeypatch.setattr(sign_in_ways, "is_windows", lambda: True)
    module: Any = types.ModuleType("azure.identity.broker")
    module.InteractiveBrowserBrokerCredential = FakeBroker
    monkeypatch.setitem(sys.modules, "azure.identity.broker", module)
    FakeBroker.token = served.robot_token().json["access_token"]
    sign_in = AzureSignIn(SmallStore(), window=lambda: 4711)

    signed_in = await sign_in.sign_in(await at(served, sign_in, SignInMethod.WINDOWS_ACCOUNT))

    assert (signed_in.account.name, signed_in.account.tenant) == (YOU, TENANT)
    assert FakeBroker.made["parent_window_handle"] == 4711
    assert await opens(served, sign_in, SignInMethod.WINDOWS_ACCOUNT)
    await sign_in.aclose()


async def test_a_copy_without_the_broker_says_so(
    served: ServedIdentity, sign_in: AzureSignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_ways, "is_windows", lambda: True)
    monkeypatch.setitem(sys.modules, "azure.identity.broker", None)
    with pytest.raises(NotSupported, match="Windows account"):
        await sign_in.sign_in(await at(served, sign_in, SignInMethod.WINDOWS_ACCOUNT))


# Clouds


def test_the_national_clouds_are_apart() -> None:
    names = [cloud.name for cloud in known_clouds()]
    assert names == ["public", "us-government", "china"]
    for place in ("arm", "authority", "audience", "portal", "storage"):
        assert len({getattr(cloud, place) for cloud in known_clouds()}) == len(names)
    public = cloud_named("public")
    assert isinstance(public, Cloud)
    assert public.scope == "https://management.azure.com/.default"
    assert cloud_named("germany") is None


@pytest.mark.parametrize(
    ("name", "theirs", "authority"),
    [
        ("public", AzureClouds.AZURE_PUBLIC_CLOUD, AzureAuthorityHosts.AZURE_PUBLIC_CLOUD),
        ("us-government", AzureClouds.AZURE_US_GOVERNMENT, AzureAuthorityHosts.AZURE_GOVERNMENT),
        ("china", AzureClouds.AZURE_CHINA_CLOUD, AzureAuthorityHosts.AZURE_CHINA),
    ],
)
def test_clouds_are_where_microsoft_s_own_packages_say(name: str, theirs: AzureClouds, authority: str) -> None:
    cloud = cloud_named(name)
    assert cloud is not None
    told = get_arm_endpoints(theirs)
    assert told == {"resource_manager": f"{cloud.arm}/", "credential_scopes": [cloud.scope]}
    assert cloud.authority == f"https://{authority}"


def test_where_the_clouds_are_has_a_document_and_a_date() -> None:
    source = tomllib.loads((files("resources") / "clouds.toml").read_text("utf-8"))["source"]
    assert source["document"]
    assert date.fromisoformat(source["as_of"]).year >= 2026


# The command line


async def run(folder: Path, *arguments: str) -> tuple[int, Any]:
    process = await start_program(*arguments, home=folder / "own")
    written = await output_of(process)
    return process.returncode or 0, json.loads(written.splitlines()[-1])


async def test_the_command_tells_who_is_signed_in_and_where_tokens_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(tmp_path, "--tls", str(tmp_path / "tls")) as served:
        how = {"method": "client-secret", "tenant": TENANT, "client_id": ROBOT}
        file = tmp_path / "connection.json"
        line = {name: value for name, value in served.line.items() if name != "token"}
        file.write_text(json.dumps({**line, "sign_in": how}), "utf-8")
        command = ("sign-in", "--connection", str(file), "--json")

        status, told = await run(tmp_path, *command)
        assert (status, told["code"]) == (2, "SignInWish")
        monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
        status, told = await run(tmp_path, *command)
        assert (status, told["code"]) == (1, "WrongSecret")
        monkeypatch.setenv("AZURE_CLIENT_SECRET", ROBOT_SECRET)
        status, told = await run(tmp_path, *command)
        assert (status, told["event"], told["account"], told["tenant"]) == (0, "signed_in", ROBOT, TENANT)
        assert (told["lasting"], told["kept"]) == (False, "memory, until the program ends")
        status, told = await run(tmp_path, *command, "--out")
        assert (status, told["event"]) == (0, "signed_out")


async def test_a_run_without_a_window_signs_in_by_what_the_file_and_the_environment_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", ROBOT_SECRET)
    async with serve(tmp_path, "--tls", str(tmp_path / "tls")) as served:
        how = {"method": "client-secret", "tenant": TENANT, "client_id": ROBOT}
        file = tmp_path / "connection.json"
        line = {name: value for name, value in served.line.items() if name != "token"}
        file.write_text(json.dumps({**line, "sign_in": how}), "utf-8")

        services = await open_connection(read_connection(file))

        assert services.practice is not None
        assert services.home_vault is not None
        assert (await services.gateways.vaults.get_vault(services.home_vault)).name == VAULT
        await services.aclose()
