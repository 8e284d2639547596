"""What stands where nothing is to show, or nothing could be read: icon, one sentence, why, next step."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, TextStyle, Width
from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Text


class EmptyState(QWidget):
    """In the middle of its room. Buttons are added in order; the first may be the primary one."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        why: str = "",
        *,
        role: Role = Role.TEXT3,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = IconLabel(theme, icon, role, IconSize.EMPTY)
        self._title = Text(title, TextStyle.SECTION, wrap=True)
        self._why = Text(why, TextStyle.BODY, Role.TEXT2, wrap=True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(Space.S)
        self._build()

    def set_words(self, icon: str, title: str, why: str, *, role: Role = Role.TEXT3) -> None:
        """Say something else."""
        self._icon.set_icon(icon, role)
        self._title.setText(title)
        self._why.setText(why)
        self._fit()

    def add_button(self, button: Button) -> None:
        """Offer a next step."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def clear_buttons(self) -> None:
        """Take the offered steps away."""
        while self._buttons.count() > 2:
            widget = self._buttons.takeAt(1).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _fit(self) -> None:
        """Give each text the height of its lines: a centred label is given that of one otherwise."""
        for label in (self._title, self._why):
            label.ensurePolished()
            label.setFixedHeight(label.heightForWidth(Width.READING) if label.text() else 0)

    def _build(self) -> None:
        centre = Qt.AlignmentFlag.AlignHCenter
        for label in (self._title, self._why):
            label.setAlignment(centre)
            label.setFixedWidth(Width.READING)
        self._buttons.addStretch(1)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.XXL, Space.L, Space.XXL)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._icon, 0, centre)
        column.addSpacing(Space.M)
        column.addWidget(self._title, 0, centre)
        column.addSpacing(Space.XS)
        column.addWidget(self._why, 0, centre)
        column.addSpacing(Space.L)
        column.addLayout(self._buttons)
        column.addStretch(1)
        self._fit()
