"""The Provider's installer, walked through in drawings of ours: what stands on each page, and what to choose there."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.host_set_up import HostSetUp
from app.flows.installer_pages import (
    CommandStep,
    Control,
    InstallerPage,
    Row,
    command_steps,
    installer_pages,
    shows_commands,
)
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Radius, Role, Space, Status, Stroke, TextStyle, Width
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.choice import paint_check_box, paint_radio_mark
from ui.widgets.labels import StatusLine, Text
from ui.widgets.painting import fill_box, outline_box, painting

_DOT = 8
_DOT_ROOM = 20
_LABEL_ABOVE = 20
_WRAP = int(Qt.TextFlag.TextWordWrap)


class InstallerWalkthrough(Card):
    """One page at a time; on hosts without a desktop the commands in place of the pages.

    Signals:
        step_changed: another page is shown; carries its place, from 0.
    """

    step_changed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What the installer asks"), " ", parent=parent)
        self.setObjectName("walkthrough")
        self._theme = theme
        self._pages: tuple[InstallerPage, ...] = ()
        self._steps: tuple[CommandStep, ...] = ()
        self._place = 0
        self._dots = _Dots(theme)
        self._dots.setObjectName("walkthrough-dots")
        self._title = Text("", TextStyle.STRONG, wrap=True)
        self._title.setObjectName("walkthrough-title")
        self._picture = PagePicture(theme)
        self._picture.setObjectName("walkthrough-picture")
        self._commands = Text("", wrap=True)
        self._commands.setObjectName("walkthrough-commands")
        self._commands.setFont(theme.fixed_font())
        self._commands.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._advice = StatusLine(theme, Status.INFO)
        self._advice.setObjectName("walkthrough-advice")
        self._back = Button(theme, self.tr("&Previous page"), icon="back", small=True)
        self._back.setObjectName("walkthrough-back")
        self._next = Button(theme, self.tr("Ne&xt page"), icon="next", small=True)
        self._next.setObjectName("walkthrough-next")
        self._copy = Button(theme, self.tr("Cop&y lines"), icon="copy", small=True)
        self._copy.setObjectName("walkthrough-copy")
        self._build()
        self._back.clicked.connect(lambda: self.go_to(self._place - 1))
        self._next.clicked.connect(lambda: self.go_to(self._place + 1))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText("\n".join(self.lines)))

    @property
    def place(self) -> int:
        """Which page is shown, from 0."""
        return self._place

    @property
    def count(self) -> int:
        return len(self._steps or self._pages)

    @property
    def lines(self) -> tuple[str, ...]:
        """The commands on screen; none where pages are shown."""
        return self._steps[self._place].lines if self._steps else ()

    def load(self, set_up: HostSetUp, key_file_name: str) -> None:
        """Show the pages for these hosts; the page on screen stays where its kind stays."""
        was_commands = bool(self._steps)
        is_commands = shows_commands(set_up)
        self._steps = command_steps(set_up, key_file_name) if is_commands else ()
        self._pages = () if is_commands else installer_pages(set_up, key_file_name)
        place = self._place if was_commands == is_commands else 0
        assert self.head is not None
        self.head.set_title(self.tr("Without a desktop") if is_commands else self.tr("What the installer asks"))
        self._place = min(place, self.count - 1)
        self._show()

    def go_to(self, place: int) -> None:
        """Show another page, within those that there are."""
        place = min(max(place, 0), self.count - 1)
        if place != self._place:
            self._place = place
            self._show()
            self.step_changed.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn pages; arrows belong to whoever has the focus."""
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.go_to(self._place + (1 if event.key() == Qt.Key.Key_PageDown else -1))
            return
        super().keyPressEvent(event)

    def _show(self) -> None:
        assert self.head is not None
        titles = [part.title for part in self._steps or self._pages]
        said = self.tr("{0} of {1}: {2}").format(self._place + 1, len(titles), titles[self._place])
        self.head.set_detail(self.tr("drawn by us; the real pages look different") if self._pages else "")
        self._dots.show_place(self._place, titles)
        self._title.setText(said)
        self._picture.setVisible(bool(self._pages))
        self._commands.setVisible(bool(self._steps))
        self._copy.setVisible(bool(self._steps))
        if self._steps:
            step = self._steps[self._place]
            self._commands.setText("\n".join(step.lines))
            self._commands.setAccessibleName(self.tr("Commands: {}").format(". ".join(step.lines)))
            self._advice.set_status(Status.INFO, step.advice)
        else:
            page = self._pages[self._place]
            self._picture.show_page(page)
            press = self.tr("Then press {}.").format(page.press) if page.press else ""
            self._advice.set_status(Status.INFO, " ".join(part for part in (page.advice, press) if part))
        is_first, is_last = self._place == 0, self._place == len(titles) - 1
        for button, other, is_end in ((self._back, self._next, is_first), (self._next, self._back, is_last)):
            had_focus = button.hasFocus()
            button.setEnabled(not is_end)
            if had_focus and is_end:
                other.setFocus()
        self.setAccessibleName(said)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self._back)
        buttons.addWidget(self._dots, 1)
        buttons.addWidget(self._next)
        column = QVBoxLayout()
        column.setSpacing(Space.M)
        column.addLayout(buttons)  # above the pages, which are of different heights: pressed again it is where it was
        column.addWidget(self._title)
        column.addWidget(self._picture)
        column.addWidget(self._commands)
        column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._advice)
        self.body.addLayout(column)


