"""The overview of one vault: could we fail over now, and the few figures that say how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.quota import QuotaVerdict, judge_quota
from app.live.services import Services
from app.live.vault_feeds import VaultFeeds
from ui.calls import Calls
from ui.dashboard.figures import Figures, copy_frequencies, count_figures
from ui.dashboard.readiness_card import ReadinessCard
from ui.dashboard.tiles import DrillsTile, EventsTile, HealthTile, HostsTile, JobsTile, RpoTile
from ui.feed_watch import FeedWatch
from ui.item_words import HEALTH, HOST
from ui.notices import NoticeHub
from ui.quota.sheet import QuotaSheet
from ui.quota.words import worst_of
from ui.tables.stale_line import StaleLine
from ui.theme.theme import Theme
from ui.theme.tokens import Motion, Role, Space, Width
from ui.when import clock_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.empty_state import EmptyState
from ui.widgets.page import Page

_COLUMNS, _NARROW_COLUMNS = 3, 2


class OverviewView(QWidget):
    """Answers first whether a failover would work now.

    Signals:
        place_requested: show this view ("items", "jobs").
        machines_requested: show the machines with these values of a facet (facet id, values); none of either is all.
        item_requested: show this machine (`ArmId`).
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
        job_requested: show this job (`ArmId`).
        set_up_requested: open the set-up.
        sheet_opened: this modal sheet is to be opened.
    """

    place_requested = Signal(str)
    machines_requested = Signal(str, object)
    item_requested = Signal(object)
    operation_requested = Signal(object, object)
    job_requested = Signal(object)
    set_up_requested = Signal()
    sheet_opened = Signal(object)

    def __init__(self, theme: Theme, feeds: VaultFeeds, services: Services, notices: NoticeHub) -> None:
        super().__init__()
        self.setObjectName("page-overview")
        self._theme = theme
        self._feeds = feeds
        self._services = services
        self._calls = Calls(self, notices)
        self._figures: Figures | None = None
        self._verdicts: tuple[QuotaVerdict, ...] = ()
        self._asked_quotas_of: frozenset[str] = frozenset()
        self._columns = 0
        rules = services.rules
        self.page = Page(self.tr("Overview"), feeds.vault.name, top=Space.PAGE_TOP, scrolls=True)
        self.refresh_button = Button(theme, self.tr("&Refresh"), icon="refresh")
        self.refresh_button.setObjectName("overview-refresh")
        self.page.header.add_button(self.refresh_button)
        self._stale = StaleLine(theme, self)
        self._message = EmptyState(theme, "replicated_items", "")
        self._message.setObjectName("overview-message")
        self._content = QWidget()
        self.readiness = ReadinessCard(theme, rules)
        self.health = HealthTile(theme)
        self.rpo = RpoTile(theme)
        self.jobs = JobsTile(theme)
        self.drills = DrillsTile(theme, rules.monitoring)
        self.hosts = HostsTile(theme, rules.monitoring, rules.releases)
        self.events = EventsTile(theme)
        self._tiles = (self.health, self.rpo, self.jobs, self.events, self.drills, self.hosts)
        self._grid = QGridLayout()
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(Motion.VEIL_DELAY)
        self._build()
        self._connect()
        self._watch = FeedWatch(
            [
                (feeds.protected_items, self._on_items_read),
                (feeds.policies, self._on_items_read),
                (feeds.jobs, self._show_jobs),
                (feeds.hosts, self._on_hosts_read),
                (feeds.events, self._on_events_read),
                (feeds.quotas, self._show_quota),
            ]
        )
        self.destroyed.connect(services.limits.subscribe(self._show_quota))

    def refresh(self) -> None:
        """Read everything anew."""
        self._calls.run("refresh", self._feeds.refresh_all, doing=self.tr("Reading the vault"), on_result=_nothing)

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()
        self._show_state()
        self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # Building

    def _build(self) -> None:
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Space.M)
        content = QVBoxLayout(self._content)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(Space.M)
        content.addWidget(self.readiness)
        content.addLayout(self._grid)
        content.addStretch(1)
        self._stale.hide()
        self._message.hide()
        self._content.hide()
        body = self.page.body
        body.addWidget(self._stale)
        body.addWidget(self._message, 1)
        body.addWidget(self._content, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._arrange()

    def _connect(self) -> None:
        self.refresh_button.clicked.connect(self.refresh)
        self._slow.timeout.connect(self._show_state)
        self.readiness.quota_requested.connect(self._open_quota)
        self.readiness.operation_requested.connect(self.operation_requested)
        self.readiness.job_requested.connect(self.job_requested)
        self.readiness.item_requested.connect(self.item_requested)
        self.readiness.machines_requested.connect(self.machines_requested)
        self.health.opened.connect(lambda: self._open_machines(HEALTH, self.health.values))
        self.hosts.opened.connect(self._on_hosts_opened)
        self.jobs.opened.connect(lambda: self.place_requested.emit("jobs"))
        for tile in (self.rpo, self.drills, self.events):
            tile.opened.connect(lambda: self._open_machines("", ()))

    def _arrange(self) -> None:
        """Three tiles side by side, or two where the window is narrow."""
        columns = _NARROW_COLUMNS if self.window().width() < Width.STACK_BELOW else _COLUMNS
        if columns == self._columns:
            return
        self._columns = columns
        for number, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, number // columns, number % columns)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    # What was read

    def _on_items_read(self) -> None:
        self._show_state()
        feed = self._feeds.protected_items
        if not feed.value:
            return
        items, frequencies = feed.value, copy_frequencies(self._feeds.policies.value)
        rules, now = self._services.rules.monitoring, self._services.clock.now()
        self._calls.run(
            "count",
            lambda: count_figures(items, frequencies, rules, now),
            doing=self.tr("Counting"),
            on_result=self._show_figures,
        )

    def _show_figures(self, figures: Figures) -> None:
        feed = self._feeds.protected_items
        self._figures = figures
        now = self._services.clock.now()
        self.readiness.show_readiness(figures.readiness)
        self._show_quota()
        self.health.show_figures(figures)
        self.rpo.show_figures(figures, feed.updated or now)
        self.drills.show_figures(figures, now)
        self._show_jobs()
        self._show_state()

    def _show_jobs(self) -> None:
        feed = self._feeds.jobs
        if feed.value is not None:
            self.jobs.show_jobs(feed.value, self._figures)
        elif feed.error is not None:
            self.jobs.set_answer("", feed.error.title)

    def _on_hosts_read(self) -> None:
        feed = self._feeds.hosts
        if feed.value is not None:
            self.hosts.show_hosts(feed.value.providers, feed.updated or self._services.clock.now())
            self._show_purpose()
        elif feed.error is not None:
            self.hosts.set_answer("", feed.error.title)

    def _on_events_read(self) -> None:
        feed = self._feeds.events
        if feed.value is not None:
            self.events.show_events(feed.value, feed.updated or self._services.clock.now())
        elif feed.error is not None:
            self.events.set_answer("", feed.error.title)

    def _show_quota(self) -> None:
        """Compare what a failover of all machines needs with what was read, and ask for what was not."""
        figures, quotas = self._figures, self._feeds.quotas.value
        if figures is None or quotas is None:
            return
        needs, rules = figures.needs.needs, self._services.rules
        read = {quota.subscription.lower(): quota for quota in quotas}
        unread = frozenset(needs) - read.keys()
        if unread - self._asked_quotas_of:
            self._asked_quotas_of |= unread
            self._calls.run(
                "quotas", self._feeds.quotas.refresh, doing=self.tr("Reading the quota"), on_result=_nothing
            )
        self._verdicts = tuple(judge_quota(needs[key], read[key], rules) for key in needs if key in read)
        self.readiness.show_quota(worst_of(self._verdicts))

    def _open_quota(self) -> None:
        self.sheet_opened.emit(QuotaSheet(self._theme, self._verdicts, self._services.rules))

    # States of the page

    def _show_state(self) -> None:
        """Loading, empty, failed, stale or the figures themselves."""
        feed = self._feeds.protected_items
        self._content.setVisible(bool(feed.value) and self._figures is not None)
        self._stale.setVisible(feed.is_stale)
        if feed.updated is not None:
            self.page.header.set_freshness(self.tr("Updated {}").format(clock_text(feed.updated)))
        if feed.is_stale and feed.error is not None and feed.updated is not None:
            text = self.tr("These figures are from {0}. {1}.").format(
                clock_text(feed.updated), feed.error.title.rstrip(".")
            )
            self._stale.show_text(text, self.refresh)
        self._show_purpose()
        if feed.value is None and feed.error is not None:
            text = f"{feed.error.advice}\n{self.tr('Nothing was changed.')}".strip()
            self._say("unreachable", feed.error.title, text, self._retry_button(), role=Role.CRITICAL)
        elif feed.value is not None and not feed.value:
            self._say_empty()
        elif feed.value is None:
            self._say_loading()
        else:
            self._message.hide()

    def _show_purpose(self) -> None:
        items, hosts = self._feeds.protected_items.value, self._feeds.hosts.value
        parts = [self._feeds.vault.name]
        if items is not None:
            one = self.tr("1 replicated item") if len(items) == 1 else self.tr("{} replicated items")
            text = one.format(f"{len(items):,}")
            if hosts is not None:
                on = self.tr("{0} on {1} host") if len(hosts.providers) == 1 else self.tr("{0} on {1} hosts")
                text = on.format(text, f"{len(hosts.providers):,}")
            parts.append(text)
        self.page.header.set_purpose(" · ".join(parts))

    def _say_empty(self) -> None:
        button = Button(self._theme, self.tr("&Set up replication"), icon="set_up", kind=Kind.PRIMARY)
        button.setObjectName("overview-set-up")
        button.clicked.connect(self.set_up_requested)
        why = self.tr("Choose machines and where they should start, and the first copies begin.")
        self._say("replicated_items", self.tr("Nothing is protected yet"), why, button)

    def _say_loading(self) -> None:
        """A quick answer shows no waiting at all."""
        if self._slow.isActive() or self._message.isVisible():
            return
        if not self._slow.property("due"):
            self._slow.setProperty("due", True)
            self._slow.start()
            return
        self._say("in_time", self.tr("Reading the vault"), "", None)

    def _retry_button(self) -> Button:
        button = Button(self._theme, self.tr("&Try again"), icon="refresh", kind=Kind.PRIMARY)
        button.setObjectName("overview-try-again")
        button.clicked.connect(self.refresh)
        return button

    def _say(self, icon: str, title: str, why: str, button: Button | None, *, role: Role = Role.TEXT3) -> None:
        self._message.set_words(icon, title, why, role=role)
        self._message.clear_buttons()
        if button is not None:
            self._message.add_button(button)
        self._message.show()

    # Ways on

    def _open_machines(self, facet: str, values: Sequence[str]) -> None:
        self.machines_requested.emit(facet if values else "", tuple(values))

    def _on_hosts_opened(self) -> None:
        self._open_machines(HOST, [host.friendly_name for host in self.hosts.silent])


def _nothing(_: object) -> None:
    """The feeds have told their watchers already."""
