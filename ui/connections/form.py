"""What a connection is called, its colour, and whether it opens read-only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.saved_connections import SavedConnection, name_problem
from ui.connections.colours import CHOSEN, colour_name
from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Height, IconSize, Radius, Role, Space
from ui.widgets.choice import CheckBox
from ui.widgets.form_field import FormField, TextField
from ui.widgets.painting import fill_box, outline_box, painting


class Swatch(QAbstractButton):
    """One colour to choose. The one that is chosen has a tick, so that it is not told by colour alone."""

    def __init__(self, theme: Theme, colour: Connection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.colour = colour
        self.setCheckable(True)
        self.setObjectName(f"connection-colour-{colour.value}")
        self.setAccessibleName(colour_name(colour))
        self.setToolTip(colour_name(colour))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(Height.CONTROL, Height.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors.connections[self.colour]
        with painting(self) as painter:
            fill_box(painter, self.rect(), colors.ground if self.isChecked() else colors.stripe, Radius.CONTROL)
            if self.isChecked():
                outline_box(painter, self.rect(), colors.text, Radius.CONTROL)
                side = IconSize.SMALL
                mark = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
                self._theme.paint_icon(painter, mark, "check", Role.TEXT)


class ColourField(QWidget):
    """A row of colours of which one is chosen.

    Signals:
        chosen: another one is; carries the `Connection`.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        self._swatches = {colour: Swatch(theme, colour) for colour in CHOSEN}
        for swatch in self._swatches.values():
            self._group.addButton(swatch)
            row.addWidget(swatch)
        row.addStretch(1)
        self._swatches[CHOSEN[0]].setChecked(True)
        self._group.buttonClicked.connect(lambda swatch: self.chosen.emit(swatch.colour))

    @property
    def colour(self) -> Connection:
        return next(colour for colour, swatch in self._swatches.items() if swatch.isChecked())

    def set_colour(self, colour: Connection) -> None:
        self._swatches[colour].setChecked(True)


class ConnectionForm(QWidget):
    """The three answers. Names of other connections are refused."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._others: tuple[SavedConnection, ...] = ()
        self._name = TextField(
            theme,
            self.tr("Na&me"),
            hint=self.tr("Stands in the header, in every sheet and on the first page."),
            check=lambda text: name_problem(text, self._others) or None,
        )
        self._name.edit.setObjectName("connection-name")
        self.colours = ColourField(theme)
        self._read_only = CheckBox(
            theme,
            self.tr("Open &read-only"),
            self.tr("Nothing can be changed by mistake. One click on the lock allows changes until it is closed."),
        )
        self._read_only.setObjectName("connection-read-only")
        self._read_only.setChecked(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self._name)
        column.addWidget(FormField(theme, self.tr("Colour"), self.colours))
        column.addWidget(self._read_only)

    @property
    def name(self) -> str:
        return self._name.text.strip()

    @property
    def colour(self) -> Connection:
        return self.colours.colour

    @property
    def opens_read_only(self) -> bool:
        return self._read_only.isChecked()

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._name.edit

    def load(
        self, name: str, colour: Connection, others: Sequence[SavedConnection], *, opens_read_only: bool = True
    ) -> None:
        """Show these answers; `others` are connections whose names are taken."""
        self._others = tuple(others)
        self._name.set_text(name)
        self.colours.set_colour(colour)
        self._read_only.setChecked(opens_read_only)

    def accept(self) -> bool:
        """Whether the answers can be kept; what is wrong stands at its field then, and has the keyboard."""
        problem = name_problem(self._name.text, self._others)
        if not problem:
            return True
        self._name.set_issue(problem)
        self._name.reveal()
        self._name.edit.setFocus()
        return False
