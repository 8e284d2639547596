"""What the set-up's frame does while something is created or runs, and what is found of it later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.flows.draft import GoalChoice, TargetChoice, VaultChoice
from app.runtime.journal import ActionState
from app.simulator.messages import Request, Response
from tests.support.practice import Practice, contoso_draft, open_practice, refusal
from tests.support.waiting import until
from tests.support.wizard_window import ITEMS, VISITED, Open
from ui.theme.theme import Theme
from ui.widgets.labels import StatusLine

pytestmark = pytest.mark.slow


async def test_vault_site_and_host_come_one_after_the_other(theme: Theme, open_wizard: Open) -> None:
    async with open_practice("empty") as practice:
        opened = await open_wizard(practice)
        await opened.press("vault-new")
        opened.type("vault-name", "asr-first")
        opened.type("vault-new-resource-group", "rg-first")
        opened.pick("vault-region", "westeurope")
        await opened.press("vault-create")
        await until(lambda: opened.draft.vault.name, what="the vault to be chosen")
        assert opened.draft.vault == VaultChoice(
            practice.simulator.subscription_id, "rg-first", "asr-first", "westeurope"
        )
        await opened.press("wizard-next")
        for card in ("source-on-premises", "target-azure", "hypervisor-hyper-v", "uses-vmm-no"):
            await opened.press(f"goal-{card}")
        await opened.press("wizard-next")
        await opened.press("source-new-site")
        opened.type("source-site-name", "Contoso-HQ")
        await opened.press("source-create-site")
        await until(lambda: opened.draft.site.name, what="the site to be chosen")
        await opened.press("source-register-host")
        await until(lambda: opened.wizard.controller.flow.context.estate.providers, what="the host to appear")
        await opened.press("wizard-next")
        assert opened.step_id == "target"
        await until(lambda: opened.rail_says("source") == "done, Contoso-HQ · 1 host", what="the rail to follow")


async def test_refused_vault_is_told_in_its_sheet_and_the_draft_is_unchanged(open_wizard: Open) -> None:
    async with open_practice("empty") as practice:
        opened = await open_wizard(practice)
        before = opened.draft
        await opened.press("vault-new")
        opened.type("vault-name", "asr-first")
        opened.type("vault-new-resource-group", "rg-first")
        opened.pick("vault-region", "westeurope")
        practice.wire.before = lambda request: refusal(403, "AuthorizationFailed") if request.method == "PUT" else None
        await opened.press("vault-create")
        line = opened.wizard.findChild(StatusLine, "sheet-failure")
        assert line is not None
        await until(line.isVisible, what="the failure in the sheet")
        assert line.text
        assert opened.draft == before
        practice.wire.before = lambda request: None
        await opened.press("vault-create")
        await until(lambda: opened.draft.vault.name == "asr-first", what="the second try")


async def test_window_closed_during_a_running_action_ends_nothing_and_shows_where_it_is(
    contoso: Practice, open_wizard: Open
) -> None:
    draft = replace(contoso_draft(await contoso.estate(), "WEB-01", "WEB-02"), position="enable", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    await opened.press("wizard-next")
    await opened.press("review-run")

    def lose_sight(request: Request) -> Response | None:
        """Nobody can see how far the machines' jobs are."""
        is_job = "replicationJobs" in request.url and request.method == "GET"
        return refusal(503, "ServiceUnavailable") if is_job and contoso.wire.accepted(containing=ITEMS) else None

    contoso.wire.before = lose_sight
    await until(lambda: len(contoso.wire.accepted(containing=ITEMS)) == 2, what="both machines")
    await until(lambda: opened.run_states().get("WEB-01") is ActionState.ACCEPTED, what="the run to know of it")
    answers = opened.draft
    await opened.close()
    again = await open_wizard(contoso)
    assert again.step_id == "run"
    assert again.draft == answers
    await until(lambda: again.run_states().get("WEB-01") is ActionState.ACCEPTED, what="where it was")
    contoso.wire.before = lambda request: None
    await until(again.button("run-open-overview").isVisible, within_s=30, what="the run to end")
    assert len(contoso.wire.accepted(containing=ITEMS)) == 2
    assert len((await contoso.estate()).protected_items) == 2


async def test_run_that_ended_while_nobody_looked_leads_back_to_the_review(
    contoso: Practice, open_wizard: Open
) -> None:
    draft = replace(contoso_draft(await contoso.estate(), "WEB-01"), position="enable", visited=VISITED)
    opened = await open_wizard(contoso, draft)
    await opened.press("wizard-next")
    await opened.press("review-run")
    await until(lambda: opened.step_id == "run")
    await opened.close()
    runner = contoso.use.runner
    for run in await runner.unfinished():
        await runner.carry_out(run.id)
    again = await open_wizard(contoso)
    assert again.step_id == "review"
    assert again.button("review-run").refusal is not None  # type: ignore[attr-defined]


async def test_new_set_up_begins_with_what_the_connection_leaves_no_choice_about(
    contoso: Practice, open_wizard: Open
) -> None:
    opened = await open_wizard(contoso)
    assert opened.draft.vault.name == contoso.simulator.vault_name
    assert opened.draft.site.name == "Contoso-HQ"
    assert opened.draft.goal == GoalChoice()
    assert opened.draft.target == TargetChoice(contoso.simulator.subscription_id, opened.draft.vault.resource_group)
