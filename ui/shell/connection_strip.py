"""The strip on top of the window, in the colour of the connection; hatched for the practice vault."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Height, Stroke
from ui.widgets.painting import fill_box, hatch, painting


class ConnectionStrip(QWidget):
    """4 px over the full width; nothing while there is no connection."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._connection: Connection | None = None
        self.setFixedHeight(Height.CONNECTION_STRIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_connection(self, connection: Connection | None) -> None:
        """Show the colour of `connection`."""
        self._connection = connection
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        with painting(self) as painter:
            if self._connection is None:
                fill_box(painter, self.rect(), colors.chrome)
                return
            stripe = colors.connections[self._connection]
            if self._connection is not Connection.PRACTICE:
                fill_box(painter, self.rect(), stripe.stripe)
                return
            fill_box(painter, self.rect(), stripe.stripe)
            gaps = colors.chrome if colors.high_contrast else stripe.ground
            hatch(painter, self.rect(), gaps, Stroke.HATCH_STRIPE, Stroke.HATCH_PITCH)
