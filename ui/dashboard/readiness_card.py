"""The answer to "Could we fail over now?": in words, as a bar, and the few lines that say what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.arm_id import ArmId
from app.domain.health import Health
from app.domain.quota import QuotaVerdict, Standing
from app.domain.readiness import Cause, Concern, Level, ReadinessTally
from app.domain.rules import Rules
from app.domain.stage import Stage
from app.flows.failover import FailoverKind
from ui.item_words import HEALTH, STATE, health_word, word_of_stage
from ui.quota.words import STATUS as QUOTA_STATUS
from ui.quota.words import carries_text, remedy_text
from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle, Width
from ui.when import span_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.charts import HealthBar, Legend, Segment
from ui.widgets.chip import Chip
from ui.widgets.labels import IconLabel, Text
from ui.widgets.surface import horizontal_line

_LINES = 4
_NAMES = 2
_ON_THE_WAY = frozenset({Cause.BUSY, Cause.FIRST_COPY, Cause.FINISHING})
_NEEDS_WORK = frozenset(Cause) - _ON_THE_WAY
_STATUS = {
    Cause.DRILL_WAITS: Status.WAITING,
    Cause.COMMIT_WAITS: Status.WAITING,
    Cause.BROKEN: Status.CRITICAL,
    Cause.OLD_COPY: Status.WARNING,
    Cause.NO_COPY: Status.WARNING,
    Cause.BUSY: Status.INFO,
    Cause.FIRST_COPY: Status.INFO,
    Cause.FINISHING: Status.INFO,
    Cause.NOT_OFFERED: Status.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands in the way of some machines, in words, with what its button does."""

    key: str
    status: Status
    names: str
    cause: str
    way_back: str
    button: str
    press: Callable[[], object]


