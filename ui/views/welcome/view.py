"""What one sees before anything is open: a page in the middle of the window, on the ground of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import __version__
from app.scenarios import Scenario
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle, Width
from ui.views.welcome.cards import AboutCard, ConnectCard, DraftCard, PracticeCard
from ui.views.welcome.set_ups import SetUpsCard, UnfinishedSetUp
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import Text
from ui.widgets.page import Page
from ui.widgets.surface import horizontal_line, lie_on_content

if TYPE_CHECKING:
    from app.saved_connections import SavedConnection
    from ui.views.welcome.connections import ConnectionsCard


class WelcomeView(QWidget):
    """Connections, practice, set-ups.

    Signals:
        connect_requested: sign in to Azure and choose a vault.
        check_requested: see whether this computer reaches what the program needs.
        practice_requested: open the practice vault with a scenario; carries its key.
        set_up_requested: open an unfinished set-up; carries an `UnfinishedSetUp`.
        draft_requested: open a set-up from a file, which is to be chosen.
        draft_dropped: open this file (`Path`).
        connections_made: the card of the connections is there now; carries it.
    """

    connect_requested = Signal()
    check_requested = Signal()
    practice_requested = Signal(str)
    set_up_requested = Signal(object)
    draft_requested = Signal()
    draft_dropped = Signal(object)
    connections_made = Signal(object)

    def __init__(
        self,
        theme: Theme,
        scenarios: Sequence[Scenario],
        *,
        has_connections: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """With `has_connections` the room of the connections is kept until they are read."""
        super().__init__(parent)
        self.setObjectName("page-welcome")
        self.setAcceptDrops(True)
        lie_on_content(self)
        self._theme = theme
        self._page = Page(
            _tr("Welcome"),
            _tr("Protect Hyper-V machines with Azure Site Recovery: set it up, watch it, rehearse it, fail over."),
            top=2 * Space.PAGE,
            scrolls=True,
        )
        self._connect_card = ConnectCard(theme)
        self._practice_card = PracticeCard(theme, scenarios)
        self._draft_card = DraftCard(theme)
        self._about: AboutCard | None = None
        self._connections: ConnectionsCard | None = None
        self._set_ups: SetUpsCard | None = None
        self._left = QVBoxLayout()
        self._build()
        if not has_connections:
            self._show_about()

    @property
    def connections(self) -> ConnectionsCard | None:
        return self._connections

    def set_connections(self, connections: Sequence[SavedConnection]) -> None:
        """Show the connections that are kept; without any there is what one will do instead."""
        if not connections:
            if self._connections is not None:
                self._connections.hide()
            self._show_about()
            return
        if self._connections is None:
            from ui.views.welcome.connections import ConnectionsCard

            self._connections = ConnectionsCard(self._theme)
            self._left.insertWidget(0, self._connections)
            self.connections_made.emit(self._connections)
        self._connections.show_connections(connections)
        self._connections.show()
        if self._about is not None:
            self._about.hide()

    def set_unfinished(self, set_ups: Sequence[UnfinishedSetUp]) -> None:
        """Show the drafts that can be gone on with; without any the card is gone."""
        if self._set_ups is None:
            if not set_ups:
                return
            self._set_ups = SetUpsCard(self._theme)
            self._set_ups.chosen.connect(self.set_up_requested)
            self._left.insertWidget(self._left.count() - 2, self._set_ups)
        self._set_ups.show_set_ups(set_ups)
        self._set_ups.setVisible(bool(set_ups))

    def set_busy(self, what: str) -> None:
        """While something is being opened nothing else can be; empty means that it is over."""
        self._practice_card.set_busy(bool(what))
        self._connect_card.connect_button.setEnabled(not what)
        self._draft_card.open_button.setEnabled(not what)
        if self._connections is not None:
            self._connections.set_busy(bool(what))

    def set_banners(self, banners: QWidget) -> None:
        """Stand `banners` below the header."""
        self._page.set_banners(banners)

    @property
    def practice_scenario(self) -> str:
        """What the practice vault would start with."""
        return self._practice_card.picker.current_key or ""

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._connect_card.connect_button

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file = _dropped_file(event)
        if file is not None:
            event.acceptProposedAction()
            self.draft_dropped.emit(file)

    def _build(self) -> None:
        self._connect_card.connect_button.clicked.connect(self.connect_requested)
        self._practice_card.requested.connect(self.practice_requested)
        self._draft_card.open_button.clicked.connect(self.draft_requested)
        self._left.setSpacing(Space.M)
        self._left.addStretch(1)
        ways = QVBoxLayout()
        ways.setSpacing(Space.M)
        for card in (self._connect_card, self._practice_card, self._draft_card):
            card.setFixedWidth(Width.DETAILS)
            ways.addWidget(card)
        ways.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addLayout(self._left, 1)
        row.addLayout(ways)
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
        row.setSpacing(Space.L)
        row.addWidget(Text(_tr("Version {}").format(__version__), TextStyle.CAPTION, Role.TEXT2))
        check = Button(self._theme, _tr("Connection check"), kind=Kind.LINK)
        check.setObjectName("welcome-check")
        check.clicked.connect(self.check_requested)
        row.addWidget(check)
        row.addStretch(1)
        offline = _tr("Works offline: the practice vault and saved set-ups need no network.")
        row.addWidget(Text(offline, TextStyle.CAPTION, Role.TEXT2))
        return row

    def _show_about(self) -> None:
        if self._about is None:
            self._about = AboutCard(self._theme)
            self._left.insertWidget(0, self._about, 0, Qt.AlignmentFlag.AlignTop)
        self._about.show()


def _dropped_file(event: QDropEvent) -> Path | None:
    """The one draft that is being dropped."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    file = Path(urls[0].toLocalFile())
    return file if file.suffix.lower() == ".json" else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("WelcomeView", text)
