"""300 subscriptions and 1,000 vaults of a practice vault in another process, over its port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.bootstrap import open_server_catalogue
from app.connection import ServerSpec
from app.ports.secrets import Secret
from app.services.account import Account
from app.services.vault_catalogue import Catalogue
from tests.support.served import Served, serve
from tests.support.waiting import until
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.views.connect.vaults import VaultChooser

pytestmark = pytest.mark.slow

Show = Callable[[QWidget], Awaitable[None]]
_VAULTS_LISTED = "/providers/Microsoft.RecoveryServices/vaults"
_CONTENTS = ("replicationFabrics", "replicationUsages", "usages")
_TURNS_TO_END = 10


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serve(tmp_path, "--scenario", "many-subscriptions") as server:
        yield server


@pytest.fixture
async def account(served: Served) -> AsyncIterator[Account]:
    line = served.line
    opened = await open_server_catalogue(ServerSpec(line["arm"], line["subscription"], Secret(line["token"])))
    yield opened
    await opened.aclose()


async def test_a_thousand_vaults_come_as_they_are_read_and_filtering_reads_nothing(
    theme: Theme, shown: Show, served: Served, account: Account
) -> None:
    batches: list[Catalogue] = []
    account.catalogue.watch(batches.append)
    chooser = VaultChooser(theme, account, NoticeHub())
    chooser.resize(1200, 760)
    await shown(chooser)
    try:
        await until(lambda: chooser.model.total_count > 0, within_s=60)
        first = batches[-1]
        assert first.is_reading
        assert first.read_count < len(first.subscriptions)

        await until(lambda: batches[-1].has_read and not batches[-1].is_reading, within_s=60)
        await until(lambda: chooser.model.total_count == 1000)
        assert (len(batches[-1].subscriptions), len(batches[-1].vaults)) == (300, 1000)
        counts = [len(batch.vaults) for batch in batches]
        assert counts == sorted(counts)
        assert len(batches) < 150, "300 answers are told in batches"

        await until(lambda: all(row.entry.contents for row in chooser.model.shown_records()[:10]))
        looked = [line for line in served.log() if line.path.endswith(_CONTENTS)]
        assert len(looked) <= 2 * 60, "only what is on screen is looked into"

        QTest.keyClicks(chooser.filter.box, "leipzig")
        shown_count = chooser.model.shown_count
        assert 0 < shown_count < 200
        asked = [line for line in served.log() if line.path.endswith(_VAULTS_LISTED)]
        QTest.keyClicks(chooser.filter.box, " 004")
        assert 0 < chooser.model.shown_count < shown_count
        await asyncio.sleep(0)
        assert [line for line in served.log() if line.path.endswith(_VAULTS_LISTED)] == asked
        assert len(asked) == 300
    finally:
        chooser.hide()
        chooser._calls.cancel_all()
        for _ in range(_TURNS_TO_END):
            await asyncio.sleep(0)
