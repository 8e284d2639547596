"""The sheet that creates a vault: name, resource group, region, and what that will do."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.issue import Severity, blocking
from app.domain.regions import location_key
from app.flows.checks import check_vault
from app.flows.draft import SetUpDraft, VaultChoice
from app.flows.planning_vault import actions_for_vault
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.form_field import FormField, TextField
from ui.widgets.picker import Option, Picker
from ui.wizard.creation_sheet import CreationSheet
from ui.wizard.requests import CreateVault

_NEW = "new"
"""The key of "create one" among the resource groups; no group's name can stand for it, since theirs have a slash."""


class VaultSheet(CreationSheet):
    """Edits a vault of its own; the draft stays as it is until the vault is there.

    Signals:
        create_requested: the button was pressed and nothing is missing; carries a `CreateVault`.
    """

    create_requested = Signal(object)

    def __init__(self, theme: Theme, title: str, purpose: str, submit: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, submit=submit, parent=parent)
        self.setObjectName("vault-sheet")
        self._draft = SetUpDraft()
        self._choice = VaultChoice(create=True)
        self._context: Context | None = None
        self._wrong: tuple[str, ...] = ()
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
        self._fields = {"vault.name": self._name, "vault.location": self._region}
        for name, control in (
            ("vault-name", self._name.edit),
            ("vault-resource-group", self._groups),
            ("vault-new-resource-group", self._new_group.edit),
            ("vault-region", self._regions),
            ("vault-create", self.submit_button),
            ("vault-cancel", self.cancel_button),
        ):
            control.setObjectName(name)
        for field in (self._name, self._group, self._new_group, self._region):
            self.fields.addWidget(field)
        self._name.value_edited.connect(lambda text: self._edit(replace(self._choice, name=text)))
        self._new_group.value_edited.connect(lambda text: self._edit(replace(self._choice, resource_group=text)))
        self._groups.picked.connect(self._on_groups_picked)
        self._regions.picked.connect(lambda key: self._edit(replace(self._choice, location=key)))
        self.submitted.connect(self._on_submitted)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Offer what `context` has; answers given stay."""
        if draft.vault.subscription != self._choice.subscription:
            self._choice = VaultChoice(draft.vault.subscription, create=True)
        self._draft, self._context = draft, context
        estate, refused = context.estate, context.rules.regions.refused_targets
        groups = [
            Option(each.id.key, each.name, context.rules.region_name(each.location)) for each in estate.resource_groups
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
        if not estate.resource_groups and not self._choice.resource_group:
            self._choice = replace(self._choice, create_resource_group=True)
        self._show()

    def show_request(self, request: CreateVault) -> None:
        """Show the answers of a request that is under way or has failed."""
        self._choice = request.draft.vault
        self._show()

    def first_focus(self) -> QWidget:
        """The first field that is wrong, else the name."""
        for field, control in (
            ("vault.name", self._name.edit),
            ("vault.resource_group", self._new_group.edit if self._choice.create_resource_group else self._groups),
            ("vault.location", self._regions),
        ):
            if field in self._wrong:
                return control
        return self._name.edit

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

    def _on_submitted(self) -> None:
        if self._wrong:
            for field in (self._name, self._group, self._new_group, self._region):
                field.reveal()
            self.first_focus().setFocus()
            return
        self.create_requested.emit(CreateVault(self._wanted()))

    def _wanted(self) -> SetUpDraft:
        return replace(self._draft, vault=self._choice)

    def _show(self) -> None:
        context, choice = self._context, self._choice
        if context is None:
            return
        is_new = choice.create_resource_group
        self._name.set_text(choice.name)
        self._new_group.setVisible(is_new)
        self._new_group.set_text(choice.resource_group if is_new else self._new_group.text)
        group = None if is_new else context.estate.group(choice.subscription, choice.resource_group)
        self._groups.set_current(_NEW if is_new else group.id.key if group is not None else None)
        self._regions.set_current(self._offered_region(choice.location, context))
        issues = check_vault(self._wanted(), context)
        self._wrong = tuple(issue.field for issue in blocking(issues))
        of_group = self._new_group if is_new else self._group
        for name, field in (*self._fields.items(), ("vault.resource_group", of_group)):
            issue = next((issue for issue in issues if issue.field == name), None)
            status = Status.OK if issue is not None and issue.severity is Severity.INFO else Status.CRITICAL
            field.set_issue(issue.text if issue is not None else None, status)
        self.show_actions(() if self._wrong else actions_for_vault(self._wanted(), context.estate, context.rules))

    def _offered_region(self, location: str, context: Context) -> str | None:
        wanted = location_key(location)
        offered = context.estate.locations
        return next((each.name for each in offered if location_key(each.name) == wanted), None)
