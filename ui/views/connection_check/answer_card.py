"""What the check comes to: the answer first, how far it is, and how the program goes out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.errors import AppError
from app.runtime.progress import Progress
from app.services.connection_check import CheckResult, Outcome
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Status, TextStyle
from ui.widgets.card import Card
from ui.widgets.labels import StatusLine, Text
from ui.widgets.line_grid import breakable
from ui.widgets.progress_line import ProgressLine


class AnswerCard(Card):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("connection-answer")
        self._theme = theme
        self._way = ""
        self._checked = ""
        self.title = Text("", TextStyle.ANSWER, wrap=True)
        self.title.setObjectName("connection-answer-title")
        self.line = StatusLine(theme)
        self.line.setObjectName("connection-answer-line")
        self.progress = ProgressLine(theme)
        self.way = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self.way.setObjectName("connection-way")
        self.body.addWidget(Text(self.tr("Does this computer reach Azure?"), TextStyle.BODY, Role.TEXT2))
        for part in (self.title, self.progress, self.line, self.way):
            self.body.addWidget(part)
        self.progress.hide()

    def set_way(self, words: str, password: str) -> None:
        """How the program goes out, and where a password for it is kept."""
        self._way = " ".join(part for part in (self.tr("Way out: {}.").format(words), password) if part)
        self._show_way()

    def set_checked(self, words: str) -> None:
        """When the addresses were tried, as a sentence; empty where they were not."""
        self._checked = words
        self._show_way()

    def show_progress(self, progress: Progress) -> None:
        done, total = progress.done or 0, progress.total or 0
        figure = self.tr("{0} of {1}").format(done, total) if total else ""
        self.progress.set_progress(progress.text, done / total if total else None, figure)

    def show_running(self) -> None:
        self.set_edge(self._theme, None)
        self.title.setText(self.tr("The addresses are being tried"))
        self.progress.show()
        self.line.hide()

    def show_nothing(self) -> None:
        """The cloud’s address is not known yet."""
        self._show(Status.NEUTRAL, self.tr("Not tried yet"), self.tr("Type the address of the cloud first."))

    def show_error(self, error: AppError) -> None:
        """No cloud answers at the address that was typed."""
        self._show(Status.CRITICAL, error.title, error.advice)

    def show_result(self, result: CheckResult) -> None:
        """The answer, from all that was found."""
        trouble, waiting = result.count(Outcome.TROUBLE), result.count(Outcome.WAITING)
        tried = result.count(Outcome.FINE) + result.count(Outcome.CARE) + trouble
        if not tried:
            self._show(
                Status.NEUTRAL,
                self.tr("Not tried yet"),
                self.tr("Run the check to see. It signs in nowhere and changes nothing."),
            )
        elif trouble:
            first = next(finding for finding in result.findings if finding.outcome is Outcome.TROUBLE)
            same = sum(finding.remedy == first.remedy for finding in result.findings if finding.facts is not None)
            title = self.tr("No: 1 address can’t be reached") if trouble == tried == 1 else self._count(trouble, tried)
            text = f"{first.sentence} {first.remedy}"
            others = self.tr("{} Each address has its remedy in its row.").format(first.sentence)
            self._show(Status.CRITICAL, title, text if same == trouble else others)
        elif result.count(Outcome.CARE):
            first = next(finding for finding in result.findings if finding.outcome is Outcome.CARE)
            self._show(Status.WARNING, self.tr("Yes, but something will go wrong"), f"{first.sentence} {first.remedy}")
        elif waiting:
            self._show(Status.NEUTRAL, self.tr("Stopped"), _tried_words(tried, waiting))
        else:
            title = self.tr("Yes, the one address answers") if tried == 1 else self.tr("Yes, all {} addresses answer")
            hosts = self.tr("What the hosts need besides can only be tried there.")
            self._show(Status.OK, title.format(tried), hosts)

    def _show_way(self) -> None:
        self.way.setText(breakable(" ".join(part for part in (self._checked, self._way) if part)))

    def _count(self, trouble: int, tried: int) -> str:
        if trouble == tried:
            return self.tr("No: none of {} addresses can be reached").format(tried)
        return self.tr("Not all: {0} of {1} addresses can’t be reached").format(trouble, tried)

    def _show(self, status: Status, title: str, text: str) -> None:
        self.set_edge(self._theme, status if status in (Status.CRITICAL, Status.WARNING) else None)
        self.progress.hide()
        self.title.setText(title)
        self.line.set_status(status, breakable(text))
        self.line.setVisible(bool(text))


def _tried_words(tried: int, waiting: int) -> str:
    words = QCoreApplication.translate("AnswerCard", "{0} answered, {1} were not tried.")
    return words.format(tried, waiting)
