"""The wizard's footer: save and close, what stands in the way in one sentence, back, and on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.theme.theme import Theme
from ui.widgets.buttons import Button, Kind
from ui.widgets.callout import Refusal
from ui.widgets.footer import Footer
from ui.widgets.reasoned_button import ReasonedButton


class WizardFooter(Footer):
    """What leads on is Next on a step, the run on the review, and nothing while the run is shown.

    Signals:
        close_requested, back_requested, next_requested, run_requested: the button was pressed and may act.
    """

    close_requested = Signal()
    back_requested = Signal()
    next_requested = Signal()
    run_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self.message.setObjectName("wizard-issue")
        self._close = Button(theme, self.tr("&Save and close"))
        self._close.setObjectName("wizard-save-and-close")
        self._back = Button(theme, self.tr("&Back"))
        self._back.setObjectName("wizard-back")
        self._next = Button(theme, self.tr("&Next"), kind=Kind.PRIMARY)
        self._next.setObjectName("wizard-next")
        self._run = ReasonedButton(theme, "", icon="start", kind=Kind.PRIMARY)
        self._run.setObjectName("review-run")
        self.add_left(self._close)
        for button in (self._back, self._next, self._run):
            self.add_right(button)
        self._close.clicked.connect(self.close_requested)
        self._back.clicked.connect(self.back_requested)
        self._next.clicked.connect(self.next_requested)
        self._run.activated.connect(self.run_requested)

    @property
    def takes_next(self) -> bool:
        """Whether Next would act: not on the review or the run, and not within a double click after a move."""
        return self._next.isVisibleTo(self) and self._next.isEnabled()

    def show_step(self, step_id: str, *, is_first: bool, leads_to_review: bool) -> None:
        """Offer what fits the step that was opened."""
        self._back.setVisible(not is_first)
        self._next.setText(self.tr("Re&view") if leads_to_review else self.tr("&Next"))
        self._next.setVisible(step_id not in ("review", "run"))
        self._run.setVisible(step_id == "review")
        for button in (self._next, self._run):
            button.rest()

    def show_actions(self, count: int, refusal: Refusal | None) -> None:
        """Say on the run's button how much it would do, or why it does nothing."""
        one, many = self.tr("&Run 1 action"), self.tr("&Run {} actions").format(f"{count:,}")
        self._run.setText(self.tr("&Run") if not count else one if count == 1 else many)
        self._run.settle(refusal)
