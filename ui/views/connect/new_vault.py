"""A new vault from the list: the sheet of the set-up, beside the list, without a set-up."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.domain.azure import Subscription
from app.domain.vault import Vault
from app.errors import AppError
from app.flows.draft import SetUpDraft, VaultChoice
from app.flows.step import Context
from app.services.account import Account
from app.services.runs import RunSnapshot
from app.services.vault_catalogue import SubscriptionReading
from ui.calls import Calls
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.widgets.sheet_room import SheetRoom
from ui.wizard.pages.vault_sheet import VaultSheet
from ui.wizard.requests import CreateVault


class NewVault(QObject):
    """Opens the sheet in a room and carries out what it asks for.

    Signals:
        created: the vault (`Vault`) is there, confirmed by Azure.
        opened, closed: the sheet.
    """

    created = Signal(object)
    opened = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, account: Account, room: SheetRoom, notices: NoticeHub, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("new-vault")
        self._theme = theme
        self._account = account
        self._room = room
        self._calls = Calls(self, notices)
        self._sheet: VaultSheet | None = None
        self._context: Context | None = None
        self._request: CreateVault | None = None
        self._draft = SetUpDraft()

    @property
    def sheet(self) -> VaultSheet | None:
        """The sheet that is open."""
        return self._sheet

    @property
    def is_busy(self) -> bool:
        """Whether a vault is being created."""
        return self._request is not None

    def open(self, subscription: str) -> None:
        """Open the sheet for a subscription; the one under way is shown again as it is."""
        if self._sheet is not None:
            self._sheet.first_focus().setFocus()
            return
        sheet = VaultSheet(
            self._theme,
            self.tr("New vault"),
            self.tr("Created at once; hosts can register in it as soon as it is there."),
            self.tr("&Create vault"),
        )
        readings = sorted(self._account.catalogue.catalogue.subscriptions, key=_by_name)
        wanted = self._request.draft.vault.subscription if self._request is not None else subscription
        sheet.offer_subscriptions([each.subscription for each in readings], wanted)
        sheet.subscription_picked.connect(self._read)
        sheet.rights_wanted.connect(self._check_rights)
        sheet.create_requested.connect(self._create)
        sheet.cancelled.connect(self.close)
        self._sheet = sheet
        self._room.open_sheet(sheet)
        self.opened.emit()
        if self._request is not None and self._context is not None:
            sheet.load(self._request.draft, self._context)
            sheet.show_request(self._request)
            sheet.show_busy()
        elif wanted:
            self._read(wanted)
        sheet.first_focus().setFocus()

    def close(self) -> None:
        """Put the sheet away. What is being created goes on."""
        for key in ("read", "rights"):
            self._calls.cancel(key)
        self._sheet = None
        self._room.close_sheet()
        self.closed.emit()

    def _reading(self, subscription: str) -> SubscriptionReading | None:
        readings = self._account.catalogue.catalogue.subscriptions
        return next((each for each in readings if each.subscription.id == subscription), None)

    def _read(self, subscription: str) -> None:
        reading = self._reading(subscription)
        if reading is None or self._sheet is None:
            return
        self._context = None
        self._draft = replace(self._draft, vault=VaultChoice(subscription, create=True))
        self._sheet.show_reading(reading.subscription.name)

        async def read() -> Context:
            creation = await self._account.creation(reading.reached_by)
            return await creation.context(reading.subscription)

        self._calls.run(
            "read",
            read,
            doing=self.tr("Reading what {} has").format(reading.subscription.name),
            on_result=self._take_context,
            on_error=self._show_failure,
        )

    def _take_context(self, context: Context) -> None:
        self._context = context
        if self._sheet is not None:
            self._sheet.load(self._draft, context)
            self._sheet.show_ready()

    def _show_failure(self, error: AppError) -> None:
        if self._sheet is not None:
            self._sheet.show_ready()
            self._sheet.show_failure(error)

    def _check_rights(self, draft: SetUpDraft) -> None:
        context, reading = self._context, self._reading(draft.vault.subscription)
        if context is None or reading is None:
            return

        async def check() -> object:
            creation = await self._account.creation(reading.reached_by)
            return await creation.obstacle(draft, context)

        self._calls.run(
            "rights",
            check,
            doing=self.tr("Reading what you may do"),
            on_result=self._take_obstacle,
            on_error=lambda error: self._take_obstacle(None),
        )

    def _take_obstacle(self, obstacle: object) -> None:
        if self._sheet is not None:
            self._sheet.show_obstacle(obstacle)  # type: ignore[arg-type]

    def _create(self, request: CreateVault) -> None:
        context, reading = self._context, self._reading(request.draft.vault.subscription)
        if context is None or reading is None or self.is_busy:
            return
        self._request = request
        if self._sheet is not None:
            self._sheet.show_busy()

        def tell(run: RunSnapshot) -> None:
            if isValid(self) and self._sheet is not None:  # a run outlives the window that asked for it
                self._sheet.show_run(run)

        async def create() -> Vault:
            creation = await self._account.creation(reading.reached_by)
            vault = await creation.create(request.draft, context, tell)
            await self._account.catalogue.read_subscription(reading.subscription.id)
            return vault

        self._calls.run(
            "create",
            create,
            doing=self.tr("Creating the vault {}").format(request.draft.vault.name),
            on_result=self._take_created,
            on_error=self._take_refusal,
        )

    def _take_created(self, vault: Vault) -> None:
        self._request = None
        if self._sheet is not None:
            self.close()
        self.created.emit(vault)

    def _take_refusal(self, error: AppError) -> None:
        request, self._request = self._request, None
        if self._sheet is None and request is not None:
            self.open(request.draft.vault.subscription)
        if self._sheet is not None:
            self._sheet.show_failure(error)


def _by_name(reading: SubscriptionReading) -> tuple[bool, str]:
    subscription: Subscription = reading.subscription
    return subscription.is_read_only, subscription.name.casefold()
