"""The network settings, docked beside the check that shows what they do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.errors import AppError, InvalidInput
from app.network_settings import (
    Authorities,
    NetworkSettings,
    ProxyMode,
    check_exceptions,
    check_pac,
    check_port,
    check_proxy,
    check_user,
    listed,
)
from app.services.network import Network
from ui.calls import Calls
from ui.notices import NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.views.connection_check.fields import CaField, PasswordField
from ui.widgets.choice import CheckBox, RadioButton
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import StatusLine, Text
from ui.widgets.secret_and_file import PickFile
from ui.widgets.surface import horizontal_line


class NetworkSheet(DockedSheet):
    """Edits a copy; nothing counts before it is saved.

    Signals:
        saved: the settings are saved and in force.
    """

    saved = Signal()

    def __init__(
        self, theme: Theme, network: Network, notices: NoticeHub, pick: PickFile, parent: QWidget | None = None
    ) -> None:
        """`pick` asks for a CA file."""
        super().__init__(
            theme,
            self.tr("Network settings"),
            self.tr("For the whole program, and at once for all connections."),
            submit=self.tr("Sa&ve"),
            parent=parent,
        )
        self.setObjectName("network-sheet")
        self._theme = theme
        self._network = network
        self._calls = Calls(self, notices)
        self.modes = self._build_modes()
        self.pac = TextField(
            theme,
            self.tr("Add&ress of the PAC file"),
            check=check_pac,
            hint=self.tr("Where it can’t be read or does not work, the program goes directly, and says so."),
            placeholder="http://proxy.contoso.com/proxy.pac",
        )
        self.proxy = TextField(theme, self.tr("Pro&xy"), check=check_proxy, placeholder="proxy.contoso.com")
        self.port = TextField(theme, self.tr("P&ort"), check=check_port)
        self.exceptions = TextField(
            theme,
            self.tr("E&xceptions"),
            check=check_exceptions,
            optional=True,
            hint=self.tr("Reached directly, such as *.contoso.com, 10.0.0.0/8; <local> means names without a dot."),
        )
        self.user = TextField(
            theme,
            self.tr("&User name at the proxy"),
            check=check_user,
            optional=True,
            hint=self.tr("Sent to proxies that ask by Basic. NTLM, Negotiate and Digest can’t be used."),
        )
        self.password = PasswordField(theme, self.tr("&Password"), optional=True)
        self.tells_first = CheckBox(
            theme,
            self.tr("Send them before the proxy as&ks"),
            self.tr("Only for proxies that cut the line in place of asking."),
        )
        self.ca = CaField(
            theme,
            self.tr("CA &file"),
            pick,
            self._calls,
            name="network-ca",
            optional=True,
            hint=self.tr("One more authority to trust, as where the company looks into encrypted traffic. PEM or DER."),
        )
        self._failure = StatusLine(theme, Status.CRITICAL, tinted=True)
        self._failure.setObjectName("network-failure")
        self._name_fields()
        self._build()
        self._connect()
        self.load(network.settings)

    @property
    def failure(self) -> str:
        """Why the settings could not be saved, as shown; empty if they could."""
        return "" if self._failure.isHidden() else self._failure.text

    def load(self, settings: NetworkSettings) -> None:
        """Show these settings."""
        self.modes[settings.mode].setChecked(True)
        self.pac.set_text(settings.pac)
        self.proxy.set_text(settings.proxy)
        self.port.set_text(str(settings.port))
        self.exceptions.set_text(", ".join(settings.exceptions))
        self.user.set_text(settings.user)
        self.tells_first.setChecked(settings.tells_first)
        self.ca.set_path(settings.ca)
        self._show_mode()
        self._show_password()

    def first_focus(self) -> QWidget:
        """The way that is chosen."""
        return self.modes[self.mode]

    @property
    def mode(self) -> ProxyMode:
        return next(mode for mode, button in self.modes.items() if button.isChecked())

    # Building

    def _build_modes(self) -> dict[ProxyMode, RadioButton]:
        words = {
            ProxyMode.SYSTEM: (
                self.tr("As the &system says"),
                self.tr("The environment’s variables, then the system’s settings with their PAC file."),
            ),
            ProxyMode.PAC: (self.tr("By a PA&C file"), self.tr("A script of the company’s decides for each address.")),
            ProxyMode.FIXED: (self.tr("Through &one proxy"), ""),
            ProxyMode.NONE: (self.tr("&Directly"), self.tr("Without a proxy, whatever the system says.")),
        }
        group = QButtonGroup(self)
        buttons = {}
        for mode, (text, detail) in words.items():
            button = buttons[mode] = RadioButton(self._theme, text, detail)
            button.setObjectName(f"network-mode-{mode.value}")
            group.addButton(button)
        return buttons

    def _name_fields(self) -> None:
        for name, field in self._text_fields():
            field.edit.setObjectName(f"network-{name}")
        self.password.edit.setObjectName("network-password")
        self.tells_first.setObjectName("network-tells-first")
        self.submit_button.setObjectName("network-save")
        self.cancel_button.setObjectName("network-cancel")

    def _text_fields(self) -> tuple[tuple[str, TextField], ...]:
        return (
            ("pac", self.pac),
            ("proxy", self.proxy),
            ("port", self.port),
            ("exceptions", self.exceptions),
            ("user", self.user),
        )

    def _build(self) -> None:
        self.body.addWidget(Text(self.tr("How this program goes out"), TextStyle.STRONG))
        for button in self.modes.values():
            self.body.addWidget(button)
        self._login = QWidget()
        column = QVBoxLayout(self._login)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        for part in (self.user, self.password, self.tells_first):
            column.addWidget(part)
        for part in (self.pac, self.proxy, self.port, self.exceptions, self._login):
            self.body.addWidget(part)
        self.body.addWidget(horizontal_line(on_raised=True))
        self.body.addWidget(Text(self.tr("Whose certificates it trusts besides the system’s"), TextStyle.STRONG))
        self.body.addWidget(self.ca)
        self._failure.hide()
        self.body.addWidget(self._failure)

    def _connect(self) -> None:
        for button in self.modes.values():
            button.toggled.connect(self._on_mode_toggled)
        self.user.value_edited.connect(lambda text: self._show_password())
        self.password.edit.textEdited.connect(lambda text: self._show_password())
        self.ca.path_chosen.connect(self._look_at_ca)
        self.submitted.connect(self._on_submitted)

    # Showing

    def _on_mode_toggled(self, is_checked: bool) -> None:
        if is_checked:
            self._show_mode()

    def _show_mode(self) -> None:
        mode = self.mode
        self.pac.setVisible(mode is ProxyMode.PAC)
        for field in (self.proxy, self.port, self.exceptions):
            field.setVisible(mode is ProxyMode.FIXED)
        self._login.setVisible(mode is not ProxyMode.NONE)

    def _show_password(self) -> None:
        user, kept = self.user.text.strip(), self._network.settings.user
        self.password.setEnabled(bool(user))
        self.tells_first.setEnabled(bool(user))
        if user and user == kept and self._network.has_password:
            place = self._network.password_place
            self.password.set_hint(self.tr("{} Leave it empty to keep it.").format(place))
        elif user and kept and self._network.has_password:
            self.password.set_hint(self.tr("The kept password was another user’s, and will be forgotten."))
        else:
            self.password.set_hint(self.tr("Kept where the system keeps secrets, never in a file."))

    def _look_at_ca(self) -> None:
        path = self.ca.path
        if path is None:
            self._calls.cancel("authorities")
            self.ca.set_issue(None)
            return
        self._calls.run(
            "authorities",
            lambda: self._network.authorities(path),
            doing=self.tr("Reading the CA file"),
            on_result=self._show_authorities,
            on_error=self._show_bad_ca,
        )

    def _show_authorities(self, found: Authorities) -> None:
        names = ", ".join(found.names[:2])
        if len(found.names) > 2:
            names = self.tr("{0} and {1} more").format(names, len(found.names) - 2)
        self.ca.set_issue(self.tr("{0}, until {1}.").format(names, found.ends), Status.OK)

    def _show_bad_ca(self, error: AppError) -> None:
        self.ca.set_issue(error.advice or error.title)
        self.ca.reveal()

    # Saving

    def _wrong_fields(self) -> list[FormField]:
        mode = self.mode
        counted: list[FormField] = [self.ca]
        if mode is not ProxyMode.NONE:
            counted.insert(0, self.user)
        if mode is ProxyMode.PAC:
            counted.insert(0, self.pac)
        if mode is ProxyMode.FIXED:
            counted = [self.proxy, self.port, self.exceptions, *counted]
        return [field for field in counted if field.has_issue]

    def _settings(self) -> NetworkSettings:
        """What stands in the fields. Those of other ways are kept where they will do, for whoever changes back."""
        before = self._network.settings
        port = self.port.text.strip()
        return NetworkSettings(
            self.mode,
            self.pac.text.strip() if not self.pac.has_issue else before.pac,
            self.proxy.text.strip() if not self.proxy.has_issue else before.proxy,
            int(port) if not self.port.has_issue else before.port,
            tuple(listed(self.exceptions.text)) if not self.exceptions.has_issue else before.exceptions,
            self.user.text.strip() if not self.user.has_issue else before.user,
            self.tells_first.isChecked(),
            self.ca.path,
        )

    def _on_submitted(self) -> None:
        for field in (self.pac, self.proxy, self.port, self.exceptions, self.user):
            field.set_text(field.text)
        wrong = self._wrong_fields()
        if wrong:
            for field in wrong:
                field.reveal()
            wrong[0].setFocus()
            self._content.ensureWidgetVisible(wrong[0])
            return
        self._calls.cancel("authorities")
        self._failure.hide()
        self.submit_button.setEnabled(False)
        settings, path, password = self._settings(), self.ca.path, self.password.secret

        async def save() -> None:
            if path is not None:
                await self._network.authorities(path)
            await self._network.change(settings, password)

        self._calls.run(
            "save",
            save,
            doing=self.tr("Saving the network settings"),
            on_result=lambda _none: self._on_saved(),
            on_error=self._show_not_saved,
        )

    def _on_saved(self) -> None:
        self.password.take()
        self.submit_button.setEnabled(True)
        self.saved.emit()

    def _show_not_saved(self, error: AppError) -> None:
        self.submit_button.setEnabled(True)
        if isinstance(error, InvalidInput) and error.problems:
            self._show_bad_ca(error)
            self.ca.setFocus()
            self._content.ensureWidgetVisible(self.ca)
            return
        self._failure.set_status(Status.CRITICAL, error.sentence)
        self._failure.show()
        self._content.ensureWidgetVisible(self._failure)
