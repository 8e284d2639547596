"""How a page opens the sheet "What would land", and keeps it in step with draft and answers while it is open."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.domain.arm_id import ArmId
from app.errors import AppError
from app.flows.draft import SetUpDraft
from app.flows.step import Context
from ui.turns import Turns
from ui.wizard.page import WizardPage
from ui.wizard.pages.landing_sheet import LandingSheet
from ui.wizard.requests import CheckAddresses, Request


class LandingDoor(QObject):
    """One for each page that has the button. The page passes on `load` and `finished`."""

    def __init__(self, page: WizardPage) -> None:
        super().__init__(page)
        self._page = page
        self._turns = Turns(self)
        self._newest: tuple[SetUpDraft, Context] | None = None
        self.sheet: LandingSheet | None = None

    def open(self, draft: SetUpDraft, context: Context) -> None:
        """Show what would land by this draft, some turns of the loop later: the sheet takes long to make."""
        self._newest = (draft, context)
        if not self._turns.is_busy and self.sheet is None:
            self._turns.follow(self._open_in_turns())

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Follow the draft, or what Azure has by now."""
        self._newest = (draft, context)
        if self.sheet is not None and isValid(self.sheet):
            self.sheet.load(draft, context)

    def _open_in_turns(self) -> Generator[None, None, None]:
        sheet = yield from LandingSheet.in_turns(self._page.theme)
        sheet.addresses_asked.connect(self._on_sheet_addresses_asked)
        sheet.closed.connect(self._on_sheet_closed)
        yield
        if self._newest is not None:
            sheet.load(*self._newest)
        self.sheet = sheet
        self._page.sheet_opened.emit(sheet)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        """Take what Azure said of addresses; every other request is none of its own."""
        if not isinstance(request, CheckAddresses) or self.sheet is None or not isValid(self.sheet):
            return
        if isinstance(outcome, AppError):
            self.sheet.show_not_asked(request.network.key, outcome.sentence)
        elif isinstance(outcome, dict):
            self.sheet.show_answers(request.network.key, outcome)

    def _on_sheet_addresses_asked(self, network: ArmId, addresses: tuple[str, ...]) -> None:
        self._page.requested.emit(CheckAddresses(network, addresses))

    def _on_sheet_closed(self) -> None:
        self.sheet = None
