"""The drawn walk-through of the installer: turning pages, the admin's own answers, and what a screen reader hears."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.host_set_up import HostEdition, HostProxy, HostSetUp, ProxyKind
from app.flows.installer_pages import installer_pages
from ui.theme.theme import Appearance, Theme
from ui.theme.tokens import TextStyle
from ui.widgets.buttons import Button
from ui.wizard.pages.installer_walkthrough import InstallerWalkthrough, PagePicture

Show = Callable[[QWidget], Awaitable[None]]
KEY = "asr-contoso-weu_Contoso-HQ.VaultCredentials"
HOST = HostSetUp(names=("HV-HQ-03",), proxy=HostProxy(ProxyKind.CUSTOM, "proxy.contoso.com", "8080", "svc"))
CORE = replace(HOST, edition=HostEdition.SERVER_CORE)


class Opened:
    def __init__(self, theme: Theme) -> None:
        self.part = InstallerWalkthrough(theme)
        self.part.load(HOST, KEY)
        self.part.resize(440, 500)
        self.turned: list[int] = []
        self.part.step_changed.connect(self.turned.append)

    def button(self, name: str) -> Button:
        button = self.part.findChild(Button, f"walkthrough-{name}")
        assert button is not None
        return button

    def press(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def words(self, name: str) -> str:
        part = self.part.findChild(QWidget, f"walkthrough-{name}")
        assert part is not None
        labels = [part] if isinstance(part, QLabel) else part.findChildren(QLabel)
        return " ".join(label.text() for label in labels if label.isVisible())

    @property
    def drawing(self) -> str:
        picture = self.part.findChild(PagePicture)
        assert picture is not None
        return picture.accessibleName() if picture.isVisible() else ""


@pytest.fixture
async def opened(theme: Theme, shown: Show) -> Opened:
    opened = Opened(theme)
    await shown(opened.part)
    return opened


async def test_pages_are_turned_and_named(opened: Opened) -> None:
    assert opened.words("title") == "1 of 7: Microsoft Update"
    opened.press("next")
    assert opened.words("title").startswith("2 of 7:")
    assert opened.part.accessibleName() == opened.words("title")
    opened.press("back")
    assert opened.turned == [1, 0]


async def test_first_has_no_back_and_last_no_next_and_the_keyboard_moves_over(opened: Opened) -> None:
    assert not opened.button("back").isEnabled()
    opened.button("next").setFocus()
    for _ in range(6):
        QTest.keyClick(opened.button("next"), Qt.Key.Key_Space)
    assert opened.part.place == 6
    assert not opened.button("next").isEnabled()
    assert opened.button("back").hasFocus()


async def test_page_keys_turn_pages(opened: Opened) -> None:
    QTest.keyClick(opened.part, Qt.Key.Key_PageDown)
    QTest.keyClick(opened.part, Qt.Key.Key_PageDown)
    QTest.keyClick(opened.part, Qt.Key.Key_PageUp)
    assert opened.part.place == 1


async def test_drawing_says_in_words_what_stands_on_the_page(opened: Opened) -> None:
    opened.part.go_to(3)
    assert KEY in opened.drawing
    opened.part.go_to(4)
    assert "Connect with custom proxy settings (chosen)" in opened.drawing
    assert "Address: http://proxy.contoso.com; Port: 8080" in opened.drawing


async def test_changed_answers_stay_on_the_page(opened: Opened) -> None:
    opened.part.go_to(4)
    opened.part.load(replace(HOST, proxy=HostProxy()), KEY)
    assert opened.part.place == 4
    assert "Connect directly, without a proxy (chosen)" in opened.drawing


async def test_server_core_shows_the_commands_and_copies_them(opened: Opened) -> None:
    opened.part.go_to(6)
    opened.part.load(CORE, KEY)
    assert opened.part.place == 0
    assert opened.drawing == ""
    opened.press("next")
    opened.press("next")
    assert "DRConfigurator.exe" in opened.words("commands")
    opened.press("copy")
    assert QGuiApplication.clipboard().text() == "\n".join(opened.part.lines)


async def test_every_page_is_drawn_in_every_appearance(opened: Opened, theme: Theme) -> None:
    try:
        for appearance in (Appearance.LIGHT, Appearance.DARK, Appearance.CONTRAST):
            theme.set_appearance(appearance)
            for place in range(opened.part.count):
                opened.part.go_to(place)
                image = opened.part.grab().toImage()
                assert image.width() >= 440
    finally:
        theme.set_appearance(Appearance.LIGHT)


@pytest.mark.parametrize("width", [380, 440, 720])
async def test_drawing_is_as_high_as_its_words_need(theme: Theme, width: int) -> None:
    picture = PagePicture(theme)
    long_key = "vault-with-a-name-of-fifty-characters-and-more-still_" * 2 + "Site.VaultCredentials"
    for page in installer_pages(HOST, long_key):
        picture.show_page(page)
        for row in page.rows:
            room = picture._words_room(row, width)
            words = theme.height_of(row.value or row.name, TextStyle.BODY, room)
            assert words <= picture._row_height(row, width)
    picture.deleteLater()
