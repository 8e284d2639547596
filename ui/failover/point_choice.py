"""Which point in time a failover starts from: the kinds of choice, and for one machine the points on a line."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.recovery import PointChoice, RecoveryPoint, newest
from app.services.failover import FailoverSheet
from ui.failover.time_line import TimeLine
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.when import moment_text, span_text
from ui.widgets.choice import RadioButton
from ui.widgets.labels import StatusLine, Text


class PointChoiceView(QWidget):
    """Radio buttons, the line, and a sentence on what the choice means.

    Signals:
        changed: another point or kind of choice.
    """

    changed = Signal()

    def __init__(self, theme: Theme, sheet: FailoverSheet) -> None:
        super().__init__()
        self._sheet = sheet
        self._point_id = sheet.suggested.point_id
        self.hint = StatusLine(theme, Status.INFO, style=TextStyle.CAPTION)
        self.buttons = self._build_buttons(theme)
        self.line = TimeLine(theme, sheet.points, sheet.facts.now) if sheet.points else None
        row = QHBoxLayout()
        row.setSpacing(Space.XXL)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        label = Text(self.tr("Recovery point"), TextStyle.LABEL)
        column.addWidget(label)
        column.addLayout(row)
        if self.line is not None:
            column.addWidget(self.line)
            self.line.picked.connect(self._on_line_picked)
        column.addWidget(self.hint)
        self.buttons.get(sheet.suggested.point, self.buttons[PointChoice.LATEST_PROCESSED]).setChecked(True)
        for choice, button in self.buttons.items():
            button.toggled.connect(lambda on, choice=choice: self._on_toggled(choice, on))
        self._show()

    @property
    def choice(self) -> PointChoice:
        return next(choice for choice, button in self.buttons.items() if button.isChecked())

    @property
    def point_id(self) -> str:
        """The picked point, with `PointChoice.CUSTOM`."""
        return self._point_id if self.choice is PointChoice.CUSTOM else ""

    def _build_buttons(self, theme: Theme) -> dict[PointChoice, RadioButton]:
        words = {
            PointChoice.LATEST_PROCESSED: self.tr("Latest &processed"),
            PointChoice.LATEST: self.tr("&Latest"),
            PointChoice.LATEST_APPLICATION_CONSISTENT: self.tr("Latest &application-consistent"),
        }
        if self._sheet.points:
            words[PointChoice.CUSTOM] = self.tr("P&ick a point")
        group = QButtonGroup(self)
        buttons = {}
        for choice, word in words.items():
            buttons[choice] = RadioButton(theme, word)
            buttons[choice].setObjectName(f"sheet-point-{choice.value}")
            group.addButton(buttons[choice])
        has_application_points = any(
            newest(self._sheet.facts.points.of(item), application_consistent=True) for item in self._sheet.items
        )
        if not has_application_points:
            button = buttons[PointChoice.LATEST_APPLICATION_CONSISTENT]
            button.setEnabled(False)
            button.setToolTip(self.tr("There is no application-consistent point yet."))
        return buttons

    def _on_toggled(self, choice: PointChoice, on: bool) -> None:
        if not on:
            return
        if choice is PointChoice.CUSTOM and not self._point_id:
            first = newest(self._sheet.points)
            self._point_id = first.id.text if first is not None else ""
        self._show()
        self.changed.emit()

    def _on_line_picked(self, point: RecoveryPoint) -> None:
        self._point_id = point.id.text
        if self.choice is PointChoice.CUSTOM:
            self._show()
            self.changed.emit()
        else:
            self.buttons[PointChoice.CUSTOM].setChecked(True)

    def _show(self) -> None:
        point = self._chosen_point()
        if self.line is not None:
            self.line.set_chosen(point)
        self.hint.set_status(Status.INFO, self._hint_text(point))

    def _chosen_point(self) -> RecoveryPoint | None:
        points = self._sheet.points
        match self.choice:
            case PointChoice.LATEST:
                return None
            case PointChoice.LATEST_PROCESSED:
                return newest(points)
            case PointChoice.LATEST_APPLICATION_CONSISTENT:
                return newest(points, application_consistent=True)
            case PointChoice.CUSTOM:
                return next((point for point in points if point.id.text == self._point_id), None)

    def _hint_text(self, point: RecoveryPoint | None) -> str:
        now = self._sheet.facts.now
        age = span_text(now - point.time) if point is not None else ""
        match self.choice:
            case PointChoice.LATEST:
                return self.tr(
                    "Azure first processes all it has received. Least is lost, and it takes longer to start."
                )
            case PointChoice.LATEST_PROCESSED if age:
                return self.tr(
                    "Starts fastest, since nothing more has to be processed. Leaves out the last {} of changes."
                ).format(age)
            case PointChoice.LATEST_PROCESSED:
                return self.tr("Starts fastest, since nothing more has to be processed.")
            case PointChoice.LATEST_APPLICATION_CONSISTENT if age:
                return self.tr(
                    "Programs had written everything down at that moment. Leaves out the last {} of changes."
                ).format(age)
            case PointChoice.LATEST_APPLICATION_CONSISTENT:
                return self.tr("Programs had written everything down at that moment.")
            case PointChoice.CUSTOM if point is not None:
                return self.tr("As the machine was at {0}. Leaves out the last {1} of changes.").format(
                    moment_text(point.time, now), age
                )
        return ""
