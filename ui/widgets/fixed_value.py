"""A value that cannot be changed here: in the well, with a lock. Why it is fixed is said by the form field's hint."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space
from ui.widgets.labels import IconLabel, Text
from ui.widgets.painting import fill_box, outline_box, painting


class FixedValue(QWidget):
    """Looks like a field and takes no focus."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(Height.CONTROL)
        self._text = Text(text, role=Role.TEXT2)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.CELL, 0, Space.CELL, 0)
        row.addWidget(self._text, 1)
        row.addWidget(IconLabel(theme, "fixed", Role.TEXT2, IconSize.SMALL))

    @property
    def text(self) -> str:
        """The value."""
        return self._text.text()

    def set_text(self, text: str) -> None:
        """Show another value."""
        self._text.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        with painting(self) as painter:
            fill_box(painter, self.rect(), colors.well, Radius.CONTROL)
            outline_box(painter, self.rect(), colors.control_border, Radius.CONTROL)
