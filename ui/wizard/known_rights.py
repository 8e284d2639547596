"""The user’s rights in the vault, for buttons that Azure would refuse; what is not known stops nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.domain.arm_id import ArmId
from app.domain.rights import Gap, Place
from app.flows.rights_request import listed, scope_words
from app.services.rights_check import RightsReport
from ui.widgets.callout import Refusal, Way

MAKE_KEY = ("source", "Microsoft.RecoveryServices/vaults/certificates/write")
"""The purpose that the right stands under, and the right: the rest of that purpose is no business of the button."""


class KnownRights(QObject):
    """The last report about a set-up.

    Signals:
        changed: another report is there.
        look_requested: rights shall be read anew, since they may have changed.
    """

    changed = Signal()
    look_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report: RightsReport | None = None

    def take(self, report: RightsReport) -> None:
        """Have this to go by from now on."""
        self._report = report
        self.changed.emit()

    def refusal(self, vault: ArmId, purpose_id: str, action: str = "") -> Refusal | None:
        """Why Azure would refuse what this purpose is about (with `action`, that one); None where that is not known."""
        report = self._report
        if report is None or report.subject.scopes.get(Place.VAULT) != (vault,):
            return None
        finding = report.of(purpose_id)
        for gap in finding.gaps if finding is not None else ():
            reason = self._reason(gap, action)
            if reason:
                again = Way(self.tr("Look again"), self.look_requested.emit)
                return Refusal(self.tr("Azure would refuse this"), reason, (again,))
        return None

    def _reason(self, gap: Gap, action: str) -> str:
        if any(not action or each == action for each in gap.missing):
            roles = listed([role.name for role in gap.roles]) or self.tr("a role of your own")
            return self.tr("You have no right to it. It takes {0} on {1}.").format(roles, scope_words(gap.scope))
        withheld = [each for each in gap.withheld if not action or each.action == action]
        if withheld:
            text = self.tr("The deny assignment “{}” withholds it. Whoever made it has to exclude you.")
            return text.format(withheld[0].denial.name)
        stopped = [each for each in gap.stopped if not action or action in each.actions]
        if stopped:
            lock = stopped[0].lock
            text = self.tr("The lock “{0}” on {1} stops it. Have it taken away for that time.")
            return text.format(lock.name, scope_words(lock.scope))
        return ""
