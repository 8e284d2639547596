"""Replicated items: every machine of the vault that replicates, with the operations on what is selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.arm_id import ArmId
from app.live.services import Services
from app.live.vault_feeds import VaultFeeds
from ui.calls import Calls
from ui.feed_watch import FeedWatch
from ui.notices import NoticeHub
from ui.tables.filter_bar import FilterBar
from ui.tables.layout_memory import LayoutStore
from ui.tables.record_model import Checks, RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.views.protected_items.columns import ItemRow, item_columns, item_facets
from ui.when import clock_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.page import Page


class ProtectedItemsView(QWidget):
    """The table with its filters.

    Signals:
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
        job_requested: show this job (`ArmId`).
        replicate_requested: choose further machines to replicate.
    """

    operation_requested = Signal(object, object)
    job_requested = Signal(object)
    replicate_requested = Signal()

    def __init__(
        self, theme: Theme, feeds: VaultFeeds, services: Services, notices: NoticeHub, store: LayoutStore | None
    ) -> None:
        super().__init__()
        self.setObjectName("page-items")
        self._theme = theme
        self._feeds = feeds
        self._services = services
        self._calls = Calls(self, notices)
        self.model = RecordTableModel(
            item_columns(services.clock.now, services.rules.monitoring),
            lambda row: row.item.id.key,
            facets=item_facets(),
            checks=Checks.SELECTION,
            parent=self,
        )
        replicate = Step(self.tr("Replicate machines"), self.replicate_requested.emit, "create", Kind.PRIMARY)
        empty = Message("replicated_items", self.tr("Nothing is protected yet"), "", (replicate,))
        self.table = TableView(theme, self.model, name="items-table", empty=empty, store=store)
        self.filter = FilterBar(theme, self.model, placeholder=self.tr("Name, host, policy or state"))
        self.page = Page(self.tr("Replicated items"))
        self.table.top.addWidget(self.filter)
        self.page.body.addWidget(self.table, 1)
        self.replicate_button = Button(theme, self.tr("&Replicate"), icon="create", kind=Kind.PRIMARY)
        self.replicate_button.clicked.connect(self.replicate_requested)
        self.page.header.add_button(self.replicate_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._watch = FeedWatch([(feeds.protected_items, self._on_items_read)])

    def refresh(self) -> None:
        """Read the list anew."""
        feed = self._feeds.protected_items
        self._calls.run("refresh", feed.refresh, doing=self.tr("Reading replicated items"), on_result=lambda _: None)

    def regions(self) -> Sequence[QWidget]:
        return (self.table,)

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def show_facet(self, facet_id: str, value: str) -> None:
        """Show only the machines with this value of a facet."""
        self.model.set_filter(self.model.filter.with_facet(facet_id, frozenset({value})))

    def open_item(self, item: ArmId) -> None:
        """Go to a machine."""
        self.table.select([item.key])
        self.table.grid.make_current(item.key)
        self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch.stop()

    def _on_items_read(self) -> None:
        feed = self._feeds.protected_items
        if feed.value is None:
            return
        if feed.updated is not None:
            self.page.header.set_freshness(self.tr("Updated {}").format(clock_text(feed.updated)))
        items = feed.value
        self._calls.run(
            "show",
            lambda: self.table.apply_records(ItemRow(item) for item in items),
            doing=self.tr("Showing replicated items"),
            on_result=lambda _: None,
        )
