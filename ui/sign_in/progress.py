"""What stands in place of the form while somebody signs in: what to do now, for how long, and the way out."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFont, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ports.sign_in import DeviceCode, SignInMethod
from ui.elapsed import elapsed_text
from ui.sign_in.words import way_name
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.focus_ring import lead_focus
from ui.widgets.labels import IconLabel, RunningIcon, Text
from ui.widgets.surface import Ground, Surface

OpenPage = Callable[[str], object]
Now = Callable[[], float]
"""Seconds since 1970, by this computer's clock: what a code's end is told in."""

_TICK_MS = 1_000


def open_in_browser(address: str) -> object:
    """Have the system show a page."""
    return QDesktopServices.openUrl(QUrl(address))


class CodeBox(Surface):
    """The code, large, with what can be done with it."""

    def __init__(self, theme: Theme, open_page: OpenPage, parent: QWidget | None = None) -> None:
        super().__init__(Ground.WELL, parent)
        self._open_page = open_page
        self._address = ""
        self.code = Text("", TextStyle.NUMBER)
        self.code.setObjectName("sign-in-code")
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        font = QFont(self.code.font())
        font.setFamily(theme.fixed_font().family())  # so that 0 and O, 1 and I are told apart
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, Space.XS)
        self.code.setFont(font)
        self.address = Text("", TextStyle.BODY, Role.TEXT2, wrap=True)
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open_button = Button(theme, self.tr("&Open the page"), icon="link", kind=Kind.PRIMARY)
        self.open_button.setObjectName("sign-in-open-page")
        self.copy_button = Button(theme, self.tr("&Copy the code"), icon="copy")
        self.copy_button.setObjectName("sign-in-copy-code")
        self._copied = Text("", TextStyle.CAPTION, Role.TEXT2)
        self._copied.setObjectName("sign-in-copied")
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self._copied)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(self.code)
        column.addWidget(self.address)
        column.addLayout(buttons)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.open_button.clicked.connect(self._on_open_clicked)

    def show_code(self, code: DeviceCode) -> None:
        self._address = code.address
        self._copied.setText("")
        self.code.setText(code.code)
        self.address.setText(self.tr("Enter it at {}").format(code.address))

    def clear(self) -> None:
        """A code that is over is of no use to anybody."""
        self.code.setText("")
        self._address = ""

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())
        self._copied.setText(self.tr("Copied"))

    def _on_open_clicked(self) -> None:
        self._open_page(self._address)


class SignInProgress(QWidget):
    """Signals:
    cancelled: nobody wants to sign in any more.
    renewal_requested: the code is over; a new one is wanted.
    device_code_requested: there is no browser to sign in with; a code shall be shown in its place.
    """

    cancelled = Signal()
    renewal_requested = Signal()
    device_code_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        open_page: OpenPage = open_in_browser,
        now: Now = time.time,
        offers_code: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """`offers_code`: whether who has no browser may be shown a code in its place."""
        super().__init__(parent)
        self._now = now
        self._offers_code = offers_code
        self._method = SignInMethod.BROWSER
        self._until: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._running = RunningIcon(theme, IconSize.NAV)
        self._still = IconLabel(theme, "stale", Role.WARNING, IconSize.NAV)
        self.title = Text("", TextStyle.PANEL_TITLE)
        self.title.setObjectName("sign-in-doing")
        self.about = Text("", wrap=True)
        self.about.setObjectName("sign-in-about")
        self.code_box = CodeBox(theme, open_page)
        self.left = Text("", TextStyle.CAPTION, Role.TEXT2)
        self.left.setObjectName("sign-in-left")
        self.cancel_button = Button(theme, self.tr("Cancel"))
        self.cancel_button.setObjectName("sign-in-cancel")
        self.renew_button = Button(theme, self.tr("&Get a new code"), icon="refresh", kind=Kind.PRIMARY)
        self.renew_button.setObjectName("sign-in-renew")
        self.instead_button = Button(theme, self.tr("Use a &device code instead"))
        self.instead_button.setObjectName("sign-in-instead")
        self._build()
        self.cancel_button.clicked.connect(self.cancelled)
        self.renew_button.clicked.connect(self.renewal_requested)
        self.instead_button.clicked.connect(self.device_code_requested)

    def begin(self, method: SignInMethod, within_s: float) -> None:
        """Show that it is under way, for at most so long."""
        self._method = method
        is_browser = method is SignInMethod.BROWSER
        self._until = self._now() + within_s if is_browser else None
        self.code_box.hide()
        self._show_running(is_running=True)
        self.renew_button.hide()
        self.instead_button.setVisible(is_browser and self._offers_code)
        self._timer.start()
        self._say(*self._beginning(method))
        self._tick()

    def show_code(self, code: DeviceCode, within_s: float) -> None:
        """Show the code that has come; it holds until it ends, or until nobody waits for it any more."""
        self._until = min(code.expires.timestamp(), self._now() + within_s)
        self.code_box.show_code(code)
        self.code_box.show()
        about = self.tr(
            "Open the page on any device, enter the code, and sign in there. This window goes on by itself."
        )
        self._say(self.tr("Sign in with this code"), about)
        self._tick()
        lead_focus(self.code_box.copy_button)

    def show_expired(self) -> None:
        """The code is over."""
        self.end()
        self.code_box.hide()
        self._show_running(is_running=False)
        self._say(self.tr("The code has expired"), self.tr("Nobody entered it in time. Nothing was changed."))
        self.renew_button.show()
        lead_focus(self.renew_button)

    def end(self) -> None:
        """Nothing is waited for any more."""
        self._timer.stop()
        self._until = None
        self.left.setText("")
        self.code_box.clear()

    def _beginning(self, method: SignInMethod) -> tuple[str, str]:
        match method:
            case SignInMethod.BROWSER:
                return (
                    self.tr("Sign in with your browser"),
                    self.tr("The sign-in page opens there. Sign in on it; this window goes on by itself."),
                )
            case SignInMethod.DEVICE_CODE:
                return self.tr("Fetching a code"), ""
            case SignInMethod.WINDOWS_ACCOUNT:
                return self.tr("Asking Windows for your account"), self.tr("Windows may show a window of its own.")
            case SignInMethod.AZURE_CLI | SignInMethod.AZURE_POWERSHELL:
                return self.tr("Asking {} for a token").format(way_name(method)), self.tr("This may take some seconds.")
            case _:
                return self.tr("Signing in the application"), ""

    def _say(self, title: str, about: str) -> None:
        self.title.setText(title)
        self.about.setText(about)
        self.about.setVisible(bool(about))

    def _show_running(self, *, is_running: bool) -> None:
        self._running.setVisible(is_running)
        self._still.setVisible(not is_running)

    def _tick(self) -> None:
        if self._until is None:
            self.left.setText("")
            return
        left = elapsed_text(max(self._until - self._now(), 0))
        is_code = not self.code_box.isHidden()
        self.left.setText(
            (self.tr("The code holds for {}") if is_code else self.tr("Waiting for {} more")).format(left)
        )

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self._running)
        head.addWidget(self._still)
        head.addWidget(self.title, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self.renew_button)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.instead_button)
        buttons.addWidget(self.left)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addWidget(self.code_box)
        column.addLayout(buttons)
        self._still.hide()
        self.renew_button.hide()
        self.code_box.hide()
