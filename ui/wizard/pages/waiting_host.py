"""The strip below the hosts: who has not registered yet, for how long, and in practice the button that lets it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.fabric import Fabric
from app.domain.host_set_up import HostSetUp
from app.domain.practice import PracticeState
from app.errors import AppError
from app.flows.hosts import expected_hosts, waited_min, waiting_since
from app.flows.step import Context
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import IconLabel, StatusLine, Text
from ui.widgets.progress_line import ProgressBar
from ui.widgets.surface import horizontal_line

_NAMED = 3


class WaitingHost(QFrame):
    """Stands in the card of the hosts.

    Signals:
        register_requested: the practice vault's next host shall register.
    """

    register_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(theme, "in_time", Role.INFO, IconSize.NAV)
        self._title = Text("", TextStyle.STRONG, wrap=True)
        self._figure = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._figure.setObjectName("source-waited")
        self._bar = ProgressBar(theme)
        self._text = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._failure = StatusLine(theme, Status.CRITICAL, style=TextStyle.CAPTION, tinted=True)
        self._failure.hide()
        self.register = Button(theme, self.tr("&Let it register"), icon="hosts")
        self.register.setObjectName("source-register-host")
        self.register.clicked.connect(self.register_requested)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self._title, 1)
        head.addWidget(self._figure)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addLayout(head)
        for part in (self._bar, self._text, self._failure):
            words.addWidget(part)
        row = QHBoxLayout()
        row.setContentsMargins(Space.CARD_X, Space.M, Space.CARD_X, Space.M)
        row.setSpacing(Space.L)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.register, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(horizontal_line())
        column.addLayout(row)
        self._show_time(None, 0)

    @property
    def can_register(self) -> bool:
        """Whether the button is there and takes a press."""
        return self.register.isVisibleTo(self) and self.register.isEnabled()

    def load(self, choice: HostSetUp, site: Fabric, context: Context, practice: PracticeState | None) -> bool:
        """Say who is waited for; whether there is anybody."""
        has_hosts = bool(context.estate.hosts(site))
        most = context.rules.monitoring.host_registration_max_min
        expected = [each.name for each in expected_hosts(choice, site, context.estate) if each.host is None]
        if expected and waiting_since(choice) is not None:
            self.show_expected(expected, waited_min(choice, context), most)
            return True
        in_practice = practice.waiting_hosts if practice is not None else ()
        if in_practice:
            self.show_practice(in_practice[0].name, in_practice[0].machine_count, is_first=not has_hosts)
            return True
        self.show_azure(most)
        return practice is None and not has_hosts

    def show_practice(self, name: str, machines: int, *, is_first: bool) -> None:
        """Offer to let the practice vault's next host register; the first host is the page's primary action."""
        self._icon.set_icon("practice", Role.WAITING)
        self._title.setText(self.tr("Practice: {} waits to be registered").format(name))
        one, many = self.tr("It runs 1 machine."), self.tr("It runs {} machines.").format(f"{machines:,}")
        text = self.tr("This stands for installing the Provider on it. “Add a server” goes the whole way.")
        self._text.setText(f"{one if machines == 1 else many} {text}")
        self.register.setAccessibleDescription(self._title.text())
        self.register.set_kind(Kind.PRIMARY if is_first else Kind.SECONDARY)
        self.register.show()
        self._show_time(None, 0)

    def show_azure(self, most_min: int) -> None:
        """Say how long a host may take to appear."""
        self._say(self.tr("Waiting for a host to register"), most_min)
        self._show_time(None, most_min)

    def show_expected(self, names: Sequence[str], waited_min: float | None, most_min: int) -> None:
        """These were told to register; `waited_min` is None where nobody was told yet."""
        listed = ", ".join(names[:_NAMED])
        if len(names) > _NAMED:
            listed = self.tr("{0} and {1} more").format(listed, len(names) - _NAMED)
        self._say(self.tr("Waiting for {} to register").format(listed), most_min)
        self._show_time(waited_min, most_min)

    def _say(self, title: str, most_min: int) -> None:
        self._icon.set_icon("in_time", Role.INFO)
        self._title.setText(title)
        text = self.tr(
            "Azure shows a new host up to {} minutes after setup ends. You can close the program: it looks again when "
            "you come back."
        )
        self._text.setText(text.format(most_min))
        self.register.hide()

    def _show_time(self, waited_min: float | None, most_min: int) -> None:
        self._bar.setVisible(waited_min is not None)
        self._figure.setVisible(waited_min is not None)
        if waited_min is None:
            return
        self._bar.set_fraction(waited_min / most_min)
        self._figure.setText(waited_text(waited_min, most_min))

    def set_busy(self, *, is_busy: bool) -> None:
        """While the host registers the button takes no second press."""
        self.register.setEnabled(not is_busy)
        if is_busy:
            self._failure.hide()
            self._text.setText(self.tr("It registers. Azure lists it after half a minute of the vault’s time."))

    def show_failure(self, error: AppError | None) -> None:
        """Say why the host could not register; None takes it away."""
        self._failure.setVisible(error is not None)
        if error is not None:
            self._failure.set_status(Status.CRITICAL, error.sentence)


def waited_text(waited_min: float, most_min: int) -> str:
    """For how long, of how long it may take."""
    if waited_min <= most_min:
        return QCoreApplication.translate("WaitingHost", "{0:.0f} min of up to {1} min").format(waited_min, most_min)
    return QCoreApplication.translate("WaitingHost", "longer than {} min").format(most_min)
