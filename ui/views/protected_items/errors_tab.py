"""What troubles a machine: cause and remedy in our words, the service's own folded below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.health import HealthError
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.rules import Rules
from app.flows.failover import OPERATIONS, FailoverKind
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.views.protected_items.details_tabs import Tab
from ui.when import moment_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import StatusLine, Text
from ui.widgets.surface import horizontal_line

_LEVELS = {"warning": Status.WARNING, "error": Status.CRITICAL, "critical": Status.CRITICAL}


class Folded(QWidget):
    """Words that are there when they are wanted."""

    def __init__(self, theme: Theme, label: str, text: str) -> None:
        super().__init__()
        self._button = Button(theme, label, icon="unfold", kind=Kind.LINK)
        self._button.setObjectName("details-unfold")
        self.words = Text(text, TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self.words.hide()
        self._button.clicked.connect(self._on_clicked)
        head = QHBoxLayout()
        head.addWidget(self._button)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(head)
        column.addWidget(self.words)

    def _on_clicked(self) -> None:
        is_open = self.words.isHidden()
        self.words.setVisible(is_open)
        self._button.set_icon("fold" if is_open else "unfold")


class ErrorsTab(Tab):
    """Every health error of a machine.

    Signals:
        operation_requested: the operation (`FailoverKind`) that clears an error away.
    """

    operation_requested = Signal(object)

    def __init__(self, theme: Theme, rules: Rules) -> None:
        super().__init__()
        self._theme = theme
        self._rules = rules

    def show_errors(self, errors: Sequence[HealthError], item: ReplicationProtectedItem, now: datetime) -> None:
        if not self.is_news((tuple(errors), item.allowed_operations)):
            return
        if not errors:
            self.column.addWidget(StatusLine(self._theme, Status.OK, _tr("Azure reports no error.")))
        for number, error in enumerate(errors):
            if number:
                self.column.addWidget(horizontal_line(on_raised=True))
            self._add_error(error, item, now)

    def _add_error(self, error: HealthError, item: ReplicationProtectedItem, now: datetime) -> None:
        known = self._rules.error(error.code)
        status = _LEVELS.get(error.level.lower(), Status.WARNING)
        title = known.title if known is not None else error.message
        self.column.addWidget(StatusLine(self._theme, status, title, style=TextStyle.STRONG))
        since = _tr("Since {}").format(moment_text(error.created, now)) if error.created else ""
        caption = " · ".join(part for part in (_tr("Code {}").format(error.code), since) if part)
        self.column.addWidget(Text(caption, TextStyle.CAPTION, Role.TEXT2))
        if known is not None:
            self.add_text(known.cause)
            self.add_text(known.remedy)
            self._add_way(known.operation, item)
        words = "\n\n".join(part for part in (error.message, error.possible_causes, error.recommended_action) if part)
        if words:
            self.column.addWidget(Folded(self._theme, _tr("Azure’s own words"), words))

    def _add_way(self, allowed_by: str, item: ReplicationProtectedItem) -> None:
        """A button for the operation that clears it away, where Azure offers that now."""
        way = next((each for each in OPERATIONS if each.allowed_by == allowed_by), None)
        if way is None or not item.allows(way.allowed_by):
            return
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        button = Button(self._theme, _tr("{}…").format(way.title), small=True)
        button.setObjectName(f"details-{way.kind.value.replace('_', '-')}")
        kind: FailoverKind = way.kind
        button.clicked.connect(lambda: self.operation_requested.emit(kind))
        line.addWidget(button)
        line.addStretch(1)
        self.column.addWidget(row)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Details", text)
