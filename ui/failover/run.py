"""One start of an operation. It outlives the sheet: whoever closes the sheet still hears how it ended."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.domain.arm_id import ArmId
from app.domain.job import ReplicationJob
from app.errors import AppError, told
from app.flows.failover import FailoverChoices, FailoverKind
from app.live.services import Services
from app.services.failover import FailoverSheet, MachineMade
from app.services.patience import silence_text
from app.services.runs import ActionSnapshot, RunSnapshot
from ui.calls import Calls
from ui.failover.machine_made import outcome
from ui.notices import Notice, NoticeHub
from ui.theme.tokens import Status

_JOBS_FOLLOWED = 3
"""Of more machines only the runner's words are shown: reading every job with its tasks would cost a request each."""


class FailoverRun(QObject):
    """Plans the run, carries it out, follows its jobs and reads back what it made.

    Signals:
        changed: snapshot, jobs or silence are others.
        ended: nothing more will come, good or bad.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, services: Services, sheet: FailoverSheet, choices: FailoverChoices, notices: NoticeHub) -> None:
        super().__init__(notices)
        self.setObjectName("failover-run")
        self.sheet = sheet
        self.snapshot: RunSnapshot | None = None
        self.jobs: dict[str, ReplicationJob] = {}
        """By the id of the action."""
        self.made: tuple[MachineMade, ...] = ()
        self.error: AppError | None = None
        """Why it could not be started at all."""
        self.silence = ""
        self.is_over = False
        self._services = services
        self._choices = choices
        self._notices = notices
        self._calls = Calls(self, notices)
        self._on_left: Callable[[], object] | None = None
        self._is_left = False

    @property
    def is_good(self) -> bool:
        return self.snapshot is not None and self.snapshot.is_done

    def start(self) -> None:
        """Send it; pressing again does nothing, since the sheet makes one run."""
        self._calls.run(
            "run", self._carry_out, doing=self.sheet.operation.title, on_result=self._on_done, on_error=self._on_failed
        )

    def leave(self) -> None:
        """The sheet is closed: from now on the end is told by a notice."""
        self._is_left = True
        if self.is_over:
            self.deleteLater()

    async def _carry_out(self) -> RunSnapshot:
        run_id = await self._services.failover.plan(self.sheet, self._choices)
        return await self._services.runner.carry_out(run_id, self._on_change)

    def _on_change(self, snapshot: RunSnapshot) -> None:
        self.snapshot = snapshot
        if len(snapshot.actions) <= _JOBS_FOLLOWED:
            for action in snapshot.actions:
                self._follow(action)
        self.changed.emit()

    def _follow(self, action: ActionSnapshot) -> None:
        key = action.action.id
        if not action.job_id or key in self.jobs or self._calls.is_running(key):
            return

        def look(job: ReplicationJob) -> None:
            self.jobs[key] = job
            self.changed.emit()

        def hear(silence: object) -> None:
            self.silence = silence_text(silence)  # type: ignore[arg-type]
            self.changed.emit()

        job_id = ArmId(action.job_id)
        self._calls.run(
            key,
            lambda: self._services.jobs.follow(job_id, on_look=look, on_silence=hear),
            doing=self.sheet.operation.title,
            on_result=look,
            on_error=lambda _error: None,  # the runner follows the job too, and tells what is wrong
        )

    def _on_done(self, snapshot: RunSnapshot) -> None:
        self.snapshot = snapshot
        self.changed.emit()
        done = [action.action.target for action in snapshot.actions if action.state.is_done]
        if not done:
            self._end()
            return
        self._calls.run(
            "made",
            lambda: self._services.failover.machines_made(_looked_for(self.sheet.operation.kind), done),
            doing=self.tr("Reading back the machines"),
            on_result=self._on_made,
            on_error=lambda _error: self._end(),
        )

    def _on_made(self, made: tuple[MachineMade, ...]) -> None:
        self.made = made
        self._end()

    def _on_failed(self, error: AppError) -> None:
        self.error = error
        self._end()

    def _end(self) -> None:
        self.is_over = True
        self.ended.emit()
        if self._is_left:
            self._tell()
            self.deleteLater()

    def _tell(self) -> None:
        """The end, for somebody who is elsewhere by now."""
        names = ", ".join(item.friendly_name for item in self.sheet.items[:3])
        if len(self.sheet.items) > 3:
            names = self.tr("{0} and {1} more").format(names, len(self.sheet.items) - 3)
        subject = self.tr("{0} of {1}").format(self.sheet.operation.title, names)
        if self.is_good:
            title = self.tr("{} is done").format(subject)
            outcomes = [outcome(each, self.sheet.operation.kind) for each in self.made[:3]]
            status = Status.WARNING if any(found is Status.WARNING for found, _ in outcomes) else Status.OK
            text = " ".join([*(words for _, words in outcomes), f"{self.sheet.operation.after}."])
        else:
            status = Status.CRITICAL
            title = self.tr("{} did not come to a good end").format(subject)
            text = self._trouble()
        self._notices.post(Notice(f"failover-run.{id(self)}", status, title, text))

    def _trouble(self) -> str:
        if self.error is not None:
            return self.error.sentence
        problem = self.snapshot.troubled[0].problem if self.snapshot and self.snapshot.troubled else None
        return told(problem.title, problem.advice) if problem is not None else ""


def _looked_for(kind: FailoverKind) -> FailoverKind:
    """Cleaning up is confirmed by looking for the test machine, which must be gone."""
    return FailoverKind.TEST if kind is FailoverKind.CLEAN_UP else kind
