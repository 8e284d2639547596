"""The column at the right of a review: a few sections of text, figures and things to agree to."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme.tokens import Space, TextStyle, Width
from ui.widgets.labels import Text
from ui.widgets.page import scrolling
from ui.widgets.surface import Ground, Surface, horizontal_line


class SideSummary(Surface):
    """Sections below each other, with a line between them; it scrolls by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Ground.DOCKED, parent)
        self.setFixedWidth(Width.SIDE_SUMMARY)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self._column.setSpacing(Space.M)
        self._column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(scrolling(self._column))
        self._sections = 0

    def add_section(self, title: str) -> QVBoxLayout:
        """Begin a section and return the layout for what stands in it."""
        place = self._column.count() - 1
        if self._sections:
            self._column.insertWidget(place, horizontal_line(on_raised=True))
            place += 1
        section = QVBoxLayout()
        section.setSpacing(Space.S)
        section.addWidget(Text(title, TextStyle.STRONG))
        self._column.insertLayout(place, section)
        self._sections += 1
        return section
