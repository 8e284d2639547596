"""Tells in the wizard when rights are missing for the step that is open, before anybody runs into it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.domain.rights import Finding, RightsSubject, Standing
from app.errors import AppError
from app.flows.rights_request import listed, scope_words
from app.flows.rights_subjects import subject_of_draft
from app.services.rights_check import RightsReport
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.theme.tokens import Status
from ui.wizard.controller import SetUpController

_KEY = "wizard.rights"
_LOOK_AFTER_MS = 600
"""After a step is open and its first figures are on screen."""
_ROLES_TOLD = 2
_WHOLE = ("review", "run")


class RightsWatch(QObject):
    """One per wizard. Reads anew only when the answers are about other places.

    Signals:
        rights_requested: show the rights, with this step (its id) unfolded.
    """

    rights_requested = Signal(str)

    def __init__(self, controller: SetUpController, notices: NoticeHub, wizard: QWidget) -> None:
        super().__init__(wizard)
        self._wizard = wizard
        self._controller = controller
        self._notices = notices
        self._report: RightsReport | None = None
        self._read_for: RightsSubject | None = None
        self._is_resting = False
        self._timer = QTimer(self, interval=_LOOK_AFTER_MS, singleShot=True)
        self._timer.timeout.connect(self._look)
        controller.rights.look_requested.connect(self._look_again)
        for signal in (controller.opened, controller.moved, controller.refreshed):
            signal.connect(self._on_changed)

    def rest(self) -> None:
        """Nobody looks at the wizard any more; what is known by now may be old when somebody does again."""
        self._is_resting = True
        self._timer.stop()
        self._read_for = None
        self._notices.withdraw(_KEY)

    def _on_changed(self) -> None:
        if not self._wizard.isVisible():
            return
        self._is_resting = False
        if self._read_for is not None:
            self._tell()
        self._timer.start()

    def _look_again(self) -> None:
        self._read_for = None
        self._look()

    def _look(self) -> None:
        if not self._controller.is_open or self._controller.calls.is_running("rights"):
            return
        subject = self._subject
        if subject == self._read_for or not subject.all_scopes:
            self._tell()
            return
        self._read_for = subject
        read = self._controller.services.rights.read
        doing = self.tr("Reading what you may do")
        calls = self._controller.calls
        calls.run("rights", lambda: read(subject), doing=doing, on_result=self._take, on_error=self._forget)

    def _take(self, report: RightsReport) -> None:
        self._report = report
        self._controller.rights.take(report)
        self._tell()
        if self._subject != self._read_for:  # another answer came meanwhile
            self._timer.start()

    @property
    def _subject(self) -> RightsSubject:
        """What the answers of now are about."""
        flow = self._controller.flow
        return subject_of_draft(flow.draft, flow.context.estate)

    def _forget(self, error: AppError) -> None:
        """What the step needs most is read by the step itself, and says so where it fails."""
        self._read_for = None

    def _tell(self) -> None:
        step_id = self._controller.flow.position.id
        found = self._in_the_way(step_id)
        if not found or self._is_resting:
            self._notices.withdraw(_KEY)
            return
        worst = max(found, key=lambda finding: finding.standing.rank)
        show = NoticeAction(self.tr("Show rights"), lambda: self.rights_requested.emit(worst.purpose.id))
        names = ", ".join(finding.purpose.title for finding in found)
        if worst.standing is Standing.MISSING:
            title = self.tr("Rights are missing for: {}").format(names)
            roles = dict.fromkeys(
                f"{role.name} on {scope_words(gap.scope)}"
                for finding in found
                for gap in finding.gaps
                for role in gap.roles
            )
            text = self.tr("Azure would refuse it. What to ask an owner for is ready to be copied.")
            if 0 < len(roles) <= _ROLES_TOLD:
                text = self.tr("It takes {}. The request for an owner is ready to be copied.").format(
                    listed(list(roles))
                )
        else:
            title = self.tr("A lock stops: {}").format(names)
            text = self._lock_text(worst)
        self._notices.post(Notice(_KEY, Status.WARNING, title, text, (show,)))

    def _lock_text(self, finding: Finding) -> str:
        lock = next(stopped.lock for gap in finding.gaps for stopped in gap.stopped)
        text = self.tr("The lock “{0}” on {1}: Azure would refuse it until the lock is taken away.")
        return text.format(lock.name, scope_words(lock.scope))

    def _in_the_way(self, step_id: str) -> list[Finding]:
        findings = self._report.wanted if self._report is not None else ()
        return [
            finding
            for finding in findings
            if finding.standing in (Standing.MISSING, Standing.LOCKED)
            and (finding.purpose.id == step_id or step_id in _WHOLE)
        ]
