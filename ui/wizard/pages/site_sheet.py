"""The sheet that creates a Hyper-V site: its name, and what that will do."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.naming_rules import check_name
from app.domain.rules import NameKind
from app.flows.draft import SetUpDraft, SiteChoice
from app.flows.planning import actions_for_site
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.widgets.form_field import TextField
from ui.wizard.creation_sheet import CreationSheet
from ui.wizard.requests import CreateSite


class SiteSheet(CreationSheet):
    """Edits a site of its own; the draft stays as it is until the site is there.

    Signals:
        create_requested: the button was pressed and the name may stand; carries a `CreateSite`.
    """

    create_requested = Signal(object)

    def __init__(self, theme: Theme, title: str, purpose: str, submit: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, purpose, submit=submit, parent=parent)
        self.setObjectName("site-sheet")
        self._draft = SetUpDraft()
        self._context: Context | None = None
        self._name = TextField(
            theme,
            self.tr("Nam&e"),
            check=self._check,
            hint=self.tr("Such as the place where the hosts stand. It can’t be changed later."),
        )
        self._name.edit.setObjectName("source-site-name")
        self.submit_button.setObjectName("source-create-site")
        self.cancel_button.setObjectName("source-cancel-site")
        self.fields.addWidget(self._name)
        self._name.value_edited.connect(lambda text: self._show())
        self.submitted.connect(self._on_submitted)

    def load(self, draft: SetUpDraft, context: Context) -> None:
        """Check against `context` from now on; the name that was typed stays."""
        self._draft, self._context = draft, context
        self._name.set_text(self._name.text)
        self._show()

    def show_request(self, request: CreateSite) -> None:
        """Show the name of a request that is under way or has failed."""
        self._name.set_text(request.draft.site.name)
        self._show()

    def first_focus(self) -> QWidget:
        """The name."""
        return self._name.edit

    def _check(self, text: str) -> str | None:
        if self._context is None:
            return None
        problem = check_name(NameKind.SITE, text, self._context.rules)
        if problem is None and self._context.estate.site(text) is not None:
            return self.tr("There is a Hyper-V site {} already. Choose it, or type another name.").format(text)
        return problem

    def _wanted(self) -> SetUpDraft:
        return replace(self._draft, site=SiteChoice(self._name.text, create=True))

    def _show(self) -> None:
        context = self._context
        if context is not None:
            is_wrong = self._name.has_issue
            self.show_actions(() if is_wrong else actions_for_site(self._wanted(), context.estate, context.rules))

    def _on_submitted(self) -> None:
        if self._name.has_issue:
            self._name.reveal()
            self._name.edit.setFocus()
        else:
            self.create_requested.emit(CreateSite(self._wanted()))
