"""Words that stand folded below a head: what only some want to read, such as Azure's own words and ids."""

from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.theme.stylesheet import area_rules, dress
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Stroke
from ui.widgets.buttons import Button, IconButton, Kind

_LINES = 9
_AROUND = Space.L - 2 * Stroke.HAIRLINE
"""Frame and margins around the lines; two more would show the heads of a line that is out of sight."""


class Disclosure(QWidget):
    """A head to press, a button that copies, and the words, which are plain text to mark and read."""

    def __init__(
        self, theme: Theme, title: str, text: str = "", *, lines: int = _LINES, parent: QWidget | None = None
    ) -> None:
        """`lines` have room before the words scroll."""
        super().__init__(parent)
        self._theme = theme
        self._lines = lines
        self.head = Button(theme, title, icon="next", kind=Kind.LINK)
        self.head.setObjectName("disclosure-head")
        self.copy_button = IconButton(theme, "copy", self.tr("Copy"), small=True)
        self.copy_button.setObjectName("disclosure-copy")
        self.words = QPlainTextEdit()
        dress(self.words, theme, area_rules)
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.words.setAccessibleName(title)
        self.words.hide()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.head)
        line.addStretch(1)
        line.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(line)
        column.addWidget(self.words)
        self.head.clicked.connect(lambda: self.set_open(not self.is_open))
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self.set_text(text)

    @property
    def text(self) -> str:
        """What is folded away."""
        return self.words.toPlainText()

    @property
    def is_open(self) -> bool:
        return not self.words.isHidden()

    def set_title(self, title: str) -> None:
        """Call the words this."""
        self.head.setText(title)
        self.words.setAccessibleName(title)

    def set_text(self, text: str) -> None:
        """Hold other words; whether they are folded stays."""
        if text != self.text:
            self.words.setPlainText(text)

    def set_open(self, is_open: bool) -> None:
        """Fold or unfold."""
        self.words.setFont(self._theme.fixed_font())
        self.words.setFixedHeight(self.words.fontMetrics().lineSpacing() * self._lines + _AROUND)
        self.words.setVisible(is_open)
        self.head.set_icon("unfold" if is_open else "next")
