"""The figures of a policy as fields, for a new one and for one that is changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.issue import Issue, Severity, blocking
from app.domain.policy_rules import PolicyFigures, check_figures, copy_frequency_text, offered_frequencies
from app.domain.rules import Rules
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.widgets.form_field import FormField, TextField
from ui.widgets.picker import Option, Picker
from ui.wizard.pages.figure_field import FigureField

_FREQUENCY = "copy_frequency_s"
_NO_NUMBER = re.compile(r".*[^0-9\s].*", re.ASCII | re.DOTALL)
"""Neither empty nor digits alone, which are too many."""


class FiguresForm(QWidget):
    """A figure that is none, or outside its limits whatever the others are, stays in its field and is not taken.

    Signals:
        name_edited: carries the name; only with one.
        figures_edited: carries the `PolicyFigures` as far as they can be taken.
        wrong_changed: another field is wrong now, or none.
    """

    name_edited = Signal(str)
    figures_edited = Signal(object)
    wrong_changed = Signal()

    def __init__(self, theme: Theme, *, prefix: str, has_name: bool, parent: QWidget | None = None) -> None:
        """`prefix` begins the object names of its controls."""
        super().__init__(parent)
        self._rules: Rules | None = None
        self._figures = PolicyFigures(300, 2, 1)
        self._had: int | None = None
        self._own: dict[str, Issue] = {}
        self.name = TextField(theme, self.tr("Na&me"), hint=self.tr("It can’t be changed later."))
        self.name.edit.setObjectName(f"{prefix}-name")
        self._frequencies = Picker(theme)
        self._frequencies.setObjectName(f"{prefix}-copy-frequency")
        self._frequency = FormField(
            theme, self.tr("Cop&y frequency"), self._frequencies, hint=self.tr("How often changes are sent.")
        )
        self._retention = FigureField(
            theme, self.tr("Keep &recovery points for, hours"), whole=True, hint=self.tr("0 keeps the latest only.")
        )
        self._retention.edit.setObjectName(f"{prefix}-retention")
        self._consistent = FigureField(
            theme,
            self.tr("&App-consistent point every, hours"),
            whole=True,
            hint=self.tr("Applications are brought to rest for it. 0 takes none."),
        )
        self._consistent.edit.setObjectName(f"{prefix}-app-consistent")
        self._numbers = {"retention_h": self._retention, "app_consistent_frequency_h": self._consistent}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.L)
        fields = (*((self.name,) if has_name else ()), self._frequency, self._retention, self._consistent)
        columns = 2 if has_name else len(fields)
        for place, field in enumerate(fields):
            grid.addWidget(field, place // columns, place % columns, Qt.AlignmentFlag.AlignTop)
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        if not has_name:
            self.name.hide()
            self.name.setParent(self)
        self._connect()

    @property
    def figures(self) -> PolicyFigures:
        """The last that could be taken."""
        return self._figures

    @property
    def own_issues(self) -> tuple[Issue, ...]:
        """What stands in a field and could not be taken, by plain field name."""
        return tuple(self._own.values())

    @property
    def fields(self) -> Mapping[str, FormField]:
        """By what issues call them."""
        return {"name": self.name, _FREQUENCY: self._frequency, **self._numbers}

    def load(self, figures: PolicyFigures, rules: Rules, *, had: int | None = None, name: str = "") -> None:
        """Show these; `had` is the copy frequency that the policy has now. What is wrong in a field stays there."""
        self._rules, self._figures, self._had = rules, figures, had
        self._frequencies.set_options(self._frequency_options(figures.copy_frequency_s, rules))
        self._frequencies.set_current(str(figures.copy_frequency_s))
        self.name.set_text(name)
        for field, edit in self._numbers.items():
            if field not in self._own:
                edit.set_figure(getattr(figures, field))

    def _frequency_options(self, shown: int, rules: Rules) -> list[Option]:
        """Those that are offered; one that is not is shown where it is chosen, and cannot be chosen anew."""
        offered = offered_frequencies(rules, self._had)
        words, reason = self.tr("Every {}"), self.tr("It is not offered.")
        options = [Option(str(each), words.format(copy_frequency_text(each))) for each in offered]
        if shown not in offered:
            options.append(Option(str(shown), words.format(copy_frequency_text(shown)), reason=reason))
        return options

    def forget(self) -> None:
        """Another policy is edited now: nothing is wrong with it yet."""
        self._own.clear()
        for field in self.fields.values():
            field.forget()

    def show_issues(self, issues: Mapping[str, Issue], *, insist: bool) -> None:
        """Say at each field what is wrong with it, by plain field name."""
        for name, field in self.fields.items():
            # What one figure is with another says nothing while the other one in the draft is not what stands here.
            told = {} if self._own and name in self._numbers else issues
            issue = self._own.get(name) or told.get(name)
            field.set_issue(issue.text if issue is not None else None, status_of(issue))
            # What is typed in one figure may be wrong with what stands in another; an empty name has time. A copy
            # frequency is never half typed.
            is_over = name == _FREQUENCY or (name in self._numbers and not field.control.hasFocus())
            if insist or (issue is not None and is_over):
                field.reveal()

    def control_of(self, name: str) -> QWidget:
        """Where the keyboard goes for a field."""
        return self.fields[name].control

    def _connect(self) -> None:
        self.name.value_edited.connect(self.name_edited)
        self._frequencies.picked.connect(lambda key: self._take(replace(self._figures, copy_frequency_s=int(key))))
        for name, field in self._numbers.items():
            field.value_edited.connect(lambda _text, name=name: self._on_number_edited(name))

    def _on_number_edited(self, name: str) -> None:
        field = self._numbers[name]
        problem = self._problem_alone(name, field.figure)
        if problem is None:
            self._own.pop(name, None)
            assert field.figure is not None
            self._take(replace(self._figures, **{name: int(field.figure)}))
        else:
            self._own[name] = problem
            field.set_issue(problem.text)
        self.wrong_changed.emit()

    def _problem_alone(self, name: str, figure: float | None) -> Issue | None:
        """What is wrong with a figure whatever the other one is; nothing is asked of what they are together."""
        assert self._rules is not None
        limits = self._rules.policy
        widest = {"retention_h": limits.retention_max_h, "app_consistent_frequency_h": 0}
        alone = replace(self._figures, **{**widest, name: -1 if figure is None else int(figure)})
        issues = blocking(check_figures(alone, self._rules))
        issue = next((issue for issue in issues if issue.field == name), None)
        if issue is None or figure is not None or _NO_NUMBER.fullmatch(self._numbers[name].text) is None:
            return issue
        return replace(issue, text=f"{issue.text} {self.tr('Write a whole number.')}")

    def _take(self, figures: PolicyFigures) -> None:
        if figures != self._figures:
            self._figures = figures
            self.figures_edited.emit(figures)


def status_of(issue: Issue | None) -> Status:
    """How loud an issue is at its field."""
    if issue is None or issue.severity is Severity.ERROR:
        return Status.CRITICAL
    return Status.WARNING if issue.severity is Severity.WARNING else Status.INFO
