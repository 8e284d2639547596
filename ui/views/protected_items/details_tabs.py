"""The tabs of the details panel, each about one side of a machine. What Azure does not tell is a dash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.arm_id import ArmId
from app.domain.job import JobState, ReplicationJob
from app.domain.no_move_rules import Fixed
from app.domain.protected_item import ReplicationProtectedItem, TargetNic
from app.domain.readiness import Cause, Level, judge_readiness
from app.domain.recovery import RecoveryPoint
from app.domain.rules import Rules
from app.domain.sizes import size_text
from app.domain.stage import Stage, stage_of
from app.flows.failover import UNPLANNED, FailoverKind
from app.flows.failover_checks import why_not
from app.flows.no_moves import short_sentence
from app.services.failover import MachineMade
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.views.protected_items.columns import ItemRow
from ui.when import age_text, moment_text, span_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.facts_box import Pairs
from ui.widgets.labels import StatusLine, Text
from ui.widgets.surface import horizontal_line

_POINTS_SHOWN = 24
_JOB_STATUS = {
    JobState.FAILED: Status.CRITICAL,
    JobState.RUNNING: Status.INFO,
    JobState.NOT_STARTED: Status.INFO,
    JobState.WAITING_FOR_USER: Status.WAITING,
    JobState.SUCCEEDED: Status.OK,
    JobState.SUCCEEDED_WITH_REMARKS: Status.OK,
}


class Tab(QWidget):
    """A column of sections; `refill` takes everything out that was put in before."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.S)
        self._shown: object = None

    def is_news(self, content: object) -> bool:
        """Whether this is something else than what is shown; if so the tab is emptied for it."""
        if self._shown == content:
            return False
        self._shown = content
        while self.column.count():
            widget = self.column.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        return True

    def add_head(self, text: str) -> None:
        self.column.addWidget(Text(text, TextStyle.TABLE_HEAD, Role.TEXT2))

    def add_note(self, text: str) -> None:
        self.column.addWidget(Text(text, TextStyle.CAPTION, Role.TEXT2, wrap=True))

    def add_text(self, text: str, role: Role = Role.TEXT) -> None:
        self.column.addWidget(Text(text, TextStyle.BODY, role, wrap=True))


