"""Buttons that do not fit stand in a menu, and one that refuses says why there too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QApplication, QWidget

from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.callout import Callout, Refusal
from ui.widgets.overflow_row import OverflowRow
from ui.widgets.reasoned_button import ReasonedButton

Show = Callable[[QWidget], Awaitable[None]]


async def test_the_last_ones_fold_first_and_can_be_pressed_in_the_menu(theme: Theme, shown: Show) -> None:
    pressed: list[str] = []
    buttons = [Button(theme, name) for name in ("First", "Second", "Third")]
    for button in buttons:
        button.clicked.connect(lambda _=False, button=button: pressed.append(button.text()))
    row = OverflowRow(theme, buttons)
    row.resize(row.sizeHint())
    await shown(row)
    assert row.folded == ()
    assert row.more_button.isHidden()
    row.resize(row.minimumSizeHint())
    assert [button.text() for button in row.folded] == ["Second", "Third"]
    assert not row.more_button.isHidden()
    menu = row.build_menu()
    menu.actions()[1].trigger()
    assert pressed == ["Third"]


async def test_a_folded_button_that_refuses_says_why(theme: Theme, shown: Show) -> None:
    busy = ReasonedButton(theme, "Refresh host")
    busy.refuse(Refusal("Refreshing has to wait", "HV-01 is being refreshed."))
    row = OverflowRow(theme, [Button(theme, "Add"), busy])
    row.resize(row.minimumSizeHint())
    await shown(row)
    row.build_menu().actions()[0].trigger()
    callouts = [widget for widget in QApplication.allWidgets() if isinstance(widget, Callout) and widget.isVisible()]
    assert len(callouts) == 1
    callouts[0].dismiss()
