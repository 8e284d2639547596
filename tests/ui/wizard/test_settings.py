"""The settings page: policies to choose, figures that can't stand, the first copy, and the line of time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.estate import Estate
from app.domain.first_copy import next_moment, read_time
from app.flows.checks_replication import check_settings
from app.flows.draft import PolicyChoice, SetUpDraft
from tests.support import estates
from tests.support.waiting import until
from tests.support.wizard_page import OpenedPage
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.widgets.picker import Picker
from ui.wizard.pages.policy_rows import PolicyRow
from ui.wizard.pages.settings import SettingsPage

Show = Callable[[QWidget], Awaitable[None]]

GOLD = estates.policy("Gold", copy_frequency_s=30, retention_h=24, app_h=6)
FOREIGN = replace(estates.policy("A2A"), kind="A2A")
NO_FIGURES = ("", "9" * 300, "12🙂", "99999", "0.0000001", "-5", "1\n2", "nan", "inf", "1e1", "½", "٣")


class Opened(OpenedPage):
    """The page, open in a window."""

    def __init__(self, theme: Theme, draft: SetUpDraft, estate: Estate) -> None:
        self.page = SettingsPage(theme)
        super().__init__(self.page, check_settings, draft, estates.context(estate))

    @property
    def policy(self) -> PolicyChoice:
        return self.draft.policy

    @property
    def table(self) -> TableView[PolicyRow]:
        return self.find(TableView, "settings-policies")

    def choose(self, name: str) -> None:
        """Select the policy's row, as a click does."""
        self.table.select([row.key for row in self.table.model.records() if row.name == name])

    def cells(self, *columns: str) -> list[tuple[str, ...]]:
        """What stands in these columns, row by row as they were given."""
        wanted = [column for column in self.table.model.columns if column.id in columns]
        return [tuple(column.shown_text(row) for column in wanted) for row in self.table.model.records()]


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_page(draft: SetUpDraft | None = None, **changes: object) -> Opened:
        estate = estates.contoso(**{"policies": (GOLD, FOREIGN), **changes})
        page = Opened(theme, estates.ready_draft() if draft is None else draft, estate)
        await shown(page.page)
        return page

    return open_page


async def test_loading_shows_the_new_policy_of_the_draft_and_edits_nothing(opened: Open) -> None:
    page = await opened()
    assert page.find(QLineEdit, "settings-name").text() == "HQ-5min"
    assert page.find(QLineEdit, "settings-retention").text() == "12"
    assert page.find(QLineEdit, "settings-app-consistent").text() == "4"
    assert page.find(Picker, "settings-copy-frequency").current_key == "300"
    assert page.edits == 0


async def test_policies_of_another_kind_are_listed_with_the_reason(opened: Open) -> None:
    page = await opened()
    assert page.cells("name", "every", "kept", "state") == [
        ("HQ-5min", "5 min", "12 h", "Created when you run"),
        ("Gold", "30 s", "24 h", "Not in use"),
        ("A2A", "–", "–", "Another kind"),
    ]


async def test_picking_a_policy_takes_its_figures(opened: Open) -> None:
    page = await opened()
    page.choose("Gold")
    assert page.policy == PolicyChoice("Gold", False, 30, 24, 6)
    assert not page.find(QLineEdit, "settings-name").isVisible()


async def test_a_policy_says_who_uses_it_and_where(opened: Open) -> None:
    user = structs.replace(estates.protected(estates.machine("DC01")), policy_id=str(GOLD.id))
    page = await opened(protected_items=(user,), mappings=(estates.mapping(GOLD),))
    page.choose("Gold")
    assert page.page.use_text == "1 machine replicates with it. It is in use at Contoso-HQ."


async def test_a_policy_that_the_site_does_not_use_yet_is_associated_by_the_run(opened: Open) -> None:
    page = await opened()
    page.choose("Gold")
    assert page.page.use_text == "No machine replicates with it yet. It is associated with Contoso-HQ when you run."


