"""The answers of capacity planning in words and figures, and the cards that show them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.capacity import QuickEstimate
from app.domain.sizes import gib_text
from app.flows.draft import CapacityChoice
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle, Width
from ui.widgets.card import Card
from ui.widgets.labels import IconLabel, StatusLine, Text
from ui.widgets.surface import TintedBox

_DAYS_FROM_H = 72


def tr(text: str) -> str:
    return QCoreApplication.translate("Capacity", text)


@dataclass(frozen=True, slots=True)
class Answer:
    """One figure and what it means."""

    figure: str
    status: Status
    note: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it fits, in a few words, and why."""

    status: Status
    words: str
    reason: str


def mbps_text(mbps: float) -> str:
    """`118 Mbps`, `4.2 Mbps`."""
    return f"{mbps:,.0f} Mbps" if mbps >= 10 else f"{mbps:.1f} Mbps"


def hours_text(hours: float) -> str:
    if hours < 1:
        return tr("{} min").format(max(1, round(hours * 60)))
    return tr("{} h").format(f"{hours:,.0f}") if hours < _DAYS_FROM_H else tr("{} days").format(f"{hours / 24:,.0f}")


def verdict_of(figures: QuickEstimate | None, choice: CapacityChoice) -> Verdict:
    """Changes decide, since they never end; a first copy that takes longer is only slow."""
    if figures is None:
        return Verdict(
            Status.NEUTRAL,
            tr("There is nothing to reckon with yet."),
            tr("No machine that could be protected is known at the site, or a figure is missing."),
        )
    machines = tr("1 machine") if figures.machines == 1 else tr("{} machines").format(f"{figures.machines:,}")
    if not choice.bandwidth_mbps:
        return Verdict(
            Status.INFO,
            tr("It takes {}.").format(mbps_text(figures.needed_mbps)),
            tr("Type what the line can give to replication, or measure it, to see whether {} fit.").format(machines),
        )
    line, delta = mbps_text(choice.bandwidth_mbps), mbps_text(figures.delta_mbps)
    if not figures.line_carries_changes(choice.bandwidth_mbps):
        reason = tr("The changes of {machines} need {delta}; the line gives {line}. Replication falls behind.")
        return Verdict(
            Status.CRITICAL, tr("It does not fit."), reason.format(machines=machines, delta=delta, line=line)
        )
    first = hours_text(figures.first_copy_h or 0)
    carries = tr("{line} carry the changes of {machines} ({delta}).").format(line=line, machines=machines, delta=delta)
    if (figures.first_copy_h or 0) > choice.first_copy_hours:
        slow = tr("The first copy takes {first} instead of the wished {wished}.")
        reason = slow.format(first=first, wished=hours_text(choice.first_copy_hours))
        return Verdict(Status.WARNING, tr("It fits, with a slow first copy."), f"{carries} {reason}")
    return Verdict(Status.OK, tr("It fits."), f"{carries} {tr('The first copy takes {}.').format(first)}")


def answers_of(figures: QuickEstimate | None, choice: CapacityChoice) -> tuple[Answer, Answer, Answer, Answer]:
    """Bandwidth needed, first copy, storage in Azure, cost a month."""
    if figures is None:
        none = Answer("–", Status.NEUTRAL, tr("nothing to reckon with yet"))
        return none, none, none, none
    stored = tr("{} of disks, and the changes kept").format(gib_text(figures.bill.disks_gib))
    cost = figures.cost
    return (
        _bandwidth(figures, choice),
        _first_copy(figures, choice),
        Answer(gib_text(figures.storage_gib), Status.INFO, stored),
        Answer(
            f"{cost.total:,.0f} {cost.currency}",
            Status.INFO,
            tr("list prices of {}, licences and storage").format(cost.prices_of),
        ),
    )


def _bandwidth(figures: QuickEstimate, choice: CapacityChoice) -> Answer:
    needed = mbps_text(figures.needed_mbps)
    given = choice.bandwidth_mbps
    if not given:
        return Answer(needed, Status.INFO, tr("{} of it for the changes").format(mbps_text(figures.delta_mbps)))
    if given >= figures.needed_mbps:
        return Answer(needed, Status.OK, tr("your line gives {}").format(mbps_text(given)))
    short = tr("your line gives {given}, {less} too little").format(
        given=mbps_text(given), less=mbps_text(figures.needed_mbps - given)
    )
    carries = figures.line_carries_changes(given)
    return Answer(needed, Status.WARNING if carries else Status.CRITICAL, short)


def _first_copy(figures: QuickEstimate, choice: CapacityChoice) -> Answer:
    if figures.first_copy_h is None:
        return Answer("–", Status.NEUTRAL, tr("depends on the line"))
    wished = tr("wished: within {}").format(hours_text(choice.first_copy_hours))
    is_slow = figures.first_copy_h > choice.first_copy_hours
    return Answer(hours_text(figures.first_copy_h), Status.WARNING if is_slow else Status.OK, wished)


class VerdictBox(TintedBox):
    """The answer of the page, first of all."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, Status.INFO, parent)
        self.setObjectName("capacity-verdict")
        self._icon = IconLabel(theme, "info", Role.INFO, IconSize.NAV)
        self._words = Text("", TextStyle.PANEL_TITLE, wrap=True)
        self._reason = Text("", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._words)
        words.addWidget(self._reason)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        row.setSpacing(Space.M)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    @property
    def text(self) -> str:
        return f"{self._words.text()} {self._reason.text()}"

    def show_verdict(self, verdict: Verdict) -> None:
        self.set_status(verdict.status)
        self._icon.set_icon(verdict.status.value, Role(verdict.status.value))
        self._words.setText(verdict.words)
        self._reason.setText(verdict.reason)
        self.setAccessibleName(verdict.words)
        self.setAccessibleDescription(verdict.reason)


class AnswerCard(Card):
    """Title with its basis, the figure, one line."""

    def __init__(self, theme: Theme, title: str, basis: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._title = title
        self._figure = Text("", TextStyle.ANSWER)
        self._note = StatusLine(theme, style=TextStyle.CAPTION)
        head = QHBoxLayout()
        head.addWidget(Text(title, TextStyle.LABEL, Role.TEXT2), 1)
        head.addWidget(Text(basis, TextStyle.CAPTION, Role.TEXT2))
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addWidget(self._figure)
        self.body.addWidget(self._note)
        self.body.addStretch(1)

    def show_answer(self, answer: Answer) -> None:
        self._figure.setText(answer.figure)
        self._note.set_status(answer.status, answer.note)
        self.setAccessibleName(f"{self._title}: {answer.figure}, {answer.note}")


class AnswerRow(QWidget):
    """Four cards side by side, or two and two where that is too narrow."""

    def __init__(self, cards: tuple[AnswerCard, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = cards
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Space.M)
        self._place(len(cards))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(len(self.cards) if self.width() >= 2 * Width.READING else 2)

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(len(self.cards)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
