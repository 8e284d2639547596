"""What was secret on its way in is found nowhere afterwards: not in files, not in logs, not in errors."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.adapters.azure.sign_in import AzureSignIn
from app.bootstrap import open_connection
from app.config import SettingsFile
from app.connection import AzureSpec
from app.errors import AppError, SignInRequired
from app.flows.draft import SetUpDraft
from app.flows.draft_file import save_draft
from app.paths import user_paths
from app.ports.secrets import Secret
from app.ports.sign_in import SignInMethod, SignInWish
from tests.support.deep_log import deep_log
from tests.support.identity import (
    HOLDER,
    ROBOT,
    TENANT,
    make_certificate,
    served_identity,
    with_certificate,
)
from tests.support.sign_in import NoStore, bytes_below, use_home

pytestmark = pytest.mark.slow

ENDS = datetime(2090, 1, 1, tzinfo=UTC)
CANARY = "canary-7f3b-that-must-not-sing"


@pytest.fixture
def log_everything() -> Iterator[None]:
    with deep_log():
        yield


def told(error: BaseException) -> str:
    """All that an error says to anybody."""
    own = f"{error.title} {error.advice} {error.details}" if isinstance(error, AppError) else ""
    return f"{own} {error!r} {''.join(traceback.format_exception(error))}"


@pytest.mark.usefixtures("log_everything")
async def test_a_canary_in_every_input_is_found_nowhere(
    tmp_path: Path,
    user_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    use_home(monkeypatch, tmp_path / "home", can_encrypt=True)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", CANARY)
    caplog.set_level(logging.DEBUG)
    keeper = make_certificate(tmp_path / "certificates", CANARY)
    data = with_certificate(keeper.public)
    assert data.identities is not None
    robot = next(each for each in data.identities.applications if each.id == ROBOT)
    robot.secrets[0].text, robot.secrets[0].expires = CANARY, ENDS
    errors: list[str] = []
    tokens: list[str] = []
    sign_in = AzureSignIn(NoStore())

    async def attempt(wish: SignInWish, secret: str) -> None:
        try:
            await sign_in.sign_in(wish, Secret(secret))
        except AppError as error:
            errors.append(told(error))
        else:
            tokens.append((await sign_in.credential(wish).get_token(wish.cloud.scope)).token)

    async with served_identity(tmp_path / "server", data) as served:
        cloud = await sign_in.cloud_at(served.arm, ca=served.ca)
        by_secret = SignInWish(SignInMethod.CLIENT_SECRET, cloud, TENANT, ROBOT, ca=served.ca)
        by_file = SignInWish(
            SignInMethod.CERTIFICATE, cloud, TENANT, HOLDER, certificate=keeper.pfx_with_password, ca=served.ca
        )
        await attempt(by_secret, f"{CANARY}-mistyped")
        await attempt(by_file, f"{CANARY}-mistyped")
        await attempt(by_secret, CANARY)
        await attempt(by_file, CANARY)
        spec = AzureSpec(
            served.arm, served.simulator.subscription_id, SignInMethod.CLIENT_SECRET, TENANT, ROBOT, ca=served.ca
        )
        services = await open_connection(spec, sign_in=sign_in)
        save_draft(services.folder / "draft.json", SetUpDraft(), saved_at=ENDS, steps_done=0)
        SettingsFile(user_paths().settings_file).change(text_size_percent=115)
        await services.gateways.vaults.list_vaults(spec.subscription)
        served.put_clock_ahead(ENDS.timestamp())
        with pytest.raises(SignInRequired) as caught:
            await services.gateways.vaults.list_vaults(spec.subscription)
        errors.append(told(caught.value))
        await services.aclose()
        await attempt(by_secret, CANARY)
        await sign_in.aclose()

    assert len(errors) == 4
    assert len(tokens) == 2
    captured = capfd.readouterr()
    places = {
        "settings, drafts, journal and log": bytes_below(user_home).decode("utf-8", "replace"),
        "the home folder": bytes_below(tmp_path / "home").decode("utf-8", "replace"),
        "what was logged": caplog.text,
        "what was printed": captured.out + captured.err,
        "errors": " ".join(errors),
    }
    assert (user_home / "logs").exists()
    assert "oauth2" in caplog.text
    for secret in (CANARY, *tokens):
        assert {place for place, text in places.items() if secret in text} == set()
