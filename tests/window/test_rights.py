"""Rights in the whole window: told in the wizard at the step that lacks them, and shown from there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from azure.core.rest import HttpRequest

from app.domain.arm_id import resource_group_id
from app.flows.draft import GoalChoice, Hypervisor, SourcePlace, TargetPlace
from app.flows.places import vault_id_of
from app.live.services import Services
from tests.support.drive_window import DrivenWindow, open_window
from tests.support.roles import READER
from ui.wizard.known_rights import MAKE_KEY

pytestmark = pytest.mark.slow

GOAL = GoalChoice(SourcePlace.ON_PREMISES, TargetPlace.AZURE, Hypervisor.HYPER_V, False)
_LOCKS = "providers/Microsoft.Authorization/locks"
_ASSIGNMENTS = "providers/Microsoft.Authorization/roleAssignments"


async def send(services: Services, method: str, path: str, body: object = None) -> dict[str, list[dict[str, str]]]:
    """Ask past the program, through the connection that the window has."""
    client = services.gateways.rights._clients.resources(services.subscription)  # type: ignore[attr-defined]
    response = await client.send_request(HttpRequest(method, f"{path}?api-version=2022-04-01", json=body))
    assert response.status_code < 300
    return response.json() if method == "GET" else {}


async def become_reader(services: Services) -> None:
    """Give the ownership away."""
    subscription = f"/subscriptions/{services.subscription}"
    assert services.practice is not None
    principal = (await services.practice.state()).caller.object_id
    given = (await send(services, "GET", f"{subscription}/{_ASSIGNMENTS}"))["value"]
    [mine] = [each for each in given if each["properties"]["principalId"] == principal]  # type: ignore[index]
    body = {"properties": {"principalId": principal, "roleDefinitionId": f"/x/{READER}"}}
    await send(services, "PUT", f"{subscription}/{_ASSIGNMENTS}/6433b3d2-36ef-42bd-a825-87910ccbab9c", body)
    await send(services, "DELETE", mine["id"])


async def go_to_source(window: DrivenWindow) -> None:
    controller = window.wizard.controller
    controller.next()
    controller.edit(replace(controller.flow.draft, goal=GOAL))
    controller.next()
    await window.appears("page-source")


async def test_step_that_lacks_rights_leads_to_them_and_back() -> None:
    async with open_window("--practice", "contoso") as window:
        await window.open_set_up()
        await become_reader(window.wizard.controller.services)
        await go_to_source(window)
        await window.appears("banner_wizard.rights")
        title, text = window.news("wizard.rights")
        assert title == "Rights are missing for: Source"
        assert "Site Recovery Contributor on the vault asr-contoso-weu" in text
        controller = window.wizard.controller
        assert controller.rights.refusal(vault_id_of(controller.flow.draft.vault), "remove_site") is not None
        window.program.window.room.notices.notices[-1].actions[0].run()
        await window.appears("rights-answer-title")
        assert window.view == "rights"
        await window.until(lambda: "certificates" in window.texts("rights-source"), "the step unfolded")
        assert not window.shows("banner_wizard.rights")
        await window.click("nav_set_up")
        await window.appears("banner_wizard.rights")


async def test_a_lock_is_named_where_it_stops_the_step_and_its_buttons() -> None:
    async with open_window("--practice", "contoso") as window:
        await window.open_set_up()
        services = window.wizard.controller.services
        vault = services.home_vault
        assert vault is not None
        group = resource_group_id(vault.subscription, vault.resource_group)
        await send(services, "PUT", f"{group}/{_LOCKS}/keep", {"properties": {"level": "ReadOnly"}})
        await go_to_source(window)
        await window.appears("banner_wizard.rights")
        name = f"The lock “keep” on the resource group {vault.resource_group}"
        assert window.news("wizard.rights") == (
            "A lock stops: Source",
            f"{name}: Azure would refuse it until the lock is taken away.",
        )
        rights = window.wizard.controller.rights
        refusal = rights.refusal(vault, *MAKE_KEY)
        assert refusal is not None
        assert refusal.reason == f"{name} stops it. Have it taken away for that time."
        await send(services, "DELETE", f"{group}/{_LOCKS}/keep")
        refusal.ways[0].run()
        await window.until(lambda: rights.refusal(vault, *MAKE_KEY) is None, "rights to be read again")
        await window.until(lambda: not window.shows("banner_wizard.rights"), "the banner to go")


async def test_owner_hears_nothing_of_rights_in_the_wizard_and_finds_them_in_the_navigation() -> None:
    async with open_window("--practice", "contoso") as window:
        await window.open_set_up()
        await go_to_source(window)
        await window.until(lambda: window.wizard.controller.calls.is_running("rights"), "rights to be read")
        await window.until(lambda: not window.wizard.controller.calls.is_running("rights"), "rights to be there")
        assert window.program.window.room.notices.notices == ()
        window.program.window.room.show_view("rights")
        await window.appears("rights-answer-title")
        assert window.text("rights-answer-title").startswith(("Yes", "Not known"))
        await window.press("F5")
        await window.appears("rights-answer-title")
