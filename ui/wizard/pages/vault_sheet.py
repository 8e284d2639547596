"""The sheet that creates a vault: where, how it is stored, its tags, and what that will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.domain.azure import Subscription
from app.domain.issue import Severity, blocking
from app.domain.regions import location_key
from app.domain.vault_rules import proposed_redundancy, redundancies_at
from app.flows.checks import check_vault
from app.flows.draft import SetUpDraft, VaultChoice
from app.flows.new_vault import Obstacle
from app.flows.planning_vault import actions_for_vault
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.buttons import Button
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import StatusLine
from ui.widgets.line_edit import SearchBox
from ui.widgets.picker import Option, Picker
from ui.widgets.tag_rows import TagRows
from ui.wizard.creation_sheet import CreationSheet
from ui.wizard.requests import CreateVault

_NEW = "new"
"""The key of "create one" among the resource groups; no group's name can stand for it, since theirs have a slash."""
_RIGHTS_AFTER_MS = 400
_LONG_LIST = 12
"""Subscriptions that a list shows without scrolling; from there on they can be searched."""
"""After the last answer about a place: what one may do there is asked of Azure."""


class VaultSheet(CreationSheet):
    """Edits a vault of its own; the draft stays as it is until the vault is there.

    In the wizard the subscription is the page's; elsewhere `offer_subscriptions` lets it be picked here.

    Signals:
        create_requested: the button was pressed and nothing is missing; carries a `CreateVault`.
        rights_wanted: whether one may create it where it is to be; carries the draft. `show_obstacle` answers.
        subscription_picked: another subscription (its id); `load` follows with what that one has.
    """

    create_requested = Signal(object)
    rights_wanted = Signal(object)
    subscription_picked = Signal(str)

    def __init__(self, theme: Theme, title: str, purpose: str, submit: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, submit=submit, parent=parent)
        self.setObjectName("vault-sheet")
        self._draft = SetUpDraft()
        self._choice = VaultChoice(create=True)
        self._context: Context | None = None
        self._wrong: tuple[str, ...] = ()
        self._asked_for: tuple[str, ...] = ()
        self._has_chosen_redundancy = False
        self._obstacle: Obstacle | None = None
        self._subscriptions = Picker(theme, placeholder=self.tr("Choose a subscription"))
        self._subscription = FormField(theme, self.tr("S&ubscription"), self._subscriptions)
        self._subscription.hide()
        self._offered: list[Option] = []
        self._find_subscription = SearchBox(theme, self.tr("Find a subscription"))
        self._find_subscription.hide()
        self._name = TextField(
            theme, self.tr("Na&me"), hint=self.tr("Letters, digits and hyphens; it can’t be changed later.")
        )
        self._groups = Picker(theme, placeholder=self.tr("Choose a resource group"))
        self._group = FormField(theme, self.tr("Resource &group"), self._groups)
        self._new_group = TextField(theme, self.tr("Name of the new resource gr&oup"))
        self._regions = Picker(theme, placeholder=self.tr("Choose a region"))
        self._region = FormField(
            theme, self.tr("Re&gion"), self._regions, hint=self.tr("Machines fail over to the vault’s region.")
        )
        self._redundancies = Picker(theme, placeholder=self.tr("Choose the region first"))
        self._redundancy = FormField(theme, self.tr("&Storage redundancy"), self._redundancies)
        self._tags = TagRows(theme)
        self._obstacle_line = StatusLine(theme, Status.WARNING)
        self._obstacle_line.setObjectName("vault-obstacle")
        self._copy_request = Button(theme, self.tr("Copy the request for an owner"), icon="copy", small=True)
        self._copy_request.setObjectName("vault-copy-request")
        self._rights_timer = QTimer(self, interval=_RIGHTS_AFTER_MS, singleShot=True)
        self._fields = {"vault.name": self._name, "vault.location": self._region, "vault.redundancy": self._redundancy}
        self._build()
        self._connect()
        self.show_obstacle(None)

    def offer_subscriptions(self, subscriptions: Sequence[Subscription], current: str) -> None:
        """Let the subscription be picked here."""
        self._subscription.show()
        self._offered = [
            Option(each.id, each.name, reason=self.tr("disabled") if each.is_read_only else "")
            for each in subscriptions
        ]
        self._subscriptions.set_options(self._offered)
        self._subscriptions.set_current(current or None)
        self._find_subscription.setVisible(len(self._offered) > _LONG_LIST)

    def _narrow_subscriptions(self, text: str) -> None:
        """Offer those whose name or id has all the words, besides the one that is picked."""
        words = text.casefold().split()
        picked = self._subscriptions.current_key
        found = [each for each in self._offered if _has_all(words, each)]
        shown = [each for each in self._offered if each.key == picked or each in found]
        self._subscriptions.set_options(shown)
        text = self.tr("{} of {} subscriptions").format(len(found), len(self._offered))
        self._subscription.set_hint(text if words else "")

    def show_reading(self, subscription: str) -> None:
        """What the subscription picked has is being read; answers that hold anywhere can be given meanwhile."""
        self._context = None
        self._set_place_enabled(False)
        self.show_actions(())
        self.show_obstacle(None)
        self._subscription.set_issue(self.tr("Reading what {} has").format(subscription), Status.INFO)

    def show_ready(self) -> None:
        """It was read, or could not be."""
        self._set_place_enabled(self._context is not None)
        self._subscription.set_issue(None)

    def _set_place_enabled(self, is_enabled: bool) -> None:
        for field in (self._group, self._new_group, self._region, self._redundancy, self._tags):
            field.setEnabled(is_enabled)
        self.submit_button.setEnabled(is_enabled)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Offer what `context` has; answers given stay."""
        if draft.vault.subscription != self._choice.subscription:
            kept = replace(self._choice, resource_group="", create_resource_group=False)
            self._choice = replace(kept, subscription=draft.vault.subscription)
            self._asked_for = ()
            self.show_obstacle(None)
        self._draft, self._context = draft, context
        estate, refused = context.estate, context.rules.regions.refused_targets
        groups = [
            Option(each.id.key, each.name, context.rules.region_name(each.location))
            for each in estate.groups_of(self._choice.subscription)
        ]
        self._groups.set_options([Option(_NEW, self.tr("Create a new one"), icon="create"), *groups])
        unsuitable = {location_key(name) for name in refused}
        self._regions.set_options(
            [
                Option(
                    each.name,
                    each.display_name,
                    reason=self.tr("no Hyper-V machines there") if location_key(each.name) in unsuitable else "",
                )
                for each in estate.locations
            ]
        )
        if not estate.groups_of(self._choice.subscription) and not self._choice.resource_group:
            self._choice = replace(self._choice, create_resource_group=True)
        self._show()

    def show_request(self, request: CreateVault) -> None:
        """Show the answers of a request that is under way or has failed."""
        self._choice = request.draft.vault
        self._has_chosen_redundancy = bool(self._choice.redundancy)
        self._show()

    def show_obstacle(self, obstacle: Obstacle | None) -> None:
        """Say what Azure would refuse it for, before it is asked; the button stays, since rights may have changed."""
        self._obstacle = obstacle
        self._obstacle_line.setVisible(obstacle is not None)
        self._copy_request.setVisible(obstacle is not None and bool(obstacle.request))
        if obstacle is not None:
            self._obstacle_line.set_status(Status.WARNING, f"{obstacle.title} {obstacle.text}")

    @property
    def obstacle(self) -> str:
        """What is in the way, as shown; empty when nothing is known to be."""
        return "" if self._obstacle is None else self._obstacle_line.text

    def first_focus(self) -> QWidget:
        """The first field that is wrong, else the name."""
        for field, control in (
            ("vault.subscription", self._subscriptions),
            ("vault.name", self._name.edit),
            ("vault.resource_group", self._new_group.edit if self._choice.create_resource_group else self._groups),
            ("vault.location", self._regions),
            ("vault.redundancy", self._redundancies),
        ):
            if field in self._wrong:
                return control
        return self._tags.first_wrong or self._name.edit

    def _build(self) -> None:
        for name, control in (
            ("vault-sheet-find-subscription", self._find_subscription),
            ("vault-sheet-subscription", self._subscriptions),
            ("vault-name", self._name.edit),
            ("vault-resource-group", self._groups),
            ("vault-new-resource-group", self._new_group.edit),
            ("vault-region", self._regions),
            ("vault-redundancy", self._redundancies),
            ("vault-create", self.submit_button),
            ("vault-cancel", self.cancel_button),
        ):
            control.setObjectName(name)
        self.fields.addWidget(self._find_subscription)
        for field in (self._subscription, self._name, self._group, self._new_group, self._region, self._redundancy):
            self.fields.addWidget(field)
        for part in (self._tags, self._obstacle_line):
            self.fields.addWidget(part)
        self.fields.addWidget(self._copy_request, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        self._subscriptions.picked.connect(self.subscription_picked)
        self._find_subscription.textChanged.connect(self._narrow_subscriptions)
        self._name.value_edited.connect(lambda text: self._edit(replace(self._choice, name=text)))
        self._new_group.value_edited.connect(lambda text: self._edit(replace(self._choice, resource_group=text)))
        self._groups.picked.connect(self._on_groups_picked)
        self._regions.picked.connect(lambda key: self._edit(replace(self._choice, location=key)))
        self._redundancies.picked.connect(self._on_redundancies_picked)
        self._tags.edited.connect(lambda tags: self._edit(replace(self._choice, tags=tags)))
        self._copy_request.clicked.connect(self._on_copy_request_clicked)
        self._rights_timer.timeout.connect(lambda: self.rights_wanted.emit(self._wanted()))
        self.submitted.connect(self._on_submitted)

    def _edit(self, choice: VaultChoice) -> None:
        self._choice = choice
        self._show()

    def _on_groups_picked(self, key: str) -> None:
        if key == _NEW:
            self._edit(replace(self._choice, resource_group=self._new_group.text, create_resource_group=True))
            self._new_group.edit.setFocus()
            return
        assert self._context is not None
        group = next(each for each in self._context.estate.resource_groups if each.id.key == key)
        location = self._choice.location or group.location
        self._edit(replace(self._choice, resource_group=group.name, create_resource_group=False, location=location))

    def _on_redundancies_picked(self, key: str) -> None:
        self._has_chosen_redundancy = True
        self._edit(replace(self._choice, redundancy=key))

    def _on_copy_request_clicked(self) -> None:
        if self._obstacle is not None:
            QGuiApplication.clipboard().setText(self._obstacle.request)

    def _on_submitted(self) -> None:
        if self._wrong:
            for field in (self._name, self._group, self._new_group, self._region, self._redundancy):
                field.reveal()
            self._tags.reveal()
            self.first_focus().setFocus()
            return
        self.create_requested.emit(CreateVault(self._wanted()))

    def _wanted(self) -> SetUpDraft:
        return replace(self._draft, vault=self._choice)

    def _show(self) -> None:
        context = self._context
        if context is None:
            return
        self._propose_redundancy(context)
        choice = self._choice
        is_new = choice.create_resource_group
        self._name.set_text(choice.name)
        self._new_group.setVisible(is_new)
        self._new_group.set_text(choice.resource_group if is_new else self._new_group.text)
        group = None if is_new else context.estate.group(choice.subscription, choice.resource_group)
        self._groups.set_current(_NEW if is_new else group.id.key if group is not None else None)
        self._regions.set_current(self._offered_region(choice.location, context))
        self._tags.set_tags(choice.tags)
        issues = check_vault(self._wanted(), context)
        self._wrong = tuple(issue.field for issue in blocking(issues))
        of_group = self._new_group if is_new else self._group
        for name, field in (*self._fields.items(), ("vault.resource_group", of_group)):
            issue = next((issue for issue in issues if issue.field == name), None)
            status = Status.OK if issue is not None and issue.severity is Severity.INFO else Status.CRITICAL
            field.set_issue(issue.text if issue is not None else None, status)
        self._tags.set_problems({issue.field.removeprefix("vault."): issue.text for issue in issues})
        self.show_actions(() if self._wrong else actions_for_vault(self._wanted(), context.estate, context.rules))
        self._ask_for_rights()

    def _propose_redundancy(self, context: Context) -> None:
        """Follow the region until somebody chooses."""
        location, rules = self._choice.location, context.rules
        if not self._has_chosen_redundancy:
            proposed = proposed_redundancy(location, rules) if location else ""
            self._choice = replace(self._choice, redundancy=proposed)
        offered = redundancies_at(location, rules) if location else ()
        self._redundancies.set_options(
            [Option(each.redundancy.id, each.redundancy.name, reason=each.reason) for each in offered]
        )
        self._redundancies.set_current(self._choice.redundancy or None)
        chosen = next((each.redundancy for each in offered if each.redundancy.id == self._choice.redundancy), None)
        stays = self.tr(
            "For what the vault itself keeps, such as backups; replicated disks go to a storage account. It can’t be "
            "changed once something is protected in the vault."
        )
        self._redundancy.set_hint(f"{chosen.words} {stays}" if chosen is not None else stays)

    def _ask_for_rights(self) -> None:
        """Once for each place, and not while something about the place is still wrong."""
        choice = self._choice
        place = (choice.subscription, choice.resource_group.lower(), str(choice.create_resource_group))
        if "vault.resource_group" in self._wrong or not choice.resource_group or not choice.name:
            self._rights_timer.stop()
            return
        if place != self._asked_for:
            self._asked_for = place
            self._rights_timer.start()

    def _offered_region(self, location: str, context: Context) -> str | None:
        wanted = location_key(location)
        offered = context.estate.locations
        return next((each.name for each in offered if location_key(each.name) == wanted), None)


def _has_all(words: list[str], option: Option) -> bool:
    told = f"{option.text} {option.key}".casefold()
    return all(word in told for word in words)
