"""Every limit with its figures, and the request for more, ready to be copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.quota import LimitVerdict, QuotaVerdict, RefusedSize, Standing
from app.domain.rules import Rules
from app.flows.quota_request import QuotaRequest, quota_request
from app.flows.quota_words import limit_title
from ui.quota.words import STATUS, limit_figures
from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.disclosure import Disclosure
from ui.widgets.labels import IconLabel, Text


class QuotaDetails(QWidget):
    """What all machines need together, beside what is free."""

    def __init__(self, theme: Theme, verdicts: Sequence[QuotaVerdict], rules: Rules) -> None:
        super().__init__()
        self._theme = theme
        self._rules = rules
        self.request = quota_request(verdicts, rules)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.M)
        for verdict in verdicts:
            self._add_verdict(verdict, is_alone=len(verdicts) == 1)
        if self.request is not None:
            self._add_request(self.request)
        self._column.addStretch(1)

    def _add_verdict(self, verdict: QuotaVerdict, *, is_alone: bool) -> None:
        region = self._rules.region_name(verdict.location)
        if not is_alone:
            title = self.tr("{0}, subscription {1}").format(region, verdict.subscription)
            self._column.addWidget(Text(title, TextStyle.STRONG, wrap=True))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(1, 1)
        for size in verdict.refused:
            self._add_row(grid, Status.WARNING, self._size_name(size), self._size_words(size))
        for limit in verdict.limits:
            self._add_row(grid, STATUS[limit.standing], self._name(limit), self._figures(limit, verdict.guessed))
        self._column.addLayout(grid)
        if verdict.guessed:
            one, many = self.tr("Azure chooses the size of 1 machine"), self.tr("Azure chooses the size of {} machines")
            words = (one if verdict.guessed == 1 else many).format(f"{verdict.guessed:,}")
            hint = self.tr("{}: choose it yourself, and cores can be compared for certain.").format(words)
            self._column.addWidget(Text(hint, TextStyle.CAPTION, Role.TEXT2, wrap=True))

    def _add_row(self, grid: QGridLayout, status: Status, name: str, figures: str) -> None:
        row = grid.rowCount()
        icon = IconLabel(self._theme, status_icon(status), Role(status.value), IconSize.SMALL)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(name, TextStyle.STRONG, wrap=True))
        words.addWidget(Text(figures, TextStyle.BODY, Role.TEXT2, wrap=True))
        grid.addWidget(icon, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(words, row, 1)

    def _name(self, limit: LimitVerdict) -> str:
        return limit_title(limit.kind, limit.label) if limit.label else self.tr("Cores of a size family")

    def _figures(self, limit: LimitVerdict, guessed: int) -> str:
        text = limit_figures(limit, guessed)
        if limit.standing is Standing.UNKNOWN and limit.free is not None:
            return f"{text}. {limit.why}"
        if limit.standing is not Standing.SHORT:
            return text
        if limit.machines == 1:
            return self.tr("{0}: {1} short").format(text, f"{limit.short_by:,}")
        carried = self.tr("{0}: {1} short. Carries at most {2} of {3} machines.")
        return carried.format(text, f"{limit.short_by:,}", f"{limit.carries or 0:,}", f"{limit.machines:,}")

    def _size_name(self, size: RefusedSize) -> str:
        return size.size or self.tr("A size of their own")

    def _size_words(self, size: RefusedSize) -> str:
        one, many = self.tr("1 machine"), self.tr("{} machines").format(f"{size.machines:,}")
        return f"{one if size.machines == 1 else many}: {size.reason}"

    def _add_request(self, request: QuotaRequest) -> None:
        self._column.addSpacing(Space.XS)
        self._column.addWidget(Text(self.tr("Ask for more"), TextStyle.SECTION))
        hint = self.tr("The answer can take days: ask before the day on which you need it.")
        self._column.addWidget(Text(hint, TextStyle.BODY, Role.TEXT2, wrap=True))
        news = Text("", TextStyle.CAPTION, Role.TEXT2)
        news.setObjectName("quota-news")

        def copy(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            news.setText(self.tr("Copied"))

        line = QHBoxLayout()
        line.setSpacing(Space.S)
        for name, title, text in (
            ("request", self.tr("Copy request"), request.text),
            ("az", self.tr("Azure CLI"), request.az),
            ("rest", self.tr("REST"), request.rest),
        ):
            if not text:
                continue
            kind = Kind.PRIMARY if name == "request" else Kind.SECONDARY
            button = Button(self._theme, title, icon="copy", kind=kind, small=True)
            button.setObjectName(f"quota-copy-{name}")
            if name != "request":
                button.setAccessibleName(self.tr("Copy the commands for {}").format(title))
            button.clicked.connect(lambda _checked, words=text: copy(words))
            line.addWidget(button)
        line.addWidget(news)
        line.addStretch(1)
        self._column.addLayout(line)
        words = Disclosure(self._theme, self.tr("The request with portal path and commands"), request.text)
        words.setObjectName("quota-request-words")
        words.copy_button.hide()
        words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._column.addWidget(words)
