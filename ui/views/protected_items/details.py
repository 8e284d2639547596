"""The details of one machine, beside the table: what it is, whether it could fail over, and what troubles it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from app.domain.arm_id import ArmId
from app.domain.job import ReplicationJob
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.recovery import RecoveryPoint
from app.domain.stage import Stage, stage_of
from app.flows.failover import FailoverKind
from app.flows.no_moves import MovedTarget, targets_of
from app.live.services import Services
from app.services.failover import MachineMade
from app.services.moved_targets import find_moved
from ui.calls import Calls
from ui.item_words import health_status, health_word, stage_icon, stage_status, stage_text
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.views.protected_items.columns import ItemRow
from ui.views.protected_items.details_tabs import ComputeTab, DisksTab, JobsTab, OverviewTab, PointsTab
from ui.views.protected_items.errors_tab import ErrorsTab
from ui.views.protected_items.landing import LandingButton
from ui.views.protected_items.moved_lines import MovedLines
from ui.widgets.buttons import IconButton
from ui.widgets.chip import Chip
from ui.widgets.labels import IconLabel, Text
from ui.widgets.page import scrolling
from ui.widgets.surface import Ground, Surface, horizontal_line
from ui.widgets.tabs import Tabs

_POINTS = 3


class DetailsPanel(Surface):
    """Follows the machine it is given. Recovery points and the machine in Azure are read when they are looked at.

    Signals:
        closed: the cross, or Esc.
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
        job_requested: show this job (`ArmId`).
        sheet_opened: this modal sheet is to be opened.
    """

    closed = Signal()
    operation_requested = Signal(object, object)
    job_requested = Signal(object)
    sheet_opened = Signal(object)

    def __init__(self, theme: Theme, services: Services, notices: NoticeHub) -> None:
        super().__init__(Ground.DOCKED)
        self.setObjectName("items-details")
        self._services = services
        self._calls = Calls(self, notices)
        self._row: ItemRow | None = None
        self._points_of: tuple[object, ...] = ()
        self._machine_of: tuple[object, ...] = ()
        self._moved: dict[tuple[object, ...], tuple[MovedTarget, ...]] = {}
        self._icon = IconLabel(theme, "machine", Role.TEXT2, IconSize.NAV)
        self._name = Text("", TextStyle.PANEL_TITLE, wrap=True)
        self._name.setObjectName("details-name")
        self._health = Chip(theme, Status.NEUTRAL, "")
        self._stage = Chip(theme, Status.NEUTRAL, "")
        self._count = Text("", TextStyle.CAPTION, Role.TEXT2)
        self.close_button = IconButton(theme, "close", self.tr("Close the details"), small=True)
        self.close_button.setObjectName("details-close")
        self.tabs = Tabs(theme)
        self.tabs.setObjectName("details-tabs")
        self.tabs.setAccessibleName(self.tr("Parts of the details"))
        self.overview = OverviewTab(theme, services.rules)
        self.moved = MovedLines(theme)
        self.compute = ComputeTab(services.rules)
        self.landing = LandingButton(theme, services, self._calls)
        self.landing.sheet_opened.connect(self.sheet_opened)
        self.disks = DisksTab(theme, services.rules)
        self.points = PointsTab(theme)
        self.errors = ErrorsTab(theme, services.rules)
        self.jobs = JobsTab(theme)
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    @property
    def row(self) -> ItemRow | None:
        """The machine it is about."""
        return self._row

    def show_row(
        self, row: ItemRow, jobs: Sequence[ReplicationJob], now: datetime, position: tuple[int, int] | None = None
    ) -> None:
        """Show this machine as it was read at `now`; `position` says which of how many selected ones it is."""
        is_other = self._row is None or self._row.item.id != row.item.id
        item = row.item
        self._row = row
        self._count.setText(self.tr("{0} of {1} selected").format(*position) if position else "")
        self._count.setVisible(position is not None)
        self._name.setText(item.friendly_name)
        self._health.set_status(health_status(item.replication_health), health_word(item.replication_health))
        self._stage.set_status(stage_status(item), stage_text(item), icon=stage_icon(item) or None)
        self.setAccessibleName(self.tr("Details of {}").format(item.friendly_name))
        if is_other:
            self.moved.show_moved(())
            self.overview.forget_machine()
            self.points.forget()
        self.overview.show_row(row, now)
        self.compute.show_item(item)
        self.landing.show_item(item)
        self.disks.show_item(item)
        self.errors.show_errors(item.errors, item, now)
        self.jobs.show_jobs([job for job in jobs if _is_about(job, row)], now)
        count = len(item.errors)
        self.tabs.setTabText(4, self.tr("Errors {}").format(count) if count else self.tr("Errors"))
        self._read_what_is_looked_at()

    def look_again(self) -> None:
        """Ask anew whether storage and networks are in place."""
        self._moved.clear()
        if self._row is not None and self.isVisible():
            self._read_targets(self._row.item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(Space.S)
        title.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        title.addWidget(self._name, 1)
        title.addWidget(self._count)
        title.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        chips = QHBoxLayout()
        chips.setSpacing(Space.M)
        for part in (self._health, self._stage):
            chips.addWidget(part)
        chips.addStretch(1)
        for row in (title, chips):
            row.setContentsMargins(0, 0, Space.M, 0)
        head = QVBoxLayout()
        head.setContentsMargins(Space.XL, Space.L, 0, 0)
        head.setSpacing(Space.S)
        head.addLayout(title)
        head.addLayout(chips)
        head.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(horizontal_line(on_raised=True))
        column.addWidget(self._stack, 1)
        tabs = (
            (self.tr("Overview"), self.overview),
            (self.tr("Compute"), self.compute),
            (self.tr("Disks"), self.disks),
            (self.tr("Points"), self.points),
            (self.tr("Errors"), self.errors),
            (self.tr("Jobs"), self.jobs),
        )
        for word, tab in tabs:
            self.tabs.addTab(word)
            body = QVBoxLayout()
            body.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
            if tab is self.overview:
                body.addWidget(self.moved)
            body.addWidget(tab)
            if tab is self.compute:
                body.addSpacing(Space.S)
                body.addWidget(self.landing, 0, Qt.AlignmentFlag.AlignLeft)
            body.addStretch(1)
            self._stack.addWidget(scrolling(body))

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.closed)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.errors.operation_requested.connect(self._on_operation_requested)
        self.overview.operation_requested.connect(self._on_operation_requested)
        self.jobs.job_requested.connect(self.job_requested)

    def _on_tab_changed(self, tab: int) -> None:
        self._stack.setCurrentIndex(tab)
        self._read_what_is_looked_at()

    def _on_operation_requested(self, kind: FailoverKind) -> None:
        if self._row is not None:
            self.operation_requested.emit(kind, (self._row.item.id,))

    # Read on demand

    def _read_what_is_looked_at(self) -> None:
        if self._row is None:
            return
        item = self._row.item
        self._read_targets(item)
        points_of = (item.id, item.last_recovery_point, item.allowed_operations)
        if self.tabs.currentIndex() == _POINTS and points_of != self._points_of:
            self._points_of = points_of
            self._calls.run(
                "points",
                lambda: self._services.inventory.recovery_points(item.id),
                doing=self.tr("Reading recovery points"),
                on_result=lambda points: self._on_points_read(item.id, points),
                busy=self.points,
            )
        stage = stage_of(item)
        kind = FailoverKind.TEST if stage is Stage.DRILL_WAITS else FailoverKind.UNPLANNED
        machine_of = (item.id, stage)
        if (stage is Stage.DRILL_WAITS or item.runs_in_azure) and machine_of != self._machine_of:
            self._machine_of = machine_of
            self._calls.run(
                "machine",
                lambda: self._services.failover.machines_made(kind, (item.id,)),
                doing=self.tr("Reading the machine in Azure"),
                on_result=lambda made: self._on_machine_read(kind, made),
            )
        elif stage is not Stage.DRILL_WAITS and not item.runs_in_azure:
            self._machine_of = machine_of
            self.overview.forget_machine()

    def _read_targets(self, item: ReplicationProtectedItem) -> None:
        """Whether storage and network are where the machine looks for them; asked once for machines with the same."""
        places = tuple(targets_of(item))
        targets = (places, item.failover_health)
        if item.runs_in_azure or not places:
            self.moved.show_moved(())
            return
        if targets in self._moved:
            self._show_moved(item, self._moved[targets])
            return
        self._calls.run(
            "targets",
            lambda: find_moved(self._services.inventory, item),
            doing=self.tr("Looking whether its targets are in place"),
            on_result=lambda moved: self._on_targets_read(item, targets, moved),
            on_error=lambda error: None,  # nothing is known of it then, and nothing said
        )

    def _on_targets_read(
        self, item: ReplicationProtectedItem, targets: tuple[object, ...], moved: tuple[MovedTarget, ...]
    ) -> None:
        self._moved[targets] = moved
        if self._row is not None and self._row.item.id == item.id:
            self._show_moved(item, moved)

    def _show_moved(self, item: ReplicationProtectedItem, moved: tuple[MovedTarget, ...]) -> None:
        self.moved.show_moved([replace(each, machines=(item.friendly_name,)) for each in moved])

    def _on_points_read(self, item: ArmId, points: tuple[RecoveryPoint, ...]) -> None:
        if self._row is not None and self._row.item.id == item:
            self.points.show_points(points, self._services.clock.now())

    def _on_machine_read(self, kind: FailoverKind, made: tuple[MachineMade, ...]) -> None:
        if self._row is not None and made and made[0].item.id == self._row.item.id:
            self.overview.show_machine(kind, made[0])


def _is_about(job: ReplicationJob, row: ItemRow) -> bool:
    """Jobs name the machine by its GUID or by its item's id; the name is what both have."""
    if job.target_id:
        ids = (row.item.name.lower(), row.item.id.key, row.item.vm_id.lower())
        return job.target_id.rstrip("/").lower() in ids
    return job.target_name.lower() == row.item.friendly_name.lower()


def details_position(row: ItemRow, selected: Sequence[Hashable]) -> tuple[int, int] | None:
    """`row`'s place among the keys of several selected machines; None when it is not one of them."""
    key = row.item.id.key
    if len(selected) < 2 or key not in selected:
        return None
    return selected.index(key) + 1, len(selected)
