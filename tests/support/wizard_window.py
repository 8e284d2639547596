"""A set-up's window in a test."""

from __future__ import annotations

from ui.wizard.window import SetUpWizard


def is_settled(wizard: SetUpWizard) -> bool:
    """Whether it is open, and what opening found is written: no timer is left that would need a loop after the test."""
    controller = wizard.controller
    return controller.is_open and not controller._save_timer.isActive() and not controller.calls.is_running("save")