class OverviewTab(QWidget):
    """Could it fail over now, what would be lost, and where it would start.

    Signals:
        operation_requested: an operation (`FailoverKind`) on the machine.
    """

    operation_requested = Signal(object)

    def __init__(self, theme: Theme, rules: Rules) -> None:
        super().__init__()
        self._rules = rules
        self._answer = StatusLine(theme)
        self._answer.setObjectName("details-answer")
        self._drill = StatusLine(theme)
        self._rpo = Pairs()
        self._facts = Pairs()
        self._machine_head = Text("", TextStyle.TABLE_HEAD, Role.TEXT2)
        self._machine = Pairs()
        self._machine.setObjectName("details-machine")
        self._machine_kind: FailoverKind | None = None
        self._next = Button(theme, "")
        self._next.setObjectName("details-next")
        self._next_kind: FailoverKind | None = None
        self._next.clicked.connect(lambda: self.operation_requested.emit(self._next_kind))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(Text(_tr("Could it fail over now?"), TextStyle.TABLE_HEAD, Role.TEXT2))
        column.addWidget(self._answer)
        column.addWidget(self._drill)
        buttons = QHBoxLayout()
        buttons.addWidget(self._next)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self._machine_head)
        column.addWidget(self._machine)
        column.addWidget(horizontal_line(on_raised=True))
        column.addWidget(Text(_tr("Data you could lose (RPO)"), TextStyle.TABLE_HEAD, Role.TEXT2))
        column.addWidget(self._rpo)
        column.addWidget(horizontal_line(on_raised=True))
        column.addWidget(self._facts)
        self.forget_machine()

    @property
    def answer(self) -> str:
        """Whether it could fail over, as shown."""
        return self._answer.text

    def show_row(self, row: ItemRow, now: datetime) -> None:
        item = row.item
        self._answer.set_status(*self._readiness(row, now))
        self._drill.set_status(*self._drilled(item, now))
        self._drill.setVisible(stage_of(item) in (Stage.PROTECTED, Stage.BUSY, Stage.OTHER))
        self._show_next(item)
        point = item.last_recovery_point
        computed = item.rpo_calculated
        rpo_s = None if item.runs_in_azure else item.rpo_s
        self._rpo.set_pairs(
            [
                (_tr("Now"), "" if rpo_s is None else span_text(timedelta(seconds=rpo_s))),
                (_tr("Computed"), moment_text(computed, now) if computed else ""),
                (_tr("Newest point"), _moment_and_age(point, now)),
            ]
        )
        nic = next((nic for nic in item.nics if nic.selection != "NotSelected"), None)
        self._facts.set_pairs(
            [
                (_tr("Host"), row.host),
                (_tr("Policy"), item.policy_name),
                (_tr("Azure name"), item.target_name),
                (_tr("Azure size"), item.target_size),
                (_tr("Network"), _network(item, nic)),
                (_tr("Address"), (nic.target_address or _tr("Next free")) if nic else ""),
                (_tr("Disks"), _disks(item)),
            ]
        )

    def show_machine(self, kind: FailoverKind, made: MachineMade) -> None:
        """What Azure says of the machine that a drill or a failover made."""
        is_test = kind is FailoverKind.TEST
        self._machine_head.setText(_tr("Test machine, as Azure shows it") if is_test else _tr("Machine in Azure"))
        machine = made.machine
        if machine is None:
            self._machine.set_pairs([(_tr("Name"), made.expected.name), (_tr("Power"), _tr("Not there"))])
        else:
            nic = machine.nics[0] if machine.nics else None
            self._machine.set_pairs(
                [
                    (_tr("Name"), machine.name),
                    (_tr("Power"), machine.power_state.capitalize()),
                    (_tr("Size"), machine.size),
                    (_tr("Network"), " / ".join(part for part in (nic.network, nic.subnet) if part) if nic else ""),
                    (_tr("Address"), nic.private_address if nic else ""),
                ]
            )
        self._machine_head.show()
        self._machine.show()

    def forget_machine(self) -> None:
        self._machine_head.hide()
        self._machine.hide()

    def _readiness(self, row: ItemRow, now: datetime) -> tuple[Status, str]:
        item = row.item
        found = judge_readiness(item, self._rules.monitoring, row.copy_frequency_s)
        if found.level is Level.IN_AZURE:
            waits = found.cause is Cause.COMMIT_WAITS
            status = Status.WAITING if waits else Status.NEUTRAL
            return status, _tr("It runs in Azure and waits for its commit.") if waits else _tr("It runs in Azure.")
        if found.level is Level.BLOCKED:
            refusal = why_not(UNPLANNED, item)
            reason = refusal.reason if refusal else ""
            if found.cause in (Cause.FIRST_COPY, Cause.FINISHING):
                return Status.INFO, _tr("Not yet. {}").format(reason)
            return Status.CRITICAL, _tr("No. {}").format(reason)
        point = item.last_recovery_point
        age = span_text(now - point) if point is not None else ""
        newest = _tr("The newest point is {} old.").format(age) if age else _tr("Azure names no recovery point.")
        if found.level is Level.GAP:
            return Status.WARNING, _tr("Only with a loss. {}").format(newest)
        return Status.OK, _tr("Yes. {}").format(newest)

    def _drilled(self, item: ReplicationProtectedItem, now: datetime) -> tuple[Status, str]:
        drilled = item.last_test_failover
        if drilled is None:
            return Status.WARNING, _tr("Never tested. A drill shows whether it starts.")
        text = _tr("Tested {}.").format(age_text(drilled, now))
        is_old = now - drilled > timedelta(days=self._rules.monitoring.drill_age_days)
        return (Status.WARNING if is_old else Status.OK), text

    def _show_next(self, item: ReplicationProtectedItem) -> None:
        """The one thing that waits for the user, as a button."""
        kinds = {Stage.DRILL_WAITS: FailoverKind.CLEAN_UP, Stage.COMMIT_WAITS: FailoverKind.COMMIT}
        self._next_kind = kinds.get(stage_of(item))
        self._next.setText(_tr("Clean up…") if self._next_kind is FailoverKind.CLEAN_UP else _tr("Commit…"))
        self._next.setVisible(self._next_kind is not None)


