"""Step 3, the target: group, storage account and network in Azure, each with the reason where it does not suit."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from functools import partial
from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.issue import Issue, blocking
from app.domain.no_move_rules import Fixed
from app.domain.storage_rules import StorageUse
from app.errors import AppError
from app.flows.draft import NetworkChoice, SetUpDraft, StorageChoice, TargetChoice
from app.flows.no_moves import short_sentence
from app.flows.replica import goes_to_managed_disks, logs_purpose, needs_logs
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.labels import StatusLine, Text
from ui.widgets.made_ahead import MadeAhead
from ui.wizard.framed_page import FramedPage
from ui.wizard.page import all_at_once
from ui.wizard.pages.landing_door import LandingDoor
from ui.wizard.pages.network_sheet import NetworkSheet
from ui.wizard.pages.no_moves_note import NoMovesNote
from ui.wizard.pages.storage_rows import choice_of
from ui.wizard.pages.storage_sheet import StorageSheet
from ui.wizard.pages.target_parts import TargetParts
from ui.wizard.requests import CheckStorageName, ReadAgain, Request

_REPLICA = "target.replica"
_FIELDS = {StorageUse.DATA: "target.storage", StorageUse.LOGS: "target.logs"}
_NETWORK = "target.network"


class TargetPage(FramedPage):
    """Edits `draft.target`. Account and network to be created are answers like others until the review's run."""

    step_id = "target"

    def __init__(self, theme: Theme, parts: TargetParts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, scrolls=True, parent=parent)
        self.places, self.replica, self.storage, self.logs, self.network = parts or all_at_once(
            TargetParts.in_turns(theme)
        )
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._sheet: StorageSheet | NetworkSheet | None = None
        self._sheet_for = ""
        self._left: dict[str, StorageChoice | NetworkChoice] = {}
        self._storage_sheets = MadeAhead(self, partial(StorageSheet, theme, self.tr("New storage account")))
        self._network_sheets = MadeAhead(self, partial(NetworkSheet, theme, self.tr("New virtual network")))
        self._wrong: tuple[str, ...] = ()
        self._logs_purpose = StatusLine(theme, Status.INFO, style=TextStyle.CAPTION)
        self._accounts = {StorageUse.DATA: self.storage, StorageUse.LOGS: self.logs}
        self.landing = LandingDoor(self)
        self.no_moves = NoMovesNote(theme)
        self._build()
        self.places.chosen.connect(self._edit)
        self.replica.chosen.connect(lambda kind: self._edit(replace(self._target, replica=kind)))
        self.replica.type_chosen.connect(lambda kind: self._edit(replace(self._target, disk_type=kind)))
        for use, card in self._accounts.items():
            card.chosen.connect(partial(self._choose_account, use))
            card.new_requested.connect(partial(self._open_storage_sheet, use))
            card.requested.connect(self.requested)
        self.network.chosen.connect(lambda choice: self._edit(replace(self._target, network=choice)))
        self.network.new_requested.connect(self._open_network_sheet)
        self.network.requested.connect(self.requested)

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        parts = yield from TargetParts.in_turns(theme)
        return cls(theme, parts)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        self.places.load(draft, context)
        self._show_answers()
        self.frame.header.set_freshness(self.tr("Updated {}").format(f"{context.now.astimezone():%H:%M:%S}"))
        self._load_sheet()
        if self._sheet is None and self.isVisible():
            self._storage_sheets.get_ready(self._sheet_purpose(Fixed.STORAGE), StorageUse.DATA)
            self._network_sheets.get_ready(self._sheet_purpose(Fixed.NETWORK))
        self.landing.load(draft, context)

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        self._wrong = tuple(issue.field for issue in blocking(issues)) if insist else ()
        self.places.show_issues(issues, insist=insist)
        self.replica.show_issues(tuple(issue for issue in issues if issue.field.startswith(_REPLICA)))
        for use, card in self._accounts.items():
            choice = choice_of(self._draft, use)
            is_chosen = bool(choice.account_id or choice.create)
            of_card = tuple(issue for issue in issues if issue.field.startswith(_FIELDS[use]))
            card.show_issues(of_card, insist=insist, is_chosen=is_chosen)
        self.network.show_issues(tuple(issue for issue in issues if issue.field.startswith(_NETWORK)), insist=insist)

    def own_issues(self) -> tuple[Issue, ...]:
        """Whoever has typed into a sheet and goes on believes that it was added."""
        if self._sheet is None or self._sheet.begun is None:
            return ()
        text = (
            self.tr("The new storage account is not added yet. Add it to the set-up, or cancel it.")
            if isinstance(self._sheet, StorageSheet)
            else self.tr("The new network is not added yet. Add it to the set-up, or cancel it.")
        )
        return (Issue("target.sheet", text, short=self.tr("Not added yet")),)

    def first_focus(self) -> QWidget:
        if self._sheet is not None:
            return self._sheet.first_focus()
        of_places = self.places.first_focus()
        if of_places is not None:
            return of_places
        if any(field.startswith(_REPLICA) for field in self._wrong):
            return self.replica.first_focus()
        for use, card in self._accounts.items():
            if any(field.startswith(_FIELDS[use]) for field in self._wrong):
                return card.first_focus()
        of_network = self.network.first_focus() if self._wrong else None
        return of_network or self.places.start

    def started(self, request: Request) -> None:
        if isinstance(request, ReadAgain):
            for card in self._accounts.values():
                card.table.show_veil()

    def finished(self, request: Request, outcome: object | AppError) -> None:
        self.landing.finished(request, outcome)
        if isinstance(request, ReadAgain):
            for card in self._accounts.values():
                card.table.clear_busy()
        elif isinstance(request, CheckStorageName) and isinstance(self._sheet, StorageSheet):
            self._sheet.show_answer(request.name, outcome if isinstance(outcome, AppError) else str(outcome))

    @property
    def _target(self) -> TargetChoice:
        return self._draft.target

    def _build(self) -> None:
        refresh = Button(self.theme, self.tr("Re&fresh"), icon="refresh")
        refresh.setObjectName("target-refresh")
        refresh.clicked.connect(lambda: self.requested.emit(ReadAgain()))
        self.frame.header.add_button(refresh)
        body = self.frame.body
        body.addWidget(self.places)
        body.addWidget(self.replica)
        body.addWidget(self.storage)
        body.addWidget(self._logs_purpose)
        body.addWidget(self.logs)
        body.addWidget(self.network)
        body.addLayout(self._landing_row())
        body.addWidget(self.no_moves)
        body.addStretch(1)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._on_find_activated)

    def _landing_row(self) -> QHBoxLayout:
        look = Button(self.theme, self.tr("What would &land…"), icon="review")
        look.setObjectName("target-landing")
        look.clicked.connect(self._open_landing)
        says = self.tr("Subnet, address, network cards and size that each machine would get, for real and in a test.")
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(look)
        row.addWidget(Text(says, TextStyle.CAPTION, Role.TEXT2, wrap=True), 1)
        return row

    def _show_answers(self) -> None:
        """Show what the draft says, in every part."""
        context = self._context
        if context is None:
            return
        self.places.show_target(self._target)
        self.replica.load(self._draft, context)
        self.storage.setVisible(not goes_to_managed_disks(self._draft))
        has_logs = needs_logs(self._draft, context)
        self.logs.setVisible(has_logs)
        self._logs_purpose.setVisible(has_logs)
        if has_logs:
            self._logs_purpose.set_status(Status.INFO, logs_purpose(self._draft))
            self.logs.load(self._draft, context)
        if not goes_to_managed_disks(self._draft):
            self.storage.load(self._draft, context)
        self.network.load(self._draft, context)
        self.no_moves.load(context)

    def _edit(self, target: TargetChoice) -> None:
        if target == self._target:
            return
        self._draft = replace(self._draft, target=target)
        self._show_answers()
        self._load_sheet()
        self.draft_edited.emit(self._draft)

    def _choose_account(self, use: StorageUse, choice: StorageChoice) -> None:
        data = use is StorageUse.DATA
        self._edit(replace(self._target, storage=choice) if data else replace(self._target, logs=choice))

    def _on_find_activated(self) -> None:
        card = self.logs if goes_to_managed_disks(self._draft) else self.storage
        card.filter.setFocus()

    # Sheets

    def _open_landing(self) -> None:
        if self._context is not None:
            self.landing.open(self._draft, self._context)

    def _open_storage_sheet(self, use: StorageUse) -> None:
        if self._context is None or self._sheet_for == use:
            return
        sheet = self._storage_sheets.take(self._sheet_purpose(Fixed.STORAGE), use)
        chosen = choice_of(self._draft, use)
        sheet.load(self._draft, self._context, chosen if chosen.create else None)
        left = self._left.pop(use, None)
        if isinstance(left, StorageChoice):
            sheet.go_on(left)
        sheet.name_asked.connect(lambda name: self.requested.emit(CheckStorageName(name)))
        sheet.added.connect(partial(self._on_storage_added, use))
        self._open_sheet(sheet, use)

    def _open_network_sheet(self) -> None:
        if self._context is None or self._sheet_for == _NETWORK:
            return
        sheet = self._network_sheets.take(self._sheet_purpose(Fixed.NETWORK))
        chosen = self._target.network
        sheet.load(self._draft, self._context, chosen if chosen.create else None)
        left = self._left.pop(_NETWORK, None)
        if isinstance(left, NetworkChoice):
            sheet.go_on(left)
        sheet.added.connect(self._on_network_added)
        self._open_sheet(sheet, _NETWORK)

    def _sheet_purpose(self, fixed: Fixed) -> str:
        """Where it will be, and that it stays there."""
        assert self._context is not None
        when = self.tr("created when you run the review")
        place = self.tr("In {group} · {when}").format(group=self._target.resource_group or "–", when=when)
        return f"{place}. {short_sentence(fixed, self._context.rules)}"

    def _open_sheet(self, sheet: StorageSheet | NetworkSheet, for_what: str) -> None:
        """Show it in place of another one, whose words are kept until that is opened again."""
        begun = self._sheet.begun if self._sheet is not None else None
        if begun is not None:
            self._left[self._sheet_for] = begun
        self._sheet, self._sheet_for = sheet, for_what
        sheet.cancelled.connect(self._close_sheet)
        sheet.edited.connect(self.own_issues_changed)
        self.room.open_sheet(sheet)
        sheet.first_focus().setFocus()
        self.own_issues_changed.emit()

    def _load_sheet(self) -> None:
        """Have the open sheet judge by the group and subscription that are chosen now, and name them."""
        if self._sheet is not None and self._context is not None:
            self._sheet.load(self._draft, self._context)
            fixed = Fixed.STORAGE if isinstance(self._sheet, StorageSheet) else Fixed.NETWORK
            self._sheet.set_purpose(self._sheet_purpose(fixed))

    def _close_sheet(self) -> None:
        self._sheet, self._sheet_for = None, ""
        self.room.close_sheet()
        self.own_issues_changed.emit()

    def _on_storage_added(self, use: StorageUse, choice: StorageChoice) -> None:
        self._close_sheet()
        self._choose_account(use, choice)

    def _on_network_added(self, choice: NetworkChoice) -> None:
        self._close_sheet()
        self._edit(replace(self._target, network=choice))
