"""What changes elsewhere while a set-up is open: another vault, a lock, other limits, a reading that fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain.arm_id import ArmId
from app.flows.draft import NetworkChoice, VaultChoice
from app.simulator.messages import Request
from tests.support.practice import Practice, contoso_draft, refusal
from tests.support.roles import Administrator
from tests.support.waiting import until
from tests.support.wizard_window import VISITED, Open, Opened
from ui.widgets.labels import StatusLine
from ui.wizard.limits_watch import LimitsWatch
from ui.wizard.pages.target import TargetPage
from ui.wizard.pages.vault import VaultPage

pytestmark = pytest.mark.slow


# What changes elsewhere


async def test_changed_vault_says_what_has_to_be_checked_again(contoso: Practice, open_wizard: Open) -> None:
    draft = replace(contoso_draft(await contoso.estate(), "WEB-01"), position="vault", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    other = replace(draft.vault, name="asr-other", location="northeurope")
    opened.wizard.page.draft_edited.emit(replace(opened.draft, vault=other))
    (notice,) = opened.notices.notices
    assert notice.title == "Source, Target and Enable replication have to be checked again"
    for cleared in ("the Hyper-V site", "the storage account", "the network", "the chosen machines"):
        assert cleared in notice.text
    await until(lambda: opened.rail_says("goal").startswith("done"), what="the rail to follow")
    await opened.press("step_goal")
    assert opened.notices.notices == ()
    await opened.have_read()


async def test_cleared_answer_does_not_come_back_with_the_next_one(contoso: Practice, open_wizard: Open) -> None:
    estate = await contoso.estate()
    draft = replace(contoso_draft(estate, "WEB-01"), position="vault", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    page = opened.wizard.page
    assert isinstance(page, VaultPage)
    page.draft_edited.emit(replace(opened.draft, vault=VaultChoice(draft.vault.subscription)))
    assert opened.draft.machines == ()
    page._table.select([contoso.vault.key])
    assert opened.draft.vault == draft.vault
    assert opened.draft.machines == ()
    assert opened.draft.site.name == ""
    await opened.have_read()


async def test_reading_fails_with_a_notice_and_answers_stay(contoso: Practice, open_wizard: Open) -> None:
    opened = await open_wizard(contoso)
    before = opened.draft
    contoso.wire.before = lambda request: refusal(403, "AuthorizationFailed")
    await opened.press("vault-refresh")
    await until(lambda: opened.notices.notices, what="the notice")
    assert opened.draft == before
    contoso.wire.before = lambda request: None
    opened.notices.notices[0].actions[0].run()
    await until(lambda: not opened.notices.notices, what="the notice to go")


# What is learnt of storage accounts after their list


async def test_a_locked_account_is_greyed_on_the_target_page_and_stops_next_until_unlocked(
    contoso: Practice, open_wizard: Open
) -> None:
    draft = replace(contoso_draft(await contoso.estate()), position="target", visited=VISITED)
    account = ArmId(draft.target.storage.account_id)
    administrator = Administrator(contoso.simulator)
    administrator.lock(account, "ReadOnly")
    opened = await open_wizard(contoso, draft)
    page = opened.wizard.page
    assert isinstance(page, TargetPage)
    rows = page.storage.table.model

    def word() -> str:
        row = rows.record(account.key)
        return row.word if row is not None else ""

    await until(lambda: word() == "Locked", what="the lock to be read")
    await until(lambda: rows.record(account.key).used_bytes is not None, what="what is stored to be read")
    assert [row.key for row in page.storage.table.selected_records] == [account.key]
    await opened.press("wizard-next")
    assert opened.step_id == "target"
    assert "lock" in opened.footer_says().lower()
    administrator.unlock(account)
    await opened.press("target-refresh")
    await until(lambda: word() != "Locked", what="the account to be free")
    await opened.have_read()
    await opened.wizard.controller.flush()


async def test_other_limits_judge_an_open_set_up_at_once_and_lose_no_answer(
    contoso: Practice, open_wizard: Open
) -> None:
    estate = await contoso.estate()
    premium = next(each for each in estate.storage_accounts if each.tier == "Premium" and each.kind == "StorageV2")
    draft = contoso_draft(estate)
    storage = replace(draft.target.storage, account_id=premium.id.text, name=premium.name)
    draft = replace(draft, target=replace(draft.target, storage=storage), position="target", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    limits = opened.wizard.controller.services.limits
    LimitsWatch(opened.wizard.controller, limits, opened.wizard)
    page = opened.wizard.page
    assert isinstance(page, TargetPage)
    rows = page.storage.table.model
    line = opened.wizard.findChild(StatusLine, "target-elsewhere")
    await until(lambda: rows.record(premium.id.key) is not None, what="the accounts")
    assert rows.record(premium.id.key).is_usable
    await until(lambda: line.text.startswith("By the limits of January 2017: blocked ("), what="the line")
    await limits.choose("seed-2017")
    await until(lambda: not rows.record(premium.id.key).is_usable, what="the account to be judged anew")
    assert opened.button("target-limits").text() == "Limits of January 2017"
    await until(lambda: "By the limits of May 2026" in line.text, what="the line to follow")
    assert opened.draft.target.storage == storage
    await opened.have_read()
    await opened.wizard.controller.flush()


async def test_group_chosen_while_another_is_being_read_is_read_next(contoso: Practice, open_wizard: Open) -> None:
    changes = await Changes.of(contoso, open_wizard)
    changes.when_asked_for(changes.target.resource_group, lambda: changes.answer(resource_group=changes.other))
    changes.controller.read_again()
    await until(lambda: changes.was_asked_for(changes.other), what="a reading of the group chosen since")
    await changes.end()


async def test_answers_that_need_no_other_reading_leave_the_one_under_way_alone(
    contoso: Practice, open_wizard: Open
) -> None:
    changes = await Changes.of(contoso, open_wizard)
    waits: list[bool] = []

    def answer() -> None:
        changes.answer(resource_group=changes.other, network=NetworkChoice())
        waits.append(changes.controller._read_timer.isActive())

    changes.when_asked_for(changes.other, answer)
    changes.answer(resource_group=changes.other)
    await until(lambda: waits, what="the reading of the other group")
    assert waits == [False]
    await changes.end()


class Changes:
    """Changes the target of an open set-up, also in the middle of a reading. The page on show asks nothing itself."""

    def __init__(self, opened: Opened, other: str) -> None:
        self.controller = opened.wizard.controller
        self.target = opened.draft.target
        self.other = other
        self._page = opened.wizard.page
        self._asked: list[str] = []
        self._then: dict[str, Callable[[], object]] = {}
        opened.practice.wire.before = self._note

    @classmethod
    async def of(cls, practice: Practice, open_wizard: Open) -> Changes:
        estate = await practice.estate()
        draft = replace(contoso_draft(estate), position="settings", visited=VISITED)
        known = {draft.target.resource_group, draft.vault.resource_group}
        other = next(group.name for group in estate.resource_groups if group.name not in known)
        return cls(await open_wizard(practice, draft), other)

    def answer(self, **changes: Any) -> None:
        draft = self.controller.flow.draft
        self._page.draft_edited.emit(replace(draft, target=replace(draft.target, **changes)))

    def when_asked_for(self, group: str, act: Callable[[], object]) -> None:
        """Do this once, while Azure is asked about the group in the course of a reading."""
        self._then[f"/{group}/".lower()] = act

    def was_asked_for(self, group: str) -> bool:
        return any(f"/{group}/".lower() in url for url in self._asked)

    async def end(self) -> None:
        await until(lambda: not self.controller.calls.is_running("read"), what="the reading to end")
        await self.controller.flush()

    def _note(self, request: Request) -> None:
        url = request.url.lower()
        self._asked.append(url)
        for group in [group for group in self._then if group in url and self.controller.calls.is_running("read")]:
            self._then.pop(group)()
