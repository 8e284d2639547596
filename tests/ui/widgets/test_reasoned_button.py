"""The greyed action can be reached, refuses, and says why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.callout import Refusal, Way
from ui.widgets.reasoned_button import ReasonedButton


class Window(QWidget):
    """A greyed button between two that are not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.resize(800, 400)
        self.taken: list[str] = []
        self.before = Button(theme, "Before")
        self.button = ReasonedButton(theme, "Planned failover…")
        self.after = Button(theme, "After")
        self.runs = 0
        self.button.activated.connect(self._on_button_activated)
        layout = QVBoxLayout(self)
        for widget in (self.before, self.button, self.after):
            layout.addWidget(widget)
        layout.addStretch(1)
        way = Way("Watch the job", lambda: self.taken.append("job"))
        self.refusal = Refusal("Planned failover has to wait", "HV-HQ-02 is being refreshed (90 s).", (way,))

    def _on_button_activated(self) -> None:
        self.runs += 1


async def test_refused_button_does_nothing_and_explains(theme, shown, qtbot) -> None:
    window = Window(theme)
    window.button.refuse(window.refusal)
    await shown(window)
    qtbot.mouseClick(window.button, Qt.MouseButton.LeftButton)
    assert window.runs == 0
    callout = window.button.callout
    assert callout is not None
    assert callout.isVisible()
    assert callout.accessibleDescription() == "HV-HQ-02 is being refreshed (90 s)."


async def test_refused_button_takes_the_keyboard_and_tells_its_reason(theme, shown, qtbot) -> None:
    window = Window(theme)
    window.button.refuse(window.refusal)
    await shown(window)
    window.before.setFocus()
    qtbot.keyClick(window.before, Qt.Key.Key_Tab)
    assert window.button.hasFocus()
    assert window.button.isEnabled()
    assert window.button.accessibleDescription() == window.refusal.reason
    assert window.button.callout is not None


async def test_allowed_again_it_acts(theme, shown, qtbot) -> None:
    window = Window(theme)
    window.button.refuse(window.refusal)
    window.button.allow()
    await shown(window)
    qtbot.mouseClick(window.button, Qt.MouseButton.LeftButton)
    assert window.runs == 1
    assert window.button.callout is None
    assert window.button.accessibleDescription() == ""


async def test_way_on_is_taken_by_keyboard(theme, shown, qtbot) -> None:
    window = Window(theme)
    window.button.refuse(window.refusal)
    await shown(window)
    window.button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(window.button, Qt.Key.Key_Space)
    way = window.button.callout.findChild(Button, "callout_way_0")
    assert way.hasFocus()
    qtbot.keyClick(way, Qt.Key.Key_Space)
    assert window.taken == ["job"]
    assert window.button.callout is None


async def test_escape_closes_the_callout_and_keeps_the_focus(theme, shown, qtbot) -> None:
    window = Window(theme)
    window.button.refuse(window.refusal)
    await shown(window)
    window.button.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.button.callout is not None
    qtbot.keyClick(window.button, Qt.Key.Key_Escape)
    assert window.button.callout is None
    assert window.button.hasFocus()


async def test_focus_moving_on_closes_the_callout(theme, shown, qtbot) -> None:
    window = Window(theme)
    window.button.refuse(window.refusal)
    await shown(window)
    window.button.setFocus(Qt.FocusReason.TabFocusReason)
    window.after.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.button.callout is None


async def test_a_guard_comes_before_everything_else(theme, shown) -> None:
    answers: list[Refusal | None] = [Refusal("Read-only", "Nothing may be changed.")]
    button = ReasonedButton(theme, "Run")
    pressed = []
    button.activated.connect(lambda: pressed.append(True))
    button.set_guard(lambda: answers[0])
    await shown(button)
    button.allow()
    button.click()
    assert button.refusal is answers[0]
    assert not pressed
    button.refuse(Refusal("Wait", "One thing is missing."))
    answers[0] = None
    button.look_again()
    assert button.accessibleDescription() == "One thing is missing."
    button.allow()
    button.click()
    assert pressed == [True]
