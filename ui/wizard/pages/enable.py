"""The page of step 6: choose machines and how each will live in Azure, in one grid.

The check box is the choice kept in the draft; the neutral tint marks the current row, which the strip below explains.
A name that Azure would refuse stays in its cell and out of the draft, and Next leads back to it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import replace
from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.domain.issue import Issue
from app.domain.machine_sizes import check_size
from app.domain.sizes import size_text
from app.domain.support import READY
from app.flows.draft import SetUpDraft
from app.flows.places import site_of, vault_id_of
from app.flows.set_up_quota import set_up_quota
from app.flows.step import Context
from ui.quota.sheet import QuotaDockedSheet
from ui.tables.filter_bar import FilterBar
from ui.tables.grid_view import Ring
from ui.tables.record_model import Checks, RecordTableModel
from ui.tables.row_filter import RowFilter
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.callout import Refusal
from ui.widgets.card import Card
from ui.widgets.focus_ring import lead_focus
from ui.widgets.picker import Option
from ui.widgets.reasoned_button import ReasonedButton
from ui.widgets.surface import horizontal_line
from ui.wizard.framed_page import FramedPage
from ui.wizard.page import all_at_once
from ui.wizard.pages.enable_columns import (
    column_of,
    enable_columns,
    enable_groups,
    group_of,
    readiness_facet,
    status_of,
)
from ui.wizard.pages.enable_parts import EnableParts
from ui.wizard.pages.enable_rows import MACHINES, MachineRow, MachineRows, Offer, differs, name_issue
from ui.wizard.pages.enable_sheets import BulkSheet, DisksSheet
from ui.wizard.pages.landing_door import LandingDoor
from ui.wizard.requests import JumpTo, ReadAgain, Request

_BY_AZURE = "by_azure"
"""The key of the option that leaves the size to Azure; a picker's keys are never empty."""


