"""What the first page leads to: connections, connecting to Azure, set-ups from files. Loaded behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from app.connection import AzureSpec, ConnectionSpec
from app.errors import AppError, Remedy
from app.paths import user_paths
from app.runtime.loading import load
from app.saved_connections import SavedConnection, SavedConnections
from ui.asking import Asking
from ui.calls import Calls
from ui.connections.connecting import Connecting
from ui.connections.keeper import ConnectionKeeper
from ui.doors import Doors
from ui.notices import Notice, NoticeAction
from ui.set_aside import tell_set_aside
from ui.shell.main_window import MainWindow
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.unfinished import find_unfinished, place_of_draft
from ui.views.welcome.set_ups import UnfinishedSetUp
from ui.views.welcome.view import WelcomeView
from ui.widgets.buttons import Button

if TYPE_CHECKING:
    from ui.views.connection_check.view import ConnectionCheckView

CHECK = "check"
_CHECK = ("app.services.connection_check", "ui.views.connection_check.settings_sheet", "ui.views.connection_check.view")


class Home(QObject):
    """One per program.

    Signals:
        connection_requested: open this kept connection (`SavedConnection`), on this set-up (`UnfinishedSetUp` or None).
        practice_requested: go on with this set-up (`UnfinishedSetUp`) in the practice vault of its scenario.
    """

    connection_requested = Signal(object, object)
    practice_requested = Signal(object)

    def __init__(self, theme: Theme, window: MainWindow, welcome: WelcomeView, doors: Doors) -> None:
        super().__init__()
        self.setObjectName("home")
        self._theme = theme
        self._window = window
        self._welcome = welcome
        self._doors = doors
        self._check: ConnectionCheckView | None = None
        self._notices = window.home.notices
        self._calls = Calls(self, self._notices)
        self._asking = Asking(theme, window.home, window)
        saved = SavedConnections(user_paths().connections_file)
        self.keeper = ConnectionKeeper(theme, window.home, welcome, saved)
        self.connecting = Connecting(theme, window, doors, self._asking, self.keeper)
        self._notices.remedies[Remedy.CHECK_CONNECTION] = NoticeAction(self.tr("Check the connection"), self.check)
        self.keeper.open_requested.connect(lambda connection: self.connection_requested.emit(connection, None))
        self.keeper.changed.connect(self._tell_set_aside)
        self.connecting.connected.connect(self._on_connected)
        self.connecting.check_requested.connect(self.check)

    def read(self) -> None:
        """Read what is kept, and show it on the first page."""
        self.keeper.read()
        self._calls.run(
            "unfinished",
            find_unfinished,
            doing=self.tr("Looking for unfinished set-ups"),
            on_result=self._welcome.set_unfinished,
        )

    def go_on(self, set_up: UnfinishedSetUp) -> None:
        """Open a set-up where it belongs."""
        saved = self.keeper.of_id(set_up.connection)
        if saved is not None:
            self.connection_requested.emit(saved, set_up)
        elif set_up.scenario:
            self.practice_requested.emit(set_up)

    def check(self) -> None:
        """See whether this computer reaches what the program needs."""
        title = self.tr("Preparing the connection check")
        self._calls.run("check", lambda: load(_CHECK), doing=title, on_result=lambda _: self._show_check())

    def choose_draft(self) -> None:
        """Let a set-up be chosen from a file."""
        title, kinds = self.tr("Open a saved set-up"), self.tr("Set-ups (*.json)")
        self._calls.run(
            "choose",
            lambda: self._asking.open_file(title, kinds),
            doing=title,
            on_result=lambda file: self.open_draft(file) if file is not None else None,
        )

    def open_draft(self, file: Path) -> None:
        """Open a set-up from a file."""
        doing = self.tr("Reading the set-up")
        self._calls.run("draft", lambda: place_of_draft(file), doing=doing, on_result=self._on_draft_placed)

    def ask_to_sign_in(
        self, spec: ConnectionSpec, saved: SavedConnection | None, reason: AppError, then: Callable[[], object]
    ) -> None:
        """A connection cannot be opened before somebody signs in."""
        if isinstance(spec, AzureSpec):
            self.connecting.sign_in_to(spec, saved, reason, then)

    async def aclose(self) -> None:
        """Stop what is under way here."""
        self._calls.cancel_all()
        self.keeper.close()
        await self.connecting.aclose()

    def _show_check(self) -> None:
        from ui.views.connection_check.view import ConnectionCheckView

        room = self._window.home
        if self._check is None:
            view = ConnectionCheckView(self._theme, self._doors.connection_check, self._notices, self._asking)
            back = Button(self._theme, self.tr("&Back"), icon="back")
            back.setObjectName("check-back")
            back.clicked.connect(room.go_back)
            view.page.header.add_button(back)
            keys = QShortcut(QKeySequence("Alt+Left"), view, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.activated.connect(room.go_back)
            room.add_view(CHECK, "", "network", view, section=None, full=True)
            self._check = view
        self._window.show_room(room)
        room.show_view(CHECK)

    def _on_connected(self, connection: SavedConnection) -> None:
        self.keeper.keep(connection)
        self.connection_requested.emit(connection, None)

    def _on_draft_placed(self, set_up: UnfinishedSetUp) -> None:
        if set_up.connection or set_up.scenario:
            self.go_on(set_up)
            return
        practise = set_up._replace(scenario=self._welcome.practice_scenario)
        title = self.tr("No connection of yours reaches the subscription of “{}”").format(set_up.name)
        text = self.tr("Connect to Azure with an account that does, or go on with it in the practice vault.")
        actions = (
            NoticeAction(self.tr("Connect to Azure…"), self.connecting.show),
            NoticeAction(self.tr("Open in the practice vault"), lambda: self.go_on(practise)),
        )
        self._notices.post(Notice("draft", Status.INFO, title, text, actions))

    def _tell_set_aside(self) -> None:
        tell_set_aside(self._notices, self.tr("your connections"), self.keeper.asides)
