"""Runs that were cut off: told when their connection opens, and gone on with by one press. Nothing is sent before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.services.runner import Runner
from app.services.runs import RunSnapshot
from ui.calls import Calls
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.theme.tokens import Status

KEY = "desk.interrupted"


class InterruptedRuns(QObject):
    """Those of one connection.

    Signals:
        ended: one of them is over, whatever came of it.
    """

    ended = Signal()

    def __init__(self, runner: Runner, calls: Calls, notices: NoticeHub, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._calls = calls
        self._notices = notices

    def tell(self, runs: Sequence[RunSnapshot]) -> None:
        """A banner for each."""
        for number, run in enumerate(runs):
            self._tell_interrupted(f"{KEY}.{number}" if number else KEY, run)

    def _tell_interrupted(self, key: str, run: RunSnapshot) -> None:
        done = self.tr("{0} of {1} actions are confirmed. Going on sends only what Azure does not have yet.")
        go_on = NoticeAction(self.tr("Go on"), lambda: self._go_on(key, run))
        title = self.tr("“{}” was interrupted").format(run.title)
        text = done.format(run.done_count, len(run.actions))
        self._notices.post(Notice(key, Status.WARNING, title, text, (go_on,)))

    def _go_on(self, key: str, run: RunSnapshot) -> None:
        title = self.tr("Going on with “{}”").format(run.title)
        text = self.tr("It goes on in the background; here you will hear how it ended.")
        self._notices.post(Notice(key, Status.INFO, title, text))
        self._calls.run(
            key,
            lambda: self._runner.carry_out(run.id),
            doing=title,
            on_result=lambda ended: self._on_gone_on(key, ended),
            on_error=lambda error: self._tell_stopped(key, run, error.title, error.advice),
        )

    def _on_gone_on(self, key: str, run: RunSnapshot) -> None:
        self.ended.emit()
        if run.is_done:
            title = self.tr("“{}” is done").format(run.title)
            text = self.tr("All {} actions are confirmed by Azure.").format(len(run.actions))
            self._notices.post(Notice(key, Status.OK, title, text))
        elif run.troubled and run.troubled[0].problem is not None:
            problem = run.troubled[0].problem
            self._tell_stopped(key, run, problem.title, problem.advice)

    def _tell_stopped(self, key: str, run: RunSnapshot, title: str, advice: str) -> None:
        again = NoticeAction(self.tr("Try again"), lambda: self._go_on(key, run))
        self._notices.post(Notice(key, Status.CRITICAL, title, advice, (again,)))
