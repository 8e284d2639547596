"""Step 4, replication settings: the vault's policies, one of them for the set-up, and what its figures mean in time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.domain.issue import Issue
from app.domain.policy_presets import PolicyPreset
from app.domain.policy_rules import PolicyFigures
from app.errors import AppError
from app.flows.draft import PolicyChoice, SetUpDraft
from app.flows.places import vault_id_of
from app.flows.policy_use import PolicyUse
from app.flows.step import Context
from app.runtime.write_access import WriteAccess
from ui.busy import Failure
from ui.notices import NoticeAction
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.wizard.framed_page import FramedPage, RefitCard, fit_card
from ui.wizard.known_rights import KnownRights
from ui.wizard.page import all_at_once
from ui.wizard.pages.policy_rows import NEW_KEY, PolicyRow, chosen_key, policy_columns, policy_rows
from ui.wizard.pages.policy_sheets import ASSOCIATE, CHANGE, DELETE, DISSOCIATE, PolicySheets
from ui.wizard.pages.settings_parts import SettingsParts
from ui.wizard.requests import CarryOut, ReadAgain, Request

_ALL_THE_ROOM = 100
"""The head's own stretch leaves it to the bar."""
_STACK_BELOW = 860
"""Px of the page below which the picture moves under the form."""
_LEAST_CARD = 240
"""Px of the card of policies that stay when the page has to scroll."""
_SECTION = "policy."


