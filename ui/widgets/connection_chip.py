"""Which connection is this: icon and name in the connection's own colours, on every window and every modal sheet."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Height, IconSize, Radius, Role, Space, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting


class ConnectionChip(QWidget):
    """`tall` is the tab in the header, with the vault's name and a lock; the other stands in the head of a sheet."""

    def __init__(self, theme: Theme, *, tall: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_tall = tall
        self._name = ""
        self._vault = ""
        self._connection = Connection.TEAL
        self._is_read_only = False
        self.setObjectName("connection_chip")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_connection(self, name: str, vault: str, connection: Connection, *, read_only: bool = False) -> None:
        """Show another connection."""
        self._name, self._vault = name, vault
        self._connection, self._is_read_only = connection, read_only
        words = [name, vault, self.tr("read-only") if read_only else ""]
        self.setAccessibleName(", ".join(word for word in words if word))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        name = QFontMetrics(self._name_font()).horizontalAdvance(self._name)
        if not self._is_tall:
            return QSize(IconSize.CHIP + Space.XS + name + 2 * Space.S, Height.CHIP)
        vault = self._theme.width_of(self._vault, TextStyle.CAPTION)
        width = Space.M + IconSize.SMALL + Space.S + name + Space.M
        width += vault + Space.M if self._vault else 0
        width += IconSize.SMALL + Space.M if self._is_read_only else 0
        return QSize(width, Height.TAB)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors.connections[self._connection]
        with painting(self) as painter:
            fill_box(painter, self.rect(), colors.ground, Radius.CONTROL)
            outline_box(painter, self.rect(), colors.border, Radius.CONTROL)
            side = IconSize.SMALL if self._is_tall else IconSize.CHIP
            left = Space.M if self._is_tall else Space.S
            icon = "practice" if self._connection is Connection.PRACTICE else "production"
            self._theme.paint_icon(painter, QRect(left, 0, side, self.height()), icon, QColor(colors.text))
            left += side + (Space.S if self._is_tall else Space.XS)
            painter.setFont(self._name_font())
            painter.setPen(QColor(colors.text))
            place = QRect(left, 0, self.width() - left, self.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self._name)
            if not self._is_tall:
                return
            left += painter.fontMetrics().horizontalAdvance(self._name) + Space.M
            if self._vault:
                painter.setFont(self._theme.font(TextStyle.CAPTION))
                painter.setPen(self._theme.color(Role.TEXT2))
                place.setLeft(left)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), self._vault)
            if self._is_read_only:
                lock = QRect(self.width() - Space.M - IconSize.SMALL, 0, IconSize.SMALL, self.height())
                self._theme.paint_icon(painter, lock, "read_only", Role.TEXT2)

    def _name_font(self) -> QFont:
        return self._theme.font(TextStyle.STRONG if self._is_tall else TextStyle.LABEL)
