"""The banner above the hosts: what is not as it should be with them, until it was read or is over."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.flows.hosts import HostWarning
from ui.notices import Notice, NoticeAction
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.banner import Banner

_TOLD = 4


class HostNews(QWidget):
    """Takes no room while there is nothing to tell.

    Signals:
        look_requested: the hosts shall be read again.
        check_script_requested: the script that checks a host shall be saved.
    """

    look_requested = Signal()
    check_script_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._banner: Banner | None = None
        self._read: set[tuple[str, ...]] = set()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_warnings(self, warnings: Sequence[HostWarning]) -> None:
        """Tell these; one that was read is told again only after it was over."""
        self._read &= {warning.about for warning in warnings}
        told = [warning for warning in warnings if warning.about not in self._read]
        notice = self._notice(told) if told else None
        if self._banner is not None and self._banner.notice[:4] != (notice[:4] if notice else None):
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
        self.setVisible(notice is not None)
        if notice is None or self._banner is not None:
            return
        self._banner = Banner(self._theme, notice)
        self._banner.closed.connect(lambda: self._on_banner_closed(told))
        self._column.addWidget(self._banner)

    def _notice(self, told: Sequence[HostWarning]) -> Notice:
        actions = (
            NoticeAction(self.tr("Look again"), self.look_requested.emit),
            NoticeAction(self.tr("Save the check script…"), self.check_script_requested.emit),
        )
        if len(told) == 1:
            title, _, text = told[0].text.partition(". ")
            return Notice("source-hosts", Status.WARNING, title, text, actions)
        lines = [warning.text for warning in told[:_TOLD]]
        if len(told) > _TOLD:
            lines.append(self.tr("And {} more.").format(len(told) - _TOLD))
        title = self.tr("{} things to look at with the hosts").format(len(told))
        return Notice("source-hosts", Status.WARNING, title, "\n".join(lines), actions)

    def _on_banner_closed(self, told: Sequence[HostWarning]) -> None:
        self._read |= {warning.about for warning in told}
        self.hide()
        if self._banner is not None:
            self._banner.deleteLater()
            self._banner = None
