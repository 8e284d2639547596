"""The bar above the table: how many machines are selected, and what can be done with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.domain.arm_id import ArmId
from app.domain.protected_item import ReplicationProtectedItem
from app.flows.failover import OPERATIONS, FailoverKind, FailoverOperation, operation
from app.flows.failover_checks import why_not
from app.runtime.write_access import WriteAccess
from ui.read_only import read_only_refusal, watch_access
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space, TextStyle
from ui.widgets.buttons import IconButton
from ui.widgets.callout import Callout, Refusal, Way
from ui.widgets.labels import Text
from ui.widgets.menu import Menu
from ui.widgets.painting import fill_box, painting
from ui.widgets.reasoned_button import ReasonedButton

ICONS = {
    FailoverKind.TEST: "test_failover",
    FailoverKind.CLEAN_UP: "clean_up",
    FailoverKind.PLANNED: "planned_failover",
    FailoverKind.UNPLANNED: "failover",
    FailoverKind.COMMIT: "commit",
}
_NAMES_TOLD = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """Which of the selected machines an operation could be started on."""

    operation: FailoverOperation
    able: tuple[ReplicationProtectedItem, ...]
    unable: tuple[ReplicationProtectedItem, ...]

    @classmethod
    def of(cls, operation: FailoverOperation, items: Sequence[ReplicationProtectedItem]) -> Offer:
        wanted = operation.allowed_by.value  # looked up once: thousands may be selected
        able = tuple(item for item in items if wanted in item.allowed_operations)
        unable = tuple(item for item in items if wanted not in item.allowed_operations)
        return cls(operation, able, unable)


class OperationsBar(QWidget):
    """Always there, so that selecting the first machine moves nothing. What does not fit goes into a menu.

    Signals:
        operation_requested: an operation (`FailoverKind`) on some machines (tuple of `ArmId`).
        job_requested: show this job (`ArmId`).
        clear_requested: select nothing.
    """

    operation_requested = Signal(object, object)
    job_requested = Signal(object)
    clear_requested = Signal()

    def __init__(self, theme: Theme, access: WriteAccess) -> None:
        super().__init__()
        self.setObjectName("items-operations")
        self.setFixedHeight(Height.BULK_BAR)
        self._theme = theme
        self._access = access
        self._items: tuple[ReplicationProtectedItem, ...] = ()
        self._count = Text("", TextStyle.STRONG)
        self._count.setObjectName("items-selected")
        self._hidden = Text("", TextStyle.CAPTION, Role.TEXT2)
        self.clear_button = IconButton(theme, "close", self.tr("Select nothing"), small=True)
        self.clear_button.setObjectName("items-select-nothing")
        self.clear_button.clicked.connect(self.clear_requested)
        self.more_button = IconButton(theme, "more", self.tr("More operations"), small=True)
        self.more_button.setObjectName("items-more")
        self.more_button.clicked.connect(self._on_more_clicked)
        labels = {
            FailoverKind.TEST: self.tr("&Test failover…"),
            FailoverKind.CLEAN_UP: self.tr("C&lean up…"),
            FailoverKind.PLANNED: self.tr("Pla&nned failover…"),
            FailoverKind.UNPLANNED: self.tr("&Failover…"),
            FailoverKind.COMMIT: self.tr("Co&mmit…"),
        }
        self.buttons: dict[FailoverKind, ReasonedButton] = {}
        for each in OPERATIONS:
            button = ReasonedButton(theme, labels[each.kind], icon=ICONS[each.kind], small=True)
            button.setObjectName(f"items-{each.kind.value.replace('_', '-')}")
            button.activated.connect(lambda kind=each.kind: self._request(kind, self._items))
            self.buttons[each.kind] = button
        self._hidden_count = 0
        self._build()
        self.show_selection(())
        watch_access(self, access, lambda: self.show_selection(self._items, self._hidden_count))

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.CARD_X, 0, Space.M, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._count)
        row.addWidget(self._hidden)
        row.addWidget(self.clear_button)
        row.addSpacing(Space.XS)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addWidget(self.more_button)
        row.addStretch(1)

    def show_selection(self, items: Sequence[ReplicationProtectedItem], hidden: int = 0) -> None:
        """These are selected, `hidden` of them filtered away; each button says whether it acts on all of them."""
        self._items, self._hidden_count = tuple(items), hidden
        count = len(self._items)
        self._count.setText(self.tr("{} selected").format(f"{count:,}") if count else self.tr("None selected"))
        self._hidden.setText(self.tr("{} not shown").format(f"{hidden:,}") if hidden else "")
        self._hidden.setVisible(hidden > 0)
        self.clear_button.setVisible(count > 0)
        for kind, button in self.buttons.items():
            button.settle(self._refusal(operation(kind)))
        self._fold()
        self.update()

    def build_menu(self, parent: QWidget, kinds: Sequence[FailoverKind] = tuple(FailoverKind)) -> QMenu:
        """The same operations as a menu; one that has to wait says why when it is chosen."""
        menu = Menu(self._theme, parent)
        for kind in kinds:
            button = self.buttons[kind]
            action = QAction(self._theme.icon(ICONS[kind], Role.TEXT), button.text(), menu)
            action.setStatusTip(button.accessibleDescription())
            action.triggered.connect(lambda _=False, kind=kind: self._press(kind))
            menu.addAction(action)
        return menu

    # Why not

    def _refusal(self, operation: FailoverOperation) -> Refusal | None:
        read_only = read_only_refusal(self._access)
        if read_only is not None:
            return read_only
        if not self._items:
            return Refusal(self.tr("No machine is selected"), self.tr("Select the machines it should act on."))
        offer = Offer.of(operation, self._items)
        if not offer.unable:
            return None
        first = why_not(offer.operation, offer.unable[0])
        if first is None:
            return None
        ways = [way for way in (self._way_with_the_rest(offer), self._way_on(offer)) if way is not None]
        return Refusal(first.title, " ".join(self._reasons(offer, first.reason)), tuple(ways[:2]))

    def _reasons(self, offer: Offer, first: str) -> list[str]:
        reasons = [first]
        others = len(offer.unable) - 1
        if others == 1:
            reasons.append(self.tr("{} cannot either.").format(offer.unable[1].friendly_name))
        elif others:
            reasons.append(self.tr("{} others cannot either.").format(f"{others:,}"))
        free = [item.friendly_name for item in offer.able]
        if len(free) == 1:
            reasons.append(self.tr("{} is free to go.").format(free[0]))
        elif free and len(free) <= _NAMES_TOLD:
            names = self.tr("{0} and {1}").format(", ".join(free[:-1]), free[-1])
            reasons.append(self.tr("{} are free to go.").format(names))
        elif free:
            reasons.append(self.tr("The other {} are free to go.").format(f"{len(free):,}"))
        return reasons

    def _way_with_the_rest(self, offer: Offer) -> Way | None:
        if not offer.able:
            return None
        label = self.tr("Go on with {0} of {1}…").format(f"{len(offer.able):,}", f"{len(self._items):,}")
        return Way(label, lambda: self._request(offer.operation.kind, offer.able))

    def _way_on(self, offer: Offer) -> Way | None:
        """What clears the way for the first that has to wait, and for all that wait for the same."""
        first = why_not(offer.operation, offer.unable[0])
        if first is None:
            return None
        if first.job_id:
            job = ArmId(first.job_id)
            return Way(self.tr("Watch the job"), lambda: self.job_requested.emit(job))
        if first.way_on is not None:
            other = operation(first.way_on)
            able = tuple(item for item in offer.unable if item.allows(other.allowed_by))
            if able:
                return Way(self.buttons[other.kind].text().replace("&", ""), lambda: self._request(other.kind, able))
        return None

    # Doing

    def _request(self, kind: FailoverKind, items: Sequence[ReplicationProtectedItem]) -> None:
        self.operation_requested.emit(kind, tuple(item.id for item in items))

    def _press(self, kind: FailoverKind) -> None:
        button = self.buttons[kind]
        if button.refusal is None or button.isVisible():
            button.click()
        else:
            Callout(self._theme, self.more_button, button.refusal).open()

    def _on_more_clicked(self) -> None:
        folded = [kind for kind, button in self.buttons.items() if button.isHidden()]
        menu = self.build_menu(self, folded)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Put the buttons that do not fit into the menu: first those that refuse, and of their like the last ones."""
        before = (self._count, self._hidden, self.clear_button)
        room = self.width() - Space.CARD_X - Space.M - Space.XS - Space.S
        room -= sum(part.sizeHint().width() + Space.S for part in before if not part.isHidden())
        widths = [button.sizeHint().width() + Space.S for button in self.buttons.values()]
        fits = sum(widths) <= room
        room -= 0 if fits else self.more_button.sizeHint().width() + Space.S
        self.more_button.setVisible(not fits)
        by_use = sorted(zip(self.buttons.values(), widths, strict=True), key=lambda pair: pair[0].refusal is not None)
        for button, width in by_use:
            room -= width
            button.setVisible(room >= 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        ground = colors.selection if self._items and not colors.high_contrast else colors.well
        with painting(self) as painter:
            fill_box(painter, self.rect(), ground)