class ComputeTab(Tab):
    """What it is on premises, and what it would be in Azure."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules

    def show_item(self, item: ReplicationProtectedItem) -> None:
        if not self.is_news(item):
            return
        self.add_head(_tr("On premises"))
        cores = _tr("{} cores").format(item.source_cores) if item.source_cores else ""
        memory = size_text(item.source_memory_mib) if item.source_memory_mib else ""
        home = [
            (_tr("System"), item.os_type.value),
            (_tr("Processor"), cores),
            (_tr("Memory"), memory),
        ]
        self.column.addWidget(Pairs(home))
        self.column.addWidget(horizontal_line(on_raised=True))
        self.add_head(_tr("In Azure, after a failover"))
        away = [
            (_tr("Name"), item.target_name),
            (_tr("Size"), item.target_size),
            (_tr("Resource group"), ArmId(item.target_resource_group_id).name),
            (_tr("Network"), ArmId(item.target_network_id).name),
        ]
        self.column.addWidget(Pairs(away))
        if item.target_network_id:
            self.add_note(short_sentence(Fixed.NETWORK, self._rules))
        if not item.nics and not item.target_network_id and item.last_recovery_point is None:
            self.add_text(_tr("Azure tells its network once there is a first recovery point."), Role.TEXT2)
        for number, nic in enumerate(item.nics, 1):
            self.column.addWidget(horizontal_line(on_raised=True))
            self.add_head(_tr("Network card {}").format(number) if len(item.nics) > 1 else _tr("Network card"))
            address = nic.target_address or _tr("Next free")
            left_out = nic.selection == "NotSelected"
            pairs = [
                (_tr("On premises"), " · ".join(part for part in (nic.source_network, nic.source_address) if part)),
                (_tr("Subnet"), _tr("Left out") if left_out else nic.target_subnet),
                (_tr("Address"), "" if left_out else address),
            ]
            self.column.addWidget(Pairs(pairs))


class DisksTab(Tab):
    """The disks that replicate."""

    def __init__(self, theme: Theme, rules: Rules) -> None:
        super().__init__()
        self._theme = theme
        self._rules = rules

    def show_item(self, item: ReplicationProtectedItem) -> None:
        if not self.is_news((item.disks, item.storage_account_id, item.log_account_id, item.has_managed_replica)):
            return
        if not item.disks:
            self.add_text(_tr("Azure names no disk of this machine yet."), Role.TEXT2)
            return
        self.add_text(_tr("{0}, {1} in all.").format(_counted_disks(item), _total(item)), Role.TEXT2)
        for disk in item.disks:
            kind = _tr("System disk") if disk.kind == "OperatingSystem" else _tr("Data disk")
            self.column.addWidget(Text(disk.name, TextStyle.STRONG, wrap=True))
            pairs = [(_tr("Size"), size_text(disk.size_mib)), (_tr("Kind"), kind), (_tr("LUN"), disk.lun)]
            if disk.target_name:
                pairs.append((_tr("In Azure"), disk.target_name))
            self.column.addWidget(Pairs(pairs))
            self.column.addWidget(horizontal_line(on_raised=True))
        self.column.addWidget(Pairs(_storage_of(item)))
        if item.storage_account_id or item.log_account_id:
            self.add_note(short_sentence(Fixed.STORAGE, self._rules))
            self.add_note(short_sentence(Fixed.ACCOUNT_CHANGE, self._rules))


class PointsTab(Tab):
    """The recovery points, newest first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("details-points")
        self.forget()

    def forget(self) -> None:
        if self.is_news("nothing read"):
            self.add_text(_tr("Reading recovery points"), Role.TEXT2)

    def show_points(self, points: Sequence[RecoveryPoint], now: datetime) -> None:
        if not self.is_news((tuple(points), moment_text(now, now))):
            return
        if not points:
            self.add_text(_tr("There is no recovery point yet."), Role.TEXT2)
            return
        consistent = sum(point.is_application_consistent for point in points)
        text = _tr("{0} points, {1} of them application-consistent. Oldest {2}.")
        oldest = min(point.time for point in points)
        self.add_text(text.format(len(points), consistent, moment_text(oldest, now)), Role.TEXT2)
        for point in points[:_POINTS_SHOWN]:
            kind = _tr("application-consistent") if point.is_application_consistent else _tr("crash-consistent")
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(Text(moment_text(point.time, now), TextStyle.STRONG))
            row.addWidget(Text(age_text(point.time, now), TextStyle.BODY, Role.TEXT2))
            row.addStretch(1)
            row.addWidget(Text(kind, TextStyle.CAPTION, Role.TEXT2))
            self.column.addWidget(line)
        if len(points) > _POINTS_SHOWN:
            self.add_text(_tr("and {} older ones").format(len(points) - _POINTS_SHOWN), Role.TEXT2)


