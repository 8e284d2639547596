"""Rights: whether you may do what the set-up and the dashboard offer, and what to ask an owner for.

What is asked about comes from outside: the desk knows which set-up and which vault are open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.rights import Finding, Lock, RightsSubject, Role
from app.errors import AppError
from app.flows.rights_request import RightsRequest, rights_request
from app.live.services import Services
from app.runtime.progress import Report
from app.services.rights_check import RightsReport
from ui.calls import Calls
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Role as Color
from ui.theme.tokens import Space, Status, TextStyle
from ui.turns import Turns
from ui.views.rights.purpose_row import PurposeRow
from ui.views.rights.request_card import RequestCard
from ui.views.rights.words import answer_words, lock_line
from ui.when import clock_text
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.focus_ring import focus_by_keyboard
from ui.widgets.labels import StatusLine, Text
from ui.widgets.page import Page
from ui.widgets.painting import lay_out
from ui.widgets.surface import horizontal_line

_FAILED = "rights.failed"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about, and the head of its card."""

    title: str
    subject: RightsSubject


@dataclass(frozen=True, slots=True)
class _Section:
    """`requests`: what to ask for if it is for one purpose alone, by its id."""

    title: str
    report: RightsReport
    requests: Mapping[str, RightsRequest | None]


@dataclass(frozen=True, slots=True)
class _Read:
    """`request` is one for everything: what the set-up needs covers most of what the operations do."""

    sections: tuple[_Section, ...]
    request: RightsRequest | None


Ask = Callable[[], Awaitable[Sequence[Question]]]


