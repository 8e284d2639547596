"""Menus in the look of the theme."""

from PySide6.QtWidgets import QMenu, QWidget

from ui.theme.stylesheet import dress, menu_rules
from ui.theme.theme import Theme


class Menu(QMenu):
    """A menu that is opened with `popup`."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        dress(self, theme, menu_rules)
