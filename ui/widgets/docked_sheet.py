"""The docked sheet: creates something small beside the page, which stays usable. Nothing is sent from here."""

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle, Width
from ui.widgets.buttons import Button, IconButton, Kind
from ui.widgets.footer import Footer
from ui.widgets.labels import Text
from ui.widgets.page import scrolling
from ui.widgets.surface import Ground, Surface, horizontal_line
from ui.widgets.tab_stops import tab_stops


class DockedSheet(Surface):
    """Head, scrolling body, and a footer that ends in Cancel and one primary button.

    Attributes:
        stands_after: what Tab comes from, the last stop of the page; None leaves the sheet where it was made.

    Signals:
        submitted: the primary button was pressed.
        cancelled: Cancel, the cross or Esc.
    """

    submitted = Signal()
    cancelled = Signal()

    def __init__(
        self, theme: Theme, title: str, purpose: str = "", *, submit: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(Ground.DOCKED, parent)
        self.stands_after: QWidget | None = None
        self.setFixedWidth(Width.DOCKED_SHEET)
        self.setAccessibleName(title)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(Space.XL, Space.M, Space.XL, Space.M)
        self.body.setSpacing(Space.M)
        self.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.footer = Footer(theme, on_raised=True, side=Space.XL)
        self.cancel_button = Button(theme, self.tr("Cancel"))
        self.submit_button = Button(theme, submit or self.tr("Add to the set-up"), kind=Kind.PRIMARY)
        self.footer.add_right(self.cancel_button)
        self.footer.add_right(self.submit_button)
        self.cancel_button.clicked.connect(self.cancelled)
        self.submit_button.clicked.connect(self.submitted)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_head(theme, title, purpose))
        column.addWidget(horizontal_line(on_raised=True))
        self._content = scrolling(self.body)
        column.addWidget(self._content, 1)
        column.addWidget(self.footer)

    @property
    def purpose(self) -> str:
        """What stands below the title."""
        return self._purpose.text()

    def set_purpose(self, purpose: str) -> None:
        """Change what stands below the title."""
        self._purpose.setText(purpose)
        self._purpose.setVisible(bool(purpose))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_stops()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _order_stops(self) -> None:
        """Tab goes from the page through the fields to the footer: fields are made last, and would come after that."""
        stops = [stop for stop in tab_stops(self) if self._content.isAncestorOf(stop)]
        places = [self._place_of(stop) for stop in stops]
        if None not in places:  # what a part makes later, such as options, comes where the part stands
            stops = [stop for _, stop in sorted(zip(places, stops, strict=True), key=lambda each: each[0] or 0)]
        stops += [self.cancel_button, self.submit_button, self.close_button]
        if self.stands_after is not None and isValid(self.stands_after):
            stops.insert(0, self.stands_after)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _place_of(self, stop: QWidget) -> int | None:
        """Which part of the body it belongs to; None where it stands in the body without a part of its own."""
        for place in range(self.body.count()):
            part = self.body.itemAt(place).widget()
            if part is not None and (part is stop or part.isAncestorOf(stop)):
                return place
        return None

    def _build_head(self, theme: Theme, title: str, purpose: str) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(title, TextStyle.PANEL_TITLE))
        self._purpose = Text(purpose, TextStyle.CAPTION, Role.TEXT2, wrap=True)
        words.addWidget(self._purpose)
        if not purpose:
            self._purpose.hide()
        self.close_button = IconButton(theme, "close", self.tr("Close"), small=True)
        self.close_button.clicked.connect(self.cancelled)
        row = QHBoxLayout()
        row.setContentsMargins(Space.XL, Space.L, Space.M, Space.M)
        row.addLayout(words, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        return row
