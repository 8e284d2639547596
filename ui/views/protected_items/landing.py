"""The door to "What would land" for a machine that replicates: the sheet of the set-up, by its own settings."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.domain.address_answer import AddressAnswer
from app.domain.arm_id import ArmId
from app.domain.estate import Estate
from app.domain.protected_item import ReplicationProtectedItem
from app.errors import AppError
from app.flows.landing_item import draft_of
from app.flows.step import Context
from app.live.services import Services
from ui.calls import Calls
from ui.theme.theme import Theme
from ui.turns import Turns
from ui.widgets.buttons import Button
from ui.wizard.pages.landing_sheet import LandingSheet


class LandingButton(Button):
    """Reads what the machine would land in, and has the sheet opened over the window.

    Signals:
        sheet_opened: this modal sheet is to be opened.
    """

    sheet_opened = Signal(object)

    def __init__(self, theme: Theme, services: Services, calls: Calls, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", icon="network", small=True, parent=parent)
        self.setText(self.tr("What would &land…"))
        self.setObjectName("details-landing")
        self._services = services
        self._calls = calls
        self._item: ReplicationProtectedItem | None = None
        self._turns = Turns(self)
        self.sheet: LandingSheet | None = None
        self.clicked.connect(lambda _checked: self._read())

    def show_item(self, item: ReplicationProtectedItem) -> None:
        """It is for this machine; one that runs in Azure has landed."""
        self._item = item
        self.setVisible(item.is_hyper_v_to_azure and not item.runs_in_azure)

    def _read(self) -> None:
        item = self._item
        if item is None:
            return
        self._calls.run(
            "landing",
            lambda: self._services.inventory.around(item),
            doing=self.tr("Reading where {} would land").format(item.friendly_name),
            on_result=partial(self._open, item),
            busy=self,
        )

    def _open(self, item: ReplicationProtectedItem, estate: Estate) -> None:
        self._turns.follow(self._open_in_turns(item, estate))

    def _open_in_turns(self, item: ReplicationProtectedItem, estate: Estate) -> Generator[None, None, None]:
        """The sheet takes long to make."""
        services = self._services
        context = Context(estate, services.rules, services.clock.now(), services.reports.all())
        sheet = yield from LandingSheet.in_turns(self._theme)
        sheet.chosen_words = self.tr("set for {}").format(item.friendly_name)
        sheet.addresses_asked.connect(self._ask)
        yield
        sheet.load(draft_of(item, estate), context)
        self.sheet = sheet
        self.sheet_opened.emit(sheet)

    def _ask(self, network: ArmId, addresses: tuple[str, ...]) -> None:
        self._calls.run(
            "landing addresses",
            lambda: self._services.inventory.addresses(network, addresses),
            doing=self.tr("Asking which addresses are free"),
            on_result=partial(self._tell, network),
            on_error=partial(self._tell, network),
        )

    def _tell(self, network: ArmId, outcome: Mapping[str, AddressAnswer] | AppError) -> None:
        sheet = self.sheet
        if sheet is None or not isValid(sheet):
            return
        if isinstance(outcome, AppError):
            sheet.show_not_asked(network.key, outcome.sentence)
        else:
            sheet.show_answers(network.key, outcome)
