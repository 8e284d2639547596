"""A row of buttons of which those that do not fit go into a menu, the last ones first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, Space
from ui.widgets.buttons import Button, IconButton
from ui.widgets.callout import Callout
from ui.widgets.menu import Menu
from ui.widgets.reasoned_button import ReasonedButton


class OverflowRow(QWidget):
    """Stands at the right of a head, or below a field at its left; every button is reachable at any width."""

    def __init__(
        self, theme: Theme, buttons: Sequence[Button], parent: QWidget | None = None, *, at_left: bool = False
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons = tuple(buttons)
        self.more_button = IconButton(theme, "more", self.tr("More"), small=True)
        self.more_button.setObjectName("overflow-more")
        self.more_button.clicked.connect(self.open_menu)
        self._row = QHBoxLayout(self)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # buttons make way instead
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.S)
        if not at_left:
            self._row.addStretch(1)
        for button in self._buttons:
            self._row.addWidget(button)
        self._row.addWidget(self.more_button)
        if at_left:
            self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.more_button.hide()

    @property
    def folded(self) -> tuple[Button, ...]:
        """Those that stand in the menu now."""
        return tuple(button for button in self._buttons if button.isHidden())

    def build_menu(self) -> Menu:
        """What does not fit, as a menu that belongs to this row."""
        menu = Menu(self._theme, self)
        for button in self.folded:
            action = menu.addAction(button.text())
            action.triggered.connect(lambda _=False, button=button: self._press(button))
        return menu

    def open_menu(self) -> None:
        """Show it below its button."""
        menu = self.build_menu()
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    def _press(self, button: Button) -> None:
        """A button that refuses says why beside the menu's own button: it is not on screen itself."""
        refusal = button.refusal if isinstance(button, ReasonedButton) else None
        if refusal is None:
            button.click()
        else:
            Callout(self._theme, self.more_button, refusal).open()

    def sizeHint(self) -> QSize:
        return QSize(self._width_of(len(self._buttons)), Height.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width_of(1) + self._more_width, Height.CONTROL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        room, count = self.width(), len(self._buttons)
        if self._width_of(count) > room:
            while count > 1 and self._width_of(count) + self._more_width > room:
                count -= 1
        for place, button in enumerate(self._buttons):
            button.setVisible(place < count)
        self.more_button.setVisible(count < len(self._buttons))

    def _width_of(self, count: int) -> int:
        widths = [button.sizeHint().width() for button in self._buttons[:count]]
        return sum(widths) + Space.S * max(0, count - 1)

    @property
    def _more_width(self) -> int:
        return self.more_button.sizeHint().width() + Space.S