class SettingsPage(FramedPage):
    """Edits `draft.policy`; what is done to policies that are there goes out at once, from sheets.

    A figure that is none stays in its field and stops Next; the draft keeps the last one.
    """

    step_id = "settings"

    def __init__(self, theme: Theme, parts: SettingsParts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, scrolls=True, parent=parent)
        parts = parts or all_at_once(SettingsParts.in_turns(theme))
        self._bar, self._form, self._first_copy, self._facts, self._presets, self._side = parts
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._new = PolicyChoice()
        self._is_loading = False
        self._has_wrong_start = False
        self._wrong: tuple[str, ...] = ()
        self._table: TableView[PolicyRow] = TableView(
            theme,
            RecordTableModel(
                policy_columns(), lambda row: row.key, is_muted=lambda row: not row.is_usable, parent=self
            ),
            name="settings-policies",
            empty=self._empty(),
            label=self.tr("Replication policies"),
            framed=False,
        )
        self._sheets = PolicySheets(theme, self)
        self._build()
        self._connect()

    @property
    def use_text(self) -> str:
        """Who uses the chosen policy, as shown."""
        return "" if self._facts.isHidden() else self._facts.use_text

    def message_of(self, name: str) -> str:
        """What stands below the control of that object name, without the page's own part of it."""
        named = {field.control.objectName(): field.message for field in self._form.fields.values()}
        begin, end = self._first_copy.quiet_messages
        named |= {
            "settings-start-time": self._first_copy.message,
            "settings-quiet-from": begin,
            "settings-quiet-to": end,
        }
        return named[f"settings-{name}"]

    # The wizard's side

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        parts = yield from SettingsParts.in_turns(theme)
        return cls(theme, parts)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        if draft.policy.create:
            self._new = draft.policy
        self.frame.header.set_freshness(self.tr("Updated {}").format(f"{context.now.astimezone():%H:%M:%S}"))
        self._show()
        self._sheets.load(draft, context)

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        found: dict[str, Issue] = {}
        for issue in (*issues, *self.own_issues()):
            known = found.get(issue.field.removeprefix(_SECTION))
            if known is None or issue.severity.rank < known.severity.rank:
                found[issue.field.removeprefix(_SECTION)] = issue
        self._wrong = tuple(field for field, issue in found.items() if issue.is_blocking) if insist else ()
        self._form.show_issues(found if self._draft.policy.create else {}, insist=insist)
        self._first_copy.show_issues(
            found.get("start_at"), found.get("quiet_from"), found.get("quiet_to"), insist=insist
        )
        self._show_facts(tuple(issue for issue in issues if issue.field == f"{_SECTION}name"))

    def own_issues(self) -> tuple[Issue, ...]:
        if not self._draft.policy.create:
            return ()
        own = tuple(replace(issue, field=f"{_SECTION}{issue.field}") for issue in self._form.own_issues)
        if not self._has_wrong_start:
            return own
        start = Issue(f"{_SECTION}start_at", self._first_copy.sentence, short=self.tr("First copy"))
        return (*own, start)

    def first_focus(self) -> QWidget:
        if not self._draft.policy.create:
            return self._table.grid
        for field in self._wrong:
            if field in self._form.fields:
                return self._form.control_of(field)
            if field == "start_at":
                return self._first_copy.first_focus()
            if field.startswith("quiet"):
                return self._first_copy.quiet_focus()
        return self._table.grid

    def use(self, access: WriteAccess, rights: KnownRights) -> None:
        super().use(access, rights)
        purposes = (CHANGE, ASSOCIATE, DISSOCIATE, DELETE)
        for button, purpose in zip(self._bar.on_existing, purposes, strict=True):
            self.guard(button, lambda rights, purpose=purpose: self._sheets.refusal(rights, purpose))

    def started(self, request: Request) -> None:
        if isinstance(request, ReadAgain):
            self._table.show_veil()
        self._sheets.started(request)
        self._presets.started(request)

    def progressed(self, request: Request, progress: object) -> None:
        self._sheets.progressed(request, progress)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if isinstance(request, ReadAgain):
            self._table.clear_busy()
            if isinstance(outcome, AppError):
                self._show_unread(outcome)
        self._sheets.finished(request, outcome)
        self._presets.finished(request, outcome)
        if isinstance(request, ReadAgain | CarryOut):
            self._follow_policy()

    def _show_unread(self, error: AppError) -> None:
        again = NoticeAction(self.tr("Try again"), self._read_again)
        if not self._table.show_failure(Failure(error.title, error.advice, (again,))):
            self._table.show_stale(error.title, self._read_again)
        self._fit()

    # What is shown

    def _build(self) -> None:
        refresh = Button(self.theme, self.tr("Re&fresh"), icon="refresh")
        refresh.setObjectName("settings-refresh")
        refresh.clicked.connect(self._read_again)
        self.frame.header.add_button(refresh)
        self._card = RefitCard(self.tr("Replication policies"), flush=True)
        self._card.width_changed.connect(self._fit)
        assert self._card.head is not None
        self._card.head.row.addWidget(self._bar, _ALL_THE_ROOM)
        self._card.body.addWidget(self._table, 1)
        self._figures = Card(self.tr("Figures"))
        self._figures.body.addWidget(self._presets)
        self._figures.body.addWidget(self._form)
        self._figures.body.addSpacing(Space.S)
        self._figures.body.addWidget(self._first_copy)
        self._figures.body.addWidget(self._facts)
        self._encryption = Text(self._encryption_text(), TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._encryption.setObjectName("settings-encryption")
        self._figures.body.addWidget(self._encryption)
        self._figures.body.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(Space.M)
        self._columns.addWidget(self._figures, 1, Qt.AlignmentFlag.AlignTop)
        self._columns.addWidget(self._side, 1)
        body = self.frame.body
        body.addWidget(self._card, _ALL_THE_ROOM)
        body.addLayout(self._columns)
        body.addStretch(1)

    def _connect(self) -> None:
        self._table.selection_changed.connect(self._on_table_selection_changed)
        self._table.opened.connect(lambda row: self._bar.change.click())
        self._bar.new_requested.connect(self._on_new_requested)
        for signal, open_sheet in (
            (self._bar.change_requested, self._sheets.open_change),
            (self._bar.associate_requested, self._sheets.open_association),
            (self._bar.dissociate_requested, self._sheets.open_dissociation),
            (self._bar.delete_requested, self._sheets.open_deletion),
            (self._facts.machines_requested, self._sheets.open_machines),
        ):
            signal.connect(lambda open_sheet=open_sheet: self._with_selected(open_sheet))
        self._form.name_edited.connect(lambda name: self._edit(replace(self._draft.policy, name=name)))
        self._form.figures_edited.connect(self.take_figures)
        self._presets.preset_chosen.connect(self._on_preset_chosen)
        self._presets.requested.connect(self.requested)
        self._presets.sheet_opened.connect(self.sheet_opened)
        self._form.wrong_changed.connect(self.own_issues_changed)
        self._first_copy.start_edited.connect(self._on_start_edited)
        self._first_copy.quiet_edited.connect(self._on_quiet_edited)

    def _empty(self) -> Message:
        return Message(
            "policies",
            self.tr("This vault has no replication policy yet"),
            self.tr("A policy says how often changes are sent, and how far back one can go."),
            (Step(self.tr("New policy"), self._on_new_requested, "create", Kind.PRIMARY),),
        )

    def _encryption_text(self) -> str:
        return self.tr(
            "Encryption: on its way always by TLS, and at rest by Azure Storage itself. There is nothing to choose."
        )

    @property
    def _selected(self) -> PolicyRow | None:
        return next(iter(self._table.selected_records), None)

    def _show(self) -> None:
        """Show what the draft says, in every part."""
        context, policy = self._context, self._draft.policy
        if context is None:
            return
        self._show_rows(context)
        row = self._selected
        is_known = policy.create or chosen_key(self._draft, context) is not None
        self._figures.setVisible(is_known)
        self._side.setVisible(is_known and (row is None or row.is_usable))  # of another kind there are no figures
        self._encryption.setVisible(row is None or row.is_encrypted_today)
        for part in (self._presets, self._form, self._first_copy):
            part.setVisible(policy.create)
        figures = PolicyFigures(policy.copy_frequency_s, policy.retention_h, policy.app_consistent_frequency_h)
        if policy.create:
            self._presets.load(policy, context)
            self._form.load(figures, context.rules, name=policy.name)
        else:
            figures = row.figures if row is not None else figures
        if not self._has_wrong_start:
            self._first_copy.load(policy.start_at, policy.quiet_from, policy.quiet_to, context.now)
        assert self._figures.head is not None
        title = self.tr("New policy") if policy.create else policy.name or self.tr("Figures")
        self._figures.head.set_title(title, is_name=not policy.create)
        self._figures.head.set_detail(self._place_text() if policy.create else "")
        self._side.load(self._draft, context)
        self._show_facts(())

    def _show_rows(self, context: Context) -> None:
        is_read = context.estate.is_of(vault_id_of(self._draft.vault))
        new = self._new if self._draft.policy.create else None
        self._is_loading = True
        try:
            if is_read or new is not None:
                self._table.clear_stale()
                self._table.set_records(policy_rows(self._draft, context, new))
            chosen = chosen_key(self._draft, context)
            self._table.select([chosen] if chosen is not None else [])
        finally:
            self._is_loading = False
        sites = tuple(site.friendly_name for site in context.estate.sites) if is_read else ()
        self._bar.show_selection(self._selected, sites=sites)
        assert self._card.head is not None
        count = sum(row.use is not None for row in self._table.model.records())
        self._card.head.set_detail(f"{count:,}" if count else "")
        self._fit()

    def _show_facts(self, issues: tuple[Issue, ...]) -> None:
        row = self._selected
        use = row.use if row is not None else None
        self._facts.setVisible(use is not None)
        if use is not None:
            self._facts.load(use, self._draft.site.name, (*issues, *use.issues))

    def _place_text(self) -> str:
        if not self._draft.site.name:
            return ""
        return self.tr("associated with the site {} when you run").format(self._draft.site.name)

    def _fit(self) -> None:
        fit_card(self._card, self._table)
        self._card.setMinimumHeight(min(self._card.maximumHeight(), _LEAST_CARD))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the picture moves below the form."""
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        self._columns.setDirection(ways.TopToBottom if self.width() < _STACK_BELOW else ways.LeftToRight)

    # What the user does

    def _on_preset_chosen(self, preset: PolicyPreset) -> None:
        """Its figures stand in the fields, whatever was wrong there."""
        self._form.forget()
        self.take_figures(preset.figures)
        self._show()
        self.own_issues_changed.emit()

    def take_figures(self, figures: PolicyFigures) -> None:
        """Have these for the policy of the set-up: typed, from a preset, or read from Azure."""
        self._edit(
            replace(
                self._draft.policy,
                copy_frequency_s=figures.copy_frequency_s,
                retention_h=figures.retention_h,
                app_consistent_frequency_h=figures.app_consistent_frequency_h,
            )
        )

    def _edit(self, policy: PolicyChoice) -> None:
        if policy == self._draft.policy:
            return
        if policy.create:
            self._new = policy
        self._draft = replace(self._draft, policy=policy)
        self._show()
        self.draft_edited.emit(self._draft)

    def _with_selected(self, open_sheet: Callable[[PolicyUse], None]) -> None:
        row = self._selected
        if row is not None and row.use is not None:
            open_sheet(row.use)

    def _follow_policy(self) -> None:
        """The figures of a policy that is there are its own, whoever changed them."""
        row = self._selected
        if row is not None and row.use is not None and row.use.is_ours:
            self.take_figures(row.use.figures)

    def _read_again(self) -> None:
        self.requested.emit(ReadAgain())

    def _on_table_selection_changed(self) -> None:
        row = self._selected
        if self._is_loading or row is None:
            return
        if row.key == NEW_KEY:
            self._on_new_requested()
            return
        self._form.forget()
        if self._has_wrong_start:
            self._has_wrong_start = False
            self._first_copy.forget()
        quiet = self._draft.policy
        self._edit(
            PolicyChoice(
                row.name,
                create=False,
                copy_frequency_s=row.figures.copy_frequency_s,
                retention_h=row.figures.retention_h,
                app_consistent_frequency_h=row.figures.app_consistent_frequency_h,
                quiet_from=quiet.quiet_from,
                quiet_to=quiet.quiet_to,
            )
        )

    def _on_new_requested(self) -> None:
        """What was typed for a new policy is there again."""
        kept = self._draft.policy
        new = replace(self._new, create=True, quiet_from=kept.quiet_from, quiet_to=kept.quiet_to)
        if not self._draft.policy.create:
            self._edit(new)
        self._table.grid.make_current(NEW_KEY)
        self._form.name.edit.setFocus()

    def _on_start_edited(self, start_at: str | None) -> None:
        self._has_wrong_start = start_at is None
        if start_at is not None:
            self._edit(replace(self._draft.policy, start_at=start_at))
        self.own_issues_changed.emit()

    def _on_quiet_edited(self, begin: str, end: str) -> None:
        self._edit(replace(self._draft.policy, quiet_from=begin, quiet_to=end))
