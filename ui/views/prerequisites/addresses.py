"""The addresses to let through, by cloud, and a text for those who run firewall and proxy."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.domain.address_list import CLOUD_NAMES, address_text
from app.domain.prerequisites import AddressRule, Cloud, PrerequisiteRules
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle
from ui.turns import Turns
from ui.views.prerequisites.line_row import LineHeads
from ui.widgets.buttons import Button, Kind
from ui.widgets.card import Card
from ui.widgets.labels import Text
from ui.widgets.line_grid import columns, divided
from ui.widgets.page import scrolling
from ui.widgets.ready_text import ReadyText

_STRETCHES = (9, 11, 11)
"""So that the longest address fits in the smallest window: a name without a blank does not break."""


class AddressPage(QWidget):
    """Made when it is first shown, a part in each turn of the loop."""

    def __init__(self, theme: Theme, rules: PrerequisiteRules) -> None:
        super().__init__()
        self.setObjectName("prerequisites-addresses")
        self._theme = theme
        self._rules = rules
        self._is_begun = False
        self._turns = Turns(self)
        self._body = QVBoxLayout()
        self._lines = QVBoxLayout()
        self._today: dict[str, Text] = {}
        self.cloud = Cloud.COMMERCIAL
        self.request = ReadyText(
            theme,
            self.tr("For the network team"),
            self.tr("What to let through, from where, and what for: ready to be sent."),
            name="prerequisites",
            parent=self,
        )
        self.request.hide()  # until it has its place
        self._clouds = QButtonGroup(self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_begun:
            self._is_begun = True
            rules = (partial(self._add_rule, rule) for rule in self._rules.addresses)
            self._turns.begin(self._build, *rules, lambda: self._show_cloud(self.cloud), self._add_request)

    def _build(self) -> None:
        card = Card(self.tr("Addresses"), flush=True)
        self._lines = card.body
        self._body.setContentsMargins(Space.PAGE, 0, Space.PAGE, Space.L)
        self._body.setSpacing(Space.M)
        self._body.addWidget(card)
        self._body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolling(self._body))
        self._build_head(card)

    def _build_head(self, card: Card) -> None:
        assert card.head is not None
        for cloud in Cloud:
            button = Button(self._theme, CLOUD_NAMES[cloud], kind=Kind.CHOICE, small=True)
            button.setObjectName(f"prerequisites-cloud-{cloud.value}")
            button.setChecked(cloud is self.cloud)
            button.clicked.connect(lambda _checked=False, cloud=cloud: self._show_cloud(cloud))
            self._clouds.addButton(button)
            card.head.add_control(button)
        card.body.addWidget(LineHeads(_STRETCHES))

    def _add_rule(self, rule: AddressRule) -> None:
        self._lines.addWidget(divided(self._build_rule(rule)))

    def _build_rule(self, rule: AddressRule) -> QWidget:
        row = QWidget()
        grid = columns(row, _STRETCHES)
        purpose = QWidget()
        words = QVBoxLayout(purpose)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(Space.XS // 2)
        title = self.tr("{} (optional)").format(rule.purpose) if rule.is_optional else rule.purpose
        words.addWidget(Text(f"{title} · {rule.port}", TextStyle.STRONG, wrap=True))
        words.addWidget(Text(rule.why, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        today = self._today[rule.id] = Text(_lines(rule.today(self.cloud)), wrap=True)
        today.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        source = self._rules.source_of(rule)
        today.setToolTip(f"{source.document}, {source.month}")
        before = Text(_lines(rule.in_2017), TextStyle.BODY, Role.TEXT2, wrap=True)
        for column, part in enumerate((purpose, today, before)):
            grid.addWidget(part, 0, column, Qt.AlignmentFlag.AlignTop)
        return row

    def _add_request(self) -> None:
        self._body.insertWidget(1, self.request)
        self.request.show()

    def _show_cloud(self, cloud: Cloud) -> None:
        self.cloud = cloud
        for rule in self._rules.addresses:
            if rule.id in self._today:
                self._today[rule.id].setText(_lines(rule.today(cloud)))
        self.request.set_text(address_text(self._rules, cloud))


def _lines(addresses: tuple[str, ...]) -> str:
    return "\n".join(addresses) or "–"
