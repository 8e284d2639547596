"""Buttons in their six kinds. One primary button per page or sheet."""

from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting


class Kind(StrEnum):
    """How loud a button is. `CHOICE` stays pressed; `LINK` opens a place and changes nothing."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    ICON = "icon"
    LINK = "link"
    CHOICE = "choice"


class Button(QPushButton):
    """A push button that draws itself: its frame by kind and state, icon and text 8 px apart."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str | None = None,
        kind: Kind = Kind.SECONDARY,
        small: bool = False,
        caret: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`icon` is a concept; `caret` says that a menu opens."""
        super().__init__(text, parent)
        self._theme = theme
        self._concept = icon
        self._icon_role: Role | None = None
        self._is_icon_hidden = False
        self._kind = kind
        self._caret = caret
        self._is_small = small
        self._is_resting = False
        self._is_refused = False
        if kind is Kind.ICON:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCheckable(kind is Kind.CHOICE)
        self.setAutoDefault(False)
        if kind is Kind.LINK:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._rest_timer: QTimer | None = None  # few buttons ever rest
        self.pressed.connect(self._on_pressed)

    @property
    def kind(self) -> Kind:
        """How loud it is."""
        return self._kind

    def set_kind(self, kind: Kind) -> None:
        """Make it louder or quieter, where what is the one thing to do changes."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def set_icon(self, concept: str | None, role: Role | None = None) -> None:
        """Show another icon, or none; without a `role` it is in the colour of the words."""
        self._concept = concept
        self._icon_role = role
        self.updateGeometry()
        self.update()

    @property
    def full_width(self) -> int:
        """How wide it is with its icon, hidden or not."""
        hidden = IconSize.SMALL + Space.S if self._concept and self._is_icon_hidden else 0
        return self.sizeHint().width() + hidden

    def set_icon_hidden(self, is_hidden: bool) -> None:
        """Leave the icon out where room is short."""
        if is_hidden != self._is_icon_hidden:
            self._is_icon_hidden = is_hidden
            self.updateGeometry()
            self.update()

    def set_refused(self, is_refused: bool) -> None:
        """Look disabled and stay enabled, for a button that says why it does nothing.

        The property of the same name is for those who know Qt alone, such as the tour.
        """
        self._is_refused = is_refused
        self.setProperty("refused", is_refused)
        self.update()

    def rest(self) -> None:
        """Take no press until the second half of a double click would be over, and look as before.

        For a button under which the page changes: what it means now is not what was meant.
        """
        self._is_resting = True
        self.setEnabled(False)
        if self._rest_timer is None:
            self._rest_timer = QTimer(self, singleShot=True)
            self._rest_timer.timeout.connect(self._on_rest_timer_timeout)
        self._rest_timer.start(QGuiApplication.styleHints().mouseDoubleClickInterval())

    def sizeHint(self) -> QSize:
        text = self._metrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width() if self.text() else 0
        width = text + self._icon_space() + (IconSize.SMALL + Space.XS if self._caret else 0)
        if self._kind is Kind.LINK:
            return QSize(width, Space.XL)
        height = Height.SMALL_BUTTON if self._is_small else Height.CONTROL
        if self._kind is Kind.ICON:
            return QSize(height, height)
        return QSize(width + 2 * Space.M + 2, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            self._paint_frame(painter)
            self._paint_words(painter)

    def _paint_frame(self, painter: QPainter) -> None:
        ground, border = self._frame_colors()
        if ground is not None:
            fill_box(painter, self.rect(), ground, Radius.CONTROL)
        if border is not None:
            outline_box(painter, self.rect(), border, Radius.CONTROL)

    def _frame_colors(self) -> tuple[str | None, str | None]:
        """Ground and border of the moment."""
        c = self._theme.colors
        kind = self._kind
        if kind is Kind.LINK:
            return None, None
        is_quiet = kind in (Kind.QUIET, Kind.ICON)
        is_chosen = kind is Kind.CHOICE and self.isChecked()
        if (self._is_refused or (not self.isEnabled() and not self._is_resting)) and not is_chosen:
            if is_quiet:
                return None, None
            return c.well, c.text3 if c.high_contrast else c.border
        is_over = self.underMouse() and self.isEnabled()
        is_down = self.isDown()
        if kind is Kind.PRIMARY:
            color = c.accent_press if is_down else c.accent_hover if is_over else c.accent
            return color, color
        if is_quiet:
            if not (is_over or is_down):
                return None, None
            return c.press, c.control_border if c.high_contrast else c.press
        if is_chosen:
            return c.selection, c.accent
        ground = c.press if is_down else c.hover if is_over else c.control
        return ground, c.control_strong if is_over else c.control_border

    def _paint_words(self, painter: QPainter) -> None:
        color = self._foreground()
        painter.setFont(self._font())
        painter.setPen(color)
        padding = 0 if self._kind in (Kind.LINK, Kind.ICON) else Space.M + 1
        space = self.rect().adjusted(padding, 0, -padding, 0)
        if self._caret:
            caret = QRect(space.right() - IconSize.SMALL + 1, space.top(), IconSize.SMALL, space.height())
            self._theme.paint_icon(painter, _centred(caret, IconSize.SMALL), "unfold", color)
            space.setRight(caret.left() - Space.XS - 1)
        metrics = self._metrics()
        text_width = metrics.size(Qt.TextFlag.TextShowMnemonic, self.text()).width() if self.text() else 0
        content = min(self._icon_space() + text_width, space.width())
        left = space.left() if self._kind is Kind.LINK else space.left() + (space.width() - content) // 2
        if self._concept and not self._is_icon_hidden:
            place = QRect(left, space.top(), self._icon_size(), space.height())
            self._theme.paint_icon(painter, _centred(place, self._icon_size()), self._concept, self._icon_color(color))
        text_left = left + self._icon_space()
        place = QRect(text_left, space.top(), space.right() - text_left + 1, space.height())
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, place.width(), Qt.TextFlag.TextShowMnemonic)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        if self._kind is Kind.LINK and self.underMouse():
            font = self._font()
            font.setUnderline(True)
            painter.setFont(font)
        painter.drawText(place, int(flags), text)

    def _foreground(self) -> QColor:
        is_off = not self.isEnabled() and not self._is_resting
        if is_off or self._is_refused:
            return self._theme.color(Role.TEXT3)
        if self._kind is Kind.PRIMARY:
            return self._theme.color(Role.ON_ACCENT)
        if self._kind is Kind.LINK:
            return self._theme.color(Role.ACCENT)
        if self._kind is Kind.CHOICE and self.isChecked():
            return self._theme.color(Role.HIGHLIGHTED)
        return self._theme.color(Role.TEXT)

    def _icon_color(self, words: QColor) -> QColor:
        """A status keeps its colour, except on a ground that the system gives."""
        if self._icon_role is None or not self.isEnabled() or self._theme.colors.high_contrast:
            return words
        return self._theme.color(self._icon_role)

    def _on_pressed(self) -> None:
        """An Alt letter leads here, as a click does: what the button opens gives the focus back to it on closing.

        Qt presses the button and leaves the focus where it was. Other shortcuts are no way to go anywhere.
        """
        letter = QKeySequence.mnemonic(self.text())
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if (
            not letter.isEmpty()
            and not by_mouse
            and not self.hasFocus()
            and self.focusPolicy() & Qt.FocusPolicy.TabFocus
        ):
            from ui.widgets.focus_ring import focus_by_keyboard  # it knows form fields, which are made of buttons

            focus_by_keyboard(self)

    def _on_rest_timer_timeout(self) -> None:
        self._is_resting = False
        self.setEnabled(True)

    def _font(self) -> QFont:
        is_bold = self._kind is Kind.PRIMARY or (self._kind is Kind.CHOICE and self.isChecked())
        return self._theme.font(TextStyle.STRONG if is_bold else TextStyle.BODY)

    def _metrics(self) -> QFontMetrics:
        is_bold = self._kind in (Kind.CHOICE, Kind.PRIMARY)  # so that choosing does not move its neighbours
        return self._theme.metrics(TextStyle.STRONG if is_bold else TextStyle.BODY)

    def _icon_size(self) -> int:
        return IconSize.NAV if self._kind is Kind.ICON else IconSize.SMALL

    def _icon_space(self) -> int:
        if not self._concept or self._is_icon_hidden:
            return 0
        return self._icon_size() + (Space.S if self.text() else 0)


class IconButton(Button):
    """A button without a word: its name is in the tooltip with the shortcut, and told to screen readers."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        shortcut: QKeySequence | None = None,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "", icon=icon, kind=Kind.ICON, small=small, parent=parent)
        if shortcut:
            self.setShortcut(shortcut)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Say what it does, now that it does this."""
        self.setAccessibleName(name)
        keys = self.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{name} ({keys})" if keys else name)

    def _icon_size(self) -> int:
        return IconSize.SMALL if self._is_small else IconSize.NAV


def _centred(space: QRect, side: int) -> QRect:
    return QRect(space.left() + (space.width() - side) // 2, space.top() + (space.height() - side) // 2, side, side)
