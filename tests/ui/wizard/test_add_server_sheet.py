"""The sheet that adds servers, part by part: what it says, what can be pressed, and letters that are given once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.domain.host_set_up import HostEdition, HostKind, HostProxy, HostSetUp, ProxyKind
from app.domain.practice import PracticeState, WaitingHost
from app.errors import Conflict
from tests.support import estates
from tests.support.mnemonics import mnemonic_of
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.wizard.pages.add_server.installer_part import InstallerPart
from ui.wizard.pages.add_server.part import Ground
from ui.wizard.pages.add_server.sheet import AddServerSheet
from ui.wizard.requests import ReadDownload, RunScript

Show = Callable[[QWidget], Awaitable[None]]

TWO = HostSetUp(names=("HV-HQ-01", "HV-HQ-02"))
PROXY = HostProxy(ProxyKind.CUSTOM, "http://proxy.contoso.com", "8080", "CONTOSO\\svc-asr")
CORE = replace(TWO, kind=HostKind.CLUSTER, cluster="HQ-CLUSTER", edition=HostEdition.SERVER_CORE, proxy=PROXY)
WAITING = PracticeState("empty", estates.NOW, 1.0, False, (WaitingHost("HV-HQ-01", 12), WaitingHost("HV-HQ-02", 1)))


class Opened:
    """The sheet over a window of its own."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.window = QWidget()
        self.window.resize(1024, 680)
        self.sheet: AddServerSheet

    async def open(
        self, part: str, hosts: HostSetUp, *, registered: int = 0, practice: PracticeState | None = None
    ) -> None:
        estate = estates.contoso(providers=estates.contoso().providers[:registered])
        draft = replace(estates.ready_draft(), hosts=hosts)
        self.sheet = AddServerSheet(self.theme, Ground(draft, estates.context(estate), practice), part=part)
        self.sheet.open_over(self.window)
        await until(lambda: part in self.sheet._parts and self.sheet.part.isVisible(), what="the part")

    def press(self, name: str) -> None:
        self.button(name).click()

    def button(self, name: str) -> QAbstractButton:
        found = self.sheet.findChild(QAbstractButton, name)
        assert found is not None, name
        return found

    def words(self) -> str:
        return "\n".join(label.text() for label in self.sheet.findChildren(QLabel) if label.isVisible())

    def given_twice(self) -> set[str]:
        """Letters that two things on screen have."""
        shown = [each for each in self.sheet.findChildren(QWidget) if each.isVisible()]
        letters = Counter(mnemonic_of(each) for each in shown if isinstance(each, QAbstractButton | QLabel))
        return {letter for letter, count in letters.items() if letter and count > 1}


@pytest.fixture
async def opened(theme: Theme, shown: Show) -> Opened:
    opened = Opened(theme)
    await shown(opened.window)
    return opened


@pytest.mark.parametrize("hosts", [TWO, CORE])
@pytest.mark.parametrize("part", ["hosts", "key", "installer", "install", "wait"])
async def test_no_letter_is_given_twice(opened: Opened, part: str, hosts: HostSetUp) -> None:
    await opened.open(part, hosts, practice=WAITING)
    assert opened.given_twice() == set()


@pytest.mark.parametrize("hosts", [TWO, CORE, replace(TWO, proxy=PROXY)])
@pytest.mark.parametrize("way", ["all", "each", "by-hand"])
async def test_no_letter_is_given_twice_whichever_way_is_chosen(opened: Opened, way: str, hosts: HostSetUp) -> None:
    await opened.open("install", hosts)
    opened.press(f"add-server-way-{way}")
    assert opened.given_twice() == set()


async def test_without_a_host_there_is_no_script_to_save(opened: Opened) -> None:
    await opened.open("install", HostSetUp())
    assert "Name the hosts in step 1 first." in opened.words()
    assert not opened.button("add-server-save-scripts").isEnabled()
    assert not opened.button("add-server-copy-script").isEnabled()
    opened.sheet.close_sheet()
    await opened.open("install", TWO)
    assert opened.button("add-server-save-scripts").isEnabled()


async def test_what_is_said_of_the_script_goes_when_it_is_done_by_hand(opened: Opened) -> None:
    await opened.open("install", TWO)
    assert "The script checks everything first" in opened.words()
    opened.press("add-server-way-by-hand")
    assert "The script checks everything first" not in opened.words()


