"""What is under way, below the button that counts it: operations and jobs, each with its bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle, Width
from ui.widgets.buttons import Button, Kind
from ui.widgets.floating import Floating
from ui.widgets.labels import Text
from ui.widgets.progress_line import ProgressLine
from ui.widgets.surface import Ground

_SHOWN_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing under way: what, how much of it is done (`None`: not known), and the figure at the right."""

    key: str
    what: str
    fraction: float | None = None
    figure: str = ""
    hint: str = ""


class ActivityPanel(Floating):
    """Floats below its button.

    Signals:
        jobs_requested: show all of them.
    """

    jobs_requested = Signal()

    def __init__(self, theme: Theme, anchor: QWidget) -> None:
        super().__init__(anchor, Ground.RAISED)
        self._theme = theme
        self._lines: dict[str, ProgressLine] = {}
        self.setObjectName("activity_panel")
        self.setFixedWidth(Width.POPOVER)
        self.setAccessibleName(self.tr("Under way"))
        self._more = Text("", TextStyle.CAPTION, Role.TEXT2)
        self.link = Button(theme, self.tr("Show jobs"), kind=Kind.LINK)
        self.link.setObjectName("activity_show_jobs")
        self.link.clicked.connect(self._on_link_clicked)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._column.setSpacing(Space.M)
        self._column.addWidget(Text(self.tr("Under way"), TextStyle.STRONG))
        self._column.addWidget(self._more)
        self._column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)

    def set_activities(self, activities: Sequence[Activity]) -> None:
        """Show these. Lines that stay keep their place."""
        shown = activities[:_SHOWN_AT_MOST]
        for key in set(self._lines) - {activity.key for activity in shown}:
            line = self._lines.pop(key)
            line.hide()
            line.deleteLater()
        for activity in shown:
            if activity.key not in self._lines:
                line = ProgressLine(self._theme)
                self._lines[activity.key] = line
                self._column.insertWidget(self._column.count() - 2, line)
            self._lines[activity.key].set_progress(activity.what, activity.fraction, activity.figure, activity.hint)
        more = len(activities) - len(shown)
        self._more.setText(self.tr("and {} more").format(more))
        self._more.setVisible(more > 0)
        if not activities:
            self.dismiss()
        elif self.is_open:
            self._place()

    def open(self) -> None:
        """Show it and take the keyboard."""
        super().open()
        self.link.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_link_clicked(self) -> None:
        self.dismiss()
        self.jobs_requested.emit()

    def _place(self) -> None:
        self.adjustSize()
        corner = self._anchor.mapTo(self.window(), QPoint(self._anchor.width(), self._anchor.height()))
        self.move(corner.x() - self.width(), corner.y() + Space.XS)
