"""A wizard page with the usual frame: header with title and purpose, banners, body, and room for a docked sheet."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.flows.draft import SetUpDraft
from app.flows.step import Context
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Space, Stroke, TextStyle
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.page import Page
from ui.widgets.sheet_room import SheetRoom
from ui.wizard.limits_note import LimitsNote
from ui.wizard.page import WizardPage
from ui.wizard.requests import ShowLimits

_BY_LIMITS = ("target", "settings", "enable")
"""Steps whose answers are judged by support limits."""

_EMPTY = 9 * Height.ROW
"""Room for the message that stands where no rows are."""

_LINES = 3 * Stroke.HAIRLINE
"""A card's frame, and the line below its head."""


class FramedPage(WizardPage):
    """Fill `frame.body`; open sheets in `room`."""

    def __init__(self, theme: Theme, *, scrolls: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        step = self.step
        self.frame = Page(step.title, step.purpose, scrolls=scrolls)
        self.room = SheetRoom(self.frame)
        self._limits: LimitsNote | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.room)

    def show_limits(self, draft: SetUpDraft, context: Context) -> None:
        if self.step_id not in _BY_LIMITS:
            return
        if self._limits is None:
            tells = self.step_id != "enable"  # its strip tells it of the machine that is selected
            self._limits = LimitsNote(self.theme, self.frame, self.step, tells=tells, parent=self)
            self._limits.change_requested.connect(lambda: self.requested.emit(ShowLimits()))
            self.draft_edited.connect(self._limits.follow)
        self._limits.load(draft, context)

    def set_banners(self, banners: QWidget) -> None:
        """Stand the window's banners below the header."""
        self.frame.set_banners(banners)


def fit_card(card: Card, table: TableView[Any], below: QWidget | None = None) -> None:
    """Let `card` be as high as its table's rows and what stands below them, and no higher; a long table scrolls."""
    rows = table.model.rowCount()  # heads of groups are rows too
    needed = Height.CARD_HEAD + (table.height_of_rows(rows) if rows else Height.ROW + _EMPTY)
    if below is not None and below.isVisibleTo(card):
        needed += _height_at(below, card.width())
    card.setMaximumHeight(needed + _LINES)


def _height_at(widget: QWidget, width: int) -> int:
    """Text that wraps wants more room than it takes at its width."""
    return widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()


class RefitCard(Card):
    """A card that is fitted again when its width changes: what stands below its table wraps then.

    Signals:
        width_changed: it is wider or narrower now.
    """

    width_changed = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.width_changed.emit()


def below_label(button: QWidget) -> QVBoxLayout:
    """`button` in one line with the control of a form field, whose label stands above it."""
    column = QVBoxLayout()
    column.setSpacing(Space.XS)
    column.addWidget(Text(" ", TextStyle.LABEL))
    column.addWidget(button)
    column.addStretch(1)
    return column
