"""One list of all vaults that the signed-in account reaches: found by typing, chosen with Enter, or made anew.

Rows come as answers do. What a vault holds is asked for the rows on screen, the current one first. Vaults of other
scenarios stay in the list, with the reason why this program leaves them alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.domain.azure import Tenant
from app.domain.vault import Vault
from app.errors import AppError
from app.ports.sign_in import SignInWish
from app.services.account import Account
from app.services.vault_catalogue import Catalogue, VaultEntry
from ui.busy import Failure
from ui.calls import Calls
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.tables.filter_bar import FilterBar
from ui.tables.layout_memory import LayoutStore
from ui.tables.record_model import RecordTableModel
from ui.tables.row_filter import RowFilter
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Motion, Space, Status
from ui.views.connect.empty_words import EmptyWords
from ui.views.connect.looking import Looking
from ui.views.connect.new_vault import NewVault
from ui.views.connect.reading_line import ReadingLine
from ui.views.connect.unread import UnreadBox
from ui.views.connect.vault_details import VaultDetails
from ui.views.connect.vault_rows import RowMaker, VaultRow, vault_columns, vault_facets
from ui.widgets.buttons import Button, Kind
from ui.widgets.callout import Refusal, Way
from ui.widgets.card import Card
from ui.widgets.details_room import DetailsRoom
from ui.widgets.footer import Footer
from ui.widgets.menu import Menu
from ui.widgets.reasoned_button import ReasonedButton
from ui.widgets.sheet_room import SheetRoom


class VaultChooser(QWidget):
    """Reads when it is first shown. It owns nothing of `account`; whoever opened that closes it.

    Signals:
        chosen: work with this vault (`VaultEntry`; its `reached_by` is the tenant whose tokens open it).
        create_requested: the sheet for a new vault has been asked for; it opens here.
        created: a vault (`VaultEntry`) was made here; it is in the list and selected.
        sign_in_requested: sign in to this directory (`Tenant`); `signed_in_to` goes on with it.
    """

    chosen = Signal(object)
    create_requested = Signal()
    created = Signal(object)
    sign_in_requested = Signal(object)

    def __init__(
        self,
        theme: Theme,
        account: Account,
        notices: NoticeHub,
        *,
        who: str = "",
        store: LayoutStore | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`who` is the account's sign-in name, as messages call it."""
        super().__init__(parent)
        self.setObjectName("vault-chooser")
        self._theme = theme
        self._account = account
        self._notices = notices
        self._calls = Calls(self, notices)
        self._words = EmptyWords(who, self.read, self.open_new_vault, self.sign_in_requested.emit)
        self._makes = RowMaker(account.rules)
        self._catalogue = Catalogue()
        self._has_begun = False
        self._wanted_key = ""
        self.model = RecordTableModel(
            vault_columns(),
            lambda row: row.key,
            facets=vault_facets(),
            is_muted=lambda row: row.refusal is not None,
            parent=self,
        )
        label = self.tr("Recovery Services vaults")
        empty = Message("vault", self.tr("No vaults yet"))
        self.table = TableView(
            theme, self.model, name="vaults-table", empty=empty, store=store, label=label, framed=False
        )
        self.filter = FilterBar(theme, self.model, placeholder=self.tr("Vault, subscription, region or what it holds"))
        self.unread = UnreadBox(theme)
        self.reading = ReadingLine(theme)
        self.refresh_button = Button(theme, self.tr("&Refresh"), icon="refresh", small=True)
        self.new_button = ReasonedButton(theme, self.tr("&New vault…"), icon="create", small=True)
        self.use = ReasonedButton(theme, self.tr("&Use this vault"), kind=Kind.PRIMARY)
        self.footer = Footer(theme)
        self.details = VaultDetails(theme, account.rules)
        self._card = Card(label, flush=True)
        self._page = QWidget()
        self.details_room = DetailsRoom(self._page)
        self.room = SheetRoom(self.details_room)
        self.new_vault = NewVault(theme, account, self.room, notices, self)
        self._looking = Looking(account.catalogue, self.table)
        self._veil_timer = QTimer(self, interval=Motion.VEIL_DELAY, singleShot=True)
        self._build()
        self._connect()
        self._stop_watching = account.catalogue.watch(self._take)
        self.destroyed.connect(self._stop_watching)
        self._show_choice()

    # What others do with it

    def read(self) -> None:
        """Read everything, again if it was read."""
        self._has_begun = True
        self._veil_timer.start()
        self._calls.run(
            "read",
            self._account.catalogue.read,
            doing=self.tr("Reading the vaults"),
            on_result=lambda _: None,
            on_error=lambda error: None,  # the catalogue holds it, and so does the table
        )

    def signed_in_to(self, tenant: Tenant, wish: SignInWish) -> None:
        """Go on with a sign-in that was made to a directory which asked for one."""
        self._calls.run(
            f"tenant.{tenant.id}",
            lambda: self._account.catalogue.read_tenant(tenant.id, wish),
            doing=self.tr("Reading the vaults of {}").format(tenant.name),
            on_result=lambda _: None,
        )

    def select(self, key: str) -> None:
        """Select a vault by the key of its id; as soon as it is read, if it is not there yet."""
        self._wanted_key = key
        self._select_wanted()

    @property
    def current(self) -> VaultRow | None:
        """The vault that is selected."""
        return self.table.current_record

    def regions(self) -> Sequence[QWidget]:
        """What F6 goes through."""
        return self.filter, self.table.grid, self.details, self.footer

    def first_focus(self) -> QWidget:
        return self.filter.box

    def open_new_vault(self) -> None:
        """Open the sheet, for the subscription of the vault that is selected."""
        self.create_requested.emit()
        row = self.current
        readings = [each for each in self._catalogue.subscriptions if not each.subscription.is_read_only]
        here = row.entry.subscription.id if row is not None and not row.entry.subscription.is_read_only else ""
        only = readings[0].subscription.id if len(readings) == 1 else ""
        self.new_vault.open(here or only)

    # Building

    def _build(self) -> None:
        assert self._card.head is not None
        for name, button in (
            ("vaults-refresh", self.refresh_button),
            ("vaults-new", self.new_button),
            ("vault-use", self.use),
        ):
            button.setObjectName(name)
        self._card.head.add_control(self.new_button)
        self._card.head.add_control(self.refresh_button)
        self.table.top.addWidget(self.filter)
        self._card.body.addWidget(self.table, 1)
        self._card.body.addWidget(self.reading)
        self.footer.add_right(self.use)
        body = QVBoxLayout()
        body.setContentsMargins(Space.PAGE, Space.M, Space.PAGE, Space.L)
        body.setSpacing(Space.M)
        body.addWidget(self.unread)
        body.addWidget(self._card, 1)
        page = QVBoxLayout(self._page)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(body, 1)
        page.addWidget(self.footer)
        self.details_room.set_panel(self.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.room)

    def _connect(self) -> None:
        for keys, run in (("F5", self.read), ("Ctrl+F", self.filter.focus_box)):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)
        self.refresh_button.clicked.connect(self.read)
        self.new_button.activated.connect(self.open_new_vault)
        self.use.activated.connect(self._choose_current)
        self.filter.box.left.connect(lambda: self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason))
        self.filter.box.returnPressed.connect(lambda: self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason))
        self.table.current_changed.connect(self._on_current_changed)
        self.table.opened.connect(self._on_row_opened)
        self.table.menu_requested.connect(self._on_menu_requested)
        self._veil_timer.timeout.connect(self._on_veil_due)
        self.reading.stop_requested.connect(lambda: self._calls.cancel("read"))
        self.reading.go_on_requested.connect(self.read)
        self.unread.sign_in_requested.connect(self.sign_in_requested)
        self.unread.retry_requested.connect(self.read)
        self.details.closed.connect(self._close_details)
        self.new_vault.created.connect(self._on_created)
        self.new_vault.opened.connect(self._show_empty)
        self.new_vault.closed.connect(self._on_sheet_closed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_begun:
            self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looking.rest()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.details_room.is_open:
            self._close_details()
        else:
            super().keyPressEvent(event)

    # What was read

    def _take(self, catalogue: Catalogue) -> None:
        """One batch, however many answers it holds."""
        self._catalogue = catalogue
        self.unread.show_catalogue(catalogue)
        self.reading.show_catalogue(catalogue, self._account.clock.now())
        has_guests = len(catalogue.tenants) > 1
        self.table.set_column_idle("tenant", not has_guests)
        self.filter.set_facet_shown("tenant", has_guests)
        self._show_state()
        if catalogue.problem is not None and not catalogue.vaults:
            self._calls.cancel("show")  # an empty list would take the place of what is wrong
            return
        self._calls.run(
            "show",
            lambda: self.table.apply_records(self._makes.rows(catalogue)),
            doing=self.tr("Showing the vaults"),
            on_result=lambda _: self._on_rows_shown(),
        )

    def _show_state(self) -> None:
        catalogue = self._catalogue
        if catalogue.problem is not None:
            self._show_problem(catalogue.problem)
        if not catalogue.is_reading:
            self._veil_timer.stop()
            self.table.clear_busy()
        self._show_empty()
        if catalogue.is_reading and not catalogue.subscriptions:
            title = self.tr("One moment")
            self.new_button.refuse(Refusal(title, self.tr("Which subscriptions there are is being asked.")))
        elif not catalogue.subscriptions:
            title = self.tr("A new vault needs a subscription")
            self.new_button.refuse(Refusal(title, self._words.no_subscription()))
        elif self.new_vault.is_busy:
            self._refuse_another()
        else:
            self.new_button.allow()

    def _show_problem(self, problem: AppError) -> None:
        again = NoticeAction(self.tr("Try again"), self.read)
        if not self.table.show_failure(Failure(problem.title, problem.advice, (again,))):
            self.table.show_stale(problem.sentence, self.read)

    def _on_rows_shown(self) -> None:
        if self._catalogue.problem is None:
            self.table.clear_stale()
        self._select_wanted()
        self._on_current_changed()

    def _on_veil_due(self) -> None:
        if self._catalogue.is_reading and not self.model.total_count:
            self.table.show_veil()

    def _show_empty(self) -> None:
        is_open = self.new_vault.sheet is not None
        self.table.set_empty(self._words.message(self._catalogue, is_sheet_open=is_open))

    # The current vault

    def _on_current_changed(self) -> None:
        row = self.current
        if row is None:
            self.details_room.set_open(False)
        else:
            self.details.show_row(row)
            if not self.details_room.is_floating and self.room.sheet is None:
                self.details_room.set_open(True)
        self._show_choice()

    def _show_choice(self) -> None:
        row = self.current
        if row is None:
            self.footer.set_worst(None)
            title = self.tr("No vault is selected")
            self.use.refuse(Refusal(title, self.tr("Select one in the list, or create one.")))
            return
        why = self.details.refusal_of(row)
        if why is None:
            self.use.allow()
            self.footer.set_worst(Status.OK, self._sentence(row))
        else:
            create = Way(self.tr("New vault…"), self.open_new_vault)
            self.use.refuse(Refusal(why.title, why.reason, (create,) if row.refusal is not None else ()))
            self.footer.set_worst(Status.WARNING if row.refusal is not None else Status.INFO, why.short)

    def _sentence(self, row: VaultRow) -> str:
        vault, entry = row.entry.vault, row.entry
        return self.tr("{0} in {1}, {2}").format(vault.name, entry.subscription.name, row.region)

    def _choose_current(self) -> None:
        if (row := self.current) is not None:
            self.chosen.emit(row.entry)

    def _on_row_opened(self, row: VaultRow) -> None:
        """Enter or a double click: take it, or say why not."""
        self.details.show_row(row)
        if self.details.refusal_of(row) is None:
            self.chosen.emit(row.entry)
        else:
            self.details_room.set_open(True)

    def _close_details(self) -> None:
        self.details_room.set_open(False)
        self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_menu_requested(self, place: QPoint) -> None:
        row = self.current
        if row is None:
            return
        menu = self.build_menu(row)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def build_menu(self, row: VaultRow) -> QMenu:
        """What can be done with a vault; whoever asks shows it and throws it away."""
        menu = Menu(self._theme, self)
        use = QAction(self.tr("Use this vault"), menu)
        use.setEnabled(self.details.refusal_of(row) is None)
        use.triggered.connect(lambda: self.chosen.emit(row.entry))
        details = QAction(self.tr("Details"), menu)
        details.triggered.connect(lambda: self.details_room.set_open(True))
        only = QAction(self.tr("Only {}").format(row.entry.subscription.name), menu)
        name = frozenset({row.entry.subscription.name})
        only.triggered.connect(lambda: self.model.set_filter(RowFilter().with_facet("subscription", name)))
        copy = QAction(self.tr("Copy"), menu)
        copy.triggered.connect(self.table.copy)
        for action in (use, details, only, copy):
            menu.addAction(action)
        return menu

    def _select_wanted(self) -> None:
        if self._wanted_key and self.model.record(self._wanted_key) is not None:
            self.table.select([self._wanted_key])
            self.table.grid.make_current(self._wanted_key)
            self._wanted_key = ""

    # New vaults

    def _refuse_another(self) -> None:
        title = self.tr("A new vault has to wait")
        show = Way(self.tr("Show how far it is"), lambda: self.new_vault.open(""))
        self.new_button.refuse(Refusal(title, self.tr("Another one is being created."), (show,)))

    def _on_sheet_closed(self) -> None:
        self._show_state()
        self._on_current_changed()

    def _on_created(self, vault: Vault) -> None:
        self.select(vault.id.key)
        self._show_state()
        title = self.tr("{} is there").format(vault.name)
        region = self._account.rules.region_name(vault.location)
        text = self.tr("Created in {}, confirmed by Azure.").format(region)
        self._notices.post(Notice("vaults.created", Status.OK, title, text))
        entry = self._entry(vault)
        if entry is not None:
            self.created.emit(entry)

    def _entry(self, vault: Vault) -> VaultEntry | None:
        found = self._account.catalogue.catalogue.vaults
        return next((each for each in found if each.key == vault.id.key), None)
