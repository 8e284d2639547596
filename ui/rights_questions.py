"""What the page of rights asks about on one connection: the set-up that is open, and the vault."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.flows.rights_subjects import subject_of_draft, subject_of_vault
from ui.vault_views import VaultViews
from ui.views.rights.view import Question
from ui.wizard.controller import SetUpController


async def rights_questions(set_up: SetUpController | None, views: VaultViews | None) -> tuple[Question, ...]:
    """Either may be missing."""
    questions: list[Question] = []
    if set_up is not None and set_up.is_open:
        flow = set_up.flow
        subject = subject_of_draft(flow.draft, flow.context.estate)
        if subject.all_scopes:
            questions.append(Question(_tr("Set-up “{}”").format(flow.draft.name), subject))
    if views is not None:
        items = views.feeds.protected_items
        if items.value is None:
            await items.refresh()
        title = _tr("Operations in {}").format(views.vault.name)
        questions.append(Question(title, subject_of_vault(views.vault, items.value or ())))
    return tuple(questions)


def _tr(text: str) -> str:
    return QCoreApplication.translate("rights", text)
