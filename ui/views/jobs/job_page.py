"""The page of one job: how far it is, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.arm_id import ArmId
from app.domain.job import ReplicationJob
from app.live.services import Services
from app.live.vault_feeds import VaultFeeds
from ui.calls import Calls
from ui.elapsed import elapsed_text
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.views.jobs.words import state_icon, state_status, state_text, title_text, took_s
from ui.when import moment_text
from ui.widgets.buttons import Button
from ui.widgets.chip import Chip
from ui.widgets.page import Page


class JobPage(QWidget):
    """Follows the job that is open until it is over.

    Signals:
        back_requested: show the list again.
        item_requested: show this machine (`ArmId`).
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
    """

    back_requested = Signal()
    item_requested = Signal(object)
    operation_requested = Signal(object, object)

    def __init__(self, theme: Theme, feeds: VaultFeeds, services: Services, notices: NoticeHub) -> None:
        super().__init__()
        self.setObjectName("page-job")
        self._feeds = feeds
        self._services = services
        self._calls = Calls(self, notices)
        self._id: ArmId | None = None
        self._job: ReplicationJob | None = None
        self.page = Page(self.tr("Job"), scrolls=True)
        self.chip = Chip(theme, Status.NEUTRAL, "")
        self.page.header.add_beside_title(self.chip)
        self.back_button = Button(theme, self.tr("&Jobs"), icon="back")
        self.back_button.setObjectName("job-back")
        self.back_button.clicked.connect(self.back_requested)
        self.page.header.add_button(self.back_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def open(self, job: ArmId) -> None:
        """Show this job and follow it."""
        self._id = job
        self._job = None
        self.refresh()

    def close_job(self) -> None:
        """Stop following; the job goes on."""
        self._calls.cancel_all()
        self._id = self._job = None

    def refresh(self) -> None:
        """Read the job anew."""
        job = self._id
        if job is not None:
            self._calls.run(
                "job",
                lambda: self._services.jobs.follow(job, on_look=self._show),
                doing=self.tr("Reading the job"),
                on_result=self._show,
            )

    def regions(self) -> Sequence[QWidget]:
        return (self.page,)

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def time_passed(self) -> None:
        """Tell times as of now."""
        if self._job is not None:
            self._show(self._job)

    def _show(self, job: ReplicationJob) -> None:
        self._job = job
        now = self._services.clock.now()
        self.page.header.set_title(title_text(job))
        self.chip.set_status(state_status(job.state), state_text(job), icon=state_icon(job.state))
        started = self.tr("Started {}").format(moment_text(job.started, now)) if job.started else ""
        took = elapsed_text(took_s(job, now))
        self.page.header.set_purpose(" · ".join(part for part in (started, took) if part))
