"""The protection goal: what the answers become, what is missing, and which product serves the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QRadioButton, QWidget

from app.flows.checks import check_goal
from app.flows.draft import GoalChoice, Hypervisor, SetUpDraft, SourcePlace, TargetPlace
from tests.support import estates
from ui.theme.theme import Theme
from ui.wizard.pages.goal import GoalPage
from ui.wizard.pages.goal_diagram import GoalDiagram

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