async def test_what_was_typed_for_a_new_policy_is_there_again_after_looking_at_another(
    opened: Open, qtbot: QtBot
) -> None:
    page = await opened()
    before = page.policy
    page.choose("Gold")
    page.press(qtbot, "settings-new")
    assert page.policy == before
    assert page.find(QLineEdit, "settings-retention").text() == "12"


@pytest.mark.parametrize("field", ["settings-retention", "settings-app-consistent"])
@pytest.mark.parametrize("text", NO_FIGURES)
async def test_what_is_no_figure_is_refused_at_its_field_and_the_draft_unchanged(
    opened: Open, qtbot: QtBot, field: str, text: str
) -> None:
    page = await opened()
    before = page.draft
    page.type(qtbot, field, text)
    page.check(insist=True)
    assert page.page.message_of(field.removeprefix("settings-"))
    assert page.find(QLineEdit, field).text() == text
    assert page.draft == before
    assert [issue.is_blocking for issue in page.page.own_issues()] == [True]
    assert page.page.first_focus() is page.find(QLineEdit, field)


@pytest.mark.parametrize("text", ["", "x" * 300, "🙂", "-", " ", "gold\nsilver"])
async def test_a_wrong_name_says_so_at_its_field_and_is_not_lost(opened: Open, qtbot: QtBot, text: str) -> None:
    page = await opened()
    page.type(qtbot, "settings-name", text)
    page.check(insist=True)
    assert page.page.message_of("name")
    assert page.policy.name == page.find(QLineEdit, "settings-name").text() == text


async def test_a_figure_beyond_the_limit_says_the_limit(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "settings-retention", "25")
    page.find(QLineEdit, "settings-name").setFocus()
    assert page.page.message_of("retention") == "Keep recovery points for 0 to 24 hours."


async def test_a_right_figure_after_a_wrong_one_goes_into_the_draft(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "settings-retention", "lots")
    page.type(qtbot, "settings-retention", "24")
    assert page.policy.retention_h == 24
    assert page.page.own_issues() == ()


async def test_figures_that_do_not_go_together_are_both_kept_and_told(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "settings-retention", "3")
    page.check(insist=True)
    assert (page.policy.retention_h, page.policy.app_consistent_frequency_h) == (3, 4)
    assert "never fits into 3 hours" in page.page.message_of("app-consistent")
    assert page.page.own_issues() == ()


async def test_a_figure_is_not_held_against_one_that_stands_nowhere(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "settings-retention", "3")
    page.type(qtbot, "settings-retention", "25")
    page.check(insist=True)
    assert page.page.message_of("retention") == "Keep recovery points for 0 to 24 hours."
    assert page.page.message_of("app-consistent") == ""
    page.type(qtbot, "settings-retention", "2")
    assert "never fits into 2 hours" in page.page.message_of("app-consistent")


@pytest.mark.parametrize(
    ("text", "is_told"), [("0.5", True), ("abc", True), ("12 h", True), ("", False), ("9" * 20, False), ("25", False)]
)
async def test_what_is_no_whole_number_is_told_so(opened: Open, qtbot: QtBot, text: str, *, is_told: bool) -> None:
    page = await opened()
    page.type(qtbot, "settings-retention", text)
    page.check(insist=True)
    assert page.page.message_of("retention").endswith("Write a whole number.") is is_told


async def test_a_policy_of_another_kind_has_no_picture_and_no_encryption_of_ours(opened: Open) -> None:
    page = await opened()
    shown = {name: page.find(QWidget, name) for name in ("settings-encryption", "policy-cost")}
    page.choose("A2A")
    assert not any(part.isVisible() for part in shown.values())
    page.choose("Gold")
    assert all(part.isVisible() for part in shown.values())


async def test_a_policy_with_the_retired_encryption_is_not_told_to_have_that_of_today(opened: Open) -> None:
    page = await opened(policies=(GOLD, replace(estates.policy("Old"), encryption="Enable")))
    page.choose("Old")
    assert not page.find(QWidget, "settings-encryption").isVisible()


