"""Jobs: the table of the last day, and the page of the job that was opened from it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.arm_id import ArmId
from app.domain.job import ReplicationJob
from app.live.services import Services
from app.live.vault_feeds import VaultFeeds
from ui.busy import Failure
from ui.calls import Calls
from ui.feed_watch import FeedWatch
from ui.notices import NoticeAction, NoticeHub
from ui.tables.filter_bar import FilterBar
from ui.tables.layout_memory import LayoutStore
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.views.jobs.columns import group_of, job_columns, job_facets, job_groups
from ui.views.jobs.job_page import JobPage
from ui.when import clock_text
from ui.widgets.page import Page

_TICK_MS = 1_000


class JobsView(QWidget):
    """The list, or one job in its place.

    Signals:
        item_requested: show this machine (`ArmId`).
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
    """

    item_requested = Signal(object)
    operation_requested = Signal(object, object)

    def __init__(
        self, theme: Theme, feeds: VaultFeeds, services: Services, notices: NoticeHub, store: LayoutStore | None
    ) -> None:
        super().__init__()
        self.setObjectName("page-jobs")
        self._feeds = feeds
        self._banners: QWidget | None = None
        self._calls = Calls(self, notices)
        self.model: RecordTableModel[ReplicationJob] = RecordTableModel(
            job_columns(services.clock.now),
            lambda job: job.id.key,
            facets=job_facets(),
            groups=job_groups(),
            group_of=group_of,
            parent=self,
        )
        empty = Message(
            "jobs",
            self.tr("No job in the last 24 hours"),
            self.tr("Whatever is started in this vault, here or elsewhere, appears here."),
        )
        label = self.tr("Jobs of the last 24 hours")
        self.table = TableView(theme, self.model, name="jobs-table", empty=empty, store=store, label=label)
        self.filter = FilterBar(theme, self.model, placeholder=self.tr("Job, machine or state"))
        self.list_page = Page(self.tr("Jobs"), self.tr("What Azure does in this vault, and did in the last 24 hours"))
        self.job_page = JobPage(theme, feeds, services, notices)
        self._stack = QStackedWidget()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._watch = FeedWatch([(feeds.jobs, self._on_jobs_read)])
        self._build()
        self._connect()

    @property
    def is_job_open(self) -> bool:
        """A job's page is on show, not the list."""
        return self._stack.currentWidget() is self.job_page

    def open_job(self, job: ArmId) -> None:
        """Show one job with its tasks, and follow it while it runs."""
        self._lend_banners(self.job_page)
        self._stack.setCurrentWidget(self.job_page)
        self.job_page.open(job)

    def close_job(self) -> None:
        """Go back to the list."""
        self.job_page.close_job()
        self._lend_banners(self.list_page)
        self._stack.setCurrentWidget(self.list_page)
        self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Read anew what is shown."""
        if self.is_job_open:
            self.job_page.refresh()
            return
        feed = self._feeds.jobs
        self._calls.run(
            "refresh",
            feed.refresh,
            doing=self.tr("Reading jobs"),
            on_result=lambda _: None,
            busy=self.table,
        )

    def regions(self) -> Sequence[QWidget]:
        return self.job_page.regions() if self.is_job_open else (self.filter, self.table)

    def set_banners(self, banners: QWidget) -> None:
        self._banners = banners
        self._lend_banners(self.job_page if self.is_job_open else self.list_page)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch.start()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch.stop()
        self._timer.stop()

    def _build(self) -> None:
        self.table.top.addWidget(self.filter)
        self.list_page.body.addWidget(self.table, 1)
        self._stack.addWidget(self.list_page)
        self._stack.addWidget(self.job_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _connect(self) -> None:
        self.filter.box.left.connect(lambda: self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason))
        self.table.opened.connect(lambda job: self.open_job(job.id))
        self.job_page.back_requested.connect(self.close_job)
        self.job_page.item_requested.connect(self.item_requested)
        self.job_page.operation_requested.connect(self.operation_requested)
        self._timer.timeout.connect(self._on_timer_timeout)

    def _lend_banners(self, page: Page | JobPage) -> None:
        if self._banners is not None:
            page.set_banners(self._banners)

    def _on_timer_timeout(self) -> None:
        """Running jobs grow older."""
        if self.is_job_open:
            self.job_page.time_passed()
        elif any(not job.state.is_over for job in self.model.records()):
            self.model.time_passed()

    def _on_jobs_read(self) -> None:
        feed = self._feeds.jobs
        jobs, error = feed.value, feed.error
        if error is not None and (jobs is None or feed.updated is None):
            again = NoticeAction(self.tr("Try again"), self.refresh)
            self.table.show_failure(Failure(error.title, error.advice, (again,)))
            return
        if jobs is None or feed.updated is None:
            return
        read_at = clock_text(feed.updated)
        self.list_page.header.set_freshness(self.tr("Updated {}").format(read_at))
        if error is not None:
            self.table.show_stale(self.tr("This list is from {0}. {1}").format(read_at, error.title), self.refresh)
            return
        self.table.clear_stale()
        self._calls.run(
            "show", lambda: self.table.apply_records(jobs), doing=self.tr("Showing jobs"), on_result=lambda _: None
        )
