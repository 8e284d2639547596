"""The ground of the pages: its top left corner is round, where header and navigation meet it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Radius, Stroke
from ui.widgets.painting import fill_box, painting


class ContentFrame(QWidget):
    """Stands at the right of the navigation, or of the step rail in the wizard. Fill `body`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1, 1, 0, 0)
        self.body.setSpacing(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        inset = Stroke.HAIRLINE / 2
        right, bottom = self.width() + 1.0, self.height() + 1.0
        path = QPainterPath()
        path.moveTo(right, inset)
        path.lineTo(Radius.CARD, inset)
        path.arcTo(QRectF(inset, inset, 2 * Radius.CARD, 2 * Radius.CARD), 90, 90)
        path.lineTo(inset, bottom)
        ground = QPainterPath(path)
        ground.lineTo(right, bottom)
        ground.closeSubpath()
        with painting(self) as painter:
            fill_box(painter, self.rect(), colors.chrome)
            painter.fillPath(ground, QColor(colors.content))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.strokePath(path, QPen(QColor(colors.border), Stroke.HAIRLINE))
