"""The choice between a storage account and managed disks, and what stands beside either."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.host_report import HostReports
from app.flows.checks import check_target
from app.flows.draft import ReplicaKind, SetUpDraft
from app.flows.step import Context
from tests.support import estates, told
from ui.theme.theme import Theme
from ui.wizard.pages.replica_card import ReplicaCard

Show = Callable[[QWidget], Awaitable[None]]
ACCOUNT, DISKS = ReplicaKind.STORAGE_ACCOUNT, ReplicaKind.MANAGED_DISK
DRAFT = estates.ready_draft()


def of_kind(replica: ReplicaKind) -> SetUpDraft:
    return replace(DRAFT, target=replace(DRAFT.target, replica=replica))


def fact(card: ReplicaCard, kind: ReplicaKind, name: str) -> str:
    return dict(card.choices[kind].facts)[name]


def dates(card: ReplicaCard) -> str:
    label = card.findChild(QLabel, "target-replica-dates")
    assert label is not None
    return label.text()


@pytest.fixture
def loaded(theme: Theme, qtbot: QtBot) -> Callable[..., ReplicaCard]:
    def load(draft: SetUpDraft = DRAFT, context: Context | None = None) -> ReplicaCard:
        context = context or estates.context()
        card = ReplicaCard(theme)
        qtbot.addWidget(card)
        card.load(draft, context)
        card.show_issues(check_target(draft, context))
        return card

    return load


@pytest.mark.parametrize("kind", list(ReplicaKind))
def test_the_drafts_kind_is_the_chosen_one(loaded: Callable[..., ReplicaCard], kind: ReplicaKind) -> None:
    card = loaded(of_kind(kind))
    assert [each for each, choice in card.choices.items() if choice.isChecked()] == [kind]
    assert card.first_focus() is card.choices[kind]


async def test_the_other_kind_is_chosen_by_click_and_by_keyboard(
    loaded: Callable[..., ReplicaCard], shown: Show, qtbot: QtBot
) -> None:
    card = loaded()
    await shown(card)
    heard: list[ReplicaKind] = []
    card.chosen.connect(heard.append)
    qtbot.mouseClick(card.choices[DISKS], Qt.MouseButton.LeftButton)
    qtbot.keyClick(card.choices[DISKS], Qt.Key.Key_Up)
    assert heard == [DISKS, ACCOUNT]


def test_either_says_what_it_costs_and_how_that_is_known(loaded: Callable[..., ReplicaCard]) -> None:
    card = loaded()
    assert fact(card, ACCOUNT, "Cost").endswith("USD a month (3 machines, taken as full)")
    assert fact(card, DISKS, "Cost").endswith("USD a month (3 machines, in whole size steps)")
    assert dates(card) == "Rules of May 2026. Estimates by list prices of January 2023, unconfirmed."
    card = loaded(context=replace(estates.context(), reports=told.reports()))
    assert fact(card, ACCOUNT, "Cost").endswith("(3 machines, by what is used)")


def test_without_machines_it_says_how_it_is_billed(loaded: Callable[..., ReplicaCard]) -> None:
    card = loaded(replace(DRAFT, machines=()), estates.context(estates.contoso(protectable_items=())))
    assert fact(card, ACCOUNT, "Cost") == "by what is used"


@pytest.mark.parametrize(
    ("profile", "account", "disks", "failback", "dated"),
    [
        (
            "seed-2017",
            "at most 1,023 GiB",
            None,
            "to the host a machine came from, or another",
            "failback: rule of February",
        ),
        ("2026-05", "at most 4,095 GiB", "newer than 2.0.9214.0", "needs agent 2.0.9214 or newer", "Rules of May 2026"),
        ("2026-09", "at most 4,095 GiB", "newer than 2.0.9214.0", "needs agent 2.0.9214", "Size: rule of September"),
    ],
)
def test_sizes_and_failback_are_those_of_the_limits_in_force(
    loaded: Callable[..., ReplicaCard], profile: str, account: str, disks: str | None, failback: str, dated: str
) -> None:
    card = loaded(context=estates.context(profile=profile))
    assert account in fact(card, ACCOUNT, "Size")
    assert failback in fact(card, ACCOUNT, "Failback")
    assert dated in dates(card)
    assert card.choices[DISKS].isEnabled() is (disks is not None)
    if disks is None:
        assert "By the limits of February 2017" in card.choices[DISKS].accessibleDescription()
        assert card.choices[DISKS].facts == ()
    else:
        assert disks in fact(card, DISKS, "Size")


def test_a_kind_that_the_limits_do_not_know_says_so_and_the_other_takes_the_keyboard(
    loaded: Callable[..., ReplicaCard],
) -> None:
    card = loaded(of_kind(DISKS), estates.context(profile="seed-2017"))
    assert card.message.startswith("By the limits of February 2017")
    assert card.first_focus() is card.choices[ACCOUNT]


def test_disks_too_large_for_an_account_are_counted_and_warned_of(loaded: Callable[..., ReplicaCard]) -> None:
    machine = estates.machine("ARCHIVE", data_gib=(6000, 5000))
    estate = estates.contoso(protectable_items=(machine,))
    draft = replace(DRAFT, machines=(estates.choice(machine),))
    card = loaded(draft, estates.context(estate))
    assert fact(card, ACCOUNT, "Size") == "disks of at most 4,095 GiB; 2 are larger"
    assert card.message.startswith("ARCHIVE has a disk above 4,095 GiB")


@pytest.mark.parametrize(("redundancy", "words"), [("GRS", "in a second region too"), ("LRS", "within the region")])
def test_copies_are_those_of_the_chosen_account(
    loaded: Callable[..., ReplicaCard], redundancy: str, words: str
) -> None:
    account = estates.storage(redundancy=redundancy)
    card = loaded(context=estates.context(estates.contoso(storage_accounts=(account,))))
    assert words in fact(card, ACCOUNT, "Copies")
    assert "within the region alone" in fact(card, DISKS, "Copies")


@pytest.mark.parametrize(("width", "is_stacked"), [(1000, False), (700, True)])
async def test_the_answers_stand_side_by_side_where_there_is_room(
    loaded: Callable[..., ReplicaCard], shown: Show, width: int, is_stacked: bool
) -> None:
    card = loaded()
    card.resize(width, 600)
    await shown(card)
    account, disks = card.choices[ACCOUNT].geometry(), card.choices[DISKS].geometry()
    assert (disks.top() > account.bottom()) is is_stacked
    for choice in card.choices.values():
        assert choice.height() >= choice.heightForWidth(choice.width())


def test_words_follow_what_hosts_tell_meanwhile(loaded: Callable[..., ReplicaCard]) -> None:
    card = loaded()
    before = fact(card, ACCOUNT, "Cost")
    card.load(DRAFT, replace(estates.context(), reports=told.reports()))
    assert fact(card, ACCOUNT, "Cost") != before
    card.load(DRAFT, replace(estates.context(), reports=HostReports()))
    assert fact(card, ACCOUNT, "Cost") == before


async def test_the_type_of_managed_disks_is_chosen_beside_what_it_costs(
    loaded: Callable[..., ReplicaCard], shown: Show, qtbot: QtBot
) -> None:
    card = loaded(of_kind(DISKS))
    await shown(card)
    assert [button.text() for button in card.types.buttons.values()] == ["Standard HDD", "Standard SSD", "Premium SSD"]
    assert [kind for kind, button in card.types.buttons.items() if button.isChecked()] == ["StandardSSD_LRS"]
    assert all("a month" in button.accessibleDescription() for button in card.types.buttons.values())
    heard: list[str] = []
    card.type_chosen.connect(heard.append)
    qtbot.mouseClick(card.types.buttons["Premium_LRS"], Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert heard == ["Premium_LRS"]
    draft = of_kind(DISKS)
    card.load(replace(draft, target=replace(draft.target, disk_type="Premium_LRS")), estates.context())
    assert card.types.buttons["Premium_LRS"].isChecked()


@pytest.mark.parametrize("draft", [of_kind(ACCOUNT), of_kind(DISKS)])
def test_no_type_is_asked_for_where_data_goes_to_an_account_or_limits_know_no_managed_disks(
    loaded: Callable[..., ReplicaCard], draft: SetUpDraft
) -> None:
    profile = "seed-2017" if draft.target.replica is DISKS else "2026-05"
    assert loaded(draft, estates.context(profile=profile)).types.isHidden()
