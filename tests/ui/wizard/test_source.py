"""The source: sites to pick, a site to create, hosts with their state, and hosts that wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from app.domain.arm_id import fabric_id
from app.domain.estate import Estate
from app.domain.fabric import Fabric
from app.domain.practice import PracticeState, WaitingHost
from app.errors import Conflict, Unreachable
from app.flows.checks import check_source
from app.flows.draft import SetUpDraft, SiteChoice
from tests.support import estates
from tests.support.mnemonics import mnemonic_of
from tests.support.waiting import until
from ui.tables.table_view import TableState
from ui.theme.theme import Theme
from ui.theme.tokens import Height
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button, Kind
from ui.widgets.line_edit import LineEdit
from ui.widgets.picker import Picker
from ui.wizard.footer import WizardFooter
from ui.wizard.pages.source import SourcePage
from ui.wizard.pages.source_hosts import age_text
from ui.wizard.requests import CreateSite, ReadAgain, RegisterHost

Show = Callable[[QWidget], Awaitable[None]]

CHOSEN = replace(estates.ready_draft(), machines=())
UNCHOSEN = replace(CHOSEN, site=SiteChoice())
WAITING = PracticeState("empty", estates.NOW, 1.0, False, (WaitingHost("HV-HQ-01", 12), WaitingHost("HV-HQ-02", 12)))


class Opened:
    """The page with what it emitted; edits are checked as the wizard does."""

    def __init__(self, theme: Theme, draft: SetUpDraft = CHOSEN, estate: Estate | None = None) -> None:
        self.context = estates.context(estate)
        self.draft = draft
        self.requests: list[object] = []
        self.edits: list[SetUpDraft] = []
        self.page = SourcePage(theme)
        self.page.draft_edited.connect(self.take)
        self.page.requested.connect(self.requests.append)
        self.page.resize(1100, 720)
        self.load(self.context.estate)

    def load(self, estate: Estate, practice: PracticeState | None = None) -> None:
        self.context = estates.context(estate)
        self.page.load(self.draft, self.context)
        self.page.show_practice(practice)
        self.check()

    def take(self, draft: SetUpDraft) -> None:
        self.edits.append(draft)
        self.draft = draft
        self.check()

    def check(self, *, insist: bool = False) -> None:
        self.page.show_issues(check_source(self.draft, self.context), insist=insist)

    def press(self, name: str) -> None:
        widget = self.page.findChild(QWidget, name)
        assert widget is not None
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    @property
    def sites(self) -> Picker:
        found = self.page.findChild(Picker, "source-site")
        assert found is not None
        return found

    @property
    def name(self) -> LineEdit:
        found = self.page.findChild(LineEdit, "source-site-name")
        assert found is not None
        return found

    @property
    def register(self) -> Button:
        found = self.page.findChild(Button, "source-register-host")
        assert found is not None
        return found

    def states(self) -> list[str]:
        return [row.state for row in self.page._table.model.records()]

    def banners(self) -> list[tuple[str, str]]:
        found = [banner for banner in self.page.findChildren(Banner) if banner.isVisible()]
        return [(banner.notice.title, banner.notice.text) for banner in found]


@pytest.fixture
async def opened(theme: Theme, shown: Show) -> Opened:
    opened = Opened(theme)
    await shown(opened.page)
    return opened


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Type a name for the Hyper-V site."),
        ("a" * 300, "This name has 300 characters."),
        ("HQ🏢", "“🏢” can’t be used."),
    ],
    ids=["an_empty_name", "300_characters", "emoji"],
)
async def test_wrong_site_name_is_told_at_its_field_and_changes_nothing(
    opened: Opened, name: str, sentence: str
) -> None:
    opened.press("source-new-site")
    opened.name.insert(name)
    opened.name.textEdited.emit(name)
    opened.press("source-create-site")
    field = opened.name.parentWidget()
    assert str(field.message).startswith(sentence)  # type: ignore[union-attr]
    assert opened.name.hasFocus()
    assert (opened.requests, opened.edits, opened.draft) == ([], [], CHOSEN)


async def test_name_of_a_site_that_is_there_is_refused(opened: Opened) -> None:
    opened.press("source-new-site")
    QTest.keyClicks(opened.name, "contoso-hq")
    opened.press("source-create-site")
    field = opened.name.parentWidget()
    assert "There is a Hyper-V site contoso-hq already." in field.message  # type: ignore[union-attr]
    assert opened.requests == []


async def test_new_site_is_asked_for_and_the_draft_waits_until_it_is_there(opened: Opened) -> None:
    opened.press("source-new-site")
    QTest.keyClicks(opened.name, "Contoso-Branch")
    opened.press("source-create-site")
    assert opened.requests == [CreateSite(replace(CHOSEN, site=SiteChoice("Contoso-Branch", create=True)))]
    assert opened.edits == []


async def test_failed_creation_keeps_the_name(opened: Opened) -> None:
    request = CreateSite(replace(CHOSEN, site=SiteChoice("Contoso-Branch", create=True)))
    opened.page.started(request)
    opened.page.finished(request, Conflict("busy", "The vault is busy.", "Try again in a minute."))
    assert opened.name.text() == "Contoso-Branch"
    sheet = opened.page.room.sheet
    assert sheet is not None
    assert sheet.failure == "The vault is busy. Try again in a minute."  # type: ignore[attr-defined]


async def test_picking_a_site_chooses_it(theme: Theme, shown: Show) -> None:
    opened = Opened(theme, UNCHOSEN)
    await shown(opened.page)
    opened.sites.activated.emit(0)
    assert opened.draft.site == SiteChoice("Contoso-HQ")
    assert opened.states() == ["Connected", "Connected"]


async def test_fabric_that_is_no_hyper_v_site_can_not_be_picked(theme: Theme, shown: Show) -> None:
    vmm = Fabric(fabric_id(estates.VAULT_ID, "vmm01"), "vmm01", "vmm01", "VMM")
    opened = Opened(theme, UNCHOSEN, estates.contoso(fabrics=(*estates.contoso().fabrics, vmm)))
    await shown(opened.page)
    assert [(option.text, option.reason) for option in opened.sites.options] == [
        ("Contoso-HQ", ""),
        ("vmm01", "not a Hyper-V site"),
    ]


async def test_each_host_tells_its_state(theme: Theme, shown: Show) -> None:
    first, second = estates.contoso().providers
    silent = replace(first, last_heartbeat=estates.NOW - timedelta(minutes=47))
    gone = replace(second, is_connected=False)
    new = replace(estates.host("HV-HQ-03"), last_heartbeat=None)
    old = replace(estates.host("HV-HQ-04"), version_state="Expired")
    opened = Opened(theme, CHOSEN, estates.contoso(providers=(silent, gone, new, old)))
    await shown(opened.page)
    assert opened.states() == ["Silent", "Not connected", "Not heard of yet", "Update advised"]


async def test_silent_host_gets_a_banner_with_its_remedy(opened: Opened) -> None:
    assert opened.banners() == []
    first, second = estates.contoso().providers
    silent = replace(first, last_heartbeat=estates.NOW - timedelta(minutes=47))
    opened.load(estates.contoso(providers=(silent, second)))
    ((title, text),) = await until(opened.banners)
    assert title == "HV-HQ-01 has been silent for 47 minutes"
    assert "(dra)" in text


async def test_banner_that_was_read_stays_away_until_another_host_falls_silent(opened: Opened) -> None:
    first, second = estates.contoso().providers
    silent = replace(first, last_heartbeat=estates.NOW - timedelta(minutes=47))
    opened.load(estates.contoso(providers=(silent, second)))
    opened.page.findChildren(Banner)[-1].closed.emit()
    opened.load(estates.contoso(providers=(silent, second)))
    assert opened.banners() == []
    opened.load(estates.contoso(providers=(silent, replace(second, is_connected=False))))
    assert [title for title, _ in await until(opened.banners)] == ["HV-HQ-02 is not connected"]


async def test_practice_offers_the_next_host_and_is_loud_while_there_is_none(opened: Opened) -> None:
    opened.load(estates.contoso(providers=()), WAITING)
    assert opened.register.isVisible()
    assert opened.register.kind is Kind.PRIMARY
    opened.press("source-register-host")
    assert opened.requests == [RegisterHost("Contoso-HQ")]
    opened.load(estates.contoso(), replace(WAITING, waiting_hosts=WAITING.waiting_hosts[1:]))
    assert opened.register.kind is Kind.SECONDARY
    assert "HV-HQ-02" in opened.register.accessibleDescription()


async def test_registering_takes_no_second_press(opened: Opened) -> None:
    opened.load(estates.contoso(providers=()), WAITING)
    opened.page.started(RegisterHost("Contoso-HQ"))
    opened.press("source-register-host")
    assert opened.requests == []
    opened.page.finished(RegisterHost("Contoso-HQ"), Conflict("none", "No host waits.", "Every host is registered."))
    assert opened.register.isEnabled()


async def test_next_without_a_host_leads_to_the_button_that_registers_one(opened: Opened) -> None:
    opened.load(estates.contoso(providers=()), WAITING)
    opened.check(insist=True)
    assert opened.page._issue.text.startswith("No host is registered in Contoso-HQ.")
    assert opened.page.first_focus() is opened.register


async def test_on_azure_the_page_says_how_long_a_host_may_take(opened: Opened) -> None:
    opened.load(estates.contoso(providers=()))
    assert not opened.register.isVisible()
    assert opened.page._table.state is TableState.EMPTY
    assert opened.page._waiting.isVisible()


async def test_failed_reading_keeps_the_hosts_and_says_they_are_old(opened: Opened) -> None:
    opened.page.started(ReadAgain())
    opened.page.finished(ReadAgain(), Unreachable("gone", "Azure can’t be reached.", "Check the line."))
    assert opened.states() == ["Connected", "Connected"]
    assert opened.page._table._stale.isVisible()


async def test_failed_reading_without_hosts_offers_to_try_again(opened: Opened) -> None:
    opened.load(estates.contoso(providers=()))
    opened.page.started(ReadAgain())
    opened.page.finished(ReadAgain(), Unreachable("gone", "Azure can’t be reached.", "Check the line."))
    assert opened.page._table.state is TableState.FAILED
    message = opened.page._table.message
    assert message is not None
    assert message.title == "Azure can’t be reached."


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (20, "20 s ago"), (840, "14 min ago"), (18_720, "5.2 h ago"), (2_678_400, "31 d ago")],
)
def test_ages_are_short(seconds: float | None, text: str) -> None:
    assert age_text(seconds) == text


@pytest.mark.parametrize("practice", [None, WAITING])
@pytest.mark.parametrize("count", [1, 2, 5])
async def test_the_card_of_the_hosts_is_as_high_as_its_rows(
    theme: Theme, shown: Show, count: int, practice: PracticeState | None
) -> None:
    opened = Opened(theme, CHOSEN, estates.contoso(providers=tuple(estates.host(f"HV-{n}") for n in range(count))))
    opened.page.show_practice(practice)
    await shown(opened.page)
    grid = opened.page._table.grid
    await until(lambda: grid.viewport().height() == count * Height.ROW, what="neither a bar nor a blank band")


async def test_old_rows_have_room_below_the_line_that_says_so(opened: Opened) -> None:
    opened.page.finished(ReadAgain(), Unreachable("gone", "Azure can’t be reached.", "Check the line."))
    grid = opened.page._table.grid
    await until(lambda: grid.viewport().height() == 2 * Height.ROW, what="both rows")


async def test_it_says_what_to_do_instead_of_renaming_a_site(opened: Opened) -> None:
    said = opened.sites.accessibleDescription()
    assert said.startswith("Azure can’t rename a site.")
    assert "create another site and register the hosts there" in said


async def test_buttons_stay_beside_the_site_when_something_is_wrong_with_it(theme: Theme, shown: Show) -> None:
    opened = Opened(theme, UNCHOSEN, estates.contoso(fabrics=()))
    await shown(opened.page)
    button = opened.page._new
    place = button.mapTo(opened.page, button.rect().topLeft())
    opened.check(insist=True)
    opened.page.ensurePolished()
    await until(lambda: opened.page._site.message, what="the red line")
    assert button.mapTo(opened.page, button.rect().topLeft()) == place


@pytest.mark.parametrize("width", [760, 1024, 1400])
async def test_nothing_is_cut_off_beside_the_sheet_of_a_new_site(theme: Theme, shown: Show, width: int) -> None:
    opened = Opened(theme)
    opened.page.resize(width, 700)
    await shown(opened.page)
    opened.press("source-new-site")
    area = opened.page.findChild(QScrollArea)
    assert area is not None
    body = area.widget()
    await until(lambda: body.width() <= area.viewport().width(), what="the page beside the sheet")


async def test_no_letter_is_given_twice(opened: Opened) -> None:
    footer = WizardFooter(opened.page.theme)
    opened.press("source-new-site")
    parts = [each for root in (opened.page, footer) for each in root.findChildren(QWidget)]
    named = [each for each in parts if isinstance(each, QAbstractButton | QLabel) and each.isVisibleTo(each.window())]
    letters = Counter(mnemonic_of(each) for each in named)
    assert {letter: count for letter, count in letters.items() if letter and count > 1} == {}
