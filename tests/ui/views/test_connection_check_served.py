"""The page of the connection check over the real thing: a served practice vault, and a proxy before it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.adapters.memory_store import MemoryStore
from app.adapters.network.ways import Ways
from app.bootstrap import open_connection_check
from app.network_settings import NetworkFile, NetworkSettings, ProxyMode
from app.services.network import Network
from tests.support.identity import served_identity
from tests.support.proxies import LOOPBACK, proxy
from tests.support.sign_in import SmallStore
from tests.support.waiting import until
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.views.connection_check.settings_sheet import NetworkSheet
from ui.views.connection_check.view import ConnectionCheckView

Show = Callable[[QWidget], Awaitable[None]]
WITHIN_S = 30.0
PASSWORD = "canary-of-the-proxy-77aa"


async def settings_of(view: ConnectionCheckView) -> NetworkSheet:
    view.open_settings()
    await until(lambda: view.sheet is not None, what="the settings")
    assert view.sheet is not None
    return view.sheet


@pytest.mark.slow
async def test_a_practice_cloud_is_reached_once_proxy_password_and_authority_are_set(
    qtbot: QtBot, theme: Theme, tmp_path: Path, shown: Show
) -> None:
    async with served_identity(tmp_path / "served") as served, proxy(login=("jo", PASSWORD)) as company:
        network = Network(
            NetworkFile(tmp_path / "network.json"), SmallStore(), MemoryStore(), Ways(loopback_is_far=True)
        )
        await network.change(NetworkSettings(ProxyMode.FIXED, proxy=LOOPBACK, port=company.port, exceptions=()))
        view = ConnectionCheckView(
            theme,
            lambda: open_connection_check(network),
            NoticeHub(),
            None,  # type: ignore[arg-type]  # nobody picks a file here
            cloud=served.arm,
        )
        view.resize(1100, 900)
        await shown(view)
        await until(view.run_button.isEnabled, within_s=WITHIN_S, what="the check")

        async def ended(words: str) -> None:
            await until(
                lambda: not view.is_running and words in view.answer.line.text.replace("\u200b", ""),
                within_s=WITHIN_S,
                what=words,
            )

        qtbot.mouseClick(view.run_button, Qt.MouseButton.LeftButton)
        await ended(f"The proxy {company.place} asks for a password.")

        sheet = await settings_of(view)
        qtbot.keyClicks(sheet.user.edit, "jo")
        qtbot.keyClicks(sheet.password.edit, PASSWORD)
        qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
        await ended("Practice vault on this computer")
        assert len(view.rows) == 1

        sheet = await settings_of(view)
        sheet.ca.edit.setText(str(served.ca))
        qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
        # A practice vault has a time of its own; that is all that is left to say.
        await ended("clock")
        assert len(view.rows) == 4
        assert view.answer.title.text() == "Yes, but something will go wrong"
        assert PASSWORD not in view.text.text
        assert f"Proxy: {company.place}" in view.text.text
