"""A field for a figure. What is no figure never reaches the draft: it stays in the field, with the sentence below."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QWidget

from ui.theme.theme import Theme
from ui.widgets.form_field import TextField

_WHOLE = re.compile(r"[0-9]{1,4}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,7}([.,][0-9]{1,2})?", re.ASCII)
"""A comma is a decimal one: `1,000` could be a thousand as well as one, so it is refused."""


class FigureField(TextField):
    """Reads its text as a number of at most two decimals; a whole one where `whole` says so."""

    def __init__(
        self, theme: Theme, label: str, *, whole: bool = False, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, label, hint=hint, parent=parent)
        self._is_whole = whole

    @property
    def figure(self) -> float | None:
        """The figure; None for an empty field and for what is none."""
        text = self.text.strip(" ")
        if self._is_whole:
            return int(text) if _WHOLE.fullmatch(text) else None
        return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None

    @property
    def is_empty(self) -> bool:
        return not self.text.strip(" ")

    def set_figure(self, figure: float | None) -> None:
        """Show a figure; a text that says the same already is left as it was typed."""
        if figure is None:
            if not self.is_empty:
                self.set_text("")
        elif figure != self.figure:
            self.set_text(f"{figure:.2f}".rstrip("0").rstrip("."))
