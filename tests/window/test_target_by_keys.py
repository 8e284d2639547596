"""From the target to the end of the replication settings with keys alone: an account, a network, a policy."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.drive_window import DrivenWindow, open_window

pytestmark = pytest.mark.slow


async def alt(letter: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None, "no part of the window has the keyboard"
    QTest.keyClick(focused, letter, Qt.KeyboardModifier.AltModifier)
    await asyncio.sleep(0.05)


async def write(text: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)
    await asyncio.sleep(0)


async def tab_to(window: DrivenWindow, name: str) -> None:
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None, f"Tab lost the keyboard on the way to {name}"
        if focused.objectName() == name:
            return
        await window.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


async def to_target(window: DrivenWindow) -> None:
    await window.open_set_up()
    await window.until(lambda: window.rows("vault-table"), "the vaults")
    await window.click("wizard-next")
    await window.appears("page-goal")
    for card in ("goal-source-on-premises", "goal-target-azure", "goal-hypervisor-hyper-v", "goal-uses-vmm-no"):
        await window.click(card)
    for page in ("page-source", "page-target"):
        await window.click("wizard-next")
        await window.appears(page)
    window.widget.activateWindow()
    await window.until(lambda: QApplication.focusWidget() is not None, "the keyboard")


async def test_an_account_a_network_and_a_policy_are_added_by_keys_alone() -> None:
    async with open_window("--practice", "contoso") as window:
        await to_target(window)
        await alt(Qt.Key.Key_E)
        await window.appears("storage-sheet")
        await tab_to(window, "target-storage-name")
        await write("stcontosokeys01")
        await window.press("Return")
        await window.until(lambda: not window.shows("storage-sheet"), "the account in the set-up")
        assert window.draft.target.storage.name == "stcontosokeys01"
        await alt(Qt.Key.Key_K)
        await window.appears("network-sheet")
        for name, text in (
            ("target-network-name", "vnet-keys"),
            ("target-network-range", "10.77.0.0/16"),
            ("target-subnet-name", "snet-keys"),
            ("target-subnet-range", "10.77.1.0/24"),
        ):
            await tab_to(window, name)
            await write(text)
        await tab_to(window, "target-add-network")
        await window.press("Space")
        await window.until(lambda: not window.shows("network-sheet"), "the network in the set-up")
        assert window.draft.target.network.name == "vnet-keys"
        await alt(Qt.Key.Key_N)
        await window.appears("page-settings")
        await tab_to(window, "settings-name")
        await write("policy-keys")
        await alt(Qt.Key.Key_N)
        await window.appears("page-capacity")
        assert window.draft.policy.name == "policy-keys"
