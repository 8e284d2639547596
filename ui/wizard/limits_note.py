"""Which support limits a page is judged by, and where others judge its answers otherwise."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.differing import differences
from app.domain.issue import Verdict
from app.domain.profiles import PROFILE_MONTHS
from app.domain.rules import Rules
from app.flows.differing_step import step_verdict
from app.flows.draft import SetUpDraft
from app.flows.step import Context, Step
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.turns import Turns
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import StatusLine
from ui.widgets.page import Page

_PAUSE_MS = 400
"""After which typing has come to a rest."""


class LimitsNote(QObject):
    """A link in the header of `frame`, and a line below it while there is something to say.

    Signals:
        change_requested: other limits shall be chosen.
    """

    change_requested = Signal()

    def __init__(self, theme: Theme, frame: Page, step: Step, *, tells: bool, parent: QObject) -> None:
        """Without `tells` the page says by itself where others judge otherwise, row by row."""
        super().__init__(parent)
        self._step = step
        self._tells = tells
        self._context: Context | None = None
        self._draft = SetUpDraft()
        self.link = Button(theme, "", kind=Kind.LINK)
        self.link.setObjectName(f"{step.id}-limits")
        self.link.clicked.connect(self.change_requested)
        frame.header.add_button(self.link)
        self.line = StatusLine(theme, Status.INFO)
        self.line.setObjectName(f"{step.id}-elsewhere")
        self.line.setContentsMargins(0, 0, 0, Space.M)
        self.line.hide()
        frame.add_below_header(self.line)
        self._turns = Turns(self)
        self._timer = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._timer.timeout.connect(self._tell)

    @property
    def is_busy(self) -> bool:
        """Whether answers are still being judged, one profile in each turn of the loop."""
        return self._turns.is_busy

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Name the limits, and judge the answers by the others."""
        self._draft, self._context = draft, context
        source = context.rules.machines.source
        self.link.setText(self.tr("Limits of {}").format(PROFILE_MONTHS[context.rules.profile]))
        about = self.tr("Judged by: {0}, {1}. Press to choose others.").format(source.document, source.as_of)
        self.link.setToolTip(about)
        self.link.setAccessibleDescription(about)
        self._tell()

    def follow(self, draft: SetUpDraft) -> None:
        """Answers were edited; say anew where others judge them otherwise as soon as that comes to a rest."""
        self._draft = draft
        if self._tells:
            self._timer.start()

    def _tell(self) -> None:
        self._timer.stop()
        if self._context is None or not self._tells:
            return
        context, verdicts = self._context, dict[str, Verdict]()
        judge = partial(self._judge, self._draft, context, verdicts)
        pieces = (partial(judge, rules) for rules in context.profiles)
        self._turns.begin(*pieces, lambda: self._show(differences(verdicts, context.rules.profile) if verdicts else ""))

    def _judge(self, draft: SetUpDraft, context: Context, verdicts: dict[str, Verdict], rules: Rules) -> None:
        verdicts[rules.profile] = step_verdict(self._step, draft, context, rules)

    def _show(self, text: str) -> None:
        self.line.set_status(Status.INFO, text)
        self.line.setVisible(bool(text))
