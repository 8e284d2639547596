"""The first page: open the practice vault, or go on with a set-up that is not finished."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import __version__
from app.scenarios import Scenario
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle, Width
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.labels import IconLabel, StatusLine, Text
from ui.widgets.numbered_steps import NumberedStep, NumberedSteps
from ui.widgets.page import Page
from ui.widgets.picker import Option, Picker
from ui.widgets.surface import TintedBox, horizontal_line, lie_on_content


class UnfinishedSetUp(NamedTuple):
    """A draft on disk, and the scenario of the practice vault it belongs to."""

    path: Path
    name: str
    scenario: str
    detail: str
    problem: str = ""


class WelcomeView(QWidget):
    """What one sees before anything is open: a page in the middle of the window, on the ground of the pages.

    Signals:
        practice_requested: open the practice vault with a scenario; carries its key.
        set_up_requested: open an unfinished set-up; carries an `UnfinishedSetUp`.
    """

    practice_requested = Signal(str)
    set_up_requested = Signal(object)

    def __init__(self, theme: Theme, scenarios: Sequence[Scenario], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page-welcome")
        lie_on_content(self)
        self._theme = theme
        self._page = Page(
            _tr("Welcome"),
            _tr("Protect Hyper-V machines with Azure Site Recovery: set it up, watch it, rehearse it, fail over."),
            top=2 * Space.PAGE,
            scrolls=True,
        )
        self._scenarios = tuple(scenarios)
        self._set_ups = QVBoxLayout()
        self._set_ups_card = Card(_tr("Unfinished set-ups"))
        self._build()

    def set_unfinished(self, set_ups: Sequence[UnfinishedSetUp]) -> None:
        """Show the drafts that can be gone on with; without any the card is gone."""
        while self._set_ups.count():
            row = self._set_ups.takeAt(0).widget()
            if row is not None:
                row.hide()
                row.deleteLater()
        for number, set_up in enumerate(set_ups):
            self._set_ups.addWidget(self._set_up_row(number, set_up))
        self._set_ups_card.setVisible(bool(set_ups))

    def set_busy(self, scenario: str) -> None:
        """While a scenario is being opened nothing else can be; empty means that it is over."""
        self.open_button.setEnabled(not scenario)
        self._picker.setEnabled(not scenario)
        self._waiting.setVisible(bool(scenario))

    def set_banners(self, banners: QWidget) -> None:
        """Stand `banners` below the header."""
        self._page.set_banners(banners)

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.open_button

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        left.addWidget(self._practice_card())
        self._set_ups_card.body.addLayout(self._set_ups)
        self._set_ups_card.hide()
        left.addWidget(self._set_ups_card)
        left.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addLayout(left, 1)
        row.addWidget(self._about_card(), 0, Qt.AlignmentFlag.AlignTop)
        self._page.body.addLayout(row)
        self._page.body.addStretch(1)
        inner = QWidget()
        inner.setMaximumWidth(Width.WELCOME)
        middle = QVBoxLayout(inner)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self._page, 1)
        middle.addLayout(self._foot())
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner, 1_000)  # the page first, up to its greatest width; the margins share the rest
        across.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(horizontal_line())
        column.addLayout(across, 1)

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(Space.PAGE, Space.M, Space.PAGE, Space.L)
        row.addWidget(Text(_tr("Version {}").format(__version__), TextStyle.CAPTION, Role.TEXT2))
        row.addStretch(1)
        offline = _tr("Works offline: the practice vault and saved set-ups need no network.")
        row.addWidget(Text(offline, TextStyle.CAPTION, Role.TEXT2))
        return row

    def _practice_card(self) -> QWidget:
        card = TintedBox(self._theme, Status.WAITING)
        column = QVBoxLayout(card)
        column.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        column.setSpacing(Space.S)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(IconLabel(self._theme, "practice", Role.WAITING, IconSize.CARD))
        head.addWidget(Text(_tr("Open the practice vault"), TextStyle.PANEL_TITLE), 1)
        column.addLayout(head)
        about = _tr(
            "The whole job with simulated hosts and a clock that you can speed up. No account, no cost, no risk: "
            "it answers as Azure does, and nothing leaves this computer."
        )
        column.addWidget(Text(about, wrap=True))
        label = Text(_tr("Start &with"), TextStyle.LABEL)
        self._picker = Picker(self._theme)
        self._picker.setObjectName("welcome-scenario")
        self._picker.setAccessibleName(_tr("Start with"))
        self._picker.set_options([Option(each.key, each.title, each.about) for each in self._scenarios])
        self._picker.set_current(self._scenarios[0].key)
        label.setTextFormat(Qt.TextFormat.AutoText)
        label.setBuddy(self._picker)
        column.addSpacing(Space.S)
        column.addWidget(label)
        self.open_button = Button(self._theme, _tr("&Open"), icon="practice", kind=Kind.PRIMARY)
        self.open_button.setObjectName("welcome-open-practice")
        self.open_button.setAccessibleName(_tr("Open the practice vault"))
        self.open_button.clicked.connect(self._on_open_clicked)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self._picker, 1)
        row.addWidget(self.open_button)
        column.addLayout(row)
        self._waiting = StatusLine(self._theme, Status.INFO, _tr("Preparing the practice vault…"))
        self._waiting.setObjectName("welcome-waiting")
        self._waiting.hide()
        column.addWidget(self._waiting)
        return card

    def _about_card(self) -> QWidget:
        card = Card(_tr("What you will do"))
        card.setFixedWidth(Width.DETAILS)
        steps = (
            NumberedStep(_tr("Protection goal"), detail=_tr("What is protected, and where it shall run")),
            NumberedStep(_tr("Source"), detail=_tr("Name the site and let its hosts register")),
            NumberedStep(_tr("Target"), detail=_tr("Choose storage and network in Azure")),
            NumberedStep(_tr("Replication settings"), detail=_tr("How often to copy, and how far back to keep")),
            NumberedStep(_tr("Capacity planning"), detail=_tr("See whether your line can carry it")),
            NumberedStep(_tr("Enable replication"), detail=_tr("Choose machines, review, run")),
        )
        card.body.setSpacing(Space.M)
        card.body.addWidget(NumberedSteps(steps))
        card.body.addWidget(horizontal_line())
        for icon, text in (
            ("health", _tr("Watch replication from the overview")),
            ("test_failover", _tr("Rehearse a failover, and clean up")),
            ("failover", _tr("Fail over for real, planned or not")),
        ):
            card.body.addLayout(self._after_line(icon, text))
        return card

    def _after_line(self, icon: str, text: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(IconLabel(self._theme, icon, Role.TEXT2))
        row.addWidget(Text(text), 1)
        return row

    def _set_up_row(self, number: int, set_up: UnfinishedSetUp) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, Space.XS, 0, Space.XS)
        line.setSpacing(Space.M)
        line.addWidget(IconLabel(self._theme, "set_up", Role.TEXT2, IconSize.CARD))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(set_up.name, TextStyle.STRONG))
        if set_up.problem:
            words.addWidget(StatusLine(self._theme, Status.WARNING, set_up.problem))
        else:
            words.addWidget(Text(set_up.detail, TextStyle.CAPTION, Role.TEXT2))
        line.addLayout(words, 1)
        if not set_up.problem:
            button = Button(self._theme, _tr("Go on"))
            button.setObjectName(f"welcome-go-on-{number}")
            button.setAccessibleName(_tr("Go on with {}").format(set_up.name))
            button.clicked.connect(lambda: self.set_up_requested.emit(set_up))
            line.addWidget(button)
        return row

    def _on_open_clicked(self) -> None:
        key = self._picker.current_key
        if key is not None:
            self.practice_requested.emit(key)


def _tr(text: str) -> str:
    return QCoreApplication.translate("WelcomeView", text)
