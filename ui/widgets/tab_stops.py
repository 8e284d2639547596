"""What Tab comes to inside a widget, in the order in which it does."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_BY_TAB = (Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.WheelFocus)


def tab_stops(widget: QWidget) -> list[QWidget]:
    """The parts of `widget` that take the focus by Tab, shown or not.

    The chain leads through the whole window, so it is followed no further than to the last of them.
    """
    parts = [part for part in widget.findChildren(QWidget) if part.focusPolicy() in _BY_TAB]
    wanted = {part for part in parts if widget.isAncestorOf(part)}  # the open list of a picker is a window of its own
    stops = []
    stop = widget.nextInFocusChain()
    while wanted and stop is not widget:
        if stop in wanted:
            wanted.remove(stop)
            stops.append(stop)
        stop = stop.nextInFocusChain()
    return stops
