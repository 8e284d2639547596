"""Waiting: which of the expected hosts is there, and in practice the button that lets one run its script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.practice import WaitingHost
from app.errors import AppError
from app.flows.hosts import host_warnings, is_same_host, waited_min, waiting_since
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.labels import StatusLine, Text
from ui.widgets.progress_line import ProgressLine
from ui.wizard.pages.add_server.part import Ground, Part
from ui.wizard.pages.add_server.practice_host import PracticeHost
from ui.wizard.pages.node_matrix import NodeMatrix, node_rows
from ui.wizard.pages.waiting_host import waited_text
from ui.wizard.requests import ReadAgain, Request, RunScript


class WaitPart(Part):
    """Azure is looked at every ten seconds anyway while the source page is open; here one sees it."""

    id = "wait"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._ground: Ground | None = None
        self._hosts: dict[str, PracticeHost] = {}
        self._title = Text("", TextStyle.SECTION, wrap=True)
        self._title.setObjectName("add-server-answer")
        self._progress = ProgressLine(theme)
        self._begin = Button(theme, self.tr("The &hosts run it now: start waiting"), icon="in_time")
        self._begin.setObjectName("add-server-begin")
        self._begin.clicked.connect(self._on_begin_clicked)
        self._look = Button(theme, self.tr("&Look again"), icon="refresh")
        self._look.setObjectName("add-server-look")
        self._look.clicked.connect(lambda: self.requested.emit(ReadAgain()))
        self._matrix = NodeMatrix(theme, "add-server-nodes")
        self._warnings = QVBoxLayout()
        self._warnings.setSpacing(Space.S)
        self._practice = QWidget()
        self._practice_column = QVBoxLayout(self._practice)
        self._practice_column.setContentsMargins(0, 0, 0, 0)
        self._practice_column.setSpacing(Space.M)
        self._build()

    def load(self, ground: Ground) -> None:
        self._ground = ground
        site = ground.site
        if site is None:
            return
        choice, context = ground.draft.hosts, ground.context
        rows = node_rows(ground.draft, site, context)
        self._matrix.show_nodes(rows)
        missing = sum(row.registered_status is not Status.OK for row in rows)
        since = waiting_since(choice)
        most = context.rules.monitoring.host_registration_max_min
        self._title.setText(self._answer(len(rows), missing))
        waits = bool(missing) and since is not None
        self._progress.setVisible(waits)
        self._begin.setVisible(bool(missing) and since is None)
        self._look.setVisible(bool(rows))
        if waits:
            waited = waited_min(choice, context)
            figure = waited_text(waited, most)
            hint = self.tr("You can close the sheet and the program. It looks again when you come back.")
            self._progress.set_progress(
                self.tr("Azure shows a host once its setup has ended"), waited / most, figure, hint
            )
        self._show_warnings([warning.text for warning in host_warnings(choice, site, context)])
        self._show_practice(ground)

    def first_focus(self) -> QWidget:
        if self._hosts:
            return next(iter(self._hosts.values())).run
        return self._begin if self._begin.isVisibleTo(self) else self._look

    def started(self, request: Request) -> None:
        if isinstance(request, RunScript) and request.host in self._hosts:
            self._hosts[request.host].show_running()

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if isinstance(request, RunScript) and request.host in self._hosts:
            self._hosts[request.host].show_outcome(outcome)

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self._begin)
        line.addWidget(self._look)
        line.addStretch(1)
        for part in (self._title, self._progress):
            self.column.addWidget(part)
        self.column.addLayout(line)
        self.column.addWidget(self._matrix)
        self.column.addLayout(self._warnings)
        head = Text(self.tr("Practice: hosts that run the script when you say so"), TextStyle.STRONG)
        text = self.tr(
            "Each takes the key that you saved, checks what the script checks, and registers. What goes wrong can be "
            "chosen in the practice controls."
        )
        self._practice_column.addWidget(head)
        self._practice_column.addWidget(Text(text, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        self.column.addWidget(self._practice)
        self.column.addStretch(1)

    def _answer(self, count: int, missing: int) -> str:
        if not count:
            return self.tr("No host is named yet.")
        if not missing:
            all_here = self.tr("Both hosts are registered.") if count == 2 else self.tr("All {} hosts are registered.")
            return all_here.format(count) if count > 1 else self.tr("The host is registered.")
        if count == 1:
            return self.tr("The host is not registered yet.")
        return self.tr("{0} of {1} hosts are registered.").format(count - missing, count)

    def _show_warnings(self, texts: Sequence[str]) -> None:
        while self._warnings.count():
            widget = self._warnings.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text in texts:
            self._warnings.addWidget(StatusLine(self.theme, Status.WARNING, text, tinted=True))

    def _show_practice(self, ground: Ground) -> None:
        waiting: Sequence[WaitingHost] = ground.practice.waiting_hosts if ground.practice is not None else ()
        self._practice.setVisible(bool(waiting) or bool(self._hosts))
        wanted = {host.name: host for host in waiting}
        for name, host in wanted.items():
            if name not in self._hosts:
                row = PracticeHost(self.theme, host)
                row.run_requested.connect(lambda name=name: self._on_run_requested(name))
                self._hosts[name] = row
                self._practice_column.addWidget(row)
        for name, row in self._hosts.items():
            is_expected = any(is_same_host(name, each) for each in ground.draft.hosts.names)
            row.show_place(is_waiting=name in wanted, is_expected=is_expected)

    def _on_begin_clicked(self) -> None:
        ground = self._ground
        if ground is not None:
            hosts = replace(ground.draft.hosts, asked_at=ground.context.now.isoformat())
            self.draft_edited.emit(replace(ground.draft, hosts=hosts))

    def _on_run_requested(self, name: str) -> None:
        if self._ground is not None:
            self.requested.emit(RunScript(self._ground.draft.site.name, name, self._ground.draft.hosts.proxy))