class EnablePage(FramedPage):
    """Edits `draft.machines`."""

    step_id = "enable"

    def __init__(self, theme: Theme, parts: EnableParts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self.bulk_bar, self.quota_line, self.strip = parts or all_at_once(EnableParts.in_turns(theme))
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._offer: Offer | None = None
        self._rows = MachineRows()
        self._is_loading = False
        self._check_again = Button(theme, self.tr("Check a&gain"), icon="refresh")
        self._check_again.setObjectName("enable-check-again")
        self._landing = LandingDoor(self)
        self._land = Button(theme, self.tr("What would l&and…"), icon="network")
        self._land.setObjectName("enable-what-would-land")
        self.table = self._build_table()
        self._filter_bar = FilterBar(theme, self.table.model, placeholder=self.tr("Filter by name, system or reason"))
        self._filter_bar.box.setObjectName("enable-filter")
        self._disks_button = ReasonedButton(theme, self.tr("&Disks…"), small=True)
        self._disks_button.setObjectName("enable-disks")
        self._copy_button = Button(theme, self.tr("Copy"), icon="copy", small=True)
        self._copy_button.setObjectName("enable-copy-reason")
        self._build()
        self._connect()
        self._explain()

    def _build_table(self) -> TableView[MachineRow]:
        model = RecordTableModel(
            enable_columns(self._current_offer),
            lambda row: row.key,
            groups=enable_groups(),
            group_of=group_of,
            facets=(readiness_facet(),),
            checks=Checks.CHOICE,
            can_choose=lambda row: row.may_be_chosen,
            is_muted=lambda row: not row.may_be_chosen,
            parent=self,
        )
        empty = Message("machine", self.tr("No machine is known yet"))
        return TableView(
            self.theme,
            model,
            name="enable-table",
            empty=empty,
            ring=Ring.CELL,
            label=self.tr("Machines of the site"),
            framed=False,
        )

    def _build(self) -> None:
        self.table.top.addWidget(self._filter_bar)
        self.table.top.addWidget(self.bulk_bar)
        self.strip.add_button(self._disks_button)
        self.strip.add_button(self._copy_button)
        card = Card(flush=True)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(horizontal_line())
        card.body.addWidget(self.quota_line)
        card.body.addWidget(self.strip)
        self.frame.header.add_button(self._land)
        self.frame.header.add_button(self._check_again)
        self.frame.body.addWidget(card, 1)

    def _connect(self) -> None:
        model = self.table.model
        model.chosen_changed.connect(self._on_chosen_changed)
        model.records_replaced.connect(self._on_records_replaced)
        self.table.current_changed.connect(self._explain)
        self.table.opened.connect(lambda _row: self._disks_button.click())
        self.bulk_bar.choose_ready_requested.connect(self._choose_ready)
        self.bulk_bar.clear_requested.connect(lambda: model.choose(model.chosen_keys, False))
        self.bulk_bar.size_requested.connect(self._open_sizes)
        self.bulk_bar.subnet_requested.connect(self._open_subnets)
        self._disks_button.activated.connect(self._open_disks)
        self._copy_button.clicked.connect(lambda _checked: self.strip.copy())
        self.quota_line.opened.connect(self._open_quota)
        self._land.clicked.connect(lambda _checked: self._open_landing())
        self._check_again.clicked.connect(lambda _checked: self.requested.emit(ReadAgain()))
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._filter_bar.focus_box)

    # What the wizard says

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        parts = yield from EnableParts.in_turns(theme)
        return cls(theme, parts)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        self._offer = Offer(draft, context)
        self._landing.load(draft, context)
        self._is_loading = True
        if context.estate.is_of(vault_id_of(draft.vault)):
            self.table.clear_busy()
            self.table.set_empty(self._nothing_there())
            self.table.set_records(self._rows.build(draft, context, self._offer))
            self._show_choice()
        else:
            self.table.show_veil()
        self._is_loading = False
        self._show_counts()
        self._explain()

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        self._rows.show_issues(issues, insist=insist)
        self._show_rows()
        missing = next((issue.text for issue in issues if issue.field == MACHINES and issue.is_blocking), "")
        self.bulk_bar.show_missing(missing if insist else "")
        self._show_quota()
        self._explain()

    def own_issues(self) -> tuple[Issue, ...]:
        return tuple(name_issue(row) for row in self.table.model.chosen_records() if row.typed_name is not None)

    def first_focus(self) -> QWidget:
        """The cell that is wrong, brought into view, or the grid."""
        wrong = [row for row in self.table.model.chosen_records() if row.problem]
        if wrong:
            first = min(wrong, key=lambda row: row.typed_name is None)
            if self.table.model.row_of(first.key) is None:
                self.table.model.set_filter(RowFilter())
            self.table.grid.make_current(first.key, column_of(first))
        return self.table.grid

    def started(self, request: Request) -> None:
        self._check_again.setEnabled(False)

    def finished(self, request: Request, outcome: object) -> None:
        self._check_again.setEnabled(True)
        self._landing.finished(request, outcome)

    # The grid

    def _current_offer(self) -> Offer:
        assert self._offer is not None, "there are rows only after `load`"
        return self._offer

    def _nothing_there(self) -> Message:
        site = self._draft.site.name
        title = self.tr("No machine is known yet")
        text = self.tr("Azure lists the machines once a host of {site} has registered and reported them.")
        if self._context is None or site_of(self._draft, self._context.estate) is None:
            title, text = self.tr("No site is there yet"), self.tr("Machines come from the hosts of a Hyper-V site.")
        step = Step(self.tr("Open Source"), lambda: self.requested.emit(JumpTo("source")))
        return Message("machine", title, text.format(site=site), (step,))

    def _show_choice(self) -> None:
        """Tick what the draft has."""
        model = self.table.model
        wanted = {choice.machine_id.lower() for choice in self._draft.machines}
        model.choose(model.chosen_keys - wanted, False)
        model.choose(wanted)

    def _show_rows(self, edited: Iterable[MachineRow] = ()) -> None:
        fresh = {row.key: row for row in edited}
        records = self.table.model.records()
        rows = [fresh[row.key] if row.key in fresh else self._rows.keep(row) for row in records]
        if any(row is not record for row, record in zip(rows, records, strict=True)):
            self.table.model.set_records(rows)

    def _on_records_replaced(self, rows: list[MachineRow]) -> None:
        rules = self._current_offer().rules
        self._show_rows([self._rows.edited(row, rules) for row in rows])
        self._take_choice()

    def _on_chosen_changed(self) -> None:
        if not self._is_loading:
            self._take_choice()

    def _take_choice(self) -> None:
        """Put the chosen machines, as the grid has them, into the draft."""
        self._show_counts()
        self._explain()
        chosen = {row.key: row.choice for row in self.table.model.chosen_records()}
        before = [choice.machine_id.lower() for choice in self._draft.machines]
        kept = [chosen.pop(key) for key in before if key in chosen]
        machines = (*kept, *chosen.values())
        if machines != self._draft.machines:
            self._draft = replace(self._draft, machines=machines)
            self.draft_edited.emit(self._draft)
        self.own_issues_changed.emit()

    def _show_counts(self) -> None:
        model = self.table.model
        chosen = model.chosen_records()
        self.bulk_bar.show_choice(len(chosen), model.total_count, sum(row.size_mib for row in chosen))

    def _choose_ready(self) -> None:
        rows = self.table.model.shown_records()
        self.table.model.choose(row.key for row in rows if row.verdict == READY and row.may_be_chosen)

    # The strip

    def _explain(self) -> None:
        row = self.table.current_record
        self._copy_button.setEnabled(row is not None)
        if row is None:
            self._disks_button.refuse(
                Refusal(self.tr("No machine is picked"), self.tr("Move to the row of a machine first."))
            )
            hint = self.tr(
                "Space ticks a machine, F2 changes a cell, Ctrl+D repeats it downwards, Enter opens its disks."
            )
            self.strip.explain(None, self.tr("Choose the machines to protect"), hint)
            return
        if row.may_be_chosen and row.item is not None:
            self._disks_button.allow()
        else:
            title = self.tr("The disks of {machine} can’t be chosen").format(machine=row.name)
            self._disks_button.refuse(Refusal(title, self._headline(row)))
        self.strip.explain(status_of(row), self._headline(row), *self._explanation(row))

    def _headline(self, row: MachineRow) -> str:
        if row.is_replicating:
            text = self.tr("{machine} is replicating already")
        elif row.problem:
            text = self.tr("{machine} needs work")
        elif row.item is None or not row.may_be_chosen:
            text = self.tr("{machine} can’t be protected as it is")
        else:
            text = self.tr("{machine} is ready") if row.verdict == READY else self.tr("{machine} needs care")
        return text.format(machine=row.name)

    def _explanation(self, row: MachineRow) -> tuple[str, str]:
        """What is so, and what to do about it."""
        if row.is_replicating:
            return self.tr("It is watched under Replicated items."), ""
        if row.typed_name is not None:
            kept = self.tr("Until then the set-up keeps {name}.").format(name=row.choice.azure_name)
            return f"{row.problem} {kept}", ""
        elsewhere = differs(row, self._current_offer())
        if row.problem:
            return f"{row.problem} {elsewhere}".strip(), ""
        if row.verdict != READY:
            return f"{row.verdict.reason} {elsewhere}".strip(), row.verdict.remedy
        words = self.tr("{size} are replicated. After a failover it runs as {name} in {subnet}, {as_size}.")
        as_size = row.choice.size or self.tr("in a size that Azure chooses")
        text = words.format(
            size=size_text(row.size_mib), name=row.azure_name, subnet=row.subnet or "–", as_size=as_size
        )
        return f"{text} {elsewhere}".strip(), ""

    def _show_quota(self) -> None:
        if self._context is not None:
            verdict = set_up_quota(self._draft, self._context) if self._draft.machines else None
            self.quota_line.show_verdict(verdict, self._context.rules)

    # The sheets

    def _open_quota(self) -> None:
        verdict = self.quota_line.verdict
        if verdict is None:
            return
        sheet = QuotaDockedSheet(self.theme, verdict, self._current_offer().rules)
        sheet.cancelled.connect(self.room.close_sheet)
        self.room.open_sheet(sheet)
        lead_focus(sheet.submit_button)

    def _open_landing(self) -> None:
        if self._context is not None:
            self._landing.open(self._draft, self._context)

    def _open_disks(self) -> None:
        row = self.table.current_record
        if row is None or row.item is None:
            return
        sheet = DisksSheet(self.theme, row, self._current_offer().rules)
        sheet.disks_chosen.connect(lambda os_disk, disks: self._take_disks(sheet.machine_id, os_disk, disks))
        sheet.cancelled.connect(self.room.close_sheet)
        self.room.open_sheet(sheet)
        lead_focus(sheet.first_focus())

    def _take_disks(self, machine_id: str, os_disk_id: str, disk_ids: tuple[str, ...]) -> None:
        self.room.close_sheet()
        row = self.table.model.record(machine_id.lower())
        if row is not None:
            self._on_records_replaced(
                [replace(row, choice=replace(row.choice, os_disk_id=os_disk_id, disk_ids=disk_ids))]
            )

    def _open_sizes(self) -> None:
        offer = self._current_offer()
        chosen = self.table.model.chosen_records()
        needs = {(row.data_disk_count, row.item.generation if row.item else 0): row for row in chosen}
        options = [Option(_BY_AZURE, self.tr("Azure chooses"), self.tr("by cores and memory"))]
        for size in sorted(offer.sizes, key=lambda size: (size.cores, size.memory_mib, size.name)):
            unfit = (
                row.name
                for (disks, generation), row in needs.items()
                if check_size(size.name, data_disks=disks, generation=generation, offered=(size,), rules=offer.rules)
            )
            name = next(unfit, "")
            reason = self.tr("not for {machine}").format(machine=name) if name else ""
            words = self.tr("{cores} cores, {memory}")
            secondary = words.format(cores=size.cores, memory=size_text(size.memory_mib))
            options.append(Option(size.name, size.name, secondary, reason=reason))
        self._open_bulk("size", self.tr("Size of {count} machines"), self.tr("Size in Azure"), options)

    def _open_subnets(self) -> None:
        options = [Option(name, name) for name in self._current_offer().subnets]
        self._open_bulk("subnet", self.tr("Subnet of {count} machines"), self.tr("Subnet after a failover"), options)

    def _open_bulk(self, column_id: str, title: str, label: str, options: list[Option]) -> None:
        count = f"{len(self.table.model.chosen_keys):,}"
        submit = self.tr("Set for {count}").format(count=count)
        sheet = BulkSheet(self.theme, title.format(count=count), label, submit, options)
        sheet.answered.connect(lambda key: self._set_for_all(column_id, key))
        sheet.cancelled.connect(self.room.close_sheet)
        self.room.open_sheet(sheet)
        lead_focus(sheet.picker)

    def _set_for_all(self, column_id: str, key: str) -> None:
        self.room.close_sheet()
        text = self.tr("Azure chooses") if key == _BY_AZURE else key
        chosen = [row.key for row in self.table.model.chosen_records()]
        self.table.edits.set_column(column_id, chosen, text)
