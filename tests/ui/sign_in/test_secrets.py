"""What is secret and was typed into the panel is found nowhere afterwards; signing out leaves nothing either."""

from __future__ import annotations

import gc
import logging
import re
import traceback
import weakref
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.adapters.azure.sign_in import AzureSignIn
from app.bootstrap import open_connection
from app.config import SettingsFile
from app.connection import AzureSpec
from app.errors import AppError, SignInRequired
from app.flows.draft import SetUpDraft
from app.flows.draft_file import save_draft
from app.paths import user_paths
from app.ports.sign_in import SignInMethod
from tests.support.deep_log import deep_log
from tests.support.identity import (
    HOLDER,
    ROBOT,
    TENANT,
    YOU,
    ServedIdentity,
    make_certificate,
    served_identity,
    with_certificate,
)
from tests.support.sign_in import NoStore, SmallStore, bytes_below, files_below
from tests.support.sign_in_panel import PanelBench
from tests.support.waiting import until
from ui.asking import Asking
from ui.shell.main_window import MainWindow
from ui.sign_in.sign_out import SIGNED_OUT, SignOut
from ui.theme.theme import Theme

pytestmark = pytest.mark.slow
Show = Callable[[QWidget], Awaitable[None]]
CANARY = "canary-4d1e-that-must-not-sing"
ENDS = datetime(2090, 1, 1, tzinfo=UTC)


@pytest.fixture
def log_everything() -> Iterator[None]:
    with deep_log():
        yield


def told(error: AppError) -> str:
    return f"{error.title} {error.advice} {error.details} {error!r} {''.join(traceback.format_exception(error))}"


