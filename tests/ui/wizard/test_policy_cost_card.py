"""The card of what a policy costs: its lines with what they stand on, and the difference in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.domain.policy_rules import PolicyFigures
from app.flows.draft import SetUpDraft
from app.flows.policy_cost import CostDifference
from tests.support import estates, told
from ui.theme.theme import Theme
from ui.wizard.pages.policy_cost_card import PolicyCostCard
from ui.wizard.pages.policy_cost_words import difference_words, money_text, seconds_text


@pytest.fixture
def card(theme: Theme, qtbot: QtBot) -> PolicyCostCard:
    made = PolicyCostCard(theme)
    qtbot.addWidget(made)
    return made


def line(card: PolicyCostCard, title: str) -> str:
    return next(text for text in card.texts if text.startswith(title))


def with_policy(copy_frequency_s: int, retention_h: int, app_h: int, mbps: float | None = 100) -> SetUpDraft:
    ready = estates.ready_draft()
    policy = replace(
        ready.policy,
        copy_frequency_s=copy_frequency_s,
        retention_h=retention_h,
        app_consistent_frequency_h=app_h,
    )
    return replace(ready, policy=policy, capacity=replace(ready.capacity, bandwidth_mbps=mbps))


def test_each_figure_says_what_it_stands_on(card: PolicyCostCard) -> None:
    card.load(with_policy(30, 12, 4), estates.context())
    assert "Changes of 12 h of 3 machines" in line(card, "Storage in Azure: +30.8 GiB")
    assert "list prices of January 2023" in line(card, "Price a month: +2.83 USD")
    assert "3 of them application-consistent; 6 a day" in line(card, "Recovery points: 12 a machine")
    assert "was not measured on all machines" in line(card, "In the machines: not known")
    assert "every 30 s carries about 21.9 MiB, and takes 1.8 s" in line(card, "On the line: 6 % of it")
    assert "The line keeps up." in line(card, "On the line")
    assert "A log that fills 50 % of its disk, 474 GiB in all, is given up" in line(
        card, "On the hosts, between copies: 21.9 MiB"
    )


def test_as_long_as_no_machine_is_chosen_all_count_that_could_be(card: PolicyCostCard) -> None:
    card.load(replace(with_policy(30, 12, 4), machines=()), estates.context())
    assert "machines, all that could be protected" in line(card, "Storage in Azure")


def test_measured_machines_are_named_with_the_remedy(card: PolicyCostCard) -> None:
    estate = estates.contoso()
    context = replace(estates.context(estate), reports=told.reports(estate, minutes=10_080, mib_s=3))
    card.load(with_policy(30, 12, 1, mbps=20), context)
    assert "WEB-01" in line(card, "In the machines: slows busy ones")
    assert "Take points less often." in line(card, "In the machines")
    assert "It falls behind" in line(card, "On the line")


@pytest.mark.parametrize(
    ("draft", "title", "words"),
    [
        (with_policy(300, 0, 0), "Storage in Azure: nothing", "Only the latest point is kept."),
        (with_policy(300, 0, 0), "Recovery points: the latest only", "None is application-consistent."),
        (with_policy(300, 1, 0), "Recovery points: 1 a machine", "None is application-consistent."),
        (with_policy(300, 4, 0), "In the machines: nothing", "as after a power cut"),
        (with_policy(300, 4, 0, mbps=None), "On the line: –", "Type what the line gives on Capacity."),
    ],
)
def test_words(card: PolicyCostCard, draft: SetUpDraft, title: str, words: str) -> None:
    card.load(draft, estates.context())
    assert words in line(card, title)


def test_the_difference_stands_only_where_there_is_another_policy(card: PolicyCostCard) -> None:
    draft, context = with_policy(300, 24, 4), estates.context()
    card.load(draft, context)
    assert card.difference_text == ""
    card.load(draft, context, before=PolicyFigures(300, 12, 4), against="HQ-5min")
    assert card.difference_text == "Against HQ-5min: +30.8 GiB, +2.83 USD a month."
    card.load(draft, context, before=PolicyFigures(30, 24, 4), against="Gold")
    assert card.difference_text == "Costs the same as Gold."
    card.load(draft, context, before=PolicyFigures(300, 24, 4), against="itself")
    assert card.difference_text == ""


def test_without_machines_it_says_what_is_missing_and_comes_back(card: PolicyCostCard) -> None:
    draft = replace(with_policy(300, 12, 4), machines=())
    card.load(draft, estates.context(estates.contoso(protectable_items=())))
    assert card.cost is None
    card.load(draft, estates.context())
    assert card.cost is not None


@pytest.mark.parametrize(
    ("gib", "month", "words"),
    [
        (12.0, 1.1, "+12 GiB, +1.10 USD a month."),
        (-12.0, -1.1, "−12 GiB, −1.10 USD a month."),
        (0.5, 0.001, "+512 MiB."),
        (0.0, 0.0, "Costs the same as HQ."),
        (1e-4, 1e-4, "Costs the same as HQ."),
    ],
)
def test_difference_in_one_line(gib: float, month: float, words: str) -> None:
    assert difference_words(CostDifference(gib, month, "USD"), "HQ").endswith(words)


def test_units() -> None:
    assert [money_text(each, "USD") for each in (1.1, 1234.5)] == ["1.10 USD", "1,234 USD"]
    assert [seconds_text(each) for each in (2.84, 28.4, 300)] == ["2.8 s", "28 s", "5 min"]
