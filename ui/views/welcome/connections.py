"""The connections to Azure that the user keeps, as the first page shows them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QDateTime, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.saved_connections import SavedConnection
from ui.connections.colours import colour_name, colour_of
from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Radius, Role, Space, Status, TextStyle
from ui.when import moment_text
from ui.widgets.buttons import Button, IconButton
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.labels import ShortenedText, Text
from ui.widgets.line_edit import SearchBox
from ui.widgets.menu import Menu
from ui.widgets.painting import fill_box, painting
from ui.widgets.surface import horizontal_line

_FILTER_FROM = 6
"""Connections; fewer are seen at one glance."""

_BAR = 4


class ColourBar(QWidget):
    """The colour of a connection beside its words."""

    def __init__(self, theme: Theme, colour: Connection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(colour_name(colour))
        self.setToolTip(colour_name(colour))

    def sizeHint(self) -> QSize:
        return QSize(_BAR, 2 * Space.M)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            fill_box(painter, self.rect(), self._theme.colors.connections[self._colour].stripe, Radius.BAR)


class ConnectionRow(QWidget):
    """One connection: colour, name, vault, account, when it was opened last, and what can be done with it."""

    open_requested = Signal()
    change_requested = Signal()
    sign_out_requested = Signal()
    remove_requested = Signal()

    def __init__(self, theme: Theme, connection: SavedConnection, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.connection = connection
        self.setObjectName(f"connection-row-{number}")
        words = QVBoxLayout()
        words.setSpacing(Space.XS // 2)
        first = QHBoxLayout()
        first.setSpacing(Space.S)
        first.addWidget(ShortenedText(theme, connection.name, TextStyle.STRONG))
        if connection.opens_read_only:
            first.addWidget(Chip(theme, Status.NEUTRAL, _tr("Read-only"), icon="read_only"))
        first.addStretch(1_000)
        words.addLayout(first)
        spec = connection.spec
        place = spec.vault or _tr("no vault yet")
        parts = [place, connection.region, connection.account or spec.username or spec.client_id]
        told = " · ".join(part for part in parts if part)
        words.addWidget(ShortenedText(theme, told, TextStyle.CAPTION, Role.TEXT2))
        self.open_button = Button(theme, _tr("Open"))
        self.open_button.setObjectName(f"connection-open-{number}")
        self.open_button.setAccessibleName(_tr("Open {}").format(connection.name))
        self.open_button.clicked.connect(self.open_requested)
        self.more_button = IconButton(theme, "more", _tr("More about {}").format(connection.name), small=True)
        self.more_button.setObjectName(f"connection-more-{number}")
        self.more_button.clicked.connect(self._on_more_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.CARD_X, Space.M, Space.M, Space.M)
        row.setSpacing(Space.M)
        row.addWidget(ColourBar(theme, colour_of(connection)))
        row.addLayout(words, 1)
        if connection.opened is not None:
            now = QDateTime.currentDateTimeUtc().toPython().astimezone()
            opened = _tr("opened {}").format(moment_text(connection.opened, now))
            row.addWidget(Text(opened, TextStyle.CAPTION, Role.TEXT2), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def matches(self, words: Sequence[str]) -> bool:
        """Whether it holds all of these, which are in lower case."""
        saved = self.connection
        spec = saved.spec
        told = " ".join((saved.name, spec.vault, spec.resource_group, saved.region, saved.account, spec.subscription))
        return all(word in told.casefold() for word in words)

    def _on_more_clicked(self) -> None:
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("connection-menu")
        for name, icon, text, signal in (
            ("change", "change", _tr("&Change…"), self.change_requested),
            ("sign-out", "key", _tr("&Sign out…"), self.sign_out_requested),
            ("remove", "remove", _tr("&Remove from this list…"), self.remove_requested),
        ):
            action = QAction(self._theme.icon(icon, Role.TEXT), text, menu)
            action.setObjectName(f"connection-{name}")
            action.triggered.connect(signal)
            menu.addAction(action)
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))


class ConnectionsCard(Card):
    """A row for each, the one opened last first.

    Signals, each with the `SavedConnection`:
        open_requested: open it.
        change_requested: change its name, colour or how it opens.
        sign_out_requested: forget who is signed in.
        remove_requested: keep it no longer.
    """

    open_requested = Signal(object)
    change_requested = Signal(object)
    sign_out_requested = Signal(object)
    remove_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(_tr("Your connections"), flush=True)
        self.setObjectName("welcome-connections")
        self._theme = theme
        self._rows: list[ConnectionRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)
        self._nothing = Text(_tr("No connection matches the filter."), TextStyle.BODY, Role.TEXT2)
        self._nothing.setContentsMargins(Space.CARD_X, Space.M, Space.M, Space.M)
        self._nothing.hide()
        self.body.addWidget(self._nothing)
        self._filter = SearchBox(theme, _tr("Filter"))
        self._filter.setObjectName("connections-filter")
        self._filter.textChanged.connect(self._on_filter_changed)
        assert self.head is not None
        self.head.add_control(self._filter)

    @property
    def rows(self) -> tuple[ConnectionRow, ...]:
        return tuple(self._rows)

    def show_connections(self, connections: Sequence[SavedConnection]) -> None:
        """Show these in place of those before."""
        while self._list.count():
            widget = self._list.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = []
        for number, connection in enumerate(connections):
            if number:
                self._list.addWidget(horizontal_line())
            row = ConnectionRow(self._theme, connection, number)
            row.open_requested.connect(lambda saved=connection: self.open_requested.emit(saved))
            row.change_requested.connect(lambda saved=connection: self.change_requested.emit(saved))
            row.sign_out_requested.connect(lambda saved=connection: self.sign_out_requested.emit(saved))
            row.remove_requested.connect(lambda saved=connection: self.remove_requested.emit(saved))
            self._rows.append(row)
            self._list.addWidget(row)
        assert self.head is not None
        self.head.set_detail(str(len(connections)))
        self._filter.setVisible(len(connections) >= _FILTER_FROM)
        self._on_filter_changed(self._filter.text())

    def set_busy(self, is_busy: bool) -> None:
        """While one is being opened no other can be."""
        for row in self._rows:
            row.open_button.setEnabled(not is_busy)

    def _on_filter_changed(self, text: str) -> None:
        words = text.casefold().split() if len(self._rows) >= _FILTER_FROM else []
        shown = 0
        for place, row in enumerate(self._rows):
            is_shown = row.matches(words)
            row.setVisible(is_shown)
            shown += is_shown
            line = self._list.itemAt(2 * place - 1)
            if place and line is not None:
                line_widget = line.widget()
                if line_widget is not None:
                    line_widget.setVisible(is_shown and shown > 1)
        self._nothing.setVisible(bool(self._rows) and not shown)


def _tr(text: str) -> str:
    return QCoreApplication.translate("WelcomeView", text)
