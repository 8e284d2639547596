"""What can be done with replication policies: the buttons in the head of their card, and why one has to wait."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.theme.theme import Theme
from ui.widgets.callout import Refusal
from ui.widgets.overflow_row import OverflowRow
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.policy_rows import PolicyRow


class PoliciesBar(OverflowRow):
    """Acts on the selected policy.

    Signals:
        new_requested, change_requested, associate_requested, dissociate_requested, delete_requested: what the buttons
            say.
    """

    new_requested = Signal()
    change_requested = Signal()
    associate_requested = Signal()
    dissociate_requested = Signal()
    delete_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.new = ReasonedButton(theme, self.tr("Ne&w policy"), icon="create", small=True)
        self.new.setObjectName("settings-new")
        self.change = ReasonedButton(theme, self.tr("&Edit…"), icon="change", small=True)
        self.change.setObjectName("settings-change")
        self.associate = ReasonedButton(theme, self.tr("Asso&ciate…"), icon="link", small=True)
        self.associate.setObjectName("settings-associate")
        self.dissociate = ReasonedButton(theme, self.tr("D&issociate…"), icon="close", small=True)
        self.dissociate.setObjectName("settings-dissociate")
        self.delete = ReasonedButton(theme, self.tr("&Delete…"), icon="remove", small=True)
        self.delete.setObjectName("settings-delete")
        buttons = (self.new, self.change, self.associate, self.dissociate, self.delete)
        super().__init__(theme, buttons, parent)
        self.new.activated.connect(self.new_requested)
        self.change.activated.connect(self.change_requested)
        self.associate.activated.connect(self.associate_requested)
        self.dissociate.activated.connect(self.dissociate_requested)
        self.delete.activated.connect(self.delete_requested)
        self.show_selection(None, sites=())

    @property
    def on_existing(self) -> tuple[ReasonedButton, ...]:
        """Those that act on a policy of the vault."""
        return self.change, self.associate, self.dissociate, self.delete

    def show_selection(self, row: PolicyRow | None, *, sites: tuple[str, ...]) -> None:
        """This policy is selected; `sites` are those of the vault, by name."""
        missing = self._selection_refusal(row)
        if row is None or missing is not None:
            for button in self.on_existing:
                button.settle(missing)
            return
        self.change.settle(None if row.is_usable else self._other_kind(row))
        self.associate.settle(self._associate_refusal(row, sites))
        self.dissociate.settle(self._dissociate_refusal(row))
        self.delete.settle(None if row.is_usable else self._other_kind(row))

    def _selection_refusal(self, row: PolicyRow | None) -> Refusal | None:
        if row is None:
            return Refusal(self.tr("A policy comes first"), self.tr("Select a policy in the list below."))
        if row.use is None:
            title = self.tr("It isn’t there yet")
            return Refusal(title, self.tr("{} is created when you run. Change it in the form below.").format(row.name))
        return None

    def _other_kind(self, row: PolicyRow) -> Refusal:
        title = self.tr("Not a policy of this program")
        return Refusal(title, self.tr("{} is not for Hyper-V to Azure. See to it in the portal.").format(row.name))

    def _associate_refusal(self, row: PolicyRow, sites: tuple[str, ...]) -> Refusal | None:
        if not row.is_usable:
            return self._other_kind(row)
        if not sites:
            return Refusal(self.tr("A site comes first"), self.tr("This vault has no Hyper-V site yet."))
        if not set(sites) - set(row.sites):
            title = self.tr("It is in use everywhere")
            return Refusal(title, self.tr("{0} is associated with {1} already.").format(row.name, ", ".join(row.sites)))
        return None

    def _dissociate_refusal(self, row: PolicyRow) -> Refusal | None:
        if not row.is_usable:
            return self._other_kind(row)
        if not row.sites:
            title = self.tr("There is nothing to take back")
            return Refusal(title, self.tr("{} is associated with no site.").format(row.name))
        return None
