"""The controls of the practice vault: speed, pause, and hosts that register."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import fabric_id, resource_group_id, vault_id
from tests.support.practice import open_practice
from tests.support.vaults import OpenVault, open_vault
from tests.support.waiting import until
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.views.practice.view import PracticeView
from ui.widgets.buttons import Button
from ui.widgets.labels import Text

Show = Callable[[QWidget], Awaitable[None]]


def says(view: QWidget, words: str) -> bool:
    return any(words in text.text() for text in view.findChildren(Text) if text.isVisible())


def button(view: QWidget, name: str) -> Button:
    found = view.findChild(Button, name)
    assert found is not None, name
    return found


async def opened(vault: OpenVault, theme: Theme, shown: Show) -> PracticeView:
    view = PracticeView(theme, vault.services, vault.notices)
    view.resize(1000, 800)
    await shown(view)
    await until(lambda: says(view, "Contoso-HQ") or says(view, "None yet"), what="the practice vault to be read")
    return view


@pytest.fixture
async def contoso() -> AsyncIterator[OpenVault]:
    async with open_vault("contoso") as vault:
        yield vault


async def test_step_sets_the_speed(qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show) -> None:
    view = await opened(contoso, theme, shown)
    qtbot.mouseClick(button(view, "practice-speed-600"), Qt.MouseButton.LeftButton)
    await until(lambda: contoso.services.clock.speed == 600, what="the speed")
    await until(lambda: says(view, "600 times as fast as life: an hour passes in 6 s."))
    assert button(view, "practice-speed-600").isChecked()
    assert view.exact.text == "600"


async def test_exact_speed_is_set_by_enter(qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show) -> None:
    view = await opened(contoso, theme, shown)
    view.exact.edit.setFocus()
    view.exact.edit.selectAll()
    qtbot.keyClicks(view.exact.edit, "90")
    qtbot.keyClick(view.exact.edit, Qt.Key.Key_Return)
    await until(lambda: contoso.services.clock.speed == 90, what="the speed")
    steps = [button(view, f"practice-speed-{step}") for step in (1, 10, 60, 600, 3600)]
    await until(lambda: not any(step.isChecked() for step in steps), what="no step to be pressed")


@pytest.mark.parametrize("typed", ["0", "3601", "fast", "", "nan"])
async def test_speed_that_is_none_is_refused_at_the_field(
    qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show, typed: str
) -> None:
    view = await opened(contoso, theme, shown)
    before = contoso.services.clock.speed
    view.exact.edit.setFocus()
    view.exact.edit.selectAll()
    qtbot.keyClick(view.exact.edit, Qt.Key.Key_Delete)
    qtbot.keyClicks(view.exact.edit, typed)
    qtbot.keyClick(view.exact.edit, Qt.Key.Key_Return)
    assert view.exact.message == "Write a number from 1 to 3,600."
    assert contoso.services.clock.speed == before


async def test_pause_stops_the_clock_and_says_so(qtbot: QtBot, contoso: OpenVault, theme: Theme, shown: Show) -> None:
    view = await opened(contoso, theme, shown)
    await contoso.services.practice.set_speed(60)  # type: ignore[union-attr]
    view.refresh()
    await until(lambda: says(view, "60 times as fast"))
    qtbot.mouseClick(button(view, "practice-pause"), Qt.MouseButton.LeftButton)
    await until(lambda: says(view, "Paused"), what="the pause")
    qtbot.mouseClick(button(view, "practice-pause"), Qt.MouseButton.LeftButton)
    await until(lambda: says(view, "60 times as fast"), what="the clock to go on")


async def test_vault_whose_hosts_have_all_registered_says_so(contoso: OpenVault, theme: Theme, shown: Show) -> None:
    view = await opened(contoso, theme, shown)
    assert says(view, "No host waits")
    assert says(view, "Nothing here is real")


async def test_waiting_host_registers_in_the_site(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    async with open_practice("empty") as practice:
        services = replace(practice.services, home_vault=None)
        vault = vault_id(services.subscription, "rg-new", "asr-new")
        resources, site_recovery = services.gateways.resources, services.gateways.site_recovery
        place = {"location": "westeurope"}
        await resources.begin_put(resource_group_id(services.subscription, "rg-new"), place, client_request_id="1")
        await resources.begin_put(vault, {**place, "sku": {"name": "Standard"}}, client_request_id="2")
        await practice.wait(600)
        site = {"customDetails": {"instanceType": "HyperVSite"}}
        view = PracticeView(theme, services, NoticeHub())
        await shown(view)
        await until(lambda: says(view, "Make one in the set-up first."), what="the missing site to be told")
        assert not button(view, "practice-register-0").isVisible()
        await site_recovery.begin_put(fabric_id(vault, "Contoso-HQ"), site, client_request_id="3")
        await practice.wait(600)
        view.refresh()
        await until(lambda: button(view, "practice-register-0").isVisible(), what="the host to be offered")
        registered: list[None] = []
        view.host_registered.connect(lambda: registered.append(None))
        qtbot.mouseClick(button(view, "practice-register-0"), Qt.MouseButton.LeftButton)
        await until(lambda: registered, what="the host to register")
        await until(lambda: not says(view, "HV-HQ-01"), what="the host to leave the list")
