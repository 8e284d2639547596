"""Step 3, the target: group, storage account and network in Azure, each with the reason where it does not suit."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.issue import Issue, blocking
from app.errors import AppError
from app.flows.draft import NetworkChoice, SetUpDraft, StorageChoice, TargetChoice
from app.flows.places import location_of
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Width
from ui.widgets.buttons import Button
from ui.widgets.fixed_value import FixedValue
from ui.widgets.form_field import FormField, TextField
from ui.widgets.picker import Option, Picker
from ui.wizard.framed_page import FramedPage
from ui.wizard.pages.network_sheet import NetworkSheet
from ui.wizard.pages.storage_sheet import StorageSheet
from ui.wizard.pages.target_network import NetworkCard
from ui.wizard.pages.target_storage import StorageCard
from ui.wizard.requests import CheckStorageName, ReadAgain, Request

_NEW = "new"
"""The key of "create one" among the resource groups; no group's key can be the same, since those are ids."""
_STORAGE = "target.storage"
_NETWORK = "target.network"


class TargetPage(FramedPage):
    """Edits `draft.target`. Account and network to be created are answers like others until the review's run."""

    step_id = "target"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, scrolls=True, parent=parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._sheet: StorageSheet | NetworkSheet | None = None
        self._wrong: tuple[str, ...] = ()
        self._subscription = FixedValue(theme, "")
        self._groups = Picker(theme, placeholder=self.tr("Choose a resource group"))
        self._groups.setObjectName("target-resource-group")
        self._group = FormField(theme, self.tr("Resource &group"), self._groups)
        self._new_group = TextField(theme, self.tr("Name of the new resource gr&oup"))
        self._new_group.edit.setObjectName("target-new-resource-group")
        self._region = FixedValue(theme, "")
        self.storage = StorageCard(theme, self.tr("Storage account for replicated data"))
        self.network = NetworkCard(theme, self.tr("Network after failover"))
        self._build()
        self._groups.picked.connect(self._on_groups_picked)
        self._new_group.value_edited.connect(lambda name: self._edit(replace(self._target, resource_group=name)))
        self.storage.chosen.connect(lambda choice: self._edit(replace(self._target, storage=choice)))
        self.storage.new_requested.connect(self._open_storage_sheet)
        self.network.chosen.connect(lambda choice: self._edit(replace(self._target, network=choice)))
        self.network.new_requested.connect(self._open_network_sheet)

    @property
    def group_message(self) -> str:
        """What stands below the resource group, the chosen one or the new one."""
        return self._group_field.message

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        estate, target = context.estate, draft.target
        subscription = estate.subscription(target.subscription)
        self._subscription.set_text(subscription.name if subscription else target.subscription or "–")
        self._region.set_text(context.rules.region_name(location_of(draft, estate)) or "–")
        self._groups.set_options(
            [
                *(
                    Option(each.id.key, each.name, context.rules.region_name(each.location), "resource_group")
                    for each in estate.resource_groups
                ),
                Option(_NEW, self.tr("New resource group…"), icon="create"),
            ]
        )
        self._show_answers()
        self.frame.header.set_freshness(self.tr("Updated {}").format(f"{context.now.astimezone():%H:%M:%S}"))
        if self._sheet is not None:
            self._sheet.load(draft, context)

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        self._wrong = tuple(issue.field for issue in blocking(issues)) if insist else ()
        of_group = next((issue.text for issue in blocking(issues) if issue.field == "target.resource_group"), None)
        for field in (self._group, self._new_group):
            field.set_issue(of_group if field is self._group_field else None)
            if insist:
                field.reveal()
        storage = self._target.storage
        is_chosen = bool(storage.account_id or storage.create)
        of_storage = tuple(issue for issue in issues if issue.field.startswith(_STORAGE))
        self.storage.show_issues(of_storage, insist=insist, is_chosen=is_chosen)
        self.network.show_issues(tuple(issue for issue in issues if issue.field.startswith(_NETWORK)), insist=insist)

    def first_focus(self) -> QWidget:
        if self._sheet is not None:
            return self._sheet.first_focus()
        if "target.resource_group" in self._wrong:
            return self._group_field.control
        if any(field.startswith(_STORAGE) for field in self._wrong):
            return self.storage.first_focus()
        of_network = self.network.first_focus() if self._wrong else None
        return of_network or self._group_field.control

    def started(self, request: Request) -> None:
        if isinstance(request, ReadAgain):
            self.storage.table.show_veil()

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if isinstance(request, ReadAgain):
            self.storage.table.clear_busy()
        elif isinstance(request, CheckStorageName) and isinstance(self._sheet, StorageSheet):
            self._sheet.show_answer(request.name, outcome if isinstance(outcome, AppError) else str(outcome))

    @property
    def _target(self) -> TargetChoice:
        return self._draft.target

    @property
    def _group_field(self) -> FormField:
        return self._new_group if self._target.create_resource_group else self._group

    def _build(self) -> None:
        refresh = Button(self.theme, self.tr("Re&fresh"), icon="refresh")
        refresh.setObjectName("target-refresh")
        refresh.clicked.connect(lambda: self.requested.emit(ReadAgain()))
        self.frame.header.add_button(refresh)
        places = QHBoxLayout()
        places.setSpacing(Space.L)
        for field in (
            FormField(self.theme, self.tr("Subscription"), self._subscription, hint=self.tr("The vault’s.")),
            self._group,
            FormField(self.theme, self.tr("Region"), self._region, hint=self.tr("The vault’s: all share one region.")),
        ):
            places.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        body = self.frame.body
        body.addLayout(places)
        new_group = QHBoxLayout()
        self._new_group.setFixedWidth(Width.READING)
        new_group.addWidget(self._new_group)
        new_group.addStretch(1)
        body.addLayout(new_group)
        body.addWidget(self.storage, 1)
        body.addWidget(self.network)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.storage.filter.setFocus)

    def _show_answers(self) -> None:
        """Show what the draft says, in every part."""
        context, target = self._context, self._target
        if context is None:
            return
        is_new = target.create_resource_group
        group = None if is_new else context.estate.group(target.subscription, target.resource_group)
        self._groups.set_current(_NEW if is_new else group.id.key if group is not None else None)
        self._new_group.setVisible(is_new)
        if is_new:
            self._new_group.set_text(target.resource_group)
        self.storage.load(self._draft, context)
        self.network.load(self._draft, context)

    def _edit(self, target: TargetChoice) -> None:
        if target == self._target:
            return
        self._draft = replace(self._draft, target=target)
        self._show_answers()
        self.draft_edited.emit(self._draft)

    def _on_groups_picked(self, picked: str) -> None:
        assert self._context is not None
        if picked == _NEW:
            name = self._new_group.text
            self._edit(replace(self._target, resource_group=name, create_resource_group=True))
            self._new_group.edit.setFocus()
            return
        group = next(each for each in self._context.estate.resource_groups if each.id.key == picked)
        self._edit(replace(self._target, resource_group=group.name, create_resource_group=False))

    # Sheets

    def _open_storage_sheet(self) -> None:
        if self._context is None or isinstance(self._sheet, StorageSheet):
            return
        sheet = StorageSheet(self.theme, self.tr("New storage account"), self._sheet_purpose())
        chosen = self._target.storage
        sheet.load(self._draft, self._context, chosen if chosen.create else None)
        sheet.name_asked.connect(lambda name: self.requested.emit(CheckStorageName(name)))
        sheet.added.connect(self._on_storage_added)
        self._open_sheet(sheet)

    def _open_network_sheet(self) -> None:
        if self._context is None or isinstance(self._sheet, NetworkSheet):
            return
        sheet = NetworkSheet(self.theme, self.tr("New virtual network"), self._sheet_purpose())
        chosen = self._target.network
        sheet.load(self._draft, self._context, chosen if chosen.create else None)
        sheet.added.connect(self._on_network_added)
        self._open_sheet(sheet)

    def _sheet_purpose(self) -> str:
        when = self.tr("created when you run the review")
        return self.tr("in {group} · {when}").format(group=self._target.resource_group or "–", when=when)

    def _open_sheet(self, sheet: StorageSheet | NetworkSheet) -> None:
        self._sheet = sheet
        sheet.cancelled.connect(self._close_sheet)
        self.room.open_sheet(sheet)
        sheet.first_focus().setFocus()

    def _close_sheet(self) -> None:
        self._sheet = None
        self.room.close_sheet()

    def _on_storage_added(self, choice: StorageChoice) -> None:
        self._close_sheet()
        self._edit(replace(self._target, storage=choice))

    def _on_network_added(self, choice: NetworkChoice) -> None:
        self._close_sheet()
        self._edit(replace(self._target, network=choice))
