"""The frame of a page: title, one line of purpose, buttons, freshness, room for banners, and the body."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.theme.tokens import Role, Space, TextStyle, Width
from ui.widgets.labels import Text
from ui.widgets.scroll_bar import ScrollBar

_ABOUT = Space.XXL + Space.L
"""What is seen above and below what has the focus: the label of a field, its message."""


class PageHeader(QWidget):
    """Title and purpose left; freshness and at most four buttons right."""

    def __init__(self, title: str, purpose: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(title, TextStyle.PAGE_TITLE)
        self._purpose = Text(purpose, TextStyle.BODY, Role.TEXT2, wrap=True)
        if not purpose:  # showing it before it has a parent would open a window of its own
            self._purpose.hide()
        self._freshness = Text("", TextStyle.BODY, Role.TEXT2)
        self._freshness.hide()
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title_row = QHBoxLayout()
        self._title_row.setSpacing(Space.M)
        self._title_row.addWidget(self._title)
        self._title_row.addStretch(1)
        words.addLayout(self._title_row)
        words.addWidget(self._purpose)
        self._buttons: list[QWidget] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.S)
        self._row.addLayout(words, 1)
        self._row.addWidget(self._freshness, 0, Qt.AlignmentFlag.AlignVCenter)

    @property
    def title(self) -> str:
        """The title as shown."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)

    def set_purpose(self, purpose: str) -> None:
        """Change the line below the title."""
        self._purpose.setText(purpose)
        self._purpose.setVisible(bool(purpose))

    def set_freshness(self, text: str) -> None:
        """Say how old the figures are, left of the buttons."""
        self._freshness.setText(text)
        self._freshness.setVisible(bool(text))

    def add_beside_title(self, widget: QWidget) -> None:
        """Put a chip right after the title."""
        self._title_row.insertWidget(self._title_row.count() - 1, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_button(self, button: QWidget) -> None:
        """Add a button at the right; Tab comes to it after the one before."""
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        if self._buttons:  # one that is made late would come after the whole page
            QWidget.setTabOrder(self._buttons[-1], button)
        self._buttons.append(button)


class Page(QWidget):
    """A page with header and body. With `scrolls` the body scrolls where the window is too low; the header stays.

    The shell lends its banners to the page on show (`set_banners`), so that they stand below the header.
    """

    def __init__(
        self,
        title: str,
        purpose: str = "",
        *,
        top: int = Space.PAGE,
        scrolls: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.header = PageHeader(title, purpose)
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.M)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, top, 0, 0)
        self._column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(Space.PAGE, 0, Space.PAGE, Space.L)
        head.addWidget(self.header)
        self._column.addLayout(head)
        self._banner_place = QVBoxLayout()
        self._banner_place.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
        self._column.addLayout(self._banner_place)
        self.body.setContentsMargins(Space.PAGE, 0, Space.PAGE, Space.L)
        if scrolls:
            self._column.addWidget(scrolling(self.body), 1)
        else:
            self._column.addLayout(self.body, 1)

    def set_banners(self, banners: QWidget) -> None:
        """Stand `banners` below the header."""
        self._banner_place.addWidget(banners)

    def add_below_header(self, widget: QWidget) -> None:
        """Put a line between header and banners."""
        self._banner_place.insertWidget(0, widget)

    def add_footer(self, footer: QWidget) -> None:
        """Put `footer` below the body; it does not scroll away."""
        self._column.addWidget(footer)


class _ScrollArea(QScrollArea):
    """Scrolls up and down alone. The bar stands in the right margin of the body, so that nothing jumps aside for it.

    What the keyboard or the program leads to is brought into view. Qt does so for Tab alone, and only where the
    focus was in here already: from outside it would come to something that nobody sees.
    """

    def __init__(self, body: QVBoxLayout) -> None:
        super().__init__()
        self._body = body
        self._margins = body.contentsMargins()
        inner = QWidget()
        inner.setLayout(body)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Its own parts instead of those that Qt made: to give out a widget of Qt's making for the first time, PySide
        # sets up every widget class there is, which takes 20 ms.
        bar = ScrollBar(Qt.Orientation.Vertical)
        bar.rangeChanged.connect(self._on_range_changed)
        self.setVerticalScrollBar(bar)
        self.setViewport(QWidget())
        self.setWidget(inner)
        inner.setAutoFillBackground(False)  # `setWidget` turns it on
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        inner = self.widget()
        if old is None or now is None or not inner.isAncestorOf(now):  # nothing had it: the window became active
            return
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:  # what is clicked is seen
            return
        if now.height() > self.viewport().height():
            self.ensureWidgetVisible(now)  # the current row of a long table, say
            return
        middle = now.mapTo(inner, QPoint(0, now.height() // 2))
        room = (self.viewport().height() - now.height()) // 2
        self.ensureVisible(0, middle.y(), 0, now.height() // 2 + min(_ABOUT, room))

    def _on_range_changed(self, least: int, most: int) -> None:
        right = self._margins.right() - (Width.SCROLL_BAR if most > least else 0)
        self._body.setContentsMargins(self._margins.left(), self._margins.top(), max(right, 0), self._margins.bottom())


def scrolling(body: QVBoxLayout) -> QScrollArea:
    """A frameless area that scrolls `body`; set the margins of `body` before."""
    return _ScrollArea(body)
