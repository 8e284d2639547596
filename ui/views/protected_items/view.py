"""Replicated items: every machine of the vault that replicates, with the operations on what is selected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.arm_id import ArmId, key
from app.live.services import Services
from app.live.vault_feeds import VaultFeeds
from ui.busy import Failure
from ui.calls import Calls
from ui.feed_watch import FeedWatch
from ui.notices import NoticeAction, NoticeHub
from ui.tables.filter_bar import FilterBar
from ui.tables.layout_memory import LayoutStore
from ui.tables.record_model import Checks, RecordTableModel
from ui.tables.row_filter import RowFilter
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Motion
from ui.views.protected_items.columns import ItemRow, item_columns, item_facets
from ui.views.protected_items.details import DetailsPanel, details_position
from ui.views.protected_items.operations_bar import OperationsBar
from ui.when import clock_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.details_room import DetailsRoom
from ui.widgets.page import Page


class ProtectedItemsView(QWidget):
    """The table with its filters, the operations on what is selected, and the details of the current row.

    Signals:
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
        job_requested: show this job (`ArmId`).
        replicate_requested: choose further machines to replicate.
        sheet_opened: this modal sheet is to be opened.
    """

    operation_requested = Signal(object, object)
    job_requested = Signal(object)
    replicate_requested = Signal()
    sheet_opened = Signal(object)

    def __init__(
        self, theme: Theme, feeds: VaultFeeds, services: Services, notices: NoticeHub, store: LayoutStore | None
    ) -> None:
        super().__init__()
        self.setObjectName("page-items")
        self._theme = theme
        self._feeds = feeds
        self._services = services
        self._calls = Calls(self, notices)
        self._wanted: ArmId | None = None
        self.model = RecordTableModel(
            item_columns(self._as_of, services.rules.monitoring),
            lambda row: row.item.id.key,
            facets=item_facets(),
            checks=Checks.SELECTION,
            parent=self,
        )
        label = self.tr("Replicated items")
        self.table = TableView(theme, self.model, name="items-table", empty=self._empty(), store=store, label=label)
        self.filter = FilterBar(theme, self.model, placeholder=self.tr("Name, host, policy or state"))
        self.operations = OperationsBar(theme, services.access)
        self.page = Page(label)
        self.room = DetailsRoom(self.page)
        self._notices = notices
        self._details: DetailsPanel | None = None
        self.refresh_button = Button(theme, self.tr("R&efresh"), icon="refresh")
        self.columns_button = Button(theme, self.tr("Col&umns"), icon="columns")
        self.replicate_button = Button(theme, self.tr("&Replicate"), icon="create", kind=Kind.PRIMARY)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(Motion.VEIL_DELAY)
        self._selection_due = QTimer(self)
        self._selection_due.setSingleShot(True)
        self._selection_due.setInterval(0)
        self._build()
        self._connect()
        self._watch = FeedWatch(
            [
                (feeds.protected_items, self._on_items_read),
                (feeds.hosts, self._show_rows),
                (feeds.policies, self._show_rows),
                (feeds.jobs, self._show_details),
            ]
        )

    @property
    def details(self) -> DetailsPanel:
        """The panel beside the table; made when it is first wanted, since it weighs as much as the rest of the page."""
        if self._details is None:
            self._details = details = DetailsPanel(self._theme, self._services, self._notices)
            details.operation_requested.connect(self.operation_requested)
            details.job_requested.connect(self.job_requested)
            details.sheet_opened.connect(self.sheet_opened)
            details.closed.connect(self._close_details)
            self.room.set_panel(details)
        return self._details

    def refresh(self) -> None:
        """Read the list anew, whole."""
        feed = self._feeds.protected_items
        self._calls.run("refresh", feed.refresh, doing=self.tr("Reading replicated items"), on_result=_nothing)
        if self._details is not None:
            self._details.look_again()

    def regions(self) -> Sequence[QWidget]:
        parts = (self.page, self.table.grid)
        return parts if self._details is None else (*parts, self._details)

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def show_facet(self, facet_id: str, *values: str) -> None:
        """Show only the machines with one of these values of a facet; without values, all machines."""
        wanted = RowFilter().with_facet(facet_id, frozenset(values)) if facet_id else RowFilter()
        self.model.set_filter(wanted)

    def open_item(self, item: ArmId) -> None:
        """Show a machine with its details; as soon as it is read, if it is not there yet."""
        self._wanted = item
        self._open_wanted()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._feeds.protected_items.value is None:
            self._slow.start()
        self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._slow.stop()
        self._watch.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.room.is_open:
            self._close_details()
        else:
            super().keyPressEvent(event)

    def _as_of(self) -> datetime:
        """The time that ages are told for: what was read then may be younger by now."""
        return self._feeds.protected_items.updated or self._services.clock.now()

    # Building

    def _empty(self) -> Message:
        why = self.tr("Choose machines and where they should start, and the first copies begin.")
        step = Step(self.tr("Replicate machines"), self.replicate_requested.emit, "create", Kind.PRIMARY)
        return Message("replicated_items", self.tr("Nothing is protected yet"), why, (step,))

    def _build(self) -> None:
        self.refresh_button.setObjectName("items-refresh")
        self.columns_button.setObjectName("items-columns")
        self.replicate_button.setObjectName("items-replicate")
        for button in (self.refresh_button, self.columns_button, self.replicate_button):
            self.page.header.add_button(button)
        self.table.top.addWidget(self.filter)
        self.table.top.addWidget(self.operations)
        self.page.body.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.room)

    def _connect(self) -> None:
        self.refresh_button.clicked.connect(self.refresh)
        self.columns_button.clicked.connect(self._on_columns_clicked)
        self.replicate_button.clicked.connect(self.replicate_requested)
        self.operations.operation_requested.connect(self.operation_requested)
        self.operations.job_requested.connect(self.job_requested)
        self.operations.clear_requested.connect(self.table.grid.clear_selection)
        self.filter.box.left.connect(lambda: self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason))
        self.table.selection_changed.connect(self._selection_due.start)
        self.table.current_changed.connect(self._show_details)
        self.table.opened.connect(self._on_row_opened)
        self.table.menu_requested.connect(self._on_menu_requested)
        self._selection_due.timeout.connect(self._show_selection)
        self._slow.timeout.connect(self._on_slow)

    # What was read

    def _on_items_read(self) -> None:
        feed = self._feeds.protected_items
        self._slow.stop()
        if feed.error is not None:
            self._show_error()
        if feed.updated is not None:
            self.page.header.set_freshness(self.tr("Updated {}").format(clock_text(feed.updated)))
        if feed.value is not None and feed.error is None:
            self._show_rows()
        elif feed.value is None:
            self.table.clear_busy()

    def _show_rows(self) -> None:
        if self._feeds.protected_items.value is None:
            return
        self._calls.run(
            "show",
            lambda: self.table.apply_records(self._rows()),
            doing=self.tr("Showing replicated items"),
            on_result=self._on_rows_shown,
        )

    def _rows(self) -> Iterator[ItemRow]:
        """The machines with what hosts and policies say of them; made one by one as the table takes them."""
        items, hosts, policies = (
            self._feeds.protected_items.value,
            self._feeds.hosts.value,
            self._feeds.policies.value,
        )
        names = {host.id.key: host.friendly_name for host in (hosts.providers if hosts else ())}
        paces = {policy.id.key: policy.copy_frequency_s for policy in (policies.policies if policies else ())}
        for item in items or ():
            yield ItemRow(item, names.get(key(item.provider_id), ""), paces.get(key(item.policy_id), 0))

    def _on_rows_shown(self, _: None) -> None:
        self.table.clear_busy()
        self._show_error()  # names of hosts may be new while the machines are still those read before
        self.model.time_passed()
        self._show_selection()
        self._show_details()
        self._open_wanted()

    def _show_error(self) -> None:
        """Old rows stay, with their age; where there are none the failure stands in their place."""
        feed = self._feeds.protected_items
        if feed.error is None:
            return
        if feed.value is not None and feed.updated is not None:
            text = self.tr("These rows are from {0}. {1}.")
            self.table.show_stale(text.format(clock_text(feed.updated), feed.error.title.rstrip(".")), self.refresh)
            return
        again = NoticeAction(self.tr("Try again"), self.refresh)
        self.table.show_failure(Failure(feed.error.title, feed.error.advice, (again,)))

    def _on_slow(self) -> None:
        if self._feeds.protected_items.value is None and self._feeds.protected_items.error is None:
            self.table.show_veil()

    # Selection and details

    def _show_selection(self) -> None:
        rows = self.table.selected_records
        self.operations.show_selection([row.item for row in rows], self.table.hidden_selected_count)

    def _show_details(self) -> None:
        """The panel follows the current row; one that is gone leaves the last words about it."""
        row = self.table.current_record
        if not self.room.is_open or row is None:
            return
        jobs = self._feeds.jobs.value or ()
        position = details_position(row, self.table.grid.selected_keys)
        self.details.show_row(row, jobs, self._as_of(), position)

    def _on_row_opened(self, _: ItemRow) -> None:
        self._open_details()

    def _open_details(self) -> None:
        if self.details.isHidden():
            self.room.set_open(True)
        self._show_details()

    def _close_details(self) -> None:
        self.room.set_open(False)
        self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_wanted(self) -> None:
        wanted = self._wanted
        if wanted is None or self.model.record(wanted.key) is None:
            return
        self._wanted = None
        if self.model.row_of(wanted.key) is None:
            self.model.set_filter(RowFilter())
        self.table.select([wanted.key])
        self.table.grid.make_current(wanted.key)
        self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self._open_details()

    # Menus

    def _on_columns_clicked(self) -> None:
        menu = self.table.build_columns_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.columns_button.mapToGlobal(QPoint(0, self.columns_button.height())))

    def _on_menu_requested(self, place: QPoint) -> None:
        self._show_selection()
        menu = self.operations.build_menu(self)
        menu.addSeparator()
        row = self.table.current_record
        if row is not None:
            menu.addAction(self._theme.icon("show"), self.tr("Details"), lambda: self._on_row_opened(row))
        menu.addAction(self._theme.icon("copy"), self.tr("Copy"), self.table.copy)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)


def _nothing(_: object) -> None:
    """The feed has told its watchers already."""
