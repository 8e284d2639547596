"""Finding things on a page that scrolls."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QWidget

from ui.theme.tokens import Space


def bring_into_view(widget: QWidget) -> None:
    """Scroll the page around `widget`, if it scrolls, so that it can be seen with what stands around it."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 0, 4 * Space.XXL)
            return
        parent = parent.parentWidget()
