"""The protection goal: what the answers become, what is missing, and which product serves the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QRadioButton, QWidget

from app.domain.azure import ResourceProvider
from app.domain.prerequisite_checks import PROVIDERS, AzureSide
from app.errors import Unreachable
from app.flows.checks import check_goal
from app.flows.draft import GoalChoice, Hypervisor, SetUpDraft, SourcePlace, TargetPlace
from app.flows.goal_picture import picture_of
from tests.support import estates
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.theme.tokens import TextStyle
from ui.widgets.buttons import Button
from ui.wizard.pages.goal import GoalPage
from ui.wizard.pages.goal_diagram import GoalDiagram
from ui.wizard.requests import ReadAzureSide, ShowPrerequisites

Show = Callable[[QWidget], Awaitable[None]]
RIGHT = GoalChoice(SourcePlace.ON_PREMISES, TargetPlace.AZURE, Hypervisor.HYPER_V, uses_vmm=False)
RIGHT_CARDS = ("goal-source-on-premises", "goal-target-azure", "goal-hypervisor-hyper-v", "goal-uses-vmm-no")


class Opened:
    """The page with its draft; edits are checked as the wizard does."""

    def __init__(self, theme: Theme) -> None:
        self.context = estates.context()
        self.draft = SetUpDraft()
        self.page = GoalPage(theme)
        self.page.draft_edited.connect(self.take)
        self.page.resize(1100, 720)
        self.page.load(self.draft, self.context)
        self.check()

    def take(self, draft: SetUpDraft) -> None:
        self.draft = draft
        self.check()

    def check(self, *, insist: bool = False) -> None:
        self.page.show_issues(check_goal(self.draft, self.context), insist=insist)

    def press(self, name: str) -> None:
        card = self.page.findChild(QRadioButton, name)
        assert card is not None
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)

    def words(self, name: str) -> str:
        """What a part of the page says; empty while it is hidden."""
        part = self.page.findChild(QWidget, name)
        assert part is not None
        return " ".join(label.text() for label in part.findChildren(QLabel)) if part.isVisible() else ""


@pytest.fixture
async def opened(theme: Theme, shown: Show) -> Opened:
    opened = Opened(theme)
    await shown(opened.page)
    return opened


async def test_cards_become_the_goal(opened: Opened) -> None:
    for name in RIGHT_CARDS:
        opened.press(name)
    assert opened.draft.goal == RIGHT


async def test_answer_can_be_changed(opened: Opened) -> None:
    opened.press("goal-uses-vmm-yes")
    opened.press("goal-uses-vmm-no")
    assert opened.draft.goal.uses_vmm is False


async def test_open_questions_are_red_only_after_next(opened: Opened) -> None:
    assert opened.words("goal-source-issue") == ""
    opened.check(insist=True)
    assert opened.words("goal-source-issue") == "Say where the machines run now."
    assert opened.words("goal-uses-vmm-issue").startswith("Say whether System Center")


async def test_focus_goes_to_the_first_open_question(opened: Opened) -> None:
    opened.press("goal-source-on-premises")
    opened.check(insist=True)
    assert opened.page.first_focus().objectName() == "goal-target-azure"


@pytest.mark.parametrize(
    ("card", "place", "product"),
    [
        ("goal-source-azure", "source", "Azure to Azure"),
        ("goal-source-other-cloud", "source", "physical servers"),
        ("goal-target-second-site", "target", "Hyper-V Replica"),
        ("goal-hypervisor-vmware", "hypervisor", "Azure Site Recovery, VMware"),
        ("goal-hypervisor-physical", "hypervisor", "physical servers"),
        ("goal-uses-vmm-yes", "uses-vmm", "VMM clouds"),
    ],
)
async def test_answer_that_another_product_serves_says_which(
    opened: Opened, card: str, place: str, product: str
) -> None:
    opened.press(card)
    assert product in opened.words(f"goal-{place}-elsewhere")
    others = {"source", "target", "hypervisor", "uses-vmm"} - {place}
    assert all(opened.words(f"goal-{other}-elsewhere") == "" for other in others)


async def test_right_answer_takes_the_other_product_away(opened: Opened) -> None:
    opened.press("goal-hypervisor-vmware")
    opened.press("goal-hypervisor-hyper-v")
    assert opened.words("goal-hypervisor-elsewhere") == ""


async def test_loading_shows_the_draft_and_is_no_edit(opened: Opened) -> None:
    opened.page.load(SetUpDraft(goal=RIGHT), opened.context)
    checked = {card.objectName() for card in opened.page.findChildren(QRadioButton) if card.isChecked()}
    assert checked == set(RIGHT_CARDS)
    assert opened.draft == SetUpDraft()


async def test_arrow_keys_change_the_answer(opened: Opened) -> None:
    opened.press("goal-target-azure")
    card = opened.page.findChild(QRadioButton, "goal-target-azure")
    assert card is not None
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Right)
    assert opened.draft.goal.target is TargetPlace.SECOND_SITE


async def test_diagram_says_in_words_what_it_draws(opened: Opened) -> None:
    diagram = opened.page.findChild(GoalDiagram)
    assert diagram is not None
    assert "HTTPS, port 443" in diagram.accessibleName()


def parts(opened: Opened) -> set[str]:
    diagram = opened.page.findChild(GoalDiagram)
    assert diagram is not None
    picture = diagram.picture
    return {part.name for part in (*picture.source.parts, *picture.target.parts)}


@pytest.mark.parametrize(
    ("card", "there", "not_there"),
    [
        ("goal-source-azure", "Managed disks", "Provider and agent"),
        ("goal-source-other-cloud", "Replication appliance", "Provider and agent"),
        ("goal-target-second-site", "Replica server", "Recovery Services vault"),
        ("goal-hypervisor-vmware", "vCenter and ESXi hosts", "Hyper-V hosts"),
        ("goal-hypervisor-physical", "Physical servers", "Hyper-V hosts"),
        ("goal-uses-vmm-yes", "VMM server", "Provider and agent"),
    ],
)
async def test_diagram_shows_the_parts_of_the_flow_that_serves_the_answers(
    opened: Opened, card: str, there: str, not_there: str
) -> None:
    opened.press(card)
    assert there in parts(opened)
    assert not_there not in parts(opened)
    assert opened.words("goal-needs") == ""
    assert "not set up here" in opened.words("goal-parts")


async def test_diagram_of_the_right_goal_has_all_its_parts(opened: Opened) -> None:
    for name in RIGHT_CARDS:
        opened.press(name)
    for name in (
        "Hyper-V hosts",
        "Provider and agent",
        "Recovery Services vault",
        "Storage account",
        "Virtual network",
    ):
        assert name in parts(opened)
    assert "nothing of this is changed yet" in opened.words("goal-parts")


async def test_places_are_open_until_they_were_answered(opened: Opened) -> None:
    diagram = opened.page.findChild(GoalDiagram)
    assert diagram is not None
    assert not diagram.picture.target.is_answered
    opened.press("goal-target-azure")
    assert diagram.picture.target.is_answered
    assert not diagram.picture.source.is_answered


@pytest.mark.parametrize("width", [352, 500, 620, 900])
async def test_diagram_is_as_high_as_its_words_need(theme: Theme, width: int) -> None:
    for goal in (RIGHT, GoalChoice(SourcePlace.AZURE), GoalChoice(uses_vmm=True)):
        diagram = GoalDiagram(theme)
        diagram.show_picture(picture_of(goal))
        side = diagram._side_of(width)
        for place in (diagram.picture.source, diagram.picture.target):
            for part in place.parts:
                words = theme.height_of(part.name, TextStyle.STRONG, diagram._part_room(side))
                words += theme.height_of(part.detail, TextStyle.CAPTION, diagram._part_room(side))
                assert words <= diagram._part_height(part, side)
            assert diagram._height_of(place, side) <= diagram.heightForWidth(width)
        diagram.deleteLater()


# What is there already


def need(opened: Opened, check: str) -> str:
    return opened.words(f"goal-need-{check}")


@pytest.fixture
async def with_vault(theme: Theme, shown: Show) -> Opened:
    opened = Opened(theme)
    opened.draft = replace(estates.ready_draft(), goal=RIGHT)
    opened.page.load(opened.draft, opened.context)
    await shown(opened.page)
    return opened


async def test_estate_alone_says_at_once_what_is_there(with_vault: Opened) -> None:
    assert need(with_vault, "vault") == "There: asr-contoso-weu in West Europe."
    assert need(with_vault, "network").startswith("There:")
    assert "looked at in a moment" in need(with_vault, "rights")


async def test_azure_is_asked_once_and_its_answer_is_shown(with_vault: Opened) -> None:
    asked: list[object] = []
    with_vault.page.requested.connect(asked.append)
    await until(lambda: asked)
    assert asked == [ReadAzureSide(with_vault.draft)]
    estate = with_vault.context.estate
    side = AzureSide(
        subscription=estate.subscription(estates.SUBSCRIPTION),
        providers=tuple(ResourceProvider(name, "Registered") for name in PROVIDERS),
        vault=estate.vault,
    )
    with_vault.page.finished(ReadAzureSide(with_vault.draft), side)
    assert need(with_vault, "providers") == "Registered: All 4 are registered."
    assert "you may not" in need(with_vault, "rights")
    assert need(with_vault, "network").startswith("No network:")
    with_vault.page.load(with_vault.draft, with_vault.context)
    assert need(with_vault, "network").startswith("No network:")


async def test_answer_about_another_vault_is_not_shown(with_vault: Opened) -> None:
    other = replace(with_vault.draft, vault=replace(with_vault.draft.vault, name="elsewhere"))
    with_vault.page.finished(ReadAzureSide(other), AzureSide())
    assert need(with_vault, "vault").startswith("There:")


async def test_failed_reading_says_why_and_keeps_what_is_known(with_vault: Opened) -> None:
    error = Unreachable("x", "Could not read: the line is cut.", "Check the connection.")
    with_vault.page.finished(ReadAzureSide(with_vault.draft), error)
    assert need(with_vault, "vault").startswith("There:")
    assert "the line is cut" in need(with_vault, "rights")


async def test_vault_of_this_set_up_is_planned_not_missing(with_vault: Opened) -> None:
    vault = replace(with_vault.draft.vault, name="asr-new", create=True)
    with_vault.page.load(replace(with_vault.draft, vault=vault), with_vault.context)
    assert need(with_vault, "vault") == "Planned: asr-new will be created by this set-up."


async def test_link_leads_to_the_prerequisites(with_vault: Opened) -> None:
    asked: list[object] = []
    with_vault.page.requested.connect(asked.append)
    link = with_vault.page.findChild(Button, "goal-prerequisites")
    assert link is not None
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Space)
    assert asked == [ShowPrerequisites()]


async def test_needs_follow_the_vault_and_what_azure_has_by_now(with_vault: Opened) -> None:
    bare = estates.context(estates.contoso(networks=()))
    with_vault.page.load(with_vault.draft, bare)
    assert need(with_vault, "network").startswith("No network:")
    planned = replace(with_vault.draft, vault=replace(with_vault.draft.vault, name="asr-new", create=True))
    with_vault.page.load(planned, bare)
    assert need(with_vault, "vault").startswith("Planned: asr-new")
    with_vault.page.load(with_vault.draft, with_vault.context)
    assert need(with_vault, "vault").startswith("There:")
    assert need(with_vault, "network").startswith("There:")
