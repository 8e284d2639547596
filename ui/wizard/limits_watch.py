"""Judges an open set-up anew as soon as other limits are chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.services.limits import Limits
from ui.wizard.controller import SetUpController


class LimitsWatch(QObject):
    """One per set-up; ends with `parent`."""

    def __init__(self, controller: SetUpController, limits: Limits, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        stop = limits.subscribe(self._on_limits_changed)
        self.destroyed.connect(stop)

    def _on_limits_changed(self) -> None:
        if self._controller.is_open:
            self._controller.look_anew()
