"""A large answer that says by what it differs from the others: a few facts below its words, each with its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, TextStyle
from ui.widgets.choice import ChoiceCard
from ui.widgets.painting import painting

_STYLE = TextStyle.CAPTION
_WRAP = int(Qt.TextFlag.TextWordWrap)

Facts = Sequence[tuple[str, str]]


class FactsChoice(ChoiceCard):
    """Facts stand below words and detail over the whole width, names in a column of their own."""

    def __init__(self, theme: Theme, icon: str, text: str, detail: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(theme, icon, text, detail, parent=parent)
        self._facts: tuple[tuple[str, str], ...] = ()
        self._names = 0
        """How wide the column of names is."""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts

    def set_words(self, detail: str, facts: Facts = ()) -> None:
        """Change what stands below the name."""
        facts = tuple(facts)
        if detail == self._words.detail and facts == self._facts:
            return
        self._words.detail = detail
        self._facts = facts
        self._names = max((self._theme.width_of(name, _STYLE) for name, _ in self._facts), default=0) + Space.M
        spoken = [detail, *(f"{name}: {value}" for name, value in self._facts)]
        self.setAccessibleDescription("\n".join(spoken))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(size.width(), self.heightForWidth(size.width()))

    def heightForWidth(self, width: int) -> int:
        rows = self._rows(width)
        return rows[-1][1].bottom() + 1 + self._PAD_Y if rows else super().heightForWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with painting(self) as painter:
            painter.setFont(self._theme.font(_STYLE))
            for (name, value), (at, place) in zip(self._facts, self._rows(self.width()), strict=True):
                self._paint(painter, at, name, Role.TEXT2)
                self._paint(painter, place, value, Role.TEXT)

    def _paint(self, painter: QPainter, place: QRect, words: str, role: Role) -> None:
        if not self.isEnabled():
            role = Role.TEXT3
        elif self.isChecked() and self._theme.colors.high_contrast:
            role = Role.HIGHLIGHTED
        painter.setPen(self._theme.color(role))
        painter.drawText(place, _WRAP, words)

    def _rows(self, width: int) -> list[tuple[QRect, QRect]]:
        """Where each name and each value goes if the whole is `width` wide."""
        left = self._PAD_X + IconSize.CARD + Space.M
        room = max(width - left - self._names - self._PAD_X, 1)
        top = super().heightForWidth(width) - self._PAD_Y + Space.S
        rows = []
        for name, value in self._facts:
            height = max(
                self._theme.height_of(value, _STYLE, room), self._theme.height_of(name, _STYLE, max(self._names, 1))
            )
            at = QRect(left, top, self._names, height)
            rows.append((at, QRect(left + self._names, top, room, height)))
            top += height + Space.XS
        return rows
