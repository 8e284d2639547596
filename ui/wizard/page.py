"""The base of every page of the wizard.

A page shows one part of the draft and edits it by `dataclasses.replace`. It knows no other page, no service and no
window: what it wants done it emits as a value of `ui.wizard.requests`. It fills the whole room between step rail and
footer, so it brings its own header (`ui.widgets.page.Page` with title and purpose of its step) and its docked sheets.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Self, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import delete, isValid

from app.domain.issue import Issue
from app.domain.practice import PracticeState
from app.errors import AppError
from app.flows.draft import SetUpDraft
from app.flows.set_up import STEPS
from app.flows.step import Context, Step
from app.runtime.write_access import WriteAccess
from ui.read_only import guard_writing
from ui.theme.theme import Theme
from ui.widgets.callout import Refusal
from ui.widgets.painting import lay_out
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.known_rights import KnownRights
from ui.wizard.requests import Request

T = TypeVar("T")


class WizardPage(QWidget):
    """One step on screen.

    Signals:
        draft_edited: the user changed an answer; carries the new `SetUpDraft`.
        requested: something must be done that a page cannot do; carries a `Request`.
        own_issues_changed: `own_issues` says something else now.
        sheet_opened: a modal sheet of the page shall stand over the window; carries the `ModalSheet`.
    """

    draft_edited = Signal(object)
    requested = Signal(object)
    own_issues_changed = Signal()
    sheet_opened = Signal(object)

    step_id = ""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._access: WriteAccess | None = None
        self._rights: KnownRights | None = None
        self.setObjectName(f"page-{self.step_id}")

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        """Make the page in pieces, each for a turn of the loop of its own. Most are made in one."""
        yield
        return cls(theme)

    def use(self, access: WriteAccess, rights: KnownRights) -> None:
        """Go by these for what writes: on the page, and in what it opens later."""
        self._access, self._rights = access, rights
        for button in self.writing_buttons():
            self.guard(button)

    def guard(
        self, button: ReasonedButton, missing: Callable[[KnownRights], Refusal | None] = lambda rights: None
    ) -> None:
        """Grey what writes as long as the connection only looks, or `missing` says which right is not there."""
        access, rights = self._access, self._rights
        if access is not None and rights is not None:
            guard_writing(button, access, lambda: missing(rights))
            rights.changed.connect(button.look_again)

    @property
    def step(self) -> Step:
        """The step that this page shows: its title and purpose stand in the page's header."""
        return next(step for step in STEPS if step.id == self.step_id)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Show `draft` as it is; called on entry and whenever the draft or the estate changed elsewhere.

        Must not emit `draft_edited`, and must leave the control the user is typing in alone when its text is the same.
        """
        raise NotImplementedError

    def show_practice(self, state: PracticeState | None) -> None:
        """Show what only the practice vault has; None on a connection to Azure. Called after each `load`."""

    def show_limits(self, draft: SetUpDraft, context: Context) -> None:
        """Name the limits that answers are judged by, on pages where they decide. Called after each `load`."""

    def show_issues(self, issues: tuple[Issue, ...], *, insist: bool) -> None:
        """Put each issue at its field. Before `insist` (Next was pressed) red waits until a field has been left."""
        raise NotImplementedError

    def own_issues(self) -> tuple[Issue, ...]:
        """What stops Next although the draft itself is right: a text that could not go into it, a box not ticked yet.

        Asked before the flow's own `next`; after a refusal come `show_issues` with `insist` and `first_focus`.
        """
        return ()

    def first_focus(self) -> QWidget:
        """Where the keyboard starts: the first wrong field after a refused Next, else the first control."""
        raise NotImplementedError

    def writing_buttons(self) -> tuple[ReasonedButton, ...]:
        """Those that lead to something being written at once, besides the run at the end."""
        return ()

    def started(self, request: Request) -> None:
        """The request is being carried out: show it as busy, so that pressing twice does nothing."""

    def progressed(self, request: Request, progress: object) -> None:
        """How far the request is: a `RunSnapshot` where actions are carried out, a `Progress` elsewhere."""

    def finished(self, request: Request, outcome: object | AppError) -> None:
        """The request ended: its outcome (each request says which), or why it failed. The draft comes by `load`."""


def made_in_turns(*makers: Callable[[], QWidget]) -> Generator[None, None, list[Any]]:
    """Make parts of a page one after the other, and have each take its style before it stands in the page.

    What comes into the page then brings its sizes along; else the turn in which the whole is laid out finds them all.
    """
    parts: list[Any] = []
    try:
        for make in makers:
            part = make()
            parts.append(part)
            yield
            lay_out(part)
            yield
    except GeneratorExit:  # the page is no longer wanted, and nothing owns what was made for it
        for part in filter(isValid, parts):
            delete(part)
        raise
    return parts


def all_at_once(making: Generator[object, None, T]) -> T:
    """What comes of a making in pieces, with no turns in between."""
    while True:
        try:
            next(making)
        except StopIteration as end:
            made: T = end.value
            return made
