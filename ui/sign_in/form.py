"""The form of signing in: which cloud, which way, and what that way needs to know. It asks nobody anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.clouds import DEFAULT_CLOUD, cloud_named, known_clouds
from app.ports.secrets import Secret
from app.ports.sign_in import Kept, SignInMethod, SignInWish
from ui.asking import Asking
from ui.calls import Calls
from ui.sign_in.words import kept_text, way_words
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle, Width
from ui.widgets.choice import CheckBox, RadioButton
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import Text
from ui.widgets.line_edit import LineEdit
from ui.widgets.picker import Option, Picker
from ui.widgets.secret_and_file import FileField, SecretField

OTHER_CLOUD = "other"
_PEOPLE = (SignInMethod.WINDOWS_ACCOUNT, SignInMethod.BROWSER, SignInMethod.DEVICE_CODE)
_PROGRAMS = (
    SignInMethod.AZURE_CLI,
    SignInMethod.AZURE_POWERSHELL,
    SignInMethod.CLIENT_SECRET,
    SignInMethod.CERTIFICATE,
)
_TOP = Qt.AlignmentFlag.AlignTop
_HINTED = (SignInMethod.WINDOWS_ACCOUNT, SignInMethod.BROWSER)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says. `cloud` is the name of a known one or an address; the secret is not among it."""

    method: SignInMethod
    cloud: str
    tenant: str
    client_id: str
    username: str
    certificate: Path | None
    ca: Path | None
    keep: bool


