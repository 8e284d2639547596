"""What can be done with hosts: the buttons in the head of their card, and why one of them has to wait."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.theme.theme import Theme
from ui.widgets.buttons import Button, Kind
from ui.widgets.callout import Refusal
from ui.widgets.overflow_row import OverflowRow
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.source_hosts import HostRow


class HostsBar(OverflowRow):
    """Acts on the selected hosts.

    Signals:
        add_requested, refresh_requested, remove_requested, needs_requested: what the buttons say.
    """

    add_requested = Signal()
    refresh_requested = Signal()
    remove_requested = Signal()
    needs_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.add = ReasonedButton(theme, self.tr("&Add a server…"), icon="create", small=True)
        self.add.setObjectName("source-add-server")
        self.refresh = ReasonedButton(theme, self.tr("Refresh &host"), icon="refresh", small=True)
        self.refresh.setObjectName("source-refresh-host")
        self.remove = ReasonedButton(theme, self.tr("Re&move…"), icon="remove", small=True)
        self.remove.setObjectName("source-remove-host")
        self.needs = Button(theme, self.tr("What hosts need"), icon="prerequisites", kind=Kind.LINK, small=True)
        self.needs.setObjectName("source-prerequisites")
        super().__init__(theme, (self.add, self.refresh, self.remove, self.needs), parent)
        self._refreshing: tuple[str, ...] = ()
        self.add.activated.connect(self.add_requested)
        self.refresh.activated.connect(self.refresh_requested)
        self.remove.activated.connect(self.remove_requested)
        self.needs.clicked.connect(self.needs_requested)
        self.show_selection((), has_site=False)

    @property
    def is_refreshing(self) -> bool:
        return bool(self._refreshing)

    def show_selection(self, rows: Sequence[HostRow], *, has_site: bool) -> None:
        """These hosts are selected."""
        if has_site:
            self.add.allow()
        else:
            self.add.refuse(
                Refusal(
                    self.tr("A site comes first"), self.tr("Choose a Hyper-V site above: hosts are registered in it.")
                )
            )
        self.refresh.setText(
            self.tr("Refresh {} hosts").format(len(rows)) if len(rows) > 1 else self.tr("Refresh &host")
        )
        self.refresh.settle(self._refresh_refusal(rows))
        self.remove.settle(self._remove_refusal(rows))

    def show_refreshing(self, names: Sequence[str]) -> None:
        """A refresh of these is under way; none when it is over."""
        self._refreshing = tuple(names)

    def _refresh_refusal(self, rows: Sequence[HostRow]) -> Refusal | None:
        title = self.tr("Refreshing has to wait")
        if self._refreshing:
            names = ", ".join(self._refreshing)
            return Refusal(title, self.tr("{} is being refreshed, which takes about 90 s.").format(names))
        return self._selection_refusal(title, rows) or self._silence_refusal(title, rows)

    def _remove_refusal(self, rows: Sequence[HostRow]) -> Refusal | None:
        title = self.tr("Nothing is removed yet")
        if len(rows) > 1:
            return Refusal(title, self.tr("Hosts are removed one by one, since each asks for its name. Select one."))
        return self._selection_refusal(title, rows)

    def _selection_refusal(self, title: str, rows: Sequence[HostRow]) -> Refusal | None:
        if not rows:
            return Refusal(title, self.tr("Select a host in the list below."))
        absent = [row.name for row in rows if row.host is None]
        if absent:
            return Refusal(title, self.tr("{} is not registered in this site.").format(absent[0]))
        return None

    def _silence_refusal(self, title: str, rows: Sequence[HostRow]) -> Refusal | None:
        silent = [row.name for row in rows if row.host is not None and not row.host.is_connected]
        if not silent:
            return None
        text = self.tr("{} is not connected, so it can’t report. Start its services and check its way to port 443.")
        return Refusal(title, text.format(silent[0]))
