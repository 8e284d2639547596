"""The tiles of the overview: each answers one question with one number, and leads to the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout

from app.domain.fabric import RecoveryServicesProvider
from app.domain.health import Health
from app.domain.job import JobState, ReplicationEvent, ReplicationJob
from app.domain.releases import ReleaseRules
from app.domain.rules import MonitoringRules
from app.flows.hosts import is_outdated
from ui.dashboard.figures import Figures
from ui.item_words import health_status, health_word
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.when import moment_text, span_text
from ui.widgets.charts import Donut, HealthBar, Legend, Segment, segments_text
from ui.widgets.curves import BarChart, Curve
from ui.widgets.progress_line import ProgressLine
from ui.widgets.tile import Tile

_LINES = 3
_MOST_SEEN = 240
_HEALTHS = (Health.NORMAL, Health.WARNING, Health.CRITICAL, Health.NOT_APPLICABLE)
_HOURS = 24
_SEVERITIES = {"critical": Status.CRITICAL, "warning": Status.WARNING}


class HealthTile(Tile):
    """How many replicate well."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "health", _tr("Replication health"), link=_tr("Show all"))
        self.setObjectName("tile-health")
        self._donut = Donut(theme)
        self._legend = Legend(theme, column=True)
        self._shown: list[Segment] = []
        row = QHBoxLayout()
        row.setSpacing(Space.XXL)
        row.addWidget(self._donut)
        row.addWidget(self._legend, 1)
        self.body.addLayout(row)

    def show_figures(self, figures: Figures) -> None:
        counts = figures.healths
        segments = [Segment(health_status(health), counts[health], health_word(health)) for health in _HEALTHS]
        if counts[Health.UNKNOWN]:
            segments.append(Segment(Status.NEUTRAL, counts[Health.UNKNOWN], health_word(Health.UNKNOWN)))
        if segments != self._shown:
            self._shown = segments
            self._donut.set_segments(segments, _tr("items"))
            self._legend.set_segments(segments)
        care = counts[Health.WARNING] + counts[Health.CRITICAL]
        many = _tr("Show the one that needs care") if care == 1 else _tr("Show the {} that need care")
        self.link.setText(many.format(f"{care:,}") if care else _tr("Show all"))
        self.setAccessibleDescription(segments_text(segments))

    @property
    def values(self) -> tuple[str, ...]:
        """The healths that need care, as the list of machines filters them; none when all is well."""
        return tuple(
            segment.word for segment in self._shown if segment.count and segment.status in _SEVERITIES.values()
        )


