"""The strip below a list: what stands behind the current row, what to do about it, and the buttons for that."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import Height, IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import IconLabel, Text
from ui.widgets.page import scrolling

_LEAST_HEIGHT = 3 * Height.ROW - Space.XS
"""Room for a title and three lines, so that moving through the rows does not move the rows."""
_DETAILS_HEIGHT = 3 * Height.ROW


class ExplanationStrip(QFrame):
    """Icon, title, sentences, remedy; somebody else's words stay folded until they are asked for."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        """`name` begins the object names of its parts."""
        super().__init__(parent)
        self.setObjectName(f"{name}-strip")
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._icon = IconLabel(theme, status_icon(Status.NEUTRAL), Role.NEUTRAL, IconSize.SMALL)
        self._title = Text("", TextStyle.STRONG, wrap=True)
        self._text = Text("", wrap=True)
        self._remedy = Text("", wrap=True)
        self._details = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fold = Button(theme, "", kind=Kind.LINK)
        self._fold.setObjectName(f"{name}-details")
        self._fold.clicked.connect(lambda _checked: self._unfold(not self._is_unfolded))
        self._is_unfolded = False
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(Space.S)
        for label, part in ((self._title, "title"), (self._text, "text"), (self._remedy, "remedy")):
            label.setObjectName(f"{name}-strip-{part}")
        self._build()
        self.explain(None, "")

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def text(self) -> str:
        """Everything it says below the title."""
        return " ".join(label.text() for label in (self._text, self._remedy) if label.text())

    @property
    def details(self) -> str:
        """The folded words."""
        return self._details.text()

    def add_button(self, button: Button) -> None:
        self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def explain(
        self,
        status: Status | None,
        title: str,
        text: str = "",
        remedy: str = "",
        details: str = "",
        *,
        icon: str = "",
    ) -> None:
        """Say this; `details` are another's own words, `icon` stands in for that of the status."""
        self._icon.setVisible(status is not None)
        if status is not None:
            self._icon.set_icon(icon or status_icon(status), Role(status.value))
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._remedy.setText(self.tr("What to do: {remedy}").format(remedy=remedy) if remedy else "")
        self._remedy.setVisible(bool(remedy))
        if details != self._details.text():
            self._details.setText(details)
            self._unfold(False)
        self._fold.setVisible(bool(details))

    def copy(self) -> None:
        """Put all of it on the clipboard."""
        words = (self.title, self.text, self.details)
        QGuiApplication.clipboard().setText("\n".join(word for word in words if word))

    def _build(self) -> None:
        details = QVBoxLayout()
        details.setContentsMargins(0, 0, 0, 0)
        details.addWidget(self._details)
        details.addStretch(1)
        self._details_area = scrolling(details)
        self._details_area.setFixedHeight(_DETAILS_HEIGHT)
        words = QVBoxLayout()
        words.setSpacing(Space.XS // 2)
        for label in (self._title, self._text, self._remedy):
            words.addWidget(label)
        words.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._details_area)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.CARD_X, Space.M, Space.CARD_X, Space.M)
        row.setSpacing(Space.M)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addLayout(self._buttons)
        self._unfold(False)

    def _unfold(self, unfolded: bool) -> None:
        self._is_unfolded = unfolded
        self._details_area.setVisible(unfolded)
        self._fold.setText(self.tr("Hide Azure’s own words") if unfolded else self.tr("Show Azure’s own words"))
