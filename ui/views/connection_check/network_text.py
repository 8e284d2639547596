"""The text for the network team, to be copied or saved."""

from __future__ import annotations

from PySide6.QtCore import Signal

from ui.theme.theme import Theme
from ui.widgets.buttons import Button, Kind
from ui.widgets.ready_text import ReadyText

_MOST_LINES = 24


class NetworkText(ReadyText):
    """
    Signals:
        save_requested: the text is to be saved in a file.
    """

    save_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            self.tr("For the network team"),
            self.tr("What was tried and found, and what the hosts need: nothing secret stands in it."),
            name="connection",
            kind=Kind.SECONDARY,
            most_lines=_MOST_LINES,
        )
        self.save_button = Button(theme, self.tr("Sa&ve as a file…"), icon="save")
        self.save_button.setObjectName("connection-save")
        self.buttons.addWidget(self.save_button)
        self.save_button.clicked.connect(self.save_requested)

    def show_saved(self, name: str) -> None:
        """Say where it is."""
        self.tell(self.tr("Saved as {}.").format(name))
