"""Getting to Azure: the page that connects, signing in where a kept connection needs it, and signing out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.connection import AzureSpec
from app.errors import AppError
from app.ports.sign_in import SignInWish
from app.runtime.loading import load
from app.saved_connections import SavedConnection
from ui.asking import Asking
from ui.calls import Calls
from ui.connections.keeper import ConnectionKeeper
from ui.doors import Doors
from ui.shell.main_window import MainWindow
from ui.sign_in.sheet import SignInSheet
from ui.sign_in.sign_out import SignOut
from ui.theme.theme import Theme
from ui.views.connect.view import ConnectView
from ui.widgets.focus_ring import lead_focus

VIEW = "connect"
_PIECES = (
    "ui.sign_in.form",
    "ui.sign_in.panel",
    "app.services.vault_catalogue",
    "ui.views.connect.vault_rows",
    "ui.views.connect.new_vault",
    "ui.views.connect.vaults",
    "ui.views.connect.view",
)


class Connecting(QObject):
    """One per program.

    Signals:
        connected: keep this connection and open it; carries the `SavedConnection`.
        check_requested: see whether this computer reaches what is needed.
    """

    connected = Signal(object)
    check_requested = Signal()

    def __init__(
        self, theme: Theme, window: MainWindow, doors: Doors, asking: Asking, keeper: ConnectionKeeper
    ) -> None:
        super().__init__()
        self.setObjectName("connecting")
        self._theme = theme
        self._window = window
        self._doors = doors
        self._asking = asking
        self._keeper = keeper
        self._calls = Calls(self, window.home.notices)
        self._sign_out = SignOut(doors.sign_in, window.home.notices, asking, self)
        self._view: ConnectView | None = None
        keeper.sign_out_requested.connect(self._on_sign_out_requested)

    @property
    def view(self) -> ConnectView | None:
        """The page; it keeps what was answered until a connection came of it."""
        return self._view

    def show(self) -> None:
        """Open the page."""
        self._calls.run(
            "show", lambda: load(_PIECES), doing=self.tr("Preparing the sign-in"), on_result=lambda _: self._show()
        )

    def sign_in_to(
        self, spec: AzureSpec, saved: SavedConnection | None, reason: AppError, then: Callable[[], object]
    ) -> None:
        """Ask whoever opens a connection to sign in, then do `then`; who thinks better of it stays where they are."""

        async def wish() -> SignInWish:
            return await self._doors.wish(spec)

        self._calls.run(
            "wish",
            wish,
            doing=self.tr("Preparing the sign-in"),
            on_result=lambda found: self._open_sheet(found, saved, reason, then),
        )

    async def aclose(self) -> None:
        """Stop what is under way here."""
        self._calls.cancel_all()
        if self._view is not None:
            await self._view.aclose()

    def _show(self) -> None:
        home = self._window.home
        if self._view is None:
            view = ConnectView(
                self._theme,
                self._doors.sign_in,
                self._doors.account,
                home.notices,
                self._window,
                self._asking,
                connections=lambda: self._keeper.connections,
            )
            view.left.connect(lambda: home.show_view("welcome"))
            view.connected.connect(self._on_connected)
            view.check_requested.connect(self.check_requested)
            home.add_view(VIEW, "", "production", view, section=None, full=True)
            self._view = view
        self._window.show_room(home)
        home.show_view(VIEW)
        lead_focus(self._view.first_focus())

    def _on_connected(self, connection: SavedConnection) -> None:
        self._window.home.show_view("welcome")
        self.connected.emit(connection)
        doing = self.tr("Closing the list of vaults")
        self._calls.run("drop", self._drop_view, doing=doing, on_result=lambda _: None)

    async def _drop_view(self) -> None:
        view, self._view = self._view, None
        if view is not None:
            await view.aclose()
            self._window.home.remove_view(VIEW)

    def _open_sheet(
        self, wish: SignInWish, saved: SavedConnection | None, reason: AppError, then: Callable[[], object]
    ) -> None:
        account = saved.account if saved is not None else ""
        sheet = SignInSheet(
            self._theme, self._doors.sign_in, self._window.home.notices, wish, reason=reason, account=account
        )
        if saved is not None:
            sheet.set_title(self.tr("Sign in to {}").format(saved.name))
        sheet.signed_in.connect(lambda _: then())
        self._window.open_sheet(sheet)

    def _on_sign_out_requested(self, connection: SavedConnection) -> None:
        async def wishes() -> tuple[SignInWish, tuple[str, ...]]:
            """How it is signed in to, and who else stands on that."""
            wish = await self._doors.wish(connection.spec)
            shared = []
            for other in self._keeper.connections:
                if other.id != connection.id and other.spec.cloud == connection.spec.cloud:
                    if (await self._doors.wish(other.spec)).key == wish.key:
                        shared.append(other.name)
            return wish, tuple(shared)

        self._calls.run(
            "sign-out",
            wishes,
            doing=self.tr("Preparing to sign out"),
            on_result=lambda found: self._sign_out.ask(
                found[0], connection.name, self._keeper.read, shared_with=found[1]
            ),
        )
