"""What is under way, below the button that counts it: operations and jobs, each with its bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle, Width
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import Text
from ui.widgets.progress_line import ProgressLine

_SHOWN_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing under way: what, how much of it is done (`None`: not known), and the figure at the right."""

    key: str
    what: str
    fraction: float | None = None
    figure: str = ""
    hint: str = ""


class ActivityPanel(QFrame):
    """Floats below its button until Esc, or a click or the focus elsewhere.

    Signals:
        jobs_requested: show all of them.
    """

    jobs_requested = Signal()

    def __init__(self, theme: Theme, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self._theme = theme
        self._anchor = anchor
        self._lines: dict[str, ProgressLine] = {}
        self.setObjectName("activity_panel")
        self.setProperty("surface", "raised")
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
        self.hide()

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
        elif not self.isHidden():
            self._place()

    def open(self) -> None:
        """Show it and take the keyboard."""
        self._place()
        self.show()
        self.raise_()
        self.link.setFocus(Qt.FocusReason.OtherFocusReason)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def dismiss(self) -> None:
        """Take it away; the focus goes back to the button if it was in here."""
        if self.isHidden():
            return
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self.hide()
        if had_focus:
            self._anchor.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(watched, QWidget):
            return False
        ours = watched in (self, self._anchor) or self.isAncestorOf(watched)
        match event.type():
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
            case QEvent.Type.MouseButtonPress if not ours:
                self.dismiss()
            case QEvent.Type.Resize if watched is self.window():
                self.dismiss()
        return False

    def _on_link_clicked(self) -> None:
        self.dismiss()
        self.jobs_requested.emit()

    def _place(self) -> None:
        self.adjustSize()
        corner = self._anchor.mapTo(self.window(), QPoint(self._anchor.width(), self._anchor.height()))
        self.move(corner.x() - self.width(), corner.y() + Space.XS)
