"""What will happen: numbered lines with the usual time at the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.theme.tokens import Role, Space, TextStyle
from ui.widgets.labels import Text


@dataclass(frozen=True, slots=True)
class NumberedStep:
    """One line: what is done, and how long it usually takes."""

    text: str
    usual: str = ""
    detail: str = ""


class NumberedSteps(QWidget):
    """A list in running order."""

    def __init__(self, steps: Sequence[NumberedStep] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(1, 1)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[NumberedStep]) -> None:
        """Show these."""
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        top = Qt.AlignmentFlag.AlignTop
        for number, step in enumerate(steps):
            row = 2 * number
            figure = Text(str(number + 1), TextStyle.LABEL, Role.TEXT2)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(figure, row, 0, top)
            self._grid.addWidget(Text(step.text, wrap=True), row, 1, top)
            self._grid.addWidget(
                Text(step.usual, TextStyle.CAPTION, Role.TEXT2), row, 2, top | Qt.AlignmentFlag.AlignRight
            )
            if step.detail:
                self._grid.addWidget(Text(step.detail, TextStyle.CAPTION, Role.TEXT2, wrap=True), row + 1, 1)
