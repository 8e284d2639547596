"""Text and icons that stand by themselves."""

import re

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.theme.fonts import styled_font
from ui.theme.icons import status_icon
from ui.theme.palette import TEXT_PLACES
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Motion, Role, Space, Status, TextStyle
from ui.widgets.painting import painting

_HEIGHTS_KEPT = 8
_LONG_WORD = re.compile(r"([^\s-]{20})(?=[^\s-])")  # a line breaks after a hyphen as it is


def breakable(text: str) -> str:
    """The text with places to break in words that are longer than a line may be; only for showing."""
    return _LONG_WORD.sub("\\1\u200b", text)


def isolated(name: str) -> str:
    """A name for a sentence: what turns its own reading order ends with it; only for showing."""
    return name if name.isascii() else f"\u2068{name}\u2069"


class Text(QLabel):
    """A label in one style and one role, always plain text: names from outside are never taken as markup."""

    def __init__(
        self,
        text: str = "",
        style: TextStyle = TextStyle.BODY,
        role: Role = Role.TEXT,
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if style is not TextStyle.BODY:
            self.setFont(styled_font(style))
        self.setForegroundRole(TEXT_PLACES[role])  # for each: a label without one follows the ground it stands on
        self._heights: dict[tuple[str, int], int] = {}

    def set_role(self, role: Role) -> None:
        """Change the colour."""
        self.setForegroundRole(TEXT_PLACES[role])

    def set_style(self, style: TextStyle) -> None:
        """Change size and weight."""
        self._heights.clear()
        self.setFont(styled_font(style))

    def heightForWidth(self, width: int) -> int:
        """Kept: a layout asks many times, and the base class breaks the lines anew each time."""
        asked = (self.text(), width)
        height = self._heights.get(asked)
        if height is None:
            if len(self._heights) == _HEIGHTS_KEPT:
                self._heights.clear()
            height = self._heights[asked] = super().heightForWidth(width)
        return height


class ShortenedText(QWidget):
    """One line that ends in an ellipsis where there is no room for all of it; the tooltip has it whole."""

    _LEAST = 48

    def __init__(
        self, theme: Theme, text: str, style: TextStyle, role: Role = Role.TEXT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = text
        self._style = style
        self._role = role
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.width_of(self._text, self._style) + 1, self._theme.metrics(self._style).height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), self._LEAST), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setFont(self._theme.font(self._style))
            painter.setPen(self._theme.color(self._role))
            words = self._theme.shortened(self._text, self._style, self.width())
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), words)


class IconLabel(QWidget):
    """An icon that says nothing by itself: the word beside it does."""

    def __init__(
        self,
        theme: Theme,
        concept: str,
        role: Role = Role.TEXT,
        size: int = IconSize.SMALL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._concept = concept
        self._role = role
        self.setFixedSize(QSize(size, size))

    def set_icon(self, concept: str, role: Role) -> None:
        """Show another icon."""
        self._concept = concept
        self._role = role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            self._theme.paint_icon(painter, self.rect(), self._concept, self._role)


class RunningIcon(QWidget):
    """The one thing that turns: an operation is under way. Still when hidden or when nothing is to move."""

    _STEPS = 20

    def __init__(self, theme: Theme, size: int = IconSize.SMALL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._step = 0
        self.setFixedSize(QSize(size, size))
        self._timer = QTimer(self)
        self._timer.setInterval(Motion.RUNNING_TURN // self._STEPS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._theme.motion:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            middle = self.rect().center()
            painter.translate(middle.x() + 0.5, middle.y() + 0.5)
            painter.rotate(360 * self._step / self._STEPS)
            painter.translate(-middle.x() - 0.5, -middle.y() - 0.5)
            self._theme.paint_icon(painter, self.rect(), "running", Role.INFO)

    def _on_timer_timeout(self) -> None:
        self._step = (self._step + 1) % self._STEPS
        self.update()


class StatusLine(QWidget):
    """A status icon and a sentence: a message below a field, a check, the worst issue in a footer."""

    def __init__(
        self,
        theme: Theme,
        status: Status = Status.NEUTRAL,
        text: str = "",
        *,
        style: TextStyle = TextStyle.BODY,
        tinted: bool = False,
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """`tinted` draws the words in the colour of the status as well; words that only inform stay quiet."""
        super().__init__(parent)
        self._tinted = tinted
        size = IconSize.CHIP if style is TextStyle.CAPTION else IconSize.SMALL
        self._icon = IconLabel(theme, status_icon(status), Role(status.value), size)
        self._text = Text(text, style, wrap=wrap)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._text, 1)
        self.set_status(status, text)

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    def set_status(self, status: Status, text: str, *, icon: str | None = None) -> None:
        """Show another status; `icon` stands in for its usual icon."""
        self._icon.set_icon(icon or status_icon(status), Role(status.value))
        self._text.setText(text)
        quiet = Role.TEXT2 if status is Status.INFO else Role(status.value)  # blue words look like a link
        self._text.set_role(quiet if self._tinted else Role.TEXT)
