"""Room for a details panel beside a page: the page makes way, or is covered where the window is too narrow for both."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme.tokens import Width


class DetailsRoom(QWidget):
    """Holds `page`, and at its right the panel while that is open. The panel may be made when it is first wanted."""

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._panel: QWidget | None = None
        page.setParent(self)

    @property
    def is_open(self) -> bool:
        """Whether the panel is shown, or would be if the room were."""
        return self._panel is not None and not self._panel.isHidden()

    @property
    def is_floating(self) -> bool:
        """Whether the window is too narrow for the panel to stand beside the page."""
        return self.window().width() < Width.FLOAT_DETAILS_BELOW

    def set_panel(self, panel: QWidget) -> None:
        """Take the panel in, put away for now."""
        self._panel = panel
        panel.setParent(self)
        panel.hide()

    def set_open(self, is_open: bool) -> None:
        """Show the panel, or put it away."""
        if self._panel is not None:
            self._panel.setVisible(is_open)
            self._arrange()

    def sizeHint(self) -> QSize:
        return self._page.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._page.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        width = min(Width.DETAILS, self.width()) if self.is_open else 0
        taken = 0 if self.is_floating else width
        self._page.setGeometry(0, 0, self.width() - taken, self.height())
        if self._panel is not None and width:
            self._panel.setGeometry(self.width() - width, 0, width, self.height())
            self._panel.raise_()
