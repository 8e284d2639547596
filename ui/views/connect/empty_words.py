"""What the list of vaults says where it has none: why, whom to ask for what, and the next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.domain.azure import Tenant
from app.services.vault_catalogue import Catalogue
from ui.tables.states import Message, Step
from ui.theme.tokens import Role
from ui.widgets.buttons import Kind

_WAYS_AT_MOST = 3


def tr(text: str) -> str:
    return QCoreApplication.translate("VaultChooser", text)


@dataclass(frozen=True, slots=True)
class EmptyWords:
    """`who` is the account's sign-in name; the others are what the buttons do."""

    who: str
    read: Callable[[], object]
    create: Callable[[], object]
    sign_in: Callable[[Tenant], object]

    def message(self, catalogue: Catalogue, *, is_sheet_open: bool) -> Message:
        """For a catalogue without any vault; with the sheet open that has the primary button."""
        again = Step(tr("Read again"), self.read, "refresh")
        if not catalogue.subscriptions:
            return self._without_subscriptions(catalogue, again)
        if not catalogue.is_reading and catalogue.read_count < len(catalogue.subscriptions):
            title = tr("No vault in the subscriptions read so far")
            return Message("vault", title, "", (Step(tr("Read the rest"), self.read, "refresh"),))
        failed = len(catalogue.failed_subscriptions)
        if failed == len(catalogue.subscriptions):
            title = tr("In none of your subscriptions may you see vaults")
            why = tr("Ask an owner for the role Site Recovery Reader where the vault is, or Contributor to create one.")
            return Message("subscription", title, why, (again,), Role.WARNING)
        count = len(catalogue.subscriptions) - failed
        title = tr("There is no Recovery Services vault in {} subscriptions").format(f"{count:,}")
        if count == 1:
            title = tr("There is no Recovery Services vault in this subscription yet")
        why = tr("A vault keeps the settings, the jobs and the recovery points of the machines that you protect.")
        kind = Kind.SECONDARY if is_sheet_open else Kind.PRIMARY
        return Message("vault", title, why, (Step(tr("New vault…"), self.create, "create", kind),))

    def _without_subscriptions(self, catalogue: Catalogue, again: Step) -> Message:
        if not catalogue.has_read:
            return Message("vault", tr("The vaults have not been read"), "", (again,))
        refused = catalogue.refused_tenants
        if refused and len(refused) == len(catalogue.tenants):
            ways = tuple(self._way(each.tenant) for each in refused[:_WAYS_AT_MOST])
            why = tr("What each of them asks for stands above.")
            return Message("unreachable", tr("No tenant gives a list of its vaults"), why, ways, Role.WARNING)
        title = tr("Your account reaches no subscription")
        return Message("subscription", title, self.no_subscription(), (again,))

    def _way(self, tenant: Tenant) -> Step:
        return Step(tr("Sign in to {}").format(tenant.name), lambda: self.sign_in(tenant))

    def no_subscription(self) -> str:
        """Whom to ask for what."""
        return tr(
            "Ask an owner of a subscription to give {} a role in it, such as Site Recovery Contributor on a resource "
            "group with a vault, or Contributor to create one. A new role needs some minutes. Or sign in with another "
            "account."
        ).format(self.who or tr("your account"))
