"""A room of the window: the views of one connection, or those from before there is one.

It knows views by id and nothing of what they show. It has a navigation, notices and a history of its own. What the
frame around it shows of it (name, colour, clock, what is under way) it keeps, and the window shows that while the room
is open. Navigation and banners are made when there is something for them to show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Status, Width
from ui.widgets.focus_ring import focus_by_keyboard
from ui.widgets.painting import lay_out

if TYPE_CHECKING:
    from ui.shell.activity_panel import Activity
    from ui.shell.navigation import Navigation
    from ui.shell.places import Places
    from ui.widgets.banner import BannerStack
    from ui.widgets.modal_sheet import ModalSheet


@runtime_checkable
class TakesBanners(Protocol):
    """A view that stands the banners below its own header."""

    def set_banners(self, banners: QWidget) -> None:
        """Put `banners` into the view; they come anew each time it is shown."""


@runtime_checkable
class Refreshes(Protocol):
    """A view that can be read anew with F5."""

    def refresh(self) -> None:
        """Read what is shown anew."""


@runtime_checkable
class HasRegions(Protocol):
    """A view that F6 goes through in parts, such as list, details and footer."""

    def regions(self) -> Sequence[QWidget]:
        """The parts in order; hidden ones are skipped."""


@dataclass(frozen=True, slots=True)
class RoomSign:
    """What tells one connection from another: its name, the vault, its colour, and whether it only looks."""

    name: str
    vault: str
    connection: Connection
    is_read_only: bool = False


class Room(QWidget):
    """Views, of which one is open.

    Signals:
        view_shown: another view is open now; carries its id.
        frame_changed: the frame has something else to show of this room.
        unlock_requested: the user wants to be able to change things, or no longer.
        close_requested: the user wants to leave the connection.
    """

    view_shown = Signal(str)
    frame_changed = Signal()
    unlock_requested = Signal()
    close_requested = Signal()

    def __init__(self, theme: Theme, open_sheet: Callable[[ModalSheet], None], parent: QWidget | None = None) -> None:
        """`open_sheet` opens a modal sheet over the whole window."""
        super().__init__(parent)
        self.setObjectName("room")
        self._theme = theme
        self._open_sheet = open_sheet
        self._views: dict[str, QWidget] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._full: set[str] = set()
        self._current = ""
        self._back: list[str] = []
        self._forward: list[str] = []
        self._places: Places | None = None
        self._banners: BannerStack | None = None
        self.notices = NoticeHub(self)
        self.notices.changed.connect(self._on_notices_changed)
        self.sign: RoomSign | None = None
        self.status: tuple[str, str] = "", ""
        self.clock = ""
        self.activities: tuple[Activity, ...] = ()
        self.controls: list[QWidget] = []
        self._whole = QStackedWidget()
        self._whole.addWidget(QWidget())  # what shows until a view is opened
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._whole)

    @property
    def current_view(self) -> str:
        """The id of the view that is open; empty before the first."""
        return self._current

    @property
    def is_full(self) -> bool:
        """Whether the view that is open takes the room of the navigation."""
        return self._current in self._full

    @property
    def navigation(self) -> Navigation:
        """The rail at the left."""
        return self._open_up().navigation

    def add_view(
        self,
        view_id: str,
        title: str,
        icon: str,
        widget: QWidget | Callable[[], QWidget],
        section: str | None = "top",
        *,
        full: bool = False,
    ) -> None:
        """Add a view, or what makes it when it is first wanted.

        It stands in the section "top" or "bottom" of the navigation, or in none. A `full` view takes the room of the
        navigation as well, as the wizard does with its step rail.
        """
        if full:
            self._full.add(view_id)
        if isinstance(widget, QWidget):
            self._take_view(view_id, widget)
        else:
            self._views.pop(view_id, None)
            self._makers[view_id] = widget
        if section is not None:
            self.navigation.add(view_id, title, icon, section)

    def show_view(self, view_id: str) -> None:
        """Open a view. The one before is where Alt+Left goes back to."""
        if view_id == self._current or not (view_id in self._views or view_id in self._makers):
            return
        if self._current:
            self._back.append(self._current)
            self._forward.clear()
        self._open(view_id)

    def lay_out_view(self, view_id: str) -> None:
        """Make a view and lay it out before anybody opens it."""
        view = self.view(view_id)
        if not view.isVisible():
            view.resize(self._open_up().room)
            lay_out(view)

    def view(self, view_id: str) -> QWidget:
        """The widget of a view, made now if it was not wanted before."""
        make = self._makers.pop(view_id, None)
        if make is not None:
            self._take_view(view_id, make())
        return self._views[view_id]

    def remove_view(self, view_id: str) -> None:
        """Take a view away, if it is there. Another one has to be open, since the open one holds the banners."""
        self._makers.pop(view_id, None)
        self._full.discard(view_id)
        if self._places is not None:
            self._places.navigation.remove(view_id)
        for visited in (self._back, self._forward):
            visited[:] = [other for other in visited if other != view_id]
        widget = self._views.pop(view_id, None)
        if widget is not None:
            widget.hide()
            widget.deleteLater()

    def set_count(self, view_id: str, count: int | str | None, care: Status | None = None) -> None:
        """Show a count beside a place, coloured if something there needs care."""
        item = self.navigation.item(view_id)
        if item is not None:
            item.set_count(count, care)

    def open_sheet(self, sheet: ModalSheet) -> None:
        """Open a modal sheet over the window; it is deleted once it is closed."""
        self._open_sheet(sheet)

    # What the frame shows

    def set_sign(self, name: str, vault: str, connection: Connection, *, read_only: bool = False) -> None:
        """Say which connection this is."""
        self.sign = RoomSign(name, vault, connection, read_only)
        self.frame_changed.emit()

    def set_status(self, left: str, right: str = "") -> None:
        """Say at the bottom what this connection is (left), and when figures come anew (right)."""
        self.status = left, right
        self.frame_changed.emit()

    def set_clock(self, text: str) -> None:
        """Show the clock of the connection at the bottom right."""
        if text != self.clock:
            self.clock = text
            self.frame_changed.emit()

    def set_activities(self, activities: Sequence[Activity]) -> None:
        """Show what is under way in the header."""
        self.activities = tuple(activities)
        self.frame_changed.emit()

    def add_control(self, control: QWidget) -> None:
        """Show a control in the header while the room is open. The window takes it over."""
        self.controls.append(control)
        self.frame_changed.emit()

    # Keys, which the window passes on

    def go_back(self) -> None:
        self._go(self._back, self._forward)

    def go_forward(self) -> None:
        self._go(self._forward, self._back)

    def open_place(self, place: int) -> None:
        items = self._places.navigation.items if self._places is not None else []
        if place < len(items) and self._current not in self._full:
            self.show_view(items[place].view_id)

    def refresh(self) -> None:
        """Read what is open anew, if it can be."""
        view = self._views.get(self._current)
        if isinstance(view, Refreshes):
            view.refresh()

    def focus_search(self) -> None:
        """Go to the filter of what is open."""
        from ui.widgets.line_edit import SearchBox

        view = self._views.get(self._current)
        boxes = view.findChildren(SearchBox) if view is not None else []
        for box in boxes:
            if box.isVisible():
                focus_by_keyboard(box)
                box.selectAll()
                return

    def next_region(self, step: int) -> None:
        """Go to the next part of what is open, or the one before."""
        view = self._views.get(self._current)
        inside = list(view.regions()) if isinstance(view, HasRegions) else [view] if view is not None else []
        around = [self._places.navigation] if self._places is not None else []
        regions = [region for region in [*around, *inside] if region.isVisible()]
        focused = QApplication.focusWidget()
        holding = [
            i for i, r in enumerate(regions) if focused is not None and (r is focused or r.isAncestorOf(focused))
        ]
        here = holding[-1] if holding else -step  # a part of another part comes after it
        for distance in range(1, len(regions) + 1):
            stop = _first_stop(regions[(here + step * distance) % len(regions)])
            if stop is not None:
                focus_by_keyboard(stop)
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._places is not None:
            self._places.fold(self._is_narrow())

    def _take_view(self, view_id: str, widget: QWidget) -> None:
        self._views[view_id] = widget
        if view_id in self._full:
            self._whole.addWidget(widget)
        else:
            self._open_up().add(widget)

    def _open_up(self) -> Places:
        """The navigation and the views beside it, made when the first one comes."""
        if self._places is None:
            from ui.shell.places import Places

            self._places = Places(self._theme)
            self._places.fold(self._is_narrow())
            self._places.navigation.chosen.connect(self.show_view)
            self._whole.addWidget(self._places)
        return self._places

    def _is_narrow(self) -> bool:
        return self.width() < Width.FOLD_NAV_BELOW

    def _on_notices_changed(self) -> None:
        """The first news; from then on the banners follow by themselves."""
        from ui.widgets.banner import BannerStack

        self.notices.changed.disconnect(self._on_notices_changed)
        self._banners = BannerStack(self._theme, self.notices, self)  # it shows at once: alone it would be a window
        self._lend_banners(self._views[self._current] if self._current else self)

    def _lend_banners(self, view: QWidget) -> None:
        if self._banners is None:
            return
        if isinstance(view, TakesBanners):
            view.set_banners(self._banners)
        else:
            self._open_up().take_banners(self._banners)

    def _open(self, view_id: str) -> None:
        self._current = view_id
        widget = self.view(view_id)
        self._lend_banners(widget)
        if view_id in self._full:
            self._whole.setCurrentWidget(widget)
        else:
            self._whole.setCurrentWidget(self._open_up())
            self._open_up().open(widget)
        if self._places is not None:
            self._places.navigation.set_current(view_id)
        self.view_shown.emit(view_id)

    def _go(self, source: list[str], other: list[str]) -> None:
        """Back or forward among the views."""
        if source:
            other.append(self._current)
            self._open(source.pop())


def _first_stop(region: QWidget) -> QWidget | None:
    """The first widget of `region` that Tab stops at."""
    widget = region
    while True:
        takes_tab = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        is_inside = widget is region or region.isAncestorOf(widget)
        if takes_tab and is_inside and widget.isVisible() and widget.isEnabled():
            return widget
        widget = widget.nextInFocusChain()
        if widget is region:
            return None
