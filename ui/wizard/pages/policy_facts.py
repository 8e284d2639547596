"""A policy that is there already: its figures, who uses it where, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.issue import Issue
from app.domain.policy_rules import PolicyFigures, copy_frequency_text
from app.flows.policy_use import PolicyUse
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.widgets.buttons import Button, Kind
from ui.widgets.facts_box import FactsBox
from ui.widgets.labels import StatusLine, isolated
from ui.wizard.pages.figures_form import status_of


class PolicyFacts(QWidget):
    """Nothing is edited here.

    Signals:
        machines_requested: the names of its machines shall be shown.
    """

    machines_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._facts = FactsBox()
        self._use = StatusLine(theme, Status.INFO)
        self._use.setObjectName("settings-use")
        self._names = Button(theme, self.tr("S&how the machines"), icon="machine", kind=Kind.LINK, small=True)
        self._names.setObjectName("settings-machines")
        self._names.clicked.connect(self.machines_requested)
        self._issues = QVBoxLayout()
        self._issues.setSpacing(Space.XS)
        self._lines: list[StatusLine] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self._facts)
        column.addLayout(self._issues)
        column.addWidget(self._use)
        column.addWidget(self._names, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def use_text(self) -> str:
        """Who uses it, as shown."""
        return self._use.text

    @property
    def issue_texts(self) -> tuple[str, ...]:
        return tuple(line.text for line in self._lines if not line.isHidden())

    def load(self, use: PolicyUse, site: str, issues: tuple[Issue, ...]) -> None:
        """Show a policy; `site` is the set-up's, by name, and `issues` what the set-up has against it."""
        self._facts.set_facts(self._figures(use) if use.is_ours else ())
        self._facts.setVisible(use.is_ours)
        self._use.setVisible(use.is_ours)
        self._use.set_status(Status.INFO, self._use_text(use, site))
        self._names.setVisible(bool(use.machines))
        texts = dict.fromkeys(
            (issue.text.removeprefix(f"{use.policy.friendly_name}: "), status_of(issue)) for issue in issues
        )
        while len(self._lines) < len(texts):
            line = StatusLine(self._theme, tinted=True)
            self._lines.append(line)
            self._issues.addWidget(line)
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(texts))
        for line, (text, status) in zip(self._lines, texts, strict=False):
            line.set_status(status, text)

    def _figures(self, use: PolicyUse) -> tuple[tuple[str, str], ...]:
        figures = PolicyFigures.of(use.policy)
        kept_h, app_h = figures.retention_h, figures.app_consistent_frequency_h
        start = use.policy.initial_replication_start
        return (
            (self.tr("Copies"), self.tr("every {}").format(copy_frequency_text(figures.copy_frequency_s))),
            (self.tr("Kept"), self.tr("{} h").format(kept_h) if kept_h else self.tr("the latest only")),
            (self.tr("App-consistent"), self.tr("every {} h").format(app_h) if app_h else self.tr("none")),
            (self.tr("First copy"), self.tr("at {} UTC").format(start[:5]) if start else self.tr("at once")),
        )

    def _use_text(self, use: PolicyUse, site: str) -> str:
        """Who uses it, and whether the site may already."""
        count = len(use.machines)
        if not count:
            used = self.tr("No machine replicates with it yet.")
        elif count == 1:
            used = self.tr("1 machine replicates with it.")
        else:
            used = self.tr("{} machines replicate with it.").format(f"{count:,}")
        if site and site.lower() in {name.lower() for name in use.site_names}:
            return f"{used} {self.tr('It is in use at {}.').format(', '.join(map(isolated, use.site_names)))}"
        place = site or self.tr("the site")
        associated = self.tr("It is associated with {} when you run.").format(place)
        if use.site_names:
            there = self.tr("It is in use at {}.").format(", ".join(map(isolated, use.site_names)))
            return f"{used} {there} {associated}"
        return f"{used} {associated}"
