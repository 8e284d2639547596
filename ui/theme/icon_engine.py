"""What makes a `QIcon` of a concept."""

from __future__ import annotations

import weakref

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from ui.theme.icons import IconDrawer
from ui.theme.tokens import Role


def new_icon(drawer: IconDrawer, concept: str, role: Role) -> QIcon:
    """An icon that follows the theme of its drawer by itself."""
    return QIcon(_Engine(weakref.ref(drawer), concept, role))


class _Engine(QIconEngine):
    """Looks the colour up when it draws, so that icons already set on widgets follow a theme change.

    It knows its drawer weakly: Qt owns the engine, and a cycle through it would be collected under Qt's feet. An
    icon that outlives its theme draws nothing.
    """

    def __init__(self, drawer: weakref.ref[IconDrawer], concept: str, role: Role) -> None:
        super().__init__()
        self._drawer = drawer
        self._concept = concept
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        drawer = self._drawer()
        if drawer is not None:
            drawer.paint(painter, rect, self._concept, drawer.color(self._role_in(mode)))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        drawer = self._drawer()
        return drawer.draw(self._concept, self._role_in(mode), size, scale) if drawer is not None else QPixmap()

    def clone(self) -> QIconEngine:
        """Qt copies the engine when somebody adds a pixmap to an icon, and then owns the copy.

        PySide does not hand the ownership over here, so the copy is kept from being collected.
        """
        copy = _Engine(self._drawer, self._concept, self._role)
        drawer = self._drawer()
        if drawer is not None:
            drawer.copies.append(copy)
        return copy

    def _role_in(self, mode: QIcon.Mode) -> Role:
        return Role.TEXT3 if mode is QIcon.Mode.Disabled else self._role
