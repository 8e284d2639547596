"""One step or operation: how it stands, and unfolded, what stands in its way and what would mend it."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.rights import Finding, Gap, Standing
from app.flows.rights_request import RightsRequest, scope_words
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle, Width
from ui.views.rights.copy_line import CopyLine
from ui.views.rights.words import (
    breakable,
    chip_words,
    denial_line,
    instead_line,
    remedy_line,
    role_line,
    sentence_case,
    stopped_line,
)
from ui.widgets.buttons import Button, Kind
from ui.widgets.chip import Chip, in_column
from ui.widgets.labels import StatusLine, Text

_INDENT = IconSize.SMALL + Space.S


class PurposeRow(QWidget):
    """A line with title and chip; what is not ready can be unfolded."""

    def __init__(self, theme: Theme, finding: Finding, request: RightsRequest | None) -> None:
        """`request` is what to ask for if it is for this purpose alone."""
        super().__init__()
        self._theme = theme
        self._request = request
        self.finding = finding
        self.setObjectName(f"rights-{finding.purpose.id}")
        self.head: Button | None = None
        self.details: QWidget | None = None
        self.chip = self._build_chip()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, Space.S, 0, Space.S)
        self._column.setSpacing(Space.XS)
        self._build()

    @property
    def is_open(self) -> bool:
        return self.details is not None and not self.details.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Fold or unfold; what is ready has nothing folded."""
        if self.head is None:
            return
        if self.details is None:
            self.details = self._build_details()
            self._column.addWidget(self.details)
        self.details.setVisible(is_open)
        self.head.set_icon("unfold" if is_open else "next")

    def _build(self) -> None:
        finding = self.finding
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        if finding.standing is Standing.READY:
            line.addSpacing(_INDENT)
            line.addWidget(Text(finding.purpose.title), 1)
        else:
            self.head = Button(self._theme, finding.purpose.title.replace("&", "&&"), icon="next", kind=Kind.LINK)
            self.head.setObjectName(f"rights-open-{finding.purpose.id}")
            self.head.setAccessibleDescription(self.chip.word)
            self.head.clicked.connect(lambda _checked: self.set_open(not self.is_open))
            line.addWidget(self.head)
            line.addStretch(1)
        line.addWidget(in_column(self.chip, Width.PICKER))
        self._column.addLayout(line)
        remedy = remedy_line(finding)
        if remedy:
            hint = Text(remedy, TextStyle.CAPTION, Role.TEXT2, wrap=True)
            hint.setContentsMargins(_INDENT, 0, Width.PICKER, 0)
            self._column.addWidget(hint)

    def _build_chip(self) -> Chip:
        words = chip_words(self.finding)
        return Chip(self._theme, words.status, words.word, icon=words.icon)

    @cached_property
    def _fixed_font(self) -> QFont:
        return self._theme.fixed_font()

    def _build_details(self) -> QWidget:
        details = QWidget()
        column = QVBoxLayout(details)
        column.setContentsMargins(_INDENT, Space.XS, 0, Space.S)
        column.setSpacing(Space.M)
        for gap in self.finding.gaps:
            column.addWidget(self._build_gap(gap))
        if self._request is not None:
            title = self.finding.purpose.title
            column.addWidget(CopyLine(self._theme, self._request, title, f"rights-{self.finding.purpose.id}"))
        return details

    def _build_gap(self, gap: Gap) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        if gap.scope.text:
            column.addWidget(Text(sentence_case(scope_words(gap.scope)), TextStyle.STRONG, wrap=True))
        if gap.at != gap.scope:
            text = self.tr("Not there yet, so it was judged by {}.").format(scope_words(gap.at))
            column.addWidget(Text(text, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        missing = (*gap.missing, *gap.missing_data)
        if missing:
            column.addWidget(self._build_actions(missing))
            way = instead_line(gap) if gap.instead else self.tr("Smallest role: {}").format(role_line(gap))
            column.addWidget(StatusLine(self._theme, Status.INFO, f"{way}."))
        for withheld, is_sure in [*((each, True) for each in gap.withheld), *((each, False) for each in gap.doubtful)]:
            column.addWidget(self._build_actions((withheld.action,)))
            status = Status.CRITICAL if is_sure else Status.WARNING
            column.addWidget(StatusLine(self._theme, status, denial_line(withheld, is_sure=is_sure)))
        for stopped in gap.stopped:
            column.addWidget(self._build_actions(stopped.actions))
            column.addWidget(StatusLine(self._theme, Status.WARNING, stopped_line(stopped)))
        if gap.unread:
            column.addWidget(StatusLine(self._theme, Status.NEUTRAL, gap.unread))
        return box

    def _build_actions(self, actions: tuple[str, ...]) -> Text:
        """One label for all: a label each would take twice as long to make."""
        label = Text("\n".join(breakable(action) for action in actions), TextStyle.CAPTION, wrap=True)
        label.setFont(self._fixed_font)
        label.setAccessibleName(", ".join(actions))
        return label