async def test_the_new_policy_is_shown_where_the_list_was_scrolled_away_from_it(opened: Open, qtbot: QtBot) -> None:
    many = tuple(estates.policy(f"Policy-{number:02d}") for number in range(40))
    page = await opened(policies=many)
    page.choose("Policy-39")
    grid = page.table.grid
    grid.scrollToBottom()
    page.press(qtbot, "settings-new")
    assert grid.verticalScrollBar().value() == 0


async def test_a_name_does_not_turn_the_sentence_that_it_stands_in(opened: Open) -> None:
    page = await opened(policies=(estates.policy("\u202emoorb"), GOLD))
    page.choose("\u202emoorb")
    page.choose("Gold")
    card = page.page._side.cost
    await until(lambda: "\u2068\u202emoorb\u2069" in card.difference_text, what="the costs against the one before")


async def test_a_long_name_leaves_the_picture_its_room(opened: Open) -> None:
    name = "replication-policy-of-the-headquarters-for-domain-controllers-and-databases-30s"
    page = await opened(policies=(estates.policy(name), GOLD))
    page.choose("Gold")
    await until(lambda: page.page._side.width() > 100, what="the page laid out")
    width = page.page._side.width()
    page.choose(name)
    page.page.layout().activate()
    assert abs(page.page._side.width() - width) <= 1


@pytest.mark.parametrize("text", ["", "25:00"])
async def test_a_start_that_is_none_is_given_up_with_the_new_policy(opened: Open, qtbot: QtBot, text: str) -> None:
    page = await opened()
    page.press(qtbot, "settings-start-later")
    page.type(qtbot, "settings-start-time", text)
    page.choose("Gold")
    page.press(qtbot, "settings-new")
    page.check(insist=True)
    later = page.find(QAbstractButton, "settings-start-later")
    assert (later.isChecked(), page.policy.start_at, page.page.own_issues()) == (False, "", ())
    assert page.find(QLineEdit, "settings-start-time").text() == ""