class SignInForm(QWidget):
    """Signals:
    method_changed: another way was chosen, by the user or because this computer does not know the one before.
    submitted: Enter was pressed in a field.
    """

    submitted = Signal()
    method_changed = Signal()

    def __init__(self, theme: Theme, calls: Calls, asking: Asking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._calls = calls
        self._asking = asking
        self._is_chosen = False
        self._wants_to_keep = True
        self._ways: dict[SignInMethod, RadioButton] = {}
        self._build_fields()
        self._build()
        self._choose(SignInMethod.BROWSER)

    # What it says

    @property
    def method(self) -> SignInMethod:
        return next(method for method, button in self._ways.items() if button.isChecked())

    @property
    def asked(self) -> Asked:
        method = self.method
        return Asked(
            method=method,
            cloud=self.address.text.strip().rstrip("/") if self._is_other_cloud else self._cloud.current_key or "",
            tenant=self.tenant.text.strip(),
            client_id="" if method.is_borrowed else self._client.text.strip(),
            username=self.username.text.strip() if method in _HINTED else "",
            certificate=self.certificate.path if method is SignInMethod.CERTIFICATE else None,
            ca=self.ca.path if self._is_other_cloud else None,
            keep=self.keep.isChecked() and not method.is_borrowed,
        )

    def take_secret(self) -> Secret | None:
        """The secret of the chosen way; none of the fields for one holds anything afterwards."""
        secret, password = self.secret.take(), self.password.take()
        if self.method is SignInMethod.CLIENT_SECRET:
            return secret
        return password if self.method is SignInMethod.CERTIFICATE else None

    def set_wish(self, wish: SignInWish) -> None:
        """Begin with this one."""
        self._is_chosen = True
        known = cloud_named(wish.cloud.name) is not None
        self._cloud.set_current(wish.cloud.name if known else OTHER_CLOUD)
        self.address.set_text("" if known else wish.cloud.arm)
        self.ca.set_path(wish.ca)
        self.tenant.set_text(wish.tenant)
        (self.client_id if wish.method.is_of_application else self.own_client).set_text(wish.client_id)
        self.username.set_text(wish.username)
        self.certificate.set_path(wish.certificate)
        self._choose(wish.method)

    def set_methods(self, methods: Sequence[SignInMethod]) -> None:
        """Offer the ways that this computer knows; the Windows account is the usual one where it is among them."""
        for method, button in self._ways.items():
            button.setVisible(method in methods)
        if not self._is_chosen and SignInMethod.WINDOWS_ACCOUNT in methods:
            self._choose(SignInMethod.WINDOWS_ACCOUNT)
        elif self.method not in methods:
            self._choose(SignInMethod.BROWSER)

    def choose_method(self, method: SignInMethod) -> None:
        """Choose a way on the user's behalf."""
        self._is_chosen = True
        self._choose(method)

    def set_kept(self, method: SignInMethod, kept: Kept | None) -> None:
        """Say where the sign-in would be kept; None as long as that is being found out."""
        self.keep.setVisible(not method.is_borrowed)
        self._borrowed.setVisible(method.is_borrowed)
        if kept is None:
            self.keep.set_detail(self.tr("Looking where this computer can keep it…"))
            self.keep.setEnabled(True)
            self.keep.setChecked(self._wants_to_keep)
            return
        self._borrowed.setText(kept_text(method, kept))
        self.keep.set_detail(kept_text(method, kept))
        self.keep.setEnabled(kept.is_lasting)
        self.keep.setChecked(kept.is_lasting and self._wants_to_keep)

    def first_focus(self) -> QWidget:
        """Where the keyboard starts: the way that is chosen."""
        return self._ways[self.method]

    # What is wrong

    def clear_issues(self) -> None:
        for field in self._fields.values():
            field.set_issue(None)

    def show_issues(self, issues: dict[str, str]) -> dict[str, str]:
        """Say at each field what is wrong; what is about no field on show comes back."""
        issues = {self._on_show(name): text for name, text in issues.items()}
        shown = [name for name in issues if name in self._fields and not self._fields[name].isHidden()]
        for name in shown:
            self._fields[name].set_issue(issues[name])
            self._fields[name].reveal()
        return {name: text for name, text in issues.items() if name not in shown}

    @property
    def wrong_field(self) -> QWidget | None:
        """The first one to correct."""
        wrong = [field.control for field in self._fields.values() if field.has_issue and not field.isHidden()]
        return wrong[0] if wrong else None

    def _on_show(self, name: str) -> str:
        """The field that stands for it with the way that is chosen."""
        if name == "secret" and self.method is SignInMethod.CERTIFICATE:
            return "password"
        return "own_client" if name == "client_id" and self.method.is_interactive else name

    # Parts

    @property
    def _client(self) -> TextField:
        """An application's is not taken over for a person."""
        return self.client_id if self.method.is_of_application else self.own_client

    @property
    def _is_other_cloud(self) -> bool:
        return self._cloud.current_key == OTHER_CLOUD

    def _build_fields(self) -> None:
        theme = self._theme
        self._cloud = Picker(theme)
        self._cloud.setObjectName("sign-in-cloud")
        others = Option(OTHER_CLOUD, self.tr("Another cloud, by its address"))
        self._cloud.set_options([*(Option(each.name, each.title) for each in known_clouds()), others])
        self._cloud.set_current(DEFAULT_CLOUD)
        self.cloud = FormField(theme, self.tr("C&loud"), self._cloud)
        self.address = self._text_field("sign-in-address", self.tr("&Address of its resource manager"))
        self.address.edit.setPlaceholderText("https://management.local.example")
        self.ca = self._file_field(
            "sign-in-ca",
            self.tr("Certi&ficate to trust besides the system’s own"),
            self.tr("Certificates (*.pem *.crt *.cer);;All files (*)"),
            optional=True,
        )
        self.tenant = self._text_field("sign-in-tenant", self.tr("&Tenant"))
        self.client_id = self._text_field("sign-in-client", self.tr("Client &id"))
        self.client_id.set_hint(self.tr("Of the application, not its object id."))
        self.own_client = self._text_field("sign-in-own-client", self.tr("Client &id"), optional=True)
        self.own_client.set_hint(self.tr("Only if your organisation has an application of its own for this."))
        self.username = self._text_field("sign-in-username", self.tr("Acco&unt to suggest"), optional=True)
        self.username.edit.setPlaceholderText("name@contoso.com")
        self.secret = SecretField(theme, self.tr("Client sec&ret"), hint=self.tr("Its value, not its id."))
        self.secret.edit.setObjectName("sign-in-secret")
        self.certificate = self._file_field(
            "sign-in-certificate",
            self.tr("Certificate fil&e"),
            self.tr("Certificates (*.pfx *.p12 *.pem);;All files (*)"),
            hint=self.tr("PFX or PEM, with its private key."),
        )
        self.password = SecretField(theme, self.tr("Passw&ord of the file"), optional=True)
        self.password.edit.setObjectName("sign-in-password")
        self.keep = CheckBox(theme, self.tr("&Keep me signed in on this computer"))
        self.keep.setObjectName("sign-in-keep")
        self.keep.clicked.connect(self._on_keep_clicked)
        self._borrowed = Text("", TextStyle.CAPTION, Role.TEXT2, wrap=True)
        self._borrowed.setObjectName("sign-in-borrowed")
        self._borrowed.hide()
        self._fields: dict[str, FormField] = {
            "address": self.address,
            "ca": self.ca,
            "tenant": self.tenant,
            "client_id": self.client_id,
            "own_client": self.own_client,
            "username": self.username,
            "certificate": self.certificate,
            "secret": self.secret,
            "password": self.password,
        }
        for field in self._fields.values():
            if isinstance(field.control, LineEdit):
                field.control.returnPressed.connect(self.submitted)

    def _text_field(self, name: str, label: str, *, optional: bool = False) -> TextField:
        field = TextField(self._theme, label, check=lambda text: None, optional=optional)
        field.edit.setObjectName(name)
        return field

    def _file_field(self, name: str, label: str, kinds: str, *, hint: str = "", optional: bool = False) -> FileField:
        title = label.replace("&", "")
        pick = partial(self._asking.open_file, title, kinds)
        return FileField(self._theme, label, pick, self._calls, name=name, hint=hint, optional=optional)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.L)
        where = _two_columns()
        where.addWidget(self.cloud, 0, 0, _TOP)
        where.addWidget(self.address, 0, 1, _TOP)
        where.addWidget(self.ca, 1, 0, 1, 2)
        column.addLayout(where)
        column.addWidget(self._build_ways())
        grid = _two_columns()
        grid.addWidget(self.tenant, 0, 0, _TOP)
        grid.addWidget(self.client_id, 0, 1, _TOP)
        grid.addWidget(self.own_client, 0, 1, _TOP)
        grid.addWidget(self.username, 1, 0, _TOP)
        grid.addWidget(self.certificate, 2, 0, _TOP)
        grid.addWidget(self.password, 2, 1, _TOP)
        grid.addWidget(self.secret, 3, 0, _TOP)
        column.addLayout(grid)
        column.addWidget(self.keep)
        column.addWidget(self._borrowed)
        self._cloud.picked.connect(self._on_cloud_picked)
        self._show_cloud()

    def _build_ways(self) -> QWidget:
        ways = QWidget()
        ways.setAccessibleName(self.tr("How to sign in"))
        column = QVBoxLayout(ways)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(Text(self.tr("How to sign in"), TextStyle.LABEL))
        group = QButtonGroup(ways)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        for methods in (_PEOPLE, _PROGRAMS):
            half = QVBoxLayout()
            half.setSpacing(Space.M)
            for method in methods:
                words = way_words(method)
                button = RadioButton(self._theme, words.name, words.about)
                button.setObjectName(f"sign-in-way-{method}")
                button.clicked.connect(partial(self.choose_method, method))
                group.addButton(button)
                self._ways[method] = button
                half.addWidget(button)
            half.addStretch(1)
            row.addLayout(half, 1)
        column.addLayout(row)
        self._ways[SignInMethod.WINDOWS_ACCOUNT].hide()  # until it is known to be there
        return ways

    def _choose(self, method: SignInMethod) -> None:
        self._ways[method].setChecked(True)
        is_application = method.is_of_application
        self.tenant.set_optional(not is_application)
        self.client_id.setVisible(is_application)
        self.own_client.setVisible(method.is_interactive)
        self.username.setVisible(method in _HINTED)
        self.certificate.setVisible(method is SignInMethod.CERTIFICATE)
        self.password.setVisible(method is SignInMethod.CERTIFICATE)
        self.secret.setVisible(method is SignInMethod.CLIENT_SECRET)
        self.tenant.set_hint(
            self.tr("Id or domain, such as contoso.com.")
            if is_application
            else self.tr("Id or domain. Leave it empty for the one that the account is at home in.")
        )
        self.clear_issues()
        self.method_changed.emit()

    def _on_keep_clicked(self, is_checked: bool) -> None:
        self._wants_to_keep = is_checked

    def _on_cloud_picked(self) -> None:
        self.clear_issues()
        self._show_cloud()

    def _show_cloud(self) -> None:
        self.address.setVisible(self._is_other_cloud)
        self.ca.setVisible(self._is_other_cloud)


def _two_columns() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.L)
    for column in (0, 1):
        grid.setColumnStretch(column, 1)
        grid.setColumnMinimumWidth(column, Width.PICKER)
        keeper = QWidget()  # so that a column whose fields are all hidden keeps its room
        keeper.setFixedHeight(0)
        grid.addWidget(keeper, 0, column, _TOP)
    return grid
