"""The footer of wizards and sheets: quiet buttons left, the worst issue in one sentence, the primary button right."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, Space, Status, Width
from ui.widgets.buttons import Button
from ui.widgets.labels import StatusLine
from ui.widgets.surface import horizontal_line, lie_on_chrome


class Footer(QWidget):
    """57 px with its line, and more only for a sentence of more than three lines. It never scrolls away."""

    def __init__(
        self, theme: Theme, *, on_raised: bool = False, side: int = Space.PAGE, parent: QWidget | None = None
    ) -> None:
        """`side` is the room left and right, as the body above has it; in a sheet the ground is the sheet's own."""
        super().__init__(parent)
        if not on_raised:
            lie_on_chrome(self)
        self.setFixedHeight(Height.FOOTER)
        self.message = StatusLine(theme)
        self.message.setObjectName("footer_message")
        keeps_room = self.message.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self.message.setSizePolicy(keeps_room)
        self.message.hide()
        self.message.installEventFilter(self)
        middle = QWidget()
        self._row = QHBoxLayout(middle)
        self._row.setContentsMargins(side, Space.XS, side, Space.XS)
        self._row.setSpacing(Space.S)
        self._row.addWidget(self.message, 1, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(horizontal_line(on_raised=on_raised))
        column.addWidget(middle, 1)

    def add_left(self, button: Button) -> None:
        """Put a button at the left of the sentence."""
        self._row.insertWidget(self._row.indexOf(self.message), button)
        self._row.insertSpacing(self._row.indexOf(self.message), Space.L)

    def add_right(self, button: Button) -> None:
        """Put a button at the right, after those that are there."""
        button.setMinimumWidth(Width.FOOTER_BUTTON)
        self._row.addWidget(button)

    def set_worst(self, status: Status | None, text: str = "") -> None:
        """Say the worst issue, or nothing."""
        self.message.setVisible(status is not None)
        if status is not None:
            self.message.set_status(status, text)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width that the buttons leave to the sentence."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """Give a sentence with a long name in it the lines that it takes, rather than cut it off."""
        lines = 0 if self.message.isHidden() else self.message.heightForWidth(self.message.width())
        self.setFixedHeight(max(Height.FOOTER, lines + 2 * Space.XS + 1))
