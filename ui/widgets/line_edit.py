"""One line of text to type, with an icon in front where it helps, and the search box made of it."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.theme.stylesheet import dress, line_rules
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Role, Space, Width
from ui.widgets.buttons import IconButton
from ui.widgets.painting import painting


class LineEdit(QLineEdit):
    """A field of 32 px. `set_invalid` draws its red edge; what is wrong is said below it, by the form field."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        placeholder: str = "",
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._concept = icon
        dress(self, theme, line_rules)
        self.setPlaceholderText(placeholder)
        if icon:
            self.setTextMargins(IconSize.SMALL + Space.S, 0, 0, 0)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), Height.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._concept:
            top = (self.height() - IconSize.SMALL) // 2
            with painting(self) as painter:
                place = QRect(Space.CELL, top, IconSize.SMALL, IconSize.SMALL)
                self._theme.paint_icon(painter, place, self._concept, Role.TEXT2)


class SearchBox(LineEdit):
    """Filters as you type. Esc clears it, and leaves it when it is clear.

    Signals:
        left: Esc was pressed while it was empty; whoever owns the list takes the focus.
    """

    left = Signal()

    def __init__(self, theme: Theme, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, placeholder=placeholder, icon="search", parent=parent)
        self.setAccessibleName(placeholder)
        self._clear_button = IconButton(theme, "close", self.tr("Clear the filter"), small=True, parent=self)
        self._clear_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear_button.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear_button.clicked.connect(self.clear)
        self._clear_button.hide()
        self.textChanged.connect(lambda text: self._clear_button.setVisible(bool(text)))
        self.setTextMargins(IconSize.SMALL + Space.S, 0, Height.SMALL_BUTTON - Space.S, 0)

    def sizeHint(self) -> QSize:
        return QSize(Width.SEARCH, Height.CONTROL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._clear_button.sizeHint()
        margin = (self.height() - size.height()) // 2
        self._clear_button.setGeometry(QRect(self.width() - size.width() - margin, margin, size.width(), size.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.text():
            self.clear()
        else:
            self.left.emit()
