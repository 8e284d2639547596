"""Two fields: one for a secret, which leaves it when it is taken, and one for a file, typed or picked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ports.secrets import Secret
from ui.calls import Calls
from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.widgets.buttons import Button
from ui.widgets.form_field import FormField
from ui.widgets.line_edit import LineEdit

PickFile = Callable[[], Awaitable[Path | None]]


class SecretField(FormField):
    """Masked. What was typed leaves it when it is taken, and can be neither copied nor undone back."""

    def __init__(self, theme: Theme, label: str, *, hint: str = "", optional: bool = False) -> None:
        self.edit = LineEdit(theme)
        self.edit.setEchoMode(LineEdit.EchoMode.Password)
        super().__init__(theme, label, self.edit, hint=hint, optional=optional)
        self.edit.textEdited.connect(lambda: self.set_issue(None))

    def take(self) -> Secret | None:
        """What was typed, which is nowhere in the field any more; None if nothing was."""
        text = self.edit.text()
        self.edit.setText("")  # other than `clear`, this forgets what could be undone
        return Secret(text) if text else None


class FileField(FormField):
    """A path that is typed, or picked with the button beside it."""

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
        """`pick` asks for a file under the title that fits; `name` begins the object names."""
        self.edit = LineEdit(theme)
        self.edit.setObjectName(name)
        self._pick = pick
        self._calls = calls
        self._name = name
        super().__init__(theme, label, self.edit, hint=hint, optional=optional)
        self.choose_button = Button(theme, self.tr("Choose…"), icon="open")
        self.choose_button.setObjectName(f"{name}-choose")
        self.choose_button.setAccessibleName(self.tr("Choose a file: {}").format(label.replace("&", "")))
        self.choose_button.clicked.connect(self._on_choose_clicked)
        self._stand_beside(self.edit, self.choose_button)
        self.edit.textEdited.connect(lambda: self.set_issue(None))

    @property
    def path(self) -> Path | None:
        """As typed; None for an empty field."""
        text = self.edit.text().strip().strip('"')
        return Path(text).expanduser() if text else None

    def set_path(self, path: Path | None) -> None:
        self.edit.setText("" if path is None else str(path))

    def _stand_beside(self, edit: QWidget, button: QWidget) -> None:
        column = self.layout()
        assert column is not None
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        column.replaceWidget(edit, line)
        row.addWidget(edit, 1)
        row.addWidget(button)

    def _on_choose_clicked(self) -> None:
        def take(path: Path | None) -> None:
            if path is not None:
                self.set_path(path)
                self.set_issue(None)
            self.edit.setFocus()

        self._calls.run(self._name, self._pick, doing=self.tr("Choosing a file"), on_result=take)
