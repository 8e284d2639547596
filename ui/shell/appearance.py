"""The header's button for the look: as the system, light, or dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.theme.theme import Appearance, Theme
from ui.widgets.buttons import Button, Kind

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu


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
        self._menu: QMenu | None = None
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        if self._menu is None:
            self._menu = self._new_menu()
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _new_menu(self) -> QMenu:
        from PySide6.QtGui import QAction, QActionGroup

        from ui.widgets.menu import Menu

        menu = Menu(self._theme, self)
        menu.setObjectName("appearance-menu")
        group = QActionGroup(menu)
        for appearance, text in (
            (Appearance.SYSTEM, self.tr("As the &system")),
            (Appearance.LIGHT, self.tr("&Light")),
            (Appearance.DARK, self.tr("&Dark")),
        ):
            action = QAction(text, group)
            action.setCheckable(True)
            action.setChecked(self._theme.appearance is appearance)
            action.setData(appearance)
            menu.addAction(action)
        group.triggered.connect(self._on_triggered)
        return menu

    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(Appearance(action.data()))
