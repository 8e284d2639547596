"""The overview of one vault."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.live.services import Services
from app.live.vault_feeds import VaultFeeds
from ui.calls import Calls
from ui.feed_watch import FeedWatch
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.when import clock_text
from ui.widgets.page import Page


class OverviewView(QWidget):
    """Answers first whether a failover would work now.

    Signals:
        place_requested: show this view ("items", "jobs").
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
        job_requested: show this job (`ArmId`).
        set_up_requested: open the set-up.
    """

    place_requested = Signal(str)
    operation_requested = Signal(object, object)
    job_requested = Signal(object)
    set_up_requested = Signal()

    def __init__(self, theme: Theme, feeds: VaultFeeds, services: Services, notices: NoticeHub) -> None:
        super().__init__()
        self.setObjectName("page-overview")
        self._feeds = feeds
        self._calls = Calls(self, notices)
        self.page = Page(self.tr("Overview"), top=Space.PAGE_TOP, scrolls=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._watch = FeedWatch([(feeds.protected_items, self._on_items_read)])

    def refresh(self) -> None:
        """Read everything anew."""
        self._calls.run(
            "refresh", self._feeds.refresh_all, doing=self.tr("Reading the vault"), on_result=lambda _: None
        )

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch.stop()

    def _on_items_read(self) -> None:
        feed = self._feeds.protected_items
        if feed.value is not None and feed.updated is not None:
            self.page.header.set_purpose(self.tr("{} replicated items").format(len(feed.value)))
            self.page.header.set_freshness(self.tr("Updated {}").format(clock_text(feed.updated)))
