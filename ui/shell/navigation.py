"""The navigation at the left: where one can go, with a count for each place, coloured only when it needs care."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, Status, Stroke, TextStyle, Width
from ui.widgets.focus_ring import focus_by_keyboard
from ui.widgets.painting import fill_box, outline_box, painting
from ui.widgets.surface import lie_on_chrome

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class NavigationItem(QAbstractButton):
    """Icon, word and count. Folded, only the icon, with a small mark where care is needed."""

    def __init__(self, theme: Theme, view_id: str, title: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._concept = icon
        self._is_current = False
        self._is_folded = False
        self._count = ""
        self._care: Status | None = None
        self.view_id = view_id
        self.setObjectName(f"nav_{view_id}")
        self.setText(title)
        self.setAccessibleName(title)
        self.setFixedHeight(Height.NAV_ITEM)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    @property
    def is_current(self) -> bool:
        """True for the place that is open."""
        return self._is_current

    def set_current(self, is_current: bool) -> None:
        """Mark it as the place that is open; that one is the stop of the Tab key."""
        self._is_current = is_current
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_current else Qt.FocusPolicy.ClickFocus)
        self.update()

    def set_count(self, count: int | str | None, care: Status | None) -> None:
        """Show a count, with the icon and colour of `care` if something there wants to be looked at."""
        self._count = "" if count is None else f"{count:,}" if isinstance(count, int) else count
        self._care = care
        words = {Status.CRITICAL: self.tr("critical"), Status.WARNING: self.tr("with a warning")}
        told = f"{self._count} {words.get(care, '')}" if care is not None else self._count
        self.setAccessibleDescription(told.strip())
        self.update()

    def set_folded(self, is_folded: bool) -> None:
        """Show the icon alone; the word then is in the tooltip."""
        self._is_folded = is_folded
        self.setToolTip(self.text() if is_folded else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(Width.NAV_FOLDED - 2 * Space.S, Height.NAV_ITEM)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the navigation; a button would move the focus by its own idea of neighbours."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        with painting(self) as painter:
            if self._is_current:
                fill_box(painter, self.rect(), colors.card, Radius.CONTROL)
                if colors.high_contrast:
                    outline_box(painter, self.rect(), colors.border, Radius.CONTROL)
                middle = (self.height() - IconSize.SMALL) / 2
                fill_box(painter, QRectF(0, middle, Stroke.ACCENT_BAR, IconSize.SMALL), colors.accent, Radius.BAR)
            elif self.underMouse() or self.isDown():
                fill_box(painter, self.rect(), colors.press, Radius.CONTROL)
            left = Space.M + 1 if not self._is_folded else (self.width() - IconSize.NAV) // 2
            icon = QRect(left, 0, IconSize.NAV, self.height())
            self._theme.paint_icon(painter, icon, self._concept, self._icon_color())
            if self._is_folded:
                self._paint_mark(painter, icon)
                return
            room = self._paint_count(painter)
            painter.setFont(self._theme.font(TextStyle.STRONG if self._is_current else TextStyle.BODY))
            painter.setPen(self._theme.color(Role.TEXT))
            words = QRect(icon.right() + 1 + Space.M, 0, room - icon.right() - Space.M, self.height())
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())

    def _icon_color(self) -> QColor:
        if not self._is_current:
            return self._theme.color(Role.TEXT)
        colors = self._theme.colors
        return QColor(colors.accent if colors.high_contrast else colors.accent_text)

    def _paint_count(self, painter: QPainter) -> int:
        right = self.width() - Space.S
        if not self._count:
            return right
        role = Role(self._care.value) if self._care is not None else Role.TEXT2
        painter.setFont(self._theme.font(TextStyle.STRONG if self._care is not None else TextStyle.CAPTION))
        painter.setPen(self._theme.color(role))
        painter.drawText(QRect(0, 0, right, self.height()), _RIGHT, self._count)
        left = right - painter.fontMetrics().horizontalAdvance(self._count) - Space.XS
        if self._care is None:
            return left
        icon = QRect(left - IconSize.CHIP, 0, IconSize.CHIP, self.height())
        self._theme.paint_icon(painter, icon, status_icon(self._care), role)
        return icon.left() - Space.S

    def _paint_mark(self, painter: QPainter, icon: QRect) -> None:
        if self._care is None:
            return
        corner = QRect(QPoint(icon.right() - 3, Space.XS), QSize(IconSize.CHIP, IconSize.CHIP))
        ground = self._theme.colors.card if self._is_current else self._theme.colors.chrome
        fill_box(painter, corner.adjusted(-1, -1, 1, 1), ground, IconSize.CHIP / 2)
        self._theme.paint_icon(painter, corner, status_icon(self._care), Role(self._care.value))


class Navigation(QFrame):
    """Places above, settings below. One stop for Tab; the arrow keys move inside.

    Signals:
        chosen: a place was pressed; carries the id of its view.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items: dict[str, NavigationItem] = {}
        self._is_folded = False
        self.setObjectName("navigation")
        self.setAccessibleName(self.tr("Navigation"))
        lie_on_chrome(self)
        self.setFixedWidth(Width.NAV)
        self._top = QVBoxLayout()
        self._bottom = QVBoxLayout()
        for section in (self._top, self._bottom):
            section.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S, Space.XS, Space.S, Space.S)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addStretch(1)
        column.addLayout(self._bottom)

    @property
    def is_folded(self) -> bool:
        """True while it shows icons alone."""
        return self._is_folded

    @property
    def items(self) -> list[NavigationItem]:
        """All places, in the order of Ctrl+1 to Ctrl+9."""
        layouts = (self._top, self._bottom)
        widgets = [layout.itemAt(place).widget() for layout in layouts for place in range(layout.count())]
        return [widget for widget in widgets if isinstance(widget, NavigationItem) and not widget.isHidden()]

    def add(self, view_id: str, title: str, icon: str, section: str) -> None:
        """Add a place to the section "top" or "bottom"."""
        item = NavigationItem(self._theme, view_id, title, icon)
        item.set_folded(self._is_folded)
        item.clicked.connect(lambda: self.chosen.emit(view_id))
        self._items[view_id] = item
        (self._bottom if section == "bottom" else self._top).addWidget(item)

    def remove(self, view_id: str) -> None:
        """Take a place away, if it is there."""
        item = self._items.pop(view_id, None)
        if item is not None:
            item.hide()
            item.deleteLater()

    def item(self, view_id: str) -> NavigationItem | None:
        """The item of a view; `None` for a view that is not in the navigation."""
        return self._items.get(view_id)

    def set_current(self, view_id: str) -> None:
        """Mark the place that is open."""
        for item in self._items.values():
            item.set_current(item.view_id == view_id)

    def set_folded(self, is_folded: bool) -> None:
        """Fold to icons, or unfold."""
        self._is_folded = is_folded
        self.setFixedWidth(Width.NAV_FOLDED if is_folded else Width.NAV)
        for item in self._items.values():
            item.set_folded(is_folded)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        items = self.items
        focused = next((place for place, item in enumerate(items) if item.hasFocus()), None)
        key = Qt.Key(event.key())
        if focused is None or key not in steps:
            super().keyPressEvent(event)
            return
        following = items[(focused + steps[key]) % len(items)]
        focus_by_keyboard(following)
