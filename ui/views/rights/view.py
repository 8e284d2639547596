"""Rights: whether you may do what the set-up and the dashboard offer, and what to ask an owner for.

What is asked about comes from outside: the desk knows which set-up and which vault are open.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.rights import Finding, Lock, RightsSubject, Standing
from app.errors import AppError
from app.flows.rights_request import RightsRequest, rights_request
from app.live.services import Services
from app.runtime.progress import Report
from app.services.rights_check import RightsReport
from ui.calls import Calls
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
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
from ui.widgets.surface import horizontal_line

_FAILED = "rights.failed"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about, and the head of its card."""

    title: str
    subject: RightsSubject


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    report: RightsReport


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
        self._sections: tuple[_Section, ...] | None = None
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
        self._focus_timer = QTimer(self, interval=0, singleShot=True)
        self._build()
        self.again_button.clicked.connect(self.refresh)
        self._focus_timer.timeout.connect(self._open_wanted)

    def refresh(self) -> None:
        """Read everything anew."""
        self._calls.run_with_progress(
            "read",
            self._read,
            doing=self.tr("Reading what you may do"),
            on_result=self._show,
            on_error=self._show_error,
            busy=self._content if self._sections is not None else self._message,
        )

    def open_purpose(self, purpose_id: str) -> None:
        """Unfold this step or operation as soon as it is there."""
        self._wanted = purpose_id
        self._focus_timer.start()

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

    async def _read(self, report: Report) -> tuple[_Section, ...]:
        read = self._services.rights.read
        return tuple([_Section(each.title, await read(each.subject, report=report)) for each in await self._ask()])

    def _show_error(self, error: AppError) -> None:
        if self._sections is not None:
            again = NoticeAction(self.tr("Try again"), self.refresh)
            self._notices.post(Notice(_FAILED, Status.CRITICAL, error.title, error.advice, (again,)))
            return
        why = self.tr("{} Nothing was changed.").format(error.advice).strip()
        self._message.set_words("critical", error.title, why, role=Role.CRITICAL)
        self._message.clear_buttons()
        again_button = Button(self._theme, self.tr("Try again"), icon="refresh")
        again_button.setObjectName("rights-try-again")
        again_button.clicked.connect(self.refresh)
        self._message.add_button(again_button)

    def _show(self, sections: tuple[_Section, ...]) -> None:
        self._notices.withdraw(_FAILED)
        self.page.header.set_freshness(self.tr("Checked {}").format(clock_text(self._services.clock.now())))
        if not sections:
            self._message.clear_buttons()
            why = self.tr("Choose a vault in the set-up; then its rights can be checked here.")
            self._message.set_words("rights", self.tr("There is no vault yet"), why)
        self._message.setVisible(not sections)
        self._content.setVisible(bool(sections))
        if sections != self._sections:
            self._fill(sections)
        self._sections = sections or None
        self._focus_timer.start()

    # What was read

    def _fill(self, sections: tuple[_Section, ...]) -> None:
        opened = {name for name, row in self.rows.items() if row.is_open}
        focused = self._content.focusWidget()
        focused_name = focused.objectName() if focused is not None and focused.hasFocus() else ""
        while self._column.count():
            widget = self._column.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = {}
        if not sections:
            return
        findings = [finding for section in sections for finding in section.report.wanted]
        self._column.addWidget(self._build_answer(findings, sections))
        request = _request(sections, self._services)
        if request is not None:
            self._column.addWidget(RequestCard(self._theme, request))
        for section in sections:
            self._column.addWidget(self._build_section(section))
        self._column.addStretch(1)
        for name in opened & set(self.rows):
            self.rows[name].set_open(True)
        again = self._content.findChild(QWidget, focused_name) if focused_name else None
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_answer(self, findings: list[Finding], sections: tuple[_Section, ...]) -> Card:
        answer = answer_words(findings)
        card = Card()
        card.setObjectName("rights-answer")
        if answer.status is not Status.OK:
            card.set_edge(self._theme, answer.status)
        card.body.addWidget(Text(self.tr("May you do what this program offers here?"), TextStyle.BODY, Role.TEXT2))
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
            card.body.addWidget(Text(who, TextStyle.CAPTION, Role.TEXT2))
        return card

    def _build_section(self, section: _Section) -> Card:
        card = Card(section.title)
        card.body.setSpacing(0)
        for number, finding in enumerate(section.report.findings):
            if number:
                card.body.addWidget(horizontal_line())
            request = None
            if finding.standing is Standing.MISSING:
                roles = self._services.rules.rights.roles
                request = rights_request((finding,), roles, section.report.subject, section.report.caller)
            row = self.rows[finding.purpose.id] = PurposeRow(self._theme, finding, request)
            card.body.addWidget(row)
        return card

    def _open_wanted(self) -> None:
        row = self.rows.get(self._wanted)
        if row is None or not self.isVisible():
            return
        self._wanted = ""
        row.set_open(True)
        if row.head is not None:
            focus_by_keyboard(row.head)


def _request(sections: tuple[_Section, ...], services: Services) -> RightsRequest | None:
    """One for everything: what the set-up needs covers most of what the operations do."""
    findings = [finding for section in sections for finding in section.report.wanted]
    first = sections[0].report
    return rights_request(findings, services.rules.rights.roles, first.subject, first.caller)
