"""What could go wrong: every trouble of the practice vault, by where it comes from, each with a switch."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.practice import TroubleKind, Troubles
from app.live.services import Services
from app.services.practice_control import PracticeControl
from ui.calls import Calls
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.views.practice.trouble_row import TroubleRow
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text

_AGAIN_MS = 3_000
"""How often what is on is read anew: a trouble may end by itself, or a script may begin one."""


class TroublePanel(QWidget):
    """The section of the practice controls in which something is made to go wrong.

    Signals:
        place_requested: open the view in which a trouble can be watched; carries the view's name.
    """

    place_requested = Signal(str)

    def __init__(self, theme: Theme, services: Services, notices: NoticeHub, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("troubles")
        self._theme = theme
        self._services = services
        self._calls = Calls(self, notices)
        self._troubles: Troubles | None = None
        self._rows: dict[str, TroubleRow] = {}
        self._cards: dict[str, Card] = {}
        self._unbuilt: list[TroubleKind] = []
        self._builder = QTimer(self)
        self._builder.setInterval(0)
        self._builder.timeout.connect(self._build_next)
        self.state = StatusLine(theme, Status.NEUTRAL)
        self.end_all = Button(theme, self.tr("End all trouble"))
        self.end_all.setObjectName("trouble-end-all")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.M)
        self._column.addWidget(self._build_head())
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.end_all.clicked.connect(self._on_end_all_clicked)

    def refresh(self) -> None:
        """Read what can go wrong, and what does."""
        self._calls.run(
            "read", self._control.troubles, doing=self.tr("Reading what can go wrong"), on_result=self._show
        )

    def row(self, kind: str) -> TroubleRow:
        return self._rows[kind]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unbuilt:
            self._builder.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._builder.stop()

    @property
    def _control(self) -> PracticeControl:
        control = self._services.practice
        if control is None:
            raise RuntimeError("What could go wrong was opened on a connection that is no practice vault")
        return control

    def _build_head(self) -> Card:
        card = Card(self.tr("What could go wrong"))
        if card.head is not None:
            card.head.add_control(self.end_all)
        words = self.tr(
            "Start one of these, look at what it does to your machines and jobs, and put it right. "
            "Better here than on the day it counts."
        )
        card.body.addWidget(Text(words, TextStyle.BODY, Role.TEXT2, wrap=True))
        card.body.addWidget(self.state)
        return card

    def _show(self, troubles: Troubles) -> None:
        if self._troubles is None:
            self._unbuilt = list(troubles.kinds)
            self._builder.start()
        self._troubles = troubles
        now = self._services.clock.now()
        for kind in troubles.kinds:
            row = self._rows.get(kind.key)
            if row is not None:
                row.show_kind(kind, now)
        count = sum(bool(kind.running) for kind in troubles.kinds)
        if count:
            text = self.tr("1 trouble is on.") if count == 1 else self.tr("{} troubles are on.").format(count)
            self.state.set_status(Status.WAITING, text, icon="practice")
        elif troubles.coming:
            self.state.set_status(Status.WAITING, self.tr("All is well. A script has more to come."), icon="in_time")
        else:
            self.state.set_status(Status.OK, self.tr("All is well."))
        moves_by_itself = troubles.is_any_on or bool(troubles.coming)
        self.end_all.setVisible(moves_by_itself)
        if not moves_by_itself:
            self._timer.stop()
        elif self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _build_next(self) -> None:
        """One row in each turn of the loop: all of them at once would hold the window."""
        troubles = self._troubles
        if troubles is None or not self._unbuilt:
            self._builder.stop()
            return
        key = self._unbuilt.pop(0).key
        kind = next((kind for kind in troubles.kinds if kind.key == key), None)
        if kind is None:
            return
        row = TroubleRow(self._theme, kind)
        row.start_requested.connect(self._starting(key))
        row.end_requested.connect(self._ending(key))
        row.place_requested.connect(self.place_requested)
        row.show_kind(kind, self._services.clock.now())
        self._rows[key] = row
        self._card(kind.group, troubles).body.addWidget(row)

    def _card(self, group: str, troubles: Troubles) -> Card:
        card = self._cards.get(group)
        if card is None:
            title = next((entry.title for entry in troubles.groups if entry.key == group), "")
            card = self._cards[group] = Card(title)
            card.body.setSpacing(Space.L)
            self._column.addWidget(card)
        return card

    def _starting(self, key: str) -> Callable[[], None]:
        def start() -> None:
            row, control = self._rows[key], self._control
            chosen, (lasts_s, count) = row.chosen, row.limits
            self._calls.cancel("read")  # what it would show is older than this
            self._calls.run(
                "switch",
                lambda: control.start_trouble(key, chosen, lasts_s=lasts_s, count=count),
                doing=self.tr("Starting: {}").format(row.kind.title),
                on_result=self._show,
            )

        return start

    def _ending(self, key: str) -> Callable[[], None]:
        def end() -> None:
            self._calls.cancel("read")
            self._calls.run(
                "switch",
                lambda: self._control.end_trouble(key),
                doing=self.tr("Ending: {}").format(self._rows[key].kind.title),
                on_result=self._show,
            )

        return end

    def _on_end_all_clicked(self) -> None:
        self._calls.cancel("read")
        self._calls.run(
            "switch",
            self._control.end_all_trouble,
            doing=self.tr("Ending all trouble"),
            on_result=self._show,
        )

    def _on_timer_timeout(self) -> None:
        if not self._calls.is_running("switch") and not self._calls.is_running("read"):
            self.refresh()