class RpoTile(Tile):
    """How much would be lost now. The curve holds only what was read since the program began to look."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "rpo", _tr("Data you could lose (RPO)"), link=_tr("Show machines"))
        self.setObjectName("tile-rpo")
        self._curve = Curve(theme)
        self._curve.hide()
        self._seen: list[tuple[datetime, float]] = []
        self.body.addWidget(self._curve)

    def show_figures(self, figures: Figures, read: datetime) -> None:
        typical = figures.typical_rpo_s
        if typical is None:
            self.set_answer("", _tr("No machine has a copy in Azure yet, or Azure does not say how old it is."))
            self.set_lines([])
            self._curve.hide()
            return
        if not self._seen or read > self._seen[-1][0]:
            self._seen.append((read, typical))
        late = len(figures.late)
        above = _tr("typical now · none of {} above its limit").format(f"{len(figures.rpos):,}")
        if late:
            above = _tr("typical now · {0} of {1} above the limit").format(f"{late:,}", f"{len(figures.rpos):,}")
        self.set_answer(_span(typical), above)
        worst = figures.worst_late[:_LINES]
        self.set_lines(
            [
                (Status.CRITICAL if is_critical else Status.WARNING, _tr("{0}: {1}").format(name, _span(age)))
                for age, name, is_critical in worst
            ]
        )
        self._show_curve(is_shown=not worst)
        self.link.setText(_tr("Show who is above") if late else _tr("Show machines"))

    def _show_curve(self, *, is_shown: bool) -> None:
        seen = self._seen[-_MOST_SEEN:]
        self._curve.setVisible(is_shown and len(seen) > 1)
        if len(seen) < 2:
            return
        first, last = seen[0], seen[-1]
        since = moment_text(first[0], last[0])
        words = _tr("Typical RPO since {0}: from {1} to {2}").format(since, _span(first[1]), _span(last[1]))
        labels = (_tr("seen since {}").format(since), _tr("now"))
        self._curve.set_values([value for _, value in seen], labels=labels, words=words)


class JobsTile(Tile):
    """What runs, what waits for a person, what failed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "jobs", _tr("Jobs"), link=_tr("Show jobs"))
        self.setObjectName("tile-jobs")
        self._copies = ProgressLine(theme)
        self._copies.hide()
        self.body.addWidget(self._copies)

    def show_jobs(self, jobs: Sequence[ReplicationJob], figures: Figures | None) -> None:
        self.set_period(_tr("last 24 h: {}").format(f"{len(jobs):,}"))
        running = [job for job in jobs if job.state in (JobState.RUNNING, JobState.NOT_STARTED)]
        self.set_answer(f"{len(running):,}", _tr("running"))
        copies = figures.first_copies if figures is not None else []
        self._copies.setVisible(bool(copies))
        if copies:
            percent = sum(done for _, done in copies) / len(copies)
            what = _tr("First copy of {}").format(copies[0][0])
            if len(copies) > 1:
                what = _tr("First copies of {} machines").format(f"{len(copies):,}")
            self._copies.set_progress(what, percent / 100, f"{percent:.0f} %")
        self.set_lines([*self._waiting(jobs, figures), *self._failed(jobs), *self._running(running)][:_LINES])

    def _waiting(self, jobs: Sequence[ReplicationJob], figures: Figures | None) -> list[tuple[Status, str]]:
        drills = figures.waiting_drills if figures is not None else []
        others = [job.target_name for job in jobs if job.state is JobState.WAITING_FOR_USER]
        if drills:
            return [
                (Status.WAITING, _counted(drills, _tr("1 waits for you: clean up {}"), _tr("{} wait to be cleaned up")))
            ]
        if others:
            return [(Status.WAITING, _counted(others, _tr("1 waits for you: {}"), _tr("{} wait for you")))]
        return []

    def _failed(self, jobs: Sequence[ReplicationJob]) -> list[tuple[Status, str]]:
        failed = [job_text(job) for job in jobs if job.state is JobState.FAILED]
        if not failed:
            return []
        return [(Status.CRITICAL, _counted(failed, _tr("1 failed: {}"), _tr("{} failed")))]

    def _running(self, jobs: Sequence[ReplicationJob]) -> list[tuple[Status, str]]:
        return [(Status.INFO, job_text(job)) for job in jobs[:_LINES]]


class DrillsTile(Tile):
    """How many have been rehearsed lately enough to be trusted."""

    def __init__(self, theme: Theme, rules: MonitoringRules) -> None:
        super().__init__(theme, "drill_age", _tr("Drills"), link=_tr("Show machines"))
        self.setObjectName("tile-drills")
        self._rules = rules
        self._bar = HealthBar(theme)
        self.body.addWidget(self._bar)

    def show_figures(self, figures: Figures, now: datetime) -> None:
        days = self._rules.drill_age_days
        sentence = _tr("of {0} tested in the last {1} days").format(f"{figures.total:,}", days)
        self.set_answer(f"{figures.drilled:,}", sentence)
        self._bar.set_segments(
            [
                Segment(Status.OK, figures.drilled, _tr("tested lately")),
                Segment(Status.WARNING, figures.drilled_long_ago, _tr("tested too long ago")),
                Segment(Status.NEUTRAL, figures.never_drilled, _tr("never tested")),
            ]
        )
        lines = []
        if figures.drilled_long_ago and figures.oldest_drill is not None:
            oldest = span_text(now - figures.oldest_drill)
            text = _tr("{0} too long ago, oldest {1}").format(f"{figures.drilled_long_ago:,}", oldest)
            lines.append((Status.WARNING, text))
        if figures.never_drilled:
            lines.append((Status.NEUTRAL, _tr("{} never tested").format(f"{figures.never_drilled:,}")))
        if not lines:
            lines.append((Status.OK, _tr("Every machine has been rehearsed")))
        self.set_lines(lines)


