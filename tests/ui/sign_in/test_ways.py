"""Every way to sign in that can go here, from the panel through azure-identity to a practice vault over TLS."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.adapters.azure.sign_in import AzureSignIn
from app.bootstrap import open_connection
from app.connection import AzureSpec
from app.ports.sign_in import SignedIn, SignInMethod
from tests.support.identity import (
    HOLDER,
    READER,
    ROBOT,
    ROBOT_SECRET,
    TENANT,
    VAULT,
    YOU,
    Keeper,
    Person,
    ServedIdentity,
    browser,
    make_certificate,
    served_identity,
    with_certificate,
)
from tests.support.sign_in import SmallStore, bytes_below
from tests.support.sign_in_panel import PanelBench
from tests.support.waiting import until
from ui.theme.theme import Theme

pytestmark = pytest.mark.slow
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
AZ = os.environ.get("AZ") or shutil.which("az")
PASSWORD = "a-password-nobody-guesses"
Show = Callable[[QWidget], Awaitable[None]]


async def opens_the_vaults(signed_in: SignedIn, served: ServedIdentity, port: AzureSignIn) -> bool:
    wish = signed_in.wish
    spec = AzureSpec(
        served.arm,
        served.simulator.subscription_id,
        wish.method,
        wish.tenant,
        wish.client_id,
        wish.username,
        wish.certificate,
        ca=served.ca,
    )
    services = await open_connection(spec, sign_in=port)
    try:
        found = await services.gateways.vaults.list_vaults(spec.subscription)
        return [vault.name for vault in found] == [VAULT]
    finally:
        await services.aclose()


async def test_the_browser(bench: PanelBench, served: ServedIdentity, port: AzureSignIn, home: Path) -> None:
    person = Person(served.ca, READER)
    bench.choose(SignInMethod.BROWSER)
    bench.type("sign-in-tenant", "contoso.com")
    bench.type("sign-in-username", READER)
    with browser(person):
        bench.sign_in()
        assert bench.text("sign-in-doing") == "Sign in with your browser"
        assert bench.shows("sign-in-cancel")
        signed_in = await bench.is_signed_in()
        await asyncio.to_thread(person.finish)

    assert signed_in.account.name == READER
    assert "code_challenge_method=S256" in person.seen[0]
    assert f"login_hint={READER.replace('@', '%40')}" in person.seen[0]
    assert bench.panel.result == signed_in
    assert any(READER in words for words in bench.words)
    assert b"refreshtoken" in bytes_below(home).lower()
    assert await opens_the_vaults(signed_in, served, port)


async def test_the_device_code(bench: PanelBench, served: ServedIdentity, port: AzureSignIn) -> None:
    bench.choose(SignInMethod.DEVICE_CODE)
    bench.sign_in()
    await until(lambda: bench.shows("sign-in-code"), within_s=20, what="the code")
    code = bench.text("sign-in-code")
    assert bench.find(QWidget, "sign-in-code").fontInfo().pixelSize() >= 28
    assert bench.text("sign-in-left").startswith("The code holds for 1")

    bench.press("sign-in-copy-code")
    assert QGuiApplication.clipboard().text() == code
    bench.press("sign-in-open-page")
    (page,) = bench.opened
    assert page.startswith(served.arm)
    served.enter(code, YOU)
    signed_in = await bench.is_signed_in()

    assert signed_in.account.name == YOU
    assert code not in bench.words
    assert await opens_the_vaults(signed_in, served, port)


async def test_an_application_with_its_secret(
    bench: PanelBench, served: ServedIdentity, port: AzureSignIn, store: SmallStore
) -> None:
    bench.choose(SignInMethod.CLIENT_SECRET)
    bench.type("sign-in-tenant", TENANT)
    bench.type("sign-in-client", ROBOT)
    bench.type("sign-in-secret", ROBOT_SECRET)
    bench.sign_in()
    assert ROBOT_SECRET not in bench.words
    signed_in = await bench.is_signed_in()

    assert signed_in.account.name == ROBOT
    assert ROBOT_SECRET in store.held.values()
    assert await opens_the_vaults(signed_in, served, port)


@pytest.fixture
async def keeper(tmp_path: Path) -> Keeper:
    return await asyncio.to_thread(make_certificate, tmp_path / "certificates", PASSWORD)


@pytest.fixture
async def holding(
    theme: Theme, shown: Show, port: AzureSignIn, keeper: Keeper, tmp_path: Path
) -> AsyncIterator[tuple[PanelBench, ServedIdentity]]:
    """The panel before a vault that knows the certificate."""
    async with served_identity(tmp_path / "holding", with_certificate(keeper.public)) as served:
        bench = PanelBench(theme, port)
        await shown(bench.window)
        await bench.is_prepared()
        bench.name_cloud(served.arm, served.ca)
        yield bench, served
        await bench.leave()
        await port.aclose()


@pytest.mark.parametrize("kind", ["pem", "pem_with_password", "pfx", "pfx_with_password"])
async def test_an_application_with_its_certificate(
    holding: tuple[PanelBench, ServedIdentity], port: AzureSignIn, keeper: Keeper, kind: str
) -> None:
    bench, served = holding
    bench.choose(SignInMethod.CERTIFICATE)
    bench.type("sign-in-tenant", TENANT)
    bench.type("sign-in-client", HOLDER)
    bench.files.file = getattr(keeper, kind)
    bench.press("sign-in-certificate-choose")
    await until(lambda: bench.panel.form.certificate.path == bench.files.file)
    assert bench.files.titles == ["Certificate file"]
    if kind.endswith("password"):
        bench.type("sign-in-password", "not-the-password")
        bench.sign_in()
        await bench.is_refused()
        (message,) = bench.field_messages.items()
        assert message[0] == "Password of the file"
        assert message[1].startswith("The certificate's file does not open with this password.")
        assert bench.panel.form.password.edit.text() == ""
        bench.type("sign-in-password", PASSWORD)
    bench.sign_in()
    signed_in = await bench.is_signed_in()

    assert signed_in.account.name == HOLDER
    assert await opens_the_vaults(signed_in, served, port)


def put(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@on_posix
@pytest.mark.parametrize(
    ("method", "name", "says"),
    [
        (SignInMethod.AZURE_CLI, "az", "echo '{json}'"),
        (SignInMethod.AZURE_POWERSHELL, "pwsh", "echo 'azsdk%{token}%4102444800'"),
    ],
)
async def test_the_session_of_another_program(
    bench: PanelBench,
    served: ServedIdentity,
    port: AzureSignIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    method: SignInMethod,
    name: str,
    says: str,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "tools"))
    bench.choose(method)
    bench.sign_in()
    await bench.is_refused()
    assert "is not installed on this computer" in bench.refusal

    put(tmp_path / "tools", name, 'echo "Please run az login, or Connect-AzAccount to login." >&2; exit 1')
    bench.sign_in()
    await until(lambda: "is not signed in" in bench.refusal, within_s=20)
    assert not bench.panel.is_busy

    token = served.robot_token().json["access_token"]
    told = json.dumps({"accessToken": token, "expires_on": 4102444800})
    put(tmp_path / "tools", name, says.replace("{json}", told).replace("{token}", token))
    bench.sign_in()
    await until(lambda: bench.signed_in, within_s=20)
    signed_in = bench.signed_in[-1]
    assert signed_in.account.name == ROBOT
    assert not bench.shows("sign-in-keep")
    assert await opens_the_vaults(signed_in, served, port)


@on_posix
@pytest.mark.skipif(AZ is None, reason="the Azure CLI is not installed; AZ may name its program")
async def test_the_session_of_the_real_azure_cli(
    bench: PanelBench, served: ServedIdentity, port: AzureSignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert AZ is not None
    put(tmp_path / "tools", "az", f'exec "{AZ}" "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'tools'}{os.pathsep}{os.defpath}")
    monkeypatch.setenv("AZURE_CONFIG_DIR", str(tmp_path / "az"))
    monkeypatch.setenv("AZURE_CORE_INSTANCE_DISCOVERY", "false")
    monkeypatch.setenv("AZURE_CORE_COLLECT_TELEMETRY", "false")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(served.ca))

    async def az(*arguments: str) -> None:
        process = await asyncio.create_subprocess_exec("az", *arguments, stdout=-3, stderr=-1)
        _, said = await process.communicate()
        assert process.returncode == 0, said.decode()

    await az("cloud", "register", "-n", "practice", "--endpoint-resource-manager", served.arm)
    await az("cloud", "set", "-n", "practice")
    await az("login", "--service-principal", "-u", ROBOT, "-p", ROBOT_SECRET, "--tenant", TENANT)
    bench.choose(SignInMethod.AZURE_CLI)
    bench.sign_in()
    signed_in = await bench.is_signed_in()
    assert signed_in.account.name == ROBOT
    assert await opens_the_vaults(signed_in, served, port)
