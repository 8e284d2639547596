"""The overview: the answer, its lines and where they lead; empty, failed and stale."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.health import Health
from app.domain.readiness import Cause
from app.flows.failover import FailoverKind
from app.flows.planning import actions_for
from tests.support.practice import contoso_draft, refusal
from tests.support.vaults import OpenVault, open_vault
from tests.support.waiting import until
from ui.dashboard.overview import OverviewView
from ui.item_words import HEALTH, health_word
from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.chip import Chip
from ui.widgets.labels import Text

Show = Callable[[QWidget], Awaitable[None]]


class Opened:
    """The overview of a vault, with what it asked for."""

    def __init__(self, theme: Theme, vault: OpenVault, width: int) -> None:
        self.view = OverviewView(theme, vault.feeds, vault.services, vault.notices)
        self.view.resize(width, 900)
        self.asked: list[tuple[object, ...]] = []
        for signal in (
            self.view.machines_requested,
            self.view.item_requested,
            self.view.operation_requested,
            self.view.place_requested,
            self.view.set_up_requested,
        ):
            signal.connect(lambda *asked: self.asked.append(asked))

    def button(self, name: str) -> Button:
        found = self.view.findChild(Button, name)
        assert found is not None, name
        return found

    def press(self, qtbot: QtBot, name: str) -> None:
        qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def says(self, words: str) -> bool:
        return any(words in text.text() for text in self.view.findChildren(Text) if text.isVisible())


async def opened(vault: OpenVault, theme: Theme, shown: Show, *, width: int = 1200) -> Opened:
    opened = Opened(theme, vault, width)
    await shown(opened.view)
    return opened


async def test_answers_for_all_machines(theme: Theme, shown: Show) -> None:
    async with open_vault(count=12) as vault:
        overview = await opened(vault, theme, shown)
        answer = await until(lambda: overview.view.readiness.answer, what="the answer")
        assert answer == "Yes, for 10 of 12 machines"
        chip = overview.view.readiness.findChild(Chip)
        assert chip is not None
        assert chip.word == "2 machines need work"
        await until(lambda: overview.says("12 replicated items on 3 hosts"), what="the hosts")
        assert overview.says("of 12 tested in the last 180 days")


async def test_line_of_one_machine_leads_to_it(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    async with open_vault(count=12) as vault:
        overview = await opened(vault, theme, shown)
        await until(lambda: overview.view.readiness.answer)
        broken = next(item.id for item in await vault.items() if item.friendly_name == "APP-00008")
        overview.press(qtbot, f"overview-line-{Cause.BROKEN}")
        assert overview.asked == [(broken,)]


async def test_drill_that_waits_is_cleaned_up_from_here(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        first = (await vault.items())[0].id
        await vault.carry_out(FailoverKind.TEST, first)
        overview = await opened(vault, theme, shown)
        await until(lambda: overview.says("1 waits for you: clean up WEB-00001"), what="the drill among the jobs")
        overview.press(qtbot, f"overview-line-{Cause.DRILL_WAITS}")
        assert overview.asked == [(FailoverKind.CLEAN_UP, (first,))]


async def test_health_tile_leads_to_those_that_need_care(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    async with open_vault(count=12) as vault:
        overview = await opened(vault, theme, shown)
        await until(lambda: overview.view.readiness.answer)
        qtbot.mouseClick(overview.view.health.link, Qt.MouseButton.LeftButton)
        wanted = {health_word(Health.WARNING), health_word(Health.CRITICAL)}
        [(facet, values)] = overview.asked
        assert (facet, set(values)) == (HEALTH, wanted)  # type: ignore[call-overload]


async def test_vault_without_machines_offers_the_set_up(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    async with open_vault("contoso") as vault:
        overview = await opened(vault, theme, shown)
        await until(lambda: overview.says("Nothing is protected yet"), what="the empty vault")
        overview.press(qtbot, "overview-set-up")
        assert overview.asked == [()]
        assert not overview.view.readiness.isVisible()


async def test_failure_stands_in_the_page_and_can_be_tried_again(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        vault.practice.wire.before = lambda request: refusal(403, "AuthorizationFailed")
        overview = await opened(vault, theme, shown)
        await until(lambda: overview.says("Nothing was changed."), what="the failure")
        vault.practice.wire.before = lambda request: None
        overview.press(qtbot, "overview-try-again")
        await until(overview.view.readiness.isVisible, what="the figures")
        assert not overview.says("Nothing was changed.")
        quotas = vault.feeds.quotas
        await until(lambda: not quotas.value[0].unread, what="the last part of the refresh")  # type: ignore[index]


async def test_old_figures_stay_and_say_how_old_they_are(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        overview = await opened(vault, theme, shown)
        await until(overview.view.readiness.isVisible)
        vault.practice.wire.before = lambda request: refusal(403, "AuthorizationFailed")
        overview.view.refresh()
        await until(lambda: overview.says("These figures are from"), what="the stale line")
        assert overview.view.readiness.isVisible()


async def test_left_while_loading_reads_no_further(theme: Theme, shown: Show) -> None:
    async with open_vault(count=500) as vault:
        overview = await opened(vault, theme, shown)
        overview.view.hide()
        await vault.feeds.aclose()
        assert vault.feeds.protected_items.value is None
        assert overview.view.readiness.answer == ""


async def test_narrow_window_has_two_tiles_side_by_side(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        overview = await opened(vault, theme, shown, width=1000)
        await until(overview.view.readiness.isVisible)
        tops = [tile.y() for tile in (overview.view.health, overview.view.rpo, overview.view.jobs)]
        assert tops[0] == tops[1] < tops[2]
        overview.view.resize(1200, 900)
        await until(lambda: overview.view.jobs.y() == overview.view.health.y(), what="three in a row")


async def test_first_copies_are_on_the_way_and_no_alarm(theme: Theme, shown: Show) -> None:
    async with open_vault("contoso") as vault:
        estate = await vault.practice.estate()
        runner = vault.services.runner
        actions = actions_for(contoso_draft(estate, "DC01", "DC02"), estate, vault.services.rules)
        run = await runner.plan("Protect", actions)
        assert (await runner.carry_out(run)).is_done
        overview = await opened(vault, theme, shown)
        answer = await until(lambda: overview.view.readiness.answer, what="the answer")
        assert answer == "Not yet: the first copies are on their way"
        assert overview.says("2 on the way")
        assert overview.says("DC01, DC02")
        assert not overview.view.readiness.findChild(Chip).isVisible()  # type: ignore[union-attr]
        assert overview.says("First copies of 2 machines")


async def test_other_limits_judge_the_quota_anew_at_once(theme: Theme, shown: Show) -> None:
    async with open_vault(count=3) as vault:
        overview = await opened(vault, theme, shown)
        await until(lambda: overview.view._verdicts, what="the quota")
        judged = overview.view._verdicts
        await vault.practice.limits.choose("seed-2017")
        assert overview.view._verdicts is not judged
