"""The bar above the grid of machines: how many are chosen, and what can be done with all of them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.sizes import size_text
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.callout import Refusal, Way
from ui.widgets.labels import StatusLine, Text
from ui.widgets.painting import fill_box, painting
from ui.widgets.reasoned_button import ReasonedButton


class BulkBar(QWidget):
    """Always there, so that choosing the first machine moves nothing.

    Signals:
        choose_ready_requested, size_requested, subnet_requested, clear_requested: a button was pressed and may act.
    """

    choose_ready_requested = Signal()
    size_requested = Signal()
    subnet_requested = Signal()
    clear_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._has_choice = False
        self.setObjectName("enable-bulk-bar")
        self.setFixedHeight(Height.BULK_BAR)
        self._count = Text("", TextStyle.STRONG)
        self._count.setObjectName("enable-chosen")
        self._total = Text("", TextStyle.BODY, Role.TEXT2)
        self._missing = StatusLine(theme, Status.CRITICAL, "", wrap=False)
        self._missing.setObjectName("enable-missing")
        self.choose_ready = Button(theme, self.tr("Choose all &ready"), small=True)
        self.choose_ready.setObjectName("enable-choose-all-ready")
        self.size_button = ReasonedButton(theme, self.tr("Si&ze…"), small=True)
        self.size_button.setObjectName("enable-size")
        self.subnet_button = ReasonedButton(theme, self.tr("S&ubnet…"), small=True)
        self.subnet_button.setObjectName("enable-subnet")
        self.clear_button = ReasonedButton(theme, self.tr("C&lear choice"), kind=Kind.QUIET, small=True)
        self.clear_button.setObjectName("enable-clear")
        self._build()
        self.show_choice(0, 0, 0)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.CARD_X, 0, Space.M, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._count)
        row.addWidget(self._total)
        row.addWidget(self._missing)
        row.addSpacing(Space.S)
        for button in (self.choose_ready, self.size_button, self.subnet_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.clear_button)
        self.choose_ready.clicked.connect(self.choose_ready_requested)
        self.size_button.activated.connect(self.size_requested)
        self.subnet_button.activated.connect(self.subnet_requested)
        self.clear_button.activated.connect(self.clear_requested)

    @property
    def missing(self) -> str:
        """What it says is missing; empty if nothing is."""
        return "" if self._missing.isHidden() else self._missing.text

    def show_choice(self, chosen: int, total: int, size_mib: int) -> None:
        """How many are chosen, of how many, and how much of their disks is replicated."""
        self._has_choice = chosen > 0
        self._count.setText(self.tr("{count} chosen").format(count=f"{chosen:,}") if chosen else self.tr("None chosen"))
        of = self.tr("of {total}").format(total=f"{total:,}")
        self._total.setText(f"{of} · {size_text(size_mib)}" if chosen else of)
        reason = self.tr("It acts on chosen machines, and none is chosen.")
        refusal = Refusal(
            self.tr("No machine is chosen"),
            reason,
            (Way(self.tr("Choose all ready"), self.choose_ready_requested.emit),),
        )
        for button in (self.size_button, self.subnet_button, self.clear_button):
            if chosen:
                button.allow()
            else:
                button.refuse(refusal)
        if chosen:
            self.show_missing("")
        self.update()

    def show_missing(self, text: str) -> None:
        """Say in place of the count what is missing, or the count again."""
        self._missing.set_status(Status.CRITICAL, text)
        self._missing.setVisible(bool(text))
        self._count.setVisible(not text)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        ground = colors.selection if self._has_choice and not colors.high_contrast else colors.well
        with painting(self) as painter:
            fill_box(painter, self.rect(), ground)
