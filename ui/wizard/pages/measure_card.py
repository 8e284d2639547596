"""Measure upload: what it does, how far it is, what it found, and the way into the bandwidth field."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.errors import AppError
from app.ports.blobs import UploadProbe
from app.runtime.progress import Progress
from app.services.capacity_probe import MAX_BYTES, MAX_SECONDS
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Status
from ui.widgets.buttons import Button
from ui.widgets.callout import Refusal
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text
from ui.widgets.progress_line import ProgressLine
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.capacity_answers import mbps_text

_MIB = 1024 * 1024


class MeasureCard(Card):
    """Knows no account: whoever listens says which one is written to.

    Signals:
        measure_requested: an upload shall be measured.
        stop_requested: the measurement shall end.
        taken: the measured figure shall be the bandwidth; carries Mbps.
    """

    measure_requested = Signal()
    stop_requested = Signal()
    taken = Signal(float)

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self._refusal: Refusal | None = None
        self._measured: float | None = None
        self.button = ReasonedButton(theme, self.tr("Measure &upload"), icon="measure")
        self.button.setObjectName("capacity-measure")
        self._stop = Button(theme, self.tr("S&top"), icon="stop")
        self._stop.setObjectName("capacity-stop")
        self._take = Button(theme, "", icon="check")
        self._take.setObjectName("capacity-take-measured")
        self._progress = ProgressLine(theme)
        self._result = StatusLine(theme)
        self._result.setObjectName("capacity-measured")
        self._explanation = Text("", role=Role.TEXT2, wrap=True)
        self._build()
        self.set_account("")
        for part in (self._stop, self._take, self._progress, self._result):
            part.hide()
        self.button.activated.connect(self.measure_requested)
        self._stop.clicked.connect(self.stop_requested)
        self._take.clicked.connect(self._on_take_clicked)

    @property
    def message(self) -> str:
        """What the last measurement found, or why it found nothing."""
        return "" if self._result.isHidden() else self._result.text

    @property
    def is_busy(self) -> bool:
        return not self._stop.isHidden()

    def set_account(self, name: str) -> None:
        """Say where the data goes; empty where that is open."""
        where = self.tr("{} in a container of its own").format(name) if name else self.tr("the storage account")
        words = self.tr("Sends random data to {where}, {mib} MiB or {seconds} seconds at most, and deletes it again.")
        self._explanation.setText(words.format(where=where, mib=MAX_BYTES // _MIB, seconds=f"{MAX_SECONDS:.0f}"))

    def set_refusal(self, refusal: Refusal | None) -> None:
        """Say why nothing can be measured now; None lets it."""
        self._refusal = refusal
        self._settle()

    def show_measured(self, mbps: float | None, bandwidth_mbps: float | None) -> None:
        """Offer the figure of the last measurement, unless it is the bandwidth already."""
        self._measured = mbps
        self._take.setVisible(mbps is not None and mbps != bandwidth_mbps)
        if mbps is not None:
            self._take.setText(self.tr("Us&e {}").format(mbps_text(mbps)))
            if self._result.isHidden() and not self.is_busy:
                self._say(Status.OK, self.tr("Measured before: {}.").format(mbps_text(mbps)))

    def show_busy(self) -> None:
        self._stop.show()
        self._result.hide()
        self._progress.show()
        self._progress.set_progress(self.tr("Connecting"), 0.0)
        self._settle()

    def show_progress(self, progress: Progress) -> None:
        if not self.is_busy:
            return
        fraction = progress.done / progress.total if progress.total else None
        sent = self.tr("{} MiB").format(f"{progress.done / _MIB:,.0f}")
        self._progress.set_progress(progress.text, fraction, sent)

    def show_outcome(self, outcome: UploadProbe | AppError | None) -> None:
        """What was found, why not, or that it was stopped (None)."""
        self._stop.hide()
        self._progress.hide()
        if outcome is None:
            self._say(Status.NEUTRAL, self.tr("Stopped. What was sent is deleted."))
        elif isinstance(outcome, AppError):
            self._say(Status.CRITICAL, outcome.sentence)
        else:
            self._say(*self._found(outcome))
        self._settle()

    def _build(self) -> None:
        assert self.head is not None
        for button in (self._take, self._stop, self.button):
            self.head.add_control(button)
        self.body.addWidget(self._explanation)
        self.body.addWidget(self._progress)
        self.body.addWidget(self._result)

    def _found(self, probe: UploadProbe) -> tuple[Status, str]:
        if not probe.sent_bytes:
            return Status.WARNING, self.tr("Nothing got through in {} s. Try again.").format(f"{probe.seconds:.0f}")
        text = self.tr("{mbps}: {mib} MiB in {seconds} s.").format(
            mbps=mbps_text(probe.megabits_per_s), mib=f"{probe.sent_bytes / _MIB:,.0f}", seconds=f"{probe.seconds:.1f}"
        )
        if not probe.left_behind:
            return Status.OK, text
        left = self.tr("The container {} could not be deleted: remove it in the Azure portal.")
        return Status.WARNING, f"{text} {left.format(probe.left_behind)}"

    def _say(self, status: Status, text: str) -> None:
        self._result.set_status(status, text)
        self._result.show()

    def _settle(self) -> None:
        refusal = self._refusal
        if self.is_busy:
            refusal = Refusal(self.tr("Measuring has to wait"), self.tr("A measurement is under way."))
        self.button.settle(refusal)

    def _on_take_clicked(self) -> None:
        if self._measured is not None:
            self.taken.emit(self._measured)
