"""A scale of speeds as one control: steps side by side, chosen by a click or with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.widgets.buttons import Button, Kind


class SpeedScale(QWidget):
    """Steps of a clock's speed; none is pressed while the speed is between two of them.

    Signals:
        speed_chosen: the user chose a step.
    """

    speed_chosen = Signal(float)

    def __init__(self, theme: Theme, steps: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        for step in steps:
            button = Button(theme, self.tr("{}×").format(f"{step:,}"), kind=Kind.CHOICE)
            button.setObjectName(f"practice-speed-{step}")
            button.setAccessibleName(self.tr("{} times speed").format(step))
            self._group.addButton(button, step)
            row.addWidget(button)
        row.addStretch(1)
        self._group.idClicked.connect(lambda step: self.speed_chosen.emit(float(step)))

    def set_speed(self, speed: float) -> None:
        """Show the speed that the clock has."""
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(self._group.id(button) == speed)
        self._group.setExclusive(True)
