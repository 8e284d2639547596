"""The sheet itself: its parts in order, each open at any time, and Back and Next between them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.errors import AppError
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.turns import Turns
from ui.widgets.buttons import Button
from ui.widgets.focus_ring import lead_focus
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.painting import lay_out
from ui.widgets.tabs import Tabs
from ui.wizard.pages.add_server.hosts_part import HostsPart
from ui.wizard.pages.add_server.install_part import InstallPart
from ui.wizard.pages.add_server.installer_part import InstallerPart
from ui.wizard.pages.add_server.key_part import KeyPart
from ui.wizard.pages.add_server.part import Ground, Part
from ui.wizard.pages.add_server.wait_part import WaitPart
from ui.wizard.requests import PrepareScripts, Request

PARTS: tuple[type[Part], ...] = (HostsPart, KeyPart, InstallerPart, InstallPart, WaitPart)


class AddServerSheet(ModalSheet):
    """Answers are kept as they are given: closing it loses nothing, and opening it again goes on.

    Signals:
        draft_edited: an answer was changed; carries the new `SetUpDraft`.
        requested: carries a `Request`.
        part_made: a part is there from now on; carries the `Part`.
    """

    draft_edited = Signal(object)
    requested = Signal(object)
    part_made = Signal(object)

    def __init__(self, theme: Theme, ground: Ground, *, part: str = "", parent: QWidget | None = None) -> None:
        """`part` is the id of the one to open; else the first that has something left to do."""
        site = ground.site
        name = site.friendly_name if site is not None else ""
        super().__init__(theme, "", submit="", parent=parent)
        self.set_title(
            self.tr("Add a server to {}").format(name),
            self.tr("Which hosts, the key, the installer, the script: everything can be done on another day."),
        )
        self.setObjectName("add-server-sheet")
        self._theme = theme
        self._ground = ground
        self._parts: dict[str, Part] = {}
        self._ready: dict[str, Part] = {}
        """Made, and not begun yet."""
        self._laid_out: set[str] = set()
        self._loaded: dict[str, Ground] = {}
        self._turns, self._ahead = Turns(self), Turns(self)
        self._tabs = Tabs(theme)
        self._tabs.setObjectName("add-server-tabs")
        self._tabs.setAccessibleName(self.tr("Steps"))
        titles = {
            "hosts": self.tr("1 Hosts"),
            "key": self.tr("2 Key"),
            "installer": self.tr("3 Installer"),
            "install": self.tr("4 Install"),
            "wait": self.tr("5 Wait"),
        }
        self._ids = [kind.id for kind in PARTS]
        for id_ in self._ids:
            self._tabs.addTab(titles[id_])
        self.top.addWidget(self._tabs)
        self.back_button = Button(theme, self.tr("&Back"))
        self.back_button.setObjectName("add-server-back")
        self.back_button.clicked.connect(self._on_back_clicked)
        self.footer.add_right(self.back_button)
        self.footer.add_right(self.submit_button)
        QWidget.setTabOrder(self.cancel_button, self.back_button)
        QWidget.setTabOrder(self.back_button, self.submit_button)
        self.cancel_button.setText(self.tr("&Close"))
        self.submit_button.setObjectName("add-server-next")
        self.submitted.connect(self._on_next)
        self._tabs.currentChanged.connect(self._show)
        self._wanted = part or _first_open(ground)
        self._turns.begin(
            partial(self._make_ahead, self._wanted),
            partial(self._lay_out_ahead, self._wanted),
            lambda: self.open_part(self._wanted),
            lambda: self.requested.emit(PrepareScripts()),
        )

    @property
    def part(self) -> Part:
        """The one that is open."""
        return self._made(self._ids[self._tabs.currentIndex()])

    def open_part(self, id_: str) -> None:
        """Go to a part."""
        place = self._ids.index(id_)
        if place == self._tabs.currentIndex():
            self._show(place)
        else:
            self._tabs.setCurrentIndex(place)

    def load(self, ground: Ground) -> None:
        """Draft, estate or practice are others now."""
        self._ground = ground
        for part in self._parts.values():
            part.load(ground)
        if not self.part.problem():
            self.footer.set_worst(None)

    def started(self, request: Request) -> None:
        for part in self._parts.values():
            part.started(request)

    def progressed(self, request: Request, progress: object) -> None:
        for part in self._parts.values():
            part.progressed(request, progress)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        for part in self._parts.values():
            part.finished(request, outcome)

    def _made(self, id_: str) -> Part:
        """Each is begun when it is first wanted: all at once would hold the loop, and ask for what nobody wants yet."""
        found = self._parts.get(id_)
        if found is None:
            self._make_ahead(id_)
            self._lay_out_ahead(id_)
            found = self._parts[id_] = self._ready.pop(id_)
            self._load_ahead(found)
            self.body.addWidget(found)
            found.begin()
        return found

    def _make_ahead(self, id_: str) -> None:
        """Have a part before anybody goes to it; it stays as it is loaded until somebody does."""
        if id_ in self._parts or id_ in self._ready:
            return
        part = self._ready[id_] = next(kind for kind in PARTS if kind.id == id_)(self._theme)
        part.hide()
        part.setParent(self)
        part.draft_edited.connect(self.draft_edited)
        part.requested.connect(self.requested)
        self.part_made.emit(part)

    def _lay_out_ahead(self, id_: str) -> None:
        part = self._ready.get(id_)
        if part is not None and id_ not in self._laid_out:
            self._laid_out.add(id_)
            lay_out(part)

    def _load_ahead(self, part: Part) -> None:
        if self._loaded.get(part.id) is not self._ground:
            self._loaded[part.id] = self._ground
            part.load(self._ground)

    def _get_ready(self, id_: str) -> None:
        self._make_ahead(id_)
        part = self._ready.get(id_)
        if part is not None:
            self._ahead.begin(partial(self._lay_out_ahead, id_), partial(self._load_ahead, part))

    def _show(self, place: int) -> None:
        part = self._made(self._ids[place])
        for each in self._parts.values():
            each.setVisible(each is part)
        self.scroll_to_top()
        self.footer.set_worst(None)
        self.back_button.setEnabled(place > 0)
        is_last = place == len(self._ids) - 1
        self.submit_button.setText(self.tr("&Done") if is_last else self.tr("&Next"))
        if self.isVisible():
            lead_focus(part.first_focus())
        if not is_last:
            self._ahead.begin(partial(self._get_ready, self._ids[place + 1]))

    def _on_back_clicked(self) -> None:
        self._tabs.setCurrentIndex(self._tabs.currentIndex() - 1)

    def _on_next(self) -> None:
        part = self.part
        problem = part.problem()
        if problem:
            part.reveal()
            self.footer.set_worst(Status.CRITICAL, problem)
            self.lead_to(part.first_focus())
        elif self._tabs.currentIndex() == len(self._ids) - 1:
            self.close_sheet()
        else:
            self._tabs.setCurrentIndex(self._tabs.currentIndex() + 1)


def _first_open(ground: Ground) -> str:
    """Where to go on: whoever was told to register is waited for."""
    choice = ground.draft.hosts
    if not choice.names:
        return "hosts"
    return "wait" if choice.asked_at else "key"
