"""The facts box: a few figures side by side in the well, each with its label above; and pairs below each other."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.tokens import Role, Space, TextStyle, Width
from ui.widgets.labels import Text
from ui.widgets.surface import Ground, Surface


class FactsBox(Surface):
    """Time, effect, cost: what one must know before pressing the button."""

    def __init__(self, facts: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(Ground.WELL, parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        self._row.setSpacing(Space.XXL)
        self._columns: list[QWidget] = []
        self.set_facts(facts)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these pairs of label and value."""
        while self._row.count():
            widget = self._row.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for label, value in facts:
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(Text(label, TextStyle.CAPTION, Role.TEXT2))
            column.addWidget(Text(value, TextStyle.STRONG, wrap=True))
            self._row.addWidget(holder, 1, Qt.AlignmentFlag.AlignTop)


class Pairs(QWidget):
    """Label and value below each other, as in a details panel. "–" stands for nothing."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(Space.M)
        self._form.setVerticalSpacing(Space.S)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._values: dict[str, Text] = {}
        self.set_pairs(pairs)

    def set_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show these. Labels that stay keep their place, so that nothing jumps."""
        if [label for label, _ in pairs] != list(self._values):
            while self._form.rowCount():
                self._form.removeRow(0)
            self._values = {}
            for label, _ in pairs:
                name = Text(label, TextStyle.CAPTION, Role.TEXT2, wrap=True)
                name.setFixedWidth(Width.PAIR_LABEL)
                name.setContentsMargins(0, 1, 0, 0)  # its first line beside that of the value
                value = Text(wrap=True)
                for each in (name, value):
                    each.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._form.addRow(name, value)
                self._values[label] = value
        for label, text in pairs:
            self._values[label].setText(text or "–")