class PagePicture(QWidget):
    """A page of the installer in our own look: its controls as they should stand, and a mark where to act."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page: InstallerPage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_page(self, page: InstallerPage) -> None:
        self._page = page
        rows = "; ".join(_said(row) for row in page.rows)
        self.setAccessibleName(self.tr("Drawing of the page {0}: {1}").format(page.title, rows))
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        if self._page is None:
            return 0
        rows = sum(self._row_height(row, width) + Space.S for row in self._page.rows)
        button = Height.SMALL_BUTTON + Space.M if self._page.press else 0
        return Height.ROW + Space.M + rows + button + Space.S

    def sizeHint(self) -> QSize:
        width = max(self.width(), Width.READING)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(Width.READING // 2, Height.CARD_HEAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        page = self._page
        if page is None:
            return
        colors = self._theme.colors
        with painting(self) as painter:
            fill_box(painter, self.rect(), colors.well, Radius.CARD)
            outline_box(painter, self.rect(), colors.border, Radius.CARD)
            head = QRect(Space.L, 0, self.width() - 2 * Space.L, Height.ROW)
            self._text(painter, head, page.title, TextStyle.LABEL, Role.TEXT2)
            painter.fillRect(QRect(1, Height.ROW, self.width() - 2, Stroke.HAIRLINE), self._theme.color(Role.TEXT3))
            top = Height.ROW + Space.M
            for row in page.rows:
                height = self._row_height(row, self.width())
                self._paint_row(painter, QRect(Space.L, top, self.width() - 2 * Space.L, height), row)
                top += height + Space.S
            if page.press:
                self._paint_button(painter, top, page.press)

    def _row_height(self, row: Row, width: int) -> int:
        room = self._words_room(row, width)
        if row.control in (Control.FIELD, Control.PATH):
            words = self._theme.height_of(_breakable(row.value), TextStyle.BODY, room)
            return _LABEL_ABOVE + max(Height.CONTROL, words + Space.S)
        return max(Height.CHECK + Space.S, self._theme.height_of(row.name, TextStyle.BODY, room) + Space.XS)

    def _words_room(self, row: Row, width: int) -> int:
        inner = width - 2 * Space.L - Space.M
        if row.control is Control.PATH:
            return inner - self._browse_width() - Space.S - 2 * Space.CELL
        return inner - (2 * Space.CELL if row.control is Control.FIELD else Height.CHECK + Space.CELL)

    def _browse_width(self) -> int:
        return self._theme.width_of(self.tr("Browse…"), TextStyle.BODY) + 2 * Space.M

    def _paint_row(self, painter: QPainter, box: QRect, row: Row) -> None:
        if row.is_marked:
            bar = QRectF(box.left() - Space.S, box.top(), Stroke.ACCENT_BAR, box.height())
            fill_box(painter, bar, self._theme.colors.accent, Radius.BAR)
        inner = box.adjusted(Space.M, 0, 0, 0)
        if row.control in (Control.FIELD, Control.PATH):
            self._paint_field(painter, inner, row)
            return
        mark = QRect(inner.left(), inner.top(), Height.CHECK, inner.height())
        if row.control is Control.CHOICE:
            paint_radio_mark(painter, self._theme, mark, checked=row.is_chosen)
        elif row.control is Control.CHECK:
            state = Qt.CheckState.Checked if row.is_chosen else Qt.CheckState.Unchecked
            paint_check_box(painter, self._theme, mark, state)
        else:
            place = QRect(mark.left(), mark.center().y() - IconSize.SMALL // 2, IconSize.SMALL, IconSize.SMALL)
            self._theme.paint_icon(painter, place, "ok", Role.OK)
        words = inner.adjusted(Height.CHECK + Space.CELL, 0, 0, 0)
        style = TextStyle.STRONG if row.is_chosen else TextStyle.BODY
        self._text(painter, words, row.name, style, Role.TEXT)

    def _paint_field(self, painter: QPainter, box: QRect, row: Row) -> None:
        colors = self._theme.colors
        label = QRect(box.left(), box.top(), box.width(), _LABEL_ABOVE)
        self._text(painter, label, row.name, TextStyle.LABEL, Role.TEXT2)
        field = box.adjusted(0, _LABEL_ABOVE, 0, 0)
        if row.control is Control.PATH:
            button = QRect(field.right() - self._browse_width() + 1, field.top(), self._browse_width(), Height.CONTROL)
            fill_box(painter, button, colors.control, Radius.CONTROL)
            outline_box(painter, button, colors.control_border, Radius.CONTROL)
            self._text(painter, button, self.tr("Browse…"), TextStyle.BODY, Role.TEXT, centred=True)
            field.setRight(button.left() - Space.S)
        fill_box(painter, field, colors.control, Radius.CONTROL)
        outline_box(painter, field, colors.accent if row.is_marked else colors.control_border, Radius.CONTROL)
        inner = field.adjusted(Space.CELL, 0, -Space.CELL, 0)
        role = Role.TEXT if row.is_marked else Role.TEXT2
        self._text(painter, inner, _breakable(row.value), TextStyle.BODY, role)

    def _paint_button(self, painter: QPainter, top: int, words: str) -> None:
        colors = self._theme.colors
        width = max(self._theme.width_of(words, TextStyle.STRONG) + 2 * Space.M, Width.FOOTER_BUTTON)
        box = QRect(self.width() - Space.L - width, top, width, Height.SMALL_BUTTON)
        fill_box(painter, box, colors.control, Radius.CONTROL)  # not filled as ours are: it can't be pressed
        outline_box(painter, box, colors.accent, Radius.CONTROL)
        self._text(painter, box, words, TextStyle.STRONG, Role.TEXT, centred=True)

    def _text(
        self, painter: QPainter, room: QRect, text: str, style: TextStyle, role: Role, *, centred: bool = False
    ) -> None:
        painter.setFont(self._theme.font(style))
        painter.setPen(self._theme.color(role))
        across = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, _WRAP | int(Qt.AlignmentFlag.AlignVCenter | across), text)


class _Dots(QWidget):
    """One dot for each page, the present one filled; the names are for whoever does not see them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place = 0
        self._count = 0
        self.setMinimumHeight(_DOT_ROOM)

    def show_place(self, place: int, titles: list[str]) -> None:
        self._place, self._count = place, len(titles)
        self.setAccessibleName(self.tr("Page {0} of {1}").format(place + 1, len(titles)))
        self.setToolTip("\n".join(f"{number}. {title}" for number, title in enumerate(titles, 1)))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._count * _DOT_ROOM // 2, _DOT_ROOM)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        pitch = min(_DOT_ROOM, self.width() // max(self._count, 1))
        left = (self.width() - self._count * pitch) / 2
        with painting(self) as painter:
            for number in range(self._count):
                middle = left + (number + 0.5) * pitch
                dot = QRectF(middle - _DOT / 2, self.height() / 2 - _DOT / 2, _DOT, _DOT)
                if number == self._place:
                    fill_box(painter, dot, colors.accent, _DOT / 2)
                else:
                    outline_box(painter, dot, colors.control_strong, _DOT / 2)


def _breakable(text: str) -> str:
    """A path or a file's name that may be broken within; only for showing."""
    return re.sub(r"([\\/._-])", "\\1\u200b", text)


def _said(row: Row) -> str:
    """A control in words."""
    if row.control in (Control.CHOICE, Control.CHECK):
        return f"{row.name} ({'chosen' if row.is_chosen else 'not chosen'})"
    return f"{row.name}: {row.value}" if row.value else row.name
