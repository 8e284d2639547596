"""What will happen: numbered lines with the usual time at the right."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.theme.tokens import Role, Space, TextStyle
from ui.widgets.labels import Text


class NumberedStep(NamedTuple):
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
            figure = Text(str(number + 1), TextStyle.LABEL, Role.TEXT2)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            usual = Text(step.usual, TextStyle.CAPTION, Role.TEXT2)
            self._grid.addWidget(figure, number, 0, top)
            self._grid.addWidget(_words(step), number, 1, top)
            self._grid.addWidget(usual, number, 2, top | Qt.AlignmentFlag.AlignRight)


def _words(step: NumberedStep) -> QWidget:
    text = Text(step.text, wrap=True)
    if not step.detail:
        return text
    words = QWidget()
    column = QVBoxLayout(words)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(text)
    column.addWidget(Text(step.detail, TextStyle.CAPTION, Role.TEXT2, wrap=True))
    return words