async def test_a_time_that_nobody_has_typed_yet_is_not_red(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.check(insist=True)
    page.press(qtbot, "settings-start-later")
    assert page.page.message_of("start-time") == ""
    page.check(insist=True)
    assert page.page.message_of("start-time")


async def test_a_reading_from_azure_leaves_a_wrong_figure_where_it_is(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "settings-retention", "lots")
    page.page.load(page.draft, page.context)
    page.check()
    assert page.find(QLineEdit, "settings-retention").text() == "lots"


async def test_picking_a_policy_forgets_the_wrong_figure_of_the_new_one(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "settings-retention", "lots")
    page.choose("Gold")
    assert page.page.own_issues() == ()


async def test_the_first_copy_can_wait_for_the_night(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "settings-start-later")
    assert page.page.own_issues()
    page.type(qtbot, "settings-start-time", "22:00")
    start = datetime.fromisoformat(page.policy.start_at)
    assert f"{start.astimezone():%H:%M}" == "22:00"
    assert estates.NOW < start <= estates.NOW + timedelta(hours=24)
    assert check_settings(page.draft, page.context) == ()
    page.press(qtbot, "settings-start-now")
    assert page.policy.start_at == ""


@pytest.mark.parametrize("text", ["", "25:00", "x" * 300, "🙂", "-1:00", "22", "22:0\n0", "22:60", "٢٢:٠٠"])
async def test_what_is_no_time_is_refused_at_its_field_and_the_draft_unchanged(
    opened: Open, qtbot: QtBot, text: str
) -> None:
    page = await opened()
    before = page.draft
    page.press(qtbot, "settings-start-later")
    page.type(qtbot, "settings-start-time", text)
    page.check(insist=True)
    assert "22:00" in page.page.message_of("start-time")
    assert page.find(QLineEdit, "settings-start-time").text() == text
    assert page.draft == before
    assert page.page.own_issues()


async def test_a_start_that_has_passed_is_told_at_the_time(opened: Open) -> None:
    draft = estates.ready_draft()
    late = replace(draft, policy=replace(draft.policy, start_at=(estates.NOW - timedelta(hours=1)).isoformat()))
    page = await opened(late)
    page.check(insist=True)
    assert "has passed" in page.page.message_of("start-time")


async def test_quiet_hours_go_into_the_draft_as_typed_and_a_start_outside_them_is_warned_of(
    opened: Open, qtbot: QtBot
) -> None:
    page = await opened()
    page.press(qtbot, "settings-quiet")
    local = estates.NOW.astimezone()
    begin, end = (f"{local + timedelta(hours=hours):%H:%M}" for hours in (2, 4))
    page.type(qtbot, "settings-quiet-from", begin)
    assert page.policy.quiet_from == begin
    page.check(insist=True)
    assert "leave both times empty" in page.page.message_of("quiet-to")
    assert page.page.first_focus() is page.find(QLineEdit, "settings-quiet-to")
    page.type(qtbot, "settings-quiet-to", end)
    assert "outside the quiet hours" in page.page.message_of("start-time")
    page.press(qtbot, "settings-start-quiet")
    assert f"{datetime.fromisoformat(page.policy.start_at).astimezone():%H:%M}" == begin
    assert page.page.message_of("start-time") == ""
    assert check_settings(page.draft, page.context) == ()


async def test_quiet_hours_stay_with_the_site_whichever_policy_is_chosen(opened: Open, qtbot: QtBot) -> None:
    draft = estates.ready_draft()
    page = await opened(replace(draft, policy=replace(draft.policy, quiet_from="22:00", quiet_to="06:00")))
    page.choose("Gold")
    assert (page.policy.quiet_from, page.policy.quiet_to) == ("22:00", "06:00")
    page.press(qtbot, "settings-new")
    assert (page.policy.name, page.policy.quiet_from) == ("HQ-5min", "22:00")


async def test_premium_storage_of_the_target_refuses_thirty_seconds_here_too(opened: Open) -> None:
    premium = estates.storage("stpremium", tier="Premium", redundancy="LRS", access_tier="")
    draft = estates.ready_draft()
    draft = replace(
        draft,
        target=replace(draft.target, storage=replace(draft.target.storage, account_id=premium.id.text)),
        policy=replace(draft.policy, copy_frequency_s=30),
    )
    page = await opened(draft, storage_accounts=(premium,))
    page.check(insist=True)
    assert page.page.message_of("copy-frequency").startswith("stpremium is premium storage")
    page.choose("Gold")
    assert any("stpremium" in text for text in page.page._facts.issue_texts)


@pytest.mark.parametrize("hour", range(24))
def test_the_next_moment_of_a_time_is_ahead_and_within_a_day(hour: int) -> None:
    now = datetime(2026, 11, 23, 9, 42, 31, tzinfo=UTC)
    wanted = read_time(f"{hour}:42")
    assert wanted is not None
    moment = next_moment(wanted, now)
    assert now < moment <= now + timedelta(hours=24)


async def test_the_line_of_time_tells_the_same_in_words(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.type(qtbot, "settings-app-consistent", "3")
    page.pick("settings-copy-frequency", "Every 30 s")
    words = page.find(QWidget, "settings-timeline").accessibleName()
    assert "12 recovery points" in words
    assert "4 of them are application-consistent." in words
    assert "the last 30 s" in words


async def test_an_empty_name_waits_for_its_red_until_the_user_wanted_to_go_on(opened: Open) -> None:
    draft = estates.ready_draft()
    page = await opened(replace(draft, policy=replace(draft.policy, name="")))
    page.check()
    assert page.page.message_of("name") == ""
    page.check(insist=True)
    assert "Type a name" in page.page.message_of("name")
