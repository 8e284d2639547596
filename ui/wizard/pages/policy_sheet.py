"""The sheet that changes a policy: fields, what changes from what, the machines it touches, and what is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import fields, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.policy_rules import PolicyFigures
from app.domain.rules import Rules
from app.errors import AppError
from app.flows.policy_actions import FigureChange, PolicyChange, change_of
from app.flows.policy_use import PolicyUse
from app.services.runs import RunSnapshot
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.callout import Refusal
from ui.widgets.disclosure import Disclosure
from ui.widgets.labels import StatusLine, Text
from ui.widgets.modal_sheet import ModalSheet
from ui.wizard.action_states import ActionStates
from ui.wizard.pages.figures_form import FiguresForm
from ui.wizard.pages.served_machines import ServedMachines
from ui.wizard.requests import CarryOut

_FIGURES = tuple(each.name for each in fields(PolicyFigures))


class PolicySheet(ModalSheet):
    """Once it runs, closing the sheet stops nothing.

    Signals:
        requested: carries the `CarryOut`.
    """

    requested = Signal(object)

    def __init__(
        self,
        theme: Theme,
        use: PolicyUse,
        rules: Rules,
        *,
        is_under_way: bool,
        cost: Callable[[PolicyFigures, PolicyFigures], str] = lambda before, after: "",
        parent: QWidget | None = None,
    ) -> None:
        """`cost` says what the figures after cost more than those before, in a sentence, or nothing."""
        name = use.policy.friendly_name
        super().__init__(theme, "", submit="", submit_icon="change", parent=parent)
        self.set_title(
            self.tr("Edit {}").format(name),
            self.tr("Its machines take the new figures over by themselves."),
        )
        self.setObjectName("policy-sheet")
        self.submit_button.setText(self.tr("&Change policy"))
        self.submit_button.setObjectName("policy-run")
        self._theme = theme
        self._use = use
        self._rules = rules
        self._running: CarryOut | None = None
        self._is_over = False
        self._is_gone = False
        self._news = StatusLine(theme, Status.WARNING, tinted=True)
        self._news.setObjectName("policy-news")
        self._news.hide()
        self._form = FiguresForm(theme, prefix="policy", has_name=False)
        self._changes = _Changes()
        self._cost = cost
        self._difference = StatusLine(theme, Status.INFO)
        self._difference.setObjectName("policy-difference")
        self._warning = StatusLine(theme, Status.WARNING, tinted=True)
        self._warning.setObjectName("policy-warning")
        self._touched = Text("", TextStyle.STRONG)
        self._touched.setObjectName("policy-touched")
        self._machines = ServedMachines(theme)
        self._states = ActionStates(theme)
        self._sent = Disclosure(theme, self.tr("What is sent"))
        self._sent.setObjectName("policy-sent")
        self._outcome = StatusLine(theme, tinted=True)
        self._outcome.setObjectName("policy-outcome")
        self._outcome.hide()
        stays = StatusLine(theme, Status.CRITICAL, "", tinted=True)
        stays.setObjectName("policy-stays")
        retired = next((issue.text for issue in use.issues if issue.field == "encryption"), "")
        stays.set_status(Status.CRITICAL, retired.removeprefix(f"{name}: "))
        stays.setVisible(bool(retired))
        for part in (self._outcome, self._news, stays, self._form, Text(self.tr("Before and after"), TextStyle.STRONG)):
            self.body.addWidget(part)
        for part in (self._changes, self._difference, self._warning, self._touched, self._machines, self._states):
            self.body.addWidget(part)
        self.body.addWidget(self._sent)
        self.body.addStretch(1)
        self._form.load(PolicyFigures.of(use.policy), rules, had=use.policy.copy_frequency_s)
        self._form.figures_edited.connect(self._show)
        self._form.wrong_changed.connect(self._show)
        self.submitted.connect(self._on_submitted)
        self._show()
        if is_under_way:
            self._refuse_as_running()

    @property
    def key(self) -> str:
        """What its run is known by."""
        return f"change {self._use.policy.id.key}"

    @property
    def policy_key(self) -> str:
        return self._use.policy.id.key

    @property
    def is_running(self) -> bool:
        return self._running is not None

    def load(self, use: PolicyUse | None) -> None:
        """Have the policy as Azure has it now; None where it is gone."""
        if self._running is not None or self._is_over or (use == self._use and not self._is_gone):
            return
        if use is None:
            self._show_gone()
            return
        if self._is_gone:
            self._is_gone = False
            self._form.setEnabled(True)
            self._news.hide()
        before, now = PolicyFigures.of(self._use.policy), PolicyFigures.of(use.policy)
        self._use = use
        if before != now:
            text = self.tr("Somebody changed it meanwhile. “Before” is how it is now; what you changed stays.")
            self._news.set_status(Status.WARNING, text)
            self._news.show()
        kept = _kept_figures(self._form.figures, before, now)
        self._form.load(kept, self._rules, had=use.policy.copy_frequency_s)
        self._show()

    def show_run(self, run: RunSnapshot) -> None:
        """How far it is."""
        self._states.show_run(run)

    def show_failure(self, error: AppError) -> None:
        """Why it stopped; it can be tried again."""
        self._running = None
        self._form.setEnabled(True)
        self._states.show_stopped()
        self._outcome.set_status(Status.CRITICAL, error.sentence)
        self._outcome.show()
        self._show()
        self.scroll_to_top()

    def show_done(self) -> None:
        """It is changed, and read back."""
        self._running = None
        self._is_over = True
        self._states.show_done()
        self._outcome.set_status(Status.OK, self.tr("Done, and confirmed by Azure."))
        self._outcome.show()
        self.scroll_to_top()
        self.submit_button.hide()
        self.cancel_button.setText(self.tr("Close"))

    def _show_gone(self) -> None:
        """Nothing of it can be changed, unless it comes again."""
        self._is_gone = True
        self._outcome.hide()
        self._news.set_status(Status.CRITICAL, self.tr("This policy is not there any more. Close, and choose another."))
        self._news.show()
        self._form.setEnabled(False)
        self._states.show_actions(())
        for part in (self._difference, self._warning, self._touched, self._machines, self._sent):
            part.hide()
        self.submit_button.refuse(Refusal(self.tr("It is gone"), self.tr("Close the sheet and choose another.")))
        self.cancel_button.setText(self.tr("Close"))

    def _change(self) -> PolicyChange:
        return change_of(self._use, self._form.figures, self._rules)

    def _show(self) -> None:
        change = self._change()
        found = {}
        for issue in sorted(change.issues, key=lambda issue: issue.severity.rank):
            found.setdefault(issue.field, issue)
        self._form.show_issues(found, insist=False)
        is_wrong = bool(self._form.own_issues)
        actions = () if is_wrong else change.actions
        self._changes.show_changes(change.changes, {issue.field for issue in self._form.own_issues})
        words = "" if is_wrong else self._cost(PolicyFigures.of(self._use.policy), self._form.figures)
        self._difference.set_status(Status.INFO, words)
        self._difference.setVisible(bool(words))
        self._warning.setVisible(bool(change.loses) and not is_wrong)
        self._warning.set_status(Status.WARNING, change.loses)
        self._show_machines(change)
        self._states.show_actions(actions)
        self._sent.setVisible(bool(actions))
        self._sent.set_text("\n\n".join(_sent_text(action.target.text, action.body) for action in actions))
        if actions:
            self.submit_button.allow()
        elif is_wrong or any(issue.is_blocking for issue in change.issues):
            told = [*self._form.own_issues, *(issue for issue in change.issues if issue.is_blocking)]
            self.submit_button.refuse(Refusal(self.tr("These figures can’t stand"), told[0].text))
        else:
            reason = self.tr("All figures are as they are in Azure.")
            self.submit_button.refuse(Refusal(self.tr("Nothing changes yet"), reason))

    def _show_machines(self, change: PolicyChange) -> None:
        count = len(change.machines)
        if not count:
            text = self.tr("It touches no machine: none replicates with it.")
        elif count == 1:
            text = self.tr("It touches 1 machine")
        else:
            text = self.tr("It touches {} machines").format(f"{count:,}")
        self._touched.setText(text)
        self._machines.setVisible(bool(count))
        if count:
            self._machines.load(change.machines, self._form.figures, self._rules)

    def _on_submitted(self) -> None:
        self._running = CarryOut(
            self.key, self.tr("Change the policy {}").format(self._use.policy.friendly_name), self._change().actions
        )
        self._news.hide()
        self._outcome.hide()
        self._form.setEnabled(False)
        self._refuse_as_running()
        self.cancel_button.setText(self.tr("Close"))
        self._states.show_begun()
        self.requested.emit(self._running)

    def _refuse_as_running(self) -> None:
        reason = self.tr("You can close the sheet: it goes on.")
        self.submit_button.refuse(Refusal(self.tr("This is under way"), reason))


class _Changes(QWidget):
    """Each figure before and after, side by side; what stays is quiet."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.XXL)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(3, 1)
        for column, title in enumerate(("", self.tr("Before"), self.tr("After"))):
            self._grid.addWidget(Text(title, TextStyle.CAPTION, Role.TEXT2), 0, column)
        self._cells: list[tuple[Text, Text, Text]] = []

    def show_changes(self, changes: Sequence[FigureChange], unknown: Collection[str]) -> None:
        """Show these; of `unknown` ones there is nothing yet that they could be afterwards."""
        while len(self._cells) < len(changes):
            row = Text(), Text("", TextStyle.BODY, Role.TEXT2), Text()
            for column, cell in enumerate(row):
                self._grid.addWidget(cell, len(self._cells) + 1, column)
            self._cells.append(row)
        for (title, before, after), change in zip(self._cells, changes, strict=True):
            title.setText(change.title)
            before.setText(change.before)
            is_other = change.is_other and change.field not in unknown
            words = change.after if is_other else self.tr("stays")
            after.setText("–" if change.field in unknown else words)
            after.set_style(TextStyle.STRONG if is_other else TextStyle.BODY)
            after.set_role(Role.TEXT if is_other else Role.TEXT2)


def _kept_figures(shown: PolicyFigures, before: PolicyFigures, now: PolicyFigures) -> PolicyFigures:
    """What stands in the fields after somebody else made `now` of `before`: theirs, save what was changed here too."""
    theirs = {name: getattr(now, name) for name in _FIGURES if getattr(shown, name) == getattr(before, name)}
    return replace(shown, **theirs)


def _sent_text(target: str, body: object) -> str:
    return f"PATCH {target}\n{json.dumps({'properties': body}, indent=2, ensure_ascii=False)}"
