"""Everything about one vault, beside the list, and whether it can be taken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain.no_move_rules import Fixed
from app.domain.rules import Rules
from app.flows.no_moves import short_sentence
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.views.connect.vault_rows import VaultRow, contents_text
from ui.widgets.buttons import Button, IconButton
from ui.widgets.facts_box import Pairs
from ui.widgets.labels import IconLabel, StatusLine, Text
from ui.widgets.page import scrolling
from ui.widgets.surface import Ground, Surface, horizontal_line

_LONGEST_WORD = 22
"""Characters that the panel can show in one line beside a label."""


def breakable(text: str) -> str:
    """The same to read, with places to break lines at in words that have none, such as names without hyphens."""
    return re.sub(rf"([^\s-]{{{_LONGEST_WORD}}})(?=\S)", "\\1\u200b", text)


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a vault cannot be chosen now: for a callout, and in a few words for the footer."""

    title: str
    reason: str
    short: str


class VaultDetails(Surface):
    """Follows the row it is given.

    Signals:
        closed: the cross, or Esc.
    """

    closed = Signal()

    def __init__(self, theme: Theme, rules: Rules) -> None:
        super().__init__(Ground.DOCKED)
        self.setObjectName("vault-details")
        self._rules = rules
        self._row: VaultRow | None = None
        self._name = Text("", TextStyle.PANEL_TITLE, wrap=True)
        self._name.setObjectName("vault-details-name")
        self.close_button = IconButton(theme, "close", self.tr("Close the details"), small=True)
        self.answer = StatusLine(theme)
        self.answer.setObjectName("vault-details-answer")
        self._instead = Text("", TextStyle.BODY, Role.TEXT2, wrap=True)
        self.facts = Pairs()
        self.facts.setObjectName("vault-details-facts")
        self._ids = Text("", TextStyle.CAPTION)
        self._ids.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._tags_head = Text(self.tr("Tags"), TextStyle.TABLE_HEAD, Role.TEXT2)
        self.tags = Text("", wrap=True)
        self.tags.setObjectName("vault-details-tags")
        self.copy_button = Button(theme, self.tr("Copy its id"), icon="copy", small=True)
        self._build(theme)
        self.close_button.clicked.connect(self.closed)
        self.copy_button.clicked.connect(self._on_copy_clicked)

    @property
    def row(self) -> VaultRow | None:
        """The vault it is about."""
        return self._row

    def show_row(self, row: VaultRow) -> None:
        """Show this vault as it is known now."""
        if row == self._row:
            return
        self._row = row
        vault, entry = row.entry.vault, row.entry
        self._name.setText(breakable(vault.name))
        self.setAccessibleName(self.tr("Details of {}").format(vault.name))
        self._show_answer(row)
        contents = entry.contents
        pairs = [
            (self.tr("Holds"), contents_text(contents) if contents is not None else ""),
            (self.tr("Region"), row.region),
            (self.tr("Stored"), self._rules.redundancy_name(vault.redundancy)),
            (self.tr("Subscription"), entry.subscription.name),
            (self.tr("State"), entry.subscription.state),
            (self.tr("Tenant"), entry.tenant.name),
            (self.tr("Resource group"), vault.resource_group),
            (self.tr("Tier"), vault.sku),
        ]
        self.facts.set_pairs([(label, breakable(value)) for label, value in pairs])
        self._ids.setText("\n".join((entry.subscription.id, entry.tenant.id)))
        self._tags_head.setVisible(bool(vault.tags))
        self.tags.setVisible(bool(vault.tags))
        self.tags.setText("\n".join(breakable(f"{name}: {value}") for name, value in vault.tags))

    def refusal_of(self, row: VaultRow) -> WhyNot | None:
        """Why the vault cannot be chosen; None when it can."""
        name = row.entry.vault.name
        if row.refusal is not None:
            title = self.tr("{} can’t be chosen").format(name)
            return WhyNot(title, f"{row.refusal.reason} {row.refusal.instead}", f"{name}: {row.refusal.reason}")
        if row.entry.contents is None and row.entry.problem is None:
            title, reason = self.tr("One moment"), self.tr("What the vault holds is being read.")
            return WhyNot(title, reason, self.tr("{}: looking at what it holds").format(name))
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _show_answer(self, row: VaultRow) -> None:
        entry, refusal = row.entry, row.refusal
        instead = ""
        if refusal is not None:
            instead = refusal.instead
            self.answer.set_status(Status.WARNING, refusal.reason, icon="not_suitable")
        elif entry.problem is not None and entry.contents is None:
            instead = self.tr("It can be chosen all the same.")
            self.answer.set_status(Status.WARNING, entry.problem.sentence)
        elif entry.contents is None:
            self.answer.set_status(Status.INFO, self.tr("Looking at what it holds"), icon="running")
        else:
            told = self.tr("Ready for Hyper-V hosts")
            if entry.contents.scenarios:
                told = self.tr("Protects Hyper-V hosts")
            self.answer.set_status(Status.OK, told)
        self._instead.setText(instead)
        self._instead.setVisible(bool(instead))

    def _build(self, theme: Theme) -> None:
        title = QHBoxLayout()
        title.setContentsMargins(Space.XL, Space.L, Space.M, Space.M)
        title.setSpacing(Space.S)
        title.addWidget(IconLabel(theme, "vault", Role.TEXT2, IconSize.NAV), 0, Qt.AlignmentFlag.AlignVCenter)
        title.addWidget(self._name, 1)
        title.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        body = QVBoxLayout()
        body.setContentsMargins(Space.XL, Space.M, Space.XL, Space.L)
        body.setSpacing(Space.S)
        for part in (self.answer, self._instead):
            body.addWidget(part)
        body.addSpacing(Space.S)
        body.addWidget(self.facts)
        body.addWidget(Text(short_sentence(Fixed.VAULT, self._rules), TextStyle.CAPTION, Role.TEXT2, wrap=True))
        body.addSpacing(Space.S)
        body.addWidget(Text(self.tr("Ids of the subscription and the tenant"), TextStyle.TABLE_HEAD, Role.TEXT2))
        body.addWidget(self._ids)
        body.addSpacing(Space.S)
        body.addWidget(self._tags_head)
        body.addWidget(self.tags)
        body.addSpacing(Space.S)
        body.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignLeft)
        body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(title)
        column.addWidget(horizontal_line(on_raised=True))
        column.addWidget(scrolling(body), 1)

    def _on_copy_clicked(self) -> None:
        if self._row is not None:
            QGuiApplication.clipboard().setText(self._row.entry.vault.id.text)
