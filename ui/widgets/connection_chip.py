"""Which connection is this: icon and name in the connection's own colours, in the head of every modal sheet."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Height, IconSize, Radius, Space, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting


class ConnectionChip(QWidget):
    """Small, and nothing to press."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = ""
        self._connection = Connection.TEAL
        self.setObjectName("connection_chip")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_connection(self, name: str, connection: Connection) -> None:
        """Show another connection."""
        self._name, self._connection = name, connection
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        name = QFontMetrics(self._theme.font(TextStyle.LABEL)).horizontalAdvance(self._name)
        return QSize(IconSize.CHIP + Space.XS + name + 2 * Space.S, Height.CHIP)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors.connections[self._connection]
        with painting(self) as painter:
            fill_box(painter, self.rect(), colors.ground, Radius.CONTROL)
            outline_box(painter, self.rect(), colors.border, Radius.CONTROL)
            icon = "practice" if self._connection is Connection.PRACTICE else "production"
            place = QRect(Space.S, 0, IconSize.CHIP, self.height())
            self._theme.paint_icon(painter, place, icon, QColor(colors.text))
            painter.setFont(self._theme.font(TextStyle.LABEL))
            painter.setPen(QColor(colors.text))
            left = Space.S + IconSize.CHIP + Space.XS
            words = QRect(left, 0, self.width() - left, self.height())
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self._name)