class HostsTile(Tile):
    """Whether the hosts are in touch with Azure."""

    def __init__(self, theme: Theme, rules: MonitoringRules, releases: ReleaseRules) -> None:
        super().__init__(theme, "hosts", _tr("Hosts"), link=_tr("Show machines by host"))
        self.setObjectName("tile-hosts")
        self._rules = rules
        self._releases = releases
        self.silent: tuple[RecoveryServicesProvider, ...] = ()

    def show_hosts(self, hosts: Sequence[RecoveryServicesProvider], now: datetime) -> None:
        after = timedelta(minutes=self._rules.host_silent_min)
        self.silent = tuple(host for host in hosts if host.is_silent(now, after))
        self.set_answer(f"{len(hosts) - len(self.silent):,}", _tr("of {} connected").format(f"{len(hosts):,}"))
        lines = [(Status.WARNING, self._silent_text(host, now)) for host in self.silent]
        outdated = [host for host in hosts if is_outdated(host, self._releases)]
        lines += [(Status.INFO, _tr("{} has an older Provider").format(host.friendly_name)) for host in outdated]
        versions = sorted({host.provider_version for host in hosts if host.provider_version})
        if hosts and not outdated and versions:
            lines.append((Status.OK, _tr("Provider {} is current").format(", ".join(versions[:2]))))
        self.set_lines(lines[:_LINES])
        self.link.setText(_tr("Show the machines on it") if self.silent else _tr("Show machines"))

    def _silent_text(self, host: RecoveryServicesProvider, now: datetime) -> str:
        if host.last_heartbeat is None:
            return _tr("{} has not been heard of").format(host.friendly_name)
        return _tr("{0} silent for {1}").format(host.friendly_name, span_text(now - host.last_heartbeat))


class EventsTile(Tile):
    """What Azure noticed in the last 24 hours, hour by hour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "events", _tr("Events"), link=_tr("Show machines"))
        self.setObjectName("tile-events")
        self.set_period(_tr("last 24 h"))
        self._chart = BarChart(theme)
        self.body.addWidget(self._chart)

    def show_events(self, events: Sequence[ReplicationEvent], now: datetime) -> None:
        columns: list[dict[Status, int]] = [{} for _ in range(_HOURS)]
        counts = dict.fromkeys((Status.CRITICAL, Status.WARNING, Status.INFO), 0)
        for event in events:
            status = _SEVERITIES.get(event.severity.lower(), Status.INFO)
            counts[status] += 1
            hours = (now - event.time) // timedelta(hours=1) if event.time is not None else _HOURS
            if 0 <= hours < _HOURS:
                column = columns[_HOURS - 1 - hours]
                column[status] = column.get(status, 0) + 1
        warnings = _tr("1 warning") if counts[Status.WARNING] == 1 else _tr("{} warnings")
        others = _tr("{} for information").format(f"{counts[Status.INFO]:,}")
        sentence = f"{_tr('critical')} · {warnings.format(f'{counts[Status.WARNING]:,}')} · {others}"
        self.set_answer(f"{counts[Status.CRITICAL]:,}", sentence)
        start = now - timedelta(hours=_HOURS)
        labels = (moment_text(start, now), moment_text(now - timedelta(hours=_HOURS / 2), now), _tr("now"))
        self._chart.set_columns(columns, labels=labels, words=sentence)


def job_text(job: ReplicationJob) -> str:
    """A job with its machine, in one line."""
    name = job.friendly_name or job.scenario or _tr("A job")
    return f"{name}: {job.target_name}" if job.target_name else name


def _counted(names: Sequence[str], one: str, many: str) -> str:
    return one.format(names[0]) if len(names) == 1 else many.format(f"{len(names):,}")


def _span(seconds: float) -> str:
    return span_text(timedelta(seconds=seconds))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tiles", text)
