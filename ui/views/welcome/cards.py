"""What the first page always offers: connect to Azure, practise, open a saved set-up; and what one will do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.scenarios import Scenario
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.labels import IconLabel, StatusLine, Text
from ui.widgets.numbered_steps import NumberedStep, NumberedSteps
from ui.widgets.picker import Option, Picker
from ui.widgets.surface import TintedBox, horizontal_line


class ConnectCard(Card):
    """The way to Azure."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.body.addLayout(_head(theme, "production", Role.ACCENT, _tr("Connect to Azure")))
        about = _tr("Sign in, then pick or create a vault. A new connection opens read-only until you say otherwise.")
        self.body.addWidget(Text(about, wrap=True))
        self.connect_button = Button(theme, _tr("&Connect to Azure…"), icon="production", kind=Kind.PRIMARY)
        self.connect_button.setObjectName("welcome-connect")
        self.body.addWidget(self.connect_button, 0, Qt.AlignmentFlag.AlignLeft)
        ways = _tr("Windows account, browser, device code, Azure CLI or PowerShell, application")
        self.body.addWidget(Text(ways, TextStyle.CAPTION, Role.TEXT2, wrap=True))


class PracticeCard(TintedBox):
    """The way to the practice vault.

    Signals:
        requested: open it with a scenario; carries its key.
    """

    requested = Signal(str)

    def __init__(self, theme: Theme, scenarios: Sequence[Scenario]) -> None:
        super().__init__(theme, Status.WAITING)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        column.setSpacing(Space.S)
        column.addLayout(_head(theme, "practice", Role.WAITING, _tr("Open the practice vault")))
        about = _tr(
            "The whole job with simulated hosts and a clock that you can speed up. No account, no cost, no risk: "
            "it answers as Azure does, and nothing leaves this computer."
        )
        column.addWidget(Text(about, wrap=True))
        label = Text(_tr("Start &with"), TextStyle.LABEL)
        self.picker = Picker(theme)
        self.picker.setObjectName("welcome-scenario")
        self.picker.setAccessibleName(_tr("Start with"))
        self.picker.set_options([Option(each.key, each.title, each.about) for each in scenarios])
        self.picker.set_current(scenarios[0].key)
        label.setTextFormat(Qt.TextFormat.AutoText)
        label.setBuddy(self.picker)
        column.addSpacing(Space.S)
        column.addWidget(label)
        self.open_button = Button(theme, _tr("&Open"), icon="practice")
        self.open_button.setObjectName("welcome-open-practice")
        self.open_button.setAccessibleName(_tr("Open the practice vault"))
        self.open_button.clicked.connect(self._on_open_clicked)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self.picker, 1)
        row.addWidget(self.open_button)
        column.addLayout(row)
        self._waiting = StatusLine(theme, Status.INFO, _tr("Preparing the connection…"))
        self._waiting.setObjectName("welcome-waiting")
        self._waiting.hide()
        column.addWidget(self._waiting)

    def set_busy(self, is_busy: bool) -> None:
        """While something is being opened nothing else can be."""
        self.open_button.setEnabled(not is_busy)
        self.picker.setEnabled(not is_busy)
        self._waiting.setVisible(is_busy)

    def _on_open_clicked(self) -> None:
        if self.picker.current_key is not None:
            self.requested.emit(self.picker.current_key)


class DraftCard(Card):
    """The way to a set-up in a file."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(IconLabel(theme, "open", Role.TEXT2, IconSize.CARD))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(_tr("Open a saved set-up"), TextStyle.STRONG))
        words.addWidget(Text(_tr("A draft file; you can also drop it here"), TextStyle.CAPTION, Role.TEXT2, wrap=True))
        row.addLayout(words, 1)
        self.open_button = Button(theme, _tr("Open &file…"))
        self.open_button.setObjectName("welcome-open-draft")
        row.addWidget(self.open_button)
        self.body.addLayout(row)


class AboutCard(Card):
    """What one will do here, for whoever has no connection yet."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(_tr("What you will do"))
        steps = (
            NumberedStep(_tr("Protection goal"), detail=_tr("What is protected, and where it shall run")),
            NumberedStep(_tr("Source"), detail=_tr("Name the site and let its hosts register")),
            NumberedStep(_tr("Target"), detail=_tr("Choose storage and network in Azure")),
            NumberedStep(_tr("Replication settings"), detail=_tr("How often to copy, and how far back to keep")),
            NumberedStep(_tr("Capacity planning"), detail=_tr("See whether your line can carry it")),
            NumberedStep(_tr("Enable replication"), detail=_tr("Choose machines, review, run")),
        )
        self.body.setSpacing(Space.M)
        self.body.addWidget(NumberedSteps(steps))
        self.body.addWidget(horizontal_line())
        for icon, text in (
            ("health", _tr("Watch replication from the overview")),
            ("test_failover", _tr("Rehearse a failover, and clean up")),
            ("failover", _tr("Fail over for real, planned or not")),
        ):
            row = QHBoxLayout()
            row.setSpacing(Space.S)
            row.addWidget(IconLabel(theme, icon, Role.TEXT2))
            row.addWidget(Text(text), 1)
            self.body.addLayout(row)


def _head(theme: Theme, icon: str, role: Role, title: str) -> QHBoxLayout:
    head = QHBoxLayout()
    head.setSpacing(Space.S)
    head.addWidget(IconLabel(theme, icon, role, IconSize.CARD))
    head.addWidget(Text(title, TextStyle.PANEL_TITLE), 1)
    return head


def _tr(text: str) -> str:
    return QCoreApplication.translate("WelcomeView", text)
