"""The controls of the practice vault: its clock, the hosts that wait to register, and what could go wrong."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.fabric import Fabric
from app.domain.practice import PracticeState, WaitingHost
from app.live.services import Services
from app.scenarios import title_of
from app.services.practice_control import PracticeControl
from ui.calls import Calls
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle, Width
from ui.views.practice.speed_scale import SpeedScale
from ui.views.practice.trouble_panel import TroublePanel
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.facts_box import Pairs
from ui.widgets.form_field import TextField
from ui.widgets.labels import IconLabel, StatusLine, Text
from ui.widgets.page import Page

_TICK_MS = 1_000
_STEPS = (1, 10, 60, 600, 3600)
_SLOWEST, _FASTEST = 1.0, 3600.0


class PracticeView(QWidget):
    """Only shown on a practice vault.

    Signals:
        host_registered: a host has registered in a site; its machines appear soon.
        place_requested: open the view in which a trouble can be watched; carries the view's name.
    """

    host_registered = Signal()
    place_requested = Signal(str)

    def __init__(self, theme: Theme, services: Services, notices: NoticeHub) -> None:
        super().__init__()
        self.setObjectName("page-practice")
        self._theme = theme
        self._services = services
        self._calls = Calls(self, notices)
        self._state: PracticeState | None = None
        self._sites: tuple[Fabric, ...] = ()
        self.page = Page(
            self.tr("Practice controls"),
            self.tr("Nothing here is real: no machine, no cost, no risk. The clock is yours."),
            scrolls=True,
        )
        self.clock = Text("", TextStyle.NUMBER)
        self.clock.setObjectName("practice-clock")
        self.pace = StatusLine(theme, Status.INFO, "", wrap=False)
        self.scale = SpeedScale(theme, _STEPS)
        self.exact = TextField(
            theme,
            self.tr("E&xact speed"),
            check=self._check_speed,
            hint=self.tr("Vault seconds in one real second, 1 to 3,600. Enter sets it."),
        )
        self.exact.edit.setObjectName("practice-speed")
        self.pause_button = Button(theme, self.tr("&Pause"), icon="pause")
        self.pause_button.setObjectName("practice-pause")
        self.facts = Pairs()
        self._hosts = QVBoxLayout()
        self._hosts.setSpacing(Space.S)
        self.troubles = TroublePanel(theme, services, notices)
        self._no_hosts = Text("", TextStyle.BODY, Role.TEXT2, wrap=True)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._build()
        self._connect()

    def refresh(self) -> None:
        """Ask the practice vault how it stands."""
        self._calls.run("read", self._read, doing=self.tr("Reading the practice vault"), on_result=self._show_read)

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self._show_clock()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    # Building

    def _build(self) -> None:
        body = self.page.body
        body.addWidget(self._build_clock())
        body.addWidget(self._build_waiting())
        body.addWidget(self.troubles)
        body.addWidget(self._build_about())
        body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def _build_clock(self) -> Card:
        card = Card(self.tr("Clock of the practice vault"))
        now = QHBoxLayout()
        now.setSpacing(Space.L)
        now.addWidget(self.clock)
        now.addWidget(self.pace, 1)
        now.addWidget(self.pause_button)
        exact = QHBoxLayout()
        self.exact.setFixedWidth(Width.READING)
        exact.addWidget(self.exact)
        exact.addStretch(1)
        card.body.addLayout(now)
        card.body.addSpacing(Space.S)
        card.body.addWidget(self.scale)
        card.body.addSpacing(Space.S)
        card.body.addLayout(exact)
        return card

    def _build_waiting(self) -> Card:
        card = Card(self.tr("Hosts on premises that wait"))
        hint = self.tr("In real life you would run the Provider’s set-up on the host. Here a press does that part.")
        card.body.addWidget(Text(hint, TextStyle.BODY, Role.TEXT2, wrap=True))
        card.body.addLayout(self._hosts)
        card.body.addWidget(self._no_hosts)
        return card

    def _build_about(self) -> Card:
        card = Card(self.tr("This practice vault"))
        card.body.addWidget(self.facts)
        return card

    def _connect(self) -> None:
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.troubles.place_requested.connect(self.place_requested)
        self.scale.speed_chosen.connect(self._set_speed)
        self.exact.edit.returnPressed.connect(self._on_exact_return_pressed)
        self._timer.timeout.connect(self._show_clock)

    # Reading

    @property
    def _control(self) -> PracticeControl:
        control = self._services.practice
        if control is None:
            raise RuntimeError("The practice controls were opened on a connection that is no practice vault")
        return control

    async def _read(self) -> tuple[PracticeState, tuple[Fabric, ...]]:
        services = self._services
        state = await self._control.state()
        vaults = [services.home_vault] if services.home_vault is not None else []
        if not vaults:
            vaults = [vault.id for vault in await services.inventory.vaults(services.subscription)]
        sites = [fabric for vault in vaults for fabric in (await services.inventory.hosts(vault)).fabrics]
        return state, tuple(site for site in sites if site.is_hyper_v_site)

    def _show_read(self, read: tuple[PracticeState, tuple[Fabric, ...]]) -> None:
        self._sites = read[1]
        self._show_state(read[0])

    def _show_state(self, state: PracticeState) -> None:
        self._state = state
        self.scale.set_speed(state.speed)
        if not self.exact.edit.hasFocus():
            self.exact.set_text(f"{state.speed:g}")
        self.pause_button.setText(self.tr("&Go on") if state.is_paused else self.tr("&Pause"))
        self.pause_button.set_icon("start" if state.is_paused else "pause")
        sites = ", ".join(site.friendly_name for site in self._sites) or self.tr("None yet")
        self.facts.set_pairs(
            [
                (self.tr("Scenario"), title_of(state.scenario)),
                (self.tr("Hyper-V sites"), sites),
                (self.tr("Subscription"), self._services.subscription),
            ]
        )
        self._show_hosts(state.waiting_hosts)
        self._show_clock()

    def _show_clock(self) -> None:
        now = self._services.clock.now().astimezone()
        self.clock.setText(f"{now.day} {now:%b, %H:%M:%S}")
        state = self._state
        if state is None:
            return
        if state.is_paused:
            self.pace.set_status(Status.WARNING, self.tr("Paused: jobs and copies stand still."), icon="paused")
        elif state.speed == 1:
            self.pace.set_status(Status.INFO, self.tr("As fast as life: a first copy takes hours."), icon="speed")
        else:
            text = self.tr("{0} times as fast as life: an hour passes in {1}.")
            self.pace.set_status(Status.INFO, text.format(f"{state.speed:,g}", _real_hour(state.speed)), icon="speed")

    def _show_hosts(self, hosts: tuple[WaitingHost, ...]) -> None:
        while self._hosts.count():
            widget = self._hosts.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, host in enumerate(hosts):
            self._hosts.addWidget(self._build_host(number, host))
        self._no_hosts.setVisible(not hosts or not self._sites)
        if not hosts:
            self._no_hosts.setText(self.tr("No host waits: all of this scenario have registered."))
        elif not self._sites:
            self._no_hosts.setText(self.tr("A host registers in a Hyper-V site. Make one in the set-up first."))

    def _build_host(self, number: int, host: WaitingHost) -> QWidget:
        row = QWidget()
        line = QGridLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setHorizontalSpacing(Space.M)
        line.setColumnStretch(1, 1)
        line.addWidget(IconLabel(self._theme, "hosts", Role.TEXT2, IconSize.CARD), 0, 0, 2, 1)
        line.addWidget(Text(host.name, TextStyle.STRONG), 0, 1)
        machines = self.tr("{} machines").format(host.machine_count)
        line.addWidget(Text(machines, TextStyle.CAPTION, Role.TEXT2), 1, 1)
        button = Button(self._theme, self.tr("Register"))
        button.setObjectName(f"practice-register-{number}")
        button.setAccessibleName(self.tr("Register {}").format(host.name))
        button.setFixedWidth(Width.ROW_BUTTON)
        button.setVisible(bool(self._sites))
        button.clicked.connect(lambda: self._register(host))
        line.addWidget(button, 0, 2, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        return row

    # Doing

    def _change(self, change: Callable[[], Coroutine[Any, Any, PracticeState]], doing: str) -> None:
        self._calls.run("clock", change, doing=doing, on_result=self._show_state)

    def _on_pause_clicked(self) -> None:
        control = self._control
        is_paused = self._state is not None and self._state.is_paused
        if is_paused:
            self._change(control.resume, self.tr("Letting the clock go on"))
        else:
            self._change(control.pause, self.tr("Pausing the clock"))

    def _set_speed(self, speed: float) -> None:
        self._change(lambda: self._control.set_speed(speed), self.tr("Changing the speed"))

    def _on_exact_return_pressed(self) -> None:
        self.exact.reveal()
        speed = _speed(self.exact.text)
        if speed is not None:
            self._set_speed(speed)

    def _check_speed(self, text: str) -> str | None:
        return None if _speed(text) is not None else self.tr("Write a number from 1 to 3,600.")

    def _register(self, host: WaitingHost) -> None:
        site = self._sites[0]
        self._calls.run(
            "register",
            lambda: self._control.register_host(site.id, host.name),
            doing=self.tr("Registering {0} in {1}").format(host.name, site.friendly_name),
            on_result=self._on_registered,
        )

    def _on_registered(self, _name: str) -> None:
        self.refresh()
        self.host_registered.emit()


def _speed(text: str) -> float | None:
    """The speed that was typed; None if it is none."""
    try:
        speed = float(text.replace(",", "").strip())
    except ValueError:
        return None
    return speed if _SLOWEST <= speed <= _FASTEST else None


def _real_hour(speed: float) -> str:
    seconds = 3600 / speed
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
