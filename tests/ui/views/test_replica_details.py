"""Where a replicating machine's data goes, beside its disks."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.protected_item import ReplicatedDisk
from app.rules import load_rules
from tests.support import estates
from ui.theme.theme import Theme
from ui.views.protected_items.details_tabs import DisksTab

DATA, LOGS = estates.storage().id.text, estates.storage("contosologs").id.text


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"storage_account_id": DATA}, ["Storage", "contosohqasr02"]),
        (
            {"storage_account_id": DATA, "log_account_id": LOGS},
            ["Storage", "contosohqasr02", "Change logs", "contosologs"],
        ),
        (
            {"has_managed_replica": True, "log_account_id": LOGS},
            ["Storage", "Managed disks", "Change logs", "contosologs"],
        ),
    ],
)
def test_accounts_or_managed_disks_are_named(
    theme: Theme, qtbot: QtBot, told: dict[str, Any], words: list[str]
) -> None:
    tab = DisksTab(theme, load_rules())
    qtbot.addWidget(tab)
    item = estates.protected(estates.machine("WEB-01"))
    tab.show_item(structs.replace(item, disks=(ReplicatedDisk("1", "WEB-01", "OperatingSystem", 60 * 1024),), **told))
    shown = [label.text() for label in tab.findChildren(QLabel)]
    notes = [text for text in shown if "can’t be moved" in text]
    assert shown[shown.index("Storage") : shown.index(notes[0])] == words