@pytest.mark.usefixtures("log_everything")
async def test_a_canary_typed_into_every_field_for_a_secret_is_found_nowhere(
    theme: Theme,
    shown: Show,
    tmp_path: Path,
    home: Path,
    user_home: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    QGuiApplication.clipboard().setText("nothing yet")
    keeper = make_certificate(tmp_path / "certificates", CANARY)
    data = with_certificate(keeper.public)
    assert data.identities is not None
    robot = next(each for each in data.identities.applications if each.id == ROBOT)
    robot.secrets[0].text, robot.secrets[0].expires = CANARY, ENDS
    port = AzureSignIn(NoStore())
    bench = PanelBench(theme, port)
    errors: list[str] = []
    bench.panel._attempt.refused.connect(lambda error: errors.append(told(error)))
    words: list[str] = []
    await shown(bench.window)
    await bench.is_prepared()
    async with served_identity(tmp_path / "server", data) as served:
        bench.name_cloud(served.arm, served.ca)
        bench.choose(SignInMethod.CERTIFICATE)
        bench.type("sign-in-certificate", str(keeper.pfx_with_password))
        for method, client, field in (
            (SignInMethod.CLIENT_SECRET, ROBOT, "sign-in-secret"),
            (SignInMethod.CERTIFICATE, HOLDER, "sign-in-password"),
        ):
            for typed, is_right in ((f"{CANARY}-mistyped", False), (CANARY, True)):
                bench.choose(method)
                bench.type("sign-in-tenant", TENANT)
                bench.type("sign-in-client", client)
                bench.type(field, typed)
                bench.sign_in()
                words += bench.words
                await until(lambda: not bench.panel.is_busy, within_s=30)
                words += bench.words
                if is_right:
                    assert len(bench.signed_in) == (1 if method is SignInMethod.CLIENT_SECRET else 2)
                    bench.press("sign-in-other")
        spec = AzureSpec(
            served.arm, served.simulator.subscription_id, SignInMethod.CLIENT_SECRET, TENANT, ROBOT, ca=served.ca
        )
        services = await open_connection(spec, sign_in=port)
        save_draft(services.folder / "draft.json", SetUpDraft(), saved_at=ENDS, steps_done=0)
        SettingsFile(user_paths().settings_file).change(text_size_percent=115)
        await services.gateways.vaults.list_vaults(spec.subscription)
        token = (await port.credential(bench.signed_in[0].wish).get_token(f"{served.arm}/.default")).token
        await services.aclose()
        await bench.leave()
        await port.aclose()

    assert len(errors) == 2
    captured = capfd.readouterr()
    places = {
        "the panel": " ".join(words),
        "notices": " ".join(f"{notice}" for notice in bench.notices.notices),
        "settings, drafts, journal and log": bytes_below(user_home).decode("utf-8", "replace"),
        "the home folder": bytes_below(home).decode("utf-8", "replace"),
        "what was logged": caplog.text,
        "what was printed": captured.out + captured.err,
        "errors": " ".join(errors),
        "the clipboard": QGuiApplication.clipboard().text(),
        "wishes": " ".join(repr(each) for each in bench.signed_in),
    }
    assert "oauth2" in caplog.text
    for secret in (CANARY, token):
        assert {place for place, text in places.items() if secret in text} == set()


async def test_a_masked_field_forgets_what_it_gave_away(bench: PanelBench) -> None:
    bench.choose(SignInMethod.CLIENT_SECRET)
    bench.type("sign-in-secret", CANARY)
    edit = bench.panel.form.secret.edit
    assert CANARY not in edit.displayText()
    bench.press("sign-in-way-certificate")
    bench.press("sign-in-way-client-secret")
    secret = bench.panel.form.take_secret()
    assert secret is not None
    assert secret.reveal() == CANARY
    assert not edit.isUndoAvailable()
    assert not any(CANARY in words for words in bench.words)


def tokens_in(text: str) -> set[str]:
    """The refresh and access tokens that a cache holds."""
    return set(re.findall(r'"secret": ?"([^"]{16,})"', text))


@pytest.mark.usefixtures("log_everything")
async def test_signing_out_removes_every_trace(
    theme: Theme,
    shown: Show,
    bench: PanelBench,
    served: ServedIdentity,
    port: AzureSignIn,
    store: SmallStore,
    home: Path,
    user_home: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    bench.choose(SignInMethod.DEVICE_CODE)
    bench.sign_in()
    await until(lambda: bench.shows("sign-in-code"), within_s=20)
    served.enter(bench.text("sign-in-code"), YOU)
    wish = (await bench.is_signed_in()).wish
    secrets = tokens_in(bytes_below(home).decode("utf-8", "replace"))
    assert len(secrets) >= 2
    way = weakref.ref(port._live[wish.key].way.credential)

    window = MainWindow(theme)
    await shown(window)
    done: list[int] = []

    async def open_sign_in() -> AzureSignIn:
        return port

    sign_out = SignOut(open_sign_in, window.room.notices, Asking(theme, window.room, window), window)
    sign_out.ask(wish, "contoso", lambda: done.append(1), shared_with=("contoso-test",))
    await until(lambda: window.sheet)
    assert window.sheet is not None
    window.sheet.cancel_button.click()
    await until(lambda: window.sheet is None)
    assert store.held
    sign_out.ask(wish, "contoso", lambda: done.append(1))
    await until(lambda: window.sheet)
    window.sheet.submit_button.click()
    await until(lambda: done, within_s=20)

    (notice,) = window.room.notices.notices
    assert (notice.key, notice.title) == (SIGNED_OUT, "Signed out of contoso")
    assert store.held == {}
    assert files_below(home) == []
    assert port._records.memory._secrets == {}
    gc.collect()
    assert way() is None, "the tokens in memory went with their credential"
    places = {
        "the home folder": bytes_below(home).decode("utf-8", "replace"),
        "settings and logs": bytes_below(user_home).decode("utf-8", "replace"),
        "what was logged": caplog.text,
        "the panel": " ".join(bench.words),
    }
    for secret in secrets:
        assert {place for place, text in places.items() if secret in text} == set()
    with pytest.raises(SignInRequired):
        await port.resume(wish)
    window.allow_close()
