"""Step 4, replication settings: a policy of the vault, or a new one, and what its figures mean in time."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.arm_id import same
from app.domain.issue import Issue, Severity, blocking
from app.domain.policy_rules import copy_frequency_text
from app.domain.protection import REPLICATION_PROVIDER, ReplicationPolicy
from app.flows.checks_replication import check_settings
from app.flows.draft import PolicyChoice, SetUpDraft
from app.flows.places import site_of
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, Width
from ui.widgets.card import Card
from ui.widgets.facts_box import FactsBox
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import StatusLine
from ui.widgets.picker import Option, Picker
from ui.wizard.framed_page import FramedPage
from ui.wizard.pages.figure_field import FigureField
from ui.wizard.pages.first_copy import FirstCopyField
from ui.wizard.pages.policy_timeline import LegendLine, Mark, PolicyTimeline, timeline_words

_NEW = "new"
"""The key of "create one" among the policies; no policy's key can be the same, since those are ids."""
_FIGURES = ("retention_h", "app_consistent_frequency_h")


class SettingsPage(FramedPage):
    """Edits `draft.policy`. A figure that is none stays in its field and stops Next; the draft keeps the last one."""

    step_id = "settings"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, scrolls=True, parent=parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._new = PolicyChoice()
        self._own: dict[str, Issue] = {}
        self._wrong: tuple[str, ...] = ()
        self._policies = Picker(theme, placeholder=self.tr("Choose a policy"))
        self._policies.setObjectName("settings-policy")
        self._policy = FormField(theme, self.tr("&Policy"), self._policies)
        self._use = StatusLine(theme, Status.INFO)
        self._facts = FactsBox()
        self._name = TextField(theme, self.tr("Na&me"), hint=self.tr("It can’t be changed later."))
        self._name.edit.setObjectName("settings-name")
        self._frequencies = Picker(theme)
        self._frequencies.setObjectName("settings-copy-frequency")
        self._frequency = FormField(
            theme, self.tr("&Copy frequency"), self._frequencies, hint=self.tr("How often changes are sent.")
        )
        self._retention = FigureField(
            theme, self.tr("Keep &recovery points for, hours"), whole=True, hint=self.tr("0 keeps the latest only.")
        )
        self._retention.edit.setObjectName("settings-retention")
        self._consistent = FigureField(
            theme,
            self.tr("&Application-consistent point every, hours"),
            whole=True,
            hint=self.tr("Applications are brought to rest for it. 0 takes none."),
        )
        self._consistent.edit.setObjectName("settings-app-consistent")
        self._first_copy = FirstCopyField(theme)
        self._figures = dict(zip(_FIGURES, (self._retention, self._consistent), strict=True))
        self._timeline = PolicyTimeline(theme)
        self._words = [LegendLine(theme, mark) for mark in Mark]
        self._build()
        self._connect()

    @property
    def use_text(self) -> str:
        """Who uses the chosen policy, as shown."""
        return "" if self._use.isHidden() else self._use.text

    def message_of(self, name: str) -> str:
        """What stands below the control of that object name, without the page's own part of it."""
        fields = (self._name, self._frequency, *self._figures.values())
        named = {field.control.objectName(): field.message for field in fields}
        named["settings-start-time"] = self._first_copy.message
        return named[f"settings-{name}"]

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        if draft.policy.create:
            self._new = draft.policy
        self._policies.set_options(self._options(context))
        frequencies = context.rules.policy.copy_frequencies_s
        self._frequencies.set_options(
            [Option(str(each), self.tr("Every {}").format(copy_frequency_text(each))) for each in frequencies]
        )
        self._show()

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        found = {issue.field.removeprefix("policy."): issue for issue in (*issues, *self._own.values())}
        self._wrong = tuple(field for field, issue in found.items() if issue.is_blocking) if insist else ()
        fields = {
            "name": self._name if self._draft.policy.create else self._policy,
            "copy_frequency_s": self._frequency,
            **self._figures,
        }
        for name, field in fields.items():
            issue = found.get(name)
            field.set_issue(issue.text if issue is not None else None, _status(issue))
            if insist:
                field.reveal()
        self._first_copy.show_issue(found.get("start_at"), insist=insist)

    def own_issues(self) -> tuple[Issue, ...]:
        return tuple(self._own.values())

    def first_focus(self) -> QWidget:
        if not self._draft.policy.create:
            return self._policies
        controls = {
            "name": self._name.edit,
            "copy_frequency_s": self._frequencies,
            "retention_h": self._retention.edit,
            "app_consistent_frequency_h": self._consistent.edit,
            "start_at": self._first_copy.first_focus(),
        }
        return next((control for field, control in controls.items() if field in self._wrong), self._policies)

    def _build(self) -> None:
        self._policy.setFixedWidth(Width.READING)
        self._form = QWidget()
        grid = QGridLayout(self._form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.XXL)
        grid.setVerticalSpacing(Space.L)
        fields = (self._name, self._frequency, self._retention, self._consistent)
        for place, field in enumerate(fields):
            grid.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._first_copy, 2, 0, 1, 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self._card = Card(self.tr("Figures"))
        self._card.body.addWidget(self._use)
        self._card.body.addWidget(self._facts)
        self._card.body.addWidget(self._form)
        line = Card(self.tr("What you could go back to"))
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        for each in self._words:
            words.addWidget(each)
        line.body.addWidget(self._timeline)
        line.body.addLayout(words)
        body = self.frame.body
        body.addWidget(self._policy)
        body.addWidget(self._card)
        body.addWidget(line)
        body.addStretch(1)

    def _connect(self) -> None:
        self._policies.picked.connect(self._on_policies_picked)
        self._name.value_edited.connect(lambda name: self._edit(replace(self._draft.policy, name=name)))
        self._frequencies.picked.connect(lambda key: self._edit(replace(self._draft.policy, copy_frequency_s=int(key))))
        for name, field in self._figures.items():
            field.value_edited.connect(lambda _text, name=name: self._on_figure_edited(name))
        self._first_copy.start_edited.connect(self._on_start_edited)

    def _options(self, context: Context) -> list[Option]:
        options = [self._option(each) for each in context.estate.policies]
        options.sort(key=lambda option: (bool(option.reason), option.text.casefold()))
        return [*options, Option(_NEW, self.tr("New policy…"), icon="create")]

    def _option(self, policy: ReplicationPolicy) -> Option:
        reason = "" if policy.kind == REPLICATION_PROVIDER else self.tr("Another kind")
        every = copy_frequency_text(policy.copy_frequency_s)
        figures = self.tr("every {every}, keep {hours} h").format(every=every, hours=policy.retention_h)
        return Option(policy.id.key, policy.friendly_name, "" if reason else figures, "policies", reason)

    def _show(self) -> None:
        context, policy = self._context, self._draft.policy
        if context is None:
            return
        existing = None if policy.create else context.estate.policy(policy.name)
        self._policies.set_current(_NEW if policy.create else existing.id.key if existing is not None else None)
        self._form.setVisible(policy.create)
        self._facts.setVisible(existing is not None)
        self._use.setVisible(existing is not None)
        assert self._card.head is not None
        self._card.head.set_title(self.tr("New policy") if policy.create else self.tr("Figures"))
        self._card.head.set_detail(self._place_text(context) if policy.create else "")
        self._card.setVisible(policy.create or existing is not None)
        if existing is not None:
            self._show_existing(existing, context)
        if policy.create:
            self._name.set_text(policy.name)
            self._frequencies.set_current(str(policy.copy_frequency_s))
            for name, field in self._figures.items():
                if name not in self._own:
                    field.set_figure(getattr(policy, name))
            self._first_copy.load(policy.start_at, context.now)
        self._show_timeline(policy)

    def _place_text(self, context: Context) -> str:
        if not self._draft.site.name:
            return ""
        return self.tr("associated with the site {} when you run").format(self._draft.site.name)

    def _show_existing(self, policy: ReplicationPolicy, context: Context) -> None:
        app_h = policy.app_consistent_frequency_h
        self._facts.set_facts(
            (
                (self.tr("Copy frequency"), self.tr("every {}").format(copy_frequency_text(policy.copy_frequency_s))),
                (self.tr("Recovery points kept"), self.tr("{} h").format(policy.retention_h)),
                (
                    self.tr("Application-consistent"),
                    self.tr("every {} h").format(app_h) if app_h else self.tr("none"),
                ),
            )
        )
        self._use.set_status(Status.INFO, self._use_text(policy, context))

    def _use_text(self, policy: ReplicationPolicy, context: Context) -> str:
        """Who uses it, and whether the site may already."""
        count = sum(same(item.policy_id, policy.id.text) for item in context.estate.protected_items)
        if not count:
            used = self.tr("No machine replicates with it yet.")
        elif count == 1:
            used = self.tr("1 machine replicates with it.")
        else:
            used = self.tr("{} machines replicate with it.").format(f"{count:,}")
        site = site_of(self._draft, context.estate)
        container = context.estate.container(site) if site is not None else None
        if container is not None and context.estate.mapping(policy.id, container.id) is not None:
            return f"{used} {self.tr('It is in use at {}.').format(self._draft.site.name)}"
        place = self._draft.site.name or self.tr("the site")
        return f"{used} {self.tr('It is associated with {} when you run.').format(place)}"

    def _show_timeline(self, policy: PolicyChoice) -> None:
        figures = policy.copy_frequency_s, policy.retention_h, policy.app_consistent_frequency_h
        self._timeline.set_policy(*figures)
        for line, text in zip(self._words, timeline_words(*figures), strict=True):
            line.set_text(text)

    def _edit(self, policy: PolicyChoice) -> None:
        if policy == self._draft.policy:
            return
        if policy.create:
            self._new = policy
        self._draft = replace(self._draft, policy=policy)
        self._show()
        self.draft_edited.emit(self._draft)

    def _on_policies_picked(self, picked: str) -> None:
        assert self._context is not None
        self._own.clear()
        if picked == _NEW:
            self._edit(self._new)
            self._name.edit.setFocus()
            return
        policy = next(each for each in self._context.estate.policies if each.id.key == picked)
        self._edit(
            PolicyChoice(
                policy.friendly_name,
                create=False,
                copy_frequency_s=policy.copy_frequency_s,
                retention_h=policy.retention_h,
                app_consistent_frequency_h=policy.app_consistent_frequency_h,
            )
        )

    def _on_figure_edited(self, name: str) -> None:
        field = self._figures[name]
        problem = self._problem_alone(name, field.figure)
        if problem is None:
            self._own.pop(name, None)
            self._edit(replace(self._draft.policy, **{name: field.figure}))
        else:
            self._own[name] = problem
            field.set_issue(problem.text)
        self.own_issues_changed.emit()

    def _problem_alone(self, name: str, figure: float | None) -> Issue | None:
        """What is wrong with a figure whatever the other one is; nothing is asked of what they are together."""
        assert self._context is not None
        widest = {"retention_h": self._context.rules.policy.retention_max_h, "app_consistent_frequency_h": 0}
        policy = replace(self._draft.policy, **{**widest, name: -1 if figure is None else figure})
        issues = blocking(check_settings(replace(self._draft, policy=policy), self._context))
        return next((issue for issue in issues if issue.field == f"policy.{name}"), None)

    def _on_start_edited(self, start_at: str | None) -> None:
        self._first_copy_problem(start_at is None)
        if start_at is not None:
            self._edit(replace(self._draft.policy, start_at=start_at))
        self.own_issues_changed.emit()

    def _first_copy_problem(self, is_wrong: bool) -> None:
        self._own.pop("start_at", None)
        if is_wrong:
            self._own["start_at"] = Issue("policy.start_at", self._first_copy.sentence, short=self.tr("First copy"))


def _status(issue: Issue | None) -> Status:
    if issue is None or issue.severity is Severity.ERROR:
        return Status.CRITICAL
    return Status.WARNING if issue.severity is Severity.WARNING else Status.INFO
