"""What a sheet of the target page would have sent, value by value; else what keeps it from being sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.flows.sent import named_values
from ui.theme.tokens import Role, Space, TextStyle
from ui.widgets.facts_box import Pairs
from ui.widgets.labels import Text, breakable

_WORD_MOST = 32
"""Letters that have room in one line."""


class SentValues(QWidget):
    """The end of a sheet. Values are shown only as long as just these would be sent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: tuple[tuple[str, str], ...] = ()
        self._pairs = Pairs()
        self._missing = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(Text(self.tr("What will be sent"), TextStyle.STRONG))
        column.addWidget(self._missing)
        column.addWidget(self._pairs)

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """What is shown as being sent; empty while something is missing."""
        return self._told

    @property
    def missing(self) -> str:
        """What is said to be missing."""
        return "" if self._missing.isHidden() else self._missing.text()

    def show_values(self, name: str, body: Mapping[str, Any]) -> None:
        """Show what makes something of this name."""
        self._told = ((self.tr("Name"), name), *named_values(body))
        self._pairs.set_pairs([(label, _fitting(value)) for label, value in self._told])
        self._pairs.show()
        self._missing.hide()

    def show_missing(self, fields: Iterable[str]) -> None:
        """Say which fields have to be filled or corrected before."""
        self._told = ()
        self._missing.setText(self.tr("Shown once this is right: {}.").format(", ".join(dict.fromkeys(fields))))
        self._missing.show()
        self._pairs.hide()


def _fitting(value: str) -> str:
    """With places to break only where it needs some: whoever copies a short name wants nothing else."""
    return breakable(value) if any(len(word) > _WORD_MOST for word in value.split()) else value
