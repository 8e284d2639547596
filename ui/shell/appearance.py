"""The header's button for the look: as the system, light, or dark."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QWidget

from ui.theme.theme import Appearance, Theme
from ui.widgets.buttons import Button, Kind
from ui.widgets.menu import Menu


class AppearanceButton(Button):
    """Opens a menu with the three looks; high contrast always follows the system.

    Signals:
        chosen: the user chose a look; carries the `Appearance`.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", icon="appearance", kind=Kind.ICON, parent=parent)
        self.setObjectName("appearance")
        self.setToolTip(self.tr("Appearance"))
        self.setAccessibleName(self.tr("Appearance"))
        self._look = Menu(theme, self)
        self._look.setObjectName("appearance-menu")
        self._group = QActionGroup(self)
        for appearance, text in (
            (Appearance.SYSTEM, self.tr("As the &system")),
            (Appearance.LIGHT, self.tr("&Light")),
            (Appearance.DARK, self.tr("&Dark")),
        ):
            action = QAction(text, self._group)
            action.setCheckable(True)
            action.setChecked(theme.appearance is appearance)
            action.setData(appearance)
            self._look.addAction(action)
        self._group.triggered.connect(self._on_triggered)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        self._look.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(Appearance(action.data()))
