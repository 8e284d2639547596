"""The sheet that shows a region's quota over a page, with the request for more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.domain.quota import QuotaVerdict
from app.domain.rules import Rules
from ui.quota.details import QuotaDetails
from ui.quota.words import carries_text, worst_of
from ui.theme.theme import Theme
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.modal_sheet import ModalSheet


def title_text() -> str:
    return QCoreApplication.translate("Quota", "Quota of the region")


def purpose_text(verdicts: Sequence[QuotaVerdict], rules: Rules) -> str:
    worst = worst_of(verdicts)
    return f"{carries_text(worst, rules)}." if worst is not None else ""


class QuotaSheet(ModalSheet):
    """Only shows; it deletes itself when it is closed."""

    def __init__(self, theme: Theme, verdicts: Sequence[QuotaVerdict], rules: Rules) -> None:
        super().__init__(theme, title_text(), purpose_text(verdicts, rules), submit=self.tr("Done"))
        self.setObjectName("quota-sheet")
        self.cancel_button.hide()
        self.details = QuotaDetails(theme, verdicts, rules)
        self.body.addWidget(self.details)
        self.submitted.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)


class QuotaDockedSheet(DockedSheet):
    """The same beside a page of the wizard."""

    def __init__(self, theme: Theme, verdict: QuotaVerdict, rules: Rules) -> None:
        super().__init__(theme, title_text(), purpose_text((verdict,), rules), submit=self.tr("Done"))
        self.setObjectName("quota-sheet")
        self.cancel_button.hide()
        self.details = QuotaDetails(theme, (verdict,), rules)
        self.body.addWidget(self.details)
        self.submitted.connect(self.cancelled)
