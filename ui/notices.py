"""News: what a service, a feed or a page has to say to the user, whatever page is open.

A notice has a key; a newer one with the same key takes the place of the older. Who shows them listens to the hub.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from ui.theme.tokens import Status

if TYPE_CHECKING:
    from app.runtime.renewal import Renewal


class NoticeAction(NamedTuple):
    """One button of a notice."""

    label: str
    run: Callable[[], object]


class Notice(NamedTuple):
    """What happened (`title`), what it means and what to do (`text`), and one to three buttons.

    An `urgent` one stands in a modal sheet as well, which lies over the banners of the page.
    """

    key: str
    status: Status
    title: str
    text: str = ""
    actions: tuple[NoticeAction, ...] = ()
    urgent: bool = False


class NoticeHub(QObject):
    """Keeps the notices that stand, oldest first.

    Attributes:
        renewal: of the sign-in to which the calls that tell their news here belong; None where nobody would renew it.

    Signals:
        changed: the notices are others now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.renewal: Renewal | None = None
        self.remedies: dict[str, NoticeAction] = {}
        """What this room can offer beside an error, by the remedy that the error names."""
        self._notices: dict[str, Notice] = {}
        self.told: set[str] = set()
        """Keys of news that are told once, whether or not they were read."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """All that stand, oldest first; one that was replaced keeps its place."""
        return tuple(self._notices.values())

    def post(self, notice: Notice) -> None:
        """Show `notice`, in place of an older one with its key."""
        if self._notices.get(notice.key) != notice:
            self._notices[notice.key] = notice
            self.changed.emit()

    def withdraw(self, key: str) -> None:
        """Take a notice away, if it stands: what it told is over, or was read."""
        if self._notices.pop(key, None) is not None:
            self.changed.emit()
