"""The panel of the installer's download, fed as its owner feeds it; and the errands that carry it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.installer import Downloaded, Signature, SignatureVerdict, Unfinished
from app.errors import Unreachable
from app.rules import load_rules
from app.services.provider_download import DownloadProgress
from tests.support.practice import open_practice
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.wizard.pages.provider_download import ProviderDownloadPanel
from ui.wizard.requests import (
    DownloadBegun,
    DownloadProvider,
    DownloadState,
    PauseDownload,
    ReadDownload,
    StopDownload,
)

Show = Callable[[QWidget], Awaitable[None]]
FILE = Path("/home/admin/AzureSiteRecoveryProvider.exe")
SIGNATURE = Signature(SignatureVerdict.NOT_CHECKED, "Its signature is not checked here.")
DONE = Downloaded(FILE, 138_000_111, "0123456789abcdef" * 4, SIGNATURE)
BROKEN = Unreachable("DownloadBrokeOff", "The download broke off at 1.0 of 2.0 MB.", "What has arrived is kept.")


class Opened:
    def __init__(self, theme: Theme) -> None:
        self.panel = ProviderDownloadPanel(theme)
        self.requests: list[object] = []
        self.panel.requested.connect(self.requests.append)
        self.panel.show_installer(load_rules().installer)
        self.panel.resize(440, 500)

    def press(self, name: str) -> None:
        button = self.panel.findChild(Button, name)
        assert button is not None
        assert button.isVisible(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    @property
    def buttons(self) -> set[str]:
        shown = {button.objectName() for button in self.panel.findChildren(Button) if button.isVisible()}
        return {name.removeprefix("download-") for name in shown} - {"copy-link"}

    @property
    def words(self) -> str:
        labels = (label.text() for label in self.panel.findChildren(QLabel) if label.isVisible())
        return "\n".join(labels).replace("\u200b", "")

    def begin(self) -> DownloadProvider:
        request = DownloadProvider(FILE)
        self.panel.started(request)
        self.panel.progressed(request, DownloadBegun(FILE))
        return request


@pytest.fixture
async def opened(theme: Theme, shown: Show) -> Opened:
    opened = Opened(theme)
    await shown(opened.panel)
    return opened


async def test_link_stands_there_with_its_source_and_can_be_copied(opened: Opened) -> None:
    assert "https://aka.ms/downloaddra" in opened.words
    assert "May 2026" in opened.words
    opened.press("download-copy-link")
    assert QGuiApplication.clipboard().text() == "https://aka.ms/downloaddra"


async def test_download_asks_where_to(opened: Opened) -> None:
    assert opened.buttons == {"start"}
    opened.press("download-start")
    assert opened.requests == [DownloadProvider()]


async def test_download_under_way_tells_how_far_how_fast_and_how_long(opened: Opened) -> None:
    request = opened.begin()
    opened.panel.progressed(request, DownloadProgress("", 61_300_000, 138_000_000, 4_120_000.0))
    assert "61.3 of 138.0 MB" in opened.words
    assert "4.1 MB/s, 19 s left" in opened.words
    assert opened.buttons == {"pause", "stop"}


async def test_pause_then_continue_goes_on_with_the_same_file(opened: Opened) -> None:
    opened.begin()
    opened.press("download-pause")
    assert opened.requests == [PauseDownload()]
    opened.panel.started(PauseDownload())
    opened.panel.finished(PauseDownload(), Unfinished(FILE, 61_300_000, 138_000_000))
    assert "61.3 of 138.0 MB" in opened.words
    assert opened.buttons == {"continue", "stop"}
    opened.press("download-continue")
    assert opened.requests[-1] == DownloadProvider(FILE)


async def test_pausing_can_not_be_pressed_twice(opened: Opened) -> None:
    opened.begin()
    opened.panel.started(PauseDownload())
    button = opened.panel.findChild(Button, "download-pause")
    assert button is not None
    assert not button.isEnabled()


async def test_keyboard_stays_at_the_button_that_stands_in_for_the_one_that_went(opened: Opened) -> None:
    start = opened.panel.findChild(Button, "download-start")
    assert start is not None
    start.setFocus()
    opened.begin()
    focused = opened.panel.focusWidget()
    assert focused is not None
    assert focused.objectName() == "download-pause"


async def test_failure_is_a_sentence_and_offers_to_continue(opened: Opened) -> None:
    request = opened.begin()
    opened.panel.finished(request, BROKEN)
    assert opened.panel.message == f"{BROKEN.title} {BROKEN.advice}"
    assert opened.buttons == {"continue", "stop"}
    opened.press("download-stop")
    assert opened.requests == [StopDownload(FILE)]
    opened.panel.started(StopDownload(FILE))
    opened.panel.finished(StopDownload(FILE), None)
    assert opened.buttons == {"start"}


async def test_finished_download_shows_size_digest_and_signature(opened: Opened) -> None:
    request = opened.begin()
    opened.panel.finished(request, DONE)
    for words in ("138.0 MB (138,000,111 bytes)", DONE.sha256, SIGNATURE.text, str(FILE)):
        assert words in opened.words
    opened.press("download-copy-digest")
    assert QGuiApplication.clipboard().text() == DONE.sha256


class Folders(QObject):
    """Takes what would be opened by the system."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


async def test_show_in_folder_opens_the_folder(opened: Opened) -> None:
    opened.panel.finished(opened.begin(), DONE)
    folders = Folders()
    QDesktopServices.setUrlHandler("file", folders, "take")
    try:
        opened.press("download-show")
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert folders.opened == [str(FILE.parent)]


async def test_closing_the_question_leaves_everything_as_it_was(opened: Opened) -> None:
    request = DownloadProvider()
    opened.panel.started(request)
    opened.panel.finished(request, None)
    assert opened.buttons == {"start"}
    assert opened.panel.message == ""


async def test_download_of_an_earlier_run_is_offered(opened: Opened) -> None:
    opened.panel.ask()
    assert opened.requests == [ReadDownload()]
    state = DownloadState(load_rules().installer, Unfinished(FILE, 1_000_000, 2_000_000))
    opened.panel.finished(ReadDownload(), state)
    assert "1.0 of 2.0 MB" in opened.words
    assert opened.buttons == {"continue", "stop"}


async def test_practice_installer_says_that_it_does_nothing(opened: Opened, tmp_path: Path) -> None:
    async with open_practice() as practice:
        download = practice.provider_download
        opened.panel.finished(ReadDownload(), DownloadState(download.installer))
        assert "Practice installer, does nothing" in opened.words
        request = opened.begin()
        done = await download.download(
            tmp_path / "setup.txt", report=lambda told: opened.panel.progressed(request, told)
        )
        opened.panel.finished(request, done)
    await until(lambda: "does nothing" in opened.words)
    assert opened.panel.message == "setup.txt is downloaded, and complete."
    assert "0.0 MB" not in opened.words
    assert f"{done.size:,} bytes" in opened.words


async def test_nothing_is_cut_off_in_a_narrow_sheet(opened: Opened) -> None:
    opened.panel.finished(opened.begin(), BROKEN)
    assert opened.panel.minimumSizeHint().width() <= 440
    buttons = opened.panel.findChildren(Button)
    await until(lambda: all(not b.isVisible() or b.width() >= b.sizeHint().width() for b in buttons))
