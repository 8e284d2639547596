"""The fields for a password that stays until it is saved, and for a file that is looked at once it is chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.ports.secrets import Secret
from ui.calls import Calls
from ui.theme.theme import Theme
from ui.widgets.secret_and_file import FileField, PickFile, SecretField


class PasswordField(SecretField):
    """Other than in a sign-in, a password that could not be saved must not be lost."""

    @property
    def secret(self) -> Secret | None:
        """What was typed; None if nothing was."""
        text = self.edit.text()
        return Secret(text) if text else None


class CaField(FileField):
    """
    Signals:
        path_chosen: typing ended, or another path was put there.
    """

    path_chosen = Signal()

    def __init__(
        self,
        theme: Theme,
        label: str,
        pick: PickFile,
        calls: Calls,
        *,
        name: str,
        hint: str = "",
        optional: bool = False,
    ) -> None:
        super().__init__(theme, label, pick, calls, name=name, hint=hint, optional=optional)
        self.edit.editingFinished.connect(self.path_chosen)
        self.edit.textChanged.connect(self._on_text_changed)

    def _on_text_changed(self) -> None:
        if not self.edit.isModified():  # nobody types
            self.path_chosen.emit()
