"""The page of the connection check: planned, running, stopped, good, in trouble; its text, and the network settings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.adapters.memory_store import MemoryStore
from app.checked_paths import checked_paths
from app.domain.cloud import Cloud
from app.domain.line_trouble import LineTrouble, Trouble
from app.errors import AppError, InvalidInput, NotSupported
from app.network_settings import NetworkFile, NetworkSettings, ProxyMode
from app.ports.line import LineFacts
from app.ports.secrets import Secret
from app.rules import load_rules
from app.services.connection_check import ConnectionCheck
from app.services.network import PASSWORD, Network
from tests.support.proxies import Authority
from tests.support.sign_in import NoStore, SmallStore, bytes_below
from tests.support.waiting import until
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.views.connection_check.cloud_choice import CUSTOM
from ui.views.connection_check.settings_sheet import NetworkSheet
from ui.views.connection_check.view import ConnectionCheckView
from ui.widgets.labels import StatusLine, Text

Show = Callable[[QWidget], Awaitable[None]]
CANARY = "canary-of-the-proxy-5e90"
NOW = datetime(2026, 11, 26, 9, 42, tzinfo=UTC)
ACCOUNT = "https://contosohqasr01.blob.core.windows.net/"


class Line:
    """Hears the settings in force."""

    def __init__(self) -> None:
        self.settings = NetworkSettings()
        self.password: Secret | None = None

    def use(self, settings: NetworkSettings, password: Secret | None) -> None:
        self.settings, self.password = settings, password


class Prober:
    """Says of each host what the test wants; the others answer. `held` hosts wait."""

    def __init__(self) -> None:
        self.troubles: dict[str, LineTrouble] = {}
        self.held: set[str] = set()
        self.let_go = asyncio.Event()
        self.urls: list[str] = []
        self.pac = ""

    async def try_address(self, url: str) -> LineFacts:
        self.urls.append(url)
        host = str(urlsplit(url).hostname)
        if host in self.held:
            await self.let_go.wait()
        facts = LineFacts(url, ("20.1.2.3",), issuer="DigiCert", status=401, seconds=0.2, pac=self.pac)
        trouble = self.troubles.get(host)
        return facts if trouble is None else replace(facts, status=trouble.status, trouble=trouble)

    def forget(self) -> None:
        """Nothing is remembered."""


class Picker:
    """Stands in for the file pickers."""

    def __init__(self) -> None:
        self.path: Path | None = None

    async def open_file(self, title: str, kinds: str = "") -> Path | None:
        return self.path

    async def save_file(self, title: str, suggested: str, kinds: str = "") -> Path | None:
        return self.path


class Opened:
    def __init__(self, theme: Theme, folder: Path, store: SmallStore | NoStore | None = None) -> None:
        self.store = store if store is not None else SmallStore()
        self.line, self.prober, self.picker = Line(), Prober(), Picker()
        self.notices = NoticeHub()
        self.network = Network(NetworkFile(folder / "network.json"), self.store, MemoryStore(), self.line)
        self.cloud: Cloud | AppError = InvalidInput("NoCloud", "No cloud answers at this address", "Give another.")
        self.refusal: AppError | None = None
        self.check = ConnectionCheck(
            self.prober,
            self._ask,
            load_rules().prerequisites,
            checked_paths(),
            self.network,
            now=lambda: NOW,
            computer="HV-ADMIN-01",
        )
        self.view = ConnectionCheckView(
            theme,
            self._open,
            self.notices,
            self.picker,
            blob_endpoints=lambda: (ACCOUNT,),  # type: ignore[arg-type]
        )
        self.view.resize(1100, 900)

    async def _open(self) -> ConnectionCheck:
        if self.refusal is not None:
            raise self.refusal
        return self.check

    async def _ask(self, address: str) -> Cloud:
        if isinstance(self.cloud, AppError):
            raise self.cloud
        return self.cloud

    @property
    def answer(self) -> str:
        return self.view.answer.title.text()

    @property
    def advice(self) -> str:
        return self.view.answer.line.text.replace("\u200b", "")

    def states(self) -> dict[str, str]:
        return {row.finding.address.address: row.state.text.replace("\u200b", "") for row in self.view.rows.values()}

    async def run(self) -> None:
        self.view.run()
        await until(lambda: not self.view.is_running and self.view.result is not None, what="the end of the check")
        await until(lambda: self.view.rows, what="the rows")

    def says(self) -> str:
        """Every word on the page and in the sheet."""
        texts = [each.text() for each in self.view.findChildren(Text)]
        texts += [each.text for each in self.view.findChildren(StatusLine)]
        return "\n".join([*texts, self.view.text.text]).replace("\u200b", "")


@pytest.fixture
async def opened(theme: Theme, tmp_path: Path, shown: Show) -> Opened:
    page = Opened(theme, tmp_path)
    await shown(page.view)
    await until(lambda: len(page.view.rows) == 7, what="the planned addresses")
    return page


async def sheet_of(opened: Opened) -> NetworkSheet:
    opened.view.open_settings()
    await until(lambda: opened.view.sheet is not None and opened.view.sheet.isVisible(), what="the settings")
    sheet = opened.view.sheet
    assert sheet is not None
    return sheet


async def test_opening_the_page_sends_nothing_and_tells_what_would_be_tried(opened: Opened) -> None:
    assert opened.prober.urls == []
    assert opened.answer == "Not tried yet"
    states = opened.states()
    assert states["login.microsoftonline.com"] == states["management.azure.com"] == "Not tried yet"
    assert states["contosohqasr01.blob.core.windows.net"] == "Not tried yet"
    assert "Try it at a host." in states["*.hypervrecoverymanager.windowsazure.com"]
    assert "UDP 123" in states["time.windows.com (UDP 123)"]
    assert "not run yet" in opened.view.text.text


async def test_all_answer(qtbot: QtBot, opened: Opened) -> None:
    qtbot.mouseClick(opened.view.run_button, Qt.MouseButton.LeftButton)
    await until(lambda: not opened.view.is_running, what="the end")

    assert opened.answer == "Yes, all 3 addresses answer"
    assert opened.states()["management.azure.com"] == "It answers."
    row = opened.view.rows["management"]
    assert "Certificate by DigiCert" in row.way.text()
    assert "HTTP 401 after 0.2 s" in row.way.text()
    assert sorted(urlsplit(url).hostname or "" for url in opened.prober.urls) == [
        "contosohqasr01.blob.core.windows.net",
        "login.microsoftonline.com",
        "management.azure.com",
    ]
    assert opened.view.run_button.text() == "&Run again"


async def test_progress_is_shown_and_stopping_keeps_what_was_found(qtbot: QtBot, opened: Opened) -> None:
    opened.prober.held = {"management.azure.com"}
    opened.view.run()
    await until(lambda: opened.states()["login.microsoftonline.com"] == "It answers.", what="the first answer")

    assert opened.states()["management.azure.com"] == "Being tried"
    assert opened.answer == "The addresses are being tried"
    assert opened.view.answer.progress.isVisible()
    qtbot.mouseClick(opened.view.run_button, Qt.MouseButton.LeftButton)
    assert not opened.view.is_running
    assert opened.answer == "Stopped"
    assert opened.states()["login.microsoftonline.com"] == "It answers."
    assert opened.states()["management.azure.com"] == "Not tried yet"
    opened.prober.held = set()
    await opened.run()
    assert opened.answer == "Yes, all 3 addresses answer"


async def test_one_cause_is_answered_once_with_its_remedy(opened: Opened) -> None:
    for host in ("login.microsoftonline.com", "management.azure.com", "contosohqasr01.blob.core.windows.net"):
        opened.prober.troubles[host] = LineTrouble(Trouble.PROXY_WANTS_PASSWORD, host, "proxy.contoso.com:8080")
    await opened.run()

    assert opened.answer == "No: none of 3 addresses can be reached"
    assert opened.advice.startswith("The proxy proxy.contoso.com:8080 asks for a password. Give user name and password")
    assert "NOT reached" in opened.view.text.text
    assert "What helps: Give user name and password" in opened.view.text.text


async def test_different_causes_are_told_in_their_rows(opened: Opened) -> None:
    opened.prober.troubles = {
        "login.microsoftonline.com": LineTrouble(Trouble.BLOCKED, "login.microsoftonline.com", status=403),
        "management.azure.com": LineTrouble(Trouble.UNTRUSTED, "management.azure.com", issuer="<b>Contoso</b>"),
    }
    await opened.run()

    assert opened.answer == "Not all: 2 of 3 addresses can’t be reached"
    assert opened.states()["login.microsoftonline.com"].startswith("A filter blocks login.microsoftonline.com")
    assert "“<b>Contoso</b>”" in opened.states()["management.azure.com"]
    assert "do not go on" in opened.view.rows["management"].remedy.text()


async def test_a_wrong_clock_and_an_unused_script_are_a_warning(opened: Opened) -> None:
    opened.prober.troubles["management.azure.com"] = LineTrouble(
        Trouble.CLOCK_WRONG, "management.azure.com", ahead_s=-7200, status=401
    )
    await opened.run()
    assert opened.answer == "Yes, but something will go wrong"
    assert opened.advice.startswith("This computer’s clock is 2 hours behind. Set date")

    opened.prober.troubles, opened.prober.pac = {}, "it takes too long to run"
    await opened.run()
    assert "tried without the PAC file: it takes too long to run." in opened.advice


async def test_a_cloud_at_an_address_is_asked_what_it_is(opened: Opened) -> None:
    opened.view.choice.picker.set_current(CUSTOM)
    opened.view.choice.picker.picked.emit(CUSTOM)
    assert opened.view.choice.address.isVisible()
    opened.view.run()
    assert "begins with https://" in opened.view.choice.address.message
    assert not opened.view.is_running
    assert opened.answer == "Not tried yet"

    opened.cloud = Cloud("https://arm.local", "Local", "https://arm.local", "https://login.local", "a", is_custom=True)
    opened.view.choice.address.set_text("https://arm.local")
    await opened.run()
    await until(lambda: len(opened.view.rows) == 4, what="the addresses that the cloud names")
    assert opened.answer == "Yes, all 4 addresses answer"
    assert "login.local" in opened.states()

    opened.cloud = InvalidInput("NoCloud", "No cloud answers at this address", "Give the address of its manager.")
    opened.view.run()
    await until(lambda: not opened.view.is_running, what="the end")
    assert (opened.answer, opened.advice) == ("No cloud answers at this address", "Give the address of its manager.")


async def test_a_cloud_that_is_not_reached_is_told_by_its_one_line(opened: Opened) -> None:
    opened.view.choice.picker.set_current(CUSTOM)
    opened.view.choice.picker.picked.emit(CUSTOM)
    opened.view.choice.address.set_text("https://arm.local")
    opened.prober.troubles["arm.local"] = LineTrouble(Trouble.UNTRUSTED, "arm.local", issuer="Practice vault")
    await opened.run()

    assert opened.answer == "No: 1 address can’t be reached"
    assert list(opened.states()) == ["arm.local"]


async def test_the_text_is_copied_and_saved(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    await opened.run()
    qtbot.mouseClick(opened.view.text.copy, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    for words in (
        "Computer: HV-ADMIN-01",
        "2026-11-26 09:42 UTC",
        "login.microsoftonline.com: reached",
        "*.hypervrecoverymanager.windowsazure.com",
        "2017:  *.accesscontrol.windows.net",
        "Azure Datacenter IP ranges for West US",
    ):
        assert words in text

    opened.picker.path = tmp_path / "check.txt"
    qtbot.mouseClick(opened.view.text.save_button, Qt.MouseButton.LeftButton)
    await until(lambda: opened.view.text.done.text == "Saved as check.txt.", what="the file")
    assert (tmp_path / "check.txt").read_text("utf-8") == text


async def test_what_cannot_be_prepared_is_told_and_tried_again(theme: Theme, tmp_path: Path, shown: Show) -> None:
    page = Opened(theme, tmp_path)
    page.refusal = NotSupported("x", "The check can’t be prepared", "Install it again.")
    await shown(page.view)
    await until(lambda: page.view.findChild(QWidget, "connection-try-again"), what="the refusal")
    assert not page.view.run_button.isEnabled()
    page.refusal = None
    page.view.findChild(QWidget, "connection-try-again").click()  # type: ignore[attr-defined]
    await until(lambda: len(page.view.rows) == 7, what="the addresses")


async def test_closing_while_it_runs_leaves_nothing(theme: Theme, tmp_path: Path, shown: Show) -> None:
    page = Opened(theme, tmp_path)
    page.prober.held = {"management.azure.com"}
    await shown(page.view)
    await until(lambda: page.view.rows, what="the addresses")
    page.view.run()
    await until(lambda: page.prober.urls, what="the first")
    page.view.close()
    page.view.deleteLater()


# Network settings


async def test_settings_are_saved_followed_and_tried_at_once(qtbot: QtBot, opened: Opened) -> None:
    sheet = await sheet_of(opened)
    qtbot.mouseClick(sheet.modes[ProxyMode.FIXED], Qt.MouseButton.LeftButton)
    for edit, text in (
        (sheet.proxy.edit, "proxy.contoso.com"),
        (sheet.user.edit, "CONTOSO\\jo"),
        (sheet.password.edit, CANARY),
    ):
        edit.clear()
        qtbot.keyClicks(edit, text)
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    await until(lambda: opened.view.sheet is None, what="the sheet to close")

    assert opened.line.settings.proxy_url == "http://proxy.contoso.com:8080"
    assert opened.line.password == Secret(CANARY)
    await until(lambda: not opened.view.is_running and opened.prober.urls, what="the check")
    assert "through the proxy http://proxy.contoso.com:8080" in opened.view.answer.way.text().replace("\u200b", "")
    assert "The password is kept in the test's keyring." in opened.view.answer.way.text()


async def test_wrong_fields_say_what_to_type_and_keep_what_was_typed(qtbot: QtBot, opened: Opened) -> None:
    sheet = await sheet_of(opened)
    qtbot.mouseClick(sheet.modes[ProxyMode.FIXED], Qt.MouseButton.LeftButton)
    for edit, text in (
        (sheet.proxy.edit, "http://jo:pw@proxy"),
        (sheet.port.edit, "99999"),
        (sheet.exceptions.edit, "10.0.0.0/99"),
        (sheet.user.edit, "jo:pw"),
        (sheet.password.edit, CANARY),
    ):
        edit.clear()
        qtbot.keyClicks(edit, text)
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)

    assert "fields of their own" in sheet.proxy.message
    assert "from 1 to 65535" in sheet.port.message
    assert "“10.0.0.0/99”" in sheet.exceptions.message
    assert "“:”" in sheet.user.message
    assert sheet.password.edit.text() == CANARY
    assert opened.line.settings == NetworkSettings()
    qtbot.mouseClick(sheet.modes[ProxyMode.PAC], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    assert "Type the address of the PAC file" in sheet.pac.message


async def test_what_a_way_does_not_need_keeps_nobody_from_saving(qtbot: QtBot, opened: Opened) -> None:
    sheet = await sheet_of(opened)
    qtbot.mouseClick(sheet.modes[ProxyMode.FIXED], Qt.MouseButton.LeftButton)
    qtbot.keyClicks(sheet.proxy.edit, "bad proxy")
    qtbot.mouseClick(sheet.modes[ProxyMode.NONE], Qt.MouseButton.LeftButton)
    assert not sheet.proxy.isVisible()
    assert not sheet.user.isVisible()
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    await until(lambda: opened.view.sheet is None, what="the sheet to close")
    assert opened.line.settings.mode is ProxyMode.NONE
    assert opened.line.settings.proxy == ""
    await until(lambda: not opened.view.is_running, what="the check")


async def test_a_file_of_authorities_is_judged_at_its_field(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    ca = Authority(tmp_path / "ca")
    sheet = await sheet_of(opened)
    opened.picker.path = ca.file
    qtbot.mouseClick(sheet.ca.choose_button, Qt.MouseButton.LeftButton)
    await until(lambda: "Contoso Inspection CA, until" in sheet.ca.message, what="what the file holds")

    sheet.ca.edit.setText(str(tmp_path / "gone.pem"))
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    await until(lambda: "cannot be read" in sheet.ca.message, what="the problem")
    assert opened.view.sheet is sheet
    assert opened.line.settings.ca is None


async def test_a_password_stays_while_its_user_does(qtbot: QtBot, theme: Theme, tmp_path: Path, shown: Show) -> None:
    page = Opened(theme, tmp_path)
    kept = NetworkSettings(ProxyMode.FIXED, proxy="proxy", user="jo")
    await page.network.change(kept, Secret(CANARY))
    await shown(page.view)
    await until(lambda: page.view.rows, what="the addresses")
    sheet = await sheet_of(page)

    assert sheet.password.edit.text() == ""
    assert "Leave it empty to keep it." in page.says()
    sheet.user.edit.clear()
    qtbot.keyClicks(sheet.user.edit, "ann")
    assert "will be forgotten" in page.says()
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    await until(lambda: page.view.sheet is None, what="the sheet to close")
    assert page.line.password is None
    assert isinstance(page.store, SmallStore)
    assert page.store.held == {}
    await until(lambda: not page.view.is_running, what="the check")


async def test_without_a_store_the_page_says_where_the_password_is(theme: Theme, tmp_path: Path, shown: Show) -> None:
    page = Opened(theme, tmp_path, NoStore())
    await page.network.change(NetworkSettings(ProxyMode.FIXED, proxy="proxy", user="jo"), Secret(CANARY))
    await shown(page.view)
    await until(lambda: page.view.rows, what="the addresses")

    assert "stays in memory, until the program ends" in page.view.answer.way.text()


async def test_settings_that_cannot_be_saved_stay_in_the_sheet(
    qtbot: QtBot, theme: Theme, tmp_path: Path, shown: Show
) -> None:
    (tmp_path / "config").write_text("a file where a folder should be", "utf-8")
    page = Opened(theme, tmp_path / "config")
    await shown(page.view)
    await until(lambda: page.view.rows, what="the addresses")
    sheet = await sheet_of(page)
    qtbot.keyClicks(sheet.user.edit, "jo")
    qtbot.keyClicks(sheet.password.edit, CANARY)
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    await until(lambda: sheet.failure, what="the failure")

    assert "can’t be saved" in sheet.failure
    assert sheet.password.edit.text() == CANARY
    assert sheet.submit_button.isEnabled()


async def test_esc_closes_the_settings_and_nothing_is_changed(qtbot: QtBot, opened: Opened) -> None:
    sheet = await sheet_of(opened)
    qtbot.mouseClick(sheet.modes[ProxyMode.NONE], Qt.MouseButton.LeftButton)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert opened.view.sheet is None
    assert opened.line.settings == NetworkSettings()


async def test_the_password_is_nowhere_but_in_its_store(
    qtbot: QtBot, opened: Opened, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sheet = await sheet_of(opened)
    qtbot.keyClicks(sheet.user.edit, "jo")
    qtbot.keyClicks(sheet.password.edit, CANARY)
    assert CANARY not in opened.says()
    assert sheet.password.edit.displayText() != CANARY
    qtbot.mouseClick(sheet.submit_button, Qt.MouseButton.LeftButton)
    await until(lambda: opened.view.sheet is None, what="the sheet to close")
    await until(lambda: not opened.view.is_running, what="the check")

    assert isinstance(opened.store, SmallStore)
    assert opened.store.held == {PASSWORD: CANARY}
    assert CANARY not in opened.says()
    assert CANARY not in caplog.text
    assert CANARY.encode() not in bytes_below(tmp_path)


async def test_the_keyboard_begins_at_the_button_that_runs_it(opened: Opened) -> None:
    assert opened.view.run_button.hasFocus()
