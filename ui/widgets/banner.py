"""Banners: notices above a page. More than two collapse into one line that unfolds."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.notices import Notice, NoticeHub
from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import IconLabel, Text
from ui.widgets.surface import TintedBox

_SHOWN_AT_MOST = 2
_GRAVEST_FIRST = (Status.CRITICAL, Status.WARNING, Status.WAITING, Status.INFO, Status.OK, Status.NEUTRAL)


class Banner(TintedBox):
    """One notice: icon, what happened, what to do, its buttons, and a way to close it.

    Signals:
        closed: the user has read it.
    """

    closed = Signal()

    def __init__(self, theme: Theme, notice: Notice, parent: QWidget | None = None) -> None:
        super().__init__(theme, notice.status, parent)
        self.notice = notice
        self.setObjectName(f"banner_{notice.key}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(notice.title)
        self.setAccessibleDescription(notice.text)
        column = QVBoxLayout()
        column.setSpacing(Space.XS // 2)
        column.addWidget(Text(notice.title, TextStyle.STRONG, wrap=True))
        if notice.text:
            column.addWidget(Text(notice.text, wrap=True))
        if notice.actions:
            column.addSpacing(Space.XS + Space.XS // 2)
            column.addLayout(self._build_actions(theme))
        close = IconButton(theme, "close", self.tr("Close this notice"), small=True)
        close.setObjectName(f"banner_{notice.key}_close")
        close.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.CELL, Space.S, Space.CELL)
        row.setSpacing(Space.M)
        icon = IconLabel(theme, status_icon(notice.status), Role(notice.status.value), IconSize.NAV)
        is_one_line = not notice.text and not notice.actions
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter if is_one_line else Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _build_actions(self, theme: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        for number, action in enumerate(self.notice.actions):
            button = Button(theme, action.label, small=True)
            button.setObjectName(f"banner_{self.notice.key}_action_{number}")
            button.clicked.connect(lambda _=False, action=action: action.run())
            row.addWidget(button)
        row.addStretch(1)
        return row


class BannerStack(QWidget):
    """The banners of a hub, one per key. It takes no room while there is no news."""

    def __init__(self, theme: Theme, hub: NoticeHub, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hub = hub
        self._is_unfolded = False
        self.setObjectName("banners")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, Space.M)
        self._column.setSpacing(Space.S)
        hub.changed.connect(self._on_hub_changed)
        self._show()

    @property
    def banners(self) -> list[Banner]:
        """Those on screen, top to bottom."""
        widgets = [self._column.itemAt(index).widget() for index in range(self._column.count())]
        return [widget for widget in widgets if isinstance(widget, Banner)]

    def _on_hub_changed(self) -> None:
        self._show()

    def _show(self) -> None:
        notices = sorted(self._hub.notices, key=lambda notice: _GRAVEST_FIRST.index(notice.status))
        if len(notices) <= _SHOWN_AT_MOST:
            self._is_unfolded = False
        folded = len(notices) > _SHOWN_AT_MOST and not self._is_unfolded
        wanted = [] if folded else notices
        kept = {banner.notice: banner for banner in self.banners if banner.notice in wanted}
        self._clear(keep=list(kept.values()))
        if len(notices) > _SHOWN_AT_MOST:
            self._column.addWidget(self._build_summary(notices))
        for notice in wanted:
            self._column.addWidget(kept.get(notice) or self._build_banner(notice))
        self.setVisible(bool(notices))

    def _build_banner(self, notice: Notice) -> Banner:
        banner = Banner(self._theme, notice)
        banner.closed.connect(lambda: self._hub.withdraw(notice.key))
        return banner

    def _build_summary(self, notices: list[Notice]) -> TintedBox:
        gravest = notices[0]
        frame = TintedBox(self._theme, gravest.status)
        row = QHBoxLayout(frame)
        row.setContentsMargins(Space.L, Space.XS, Space.S, Space.XS)
        row.setSpacing(Space.M)
        row.addWidget(IconLabel(self._theme, status_icon(gravest.status), Role(gravest.status.value), IconSize.NAV))
        row.addWidget(Text(self.tr("{} notices").format(len(notices)), TextStyle.STRONG))
        row.addWidget(Text(gravest.title, wrap=True), 1)
        label = self.tr("Show fewer") if self._is_unfolded else self.tr("Show all")
        button = Button(self._theme, label, small=True)
        button.setObjectName("banners_fold")
        button.clicked.connect(self._on_fold_clicked)
        row.addWidget(button)
        return frame

    def _on_fold_clicked(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self._show()

    def _clear(self, keep: list[Banner]) -> None:
        while self._column.count():
            widget = self._column.takeAt(0).widget()
            if widget is not None and widget not in keep:
                widget.hide()
                widget.deleteLater()
