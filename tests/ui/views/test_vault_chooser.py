"""The list of all vaults: rows as they come, filters, what cannot be chosen and why, empty states, and a new vault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.domain.azure import Subscription, Tenant
from app.domain.vault_contents import Scenario, VaultContents
from app.errors import PermissionDenied, Remedy, SignInRequired, Unreachable
from app.services.account import Account
from app.services.vault_catalogue import VaultEntry
from app.simulator.service import Simulator
from tests.support.catalogue import (
    GUEST,
    HOME,
    HYPER_V,
    FakeAccount,
    fake_account,
    practice_account,
    subscription,
    vault,
)
from tests.support.practice import Wire
from tests.support.waiting import until
from ui.notices import NoticeHub
from ui.tables.states import Message
from ui.tables.table_view import TableState
from ui.theme.theme import Theme
from ui.views.connect.vaults import VaultChooser
from ui.widgets.line_edit import LineEdit
from ui.widgets.picker import Picker

pytestmark = pytest.mark.slow

Show = Callable[[QWidget], Awaitable[None]]
W = TypeVar("W", bound=QWidget)

_TURNS_TO_END = 10
"""For what was cancelled."""

ONE, TWO = subscription(1, name="Contoso DR"), subscription(2, name="Contoso test")
CLOSED = subscription(3, name="Closed", state="Disabled")


def usual() -> FakeAccount:
    return FakeAccount(
        tenants=[HOME],
        subscriptions={HOME.id: [ONE, TWO, CLOSED]},
        vaults={
            ONE.id: [
                vault(ONE, "asr-hyper-v", tags=(("owner", "me"),), redundancy="GeoRedundant"),
                vault(ONE, "asr-empty"),
            ],
            TWO.id: [vault(TWO, "asr-vmware", "northeurope")],
            CLOSED.id: [vault(CLOSED, "asr-closed")],
        },
        contents={"asr-hyper-v": HYPER_V, "asr-vmware": VaultContents((Scenario.VMWARE,), 5, 1)},
    )


class Opened:
    """The chooser on screen with what it emitted."""

    def __init__(self, theme: Theme, account: Account) -> None:
        self.account = account
        self.notices = NoticeHub()
        self.chooser = VaultChooser(theme, account, self.notices, who="you@contoso.com")
        self.chooser.resize(1360, 800)
        self.chosen: list[VaultEntry] = []
        self.created: list[VaultEntry] = []
        self.asked: list[Tenant] = []
        self.chooser.chosen.connect(self.chosen.append)
        self.chooser.created.connect(self.created.append)
        self.chooser.sign_in_requested.connect(self.asked.append)

    @property
    def names(self) -> list[str]:
        return [row.entry.vault.name for row in self.chooser.model.shown_records()]

    def find(self, kind: type[W], name: str) -> W:
        found = self.chooser.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name: str) -> None:
        QTest.mouseClick(self.find(QAbstractButton, name), Qt.MouseButton.LeftButton)

    async def read(self) -> None:
        await until(
            lambda: self.account.catalogue.catalogue.has_read and not self.account.catalogue.catalogue.is_reading
        )
        await until(lambda: self.chooser.model.total_count == len(self.account.catalogue.catalogue.vaults))

    async def select(self, name: str) -> None:
        key = next(row.key for row in self.chooser.model.records() if row.entry.vault.name == name)
        self.chooser.select(key)
        await until(lambda: self.chooser.current is not None and self.chooser.current.key == key)
        await until(lambda: self.chooser.current.entry.contents or self.chooser.current.entry.problem)

    async def told_empty(self, title: str) -> Message:
        """What stands in place of rows, once it says this."""
        table = self.chooser.table
        await until(lambda: table.message is not None and table.message.title == title, what=title)
        assert table.message is not None
        return table.message

    def type(self, name: str, text: str) -> None:
        edit = self.find(LineEdit, name)
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)

    def pick(self, name: str, key: str) -> None:
        picker = self.find(Picker, name)
        row = [option.key for option in picker.options].index(key)
        picker.setCurrentIndex(row)
        picker.activated.emit(row)


@asynccontextmanager
async def shown_chooser(theme: Theme, shown: Show, account: Account) -> AsyncIterator[Opened]:
    opened = Opened(theme, account)
    await shown(opened.chooser)
    try:
        yield opened
    finally:
        opened.chooser.hide()
        opened.chooser._calls.cancel_all()
        opened.chooser.new_vault._calls.cancel_all()
        for _ in range(_TURNS_TO_END):
            await asyncio.sleep(0)


@pytest.fixture
async def open_with(theme: Theme, shown: Show) -> AsyncIterator[Callable[[FakeAccount], Awaitable[Opened]]]:
    async with AsyncExitStack() as ends:

        async def open_it(gateway: FakeAccount) -> Opened:
            account = fake_account(gateway)
            ends.push_async_callback(account.aclose)
            return await ends.enter_async_context(shown_chooser(theme, shown, account))

        yield open_it


Open = Callable[[FakeAccount], Awaitable[Opened]]


@pytest.fixture
async def opened(open_with: Open) -> Opened:
    found = await open_with(usual())
    await found.read()
    return found


# Rows


async def test_every_vault_stands_with_its_subscription_region_and_what_it_holds(opened: Opened) -> None:
    assert opened.names == ["asr-hyper-v", "asr-empty", "asr-vmware", "asr-closed"]
    await until(lambda: all(row.entry.contents for row in opened.chooser.model.records()))
    await until(lambda: "12 machines, 2 hosts" in [row.holds for row in opened.chooser.model.records()])
    told = {row.entry.vault.name: (row.region, row.holds) for row in opened.chooser.model.records()}
    assert told["asr-empty"] == ("West Europe", "Empty")
    assert told["asr-vmware"] == ("North Europe", "VMware or physical, 5 machines, 1 server")
    assert told["asr-closed"] == ("West Europe", "Subscription disabled · Empty")


async def test_the_directory_stands_only_where_there_is_more_than_one(open_with: Open) -> None:
    gateway = usual()
    opened = await open_with(gateway)
    await opened.read()
    section = opened.chooser.model.section_of("tenant")
    assert opened.chooser.table.grid.isColumnHidden(section)
    assert opened.find(QWidget, "facet_tenant").isHidden()
    gateway.tenants.append(GUEST)
    opened.chooser.read()
    await until(lambda: not opened.chooser.table.grid.isColumnHidden(section))
    assert not opened.find(QWidget, "facet_tenant").isHidden()


async def test_rows_and_progress_show_while_subscriptions_are_read(open_with: Open) -> None:
    gateway = usual()
    gateway.hold[TWO.id] = asyncio.Event()
    opened = await open_with(gateway)
    await until(lambda: "asr-hyper-v" in opened.names)
    await until(lambda: opened.chooser.reading.text == "2 of 3 subscriptions read")
    opened.press("vaults-stop")
    await until(lambda: opened.chooser.reading.text == "Stopped: 2 of 3 subscriptions read")
    assert "asr-hyper-v" in opened.names
    gateway.hold.clear()
    opened.press("vaults-go-on")
    await until(lambda: "asr-vmware" in opened.names)
    await until(lambda: opened.chooser.reading.text == "")


async def test_a_refresh_keeps_selection_and_filter(opened: Opened) -> None:
    await opened.select("asr-hyper-v")
    opened.chooser.filter.box.setText("asr")
    opened.chooser.read()
    await until(lambda: opened.account.catalogue.catalogue.is_reading)
    await opened.read()
    assert opened.chooser.current is not None
    assert opened.chooser.current.entry.vault.name == "asr-hyper-v"
    assert opened.chooser.model.filter.text == "asr"


# Filtering


async def test_typing_filters_without_asking_azure(open_with: Open) -> None:
    gateway = usual()
    opened = await open_with(gateway)
    await opened.read()
    await until(lambda: all(row.entry.contents for row in opened.chooser.model.records()))
    asked = gateway.asked.total()
    QTest.keyClicks(opened.chooser.filter.box, "north vmw")
    assert opened.names == ["asr-vmware"]
    assert opened.chooser.filter.count.text() == "1 of 4"
    QTest.keyClick(opened.chooser.filter.box, Qt.Key.Key_Escape)
    assert len(opened.names) == 4
    await asyncio.sleep(0.1)
    assert gateway.asked.total() == asked


async def test_a_filter_by_what_is_held_leaves_hyper_v_alone(opened: Opened) -> None:
    await until(lambda: all(row.entry.contents for row in opened.chooser.model.records()))
    row_filter = opened.chooser.model.filter.with_facet("use", frozenset({"Hyper-V"}))
    opened.chooser.model.set_filter(row_filter)
    assert opened.names == ["asr-hyper-v"]


async def test_nothing_that_matches_says_how_many_there_are(opened: Opened) -> None:
    opened.chooser.filter.box.setText("no such vault")
    assert opened.chooser.table.state is TableState.FILTERED
    message = opened.chooser.table.message
    assert message is not None
    assert "4" in message.text


# Choosing


async def test_a_vault_is_chosen_by_its_button_and_by_enter(opened: Opened) -> None:
    await opened.select("asr-hyper-v")
    await until(lambda: opened.chooser.use.refusal is None)
    opened.press("vault-use")
    opened.chooser.table.grid.setFocus()
    QTest.keyClick(opened.chooser.table.grid, Qt.Key.Key_Return)
    assert [entry.vault.name for entry in opened.chosen] == ["asr-hyper-v", "asr-hyper-v"]
    assert opened.chosen[0].reached_by == HOME.id


async def test_a_vault_of_another_scenario_says_why_not_and_what_would_be_right(opened: Opened) -> None:
    await opened.select("asr-vmware")
    await until(lambda: "VMware" in (opened.chooser.use.refusal.reason if opened.chooser.use.refusal else ""))
    opened.press("vault-use")
    opened.chooser.table.grid.setFocus()
    QTest.keyClick(opened.chooser.table.grid, Qt.Key.Key_Return)
    assert opened.chosen == []
    refusal = opened.chooser.use.refusal
    assert refusal is not None
    assert "VMware or physical" in refusal.reason
    assert "Azure portal" in refusal.reason
    assert refusal.ways[0].label == "New vault…"
    assert "VMware" in opened.chooser.footer.message.text


async def test_a_vault_of_a_disabled_subscription_is_not_chosen(opened: Opened) -> None:
    await opened.select("asr-closed")
    await until(lambda: "disabled" in (opened.chooser.use.refusal.reason if opened.chooser.use.refusal else ""))


async def test_the_details_tell_everything_about_a_vault(opened: Opened) -> None:
    await opened.select("asr-hyper-v")
    await until(lambda: opened.chooser.details_room.is_open)
    details = opened.chooser.details
    await until(lambda: details.answer.text == "Protects Hyper-V hosts")
    assert details.tags.text() == "owner: me"
    QTest.keyClick(details, Qt.Key.Key_Escape)
    assert not opened.chooser.details_room.is_open


async def test_a_vault_that_cannot_be_looked_into_can_be_chosen_all_the_same(open_with: Open) -> None:
    gateway = usual()
    gateway.fails["asr-empty"] = [PermissionDenied("AuthorizationFailed", "Could not look", "Ask for a role.")]
    opened = await open_with(gateway)
    await opened.read()
    await opened.select("asr-empty")
    await until(lambda: opened.chooser.use.refusal is None)


# What could not be read


async def test_a_directory_that_refuses_offers_its_sign_in(open_with: Open) -> None:
    gateway = usual()
    gateway.tenants.append(GUEST)
    remedies = (Remedy.SIGN_IN,)
    gateway.fails[GUEST.id] = [SignInRequired("TenantAsksForProof", "It asks for more", "Sign in.", remedies=remedies)]
    abroad = subscription(9, GUEST)
    gateway.subscriptions[GUEST.id] = [abroad]
    gateway.vaults[abroad.id] = [vault(abroad, "asr-abroad")]
    opened = await open_with(gateway)
    await opened.read()
    await until(lambda: "Northwind Traders" in opened.chooser.unread.text)
    opened.press("vaults-unread-fold")
    opened.press(f"sign-in-{GUEST.id}")
    assert opened.asked == [GUEST]
    opened.chooser.signed_in_to(GUEST, object())  # type: ignore[arg-type]
    await until(lambda: "asr-abroad" in opened.names)
    await until(lambda: opened.chooser.unread.text == "")


async def test_failed_subscriptions_are_told_in_one_line(open_with: Open) -> None:
    gateway = usual()
    for each in (ONE, TWO):
        gateway.fails[each.id] = [PermissionDenied("AuthorizationFailed", "Could not list vaults", "Ask.")]
    opened = await open_with(gateway)
    await opened.read()
    await until(lambda: opened.chooser.unread.text == "2 subscriptions could not be read; the others are listed")
    assert opened.names == ["asr-closed"]


async def test_no_answer_at_all_stands_in_the_table_with_a_retry(open_with: Open) -> None:
    gateway = usual()
    gateway.fails["tenants"] = [Unreachable("", "Could not list directories: no answer", "Check the network.")]
    opened = await open_with(gateway)
    await until(lambda: opened.chooser.table.state is TableState.FAILED)
    message = opened.chooser.table.message
    assert message is not None
    message.steps[0].run()
    await opened.read()
    assert len(opened.names) == 4


# Empty


async def test_no_subscription_says_whom_to_ask_for_what(open_with: Open) -> None:
    opened = await open_with(FakeAccount())
    message = await opened.told_empty("Your account reaches no subscription")
    assert "Ask an owner of a subscription to give you@contoso.com a role" in message.text
    assert opened.chooser.new_button.refusal is not None


async def test_no_vault_leads_to_a_new_one(open_with: Open) -> None:
    opened = await open_with(FakeAccount(subscriptions={HOME.id: [ONE, TWO]}))
    message = await opened.told_empty("There is no Recovery Services vault in 2 subscriptions")
    assert [step.label for step in message.steps] == ["New vault…"]


async def test_without_any_rights_it_says_which_role_to_ask_for(open_with: Open) -> None:
    gateway = FakeAccount(subscriptions={HOME.id: [ONE]})
    gateway.fails[ONE.id] = [PermissionDenied("AuthorizationFailed", "Could not list vaults", "Ask.")]
    opened = await open_with(gateway)
    message = await opened.told_empty("In none of your subscriptions may you see vaults")
    assert "Site Recovery Reader" in message.text


async def test_closing_while_it_reads_leaves_nothing_behind(open_with: Open) -> None:
    gateway = usual()
    gateway.hold["tenants"] = asyncio.Event()
    opened = await open_with(gateway)
    await until(lambda: gateway.under_way)
    opened.chooser.close()
    opened.chooser._calls.cancel_all()
    await until(lambda: not gateway.under_way)


# A new vault


@asynccontextmanager
async def practised(theme: Theme, shown: Show) -> AsyncIterator[tuple[Opened, Wire, Simulator]]:
    async with (
        practice_account(subscriptions=2, vaults=2) as (account, wire, simulator),
        shown_chooser(theme, shown, account) as opened,
    ):
        await opened.read()
        yield opened, wire, simulator


def subscription_named(opened: Opened, name: str) -> Subscription:
    found = opened.account.catalogue.catalogue.subscriptions
    return next(each.subscription for each in found if each.subscription.name == name)


async def open_sheet(opened: Opened, name: str) -> None:
    opened.chooser.new_vault.open(subscription_named(opened, name).id)
    await until(lambda: len(opened.find(Picker, "vault-region").options) > 10)


async def test_a_vault_is_created_from_the_list_and_selected(theme: Theme, shown: Show) -> None:
    async with practised(theme, shown) as (opened, wire, _):
        await open_sheet(opened, "Brand-new landing zone")
        opened.type("vault-name", "asr-new-weu")
        opened.type("vault-new-resource-group", "rg-dr")
        opened.pick("vault-region", "westeurope")
        opened.pick("vault-redundancy", "ZoneRedundant")
        opened.press("tag-add")
        opened.type("tag-name-0", "costCenter")
        opened.type("tag-value-0", "4711")
        assert wire.writes == []
        opened.press("vault-create")
        await until(lambda: opened.created, within_s=30)
        (entry,) = opened.created
        assert (entry.vault.redundancy, entry.vault.tags) == ("ZoneRedundant", (("costCenter", "4711"),))
        assert opened.chooser.new_vault.sheet is None
        await until(lambda: opened.chooser.current is not None and opened.chooser.current.key == entry.key)
        assert [write.path.rsplit("/", 1)[-1] for write in wire.writes].count("register") == 4


async def test_a_reader_is_told_before_anything_is_sent(theme: Theme, shown: Show) -> None:
    async with practised(theme, shown) as (opened, wire, _):
        await open_sheet(opened, "Group controlling")
        opened.type("vault-name", "asr-new-weu")
        group = opened.find(Picker, "vault-resource-group").options[1].key
        opened.pick("vault-resource-group", group)
        sheet = opened.chooser.new_vault.sheet
        assert sheet is not None
        await until(lambda: sheet.obstacle)
        assert "Ask an owner of the subscription" in sheet.obstacle
        assert opened.find(QWidget, "vault-copy-request").isVisible()
        assert wire.writes == []


async def test_a_locked_group_is_told_with_its_lock(theme: Theme, shown: Show) -> None:
    async with practised(theme, shown) as (opened, _, _):
        await open_sheet(opened, "Change freeze")
        opened.type("vault-name", "asr-new-weu")
        opened.pick("vault-resource-group", opened.find(Picker, "vault-resource-group").options[1].key)
        sheet = opened.chooser.new_vault.sheet
        assert sheet is not None
        await until(lambda: "change-freeze" in sheet.obstacle)
        opened.press("vault-create")
        await until(lambda: sheet.failure, within_s=30)
        assert "lock" in sheet.failure
        assert not sheet.is_busy


async def test_wrong_answers_are_told_at_their_fields_and_nothing_is_sent(theme: Theme, shown: Show) -> None:
    async with practised(theme, shown) as (opened, wire, _):
        await open_sheet(opened, "Retail prod 001")
        opened.type("vault-name", "asr-new-weu")
        opened.pick("vault-resource-group", opened.find(Picker, "vault-resource-group").options[1].key)
        opened.press("tag-add")
        opened.type("tag-name-0", "a/b")
        opened.press("vault-create")
        assert opened.find(QWidget, "tag-name-0").hasFocus()
        told = opened.find(QWidget, "tag-problem-0")
        assert told.isVisible()
        assert "“/” can’t stand in a name" in told.text  # type: ignore[attr-defined]
        assert wire.writes == []


async def test_the_redundancy_follows_the_region_until_it_is_chosen(theme: Theme, shown: Show) -> None:
    async with practised(theme, shown) as (opened, _, _):
        await open_sheet(opened, "Retail prod 001")
        redundancy = opened.find(Picker, "vault-redundancy")
        opened.pick("vault-region", "westeurope")
        assert redundancy.current_key == "GeoRedundant"
        opened.pick("vault-region", "italynorth")
        assert redundancy.current_key == "ZoneRedundant"
        geo = next(option for option in redundancy.options if option.key == "GeoRedundant")
        assert geo.reason == "Italy North has no paired region"


async def test_closing_the_sheet_does_not_stop_the_vault(theme: Theme, shown: Show) -> None:
    async with practised(theme, shown) as (opened, _, _):
        await open_sheet(opened, "Brand-new landing zone")
        opened.type("vault-name", "asr-new-weu")
        opened.type("vault-new-resource-group", "rg-dr")
        opened.pick("vault-region", "westeurope")
        opened.press("vault-create")
        opened.press("vault-cancel")
        assert opened.chooser.new_vault.sheet is None
        assert opened.chooser.new_button.refusal is not None
        await until(lambda: opened.created, within_s=30)
        assert opened.chooser.new_button.refusal is None


async def test_many_subscriptions_can_be_searched_for_a_new_vault(open_with: Open) -> None:
    gateway = usual()
    gateway.subscriptions[HOME.id] = [subscription(number, HOME) for number in range(1, 30)]
    opened = await open_with(gateway)
    await opened.read()
    opened.chooser.new_vault.open("")
    sheet = opened.chooser.new_vault.sheet
    assert sheet is not None
    assert sheet._find_subscription.isVisible()
    everything = [option.text for option in sheet._subscriptions.options]
    sheet._find_subscription.setText("subscription 9")
    found = {option.text for option in sheet._subscriptions.options}
    assert found == {"Subscription 9", "Subscription 19", "Subscription 29"}
    sheet._find_subscription.clear()
    assert [option.text for option in sheet._subscriptions.options] == everything