class RightsView(QWidget):
    """Read anew each time it is opened: rights are given elsewhere."""

    def __init__(self, theme: Theme, services: Services, notices: NoticeHub, ask: Ask) -> None:
        super().__init__()
        self.setObjectName("page-rights")
        self._theme = theme
        self._services = services
        self._notices = notices
        self._ask = ask
        self._calls = Calls(self, notices)
        self._shown: _Read | None = None
        self._coming: QWidget | None = None
        self._turns = Turns(self)
        self._wanted = ""
        self.rows: dict[str, PurposeRow] = {}
        purpose = self.tr("What you may do in Azure, and what to ask an owner for before you start")
        self.page = Page(self.tr("Rights"), purpose, scrolls=True)
        self.again_button = Button(theme, self.tr("Check &again"), icon="refresh")
        self.again_button.setObjectName("rights-again")
        self._message = EmptyState(theme, "rights", "")
        self._message.setObjectName("rights-message")
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._build()
        self.again_button.clicked.connect(self.refresh)

    def refresh(self) -> None:
        """Read everything anew."""
        self._calls.run_with_progress(
            "read",
            self._read,
            doing=self.tr("Reading what you may do"),
            on_result=self._show,
            on_error=self._show_error,
            busy=self._content if self._content.isVisible() else self._message,
        )

    def open_purpose(self, purpose_id: str) -> None:
        """Unfold this step or operation as soon as it is there."""
        self._wanted = purpose_id

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    # Building

    def _build(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.M)
        self._content.hide()
        self.page.header.add_button(self.again_button)
        self.page.body.addWidget(self._message, 1)
        self.page.body.addWidget(self._content)
        self.page.body.addStretch(0)
        self._message.set_words("rights", self.tr("Reading what you may do"), "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    # Reading

    async def _read(self, report: Report) -> _Read:
        questions = await self._ask()
        reports = [await self._services.rights.read(each.subject, report=report) for each in questions]
        titles = [each.title for each in questions]
        return await asyncio.to_thread(_put_together, titles, reports, self._services.rules.rights.roles)

    def _show_error(self, error: AppError) -> None:
        if self._shown is not None and self._shown.sections:
            again = NoticeAction(self.tr("Try again"), self.refresh)
            self._notices.post(Notice(_FAILED, Status.CRITICAL, error.title, error.advice, (again,)))
            return
        why = self.tr("{} Nothing was changed.").format(error.advice).strip()
        self._message.set_words("critical", error.title, why, role=Color.CRITICAL)
        self._message.clear_buttons()
        again_button = Button(self._theme, self.tr("Try again"), icon="refresh")
        again_button.setObjectName("rights-try-again")
        again_button.clicked.connect(self.refresh)
        self._message.add_button(again_button)

    def _show(self, read: _Read) -> None:
        self._notices.withdraw(_FAILED)
        self.page.header.set_freshness(self.tr("Checked {}").format(clock_text(self._services.clock.now())))
        if not read.sections:
            self._message.clear_buttons()
            why = self.tr("Choose a vault in the set-up; then its rights can be checked here.")
            self._message.set_words("rights", self.tr("There is no vault yet"), why)
        if read != self._shown:
            self._turns.begin(*self._pieces(read))
        elif read.sections:
            self._open_wanted()

    # What was read

    def _pieces(self, read: _Read) -> list[Callable[[], object]]:
        """The content, made in turns of the loop: all at once would hold it too long. The old one stays until then."""
        if self._coming is not None:
            self._coming.deleteLater()
        body = self._coming = QWidget(self._content)
        body.hide()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        rows: dict[str, PurposeRow] = {}
        pieces: list[Callable[[], object]] = []
        request = read.request
        if read.sections:
            pieces.append(lambda: column.addWidget(self._build_answer(read.sections)))
        if request is not None:
            pieces.append(lambda: column.addWidget(RequestCard(self._theme, request)))
        for section in read.sections:
            card = Card(section.title, parent=body)
            card.body.setSpacing(0)
            pieces += [partial(self._add_row, card, section, finding, rows) for finding in section.report.findings]
            pieces.append(partial(column.addWidget, card))
        pieces.append(lambda: column.addStretch(1))
        pieces.append(lambda: self._lay_out(body))
        pieces.append(lambda: self._finish(read, body, rows))
        return pieces

    def _add_row(self, card: Card, section: _Section, finding: Finding, rows: dict[str, PurposeRow]) -> None:
        if card.body.count():
            card.body.addWidget(horizontal_line())
        row = rows[finding.purpose.id] = PurposeRow(self._theme, finding, section.requests[finding.purpose.id])
        card.body.addWidget(row)

    def _lay_out(self, body: QWidget) -> None:
        width = self.width() - 2 * Space.PAGE
        body.resize(width, body.heightForWidth(width))
        lay_out(body)

    def _finish(self, read: _Read, body: QWidget, rows: dict[str, PurposeRow]) -> None:
        opened = {name for name, row in self.rows.items() if row.is_open}
        focused = self._content.focusWidget()
        focused_name = focused.objectName() if focused is not None and focused.hasFocus() else ""
        while self._column.count():
            old = self._column.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        self._shown, self.rows, self._coming = read, rows, None
        self._column.addWidget(body)
        body.show()
        self._message.setVisible(not read.sections)
        self._content.setVisible(bool(read.sections))
        for name in opened & set(rows):
            rows[name].set_open(True)
        again = self._content.findChild(QWidget, focused_name) if focused_name else None
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)
        self._open_wanted()

    def _build_answer(self, sections: tuple[_Section, ...]) -> Card:
        answer = answer_words([finding for section in sections for finding in section.report.wanted])
        card = Card()
        card.setObjectName("rights-answer")
        if answer.status is not Status.OK:
            card.set_edge(self._theme, answer.status)
        card.body.addWidget(Text(self.tr("May you do what this program offers here?"), TextStyle.BODY, Color.TEXT2))
        title = Text(answer.title, TextStyle.ANSWER, wrap=True)
        title.setObjectName("rights-answer-title")
        card.body.addWidget(title)
        card.body.addWidget(StatusLine(self._theme, answer.status, answer.text))
        locks: dict[Lock, None] = {lock: None for section in sections for lock in section.report.locks}
        for lock in locks:
            line = StatusLine(self._theme, Status.WARNING)
            line.set_status(Status.WARNING, lock_line(lock), icon="fixed")
            card.body.addWidget(line)
        for text in dict.fromkeys(text for section in sections for text in section.report.unread):
            line = StatusLine(self._theme, Status.NEUTRAL)
            line.set_status(Status.NEUTRAL, text, icon="unknown")
            card.body.addWidget(line)
        caller = sections[0].report.caller
        if caller.name or caller.object_id:
            who = self.tr("Signed in as {}").format(caller.name or caller.object_id)
            card.body.addWidget(Text(who, TextStyle.CAPTION, Color.TEXT2))
        return card

    def _open_wanted(self) -> None:
        row = self.rows.get(self._wanted)
        if row is None or not self.isVisible():
            return
        self._wanted = ""
        row.set_open(True)
        if row.head is not None:
            focus_by_keyboard(row.head)


def _put_together(titles: list[str], reports: list[RightsReport], roles: tuple[Role, ...]) -> _Read:
    sections = []
    for title, report in zip(titles, reports, strict=True):
        requests = {
            finding.purpose.id: rights_request((finding,), roles, report.subject, report.caller)
            for finding in report.findings
        }
        sections.append(_Section(title, report, requests))
    findings = [finding for report in reports for finding in report.wanted]
    whole = rights_request(findings, roles, reports[0].subject, reports[0].caller) if reports else None
    return _Read(tuple(sections), whole)