class ReadinessCard(Card):
    """Stands first on the overview.

    Signals:
        quota_requested: show what the quota carries.
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
        job_requested: show this job (`ArmId`).
        item_requested: show this machine (`ArmId`).
        machines_requested: show the machines with this value of a facet (facet id, values).
    """

    quota_requested = Signal()
    operation_requested = Signal(object, object)
    job_requested = Signal(object)
    item_requested = Signal(object)
    machines_requested = Signal(str, object)

    def __init__(self, theme: Theme, rules: Rules) -> None:
        super().__init__()
        self.setObjectName("overview-readiness")
        self._theme = theme
        self._rules = rules
        self._lines_holder: QWidget | None = None
        self._shown: tuple[object, ...] = ()
        self._tally: ReadinessTally | None = None
        self._quota: QuotaVerdict | None = None
        self._answer = Text("", TextStyle.ANSWER)
        self._answer.setObjectName("overview-answer")
        self._chip = Chip(theme, Status.WARNING, "")
        self._bar = HealthBar(theme)
        self._legend = Legend(theme)
        self.all_link = Button(theme, "", kind=Kind.LINK)
        self.all_link.setObjectName("overview-all-machines")
        self.all_link.clicked.connect(lambda: self.machines_requested.emit("", ()))
        self._rule = horizontal_line()
        self._build()

    @property
    def answer(self) -> str:
        """The answer as shown."""
        return self._answer.text()

    def show_readiness(self, tally: ReadinessTally) -> None:
        """Answer for these machines. What is shown already stays as it is, so that nothing blinks under the mouse."""
        self._tally = tally
        self._show()

    def show_quota(self, verdict: QuotaVerdict | None) -> None:
        """Take the region's quota into the answer; None while it was not read."""
        self._quota = verdict
        self._show()

    def _show(self) -> None:
        tally = self._tally
        if tally is None:
            return
        self._answer.setText(answer_text(tally, self._quota.carries if self._quota is not None else None))
        needs_work = sum(len(concern.ids) for concern in tally.concerns if concern.cause in _NEEDS_WORK)
        word = self.tr("1 machine needs work") if needs_work == 1 else self.tr("{} machines need work")
        self._chip.set_status(Status.WARNING, word.format(f"{needs_work:,}"))
        self._chip.setVisible(needs_work > 0)
        on_the_way = sum(len(concern.ids) for concern in tally.concerns if concern.cause in _ON_THE_WAY)
        blocked = tally.counts[Level.BLOCKED] - on_the_way
        segments = [
            Segment(Status.OK, tally.counts[Level.READY], self.tr("ready")),
            Segment(Status.WARNING, tally.counts[Level.GAP], self.tr("with a loss or a gap")),
            Segment(Status.CRITICAL, blocked, self.tr("can’t right now")),
            Segment(Status.INFO, on_the_way, self.tr("on the way")),
            Segment(Status.NEUTRAL, tally.counts[Level.IN_AZURE], self.tr("already in Azure")),
        ]
        concerns = tally.concerns[:_LINES]
        lines = [*self._quota_line(), *(self._line(concern) for concern in concerns)]
        shown = (
            *((segment.status, segment.count) for segment in segments),
            *((line.key, line.cause, line.way_back) for line in lines),
            *(tuple(concern.ids) for concern in concerns),
        )
        if shown == self._shown:
            return
        self._shown = shown
        self._bar.set_segments(segments)
        self._legend.set_segments(segments)
        self.all_link.setText(self.tr("See all {}, with reasons").format(f"{tally.total:,}"))
        self._show_lines(lines)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(self.tr("Could we fail over now?"), TextStyle.STRONG, Role.TEXT2))
        words.addWidget(self._answer)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        below = QHBoxLayout()
        below.addWidget(self._legend, 1)
        below.addWidget(self.all_link)
        self.body.addLayout(head)
        self.body.addSpacing(Space.XS)
        self.body.addWidget(self._bar)
        self.body.addLayout(below)
        self.body.addWidget(self._rule)
        self._rule.hide()

    # Lines

    def _quota_line(self) -> list[_Line]:
        """First, since it may concern every machine; none where the quota suffices."""
        verdict = self._quota
        if verdict is None or verdict.standing is Standing.ENOUGH:
            return []
        cause, way_back = carries_text(verdict, self._rules), remedy_text(verdict)
        button = _tr("Ask…") if verdict.short else _tr("Show")
        status = QUOTA_STATUS[verdict.standing]
        return [_Line("quota", status, _tr("Quota"), cause, way_back, button, self.quota_requested.emit)]

    def _line(self, concern: Concern) -> _Line:
        def line(cause: str, way_back: str, button: str, press: Callable[[], object]) -> _Line:
            status, names = _STATUS[concern.cause], names_text(concern.names)
            return _Line(concern.cause.value, status, names, cause, way_back, button, press)

        ids = tuple(concern.ids)
        show = self._show_of(concern)
        match concern.cause:
            case Cause.DRILL_WAITS:
                cause = _tr("The test machine still runs and blocks every other action")
                clean_up = FailoverKind.CLEAN_UP
                way_back = _tr("Clean up the drill")
                return line(cause, way_back, _tr("Clean up…"), lambda: self.operation_requested.emit(clean_up, ids))
            case Cause.COMMIT_WAITS:
                commit = FailoverKind.COMMIT
                cause, way_back = _tr("Runs in Azure and waits for its commit"), _tr("Try it, then commit")
                return line(cause, way_back, _tr("Commit…"), lambda: self.operation_requested.emit(commit, ids))
            case Cause.BROKEN | Cause.OLD_COPY:
                loss = span_text(timedelta(seconds=concern.rpo_s or 0))
                text = _tr("Would lose {} of changes") if len(ids) == 1 else _tr("Would lose up to {} of changes")
                return line(text.format(loss), self._reason(concern), _tr("Show"), show)
            case Cause.NO_COPY:
                return line(_tr("Azure does not say how old the copy is"), self._reason(concern), _tr("Show"), show)
            case Cause.BUSY:
                press = show
                if concern.job_id:
                    press = lambda: self.job_requested.emit(ArmId(concern.job_id))  # noqa: E731
                return line(_tr("A job is at work"), _tr("Free when the job ends"), _tr("Watch"), press)
            case Cause.FIRST_COPY:
                return line(_first_copy(concern), _tr("Ready when the copy is complete"), _tr("Watch"), show)
            case Cause.FINISHING:
                cause = _tr("The first copy is complete; Azure is finishing the settings")
                return line(cause, _tr("Usually ready within minutes"), _tr("Show"), show)
            case Cause.NOT_OFFERED:
                return line(_tr("Azure does not offer a failover now"), _tr("Look at its state"), _tr("Show"), show)

    def _reason(self, concern: Concern) -> str:
        """Why, in the words of the catalogue, when it knows the error that most of them have."""
        for code, _ in sorted(concern.codes.items(), key=lambda pair: -pair[1]):
            entry = self._rules.error(code)
            if entry is not None and not entry.operation:
                return entry.title
        return _tr("See what to do")

    def _show_of(self, concern: Concern) -> Callable[[], object]:
        if len(concern.ids) == 1:
            return lambda: self.item_requested.emit(concern.ids[0])
        facet, values = {
            Cause.FIRST_COPY: (STATE, (word_of_stage(Stage.FIRST_COPY),)),
            Cause.FINISHING: (STATE, (word_of_stage(Stage.FINISHING),)),
            Cause.BROKEN: (HEALTH, (health_word(Health.CRITICAL),)),
        }.get(concern.cause, ("", ()))
        return lambda: self.machines_requested.emit(facet, values)

    def _show_lines(self, lines: list[_Line]) -> None:
        if self._lines_holder is not None:
            self.body.removeWidget(self._lines_holder)
            self._lines_holder.hide()
            self._lines_holder.deleteLater()
            self._lines_holder = None
        self._rule.setVisible(bool(lines))
        if not lines:
            return
        self._lines_holder = holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        for column, stretch in ((1, 3), (2, 6), (3, 4)):
            grid.setColumnStretch(column, stretch)
        for row, line in enumerate(lines):
            icon = IconLabel(self._theme, status_icon(line.status), Role(line.status.value), IconSize.SMALL)
            grid.addWidget(icon, row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(Text(line.names, TextStyle.STRONG, wrap=True), row, 1)
            grid.addWidget(Text(line.cause, wrap=True), row, 2)
            grid.addWidget(Text(line.way_back, TextStyle.BODY, Role.TEXT2, wrap=True), row, 3)
            button = Button(self._theme, line.button)
            button.setObjectName(f"overview-line-{line.key}")
            button.setAccessibleName(f"{line.button} {line.names}")
            button.setFixedWidth(Width.ROW_BUTTON)
            button.clicked.connect(lambda _=False, press=line.press: press())
            grid.addWidget(button, row, 4)
        self.body.addWidget(holder)


def answer_text(tally: ReadinessTally, carried: int | None = None) -> str:
    """The answer in one short sentence, with figures; `carried` is how many machines the quota carries, if not all."""
    total, ready = tally.total, tally.counts[Level.READY]
    at_home = total - tally.counts[Level.IN_AZURE]
    if not at_home:
        return _tr("All of it runs in Azure already")
    if carried == 0 and tally.able:
        return _tr("No: the quota carries none of {} machines").format(f"{total:,}") if total > 1 else _tr("No")
    able = tally.able
    if carried is not None:
        ready, able = min(ready, carried), min(able, carried)
    if ready == at_home:
        return _tr("Yes, for the one machine") if at_home == 1 else _tr("Yes, for all {} machines").format(f"{ready:,}")
    if ready:
        return _tr("Yes, for {0} of {1} machines").format(f"{ready:,}", f"{total:,}")
    if able:
        return _tr("Only with a loss, for {0} of {1} machines").format(f"{able:,}", f"{total:,}")
    if all(concern.cause in (Cause.FIRST_COPY, Cause.FINISHING) for concern in tally.concerns):
        return _tr("Not yet: the first copies are on their way")
    return _tr("No, for none of {} machines").format(f"{total:,}") if total > 1 else _tr("No")


def names_text(names: list[str]) -> str:
    """`DC01`, `DC01, DC02`, or `DC01, DC02 and 8 more`."""
    if len(names) <= _NAMES:
        return ", ".join(names)
    return _tr("{0} and {1} more").format(", ".join(names[:_NAMES]), f"{len(names) - _NAMES:,}")


def _first_copy(concern: Concern) -> str:
    least, most = concern.percent or (0, 0)
    if len(concern.ids) == 1:
        return _tr("The first copy is at {} %").format(least)
    if least == most:
        return _tr("The first copies are at {} %").format(least)
    return _tr("The first copies are at {0} to {1} %").format(least, most)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReadinessCard", text)
