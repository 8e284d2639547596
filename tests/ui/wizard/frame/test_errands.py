"""What a set-up's errands answer: the installer's download, and what is there in Azure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.installer import Downloaded
from app.domain.prerequisite_checks import AzureSide
from app.domain.storage_rules import StorageUse
from tests.support.practice import Practice
from tests.support.waiting import until
from tests.support.wizard_window import Open, Opened
from ui.asking import Asking
from ui.wizard.errands import Errands
from ui.wizard.requests import (
    DownloadBegun,
    DownloadProvider,
    DownloadState,
    PauseDownload,
    ReadAgain,
    ReadAzureSide,
    ReadDownload,
    ReadNetworkAccess,
    ReadStorageAccess,
    ReadStored,
    StopDownload,
)

pytestmark = pytest.mark.slow


class PicksFile(Asking):
    """Answers the question where to save."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.suggested = ""

    async def save_file(self, title: str, suggested: str, kinds: str = "") -> Path | None:
        self.suggested = suggested
        return self.path


class Carried:
    """Errands of a wizard, and what they answered."""

    def __init__(self, opened: Opened, asking: Asking) -> None:
        self.errands = Errands(opened.wizard.controller, opened.notices, asking, opened.wizard)
        self.told: list[object] = []
        self.outcomes: dict[object, object] = {}
        self.errands.progressed.connect(lambda step, request, progress: self.told.append(progress))
        self.errands.ended.connect(lambda step, request, outcome: self.outcomes.__setitem__(request, outcome))

    async def carry_out(self, request: Any) -> object:
        self.errands.carry_out("source", request)
        await until(lambda: request in self.outcomes, what=f"an answer to {request}")
        return self.outcomes.pop(request)


async def test_installer_is_downloaded_to_where_the_question_says(
    contoso: Practice, open_wizard: Open, tmp_path: Path
) -> None:
    asking = PicksFile(tmp_path / "setup.txt")
    carried = Carried(await open_wizard(contoso), asking)
    state = await carried.carry_out(ReadDownload())
    assert isinstance(state, DownloadState)
    assert state.installer.is_practice
    done = await carried.carry_out(DownloadProvider())
    assert isinstance(done, Downloaded)
    assert done.path == tmp_path / "setup.txt"
    assert asking.suggested == state.installer.name
    assert carried.told[0] == DownloadBegun(done.path)


async def test_closed_question_downloads_nothing(contoso: Practice, open_wizard: Open) -> None:
    carried = Carried(await open_wizard(contoso), PicksFile(None))
    assert await carried.carry_out(DownloadProvider()) is None
    assert carried.told == []


async def test_pause_and_stop_without_a_download_are_answered(
    contoso: Practice, open_wizard: Open, tmp_path: Path
) -> None:
    carried = Carried(await open_wizard(contoso), PicksFile(None))
    assert await carried.carry_out(PauseDownload()) is None
    assert await carried.carry_out(StopDownload(tmp_path / "setup.txt")) is None


async def test_goal_page_is_told_what_is_there_in_azure(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    carried = Carried(opened, PicksFile(None))
    side = await carried.carry_out(ReadAzureSide(opened.draft))
    assert isinstance(side, AzureSide)
    assert side.vault is not None
    assert side.permissions


async def test_whoever_asks_about_another_resource_ends_no_question_before(
    contoso: Practice, open_wizard: Open
) -> None:
    opened = await open_wizard(contoso)
    estate = opened.wizard.controller.flow.context.estate
    carried = Carried(opened, PicksFile(None))
    accounts, networks = tuple(each.id for each in estate.storage_accounts), tuple(each.id for each in estate.networks)
    asked: list[Any] = [
        ReadStorageAccess(StorageUse.DATA, accounts),
        ReadStorageAccess(StorageUse.DATA, accounts[:1]),
        ReadStored(StorageUse.DATA, accounts[1:]),
        ReadStored(StorageUse.DATA, accounts[:1]),
        ReadNetworkAccess(networks),
        ReadNetworkAccess(networks[:1]),
    ]
    for request in asked:
        carried.errands.carry_out("target", request)
    await until(lambda: all(each in carried.outcomes for each in asked), what="an answer to each")


async def test_pages_of_a_set_up_that_was_left_ask_nothing_more(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    controller = opened.wizard.controller
    controller.leave()
    opened.wizard.page.requested.emit(ReadAgain())
    controller.read_again()
    assert not controller.calls.is_running("read")


async def test_page_that_had_read_again_is_answered_by_a_newer_reading(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    carried = Carried(opened, PicksFile(None))
    request = ReadAgain()
    carried.errands.carry_out("vault", request)
    opened.wizard.controller.read_again()  # as after an answer that needs another reading
    await until(lambda: request in carried.outcomes, what="an answer")
    assert carried.outcomes[request] is opened.wizard.controller.flow.context.estate
    await opened.have_read()
