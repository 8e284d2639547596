"""The dashboard of one vault: overview, replicated items, jobs, and the failover sheet over them."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.arm_id import ArmId
from app.domain.job import JobState
from app.flows.failover import FailoverKind
from app.live.services import Services
from ui.calls import Calls
from ui.dashboard.overview import OverviewView
from ui.failover.sheet import FailoverSheetView
from ui.shell.activity_panel import Activity
from ui.shell.room import Room
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.turns import Turns
from ui.views.jobs.view import JobsView
from ui.views.protected_items.view import ProtectedItemsView
from ui.window_memory import WindowMemory

VIEWS = OVERVIEW, ITEMS, JOBS = "overview", "items", "jobs"

_AHEAD_MS = 400
"""After a view is open, and its first figures are on screen."""


class VaultViews(QObject):
    """The views of one vault, each made when it is first opened.

    Routes between them, and keeps counts and running jobs in the frame.

    Signals:
        set_up_requested: open the set-up.
        replicate_requested: open the set-up where further machines are chosen.
    """

    set_up_requested = Signal()
    replicate_requested = Signal()

    def __init__(self, room: Room, theme: Theme, services: Services, vault: ArmId, memory: WindowMemory) -> None:
        super().__init__(room)
        self.setObjectName("vault_views")
        self._room = room
        self._theme = theme
        self._services = services
        self._calls = Calls(self, room.notices)
        self.vault = vault
        self.feeds = services.feeds(vault)
        self._memory = memory
        room.add_view(OVERVIEW, self.tr("Overview"), "overview", lambda: self.overview)
        room.add_view(ITEMS, self.tr("Replicated items"), "replicated_items", lambda: self.items)
        room.add_view(JOBS, self.tr("Jobs"), "jobs", lambda: self.jobs)
        self._ahead = Turns(self)
        self._ahead_timer = QTimer(self, interval=_AHEAD_MS, singleShot=True)
        self._ahead_timer.timeout.connect(self._make_ahead)
        room.view_shown.connect(self._on_view_shown)
        self._unsubscribe = (
            self.feeds.protected_items.subscribe(self._on_items_read),
            self.feeds.jobs.subscribe(self._on_jobs_read),
        )

    def _on_view_shown(self, view_id: str) -> None:
        if view_id == OVERVIEW:
            self._ahead_timer.start()
        else:
            self._ahead_timer.stop()

    def _make_ahead(self) -> None:
        """Have the tables ready when somebody goes there: to make and show one in one turn holds the loop too long."""
        self._room.view_shown.disconnect(self._on_view_shown)
        make, lay_out = self._room.view, self._room.lay_out_view
        self._ahead.begin(lambda: make(ITEMS), lambda: lay_out(ITEMS), lambda: make(JOBS), lambda: lay_out(JOBS))

    @cached_property
    def overview(self) -> OverviewView:
        """The view that says how the vault is."""
        view = OverviewView(self._theme, self.feeds, self._services, self._room.notices)
        view.place_requested.connect(self._room.show_view)
        view.machines_requested.connect(self._show_machines)
        view.item_requested.connect(self._open_item)
        view.job_requested.connect(self.open_job)
        view.set_up_requested.connect(self.set_up_requested)
        view.sheet_opened.connect(self._room.open_sheet)
        view.operation_requested.connect(self.open_operation)
        return view

    @cached_property
    def items(self) -> ProtectedItemsView:
        """The table of replicated items."""
        view = ProtectedItemsView(self._theme, self.feeds, self._services, self._room.notices, self._memory)
        view.operation_requested.connect(self.open_operation)
        view.job_requested.connect(self.open_job)
        view.replicate_requested.connect(self.replicate_requested)
        view.sheet_opened.connect(self._room.open_sheet)
        return view

    @cached_property
    def jobs(self) -> JobsView:
        """The table of jobs."""
        view = JobsView(self._theme, self.feeds, self._services, self._room.notices, self._memory)
        view.operation_requested.connect(self.open_operation)
        view.item_requested.connect(self._open_item)
        return view

    async def aclose(self) -> None:
        """Stop reading."""
        self._ahead_timer.stop()
        self._ahead.drop()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._calls.cancel_all()
        await self.feeds.aclose()

    def open_job(self, job: ArmId) -> None:
        """Show one job, with its tasks."""
        self._room.show_view(JOBS)
        self.jobs.open_job(job)

    def open_operation(self, kind: FailoverKind, items: tuple[ArmId, ...]) -> None:
        """Open the sheet for an operation on some machines."""
        sheet = FailoverSheetView(self._theme, kind, items, self._services, self._room.notices)
        sheet.job_requested.connect(self.open_job)
        sheet.finished.connect(self.refresh)
        self._room.open_sheet(sheet)

    def refresh(self) -> None:
        """Read everything anew."""
        self._calls.run("refresh", self.feeds.refresh_all, doing=self.tr("Reading the vault"), on_result=_nothing)

    def _open_item(self, item: ArmId) -> None:
        self._room.show_view(ITEMS)
        self.items.open_item(item)

    def _show_machines(self, facet_id: str, values: tuple[str, ...]) -> None:
        self._room.show_view(ITEMS)
        self.items.show_facet(facet_id, *values)

    def _on_items_read(self) -> None:
        items = self.feeds.protected_items.value
        self._room.set_count(ITEMS, None if items is None else len(items))

    def _on_jobs_read(self) -> None:
        jobs = self.feeds.jobs.value or ()
        failed = sum(job.state is JobState.FAILED for job in jobs)
        self._room.set_count(JOBS, failed or None, Status.CRITICAL if failed else None)
        running = [job for job in jobs if job.state is JobState.RUNNING]
        self._room.set_activities(
            [Activity(job.id.key, f"{job.friendly_name} · {job.target_name}".rstrip(" ·")) for job in running]
        )


def _nothing(_: object) -> None:
    """The feeds have told their watchers already."""
