"""A sign-in that ends while the window is at work: one banner, one sheet, and everything goes on where it was.

Through azure-identity, over TLS, to a practice vault that takes tokens back and asks for fresh ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.adapters.azure.sign_in import AzureSignIn
from app.bootstrap import open_connection
from app.connection import AzureSpec
from app.errors import SignInRequired
from app.flows.planning import actions_for
from app.flows.rights_subjects import subject_of_vault
from app.live.services import Services
from app.live.vault_feeds import VaultFeeds
from app.ports.secrets import Secret
from app.ports.sign_in import DeviceCode, SignInMethod, SignInWish
from tests.support.identity import (
    READER,
    ROBOT,
    ROBOT_SECRET,
    TENANT,
    VAULT,
    YOU,
    Person,
    ServedIdentity,
    browser,
)
from tests.support.practice import contoso_draft
from tests.support.sign_in import SmallStore
from tests.support.sign_in_panel import no_one_signs_in
from tests.support.waiting import until
from ui.asking import Asking
from ui.calls import Calls, Pace
from ui.shell.main_window import MainWindow
from ui.sign_in.expiry import ENDED, OTHER_ACCOUNT, SignInWatch
from ui.sign_in.sheet import SignInSheet
from ui.theme.theme import Theme
from ui.views.rights.view import Question, RightsView
from ui.widgets.buttons import Button
from ui.widgets.line_edit import LineEdit
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.page import Page
from ui.wizard.draft_store import DraftStore
from ui.wizard.pages.run import RunPage
from ui.wizard.window import SetUpWizard

pytestmark = pytest.mark.slow
VISITED = ("vault", "goal", "source", "target", "settings", "capacity", "enable")
Show = Callable[[QWidget], Awaitable[None]]


@dataclass
class Desk:
    """A window over one connection, with the watch as the program has it."""

    window: MainWindow
    services: Services
    watch: SignInWatch
    served: ServedIdentity
    renewed: list[int] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    @property
    def banners(self) -> list[str]:
        return [notice.title for notice in self.window.room.notices.notices]

    @property
    def sheet(self) -> SignInSheet:
        assert self.watch.sheet is not None
        return self.watch.sheet

    async def press_sign_in(self) -> None:
        name = f"banner_{ENDED}_action_0"
        button = await until(lambda: self.window.findChild(Button, name), what="the banner")
        assert button is not None
        assert button.text() == "Sign in…"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    async def code(self) -> str:
        label = self.sheet.findChild(QLabel, "sign-in-code")
        assert label is not None
        await until(lambda: label.isVisible() and label.text(), within_s=20, what="the code")
        return label.text()

    async def sign_in_again(self, user: str = YOU) -> None:
        await self.press_sign_in()
        self.served.enter(await self.code(), user)
        await until(lambda: self.watch.sheet is None, within_s=20, what="the sheet to close")


def spec_of(served: ServedIdentity, wish: SignInWish) -> AzureSpec:
    simulator = served.simulator
    return AzureSpec(
        served.arm,
        simulator.subscription_id,
        wish.method,
        wish.tenant,
        wish.client_id,
        resource_group=simulator.resource_group,
        vault=VAULT,
        ca=served.ca,
    )


OpenDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def open_desk(theme: Theme, shown: Show, served: ServedIdentity, port: AzureSignIn) -> AsyncIterator[OpenDesk]:
    desks: list[Desk] = []

    async def opened(method: SignInMethod = SignInMethod.DEVICE_CODE, *, keep: bool = True) -> Desk:
        wish = SignInWish(method, await port.cloud_at(served.arm, ca=served.ca), ca=served.ca)
        if method is SignInMethod.CLIENT_SECRET:
            wish = replace(wish, tenant=TENANT, client_id=ROBOT)
            signed_in = await port.sign_in(wish, Secret(ROBOT_SECRET))
        elif method is SignInMethod.BROWSER:
            person = Person(served.ca, YOU)
            with browser(person):
                signed_in = await port.sign_in(wish, within_s=20)
                await asyncio.to_thread(person.finish)
        else:

            def enter(code: DeviceCode) -> None:
                served.enter(code.code)

            signed_in = await port.sign_in(wish, show=enter, keep=keep)
        services = await open_connection(spec_of(served, wish), sign_in=port)
        assert services.sign_in is not None
        window = MainWindow(theme)
        window.resize(1200, 800)
        window.room.add_view("page", "Page", "overview", Page("A page"))
        window.room.show_view("page")
        await shown(window)
        pages: list[str] = []
        watch = SignInWatch(
            theme,
            window.room,
            window.room.notices,
            services.sign_in,
            name="contoso",
            account=signed_in.account.name,
            open_page=pages.append,
            parent=window,
        )
        desk = Desk(window, services, watch, served, opened=pages)
        watch.renewed.connect(lambda: desk.renewed.append(1))
        desks.append(desk)
        return desk

    yield opened
    for desk in desks:
        desk.watch.close()
        await no_one_signs_in()
        desk.window.allow_close()
        await desk.services.aclose()


async def show_rights(desk: Desk, theme: Theme) -> RightsView:
    """A page that reads its own answers, on show."""

    async def ask() -> Sequence[Question]:
        vault = desk.services.home_vault
        assert vault is not None
        items = await desk.services.gateways.site_recovery.list_protected_items(vault)
        return [Question("Operations", subject_of_vault(vault, items))]

    view = RightsView(theme, desk.services, desk.window.room.notices, ask)
    view._calls._pace = Pace(veil_s=0, words_s=0, progress_s=0)
    desk.window.room.add_view("rights", "Rights", "rights", view)
    desk.window.room.show_view("rights")
    return view


def answers(view: RightsView) -> bool:
    title = view.findChild(QLabel, "rights-answer-title")
    return title is not None and title.isVisible() and bool(title.text())


async def test_one_banner_for_all_and_the_page_goes_on_by_itself(
    open_desk: OpenDesk, theme: Theme, served: ServedIdentity
) -> None:
    desk = await open_desk()
    served.revoke(YOU)
    view = await show_rights(desk, theme)
    await until(lambda: desk.banners, within_s=20, what="the banner")
    calls = Calls(desk.window, desk.window.room.notices)
    vaults: list[object] = []
    subscription = desk.services.subscription
    calls.run(
        "vaults",
        lambda: desk.services.gateways.vaults.list_vaults(subscription),
        doing="Reading vaults",
        on_result=vaults.append,
    )
    await until(lambda: len(desk.services.renewal._waiting) == 2, within_s=20, what="both to wait")
    assert desk.banners == ["Your sign-in to contoso has ended"]
    assert not answers(view)

    await desk.sign_in_again()
    await until(lambda: vaults and answers(view), within_s=20, what="both to go on")
    assert desk.banners == []
    assert desk.renewed == [1]
    calls.cancel_all()


async def test_a_run_and_the_feeds_go_on_and_nothing_is_sent_twice(open_desk: OpenDesk, served: ServedIdentity) -> None:
    desk = await open_desk()
    services = desk.services
    vault = services.home_vault
    assert vault is not None
    estate = await services.inventory.estate(vault, services.subscription, target_group=vault.resource_group)
    actions = actions_for(contoso_draft(estate, "DC01", "WEB-01"), estate, services.rules)
    feeds: VaultFeeds = services.feeds(vault)
    stop = feeds.protected_items.subscribe(lambda: None)
    await until(lambda: feeds.protected_items.value is not None, within_s=20)
    working = asyncio.get_running_loop().create_task(
        services.runner.carry_out(await services.runner.plan("Set up", actions))
    )
    served.revoke(YOU)
    await until(lambda: desk.banners, within_s=20, what="the banner")
    await feeds.protected_items.refresh()
    assert isinstance(feeds.protected_items.error, SignInRequired)
    assert not working.done()

    await desk.sign_in_again()
    assert (await asyncio.wait_for(working, 60)).is_done
    await until(lambda: feeds.protected_items.error is None, within_s=20)
    await feeds.protected_items.refresh()
    assert {item.friendly_name for item in feeds.protected_items.value or ()} >= {"DC01", "WEB-01"}
    jobs = await services.jobs.jobs(vault)
    enabled = [job.target_name for job in jobs if job.scenario == "EnableDr"]
    assert sorted(enabled) == sorted(set(enabled))
    stop()
    await feeds.aclose()


async def test_a_challenge_is_met_unseen(open_desk: OpenDesk, served: ServedIdentity) -> None:
    desk = await open_desk()
    served.challenge(YOU)
    assert await desk.services.gateways.vaults.list_vaults(desk.services.subscription)
    assert desk.banners == []


async def test_an_account_that_was_disabled_is_told_as_the_cause(open_desk: OpenDesk, served: ServedIdentity) -> None:
    desk = await open_desk()
    served.disable(YOU)
    served.challenge(YOU)
    with pytest.raises(SignInRequired):
        await desk.services.gateways.vaults.list_vaults(desk.services.subscription)
    (notice,) = desk.window.room.notices.notices
    assert notice.text.startswith("The account is disabled. Ask your administrator, or use another account.")


async def test_the_browser_opens_at_once(open_desk: OpenDesk, served: ServedIdentity) -> None:
    desk = await open_desk(SignInMethod.BROWSER)
    await lose(desk, served, YOU)
    person = Person(served.ca, YOU)
    with browser(person):
        await desk.press_sign_in()
        assert desk.sheet.is_busy
        await until(lambda: desk.watch.sheet is None, within_s=20)
        await asyncio.to_thread(person.finish)
    assert desk.banners == []


async def lose(desk: Desk, served: ServedIdentity, who: str) -> None:
    served.revoke(who)
    with pytest.raises(SignInRequired):
        await desk.services.gateways.vaults.list_vaults(desk.services.subscription)
    assert desk.banners == ["Your sign-in to contoso has ended"]


async def test_of_an_application_the_secret_alone_is_asked(open_desk: OpenDesk, served: ServedIdentity) -> None:
    desk = await open_desk(SignInMethod.CLIENT_SECRET)
    served.change_secret(ROBOT, "the-new-secret")
    served.challenge(ROBOT)
    with pytest.raises(SignInRequired):
        await desk.services.gateways.vaults.list_vaults(desk.services.subscription)
    await desk.press_sign_in()
    sheet = desk.sheet
    assert not sheet.is_busy
    for typed, says in (("", "Give the client secret."), (ROBOT_SECRET, "The client secret is wrong.")):
        QTest.keyClicks(sheet.secret.edit, typed)
        sheet.submit_button.click()
        await until(lambda says=says: says in sheet.secret.message, within_s=20)
        assert sheet.secret.edit.text() == ""
    QTest.keyClicks(sheet.secret.edit, "the-new-secret")
    QTest.keyClick(sheet.secret.edit, Qt.Key.Key_Return)
    await until(lambda: desk.watch.sheet is None, within_s=20)
    assert desk.banners == []
    assert await desk.services.gateways.vaults.list_vaults(desk.services.subscription)


async def test_below_a_sheet_the_banner_stands_in_the_sheet_which_stays(
    open_desk: OpenDesk, theme: Theme, served: ServedIdentity
) -> None:
    desk = await open_desk()
    below = ModalSheet(theme, "Change something", "What was typed must not be lost.", submit="Change")
    field = LineEdit(theme)
    below.body.addWidget(field)
    desk.window.open_sheet(below)
    field.setText("typed")
    served.revoke(YOU)
    with pytest.raises(SignInRequired):
        await desk.services.gateways.vaults.list_vaults(desk.services.subscription)

    button = below.findChild(Button, f"banner_{ENDED}_action_0")
    assert button is not None
    assert button.isVisible()
    assert button in below._stops()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.window.sheet is desk.sheet
    desk.served.enter(await desk.code())
    await until(lambda: desk.watch.sheet is None, within_s=20, what="the sheet to close")
    assert desk.window.sheet is below
    assert below.isVisible()
    assert field.text() == "typed"
    assert not [each for each in below.findChildren(Button) if ENDED in each.objectName() and each.isVisible()]
    below.close_sheet()
    assert desk.window.sheet is None


async def test_closing_the_sheet_is_quiet_and_the_banner_stays(open_desk: OpenDesk, served: ServedIdentity) -> None:
    desk = await open_desk()
    await lose(desk, served, YOU)
    await desk.press_sign_in()
    await desk.code()
    button = desk.sheet.findChild(QAbstractButton, "sign-in-open-page")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.opened
    QTest.keyClick(desk.sheet, Qt.Key.Key_Escape)
    await until(lambda: desk.watch.sheet is None)
    await no_one_signs_in()
    assert desk.banners == ["Your sign-in to contoso has ended"]
    await desk.sign_in_again()


async def test_a_banner_that_was_closed_comes_back_when_something_needs_it(
    open_desk: OpenDesk, served: ServedIdentity
) -> None:
    desk = await open_desk()
    await lose(desk, served, YOU)
    desk.window.room.notices.withdraw(ENDED)
    assert desk.banners == []
    with pytest.raises(SignInRequired):
        await desk.services.gateways.vaults.list_vaults(desk.services.subscription)
    assert desk.banners == ["Your sign-in to contoso has ended"]


@pytest.mark.parametrize("keep", [False, True])
async def test_it_is_kept_again_as_it_was(
    open_desk: OpenDesk, served: ServedIdentity, store: SmallStore, keep: bool
) -> None:
    desk = await open_desk(keep=keep)
    await lose(desk, served, YOU)
    await desk.sign_in_again()
    assert bool(store.held) is keep


async def test_somebody_else_is_told(open_desk: OpenDesk, served: ServedIdentity) -> None:
    desk = await open_desk()
    await lose(desk, served, YOU)
    await desk.sign_in_again(READER)
    (notice,) = desk.window.room.notices.notices
    assert (notice.key, notice.title) == (OTHER_ACCOUNT, f"You are signed in as {READER} now")
    assert YOU in notice.text


async def test_signing_in_elsewhere_takes_the_banner_away(
    open_desk: OpenDesk, served: ServedIdentity, port: AzureSignIn
) -> None:
    one, other = await open_desk(), await open_desk()
    await lose(one, served, YOU)
    assert other.banners == one.banners

    def enter(code: DeviceCode) -> None:
        served.enter(code.code)

    assert one.services.sign_in is not None
    await port.sign_in(one.services.sign_in.wish, show=enter)
    assert one.banners == other.banners == []
    assert (one.renewed, other.renewed) == ([1], [1])


async def test_a_connection_that_is_closed_lets_go_of_whoever_waits(
    open_desk: OpenDesk, served: ServedIdentity
) -> None:
    desk = await open_desk()
    await lose(desk, served, YOU)
    reading = asyncio.get_running_loop().create_task(
        desk.services.renewal.go_on(lambda: desk.services.gateways.vaults.list_vaults(desk.services.subscription))
    )
    await until(lambda: desk.services.renewal._waiting, within_s=20)
    desk.watch.close()
    with pytest.raises(SignInRequired):
        await reading
    assert desk.window.room.notices.renewal is None


async def test_the_set_up_keeps_its_answers_and_its_run(
    open_desk: OpenDesk, theme: Theme, served: ServedIdentity, tmp_path: Path
) -> None:
    """Lost before the review reads Azure, and again while it runs."""
    served.simulator.clock.set_speed(60)  # as fast as others are, its hosts would be silent for long in a moment
    desk = await open_desk()
    services, room = desk.services, desk.window.room
    vault = services.home_vault
    assert vault is not None
    estate = await services.inventory.estate(vault, services.subscription, target_group=vault.resource_group)
    draft = replace(contoso_draft(estate, "DC01", "WEB-01"), position="enable", visited=VISITED)
    store = DraftStore(tmp_path / "a.setup.json")
    wizard = SetUpWizard(theme, services, store, room.notices, Asking(theme, room, room), draft=draft)
    room.add_view("set_up", "Set up", "set_up", wizard, full=True)
    room.show_view("set_up")
    await until(lambda: wizard.controller.is_open, within_s=20, what="the set-up to open")

    def button(name: str) -> QAbstractButton:
        found = wizard.findChild(QAbstractButton, name)
        assert found is not None, name
        return found

    def press(name: str) -> None:
        """For a button that may rest: until it has done what it does."""
        if button(name).isEnabled():
            QTest.mouseClick(button(name), Qt.MouseButton.LeftButton)

    await until(button("wizard-next").isEnabled)
    served.revoke(YOU)
    press("wizard-next")
    await until(lambda: desk.banners, within_s=20, what="the banner")
    assert wizard.controller.flow.position.id == "review"
    assert wizard.controller.calls.is_running("read")
    await desk.sign_in_again()
    await until(lambda: not wizard.controller.calls.is_running("read"), within_s=20, what="the reading to end")
    assert wizard.controller.flow.draft.machines == draft.machines
    assert desk.banners == []

    served.revoke(YOU)
    await until(lambda: press("review-run") or isinstance(wizard.page, RunPage), within_s=20, what="the run to begin")
    await until(lambda: desk.banners, within_s=20, what="the banner once more")
    await until(lambda: "Waits for you to sign in" in said_of_actions(wizard), within_s=20, what="the page to say so")
    await desk.sign_in_again()
    await until(lambda: run_is_done(services), within_s=60, what="the run")
    jobs = await services.jobs.jobs(vault)
    enabled = [job.target_name for job in jobs if job.scenario == "EnableDr" and job.target_name in ("DC01", "WEB-01")]
    assert sorted(enabled) == ["DC01", "WEB-01"]
    await wizard.aclose()


def said_of_actions(wizard: SetUpWizard) -> set[str]:
    """What the page of the run says is going on."""
    page = wizard.page
    return {row.action.text for row in page.table.model.records()} if isinstance(page, RunPage) else set()


def run_is_done(services: Services) -> bool:
    """Whether every run that was begun is over, all of it confirmed."""
    runs = services.runner._runs.values()
    return bool(runs) and all(run.snapshot.is_done and not run.is_running for run in runs)
