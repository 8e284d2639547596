"""Connect: the vault to work with, picked from those that are there, or created beside the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.issue import Issue, blocking
from app.domain.no_move_rules import Fixed
from app.domain.vault import Vault
from app.errors import AppError
from app.flows.checks import check_vault
from app.flows.draft import SetUpDraft, VaultChoice
from app.flows.new_vault import Obstacle
from app.flows.no_moves import short_sentence
from app.flows.places import vault_id_of
from app.flows.step import Context
from app.services.runs import RunSnapshot
from ui.tables.column import Column, Group
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle, Width
from ui.widgets.buttons import Button, Kind
from ui.widgets.callout import Refusal, Way
from ui.widgets.card import Card
from ui.widgets.form_field import FormField
from ui.widgets.labels import StatusLine
from ui.widgets.made_ahead import MadeAhead
from ui.widgets.picker import Option, Picker
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.framed_page import FramedPage, fit_card
from ui.wizard.pages.vault_sheet import VaultSheet
from ui.wizard.requests import CheckVaultRights, CreateVault, ReadAgain, Request


@dataclass(frozen=True, slots=True)
class VaultRow:
    """A vault as the table shows it. `holds` is empty where nothing below the vault was read."""

    vault: Vault
    region: str
    holds: str = ""
    refusal: str = ""
    group: str = ""


_SUITABLE, _REFUSED = "suitable", "refused"


class VaultPage(FramedPage):
    """The selected row is the answer."""

    step_id = "vault"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._sheet: VaultSheet | None = None
        self._sheets = MadeAhead(self, self._make_sheet)
        self._creating: CreateVault | None = None
        self._is_loading = False
        self._has_wrong_subscription = False
        self._subscriptions = Picker(theme, placeholder=self.tr("Choose a subscription"))
        self._subscriptions.setObjectName("vault-subscription")
        self._subscription = FormField(theme, self.tr("S&ubscription"), self._subscriptions)
        self._new = ReasonedButton(theme, self.tr("New &vault…"), icon="create")
        self._new.setObjectName("vault-new")
        self._model = RecordTableModel(
            self._columns(),
            lambda row: row.vault.id.key,
            groups=(
                Group(_SUITABLE, self.tr("Suitable"), "ok", Status.OK),
                Group(_REFUSED, self.tr("Not suitable"), "not_suitable", note=self.tr("each with its reason")),
            ),
            group_of=lambda row: row.group,
            is_muted=lambda row: bool(row.refusal),
        )
        self._table = TableView(theme, self._model, name="vault-table", empty=self._empty(Kind.PRIMARY), framed=False)
        self._table.grid.setAccessibleName(self.tr("Recovery Services vaults"))
        self._issue = StatusLine(theme, Status.CRITICAL, tinted=True)
        self._issue.hide()
        self._fixed = StatusLine(theme, Status.INFO, style=TextStyle.CAPTION)
        self._fixed.setObjectName("vault-fixed")
        self._build()
        self._subscriptions.picked.connect(self._on_subscription_picked)
        self._table.selection_changed.connect(self._on_table_selection_changed)
        self._new.activated.connect(self._on_new_activated)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        self._is_loading = True
        try:
            self._load(draft, context)
        finally:
            self._is_loading = False
        if self._sheet is None and self.isVisible():
            self._sheets.get_ready()

    def _load(self, draft: SetUpDraft, context: Context) -> None:
        estate = context.estate
        self._subscriptions.set_options(
            [Option(each.id, each.name, icon="subscription") for each in estate.subscriptions]
        )
        self._subscriptions.set_current(draft.vault.subscription)
        rows = [self._row(vault, context) for vault in estate.vaults]
        if any(row.refusal for row in rows):  # heads are of use only where there are two kinds
            rows = [replace(row, group=_REFUSED if row.refusal else _SUITABLE) for row in rows]
        if estate.has_read(draft.vault.subscription):
            self._table.set_records(rows)
        self._fixed.set_status(Status.INFO, short_sentence(Fixed.VAULT, context.rules))
        fit_card(self._card, self._table)
        self._table.select([vault_id_of(draft.vault).key] if draft.vault.name else [])
        assert self._card.head is not None
        self._card.head.set_detail(self._count_text(len(rows)) if rows else "")
        self.frame.header.set_freshness(self.tr("Updated {}").format(f"{context.now.astimezone():%H:%M:%S}"))
        if self._sheet is not None:
            self._sheet.load(draft, context)

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        stops = blocking(issues)
        wrong = next((issue for issue in stops if issue.field == "vault.subscription"), None)
        self._has_wrong_subscription = wrong is not None
        self._subscription.set_issue(wrong.text if wrong else None)
        below = next((issue for issue in stops if issue.field != "vault.subscription"), None)
        is_shown = below is not None and self._sheet is None and (insist or bool(self._draft.vault.name))
        self._issue.setVisible(is_shown)
        if below is not None:
            self._issue.set_status(Status.CRITICAL, below.text)
        if insist:
            self._subscription.reveal()

    def first_focus(self) -> QWidget:
        if self._sheet is not None:
            return self._sheet.first_focus()
        if self._has_wrong_subscription:
            return self._subscriptions
        return self._table.grid if self._model.total_count else self._new

    def writing_buttons(self) -> tuple[ReasonedButton, ...]:
        return (self._new,)

    def started(self, request: Request) -> None:
        if isinstance(request, CreateVault):
            self._creating = request
            self._new.refuse(
                Refusal(
                    self.tr("A new vault has to wait"),
                    self.tr("{} is being created.").format(request.draft.vault.name),
                    (Way(self.tr("Show how far it is"), lambda: self._open_sheet(request)),),
                )
            )
            if self._sheet is not None:
                self._sheet.show_busy()
        elif isinstance(request, ReadAgain):
            self._table.show_veil()

    def progressed(self, request: Request, progress: object) -> None:
        if self._sheet is not None and isinstance(progress, RunSnapshot):
            self._sheet.show_run(progress)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if isinstance(request, ReadAgain):
            self._table.clear_busy()
        if isinstance(request, CheckVaultRights) and self._sheet is not None:
            self._sheet.show_obstacle(outcome if isinstance(outcome, Obstacle) else None)
        if not isinstance(request, CreateVault):
            return
        self._creating = None
        self._new.allow()
        if not isinstance(outcome, AppError):
            self._close_sheet()
            self._table.grid.setFocus()
            return
        self._open_sheet(request)
        if self._sheet is not None:
            self._sheet.show_failure(outcome)

    def _build(self) -> None:
        refresh = Button(self.theme, self.tr("Re&fresh"), icon="refresh")
        refresh.setObjectName("vault-refresh")
        refresh.clicked.connect(lambda: self.requested.emit(ReadAgain()))
        self.frame.header.add_button(refresh)
        self._subscription.setFixedWidth(Width.READING)
        top = QHBoxLayout()
        top.addWidget(self._subscription)
        top.addStretch(1)
        self._card = Card(self.tr("Recovery Services vaults"), flush=True)
        assert self._card.head is not None
        self._card.head.add_control(self._new)
        self._card.body.addWidget(self._table)
        body = self.frame.body
        body.addLayout(top)
        body.addSpacing(Space.XS)
        body.addWidget(self._issue)
        body.addWidget(self._card, 1)
        body.addWidget(self._fixed)
        body.addStretch()

    def _columns(self) -> tuple[Column[VaultRow], ...]:
        return (
            Column(
                id="name",
                title=self.tr("Vault"),
                text=lambda row: row.vault.name,
                width=18,
                stretch=True,
                optional=False,
            ),
            Column(id="region", title=self.tr("Region"), text=lambda row: row.region, width=14, stretch=True),
            Column(
                id="group",
                title=self.tr("Resource group"),
                text=lambda row: row.vault.resource_group,
                width=18,
                yields=True,
            ),
            Column(
                id="holds",
                title=self.tr("Holds"),
                text=lambda row: row.refusal or row.holds,
                width=28,
                stretch=True,
                searchable=False,
            ),
        )

    def _empty(self, kind: Kind) -> Message:
        return Message(
            "vault",
            self.tr("There is no Recovery Services vault in this subscription yet"),
            self.tr("A vault keeps the settings, the jobs and the recovery points of the machines that you protect."),
            (Step(self.tr("New vault…"), self._new.click, "create", kind),),
        )

    def _row(self, vault: Vault, context: Context) -> VaultRow:
        choice = _choice(vault)
        found = check_vault(replace(self._draft, vault=choice), context)
        refusal = next((issue.text for issue in found if issue.field == "vault.location"), "")
        holds = self._holds(context) if context.estate.is_of(vault.id) else ""
        return VaultRow(vault, context.rules.region_name(vault.location), holds, refusal)

    def _holds(self, context: Context) -> str:
        estate = context.estate
        figures = (
            (len(estate.sites), self.tr("1 site"), self.tr("{} sites")),
            (len(estate.providers), self.tr("1 host"), self.tr("{} hosts")),
            (len(estate.protected_items), self.tr("1 machine replicating"), self.tr("{} machines replicating")),
        )
        words = [one if count == 1 else many.format(f"{count:,}") for count, one, many in figures if count]
        return ", ".join(words) or self.tr("nothing yet")

    def _count_text(self, count: int) -> str:
        return self.tr("1 in this subscription") if count == 1 else self.tr("{} in this subscription").format(count)

    def _on_subscription_picked(self, subscription: str) -> None:
        self._draft = replace(self._draft, vault=VaultChoice(subscription))
        self.draft_edited.emit(self._draft)

    def _on_table_selection_changed(self) -> None:
        selected = self._table.selected_records
        if self._is_loading or not selected:
            return
        choice = _choice(selected[0].vault)
        if vault_id_of(choice) != vault_id_of(self._draft.vault):
            self._draft = replace(self._draft, vault=choice)
            self.draft_edited.emit(self._draft)

    def _on_new_activated(self) -> None:
        self._open_sheet(None)
        if self._sheet is not None:
            self._sheet.first_focus().setFocus()

    def _open_sheet(self, request: CreateVault | None) -> None:
        """Open the sheet anew, or with the answers of `request`, unless it is open."""
        if self._sheet is not None or self._context is None:
            return
        sheet = self._sheets.take()
        sheet.load(self._draft, self._context)
        if request is not None:
            sheet.show_request(request)
        sheet.create_requested.connect(self.requested)
        sheet.rights_wanted.connect(lambda wanted: self.requested.emit(CheckVaultRights(wanted)))
        sheet.cancelled.connect(self._close_sheet)
        self._sheet = sheet
        self._table.set_empty(self._empty(Kind.SECONDARY))  # the sheet has the primary button now
        self._issue.hide()
        self.room.open_sheet(sheet)
        if self._creating is not None:
            sheet.show_busy()

    def _make_sheet(self) -> VaultSheet:
        return VaultSheet(
            self.theme,
            self.tr("New vault"),
            self.tr("Created at once, since hosts can register only in a vault that is there."),
            self.tr("&Create vault"),
        )

    def _close_sheet(self) -> None:
        self._sheet = None
        self._table.set_empty(self._empty(Kind.PRIMARY))
        self.room.close_sheet()


def _choice(vault: Vault) -> VaultChoice:
    return VaultChoice(vault.id.subscription, vault.resource_group, vault.name, vault.location)
