"""Cards, and the heads of the sections inside them and inside sheets."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space, Status, TextStyle
from ui.widgets.labels import Text, breakable
from ui.widgets.surface import Ground, Surface, horizontal_line


class SectionHead(QWidget):
    """A title of 14 px with a detail beside it, and room for controls at the right."""

    def __init__(self, title: str, detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(title, TextStyle.SECTION)
        self._detail = Text(detail, TextStyle.CAPTION, Role.TEXT2)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(Space.S)
        self.row.addWidget(self._title)
        self.row.addWidget(self._detail)
        self.row.addStretch(1)

    def set_title(self, title: str, *, is_name: bool = False) -> None:
        """Change the title. A name from outside may be long: it breaks instead of asking for room."""
        self._title.setText(breakable(title) if is_name else title)
        self._title.setWordWrap(is_name)
        for place, stretch in ((0, 1), (2, 0)) if is_name else ((0, 0), (2, 1)):  # the title, and the room beside it
            self.row.setStretch(place, stretch)

    def set_detail(self, detail: str) -> None:
        """Change what stands beside the title."""
        self._detail.setText(detail)

    def add_control(self, control: QWidget) -> None:
        """Put `control` at the right."""
        self.row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)


class Card(Surface):
    """A white box with round corners. `flush` leaves no room around the body: for tables, which bring their own."""

    def __init__(
        self, title: str = "", detail: str = "", *, flush: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(Ground.CARD, parent)
        self._edge: tuple[Theme, Status] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self.head_line: QWidget | None = None
        self.head: SectionHead | None = SectionHead(title, detail) if title else None
        if self.head is not None:
            self.head.setMinimumHeight(Height.CARD_HEAD)
            self.head.row.setContentsMargins(Space.CARD_X - 1, Space.S, Space.M - 1, Space.S)
            self._column.addWidget(self.head)
            if flush:
                self.head_line = horizontal_line()
                self._column.addWidget(self.head_line)
        self.body = QVBoxLayout()
        if flush:
            self.body.setContentsMargins(0, 0, 0, 0)
            self.body.setSpacing(0)
        else:
            top = 0 if self.head is not None else Space.CARD_Y
            self.body.setContentsMargins(Space.CARD_X - 1, top, Space.CARD_X - 1, Space.CARD_Y)
            self.body.setSpacing(Space.S)
        self._column.addLayout(self.body, 1)

    def set_edge(self, theme: Theme, status: Status | None) -> None:
        """Draw the border in the colour of `status`: the card is about what is wrong."""
        self._edge = (theme, status) if status is not None else None
        self.update()

    def line_color(self, usual: QColor) -> QColor:
        if self._edge is None:
            return usual
        theme, status = self._edge
        return QColor(theme.colors.statuses[status].border)
