"""A text that is ready to be sent: shown as it will arrive, with a button that copies it."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from ui.theme.stylesheet import area_rules, dress
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text


class ReadyText(Card):
    """As high as its text, up to `most_lines`. More buttons are added to `buttons`, before what was done is told."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        hint: str,
        *,
        name: str,
        kind: Kind = Kind.PRIMARY,
        most_lines: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`name` begins the object names."""
        super().__init__(title, parent=parent)
        self._most_lines = most_lines
        self.words = QPlainTextEdit()
        self.words.setObjectName(f"{name}-request")
        self.copy = Button(theme, self.tr("&Copy the text"), icon="copy", kind=kind)
        self.copy.setObjectName(f"{name}-copy")
        self.done = StatusLine(theme, Status.OK, wrap=False)
        self.done.setObjectName(f"{name}-copied")
        self.buttons = QHBoxLayout()
        self._build(theme, hint)
        self.words.setAccessibleName(title)
        self.copy.clicked.connect(self._on_copy_clicked)

    @property
    def text(self) -> str:
        return self.words.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another text; what was done with the old one is told no more."""
        if text == self.text:
            return
        self.done.hide()
        self.words.setPlainText(text)
        lines = text.count("\n") + 2
        if self._most_lines is not None:
            lines = min(lines, self._most_lines)
        self.words.setFixedHeight(self.words.fontMetrics().lineSpacing() * lines + Space.L)

    def tell(self, words: str) -> None:
        """Say what was done with it."""
        self.done.set_status(Status.OK, words)
        self.done.show()

    def _build(self, theme: Theme, hint: str) -> None:
        dress(self.words, theme, area_rules)
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setFont(theme.fixed_font())
        self.words.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        self.buttons.setSpacing(Space.M)
        self.buttons.addWidget(self.copy)
        line.addLayout(self.buttons)
        line.addWidget(self.done)
        line.addStretch(1)
        self.body.addWidget(Text(hint, TextStyle.BODY, Role.TEXT2, wrap=True))
        self.body.addWidget(self.words)
        self.body.addLayout(line)
        self.done.hide()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self.tell(self.tr("Copied."))
