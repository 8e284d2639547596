"""What stands against the run, with the ways there; and what stood there until a reading cleared it away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.issue import Issue
from app.flows.set_up import STEPS
from ui.notices import Notice
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine

_STEP_FIELD = "step."


class ReviewStops(QWidget):
    """Takes no room while there is nothing to say.

    On the review nothing is answered, so what goes while somebody looks was cleared in Azure or by other limits. That
    is said until it is closed or the page is left: a sentence that vanishes while it is read leaves one wondering.
    What stood here only while the page was filled ahead of its time nobody has read: an answer cleared it.

    Signals:
        step_requested: a step with something missing is to be opened; its id.
    """

    step_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stops: tuple[Issue, ...] = ()
        self._seen: tuple[Issue, ...] = ()
        self._cleared: dict[str, str] = {}
        self._banner: Banner | None = None
        self._card = Card(self.tr("Before it can run"))
        self._card.setObjectName("review-blocked")
        self._card.set_edge(theme, Status.CRITICAL)
        self._card.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.M)
        self._column.addWidget(self._card)
        self.hide()

    @staticmethod
    def among(issues: Sequence[Issue]) -> tuple[Issue, ...]:
        """Those of a review that stop its run."""
        return tuple(issue for issue in issues if issue.is_blocking and issue.field.startswith(_STEP_FIELD))

    @property
    def first_button(self) -> Button | None:
        """The way to the first step that needs work."""
        if not self._stops:
            return None
        return self._card.findChild(Button, f"review-open-{_step_id(self._stops[0])}")

    def show_stops(self, stops: tuple[Issue, ...], time: str) -> None:
        """Show these, as they stand at `time`."""
        seen, self._seen = self._seen, stops if self.parentWidget().isVisible() else ()
        if stops == self._stops:
            return
        if self.isVisible():
            self._note_cleared(seen, stops, time)
        self._stops = stops
        _empty(self._card.body)
        for issue in stops:
            self._card.body.addWidget(self._build_stop(issue))
        self._card.setVisible(bool(stops))
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Who comes back may have cleared it by other answers, and knows; what still stands is there again."""
        super().hideEvent(event)
        if not event.spontaneous() and not self.parentWidget().isVisible():
            self._seen = ()
            self._close()

    def _note_cleared(self, seen: tuple[Issue, ...], stops: tuple[Issue, ...], time: str) -> None:
        still = {issue.field for issue in stops}
        self._cleared |= {issue.field: issue.text for issue in seen}
        self._cleared = {field: text for field, text in self._cleared.items() if field not in still}
        self._show_banner(time)

    def _show_banner(self, time: str) -> None:
        self._drop_banner()
        if not self._cleared:
            return
        title = self.tr("Cleared by itself: this does not stand against the run any more")
        text = self.tr("It stood here until {time}: {what}").format(time=time, what=" ".join(self._cleared.values()))
        notice = Notice("review_cleared", Status.OK, title, text)
        self._banner = Banner(self._theme, notice)
        self._banner.closed.connect(self._close)
        self._column.insertWidget(0, self._banner)
        self._banner.show()  # now, not with the next event: what it tells of goes in this turn

    def _close(self) -> None:
        self._cleared = {}
        self._drop_banner()
        self._follow()

    def _drop_banner(self) -> None:
        banner, self._banner = self._banner, None
        if banner is not None:
            banner.hide()
            banner.deleteLater()

    def _follow(self) -> None:
        self.setVisible(bool(self._stops) or self._banner is not None)

    def _build_stop(self, issue: Issue) -> QWidget:
        step_id = _step_id(issue)
        title = next(step.title for step in STEPS if step.id == step_id)
        open_step = Button(self._theme, self.tr("Open {step}").format(step=title), small=True)
        open_step.setObjectName(f"review-open-{step_id}")
        open_step.clicked.connect(lambda _checked: self.step_requested.emit(step_id))
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(StatusLine(self._theme, Status.CRITICAL, issue.text), 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(open_step, 0, Qt.AlignmentFlag.AlignTop)
        return line


def _step_id(issue: Issue) -> str:
    return issue.field.removeprefix(_STEP_FIELD)


def _empty(column: QVBoxLayout) -> None:
    while column.count():
        widget = column.takeAt(0).widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