async def test_turning_pages_leaves_the_buttons_where_they_are(opened: Opened) -> None:
    await opened.open("install", replace(TWO, proxy=PROXY))
    opened.press("add-server-way-by-hand")
    turn = opened.button("walkthrough-next")
    await until(lambda: turn.isVisible() and turn.y() > 0, what="the walk-through")
    places = []
    while turn.isEnabled():
        turn.click()
        opened.sheet.ensurePolished()
        places.append((turn.x(), turn.y()))
    assert len(places) == 6
    assert len(set(places)) == 1


@pytest.mark.parametrize(
    ("minutes", "words"), [(6, "6 min of up to 30 min"), (30, "30 min of up to 30 min"), (66, "longer than 30 min")]
)
async def test_it_says_for_how_long_hosts_have_been_waited_for(opened: Opened, minutes: int, words: str) -> None:
    await opened.open("wait", replace(TWO, asked_at=(estates.NOW - timedelta(minutes=minutes)).isoformat()))
    assert words in opened.words()


@pytest.mark.parametrize(
    ("hosts", "registered", "words"),
    [
        (TWO, 0, "0 of 2 hosts are registered."),
        (TWO, 2, "Both hosts are registered."),
        (replace(TWO, names=("HV-HQ-01",)), 1, "The host is registered."),
        (HostSetUp(), 0, "No host is named yet."),
    ],
)
async def test_the_answer_stands_first(opened: Opened, hosts: HostSetUp, registered: int, words: str) -> None:
    await opened.open("wait", hosts, registered=registered)
    assert words in opened.words()
    assert opened.button("add-server-look").isVisible() is bool(hosts.names)


async def test_a_practice_host_that_could_not_run_its_script_no_longer_says_that_it_does(opened: Opened) -> None:
    await opened.open("wait", TWO, practice=WAITING)
    request = RunScript("Contoso-HQ", "HV-HQ-01", HostProxy())
    opened.sheet.started(request)
    assert "It runs the script." in opened.words()
    opened.sheet.finished(request, Conflict("none", "There is no key file.", "Make a key in step 2 first."))
    assert "It runs the script." not in opened.words()
    assert "There is no key file. Make a key in step 2 first." in opened.words()
    assert "12 machines" in opened.words()


async def test_tab_goes_through_the_footer_from_left_to_right(opened: Opened) -> None:
    await opened.open("wait", TWO)
    order = [opened.button(name) for name in ("sheet_cancel", "add-server-back", "add-server-next")]
    order[0].setFocus()
    for button in order[1:]:
        opened.sheet.focusNextPrevChild(True)
        assert button.hasFocus()


@pytest.mark.parametrize("part", ["hosts", "key", "installer", "install", "wait"])
async def test_every_part_begins_at_something_that_takes_keys(opened: Opened, part: str) -> None:
    await opened.open(part, TWO)
    first = opened.sheet.part.first_focus()
    assert first.isEnabled()
    assert first.isVisible()
    assert first.focusPolicy() & Qt.FocusPolicy.TabFocus


async def test_the_button_that_copies_commands_is_whole(opened: Opened) -> None:
    await opened.open("install", CORE)
    opened.press("add-server-way-by-hand")
    button = opened.button("walkthrough-copy")
    await until(lambda: button.isVisible() and button.width() >= button.sizeHint().width(), what="all its words")


async def test_the_part_that_next_leads_to_is_made_and_asks_for_nothing_until_it_is_opened(opened: Opened) -> None:
    await opened.open("key", TWO)
    asked: list[object] = []
    opened.sheet.requested.connect(asked.append)
    await until(lambda: opened.sheet.findChildren(InstallerPart), what="the part that Next leads to")
    assert not opened.sheet.findChildren(InstallerPart)[0].isVisible()
    assert ReadDownload() not in asked

    opened.sheet.open_part("installer")

    assert len(opened.sheet.findChildren(InstallerPart)) == 1
    assert opened.sheet.part.isVisible()
    assert ReadDownload() in asked


async def test_the_keyboard_is_in_the_first_field_of_the_part_that_opens(opened: Opened) -> None:
    await opened.open("hosts", HostSetUp())
    assert opened.sheet.part.first_focus().hasFocus()