class JobsTab(Tab):
    """What was done to this machine in the last 24 hours.

    Signals:
        job_requested: show this job (`ArmId`).
    """

    job_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def show_jobs(self, jobs: Sequence[ReplicationJob], now: datetime) -> None:
        if not self.is_news(tuple((job.id, job.state, job.friendly_name) for job in jobs)):
            return
        if not jobs:
            self.add_text(_tr("No job in the last 24 hours."), Role.TEXT2)
        for job in jobs:
            status = _JOB_STATUS.get(job.state, Status.NEUTRAL)
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(Space.S)
            row.addWidget(StatusLine(self._theme, status, job.friendly_name or job.scenario), 1)
            row.addWidget(Text(moment_text(job.started, now) if job.started else "", TextStyle.CAPTION, Role.TEXT2))
            button = Button(self._theme, _tr("Show"), kind=Kind.LINK)
            button.setAccessibleName(_tr("Show the job {}").format(job.friendly_name))
            button.clicked.connect(lambda _=False, job=job: self.job_requested.emit(job.id))
            row.addWidget(button)
            self.column.addWidget(line)


def _network(item: ReplicationProtectedItem, nic: TargetNic | None) -> str:
    network = ArmId(item.target_network_id).name
    return " / ".join(part for part in (network, nic.target_subnet if nic else "") if part)


def _disks(item: ReplicationProtectedItem) -> str:
    return f"{_counted_disks(item)}, {_total(item)}" if item.disks else ""


def _counted_disks(item: ReplicationProtectedItem) -> str:
    return _tr("1 disk") if len(item.disks) == 1 else _tr("{} disks").format(len(item.disks))


def _storage_of(item: ReplicationProtectedItem) -> list[tuple[str, str]]:
    """Where replicated data goes, and change logs where they have an account of their own."""
    place = _tr("Managed disks") if item.has_managed_replica else ArmId(item.storage_account_id).name
    pairs = [(_tr("Storage"), place)]
    if item.log_account_id:
        pairs.append((_tr("Change logs"), ArmId(item.log_account_id).name))
    return pairs


def _total(item: ReplicationProtectedItem) -> str:
    return size_text(sum(disk.size_mib for disk in item.disks))


def _moment_and_age(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return ""
    return _tr("{0} · {1}").format(moment_text(moment, now), age_text(moment, now))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Details", text)
