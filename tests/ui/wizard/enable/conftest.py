"""The page on screen, with the keyboard in its table."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.domain.protection import ProtectableItem
from tests.support.enable_page import ITEMS, Open, Opened, Show
from ui.theme.theme import Theme


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_page(*chosen: ProtectableItem, items: tuple[ProtectableItem, ...] = ITEMS) -> Opened:
        opened = Opened(theme, items, chosen)
        await shown(opened.page)
        opened.page.table.grid.setFocus(Qt.FocusReason.TabFocusReason)
        return opened

    return open_page
