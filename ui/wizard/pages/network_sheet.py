"""The sheet that adds a new virtual network with one subnet to the set-up. Nothing is sent."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.azure import Subnet
from app.domain.issue import Severity
from app.domain.network_rules import judge_subnet
from app.flows.checks import check_target
from app.flows.draft import NetworkChoice, SetUpDraft
from app.flows.places import location_of
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.fixed_value import FixedValue
from ui.widgets.form_field import FormField, TextField

_SECTION = "target.network."


class NetworkSheet(DockedSheet):
    """Edits a network of its own; the draft stays as it is until the primary button is pressed.

    Signals:
        added: the button was pressed and nothing is wrong; carries a `NetworkChoice`.
    """

    added = Signal(object)

    def __init__(self, theme: Theme, title: str, purpose: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, parent=parent)
        self.setObjectName("network-sheet")
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._choice = NetworkChoice(create=True)
        self._fields = {
            "name": TextField(theme, self.tr("Na&me"), placeholder="vnet-dr"),
            "address_space": TextField(
                theme,
                self.tr("&Address range"),
                placeholder="10.60.0.0/16",
                hint=self.tr("Take one that your other networks don’t use, if they shall reach each other."),
            ),
            "subnet": TextField(theme, self.tr("S&ubnet name"), placeholder="snet-core"),
            "subnet_prefix": TextField(
                theme,
                self.tr("Subnet add&ress range"),
                placeholder="10.60.0.0/24",
                hint=self.tr("A part of the network’s range."),
            ),
        }
        self._region = FixedValue(theme, "")
        names = ("target-network-name", "target-network-range", "target-subnet-name", "target-subnet-range")
        self.body.setSpacing(Space.L)
        for (field, widget), name in zip(self._fields.items(), names, strict=True):
            widget.edit.setObjectName(name)
            widget.value_edited.connect(lambda text, field=field: self._edit(field, text))
            widget.edit.returnPressed.connect(self.submit_button.click)
            self.body.addWidget(widget)
        fixed = self.tr("Fixed: storage, network and vault share one region.")
        self.body.addWidget(FormField(theme, self.tr("Region"), self._region, hint=fixed))
        self.submit_button.setObjectName("target-add-network")
        self.cancel_button.setObjectName("target-cancel-network")
        self.submitted.connect(self._on_submitted)

    def load(self, draft: SetUpDraft, context: Context, choice: NetworkChoice | None = None) -> None:
        """Check against `context` from now on, beginning with `choice` where there is one; what was typed stays."""
        self._draft, self._context = draft, context
        if choice is not None:
            self._choice = choice
        for field, widget in self._fields.items():
            widget.set_text(getattr(self._choice, field))
        self._region.set_text(context.rules.region_name(location_of(draft, context.estate)))
        self._show()

    def message_of(self, field: str) -> str:
        """What stands below a field of the choice."""
        return self._fields[field].message

    def first_focus(self) -> QWidget:
        """The first field that is wrong, else the name."""
        wrong = next((field for field in self._fields.values() if field.has_issue), self._fields["name"])
        return wrong.edit

    def _edit(self, field: str, text: str) -> None:
        self._choice = replace(self._choice, **{field: text})
        self._show()

    def _show(self) -> None:
        context = self._context
        if context is None:
            return
        wanted = replace(self._draft, target=replace(self._draft.target, network=self._choice))
        issues = {issue.field.removeprefix(_SECTION): issue for issue in check_target(wanted, context)}
        for field, widget in self._fields.items():
            issue = issues.get(field)
            is_error = issue is not None and issue.severity is Severity.ERROR
            widget.set_issue(issue.text if issue else None, Status.CRITICAL if is_error else Status.WARNING)
        if "subnet_prefix" not in issues:
            subnet = Subnet(self._choice.subnet, self._choice.subnet_prefix)
            verdict = judge_subnet(subnet, len(self._draft.machines), context.rules)
            self._fields["subnet_prefix"].set_issue(verdict.reason, Status.OK if verdict.is_usable else Status.WARNING)

    def _on_submitted(self) -> None:
        if any(field.has_issue for field in self._fields.values()):
            for field in self._fields.values():
                field.reveal()
            self.first_focus().setFocus()
        else:
            self.added.emit(self._choice)
