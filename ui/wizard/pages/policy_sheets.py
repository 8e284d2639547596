"""The sheets of the settings page: they come and go, and what they asked for goes on without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.fabric import Fabric
from app.errors import AppError
from app.flows.draft import SetUpDraft
from app.flows.places import vault_id_of
from app.flows.policy_actions import association_of, deletion_of, dissociation_of
from app.flows.policy_use import PolicyUse, policy_uses
from app.flows.step import Context
from app.services.runs import RunSnapshot
from ui.theme.theme import Theme
from ui.widgets.callout import Refusal
from ui.widgets.modal_sheet import ModalSheet
from ui.wizard.known_rights import KnownRights
from ui.wizard.pages.policy_cost_words import change_cost
from ui.wizard.pages.policy_sheet import PolicySheet
from ui.wizard.pages.removal_sheet import RemovalSheet, RemovalWay
from ui.wizard.pages.served_machines import ServedMachinesSheet
from ui.wizard.requests import CarryOut, Request

if TYPE_CHECKING:
    from ui.wizard.pages.settings import SettingsPage

CHANGE, ASSOCIATE, DISSOCIATE, DELETE = "change_policy", "associate_policy", "dissociate_policy", "delete_policy"
"""The purposes under which the rights that they take are known."""


class PolicySheets:
    """Opens them for `page`, and hands them what comes back."""

    def __init__(self, theme: Theme, page: SettingsPage) -> None:
        self._theme = theme
        self._page = page
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._changing: PolicySheet | None = None
        self._planned: RemovalSheet | None = None
        self._under_way: set[str] = set()

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Show what stands in those that are open."""
        self._draft, self._context = draft, context
        if self._changing is not None:
            self._changing.load(policy_uses(context).get(self._changing.policy_key))

    def started(self, request: Request) -> None:
        if isinstance(request, CarryOut):
            self._under_way.add(request.key)

    def progressed(self, request: Request, progress: object) -> None:
        sheet = self._sheet_of(request)
        if sheet is not None and isinstance(progress, RunSnapshot):
            sheet.show_run(progress)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if isinstance(request, CarryOut):
            self._under_way.discard(request.key)
        sheet = self._sheet_of(request)
        if sheet is None:
            return
        if isinstance(outcome, AppError):
            sheet.show_failure(outcome)
        else:
            sheet.show_done()

    def refusal(self, rights: KnownRights, *purposes: str) -> Refusal | None:
        """Why Azure would refuse one of them in the vault of the draft."""
        vault = vault_id_of(self._draft.vault)
        return next(filter(None, (rights.refusal(vault, purpose) for purpose in purposes)), None)

    def open_change(self, use: PolicyUse) -> None:
        """Edit a policy's figures."""
        if self._context is None:
            return
        is_under_way = f"change {use.policy.id.key}" in self._under_way
        cost = change_cost(use, self._draft, self._context)
        sheet = PolicySheet(self._theme, use, self._context.rules, is_under_way=is_under_way, cost=cost)
        self._changing = sheet
        self._open(sheet, CHANGE)
        sheet.requested.connect(self._page.requested)

    def open_association(self, use: PolicyUse) -> None:
        """Ask at which site a policy shall be used too, the set-up's own first."""
        context = self._context
        if context is None:
            return
        taken = {site.id for site, _ in use.sites}
        sites = [site for site in context.estate.sites if site.id not in taken]
        sites.sort(key=lambda site: (not self._is_own(site), site.friendly_name.casefold()))
        tr, rules = self._page.tr, context.rules
        ways = tuple(
            RemovalWay(
                association_of(use, site, context.estate, rules),
                site.friendly_name.replace("&", "&&"),  # a radio button would take it for an Alt letter
                tr("The site of this set-up.") if self._is_own(site) else "",
                purpose=ASSOCIATE,
            )
            for site in sites
        )
        where = sites[0].friendly_name if len(sites) == 1 else tr("a site")
        self._open_plan(
            tr("Associate {0} with {1}").format(use.policy.friendly_name, where),
            tr("The site’s machines may then be enabled with it."),
            ways,
            f"associate {use.policy.id.key}",
            tr("&Associate"),
            "link",
        )

    def open_dissociation(self, use: PolicyUse) -> None:
        """Ask from which site a policy shall be taken."""
        context = self._context
        if context is None:
            return
        tr = self._page.tr
        pairs = sorted(use.sites, key=lambda pair: not self._is_own(pair[0]))
        ways = tuple(
            RemovalWay(
                dissociation_of(use, site, mapping, context.estate, context.rules),
                site.friendly_name.replace("&", "&&"),
                tr("The site of this set-up.") if self._is_own(site) else "",
                purpose=DISSOCIATE,
            )
            for site, mapping in pairs
        )
        where = pairs[0][0].friendly_name if len(pairs) == 1 else tr("a site")
        self._open_plan(
            tr("Dissociate {0} from {1}").format(use.policy.friendly_name, where),
            tr("The site’s machines can’t be enabled with it any more."),
            ways,
            f"dissociate {use.policy.id.key}",
            tr("&Dissociate"),
            "close",
        )

    def open_deletion(self, use: PolicyUse) -> None:
        """Ask for the name of a policy that shall be deleted."""
        if self._context is None:
            return
        tr = self._page.tr
        way = RemovalWay(deletion_of(use, self._context.rules), purpose=DELETE)
        purpose = tr("In Azure’s order: first it is dissociated from its sites. Machines are not touched.")
        title = tr("Delete the policy {}").format(use.policy.friendly_name)
        also = (DISSOCIATE,) if use.sites else ()
        self._open_plan(title, purpose, (way,), f"delete {use.policy.id.key}", tr("&Delete"), also=also)

    def open_machines(self, use: PolicyUse) -> None:
        """Show the names of its machines."""
        if self._context is None:
            return
        tr = self._page.tr
        title = tr("Machines of {}").format(use.policy.friendly_name)
        sheet = ServedMachinesSheet(self._theme, title, tr("They replicate with this policy now."))
        sheet.machines.load(use.machines, use.figures, self._context.rules)
        self._page.sheet_opened.emit(sheet)

    def _is_own(self, site: Fabric) -> bool:
        own = self._draft.site.name.lower()
        return own in (site.friendly_name.lower(), site.name.lower())

    def _open_plan(
        self,
        title: str,
        purpose: str,
        ways: tuple[RemovalWay, ...],
        key: str,
        button: str,
        icon: str = "remove",
        *,
        also: tuple[str, ...] = (),
    ) -> None:
        """What removes for good asks for the name. `also` are further purposes whose rights it takes."""
        is_for_good = icon == "remove"
        sheet = RemovalSheet(
            self._theme, title, purpose, ways, key=key, button=button, icon=icon, is_for_good=is_for_good
        )
        if key in self._under_way:
            sheet.refuse_as_running()
        self._planned = sheet
        self._open(sheet, sheet.purpose, *also)
        sheet.requested.connect(self._page.requested)

    def _open(self, sheet: PolicySheet | RemovalSheet, *purposes: str) -> None:
        self._page.guard(sheet.submit_button, lambda rights: self.refusal(rights, *purposes))
        sheet.closed.connect(lambda: self._forget(sheet))
        self._page.sheet_opened.emit(sheet)

    def _forget(self, sheet: ModalSheet) -> None:
        if self._changing is sheet:
            self._changing = None
        if self._planned is sheet:
            self._planned = None

    def _sheet_of(self, request: Request) -> PolicySheet | RemovalSheet | None:
        """The open sheet that asked for it."""
        if not isinstance(request, CarryOut):
            return None
        sheets = (self._changing, self._planned)
        return next(
            (sheet for sheet in sheets if sheet is not None and sheet.is_running and sheet.key == request.key), None
        )
