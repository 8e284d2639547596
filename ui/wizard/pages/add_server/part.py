"""What the parts of the sheet have in common: each shows one part of the draft, and asks for things by requests."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.fabric import Fabric
from app.domain.practice import PracticeState
from app.domain.registration_key import KeyWay, RegistrationKey
from app.errors import AppError
from app.flows.action import Action
from app.flows.draft import SetUpDraft
from app.flows.key_actions import key_action
from app.flows.places import site_of
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import Space
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.requests import Request


@dataclass(frozen=True, slots=True)
class Ground:
    """What a part is shown for."""

    draft: SetUpDraft
    context: Context
    practice: PracticeState | None = None

    @property
    def key(self) -> RegistrationKey | None:
        """The last key that was made here for the site."""
        site = self.site
        return None if site is None else self.context.key_of(site)

    def key_actions(self, way: KeyWay) -> tuple[Action, ...]:
        """What having a key made sends."""
        site = self.site
        return () if site is None else (key_action(site, way, self.context.rules, self.context.now),)

    @property
    def site(self) -> Fabric | None:
        return site_of(self.draft, self.context.estate)


class Part(QWidget):
    """One part of the sheet.

    Signals:
        draft_edited: an answer was changed; carries the new `SetUpDraft`.
        requested: something must be done that a part cannot do; carries a `Request`.
    """

    draft_edited = Signal(object)
    requested = Signal(object)

    id = ""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName(f"add-server-part-{self.id}")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.L)

    def begin(self) -> None:
        """Ask for what it shows; called once, when everything is connected."""

    def load(self, ground: Ground) -> None:
        """Show what stands; called at each change. The control in which somebody types is left alone."""
        raise NotImplementedError

    def first_focus(self) -> QWidget:
        """Where the keyboard starts, or the first thing that is wrong."""
        raise NotImplementedError

    def problem(self) -> str:
        """Why one cannot go on from here, in few words; empty where one can."""
        return ""

    def reveal(self) -> None:
        """Next was pressed: show at each field what is wrong with it."""

    def writing_buttons(self) -> tuple[ReasonedButton, ...]:
        """Those that write to Azure at once."""
        return ()

    def started(self, request: Request) -> None:
        """A request is being carried out."""

    def progressed(self, request: Request, progress: object) -> None:
        """How far a request is."""

    def finished(self, request: Request, outcome: object | AppError) -> None:
        """A request ended."""
