"""Keeps the list of connections: reads and writes it beside the loop, shows it, and changes what is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QDateTime, QObject, Signal

from app.runtime.kept_file import Aside
from app.saved_connections import SavedConnection, SavedConnections
from ui.asking import Asking, Question
from ui.calls import Calls
from ui.connections.sheet import ConnectionSheet
from ui.shell.room import Room
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.views.welcome.connections import ConnectionsCard
from ui.views.welcome.view import WelcomeView


class ConnectionKeeper(QObject):
    """One per program.

    Signals:
        open_requested: open this connection; carries the `SavedConnection`.
        sign_out_requested: forget who is signed in to it.
        changed: the list is another one now; carries it.
    """

    open_requested = Signal(object)
    sign_out_requested = Signal(object)
    changed = Signal(object)

    def __init__(self, theme: Theme, home: Room, welcome: WelcomeView, saved: SavedConnections) -> None:
        super().__init__()
        self.setObjectName("connections")
        self._theme = theme
        self._home = home
        self._welcome = welcome
        self._saved = saved
        self._calls = Calls(self, home.notices)
        self._asking = Asking(theme, home, home)
        self.connections: tuple[SavedConnection, ...] = ()
        welcome.connections_made.connect(self._on_card_made)

    @property
    def asides(self) -> tuple[Aside, ...]:
        """Files that could not be used."""
        return self._saved.asides

    def read(self) -> None:
        """Read the list anew, and show it."""
        self._run("read", self._saved.load, self.tr("Reading the connections"))

    def keep(self, connection: SavedConnection) -> None:
        """Add it, or keep it as it is now."""
        self._run("keep", lambda: self._saved.put(connection), self.tr("Saving the connection"))

    def mark_opened(self, connection: SavedConnection, account: str = "") -> None:
        """It was opened now."""
        now = QDateTime.currentDateTimeUtc().toPython().astimezone()
        self._run(
            f"opened {connection.id}",
            lambda: self._saved.mark_opened(connection.id, now, account),
            self.tr("Saving the connection"),
        )

    def of_id(self, id: str) -> SavedConnection | None:
        return next((each for each in self.connections if each.id == id), None)

    def close(self) -> None:
        self._calls.cancel_all()

    def _run(self, key: str, work: Callable[[], tuple[SavedConnection, ...]], doing: str) -> None:
        self._calls.run(key, lambda: asyncio.to_thread(work), doing=doing, on_result=self._show)

    def _show(self, connections: tuple[SavedConnection, ...]) -> None:
        self.connections = connections
        self._welcome.set_connections(connections)
        self.changed.emit(connections)

    def _on_card_made(self, card: ConnectionsCard) -> None:
        card.open_requested.connect(self.open_requested)
        card.sign_out_requested.connect(self.sign_out_requested)
        card.change_requested.connect(self._on_change_requested)
        card.remove_requested.connect(self._on_remove_requested)

    def _on_change_requested(self, connection: SavedConnection) -> None:
        others = [other for other in self.connections if other.id != connection.id]
        sheet = ConnectionSheet(self._theme, connection, others)
        sheet.changed.connect(self.keep)
        self._home.open_sheet(sheet)

    def _on_remove_requested(self, connection: SavedConnection) -> None:
        title = self.tr("Remove {} from this list?").format(connection.name)
        text = self.tr("Nothing in Azure changes, and what was set up goes on.")
        kept = self.tr("Its drafts and its journal stay on this computer; who is signed in stays signed in.")
        question = Question(title, text, self.tr("&Remove"), ((Status.INFO, kept),))
        self._calls.run(
            "ask",
            lambda: self._asking.confirm(question),
            doing=title,
            on_result=lambda yes: self._remove(connection) if yes else None,
        )

    def _remove(self, connection: SavedConnection) -> None:
        self._run("remove", lambda: self._saved.remove(connection.id), self.tr("Removing the connection"))
